/* cases.h — “一件事” cases: every move is judged on a picture of the whole case (routing/case_judge.h), because
 * one department's answer may start another's work, and committed only if the case still is that picture.
 *
 * A command names its level and action ("task.finish"). Departments work in parallel on one case, so a picture
 * that grew old between reading and writing is taken again; what the desk itself saw is compared with the last
 * event of what it moves. */
#ifndef SERVER_CASES_H
#define SERVER_CASES_H

#include <stdbool.h>
#include "command.h"

judge_fn judge_apply;          /* case.apply */
finish_fn finish_case;         /* of case.*, matter.*, task.*: the statement gave the picture */
finish_fn finish_suggest;      /* case.suggest: what a complaint may be about */

/* What the clock alone must do to cases: asked once a second by timers.c. */
struct cases_due;
struct cases_due *cases_due_new(struct room *room);
void cases_due_ask(struct cases_due *due);
void cases_due_free(struct cases_due *due);

/* A move that the system makes; row as case_due() gives it. done(context, moved) once it is over; moved: it held. */
typedef void cases_done_fn(void *context, bool moved);
void cases_system_move(struct room *room, const json_t *row, cases_done_fn *done, void *context);

#endif
