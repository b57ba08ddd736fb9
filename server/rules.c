/* rules.c — the rule book of the moment: calendar, limits and catalogue, read from the database. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../routing/due.h"
#include "log.h"
#include "policy.h"
#include "rules.h"
#include "rules_book.h"
#include "system.h"

/* matter "": the general limit. */
struct rule_limit { char key[40], matter[9]; struct limit limit; };

struct rules {
	struct calendar calendar;
	struct day_exception *days;
	struct office_span *office;
	struct rule_limit *limits; size_t limit_count;
	struct dispatch_book *book;
	struct dispatch_policy *policy;
	int version;                      /* of the dispatch rules in force */
	struct police_book *police;
};

struct loading {
	struct room *room;
	void (*loaded)(void *context, bool ok);
	void *context;
};

static int day_order(const void *a, const void *b)
{
	const struct day_exception *x = a, *y = b;

	return (x->day > y->day) - (x->day < y->day);
}

static bool days_read(struct rules *rules, const json_t *array)
{
	size_t i;
	json_t *row;

	rules->days = rows_new(array, sizeof(*rules->days));
	json_array_foreach(array, i, row) {
		if (!day_parse(cell_text(row, 0), &rules->days[i].day))
			return false;
		rules->days[i].kind = strcmp(cell_text(row, 1), "workday") == 0 ? DAY_WORKDAY : DAY_HOLIDAY;
	}
	qsort(rules->days, i, sizeof(*rules->days), day_order);
	rules->calendar.days = rules->days;
	rules->calendar.day_count = i;
	return true;
}

static bool office_read(struct rules *rules, const json_t *array)
{
	size_t i;
	json_t *row;

	rules->office = rows_new(array, sizeof(*rules->office));
	json_array_foreach(array, i, row)
		rules->office[i] = (struct office_span){ cell_number(row, 0), cell_number(row, 1) };
	rules->calendar.office = rules->office;
	rules->calendar.office_count = i;
	return i > 0;
}

/* Counts and percentages are SQL's business, but for the percentage of 黄牌. */
static bool limit_read(const json_t *row, size_t column, struct rule_limit *limit)
{
	const char *unit = cell_text(row, column + 2);

	snprintf(limit->key, sizeof(limit->key), "%s", cell_text(row, column));
	limit->limit.amount = cell_number(row, column + 1);
	return strcmp(unit, "times") == 0 || strcmp(unit, "percent") == 0
		|| limit_unit_parse(unit, &limit->limit.unit);
}

static bool limits_read(struct rules *rules, const json_t *general, const json_t *own)
{
	size_t i;
	json_t *row;

	rules->limits = calloc(json_array_size(general) + json_array_size(own) + 1, sizeof(*rules->limits));
	if (rules->limits == NULL)
		abort();
	json_array_foreach(general, i, row)
		if (!limit_read(row, 0, &rules->limits[rules->limit_count++]))
			return false;
	json_array_foreach(own, i, row) {
		struct rule_limit *limit = &rules->limits[rules->limit_count++];

		snprintf(limit->matter, sizeof(limit->matter), "%s", cell_text(row, 0));
		if (!limit_read(row, 1, limit))
			return false;
	}
	return true;
}

static bool policy_take(struct rules *rules, const json_t *dispatch)
{
	rules->version = (int)json_integer_value(json_object_get(dispatch, "version"));
	rules->policy = policy_read(json_object_get(dispatch, "content"), rules->version);
	return rules->policy != NULL;
}

/* The base rows stand in the program; the database only adds words. */
static bool police_read(struct rules *rules, const json_t *array)
{
	struct police_word *words = rows_new(array, sizeof(*words));
	size_t i;
	json_t *row;

	json_array_foreach(array, i, row)
		words[i] = (struct police_word){ cell_text(row, 0), cell_text(row, 1) };
	rules->police = police_book_new(words, i);
	free(words);
	return rules->police != NULL;
}

/* NULL when something does not fit; *ret_fault then says what. */
static struct rules *rules_read(const json_t *reply, const char **ret_fault)
{
	struct rules *rules = calloc(1, sizeof(*rules));

	if (rules == NULL)
		abort();
	*ret_fault = NULL;
	if (!days_read(rules, json_object_get(reply, "days")))
		*ret_fault = "calendar_day holds a day that is no date";
	else if (!office_read(rules, json_object_get(reply, "office")))
		*ret_fault = "office_hours is empty: without office hours there are no deadlines";
	else if (!limits_read(rules, json_object_get(reply, "limits"), json_object_get(reply, "matter_limits")))
		*ret_fault = "time_limit holds an unknown unit";
	else if ((rules->book = rules_book_read(reply)) == NULL || !police_read(rules, json_object_get(reply, "police_words")))
		*ret_fault = "no memory for the books";
	else if (!policy_take(rules, json_object_get(reply, "dispatch")))
		*ret_fault = "the dispatch rules in force cannot be read";
	if (*ret_fault != NULL) {
		rules_free(rules);
		return NULL;
	}
	return rules;
}

