/* calendar.c — another calendar of holidays or office hours: tried against the open deadlines, then put into force. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "calendar.h"
#include "calendar_read.h"
#include "feed.h"
#include "log.h"
#include "loop.h"
#include "room.h"
#include "system.h"
#include "ticket.h"

/* One of the two that were handed in, put where the statement looks for it; false when it was refused. */
static bool part_take(struct room *room, struct ask *ask, const char *name, const char *as,
                      json_t *read(const char *text, char fault[CALENDAR_FAULT_ROOM]))
{
	const json_t *text = json_object_get(ask->params, name);
	char fault[CALENDAR_FAULT_ROOM];
	json_t *rows;

	if (text == NULL)
		return true;
	rows = read(json_string_value(text), fault);
	if (rows == NULL) {
		ask_refuse(room, ask, REFUSE_bad_params, NULL, json_pack("{s:{s:s}}", "fields", name, fault));
		return false;
	}
	json_object_set_new(ask->params, as, rows);
	return true;
}

enum judged judge_calendar(struct room *room, struct ask *ask)
{
	if (json_object_get(ask->params, "csv") == NULL && json_object_get(ask->params, "office") == NULL) {
		ask_refuse(room, ask, REFUSE_bad_params, NULL, json_pack("{s:{s:s}}", "fields", "csv", "请给出日历文件或办公时间"));
		return JUDGE_DONE;
	}
	if (!part_take(room, ask, "csv", "days", calendar_days_read)
	    || !part_take(room, ask, "office", "spans", calendar_office_read))
		return JUDGE_DONE;
	json_object_del(ask->params, "csv");
	return JUDGE_PASS;
}

/* ---- what moves ---------------------------------------------------------------------------------- */

enum { YEAR_LENGTH = 4 };

static bool year_is_in(const json_t *days, int32_t day)
{
	size_t i;
	json_t *row;

	json_array_foreach(days, i, row) {
		const char *text = json_string_value(json_array_get(row, 0));
		char edge[11];
		int32_t first, last;

		snprintf(edge, sizeof(edge), "%.*s-01-01", YEAR_LENGTH, text);
		day_parse(edge, &first);
		snprintf(edge, sizeof(edge), "%.*s-12-31", YEAR_LENGTH, text);
		day_parse(edge, &last);
		if (day >= first && day <= last)
			return true;
	}
	return false;
}

static int day_order(const void *a, const void *b)
{
	const struct day_exception *x = a, *y = b;

	return (x->day > y->day) - (x->day < y->day);
}

/* A calendar that is tried, with what it stands on; trial_end() frees that. */
struct trial { struct calendar calendar; struct day_exception *days; struct office_span *office; };

/* The days in force with the years of the file replaced; file may be NULL. */
static void trial_days(struct trial *trial, const struct calendar *now, const json_t *file)
{
	size_t i, count = 0;
	json_t *row;

	trial->days = calloc(now->day_count + json_array_size(file) + 1, sizeof(*trial->days));
	if (trial->days == NULL)
		abort();
	for (i = 0; i < now->day_count; i++)
		if (!year_is_in(file, now->days[i].day))
			trial->days[count++] = now->days[i];
	json_array_foreach(file, i, row) {
		day_parse(json_string_value(json_array_get(row, 0)), &trial->days[count].day);
		trial->days[count++].kind = strcmp(json_string_value(json_array_get(row, 1)), "workday") == 0
			? DAY_WORKDAY : DAY_HOLIDAY;
	}
	qsort(trial->days, count, sizeof(*trial->days), day_order);
	trial->calendar.days = trial->days;
	trial->calendar.day_count = count;
}

static struct trial trial_begin(const struct calendar *now, const json_t *params)
{
	const json_t *spans = json_object_get(params, "spans");
	struct trial trial = { .calendar = *now };
	size_t i;
	json_t *span;

	trial_days(&trial, now, json_object_get(params, "days"));
	if (spans == NULL)
		return trial;
	trial.office = calloc(json_array_size(spans), sizeof(*trial.office));
	if (trial.office == NULL)
		abort();
	json_array_foreach(spans, i, span)
		trial.office[i] = (struct office_span){ (int)json_integer_value(json_array_get(span, 0)),
			(int)json_integer_value(json_array_get(span, 1)) };
	trial.calendar.office = trial.office;
	trial.calendar.office_count = i;
	return trial;
}

static void trial_end(struct trial *trial)
{
	free(trial->days);
	free(trial->office);
}

/* Whether this open deadline is another one under the calendar. */
static bool row_moves(const struct calendar *calendar, const json_t *row, int64_t *ret_due)
{
	const char *rule = json_string_value(json_object_get(row, "rule"));
	json_int_t since = json_integer_value(json_object_get(row, "since"));

	return rule != NULL && due_rule_at(calendar, rule, since, ret_due)
		&& *ret_due != json_integer_value(json_object_get(row, "due"));
}

