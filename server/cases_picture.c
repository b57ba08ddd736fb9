/* cases_picture.c — a case as case_picture() tells it, for the judge in routing/; and the judge's steps as
 * case_move() takes them, each with its clock. */
#include <stdio.h>
#include <string.h>
#include "cases_parts.h"
#include "clock.h"
#include "ticket.h"

static int number_of(const json_t *object, const char *name)
{
	return (int)json_integer_value(json_object_get(object, name));
}

static enum case_join join_of(const json_t *matter)
{
	const char *name = json_string_value(json_object_get(matter, "join"));

	if (name != NULL && strcmp(name, "any") == 0)
		return CASE_JOIN_ANY;
	return name != NULL && strcmp(name, "first") == 0 ? CASE_JOIN_FIRST : CASE_JOIN_ALL;
}

static int place_of(const struct case_view *view, int no)
{
	int i;

	for (i = 0; i < view->matter_count; i++)
		if (view->matters[i].no == no)
			return i;
	return -1;
}

/* Matters are named by their numbers; the judge counts their places. */
static void deps_read(const json_t *matters, struct case_view *view)
{
	size_t i, d;
	json_t *matter, *dep;

	json_array_foreach(matters, i, matter)
		json_array_foreach(json_object_get(matter, "deps"), d, dep) {
			int place = place_of(view, (int)json_integer_value(dep));

			if (place >= 0)
				view->matters[i].deps |= UINT32_C(1) << place;
		}
}

bool picture_read(const json_t *picture, struct case_view *ret)
{
	const json_t *matters = json_object_get(picture, "matters"), *tasks = json_object_get(picture, "tasks");
	size_t i;
	json_t *row;

	if (json_array_size(matters) > CASE_MATTERS_MOST || json_array_size(tasks) > CASE_TASKS_MOST)
		return false;
	*ret = (struct case_view){ .state = number_of(picture, "state"),
		.stopped = json_is_true(json_object_get(picture, "stopped")),
		.matter_count = (int)json_array_size(matters), .task_count = (int)json_array_size(tasks) };
	json_array_foreach(matters, i, row)
		ret->matters[i] = (struct case_matter){ .no = number_of(row, "no"), .state = number_of(row, "state"),
			.join = join_of(row), .gathers = json_is_true(json_object_get(row, "gathers")),
			.promises = number_of(row, "open"), .late = number_of(row, "late") };
	deps_read(matters, ret);
	json_array_foreach(tasks, i, row) {
		int place = place_of(ret, number_of(row, "no"));

		ret->tasks[i] = (struct case_task){ place, number_of(row, "dept"), number_of(row, "state"),
			number_of(row, "place") == 1 };
	}
	return true;
}

static const json_t *matter_of(const json_t *picture, int no)
{
	size_t i;
	json_t *row;

	json_array_foreach(json_object_get(picture, "matters"), i, row)
		if (number_of(row, "no") == no)
			return row;
	return NULL;
}

static const json_t *task_of(const json_t *picture, int no, int dept)
{
	size_t i;
	json_t *row;

	json_array_foreach(json_object_get(picture, "tasks"), i, row)
		if (number_of(row, "no") == no && number_of(row, "dept") == dept)
			return row;
	return NULL;
}

/* A unit is one to its own task, to the matter it has a task of, and to the case. */
unsigned picture_who(const json_t *picture, const struct case_wish *wish)
{
	unsigned parts = (unsigned)number_of(picture, "parts");
	int dept = number_of(picture, "dept");

	if (wish->level == LEVEL_CASE || (wish->level == LEVEL_TASK && dept == wish->dept)
	    || (wish->level == LEVEL_MATTER && task_of(picture, wish->no, dept) != NULL))
		return parts;
	return parts & ~(unsigned)PART_UNIT;
}

int picture_step(const json_t *picture, const struct case_wish *wish)
{
	if (wish->level == LEVEL_CASE)
		return number_of(picture, "step");
	return number_of(wish->level == LEVEL_TASK ? task_of(picture, wish->no, wish->dept)
	                                           : matter_of(picture, wish->no), "step");
}

bool picture_promise_late(const json_t *picture, json_int_t promise, int no, bool *ret_found)
{
	size_t i;
	json_t *row;

	*ret_found = false;
	json_array_foreach(json_object_get(picture, "promises"), i, row)
		if (json_integer_value(json_object_get(row, "promise")) == promise && number_of(row, "no") == no) {
			*ret_found = true;
			return json_is_true(json_object_get(row, "late"));
		}
	return false;
}

/* ---- clocks ---------------------------------------------------------------------------------------- */

static void days_clock(const struct rules *rules, const char *key, int days, int64_t now_ms, struct deadline *ret)
{
	struct limit limit = { days, UNIT_WORKING_DAY };

	if (days == 0 || !due_rule_make(key, limit, ret->rule)) {
		rules_due_by(rules, key, now_ms, ret);
		return;
	}
	ret->since = now_ms;
	ret->due = due_at(rules_calendar(rules), limit, now_ms);
	ret->warn = rules_warn(rules, now_ms, ret->due);
}

void step_clock(const struct rules *rules, enum case_clock clock, const json_t *target, int days, int64_t until_ms,
                int64_t now_ms, json_t *step)
{
	struct deadline deadline = { .since = now_ms, .due = until_ms, .warn = until_ms, .rule = "pause" };

	switch (clock) {
	case CASE_CLOCK_keep:
		return;
	case CASE_CLOCK_stop:
		deadline_set(step, NULL);
		return;
	case CASE_CLOCK_resumed:
		clock_resume(rules, target, 0, now_ms, step);
		return;
	case CASE_CLOCK_reckoned:
		clock_reckon(rules, target, now_ms, step);
		return;
	case CASE_CLOCK_until:
		break;
	default:
		days_clock(rules, case_clock_limit(clock), clock == CASE_CLOCK_handle || clock == CASE_CLOCK_work ? days : 0,
		           now_ms, &deadline);
	}
	deadline_set(step, &deadline);
}

/* A task that waits for the applicant gets its whole time again: what was kept is the clock behind it. */
static enum case_clock clock_of(const struct case_step *step)
{
	return step->edge->action == DO_go_on && step->edge->from == WORK_correcting ? CASE_CLOCK_supply : step->edge->clock;
}

static json_t *step_json(const struct rules *rules, const json_t *picture, const struct case_step *step,
                         int64_t until_ms, int64_t now_ms)
{
	const struct case_edge *edge = step->edge;
	const json_t *target = edge->level == LEVEL_TASK ? task_of(picture, step->no, step->dept) : picture;
	json_t *json = json_pack("{s:s, s:s, s:i, s:i}", "level", case_level_name(edge->level),
	                         "action", case_action_name(edge->action), "from", edge->from, "to", edge->to);

	if (step->no != 0)
		json_object_set_new(json, "no", json_integer(step->no));
	if (step->dept != 0)
		json_object_set_new(json, "dept", json_integer(step->dept));
	if (step->matter_state >= 0)
		json_object_set_new(json, "matter", json_integer(step->matter_state));
	step_clock(rules, clock_of(step), target,
	           number_of(edge->level == LEVEL_TASK ? matter_of(picture, step->no) : picture, "days"), until_ms, now_ms, json);
	return json;
}

json_t *picture_steps(const struct rules *rules, const json_t *picture, const struct case_steps *steps,
                      int64_t until_ms, int64_t now_ms)
{
	json_t *list = json_array();
	int i;

	for (i = 0; i < steps->count; i++)
		json_array_append_new(list, step_json(rules, picture, &steps->rows[i], until_ms, now_ms));
	return list;
}
