/* dispatcher.c — takes accepted tickets from the stream and sends each where it belongs.
 *
 * An entry is acknowledged only when the database has answered for good. What was not (database
 * away, process gone) stays pending and is claimed again, here or by another process. */
#include <hiredis/hiredis.h>
#include <stdlib.h>
#include <string.h>
#include "clock.h"
#include "config.h"
#include "danger.h"
#include "decision.h"
#include "dispatcher.h"
#include "dispatcher_figures.h"
#include "feed.h"
#include "log.h"
#include "loop.h"
#include "redis.h"
#include "rules.h"
#include "system.h"
#include "ticket.h"

enum {
	READ_COUNT = 64,          /* entries of one read */
	READ_BLOCK_MS = 2000,
	FLIGHT_LIMIT = 256,       /* tickets being decided at once: back-pressure on the stream */
	TICK_MS = 1000,
	CLAIM_IDLE_MS = 5000,     /* pending for so long: its process did not finish it */
	WAITING_MS = 1000,        /* accepted for so long without an entry: the stream lost it */
	WAITING_BUSY_MS = 15000,  /* the same while the stream never falls quiet: it may only be behind */
	WAITING_BUSY_LIMIT = 32,
	RETRY_MS = 500,
	NOTE_ROOM = 1600          /* bytes of reasons on the timeline */
};

/* One ticket on its way from the stream to its department. */
struct job {
	struct dispatcher *owner;
	struct job *next, **link;
	char entry[40];           /* "" when it came from the database, not from the stream */
	long long ticket;
	struct seen seen;
	int64_t accepted;
	enum flow_action action;
};

struct dispatcher {
	struct room *room;
	struct redis *redis;              /* own connection: its reads block */
	struct timer *tick, *retry;
	char stream[96];
	struct job *jobs;
	int in_flight;
	bool reading, asking, quiet, stopping;   /* quiet: the last read found nothing */
	struct dispatcher_figures figures;
};

static void read_on(struct dispatcher *dispatcher);
static void group_make(struct dispatcher *dispatcher);

static void entry_ack(struct dispatcher *dispatcher, const char *entry)
{
	if (*entry != '\0')
		redis_sendf(dispatcher->room->redis, NULL, NULL, "XACK %s dispatch %s", dispatcher->stream, entry);
}

static void job_end(struct job *job, bool acknowledge)
{
	struct dispatcher *dispatcher = job->owner;

	if (acknowledge)
		entry_ack(dispatcher, job->entry);
	*job->link = job->next;
	if (job->next != NULL)
		job->next->link = job->link;
	free(job);
	dispatcher->in_flight--;
	read_on(dispatcher);
}

static void job_moved(void *context, enum store_status status, const struct rows *rows);

static void job_send(struct job *job, json_t *extra)
{
	struct room *room = job->owner->room;
	json_t *params = ticket_system_move(room->rules, job->action, job->ticket, &job->seen, wall_ms());

	json_object_update(params, extra);
	json_decref(extra);
	if (json_object_get(params, "assists") != NULL)
		clock_part(room->rules, CLOCK_sign, &job->seen, params);
	system_ask(room, STATEMENT_ticket_move, LANE_WRITE, (unsigned long)job->ticket, params,
	           job_moved, job);
}

/* The move to the department did not hold for a reason that stays: people must look. */
static void job_to_pool(struct job *job, const char *why)
{
	log_line(LOG_WARN, "dispatcher", "sent to the pool instead", "why", why, NULL);
	job->action = ACTION_pool;
	job_send(job, json_pack("{s:s}", "note", "自动派单未成功：承办单位不能接收，转人工派单"));
}

static void job_succeeded(struct job *job, const struct rows *rows)
{
	struct dispatcher *dispatcher = job->owner;

	dispatcher_figures_moved(&dispatcher->figures, job->action == ACTION_dispatch,
	                         (wall_ms() - job->accepted) * 1000);
	feed_publish(dispatcher->room, rows);
	job_end(job, true);
}

static void job_refused(struct job *job, const char *why)
{
	if (strcmp(why, "stale") == 0 || strcmp(why, "not_found") == 0) {
		job->owner->figures.already++;
		job_end(job, true);
	} else if (job->action == ACTION_dispatch) {
		job_to_pool(job, why);
	} else {
		log_line(LOG_ERROR, "dispatcher", "ticket cannot be moved", "why", why, NULL);
		job->owner->figures.failed++;
		job_end(job, true);
	}
}

