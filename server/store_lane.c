/* store_lane.c — groups calls into syncs, sends them and hears their results. */
#include "store_lane.h"

#include <stdio.h>
#include <string.h>

#include "loop.h"

enum {
	READS_IN_FLIGHT = 32,
	TRIES = 3,               /* of a call that another transaction got in the way of */
	EMPTY_RESULTS = 3
};

/* ---- lists of calls ---- */

void calls_append(struct calls *calls, struct call *call)
{
	call->next = NULL;
	if (calls->tail != NULL)
		calls->tail->next = call;
	else
		calls->head = call;
	calls->tail = call;
	calls->count++;
}

void calls_prepend(struct calls *calls, struct calls *before)
{
	if (before->head == NULL)
		return;
	before->tail->next = calls->head;
	if (calls->tail == NULL)
		calls->tail = before->tail;
	calls->head = before->head;
	calls->count += before->count;
	*before = (struct calls){ 0 };
}

struct call *calls_take(struct calls *calls)
{
	struct call *call = calls->head;

	if (call == NULL)
		return NULL;
	calls->head = call->next;
	if (calls->head == NULL)
		calls->tail = NULL;
	calls->count--;
	return call;
}

static void call_forget_result(struct call *call)
{
	PQclear(call->result);
	call->result = NULL;
}

static void call_finish(struct lane *lane, struct call *call, enum store_status status)
{
	call->status = status;
	if (status != STORE_OK)
		call_forget_result(call);
	calls_append(lane->config.finished, call);
}

void calls_finish(struct lane *lane, struct calls *calls, enum store_status status)
{
	struct call *call;

	while ((call = calls_take(calls)) != NULL)
		call_finish(lane, call, status);
}

/* ---- sending ---- */

static bool call_send(struct lane *lane, const struct call *call)
{
	char name[32];

	snprintf(name, sizeof name, "s%zu", call->statement);
	return PQsendQueryPrepared(lane->connection, name,
	                           lane->config.store->statements[call->statement].parameters,
	                           call->parameters, NULL, NULL, 0) == 1;
}

static bool joins_group(const struct lane *lane, const struct call *call, int count)
{
	return lane->config.kind == LANE_WRITE && count < lane->config.store->group && call != NULL
	       && !call->alone;
}

/* One sync with its calls: on the write lane as many as may share a commit, else one. */
static bool group_send(struct lane *lane)
{
	bool was_idle = lane->flying.head == NULL;
	struct call *call;
	int count = 0;

	do {
		call = calls_take(&lane->waiting);
		call->last = false;
		calls_append(&lane->flying, call);
		count++;
		if (!call_send(lane, call))
			return false;
	} while (!call->alone && joins_group(lane, lane->waiting.head, count));
	call->last = true;
	if (was_idle)
		lane->hearing = lane->flying.head;
	lane->syncs++;
	lane->config.counters->syncs++;
	return PQpipelineSync(lane->connection) == 1;
}

bool lane_flush(struct lane *lane)
{
	int unsent = PQflush(lane->connection);

	if (unsent >= 0)
		watch_want(lane->watch, LOOP_READ | (unsent > 0 ? LOOP_WRITE : 0));
	return unsent >= 0;
}

void lane_push(struct lane *lane)
{
	int most = lane->config.kind == LANE_WRITE ? 1 : READS_IN_FLIGHT;
	bool good = true;

	if (lane->state != LANE_UP)
		return;
	while (good && lane->waiting.head != NULL && lane->syncs < most)
		good = group_send(lane);
	if (!good || !lane_flush(lane))
		lane_lost(lane, PQerrorMessage(lane->connection));
}

/* ---- results ---- */

/* The text of a value can stand in the context of data errors (class 22), so that one is kept
 * out of the log. */
