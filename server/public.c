/* public.c — the citizen's door: every request is checked, found, judged, moved and answered with a view. */
#include "public.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../routing/terms.h"
#include "channel.h"
#include "citizen.h"
#include "feed.h"
#include "loop.h"
#include "public_parts.h"
#include "public_view.h"
#include "rest.h"
#include "seal.h"
#include "system.h"

#define PROOF "number:code(18) code:code(6)"
#define LINK "link:text(64)"
#define RATING "grade:grade solved:bool blame:term(blame)? reason:text(400)? comment:text(1000)?"

/* What a citizen may ask of a ticket: a path below /api/public/, the move it makes (or none), and the body:
 * what proves that the ticket is his, and the rest. */
static const struct deed {
	const char *path;
	bool moves;
	enum flow_action action;
	const char *proof, *body;
} deeds[] = {
	{ "look", false, ACTION_COUNT, PROOF, "" },
	{ "link", false, ACTION_COUNT, LINK, "" },
	{ "supplement", true, ACTION_supplement, PROOF, "text:text(2000)" },
	{ "supply", true, ACTION_supply, PROOF, "text:text(2000)" },
	{ "urge", true, ACTION_urge, PROOF, "text:text(400)?" },
	{ "withdraw", true, ACTION_withdraw, PROOF, "reason:text(400)" },
	{ "rate", true, ACTION_rate, PROOF, RATING },
	{ "link/rate", true, ACTION_rate, LINK, RATING },
};
enum { SPEC_ROOM = 400 };

static const char PUBLIC_PATH[] = "/api/public/";

static const char NOT_FOUND[] = "没有找到：请核对工单编号和查询码。同一编号连续输错多次将锁定一段时间，"
	"锁定期间查询码正确也不能查询";
static const char LINK_USED[] = "这个评价链接已经用过或已过期，每一轮办理只评价一次";

/* One request about a ticket, from its body to its answer. */
struct visit {
	struct visitors *visitors;
	struct http_request *request;
	const struct deed *deed;
	json_t *params;              /* what the move carries */
	char uuid[37];
	char number[NUMBER_ROOM], code[CODE_ROOM];
	int round;                   /* of the link; 0: by number and code */
	char key[KEY_ROOM], digest[65];   /* of the system that asks about its own ticket; "": a citizen asks */
	long long id;
	int now_round, now_state;    /* as found */
	bool again;
};

static void visit_free(struct visit *visit)
{
	json_decref(visit->params);
	free(visit);
}

static void visit_refuse(struct visit *visit, enum refusal why, const char *sentence, json_t *fields)
{
	rest_refuse(visit->request, why, sentence, fields);
	visit_free(visit);
}

static void visit_refuse_outcome(struct visit *visit, enum store_status status, const struct rows *rows)
{
	char name[32];

	if (outcome_refusal(status, rows, name) && strcmp(name, "not_found") == 0)
		rest_refuse(visit->request, REFUSE_not_found, *visit->key != '\0' ? NULL : NOT_FOUND, NULL);
	else
		rest_refuse_outcome(visit->request, status, rows);
	visit_free(visit);
}

/* ---- the end: what the citizen sees now ------------------------------------------------------- */

static void on_view(void *context, enum store_status status, const struct rows *rows)
{
	struct visit *visit = context;
	json_t *view = outcome_reply_json(status, rows);

	if (view == NULL) {
		visit_refuse_outcome(visit, status, rows);
		return;
	}
	if (!public_view_finish(visit->visitors->room->seal, view)) {
		json_decref(view);
		visit_refuse(visit, REFUSE_internal, NULL, NULL);
		return;
	}
	if (visit->round > 0) {
		bool open = visit->round == visit->now_round && visit->now_state == STATE_to_rate;

		json_object_set_new(view, "link", json_pack("{s:i, s:b, s:s*}", "round", visit->round, "open", open,
			"sentence", open ? NULL : LINK_USED));
	}
	rest_reply(visit->request, 200, view);
	visit_free(visit);
}

