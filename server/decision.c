/* decision.c — a decision of routing/dispatch.h about a ticket or a draft given as JSON, and what is told of it. */
#include <string.h>
#include <time.h>
#include "../routing/classify.h"
#include "decision.h"
#include "model.h"
#include "room.h"
#include "rules.h"

enum { NOT_MOST = 16 };

static int64_t micros(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static const char *text_of(const json_t *row, const char *name)
{
	const char *text = json_string_value(json_object_get(row, name));

	return text != NULL ? text : "";
}

static int number_of(const json_t *row, const char *name)
{
	return (int)json_integer_value(json_object_get(row, name));
}

static size_t not_units(const json_t *row, int units[NOT_MOST])
{
	const json_t *list = json_object_get(row, "not");
	size_t i;

	for (i = 0; i < json_array_size(list) && i < NOT_MOST; i++)
		units[i] = (int)json_integer_value(json_array_get(list, i));
	return i;
}

static bool office_is_open(const struct calendar *calendar, int64_t at_ms)
{
	return working_ms(calendar, at_ms, at_ms + 1) > 0;
}

/* Where the matter is known nobody has to guess. */
static size_t guesses_of(const struct room *room, const struct dispatch_ask *ask, struct dispatch_guess ret[CLASSIFY_TOP])
{
	const struct classify_model *model = model_classifier(room);
	struct classify_guess guesses[CLASSIFY_TOP];
	size_t count = model != NULL && *ask->matter == '\0' ? classify(model, ask->title, ask->text, guesses) : 0;

	for (size_t i = 0; i < count; i++)
		ret[i] = (struct dispatch_guess){ guesses[i].label, guesses[i].probability };
	return count;
}

void decision_make(struct room *room, const struct dispatch_policy *policy, const json_t *row, int64_t at_ms,
                   struct decision *ret)
{
	int barred[NOT_MOST];
	struct dispatch_ask ask = { .matter = text_of(row, "matter"), .region = text_of(row, "region"),
		.town = text_of(row, "town"), .place = text_of(row, "place"), .title = text_of(row, "title"),
		.text = text_of(row, "body"), .kind = number_of(row, "kind"), .urgency = number_of(row, "urgency"),
		.now_ms = at_ms, .office_open = office_is_open(rules_calendar(room->rules), at_ms),
		.not_units = barred, .not_count = not_units(row, barred) };
	struct dispatch_guess guesses[CLASSIFY_TOP];
	int64_t began = micros();

	ret->version = rules_version(room->rules);
	ret->model = model_version(room);
	ask.model = ret->model;
	ask.guesses = guesses;
	ask.guess_count = guesses_of(room, &ask, guesses);
	dispatch_decide(rules_book(room->rules), policy != NULL ? policy : rules_policy(room->rules), &ask, &ret->answer);
	ret->micros = micros() - began;
}

/* ---- what is told -------------------------------------------------------------------------------------- */

const char *decision_band(enum dispatch_band band)
{
	static const char *const names[] = { [BAND_pool] = "pool", [BAND_suggest] = "suggest", [BAND_straight] = "straight" };

	return names[band];
}

static json_t *unit_json(int unit)
{
	return unit != 0 ? json_integer(unit) : json_null();
}

static json_t *matter_json(const char *matter)
{
	return matter != NULL ? json_string(matter) : json_null();
}

static int percent(double confidence)
{
	return (int)(confidence * 100 + 1e-9);
}

json_t *decision_candidates(const struct dispatch_answer *answer)
{
	json_t *list = json_array();

	for (size_t i = 0; i < answer->candidate_count; i++) {
		const struct dispatch_candidate *one = &answer->candidates[i];

		json_array_append_new(list, json_pack("{s:o, s:o, s:i, s:s}", "matter", matter_json(one->matter),
			"dept", unit_json(one->unit), "sure", percent(one->confidence), "why", one->why));
	}
	return list;
}

static json_t *units_json(const int *units, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, json_integer(units[i]));
	return list;
}

static json_t *reasons_json(const struct dispatch_answer *answer)
{
	json_t *list = json_array();

	for (size_t i = 0; i < answer->reason_count; i++)
		json_array_append_new(list, json_string(answer->reasons[i]));
	return list;
}

json_t *decision_reply(const struct decision *decision)
{
	const struct dispatch_answer *answer = &decision->answer;

	return json_pack("{s:i, s:i, s:s, s:i, s:o, s:o, s:i, s:i, s:b, s:o, s:o, s:o, s:o}",
		"version", decision->version, "model", decision->model, "band", decision_band(answer->band),
		"sure", percent(answer->confidence), "matter", matter_json(answer->matter), "dept", unit_json(answer->unit),
		"rule", answer->rule, "level", answer->level, "outside_hours", answer->outside_hours,
		"cos", units_json(answer->cos, answer->co_count),
		"proposed", units_json(answer->proposed, answer->proposed_count),
		"reasons", reasons_json(answer), "candidates", decision_candidates(answer));
}

json_t *decision_detail(const struct decision *decision, bool given)
{
	const struct dispatch_answer *answer = &decision->answer;
	json_t *detail = json_pack("{s:f, s:f, s:s, s:i, s:b}", "confidence", answer->confidence,
		"ms", (double)decision->micros / 1000.0, "band", decision_band(answer->band), "rules", decision->version,
		"given", given);

	if (answer->matter != NULL)
		json_object_set_new(detail, "matter", json_string(answer->matter));
	if (decision->model > 0)
		json_object_set_new(detail, "model", json_integer(decision->model));
	if (answer->rule > 0)
		json_object_set_new(detail, "by_rule", json_integer(answer->rule));
	if (answer->outside_hours)
		json_object_set_new(detail, "outside_hours", json_true());
	if (answer->band != BAND_straight)
		json_object_set_new(detail, "candidates", decision_candidates(answer));
	return detail;
}
