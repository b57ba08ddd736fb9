/* timers.c — what the clock alone must do: moves that are due, 黄牌 and 红牌, calls left ringing. */
#include <stdlib.h>
#include <string.h>
#include "cases.h"
#include "clock.h"
#include "config.h"
#include "feed.h"
#include "log.h"
#include "loop.h"
#include "rules.h"
#include "system.h"
#include "ticket.h"
#include "timers.h"

enum { TICK_MS = 1000, DUE_LIMIT = 200, PRACTICE_TICKS = 600, MONTHS_RETRY_TICKS = 5 };
#define DAY_MS INT64_C(86400000)

struct timers {
	struct room *room;
	struct timer *tick;
	bool due_asked, sweep_asked, orders_asked;   /* one question of a kind at a time, however slow the answer */
	int64_t months_day;               /* on which the months ahead were looked after */
	int months_wait;                  /* ticks until that is tried again */
	int practice_wait;                /* ticks until it is asked whether practice is to be counted anew */
	int moving;                       /* moves of the last answer still in flight */
	struct cases_due *cases;
};

static void published(struct room *room, enum store_status status, const struct rows *rows)
{
	if (status == STORE_OK)
		feed_publish(room, rows);
}

static void moved(void *context, enum store_status status, const struct rows *rows)
{
	struct timers *timers = context;
	char why[32];

	timers->moving--;
	if (outcome_refusal(status, rows, why) && strcmp(why, "stale") != 0)
		log_line(LOG_WARN, "timers", "move refused", "why", why, NULL);
	published(timers->room, status, rows);
}

/* What the row tells beyond which move it is. */
static void move_add(const struct rules *rules, enum flow_action action, const json_t *row, int64_t now_ms, json_t *params)
{
	json_t *note = json_object_get(row, "note");

	if (json_is_string(note))
		json_object_set(params, "note", note);
	if (action == ACTION_resume)
		clock_resume(rules, row, 0, now_ms, params);
	else if (action == ACTION_alarm)
		clock_alarm(rules, (int)json_integer_value(json_object_get(row, "level")),
		            json_integer_value(json_object_get(row, "due")), now_ms, params);
}

static void move(struct timers *timers, const json_t *row, int64_t now_ms)
{
	const struct rules *rules = timers->room->rules;
	const char *name = json_string_value(json_object_get(row, "action"));
	long long ticket = json_integer_value(json_object_get(row, "id"));
	struct seen seen = seen_of(row);
	enum flow_action action;
	json_t *params = NULL;

	if (name != NULL && flow_action_find(name, &action))
		params = ticket_system_move(rules, action, ticket, &seen, now_ms);
	if (params == NULL) {
		log_line(LOG_ERROR, "timers", "the law knows no such move", "action", name, NULL);
		return;
	}
	move_add(rules, action, row, now_ms, params);
	timers->moving++;
	system_ask(timers->room, STATEMENT_ticket_move, LANE_WRITE, (unsigned long)ticket, params,
	           moved, timers);
}

static void due_answered(void *context, enum store_status status, const struct rows *rows)
{
	struct timers *timers = context;
	json_t *reply = outcome_reply_json(status, rows), *row;
	int64_t now_ms = wall_ms();
	size_t i;

	timers->due_asked = false;
	json_array_foreach(json_object_get(reply, "rows"), i, row)
		move(timers, row, now_ms);
	json_decref(reply);
}

static void sweep_answered(void *context, enum store_status status, const struct rows *rows)
{
	struct timers *timers = context;

	timers->sweep_asked = false;
	published(timers->room, status, rows);
}

static void orders_answered(void *context, enum store_status status, const struct rows *rows)
{
	struct timers *timers = context;

	timers->orders_asked = false;
	published(timers->room, status, rows);
}

static void practice_answered(void *context, enum store_status status, const struct rows *rows)
{
	struct timers *timers = context;

	published(timers->room, status, rows);
}

static void months_answered(void *context, enum store_status status, const struct rows *rows)
{
	struct timers *timers = context;
	json_t *reply = outcome_reply_json(status, rows);
	long long made = json_integer_value(json_object_get(reply, "made"));

	/* Whoever holds a lock on the table for long is not waited for: some seconds later will do. */
	if (reply == NULL) {
		timers->months_day = 0;
		timers->months_wait = MONTHS_RETRY_TICKS;
	} else if (made > 0) {
		log_text(LOG_INFO, "timers", "%lld months of events made ahead", made);
	}
	json_decref(reply);
}

static void months_ask(struct timers *timers, json_int_t now_ms)
{
	if (timers->months_wait > 0)
		timers->months_wait--;
	if (timers->months_wait > 0 || timers->months_day == now_ms / DAY_MS)
		return;
	timers->months_day = now_ms / DAY_MS;
	system_ask(timers->room, STATEMENT_months_ahead, LANE_SLOW, 0,
	           json_pack("{s:I, s:i}", "at", now_ms, "ahead", timers->room->config->months_ahead), months_answered, timers);
}

static void tick(void *context)
{
	struct timers *timers = context;
	const struct config *config = timers->room->config;
	json_int_t now_ms = wall_ms();

	if (!timers->due_asked && timers->moving == 0) {
		timers->due_asked = true;
		system_ask(timers->room, STATEMENT_ticket_due, LANE_WRITE, 0,
		           json_pack("{s:I, s:i}", "at", now_ms, "limit", DUE_LIMIT), due_answered, timers);
	}
	cases_due_ask(timers->cases);
	if (!timers->orders_asked) {
		timers->orders_asked = true;
		system_ask(timers->room, STATEMENT_order_due, LANE_WRITE, 0, json_pack("{s:I}", "at", now_ms),
		           orders_answered, timers);
	}
	months_ask(timers, now_ms);
	if (timers->practice_wait-- == 0) {
		timers->practice_wait = PRACTICE_TICKS;
		system_ask(timers->room, STATEMENT_practice_refresh, LANE_SLOW, 0, json_pack("{s:I}", "at", now_ms),
		           practice_answered, timers);
	}
	if (!timers->sweep_asked) {
		timers->sweep_asked = true;
		system_ask(timers->room, STATEMENT_call_sweep, LANE_WRITE, 0,
		           json_pack("{s:I, s:i, s:i}", "at", now_ms, "ring_ms", config->ring_seconds * 1000,
		                     "wrapup_ms", config->wrapup_seconds * 1000), sweep_answered, timers);
	}
}

void timers_open(struct room *room)
{
	struct timers *timers = calloc(1, sizeof(*timers));

	if (timers == NULL)
		abort();
	timers->room = room;
	timers->cases = cases_due_new(room);
	timers->tick = loop_timer(room->loop, tick, timers);
	timer_start(timers->tick, TICK_MS, TICK_MS);
	room->timers = timers;
}

void timers_drain(struct room *room)
{
	if (room->timers != NULL)
		timer_stop(room->timers->tick);
}

void timers_close(struct room *room)
{
	if (room->timers == NULL)
		return;
	timer_end(room->timers->tick);
	cases_due_free(room->timers->cases);
	free(room->timers);
	room->timers = NULL;
}
