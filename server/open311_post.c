/* open311_post.c — a new request: the form, the key, the definition, the submission. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../routing/terms.h"
#include "channel.h"
#include "citizen.h"
#include "config.h"
#include "feed.h"
#include "form.h"
#include "log.h"
#include "loop.h"
#include "open311_parts.h"
#include "room.h"
#include "seal.h"
#include "system.h"
#include "ticket.h"
#include "w3date.h"

static const char BAD_KEY[] = "api_key: 没有密钥，或密钥不对、已停用";

struct post311 {
	struct call311 *call;
	json_t *form, *definition;
	char key[KEY_ROOM], secret[65], request[37], digest[65];
};

static void post_end(struct post311 *post)
{
	json_decref(post->form);
	json_decref(post->definition);
	explicit_bzero(post->secret, sizeof post->secret);
	free(post);
}

/* ---- the answer ---------------------------------------------------------------------------------- */

static json_t *notice_of(const json_t *card)
{
	const json_t *promised = json_object_get(card, "promised");
	char when[W3DATE_ROOM], text[200];

	if (!json_is_integer(promised))
		return json_null();
	w3date_print(json_integer_value(promised), when);
	snprintf(text, sizeof text, "已受理，将于 %.10s 前答复；急事请拨打 12345", when);
	return json_string(text);
}

static void on_submitted(void *context, enum store_status status, const struct rows *rows)
{
	struct post311 *post = context;
	json_t *card = outcome_reply_json(status, rows);
	const char *type = json_string_value(json_object_get(post->definition, "type"));
	const char *account = form_value(post->form, "account_id");
	json_t *number = json_object_get(card, "number");

	if (number == NULL) {
		call311_fail_outcome(post->call, status, rows, "service_code: 没有这个服务");
	} else {
		struct room *room = post->call->open311->room;

		if (type != NULL && strcmp(type, "batch") == 0)
			call311_answer(post->call, 201, "service_requests", json_pack("[{s:s, s:o, s:s?}]",
				"token", post->request, "service_notice", notice_of(card), "account_id", account));
		else
			call311_answer(post->call, 201, "service_requests", json_pack("[{s:O, s:o, s:s?}]",
				"service_request_id", number, "service_notice", notice_of(card),
				"account_id", account));
		feed_publish(room, rows);
	}
	json_decref(card);
	post_end(post);
}

/* ---- the submission ------------------------------------------------------------------------------ */

static bool email_seal(const struct seal *seal, json_t *params)
{
	json_t *more = json_object_get(params, "open311");
	const char *email = json_string_value(json_object_get(more, "email"));
	char *sealed;

	if (email == NULL)
		return true;
	sealed = seal_text(seal, email);
	if (sealed != NULL)
		json_object_set_new(more, "email", json_string(sealed));
	free(sealed);
	return sealed != NULL;
}

static void on_definition(void *context, enum store_status status, const struct rows *rows)
{
	struct post311 *post = context;
	struct room *room = post->call->open311->room;
	json_t *faults = NULL, *params;

	post->definition = outcome_reply_json(status, rows);
	if (post->definition == NULL) {
		call311_fail_outcome(post->call, status, rows, "service_code: 没有这个服务");
		post_end(post);
		return;
	}
	open311_kinds(post->definition);
	params = open311_submission(post->form, post->definition, &faults);
	if (params == NULL) {
		call311_fail_fields(post->call, faults);
		post_end(post);
		return;
	}
	json_object_set_new(params, "channel", json_integer(CHANNEL_open311));
	json_object_set_new(params, "api_key", json_string(post->key));
	json_object_set_new(params, "digest", json_string(post->digest));
	json_object_set_new(params, "at", json_integer(wall_ms()));
	if (!email_seal(room->seal, params) || !ticket_submit_fill(room, params, wall_ms())) {
		json_decref(params);
		call311_fail(post->call, 400, 500, "系统内部错误，已记录");
		post_end(post);
		return;
	}
	citizen_ask(room, STATEMENT_open311_submit, LANE_WRITE, CITIZEN_ACCOUNT, 0, post->request, params,
	            on_submitted, post);
}

