/* tool.c — a room for the verbs that do one thing with store and Redis and then end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "command_table.h"
#include "config.h"
#include "feed.h"
#include "loop.h"
#include "redis.h"
#include "rules.h"
#include "seal.h"
#include "tool.h"

enum { PATIENCE_MS = 3000, LOOK_MS = 20, DATABASE_MS = 15000 };

static void begin(struct tool *tool)
{
	if (tool->begun)
		return;
	tool->begun = true;
	timer_stop(tool->patience);
	if (!redis_is_up(tool->room.redis))
		fputs("Redis 连接不上：先只写入数据库，运行中的服务器会随后自动补发。\n", stderr);
	tool->begin(tool->context);
}

static void failed(struct tool *tool, const char *sentence)
{
	fprintf(stderr, "%s\n", sentence);
	tool->begun = true;
	tool->exit_code = 1;
	loop_stop(tool->room.loop);
}

static void patience_over(void *context)
{
	struct tool *tool = context;

	if (tool->store_usable)
		begin(tool);
	else
		failed(tool, "数据库连接不上：请检查设置 database，并确认 PostgreSQL 正在运行。");
}

static void rules_ready(void *context, bool ok)
{
	struct tool *tool = context;

	if (!ok) {
		failed(tool, "规则（工作日历、时限、事项目录）读取失败：请先运行 hotlined migrate。");
		return;
	}
	tool->store_usable = true;
	if (redis_is_up(tool->room.redis))
		begin(tool);
	else
		timer_start(tool->patience, PATIENCE_MS, 0);
}

static void store_ready(void *context, bool usable)
{
	struct tool *tool = context;

	if (usable)
		rules_load(&tool->room, rules_ready, tool);
	else
		failed(tool, "数据库与本程序版本不符：请先运行 hotlined migrate。");
}

static void redis_came(void *context)
{
	struct tool *tool = context;

	if (tool->room.feed != NULL)
		feed_awake(tool->room.feed);
	if (tool->store_usable)
		begin(tool);
}

static bool room_open(struct tool *tool)
{
	static const struct feed_hooks no_hooks;
	struct room *room = &tool->room;
	const struct config *config = room->config;
	struct redis_config redis = { .path = *config->redis_socket != '\0' ? config->redis_socket : NULL,
		.host = config->redis_host, .port = config->redis_port,
		.password = *config->redis_password != '\0' ? config->redis_password : NULL,
		.up = redis_came, .context = tool };
	struct store_config store = { .conninfo = config->database, .group = config->store_group,
		.queue = config->store_queue, .connections = { 1, 1, 1 } };

	room->seal = seal_open(config->key_file);
	if (room->seal == NULL)
		return false;
	snprintf(room->instance, sizeof(room->instance), "tool-%ld", (long)getpid());
	store.statement_count = statement_table(&store.statements);
	room->loop = loop_new();
	tool->patience = loop_timer(room->loop, patience_over, tool);
	timer_start(tool->patience, DATABASE_MS, 0);
	room->redis = redis_open(room->loop, &redis);
	room->feed = feed_open(room, &no_hooks);
	room->store = store_open(room->loop, &store, store_ready, tool);
	return true;
}

static void look(void *context)
{
	struct tool *tool = context;

	if (!feed_is_busy(tool->room.feed) || --tool->looks == 0)
		loop_stop(tool->room.loop);
	else
		feed_flush(tool->room.feed);
}

void tool_end(struct tool *tool, int exit_code)
{
	tool->exit_code = exit_code;
	tool->looks = PATIENCE_MS / LOOK_MS;
	timer_end(tool->patience);
	tool->patience = loop_timer(tool->room.loop, look, tool);
	timer_start(tool->patience, LOOK_MS, LOOK_MS);
}

static void room_close(struct room *room)
{
	store_close(room->store);
	redis_close(room->redis);
	feed_close(room->feed);
	rules_free(room->rules);
	seal_close(room->seal);
}

int tool_run(struct tool *tool, const struct config *config, void (*begin_fn)(void *context), void *context)
{
	*tool = (struct tool){ .room = { .config = config }, .begin = begin_fn, .context = context };
	if (!room_open(tool)) {
		fprintf(stderr, "密钥文件 %s 打不开：请用 hotlined key 生成，或改设置 key_file。\n", config->key_file);
		return 1;
	}
	loop_run(tool->room.loop);
	timer_end(tool->patience);
	room_close(&tool->room);
	loop_free(tool->room.loop);
	return tool->exit_code;
}
