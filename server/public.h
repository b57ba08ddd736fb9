/* public.h — the citizen's door (docs/PUBLIC.md): submit, look, supplement, urge, withdraw and rate without
 * a login, by number and code or by the signed link of a handling round. */
#ifndef SERVER_PUBLIC_H
#define SERVER_PUBLIC_H

#include <stddef.h>
#include "front.h"

struct room; struct visitors;

enum { PUBLIC_ROUTES = 5 };
struct visitors *visitors_open(struct room *room);
void visitors_close(struct visitors *visitors);      /* when no answer can come any more */
/* The routes below /api/public/, to be given to front_open(); those of more exact paths go before. */
size_t visitors_routes(struct visitors *visitors, struct http_route routes[PUBLIC_ROUTES]);

#endif
