/* bulletin.h — 日报, 周报, 月报: made when a period is over or somebody asked, and given out as XLSX.
 *
 * The document is made by sql/functions/bulletin_make.sql on the long lane and then stays as it is (docs/BULLETIN.md).
 * Processes with the role timers make them, one at a time in a process; a wish is leased in the database, so that no
 * two make the same one and a process that dies leaves it to the next.
 *
 *   GET /api/bulletins/{id}     somebody logged in who may see it: an XLSX file */
#ifndef SERVER_BULLETIN_H
#define SERVER_BULLETIN_H

#include <stddef.h>
#include "front.h"

struct room; struct bulletins;

struct bulletins *bulletins_open(struct room *room);
void bulletins_stop(struct bulletins *bulletins);        /* begins no further one; NULL is fine */
void bulletins_close(struct bulletins *bulletins);       /* after the store; NULL is fine */

enum { BULLETIN_ROUTES = 1 };
size_t bulletin_routes(struct room *room, struct http_route routes[BULLETIN_ROUTES]);

#endif
