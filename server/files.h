/* files.h — attachments: taking them in at three doors, giving them out at one.
 *
 *   POST /api/files/{ticket}?name=…[&request=UUID]                  somebody logged in
 *   POST /api/public/files?number=…&code=…&name=…&request=UUID     a citizen
 *   POST /api/v1/attachments/{number}?name=…                       a system, signed
 *   GET  /api/files/{file}                                          somebody logged in who may see the ticket
 * The body is the file's bytes. */
#ifndef SERVER_FILES_H
#define SERVER_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include "front.h"

struct room; struct files;

enum { FILES_ROUTES = 4, FILES_SPOOLS = 3 };
struct files *files_open(struct room *room);         /* NULL: the directory is unusable (logged) */
void files_close(struct files *files);               /* after the last answer */
/* Whether an attachment is being checked or waits for its row: for a clean shutdown. */
bool files_busy(const struct files *files);
void files_stop(struct files *files);                /* no more sweeps */
/* For front_open(); before the routes of public.h and intake.h, whose paths are wider. */
size_t files_routes(struct files *files, struct http_route routes[FILES_ROUTES]);
const struct http_spool *files_spools(const struct files *files);

#endif
