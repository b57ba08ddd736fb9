/* Compares deadlines with a slow clerk who walks the calendar day by day and minute by minute. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "../../routing/due.h"

#define MINUTE INT64_C(60000)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

/* Notices of the State Council's General Office for 2024, 2025 and 2026. */
static const struct { const char *from, *to; enum day_kind kind; } notices[] = {
	{ "2024-01-01", "2024-01-01", DAY_HOLIDAY }, { "2024-02-04", "2024-02-04", DAY_WORKDAY },
	{ "2024-02-10", "2024-02-17", DAY_HOLIDAY }, { "2024-02-18", "2024-02-18", DAY_WORKDAY },
	{ "2024-04-04", "2024-04-06", DAY_HOLIDAY }, { "2024-04-07", "2024-04-07", DAY_WORKDAY },
	{ "2024-04-28", "2024-04-28", DAY_WORKDAY }, { "2024-05-01", "2024-05-05", DAY_HOLIDAY },
	{ "2024-05-11", "2024-05-11", DAY_WORKDAY }, { "2024-06-10", "2024-06-10", DAY_HOLIDAY },
	{ "2024-09-14", "2024-09-14", DAY_WORKDAY }, { "2024-09-15", "2024-09-17", DAY_HOLIDAY },
	{ "2024-09-29", "2024-09-29", DAY_WORKDAY }, { "2024-10-01", "2024-10-07", DAY_HOLIDAY },
	{ "2024-10-12", "2024-10-12", DAY_WORKDAY }, { "2025-01-01", "2025-01-01", DAY_HOLIDAY },
	{ "2025-01-26", "2025-01-26", DAY_WORKDAY }, { "2025-01-28", "2025-02-04", DAY_HOLIDAY },
	{ "2025-02-08", "2025-02-08", DAY_WORKDAY }, { "2025-04-04", "2025-04-06", DAY_HOLIDAY },
	{ "2025-04-27", "2025-04-27", DAY_WORKDAY }, { "2025-05-01", "2025-05-05", DAY_HOLIDAY },
	{ "2025-05-31", "2025-06-02", DAY_HOLIDAY }, { "2025-09-28", "2025-09-28", DAY_WORKDAY },
	{ "2025-10-01", "2025-10-08", DAY_HOLIDAY }, { "2025-10-11", "2025-10-11", DAY_WORKDAY },
	{ "2026-01-01", "2026-01-03", DAY_HOLIDAY }, { "2026-01-04", "2026-01-04", DAY_WORKDAY },
	{ "2026-02-14", "2026-02-14", DAY_WORKDAY }, { "2026-02-15", "2026-02-23", DAY_HOLIDAY },
	{ "2026-02-28", "2026-02-28", DAY_WORKDAY }, { "2026-04-04", "2026-04-06", DAY_HOLIDAY },
	{ "2026-05-01", "2026-05-05", DAY_HOLIDAY }, { "2026-05-09", "2026-05-09", DAY_WORKDAY },
	{ "2026-06-19", "2026-06-21", DAY_HOLIDAY }, { "2026-09-20", "2026-09-20", DAY_WORKDAY },
	{ "2026-09-25", "2026-09-27", DAY_HOLIDAY }, { "2026-10-01", "2026-10-07", DAY_HOLIDAY },
	{ "2026-10-10", "2026-10-10", DAY_WORKDAY },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static struct day_exception exceptions[200];
/* 8:30–11:30, 13:30–17:00 */
static const struct office_span office[] = { { 510, 690 }, { 810, 1020 } };
static struct calendar calendar = { exceptions, 0, office, COUNT(office) };

/* The instant of a Beijing date and time, by the C library. */
static int64_t instant(const char *text) {
	struct tm tm = { 0 };
	assert_int_equal(sscanf(text, "%d-%d-%d %d:%d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
	                        &tm.tm_hour, &tm.tm_min), 5);
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	return (int64_t)timegm(&tm) * 1000 - 8 * HOUR;
}

static int32_t library_day(const char *date) {
	char text[32];
	snprintf(text, sizeof(text), "%s 00:00", date);
	return (int32_t)((instant(text) + 8 * HOUR) / DAY);
}

static int calendar_fill(void **unused) {
	(void)unused;
	for (size_t i = 0; i < COUNT(notices); i++)
		for (int32_t day = library_day(notices[i].from); day <= library_day(notices[i].to); day++)
			exceptions[calendar.day_count++] = (struct day_exception){ day, notices[i].kind };
	return 0;
}

/* --- the slow clerk ------------------------------------------------------------------------ */

static bool clerk_works_on(int32_t day) {
	for (size_t i = 0; i < calendar.day_count; i++)
		if (exceptions[i].day == day)
			return exceptions[i].kind == DAY_WORKDAY;
	time_t noon = (time_t)day * 86400 + 43200;
	struct tm tm;
	gmtime_r(&noon, &tm);
	return tm.tm_wday != 0 && tm.tm_wday != 6;
}

static int32_t clerk_day(int64_t ms) {
	return (int32_t)((ms + 8 * HOUR) / DAY);
}

static bool clerk_at_desk(int64_t ms) {
	static int32_t known = -1;
	static bool works;
	if (clerk_day(ms) != known) {
		known = clerk_day(ms);
		works = clerk_works_on(known);
	}
	int minute = (int)((ms + 8 * HOUR) % DAY / MINUTE);
	return works && ((minute >= 510 && minute < 690) || (minute >= 810 && minute < 1020));
}

/* The end of the minute in which ms lies. */
static int64_t clerk_tick(int64_t ms) {
	return ms - ms % MINUTE + MINUTE;
}

static int64_t clerk_working_ms(int64_t a, int64_t b) {
	int64_t sum = 0;
	for (int64_t at = a; at < b; at = clerk_tick(at))
		if (clerk_at_desk(at))
			sum += (clerk_tick(at) < b ? clerk_tick(at) : b) - at;
	return sum;
}

static int64_t clerk_working_hours(int hours, int64_t start) {
	int64_t left = hours * HOUR;
	for (int64_t at = start;; at = clerk_tick(at)) {
		if (!clerk_at_desk(at))
			continue;
		if (clerk_tick(at) - at >= left)
			return at + left;
		left -= clerk_tick(at) - at;
	}
}

static int64_t clerk_midnight(int32_t day) {
	return (int64_t)day * DAY - 8 * HOUR;
}

static int64_t clerk_due(struct limit limit, int64_t start) {
	int32_t day = clerk_day(start);
	switch (limit.unit) {
	case UNIT_MINUTE: return start + limit.amount * MINUTE;
	case UNIT_HOUR: return start + limit.amount * HOUR;
	case UNIT_WORKING_HOUR: return clerk_working_hours(limit.amount, start);
	case UNIT_WORKING_DAY:
		for (int counted = 0; counted < limit.amount;)
			counted += clerk_works_on(++day);
		return clerk_midnight(day) + 17 * HOUR;
	case UNIT_NATURAL_DAY:
		for (day += (int32_t)limit.amount; !clerk_works_on(day);)
			day++;
		return clerk_midnight(day) + 24 * HOUR;
	case UNIT_MS: return start + limit.amount;
	case UNIT_WORKING_MS: return clerk_working_hours(limit.amount / HOUR, start);
	}
	return -1;
}

/* A small generator of our own, so that a failing case comes again. */
static uint64_t dice = 20240101;

static int64_t roll(int64_t below) {
	dice = dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (int64_t)((dice >> 33) % (uint64_t)below);
}

/* Some instant of 2024–2026: often an opening or closing second, or its neighbour. */
static int64_t some_instant(void) {
	static const int edges[] = { 0, 510, 690, 810, 1020, 1439 };
	int64_t at = clerk_midnight(library_day("2024-01-01") + (int32_t)roll(3 * 365));
	if (roll(3) == 0)
		return at + edges[roll(COUNT(edges))] * MINUTE + roll(3) - 1;
	return at + roll(DAY);
}

static void compare(struct limit limit, int64_t start) {
	int64_t want = clerk_due(limit, start), got = due_at(&calendar, limit, start);
	if (want != got)
		fail_msg("%d of unit %d from %lld: clerk %lld, due_at %lld", limit.amount, (int)limit.unit,
		         (long long)start, (long long)want, (long long)got);
}

/* --- the tests ------------------------------------------------------------------------------ */

static void day_limits_agree_with_the_clerk_in_forty_thousand_cases(void **unused) {
	(void)unused;
	for (int i = 0; i < 20000; i++) {
		compare((struct limit){ 1 + (int)roll(30), UNIT_WORKING_DAY }, some_instant());
		compare((struct limit){ 1 + (int)roll(90), UNIT_NATURAL_DAY }, some_instant());
	}
}

static void working_hours_agree_with_the_clerk_in_four_thousand_cases(void **unused) {
	(void)unused;
	for (int i = 0; i < 4000; i++)
		compare((struct limit){ 1 + (int)roll(16), UNIT_WORKING_HOUR }, some_instant());
}

static void urgent_limits_run_round_the_clock(void **unused) {
	(void)unused;
	for (int i = 0; i < 10000; i++) {
		compare((struct limit){ 1 + (int)roll(1000), UNIT_MINUTE }, some_instant());
		compare((struct limit){ 1 + (int)roll(1000), UNIT_HOUR }, some_instant());
	}
}

static void working_time_between_two_instants_agrees_with_the_clerk(void **unused) {
	(void)unused;
	for (int i = 0; i < 2000; i++) {
		int64_t a = some_instant(), b = a + roll(5 * DAY);
		assert_int_equal(working_ms(&calendar, a, b), clerk_working_ms(a, b));
	}
}

static void working_time_adds_up_and_is_what_a_limit_in_working_hours_takes(void **unused) {
	(void)unused;
	for (int i = 0; i < 10000; i++) {
		int64_t a = some_instant(), b = a + roll(20 * DAY), c = b + roll(20 * DAY);
		assert_int_equal(working_ms(&calendar, a, b) + working_ms(&calendar, b, c),
		                 working_ms(&calendar, a, c));
		int hours = 1 + (int)roll(100);
		int64_t due = due_at(&calendar, (struct limit){ hours, UNIT_WORKING_HOUR }, a);
		assert_int_equal(working_ms(&calendar, a, due), hours * HOUR);
		assert_true(working_ms(&calendar, a, due - 1) < hours * HOUR);
	}
}

static void time_that_runs_backwards_or_not_at_all_is_no_working_time(void **unused) {
	(void)unused;
	int64_t noon = instant("2025-03-05 10:00");
	assert_int_equal(working_ms(&calendar, noon, noon), 0);
	assert_int_equal(working_ms(&calendar, noon, noon - DAY), 0);
}

static void due_is(const char *start, int amount, enum limit_unit unit, const char *due) {
	int64_t got = due_at(&calendar, (struct limit){ amount, unit }, instant(start));
	assert_int_equal(got, instant(due));
}

static void the_start_day_is_not_counted_and_working_days_end_at_close_of_business(void **unused) {
	(void)unused;
	due_is("2025-03-05 08:30", 1, UNIT_WORKING_DAY, "2025-03-06 17:00");
	due_is("2025-03-05 23:59", 1, UNIT_WORKING_DAY, "2025-03-06 17:00");
	due_is("2025-03-07 10:00", 1, UNIT_WORKING_DAY, "2025-03-10 17:00");   /* Friday */
	due_is("2025-03-08 10:00", 1, UNIT_WORKING_DAY, "2025-03-10 17:00");   /* Saturday */
}

static void spring_festival_and_its_working_weekends_count_as_the_notice_says(void **unused) {
	(void)unused;
	due_is("2024-02-09 16:00", 1, UNIT_WORKING_DAY, "2024-02-18 17:00");   /* a working Sunday */
	due_is("2025-01-25 09:00", 1, UNIT_WORKING_DAY, "2025-01-26 17:00");   /* a working Sunday */
	due_is("2025-01-27 16:30", 1, UNIT_WORKING_HOUR, "2025-02-05 09:00");
	due_is("2026-02-14 16:00", 2, UNIT_WORKING_HOUR, "2026-02-24 09:30");
}

static void working_hours_skip_the_lunch_break_the_night_and_the_weekend(void **unused) {
	(void)unused;
	due_is("2025-03-05 11:00", 1, UNIT_WORKING_HOUR, "2025-03-05 14:00");
	due_is("2025-03-05 12:00", 1, UNIT_WORKING_HOUR, "2025-03-05 14:30");
	due_is("2025-03-05 16:00", 1, UNIT_WORKING_HOUR, "2025-03-05 17:00");   /* just in time */
	due_is("2025-03-05 17:00", 1, UNIT_WORKING_HOUR, "2025-03-06 09:30");
	due_is("2025-03-07 16:30", 4, UNIT_WORKING_HOUR, "2025-03-10 14:00");   /* over a weekend */
}

static void natural_days_end_at_midnight_and_never_on_a_day_off(void **unused) {
	(void)unused;
	due_is("2025-03-03 09:00", 2, UNIT_NATURAL_DAY, "2025-03-06 00:00");
	due_is("2025-03-05 09:00", 3, UNIT_NATURAL_DAY, "2025-03-11 00:00");   /* Saturday → Monday */
	due_is("2025-09-28 09:00", 5, UNIT_NATURAL_DAY, "2025-10-10 00:00");   /* National Day */
	due_is("2025-04-22 09:00", 5, UNIT_NATURAL_DAY, "2025-04-28 00:00");   /* a working Sunday */
}

static void a_limit_of_nothing_is_over_at_once(void **unused) {
	(void)unused;
	for (int unit = UNIT_MINUTE; unit <= UNIT_NATURAL_DAY; unit++)
		assert_int_equal(due_at(&calendar, (struct limit){ 0, (enum limit_unit)unit }, 12345), 12345);
}

static void an_office_that_never_closes_and_times_before_1970_are_reckoned_too(void **unused) {
	(void)unused;
	const struct office_span always[] = { { 0, 1440 } };
	const struct calendar plain = { NULL, 0, always, 1 };
	int64_t start = instant("1969-12-29 23:30");   /* a Monday */
	assert_int_equal(due_at(&plain, (struct limit){ 2, UNIT_WORKING_HOUR }, start), start + 2 * HOUR);
	assert_int_equal(due_at(&plain, (struct limit){ 1, UNIT_WORKING_DAY }, start),
	                 instant("1969-12-31 00:00"));
	assert_true(day_is_working(&plain, -1));       /* Wednesday 1969-12-31 */
	assert_false(day_is_working(&plain, -4));      /* Sunday 1969-12-28 */
}

static void every_date_of_a_century_is_parsed_as_the_library_does(void **unused) {
	(void)unused;
	for (int32_t day = -10000; day < 26000; day++) {
		char text[16];
		time_t noon = (time_t)day * 86400 + 43200;
		struct tm tm;
		gmtime_r(&noon, &tm);
		strftime(text, sizeof(text), "%Y-%m-%d", &tm);
		int32_t parsed = INT32_MAX;
		assert_true(day_parse(text, &parsed));
		assert_int_equal(parsed, day);
	}
}

static void what_is_no_date_is_refused(void **unused) {
	(void)unused;
	static const char *const bad[] = {
		"", "2025", "2025-02-29", "1900-02-29", "2025-00-10", "2025-13-01", "2025-04-31", "2025-01-00",
		"2025-1-01", "2025-01-1", "2025/01/01", "2025-01-01 ", " 2025-01-01", "20250101", "+025-01-01",
		"2025-01-0x", "0000-01-01", "２０２５-01-01",
	};
	int32_t day = 7;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(day_parse(bad[i], &day));
	assert_int_equal(day, 7);
	assert_true(day_parse("2024-02-29", &day) && day_parse("2000-02-29", &day));
}

static void units_are_known_by_the_words_of_the_table_and_no_others(void **unused) {
	(void)unused;
	static const char *const words[] = { "min", "h", "wh", "wd", "nd", "ms", "wms" };
	enum limit_unit unit;
	for (size_t i = 0; i < COUNT(words); i++) {
		assert_true(limit_unit_parse(words[i], &unit));
		assert_int_equal(unit, i);
	}
	assert_false(limit_unit_parse("", &unit) || limit_unit_parse("d", &unit));
	assert_false(limit_unit_parse("WD", &unit));
}

static void spans_of_a_rule_follow_each_other_as_the_clerk_counts_them(void **unused) {
	(void)unused;
	static const char *const words[] = { "min", "h", "wh", "wd", "nd" };
	for (int i = 0; i < 20000; i++) {
		struct limit a = { 1 + roll(9), (enum limit_unit)roll(5) }, b = { 1 + roll(9), (enum limit_unit)roll(5) };
		int64_t start = some_instant(), due = 0;
		char rule[DUE_RULE_ROOM], longer[DUE_RULE_ROOM], by_hand[DUE_RULE_ROOM];
		assert_true(due_rule_make("handle_help", a, rule) && due_rule_extend(rule, b, longer));
		snprintf(by_hand, sizeof(by_hand), "handle_help:%d%s+%d%s", (int)a.amount, words[a.unit], (int)b.amount, words[b.unit]);
		assert_string_equal(longer, by_hand);
		assert_true(due_rule_at(&calendar, longer, start, &due));
		assert_int_equal(due, clerk_due(b, clerk_due(a, start)));
	}
}

/* A clock that stops and goes on has run for as long as it was given, however long it stood still. */
static void a_pause_stops_the_clock_in_twenty_thousand_cases(void **unused) {
	(void)unused;
	for (int i = 0; i < 20000; i++) {
		struct limit limit = { 1 + roll(6), (enum limit_unit)roll(5) };
		bool working = limit.unit == UNIT_WORKING_HOUR || limit.unit == UNIT_WORKING_DAY;
		int64_t start = some_instant(), due = due_at(&calendar, limit, start);
		int64_t stopped = start + roll(1 + (due - start) / MINUTE) * MINUTE;
		int64_t resumed = stopped + roll(40 * 24 * 60) * MINUTE, now = 0, later = 0;
		char rule[DUE_RULE_ROOM], left[DUE_RULE_ROOM];
		due_rule_make("handle_help", limit, rule);
		assert_true(due_rule_left(&calendar, rule, stopped, due, left));
		assert_true(due_rule_at(&calendar, left, resumed, &now) && now >= resumed);
		if (working)
			assert_int_equal(working_ms(&calendar, resumed, now), working_ms(&calendar, stopped, due));
		else
			assert_int_equal(now - resumed, due - stopped);
		assert_true(due_rule_at(&calendar, left, resumed + DAY, &later) && later >= now);
	}
}

static void what_is_left_of_a_clock_that_was_over_is_nothing(void **unused) {
	(void)unused;
	char left[DUE_RULE_ROOM];
	int64_t due = instant("2025-03-05 11:00"), again = 0;
	assert_true(due_rule_left(&calendar, "handle_help:3wd", due + HOUR, due, left));
	assert_string_equal(left, "handle_help:0wms");
	assert_true(due_rule_at(&calendar, left, due + DAY, &again) && again == due + DAY);
}

static void what_is_no_rule_is_refused(void **unused) {
	(void)unused;
	static const char *const bad[] = {
		"", "pause", "handle:", "handle:3", "handle:wd", "handle:3xx", "handle:3wd+", "handle:3wd5wd", "handle:-3wd", ":",
	};
	int64_t due = 7;
	char left[DUE_RULE_ROOM];
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_false(due_rule_at(&calendar, bad[i], 0, &due));
		assert_false(due_rule_left(&calendar, bad[i], 0, 0, left));
	}
	assert_true(due_rule_is_working("x:3wd") && due_rule_is_working("x:5h+1nd") && !due_rule_is_working("x:5h+3min"));
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(day_limits_agree_with_the_clerk_in_forty_thousand_cases),
		cmocka_unit_test(working_hours_agree_with_the_clerk_in_four_thousand_cases),
		cmocka_unit_test(urgent_limits_run_round_the_clock),
		cmocka_unit_test(working_time_between_two_instants_agrees_with_the_clerk),
		cmocka_unit_test(working_time_adds_up_and_is_what_a_limit_in_working_hours_takes),
		cmocka_unit_test(time_that_runs_backwards_or_not_at_all_is_no_working_time),
		cmocka_unit_test(the_start_day_is_not_counted_and_working_days_end_at_close_of_business),
		cmocka_unit_test(spring_festival_and_its_working_weekends_count_as_the_notice_says),
		cmocka_unit_test(working_hours_skip_the_lunch_break_the_night_and_the_weekend),
		cmocka_unit_test(natural_days_end_at_midnight_and_never_on_a_day_off),
		cmocka_unit_test(a_limit_of_nothing_is_over_at_once),
		cmocka_unit_test(an_office_that_never_closes_and_times_before_1970_are_reckoned_too),
		cmocka_unit_test(every_date_of_a_century_is_parsed_as_the_library_does),
		cmocka_unit_test(what_is_no_date_is_refused),
		cmocka_unit_test(units_are_known_by_the_words_of_the_table_and_no_others),
		cmocka_unit_test(spans_of_a_rule_follow_each_other_as_the_clerk_counts_them),
		cmocka_unit_test(a_pause_stops_the_clock_in_twenty_thousand_cases),
		cmocka_unit_test(what_is_left_of_a_clock_that_was_over_is_nothing),
		cmocka_unit_test(what_is_no_rule_is_refused),
	};
	return cmocka_run_group_tests(tests, calendar_fill, NULL);
}
