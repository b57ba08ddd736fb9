/* open311_read.c — what everybody may read of Open311: services, their definitions, requests, tokens. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../routing/terms.h"
#include "citizen.h"
#include "command_frame.h"
#include "log.h"
#include "loop.h"
#include "open311_parts.h"
#include "public_view.h"
#include "room.h"
#include "seal.h"
#include "system.h"
#include "w3date.h"

enum { SECRETS_311 = 4, DIGITS_KEPT = 6, ARGUMENT_ROOM = 4000, STATE_CLOSED = 80 };

static void ask(struct call311 *call, enum statement statement, json_t *params, store_done_fn *done)
{
	citizen_ask(call->open311->room, statement, LANE_READ, CITIZEN_ACCOUNT, 0, NULL, params, done, call);
}

/* ---- services ------------------------------------------------------------------------------------ */

static void on_services(void *context, enum store_status status, const struct rows *rows)
{
	struct call311 *call = context;
	json_t *reply = outcome_reply_json(status, rows);

	if (reply == NULL)
		call311_fail_outcome(call, status, rows, "");
	else
		call311_answer(call, 200, "services", json_incref(json_object_get(reply, "services")));
	json_decref(reply);
}

void open311_services(struct call311 *call)
{
	ask(call, STATEMENT_open311_services, json_object(), on_services);
}

void open311_kinds(json_t *definition)
{
	const struct term *terms;
	size_t count = terms_all(TERMS_KIND, &terms), i;
	json_t *attribute;

	json_array_foreach(json_object_get(definition, "attributes"), i, attribute) {
		const char *source = json_string_value(json_object_get(attribute, "source"));
		json_t *values;

		if (source != NULL && strcmp(source, "kind") == 0) {
			values = json_array();
			for (size_t k = 0; k < count; k++) {
				char key[8];

				snprintf(key, sizeof key, "%d", terms[k].number);
				json_array_append_new(values, json_pack("{s:s, s:s}", "key", key, "name", terms[k].term));
			}
			json_object_set_new(attribute, "values", values);
		}
		json_object_del(attribute, "source");
	}
}

static void on_definition(void *context, enum store_status status, const struct rows *rows)
{
	struct call311 *call = context;
	json_t *definition = outcome_reply_json(status, rows);

	if (definition == NULL) {
		call311_fail_outcome(call, status, rows, "service_code: 没有这个服务");
		return;
	}
	open311_kinds(definition);
	json_object_del(definition, "service_name");
	json_object_del(definition, "type");
	call311_answer(call, 200, "service_definition", definition);
}

void open311_service(struct call311 *call)
{
	ask(call, STATEMENT_open311_definition, json_pack("{s:s}", "code", call->id), on_definition);
}

/* ---- requests ------------------------------------------------------------------------------------ */

/* Numbers of people and papers in free text: whatever has more digits in a row than a house or a day. */
static void digits_hide(char *text)
{
	char *end = text;

	for (const char *at = text; *at != '\0';) {
		size_t digits = strspn(at, "0123456789");

		if (digits > DIGITS_KEPT) {
			memcpy(end, "***", 3);
			end += 3;
		} else {
			digits += digits == 0;
			memmove(end, at, digits);
			end += digits;
			at += digits;
			continue;
		}
		at += digits;
	}
	*end = '\0';
}

/* A text of the row without anybody's name or number in it; null where there is none. */
static json_t *words(const json_t *row, const char *name, const char *const secrets[])
{
	const char *text = json_string_value(json_object_get(row, name));
	char *clean;
	json_t *value;

	if (text == NULL)
		return json_null();
	clean = public_redact(text, secrets, SECRETS_311);
	digits_hide(clean);
	value = json_string(clean);
	free(clean);
	return value;
}

static json_t *moment(const json_t *row, const char *name)
{
	const json_t *ms = json_object_get(row, name);
	char text[W3DATE_ROOM];

	if (!json_is_integer(ms))
		return json_null();
	w3date_print(json_integer_value(ms), text);
	return json_string(text);
}

static json_t *plain(const json_t *row, const char *name)
{
	json_t *value = json_object_get(row, name);

	return value != NULL ? json_incref(value) : json_null();
}

/* The department's answer, where it has been told; otherwise how far it is. */
static json_t *status_notes(const json_t *row, const char *const secrets[])
{
	return json_is_string(json_object_get(row, "reply")) ? words(row, "reply", secrets)
		: json_incref(json_object_get(row, "state_term"));
}

