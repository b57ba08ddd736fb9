/* trial.c — 试算: the draft of the dispatch rules tried against the tickets of the last thirty days. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "decision.h"
#include "log.h"
#include "loop.h"
#include "policy.h"
#include "room.h"
#include "rules.h"
#include "system.h"
#include "trial.h"

enum { PAGE = 50, MOVED_MOST = 200 };
#define MONTH_MS INT64_C(2592000000)

struct count { long long straight, right; };   /* went straight through; named who really handled it */

struct trial {
	struct room *room;
	struct dispatch_policy *draft;
	int rev;
	int64_t from, to;
	long long after, tickets, done, known, moves;
	struct count now, then;          /* by the rules in force; by the draft */
	json_t *moved;
	bool stopping;
};

/* ---- one ticket ---------------------------------------------------------------------------------------- */

/* Where it goes by itself; 0: to people. */
static int place_of(const struct decision *decision)
{
	return decision->answer.band == BAND_straight ? decision->answer.unit : 0;
}

static void count_add(struct count *count, const struct decision *decision, int handled)
{
	count->straight += place_of(decision) != 0;
	count->right += handled != 0 && decision->answer.unit == handled;
}

static json_t *unit_json(int unit)
{
	return unit != 0 ? json_integer(unit) : json_null();
}

static void moved_add(struct trial *trial, const json_t *row, const struct decision *now, const struct decision *then)
{
	char note[600];

	trial->moves++;
	if (json_array_size(trial->moved) >= MOVED_MOST)
		return;
	dispatch_note(&then->answer, note, sizeof note);
	json_array_append_new(trial->moved, json_pack("{s:O, s:O, s:O, s:o, s:o, s:O, s:s}", "id", json_object_get(row, "id"),
		"number", json_object_get(row, "number"), "title", json_object_get(row, "title"), "was", unit_json(place_of(now)),
		"dept", unit_json(place_of(then)), "handled", json_object_get(row, "dept"), "why", note));
}

static void try_one(struct trial *trial, const json_t *row)
{
	int64_t accepted = json_integer_value(json_object_get(row, "accepted"));
	int handled = (int)json_integer_value(json_object_get(row, "dept"));
	struct decision now, then;

	decision_make(trial->room, NULL, row, accepted, &now);
	decision_make(trial->room, trial->draft, row, accepted, &then);
	trial->done++;
	trial->known += handled != 0;
	count_add(&trial->now, &now, handled);
	count_add(&trial->then, &then, handled);
	if (place_of(&now) != place_of(&then))
		moved_add(trial, row, &now, &then);
}

/* ---- page by page -------------------------------------------------------------------------------------- */

static void trial_free(struct trial *trial)
{
	trial->room->trial = NULL;
	dispatch_policy_free(trial->draft);
	json_decref(trial->moved);
	free(trial);
}

static void kept(void *context, enum store_status status, const struct rows *rows)
{
	struct trial *trial = context;

	if (outcome_reply(status, rows) == NULL)
		log_line(LOG_ERROR, "trial", "what was found could not be kept", NULL);
	else
		log_text(LOG_INFO, "trial", "draft %d tried: %lld tickets, %lld would go elsewhere", trial->rev, trial->done,
		         trial->moves);
	trial_free(trial);
}

static void keep(struct trial *trial)
{
	json_t *tried = json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:i, s:O}",
		"from", (json_int_t)trial->from, "to", (json_int_t)trial->to, "tickets", (json_int_t)trial->done,
		"known", (json_int_t)trial->known, "moves", (json_int_t)trial->moves,
		"straight_now", (json_int_t)trial->now.straight, "straight_draft", (json_int_t)trial->then.straight,
		"right_now", (json_int_t)trial->now.right, "right_draft", (json_int_t)trial->then.right,
		"against", rules_version(trial->room->rules), "moved", trial->moved);

	system_ask(trial->room, STATEMENT_dispatch_trial_end, LANE_WRITE, 0,
	           json_pack("{s:i, s:I, s:o}", "rev", trial->rev, "at", (json_int_t)wall_ms(), "tried", tried), kept, trial);
}

static void page_ask(struct trial *trial);

