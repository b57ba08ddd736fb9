/* due.h — deadlines in working time.
 *
 * Rules (docs/ARCHITECTURE.md, "Clocks"): 民法典 201–203 (the start day is not counted; a last
 * day that is no working day moves to the next one); working days = Monday to Friday, minus
 * holidays, plus 调休 working days of the State Council's yearly notice; working hours run only
 * inside office hours; urgent limits run round the clock. Times are milliseconds since
 * 1970-01-01 UTC; days are counted in Beijing time (UTC+8, no daylight saving).
 * Pure: the calendar is handed in and never changed. */
#ifndef ROUTING_DUE_H
#define ROUTING_DUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum day_kind { DAY_PLAIN, DAY_HOLIDAY, DAY_WORKDAY };

struct day_exception {
	int32_t day;             /* days since 1970-01-01, Beijing date */
	enum day_kind kind;
};

struct office_span { int from_minute, to_minute; };  /* minutes after midnight, Beijing */

struct calendar {
	const struct day_exception *days;   /* ascending by day, owned by the caller */
	size_t day_count;
	const struct office_span *office;   /* ascending, not overlapping, at least one */
	size_t office_count;
};

enum limit_unit { UNIT_MINUTE, UNIT_HOUR, UNIT_WORKING_HOUR, UNIT_WORKING_DAY, UNIT_NATURAL_DAY };

struct limit { int amount; enum limit_unit unit; };

/* "min", "h", "wh", "wd", "nd" as stored in table time_limit. */
bool limit_unit_parse(const char *text, enum limit_unit *ret_unit);

/* Days since 1970-01-01 of a date "YYYY-MM-DD"; false if it is no date. */
bool day_parse(const char *text, int32_t *ret_day);

bool day_is_working(const struct calendar *calendar, int32_t day);

/* When a limit that starts at `start_ms` is over. Working days end at close of business,
 * natural days at 24:00. The calendar needs at least one office span. */
int64_t due_at(const struct calendar *calendar, struct limit limit, int64_t start_ms);

/* Working milliseconds (inside office hours of working days) between two instants; 0 if b <= a. */
int64_t working_ms(const struct calendar *calendar, int64_t a_ms, int64_t b_ms);

#endif
