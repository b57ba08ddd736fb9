/* feed_catch.c — feed.open: what a console wants to see, and what it missed while it was away. */
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "command.h"
#include "config.h"
#include "feed_parts.h"
#include "redis.h"
#include "room.h"

/* One console catching up; lives until Redis has answered. */
struct catchup {
	struct feed *feed;
	struct ask *ask;
	struct stream_id since;
	struct stream_facts facts;
	bool reachable;
};

static const struct { const char *name; unsigned topic; } topic_names[] = {
	{ "dept", TOPIC_dept }, { "mine", TOPIC_mine }, { "callback", TOPIC_callback },
	{ "all", TOPIC_all }, { "agents", TOPIC_agents }, { "board", TOPIC_board } };

static unsigned topics_of(const json_t *names)
{
	unsigned topics = 0;
	size_t i;
	const json_t *name;

	json_array_foreach(names, i, name)
		for (size_t t = 0; t < sizeof topic_names / sizeof topic_names[0]; t++)
			if (strcmp(json_string_value(name), topic_names[t].name) == 0)
				topics |= topic_names[t].topic;
	return topics;
}

static void answer(struct feed *feed, struct ask *ask, const char *mode, size_t replayed, struct stream_id pos)
{
	char position[STREAM_ID_TEXT] = "";

	if (feed->reader.positioned)
		stream_id_print(pos, position);
	ask_answer_json(feed->room, ask, json_pack("{s:s, s:s, s:s, s:b, s:i}", "epoch", feed->epoch,
		"pos", position, "mode", mode, "resync", strcmp(mode, "resync") == 0, "replayed", (int)replayed));
}

/* ---- sending what was missed -------------------------------------------------------------- */

struct batch { struct feed *feed; link_id link; struct bytes events; int count; struct stream_id last; };

static void batch_send(struct batch *batch)
{
	struct subscriber *subscriber = index_find(batch->feed->index, batch->link);

	if (subscriber && batch->count > 0)
		feed_send_events(batch->feed, subscriber, batch->events.text, batch->events.len, batch->last);
	batch->events.len = 0;
	batch->count = 0;
}

static void batch_next(struct batch *batch, struct stream_id id)
{
	if (batch->count == EVENTS_PER_FRAME)
		batch_send(batch);
	if (batch->count++ > 0)
		bytes_add(&batch->events, ",", 1);
	batch->last = id;
}

/* Entries of the reply that this link may see: how many, and how many bytes. */
static size_t visible(const struct subscriber *subscriber, const redisReply *list, size_t *ret_bytes)
{
	struct entry entry;
	size_t count = 0;

	*ret_bytes = 0;
	for (size_t i = 0; i < list->elements; i++)
		if (entry_read(list->element[i], &entry) && feed_may_see(&subscriber->seat, &entry.audience)) {
			count++;
			*ret_bytes += entry.body_len + 32;
		}
	return count;
}

static void replay(struct feed *feed, link_id link, const struct seat *seat, const redisReply *list)
{
	struct batch batch = { .feed = feed, .link = link };
	struct entry entry;

	for (size_t i = 0; i < list->elements; i++)
		if (entry_read(list->element[i], &entry) && feed_may_see(seat, &entry.audience)) {
			batch_next(&batch, entry.id);
			bytes_add_event(&batch.events, &entry);
		}
	batch_send(&batch);
	bytes_free(&batch.events);
}

/* What happened meanwhile follows what was missed. */
static void release(struct feed *feed, link_id link)
{
	struct batch batch = { .feed = feed, .link = link };
	struct subscriber *subscriber = index_find(feed->index, link);
	struct held *held;
	size_t count;

	if (!subscriber)
		return;
	held = subscriber->held;
	count = subscriber->held_count;
	subscriber->held = NULL;
	subscriber->held_count = subscriber->held_room = 0;
	subscriber->holding = false;
	for (size_t i = 0; i < count; i++) {
		batch_next(&batch, held[i].id);
		bytes_add(&batch.events, held[i].event, held[i].len);
		free(held[i].event);
	}
	batch_send(&batch);
	bytes_free(&batch.events);
	free(held);
}

/* The stream reaches back to `since` when nothing after it was ever trimmed away, and when it has
 * not lost its end. */
static bool reaches(const struct catchup *catchup)
{
	const struct stream_facts *facts = &catchup->facts;

	if (!catchup->reachable || stream_id_compare(catchup->since, facts->last) > 0)
		return false;
	if (facts->added == facts->length || stream_id_compare(catchup->since, facts->last) == 0)
		return true;
	return facts->length > 0 && stream_id_compare(catchup->since, facts->first) >= 0;
}

static void resync(struct feed *feed, struct ask *ask, struct subscriber *subscriber)
{
	subscriber->holding = false;
	subscriber->after = feed->reader.last;
	held_clear(subscriber);
	answer(feed, ask, "resync", 0, feed->reader.last);
}

/* The answer comes last: its position is where the console then is, whatever it reads first. */
static void catch_up_end(struct feed *feed, struct ask *ask, const struct subscriber *subscriber,
                         const redisReply *list, size_t count)
{
	struct seat seat = subscriber->seat;
	struct stream_id pos = subscriber->after;

	if (stream_id_compare(feed->reader.last, pos) > 0)
		pos = feed->reader.last;
	replay(feed, ask->link, &seat, list);
	release(feed, ask->link);
	answer(feed, ask, "replay", count, pos);
}

/* What EXEC answers: the epoch's key, the stream's facts, the entries. All of one moment: Redis
 * cannot be emptied in between. */
