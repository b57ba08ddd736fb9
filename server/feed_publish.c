/* feed_publish.c — what was committed goes into Redis, and its outbox row is forgotten once it is there. */
#include <hiredis/hiredis.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../routing/flow.h"
#include "config.h"
#include "feed_parts.h"
#include "log.h"
#include "loop.h"
#include "redis.h"
#include "room.h"
#include "store.h"
#include "system.h"

enum { DONE_BATCH = 500, DONE_MOST = 100000, STALE_MS = 1000, STALE_PENDING = 200, DISPATCH_LENGTH = 1000000 };

/* ---- the outbox ------------------------------------------------------------------------- */

struct forgetting { struct feed *feed; long long *ids; size_t count; };

static void done_add(struct feed *feed, long long id)
{
	if (feed->done_count == feed->done_room) {
		size_t room = feed->done_room * 2 + 256;
		long long *more = room <= DONE_MOST ? realloc(feed->done, room * sizeof *more) : NULL;
		if (!more)
			return;   /* the row is found stale and sent again: harmless */
		feed->done = more;
		feed->done_room = room;
	}
	feed->done[feed->done_count++] = id;
}

static void on_forgotten(void *context, enum store_status status, const struct rows *rows)
{
	struct forgetting *forgetting = context;
	struct feed *feed = forgetting->feed;

	(void)rows;
	feed->forgetting--;
	for (size_t i = 0; status != STORE_OK && status != STORE_FAILED && i < forgetting->count; i++)
		done_add(feed, forgetting->ids[i]);
	free(forgetting->ids);
	free(forgetting);
}

static char *ids_text(const long long *ids, size_t count)
{
	json_t *list = json_array();
	json_t *params = json_pack("{s:o}", "ids", list);
	char *text;

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, json_integer(ids[i]));
	text = json_dumps(params, JSON_COMPACT);
	json_decref(params);
	return text;
}

void feed_flush(struct feed *feed)
{
	struct forgetting *forgetting;
	char *params;

	if (feed->done_count == 0 || !store_is_up(feed->room->store, LANE_WRITE))
		return;
	forgetting = malloc(sizeof *forgetting);
	params = ids_text(feed->done, feed->done_count);
	if (!forgetting || !params) {
		free(forgetting);
		free(params);
		return;
	}
	*forgetting = (struct forgetting){ feed, feed->done, feed->done_count };
	feed->done = NULL;
	feed->done_count = feed->done_room = 0;
	feed->forgetting++;
	store_call(feed->room->store, LANE_WRITE, statement_number(STATEMENT_outbox_done), 0,
	           (const char *const[]){ "0", NULL, params }, on_forgotten, forgetting);
	free(params);
}

/* ---- publishing ------------------------------------------------------------------------- */

struct parcel { struct feed *feed; long long outbox; };

static void on_added(void *context, const struct redisReply *reply)
{
	struct parcel *parcel = context;
	struct feed *feed = parcel->feed;

	feed->adding--;
	if (reply && reply->type == REDIS_REPLY_ERROR)
		log_line(LOG_ERROR, "feed", "Redis takes no events", "error", reply->str, NULL);
	else if (reply && parcel->outbox != 0)
		done_add(feed, parcel->outbox);
	free(parcel);
	if (feed->done_count >= DONE_BATCH)
		feed_flush(feed);
}

static void xadd(struct feed *feed, long long outbox, int argc, const char *const argv[])
{
	struct parcel *parcel = malloc(sizeof *parcel);
	size_t lengths[32];

	if (!parcel)
		return;
	for (int i = 0; i < argc; i++)
		lengths[i] = strlen(argv[i]);
	*parcel = (struct parcel){ feed, outbox };
	feed->adding++;
	if (!redis_send(feed->room->redis, on_added, parcel, argc, argv, lengths)) {
		feed->adding--;
		free(parcel);
	}
}

static const char *text_or(const struct rows *rows, size_t row, int column, const char *otherwise)
{
	const char *text = rows_text(rows, row, column);

	return text ? text : otherwise;
}

