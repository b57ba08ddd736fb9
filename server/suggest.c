/* suggest.c — who would have to deal with it: for the agent while typing, and for the dispatcher at the pool. */
#include <string.h>
#include "decision.h"
#include "loop.h"
#include "room.h"
#include "suggest.h"

/* As long as no place is chosen a matter can be proposed, and no unit. */
static void units_forget(json_t *reply)
{
	json_t *candidates = json_object_get(reply, "candidates"), *one;
	size_t i;

	json_object_set_new(reply, "dept", json_null());
	json_object_set_new(reply, "cos", json_array());
	json_object_set_new(reply, "proposed", json_array());
	json_object_set_new(reply, "reasons", json_pack("[s]", "选择发生地后给出承办单位"));
	json_array_foreach(candidates, i, one) {
		json_object_set_new(one, "dept", json_null());
		json_object_set_new(one, "why", json_string(""));
	}
}

enum judged judge_suggest(struct room *room, struct ask *ask)
{
	bool placed = json_object_get(ask->params, "region") != NULL;
	struct decision decision;
	json_t *reply;

	if (!placed)
		json_object_set_new(ask->params, "region", json_string(ask->seat.region));
	decision_make(room, NULL, ask->params, json_integer_value(json_object_get(ask->params, "at")), &decision);
	reply = decision_reply(&decision);
	if (!placed)
		units_forget(reply);
	ask_answer_json(room, ask, reply);
	return JUDGE_DONE;
}

void finish_candidates(struct room *room, struct ask *ask, const char *text)
{
	json_t *row = json_loads(text, 0, NULL);
	struct decision decision;

	decision_make(room, NULL, row, wall_ms(), &decision);
	json_decref(row);
	ask_answer_json(room, ask, decision_reply(&decision));
}
