/* public_submit.c — new tickets of citizens, what their form offers, and the door itself. */
#include <stdlib.h>
#include <string.h>
#include "../routing/terms.h"
#include "citizen.h"
#include "config.h"
#include "danger.h"
#include "feed.h"
#include "loop.h"
#include "public.h"
#include "public_case.h"
#include "public_parts.h"
#include "rate.h"
#include "rest.h"
#include "rules.h"
#include "seal.h"
#include "system.h"
#include "ticket.h"

enum { DANGER_SHARE = 2 };   /* a page asks each time the writer pauses */

static const char TICKET[] = "kind:kind region:code(12) town:code(12)? place:text(200)? title:text(60) "
	"body:text(4000) points:texts(10,200)? phone:reach name:text(40)? secrecy:secrecy?";

bool public_admitted(struct visitors *visitors, struct http_request *request)
{
	if (!http_origin_ok(request)) {
		http_refuse(request, 403, "origin", "不允许从其他网站访问");
		return false;
	}
	if (rate_take(visitors->all, http_ip(request), loop_ms(visitors->room->loop)))
		return true;
	rest_refuse(request, REFUSE_too_fast, "操作过于频繁，请一分钟后再试", NULL);
	return false;
}

/* danger: the verdict on the text, owned; NULL: none. */
struct submission { struct room *room; struct http_request *request; json_t *danger; };

static void submission_free(struct submission *submission)
{
	json_decref(submission->danger);
	free(submission);
}

static void on_submitted(void *context, enum store_status status, const struct rows *rows)
{
	struct submission *submission = context;
	struct room *room = submission->room;
	json_t *card = outcome_reply_json(status, rows);
	const char *number = json_string_value(json_object_get(card, "number"));
	char code[CODE_ROOM];

	if (number != NULL) {
		seal_code(room->seal, number, code);
		rest_reply(submission->request, 201, json_pack("{s:s, s:s, s:O, s:O, s:O*}", "number", number,
			"code", code, "accepted", json_object_get(card, "accepted"),
			"promised", json_object_get(card, "promised"), "danger", submission->danger));
		feed_publish(room, rows);
	} else {
		rest_refuse_outcome(submission->request, status, rows);
	}
	json_decref(card);
	submission_free(submission);
}

void public_submit(struct room *room, struct http_request *request, enum statement statement,
                   const char *uuid, json_t *params)
{
	struct submission *submission = malloc(sizeof *submission);

	if (submission == NULL)
		abort();
	*submission = (struct submission){ room, request, NULL };
	json_object_set_new(params, "at", json_integer(wall_ms()));
	if (ticket_submit_fill(room, params, wall_ms())) {
		submission->danger = json_incref(json_object_get(params, "danger"));
		citizen_ask(room, statement, LANE_WRITE, CITIZEN_ACCOUNT, 0, uuid, params, on_submitted, submission);
		return;
	}
	rest_refuse(request, REFUSE_internal, NULL, NULL);
	json_decref(params);
	submission_free(submission);
}

static void ticket_take(void *context, struct http_request *request)
{
	struct visitors *visitors = context;
	struct room *room = visitors->room;
	char uuid[37];
	json_t *params;

	if (!public_admitted(visitors, request) || (params = rest_body(request, TICKET, uuid)) == NULL)
		return;
	if (!rate_take(visitors->tickets, http_ip(request), loop_ms(room->loop))) {
		rest_refuse(request, REFUSE_too_fast, "提交过于频繁，请稍后再试，急事请拨打 12345", NULL);
		json_decref(params);
		return;
	}
	json_object_set_new(params, "channel", json_integer(CHANNEL_web));
	public_submit(room, request, STATEMENT_ticket_submit, uuid, params);
}

/* While a citizen writes: is somebody in danger? Answered from memory, and with a limit of its own, so that typing
 * takes nothing from what the same citizen may ask afterwards. */
