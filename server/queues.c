/* queues.c — the departments' queues in Redis, made anew from the database, while tickets move.
 *
 * First all is deleted, then the database is asked: whoever comes after its answer adds itself.
 * A ticket that was signed between the answer and the filling has been put back, so the database
 * is asked once more and what no longer waits is taken out. */
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "config.h"
#include "log.h"
#include "queues.h"
#include "redis.h"
#include "system.h"
#include "tool.h"

struct rebuild {
	struct room *room;
	void (*done)(void *context, bool ok);
	void *context;
	json_t *waiting;      /* [[dept, ticket, due], …] */
};

static void rebuild_end(struct rebuild *rebuild, bool ok)
{
	if (ok)
		log_text(LOG_INFO, "queues", "department queues rebuilt: %zu tickets to sign",
		         json_array_size(rebuild->waiting));
	else
		log_line(LOG_WARN, "queues", "department queues not rebuilt: PostgreSQL or Redis is away", NULL);
	if (rebuild->done != NULL)
		rebuild->done(rebuild->context, ok);
	json_decref(rebuild->waiting);
	free(rebuild);
}

static void row_key(const json_t *row, char out[48])
{
	snprintf(out, 48, "%lld %lld", (long long)json_integer_value(json_array_get(row, 0)),
	         (long long)json_integer_value(json_array_get(row, 1)));
}

static json_t *keys_of(const json_t *rows)
{
	json_t *keys = json_object(), *row;
	char key[48];
	size_t i;

	json_array_foreach(rows, i, row) {
		row_key(row, key);
		json_object_set_new(keys, key, json_true());
	}
	return keys;
}

static void checked(void *context, enum store_status status, const struct rows *rows)
{
	struct rebuild *rebuild = context;
	json_t *reply = outcome_reply_json(status, rows), *row;
	json_t *keys = keys_of(json_object_get(reply, "rows"));
	char key[48];
	size_t i;

	json_array_foreach(rebuild->waiting, i, row) {
		row_key(row, key);
		if (reply != NULL && json_object_get(keys, key) == NULL)
			redis_sendf(rebuild->room->redis, NULL, NULL, "ZREM %s:dept:%lld %lld",
			            rebuild->room->config->redis_prefix,
			            (long long)json_integer_value(json_array_get(row, 0)),
			            (long long)json_integer_value(json_array_get(row, 1)));
	}
	rebuild_end(rebuild, reply != NULL);
	json_decref(keys);
	json_decref(reply);
}

static void ask_waiting(struct rebuild *rebuild, store_done_fn *done)
{
	system_ask(rebuild->room, STATEMENT_queue_waiting, LANE_SLOW, 0, json_object(), done, rebuild);
}

static void filled(void *context, const struct redisReply *reply)
{
	if (reply == NULL || reply->type == REDIS_REPLY_ERROR)
		rebuild_end(context, false);
	else
		ask_waiting(context, checked);
}

/* Commands of one connection are done in order: when the last has its answer, all are done. */
static void fill(struct rebuild *rebuild)
{
	struct redis *redis = rebuild->room->redis;
	const char *prefix = rebuild->room->config->redis_prefix;
	size_t i;
	json_t *row;

	json_array_foreach(rebuild->waiting, i, row)
		redis_sendf(redis, NULL, NULL, "ZADD %s:dept:%lld %lld %lld", prefix,
		            (long long)json_integer_value(json_array_get(row, 0)),
		            (long long)json_integer_value(json_array_get(row, 2)),
		            (long long)json_integer_value(json_array_get(row, 1)));
	if (!redis_sendf(redis, filled, rebuild, "PING"))
		rebuild_end(rebuild, false);
}

static void waiting_answered(void *context, enum store_status status, const struct rows *rows)
{
	struct rebuild *rebuild = context;
	json_t *reply = outcome_reply_json(status, rows);

	rebuild->waiting = json_incref(json_object_get(reply, "rows"));
	json_decref(reply);
	if (rebuild->waiting == NULL)
		rebuild_end(rebuild, false);
	else
		fill(rebuild);
}

static void deleted(void *context, const struct redisReply *reply)
{
	if (reply == NULL || reply->type == REDIS_REPLY_ERROR)
		rebuild_end(context, false);
	else
		ask_waiting(context, waiting_answered);
}

static void scan(struct rebuild *rebuild, const char *cursor);

static void scanned(void *context, const struct redisReply *reply)
{
	struct rebuild *rebuild = context;
	size_t i;

	if (reply == NULL || reply->type != REDIS_REPLY_ARRAY || reply->elements != 2) {
		rebuild_end(rebuild, false);
		return;
	}
	for (i = 0; i < reply->element[1]->elements; i++)
		redis_sendf(rebuild->room->redis, NULL, NULL, "DEL %s", reply->element[1]->element[i]->str);
	if (strcmp(reply->element[0]->str, "0") != 0)
		scan(rebuild, reply->element[0]->str);
	else if (!redis_sendf(rebuild->room->redis, deleted, rebuild, "PING"))
		rebuild_end(rebuild, false);
}

static void scan(struct rebuild *rebuild, const char *cursor)
{
	if (!redis_sendf(rebuild->room->redis, scanned, rebuild, "SCAN %s MATCH %s:dept:* COUNT 1000",
	                 cursor, rebuild->room->config->redis_prefix))
		rebuild_end(rebuild, false);
}

void queues_rebuild(struct room *room, void (*done)(void *context, bool ok), void *context)
{
	struct rebuild *rebuild = calloc(1, sizeof(*rebuild));

	if (rebuild == NULL)
		abort();
	rebuild->room = room;
	rebuild->done = done;
	rebuild->context = context;
	scan(rebuild, "0");
}

static void rebuilt(void *context, bool ok)
{
	tool_end(context, ok ? 0 : 1);
}

static void rebuild_begin(void *context)
{
	struct tool *tool = context;

	queues_rebuild(&tool->room, rebuilt, tool);
}

int queues_main(const struct config *config)
{
	struct tool tool;
	int exit_code = tool_run(&tool, config, rebuild_begin, &tool);

	puts(exit_code == 0 ? "部门队列已按数据库重建。" : "部门队列没有重建：请确认 PostgreSQL 和 Redis 都在运行。");
	return exit_code;
}
