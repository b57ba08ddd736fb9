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

judge_fn judge_submit, judge_assign, judge_recall, judge_sign, judge_progress, judge_finish,
	judge_notify, judge_rate, judge_archive, judge_reveal, judge_phone;
finish_fn finish_unseal;

/* What the desk saw: the ground of each judgement. */
struct seen { int ver, state, kind, urgency; };

/* Put the move along `edge` into params: action, to, round and, unless the clock runs on, due
 * and warn (null = no deadline). Used by the judges, the dispatcher and the timers. */
void ticket_move_fill(const struct rules *rules, const struct flow_edge *edge, int kind,
                      int urgency, int64_t now_ms, json_t *params);
/* The parameters of a move that the system makes: id, seen, at and the move itself; the caller
 * owns the object. NULL when the law knows no such move. */
json_t *ticket_system_move(const struct rules *rules, enum flow_action action, long long ticket,
                           const struct seen *seen, int64_t now_ms);
/* Replace phone, name and id_no in params by what the database may keep (sealed, index, mask) and
 * add due, warn and promised of a new ticket. false: the crypto library failed (logged). */
bool ticket_submit_fill(struct room *room, json_t *params, int64_t now_ms);

#endif