static void visit_show(struct visit *visit)
{
	citizen_ask(visit->visitors->room, STATEMENT_public_view, LANE_READ, CITIZEN_ACCOUNT,
	            (unsigned long)visit->id, NULL, json_pack("{s:I}", "id", (json_int_t)visit->id), on_view, visit);
}

/* ---- the move --------------------------------------------------------------------------------- */

static void visit_find(struct visit *visit);

static void on_moved(void *context, enum store_status status, const struct rows *rows)
{
	struct visit *visit = context;
	json_t *card = outcome_reply_json(status, rows);
	char name[32];

	if (card != NULL) {
		feed_publish(visit->visitors->room, rows);
		visit->now_state = (int)json_integer_value(json_object_get(card, "state"));
		json_decref(card);
		visit_show(visit);
	} else if (!visit->again && outcome_refusal(status, rows, name) && strcmp(name, "stale") == 0) {
		/* Somebody moved it in between; the citizen has not chosen anything on what is now stale. */
		visit->again = true;
		visit_find(visit);
	} else {
		visit_refuse_outcome(visit, status, rows);
	}
}

static void refuse_move(struct visit *visit)
{
	const char *term = flow_state_term((enum flow_state)visit->now_state);
	char sentence[200];

	snprintf(sentence, sizeof sentence, "“%s”的诉求现在不能“%s”", term != NULL ? term : "",
	         flow_action_term(visit->deed->action));
	visit_refuse(visit, REFUSE_illegal_move, sentence, NULL);
}

static void visit_move(struct visit *visit, const json_t *found)
{
	struct room *room = visit->visitors->room;
	enum flow_action action = visit->deed->action;
	json_t *params = json_deep_copy(visit->params);

	if (action == ACTION_rate) {
		if (json_integer_value(json_object_get(params, "grade")) < GRADE_fair)
			action = ACTION_complain;
		json_object_set_new(params, "way", json_string(visit->round > 0 ? "sms" : "web"));
	}
	if (citizen_move(room, action, ROLE_citizen, found, params) != FLOW_OK) {
		json_decref(params);
		refuse_move(visit);
		return;
	}
	citizen_ask(room, STATEMENT_ticket_move, LANE_WRITE, CITIZEN_ACCOUNT, (unsigned long)visit->id, visit->uuid,
	            params, on_moved, visit);
}

static void on_found(void *context, enum store_status status, const struct rows *rows)
{
	struct visit *visit = context;
	json_t *found = outcome_reply_json(status, rows);

	if (found == NULL) {
		visit_refuse_outcome(visit, status, rows);
		return;
	}
	visit->id = json_integer_value(json_object_get(found, "id"));
	visit->now_round = (int)json_integer_value(json_object_get(found, "round"));
	visit->now_state = (int)json_integer_value(json_object_get(found, "state"));
	if (!visit->deed->moves || json_is_object(json_object_get(found, "given")))
		visit_show(visit);
	else if (visit->round > 0 && visit->round != visit->now_round)
		visit_refuse(visit, REFUSE_illegal_move, LINK_USED, NULL);
	else
		visit_move(visit, found);
	json_decref(found);
}

static void visit_find(struct visit *visit)
{
	struct room *room = visit->visitors->room;
	const char *code = visit->round > 0 ? NULL : visit->code, *uuid = *visit->uuid ? visit->uuid : NULL;

	if (*visit->key != '\0') {
		citizen_ask(room, STATEMENT_api_ticket, LANE_WRITE, CITIZEN_ACCOUNT, 0, NULL,
		            json_pack("{s:s, s:s, s:s?, s:s, s:I}", "number", visit->number, "key", visit->key,
		                      "request", uuid, "digest", visit->digest, "at", (json_int_t)wall_ms()),
		            on_found, visit);
		return;
	}
	citizen_ask(room, STATEMENT_public_find, LANE_WRITE, CITIZEN_ACCOUNT, 0, NULL,
	            citizen_find(room, visit->number, code, uuid), on_found, visit);
}

/* ---- the request ------------------------------------------------------------------------------ */

static json_t *member_take(json_t *params, const char *name)
{
	json_t *value = json_incref(json_object_get(params, name));

	json_object_del(params, name);
	return value;
}

