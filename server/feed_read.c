/* feed_read.c — follows the stream and gives each entry to the links that may see it. */
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../routing/flow.h"
#include "config.h"
#include "feed_parts.h"
#include "log.h"
#include "redis.h"
#include "room.h"

/* ---- frames ----------------------------------------------------------------------------- */

void feed_send_events(struct feed *feed, struct subscriber *subscriber, const char *events, size_t len,
                      struct stream_id id)
{
	struct bytes *frame = &feed->reader.frame;
	char head[256], position[STREAM_ID_TEXT];
	int head_len;

	stream_id_print(id, position);
	head_len = snprintf(head, sizeof head, "{\"jsonrpc\":\"2.0\",\"method\":\"feed\",\"params\":"
	                    "{\"epoch\":\"%s\",\"pos\":\"%s\",\"events\":[", feed->epoch, position);
	frame->len = 0;
	if (!bytes_add(frame, head, (size_t)head_len) || !bytes_add(frame, events, len) ||
	    !bytes_add(frame, "]}}", 3))
		return;
	subscriber->told = feed->reader.entries;
	link_send(feed->room->front, subscriber->link, frame->text, frame->len);
}

/* Every console forgets where it was and asks for its lists anew. */
static void send_reset(void *context, struct subscriber *subscriber)
{
	struct feed *feed = context;
	char frame[256];
	int len = snprintf(frame, sizeof frame, "{\"jsonrpc\":\"2.0\",\"method\":\"feed\",\"params\":"
	                   "{\"epoch\":\"%s\",\"pos\":\"%s\",\"reset\":true,\"events\":[]}}",
	                   feed->epoch, feed->reader.position);

	subscriber->after = feed->reader.last;
	link_send(feed->room->front, subscriber->link, frame, (size_t)len);
}

static void send_position(void *context, struct subscriber *subscriber)
{
	struct feed *feed = context;
	uint64_t far = REPLAY_MOST / 5;

	if (!subscriber->holding && feed->reader.entries - subscriber->told >= far)
		feed_send_events(feed, subscriber, "", 0, feed->reader.last);
}

void reader_tell_positions(struct feed *feed)
{
	if (feed->reader.positioned)
		index_all(feed->index, send_position, feed);
}

/* ---- picking: which entry for whom ------------------------------------------------------ */

struct picking { struct reader *reader; const struct entry *entry; int number; };

static bool pick_room(struct reader *reader)
{
	if (reader->pick_count == reader->pick_room) {
		size_t room = reader->pick_room * 2 + 256;
		struct pick *more = realloc(reader->picks, room * sizeof *more);
		if (!more)
			return false;
		reader->picks = more;
		reader->pick_room = room;
	}
	if (reader->dirty_count == reader->dirty_room) {
		size_t room = reader->dirty_room * 2 + 64;
		struct subscriber **more = realloc(reader->dirty, room * sizeof *more);
		if (!more)
			return false;
		reader->dirty = more;
		reader->dirty_room = room;
	}
	return true;
}

static void pick(struct reader *reader, struct subscriber *subscriber, int entry)
{
	int place = (int)reader->pick_count;

	if (!pick_room(reader))
		return;
	reader->picks[reader->pick_count++] = (struct pick){ .entry = entry, .next = -1 };
	if (subscriber->first_pick < 0) {
		subscriber->first_pick = place;
		reader->dirty[reader->dirty_count++] = subscriber;
	} else {
		reader->picks[subscriber->last_pick].next = place;
	}
	subscriber->last_pick = place;
}

/* A link may stand in several of the groups asked: it is considered once. */
static void consider(void *context, struct subscriber *subscriber)
{
	const struct picking *picking = context;

	if (subscriber->mark == picking->reader->serial)
		return;
	subscriber->mark = picking->reader->serial;
	if (stream_id_compare(picking->entry->id, subscriber->after) > 0 &&
	    feed_may_see(&subscriber->seat, &picking->entry->audience))
		pick(picking->reader, subscriber, picking->number);
}

