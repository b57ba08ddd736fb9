/* intake.c — the door of systems: its addresses, and what is asked there. */
#include "intake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "citizen.h"
#include "config.h"
#include "intake_parts.h"
#include "loop.h"
#include "public_parts.h"
#include "rate.h"
#include "rest.h"
#include "seal.h"
#include "system.h"
#include "webhook.h"

#define BASE "/api/v1/"
enum { PATH_ROOM_INTAKE = 200, CHANGES_MOST = 500 };

static const char TICKET[] = "kind:kind region:code(12) town:code(12)? place:text(200)? title:text(60) body:text(4000) "
	"points:texts(10,200)? phone:phone? name:text(40)? id_no:code(20)? secrecy:secrecy? matter:code(8)? ref:text(60)?";

struct intake { struct room *room; struct visitors *visitors; struct rate *all; };

/* One request to an address of this door. */
struct errand { struct intake *intake; char number[NUMBER_ROOM], deed[24]; long long id; };

static struct errand *errand_new(struct intake *intake)
{
	struct errand *errand = calloc(1, sizeof *errand);

	if (errand == NULL)
		abort();
	errand->intake = intake;
	return errand;
}

/* ---- tickets ------------------------------------------------------------------------------------- */

static void ticket_take(void *context, struct http_request *request, const struct partner *partner,
                        const struct proof *proof)
{
	struct errand *errand = context;
	json_t *params = rest_body(request, TICKET, NULL), *ref;

	if (params != NULL) {
		ref = json_object_get(params, "ref");
		if (ref != NULL)
			json_object_set(params, "api_ref", ref);
		json_object_del(params, "ref");
		json_object_set_new(params, "channel", json_integer(partner->number));
		json_object_set_new(params, "api_key", json_string(partner->key));
		json_object_set_new(params, "digest", json_string(proof_digest(proof)));
		public_submit(errand->intake->room, request, STATEMENT_api_submit, proof_request(proof), params);
	}
	free(errand);
}

static void deed_take(void *context, struct http_request *request, const struct partner *partner,
                      const struct proof *proof)
{
	struct errand *errand = context;
	bool looks = strcmp(errand->deed, "look") == 0;
	json_t *params = looks ? NULL : rest_body(request, public_partner_spec(errand->deed), NULL);

	if (looks || params != NULL)
		public_partner_take(errand->intake->visitors, request, &(struct public_partner){ .key = partner->key,
			.number = errand->number, .deed = errand->deed, .uuid = proof_request(proof),
			.digest = proof_digest(proof) }, params);
	free(errand);
}

/* ---- changes ------------------------------------------------------------------------------------- */

static void on_answered(void *context, enum store_status status, const struct rows *rows)
{
	struct http_request *request = context;
	json_t *reply = outcome_reply_json(status, rows);

	if (reply != NULL)
		rest_reply(request, 200, reply);
	else
		rest_refuse_outcome(request, status, rows);
}

static bool cursor_ok(const char *text)
{
	size_t xid = strspn(text, "0123456789"), event;

	if (xid == 0 || xid > 18 || text[xid] != '-')
		return false;
	event = strspn(text + xid + 1, "0123456789");
	return event > 0 && event <= 18 && text[xid + 1 + event] == '\0';
}

static void changes_take(void *context, struct http_request *request, const struct partner *partner,
                         const struct proof *proof)
{
	struct errand *errand = context;
	char after[40] = "", limit[40] = "";
	bool has_after = http_query(request, "after", after, sizeof after);
	bool has_limit = http_query(request, "limit", limit, sizeof limit);
	long most = has_limit ? strtol(limit, NULL, 10) : 100;

	(void)proof;
	if (has_after && !cursor_ok(after))
		rest_refuse(request, REFUSE_bad_params, NULL, json_pack("{s:s}", "after", "不是上一页给出的 next"));
	else if (most < 1 || most > CHANGES_MOST || strspn(limit, "0123456789") != strlen(limit))
		rest_refuse(request, REFUSE_bad_params, NULL, json_pack("{s:s}", "limit", "应为 1 到 500 的整数"));
	else
		citizen_ask(errand->intake->room, STATEMENT_api_changes, LANE_READ, CITIZEN_ACCOUNT, 0, NULL,
		            json_pack("{s:s, s:s*, s:i}", "key", partner->key, "after", has_after ? after : NULL,
		                      "limit", (int)most), on_answered, request);
	free(errand);
}

/* ---- webhooks ------------------------------------------------------------------------------------ */

static void hooks_take(void *context, struct http_request *request, const struct partner *partner,
                       const struct proof *proof)
{
	struct errand *errand = context;

	(void)proof;
	citizen_ask(errand->intake->room, STATEMENT_hook_list, LANE_READ, CITIZEN_ACCOUNT, 0, NULL,
	            json_pack("{s:s}", "key", partner->key), on_answered, request);
	free(errand);
}

