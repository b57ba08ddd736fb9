/* Holds deadlines and stopped clocks against a calendar of single minutes, built from scratch and walked minute by
 * minute: the holidays that we ship (2024–2026, and 2027 as far as known), and calendars and office hours made by
 * dice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "../../routing/due.h"

#define MINUTE INT64_C(60000)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

enum { DAYS = 1500, DAY_MINUTES = 1440, YEARS_DAYS = 366 + 365 + 365, SPANS_MOST = 3 };
enum { FIRST_DAY = 19723 };   /* 2024-01-01, a Monday; the world ends in February 2028 */
#define BEGIN (FIRST_DAY * DAY - 8 * HOUR)

static bool open_minute[DAYS * DAY_MINUTES], works[DAYS];
static struct day_exception exceptions[DAYS];
static struct office_span office[SPANS_MOST];
static struct calendar calendar = { exceptions, 0, office, 0 };

/* A small generator of our own, so that a failing case comes again. */
static uint64_t dice = 12345;

static int64_t roll(int64_t below) {
	dice = dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (int64_t)((dice >> 33) % (uint64_t)below);
}

/* --- worlds ---------------------------------------------------------------------------------- */

static void world_clear(void) {
	memset(open_minute, 0, sizeof(open_minute));
	calendar.day_count = calendar.office_count = 0;
	for (int day = 0; day < DAYS; day++)
		works[day] = day % 7 < 5;
}

static void world_except(int day, enum day_kind kind) {
	exceptions[calendar.day_count++] = (struct day_exception){ FIRST_DAY + day, kind };
	if (kind != DAY_PLAIN)
		works[day] = kind == DAY_WORKDAY;
}

static void world_office(int from, int to) {
	office[calendar.office_count++] = (struct office_span){ from, to };
	for (int day = 0; day < DAYS; day++)
		for (int minute = from; works[day] && minute < to; minute++)
			open_minute[day * DAY_MINUTES + minute] = true;
}