static void pick_listeners(struct reader *reader, const struct entry *entry, int number)
{
	struct feed_index *index = reader->feed->index;
	const struct audience *audience = &entry->audience;
	struct picking picking = { reader, entry, number };

	reader->serial++;
	if (strcmp(audience->kind, "rules") == 0) {
		reader->rules_changed = true;
		return;
	}
	index_each(index, GROUP_ACCOUNT, audience->owner, consider, &picking);
	if (strcmp(audience->kind, "call") == 0 || strcmp(audience->kind, "agent") == 0) {
		index_each(index, GROUP_TOPIC, TOPIC_agents, consider, &picking);
		return;
	}
	if (audience->dept)
		index_each(index, GROUP_DEPT, audience->dept, consider, &picking);
	if (audience->was_dept && audience->was_dept != audience->dept)
		index_each(index, GROUP_DEPT, audience->was_dept, consider, &picking);
	index_each(index, GROUP_TOPIC, TOPIC_callback, consider, &picking);
	index_each(index, GROUP_TOPIC, TOPIC_all, consider, &picking);
}

/* ---- delivering: one frame a link and read ---------------------------------------------- */

static bool same_picks(const struct reader *reader, int a, int b)
{
	while (a >= 0 && b >= 0 && reader->picks[a].entry == reader->picks[b].entry) {
		a = reader->picks[a].next;
		b = reader->picks[b].next;
	}
	return a < 0 && b < 0;
}

static void hold_picks(struct reader *reader, struct subscriber *subscriber, const struct entry *entries)
{
	for (int at = subscriber->first_pick; at >= 0; at = reader->picks[at].next)
		if (subscriber->held_count >= REPLAY_MOST || !held_add(subscriber, &entries[reader->picks[at].entry]))
			subscriber->too_much = true;
}

/* The events of a chain of picks, at most a frame full. Returns where the next frame begins. */
static int chain_bytes(struct reader *reader, int at, const struct entry *entries, struct bytes *events,
                       int *ret_last)
{
	events->len = 0;
	for (int count = 0; at >= 0 && count < EVENTS_PER_FRAME; count++, at = reader->picks[at].next) {
		if (count > 0)
			bytes_add(events, ",", 1);
		bytes_add_event(events, &entries[reader->picks[at].entry]);
		*ret_last = reader->picks[at].entry;
	}
	return at;
}

/* Returns how many frames it took. */
static int send_picks(struct reader *reader, struct subscriber *subscriber, const struct entry *entries,
                      struct stream_id end)
{
	struct bytes events = { .text = NULL };
	int at = subscriber->first_pick, last = 0, frames = 0;

	while (at >= 0 && !subscriber->dead) {
		at = chain_bytes(reader, at, entries, &events, &last);
		feed_send_events(reader->feed, subscriber, events.text, events.len,
		                 at < 0 ? end : entries[last].id);
		frames++;
	}
	bytes_free(&events);
	return frames;
}

/* Neighbours in the list mostly see the same: their frame is the one just built. */
static void deliver(struct reader *reader, const struct entry *entries, struct stream_id end)
{
	int built = -1;

	reader->delivering = true;
	for (size_t i = 0; i < reader->dirty_count; i++) {
		struct subscriber *subscriber = reader->dirty[i];
		if (subscriber->dead)
			continue;
		if (subscriber->holding) {
			hold_picks(reader, subscriber, entries);
		} else if (built >= 0 && same_picks(reader, built, subscriber->first_pick)) {
			subscriber->told = reader->entries;
			link_send(reader->feed->room->front, subscriber->link, reader->frame.text, reader->frame.len);
		} else {
			int first = subscriber->first_pick;
			built = send_picks(reader, subscriber, entries, end) == 1 ? first : -1;
		}
	}
	for (size_t i = 0; i < reader->dirty_count; i++)
		reader->dirty[i]->first_pick = reader->dirty[i]->last_pick = -1;
	reader->dirty_count = reader->pick_count = 0;
	reader->delivering = false;
	index_bury(reader->feed->index);
}