static void danger_take(void *context, struct http_request *request)
{
	struct visitors *visitors = context;
	const char *title, *body;
	json_t *params, *danger;

	if (!http_origin_ok(request)) {
		http_refuse(request, 403, "origin", "不允许从其他网站访问");
		return;
	}
	if (!rate_take(visitors->dangers, http_ip(request), loop_ms(visitors->room->loop))) {
		rest_refuse(request, REFUSE_too_fast, NULL, NULL);
		return;
	}
	if ((params = rest_body(request, "title:text(60)? body:text(4000)? kind:kind?", NULL)) == NULL)
		return;
	title = json_string_value(json_object_get(params, "title"));
	body = json_string_value(json_object_get(params, "body"));
	danger = danger_json(rules_police(visitors->room->rules), title != NULL ? title : "", body != NULL ? body : "",
	                     (int)json_integer_value(json_object_get(params, "kind")));
	rest_reply(request, 200, danger != NULL ? danger : json_pack("{s:i}", "level", 0));
	json_decref(params);
}

/* ---- reference -------------------------------------------------------------------------------- */

static json_t *words(enum term_list list)
{
	const struct term *terms;
	size_t count = terms_all(list, &terms);
	json_t *all = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(all, json_pack("{s:i, s:s}", "number", terms[i].number,
			"term", terms[i].term));
	return all;
}

static void on_reference(void *context, enum store_status status, const struct rows *rows)
{
	struct http_request *request = context;
	json_t *reference = outcome_reply_json(status, rows);
	char *text;

	if (reference == NULL) {
		rest_refuse_outcome(request, status, rows);
		return;
	}
	json_object_set_new(reference, "kinds", words(TERMS_KIND));
	json_object_set_new(reference, "secrecies", words(TERMS_SECRECY));
	json_object_set_new(reference, "grades", words(TERMS_GRADE));
	json_object_set_new(reference, "blames", words(TERMS_BLAME));
	text = json_dumps(reference, JSON_COMPACT);
	json_decref(reference);
	http_reply(request, 200, "application/json; charset=utf-8", "Cache-Control: public, max-age=600\r\n",
	           text, strlen(text));
	free(text);
}

static void reference_take(void *context, struct http_request *request)
{
	struct visitors *visitors = context;

	if (public_admitted(visitors, request))
		citizen_ask(visitors->room, STATEMENT_public_reference, LANE_READ, CITIZEN_ACCOUNT, 0, NULL,
		            json_object(), on_reference, request);
}

/* ---- the room --------------------------------------------------------------------------------- */

struct visitors *visitors_open(struct room *room)
{
	struct visitors *visitors = calloc(1, sizeof *visitors);

	if (visitors == NULL)
		abort();
	visitors->room = room;
	visitors->all = rate_new(room->config->public_per_minute, 60000);
	visitors->tickets = rate_new(room->config->public_tickets_per_hour, 3600000);
	visitors->dangers = rate_new(DANGER_SHARE * room->config->public_per_minute, 60000);
	if (visitors->all == NULL || visitors->tickets == NULL || visitors->dangers == NULL)
		abort();
	return visitors;
}

void visitors_close(struct visitors *visitors)
{
	if (visitors == NULL)
		return;
	rate_free(visitors->all);
	rate_free(visitors->tickets);
	rate_free(visitors->dangers);
	free(visitors);
}

size_t visitors_routes(struct visitors *visitors, struct http_route routes[PUBLIC_ROUTES])
{
	routes[0] = (struct http_route){ "GET", "/api/public/reference", reference_take, visitors };
	routes[1] = (struct http_route){ "POST", "/api/public/tickets", ticket_take, visitors };
	routes[2] = (struct http_route){ "POST", "/api/public/danger", danger_take, visitors };
	routes[3] = (struct http_route){ "POST", "/api/public/case", public_case_take, visitors };
	routes[4] = (struct http_route){ "POST", "/api/public/*", public_deed_take, visitors };
	return PUBLIC_ROUTES;
}