/* Days from 2024-01-01 to a date of these years, month by month. */
static int day_from(int year, int month, int date) {
	static const int months[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int day = date - 1;
	for (int y = 2024; y < year; y++)
		day += y == 2024 ? 366 : 365;
	for (int m = 1; m < month; m++)
		day += months[m - 1] + (m == 2 && year == 2024);
	return day;
}

/* The calendar that we ship, read by our own means. */
static void world_ship(void) {
	FILE *file = fopen("sql/seed/calendar_day.csv", "r");
	char line[200], kind[16];
	int year, month, date;
	world_clear();
	assert_non_null(file);
	assert_non_null(fgets(line, sizeof(line), file));
	while (fgets(line, sizeof(line), file)) {
		assert_int_equal(sscanf(line, "%d-%d-%d,%15[a-z]", &year, &month, &date, kind), 4);
		world_except(day_from(year, month, date), strcmp(kind, "workday") == 0 ? DAY_WORKDAY : DAY_HOLIDAY);
	}
	fclose(file);
	world_office(510, 690);
	world_office(810, 1020);
}

/* One to three office spans of any length and gap, and each day may be an exception of any kind. */
static void world_roll(void) {
	int spans = 1 + (int)roll(SPANS_MOST), from = 0;
	world_clear();
	for (int day = 0; day < DAYS; day++)
		if (roll(6) == 0)
			world_except(day, (enum day_kind)roll(3));
	for (int i = 0; i < spans; i++) {
		int most = (DAY_MINUTES - from) / (spans - i);
		int begin = from + (int)roll(most), end = begin + 1 + (int)roll(from + most - begin);
		world_office(begin, end);
		from = end;
	}
}

/* Some instant of the first year or so: often an edge of the office hours or of the day, or its neighbour. */
static int64_t some_instant(void) {
	int64_t day = BEGIN + roll(500) * DAY;
	const struct office_span *span = &office[roll((int64_t)calendar.office_count)];
	switch (roll(5)) {
	case 0: return day + span->from_minute * MINUTE + roll(3) - 1;
	case 1: return day + span->to_minute * MINUTE + roll(3) - 1;
	case 2: return day + roll(2);
	default: return day + roll(DAY);
	}
}

/* --- the slow clerk ---------------------------------------------------------------------------- */

static int64_t clerk_minute(int64_t ms) {
	int64_t minute = (ms - BEGIN) / MINUTE;
	assert_in_range(minute, 0, DAYS * DAY_MINUTES - 1);
	return minute;
}

/* The end of the minute in which ms lies, and of a later instant when that is sooner. */
static int64_t clerk_tick(int64_t ms, int64_t most) {
	int64_t tick = ms - (ms - BEGIN) % MINUTE + MINUTE;
	return tick < most ? tick : most;
}

static int64_t clerk_worked(int64_t a, int64_t b) {
	int64_t sum = 0, next;
	for (; a < b; a = next) {
		next = clerk_tick(a, b);
		if (open_minute[clerk_minute(a)])
			sum += next - a;
	}
	return sum;
}

static int64_t clerk_work_off(int64_t left, int64_t at) {
	int64_t next;
	for (; left > 0; at = next) {
		next = clerk_tick(at, INT64_MAX);
		if (!open_minute[clerk_minute(at)])
			continue;
		if (left <= next - at)
			return at + left;
		left -= next - at;
	}
	return at;
}

/* The end of the last open minute of the day that is the count-th with open minutes after today. */
static int64_t clerk_days(int64_t count, int64_t at) {
	int64_t minute = (clerk_minute(at) / DAY_MINUTES + 1) * DAY_MINUTES, last = -1;
	for (;; minute++) {
		if (minute % DAY_MINUTES == 0 && last >= 0) {
			if (--count == 0)
				return BEGIN + (last + 1) * MINUTE;
			last = -1;
		}
		assert_true(minute < DAYS * DAY_MINUTES);
		if (open_minute[minute])
			last = minute;
	}
}

static int64_t clerk_natural(int64_t count, int64_t at) {
	int64_t day = clerk_minute(at) / DAY_MINUTES + count;
	while (!works[day])
		day++;
	return BEGIN + (day + 1) * DAY;
}

static int64_t clerk_due(struct limit limit, int64_t start) {
	switch (limit.unit) {
	case UNIT_MINUTE: return start + limit.amount * MINUTE;
	case UNIT_HOUR: return start + limit.amount * HOUR;
	case UNIT_WORKING_HOUR: return clerk_work_off(limit.amount * HOUR, start);
	case UNIT_WORKING_DAY: return clerk_days(limit.amount, start);
	case UNIT_NATURAL_DAY: return clerk_natural(limit.amount, start);
	case UNIT_MS: return start + limit.amount;
	case UNIT_WORKING_MS: return clerk_work_off(limit.amount, start);
	}
	return -1;
}

/* --- cases ----------------------------------------------------------------------------------- */

static const char *const unit_words[] = { "min", "h", "wh", "wd", "nd", "ms", "wms" };

static struct limit some_limit(void) {
	static const int64_t most[] = { 5000, 200, 20, 8, 20, 10 * DAY, 20 * HOUR };
	int64_t unit = roll(7);
	return (struct limit){ 1 + roll(most[unit]), (enum limit_unit)unit };
}

static bool is_working(enum limit_unit unit) {
	return unit == UNIT_WORKING_HOUR || unit == UNIT_WORKING_DAY || unit == UNIT_WORKING_MS;
}

/* What passes on the clock between two instants. */
static int64_t passed(bool working, int64_t a, int64_t b) {
	return working ? clerk_worked(a, b) : b - a;
}

/* A rule of one to three spans, and what the clerk makes of it. */
struct deal { char rule[DUE_RULE_ROOM]; int64_t start, last_start, due; bool working; };

static struct deal some_deal(void) {
	struct deal deal = { .start = some_instant() };
	int spans = 1 + (int)(roll(4) == 0) + (int)(roll(8) == 0), used = snprintf(deal.rule, DUE_RULE_ROOM, "handle_help:");
	deal.due = deal.start;
	for (int i = 0; i < spans; i++) {
		struct limit limit = some_limit();
		deal.last_start = deal.due;
		deal.due = clerk_due(limit, deal.due);
		deal.working = is_working(limit.unit);
		used += snprintf(deal.rule + used, DUE_RULE_ROOM - (size_t)used, "%s%lld%s", i ? "+" : "",
		                 (long long)limit.amount, unit_words[limit.unit]);
	}
	return deal;
}

static int64_t due_of(const char *rule, int64_t since) {
	int64_t due = -1;
	if (!due_rule_at(&calendar, rule, since, &due))
		fail_msg("no rule: %s", rule);
	return due;
}

static void check_limit(void) {
	struct limit limit = some_limit();
	int64_t start = some_instant(), want = clerk_due(limit, start), got = due_at(&calendar, limit, start);
	if (want != got)
		fail_msg("%lld%s from %lld: clerk %lld, due_at %lld", (long long)limit.amount, unit_words[limit.unit],
		         (long long)start, (long long)want, (long long)got);
}

static void check_rule(void) {
	struct deal deal = some_deal();
	int64_t got = due_of(deal.rule, deal.start);
	if (got != deal.due)
		fail_msg("%s from %lld: clerk %lld, due_rule_at %lld", deal.rule, (long long)deal.start,
		         (long long)deal.due, (long long)got);
}

static int64_t between(int64_t a, int64_t b) {
	return a + roll(b - a + 1);
}

/* Stopped and resumed twice: what ran before, between and after is the whole, to the millisecond. */
static void check_pauses(void) {
	struct deal deal = some_deal();
	char left[DUE_RULE_ROOM], less[DUE_RULE_ROOM];
	int64_t whole = passed(deal.working, deal.last_start, deal.due);
	int64_t stop = between(deal.last_start, deal.due), first = stop + roll(20 * DAY);
	assert_true(due_rule_left(&calendar, deal.rule, stop, deal.due, left));
	assert_int_equal(strncmp(left, "handle_help:", 12), 0);
	int64_t ran = passed(deal.working, deal.last_start, stop), due = due_of(left, first);
	assert_int_equal(ran + passed(deal.working, first, due), whole);
	assert_true(due_of(left, first + roll(5 * DAY)) >= due);

	int64_t stop_again = between(first, due), second = stop_again + roll(20 * DAY);
	assert_true(due_rule_left(&calendar, left, stop_again, due, less));
	ran += passed(deal.working, first, stop_again);
	assert_int_equal(ran + passed(deal.working, second, due_of(less, second)), whole);
}

static void check_no_pause(void) {
	struct deal deal = some_deal();
	char left[DUE_RULE_ROOM];
	int64_t stop = between(deal.last_start, deal.due);
	assert_true(due_rule_left(&calendar, deal.rule, stop, deal.due, left));
	assert_int_equal(due_of(left, stop), deal.due);
	assert_true(due_rule_left(&calendar, deal.rule, deal.due + roll(DAY), deal.due, left));
	assert_string_equal(left, deal.working ? "handle_help:0wms" : "handle_help:0ms");
}

static void check_working_time(void) {
	int64_t a = some_instant(), b = a + roll(10 * DAY);
	assert_int_equal(working_ms(&calendar, a, b), clerk_worked(a, b));
}

/* --- the tests ------------------------------------------------------------------------------- */

enum { OF_THE_YEARS = 8000, WORLDS = 40, OF_A_WORLD = 200 };

static void in_many_worlds(void (*check)(void)) {
	world_ship();
	for (int i = 0; i < OF_THE_YEARS; i++)
		check();
	for (int world = 0; world < WORLDS; world++) {
		world_roll();
		for (int i = 0; i < OF_A_WORLD; i++)
			check();
	}
}

static void limits_of_every_unit_agree_with_the_clerk(void **unused) {
	(void)unused;
	in_many_worlds(check_limit);
}

static void rules_of_several_spans_agree_with_the_clerk(void **unused) {
	(void)unused;
	in_many_worlds(check_rule);
}

static void what_ran_and_what_is_left_make_the_whole_however_often_it_stopped(void **unused) {
	(void)unused;
	in_many_worlds(check_pauses);
}

static void resumed_at_once_a_clock_is_due_as_before(void **unused) {
	(void)unused;
	in_many_worlds(check_no_pause);
}

static void working_time_agrees_with_the_clerk(void **unused) {
	(void)unused;
	in_many_worlds(check_working_time);
}

/* 11 legal holidays in 2024, 13 since 2025 (国务院令第795号); 调休 moves days and makes none. */
static void each_shipped_year_has_its_weekdays_less_its_legal_holidays(void **unused) {
	(void)unused;
	static const struct { int year, holidays; } years[] = { { 2024, 11 }, { 2025, 13 }, { 2026, 13 } };
	world_ship();
	for (size_t i = 0; i < sizeof(years) / sizeof(years[0]); i++) {
		int weekdays = 0, working = 0;
		for (int day = day_from(years[i].year, 1, 1); day < day_from(years[i].year + 1, 1, 1); day++) {
			weekdays += day % 7 < 5;
			working += day_is_working(&calendar, FIRST_DAY + day);
			assert_int_equal(day_is_working(&calendar, FIRST_DAY + day), works[day]);
		}
		assert_int_equal(working, weekdays - years[i].holidays);
	}
	assert_int_equal(day_from(2027, 1, 1), YEARS_DAYS);
}

static void shipped_exceptions_ascend_and_each_says_something(void **unused) {
	(void)unused;
	world_ship();
	for (size_t i = 0; i < calendar.day_count; i++) {
		assert_true(i == 0 || exceptions[i - 1].day < exceptions[i].day);
		if (exceptions[i].kind == DAY_WORKDAY)
			assert_true((exceptions[i].day - FIRST_DAY) % 7 >= 5);
	}
}

static void an_office_opens_with_its_first_minute_on_any_date(void **unused) {
	(void)unused;
	world_ship();
	for (int day = 0; day < DAYS; day++)
		assert_int_equal(day_open_ms(&calendar, FIRST_DAY + day), BEGIN + day * DAY + 8 * HOUR + 30 * MINUTE);
}

static void spans_beyond_reason_are_no_rule_and_the_longest_that_is_one_is_reckoned(void **unused) {
	(void)unused;
	static const char *const bad[] = {
		"x:99999999999999999999h", "x:9223372036854775807ms", "x:36601wd", "x:36601nd", "x:878401wh",
		"x:878401h", "x:52704001min", "x:3162240000001wms", "x:1h+36601wd",
	};
	static const char *const good[] = { "x:36600nd", "x:36600wd", "x:878400h", "x:52704000min", "x:3162240000000ms" };
	int64_t due = 7;
	char left[DUE_RULE_ROOM];
	world_ship();
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(due_rule_at(&calendar, bad[i], BEGIN, &due));
		assert_false(due_rule_left(&calendar, bad[i], BEGIN, BEGIN, left));
	}
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(due_of(good[i], BEGIN) >= BEGIN + 36600 * DAY);
}

