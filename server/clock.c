/* clock.c — moves whose deadline is reckoned from another one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../routing/terms.h"
#include "clock.h"
#include "log.h"
#include "room.h"
#include "system.h"
#include "ticket.h"

static int64_t number_of(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? text : "";
}

/* ---- reckoning ----------------------------------------------------------------------------------- */

static void clock_put(const struct rules *rules, const char *rule, int64_t since, int64_t due, int64_t now_ms,
                      json_t *params)
{
	struct deadline deadline = { .since = since, .due = due, .warn = rules_warn(rules, now_ms, due) };

	snprintf(deadline.rule, sizeof(deadline.rule), "%s", rule);
	deadline_set(params, &deadline);
	json_object_set_new(params, "alarms", json_true());
}

void clock_resume(const struct rules *rules, const json_t *clock, int least_days, int64_t now_ms, json_t *params)
{
	const struct calendar *calendar = rules_calendar(rules);
	struct limit least = { least_days, UNIT_WORKING_DAY };
	char rule[DUE_RULE_ROOM];
	int64_t due;

	if (!due_rule_left(calendar, text_of(clock, "held_rule"), number_of(clock, "held_at"),
	                   number_of(clock, "held_due"), rule)
	    || !due_rule_at(calendar, rule, now_ms, &due) || due < due_at(calendar, least, now_ms)) {
		/* At least so much, under the name of the limit that was running. */
		char key[DUE_RULE_ROOM];

		snprintf(key, sizeof(key), "%.*s", (int)strcspn(text_of(clock, "held_rule"), ":"), text_of(clock, "held_rule"));
		if (least_days == 0)
			least.amount = 1;
		due_rule_make(*key != '\0' ? key : "close_audit", least, rule);
		due = due_at(calendar, least, now_ms);
	}
	clock_put(rules, rule, now_ms, due, now_ms, params);
}

void clock_reckon(const struct rules *rules, const json_t *clock, int64_t now_ms, json_t *params)
{
	int64_t due;

	if (!due_rule_at(rules_calendar(rules), text_of(clock, "rule"), number_of(clock, "since"), &due))
		due = number_of(clock, "due");
	clock_put(rules, text_of(clock, "rule"), number_of(clock, "since"), due, now_ms, params);
}

/* The deadline of a 督办 that is given now. */
static void order_clock(const struct rules *rules, const char *key, int64_t now_ms, json_t *params)
{
	struct deadline deadline;

	rules_due_by(rules, key, now_ms, &deadline);
	json_object_set_new(params, "order_due", json_integer(deadline.due));
	json_object_set_new(params, "order_warn", json_integer(deadline.warn));
	json_object_set_new(params, "order_rule", json_string(deadline.rule));
}

void clock_alarm(const struct rules *rules, int level, int64_t due_ms, int64_t now_ms, json_t *params)
{
	static const char *const next[] = {
		[ALARM_red] = "overdue_urge", [ALARM_urged] = "overdue_order", [ALARM_order] = "overdue_report" };
	struct deadline deadline;
	json_t *at = json_null();

	if (level == ALARM_yellow) {
		at = json_integer(due_ms);
	} else if (level < ALARM_report) {
		rules_due_by(rules, next[level], due_ms, &deadline);
		at = json_integer(deadline.due);
	}
	json_object_set_new(params, "level", json_integer(level));
	json_object_set_new(params, "alarm_at", at);
	json_object_set_new(params, "note", json_string(term_text(TERMS_ALARM, level)));
	json_object_set_new(params, "detail", json_pack("{s:i}", "level", level));
	/* 红牌 brings a 督办 for “办不成事” alone; the database knows the channel. */
	if (level == ALARM_order || level == ALARM_red)
		order_clock(rules, level == ALARM_red ? "order_raised" : "order_key", now_ms, params);
}

/* 延期: so many working days more, from the deadline that stands. false: nothing says how many. */
static bool clock_extend(const struct rules *rules, const json_t *clock, int64_t now_ms, json_t *params)
{
	struct limit more = { number_of(params, "days"), UNIT_WORKING_DAY };
	char rule[DUE_RULE_ROOM];

	if (more.amount == 0)
		more.amount = number_of(json_object_get(clock, "asked_detail"), "days");
	if (more.amount == 0 || !due_rule_extend(text_of(clock, "rule"), more, rule))
		return false;
	clock_put(rules, rule, number_of(clock, "since"),
	          due_at(rules_calendar(rules), more, number_of(clock, "due")), now_ms, params);
	if (json_object_get(params, "detail") == NULL)
		json_object_set_new(params, "detail", json_object());
	json_object_set_new(json_object_get(params, "detail"), "days", json_integer(more.amount));
	return true;
}

