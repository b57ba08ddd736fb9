/* queues.h — the departments' queues in Redis, made anew from the database.
 *
 * <prefix>:dept:<id> is a sorted set of tickets to sign by deadline. It is a copy for speed and
 * may be lost at any moment. */
#ifndef SERVER_QUEUES_H
#define SERVER_QUEUES_H

#include <stdbool.h>

struct room; struct config;

/* Ask the database who waits where and replace every queue; done(context, ok) once, may be NULL.
 * To be called when Redis came back empty, and by the verb. */
void queues_rebuild(struct room *room, void (*done)(void *context, bool ok), void *context);

/* The verb `hotlined rebuild-queues`: exit code. */
int queues_main(const struct config *config);

#endif
