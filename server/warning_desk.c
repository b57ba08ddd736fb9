/* warning_desk.c — holds one ticket against incidents and usual counts, and puts what stands out into words. */
#include <stdlib.h>
#include <string.h>
#include "../routing/warning_rule.h"
#include "decision.h"
#include "room.h"
#include "rules.h"
#include "warning_desk.h"

enum { CELLS = 4096, HOUR_MS = 3600000, DAY_MS = 86400000, BEIJING_MS = 28800000, WORDS_MOST = 4, WORDS_ROOM = 400,
       PLACES = 2, WINDOW_HOURS = 24 * 8 };

static const struct cluster_size SIZE = { .incidents = 8192, .book_bits = 20, .index_bits = 17, .book_most = 1 << 17 };
static const char *const WINDOW_NAMES[SURGE_WINDOWS] = { "hour", "day", "week" };
static const char *const WINDOW_TERMS[SURGE_WINDOWS] = { "1 小时", "24 小时", "7 天" };

struct warning_desk {
	struct warning_rule rule;
	struct clusters *clusters;
	struct surges *surges;
	struct surge_history usual;    /* of the whole hotline; a cell's own counts are put in for each question */
};

struct warning_desk *warning_desk_new(const struct rules *rules)
{
	struct warning_desk *desk = calloc(1, sizeof(*desk));
	void *clusters = calloc(1, cluster_bytes(&SIZE)), *surges = calloc(1, surge_bytes(CELLS));
	int i;

	if (desk == NULL || clusters == NULL || surges == NULL)
		abort();
	desk->usual.weeks = 1;
	for (i = 0; i < SURGE_HOURS; i++)
		desk->usual.share[i] = 1.0f / SURGE_HOURS;
	rules_warning(rules, &desk->rule);
	desk->clusters = cluster_begin(clusters, &SIZE, &desk->rule.cluster);
	desk->surges = surge_begin(surges, CELLS);
	return desk;
}

void warning_desk_free(struct warning_desk *desk)
{
	if (desk == NULL)
		return;
	free(desk->clusters);
	free(desk->surges);
	free(desk);
}

void warning_desk_tune(struct warning_desk *desk, const struct rules *rules, const json_t *profile)
{
	const json_t *share = json_object_get(profile, "share");
	size_t i;

	rules_warning(rules, &desk->rule);
	cluster_tune(desk->clusters, &desk->rule.cluster);
	if (json_array_size(share) != SURGE_HOURS)
		return;
	desk->usual.weeks = (uint32_t)json_integer_value(json_object_get(profile, "weeks"));
	desk->usual.cells_mean = (float)json_number_value(json_object_get(profile, "cells_mean"));
	for (i = 0; i < SURGE_HOURS; i++)
		desk->usual.share[i] = (float)json_number_value(json_array_get(share, i));
}

void warning_desk_number(struct warning_desk *desk, json_int_t last)
{
	cluster_number(desk->clusters, (uint32_t)last);
}

static const char *member(const json_t *row, const char *name)
{
	const char *text = json_string_value(json_object_get(row, name));

	return text != NULL ? text : "";
}

static int64_t number(const json_t *row, const char *name)
{
	return json_integer_value(json_object_get(row, name));
}