void log_failure(const struct lane *lane, enum log_level level, const char *message,
                 size_t statement, const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *context = PQresultErrorField(result, PG_DIAG_CONTEXT);

	if (state == NULL || strncmp(state, "22", 2) == 0)
		context = NULL;
	log_line(level, "store", message, "lane", lane->config.name, "function",
	         lane->config.store->statements[statement].function, "sqlstate", state, "error",
	         PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY), "context", context, NULL);
}

/* Class 40: rolled back because of another transaction (deadlock, serialization). */
static bool deserves_retry(const struct call *call)
{
	const char *state = PQresultErrorField(call->result, PG_DIAG_SQLSTATE);

	return state != NULL && strncmp(state, "40", 2) == 0 && call->tries < TRIES;
}

static void send_again(struct lane *lane, struct calls *group)
{
	for (struct call *call = group->head; call != NULL; call = call->next) {
		call_forget_result(call);
		call->alone = true;
		call->tries++;
	}
	calls_prepend(&lane->waiting, group);
}

static void group_failed(struct lane *lane, struct calls *group, const struct call *failed)
{
	lane->config.counters->failures++;
	if (group->count > 1 || deserves_retry(failed)) {
		log_failure(lane, LOG_INFO, "a failing call is sent again by itself", failed->statement,
		            failed->result);
		send_again(lane, group);
		return;
	}
	log_failure(lane, LOG_ERROR, "a call failed", failed->statement, failed->result);
	calls_finish(lane, group, STORE_FAILED);
}

/* A sync has come back: the calls up to the next `last` are committed or rolled back together. */
static void group_settle(struct lane *lane)
{
	const struct call *failed = NULL;
	struct calls group = { 0 };
	struct call *call;

	do {
		call = calls_take(&lane->flying);
		if (failed == NULL && PQresultStatus(call->result) != PGRES_TUPLES_OK)
			failed = call;
		calls_append(&group, call);
	} while (!call->last);
	lane->syncs--;
	lane->hearing = lane->flying.head;
	lane->heard = NULL;
	if (failed != NULL)
		group_failed(lane, &group, failed);
	else
		calls_finish(lane, &group, STORE_OK);
}

/* When everything of a sync has been heard, an error can still come: from the commit itself. It
 * replaces the newest result. */
static void result_hear(struct lane *lane, PGresult *result)
{
	if (lane->hearing != NULL) {
		lane->heard = lane->hearing;
		lane->hearing = lane->hearing->last ? NULL : lane->hearing->next;
	}
	if (lane->heard == NULL) {
		PQclear(result);
		return;
	}
	call_forget_result(lane->heard);
	lane->heard->result = result;
}

/* ---- hearing ---- */

static void lane_hear_one(struct lane *lane, PGresult *result)
{
	bool synced = PQresultStatus(result) == PGRES_PIPELINE_SYNC;

	if (synced) {
		PQclear(result);
		result = NULL;
	}
	if (lane->state == LANE_PREPARING)
		lane_hear_prepare(lane, result);
	else if (synced)
		group_settle(lane);
	else
		result_hear(lane, result);
}

static bool lane_expects(const struct lane *lane)
{
	return lane->state == LANE_PREPARING || (lane->state == LANE_UP && lane->flying.head != NULL);
}

/* libpq separates results by NULL; several in a row mean that it has no more. */
static void lane_hear(struct lane *lane)
{
	int empty = 0;

	while (lane_expects(lane) && empty < EMPTY_RESULTS && !PQisBusy(lane->connection)) {
		PGresult *result = PQgetResult(lane->connection);

		empty = result == NULL ? empty + 1 : 0;
		if (result != NULL)
			lane_hear_one(lane, result);
	}
}

/* What arrived before the connection broke still counts: a sync among it is a commit. */
void lane_receive(struct lane *lane)
{
	bool alive = PQconsumeInput(lane->connection) == 1;

	lane_hear(lane);
	if (lane->state != LANE_UP && lane->state != LANE_PREPARING)
		return;
	if (!alive || PQstatus(lane->connection) == CONNECTION_BAD)
		lane_lost(lane, PQerrorMessage(lane->connection));
	else
		lane_push(lane);
}
