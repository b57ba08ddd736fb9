/* session.h — logins, seats and their end: who may sit at a console, and for how long. */
#ifndef SERVER_SESSION_H
#define SERVER_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include "command.h"
#include "front.h"

judge_fn judge_hello;
finish_fn finish_hello;

enum { SESSION_ROUTES = 2 };
void sessions_open(struct room *room);       /* sets room->sessions */
void sessions_start(struct room *room);      /* begin to look after links; room->front is open */
void sessions_stop(struct room *room);       /* ask nothing new */
bool sessions_busy(const struct room *room); /* whether a login is under way */
/* When the loop has run out: a worker thread may hold a password until then. */
void sessions_close(struct room *room);
/* POST /api/login and POST /api/logout, to be given to front_open(). */
size_t sessions_routes(struct room *room, struct http_route routes[SESSION_ROUTES]);
/* A console has gone: an agent's seat is given up. */
void session_link_gone(struct room *room, link_id link, const struct seat *seat);

#endif