static uint64_t hash_more(uint64_t hash, const char *text)
{
	for (; *text != '\0'; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3ull;
	return hash;
}

enum { HASH_START = 5381 };

static uint64_t cell_key(const char *matter, const char *place)
{
	return hash_more(hash_more(hash_more(HASH_START, matter), ":"), place) | 1;
}

static struct cluster_ask ask_of(const json_t *row)
{
	const char *title = member(row, "title"), *body = member(row, "body");

	return (struct cluster_ask){ .text = { title, body, strlen(title), strlen(body) }, .ticket = number(row, "id"),
		.at = number(row, "at"), .caller = (uint64_t)strtoll(member(row, "caller"), NULL, 10),
		.area = hash_more(HASH_START, member(row, "region")) | 1, .incident = (uint32_t)number(row, "incident") };
}

static void surge_count(struct warning_desk *desk, const struct cluster_ask *ask, const char *matter, const char *place,
                        struct surge_answer *ret)
{
	surge_take(desk->surges, &(struct surge_ask){ .cell = cell_key(matter, place), .caller = ask->caller, .at = ask->at,
		.ticket = ask->ticket }, desk->rule.surge.windows, ret);
}

void warning_desk_remember(struct warning_desk *desk, const json_t *row)
{
	struct cluster_ask ask = ask_of(row);
	const char *matter = member(row, "matter"), *places[PLACES] = { member(row, "region"), member(row, "town") };
	struct cluster_answer answer;
	struct surge_answer counts;
	int i;

	cluster_take(desk->clusters, &ask, &answer);
	for (i = 0; i < PLACES && *matter != '\0'; i++)
		if (*places[i] != '\0')
			surge_count(desk, &ask, matter, places[i], &counts);
}

static json_t *ids(const int64_t *tickets, size_t count)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < count; i++)
		json_array_append_new(list, json_integer(tickets[i]));
	return list;
}

/* The unit that dispatch would choose: to fill in when the alert becomes a task. */
static void unit_put(json_t *alert, struct room *room, const json_t *row)
{
	struct decision decision;

	if (!json_is_true(json_object_get(alert, "alarms")))
		return;
	decision_make(room, NULL, row, (int64_t)json_integer_value(json_object_get(row, "at")), &decision);
	if (decision.answer.unit != 0)
		json_object_set_new(alert, "dept", json_integer(decision.answer.unit));
}

/* ---- incidents ------------------------------------------------------------------------------------ */

static json_t *incident_alert(const struct warning_desk *desk, const struct cluster_ask *ask, const struct cluster_answer *answer)
{
	enum { MANY = 10, SEVERAL = 5 };
	char words[WORDS_ROOM], key[24], text[160];
	bool alarms = incident_alarms(&desk->rule.incident, answer, ask->at);
	long long days = (ask->at - answer->began) / DAY_MS;

	gram_shared(&ask->text, answer->shared, answer->shared_count, WORDS_MOST, words, sizeof(words));
	snprintf(key, sizeof(key), "i:%u", answer->incident);
	snprintf(text, sizeof(text), "%u 件诉求反映同一事件，来自 %u 位诉求人，%lld 天内", answer->size, answer->callers, days + 1);
	return json_pack("{s:s, s:s, s:b, s:i, s:i, s:s, s:o, s:{s:i, s:s, s:f, s:f, s:I}}", "kind", "incident", "key", key,
		"alarms", alarms, "severity", answer->callers >= MANY ? 3 : answer->callers >= SEVERAL ? 2 : 1, "size", answer->size,
		"text", text, "tickets", ids(answer->tickets, answer->ticket_count), "evidence", "callers", answer->callers,
		"words", words, "alike", (double)answer->likeness, "cohesion", (double)answer->cohesion,
		"began", (json_int_t)answer->began);
}

/* ---- surges --------------------------------------------------------------------------------------- */

/* As sql week_hour(): a holiday counts as a Sunday, a 调休 working day as a Monday. */
static uint8_t week_hour(const struct calendar *calendar, int64_t at)
{
	int64_t here = at + BEIJING_MS;
	int32_t day = (int32_t)(here / DAY_MS);
	int weekday = (day + 3) % 7;   /* 1970-01-01 was a Thursday */
	bool working = day_is_working(calendar, day);

	if (working && weekday >= 5)
		weekday = 0;
	else if (!working && weekday < 5)
		weekday = 6;
	return (uint8_t)(weekday * 24 + (int)(here % DAY_MS / HOUR_MS));
}

static double expected(const struct surge_history *history, const struct calendar *calendar, int64_t from, int64_t to)
{
	uint8_t hours[WINDOW_HOURS];
	size_t count = 0;
	int64_t hour;

	for (hour = from / HOUR_MS; hour * HOUR_MS < to && count < WINDOW_HOURS; hour++)
		hours[count++] = week_hour(calendar, hour * HOUR_MS);
	return surge_expected(history, hours, count, 1 - (double)(from % HOUR_MS) / HOUR_MS,
	                      to % HOUR_MS == 0 ? 1 : (double)(to % HOUR_MS) / HOUR_MS);
}

