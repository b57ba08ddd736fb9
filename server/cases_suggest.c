/* cases_suggest.c — what a complaint may be about: the caller's own cases, then case types by their words. */
#include <stdlib.h>
#include "../routing/case_words.h"
#include "cases.h"

enum { FOUND_LEAST = 60, SUGGESTIONS_MOST = 8 };

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? text : "";
}

/* The matter of a theme that the text speaks of most; NULL when of none. */
static const json_t *matter_best(const char *text, const json_t *theme, int *ret_found)
{
	const json_t *best = NULL;
	json_t *matter;
	size_t i;

	*ret_found = FOUND_LEAST - 1;
	json_array_foreach(json_object_get(theme, "matters"), i, matter) {
		int found = case_words_found(text, text_of(matter, "name"));

		if (found > *ret_found) {
			*ret_found = found;
			best = matter;
		}
	}
	return best;
}

static json_t *theme_of(const json_t *themes, json_int_t number)
{
	json_t *theme;
	size_t i;

	json_array_foreach(themes, i, theme)
		if (json_integer_value(json_object_get(theme, "theme")) == number)
			return theme;
	return NULL;
}

static void suggestion_add(json_t *list, const json_t *of_case, const json_t *theme, const json_t *matter, int score,
                           const char *why)
{
	json_t *one = json_pack("{s:O, s:O, s:i, s:s}", "theme", json_object_get(theme, "theme"),
	                        "name", json_object_get(theme, "name"), "score", score, "why", why);

	if (of_case != NULL) {
		json_object_set(one, "case", json_object_get(of_case, "id"));
		json_object_set(one, "number", json_object_get(of_case, "number"));
	}
	if (matter != NULL) {
		json_object_set(one, "no", json_object_get(matter, "no"));
		json_object_set(one, "matter", json_object_get(matter, "name"));
	}
	json_array_append_new(list, one);
}

static int by_score(const void *a, const void *b)
{
	json_t *const *x = a, *const *y = b;

	return (int)(json_integer_value(json_object_get(*y, "score")) - json_integer_value(json_object_get(*x, "score")));
}

/* The best few, best first; the list is taken. */
static json_t *best_of(json_t *list)
{
	size_t count = json_array_size(list), i;
	json_t **rows = calloc(count + 1, sizeof(*rows)), *best = json_array();

	for (i = 0; rows != NULL && i < count; i++)
		rows[i] = json_array_get(list, i);
	if (rows != NULL && count > 0)
		qsort(rows, count, sizeof(*rows), by_score);
	for (i = 0; rows != NULL && i < count && i < SUGGESTIONS_MOST; i++)
		json_array_append(best, rows[i]);
	free(rows);
	json_decref(list);
	return best;
}

void finish_suggest(struct room *room, struct ask *ask, const char *reply)
{
	json_t *known = json_loads(reply, 0, NULL), *list = json_array(), *row, *result = json_object();
	const json_t *themes = json_object_get(known, "themes"), *matter;
	const char *text = text_of(known, "text");
	size_t i;
	int found;

	json_array_foreach(json_object_get(known, "cases"), i, row) {
		const json_t *theme = theme_of(themes, json_integer_value(json_object_get(row, "theme")));

		matter = matter_best(text, theme, &found);
		if (theme != NULL)
			suggestion_add(list, row, theme, matter, 200 + (matter != NULL ? found : 0), "同一电话的办件");
	}
	json_array_foreach(themes, i, row) {
		int whole = case_words_found(text, text_of(row, "name"));

		matter = matter_best(text, row, &found);
		if (json_integer_value(json_object_get(row, "theme")) == json_integer_value(json_object_get(known, "theme")))
			suggestion_add(list, NULL, row, matter, 150, "受理时选定的一件事");
		else if (whole >= FOUND_LEAST || matter != NULL)
			suggestion_add(list, NULL, row, matter, whole > found || matter == NULL ? whole : found, "内容提到");
	}
	json_object_set_new(result, "suggestions", best_of(list));
	json_object_set(result, "linked", json_object_get(known, "linked"));
	json_decref(known);
	ask_answer_json(room, ask, result);
}
