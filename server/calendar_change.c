/* calendar_change.c — a calendar or office hours in force: every open deadline reckoned again, each by its own kind. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "calendar.h"
#include "calendar_change.h"
#include "cases.h"
#include "feed.h"
#include "log.h"
#include "loop.h"
#include "room.h"
#include "rules.h"
#include "system.h"
#include "ticket.h"

static json_int_t number_of(const json_t *row, const char *name)
{
	return json_integer_value(json_object_get(row, name));
}

static const char *text_of(const json_t *row, const char *name)
{
	const char *text = json_string_value(json_object_get(row, name));

	return text != NULL ? text : "";
}

bool calendar_moves(const struct calendar *calendar, const json_t *row, int64_t *ret_due)
{
	int64_t cap;

	if (!due_rule_at(calendar, text_of(row, "rule"), number_of(row, "since"), ret_due))
		return false;
	if (json_is_true(json_object_get(row, "capped"))) {
		if (!due_rule_at(calendar, text_of(row, "cap_rule"), number_of(row, "cap_since"), &cap))
			cap = number_of(row, "cap_due");
		*ret_due = *ret_due < cap ? *ret_due : cap;
	}
	return *ret_due != number_of(row, "due");
}

void calendar_moved_add(json_t *moved, const json_t *row, int64_t due)
{
	json_array_append_new(moved, json_pack("{s:O, s:O, s:O, s:O, s:I, s:O*, s:O*, s:O*, s:O*}",
		"what", json_object_get(row, "what"), "id", json_object_get(row, "id"), "number", json_object_get(row, "number"),
		"was", json_object_get(row, "due"), "due", (json_int_t)due, "part", json_object_get(row, "part"),
		"order", json_object_get(row, "order"), "no", json_object_get(row, "no"), "dept", json_object_get(row, "dept")));
}

/* One change of calendar on its way: the book read again, then one 期限重算 for each deadline that moves. */
struct change { struct room *room; struct ask *ask; json_t *moved; int under_way; bool asked_all; };

static void change_end(struct change *change)
{
	if (!change->asked_all || change->under_way > 0)
		return;
	ask_answer_json(change->room, change->ask, json_pack("{s:i, s:O}", "days",
		(int)json_array_size(json_object_get(change->ask->params, "days")), "moved", change->moved));
	json_decref(change->moved);
	free(change);
}

/* ---- tickets, cases and tasks: a move each ------------------------------------------------------------ */

struct reckoning { struct change *change; json_t *row; int64_t due; };

static void reckoned(void *context, bool held)
{
	struct reckoning *reckoning = context;
	struct change *change = reckoning->change;

	if (held)
		calendar_moved_add(change->moved, reckoning->row, reckoning->due);
	json_decref(reckoning->row);
	free(reckoning);
	change->under_way--;
	change_end(change);
}

static void ticket_reckoned(void *context, enum store_status status, const struct rows *rows)
{
	struct reckoning *reckoning = context;
	bool held = outcome_reply(status, rows) != NULL;

	if (held)
		feed_publish(reckoning->change->room, rows);
	reckoned(reckoning, held);
}

static struct reckoning *reckoning_new(struct change *change, json_t *row, int64_t due)
{
	struct reckoning *reckoning = malloc(sizeof(*reckoning));

	if (reckoning == NULL)
		abort();
	*reckoning = (struct reckoning){ change, json_incref(row), due };
	change->under_way++;
	return reckoning;
}

