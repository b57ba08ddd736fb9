/* ticket.c — the judges of the ticket commands: may this move be made, and when is it due? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../routing/terms.h"
#include "../routing/text.h"
#include "log.h"
#include "room.h"
#include "rules.h"
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

static struct seen seen_of(const json_t *params)
{
	const json_t *seen = json_object_get(params, "seen");

	return (struct seen){ .ver = number_of(seen, "ver"), .state = number_of(seen, "state"),
		.kind = number_of(seen, "kind"), .urgency = number_of(seen, "urgency") };
}

/* Give a parameter the name that the SQL function knows it by; absent stays absent. */
static void rename_to(json_t *params, const char *from, const char *to)
{
	json_t *value = json_object_get(params, from);

	if (value == NULL)
		return;
	json_object_set(params, to, value);
	json_object_del(params, from);
}

static void detail_add(json_t *params, const char *name)
{
	json_t *detail = json_object_get(params, "detail"), *value = json_object_get(params, name);

	if (value == NULL)
		return;
	if (detail == NULL) {
		detail = json_object();
		json_object_set_new(params, "detail", detail);
	}
	json_object_set(detail, name, value);
}

static void deadline_set(json_t *params, bool has, int64_t due, int64_t warn)
{
	json_object_set_new(params, "due", has ? json_integer(due) : json_null());
	json_object_set_new(params, "warn", has ? json_integer(warn) : json_null());
}

void ticket_move_fill(const struct rules *rules, const struct flow_edge *edge, int kind,
                      int urgency, int64_t now_ms, json_t *params)
{
	int64_t due = 0, warn = 0;
	bool has;

	json_object_set_new(params, "action", json_string(flow_action_name(edge->action)));
	json_object_set_new(params, "to", json_integer(edge->to));
	json_object_set_new(params, "round", json_integer(edge->round));
	if (edge->clock == CLOCK_keep)
		return;
	has = rules_due(rules, edge->clock, kind, urgency, now_ms, &due, &warn);
	deadline_set(params, has, due, warn);
}

json_t *ticket_system_move(const struct rules *rules, enum flow_action action, long long ticket,
                           const struct seen *seen, int64_t now_ms)
{
	const struct flow_edge *edge;
	json_t *params;

	if (flow_judge(action, (enum flow_state)seen->state, ROLE_system, &edge) != FLOW_OK)
		return NULL;
	params = json_pack("{s:I, s:I, s:{s:i, s:i, s:i, s:i}}", "id", (json_int_t)ticket,
	                   "at", (json_int_t)now_ms, "seen", "ver", seen->ver, "state", seen->state,
	                   "kind", seen->kind, "urgency", seen->urgency);
	ticket_move_fill(rules, edge, seen->kind, seen->urgency, now_ms, params);
	return params;
}

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
};

static bool needs_met(struct room *room, struct ask *ask, const struct flow_edge *edge)
{
	json_t *fields = json_object();
	char sentence[256];
	size_t i;

	for (i = 0; i < sizeof(NEEDS) / sizeof(NEEDS[0]); i++)
		if ((edge->needs & NEEDS[i].need) != 0 && json_object_get(ask->params, NEEDS[i].name) == NULL)
			json_object_set_new(fields, NEEDS[i].name, json_string(NEEDS[i].missing));
	if (json_object_size(fields) == 0) {
		json_decref(fields);
		return true;
	}
	snprintf(sentence, sizeof(sentence), "“%s”还缺必填内容，请补全后再提交", flow_action_term(edge->action));
	ask_refuse(room, ask, REFUSE_rule, sentence, json_pack("{s:o}", "fields", fields));
	return false;
}

/* The one question of all moves. On JUDGE_PASS the parameters carry the move. */
static enum judged move_judge(struct room *room, struct ask *ask, enum flow_action action)
{
	struct seen seen = seen_of(ask->params);
	const struct flow_edge *edge;
	enum flow_verdict verdict;

	verdict = flow_judge(action, (enum flow_state)seen.state, ask->seat.role, &edge);
	if (verdict != FLOW_OK) {
		refuse_move(room, ask, action, seen.state, verdict);
		return JUDGE_DONE;
	}
	if (!needs_met(room, ask, edge))
		return JUDGE_DONE;
	ticket_move_fill(room->rules, edge, seen.kind, seen.urgency, now_of(ask), ask->params);
	return JUDGE_PASS;
}