static void job_moved(void *context, enum store_status status, const struct rows *rows)
{
	struct job *job = context;
	char why[32];

	if (status == STORE_FAILED)
		job_refused(job, "statement failed");
	else if (status != STORE_OK)
		job_end(job, false);
	else if (outcome_refusal(status, rows, why))
		job_refused(job, why);
	else
		job_succeeded(job, rows);
}

static bool job_known(const struct dispatcher *dispatcher, const char *entry, long long ticket)
{
	const struct job *job;

	for (job = dispatcher->jobs; job != NULL; job = job->next)
		if (job->ticket == ticket || (*entry != '\0' && strcmp(job->entry, entry) == 0))
			return true;
	return false;
}

static struct job *job_new(struct dispatcher *dispatcher, const char *entry, const json_t *row)
{
	struct job *job = calloc(1, sizeof(*job));

	if (job == NULL)
		abort();
	job->owner = dispatcher;
	snprintf(job->entry, sizeof(job->entry), "%s", entry);
	job->ticket = json_integer_value(json_object_get(row, "id"));
	job->seen = seen_of(row);
	job->seen.state = STATE_accepted;
	job->accepted = json_integer_value(json_object_get(row, "accepted"));
	job->next = dispatcher->jobs;
	job->link = &dispatcher->jobs;
	if (job->next != NULL)
		job->next->link = &job->next;
	dispatcher->jobs = job;
	dispatcher->in_flight++;
	return job;
}

static const char *member(const json_t *row, const char *name)
{
	const char *text = json_string_value(json_object_get(row, name));

	return text != NULL ? text : "";
}

/* 协办 get their 承办单 in the same move. */
static void assists_add(const struct dispatch_answer *answer, json_t *move)
{
	json_t *list = json_array();

	for (size_t i = 0; i < answer->co_count; i++)
		json_array_append_new(list, json_integer(answer->cos[i]));
	json_object_set(json_object_get(move, "detail"), "assists", list);
	json_object_set_new(move, "assists", list);
	json_object_set_new(move, "task", json_string("随单派发：请配合主办单位办理，并反馈本单位职责内的情况"));
}

/* Ask the law where it belongs; what it says becomes the move. */
static json_t *decide(struct dispatcher *dispatcher, const json_t *row, enum flow_action *ret_action)
{
	json_t *danger = danger_json(rules_police(dispatcher->room->rules), member(row, "title"), member(row, "body"),
	                             (int)json_integer_value(json_object_get(row, "kind")));
	struct decision decision;
	const struct dispatch_answer *answer = &decision.answer;
	char note[NOTE_ROOM];
	json_t *move;

	if (danger != NULL) {
		*ret_action = ACTION_pool;
		return danger_move(danger);
	}
	decision_make(dispatcher->room, NULL, row, wall_ms(), &decision);
	dispatcher_figures_decided(&dispatcher->figures, decision.micros);
	*ret_action = answer->band == BAND_straight ? ACTION_dispatch : ACTION_pool;
	dispatch_note(answer, note, sizeof(note));
	move = json_pack("{s:s, s:o}", "note", note, "detail", decision_detail(&decision, *member(row, "matter") != '\0'));
	if (*ret_action == ACTION_dispatch) {
		json_object_set_new(move, "dept", json_integer(answer->unit));
		if (answer->matter != NULL)
			json_object_set_new(move, "matter", json_string(answer->matter));
		if (answer->co_count > 0)
			assists_add(answer, move);
	}
	return move;
}

static void take(struct dispatcher *dispatcher, const char *entry, const char *text)
{
	json_t *row = text == NULL ? NULL : json_loads(text, 0, NULL);
	struct job *job;
	json_t *move;

	if (json_integer_value(json_object_get(row, "id")) <= 0 || *member(row, "region") == '\0') {
		log_line(LOG_ERROR, "dispatcher", "unreadable entry dropped", "entry", entry, NULL);
		dispatcher->figures.poison++;
		entry_ack(dispatcher, entry);
	} else if (!job_known(dispatcher, entry, json_integer_value(json_object_get(row, "id")))) {
		job = job_new(dispatcher, entry, row);
		move = decide(dispatcher, row, &job->action);
		job_send(job, move);
	}
	json_decref(row);
}

