/* citizen.c — what opens a ticket to its citizen. */
#include "citizen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "loop.h"
#include "seal.h"
#include "ticket.h"

/* Cards made by row_to_json() begin so, and are spared the reading: every submission passes here. */
static bool number_of_card(const char *reply, char number[NUMBER_ROOM])
{
	return sscanf(reply, "{\"id\":%*d,\"number\":\"%18[0-9]\",", number) == 1;
}

/* The verdict on what was submitted goes with its answer, whatever the desk had asked before. */
static void answer_card(struct room *room, struct ask *ask, const char *card, const char *code)
{
	char *danger = json_dumps(json_object_get(ask->params, "danger"), JSON_COMPACT);
	size_t size = strlen(card) + CODE_ROOM + 32 + (danger ? strlen(danger) : 0);
	char *text = malloc(size);

	if (text == NULL)
		abort();
	snprintf(text, size, "{\"code\":\"%s\",%s%s%s%s", code, danger ? "\"danger\":" : "", danger ? danger : "",
	         danger ? "," : "", card + 1);
	ask_answer(room, ask, text);
	free(danger);
	free(text);
}

void finish_code(struct room *room, struct ask *ask, const char *text)
{
	char number[NUMBER_ROOM], code[CODE_ROOM];
	json_t *reply;

	if ((ask->seat.role & (ROLE_agent | ROLE_supervisor)) == 0) {
		ask_answer(room, ask, text);
		return;
	}
	if (number_of_card(text, number)) {
		seal_code(room->seal, number, code);
		answer_card(room, ask, text, code);
		return;
	}
	reply = json_loads(text, 0, NULL);
	snprintf(number, sizeof number, "%s", json_string_value(json_object_get(reply, "number")));
	seal_code(room->seal, number, code);
	json_object_set_new(reply, "code", json_string(code));
	ask_answer_json(room, ask, reply);
}

void citizen_ask(struct room *room, enum statement statement, enum store_lane lane, int account,
                 unsigned long route, const char *request, json_t *params, store_done_fn *done, void *context)
{
	char who[16], *text = json_dumps(params, JSON_COMPACT);

	json_decref(params);
	if (text == NULL)
		abort();
	snprintf(who, sizeof who, "%d", account);
	store_call(room->store, lane, statement_number(statement), route,
	           (const char *const[]){ who, request, text }, done, context);
	free(text);
}

json_t *citizen_find(struct room *room, const char *number, const char *code, const char *request)
{
	return json_pack("{s:s, s:b, s:b, s:s?, s:I}", "number", number,
		"right", code != NULL && seal_code_fits(room->seal, number, code), "linked", code == NULL,
		"request", request, "at", (json_int_t)wall_ms());
}

enum flow_verdict citizen_move(struct room *room, enum flow_action action, unsigned role, const json_t *found,
                               json_t *params)
{
	struct seen seen = seen_of(found);
	const struct flow_edge *edge;
	enum flow_verdict verdict = flow_judge(action, (enum flow_state)seen.state, role, &edge);
	json_int_t now = wall_ms();

	if (verdict != FLOW_OK)
		return verdict;
	ticket_move_fill(room->rules, edge, &seen, now, params);
	json_object_set(params, "id", json_object_get(found, "id"));
	json_object_set_new(params, "at", json_integer(now));
	json_object_set_new(params, "seen", json_pack("{s:O, s:O, s:O, s:O, s:O}",
		"ver", json_object_get(found, "ver"), "state", json_object_get(found, "state"),
		"kind", json_object_get(found, "kind"), "urgency", json_object_get(found, "urgency"),
		"matter", json_object_get(found, "matter")));
	return FLOW_OK;
}