static enum judged move_judge_noted(struct room *room, struct ask *ask, enum flow_action action,
                                    const char *note, const char *detail)
{
	if (move_judge(room, ask, action) == JUDGE_DONE)
		return JUDGE_DONE;
	rename_to(ask->params, note, "note");
	if (detail != NULL)
		detail_add(ask->params, detail);
	return JUDGE_PASS;
}

enum judged judge_assign(struct room *room, struct ask *ask)
{
	return move_judge_noted(room, ask, ACTION_assign, "reason", NULL);
}

enum judged judge_recall(struct room *room, struct ask *ask)
{
	return move_judge_noted(room, ask, ACTION_recall, "reason", NULL);
}

enum judged judge_sign(struct room *room, struct ask *ask)
{
	return move_judge(room, ask, ACTION_sign);
}

enum judged judge_progress(struct room *room, struct ask *ask)
{
	return move_judge_noted(room, ask, ACTION_progress, "text", NULL);
}

enum judged judge_finish(struct room *room, struct ask *ask)
{
	return move_judge_noted(room, ask, ACTION_finish, "text", "solved");
}

enum judged judge_notify(struct room *room, struct ask *ask)
{
	return move_judge_noted(room, ask, ACTION_notify, "text", "way");
}

enum judged judge_archive(struct room *room, struct ask *ask)
{
	return move_judge(room, ask, ACTION_archive);
}

enum judged judge_reveal(struct room *room, struct ask *ask)
{
	return move_judge_noted(room, ask, ACTION_reveal, "reason", NULL);
}

/* 差评 (1, 2) is its own edge: back to the department for another round, with the reason. */
enum judged judge_rate(struct room *room, struct ask *ask)
{
	bool bad = number_of(ask->params, "grade") < GRADE_fair;

	if (move_judge(room, ask, bad ? ACTION_redo : ACTION_rate) == JUDGE_DONE)
		return JUDGE_DONE;
	detail_add(ask->params, "grade");
	detail_add(ask->params, "solved");
	detail_add(ask->params, "comment");
	if (json_object_get(ask->params, "reason") != NULL)
		json_object_set(ask->params, "note", json_object_get(ask->params, "reason"));
	return JUDGE_PASS;
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

bool ticket_submit_fill(struct room *room, json_t *params, int64_t now_ms)
{
	int kind = number_of(params, "kind"), urgency = number_of(params, "urgency");
	int64_t due = 0, warn = 0;

	id_normalise(params);
	if (!contact_seal(room->seal, params, "phone", "phone_index", "phone_mask", text_mask_phone)
	    || !contact_seal(room->seal, params, "name", NULL, "name_mask", text_mask_name)
	    || !contact_seal(room->seal, params, "id_no", "id_index", "id_mask", text_mask_id)) {
		log_line(LOG_ERROR, "ticket", "contact data could not be sealed", NULL);
		return false;
	}
	default_set(params, "urgency", 0);
	default_set(params, "secrecy", 0);
	default_set(params, "channel", CHANNEL_phone);
	if (rules_due(room->rules, CLOCK_dispatch, kind, urgency, now_ms, &due, &warn))
		deadline_set(params, true, due, warn);
	if (rules_due(room->rules, CLOCK_handle, kind, urgency, now_ms, &due, &warn))
		json_object_set_new(params, "promised", json_integer(due));
	return true;
}

enum judged judge_submit(struct room *room, struct ask *ask)
{
	const struct flow_edge *edge;
	enum flow_verdict verdict = flow_judge(ACTION_submit, STATE_none, ask->seat.role, &edge);

	if (verdict != FLOW_OK) {
		refuse_move(room, ask, ACTION_submit, STATE_none, verdict);
		return JUDGE_DONE;
	}
	if (json_object_get(ask->params, "theme_no") != NULL
	    && json_object_get(ask->params, "theme") == NULL) {
		ask_refuse(room, ask, REFUSE_rule, "一件事的事项须同时写明是哪一件事",
		           json_pack("{s:{s:s}}", "fields", "theme", "请选择一件事"));
		return JUDGE_DONE;
	}
	if (!ticket_submit_fill(room, ask->params, now_of(ask))) {
		ask_refuse(room, ask, REFUSE_internal, NULL, NULL);
		return JUDGE_DONE;
	}
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
