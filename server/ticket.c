/* ticket.c — the judges of the ticket commands: may this move be made, and when is it due? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../routing/terms.h"
#include "../routing/text.h"
#include "danger.h"
#include "log.h"
#include "room.h"
#include "seal.h"
#include "ticket.h"

static const char *text_of(const json_t *params, const char *name)
{
	const char *text = json_string_value(json_object_get(params, name));

	return text != NULL ? text : "";
}

static int number_of(const json_t *params, const char *name)
{
	return (int)json_integer_value(json_object_get(params, name));
}

static int64_t now_of(const struct ask *ask)
{
	return json_integer_value(json_object_get(ask->params, "at"));
}

struct seen seen_of(const json_t *object)
{
	struct seen seen = { .ver = number_of(object, "ver"), .state = number_of(object, "state"),
		.kind = number_of(object, "kind"), .urgency = number_of(object, "urgency") };

	snprintf(seen.matter, sizeof(seen.matter), "%s", text_of(object, "matter"));
	return seen;
}

/* ---- what a move carries ------------------------------------------------------------------------- */

/* Members of a command that are no part of what is told with the event. */
static bool is_frame(const char *name)
{
	static const char *const frame[] = { "id", "seen", "at", "text", "reason", "dept", "matter", "sha256" };

	for (size_t i = 0; i < sizeof(frame) / sizeof(frame[0]); i++)
		if (strcmp(frame[i], name) == 0)
			return true;
	return false;
}

/* text or reason stands on the timeline; everything else that the command carries is its detail. */
static void telling_set(const struct flow_edge *edge, json_t *params)
{
	json_t *note = json_object_get(params, "text"), *detail = json_object(), *value;
	const char *name;

	if (note == NULL)
		note = json_object_get(params, "reason");
	if (note != NULL)
		json_object_set(params, "note", note);
	json_object_foreach(params, name, value)
		if (!is_frame(name) && strcmp(name, "note") != 0)
			json_object_set(detail, name, value);
	/* The unit of a look is another than the ticket's own. */
	if (edge->from == edge->to && json_object_get(params, "dept") != NULL)
		json_object_set(detail, "dept", json_object_get(params, "dept"));
	if (json_object_size(detail) > 0)
		json_object_set(params, "detail", detail);
	json_decref(detail);
}

void deadline_set(json_t *params, const struct deadline *deadline)
{
	json_object_set_new(params, "due", deadline ? json_integer(deadline->due) : json_null());
	json_object_set_new(params, "warn", deadline ? json_integer(deadline->warn) : json_null());
	json_object_set_new(params, "rule", deadline ? json_string(deadline->rule) : json_null());
	json_object_set_new(params, "since", deadline ? json_integer(deadline->since) : json_null());
}

static void clock_set(const struct rules *rules, enum flow_clock clock, const struct seen *seen, int64_t now_ms,
                      json_t *params)
{
	struct deadline deadline;
	bool has;

	if (clock == CLOCK_keep || clock == CLOCK_extended || clock == CLOCK_until || clock == CLOCK_resumed)
		return;
	has = rules_due(rules, clock, seen->kind, seen->urgency, seen->matter, now_ms, &deadline);
	deadline_set(params, has ? &deadline : NULL);
	json_object_set_new(params, "alarms", json_boolean(flow_clock_alarms(clock)));
}

/* Limits of the rules that SQL asks with the move. */
static void windows_set(const struct rules *rules, const struct flow_edge *edge, int64_t now_ms, json_t *params)
{
	struct deadline deadline;

	if (edge->to == STATE_to_sign && edge->from != STATE_to_sign) {
		rules_due_by(rules, "return_window", now_ms, &deadline);
		json_object_set_new(params, "return_by", json_integer(deadline.due));
	} else if (edge->action == ACTION_sign) {
		const json_t *due = json_object_get(params, "due");
		json_int_t by;

		/* What is urgent is due before a working day has passed: nobody may be called after it is answered. */
		rules_due_by(rules, "first_contact", now_ms, &deadline);
		by = json_is_integer(due) && json_integer_value(due) < deadline.due ? json_integer_value(due) : (json_int_t)deadline.due;
		json_object_set_new(params, "contact_by", json_integer(by));
		json_object_set_new(params, "detail", json_pack("{s:I}", "contact_by", by));
	} else if (edge->action == ACTION_ask_extend) {
		rules_due_by(rules, "extension_lead", now_ms, &deadline);
		json_object_set_new(params, "lead_due", json_integer(deadline.due));
	}
}