/* Number and code, or the link, leave the parameters; false: no link of ours. */
static bool proof_take(struct visit *visit)
{
	json_t *number = member_take(visit->params, "number"), *code = member_take(visit->params, "code");
	json_t *link = member_take(visit->params, "link");
	bool known = true;

	if (link != NULL) {
		known = seal_link_check(visit->visitors->room->seal, json_string_value(link), visit->number,
		                        &visit->round);
	} else {
		snprintf(visit->number, sizeof visit->number, "%s", json_string_value(number));
		snprintf(visit->code, sizeof visit->code, "%s", json_string_value(code));
	}
	json_decref(number);
	json_decref(code);
	json_decref(link);
	return known;
}

/* 差评 must say why; the same as ticket.rate asks of an agent. */
static json_t *rating_faults(const json_t *params)
{
	json_t *faults = json_object();
	const json_t *grade = json_object_get(params, "grade");

	if (grade != NULL && json_integer_value(grade) < GRADE_fair) {
		if (json_object_get(params, "blame") == NULL)
			json_object_set_new(faults, "blame", json_string("请选择不满意的原因"));
		if (json_object_get(params, "reason") == NULL)
			json_object_set_new(faults, "reason", json_string("请写明哪里不满意"));
	}
	if (json_object_size(faults) > 0)
		return faults;
	json_decref(faults);
	return NULL;
}

static const struct deed *deed_find(const char *path)
{
	for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++)
		if (strcmp(path, deeds[i].path) == 0)
			return &deeds[i];
	return NULL;
}

static struct visit *visit_new(struct visitors *visitors, struct http_request *request, const struct deed *deed)
{
	struct visit *visit = calloc(1, sizeof *visit);

	if (visit == NULL)
		abort();
	*visit = (struct visit){ .visitors = visitors, .request = request, .deed = deed };
	return visit;
}

void public_deed_take(void *context, struct http_request *request)
{
	struct visitors *visitors = context;
	const struct deed *deed = deed_find(http_path(request) + sizeof PUBLIC_PATH - 1);
	struct visit *visit;
	json_t *faults;
	char spec[SPEC_ROOM];

	if (!public_admitted(visitors, request))
		return;
	if (deed == NULL) {
		rest_refuse(request, REFUSE_no_method, "没有这个地址，见 docs/PUBLIC.md", NULL);
		return;
	}
	visit = visit_new(visitors, request, deed);
	snprintf(spec, sizeof spec, *deed->body != '\0' ? "%s %s" : "%s", deed->proof, deed->body);
	visit->params = rest_body(request, spec, deed->moves ? visit->uuid : NULL);
	if (visit->params == NULL)
		visit_free(visit);
	else if (!proof_take(visit))
		visit_refuse(visit, REFUSE_not_found, "链接无效，请从短信里完整打开", NULL);
	else if ((faults = rating_faults(visit->params)) != NULL)
		visit_refuse(visit, REFUSE_bad_params, NULL, faults);
	else
		visit_find(visit);
}

const char *public_partner_spec(const char *path)
{
	const struct deed *deed = deed_find(path);

	return deed != NULL && strcmp(deed->proof, PROOF) == 0 ? deed->body : NULL;
}

void public_partner_take(struct visitors *visitors, struct http_request *request,
                         const struct public_partner *partner, json_t *params)
{
	struct visit *visit = visit_new(visitors, request, deed_find(partner->deed));
	json_t *faults;

	visit->params = params != NULL ? params : json_object();
	snprintf(visit->key, sizeof visit->key, "%s", partner->key);
	snprintf(visit->number, sizeof visit->number, "%s", partner->number);
	snprintf(visit->digest, sizeof visit->digest, "%s", partner->digest);
	if (visit->deed->moves)
		snprintf(visit->uuid, sizeof visit->uuid, "%s", partner->uuid);
	if (visit->deed->action == ACTION_rate && (faults = rating_faults(visit->params)) != NULL)
		visit_refuse(visit, REFUSE_bad_params, NULL, faults);
	else
		visit_find(visit);
}
