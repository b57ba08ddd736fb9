/* call.c — calls and seats: what the telephone switch tells and asks, and the agents' judges. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../routing/text.h"
#include "call.h"
#include "call_wait.h"
#include "config.h"
#include "feed.h"
#include "log.h"
#include "loop.h"
#include "parameters.h"
#include "rest.h"
#include "room.h"
#include "seal.h"
#include "system.h"

struct calls {
	struct call_waits *waits;
};

/* One report of the switch on its way to the database. */
struct report {
	struct room *room;
	struct http_request *request;
};

static const char CALLS_PATH[] = "/switch/calls/";

enum judged judge_seat(struct room *room, struct ask *ask)
{
	json_object_set_new(ask->params, "ring_ms", json_integer(room->config->ring_seconds * 1000));
	return JUDGE_PASS;
}

enum judged judge_wrapup(struct room *room, struct ask *ask)
{
	json_object_set_new(ask->params, "wrapup_ms", json_integer(room->config->wrapup_seconds * 1000));
	return JUDGE_PASS;
}

static bool admitted(struct room *room, struct http_request *request)
{
	if (rest_key_fits(request, room->config->switch_key))
		return true;
	log_line(LOG_WARN, "call", "switch refused: wrong or no key", "ip", http_ip(request), NULL);
	http_refuse(request, 401, "not_logged_in", "需要请求头 Authorization: Bearer <switch_key>");
	return false;
}

static bool name_is_safe(const char *name)
{
	size_t len = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@:-");

	return len > 0 && len <= CALL_NAME_MOST && name[len] == '\0';
}

/* /switch/calls/{call}[/{verb}]: false (answered) when the path is none of ours. */
static bool path_read(struct http_request *request, char call[CALL_NAME_MOST + 1], const char **ret_verb)
{
	const char *rest = http_path(request) + strlen(CALLS_PATH);
	const char *slash = strchr(rest, '/');
	size_t len = slash != NULL ? (size_t)(slash - rest) : strlen(rest);

	*ret_verb = slash != NULL ? slash + 1 : "";
	if (len <= CALL_NAME_MOST) {
		memcpy(call, rest, len);
		call[len] = '\0';
		if (name_is_safe(call))
			return true;
	}
	http_refuse(request, 400, "bad_params", "来电编号应为 1–80 个字母、数字或 . _ @ : -");
	return false;
}

/* The first thing that is wrong with the fields; takes faults. */
static void faults_answer(struct http_request *request, json_t *faults)
{
	void *first = json_object_iter(faults);
	char message[300];

	snprintf(message, sizeof(message), "%.40s：%.200s", json_object_iter_key(first),
	         json_string_value(json_object_iter_value(first)));
	json_decref(faults);
	http_refuse(request, 400, "bad_params", message);
}

/* The body as an object that fits spec; NULL (answered) when it does not. */
static json_t *body_read(struct http_request *request, const char *spec)
{
	size_t len;
	const char *text = http_body(request, &len);
	json_t *body = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL), *faults = NULL;

	if (!json_is_object(body)) {
		json_decref(body);
		http_refuse(request, 400, "parse_error", "请求正文应为一个 JSON 对象");
		return NULL;
	}
	if (parameters_check(spec, body, &faults))
		return body;
	json_decref(body);
	faults_answer(request, faults);
	return NULL;
}

static void report_answered(void *context, enum store_status status, const struct rows *rows)
{
	struct report *report = context;

	call_http_answer(report->request, status, rows);
	if (status == STORE_OK)
		feed_publish(report->room, rows);
	free(report);
}

static void report_send(struct room *room, struct http_request *request, enum statement statement,
                        const char *call, json_t *params)
{
	struct report *report = malloc(sizeof(*report));

	if (report == NULL)
		abort();
	*report = (struct report){ room, request };
	json_object_set_new(params, "call", json_string(call));
	json_object_set_new(params, "at", json_integer(wall_ms()));
	system_ask(room, statement, LANE_WRITE, 0, params, report_answered, report);
}