static void add_event(struct feed *feed, const struct rows *rows, size_t row)
{
	char most[16];

	snprintf(most, sizeof most, "%d", feed->room->config->feed_length);
	xadd(feed, rows_int(rows, row, OUTCOME_OUTBOX), 22, (const char *const[]){
		"XADD", feed->stream, "MAXLEN", "~", most, "*",
		"k", rows_text(rows, row, OUTCOME_KIND), "g", text_or(rows, row, OUTCOME_REGION, ""),
		"d", text_or(rows, row, OUTCOME_DEPT, "0"), "w", text_or(rows, row, OUTCOME_WAS_DEPT, "0"),
		"o", text_or(rows, row, OUTCOME_OWNER, "0"), "s", text_or(rows, row, OUTCOME_STATE, "0"),
		"a", text_or(rows, row, OUTCOME_WAS, "0"), "b", text_or(rows, row, OUTCOME_BODY, "null") });
}

/* What a worker must do: on a stream of its own. */
static void add_work(struct feed *feed, const char *stream, const struct rows *rows, size_t row)
{
	char most[16];

	snprintf(most, sizeof most, "%d", DISPATCH_LENGTH);
	xadd(feed, rows_int(rows, row, OUTCOME_OUTBOX), 12, (const char *const[]){
		"XADD", stream, "MAXLEN", "~", most, "*", "t", text_or(rows, row, OUTCOME_REF, "0"),
		"v", text_or(rows, row, OUTCOME_VER, "0"), "b", text_or(rows, row, OUTCOME_BODY, "null") });
}

/* Queue of a department: tickets to sign by deadline. `again`: sent a second time, when what was
 * before is no longer known. */
static void keep_queue(struct feed *feed, const struct rows *rows, size_t row, bool again)
{
	struct redis *redis = feed->room->redis;
	const char *prefix = feed->room->config->redis_prefix;
	long long state = rows_int(rows, row, OUTCOME_STATE), was = rows_int(rows, row, OUTCOME_WAS);
	long long dept = rows_int(rows, row, OUTCOME_DEPT), was_dept = rows_int(rows, row, OUTCOME_WAS_DEPT);
	long long ticket = rows_int(rows, row, OUTCOME_REF);

	if (was_dept == 0)
		was_dept = dept;
	if ((was == STATE_to_sign || again) && was_dept != 0 && (state != STATE_to_sign || was_dept != dept))
		redis_sendf(redis, NULL, NULL, "ZREM %s:dept:%lld %lld", prefix, was_dept, ticket);
	if (state == STATE_to_sign && dept != 0)
		redis_sendf(redis, NULL, NULL, "ZADD %s:dept:%lld %lld %lld", prefix, dept,
		            rows_int(rows, row, OUTCOME_DUE), ticket);
}

static void publish(struct feed *feed, const struct rows *rows, bool again)
{
	if (!redis_is_up(feed->room->redis))
		return;   /* the outbox keeps them */
	for (size_t i = 0; i < rows_count(rows); i++) {
		const char *kind = text_or(rows, i, OUTCOME_KIND, "");
		if (strcmp(kind, "reply") == 0 || strcmp(kind, "refused") == 0 || !*kind)
			continue;
		if (strcmp(kind, "dispatch") == 0) {
			add_work(feed, feed->dispatch, rows, i);
			continue;
		}
		if (strcmp(kind, "police") == 0) {
			add_work(feed, feed->police, rows, i);
			continue;
		}
		add_event(feed, rows, i);
		if (strcmp(kind, "ticket") == 0)
			keep_queue(feed, rows, i, again);
	}
}

void feed_publish(struct room *room, const struct rows *rows)
{
	if (room->feed && rows)
		publish(room->feed, rows, false);
}

/* ---- what was committed and perhaps never came to Redis ----------------------------------- */

static void on_stale(void *context, enum store_status status, const struct rows *rows)
{
	struct feed *feed = context;

	feed->asking_stale = false;
	if (status == STORE_OK)
		publish(feed, rows, true);
}

/* Not while Redis or the write lane is behind: rows on their way, or about to be forgotten, would
 * look stale. A few are always on their way on a busy day, and that must not put this off. */
void feed_ask_stale(struct feed *feed)
{
	struct store *store = feed->room->store;
	char params[80];

	if (feed->asking_stale || feed->adding > STALE_PENDING || !redis_is_up(feed->room->redis) ||
	    !store_is_up(store, LANE_READ) || store_pending(store, LANE_WRITE) > STALE_PENDING)
		return;
	snprintf(params, sizeof params, "{\"at\":%" PRId64 ",\"older\":%d}", wall_ms(), STALE_MS);
	feed->asking_stale = true;
	store_call(store, LANE_READ, statement_number(STATEMENT_outbox_stale), 0,
	           (const char *const[]){ "0", NULL, params }, on_stale, feed);
}
