/* warning.c — early warning: takes the lease, takes in what was judged before, and judges what has come since. */
#include <stdlib.h>
#include <string.h>
#include "config.h"
#include "feed.h"
#include "log.h"
#include "loop.h"
#include "rules.h"
#include "system.h"
#include "warning.h"
#include "warning_desk.h"

enum {
	TICK_MS = 500,            /* the lease is kept, and new tickets are asked for */
	STEP_MS = 20,
	STEP_MOST = 8,            /* texts of one turn while this process also serves consoles: a millisecond or two … */
	STEP_ALONE = 64,          /* … and when it does nothing else */
	ROWS_MOST = 64,
	PAST_MOST = 10000,        /* texts taken in again by a process that begins */
	NIGHT_MS = 600000         /* how often it is asked whether the night's work is to be done */
};

struct warning {
	struct room *room;
	struct timer *tick, *step;
	struct warning_desk *desk;        /* NULL: the lease is another's */
	json_int_t epoch, made, past;     /* past: how far what was judged before has been taken in; -1: all of it */
	json_t *rows, *cells, *found;     /* the batch under way, and what has been said of it */
	size_t at;
	bool asking, remembering, night_asked, ending;
	int64_t night;
};

static void next_ask(struct warning *warning);

static void batch_end(struct warning *warning)
{
	json_decref(warning->rows);
	json_decref(warning->cells);
	json_decref(warning->found);
	warning->rows = warning->cells = warning->found = NULL;
	warning->at = 0;
}

/* Another has the lease, or the database does not know what was found: begin anew from what it knows. */
static void forget(struct warning *warning)
{
	warning_desk_free(warning->desk);
	warning->desk = NULL;
	warning->epoch = 0;
	batch_end(warning);
}

static void taken(void *context, enum store_status status, const struct rows *rows)
{
	struct warning *warning = context;
	char why[32];

	warning->asking = false;
	if (status == STORE_OK)
		feed_publish(warning->room, rows);
	if (status != STORE_OK || outcome_refusal(status, rows, why)) {
		log_line(LOG_WARN, "warning", "what was found did not hold: taken in anew", NULL);
		forget(warning);
	} else if (!warning->ending) {
		next_ask(warning);
	}
}

static void batch_send(struct warning *warning)
{
	json_t *params = json_pack("{s:s, s:I, s:I, s:O}", "holder", warning->room->instance, "epoch", warning->epoch,
	                           "at", (json_int_t)wall_ms(), "rows", warning->found);

	batch_end(warning);
	warning->asking = true;
	system_ask(warning->room, STATEMENT_warning_take, LANE_SLOW, 0, params, taken, warning);
}

static void step(void *context);

static void past_answered(void *context, enum store_status status, const struct rows *rows)
{
	struct warning *warning = context;
	json_t *reply = outcome_reply_json(status, rows);

	warning->asking = false;
	if (reply == NULL) {
		forget(warning);
		return;
	}
	warning_desk_number(warning->desk, json_integer_value(json_object_get(reply, "incident")));
	warning->rows = json_incref(json_object_get(reply, "rows"));
	warning->remembering = true;
	if (json_array_size(warning->rows) == 0) {
		warning->past = -1;
		batch_end(warning);
		log_line(LOG_INFO, "warning", "judging: what was judged before is known", NULL);
	} else {
		timer_start(warning->step, 0, 0);
	}
	json_decref(reply);
}

static void past_ask(struct warning *warning)
{
	warning->asking = true;
	system_ask(warning->room, STATEMENT_warning_past, LANE_SLOW, 0, json_pack("{s:I, s:i, s:i}", "after", warning->past,
		"most", PAST_MOST, "limit", ROWS_MOST), past_answered, warning);
}

static void row_take(struct warning *warning, const json_t *row)
{
	if (warning->remembering) {
		warning_desk_remember(warning->desk, row);
		warning->past = json_integer_value(json_object_get(row, "seq"));
	} else {
		json_array_append_new(warning->found,
			warning_desk_judge(warning->desk, warning->room, row, warning->cells));
	}
}

