/* cases_parts.h — what the files of the cases share: a picture of a case, and steps with their clocks. */
#ifndef SERVER_CASES_PARTS_H
#define SERVER_CASES_PARTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include "../routing/case_judge.h"
#include "rules.h"

/* The reply of case_picture() for the judge. false: more matters or tasks than it holds. */
bool picture_read(const json_t *picture, struct case_view *ret);
/* What the actor is to the target of the wish. */
unsigned picture_who(const json_t *picture, const struct case_wish *wish);
/* The last event of what the wish moves; the desk must have seen it. */
int picture_step(const json_t *picture, const struct case_wish *wish);
/* Whether an open promise of that matter is overdue; false and *ret_found false when there is no such promise. */
bool picture_promise_late(const json_t *picture, json_int_t promise, int no, bool *ret_found);

/* The steps for case_move(), each with the clock that it starts. until_ms: of suspend. The caller owns the array. */
json_t *picture_steps(const struct rules *rules, const json_t *picture, const struct case_steps *steps,
                      int64_t until_ms, int64_t now_ms);
/* The clock that one edge starts: due, warn, rule, since into step; nothing for keep. */
void step_clock(const struct rules *rules, enum case_clock clock, const json_t *target, int days, int64_t until_ms,
                int64_t now_ms, json_t *step);

#endif
