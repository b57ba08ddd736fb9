/* store.c — calls of prepared functions, routed to lanes and answered once. */
#include "store.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "loop.h"
#include "store_lane.h"

struct rows { const PGresult *result; };

/* Where the calls of a route go as long as one of them is under way: on one connection they keep their order.
 * Routes that share a slot share its fate. */
enum { SLOTS = 1024 };
struct slot { int lane, under_way; };

struct store {
	struct loop *loop;
	struct store_config config;
	store_ready_fn *ready;
	void *context;
	bool announced, closing, nudged;
	int up;                    /* lanes, when last counted */
	int busy;                  /* how deep in settling: freed at zero */
	struct timer *soon;
	struct calls finished;
	struct lane **lanes[LANE_COUNT];
	size_t pending[LANE_COUNT];
	struct slot slots[SLOTS];
	struct store_counters counters[LANE_COUNT];
};

static void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count, size);

	if (memory == NULL) {
		log_text(LOG_ERROR, "store", "out of memory");
		abort();
	}
	return memory;
}

static struct lane *lane_at(const struct store *store, int number)
{
	for (int kind = 0; kind < LANE_COUNT; kind++) {
		if (number < store->config.connections[kind])
			return store->lanes[kind][number];
		number -= store->config.connections[kind];
	}
	return NULL;
}

static void store_free(struct store *store)
{
	timer_end(store->soon);
	for (int kind = 0; kind < LANE_COUNT; kind++)
		free(store->lanes[kind]);
	free(store);
}

/* ---- answering ---- */

/* A timer of zero runs after the events of this turn and before the loop waits again, also when
 * it is started by one of the functions that run each turn. */
static void nudge(struct store *store)
{
	if (store->nudged || store->closing)
		return;
	store->nudged = true;
	timer_start(store->soon, 0, 0);
}

static void call_answer(struct store *store, struct call *call)
{
	struct rows rows = { call->result };

	store->pending[call->kind]--;
	if (call->slotted)
		store->slots[call->slot].under_way--;
	call->done(call->context, call->status, call->status == STORE_OK ? &rows : NULL);
	PQclear(call->result);
	free(call);
}

/* Calls that are finished by these answers wait for the next turn: nobody can keep us here. */
static void deliver(struct store *store)
{
	struct calls batch = store->finished;
	struct call *call;

	store->finished = (struct calls){ 0 };
	while ((call = calls_take(&batch)) != NULL)
		call_answer(store, call);
	if (store->finished.head != NULL)
		nudge(store);
}

static void announce(struct store *store)
{
	bool complete = true;
	const struct lane *lane;

	for (int i = 0; !store->announced && (lane = lane_at(store, i)) != NULL; i++) {
		complete = complete && lane->was_prepared;
		if (lane->state == LANE_MISFIT) {
			store->announced = true;
			store->ready(store->context, false);
			return;
		}
	}
	if (complete && !store->announced) {
		store->announced = true;
		store->ready(store->context, true);
	}
}

/* After an outage the first lane to come back calls the others, however long they meant to wait. */
static void hurry_others(struct store *store)
{
	int up = 0, before = store->up;
	struct lane *lane;

	for (int i = 0; (lane = lane_at(store, i)) != NULL; i++)
		up += lane->state == LANE_UP;
	store->up = up;
	for (int i = 0; up > before && (lane = lane_at(store, i)) != NULL; i++)
		lane_hurry(lane);
}

static void store_settle(void *context)
{
	struct store *store = context;

	store->busy++;
	deliver(store);
	if (!store->closing)
		hurry_others(store);
	if (!store->closing)
		announce(store);
	store->busy--;
	if (!store->closing || store->busy > 0)
		return;
	while (store->finished.head != NULL)
		deliver(store);
	store_free(store);
}

static void on_soon(void *context)
{
	struct store *store = context;
	struct lane *lane;

	store->nudged = false;
	for (int i = 0; (lane = lane_at(store, i)) != NULL; i++)
		lane_push(lane);
	store_settle(store);
}

/* ---- opening and closing ---- */

static void lanes_open(struct store *store, enum store_lane kind)
{
	static const char *const names[] = { "write", "read", "slow", "long" };
	struct lane_config config = {
		.loop = store->loop, .store = &store->config, .kind = kind, .name = names[kind],
		.finished = &store->finished, .counters = &store->counters[kind],
		.settled = store_settle, .owner = store,
	};

	if (store->config.connections[kind] < 1)
		store->config.connections[kind] = 1;
	store->lanes[kind] = allocate((size_t)store->config.connections[kind],
	                              sizeof *store->lanes[kind]);
	for (int i = 0; i < store->config.connections[kind]; i++)
		store->lanes[kind][i] = lane_open(&config);
}