void ticket_move_fill(const struct rules *rules, const struct flow_edge *edge, const struct seen *seen,
                      int64_t now_ms, json_t *params)
{
	telling_set(edge, params);
	json_object_set_new(params, "action", json_string(flow_action_name(edge->action)));
	json_object_set_new(params, "to", json_integer(edge->to));
	json_object_set_new(params, "round", json_integer(edge->round));
	json_object_set_new(params, "loud", json_boolean(edge->loud));
	clock_set(rules, edge->clock, seen, now_ms, params);
	windows_set(rules, edge, now_ms, params);
}

json_t *ticket_system_move(const struct rules *rules, enum flow_action action, long long ticket,
                           const struct seen *seen, int64_t now_ms)
{
	const struct flow_edge *edge;
	json_t *params;

	if (flow_judge(action, (enum flow_state)seen->state, ROLE_system, &edge) != FLOW_OK)
		return NULL;
	params = json_pack("{s:I, s:I, s:{s:i, s:i, s:i, s:i, s:s?}}", "id", (json_int_t)ticket,
	                   "at", (json_int_t)now_ms, "seen", "ver", seen->ver, "state", seen->state,
	                   "kind", seen->kind, "urgency", seen->urgency,
	                   "matter", *seen->matter != '\0' ? seen->matter : NULL);
	ticket_move_fill(rules, edge, seen, now_ms, params);
	return params;
}

/* ---- judging ------------------------------------------------------------------------------------- */

static void refuse_move(struct room *room, struct ask *ask, enum flow_action action, int state,
                        enum flow_verdict verdict)
{
	const char *term = flow_state_exists(state) ? flow_state_term((enum flow_state)state) : "未知状态";
	char sentence[256];

	if (verdict == FLOW_NOT_YOURS)
		snprintf(sentence, sizeof(sentence), "您的角色不能对“%s”的工单进行“%s”", term,
		         flow_action_term(action));
	else
		snprintf(sentence, sizeof(sentence), "“%s”的工单不能“%s”", term, flow_action_term(action));
	ask_refuse(room, ask, verdict == FLOW_NOT_YOURS ? REFUSE_not_allowed : REFUSE_illegal_move,
	           sentence, NULL);
}

/* What an edge needs, the parameter that carries it and what to say when it is missing. */
static const struct { enum flow_need need; const char *name, *missing; } NEEDS[] = {
	{ NEED_DEPT, "dept", "请选择承办单位" },
	{ NEED_REASON, "reason", "请写明原因" },
	{ NEED_TEXT, "text", "请填写内容" },
	{ NEED_GRADE, "grade", "请选择评价等级" },
	{ NEED_BASIS, "basis", "请写明依据" },
	{ NEED_CAUSE, "cause", "请选择依据" },
	{ NEED_OTHER, "other", "请填写另一张工单" },
	{ NEED_DAYS, "days", "请填写天数" },
	{ NEED_UNTIL, "until", "请选择恢复日期" },
	{ NEED_PART, "part", "请选择承办单" },
	{ NEED_ORDER, "order", "请选择督办件" },
};

static bool needs_met(struct room *room, struct ask *ask, const struct flow_edge *edge)
{
	json_t *fields = json_object();
	char sentence[256];
	size_t i;

	for (i = 0; i < sizeof(NEEDS) / sizeof(NEEDS[0]); i++)
		if ((edge->needs & NEEDS[i].need) != 0 && json_object_get(ask->params, NEEDS[i].name) == NULL)
			json_object_set_new(fields, NEEDS[i].name, json_string(NEEDS[i].missing));
	if (edge->action == ACTION_complain && json_object_get(ask->params, "blame") == NULL)
		json_object_set_new(fields, "blame", json_string("请选择差评原因"));
	if (json_object_size(fields) == 0) {
		json_decref(fields);
		return true;
	}
	snprintf(sentence, sizeof(sentence), "“%s”还缺必填内容，请补全后再提交", flow_action_term(edge->action));
	ask_refuse(room, ask, REFUSE_rule, sentence, json_pack("{s:o}", "fields", fields));
	return false;
}

const struct flow_edge *ticket_edge(struct room *room, struct ask *ask, enum flow_action action,
                                    const struct seen *seen)
{
	const struct flow_edge *edge;
	enum flow_verdict verdict = flow_judge(action, (enum flow_state)seen->state, ask->seat.role, &edge);

	if (verdict != FLOW_OK) {
		refuse_move(room, ask, action, seen->state, verdict);
		return NULL;
	}
	return needs_met(room, ask, edge) ? edge : NULL;
}

/* The one question of all moves. On JUDGE_PASS the parameters carry the move. */
static enum judged move_judge(struct room *room, struct ask *ask, enum flow_action action)
{
	struct seen seen = seen_of(json_object_get(ask->params, "seen"));
	const struct flow_edge *edge = ticket_edge(room, ask, action, &seen);

