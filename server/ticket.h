/* ticket.h — the judges of the ticket commands: may this move be made, and when is it due?
 *
 * Each judge looks only at the parameters, the desk's `seen`, the seat and the rule book. It adds
 * to the parameters what the SQL function needs (action, to, round, due, warn, note, detail) or
 * refuses with a sentence; whether the row still is as seen is decided by the commit. */
#ifndef SERVER_TICKET_H
#define SERVER_TICKET_H

#include <jansson.h>
#include <stdint.h>
#include "../routing/flow.h"
#include "command.h"
#include "rules.h"

judge_fn judge_submit, judge_split, judge_task, judge_move, judge_rate, judge_phone;
finish_fn finish_unseal;

/* What the desk saw: the ground of each judgement. matter "" = none. */
struct seen { int ver, state, kind, urgency; char matter[9]; };
struct seen seen_of(const json_t *object);     /* an object with these members */
/* The seat's role along `action` from what was seen: the edge, or NULL when it was refused. */
const struct flow_edge *ticket_edge(struct room *room, struct ask *ask, enum flow_action action,
                                    const struct seen *seen);

/* Put the move along `edge` into params: action, to, round, loud, note, detail and the clock that starts on
 * arrival. Clocks that are reckoned from the ticket's own (extended, until, resumed) are added by
 * clock.h. Used by the judges, the dispatcher, the timers and the citizen's door. */
void ticket_move_fill(const struct rules *rules, const struct flow_edge *edge, const struct seen *seen,
                      int64_t now_ms, json_t *params);
/* due, warn, rule, since; NULL = none of them. */
void deadline_set(json_t *params, const struct deadline *deadline);
/* The parameters of a move that the system makes: id, seen, at and the move itself; the caller
 * owns the object. NULL when the law knows no such move. */
json_t *ticket_system_move(const struct rules *rules, enum flow_action action, long long ticket,
                           const struct seen *seen, int64_t now_ms);
/* Replace phone, name and id_no in params by what the database may keep (sealed, index, mask) and
 * add the move into the loop along `edge`, the promise to the citizen and the points that the
 * answer must meet. false: the crypto library failed (logged). */
bool ticket_begin_fill(struct room *room, const struct flow_edge *edge, json_t *params, int64_t now_ms);
/* The same for 受理登记. */
bool ticket_submit_fill(struct room *room, json_t *params, int64_t now_ms);

#endif
