/* system.c — calls that the server makes of itself, as account 0, and how their answers are read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "log.h"
#include "system.h"

void system_ask_as(struct room *room, enum statement statement, enum store_lane lane,
                   unsigned long route, const char *request, json_t *params,
                   store_done_fn *done, void *context)
{
	char *text = json_dumps(params, JSON_COMPACT);
	const char *const values[] = { "0", request, text };

	if (text == NULL) {
		log_line(LOG_ERROR, "system", "no memory for parameters", NULL);
		abort();
	}
	store_call(room->store, lane, statement_number(statement), route, values, done, context);
	free(text);
	json_decref(params);
}

void system_ask(struct room *room, enum statement statement, enum store_lane lane,
                unsigned long route, json_t *params, store_done_fn *done, void *context)
{
	system_ask_as(room, statement, lane, route, NULL, params, done, context);
}

static const char *outcome_first(enum store_status status, const struct rows *rows, const char *kind)
{
	const char *found;

	if (status != STORE_OK || rows_count(rows) == 0)
		return NULL;
	found = rows_text(rows, 0, OUTCOME_KIND);
	return found != NULL && strcmp(found, kind) == 0 ? rows_text(rows, 0, OUTCOME_BODY) : NULL;
}

const char *outcome_reply(enum store_status status, const struct rows *rows)
{
	return outcome_first(status, rows, "reply");
}

json_t *outcome_reply_json(enum store_status status, const struct rows *rows)
{
	const char *text = outcome_reply(status, rows);

	return text == NULL ? NULL : json_loads(text, JSON_DECODE_ANY, NULL);
}

bool outcome_refusal(enum store_status status, const struct rows *rows, char out[32])
{
	const char *text = outcome_first(status, rows, "refused");
	json_t *body = text == NULL ? NULL : json_loads(text, 0, NULL);
	const char *code = json_string_value(json_object_get(body, "code"));

	snprintf(out, 32, "%s", code != NULL ? code : "internal");
	json_decref(body);
	return text != NULL;
}
