/* feed.c — the feed's life: its epoch in Redis, its clockwork, opening and closing. */
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "config.h"
#include "feed_parts.h"
#include "log.h"
#include "loop.h"
#include "redis.h"
#include "room.h"
#include "seal.h"

enum { DONE_SOON_MS = 100, LOOK_MS = 250, SECOND_MS = 1000, POSITION_TICKS = 15 };

/* ---- the epoch: which life of the stream this is ------------------------------------------ */

/* Fits the 40 characters that feed.open takes. */
static void epoch_make(const struct feed *feed, const char *key, char out[EPOCH_TEXT])
{
	snprintf(out, EPOCH_TEXT, "%.27s.%.8s", key, feed->run);
}

bool feed_epoch_is(const struct feed *feed, const char *key)
{
	char epoch[EPOCH_TEXT];

	epoch_make(feed, key, epoch);
	return strcmp(epoch, feed->epoch) == 0;
}

static void epoch_set(struct feed *feed, const char *key)
{
	char epoch[EPOCH_TEXT];

	epoch_make(feed, key, epoch);
	if (strcmp(epoch, feed->epoch) != 0) {
		log_line(LOG_INFO, "feed", "a new life of the stream", "epoch", epoch, "before", feed->epoch, NULL);
		feed->reader.reset = feed->epoch[0] != '\0';
		memcpy(feed->epoch, epoch, sizeof epoch);
		if (feed->hooks.emptied)
			feed->hooks.emptied(feed->room);
	}
	reader_go(&feed->reader);
}

static void on_epoch(void *context, const struct redisReply *reply)
{
	struct feed *feed = context;
	char key[37];

	if (!reply || !feed->run[0])
		return;
	if (reply->type == REDIS_REPLY_STRING && reply->len == 36 &&
	    strspn(reply->str, "0123456789abcdef-") == 36) {
		epoch_set(feed, reply->str);
	} else if (reply->type == REDIS_REPLY_NIL) {
		uuid_make(key);
		redis_sendf(feed->room->redis, NULL, NULL, "SET %s %s NX", feed->epoch_key, key);
		redis_sendf(feed->room->redis, on_epoch, feed, "GET %s", feed->epoch_key);
	}
}

/* A restarted Redis may have lost its last second: another run is another life. */
static void on_run(void *context, const struct redisReply *reply)
{
	struct feed *feed = context;
	const char *run = reply && reply->type == REDIS_REPLY_STRING ? strstr(reply->str, "run_id:") : NULL;

	if (run)
		snprintf(feed->run, sizeof feed->run, "%.8s", run + 7);
}

static void on_added_count(void *context, const struct redisReply *reply)
{
	struct feed *feed = context;
	struct stream_facts facts;

	if (stream_facts_read(reply, &facts))
		feed->added = facts.added;
}

static void look(struct feed *feed)
{
	struct redis *redis = feed->room->redis;

	redis_sendf(redis, on_epoch, feed, "GET %s", feed->epoch_key);
	redis_sendf(redis, on_added_count, feed, "XINFO STREAM %s", feed->stream);
}

void feed_awake(struct feed *feed)
{
	redis_sendf(feed->room->redis, on_run, feed, "INFO server");
	look(feed);
}

static void on_look(void *context)
{
	struct feed *feed = context;

	look(feed);
	reader_go(&feed->reader);
}

static void on_soon(void *context)
{
	feed_flush(context);
}

static void on_second(void *context)
{
	struct feed *feed = context;

	feed_ask_stale(feed);
	if (++feed->ticks % POSITION_TICKS == 0)
		reader_tell_positions(feed);
}

/* ---- the feed itself -------------------------------------------------------------------- */

struct feed *feed_open(struct room *room, const struct feed_hooks *hooks)
{
	struct feed *feed = calloc(1, sizeof *feed);

	if (!feed || !(feed->index = index_new())) {
		log_line(LOG_ERROR, "feed", "no memory", NULL);
		abort();
	}
	feed->room = room;
	feed->hooks = *hooks;
	snprintf(feed->stream, sizeof feed->stream, "%s:feed", room->config->redis_prefix);
	snprintf(feed->dispatch, sizeof feed->dispatch, "%s:dispatch", room->config->redis_prefix);
	snprintf(feed->police, sizeof feed->police, "%s:110", room->config->redis_prefix);
	snprintf(feed->epoch_key, sizeof feed->epoch_key, "%s:epoch", room->config->redis_prefix);
	reader_open(feed);
	feed->look = loop_timer(room->loop, on_look, feed);
	feed->second = loop_timer(room->loop, on_second, feed);
	feed->soon = loop_timer(room->loop, on_soon, feed);
	timer_start(feed->look, LOOK_MS, LOOK_MS);
	timer_start(feed->second, SECOND_MS, SECOND_MS);
	timer_start(feed->soon, DONE_SOON_MS, DONE_SOON_MS);
	if (redis_is_up(room->redis))
		feed_awake(feed);
	return feed;
}

void feed_close(struct feed *feed)
{
	if (!feed)
		return;
	timer_end(feed->look);
	timer_end(feed->second);
	timer_end(feed->soon);
	reader_close(feed);
	index_free(feed->index);
	free(feed->done);
	free(feed);
}

void feed_link_gone(struct feed *feed, link_id link)
{
	index_drop(feed->index, link, feed->reader.delivering);
}

bool feed_is_busy(const struct feed *feed)
{
	return feed->adding > 0 || feed->forgetting > 0 || feed->done_count > 0;
}

const char *feed_epoch(const struct feed *feed)
{
	return feed->epoch;
}

const char *feed_position(const struct feed *feed)
{
	return feed->reader.position;
}

size_t feed_lag_entries(const struct feed *feed)
{
	uint64_t added = (uint64_t)feed->added;

	return added > feed->reader.entries ? (size_t)(added - feed->reader.entries) : 0;
}
