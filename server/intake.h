/* intake.h — one door for all systems that bring tickets in (docs/CHANNELS.md): /api/v1/, signed requests, idempotent
 * writes, the same tickets, moves and views as everywhere else. */
#ifndef SERVER_INTAKE_H
#define SERVER_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include "front.h"

struct room; struct visitors; struct intake;

enum { INTAKE_ROUTES = 3 };
struct intake *intake_open(struct room *room, struct visitors *visitors);
void intake_close(struct intake *intake);            /* when no answer can come any more */
size_t intake_routes(struct intake *intake, struct http_route routes[INTAKE_ROUTES]);

#endif