/* 挂起 until the offices open on a day: what is wrong with the day, NULL when nothing is. */
static const char *clock_pause(const struct rules *rules, const json_t *clock, int64_t now_ms, json_t *params)
{
	const struct calendar *calendar = rules_calendar(rules);
	const char *until = text_of(params, "until");
	struct deadline most;
	int32_t day;
	int64_t due;

	if (*until == '\0')
		until = text_of(json_object_get(clock, "asked_detail"), "until");
	if (!day_parse(until, &day))
		return "请选择恢复日期";
	due = day_open_ms(calendar, day);
	rules_due_by(rules, "suspend_cap", now_ms, &most);
	if (due <= now_ms)
		return "恢复日期应在今天之后";
	if (due > most.due)
		return "超过了一次挂起的最长时间，请改为更早的日期";
	clock_put(rules, "pause", now_ms, due, now_ms, params);
	json_object_set_new(params, "alarms", json_false());
	if (json_object_get(params, "detail") == NULL)
		json_object_set_new(params, "detail", json_object());
	json_object_set_new(json_object_get(params, "detail"), "until", json_string(until));
	return NULL;
}

/* ---- the judge that waits for the clock ---------------------------------------------------------- */

struct errand { struct room *room; struct ask *ask; enum flow_action action; };

static void refuse_field(struct room *room, struct ask *ask, const char *field, const char *sentence)
{
	ask_refuse(room, ask, REFUSE_bad_params, NULL, json_pack("{s:{s:s}}", "fields", field, sentence));
}

static void clock_move(struct room *room, struct ask *ask, enum flow_action action, const json_t *clock)
{
	int64_t now_ms = number_of(ask->params, "at");
	const char *wrong;

	json_object_set(ask->params, "clock_ver", json_object_get(clock, "ver"));
	if (action == ACTION_extend && !clock_extend(room->rules, clock, now_ms, ask->params)) {
		refuse_field(room, ask, "days", "请填写延期的工作日数");
		return;
	}
	if (action == ACTION_pause) {
		wrong = clock_pause(room->rules, clock, now_ms, ask->params);
		if (wrong != NULL) {
			refuse_field(room, ask, "until", wrong);
			return;
		}
	} else if (action != ACTION_extend) {
		clock_resume(room->rules, clock, action == ACTION_reject ? 1 : 0, now_ms, ask->params);
	}
	command_go_on(room, ask);
}

static void clock_answered(void *context, enum store_status status, const struct rows *rows)
{
	struct errand errand = *(struct errand *)context;
	json_t *clock = outcome_reply_json(status, rows);

	free(context);
	if (clock == NULL)
		ask_refuse_outcome(errand.room, errand.ask, status, rows);
	else
		clock_move(errand.room, errand.ask, errand.action, clock);
	json_decref(clock);
}

enum judged judge_clock(struct room *room, struct ask *ask)
{
	struct seen seen = seen_of(json_object_get(ask->params, "seen"));
	enum flow_action action = command_action(ask);
	const struct flow_edge *edge = ticket_edge(room, ask, action, &seen);
	struct errand *errand;

	if (edge == NULL)
		return JUDGE_DONE;
	errand = malloc(sizeof(*errand));
	if (errand == NULL)
		abort();
	*errand = (struct errand){ room, ask, action };
	ticket_move_fill(room->rules, edge, &seen, number_of(ask->params, "at"), ask->params);
	system_ask(room, STATEMENT_ticket_clock, LANE_READ, 0,
	           json_pack("{s:O}", "id", json_object_get(ask->params, "id")), clock_answered, errand);
	return JUDGE_LATER;
}

/* ---- clocks beside the ticket's ------------------------------------------------------------------- */

void clock_part(const struct rules *rules, enum flow_clock which, const struct seen *seen, json_t *params)
{
	struct deadline deadline;

	rules_due(rules, which, seen->kind, seen->urgency, seen->matter, number_of(params, "at"), &deadline);
	json_object_set_new(params, "part_due", json_integer(deadline.due));
	json_object_set_new(params, "part_warn", json_integer(deadline.warn));
	json_object_set_new(params, "part_rule", json_string(deadline.rule));
}

enum judged judge_part(struct room *room, struct ask *ask)
{
	struct seen seen = seen_of(json_object_get(ask->params, "seen"));

	if (judge_move(room, ask) == JUDGE_DONE)
		return JUDGE_DONE;
	clock_part(room->rules, command_action(ask) == ACTION_part_sign ? CLOCK_handle : CLOCK_sign, &seen, ask->params);
	return JUDGE_PASS;
}

enum judged judge_order(struct room *room, struct ask *ask)
{
	static const char *const keys[] = {
		[ORDER_plain] = "order_plain", [ORDER_key] = "order_key", [ORDER_raised] = "order_raised" };

	if (judge_move(room, ask) == JUDGE_DONE)
		return JUDGE_DONE;
	order_clock(room->rules, keys[number_of(ask->params, "level")], number_of(ask->params, "at"), ask->params);
	return JUDGE_PASS;
}
