/* open311.c — the Open311 endpoint: addresses, formats, errors and the discovery document. */
#include "open311.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "command.h"
#include "config.h"
#include "log.h"
#include "loop.h"
#include "open311_parts.h"
#include "rate.h"
#include "room.h"
#include "system.h"
#include "w3date.h"
#include "xml.h"

#define BASE "/open311/"
#define VERSION "v2/"
#define OPEN_TO_ALL "Access-Control-Allow-Origin: *\r\n"

static const struct xml_item items[] = {
	{ "services", "service" }, { "attributes", "attribute" }, { "values", "value" },
	{ "service_requests", "request" }, { "errors", "error" }, { "endpoints", "endpoint" },
	{ "formats", "format" }, { NULL, NULL } };

/* ---- answers ------------------------------------------------------------------------------------- */

void call311_answer(struct call311 *call, int status, const char *root, json_t *body)
{
	char *text = call->xml ? xml_document(root, body, items) : json_dumps(body, JSON_COMPACT);

	json_decref(body);
	if (text == NULL)
		abort();
	http_reply(call->request, status, call->xml ? "text/xml; charset=utf-8" : "application/json; charset=utf-8",
	           OPEN_TO_ALL, text, strlen(text));
	free(text);
	free(call);
}

static json_t *error_of(int code, const char *text)
{
	return json_pack("{s:i, s:s}", "code", code, "description", text);
}

void call311_fail(struct call311 *call, int status, int code, const char *text)
{
	log_line(LOG_INFO, "open311", "refused", "path", http_path(call->request), "ip", http_ip(call->request),
	         "why", text, NULL);
	call311_answer(call, status, "errors", json_pack("[o]", error_of(code, text)));
}

void call311_fail_fields(struct call311 *call, json_t *faults)
{
	json_t *errors = json_array(), *fault;
	const char *field;

	json_object_foreach(faults, field, fault) {
		char text[400];

		snprintf(text, sizeof text, "%s: %s", field, json_string_value(fault));
		json_array_append_new(errors, error_of(400, text));
	}
	json_decref(faults);
	log_line(LOG_INFO, "open311", "refused", "path", http_path(call->request), "ip", http_ip(call->request), NULL);
	call311_answer(call, 400, "errors", errors);
}

void call311_fail_outcome(struct call311 *call, enum store_status status, const struct rows *rows,
                          const char *not_found)
{
	const char *text = status == STORE_OK && rows_count(rows) > 0 ? rows_text(rows, 0, OUTCOME_BODY) : NULL;
	json_t *body = text != NULL ? json_loads(text, 0, NULL) : NULL;
	json_t *fields = json_incref(json_object_get(body, "fields"));
	char name[32];

	outcome_refusal(status, rows, name);
	json_decref(body);
	if (fields != NULL)
		call311_fail_fields(call, fields);
	else if (status == STORE_OK && strcmp(name, "not_found") == 0)
		call311_fail(call, 404, 404, not_found);
	else if (status == STORE_OK || status == STORE_FAILED)
		call311_fail(call, 400, 500, refusal_sentence(REFUSE_internal));
	else
		call311_fail(call, 400, 503, refusal_sentence(status == STORE_LOST ? REFUSE_store_lost : REFUSE_store_away));
}

/* ---- the discovery document ---------------------------------------------------------------------- */

static void endpoint_url(const struct call311 *call, char *out, size_t size)
{
	const struct config *config = call->open311->room->config;
	char host[200] = "";

	if (*config->open311_url != '\0') {
		snprintf(out, size, "%s", config->open311_url);
		return;
	}
	http_header(call->request, "host", host, sizeof host);
	snprintf(out, size, "%s://%s/open311/v2", *config->tls_cert != '\0' ? "https" : "http", host);
}

static void discovery(struct call311 *call)
{
	const struct config *config = call->open311->room->config;
	char url[400];

	endpoint_url(call, url, sizeof url);
	call311_answer(call, 200, "discovery", json_pack("{s:s, s:s, s:s, s:[{s:s, s:s, s:s, s:s, s:[s, s]}]}",
		"changeset", call->open311->changeset, "contact", config->open311_contact,
		"key_service", config->open311_contact, "endpoints",
		"specification", "http://wiki.open311.org/GeoReport_v2", "url", url,
		"changeset", call->open311->changeset, "type", "production",
		"formats", "text/xml", "application/json"));
}

/* ---- addresses ----------------------------------------------------------------------------------- */

