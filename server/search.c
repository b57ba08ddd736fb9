/* search.c — reads changed tickets into the search tables, and puts a blind index in place of a caller's number. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include "../routing/text.h"
#include "command.h"
#include "loop.h"
#include "search.h"
#include "seal.h"
#include "store.h"
#include "system.h"

enum {
	TICK_MS = 300,
	READ_LIMIT = 100          /* tickets of one turn: a move of one of them waits for it */
};

struct search {
	struct room *room;
	struct timer *tick;
	bool reading, stopping;
};

static void read_on(struct search *search);

static void was_read(void *context, enum store_status status, const struct rows *rows)
{
	struct search *search = context;
	json_t *reply = outcome_reply_json(status, rows);

	search->reading = false;
	/* After a failure the next tick tries again. */
	if (json_is_true(json_object_get(reply, "more")))
		read_on(search);
	json_decref(reply);
}

static void read_on(struct search *search)
{
	if (search->reading || search->stopping)
		return;
	search->reading = true;
	system_ask(search->room, STATEMENT_search_fill, LANE_SLOW, 0, json_pack("{s:i}", "limit", READ_LIMIT),
	           was_read, search);
}

static void tick(void *context)
{
	read_on(context);
}

void search_open(struct room *room)
{
	struct search *search = calloc(1, sizeof(*search));

	if (search == NULL)
		abort();
	search->room = room;
	search->tick = loop_timer(room->loop, tick, search);
	timer_start(search->tick, TICK_MS, TICK_MS);
	room->search = search;
}

void search_drain(struct room *room)
{
	if (room->search == NULL)
		return;
	room->search->stopping = true;
	timer_stop(room->search->tick);
}

void search_close(struct room *room)
{
	if (room->search == NULL)
		return;
	timer_end(room->search->tick);
	free(room->search);
	room->search = NULL;
}

/* A number is looked for by its blind index and kept with a view as that and a mask. */
enum judged judge_filter(struct room *room, struct ask *ask)
{
	json_t *filter = json_object_get(ask->params, "filter");
	const char *phone = json_string_value(json_object_get(filter, "phone"));
	char index[65], mask[64];

	if (phone == NULL)
		return JUDGE_PASS;
	seal_index(room->seal, phone, index);
	text_mask_phone(phone, mask, sizeof mask);
	json_object_set_new(filter, "phone_index", json_string(index));
	json_object_set_new(filter, "phone_mask", json_string(mask));
	json_object_del(filter, "phone");
	return JUDGE_PASS;
}

/* What stands for a number is told with the page: the console asks on with that, and never keeps the number. */
void finish_filter(struct room *room, struct ask *ask, const char *reply)
{
	json_t *filter = json_object_get(ask->params, "filter");
	const json_t *index = json_object_get(filter, "phone_index");
	json_t *told;

	if (index == NULL || (told = json_loads(reply, 0, NULL)) == NULL) {
		ask_answer(room, ask, reply);
		return;
	}
	json_object_set_new(told, "caller", json_pack("{s:O, s:O}", "phone_index", index, "phone_mask",
	                                              json_object_get(filter, "phone_mask")));
	ask_answer_json(room, ask, told);
}
