/* likeness.c — reads accepted tickets behind the commit, so that near-same ones find each other.
 *
 * On the slow lane: what many read late must not stand in the way of what one waits for. */
#include <jansson.h>
#include <stdlib.h>
#include "../routing/duplicate.h"
#include "likeness.h"
#include "loop.h"
#include "store.h"
#include "system.h"

enum {
	TICK_MS = 300,
	READ_LIMIT = 64,          /* tickets of one turn: a millisecond or two of the loop */
	SWEEP_TICKS = 50,
	SWEEP_LIMIT = 1000
};

struct likeness {
	struct room *room;
	struct timer *tick;
	struct duplicate_text text;   /* the ticket being read */
	bool reading, sweeping, stopping;
	int ticks;
	json_int_t swept;             /* the ticket that the sweep has come to */
};

static void read_on(struct likeness *likeness);

static const char *member(const json_t *row, const char *name)
{
	const char *text = json_string_value(json_object_get(row, name));

	return text != NULL ? text : "";
}

static json_t *keys_of(struct duplicate_text *text, const json_t *row)
{
	int64_t keys[DUPLICATE_KEYS];
	json_t *list = json_array();
	size_t i, count;

	duplicate_read(text, member(row, "place"), member(row, "title"), member(row, "body"));
	count = duplicate_keys(text, member(row, "region"), keys);
	for (i = 0; i < count; i++)
		json_array_append_new(list, json_integer((json_int_t)keys[i]));
	return list;
}

static void filled(void *context, enum store_status status, const struct rows *rows)
{
	struct likeness *likeness = context;

	likeness->reading = false;
	/* There may be more; after a failure the next tick tries again. */
	if (outcome_reply(status, rows) != NULL)
		read_on(likeness);
}

static void waiting_answered(void *context, enum store_status status, const struct rows *rows)
{
	struct likeness *likeness = context;
	json_t *reply = outcome_reply_json(status, rows), *row, *read = json_array();
	size_t i;

	json_array_foreach(json_object_get(reply, "rows"), i, row)
		json_array_append_new(read, json_pack("{s:O, s:o}", "id", json_object_get(row, "id"),
		                                      "keys", keys_of(&likeness->text, row)));
	json_decref(reply);
	if (json_array_size(read) > 0 && !likeness->stopping) {
		system_ask(likeness->room, STATEMENT_likeness_fill, LANE_SLOW, 0, json_pack("{s:o}", "rows", read),
		           filled, likeness);
		return;
	}
	json_decref(read);
	likeness->reading = false;
}

static void read_on(struct likeness *likeness)
{
	if (likeness->reading || likeness->stopping)
		return;
	likeness->reading = true;
	system_ask(likeness->room, STATEMENT_likeness_waiting, LANE_SLOW, 0, json_pack("{s:i}", "limit", READ_LIMIT),
	           waiting_answered, likeness);
}

static void swept(void *context, enum store_status status, const struct rows *rows)
{
	struct likeness *likeness = context;
	json_t *reply = outcome_reply_json(status, rows);

	likeness->sweeping = false;
	likeness->swept = json_integer_value(json_object_get(reply, "after"));
	json_decref(reply);
}

static void sweep(struct likeness *likeness)
{
	if (likeness->sweeping)
		return;
	likeness->sweeping = true;
	system_ask(likeness->room, STATEMENT_likeness_sweep, LANE_SLOW, 0,
	           json_pack("{s:I, s:i, s:I}", "after", likeness->swept, "limit", SWEEP_LIMIT,
	                     "at", (json_int_t)wall_ms()), swept, likeness);
}

static void tick(void *context)
{
	struct likeness *likeness = context;

	read_on(likeness);
	if (++likeness->ticks % SWEEP_TICKS == 0)
		sweep(likeness);
}

void likeness_open(struct room *room)
{
	struct likeness *likeness = calloc(1, sizeof(*likeness));

	if (likeness == NULL)
		abort();
	likeness->room = room;
	likeness->tick = loop_timer(room->loop, tick, likeness);
	timer_start(likeness->tick, TICK_MS, TICK_MS);
	room->likeness = likeness;
}

void likeness_drain(struct room *room)
{
	if (room->likeness == NULL)
		return;
	room->likeness->stopping = true;
	timer_stop(room->likeness->tick);
}

void likeness_close(struct room *room)
{
	if (room->likeness == NULL)
		return;
	timer_end(room->likeness->tick);
	free(room->likeness);
	room->likeness = NULL;
}