/* A withheld number must not join strangers into one history: its index is the call's own. */
static bool caller_seal(struct room *room, json_t *params, const char *call)
{
	const char *caller = json_string_value(json_object_get(params, "caller"));
	char *sealed = seal_text(room->seal, caller != NULL ? caller : "");
	char withheld[CALL_NAME_MOST + 16], index[65], mask[64];

	if (sealed == NULL)
		return false;
	snprintf(withheld, sizeof(withheld), "withheld %s", call);
	seal_index(room->seal, caller != NULL ? caller : withheld, index);
	if (caller != NULL)
		text_mask_phone(caller, mask, sizeof(mask));
	json_object_set_new(params, "caller_mask", json_string(caller != NULL ? mask : "未显示号码"));
	json_object_set_new(params, "caller_index", json_string(index));
	json_object_set_new(params, "caller", json_string(sealed));
	free(sealed);
	return true;
}

static void ring_take(void *context, struct http_request *request)
{
	struct room *room = context;
	char call[CALL_NAME_MOST + 1];
	json_t *params;

	if (!admitted(room, request))
		return;
	params = body_read(request, "call:text(80) caller:phone? called:code(20)?");
	if (params == NULL)
		return;
	snprintf(call, sizeof(call), "%s", json_string_value(json_object_get(params, "call")));
	if (!name_is_safe(call)) {
		http_refuse(request, 400, "bad_params", "call：来电编号应为 1–80 个字母、数字或 . _ @ : -");
		json_decref(params);
	} else if (!caller_seal(room, params, call)) {
		http_refuse(request, 500, "internal", refusal_sentence(REFUSE_internal));
		json_decref(params);
	} else {
		json_object_set_new(params, "ring_ms", json_integer(room->config->ring_seconds * 1000));
		report_send(room, request, STATEMENT_call_ring, call, params);
	}
}

static void answered_take(struct room *room, struct http_request *request, const char *call)
{
	json_t *params = body_read(request, "extension:code(20)");

	if (params != NULL)
		report_send(room, request, STATEMENT_call_connected, call, params);
}

static void hungup_take(struct room *room, struct http_request *request, const char *call)
{
	json_t *params = body_read(request, "by:words(caller|agent)");

	if (params == NULL)
		return;
	json_object_set_new(params, "wrapup_ms", json_integer(room->config->wrapup_seconds * 1000));
	report_send(room, request, STATEMENT_call_ended, call, params);
}

static void report_take(void *context, struct http_request *request)
{
	struct room *room = context;
	char call[CALL_NAME_MOST + 1];
	const char *verb;

	if (!admitted(room, request) || !path_read(request, call, &verb))
		return;
	if (strcmp(verb, "answered") == 0)
		answered_take(room, request, call);
	else if (strcmp(verb, "hungup") == 0)
		hungup_take(room, request, call);
	else
		http_refuse(request, 404, "no_method", "只有 answered 和 hungup 两种报告，见 docs/SWITCH.md");
}

static void state_take(void *context, struct http_request *request)
{
	struct room *room = context;
	char call[CALL_NAME_MOST + 1], known[16] = "", wait[16] = "0";
	const char *verb;
	long wait_ms;

	if (!admitted(room, request) || !path_read(request, call, &verb))
		return;
	http_query(request, "state", known, sizeof(known));
	http_query(request, "wait", wait, sizeof(wait));
	wait_ms = strtol(wait, NULL, 10);
	if (*verb != '\0')
		http_refuse(request, 404, "not_found", refusal_sentence(REFUSE_not_found));
	else if (wait_ms < 0 || wait_ms > CALL_WAIT_MOST_MS)
		http_refuse(request, 400, "bad_params", "wait：应在 0 到 25000 毫秒之间");
	else
		call_wait(room->calls->waits, request, call, known, (int)wait_ms);
}

size_t calls_routes(struct room *room, struct http_route routes[CALL_ROUTES])
{
	if (*room->config->switch_key == '\0')
		return 0;
	routes[0] = (struct http_route){ "POST", "/switch/calls", ring_take, room };
	routes[1] = (struct http_route){ "POST", "/switch/calls/*", report_take, room };
	routes[2] = (struct http_route){ "GET", "/switch/calls/*", state_take, room };
	return CALL_ROUTES;
}

void calls_open(struct room *room)
{
	room->calls = malloc(sizeof(*room->calls));
	if (room->calls == NULL)
		abort();
	room->calls->waits = call_waits_new(room);
}

void calls_touch(struct room *room)
{
	if (room->calls != NULL)
		call_waits_touch(room->calls->waits);
}

void calls_drain(struct room *room)
{
	if (room->calls != NULL)
		call_waits_drain(room->calls->waits);
}

void calls_close(struct room *room)
{
	if (room->calls == NULL)
		return;
	call_waits_free(room->calls->waits);
	free(room->calls);
	room->calls = NULL;
}
