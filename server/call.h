/* call.h — calls and seats: what the telephone switch tells and asks (docs/SWITCH.md), and the
 * judges of the agents' seat commands. */
#ifndef SERVER_CALL_H
#define SERVER_CALL_H

#include <stddef.h>
#include "command.h"
#include "front.h"

judge_fn judge_seat, judge_wrapup;

enum { CALL_ROUTES = 3 };
void calls_open(struct room *room);      /* sets room->calls */
void calls_close(struct room *room);     /* answers what waits; after store_close(), before front_close() */
/* Answer every waiting request of the switch at once: before front_drain(). */
void calls_drain(struct room *room);
/* Something was read from the feed: waiting requests look at their call again. */
void calls_touch(struct room *room);
/* The routes of the switch, to be given to front_open(); returns how many, 0 when the setting
 * switch_key is empty. */
size_t calls_routes(struct room *room, struct http_route routes[CALL_ROUTES]);

#endif
