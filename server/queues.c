/* queues.c — the departments' queues in Redis, made anew from the database.
 *
 * A ticket that is signed while the queues are being filled may stand in one a moment too long;
 * readers of a queue ask the database before they act, so it only costs them a look. */
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

static void filled(void *context, const struct redisReply *reply)
{
	rebuild_end(context, reply != NULL && reply->type != REDIS_REPLY_ERROR);
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
	if (strcmp(reply->element[0]->str, "0") == 0)
		fill(rebuild);
	else
		scan(rebuild, reply->element[0]->str);
}

static void scan(struct rebuild *rebuild, const char *cursor)
{
	if (!redis_sendf(rebuild->room->redis, scanned, rebuild, "SCAN %s MATCH %s:dept:* COUNT 1000",
	                 cursor, rebuild->room->config->redis_prefix))
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
		scan(rebuild, "0");
}

void queues_rebuild(struct room *room, void (*done)(void *context, bool ok), void *context)
{
	struct rebuild *rebuild = calloc(1, sizeof(*rebuild));

	if (rebuild == NULL)
		abort();
	rebuild->room = room;
	rebuild->done = done;
	rebuild->context = context;
	system_ask(room, STATEMENT_queue_waiting, LANE_SLOW, 0, json_object(), waiting_answered, rebuild);
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