/* [id, [field, value, …]]; an entry that was trimmed away has no fields. */
static void entry_take(struct dispatcher *dispatcher, const redisReply *entry)
{
	const redisReply *fields = entry->elements == 2 ? entry->element[1] : NULL;
	const char *text = NULL;
	size_t i;

	if (entry->type != REDIS_REPLY_ARRAY || fields == NULL || fields->type != REDIS_REPLY_ARRAY)
		return;
	for (i = 0; i + 1 < fields->elements; i += 2)
		if (strcmp(fields->element[i]->str, "b") == 0)
			text = fields->element[i + 1]->str;
	take(dispatcher, entry->element[0]->str, text);
}

static void entries_take(struct dispatcher *dispatcher, const redisReply *entries)
{
	size_t i;

	if (entries->type != REDIS_REPLY_ARRAY)
		return;
	for (i = 0; i < entries->elements; i++)
		entry_take(dispatcher, entries->element[i]);
}

static void read_failed(struct dispatcher *dispatcher, const char *error)
{
	/* UNBLOCKED: the stream was deleted while the read waited on it. */
	if (strncmp(error, "NOGROUP", 7) == 0 || strncmp(error, "UNBLOCKED", 9) == 0) {
		group_make(dispatcher);
		return;
	}
	log_line(LOG_ERROR, "dispatcher", "stream cannot be read", "error", error, NULL);
	timer_start(dispatcher->retry, RETRY_MS, 0);
}

static void read_answered(void *context, const struct redisReply *reply)
{
	struct dispatcher *dispatcher = context;

	dispatcher->reading = false;
	if (reply == NULL || dispatcher->stopping)
		return;
	if (reply->type == REDIS_REPLY_ERROR) {
		read_failed(dispatcher, reply->str);
		return;
	}
	dispatcher->quiet = reply->type != REDIS_REPLY_ARRAY || reply->elements == 0;
	if (!dispatcher->quiet && reply->element[0]->elements == 2)
		entries_take(dispatcher, reply->element[0]->element[1]);
	read_on(dispatcher);
}

static void read_on(struct dispatcher *dispatcher)
{
	if (dispatcher->reading || dispatcher->stopping
	    || dispatcher->in_flight > FLIGHT_LIMIT - READ_COUNT || !redis_is_up(dispatcher->redis))
		return;
	dispatcher->reading = redis_sendf(dispatcher->redis, read_answered, dispatcher,
		"XREADGROUP GROUP dispatch %s COUNT %d BLOCK %d STREAMS %s >", dispatcher->room->instance,
		READ_COUNT, READ_BLOCK_MS, dispatcher->stream);
}

static void group_answered(void *context, const struct redisReply *reply)
{
	struct dispatcher *dispatcher = context;

	dispatcher->reading = false;
	if (reply == NULL || dispatcher->stopping)
		return;
	if (reply->type == REDIS_REPLY_ERROR && strncmp(reply->str, "BUSYGROUP", 9) != 0) {
		log_line(LOG_ERROR, "dispatcher", "group cannot be made", "error", reply->str, NULL);
		timer_start(dispatcher->retry, RETRY_MS, 0);
		return;
	}
	if (reply->type != REDIS_REPLY_ERROR)
		log_line(LOG_INFO, "dispatcher", "Redis was empty: group made", NULL);
	read_on(dispatcher);
}

static void group_make(struct dispatcher *dispatcher)
{
	if (dispatcher->reading || dispatcher->stopping)
		return;
	dispatcher->reading = redis_sendf(dispatcher->redis, group_answered, dispatcher,
		"XGROUP CREATE %s dispatch 0 MKSTREAM", dispatcher->stream);
}

static void redis_came(void *context)
{
	group_make(context);
}

static void redis_went(void *context)
{
	struct dispatcher *dispatcher = context;

	dispatcher->reading = false;
	dispatcher->quiet = true;
}

