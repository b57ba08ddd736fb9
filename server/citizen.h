/* citizen.h — what opens a ticket to its citizen: the 查询码 in replies to desks, and the moves that are
 * made outside the console, by citizens and with attachments. */
#ifndef SERVER_CITIZEN_H
#define SERVER_CITIZEN_H

#include <jansson.h>
#include <stdbool.h>
#include "../routing/flow.h"
#include "command.h"
#include "room.h"
#include "store.h"

/* The account in whose name citizens act, once their code or link has been checked. */
enum { CITIZEN_ACCOUNT = -1 };

/* Adds "code" to a card on its way to an agent or a supervisor. */
finish_fn finish_code;

/* Call a function of statements.def in the name of an account; request may be NULL; params are taken. */
void citizen_ask(struct room *room, enum statement statement, enum store_lane lane, int account,
                 unsigned long route, const char *request, json_t *params, store_done_fn *done, void *context);

/* What public_find is asked of a number and the code that was given with it; code NULL: a signed link
 * was shown instead. */
json_t *citizen_find(struct room *room, const char *number, const char *code, const char *request);

/* Judge `action` by `role` on a ticket as a function has just read it (id, ver, state, kind, urgency, matter)
 * and add the move to params: what else they carry stays, and is kept with the event. Anything but
 * FLOW_OK leaves them as they were. */
enum flow_verdict citizen_move(struct room *room, enum flow_action action, unsigned role, const json_t *found,
                               json_t *params);

#endif
