/* store_connect.c — connects a lane, prepares its statements, and does so again after a loss. */
#define _DEFAULT_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backoff.h"
#include "loop.h"
#include "store_lane.h"

enum { ANSWER_MS = 5000 };    /* most quiet time while connecting and preparing */

/* ---- losing the connection ---- */

static void disconnect(struct lane *lane)
{
	watch_end(lane->watch);
	lane->watch = NULL;
	PQfinish(lane->connection);
	lane->connection = NULL;
	calls_finish(lane, &lane->flying, STORE_LOST);
	calls_finish(lane, &lane->waiting, STORE_AWAY);
	lane->hearing = lane->heard = NULL;
	lane->syncs = 0;
}

void lane_lost(struct lane *lane, const char *reason)
{
	enum log_level level = lane->complained ? LOG_DEBUG : LOG_WARN;
	size_t length = strcspn(reason, "\n");
	char text[512];

	snprintf(text, sizeof text, "%.*s", (int)length, reason);
	log_line(level, "store", lane->state == LANE_UP ? "connection lost" : "database not reachable",
	         "lane", lane->config.name, "error", text, NULL);
	lane->complained = true;
	if (lane->state == LANE_UP)
		lane->config.counters->losses++;
	disconnect(lane);
	lane->state = LANE_DOWN;
	timer_start(lane->timer, backoff_next(&lane->backoff), 0);
}

static void lane_broken(struct lane *lane)
{
	lane_lost(lane, PQerrorMessage(lane->connection));
}

/* ---- preparing ---- */

static void prepare_check(struct lane *lane, PGresult *result)
{
	size_t statement = lane->config.store->statement_count - lane->prepares;

	if (PQresultStatus(result) != PGRES_COMMAND_OK) {
		lane->misfits++;
		log_failure(lane, LOG_ERROR, "the database lacks a function that this binary calls",
		            statement, result);
	}
	PQclear(result);
}

static void lane_up(struct lane *lane)
{
	timer_stop(lane->timer);
	lane->backoff = 0;
	lane->complained = false;
	if (lane->was_prepared)
		lane->config.counters->reconnects++;
	lane->was_prepared = true;
	lane->state = LANE_UP;
	log_line(LOG_INFO, "store", "connected", "lane", lane->config.name, NULL);
}

/* At the first connection a misfit is the operator's to mend; later it may be a migration that is
 * still running, so that trying again helps. */
static void prepare_end(struct lane *lane)
{
	if (lane->misfits == 0) {
		lane_up(lane);
	} else if (lane->was_prepared) {
		lane_lost(lane, "the schema does not fit");
	} else {
		timer_stop(lane->timer);
		disconnect(lane);
		lane->state = LANE_MISFIT;
	}
}

void lane_hear_prepare(struct lane *lane, PGresult *result)
{
	if (result != NULL)
		prepare_check(lane, result);
	else if (--lane->prepares == 0)
		prepare_end(lane);
}

static bool prepare_send(struct lane *lane, size_t statement)
{
	const struct store_statement *wanted = &lane->config.store->statements[statement];
	char name[32], text[512];
	size_t length;

	snprintf(name, sizeof name, "s%zu", statement);
	length = (size_t)snprintf(text, sizeof text, "SELECT * FROM %s(", wanted->function);
	for (int i = 1; i <= wanted->parameters && length < sizeof text; i++)
		length += (size_t)snprintf(text + length, sizeof text - length, i == 1 ? "$%d" : ",$%d", i);
	if (length < sizeof text)
		length += (size_t)snprintf(text + length, sizeof text - length, ")");
	if (length >= sizeof text)
		return false;
	return PQsendPrepare(lane->connection, name, text, 0, NULL) == 1
	       && PQpipelineSync(lane->connection) == 1;
}

/* Each statement gets a sync of its own, so that all that do not fit are named. */
static bool prepare_all(struct lane *lane)
{
	size_t count = lane->config.store->statement_count;

	if (PQsetnonblocking(lane->connection, 1) != 0 || PQenterPipelineMode(lane->connection) != 1)
		return false;
	lane->state = LANE_PREPARING;
	lane->prepares = count;
	lane->misfits = 0;
	timer_start(lane->timer, ANSWER_MS, 0);
	for (size_t i = 0; i < count; i++)
		if (!prepare_send(lane, i))
			return false;
	return lane_flush(lane);
}