static bool caught(struct catchup *catchup, const redisReply *reply)
{
	const redisReply *key;

	if (!reply || reply->type != REDIS_REPLY_ARRAY || reply->elements != 3)
		return false;
	key = reply->element[0];
	catchup->reachable = key->type == REDIS_REPLY_STRING && feed_epoch_is(catchup->feed, key->str) &&
	                     stream_facts_read(reply->element[1], &catchup->facts);
	return reply->element[2]->type == REDIS_REPLY_ARRAY && reply->element[2]->elements <= REPLAY_MOST &&
	       reaches(catchup);
}

static void on_caught(void *context, const struct redisReply *reply)
{
	struct catchup *catchup = context;
	struct feed *feed = catchup->feed;
	struct ask *ask = catchup->ask;
	struct subscriber *subscriber = index_find(feed->index, ask->link);
	size_t count, size;

	if (!subscriber) {
		answer(feed, ask, "resync", 0, feed->reader.last);   /* the link has gone: nobody hears it */
	} else if (!caught(catchup, reply) || subscriber->too_much) {
		resync(feed, ask, subscriber);
	} else {
		count = visible(subscriber, reply->element[2], &size);
		if (size > (size_t)feed->room->config->link_budget / 2)
			resync(feed, ask, subscriber);   /* more than may wait for one console */
		else
			catch_up_end(feed, ask, subscriber, reply->element[2], count);
	}
	free(catchup);
}

/* Replays (since, last]; everything after that comes live and waits meanwhile. */
static bool catch_up(struct feed *feed, struct ask *ask, struct subscriber *subscriber, struct stream_id since)
{
	struct redis *redis = feed->room->redis;
	struct catchup *catchup = calloc(1, sizeof *catchup);
	char from[STREAM_ID_TEXT];

	if (!catchup || !redis_is_up(redis)) {
		free(catchup);
		return false;
	}
	*catchup = (struct catchup){ .feed = feed, .ask = ask, .since = since };
	stream_id_print(since, from);
	subscriber->holding = true;
	subscriber->after = stream_id_compare(since, feed->reader.last) > 0 ? since : feed->reader.last;
	redis_sendf(redis, NULL, NULL, "MULTI");
	redis_sendf(redis, NULL, NULL, "GET %s", feed->epoch_key);
	redis_sendf(redis, NULL, NULL, "XINFO STREAM %s", feed->stream);
	redis_sendf(redis, NULL, NULL, "XRANGE %s (%s %s COUNT %d", feed->stream, from, feed->reader.position,
	            REPLAY_MOST + 1);
	if (redis_sendf(redis, on_caught, catchup, "EXEC"))
		return true;
	subscriber->holding = false;
	free(catchup);
	return false;
}

/* ---- the command -------------------------------------------------------------------------- */

static struct subscriber *subscribe(struct feed *feed, struct ask *ask, unsigned topics)
{
	struct seat *seat = link_seat(feed->room->front, ask->link);

	if (!seat)
		return NULL;
	seat->topics = topics;
	return index_put(feed->index, ask->link, seat);
}

static enum judged open_feed(struct feed *feed, struct ask *ask, struct subscriber *subscriber)
{
	const char *epoch = json_string_value(json_object_get(ask->params, "epoch"));
	const char *since = json_string_value(json_object_get(ask->params, "since"));
	struct stream_id id;

	if (epoch && since && strcmp(epoch, feed->epoch) == 0 && feed->reader.positioned &&
	    !feed->reader.reset && stream_id_parse(since, &id) && catch_up(feed, ask, subscriber, id))
		return JUDGE_DONE;
	subscriber->after = feed->reader.last;
	answer(feed, ask, epoch || since ? "resync" : "live", 0, feed->reader.last);
	return JUDGE_DONE;
}

enum judged judge_feed(struct room *room, struct ask *ask)
{
	unsigned topics = topics_of(json_object_get(ask->params, "topics"));
	struct subscriber *subscriber = index_find(room->feed->index, ask->link);

	if (topics & ~feed_topics_of(ask->seat.role)) {
		ask_refuse(room, ask, REFUSE_not_allowed, "您的角色不能订阅其中的内容", NULL);
		return JUDGE_DONE;
	}
	if (subscriber && subscriber->holding) {
		ask_refuse(room, ask, REFUSE_too_fast, "上一次补发尚未结束，请稍候", NULL);
		return JUDGE_DONE;
	}
	subscriber = subscribe(room->feed, ask, topics);
	if (!subscriber) {
		ask_refuse(room, ask, REFUSE_internal, NULL, NULL);
		return JUDGE_DONE;
	}
	return open_feed(room->feed, ask, subscriber);
}

struct board_frame { struct feed *feed; const char *region; struct bytes events; };

static void send_board(void *context, struct subscriber *subscriber)
{
	struct board_frame *frame = context;

	/* A console that is catching up gets the next figures, a second later. */
	if (!subscriber->holding && strcmp(subscriber->seat.region, frame->region) == 0)
		feed_send_events(frame->feed, subscriber, frame->events.text, frame->events.len,
		                 frame->feed->reader.last);
}

void feed_board(struct room *room, const char *region, const char *body)
{
	struct board_frame frame = { .feed = room->feed, .region = region };
	struct entry entry = { .audience = { .kind = "board" }, .body = body, .body_len = strlen(body) };

	if (room->feed->reader.positioned && bytes_add_event(&frame.events, &entry))
		index_each(room->feed->index, GROUP_TOPIC, TOPIC_board, send_board, &frame);
	bytes_free(&frame.events);
}