static json_t *request_of(const json_t *row, const char *const secrets[])
{
	bool closed = json_integer_value(json_object_get(row, "state")) >= STATE_CLOSED;

	return json_pack("{s:O, s:s, s:o, s:o, s:o, s:o, s:o, s:n, s:o, s:o, s:o, s:o, s:o, s:n, s:o, s:o, s:o}",
		"service_request_id", json_object_get(row, "number"), "status", closed ? "closed" : "open",
		"status_notes", status_notes(row, secrets), "service_name", plain(row, "service_name"),
		"service_code", plain(row, "service_code"), "description", words(row, "description", secrets),
		"agency_responsible", plain(row, "dept"), "service_notice",
		"requested_datetime", moment(row, "accepted"), "updated_datetime", moment(row, "changed"),
		"expected_datetime", moment(row, "promised"), "address", words(row, "address", secrets),
		"address_id", plain(row, "address_id"), "zipcode", "lat", plain(row, "lat"),
		"long", plain(row, "long"), "media_url", plain(row, "media_url"));
}

/* A row whose contact data does not open is left out: what is in its words could not be told. */
static void row_add(const struct seal *seal, json_t *requests, const json_t *row)
{
	char *texts[SECRETS_311];
	bool opened = true;

	for (size_t i = 0; i < SECRETS_311; i++) {
		const char *sealed = json_string_value(json_array_get(json_object_get(row, "sealed"), i));

		texts[i] = sealed != NULL ? unseal_text(seal, sealed) : NULL;
		opened = opened && (sealed == NULL || texts[i] != NULL);
	}
	if (opened)
		json_array_append_new(requests, request_of(row, (const char *const *)texts));
	else
		log_line(LOG_ERROR, "open311", "sealed contact data does not open: wrong key file?", NULL);
	for (size_t i = 0; i < SECRETS_311; i++) {
		if (texts[i] != NULL)
			explicit_bzero(texts[i], strlen(texts[i]));
		free(texts[i]);
	}
}

static void on_requests(void *context, enum store_status status, const struct rows *rows)
{
	struct call311 *call = context;
	json_t *reply = outcome_reply_json(status, rows), *requests = json_array(), *row;
	size_t i;

	if (reply == NULL) {
		json_decref(requests);
		call311_fail_outcome(call, status, rows, "");
		return;
	}
	json_array_foreach(json_object_get(reply, "rows"), i, row)
		row_add(call->open311->room->seal, requests, row);
	json_decref(reply);
	if (*call->id != '\0' && json_array_size(requests) == 0) {
		json_decref(requests);
		call311_fail(call, 404, 404, "service_request_id: 没有找到");
		return;
	}
	call311_answer(call, 200, "service_requests", requests);
}

struct arguments { struct http_request *request; char value[ARGUMENT_ROOM]; };

static const char *argument_of(void *context, const char *name)
{
	struct arguments *arguments = context;

	return http_query(arguments->request, name, arguments->value, sizeof arguments->value)
		? arguments->value : NULL;
}

void open311_list(struct call311 *call)
{
	struct arguments arguments = { .request = call->request };
	json_t *faults = NULL, *params = open311_query(argument_of, &arguments, wall_ms(), &faults);

	if (params != NULL)
		ask(call, STATEMENT_open311_requests, params, on_requests);
	else
		call311_fail_fields(call, faults);
}

void open311_one(struct call311 *call)
{
	ask(call, STATEMENT_open311_requests, json_pack("{s:[s]}", "ids", call->id), on_requests);
}

/* ---- tokens -------------------------------------------------------------------------------------- */

static void on_token(void *context, enum store_status status, const struct rows *rows)
{
	struct call311 *call = context;
	json_t *reply = outcome_reply_json(status, rows);

	if (reply == NULL)
		call311_fail_outcome(call, status, rows, "token: 没有找到");
	else
		call311_answer(call, 200, "service_requests", json_pack("[{s:O, s:s}]", "service_request_id",
			json_object_get(reply, "number"), "token", call->id));
	json_decref(reply);
}

void open311_token(struct call311 *call)
{
	if (uuid_is_valid(call->id))
		ask(call, STATEMENT_open311_token, json_pack("{s:s}", "token", call->id), on_token);
	else
		call311_fail(call, 404, 404, "token: 没有找到");
}
