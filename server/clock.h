/* clock.h — moves whose deadline is reckoned from another one: 延期, 挂起, 恢复, 审核退回 from the ticket's own
 * clock, 承办单 and 督办 with clocks of their own, and the steps of 黄牌 and 红牌. */
#ifndef SERVER_CLOCK_H
#define SERVER_CLOCK_H

#include <jansson.h>
#include <stdint.h>
#include "command.h"
#include "rules.h"
#include "ticket.h"

judge_fn judge_clock;   /* ticket.extend, .pause, .resume, .reject: asks for the ticket's clock first */
judge_fn judge_part;    /* ticket.assist, .hand_down, .part_sign, .assign: the clock of a 承办单 */
judge_fn judge_order;   /* ticket.order */

/* The clock that goes on with what was left when it stopped (members held_rule, held_due, held_at of
 * `clock`), at least so many working days. A clock that was never kept starts anew with a day. */
void clock_resume(const struct rules *rules, const json_t *clock, int least_days, int64_t now_ms, json_t *params);
/* The clock `clock` (members rule, since, due) under the calendar in force; it keeps its deadline where the rule
 * is none that a calendar reckons. */
void clock_reckon(const struct rules *rules, const json_t *clock, int64_t now_ms, json_t *params);
/* 黄牌 to 通报: what step `level` of a deadline carries (level, alarm_at, and the 督办 of step 4). */
void clock_alarm(const struct rules *rules, int level, int64_t due_ms, int64_t now_ms, json_t *params);
/* The deadline of a 承办单 by this clock, from params' "at": part_due, part_warn, part_rule. */
void clock_part(const struct rules *rules, enum flow_clock which, const struct seen *seen, json_t *params);

#endif
