/* public_case.c — how far a “一件事” case is, for its applicant, and the 查询码 that opens it. */
#include "public_case.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../routing/case_flow.h"
#include "citizen.h"
#include "public_parts.h"
#include "public_view.h"
#include "rest.h"
#include "seal.h"
#include "system.h"

/* What the numbers of cases begin with, so that they are none of tickets; citizens may leave it out. */
static const char PREFIX[] = "YJS";

static const char NOT_FOUND[] = "没有找到：请核对办件编号和查询码。同一编号连续输错多次将锁定一段时间，"
	"锁定期间查询码正确也不能查询";

struct case_visit { struct visitors *visitors; struct http_request *request; };

static void on_found(void *context, enum store_status status, const struct rows *rows)
{
	struct case_visit *visit = context;
	json_t *view = outcome_reply_json(status, rows);
	char name[32];

	if (view != NULL && public_case_finish(visit->visitors->room->seal, view))
		rest_reply(visit->request, 200, json_incref(view));
	else if (view != NULL)
		rest_refuse(visit->request, REFUSE_internal, NULL, NULL);
	else if (outcome_refusal(status, rows, name) && strcmp(name, "not_found") == 0)
		rest_refuse(visit->request, REFUSE_not_found, NOT_FOUND, NULL);
	else
		rest_refuse_outcome(visit->request, status, rows);
	json_decref(view);
	free(visit);
}

/* The number as it stands in the database. */
static void number_read(const char *given, char out[CASE_NUMBER_ROOM])
{
	size_t i;

	snprintf(out, CASE_NUMBER_ROOM, "%s%s", isdigit((unsigned char)*given) ? PREFIX : "", given);
	for (i = 0; out[i] != '\0'; i++)
		out[i] = (char)toupper((unsigned char)out[i]);
}

void public_case_take(void *context, struct http_request *request)
{
	struct visitors *visitors = context;
	struct case_visit *visit;
	char number[CASE_NUMBER_ROOM];
	json_t *params;

	if (!public_admitted(visitors, request)
	    || (params = rest_body(request, "number:code(24) code:code(6)", NULL)) == NULL)
		return;
	visit = malloc(sizeof *visit);
	if (visit == NULL)
		abort();
	*visit = (struct case_visit){ visitors, request };
	number_read(json_string_value(json_object_get(params, "number")), number);
	citizen_ask(visitors->room, STATEMENT_public_case, LANE_WRITE, CITIZEN_ACCOUNT, 0, NULL,
	            citizen_find(visitors->room, number, json_string_value(json_object_get(params, "code")), NULL),
	            on_found, visit);
	json_decref(params);
}

void finish_case_code(struct room *room, struct ask *ask, const char *text)
{
	json_t *reply = json_loads(text, 0, NULL);
	const char *number = json_string_value(json_object_get(reply, "number"));
	const json_t *parts = json_object_get(reply, "parts");
	char code[CODE_ROOM];

	if (number == NULL || (parts != NULL && (json_integer_value(parts) & (PART_WINDOW | PART_LEAD)) == 0)) {
		ask_answer(room, ask, text);
		json_decref(reply);
		return;
	}
	seal_code(room->seal, number, code);
	json_object_set_new(reply, "code", json_string(code));
	ask_answer_json(room, ask, reply);
}
