/* store_lane.h — one connection to PostgreSQL: calls in, syncs out, results back.
 *
 * Internal to the store: store.c routes and answers, store_lane.c groups calls and hears results,
 * store_connect.c keeps the connection alive. The store owns the lanes and the list of finished
 * calls; a lane owns the calls that it was given until it moves them to that list. */
#ifndef SERVER_STORE_LANE_H
#define SERVER_STORE_LANE_H

#include <libpq-fe.h>
#include <stdint.h>

#include "log.h"
#include "store.h"

struct call {
	struct call *next;
	size_t statement;
	store_done_fn *done;
	void *context;
	enum store_lane kind;
	enum store_status status;
	PGresult *result;
	unsigned slot;           /* of its route, while it is on a write lane */
	bool slotted;
	bool alone;              /* its group failed: goes out in a sync of its own */
	bool last;               /* a sync follows it */
	int tries;
	const char *parameters[];    /* and behind them their text */
};

struct calls {
	struct call *head, *tail;
	size_t count;
};

void calls_append(struct calls *calls, struct call *call);
void calls_prepend(struct calls *calls, struct calls *before);   /* empties `before` */
struct call *calls_take(struct calls *calls);                    /* NULL when empty */

struct lane_config {
	struct loop *loop;
	const struct store_config *store;
	enum store_lane kind;
	const char *name;                  /* "write", … as the log names it */
	struct calls *finished;
	struct store_counters *counters;
	void (*settled)(void *owner);      /* calls may be finished, the state new; may end the lane */
	void *owner;
};

enum lane_state {
	LANE_DOWN,           /* waits for its next attempt */
	LANE_CONNECTING,
	LANE_PREPARING,
	LANE_UP,
	LANE_MISFIT          /* the schema lacks a statement: given up */
};

struct lane {
	struct lane_config config;
	PGconn *connection;
	struct watch *watch;
	struct timer *timer;         /* down: next attempt; connecting, preparing: patience */
	enum lane_state state;
	bool was_prepared;           /* ever */
	bool complained;             /* about being down: once is enough */
	uint32_t backoff;
	size_t prepares, misfits;    /* still to be answered; answered with an error */
	struct calls waiting, flying;
	struct call *hearing;        /* whose result comes next; NULL: only a sync can come */
	struct call *heard;          /* the newest result of the sync under way belongs to it */
	int syncs;                   /* in flight */
};

/* store_connect.c */

/* Starts connecting in the next turn of the loop, and never gives up. */
struct lane *lane_open(const struct lane_config *config);
/* Moves what is unanswered to the finished list and frees the lane. */
void lane_close(struct lane *lane);
/* Drop the connection, answer what was on it and try again later. */
void lane_lost(struct lane *lane, const char *reason);
/* The database answers others: a lane that waits for its next attempt makes it now. */
void lane_hurry(struct lane *lane);
/* Take the answer to a prepared statement, or NULL for its sync. */
void lane_hear_prepare(struct lane *lane, PGresult *result);

/* store_lane.c */

/* Send what may be sent now. */
void lane_push(struct lane *lane);
/* Write what libpq holds back; false when the connection is broken. */
bool lane_flush(struct lane *lane);
/* Read and take the results that have arrived. */
void lane_receive(struct lane *lane);
void calls_finish(struct lane *lane, struct calls *calls, enum store_status status);
void log_failure(const struct lane *lane, enum log_level level, const char *message,
                 size_t statement, const PGresult *result);

#endif