/* Whether this 承办单's deadline is another one: a signed one ends at the latest with its ticket's. */
static bool part_moves(const struct calendar *calendar, const json_t *row, int64_t *ret_due)
{
	const char *cap_rule = json_string_value(json_object_get(row, "cap_rule"));
	json_int_t cap_since = json_integer_value(json_object_get(row, "cap_since"));
	int64_t cap;

	if (!due_rule_at(calendar, json_string_value(json_object_get(row, "rule")),
	                 json_integer_value(json_object_get(row, "since")), ret_due))
		return false;
	if (json_is_true(json_object_get(row, "capped"))) {
		if (cap_rule == NULL || !due_rule_at(calendar, cap_rule, cap_since, &cap))
			cap = json_integer_value(json_object_get(row, "cap_due"));
		*ret_due = *ret_due < cap ? *ret_due : cap;
	}
	return *ret_due != json_integer_value(json_object_get(row, "due"));
}

static void moved_add(json_t *moved, const json_t *row, int64_t due)
{
	json_array_append_new(moved, json_pack("{s:O, s:O, s:O, s:I, s:O*}", "id", json_object_get(row, "id"),
		"number", json_object_get(row, "number"), "was", json_object_get(row, "due"), "due", (json_int_t)due,
		"part", json_object_get(row, "part")));
}

void finish_calendar_try(struct room *room, struct ask *ask, const char *reply)
{
	struct trial trial = trial_begin(rules_calendar(room->rules), ask->params);
	json_t *open = json_loads(reply, 0, NULL), *moved = json_array(), *row;
	int64_t due;
	size_t i;

	json_array_foreach(json_object_get(open, "rows"), i, row)
		if (row_moves(&trial.calendar, row, &due))
			moved_add(moved, row, due);
	json_array_foreach(json_object_get(open, "parts"), i, row)
		if (part_moves(&trial.calendar, row, &due))
			moved_add(moved, row, due);
	json_decref(open);
	trial_end(&trial);
	ask_answer_json(room, ask, json_pack("{s:i, s:o}", "days",
		(int)json_array_size(json_object_get(ask->params, "days")), "moved", moved));
}

/* ---- into force ----------------------------------------------------------------------------------- */

/* One change of calendar on its way: the book read again, then one 期限重算 a ticket. */
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

struct reckoning { struct change *change; json_t *row; int64_t due; };

static void reckoned(void *context, enum store_status status, const struct rows *rows)
{
	struct reckoning *reckoning = context;
	struct change *change = reckoning->change;

	if (outcome_reply(status, rows) != NULL) {
		moved_add(change->moved, reckoning->row, reckoning->due);
		feed_publish(change->room, rows);
	}
	json_decref(reckoning->row);
	free(reckoning);
	change->under_way--;
	change_end(change);
}

static void reckon(struct change *change, json_t *row, int64_t due)
{
	const struct rules *rules = change->room->rules;
	struct seen seen = seen_of(row);
	int64_t now_ms = wall_ms();
	struct reckoning *reckoning = malloc(sizeof(*reckoning));
	struct deadline deadline = { .since = json_integer_value(json_object_get(row, "since")), .due = due,
		.warn = rules_warn(rules, now_ms, due) };
	json_t *params = ticket_system_move(rules, ACTION_reckon, json_integer_value(json_object_get(row, "id")),
	                                    &seen, now_ms);

	if (reckoning == NULL || params == NULL)
		abort();
	snprintf(deadline.rule, sizeof(deadline.rule), "%s", json_string_value(json_object_get(row, "rule")));
	deadline_set(params, &deadline);
	json_object_set(params, "alarms", json_object_get(row, "alarms"));
	json_object_set_new(params, "note", json_string("日历调整，期限重算"));
	json_object_set_new(params, "detail", json_pack("{s:O}", "was", json_object_get(row, "due")));
	*reckoning = (struct reckoning){ change, json_incref(row), due };
	change->under_way++;
	system_ask(change->room, STATEMENT_ticket_move, LANE_WRITE, (unsigned long)json_integer_value(json_object_get(row, "id")),
	           params, reckoned, reckoning);
}

static void parts_reckoned(void *context, enum store_status status, const struct rows *rows)
{
	struct change *change = context;

	if (outcome_reply(status, rows) != NULL)
		feed_publish(change->room, rows);
	else
		log_line(LOG_ERROR, "calendar", "deadlines of 承办单 stay as they were", NULL);
	change->under_way--;
	change_end(change);
}

static void parts_reckon(struct change *change, const json_t *parts)
{
	const struct rules *rules = change->room->rules;
	json_t *moved = json_array(), *row;
	int64_t due, now_ms = wall_ms();
	size_t i;

	json_array_foreach(parts, i, row) {
		if (!part_moves(rules_calendar(rules), row, &due))
			continue;
		json_array_append_new(moved, json_pack("{s:O, s:O, s:I, s:I}", "part", json_object_get(row, "part"),
			"was", json_object_get(row, "due"), "due", (json_int_t)due,
			"warn", (json_int_t)rules_warn(rules, now_ms, due)));
		moved_add(change->moved, row, due);
	}
	change->under_way++;
	system_ask(change->room, STATEMENT_part_reckon, LANE_WRITE, 0, json_pack("{s:o}", "rows", moved), parts_reckoned, change);
}

static void open_answered(void *context, enum store_status status, const struct rows *rows)
{
	struct change *change = context;
	json_t *open = outcome_reply_json(status, rows), *row;
	int64_t due;
	size_t i;

	json_array_foreach(json_object_get(open, "rows"), i, row)
		if (row_moves(rules_calendar(change->room->rules), row, &due))
			reckon(change, row, due);
	parts_reckon(change, json_object_get(open, "parts"));
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