/* A few texts a turn, so that nobody at a console waits for them. */
static void step(void *context)
{
	struct warning *warning = context;
	bool alone = !config_has_role(warning->room->config, "console");
	size_t most = warning->at + (alone ? STEP_ALONE : STEP_MOST);

	if (warning->rows == NULL)
		return;
	for (; warning->at < most && warning->at < json_array_size(warning->rows); warning->at++)
		row_take(warning, json_array_get(warning->rows, warning->at));
	if (warning->at < json_array_size(warning->rows)) {
		timer_start(warning->step, alone ? 0 : STEP_MS, 0);
	} else if (warning->remembering) {
		batch_end(warning);
		past_ask(warning);
	} else {
		batch_send(warning);
	}
}

static void begin(struct warning *warning, json_int_t epoch)
{
	forget(warning);
	warning->epoch = epoch;
	warning->past = 0;
	warning->made = -1;
	warning->desk = warning_desk_new(warning->room->rules);
	past_ask(warning);
}

static void next_answered(void *context, enum store_status status, const struct rows *rows)
{
	struct warning *warning = context;
	json_t *reply = outcome_reply_json(status, rows), *profile = json_object_get(reply, "profile");

	warning->asking = false;
	if (!json_is_true(json_object_get(reply, "held"))) {
		if (warning->desk != NULL && reply != NULL)
			forget(warning);
	} else if (warning->desk == NULL || json_integer_value(json_object_get(reply, "epoch")) != warning->epoch) {
		begin(warning, json_integer_value(json_object_get(reply, "epoch")));
	} else if (warning->past < 0 && warning->rows == NULL) {
		warning_desk_tune(warning->desk, warning->room->rules, profile);
		if (json_is_object(profile))
			warning->made = json_integer_value(json_object_get(profile, "made"));
		if (json_array_size(json_object_get(reply, "rows")) > 0) {
			warning->remembering = false;
			warning->rows = json_incref(json_object_get(reply, "rows"));
			warning->cells = json_incref(json_object_get(reply, "cells"));
			warning->found = json_array();
			timer_start(warning->step, 0, 0);
		}
	}
	json_decref(reply);
}

static void next_ask(struct warning *warning)
{
	warning->asking = true;
	system_ask(warning->room, STATEMENT_warning_next, LANE_SLOW, 0, json_pack("{s:s, s:i, s:I, s:I}", "holder",
		warning->room->instance, "limit", warning->past < 0 && warning->rows == NULL ? ROWS_MOST : 0, "at",
		(json_int_t)wall_ms(), "made", warning->made), next_answered, warning);
}

static void night_answered(void *context, enum store_status status, const struct rows *rows)
{
	struct warning *warning = context;

	warning->night_asked = false;
	if (status == STORE_OK)
		feed_publish(warning->room, rows);
}

static void tick(void *context)
{
	struct warning *warning = context;

	if (!warning->asking)
		next_ask(warning);
	if (warning->desk != NULL && !warning->night_asked && wall_ms() >= warning->night) {
		warning->night = wall_ms() + NIGHT_MS;
		warning->night_asked = true;
		system_ask(warning->room, STATEMENT_warning_night, LANE_SLOW, 0, json_pack("{s:I}", "at", (json_int_t)wall_ms()),
		           night_answered, warning);
	}
}

void warning_open(struct room *room)
{
	struct warning *warning = calloc(1, sizeof(*warning));

	if (warning == NULL)
		abort();
	warning->room = room;
	warning->made = -1;
	warning->tick = loop_timer(room->loop, tick, warning);
	warning->step = loop_timer(room->loop, step, warning);
	timer_start(warning->tick, TICK_MS, TICK_MS);
	room->warning = warning;
}

void warning_drain(struct room *room)
{
	if (room->warning == NULL)
		return;
	room->warning->ending = true;
	timer_stop(room->warning->tick);
	timer_stop(room->warning->step);
}

void warning_close(struct room *room)
{
	if (room->warning == NULL)
		return;
	timer_end(room->warning->tick);
	timer_end(room->warning->step);
	forget(room->warning);
	free(room->warning);
	room->warning = NULL;
}
