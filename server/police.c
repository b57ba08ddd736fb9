/* police.c — the police platform's door: signed messages, accepted in one round trip. */
#include "police.h"

#include <stdlib.h>
#include <string.h>
#include "citizen.h"
#include "command_frame.h"
#include "config.h"
#include "feed.h"
#include "log.h"
#include "loop.h"
#include "parameters.h"
#include "rest.h"
#include "rules.h"
#include "seal.h"
#include "signature.h"
#include "system.h"
#include "ticket.h"

static const char PATH[] = "/police/v1/";

#define ENVELOPE "msg_id:code(36) src:text(20) dst:text(20) kind:code(20)? version:int(0,2000000000) time:int(0,9007199254740991) "
#define ABOUT "ticket_no:code(18)? police_no:code(64)? "

/* What each message may carry (server/parameters.h). */
static const struct message { const char *kind, *spec; } messages[] = {
	{ "push", ENVELOPE "ticket_no:code(18)? JQ_TYWYSBM:code(64) AFDD:text(200)? BJDZJD:text(20)? BJDZWD:text(20)? "
		"ZDF_BJLBDM:code(20)? BJDH:phone? BJRXM:text(40)? EM_XB:text(4)? LXDH:phone? ZDF_GXDWDM:code(12)? BJNR:text(3900) "
		"BJSJ:text(19)? JJYXM:text(40)? EM_JQJB:words(1|2|3|4)? BJLYURL:text(300)? ZDF_ZLXDBMDM:code(12)? ZLCZXX:text(1000)? "
		"ZDF_ZLSJDWDM:code(12)?" },
	{ "supplement", ENVELOPE ABOUT "text:text(2000)" },
	{ "recall", ENVELOPE ABOUT "text:text(400)" },
	{ "eval", ENVELOPE ABOUT "grade:grade text:text(1000)?" },
	{ "accept", ENVELOPE ABOUT "text:text(400)? person:text(40)?" },
	{ "refuse", ENVELOPE ABOUT "code:term(handoff_cause) text:text(400) person:text(40)" },
	{ "progress", ENVELOPE ABOUT "text:text(2000)" },
	{ "result", ENVELOPE ABOUT "text:text(4000) solved:bool?" },
	{ "heartbeat", ENVELOPE },
	{ "recon", ENVELOPE "day:date count:int(0,10000000) digest:code(64) ids:texts(2000,36)?" },
	{ "lookup", ENVELOPE "phone:phone person:text(40)" },
};

struct errand { struct room *room; struct http_request *request; };

static const struct message *message_of(const struct http_request *request)
{
	const char *kind = http_path(request) + sizeof PATH - 1;

	for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++)
		if (strcmp(messages[i].kind, kind) == 0)
			return &messages[i];
	return NULL;
}

/* ---- who is it -------------------------------------------------------------------------------- */

static bool admitted(const struct room *room, struct http_request *request, struct signature *ret)
{
	const struct config *config = room->config;
	char header[SIGN_HEADER_ROOM];
	struct signing signing = { .method = "POST", .path = http_path(request) };
	enum signature_verdict verdict = SIGNATURE_MALFORMED;
	static const char *const names[] = { "ok", "malformed", "unknown key", "stale", "wrong" };

	signing.body = http_body(request, &signing.len);
	if (http_header(request, "authorization", header, sizeof header) && signature_read(header, ret))
		verdict = signature_check(config->police_keys, ret, signing, wall_ms(), (int64_t)config->police_window_seconds * 1000);
	if (verdict == SIGNATURE_OK)
		return true;
	log_line(LOG_WARN, "police", "a request without a good signature", "why", names[verdict], "ip", http_ip(request), NULL);
	rest_refuse(request, REFUSE_bad_signature, verdict == SIGNATURE_STALE ? "签名时间与本机时间相差过大，请校时后重新签名" : NULL, NULL);
	return false;
}

/* ---- what does it say ------------------------------------------------------------------------- */

static bool body_ok(const struct message *message, json_t *body, json_t **faults)
{
	bool ok = parameters_check(message->spec, body, faults);
	const char *id = json_string_value(json_object_get(body, "msg_id"));
	const char *kind = json_string_value(json_object_get(body, "kind"));

	if (ok && !uuid_is_valid(id))
		*faults = json_pack("{s:s}", "msg_id", "应为 UUID，同一报文重发时保持不变");
	else if (ok && kind != NULL && strcmp(kind, message->kind) != 0)
		*faults = json_pack("{s:s}", "kind", "与请求路径不符");
	return *faults == NULL;
}

