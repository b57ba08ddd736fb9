/* call_wait.c — requests of the switch that wait until a call's state is another than they know.
 *
 * Whatever may have changed a call (a console here or in another process, the sweep) comes by on
 * the feed; then, at most every 50 ms, the waiting requests ask the database again. Without Redis
 * they still look once a second. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "call_wait.h"
#include "command.h"
#include "front.h"
#include "loop.h"
#include "system.h"

enum { TICK_MS = 50, BLIND_MS = 1000, WAITS_MOST = 1000 };

struct call_wait {
	struct call_waits *waits;
	struct call_wait *next, **link;
	struct http_request *request;
	char call[CALL_NAME_MOST + 1], known[16];
	int64_t until, asked;             /* monotonic ms */
	bool asking;
};

struct call_waits {
	struct room *room;
	struct timer *tick;
	struct call_wait *first;
	int count;
	bool touched;
};

static const struct { enum refusal why; int status; } STATUSES[] = {
	{ REFUSE_not_found, 404 }, { REFUSE_call_gone, 409 }, { REFUSE_seat_conflict, 409 },
	{ REFUSE_rule, 422 }, { REFUSE_bad_params, 400 }
};

static void refusal_answer(struct http_request *request, const char *name)
{
	enum refusal why = refusal_find(name);
	size_t i;

	for (i = 0; i < sizeof(STATUSES) / sizeof(STATUSES[0]); i++)
		if (STATUSES[i].why == why) {
			http_refuse(request, STATUSES[i].status, name, refusal_sentence(why));
			return;
		}
	http_refuse(request, 500, "internal", refusal_sentence(REFUSE_internal));
}

static void status_answer(struct http_request *request, enum store_status status)
{
	static const enum refusal why[] = { [STORE_OK] = REFUSE_internal, [STORE_LOST] = REFUSE_store_lost,
		[STORE_AWAY] = REFUSE_store_away, [STORE_BUSY] = REFUSE_store_busy,
		[STORE_FAILED] = REFUSE_internal };

	http_refuse(request, why[status] == REFUSE_internal ? 500 : 503, refusal_name(why[status]),
	            refusal_sentence(why[status]));
}

void call_http_answer(struct http_request *request, enum store_status status, const struct rows *rows)
{
	const char *reply = outcome_reply(status, rows);
	char name[32];

	if (reply != NULL)
		http_reply(request, 200, "application/json; charset=utf-8", NULL, reply, strlen(reply));
	else if (outcome_refusal(status, rows, name))
		refusal_answer(request, name);
	else
		status_answer(request, status);
}

static void wait_end(struct call_wait *wait)
{
	*wait->link = wait->next;
	if (wait->next != NULL)
		wait->next->link = wait->link;
	if (--wait->waits->count == 0)
		timer_stop(wait->waits->tick);
	free(wait);
}

static bool has_changed(const struct call_wait *wait, const char *reply)
{
	json_t *state = reply == NULL ? NULL : json_loads(reply, 0, NULL);
	const char *now = json_string_value(json_object_get(state, "state"));
	bool changed = now == NULL || strcmp(now, wait->known) != 0;

	json_decref(state);
	return changed;
}

static void state_answered(void *context, enum store_status status, const struct rows *rows)
{
	struct call_wait *wait = context;

	wait->asking = false;
	if (!has_changed(wait, outcome_reply(status, rows)) && loop_ms(wait->waits->room->loop) < wait->until)
		return;
	call_http_answer(wait->request, status, rows);
	wait_end(wait);
}

static void state_ask(struct call_wait *wait)
{
	wait->asking = true;
	wait->asked = loop_ms(wait->waits->room->loop);
	system_ask(wait->waits->room, STATEMENT_call_state, LANE_READ, 0,
	           json_pack("{s:s}", "call", wait->call), state_answered, wait);
}

static void tick(void *context)
{
	struct call_waits *waits = context;
	int64_t now = loop_ms(waits->room->loop);
	struct call_wait *wait;

	for (wait = waits->first; wait != NULL; wait = wait->next)
		if (!wait->asking && (waits->touched || now >= wait->until || now - wait->asked >= BLIND_MS))
			state_ask(wait);
	waits->touched = false;
}

void call_waits_touch(struct call_waits *waits)
{
	waits->touched = true;
}

void call_wait(struct call_waits *waits, struct http_request *request, const char *call,
               const char *known, int wait_ms)
{
	struct call_wait *wait = waits->count < WAITS_MOST ? calloc(1, sizeof(*wait)) : NULL;

	if (wait == NULL) {
		http_refuse(request, 503, "store_busy", refusal_sentence(REFUSE_store_busy));
		return;
	}
	wait->waits = waits;
	wait->request = request;
	snprintf(wait->call, sizeof(wait->call), "%s", call);
	snprintf(wait->known, sizeof(wait->known), "%s", known);
	wait->until = loop_ms(waits->room->loop) + wait_ms;
	wait->next = waits->first;
	wait->link = &waits->first;
	if (wait->next != NULL)
		wait->next->link = &wait->next;
	waits->first = wait;
	if (waits->count++ == 0)
		timer_start(waits->tick, TICK_MS, TICK_MS);
	state_ask(wait);
}

struct call_waits *call_waits_new(struct room *room)
{
	struct call_waits *waits = calloc(1, sizeof(*waits));

	if (waits == NULL)
		abort();
	waits->room = room;
	waits->tick = loop_timer(room->loop, tick, waits);
	return waits;
}

void call_waits_drain(struct call_waits *waits)
{
	struct call_wait *wait;

	for (wait = waits->first; wait != NULL; wait = wait->next) {
		wait->until = 0;
		if (!wait->asking)
			state_ask(wait);
	}
}

void call_waits_free(struct call_waits *waits)
{
	while (waits->first != NULL) {
		http_refuse(waits->first->request, 503, "store_away", refusal_sentence(REFUSE_store_away));
		wait_end(waits->first);
	}
	timer_end(waits->tick);
	free(waits);
}
