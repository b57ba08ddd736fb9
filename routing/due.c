/* Reckons deadlines in working time. */
#include "due.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)
#define BEIJING   (8 * HOUR_MS)

enum { THURSDAY = 3, SATURDAY = 5, WEEK = 7 };   /* 1970-01-01 was a Thursday; Monday is 0 */

/* A rule with a longer span than this is no rule: it would overflow, or be counted day by day for ever. */
#define SPAN_MOST (36600 * DAY_MS)

static const struct { const char *text; enum limit_unit unit; int64_t ms; } units[] = {
	{ "min", UNIT_MINUTE, MINUTE_MS }, { "h", UNIT_HOUR, HOUR_MS }, { "wh", UNIT_WORKING_HOUR, HOUR_MS },
	{ "wd", UNIT_WORKING_DAY, DAY_MS }, { "nd", UNIT_NATURAL_DAY, DAY_MS },
	{ "ms", UNIT_MS, 1 }, { "wms", UNIT_WORKING_MS, 1 },
};

bool limit_unit_parse(const char *text, enum limit_unit *ret_unit) {
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(units[i].text, text) == 0) {
			*ret_unit = units[i].unit;
			return true;
		}
	}
	return false;
}

/* The number that `count` digits at text spell, -1 if one of them is no digit. */
static int digits(const char *text, int count) {
	int number = 0;
	for (int i = 0; i < count; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		number = number * 10 + (text[i] - '0');
	}
	return number;
}