struct store *store_open(struct loop *loop, const struct store_config *config,
                         store_ready_fn *ready, void *context)
{
	struct store *store = allocate(1, sizeof *store);

	store->loop = loop;
	store->config = *config;
	store->ready = ready;
	store->context = context;
	store->soon = loop_timer(loop, on_soon, store);
	for (int kind = 0; kind < LANE_COUNT; kind++)
		lanes_open(store, kind);
	return store;
}

void store_close(struct store *store)
{
	struct lane *lane;

	if (store->closing)
		return;
	store->closing = true;
	for (int i = 0; (lane = lane_at(store, i)) != NULL; i++)
		lane_close(lane);
	if (store->busy == 0)
		store_settle(store);
}

/* ---- calling ---- */

/* One allocation: the call, its pointers, their text. */
static struct call *call_make(const char *const parameters[], int count)
{
	size_t size = sizeof(struct call) + (size_t)count * sizeof(char *);
	struct call *call;
	char *text;

	for (int i = 0; i < count; i++)
		if (parameters[i] != NULL)
			size += strlen(parameters[i]) + 1;
	call = allocate(1, size);
	text = (char *)(call->parameters + count);
	for (int i = 0; i < count; i++) {
		size_t length;

		if (parameters[i] == NULL)
			continue;
		length = strlen(parameters[i]) + 1;
		call->parameters[i] = memcpy(text, parameters[i], length);
		text += length;
	}
	return call;
}

static size_t kind_waiting(const struct store *store, enum store_lane kind)
{
	size_t waiting = 0;

	for (int i = 0; i < store->config.connections[kind]; i++)
		waiting += store->lanes[kind][i]->waiting.count;
	return waiting;
}

static void call_refuse(struct store *store, struct call *call, enum store_status status)
{
	call->status = status;
	calls_append(&store->finished, call);
}

/* Two backends that commit side by side cost each other time: the first write lane takes everything
 * until a full group waits there; but a route that has a call under way stays where that is. */
static struct lane *write_lane(struct store *store, struct call *call, unsigned long route)
{
	struct slot *slot = &store->slots[route % SLOTS];
	struct lane **lanes = store->lanes[LANE_WRITE];

	if (slot->under_way++ == 0)
		slot->lane = lanes[0]->waiting.count < (size_t)store->config.group
			? 0 : (int)(route % (unsigned long)store->config.connections[LANE_WRITE]);
	call->slot = (unsigned)(slot - store->slots);
	call->slotted = true;
	return lanes[slot->lane];
}

static struct lane *lane_for(struct store *store, struct call *call, unsigned long route)
{
	if (call->kind == LANE_WRITE)
		return write_lane(store, call, route);
	return store->lanes[call->kind][route % (unsigned long)store->config.connections[call->kind]];
}

static void call_route(struct store *store, struct call *call, unsigned long route)
{
	struct lane *lane = store->closing ? NULL : lane_for(store, call, route);

	if (lane == NULL)
		call_refuse(store, call, STORE_AWAY);
	else if (lane->state != LANE_UP)
		call_refuse(store, call, STORE_AWAY);
	else if (kind_waiting(store, call->kind) >= (size_t)store->config.queue)
		call_refuse(store, call, STORE_BUSY);
	else
		calls_append(&lane->waiting, call);
}

void store_call(struct store *store, enum store_lane kind, size_t statement, unsigned long route,
                const char *const parameters[], store_done_fn *done, void *context)
{
	struct call *call = call_make(parameters, store->config.statements[statement].parameters);

	call->statement = statement;
	call->done = done;
	call->context = context;
	call->kind = kind;
	store->pending[kind]++;
	store->counters[kind].calls++;
	call_route(store, call, route);
	nudge(store);
}

/* ---- reading rows and the state of the store ---- */

size_t rows_count(const struct rows *rows)
{
	return (size_t)PQntuples(rows->result);
}

const char *rows_text(const struct rows *rows, size_t row, int column)
{
	if (PQgetisnull(rows->result, (int)row, column))
		return NULL;
	return PQgetvalue(rows->result, (int)row, column);
}

long long rows_int(const struct rows *rows, size_t row, int column)
{
	const char *text = rows_text(rows, row, column);

	return text != NULL ? strtoll(text, NULL, 10) : 0;
}

bool store_is_up(const struct store *store, enum store_lane lane)
{
	for (int i = 0; !store->closing && i < store->config.connections[lane]; i++)
		if (store->lanes[lane][i]->state != LANE_UP)
			return false;
	return !store->closing;
}

size_t store_pending(const struct store *store, enum store_lane lane)
{
	return store->pending[lane];
}

struct store_counters store_counters(const struct store *store, enum store_lane lane)
{
	return store->counters[lane];
}
