/* store.h — PostgreSQL: prepared functions, pipelined, on the loop.
 *
 * Lanes are connections with a purpose. The write lane groups: calls that arrive while a sync
 * is in flight go out together with the next one (at most store_group, never waiting to fill)
 * and share its commit; their callbacks run at PGRES_PIPELINE_SYNC, because before it nothing
 * is committed. One failing statement aborts its group: the group is then sent again one call
 * at a time, which is safe because every writing function is idempotent by its request id.
 * Read lanes sync every call, so that one failure never touches another. The slow lane is for what somebody
 * waits for and takes long, the long one for what reads everything (bulletins, exports, erasures): it may take minutes.
 *
 * A lane whose connection is lost reconnects with backoff, prepares again, and answers every
 * call in flight with STORE_LOST (a write may or may not have been committed: ask again with the
 * same request id). Calls made while a lane is down get STORE_AWAY at once.
 * Only this file clears a PGresult. */
#ifndef SERVER_STORE_H
#define SERVER_STORE_H

#include <stdbool.h>
#include <stddef.h>

struct loop;
struct store;
struct rows;    /* a result; valid only during the callback */

enum store_lane { LANE_WRITE, LANE_READ, LANE_SLOW, LANE_LONG, LANE_COUNT };
enum store_status {
	STORE_OK,        /* done; on LANE_WRITE: committed */
	STORE_LOST,      /* connection died under the call: retry with the same request id */
	STORE_AWAY,      /* database not connected, nothing was sent: retry later */
	STORE_BUSY,      /* queue limit reached, nothing was sent: retry later */
	STORE_FAILED     /* the statement raised an error: a defect, logged here with its text */
};

/* A prepared function call: SELECT * FROM <function>($1, …, $n). */
struct store_statement { const char *function; int parameters; };

struct store_config {
	const char *conninfo;
	const struct store_statement *statements;   /* must outlive the store */
	size_t statement_count;
	int group;             /* most calls per sync on the write lane */
	int queue;             /* most calls waiting per lane */
	int connections[LANE_COUNT];
};

/* Start connecting. ready(context, true) once every lane is connected and has prepared all
 * statements for the first time; ready(context, false) when a statement cannot be prepared (the
 * schema does not fit this binary; logged): the caller must then refuse to run. */
typedef void store_ready_fn(void *context, bool usable);
struct store *store_open(struct loop *loop, const struct store_config *config,
                         store_ready_fn *ready, void *context);
void store_close(struct store *store);      /* answers what waits with STORE_AWAY */

typedef void store_done_fn(void *context, enum store_status status, const struct rows *rows);

/* Call statements[statement] with its parameters as text (NULL = SQL NULL); they are copied.
 * done runs exactly once, later in the loop, never from inside this call. `route` picks the
 * connection of a lane with several: the same route, the same connection, in order; of the write
 * lane, connections after the first are used only while a full group waits at the first. Route 0
 * is always the first. */
void store_call(struct store *store, enum store_lane lane, size_t statement, unsigned long route,
                const char *const parameters[], store_done_fn *done, void *context);

size_t rows_count(const struct rows *rows);
/* NULL for SQL NULL. Columns are numbered from 0. */
const char *rows_text(const struct rows *rows, size_t row, int column);
long long rows_int(const struct rows *rows, size_t row, int column);   /* 0 for NULL */

bool store_is_up(const struct store *store, enum store_lane lane);
/* How many calls wait or are in flight on a lane: for /metrics and for a clean shutdown. */
size_t store_pending(const struct store *store, enum store_lane lane);
struct store_counters { unsigned long long calls, syncs, failures, losses, reconnects; };
struct store_counters store_counters(const struct store *store, enum store_lane lane);

#endif