static void page_answered(void *context, enum store_status status, const struct rows *rows)
{
	struct trial *trial = context;
	json_t *reply = outcome_reply_json(status, rows), *page = json_object_get(reply, "rows"), *row;
	size_t i;

	if (reply == NULL || trial->stopping) {
		log_line(LOG_WARN, "trial", "given up: the database did not answer, or the server ends", NULL);
		json_decref(reply);
		trial_free(trial);
		return;
	}
	json_array_foreach(page, i, row) {
		try_one(trial, row);
		trial->after = json_integer_value(json_object_get(row, "id"));
	}
	json_decref(reply);
	if (i < PAGE)
		keep(trial);
	else
		page_ask(trial);
}

static void page_ask(struct trial *trial)
{
	system_ask(trial->room, STATEMENT_dispatch_trial_page, LANE_SLOW, 0,
	           json_pack("{s:I, s:I, s:I, s:i}", "from", (json_int_t)trial->from, "to", (json_int_t)trial->to,
	                     "after", (json_int_t)trial->after, "limit", PAGE), page_answered, trial);
}

/* ---- the commands ---------------------------------------------------------------------------------------- */

enum judged judge_try(struct room *room, struct ask *ask)
{
	json_int_t now_ms = json_integer_value(json_object_get(ask->params, "at"));

	if (room->trial != NULL) {
		ask_refuse(room, ask, REFUSE_rule, "正在试算，请等待完成", NULL);
		return JUDGE_DONE;
	}
	json_object_set_new(ask->params, "from", json_integer(now_ms - MONTH_MS));
	return JUDGE_PASS;
}

static json_t *progress(const struct room *room)
{
	const struct trial *trial = room->trial;

	if (trial == NULL)
		return json_pack("{s:b}", "running", false);
	return json_pack("{s:b, s:i, s:I, s:I}", "running", true, "rev", trial->rev, "done", (json_int_t)trial->done,
	                 "tickets", (json_int_t)trial->tickets);
}

void finish_try(struct room *room, struct ask *ask, const char *text)
{
	json_t *reply = json_loads(text, 0, NULL);
	int version = (int)json_integer_value(json_object_get(reply, "version"));
	struct dispatch_policy *draft = policy_read(json_object_get(reply, "content"), version);
	struct trial *trial = calloc(1, sizeof(*trial));

	if (trial == NULL)
		abort();
	if (draft == NULL || room->trial != NULL) {
		free(trial);
		dispatch_policy_free(draft);
		json_decref(reply);
		ask_refuse(room, ask, REFUSE_rule, "草稿不能试算，请刷新后重试", NULL);
		return;
	}
	*trial = (struct trial){ .room = room, .draft = draft, .moved = json_array(),
		.rev = (int)json_integer_value(json_object_get(reply, "rev")),
		.from = json_integer_value(json_object_get(ask->params, "from")),
		.to = json_integer_value(json_object_get(ask->params, "at")),
		.tickets = json_integer_value(json_object_get(reply, "tickets")) };
	json_decref(reply);
	room->trial = trial;
	page_ask(trial);
	ask_answer_json(room, ask, progress(room));
}

enum judged judge_trial(struct room *room, struct ask *ask)
{
	ask_answer_json(room, ask, progress(room));
	return JUDGE_DONE;
}

void trial_stop(struct room *room)
{
	if (room->trial != NULL)
		room->trial->stopping = true;
}

/* The draft comes as text and goes on as a checked document. */
enum judged judge_draft(struct room *room, struct ask *ask)
{
	json_t *content = json_loads(json_string_value(json_object_get(ask->params, "content")), JSON_REJECT_DUPLICATES, NULL);
	char fault[POLICY_FAULT] = "不是 JSON 对象";
	json_t *normal = json_is_object(content) ? policy_normal(content, fault) : NULL;

	json_decref(content);
	if (normal == NULL) {
		ask_refuse(room, ask, REFUSE_bad_params, NULL, json_pack("{s:{s:s}}", "fields", "content", fault));
		return JUDGE_DONE;
	}
	json_object_set_new(ask->params, "content", normal);
	return JUDGE_PASS;
}