	if (edge == NULL)
		return JUDGE_DONE;
	ticket_move_fill(room->rules, edge, &seen, now_of(ask), ask->params);
	return JUDGE_PASS;
}

enum judged judge_move(struct room *room, struct ask *ask)
{
	return move_judge(room, ask, command_action(ask));
}

/* 差评 (1, 2) is its own edge: it is verified, and not closed. */
enum judged judge_rate(struct room *room, struct ask *ask)
{
	return move_judge(room, ask, number_of(ask->params, "grade") < GRADE_fair ? ACTION_complain : ACTION_rate);
}

/* Contact data leaves this function only sealed, indexed and masked. */
static bool contact_seal(const struct seal *seal, json_t *params, const char *name,
                         const char *index_name, const char *mask_name,
                         void (*mask)(const char *, char *, size_t))
{
	const char *plain = text_of(params, name);
	char index[65], masked[128];
	char *sealed;

	if (*plain == '\0')
		return true;
	sealed = seal_text(seal, plain);
	if (sealed == NULL)
		return false;
	mask(plain, masked, sizeof(masked));
	json_object_set_new(params, mask_name, json_string(masked));
	if (index_name != NULL) {
		seal_index(seal, plain, index);
		json_object_set_new(params, index_name, json_string(index));
	}
	json_object_set_new(params, name, json_string(sealed));
	free(sealed);
	return true;
}

/* 身份证 numbers end in a digit or X; one spelling, one index. */
static void id_normalise(json_t *params)
{
	char id[32];
	size_t i;

	snprintf(id, sizeof(id), "%s", text_of(params, "id_no"));
	for (i = 0; id[i] != '\0'; i++)
		if (id[i] >= 'a' && id[i] <= 'z')
			id[i] = (char)(id[i] - 'a' + 'A');
	if (id[0] != '\0')
		json_object_set_new(params, "id_no", json_string(id));
}

static void default_set(json_t *params, const char *name, int value)
{
	if (json_object_get(params, name) == NULL)
		json_object_set_new(params, name, json_integer(value));
}

/* What the desk was offered, and whether it was taken: what later dispatch can learn from. */
static json_t *offer_of(const json_t *params)
{
	const char *matter = text_of(params, "offered");

	if (*matter == '\0')
		return NULL;
	return json_pack("{s:s, s:O?, s:O?, s:b}", "matter", matter, "dept", json_object_get(params, "offered_dept"),
	                 "sure", json_object_get(params, "offered_sure"), "taken", strcmp(matter, text_of(params, "matter")) == 0);
}

static void begin_detail_set(json_t *params)
{
	json_t *detail = json_object(), *offer = offer_of(params);

	if (json_object_get(params, "cause") != NULL)
		json_object_set(detail, "cause", json_object_get(params, "cause"));
	if (json_object_get(params, "other") != NULL)
		json_object_set(detail, "other", json_object_get(params, "other"));
	if (offer != NULL)
		json_object_set_new(detail, "offered", offer);
	if (json_object_size(detail) > 0)
		json_object_set(params, "detail", detail);
	json_decref(detail);
}

bool ticket_contact_seal(struct room *room, json_t *params)
{
	id_normalise(params);
	if (contact_seal(room->seal, params, "phone", "phone_index", "phone_mask", text_mask_phone)
	    && contact_seal(room->seal, params, "name", NULL, "name_mask", text_mask_name)
	    && contact_seal(room->seal, params, "id_no", "id_index", "id_mask", text_mask_id))
		return true;
	log_line(LOG_ERROR, "ticket", "contact data could not be sealed", NULL);
	return false;
}

bool ticket_begin_fill(struct room *room, const struct flow_edge *edge, json_t *params, int64_t now_ms)
{
	struct seen seen;
	struct deadline deadline;

	danger_mark(room->rules, params);
	seen = seen_of(params);
	if (!ticket_contact_seal(room, params))
		return false;
	default_set(params, "urgency", 0);
	default_set(params, "secrecy", 0);
	default_set(params, "channel", CHANNEL_phone);
	json_object_set_new(params, "action", json_string(flow_action_name(edge->action)));
	json_object_set_new(params, "to", json_integer(edge->to));
	clock_set(room->rules, edge->clock, &seen, now_ms, params);
	if (rules_due(room->rules, CLOCK_handle, seen.kind, seen.urgency, seen.matter, now_ms, &deadline))
		json_object_set_new(params, "promised", json_integer(deadline.due));
	if (json_object_get(params, "text") != NULL)
		json_object_set(params, "note", json_object_get(params, "text"));
	begin_detail_set(params);
	danger_detail(params);
	return true;
}