/* ---- the key ------------------------------------------------------------------------------------- */

static bool secret_fits(void *context, const char *secret)
{
	const struct post311 *post = context;
	char right[65], given[65];

	token_digest(secret, right);
	token_digest(post->secret, given);
	return sodium_memcmp(right, given, sizeof right) == 0;
}

static void on_admitted(void *context, const struct partner *partner, enum refusal why, const char *sentence)
{
	struct post311 *post = context;

	if (partner != NULL) {
		citizen_ask(post->call->open311->room, STATEMENT_open311_definition, LANE_READ, CITIZEN_ACCOUNT, 0, NULL,
		            json_pack("{s:s}", "code", form_value(post->form, "service_code")), on_definition, post);
		return;
	}
	if (why == REFUSE_bad_signature || why == REFUSE_key_off || why == REFUSE_no_scope)
		call311_fail(post->call, 403, 403, BAD_KEY);
	else
		call311_fail(post->call, 400, why == REFUSE_too_fast ? 429 : 503,
		             sentence != NULL ? sentence : refusal_sentence(why));
	post_end(post);
}

/* "<key>.<secret>", as it was shown when the key was made; false: no such thing. */
static bool key_split(struct post311 *post, const char *text)
{
	const char *dot = text != NULL ? strchr(text, '.') : NULL;

	if (dot == NULL || dot - text != KEY_ROOM - 1 || strlen(dot + 1) != 64)
		return false;
	snprintf(post->key, sizeof post->key, "%s", text);
	snprintf(post->secret, sizeof post->secret, "%s", dot + 1);
	return true;
}

/* ---- the form ------------------------------------------------------------------------------------ */

static bool is_form(const struct call311 *call)
{
	static const char type[] = "application/x-www-form-urlencoded";
	char given[200];

	return http_header(call->request, "content-type", given, sizeof given)
		&& strncasecmp(given, type, sizeof type - 1) == 0
		&& (given[sizeof type - 1] == '\0' || strchr("; ", given[sizeof type - 1]) != NULL);
}

/* The form, or NULL: answered. */
static json_t *form_take(struct call311 *call, const char **ret_text, size_t *ret_len)
{
	const char *fault;
	json_t *form;

	*ret_text = http_body(call->request, ret_len);
	if (!is_form(call)) {
		call311_fail(call, 400, 400, "Content-Type: 应为 application/x-www-form-urlencoded");
		return NULL;
	}
	form = form_parse(*ret_text, *ret_len, &fault);
	if (form == NULL)
		call311_fail(call, 400, 400, fault);
	return form;
}

/* What must be there before anything is asked of the database; false: answered. */
static bool form_begins(struct post311 *post)
{
	const struct config *config = post->call->open311->room->config;
	const char *jurisdiction = form_value(post->form, "jurisdiction_id");
	const char *code = form_value(post->form, "service_code");
	char idempotency[IDEMPOTENCY_MOST + 1];
	bool has = http_header(post->call->request, "idempotency-key", idempotency, sizeof idempotency);

	if (!key_split(post, form_value(post->form, "api_key")))
		call311_fail(post->call, 403, 403, BAD_KEY);
	else if (jurisdiction != NULL && strcmp(jurisdiction, config->open311_jurisdiction) != 0)
		call311_fail(post->call, 404, 404, "jurisdiction_id: 没有这个辖区");
	else if (code == NULL)
		call311_fail(post->call, 400, 400, "service_code: 必填");
	else {
		channel_request(post->key, has && *idempotency != '\0' ? idempotency : NULL, post->request);
		return true;
	}
	return false;
}

void open311_post(struct call311 *call)
{
	const char *text;
	size_t len;
	json_t *form = form_take(call, &text, &len);
	struct post311 *post;

	if (form == NULL)
		return;
	post = calloc(1, sizeof *post);
	if (post == NULL)
		abort();
	post->call = call;
	post->form = form;
	token_digest(text, post->digest);
	if (!form_begins(post)) {
		post_end(post);
		return;
	}
	channel_admit(call->open311->room, &(struct channel_ask){ .key = post->key, .scope = "open311",
		.proof = secret_fits, .admitted = on_admitted, .context = post });
}
