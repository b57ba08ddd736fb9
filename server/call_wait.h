/* call_wait.h — requests of the switch that wait until a call's state is another than they know. */
#ifndef SERVER_CALL_WAIT_H
#define SERVER_CALL_WAIT_H

#include <stdint.h>
#include "room.h"
#include "store.h"

struct http_request;
struct call_waits;

struct call_waits *call_waits_new(struct room *room);
void call_waits_free(struct call_waits *waits);     /* answers what waits with 503 */
void call_waits_drain(struct call_waits *waits);    /* answers what waits with what it knows, soon */
void call_waits_touch(struct call_waits *waits);
/* Answer the request once the state of `call` differs from `known` ("" = at once) or the wait is
 * over. Takes the request. */
void call_wait(struct call_waits *waits, struct http_request *request, const char *call,
               const char *known, int wait_ms);

/* Answer a request of the switch with what a call function returned: the state, or the refusal
 * as an HTTP status. */
void call_http_answer(struct http_request *request, enum store_status status, const struct rows *rows);

enum { CALL_NAME_MOST = 80, CALL_WAIT_MOST_MS = 25000 };

#endif