static void a_rule_too_long_to_be_kept_is_not_made(void **unused) {
	(void)unused;
	char key[DUE_RULE_ROOM], rule[DUE_RULE_ROOM], longer[DUE_RULE_ROOM];
	memset(key, 'k', sizeof(key));
	key[DUE_RULE_ROOM - 1] = '\0';
	assert_false(due_rule_make(key, (struct limit){ 1, UNIT_HOUR }, rule));
	key[DUE_RULE_ROOM - 4] = '\0';
	assert_true(due_rule_make(key, (struct limit){ 1, UNIT_HOUR }, rule));
	assert_int_equal(strlen(rule), DUE_RULE_ROOM - 1);
	assert_false(due_rule_extend(rule, (struct limit){ 1, UNIT_HOUR }, longer));
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limits_of_every_unit_agree_with_the_clerk),
		cmocka_unit_test(rules_of_several_spans_agree_with_the_clerk),
		cmocka_unit_test(what_ran_and_what_is_left_make_the_whole_however_often_it_stopped),
		cmocka_unit_test(resumed_at_once_a_clock_is_due_as_before),
		cmocka_unit_test(working_time_agrees_with_the_clerk),
		cmocka_unit_test(each_shipped_year_has_its_weekdays_less_its_legal_holidays),
		cmocka_unit_test(shipped_exceptions_ascend_and_each_says_something),
		cmocka_unit_test(an_office_opens_with_its_first_minute_on_any_date),
		cmocka_unit_test(spans_beyond_reason_are_no_rule_and_the_longest_that_is_one_is_reckoned),
		cmocka_unit_test(a_rule_too_long_to_be_kept_is_not_made),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
