/* Reckons deadlines in working time. */
#include "due.h"

#include <string.h>

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)
#define BEIJING   (8 * HOUR_MS)

enum { THURSDAY = 3, SATURDAY = 5, WEEK = 7 };   /* 1970-01-01 was a Thursday; Monday is 0 */

bool limit_unit_parse(const char *text, enum limit_unit *ret_unit) {
	static const struct { const char *text; enum limit_unit unit; } units[] = {
		{ "min", UNIT_MINUTE }, { "h", UNIT_HOUR }, { "wh", UNIT_WORKING_HOUR },
		{ "wd", UNIT_WORKING_DAY }, { "nd", UNIT_NATURAL_DAY },
	};
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

static int64_t working_hours_after(const struct calendar *calendar, int64_t left, int64_t start) {
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

static int64_t working_days_after(const struct calendar *calendar, int left, int64_t start) {
	int32_t day = day_at(start);
	while (left > 0)
		if (day_is_working(calendar, ++day))
			left--;
	return day_begin(day) + calendar->office[calendar->office_count - 1].to_minute * MINUTE_MS;
}

static int64_t natural_days_after(const struct calendar *calendar, int count, int64_t start) {
	int32_t day = day_at(start) + count;
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
	case UNIT_WORKING_HOUR: return working_hours_after(calendar, limit.amount * HOUR_MS, start_ms);
	case UNIT_WORKING_DAY: return working_days_after(calendar, limit.amount, start_ms);
	case UNIT_NATURAL_DAY: return natural_days_after(calendar, limit.amount, start_ms);
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
