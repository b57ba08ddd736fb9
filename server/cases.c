/* cases.c — the moves of “一件事” cases: picture, judgement, commit, and again when the case moved in between. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../routing/terms.h"
#include "cases.h"
#include "cases_parts.h"
#include "feed.h"
#include "log.h"
#include "loop.h"
#include "room.h"
#include "system.h"
#include "ticket.h"

enum { TRIES_MOST = 50 };

/* One move on its way. ask NULL: the system's own. */
struct errand {
	struct room *room;
	struct ask *ask;
	json_t *params, *sent;         /* as the command brought them, borrowed from ask or owned; as they went */
	struct case_wish wish;
	int tries;
	bool moved;                    /* it was committed */
	cases_done_fn *done;
	void *context;
};

static json_int_t number_of(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

static void errand_end(struct errand *errand)
{
	if (errand->ask == NULL)
		json_decref(errand->params);
	json_decref(errand->sent);
	if (errand->done != NULL)
		errand->done(errand->context, errand->moved);
	free(errand);
}

/* ---- refusals ------------------------------------------------------------------------------------- */

static void errand_refuse(struct errand *errand, enum refusal why, const char *sentence, json_t *data)
{
	if (errand->ask != NULL)
		ask_refuse(errand->room, errand->ask, why, sentence, data);
	else
		json_decref(data);
	errand_end(errand);
}

static void refuse_field(struct errand *errand, const char *field, const char *sentence)
{
	errand_refuse(errand, REFUSE_bad_params, NULL, json_pack("{s:{s:s}}", "fields", field, sentence));
}

static const char *verdict_sentence(enum case_verdict verdict)
{
	switch (verdict) {
	case CASE_NO_TARGET: return "办件中没有这个事项或单位";
	case CASE_RESTS: return "办件不在办理中，事项不能变动";
	case CASE_OTHERS_OPEN: return "还有事项未办结，汇总须在其他事项都有结果之后";
	case CASE_PROMISE_LATE: return "有容缺承诺已逾期，须先补齐或由牵头单位决定，才能出件";
	case CASE_NO_PROMISE: return "该事项没有未了结的容缺承诺";
	case CASE_ON_IT_ALREADY: return "该单位已在办理本事项，请改派给其他单位";
	case CASE_FULL: return "本办件的单位已满";
	default: return NULL;
	}
}

static void refuse_verdict(struct errand *errand, enum case_verdict verdict, int state)
{
	const struct case_wish *wish = &errand->wish;
	const char *term = case_state_term(wish->level, state), *sentence = verdict_sentence(verdict);
	char made[256];

	if (sentence == NULL) {
		snprintf(made, sizeof(made), verdict == CASE_NOT_YOURS ? "“%s”时的“%s”不由您的单位办理"
		                                                        : "“%s”时不能“%s”",
		         term != NULL ? term : "未知状态", case_action_term(wish->action));
		sentence = made;
	}
	errand_refuse(errand, verdict == CASE_NOT_YOURS ? REFUSE_not_yours
	              : verdict == CASE_NO_EDGE || verdict == CASE_RESTS ? REFUSE_illegal_move : REFUSE_rule, sentence, NULL);
}

/* ---- what a move carries ---------------------------------------------------------------------------- */

static const struct { enum case_need need; const char *name, *missing; } NEEDS[] = {
	{ CASE_NEED_TEXT, "text", "请填写内容" },
	{ CASE_NEED_REASON, "reason", "请写明原因" },
	{ CASE_NEED_BASIS, "basis", "请写明依据" },
	{ CASE_NEED_UNTIL, "until", "请选择日期" },
	{ CASE_NEED_DEPT, "to_dept", "请选择改派的单位" },
	{ CASE_NEED_GRADE, "grade", "请选择评价等级" },
};

static const char *field_missing(const struct errand *errand, const struct case_edge *edge, const char **ret_missing)
{
	size_t i;

	for (i = 0; i < sizeof(NEEDS) / sizeof(NEEDS[0]); i++)
		if ((edge->needs & NEEDS[i].need) != 0 && json_object_get(errand->params, NEEDS[i].name) == NULL) {
			*ret_missing = NEEDS[i].missing;
			return NEEDS[i].name;
		}
	if (edge->action == DO_rate && number_of(errand->params, "grade") < GRADE_fair
	    && json_object_get(errand->params, "reason") == NULL) {
		*ret_missing = "评价不满意，请写明原因，以便转承办单位整改";
		return "reason";
	}
	return NULL;
}

/* What is neither the frame nor told as the note is the event's detail. */
static json_t *detail_of(const json_t *params)
{
	static const char *const names[] = { "basis", "until", "to_dept", "should", "grade", "on", "papers", "promise", "fact", "was" };
	json_t *detail = json_object();
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (json_object_get(params, names[i]) != NULL)
			json_object_set(detail, names[i], json_object_get(params, names[i]));
	return detail;
}

/* The instant that `until` names: when the offices open on that day for 中止, the day's end for a promise. */
static const char *until_read(const struct errand *errand, int64_t now_ms, int64_t *ret_ms)
{
	const struct rules *rules = errand->room->rules;
	const char *text = json_string_value(json_object_get(errand->params, "until"));
	bool promise = errand->wish.action == DO_promise;
	struct deadline most;
	int32_t day;

	*ret_ms = 0;
	if (text == NULL)
		return NULL;
	if (!day_parse(text, &day))
		return "请选择日期";
	*ret_ms = promise ? (int64_t)(day + 1) * 86400000 - 8 * 3600000 : day_open_ms(rules_calendar(rules), day);
	rules_due_by(rules, promise ? "case_promise_cap" : "suspend_cap", now_ms, &most);
	if (*ret_ms <= now_ms)
		return "日期应在今天之后";
	return *ret_ms > most.due ? "超过了允许的最长期限，请改为更早的日期" : NULL;
}

/* 差评: the ticket that it makes, with the clocks of its first two steps. */
static bool blame_fill(struct room *room, int64_t now_ms, json_t *params)
{
	struct seen seen = { .state = STATE_accepted, .kind = KIND_complaint, .urgency = URGENCY_normal };
	json_t *ticket = json_pack("{s:i, s:i, s:I}", "kind", KIND_complaint, "channel", CHANNEL_rating, "at", (json_int_t)now_ms);
	json_t *dispatch = json_pack("{s:I}", "at", (json_int_t)now_ms);
	const struct flow_edge *edge;
	struct deadline deadline;

	json_object_set_new(params, "ticket", ticket);
	json_object_set_new(params, "dispatch", dispatch);
	if (!ticket_submit_fill(room, ticket, now_ms))
		return false;
	flow_judge(ACTION_dispatch, STATE_accepted, ROLE_system, &edge);
	ticket_move_fill(room->rules, edge, &seen, now_ms, dispatch);
	rules_due_by(room->rules, "sign_normal", now_ms, &deadline);
	json_object_set_new(dispatch, "part_due", json_integer(deadline.due));
	json_object_set_new(dispatch, "part_warn", json_integer(deadline.warn));
	json_object_set_new(dispatch, "part_rule", json_string(deadline.rule));
	return true;
}

/* ---- commit ------------------------------------------------------------------------------------------- */

static void picture_ask(struct errand *errand);

static void moved(void *context, enum store_status status, const struct rows *rows)
{
	struct errand *errand = context;
	const char *reply = outcome_reply(status, rows);
	char why[32] = "";

	if (reply == NULL && outcome_refusal(status, rows, why) && strcmp(why, "case_moved") == 0
	    && ++errand->tries < TRIES_MOST) {
		picture_ask(errand);
		return;
	}
	if (errand->ask != NULL && reply == NULL)
		ask_refuse_outcome(errand->room, errand->ask, status, rows);
	else if (errand->ask != NULL && errand->wish.action == DO_reveal)
		finish_unseal(errand->room, errand->ask, reply);
	else if (errand->ask != NULL)
		ask_answer(errand->room, errand->ask, reply);
	else if (reply == NULL)
		log_line(LOG_WARN, "cases", "move refused", "why", why, "action", case_action_name(errand->wish.action), NULL);
	errand->moved = reply != NULL;
	if (status == STORE_OK)
		feed_publish(errand->room, rows);
	errand_end(errand);
}

static void store_ask(struct errand *errand, enum statement statement, json_t *params, store_done_fn *done)
{
	char account[16], *text = json_dumps(params, JSON_COMPACT);
	const struct ask *ask = errand->ask;

	if (text == NULL)
		abort();
	snprintf(account, sizeof(account), "%d", ask != NULL ? ask->seat.account : 0);
	store_call(errand->room->store, LANE_WRITE, statement_number(statement),
	           (unsigned long)number_of(errand->params, "id"),
	           (const char *const[]){ account, ask != NULL && *ask->request != '\0' ? ask->request : NULL, text },
	           done, errand);
	free(text);
}

static void commit(struct errand *errand, const json_t *picture, const struct case_steps *steps, int64_t until_ms,
                   int64_t now_ms)
{
	struct room *room = errand->room;
	json_t *params = json_deep_copy(errand->params), *detail = detail_of(params);

	json_object_set(params, "base", json_object_get(picture, "ver"));
	json_object_set_new(params, "steps", picture_steps(room->rules, picture, steps, until_ms, now_ms));
	if (json_object_size(detail) > 0)
		json_object_set(params, "detail", detail);
	json_decref(detail);
	if (errand->wish.action == DO_promise) {
		json_object_set_new(params, "promise_due", json_integer(until_ms));
		json_object_set_new(params, "promise_warn", json_integer(rules_warn(room->rules, now_ms, until_ms)));
	}
	json_decref(errand->sent);
	errand->sent = params;
	if (errand->wish.action == DO_rate && number_of(params, "grade") < GRADE_fair && !blame_fill(room, now_ms, params)) {
		errand_refuse(errand, REFUSE_internal, NULL, NULL);
		return;
	}
	store_ask(errand, STATEMENT_case_move, params, moved);
}

/* ---- judging --------------------------------------------------------------------------------------------- */

static int state_of(const json_t *picture, const struct case_view *view, const struct case_wish *wish)
{
	int i;

	if (wish->level == LEVEL_CASE)
		return (int)number_of(picture, "state");
	for (i = 0; wish->level == LEVEL_MATTER && i < view->matter_count; i++)
		if (view->matters[i].no == wish->no)
			return view->matters[i].state;
	for (i = 0; wish->level == LEVEL_TASK && i < view->task_count; i++)
		if (view->matters[view->tasks[i].matter].no == wish->no && view->tasks[i].dept == wish->dept)
			return view->tasks[i].state;
	return -1;
}

/* The promise that the wish closes must be one of its matter. */
static bool promise_known(struct errand *errand, const json_t *picture)
{
	struct case_wish *wish = &errand->wish;
	bool found = true;

	if (wish->action == DO_keep || wish->action == DO_forfeit || wish->action == DO_overdue)
		wish->late = picture_promise_late(picture, number_of(errand->params, "promise"), wish->no, &found);
	return found;
}

/* refusal when the desk has not seen the last event of what it moves. */
static bool is_stale(const struct errand *errand, const json_t *picture)
{
	return errand->ask != NULL && number_of(errand->params, "seen") < picture_step(picture, &errand->wish);
}

static void picture_judge(struct errand *errand, const json_t *picture)
{
	int64_t now_ms = number_of(errand->params, "at"), until_ms;
	struct case_view view, after;
	struct case_steps steps;
	const char *field, *wrong;
	enum case_verdict verdict;

	if (!picture_read(picture, &view)) {
		errand_refuse(errand, REFUSE_internal, NULL, NULL);
		return;
	}
	if (is_stale(errand, picture)) {
		errand_refuse(errand, REFUSE_stale, "办件已有变化，请看最新内容后再操作", json_copy(json_object_get(picture, "last")));
		return;
	}
	if (!promise_known(errand, picture)) {
		refuse_verdict(errand, CASE_NO_PROMISE, -1);
		return;
	}
	errand->wish.who = picture_who(picture, &errand->wish);
	verdict = case_judge(&view, &errand->wish, &after, &steps);
	if (verdict != CASE_OK) {
		refuse_verdict(errand, verdict, state_of(picture, &view, &errand->wish));
		return;
	}
	field = field_missing(errand, steps.rows[0].edge, &wrong);
	if (field == NULL) {
		field = "until";
		wrong = until_read(errand, now_ms, &until_ms);
		if (wrong == NULL) {
			commit(errand, picture, &steps, until_ms, now_ms);
			return;
		}
	}
	refuse_field(errand, field, wrong);
}

static void pictured(void *context, enum store_status status, const struct rows *rows)
{
	struct errand *errand = context;
	json_t *picture = outcome_reply_json(status, rows);
	const char *given = json_string_value(json_object_get(picture, "given"));

	if (picture == NULL && errand->ask != NULL) {
		ask_refuse_outcome(errand->room, errand->ask, status, rows);
		errand_end(errand);
	} else if (picture == NULL) {
		errand_end(errand);
	} else if (given != NULL && errand->ask != NULL) {
		ask_answer(errand->room, errand->ask, given);
		errand_end(errand);
	} else {
		picture_judge(errand, picture);
	}
	json_decref(picture);
}

static void picture_ask(struct errand *errand)
{
	json_t *params = json_pack("{s:O}", "id", json_object_get(errand->params, "id"));

	store_ask(errand, STATEMENT_case_picture, params, pictured);
	json_decref(params);
}

static struct errand *errand_new(struct room *room, struct ask *ask, json_t *params, const char *level, const char *action)
{
	struct errand *errand = calloc(1, sizeof(*errand));
	int l;

	if (errand == NULL)
		abort();
	*errand = (struct errand){ .room = room, .ask = ask, .params = params };
	for (l = 0; l < LEVEL_COUNT; l++)
		if (strncmp(level, case_level_name((enum case_level)l), strlen(case_level_name((enum case_level)l))) == 0)
			errand->wish.level = (enum case_level)l;
	if (!case_action_find(action, &errand->wish.action))
		log_line(LOG_ERROR, "cases", "the law knows no such move", "action", action, NULL);
	errand->wish.no = (int)number_of(params, "no");
	errand->wish.dept = (int)number_of(params, "dept");
	errand->wish.to_dept = (int)number_of(params, "to_dept");
	return errand;
}

void finish_case(struct room *room, struct ask *ask, const char *reply)
{
	const struct command *table;
	const char *name;
	json_t *picture = json_loads(reply, 0, NULL);
	const char *given = json_string_value(json_object_get(picture, "given"));

	command_table(&table);
	name = table[ask->command].name;
	if (given != NULL && strstr(name, ".reveal") != NULL)
		finish_unseal(room, ask, given);
	else if (given != NULL)
		ask_answer(room, ask, given);
	else
		picture_judge(errand_new(room, ask, ask->params, name, strchr(name, '.') + 1), picture);
	json_decref(picture);
}

void cases_system_move(struct room *room, const json_t *row, cases_done_fn *done, void *context)
{
	json_t *params = json_deep_copy(row);
	struct errand *errand;

	json_object_set_new(params, "at", json_integer(wall_ms()));
	errand = errand_new(room, NULL, params, json_string_value(json_object_get(row, "level")),
	                    json_string_value(json_object_get(row, "action")));
	errand->done = done;
	errand->context = context;
	picture_ask(errand);
}

/* 一次申请: contact data is sealed here, and the first clock starts. */
enum judged judge_apply(struct room *room, struct ask *ask)
{
	int64_t now_ms = number_of(ask->params, "at");
	const struct case_edge *edge = case_edge_find(LEVEL_CASE, DO_apply, CASE_none, CASE_applied);
	json_t *step = json_pack("{s:s, s:s, s:i, s:i}", "level", "case", "action", "apply", "from", edge->from, "to", edge->to);

	step_clock(room->rules, edge->clock, NULL, 0, 0, now_ms, step);
	json_object_set_new(ask->params, "step", step);
	if (ticket_contact_seal(room, ask->params))
		return JUDGE_PASS;
	ask_refuse(room, ask, REFUSE_internal, NULL, NULL);
	return JUDGE_DONE;
}