static const struct resource {
	const char *method, *path;   /* below /open311/; with an id after it where it ends in '/' */
	call311_fn *take;
} resources[] = {
	{ "GET", "discovery", discovery },
	{ "GET", VERSION "services", open311_services },
	{ "GET", VERSION "services/", open311_service },
	{ "GET", VERSION "requests", open311_list },
	{ "GET", VERSION "requests/", open311_one },
	{ "GET", VERSION "tokens/", open311_token },
	{ "POST", VERSION "requests", open311_post },
};

/* The format goes from the end of the path; false: it has none. */
static bool format_take(char *path, bool *ret_xml)
{
	char *dot = strrchr(path, '.');

	if (dot == NULL || (strcmp(dot, ".xml") != 0 && strcmp(dot, ".json") != 0))
		return false;
	*ret_xml = dot[1] == 'x';
	*dot = '\0';
	return true;
}

static const struct resource *resource_find(const char *method, const char *path, char *id, size_t room)
{
	for (size_t i = 0; i < sizeof resources / sizeof resources[0]; i++) {
		size_t len = strlen(resources[i].path);
		bool has_id = resources[i].path[len - 1] == '/';

		if (strcmp(method, resources[i].method) != 0 || strncmp(path, resources[i].path, len) != 0)
			continue;
		if (has_id ? path[len] != '\0' && strlen(path + len) < room : path[len] == '\0') {
			snprintf(id, room, "%s", path + len);
			return &resources[i];
		}
	}
	return NULL;
}

/* POST carries its jurisdiction in the body. */
static bool jurisdiction_known(struct call311 *call)
{
	const char *own = call->open311->room->config->open311_jurisdiction;
	char given[200];

	if (!http_query(call->request, "jurisdiction_id", given, sizeof given) || *given == '\0'
	    || strcmp(given, own) == 0)
		return true;
	call311_fail(call, 404, 404, "jurisdiction_id: 没有这个辖区");
	return false;
}

static void take(void *context, struct http_request *request)
{
	struct open311 *open311 = context;
	const struct resource *resource;
	struct call311 *call = calloc(1, sizeof *call);
	char path[200] = "", method[8];

	if (call == NULL)
		abort();
	call->open311 = open311;
	call->request = request;
	call->xml = true;            /* the format that is required, until the path names one */
	if (strlen(http_path(request)) < sizeof path)
		strcpy(path, http_path(request));
	snprintf(method, sizeof method, "%s", strcmp(http_method(request), "HEAD") == 0 ? "GET" : http_method(request));
	if (!rate_take(open311->all, http_ip(request), loop_ms(open311->room->loop)))
		call311_fail(call, 400, 429, "操作过于频繁，请一分钟后再试");
	else if (!format_take(path, &call->xml))
		call311_fail(call, 404, 404, "没有这个地址：请以 .xml 或 .json 结尾");
	else if ((resource = resource_find(method, path + sizeof BASE - 1, call->id, sizeof call->id)) == NULL)
		call311_fail(call, 404, 404, "没有这个地址，见 docs/OPEN311.md");
	else if (jurisdiction_known(call))
		resource->take(call);
}

/* Pages of any site may read what everybody may read; a key in the form is what lets them write. */
static void options(void *context, struct http_request *request)
{
	(void)context;
	http_reply(request, 204, NULL, OPEN_TO_ALL "Access-Control-Allow-Methods: GET, POST, OPTIONS\r\n"
	           "Access-Control-Allow-Headers: Content-Type, Idempotency-Key\r\nAccess-Control-Max-Age: 86400\r\n",
	           "", 0);
}

/* ---- the room ------------------------------------------------------------------------------------ */

struct open311 *open311_open(struct room *room)
{
	struct open311 *open311 = calloc(1, sizeof *open311);

	if (open311 == NULL)
		abort();
	open311->room = room;
	open311->all = rate_new(room->config->public_per_minute, 60000);
	if (open311->all == NULL)
		abort();
	/* What services ask may change with every migration: clients look again after a start. */
	w3date_print(wall_ms(), open311->changeset);
	return open311;
}

void open311_close(struct open311 *open311)
{
	if (open311 == NULL)
		return;
	rate_free(open311->all);
	free(open311);
}

size_t open311_routes(struct open311 *open311, struct http_route routes[OPEN311_ROUTES])
{
	routes[0] = (struct http_route){ "GET", "/open311/*", take, open311 };
	routes[1] = (struct http_route){ "POST", "/open311/*", take, open311 };
	routes[2] = (struct http_route){ "OPTIONS", "/open311/*", options, open311 };
	return OPEN311_ROUTES;
}
