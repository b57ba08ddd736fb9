/* sms.c — the SMS gateway's interface. */
#include "sms.h"

#include <stdlib.h>
#include <string.h>
#include "citizen.h"
#include "config.h"
#include "log.h"
#include "loop.h"
#include "parameters.h"
#include "rest.h"
#include "seal.h"
#include "sms_text.h"
#include "system.h"

enum { LEASE_MS = 120000, TAKE_MOST = 500, DONE_MOST = 500 };

struct errand { struct room *room; struct http_request *request; };

static bool admitted(const struct room *room, struct http_request *request)
{
	if (rest_key_fits(request, room->config->sms_key))
		return true;
	log_line(LOG_WARN, "sms", "gateway refused: wrong or no key", "ip", http_ip(request), NULL);
	http_refuse(request, 401, "not_logged_in", "需要请求头 Authorization: Bearer <sms_key>");
	return false;
}

static struct errand *errand_new(struct room *room, struct http_request *request)
{
	struct errand *errand = malloc(sizeof *errand);

	if (errand == NULL)
		abort();
	*errand = (struct errand){ room, request };
	return errand;
}

/* ---- taking ----------------------------------------------------------------------------------- */

static const char *text_of(const json_t *row, const char *name)
{
	const char *text = json_string_value(json_object_get(row, name));

	return text != NULL ? text : "";
}

static bool compose(const struct room *room, const json_t *row, char out[SMS_ROOM])
{
	const char *number = text_of(row, "number");
	char code[CODE_ROOM], link[LINK_ROOM];

	seal_code(room->seal, number, code);
	seal_link(room->seal, number, (int)json_integer_value(json_object_get(row, "round")), link);
	return sms_text(&(struct sms){ .kind = text_of(row, "kind"), .number = number, .code = code,
		.text = text_of(row, "text"), .page = room->config->public_url, .link = link,
		.secret = json_integer_value(json_object_get(row, "secrecy")) > 0 }, out);
}

/* A number that does not open is left: it comes again when the lease is over and the key is right. */
static void message_add(const struct room *room, json_t *messages, const json_t *row)
{
	char text[SMS_ROOM], *phone = unseal_text(room->seal, text_of(row, "phone"));

	if (phone == NULL)
		log_line(LOG_ERROR, "sms", "a sealed number does not open: wrong key file?",
		         "number", text_of(row, "number"), NULL);
	else if (compose(room, row, text))
		json_array_append_new(messages, json_pack("{s:O, s:s, s:s}",
			"message", json_object_get(row, "message"), "phone", phone, "text", text));
	free(phone);
}

static void on_taken(void *context, enum store_status status, const struct rows *rows)
{
	struct errand *errand = context;
	json_t *reply = outcome_reply_json(status, rows), *messages, *row;
	size_t i;

	if (reply == NULL) {
		rest_refuse_outcome(errand->request, status, rows);
		free(errand);
		return;
	}
	messages = json_array();
	json_array_foreach(json_object_get(reply, "rows"), i, row)
		message_add(errand->room, messages, row);
	rest_reply(errand->request, 200, json_pack("{s:o}", "messages", messages));
	json_decref(reply);
	free(errand);
}

static void take(void *context, struct http_request *request)
{
	struct room *room = context;
	const json_t *most;
	json_t *params;

	if (!admitted(room, request) || (params = rest_body(request, "most:int(1,500)?", NULL)) == NULL)
		return;
	most = json_object_get(params, "most");
	citizen_ask(room, STATEMENT_sms_take, LANE_WRITE, 0, 0, NULL, json_pack("{s:I, s:I, s:i}",
		"most", most != NULL ? json_integer_value(most) : (json_int_t)TAKE_MOST,
		"at", (json_int_t)wall_ms(), "lease_ms", LEASE_MS), on_taken, errand_new(room, request));
	json_decref(params);
}

/* ---- what became of them ---------------------------------------------------------------------- */

static bool ids_ok(const json_t *ids)
{
	const json_t *id;
	size_t i;

	json_array_foreach(ids, i, id)
		if (!json_is_integer(id) || json_integer_value(id) < 1)
			return false;
	return ids == NULL || (json_is_array(ids) && json_array_size(ids) <= DONE_MOST);
}

static bool failures_ok(const json_t *failed)
{
	json_t *one, *faults = NULL;
	size_t i;

	json_array_foreach(failed, i, one)
		if (!json_is_object(one) || !parameters_check("message:id fault:text(200)", one, &faults)) {
			json_decref(faults);
			return false;
		}
	return failed == NULL || (json_is_array(failed) && json_array_size(failed) <= DONE_MOST);
}

static void on_done(void *context, enum store_status status, const struct rows *rows)
{
	struct errand *errand = context;
	json_t *reply = outcome_reply_json(status, rows);

	if (reply != NULL)
		rest_reply(errand->request, 200, reply);
	else
		rest_refuse_outcome(errand->request, status, rows);
	free(errand);
}

static void done(void *context, struct http_request *request)
{
	struct room *room = context;
	size_t len;
	const char *text;
	json_t *body, *sent, *failed;

	if (!admitted(room, request))
		return;
	text = http_body(request, &len);
	body = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
	sent = json_object_get(body, "sent");
	failed = json_object_get(body, "failed");
	if (!json_is_object(body) || !ids_ok(sent) || !failures_ok(failed))
		rest_refuse(request, REFUSE_bad_params, "应为 {\"sent\":[编号],\"failed\":[{\"message\":编号,\"fault\":\"原因\"}]}，各最多 500 条",
		            NULL);
	else
		citizen_ask(room, STATEMENT_sms_done, LANE_WRITE, 0, 0, NULL, json_pack("{s:I, s:o, s:o}",
			"at", (json_int_t)wall_ms(), "sent", sent != NULL ? json_incref(sent) : json_array(),
			"failed", failed != NULL ? json_incref(failed) : json_array()),
			on_done, errand_new(room, request));
	json_decref(body);
}

size_t sms_routes(struct room *room, struct http_route routes[SMS_ROUTES])
{
	if (*room->config->sms_key == '\0')
		return 0;
	routes[0] = (struct http_route){ "POST", "/sms/take", take, room };
	routes[1] = (struct http_route){ "POST", "/sms/done", done, room };
	return SMS_ROUTES;
}