static json_t *body_read(struct http_request *request, const struct message *message)
{
	size_t len;
	const char *text = http_body(request, &len);
	json_t *body = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL), *faults = NULL;

	if (!json_is_object(body)) {
		json_decref(body);
		rest_refuse(request, REFUSE_parse_error, "请求正文应为一个 UTF-8 编码的 JSON 对象", NULL);
		return NULL;
	}
	if (body_ok(message, body, &faults))
		return body;
	json_decref(body);
	rest_refuse(request, REFUSE_bad_params, NULL, faults);
	return NULL;
}

/* An incident becomes a ticket: envelope and what the ticket needs, nothing else. NULL: refused. */
static json_t *push_params(struct room *room, struct http_request *request, const json_t *body)
{
	static const char *const envelope[] = { "msg_id", "version", "time", "ticket_no" };
	json_t *faults = json_object(), *params = police_incident(body, faults);

	if (json_object_size(faults) > 0) {
		json_decref(params);
		rest_refuse(request, REFUSE_bad_params, NULL, faults);
		return NULL;
	}
	json_decref(faults);
	for (size_t i = 0; i < sizeof envelope / sizeof envelope[0]; i++)
		if (json_object_get(body, envelope[i]))
			json_object_set(params, envelope[i], json_object_get(body, envelope[i]));
	json_object_set_new(params, "at", json_integer(wall_ms()));
	if (ticket_submit_fill(room, params, wall_ms()))
		return params;
	json_decref(params);
	rest_refuse(request, REFUSE_internal, NULL, NULL);
	return NULL;
}

static json_t *other_params(struct room *room, const struct message *message, const json_t *body)
{
	json_t *params = json_deep_copy(body);
	const char *phone = json_string_value(json_object_get(params, "phone"));
	char index[65];

	if (phone != NULL) {
		seal_index(room->seal, phone, index);
		json_object_del(params, "phone");
		json_object_set_new(params, "phone_index", json_string(index));
	}
	if (strcmp(message->kind, "recall") == 0 || strcmp(message->kind, "accept") == 0 || strcmp(message->kind, "result") == 0)
		json_object_set_new(params, "taken", police_taken_move(room, wall_ms()));
	return params;
}

/* ---- the answer ------------------------------------------------------------------------------- */

static void on_received(void *context, enum store_status status, const struct rows *rows)
{
	struct errand *errand = context;
	const char *reply = outcome_reply(status, rows);

	if (reply != NULL)
		http_reply(errand->request, 200, "application/json; charset=utf-8", NULL, reply, strlen(reply));
	else
		rest_refuse_outcome(errand->request, status, rows);
	if (status == STORE_OK)
		feed_publish(errand->room, rows);
	free(errand);
}

static void receive(struct room *room, struct http_request *request, const struct message *message,
                    const struct signature *signature, json_t *params)
{
	struct errand *errand = malloc(sizeof *errand);
	size_t len;
	const char *text = http_body(request, &len);
	char digest[65];

	if (errand == NULL)
		abort();
	*errand = (struct errand){ room, request };
	(void)len;
	token_digest(text, digest);
	json_object_set_new(params, "body_digest", json_string(digest));
	json_object_set_new(params, "nonce", json_string(signature->nonce));
	json_object_set_new(params, "key", json_string(signature->key));
	json_object_set_new(params, "at", json_integer(wall_ms()));
	json_object_set_new(params, "window_ms", json_integer((json_int_t)room->config->police_window_seconds * 1000));
	json_object_set_new(params, "message_kind", json_string(message->kind));
	log_line(LOG_INFO, "police", "message", "kind", message->kind, "msg_id",
	         json_string_value(json_object_get(params, "msg_id")), NULL);
	system_ask(room, STATEMENT_police_receive, LANE_WRITE, 0, params, on_received, errand);
}

static void take(void *context, struct http_request *request)
{
	struct room *room = context;
	const struct message *message = message_of(request);
	struct signature signature;
	json_t *body, *params;

	if (message == NULL) {
		rest_refuse(request, REFUSE_not_found, "没有这种报文", NULL);
		return;
	}
	if (!admitted(room, request, &signature) || (body = body_read(request, message)) == NULL)
		return;
	params = strcmp(message->kind, "push") == 0 ? push_params(room, request, body) : other_params(room, message, body);
	json_decref(body);
	if (params != NULL)
		receive(room, request, message, &signature, params);
}

size_t police_routes(struct room *room, struct http_route routes[POLICE_ROUTES])
{
	if (*room->config->police_keys == '\0')
		return 0;
	if (!signature_ring_ok(room->config->police_keys)) {
		log_line(LOG_ERROR, "police", "setting police_keys is not \"id:secret id:secret …\": the 110 interface stays off", NULL);
		return 0;
	}
	routes[0] = (struct http_route){ "POST", "/police/v1/*", take, room };
	return POLICE_ROUTES;
}