static bool is_leap(int year) {
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_days(int year, int month) {
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Days from 0000-03-01 are easy to count, as the leap day comes last in such a year. */
static int32_t day_of(int year, int month, int day) {
	int y = month > 2 ? year : year - 1;
	int m = month > 2 ? month - 3 : month + 9;
	int before_1970 = 719468;
	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - before_1970;
}

bool day_parse(const char *text, int32_t *ret_day) {
	if (strlen(text) != 10 || text[4] != '-' || text[7] != '-')
		return false;
	int year = digits(text, 4), month = digits(text + 5, 2), day = digits(text + 8, 2);
	if (year < 1 || month < 1 || month > 12 || day < 1 || day > month_days(year, month))
		return false;
	*ret_day = day_of(year, month, day);
	return true;
}

/* Division that rounds down below zero too. */
static int64_t floor_div(int64_t a, int64_t b) {
	return a / b - (a % b < 0);
}

static int32_t day_at(int64_t ms) {
	return (int32_t)floor_div(ms + BEIJING, DAY_MS);
}

static int64_t day_begin(int32_t day) {
	return day * DAY_MS - BEIJING;
}

static const struct day_exception *exception_on(const struct calendar *calendar, int32_t day) {
	size_t low = 0, high = calendar->day_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (calendar->days[middle].day < day)
			low = middle + 1;
		else
			high = middle;
	}
	return low < calendar->day_count && calendar->days[low].day == day ? &calendar->days[low] : NULL;
}

bool day_is_working(const struct calendar *calendar, int32_t day) {
	const struct day_exception *exception = exception_on(calendar, day);
	if (exception && exception->kind != DAY_PLAIN)
		return exception->kind == DAY_WORKDAY;
	int64_t weekday = day + THURSDAY - floor_div((int64_t)day + THURSDAY, WEEK) * WEEK;
	return weekday < SATURDAY;
}

static int64_t working_time_after(const struct calendar *calendar, int64_t left, int64_t start) {
	for (int32_t day = day_at(start);; day++) {
		if (!day_is_working(calendar, day))
			continue;
		for (size_t i = 0; i < calendar->office_count; i++) {
			int64_t open = day_begin(day) + calendar->office[i].from_minute * MINUTE_MS;
			int64_t close = day_begin(day) + calendar->office[i].to_minute * MINUTE_MS;
			if (start > open)
				open = start;
			if (open >= close)
				continue;
			if (left <= close - open)
				return open + left;
			left -= close - open;
		}
	}
}

static int64_t working_days_after(const struct calendar *calendar, int64_t left, int64_t start) {
	int32_t day = day_at(start);
	while (left > 0)
		if (day_is_working(calendar, ++day))
			left--;
	return day_begin(day) + calendar->office[calendar->office_count - 1].to_minute * MINUTE_MS;
}

static int64_t natural_days_after(const struct calendar *calendar, int64_t count, int64_t start) {
	int32_t day = day_at(start) + (int32_t)count;
	while (!day_is_working(calendar, day))
		day++;
	return day_begin(day + 1);
}

int64_t due_at(const struct calendar *calendar, struct limit limit, int64_t start_ms) {
	if (limit.amount <= 0)
		return start_ms;
	switch (limit.unit) {
	case UNIT_MINUTE: return start_ms + limit.amount * MINUTE_MS;
	case UNIT_HOUR: return start_ms + limit.amount * HOUR_MS;
	case UNIT_WORKING_HOUR: return working_time_after(calendar, limit.amount * HOUR_MS, start_ms);
	case UNIT_WORKING_DAY: return working_days_after(calendar, limit.amount, start_ms);
	case UNIT_NATURAL_DAY: return natural_days_after(calendar, limit.amount, start_ms);
	case UNIT_MS: return start_ms + limit.amount;
	case UNIT_WORKING_MS: return working_time_after(calendar, limit.amount, start_ms);
	}
	return start_ms;
}

int64_t working_ms(const struct calendar *calendar, int64_t a_ms, int64_t b_ms) {
	int64_t sum = 0;
	for (int32_t day = day_at(a_ms); a_ms < b_ms && day_begin(day) < b_ms; day++) {
		if (!day_is_working(calendar, day))
			continue;
		for (size_t i = 0; i < calendar->office_count; i++) {
			int64_t from = day_begin(day) + calendar->office[i].from_minute * MINUTE_MS;
			int64_t to = day_begin(day) + calendar->office[i].to_minute * MINUTE_MS;
			from = from > a_ms ? from : a_ms;
			to = to < b_ms ? to : b_ms;
			if (from < to)
				sum += to - from;
		}
	}
	return sum;
}

int64_t day_open_ms(const struct calendar *calendar, int32_t day) {
	return day_begin(day) + calendar->office[0].from_minute * MINUTE_MS;
}

static const char *unit_text(enum limit_unit unit) {
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (units[i].unit == unit)
			return units[i].text;
	return "";
}

static bool is_working_unit(enum limit_unit unit) {
	return unit == UNIT_WORKING_HOUR || unit == UNIT_WORKING_DAY || unit == UNIT_WORKING_MS;
}

bool due_rule_make(const char *key, struct limit limit, char out[DUE_RULE_ROOM]) {
	int len = snprintf(out, DUE_RULE_ROOM, "%s:%" PRId64 "%s", key, limit.amount, unit_text(limit.unit));
	return len > 0 && len < DUE_RULE_ROOM;
}

bool due_rule_extend(const char *rule, struct limit more, char out[DUE_RULE_ROOM]) {
	int len = snprintf(out, DUE_RULE_ROOM, "%s+%" PRId64 "%s", rule, more.amount, unit_text(more.unit));
	return len > 0 && len < DUE_RULE_ROOM;
}

static bool span_is_sane(struct limit span) {
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (units[i].unit == span.unit)
			return span.amount <= SPAN_MOST / units[i].ms;
	return false;
}

/* Reads one span and steps over it and a '+' behind it: 1 = read, 0 = end of the rule, -1 = malformed. */
static int span_next(const char **at, struct limit *ret) {
	char unit[8], *rest;
	if (**at == '\0')
		return 0;
	if (**at < '0' || **at > '9')
		return -1;
	ret->amount = strtoll(*at, &rest, 10);
	size_t len = strspn(rest, "abcdefghijklmnopqrstuvwxyz");
	if (len == 0 || len >= sizeof(unit))
		return -1;
	memcpy(unit, rest, len);
	unit[len] = '\0';
	if (!limit_unit_parse(unit, &ret->unit) || !span_is_sane(*ret) || (rest[len] != '\0' && (rest[len] != '+' || rest[len + 1] == '\0')))
		return -1;
	*at = rest + len + (rest[len] == '+');
	return 1;
}

bool due_rule_at(const struct calendar *calendar, const char *rule, int64_t since_ms, int64_t *ret_due) {
	const char *at = strchr(rule, ':');
	struct limit span;
	int read = -1, spans = 0;
	int64_t due = since_ms;
	if (at == NULL)
		return false;
	for (at++; (read = span_next(&at, &span)) > 0; spans++)
		due = due_at(calendar, span, due);
	*ret_due = due;
	return read == 0 && spans > 0;
}

/* The unit of the rule's last span: in it is counted what is left. */
static bool rule_unit(const char *rule, enum limit_unit *ret_unit) {
	const char *at = strchr(rule, ':');
	struct limit span;
	int read = -1, spans = 0;
	if (at == NULL)
		return false;
	for (at++; (read = span_next(&at, &span)) > 0; spans++)
		*ret_unit = span.unit;
	return read == 0 && spans > 0;
}

bool due_rule_left(const struct calendar *calendar, const char *rule, int64_t stopped_ms, int64_t due_ms,
                   char out[DUE_RULE_ROOM]) {
	enum limit_unit unit;
	char key[DUE_RULE_ROOM];
	size_t len = strcspn(rule, ":");
	if (!rule_unit(rule, &unit) || len >= sizeof(key))
		return false;
	memcpy(key, rule, len);
	key[len] = '\0';
	if (is_working_unit(unit))
		return due_rule_make(key, (struct limit){ working_ms(calendar, stopped_ms, due_ms), UNIT_WORKING_MS }, out);
	return due_rule_make(key, (struct limit){ due_ms > stopped_ms ? due_ms - stopped_ms : 0, UNIT_MS }, out);
}

bool due_rule_is_working(const char *rule) {
	const char *at = strchr(rule, ':');
	struct limit span;
	for (at = at ? at + 1 : ""; span_next(&at, &span) > 0;)
		if (is_working_unit(span.unit) || span.unit == UNIT_NATURAL_DAY)
			return true;
	return false;
}