static void handle_entries(struct reader *reader, const redisReply *list)
{
	struct entry entries[READ_MOST];
	int count = 0;

	for (size_t i = 0; i < list->elements && count < READ_MOST; i++) {
		bool readable = entry_read(list->element[i], &entries[count]);
		/* An entry that nobody can read is passed over too, or it would be read for ever. */
		if (stream_id_compare(entries[count].id, reader->last) > 0)
			reader->last = entries[count].id;
		if (readable) {
			pick_listeners(reader, &entries[count], count);
			count++;
		}
	}
	reader->entries += list->elements;
	stream_id_print(reader->last, reader->position);
	if (count == 0)
		return;
	deliver(reader, entries, reader->last);
	if (reader->rules_changed && reader->feed->hooks.rules)
		reader->feed->hooks.rules(reader->feed->room);
	reader->rules_changed = false;
	if (reader->feed->hooks.arrived)
		reader->feed->hooks.arrived(reader->feed->room);
}

/* ---- the connection --------------------------------------------------------------------- */

/* [[stream, [entry, …]]], nil when the time was over, NULL when the connection is lost. */
static void on_read(void *context, const struct redisReply *reply)
{
	struct reader *reader = context;

	reader->reading = false;
	if (!reply)
		return;
	if (reply->type == REDIS_REPLY_ERROR) {
		log_line(LOG_ERROR, "feed", "the stream cannot be read", "error", reply->str, NULL);
		return;   /* asked again by the next tick */
	}
	if (reply->type == REDIS_REPLY_ARRAY && reply->elements == 1 && reply->element[0]->elements == 2)
		handle_entries(reader, reply->element[0]->element[1]);
	reader_go(reader);
}

static void on_position(void *context, const struct redisReply *reply)
{
	struct reader *reader = context;
	struct feed *feed = reader->feed;
	struct stream_facts facts;

	reader->reading = false;
	if (!stream_facts_read(reply, &facts)) {
		if (reply && reply->type == REDIS_REPLY_ERROR)
			log_line(LOG_ERROR, "feed", "the stream cannot be looked at", "error", reply->str, NULL);
		return;
	}
	reader->last = facts.last;
	reader->entries = (uint64_t)facts.added;
	feed->added = facts.added;
	stream_id_print(reader->last, reader->position);
	reader->positioned = true;
	if (reader->reset) {
		reader->reset = false;
		index_all(feed->index, send_reset, feed);
	}
	reader_go(reader);
}

void reader_go(struct reader *reader)
{
	const char *stream = reader->feed->stream;

	if (reader->reading || !redis_is_up(reader->redis) || !reader->feed->epoch[0])
		return;
	if (!reader->positioned || reader->reset)
		reader->reading = redis_sendf(reader->redis, on_position, reader, "XINFO STREAM %s", stream);
	else
		reader->reading = redis_sendf(reader->redis, on_read, reader,
			"XREAD COUNT 500 BLOCK 2000 STREAMS %s %s", stream, reader->position);
}

static void on_up(void *context)
{
	reader_go(context);
}

void reader_open(struct feed *feed)
{
	const struct config *config = feed->room->config;
	struct reader *reader = &feed->reader;

	reader->feed = feed;
	reader->redis = redis_open(feed->room->loop, &(struct redis_config){
		.path = *config->redis_socket ? config->redis_socket : NULL,
		.host = config->redis_host, .port = config->redis_port,
		.password = *config->redis_password ? config->redis_password : NULL,
		.blocking = true, .up = on_up, .context = reader });
}

void reader_close(struct feed *feed)
{
	redis_close(feed->reader.redis);
	free(feed->reader.picks);
	free(feed->reader.dirty);
	bytes_free(&feed->reader.frame);
}
