/* law.c — is the flow in the database the flow that this program was compiled from? */
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include "../routing/case_flow.h"
#include "../routing/flow.h"
#include "law.h"
#include "log.h"

enum { STATES_MOST = 100, LAW_FAULT = 160 };

static const char *text_at(const json_t *row, size_t column)
{
	const char *text = json_string_value(json_array_get(row, column));

	return text != NULL ? text : "";
}

static long long number_at(const json_t *row, size_t column)
{
	return json_integer_value(json_array_get(row, column));
}

static bool state_matches(const json_t *row)
{
	int number = (int)number_at(row, 0);
	enum flow_state state = (enum flow_state)number;

	return flow_state_exists(number) && strcmp(text_at(row, 1), flow_state_name(state)) == 0
		&& strcmp(text_at(row, 2), flow_state_term(state)) == 0
		&& strcmp(text_at(row, 3), flow_state_stage(state)) == 0
		&& json_is_true(json_array_get(row, 4)) == flow_state_is_open(state)
		&& strcmp(text_at(row, 5), flow_owner_name(flow_state_owner(state))) == 0;
}

static bool states_match(const json_t *rows, char fault[LAW_FAULT])
{
	size_t i, known = 0;
	json_t *row;

	for (i = 0; i < STATES_MOST; i++)
		known += flow_state_exists((int)i) ? 1 : 0;
	json_array_foreach(rows, i, row)
		if (!state_matches(row)) {
			snprintf(fault, LAW_FAULT, "state %lld (%.60s) differs", number_at(row, 0), text_at(row, 1));
			return false;
		}
	if (json_array_size(rows) == known)
		return true;
	snprintf(fault, LAW_FAULT, "%zu states, the program knows %zu", json_array_size(rows), known);
	return false;
}

static bool edge_matches(const json_t *row, const struct flow_edge *edge)
{
	return strcmp(text_at(row, 0), flow_action_name(edge->action)) == 0
		&& number_at(row, 1) == edge->from && number_at(row, 2) == edge->to
		&& number_at(row, 3) == edge->who && number_at(row, 4) == edge->needs
		&& strcmp(text_at(row, 5), flow_clock_name(edge->clock)) == 0
		&& number_at(row, 6) == edge->round
		&& json_is_true(json_array_get(row, 7)) == edge->loud
		&& json_is_true(json_array_get(row, 8)) == edge->retired;
}

static bool edge_exists(const json_t *rows, const struct flow_edge *edge)
{
	size_t i;
	json_t *row;

	json_array_foreach(rows, i, row)
		if (edge_matches(row, edge))
			return true;
	return false;
}

static bool edges_match(const json_t *rows, char fault[LAW_FAULT])
{
	const struct flow_edge *edges;
	size_t count = flow_edges(&edges), i;

	for (i = 0; i < count; i++)
		if (!edge_exists(rows, &edges[i])) {
			snprintf(fault, LAW_FAULT, "edge %s from %s is missing or differs",
			         flow_action_name(edges[i].action), flow_state_name(edges[i].from));
			return false;
		}
	if (json_array_size(rows) == count)
		return true;
	snprintf(fault, LAW_FAULT, "%zu edges, the program knows %zu", json_array_size(rows), count);
	return false;
}

static bool case_edge_matches(const json_t *row, const struct case_edge *edge)
{
	return strcmp(text_at(row, 0), case_level_name(edge->level)) == 0
		&& strcmp(text_at(row, 1), case_action_name(edge->action)) == 0
		&& number_at(row, 2) == edge->from && number_at(row, 3) == edge->to
		&& number_at(row, 4) == edge->who && number_at(row, 5) == edge->needs
		&& strcmp(text_at(row, 6), case_clock_name(edge->clock)) == 0
		&& json_is_true(json_array_get(row, 7)) == edge->look;
}

static bool case_edge_exists(const json_t *rows, const struct case_edge *edge)
{
	size_t i;
	json_t *row;

	json_array_foreach(rows, i, row)
		if (case_edge_matches(row, edge))
			return true;
	return false;
}

static bool cases_match(const json_t *rows, char fault[LAW_FAULT])
{
	const struct case_edge *edges;
	size_t count = case_edges(&edges), i;

	for (i = 0; i < count; i++)
		if (!case_edge_exists(rows, &edges[i])) {
			snprintf(fault, LAW_FAULT, "%s edge %s from %d is missing or differs", case_level_name(edges[i].level),
			         case_action_name(edges[i].action), edges[i].from);
			return false;
		}
	if (json_array_size(rows) == count)
		return true;
	snprintf(fault, LAW_FAULT, "%zu case edges, the program knows %zu", json_array_size(rows), count);
	return false;
}

bool law_matches(const char *text)
{
	json_t *law = json_loads(text != NULL ? text : "", 0, NULL);
	char fault[LAW_FAULT] = "flow_load did not answer";
	bool matches = law != NULL && states_match(json_object_get(law, "states"), fault)
		&& edges_match(json_object_get(law, "edges"), fault)
		&& cases_match(json_object_get(law, "case_edges"), fault);

	json_decref(law);
	if (!matches)
		log_line(LOG_ERROR, "law", "the database's closed loop is not this program's: run `hotlined migrate`",
		         "difference", fault, NULL);
	return matches;
}