/* ---- connecting ---- */

static void on_notice(void *context, const char *message)
{
	const struct lane *lane = context;
	char text[512];

	snprintf(text, sizeof text, "%.*s", (int)strcspn(message, "\n"), message);
	log_line(LOG_DEBUG, "store", "notice", "lane", lane->config.name, "text", text, NULL);
}

static void on_ready(void *context, int ready);

/* PQconnectPoll() may have changed the socket, even to another one of the same number: each step
 * is watched anew. */
static void connect_await(struct lane *lane, int want)
{
	lane->watch = loop_watch(lane->config.loop, PQsocket(lane->connection), on_ready, lane);
	watch_want(lane->watch, want);
	timer_start(lane->timer, ANSWER_MS, 0);
}

static void connect_step(struct lane *lane)
{
	watch_end(lane->watch);
	lane->watch = NULL;
	switch (PQconnectPoll(lane->connection)) {
	case PGRES_POLLING_READING:
		connect_await(lane, LOOP_READ);
		break;
	case PGRES_POLLING_OK:
		connect_await(lane, LOOP_READ);
		if (!prepare_all(lane))
			lane_broken(lane);
		else if (lane->prepares == 0)
			prepare_end(lane);
		break;
	case PGRES_POLLING_FAILED:
		lane_broken(lane);
		break;
	default:
		connect_await(lane, LOOP_WRITE);
		break;
	}
}

/* One statement, one core: workers of a parallel scan would take 50 ms to start, and the cores from everybody else. */
#define OPTIONS(timeout) "-c max_parallel_workers_per_gather=0 -c statement_timeout=" timeout

/* What stands before dbname (the operator's connection string) gives way to it. */
static void connect_start(struct lane *lane)
{
	const char *options = lane->config.kind == LANE_LONG ? OPTIONS("600s")
		: lane->config.kind == LANE_SLOW ? OPTIONS("60s") : OPTIONS("10s");
	const char *const names[] = { "application_name", "options", "tcp_user_timeout",
		"keepalives_idle", "keepalives_interval", "keepalives_count", "dbname",
		"client_encoding", NULL };
	const char *const values[] = { "hotlined", options, "3000", "10", "3", "3",
		lane->config.store->conninfo, "UTF8", NULL };

	lane->state = LANE_CONNECTING;
	lane->connection = PQconnectStartParams(names, values, 1);
	if (lane->connection == NULL) {
		log_text(LOG_ERROR, "store", "out of memory");
		abort();
	}
	PQsetNoticeProcessor(lane->connection, on_notice, lane);
	if (PQstatus(lane->connection) == CONNECTION_BAD)
		lane_broken(lane);
	else
		connect_await(lane, LOOP_WRITE);
}

/* Nothing may touch the lane after settled(): its owner may have ended it. */
static void on_ready(void *context, int ready)
{
	struct lane *lane = context;

	if (lane->state == LANE_CONNECTING)
		connect_step(lane);
	else if ((ready & LOOP_WRITE) && !lane_flush(lane))
		lane_broken(lane);
	else if (ready & LOOP_READ)
		lane_receive(lane);
	lane->config.settled(lane->config.owner);
}

static void on_timer(void *context)
{
	struct lane *lane = context;

	if (lane->state == LANE_DOWN)
		connect_start(lane);
	else
		lane_lost(lane, "no answer within 5 seconds");
	lane->config.settled(lane->config.owner);
}

/* ---- the lane ---- */

struct lane *lane_open(const struct lane_config *config)
{
	struct lane *lane = calloc(1, sizeof *lane);

	if (lane == NULL) {
		log_text(LOG_ERROR, "store", "out of memory");
		abort();
	}
	lane->config = *config;
	lane->timer = loop_timer(config->loop, on_timer, lane);
	timer_start(lane->timer, 0, 0);
	return lane;
}

void lane_close(struct lane *lane)
{
	disconnect(lane);
	timer_end(lane->timer);
	free(lane);
}

void lane_hurry(struct lane *lane)
{
	if (lane->state != LANE_DOWN)
		return;
	lane->backoff = 0;
	timer_start(lane->timer, 0, 0);
}
