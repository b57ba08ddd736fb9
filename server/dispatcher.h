/* dispatcher.h — takes accepted tickets from the stream and sends each where it belongs.
 *
 * Role "dispatch". Consumer group `dispatch` on the stream <prefix>:dispatch, one consumer a
 * process. The stream is a hint, PostgreSQL is the queue's truth: what the stream lost is found
 * in the database within two seconds, and a ticket handed out twice is moved once. */
#ifndef SERVER_DISPATCHER_H
#define SERVER_DISPATCHER_H

#include <stdio.h>

struct room;

/* Start; sets room->dispatcher. The rule book must be loaded, store and redis open. */
void dispatcher_open(struct room *room);
/* Take no more; tickets in flight are given back (another process or the next start takes them).
 * To be called after store_close(), when no answer can come any more. */
void dispatcher_close(struct room *room);
/* Stop taking new tickets, so that what is in flight can end. */
void dispatcher_drain(struct room *room);
/* Prometheus text; nothing when this process does not dispatch. */
void dispatcher_metrics(const struct room *room, FILE *out);

#endif