static void rules_answered(void *context, enum store_status status, const struct rows *rows)
{
	struct loading loading = *(struct loading *)context;
	json_t *reply = outcome_reply_json(status, rows);
	const char *fault = "the database did not answer";
	struct rules *rules = reply == NULL ? NULL : rules_read(reply, &fault);

	free(context);
	if (rules == NULL) {
		log_line(LOG_ERROR, "rules", "rule book not loaded", "why", fault, NULL);
	} else {
		rules_free(loading.room->rules);
		loading.room->rules = rules;
		log_text(LOG_INFO, "rules", "rule book loaded: %zu days, %zu limits, %zu matters, %zu precedents, "
		         "dispatch rules version %d", rules->calendar.day_count, rules->limit_count,
		         json_array_size(json_object_get(reply, "matters")),
		         json_array_size(json_object_get(reply, "precedents")), rules->version);
	}
	json_decref(reply);
	if (loading.loaded != NULL)
		loading.loaded(loading.context, rules != NULL);
}

void rules_load(struct room *room, void (*loaded)(void *context, bool ok), void *context)
{
	struct loading *loading = malloc(sizeof(*loading));

	if (loading == NULL)
		abort();
	*loading = (struct loading){ room, loaded, context };
	system_ask(room, STATEMENT_rules_load, LANE_SLOW, 0, json_object(), rules_answered, loading);
}

void rules_free(struct rules *rules)
{
	if (rules == NULL)
		return;
	free(rules->days);
	free(rules->office);
	free(rules->limits);
	dispatch_book_free(rules->book);
	dispatch_policy_free(rules->policy);
	police_book_free(rules->police);
	free(rules);
}

static const struct rule_limit *limit_of(const struct rules *rules, const char *key, const char *matter)
{
	size_t i;

	for (i = 0; i < rules->limit_count; i++)
		if (strcmp(rules->limits[i].key, key) == 0 && strcmp(rules->limits[i].matter, matter) == 0)
			return &rules->limits[i];
	return NULL;
}

static struct limit limit_find(const struct rules *rules, const char *key, const char *matter)
{
	const struct rule_limit *own = *matter != '\0' ? limit_of(rules, key, matter) : NULL;
	const struct rule_limit *limit = own != NULL ? own : limit_of(rules, key, "");

	if (limit != NULL)
		return limit->limit;
	log_line(LOG_WARN, "rules", "time_limit has no such key: one working day is taken", "key", key, NULL);
	return (struct limit){ 1, UNIT_WORKING_DAY };
}

int64_t rules_warn(const struct rules *rules, int64_t from_ms, int64_t due_ms)
{
	const struct rule_limit *yellow = limit_of(rules, "yellow", "");

	return due_ms - (due_ms - from_ms) * (yellow != NULL ? yellow->limit.amount : 25) / 100;
}

static void deadline_make(const struct rules *rules, const char *key, const char *matter, int64_t from_ms,
                          struct deadline *ret)
{
	struct limit limit = limit_find(rules, key, matter);

	ret->since = from_ms;
	ret->due = due_at(&rules->calendar, limit, from_ms);
	ret->warn = rules_warn(rules, from_ms, ret->due);
	due_rule_make(key, limit, ret->rule);
}

bool rules_due(const struct rules *rules, enum flow_clock clock, int kind, int urgency, const char *matter,
               int64_t now_ms, struct deadline *ret)
{
	const char *key = flow_limit_key(clock, kind, urgency);

	if (key == NULL)
		return false;
	deadline_make(rules, key, matter != NULL ? matter : "", now_ms, ret);
	return true;
}

void rules_due_by(const struct rules *rules, const char *key, int64_t from_ms, struct deadline *ret)
{
	deadline_make(rules, key, "", from_ms, ret);
}

void rules_warning(const struct rules *rules, struct warning_rule *ret)
{
	size_t i;

	memset(ret, 0, sizeof(*ret));
	for (i = 0; i < rules->limit_count; i++)
		if (rules->limits[i].matter[0] == '\0')
			warning_rule_set(ret, rules->limits[i].key, rules->limits[i].limit.amount, rules->limits[i].limit.unit);
	if (warning_rule_missing(ret) != NULL)
		log_line(LOG_WARN, "rules", "time_limit has no such key", "key", warning_rule_missing(ret), NULL);
}

const struct calendar *rules_calendar(const struct rules *rules)
{
	return &rules->calendar;
}

const struct dispatch_book *rules_book(const struct rules *rules)
{
	return rules->book;
}

const struct police_book *rules_police(const struct rules *rules)
{
	return rules->police;
}

const struct dispatch_policy *rules_policy(const struct rules *rules)
{
	return rules->policy;
}

int rules_version(const struct rules *rules)
{
	return rules->version;
}

bool rules_weigh(struct rules *rules, const json_t *loads)
{
	return rules_book_weigh(rules->book, loads);
}
