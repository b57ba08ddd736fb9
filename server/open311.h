/* open311.h — the Open311 GeoReport v2 endpoint (docs/OPEN311.md): services, definitions, requests and tokens
 * in JSON and XML, and the discovery document. */
#ifndef SERVER_OPEN311_H
#define SERVER_OPEN311_H

#include <stddef.h>
#include "front.h"

struct room; struct open311;

enum { OPEN311_ROUTES = 3 };
struct open311 *open311_open(struct room *room);
void open311_close(struct open311 *open311);         /* when no answer can come any more */
size_t open311_routes(struct open311 *open311, struct http_route routes[OPEN311_ROUTES]);

#endif