/* What is usual of this cell, from the rows [{matter, place, hours: [[hour, count], …]}, …]. */
static void history_of(const struct warning_desk *desk, const json_t *cells, const char *matter, const char *place,
                       struct surge_history *ret)
{
	const json_t *cell, *pair;
	size_t i, k;

	*ret = desk->usual;
	json_array_foreach(cells, i, cell) {
		if (strcmp(member(cell, "matter"), matter) != 0 || strcmp(member(cell, "place"), place) != 0)
			continue;
		json_array_foreach(json_object_get(cell, "hours"), k, pair) {
			json_int_t hour = json_integer_value(json_array_get(pair, 0)), count = json_integer_value(json_array_get(pair, 1));

			if (hour < 0 || hour >= SURGE_HOURS)
				continue;
			ret->cell_hours[hour] = (uint32_t)count;
			ret->cell += (uint32_t)count;
		}
	}
}

static json_t *surge_alert(const struct warning_desk *desk, const struct rules *rules, const struct cluster_ask *ask,
                           const char *matter, const char *place, const struct surge_answer *counts, const json_t *cells)
{
	const struct surge_rule *rule = &desk->rule.surge;
	struct surge_history history;
	json_t *windows = json_array();
	char key[64], text[200] = "";
	int i, first = -1;

	history_of(desk, cells, matter, place, &history);
	for (i = 0; i < SURGE_WINDOWS; i++) {
		double usual = expected(&history, rules_calendar(rules), ask->at - rule->windows[i], ask->at);
		double score = surge_score(counts->callers[i], usual, rule->dispersion);

		json_array_append_new(windows, json_pack("{s:s, s:i, s:i, s:f, s:f}", "window", WINDOW_NAMES[i], "count",
			counts->counts[i], "callers", counts->callers[i], "usual", usual, "rare", score));
		if (first >= 0 || counts->callers[i] < rule->callers[i] || score < rule->rare)
			continue;
		first = i;
		snprintf(text, sizeof(text), "%s内 %u 位诉求人，平时约 %.1f 位", WINDOW_TERMS[i], counts->callers[i], usual);
	}
	snprintf(key, sizeof(key), "s:%s:%s", matter, place);
	return json_pack("{s:s, s:s, s:b, s:i, s:i, s:s, s:o, s:{s:o}}", "kind", "surge", "key", key, "alarms", first >= 0,
		"severity", first >= 0 ? SURGE_WINDOWS - first : 1, "size", counts->counts[first >= 0 ? first : 0], "text", text,
		"tickets", ids(counts->tickets, counts->ticket_count), "evidence", "windows", windows);
}

json_t *warning_desk_judge(struct warning_desk *desk, struct room *room, const json_t *row, const json_t *cells)
{
	struct cluster_ask ask = ask_of(row);
	const char *matter = member(row, "matter"), *places[PLACES] = { member(row, "region"), member(row, "town") };
	json_t *alerts = json_array(), *alert;
	struct cluster_answer answer;
	struct surge_answer counts;
	size_t i;

	cluster_take(desk->clusters, &ask, &answer);
	if (answer.size > 1)
		json_array_append_new(alerts, incident_alert(desk, &ask, &answer));
	for (i = 0; i < PLACES && *matter != '\0'; i++) {
		if (*places[i] == '\0')
			continue;
		surge_count(desk, &ask, matter, places[i], &counts);
		json_array_append_new(alerts, surge_alert(desk, room->rules, &ask, matter, places[i], &counts, cells));
	}
	json_array_foreach(alerts, i, alert)
		unit_put(alert, room, row);
	return json_pack("{s:I, s:I, s:o}", "ticket", (json_int_t)ask.ticket, "incident", (json_int_t)answer.incident, "alerts", alerts);
}
