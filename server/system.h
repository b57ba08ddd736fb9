/* system.h — calls that the server makes of itself, as account 0, and how their answers are read. */
#ifndef SERVER_SYSTEM_H
#define SERVER_SYSTEM_H

#include <jansson.h>
#include <stdbool.h>
#include "room.h"
#include "store.h"

/* Call a function of statements.def with these parameters (taken) and no request id: such calls
 * are safe to make twice by what they do. done as in store_call(). */
void system_ask(struct room *room, enum statement statement, enum store_lane lane,
                unsigned long route, json_t *params, store_done_fn *done, void *context);
/* The same with a request id of the caller's, for what must be done once. */
void system_ask_as(struct room *room, enum statement statement, enum store_lane lane,
                   unsigned long route, const char *request, json_t *params,
                   store_done_fn *done, void *context);

/* The reply's JSON text, NULL when the call failed or was refused. */
const char *outcome_reply(enum store_status status, const struct rows *rows);
/* The same parsed; the caller owns it. */
json_t *outcome_reply_json(enum store_status status, const struct rows *rows);
/* Name of the refusal, copied to out; false when it was none. */
bool outcome_refusal(enum store_status status, const struct rows *rows, char out[32]);

/* The columns of type outcome (sql/migrations/0001_tables.sql). */
enum outcome_column {
	OUTCOME_KIND, OUTCOME_BODY, OUTCOME_OUTBOX, OUTCOME_REF, OUTCOME_VER, OUTCOME_STATE, OUTCOME_WAS,
	OUTCOME_DEPT, OUTCOME_WAS_DEPT, OUTCOME_REGION, OUTCOME_OWNER, OUTCOME_DUE
};

#endif
