/* danger.c — the verdict of routing/police.h, as JSON and as a move. */
#include "danger.h"

#include <stdio.h>
#include <string.h>
#include "../routing/terms.h"
#include "room.h"

json_t *danger_json(const struct police_book *book, const char *title, const char *body, int kind)
{
	struct police_verdict verdict;
	json_t *numbers, *words;

	police_judge(book, title, body, kind, &verdict);
	if (verdict.level == POLICE_LEVEL_NONE)
		return NULL;
	numbers = json_array();
	for (size_t i = 0; i < POLICE_NUMBERS; i++)
		if (verdict.numbers & 1u << i)
			json_array_append_new(numbers, json_string(police_number_text(i)));
	words = json_array();
	for (size_t i = 0; i < verdict.word_count; i++)
		json_array_append_new(words, json_string(verdict.words[i]));
	return json_pack("{s:i, s:s, s:s, s:o, s:o}", "level", (int)verdict.level,
	                 "situation", police_situation_name(verdict.situation), "term", police_situation_term(verdict.situation),
	                 "numbers", numbers, "words", words);
}

static json_t *judged(const struct rules *rules, const json_t *params)
{
	const char *title = json_string_value(json_object_get(params, "title"));
	const char *body = json_string_value(json_object_get(params, "body"));

	return danger_json(rules_police(rules), title ? title : "", body ? body : "",
	                   (int)json_integer_value(json_object_get(params, "kind")));
}

static bool is_danger(const json_t *danger)
{
	return json_integer_value(json_object_get(danger, "level")) == POLICE_LEVEL_DANGER;
}

void danger_mark(const struct rules *rules, json_t *params)
{
	json_t *danger = judged(rules, params);

	if (danger == NULL)
		return;
	if (is_danger(danger) && json_integer_value(json_object_get(params, "channel")) != CHANNEL_import)
		json_object_set_new(params, "urgency", json_integer(URGENCY_critical));
	json_object_set_new(params, "danger", danger);
}

void danger_detail(json_t *params)
{
	json_t *danger = json_object_get(params, "danger"), *detail = json_object_get(params, "detail");

	if (danger == NULL)
		return;
	if (detail == NULL)
		json_object_set_new(params, "detail", detail = json_object());
	json_object_set(detail, "danger", danger);
}

json_t *danger_move(json_t *danger)
{
	const char *word = json_string_value(json_array_get(json_object_get(danger, "words"), 0));
	const char *number = json_string_value(json_array_get(json_object_get(danger, "numbers"), 0));
	char note[256];

	snprintf(note, sizeof note, "%s：%s（“%s”），不自动派单，请人工判断%s%s", is_danger(danger) ? "有生命财产危险" : "疑似公安职责",
	         json_string_value(json_object_get(danger, "term")), word ? word : "",
	         is_danger(danger) ? "并立即接通 " : "，属实则转", number ? number : "110");
	return json_pack("{s:s, s:{s:o}}", "note", note, "detail", "danger", danger);
}

enum judged judge_danger(struct room *room, struct ask *ask)
{
	json_t *danger = judged(room->rules, ask->params);

	ask_answer_json(room, ask, danger != NULL ? danger : json_pack("{s:i}", "level", 0));
	return JUDGE_DONE;
}
