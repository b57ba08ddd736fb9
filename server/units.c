/* units.c — what each unit has on its desk, asked of the database again and again, so that dispatch sees it. */
#include <stdbool.h>
#include <stdlib.h>
#include "log.h"
#include "loop.h"
#include "room.h"
#include "rules.h"
#include "system.h"
#include "units.h"

enum { LOOK_MS = 15000 };

struct units { struct room *room; struct timer *look; bool asked; };

static void answered(void *context, enum store_status status, const struct rows *rows)
{
	struct units *units = context;
	json_t *reply = outcome_reply_json(status, rows);

	units->asked = false;
	if (reply != NULL && !rules_weigh(units->room->rules, json_object_get(reply, "loads")))
		log_line(LOG_ERROR, "units", "no memory for the loads of the units", NULL);
	/* Redis may have lost the word that other rules are in force. */
	if (reply != NULL && json_integer_value(json_object_get(reply, "version")) != rules_version(units->room->rules))
		rules_load(units->room, NULL, NULL);
	json_decref(reply);
}

static void look(void *context)
{
	struct units *units = context;

	if (units->asked)
		return;
	units->asked = true;
	system_ask(units->room, STATEMENT_unit_loads, LANE_READ, 0, json_object(), answered, units);
}

struct units *units_open(struct room *room)
{
	struct units *units = calloc(1, sizeof(*units));

	if (units == NULL)
		abort();
	units->room = room;
	units->look = loop_timer(room->loop, look, units);
	timer_start(units->look, LOOK_MS, LOOK_MS);
	return units;
}

void units_stop(struct units *units)
{
	if (units != NULL)
		timer_stop(units->look);
}

void units_close(struct units *units)
{
	if (units == NULL)
		return;
	timer_end(units->look);
	free(units);
}
