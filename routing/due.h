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

/* The last two are what is left of a stopped clock. */
enum limit_unit {
	UNIT_MINUTE, UNIT_HOUR, UNIT_WORKING_HOUR, UNIT_WORKING_DAY, UNIT_NATURAL_DAY,
	UNIT_MS, UNIT_WORKING_MS
};

struct limit { int64_t amount; enum limit_unit unit; };

/* "min", "h", "wh", "wd", "nd" as stored in table time_limit, "ms" and "wms". */
bool limit_unit_parse(const char *text, enum limit_unit *ret_unit);

/* Days since 1970-01-01 of a date "YYYY-MM-DD"; false if it is no date. */
bool day_parse(const char *text, int32_t *ret_day);

bool day_is_working(const struct calendar *calendar, int32_t day);

/* When a limit that starts at `start_ms` is over; at once if there is nothing of it. The calendar needs
 * at least one office span.
 *   min, h   run round the clock (紧急件、特急件; 民法典 201 第二款: hours count from when they begin)
 *   wh       inside office hours only (our own reading; the law knows no working hours)
 *   wd       the start day is not counted, rest days are not counted, the last one ends at close of
 *            business (民法典 201 第一款, 203 第二款: "有业务时间的，停止业务活动的时间为截止时间")
 *   nd       the start day is not counted, a last day that is a rest day moves to the next working day,
 *            it ends at 24:00 (民法典 201, 203)
 *   ms, wms  what was left of a stopped clock: natural time, time inside office hours (our own rule, after
 *            数字城管's 挂账, which stops a clock and does not begin it anew)
 * Which days are rest days: 全国年节及纪念日放假办法 and the State Council's yearly notice, as the
 * calendar's exceptions tell them. */
int64_t due_at(const struct calendar *calendar, struct limit limit, int64_t start_ms);

/* The rule behind a deadline, as stored with it: "handle_help:3wd" is the limit handle_help as it was
 * when the clock began, "handle_help:3wd+5wd" with five working days granted later, each span
 * counted from where the one before ended; "handle_help:5400000wms" is what was left of it when
 * its clock stopped. */
enum { DUE_RULE_ROOM = 96 };

/* The rule of a limit; false if the key is too long. */
bool due_rule_make(const char *key, struct limit limit, char out[DUE_RULE_ROOM]);
/* The same with one more span; false if there is no room. */
bool due_rule_extend(const char *rule, struct limit more, char out[DUE_RULE_ROOM]);
/* When the clock that began at since_ms under this rule is over; false if the text is no rule, or one of
 * its spans is longer than a hundred years. */
bool due_rule_at(const struct calendar *calendar, const char *rule, int64_t since_ms, int64_t *ret_due);
/* What is left of a clock due at due_ms that stopped at stopped_ms, as a rule of the same key: working
 * time for limits in working hours and days, natural time for the others; 0 when it was over. The last
 * span says which: a limit in hours with working days granted goes on in working time.
 * Resumed at t, the clock is due at due_rule_at(left, t); t == stopped_ms gives due_ms again unless
 * due_ms lies outside working time, when it gives the last working instant before it. */
bool due_rule_left(const struct calendar *calendar, const char *rule, int64_t stopped_ms, int64_t due_ms,
                   char out[DUE_RULE_ROOM]);
/* Whether the calendar matters to the rule. */
bool due_rule_is_working(const char *rule);

/* When the offices open on that date, working day or not. */
int64_t day_open_ms(const struct calendar *calendar, int32_t day);

/* Working milliseconds (inside office hours of working days) between two instants; 0 if b <= a. */
int64_t working_ms(const struct calendar *calendar, int64_t a_ms, int64_t b_ms);

#endif