bool ticket_submit_fill(struct room *room, json_t *params, int64_t now_ms)
{
	const struct flow_edge *edge;

	flow_judge(ACTION_submit, STATE_none, ROLE_system, &edge);
	return ticket_begin_fill(room, edge, params, now_ms);
}

/* What comes over the window for what could not be got done is urgent, and overdue it is supervised at once
 * (sql/functions/move_effect.sql). */
static void stuck_set(json_t *params)
{
	if (!json_is_true(json_object_get(params, "stuck")))
		return;
	json_object_set_new(params, "channel", json_integer(CHANNEL_stuck));
	if (number_of(params, "urgency") < URGENCY_urgent)
		json_object_set_new(params, "urgency", json_integer(URGENCY_urgent));
}

/* ticket.submit, and intake.answer, intake.refuse, intake.merge: the first edge of a ticket. */
enum judged judge_submit(struct room *room, struct ask *ask)
{
	struct seen seen = { .state = STATE_none };
	const struct flow_edge *edge = ticket_edge(room, ask, command_action(ask), &seen);

	if (edge == NULL)
		return JUDGE_DONE;
	if (json_object_get(ask->params, "theme_no") != NULL
	    && json_object_get(ask->params, "theme") == NULL) {
		ask_refuse(room, ask, REFUSE_rule, "一件事的事项须同时写明是哪一件事",
		           json_pack("{s:{s:s}}", "fields", "theme", "请选择一件事"));
		return JUDGE_DONE;
	}
	stuck_set(ask->params);
	if (!ticket_begin_fill(room, edge, ask->params, now_of(ask))) {
		ask_refuse(room, ask, REFUSE_internal, NULL, NULL);
		return JUDGE_DONE;
	}
	return JUDGE_PASS;
}

/* alert.task: the first move of a 预警单, straight to its unit. */
enum judged judge_task(struct room *room, struct ask *ask)
{
	struct seen seen = { .state = STATE_none };
	const struct flow_edge *edge = ticket_edge(room, ask, ACTION_forewarn, &seen);

	if (edge == NULL)
		return JUDGE_DONE;
	json_object_set_new(ask->params, "kind", json_integer(KIND_help));
	if (!ticket_begin_fill(room, edge, ask->params, now_of(ask))) {
		ask_refuse(room, ask, REFUSE_internal, NULL, NULL);
		return JUDGE_DONE;
	}
	windows_set(room->rules, edge, now_of(ask), ask->params);
	return JUDGE_PASS;
}

/* The look at the ticket, and under `new` the first move of what is split off. */
enum judged judge_split(struct room *room, struct ask *ask)
{
	struct seen seen = seen_of(json_object_get(ask->params, "seen"));
	json_t *split = json_object();
	const struct flow_edge *edge;

	if (move_judge(room, ask, ACTION_split) == JUDGE_DONE) {
		json_decref(split);
		return JUDGE_DONE;
	}
	flow_judge(ACTION_submit, STATE_none, ROLE_system, &edge);
	json_object_set_new(split, "kind", json_integer(json_object_get(ask->params, "kind") != NULL
		? number_of(ask->params, "kind") : seen.kind));
	json_object_set_new(split, "urgency", json_integer(seen.urgency));
	ticket_begin_fill(room, edge, split, now_of(ask));
	json_object_set_new(ask->params, "new", split);
	return JUDGE_PASS;
}

/* A number is looked for by its blind index; the number itself stays in this process. */
enum judged judge_phone(struct room *room, struct ask *ask)
{
	char index[65];

	seal_index(room->seal, text_of(ask->params, "phone"), index);
	json_object_del(ask->params, "phone");
	json_object_set_new(ask->params, "phone_index", json_string(index));
	return JUDGE_PASS;
}

static bool member_unseal(const struct seal *seal, json_t *reply, const char *name)
{
	const char *sealed = json_string_value(json_object_get(reply, name));
	char *plain;

	if (sealed == NULL)
		return true;
	plain = unseal_text(seal, sealed);
	if (plain == NULL)
		return false;
	json_object_set_new(reply, name, json_string(plain));
	free(plain);
	return true;
}

void finish_unseal(struct room *room, struct ask *ask, const char *text)
{
	json_t *reply = json_loads(text, 0, NULL);

	if (reply == NULL || !member_unseal(room->seal, reply, "phone")
	    || !member_unseal(room->seal, reply, "name") || !member_unseal(room->seal, reply, "id_no")) {
		json_decref(reply);
		log_line(LOG_ERROR, "ticket", "sealed contact data does not open: wrong key file?", NULL);
		ask_refuse(room, ask, REFUSE_internal, "联系方式无法解密，请联系管理员核对密钥文件", NULL);
		return;
	}
	ask_answer_json(room, ask, reply);
}