static void claim_answered(void *context, const struct redisReply *reply)
{
	struct dispatcher *dispatcher = context;

	if (reply == NULL || dispatcher->stopping || reply->type != REDIS_REPLY_ARRAY || reply->elements < 2)
		return;
	entries_take(dispatcher, reply->element[1]);
}

/* Rows of the database, for which the stream has no entry: taken without one. */
static void waiting_answered(void *context, enum store_status status, const struct rows *rows)
{
	struct dispatcher *dispatcher = context;
	size_t i;

	dispatcher->asking = false;
	if (status != STORE_OK || dispatcher->stopping)
		return;
	for (i = 0; i < rows_count(rows) && dispatcher->in_flight < FLIGHT_LIMIT; i++)
		if (strcmp(rows_text(rows, i, OUTCOME_KIND), "dispatch") == 0) {
			int before = dispatcher->in_flight;

			take(dispatcher, "", rows_text(rows, i, OUTCOME_BODY));
			dispatcher->figures.repaired += dispatcher->in_flight > before;
		}
}

/* At once when nothing else is to be done. On a day on which the stream never falls quiet, only what
 * has waited long, and a few at a time: a backlog on the stream is no loss. */
static void waiting_ask(struct dispatcher *dispatcher)
{
	bool idle = dispatcher->in_flight == 0 && (dispatcher->quiet || !redis_is_up(dispatcher->redis));

	if (dispatcher->asking)
		return;
	dispatcher->asking = true;
	system_ask(dispatcher->room, STATEMENT_dispatch_waiting, LANE_READ, 0,
	           json_pack("{s:I, s:i, s:i}", "at", (json_int_t)wall_ms(),
	                     "older", idle ? WAITING_MS : WAITING_BUSY_MS,
	                     "limit", idle ? FLIGHT_LIMIT : WAITING_BUSY_LIMIT), waiting_answered, dispatcher);
}

static void tick(void *context)
{
	struct dispatcher *dispatcher = context;

	if (dispatcher->stopping)
		return;
	if (dispatcher->in_flight <= FLIGHT_LIMIT - READ_COUNT)
		redis_sendf(dispatcher->room->redis, claim_answered, dispatcher,
		            "XAUTOCLAIM %s dispatch %s %d 0-0 COUNT %d", dispatcher->stream,
		            dispatcher->room->instance, CLAIM_IDLE_MS, READ_COUNT);
	waiting_ask(dispatcher);
	read_on(dispatcher);
}

static void retry(void *context)
{
	group_make(context);
}

void dispatcher_open(struct room *room)
{
	const struct config *config = room->config;
	struct dispatcher *dispatcher = calloc(1, sizeof(*dispatcher));
	struct redis_config redis = { .path = *config->redis_socket != '\0' ? config->redis_socket : NULL,
		.host = config->redis_host, .port = config->redis_port,
		.password = *config->redis_password != '\0' ? config->redis_password : NULL,
		.blocking = true, .up = redis_came, .down = redis_went, .context = dispatcher };

	if (dispatcher == NULL)
		abort();
	dispatcher->room = room;
	snprintf(dispatcher->stream, sizeof(dispatcher->stream), "%s:dispatch", config->redis_prefix);
	dispatcher->tick = loop_timer(room->loop, tick, dispatcher);
	dispatcher->retry = loop_timer(room->loop, retry, dispatcher);
	timer_start(dispatcher->tick, TICK_MS, TICK_MS);
	dispatcher->quiet = true;
	room->dispatcher = dispatcher;
	dispatcher->redis = redis_open(room->loop, &redis);
}

void dispatcher_drain(struct room *room)
{
	if (room->dispatcher == NULL)
		return;
	room->dispatcher->stopping = true;
	timer_stop(room->dispatcher->tick);
	timer_stop(room->dispatcher->retry);
}

void dispatcher_close(struct room *room)
{
	struct dispatcher *dispatcher = room->dispatcher;

	if (dispatcher == NULL)
		return;
	dispatcher_drain(room);
	redis_close(dispatcher->redis);
	timer_end(dispatcher->tick);
	timer_end(dispatcher->retry);
	free(dispatcher);
	room->dispatcher = NULL;
}

void dispatcher_metrics(const struct room *room, FILE *out)
{
	if (room->dispatcher != NULL)
		dispatcher_figures_print(&room->dispatcher->figures, room->dispatcher->in_flight, out);
}
