/* calendar.c — another calendar of holidays or office hours, tried against the open deadlines. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "calendar.h"
#include "calendar_change.h"
#include "calendar_read.h"
#include "room.h"
#include "rules.h"

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

/* ---- the calendar that is tried ---------------------------------------------------------------------------------- */

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

/* ---- trying ---------------------------------------------------------------------------------------- */

void finish_calendar_try(struct room *room, struct ask *ask, const char *reply)
{
	struct trial trial = trial_begin(rules_calendar(room->rules), ask->params);
	json_t *open = json_loads(reply, 0, NULL), *moved = json_array(), *row;
	int64_t due;
	size_t i;

	json_array_foreach(json_object_get(open, "rows"), i, row)
		if (calendar_moves(&trial.calendar, row, &due))
			calendar_moved_add(moved, row, due);
	json_decref(open);
	trial_end(&trial);
	ask_answer_json(room, ask, json_pack("{s:i, s:o}", "days",
		(int)json_array_size(json_object_get(ask->params, "days")), "moved", moved));
}
