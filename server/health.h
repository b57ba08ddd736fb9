/* health.h — how the server is: /healthz, /metrics and the command server.show. */
#ifndef SERVER_HEALTH_H
#define SERVER_HEALTH_H

#include <stddef.h>
#include "command.h"
#include "front.h"

#define HOTLINE_VERSION "1.0.0"

judge_fn judge_show;

enum { HEALTH_ROUTES = 2 };
size_t health_routes(struct room *room, struct http_route routes[HEALTH_ROUTES]);

#endif
