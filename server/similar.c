/* similar.c — which tickets look like the one that is being taken down, or like one that is there already. */
#include <stdlib.h>
#include <string.h>
#include "../routing/duplicate.h"
#include "room.h"
#include "similar.h"
#include "ticket.h"

enum { SHOWN_MOST = 10, MINUTE_MS = 60000, CLOSED_FROM = 80 };

/* What puts one before another beside likeness. */
#define CALLER_AHEAD 0.3
#define MERGE_AHEAD  0.05

/* The request and the candidate that it is held against. */
struct pair { struct duplicate_text self, other; };

struct shown { json_t *row; double rank; };

static const char *member(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? text : "";
}

static void read_request(struct duplicate_text *text, const json_t *object)
{
	duplicate_read(text, member(object, "place"), member(object, "title"), member(object, "body"));
}

enum judged judge_similar(struct room *room, struct ask *ask)
{
	struct duplicate_text *text = malloc(sizeof(*text));
	int64_t keys[DUPLICATE_KEYS];
	json_t *list = json_array();
	size_t i, count;

	if (text == NULL)
		abort();
	read_request(text, ask->params);
	count = duplicate_keys(text, member(ask->params, "region"), keys);
	free(text);
	for (i = 0; i < count; i++)
		json_array_append_new(list, json_integer((json_int_t)keys[i]));
	json_object_set_new(ask->params, "keys", list);
	return json_object_get(ask->params, "phone") != NULL ? judge_phone(room, ask) : JUDGE_PASS;
}

static struct duplicate_facts facts_of(const json_t *self, const json_t *row, json_int_t now_ms)
{
	const char *matter = member(self, "matter");
	json_int_t accepted = json_integer_value(json_object_get(row, "accepted"));

	return (struct duplicate_facts){ .same_caller = json_is_true(json_object_get(row, "called")),
		.same_matter = *matter != '\0' && strcmp(matter, member(row, "matter")) == 0,
		.minutes = (now_ms - accepted) / MINUTE_MS };
}

/* What a desk is shown of a candidate; neither text nor anything of its caller. */
static json_t *shown_of(const json_t *row, const struct pair *pair, const struct duplicate_likeness *likeness,
                        const struct duplicate_facts *facts)
{
	static const char *const kept[] = { "id", "number", "title", "state", "dept", "accepted", "into", "into_number" };
	char why[DUPLICATE_WHY];
	json_t *shown = json_object();
	size_t i;

	for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		json_object_set(shown, kept[i], json_object_get(row, kept[i]));
	duplicate_why(&pair->self, &pair->other, likeness, facts, why);
	json_object_set_new(shown, "why", json_string(why));
	json_object_set_new(shown, "score", json_integer((json_int_t)(likeness->score * 100 + 0.5)));
	json_object_set_new(shown, "caller", json_boolean(facts->same_caller));
	json_object_set_new(shown, "elsewhere", json_boolean(likeness->where == DUPLICATE_WHERE_NUMBER
		|| likeness->where == DUPLICATE_WHERE_OTHER));
	json_object_set_new(shown, "again", json_boolean(json_integer_value(json_object_get(row, "state")) >= CLOSED_FROM));
	return shown;
}

static int rank_order(const void *left, const void *right)
{
	const struct shown *a = left, *b = right;

	return (a->rank < b->rank) - (a->rank > b->rank);
}

/* Of several that were merged into one, the most alike speaks for it. */
static bool stands_there(const json_t *list, const json_t *row)
{
	const json_t *into = json_object_get(row, "into");
	size_t i;
	json_t *before;

	json_array_foreach(list, i, before)
		if (json_is_integer(into) && json_equal(json_object_get(before, "into"), into))
			return true;
	return false;
}

static size_t judge_all(struct pair *pair, const json_t *self, const json_t *rows, json_int_t now_ms,
                        struct shown *shown)
{
	struct duplicate_likeness likeness;
	size_t i, count = 0;
	json_t *row;

	read_request(&pair->self, self);
	json_array_foreach(rows, i, row) {
		struct duplicate_facts facts = facts_of(self, row, now_ms);

		read_request(&pair->other, row);
		duplicate_compare(&pair->self, &pair->other, &likeness);
		if (!duplicate_is_worth(&likeness, &facts))
			continue;
		shown[count].row = shown_of(row, pair, &likeness, &facts);
		shown[count++].rank = likeness.score + (facts.same_caller ? CALLER_AHEAD : 0)
			+ (json_is_integer(json_object_get(row, "into")) ? MERGE_AHEAD : 0);
	}
	qsort(shown, count, sizeof(*shown), rank_order);
	return count;
}

void finish_similar(struct room *room, struct ask *ask, const char *text)
{
	json_t *reply = json_loads(text, 0, NULL), *list = json_array();
	const json_t *self = json_object_get(reply, "self"), *rows = json_object_get(reply, "rows");
	struct shown *shown = calloc(json_array_size(rows) + 1, sizeof(*shown));
	struct pair *pair = malloc(sizeof(*pair));
	size_t i, count;

	if (shown == NULL || pair == NULL)
		abort();
	count = judge_all(pair, json_is_object(self) ? self : ask->params, rows,
	                  json_integer_value(json_object_get(ask->params, "at")), shown);
	for (i = 0; i < count; i++) {
		if (json_array_size(list) < SHOWN_MOST && !stands_there(list, shown[i].row))
			json_array_append(list, shown[i].row);
		json_decref(shown[i].row);
	}
	free(pair);
	free(shown);
	json_decref(reply);
	ask_answer_json(room, ask, json_pack("{s:o}", "rows", list));
}