static void ticket_reckon(struct change *change, json_t *row, int64_t due)
{
	const struct rules *rules = change->room->rules;
	struct seen seen = seen_of(row);
	int64_t now_ms = wall_ms();
	struct deadline deadline = { .since = number_of(row, "since"), .due = due, .warn = rules_warn(rules, now_ms, due) };
	json_t *params = ticket_system_move(rules, ACTION_reckon, number_of(row, "id"), &seen, now_ms);

	if (params == NULL)
		abort();
	snprintf(deadline.rule, sizeof(deadline.rule), "%s", text_of(row, "rule"));
	deadline_set(params, &deadline);
	json_object_set(params, "alarms", json_object_get(row, "alarms"));
	json_object_set_new(params, "note", json_string("日历调整，期限重算"));
	json_object_set_new(params, "detail", json_pack("{s:O}", "was", json_object_get(row, "due")));
	system_ask(change->room, STATEMENT_ticket_move, LANE_WRITE, (unsigned long)number_of(row, "id"), params,
	           ticket_reckoned, reckoning_new(change, row, due));
}

static void case_reckon(struct change *change, json_t *row, int64_t due)
{
	json_t *wish = json_pack("{s:O, s:O, s:s, s:O*, s:O*, s:s, s:O}", "id", json_object_get(row, "id"),
		"level", json_object_get(row, "level"), "action", "reckon", "no", json_object_get(row, "no"),
		"dept", json_object_get(row, "dept"), "text", "日历调整，期限重算", "was", json_object_get(row, "due"));

	cases_system_move(change->room, wish, reckoned, reckoning_new(change, row, due));
	json_decref(wish);
}

/* ---- 承办单 and 督办: together ----------------------------------------------------------------------- */

static void beside_reckoned(void *context, enum store_status status, const struct rows *rows)
{
	struct change *change = context;

	if (outcome_reply(status, rows) != NULL)
		feed_publish(change->room, rows);
	else
		log_line(LOG_ERROR, "calendar", "deadlines of 承办单 and 督办 stay as they were", NULL);
	change->under_way--;
	change_end(change);
}

static void beside_add(struct change *change, json_t *list, const json_t *row, const char *id, int64_t due)
{
	json_array_append_new(list, json_pack("{s:O, s:O, s:I, s:I}", "id", json_object_get(row, id),
		"was", json_object_get(row, "due"), "due", (json_int_t)due,
		"warn", (json_int_t)rules_warn(change->room->rules, wall_ms(), due)));
	calendar_moved_add(change->moved, row, due);
}

/* ---- all of them ---------------------------------------------------------------------------------------- */

static void open_answered(void *context, enum store_status status, const struct rows *rows)
{
	struct change *change = context;
	json_t *open = outcome_reply_json(status, rows), *parts = json_array(), *orders = json_array(), *row;
	int64_t due;
	size_t i;

	json_array_foreach(json_object_get(open, "rows"), i, row) {
		const char *what = text_of(row, "what");

		if (!calendar_moves(rules_calendar(change->room->rules), row, &due))
			continue;
		if (strcmp(what, "part") == 0)
			beside_add(change, parts, row, "part", due);
		else if (strcmp(what, "order") == 0)
			beside_add(change, orders, row, "order", due);
		else if (strcmp(what, "ticket") == 0)
			ticket_reckon(change, row, due);
		else
			case_reckon(change, row, due);
	}
	change->under_way++;
	system_ask(change->room, STATEMENT_beside_reckon, LANE_WRITE, 0,
	           json_pack("{s:o, s:o}", "parts", parts, "orders", orders), beside_reckoned, change);
	json_decref(open);
	change->asked_all = true;
	change_end(change);
}

static void book_read(void *context, bool ok)
{
	struct change *change = context;

	if (!ok)
		log_line(LOG_ERROR, "calendar", "the new calendar is stored, but could not be read: deadlines stay", NULL);
	system_ask(change->room, STATEMENT_clock_open, LANE_SLOW, 0, json_object(), open_answered, change);
}

void finish_calendar_set(struct room *room, struct ask *ask, const char *reply)
{
	struct change *change = calloc(1, sizeof(*change));

	(void)reply;
	if (change == NULL)
		abort();
	*change = (struct change){ .room = room, .ask = ask, .moved = json_array() };
	rules_load(room, book_read, change);
}
