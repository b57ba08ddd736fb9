/* police_judge.c — the judges of transfers to 110 and the other numbers. */
#include "police.h"

#include <string.h>
#include "../routing/police.h"
#include "../routing/terms.h"
#include "../routing/text.h"
#include "clock.h"
#include "config.h"
#include "loop.h"
#include "room.h"
#include "ticket.h"

/* Characters of an added word, without signs. */
enum { WORD_LEAST = 2 };

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
	const char *word = json_string_value(json_object_get(ask->params, "word")), *field = "word", *wrong = NULL;
	uint32_t folded[WORD_LEAST];
	bool drop = json_is_true(json_object_get(ask->params, "drop"));

	if (police_situation_find(situation) == SITUATION_COUNT) {
		field = "situation";
		wrong = "没有这种情形";
	} else if (strchr(word, '|') != NULL) {
		wrong = "一次添加一个词";
	} else if (!drop && text_fold(word, strlen(word), folded, WORD_LEAST) < WORD_LEAST) {
		wrong = "至少两个字（不计标点）：一个字到处都会出现，真正的险情会淹没在误报里";
	}
	if (wrong == NULL)
		return JUDGE_PASS;
	ask_refuse(room, ask, REFUSE_bad_params, NULL, json_pack("{s:{s:s}}", "fields", field, wrong));
	return JUDGE_DONE;
}

/* The situations with whom to connect, beside the words that were added. */
void finish_police_words(struct room *room, struct ask *ask, const char *reply)
{
	json_t *words = json_loads(reply, 0, NULL), *situations = json_array();
	int i;

	for (i = 0; i < SITUATION_COUNT; i++)
		json_array_append_new(situations, json_pack("{s:s, s:s, s:i}", "name", police_situation_name((enum police_situation)i),
			"term", police_situation_term((enum police_situation)i),
			"level", (int)police_situation_level((enum police_situation)i)));
	json_object_set_new(words, "situations", situations);
	ask_answer_json(room, ask, words);
}
