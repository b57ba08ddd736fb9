/* police_judge.c — the judges of transfers to 110 and the other numbers. */
#include "police.h"

#include <string.h>
#include "../routing/police.h"
#include "../routing/terms.h"
#include "clock.h"
#include "config.h"
#include "loop.h"
#include "room.h"
#include "ticket.h"

bool police_has_platform(const struct config *config)
{
	return *config->police_keys != '\0' && *config->police_url != '\0';
}

json_t *police_taken_move(const struct room *room, int64_t now_ms)
{
	const struct seen seen = { .state = STATE_to_dispatch, .kind = KIND_help };
	const struct flow_edge *edge;
	json_t *params = json_pack("{s:I}", "at", (json_int_t)now_ms);

	flow_judge(ACTION_taken, STATE_to_dispatch, ROLE_system, &edge);
	ticket_move_fill(room->rules, edge, &seen, now_ms, params);
	return params;
}

/* What the record of the transfer needs beside the move. */
static void platform_set(const struct room *room, json_t *params)
{
	json_object_set_new(params, "platform", json_boolean(police_has_platform(room->config)));
	json_object_set_new(params, "door", json_boolean(*room->config->police_keys != '\0'));
}

enum judged judge_hand_over(struct room *room, struct ask *ask)
{
	enum judged judged = judge_move(room, ask);

	if (judged == JUDGE_PASS)
		platform_set(room, ask->params);
	return judged;
}

static void default_text(json_t *params, const char *name, const char *text)
{
	if (json_object_get(params, name) == NULL)
		json_object_set_new(params, name, json_string(text));
}

/* A caller in danger may have said three words: what is missing is filled, and nothing is asked for. */
static void blanks_fill(const struct ask *ask)
{
	json_t *params = ask->params;

	default_text(params, "region", ask->seat.region);
	default_text(params, "title", "来电转接紧急求助");
	default_text(params, "body", "（接通后立即转接，尚无记录）");
	default_text(params, "reason", "紧急求助，一键转接");
	if (json_object_get(params, "kind") == NULL)
		json_object_set_new(params, "kind", json_integer(KIND_help));
	if (json_object_get(params, "way") == NULL)
		json_object_set_new(params, "way", json_integer(HANDOFF_WAY_key));
	json_object_set_new(params, "urgency", json_integer(URGENCY_critical));
}

/* The new ticket goes to the desk at once: nobody dispatches it while it is being transferred. */
enum judged judge_intake_hand_over(struct room *room, struct ask *ask)
{
	json_int_t now = json_integer_value(json_object_get(ask->params, "at"));
	const struct seen seen = { .state = STATE_accepted, .kind = KIND_help, .urgency = URGENCY_critical };
	const struct flow_edge *edge;
	json_t *pool;

	blanks_fill(ask);
	flow_judge(ACTION_submit, STATE_none, ask->seat.role, &edge);
	if (!ticket_begin_fill(room, edge, ask->params, now)) {
		ask_refuse(room, ask, REFUSE_internal, NULL, NULL);
		return JUDGE_DONE;
	}
	pool = json_pack("{s:I, s:s}", "at", now, "reason", "紧急转接，由受理台跟进");
	flow_judge(ACTION_pool, STATE_accepted, ROLE_system, &edge);
	ticket_move_fill(room->rules, edge, &seen, now, pool);
	json_object_set_new(ask->params, "pool", pool);
	platform_set(room, ask->params);
	return JUDGE_PASS;
}

enum judged judge_police_platform(struct room *room, struct ask *ask)
{
	platform_set(room, ask->params);
	return JUDGE_PASS;
}

enum judged judge_police_word(struct room *room, struct ask *ask)
{
	const char *situation = json_string_value(json_object_get(ask->params, "situation"));
	const char *word = json_string_value(json_object_get(ask->params, "word"));

	if (police_situation_find(situation) != SITUATION_COUNT && strchr(word, '|') == NULL)
		return JUDGE_PASS;
	ask_refuse(room, ask, REFUSE_bad_params, NULL, json_pack("{s:{s:s}}", "fields",
		strchr(word, '|') != NULL ? "word" : "situation", strchr(word, '|') != NULL ? "一次添加一个词" : "没有这种情形"));
	return JUDGE_DONE;
}
