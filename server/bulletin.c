/* bulletin.c — 日报, 周报, 月报: asks the database what is to be made, and has it made. */
#include <stdbool.h>
#include <stdlib.h>
#include "bulletin.h"
#include "export.h"
#include "log.h"
#include "loop.h"
#include "system.h"

/* Whether a period has ended is asked when the day has changed and now and then; a wish may come any second. */
enum { TICK_MS = 1000, DUE_FIRST_MS = 60000, DUE_MS = 600000, DAY_MS = 86400000, BEIJING_MS = 28800000 };

struct bulletins {
	struct room *room;
	struct timer *tick;
	bool asking, stopping;
	int64_t due_ms, day;         /* when periods are looked for next (monotonic); the day on which they were */
};

/* ---- making ------------------------------------------------------------------------------------------------ */

static void made(void *context, enum store_status status, const struct rows *rows)
{
	struct bulletins *bulletins = context;
	json_t *reply = outcome_reply_json(status, rows);

	bulletins->asking = false;
	if (reply == NULL)
		log_line(LOG_WARN, "bulletin", "a bulletin could not be made; it is tried again when its lease has run out", NULL);
	else if (json_is_integer(json_object_get(reply, "bulletin")))
		log_line(LOG_INFO, "bulletin", "made", "label", json_string_value(json_object_get(reply, "label")), NULL);
	json_decref(reply);
	if (!bulletins->stopping)
		timer_start(bulletins->tick, 0, TICK_MS);      /* what else waits need not wait for the tick */
}

static void found(void *context, enum store_status status, const struct rows *rows)
{
	struct bulletins *bulletins = context;
	json_t *wish = outcome_reply_json(status, rows);

	if (json_object_size(wish) == 0 || bulletins->stopping) {
		bulletins->asking = false;
		json_decref(wish);
		return;
	}
	json_object_set_new(wish, "at", json_integer(wall_ms()));
	json_object_set_new(wish, "terms", export_terms());
	system_ask(bulletins->room, STATEMENT_bulletin_make, LANE_LONG, 0, wish, made, bulletins);
}

static bool due_look(struct bulletins *bulletins, int64_t now_ms)
{
	int64_t day = (now_ms + BEIJING_MS - 600000) / DAY_MS;      /* ten minutes after midnight, as bulletin_due() */
	int64_t turn_ms = loop_ms(bulletins->room->loop);

	if (turn_ms < bulletins->due_ms && day == bulletins->day)
		return false;
	bulletins->due_ms = turn_ms + DUE_MS;
	bulletins->day = day;
	return true;
}

static void tick(void *context)
{
	struct bulletins *bulletins = context;
	int64_t now_ms = wall_ms();

	if (bulletins->asking)
		return;
	bulletins->asking = true;
	system_ask(bulletins->room, STATEMENT_bulletin_next, LANE_WRITE, 0,
	           json_pack("{s:I, s:b}", "at", (json_int_t)now_ms, "due", due_look(bulletins, now_ms)), found, bulletins);
}

struct bulletins *bulletins_open(struct room *room)
{
	struct bulletins *bulletins = calloc(1, sizeof *bulletins);

	if (bulletins == NULL)
		abort();
	bulletins->room = room;
	bulletins->due_ms = loop_ms(room->loop) + DUE_FIRST_MS;
	bulletins->day = (wall_ms() + BEIJING_MS - 600000) / DAY_MS;
	bulletins->tick = loop_timer(room->loop, tick, bulletins);
	timer_start(bulletins->tick, TICK_MS, TICK_MS);
	return bulletins;
}

void bulletins_stop(struct bulletins *bulletins)
{
	if (bulletins == NULL)
		return;
	bulletins->stopping = true;
	timer_stop(bulletins->tick);
}

void bulletins_close(struct bulletins *bulletins)
{
	if (bulletins == NULL)
		return;
	timer_end(bulletins->tick);
	free(bulletins);
}