static void hook_add_take(void *context, struct http_request *request, const struct partner *partner,
                          const struct proof *proof)
{
	struct errand *errand = context;
	json_t *params = rest_body(request, "url:text(500) events:texts(20,40)?", NULL);

	if (params != NULL && !webhook_url_ok(json_string_value(json_object_get(params, "url")))) {
		rest_refuse(request, REFUSE_bad_params, NULL, json_pack("{s:s}", "url", "应为 http 或 https 地址，不含用户名"));
		json_decref(params);
	} else if (params != NULL) {
		json_object_set_new(params, "key", json_string(partner->key));
		json_object_set_new(params, "at", json_integer(wall_ms()));
		citizen_ask(errand->intake->room, STATEMENT_hook_add, LANE_WRITE, CITIZEN_ACCOUNT, 0, proof_request(proof),
		            params, on_answered, request);
	}
	free(errand);
}

static void hook_end_take(void *context, struct http_request *request, const struct partner *partner,
                          const struct proof *proof)
{
	struct errand *errand = context;

	citizen_ask(errand->intake->room, STATEMENT_hook_set, LANE_WRITE, CITIZEN_ACCOUNT, 0, proof_request(proof),
	            json_pack("{s:s, s:I, s:b, s:I}", "key", partner->key, "hook", (json_int_t)errand->id, "active", false,
	                      "at", (json_int_t)wall_ms()), on_answered, request);
	free(errand);
}

/* ---- addresses ----------------------------------------------------------------------------------- */

static const struct address {
	const char *method, *pattern;      /* '#' a ticket's number, '@' a deed, '%' a webhook */
	const char *scope;
	bool writes;
	proven_fn *take;
} addresses[] = {
	{ "POST", "requests", "submit", true, ticket_take },
	{ "GET", "requests/#", "read", false, deed_take },
	{ "POST", "requests/#/@", "submit", true, deed_take },
	{ "GET", "changes", "read", false, changes_take },
	{ "GET", "webhooks", "webhook", false, hooks_take },
	{ "POST", "webhooks", "webhook", true, hook_add_take },
	{ "DELETE", "webhooks/%", "webhook", true, hook_end_take },
};

static bool piece_take(char sign, const char *piece, size_t len, struct errand *errand)
{
	if (sign == '#' && len == NUMBER_ROOM - 1 && strspn(piece, "0123456789") >= len) {
		snprintf(errand->number, sizeof errand->number, "%.*s", (int)len, piece);
		return true;
	}
	if (sign == '@' && len < sizeof errand->deed) {
		snprintf(errand->deed, sizeof errand->deed, "%.*s", (int)len, piece);
		return strcmp(errand->deed, "look") != 0 && public_partner_spec(errand->deed) != NULL;
	}
	if (sign == '%' && len > 0 && len <= 15 && strspn(piece, "0123456789") >= len) {
		errand->id = strtoll(piece, NULL, 10);
		return errand->id > 0;
	}
	return false;
}

static bool address_fits(const char *pattern, const char *path, struct errand *errand)
{
	while (*pattern != '\0') {
		if (strchr("#@%", *pattern) != NULL) {
			size_t len = strcspn(path, "/");

			if (!piece_take(*pattern, path, len, errand))
				return false;
			path += len;
			pattern++;
		} else if (*pattern++ != *path++) {
			return false;
		}
	}
	return *path == '\0';
}

static void take(void *context, struct http_request *request)
{
	struct intake *intake = context;
	struct errand *errand;
	const char *body;
	size_t len;

	if (!rate_take(intake->all, http_ip(request), loop_ms(intake->room->loop))) {
		rest_refuse(request, REFUSE_too_fast, NULL, NULL);
		return;
	}
	errand = errand_new(intake);
	for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
		const struct address *address = &addresses[i];

		if (strcmp(http_method(request), address->method) != 0
		    || !address_fits(address->pattern, http_path(request) + sizeof BASE - 1, errand))
			continue;
		if (*errand->deed == '\0')
			strcpy(errand->deed, "look");
		body = http_body(request, &len);
		proof_check(intake->room, request, address->scope, body, len, address->writes, address->take, errand);
		return;
	}
	free(errand);
	rest_refuse(request, REFUSE_no_method, "没有这个地址，见 docs/CHANNELS.md", NULL);
}

/* ---- the room ------------------------------------------------------------------------------------ */

struct intake *intake_open(struct room *room, struct visitors *visitors)
{
	struct intake *intake = calloc(1, sizeof *intake);

	if (intake == NULL)
		abort();
	*intake = (struct intake){ room, visitors, rate_new(room->config->intake_per_minute, 60000) };
	if (intake->all == NULL)
		abort();
	return intake;
}

void intake_close(struct intake *intake)
{
	if (intake == NULL)
		return;
	rate_free(intake->all);
	free(intake);
}

size_t intake_routes(struct intake *intake, struct http_route routes[INTAKE_ROUTES])
{
	routes[0] = (struct http_route){ "GET", BASE "*", take, intake };
	routes[1] = (struct http_route){ "POST", BASE "*", take, intake };
	routes[2] = (struct http_route){ "DELETE", BASE "*", take, intake };
	return INTAKE_ROUTES;
}
