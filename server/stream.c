/* stream.c — reads a stream of work in Redis as one of its consumer group. */
#include "stream.h"

#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "config.h"
#include "log.h"
#include "room.h"

enum { READ_COUNT = 64, READ_BLOCK_MS = 2000, CLAIM_IDLE_MS = 5000, TAKEN_MOST = 512, ID_ROOM = 40 };

struct stream {
	struct room *room;
	struct redis *redis;
	char key[96], group[24];
	char taken[TAKEN_MOST][ID_ROOM];   /* entries that wait to be acknowledged */
	size_t taken_count;
	bool reading, stopping;
	void (*arrived)(void *context);
	void *context;
};

static void read_on(struct stream *stream);

/* ---- what comes ------------------------------------------------------------------------------- */

static bool is_taken(const struct stream *stream, const char *id)
{
	for (size_t i = 0; i < stream->taken_count; i++)
		if (strcmp(stream->taken[i], id) == 0)
			return true;
	return false;
}

/* [[id, fields], …]: only the ids matter here. */
static void entries_take(struct stream *stream, const redisReply *entries)
{
	size_t before = stream->taken_count;

	for (size_t i = 0; entries->type == REDIS_REPLY_ARRAY && i < entries->elements; i++) {
		const redisReply *entry = entries->element[i];

		if (entry->type == REDIS_REPLY_ARRAY && entry->elements > 0 && entry->element[0]->type == REDIS_REPLY_STRING &&
		    stream->taken_count < TAKEN_MOST && !is_taken(stream, entry->element[0]->str))
			snprintf(stream->taken[stream->taken_count++], ID_ROOM, "%s", entry->element[0]->str);
	}
	if (stream->taken_count > before)
		stream->arrived(stream->context);
}

static void on_group(void *context, const struct redisReply *reply)
{
	struct stream *stream = context;

	stream->reading = false;
	if (reply == NULL || stream->stopping)
		return;
	if (reply->type != REDIS_REPLY_ERROR || strncmp(reply->str, "BUSYGROUP", 9) == 0)
		read_on(stream);
	else
		log_line(LOG_ERROR, "stream", "group cannot be made", "stream", stream->key, "error", reply->str, NULL);
}

static void group_make(struct stream *stream)
{
	if (!stream->reading && !stream->stopping)
		stream->reading = redis_sendf(stream->redis, on_group, stream, "XGROUP CREATE %s %s 0 MKSTREAM", stream->key,
		                              stream->group);
}

static void on_read(void *context, const struct redisReply *reply)
{
	struct stream *stream = context;

	stream->reading = false;
	if (reply == NULL || stream->stopping)
		return;
	if (reply->type == REDIS_REPLY_ERROR) {
		/* NOGROUP, UNBLOCKED: the stream was deleted. Anything else is tried again at the next tick. */
		if (strncmp(reply->str, "NOGROUP", 7) == 0 || strncmp(reply->str, "UNBLOCKED", 9) == 0)
			group_make(stream);
		else
			log_line(LOG_ERROR, "stream", "cannot be read", "stream", stream->key, "error", reply->str, NULL);
		return;
	}
	if (reply->type == REDIS_REPLY_ARRAY && reply->elements > 0 && reply->element[0]->elements == 2)
		entries_take(stream, reply->element[0]->element[1]);
	read_on(stream);
}

static void read_on(struct stream *stream)
{
	if (stream->reading || stream->stopping || stream->taken_count > TAKEN_MOST - READ_COUNT || !redis_is_up(stream->redis))
		return;
	stream->reading = redis_sendf(stream->redis, on_read, stream, "XREADGROUP GROUP %s %s COUNT %d BLOCK %d STREAMS %s >",
	                              stream->group, stream->room->instance, READ_COUNT, READ_BLOCK_MS, stream->key);
}

static void on_claim(void *context, const struct redisReply *reply)
{
	struct stream *stream = context;

	if (reply != NULL && !stream->stopping && reply->type == REDIS_REPLY_ARRAY && reply->elements >= 2)
		entries_take(stream, reply->element[1]);
}

void stream_tick(struct stream *stream)
{
	if (stream->stopping)
		return;
	redis_sendf(stream->room->redis, on_claim, stream, "XAUTOCLAIM %s %s %s %d 0-0 COUNT %d", stream->key, stream->group,
	            stream->room->instance, CLAIM_IDLE_MS, READ_COUNT);
	read_on(stream);
}

size_t stream_taken(const struct stream *stream)
{
	return stream->taken_count;
}

void stream_ack(struct stream *stream, size_t count)
{
	if (count > stream->taken_count)
		count = stream->taken_count;
	for (size_t i = 0; i < count; i++)
		redis_sendf(stream->room->redis, NULL, NULL, "XACK %s %s %s", stream->key, stream->group, stream->taken[i]);
	memmove(stream->taken, stream->taken + count, (stream->taken_count - count) * sizeof stream->taken[0]);
	stream->taken_count -= count;
}

/* ---- its life --------------------------------------------------------------------------------- */

static void on_up(void *context)
{
	group_make(context);
}

static void on_down(void *context)
{
	struct stream *stream = context;

	stream->reading = false;
}

struct stream *stream_open(struct room *room, const char *name, void (*arrived)(void *context), void *context)
{
	const struct config *config = room->config;
	struct stream *stream = calloc(1, sizeof *stream);

	if (stream == NULL)
		abort();
	stream->room = room;
	stream->arrived = arrived;
	stream->context = context;
	snprintf(stream->key, sizeof stream->key, "%s:%s", config->redis_prefix, name);
	snprintf(stream->group, sizeof stream->group, "%s", name);
	stream->redis = redis_open(room->loop, &(struct redis_config){
		.path = *config->redis_socket != '\0' ? config->redis_socket : NULL, .host = config->redis_host,
		.port = config->redis_port, .password = *config->redis_password != '\0' ? config->redis_password : NULL,
		.blocking = true, .up = on_up, .down = on_down, .context = stream });
	return stream;
}

void stream_stop(struct stream *stream)
{
	stream->stopping = true;
}

void stream_close(struct stream *stream)
{
	stream_stop(stream);
	redis_close(stream->redis);
	free(stream);
}
