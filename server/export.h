/* export.h — lists taken away as CSV or XLSX: made in the background, fetched over HTTP.
 *
 * Processes with the role timers make them, one at a time in a process, page by page through the store's long lane;
 * cells are written and packed on a worker thread, so that no console waits for them. An export is leased in the
 * database: what a dead process left half is begun again by whoever takes it next. Files stand in
 * <files_dir>/exports, which all processes of the house share:
 *
 *   <export>-<run>.part     being written by the process that holds this run
 *   <export>-<run>.csv      whole, on the disk before its row says so; .xlsx likewise
 *
 * and go when nobody needs them: dropped, expired (setting export_hours), or of a run that was given up.
 *
 *   GET /api/exports/{export}     whoever asked for it, or an administrator; each fetch is kept */
#ifndef SERVER_EXPORT_H
#define SERVER_EXPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include "command.h"
#include "front.h"

struct room; struct exports;

struct exports *exports_open(struct room *room);         /* NULL: the directory is unusable (logged) */
void exports_stop(struct exports *exports);              /* begins no further page; what runs is left to the next process */
bool exports_busy(const struct exports *exports);        /* a page is being written, or a file packed */
void exports_close(struct exports *exports);             /* after the store; NULL is fine */

enum { EXPORT_ROUTES = 1 };
size_t export_routes(struct room *room, struct http_route routes[EXPORT_ROUTES]);

/* Terms of routing/terms.def by number, {"kind": {"1": "咨询", …}, …}, for what SQL says in words; the caller's. */
json_t *export_terms(void);
judge_fn judge_export;       /* export.start: a number becomes its blind index; adds terms, to tell the filter in words */

#endif
