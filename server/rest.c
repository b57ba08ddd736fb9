/* rest.c — what the HTTP doors share. */
#include "rest.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include "command_frame.h"
#include "log.h"
#include "parameters.h"
#include "seal.h"
#include "system.h"

void rest_reply(struct http_request *request, int status, json_t *body)
{
	char *text = json_dumps(body, JSON_COMPACT);

	json_decref(body);
	if (text == NULL)
		abort();
	http_reply(request, status, "application/json; charset=utf-8", NULL, text, strlen(text));
	free(text);
}

/* Own numbers carry the status in front: 40401. */
static int status_of(enum refusal why)
{
	int number = refusal_number(why);

	if (number > 0)
		return number / 100;
	return why == REFUSE_internal ? 500 : why == REFUSE_no_method ? 404 : 400;
}

void rest_refuse(struct http_request *request, enum refusal why, const char *sentence, json_t *fields)
{
	json_t *error = json_pack("{s:s, s:s}", "code", refusal_name(why),
	                          "message", sentence != NULL ? sentence : refusal_sentence(why));

	log_line(why == REFUSE_internal ? LOG_ERROR : LOG_INFO, "rest", "refused", "code", refusal_name(why),
	         "path", http_path(request), "ip", http_ip(request), NULL);
	if (fields != NULL)
		json_object_set_new(error, "fields", fields);
	rest_reply(request, status_of(why), json_pack("{s:o}", "error", error));
}

void rest_refuse_outcome(struct http_request *request, enum store_status status, const struct rows *rows)
{
	static const enum refusal why[] = {
		[STORE_OK] = REFUSE_internal, [STORE_LOST] = REFUSE_store_lost, [STORE_AWAY] = REFUSE_store_away,
		[STORE_BUSY] = REFUSE_store_busy, [STORE_FAILED] = REFUSE_internal };
	const char *text = status == STORE_OK && rows_count(rows) > 0 ? rows_text(rows, 0, OUTCOME_BODY) : NULL;
	json_t *body = text != NULL ? json_loads(text, 0, NULL) : NULL;
	const char *code = json_string_value(json_object_get(body, "code"));

	rest_refuse(request, code != NULL ? refusal_find(code) : why[status],
	            json_string_value(json_object_get(body, "sentence")),
	            json_incref(json_object_get(body, "fields")));
	json_decref(body);
}

static bool uuid_move(json_t *body, char uuid[37], json_t **faults)
{
	const char *text = json_string_value(json_object_get(body, "request"));

	if (text == NULL || !uuid_is_valid(text)) {
		*faults = json_pack("{s:s}", "request", "应为 UUID，同一操作重发时保持不变");
		return false;
	}
	for (size_t i = 0; i < 37; i++)
		uuid[i] = text[i] >= 'A' && text[i] <= 'F' ? (char)(text[i] - 'A' + 'a') : text[i];
	json_object_del(body, "request");
	return true;
}

json_t *rest_body(struct http_request *request, const char *spec, char uuid[37])
{
	size_t len;
	const char *text = http_body(request, &len);
	json_t *body = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL), *faults = NULL;

	if (!json_is_object(body)) {
		json_decref(body);
		rest_refuse(request, REFUSE_parse_error, "请求正文应为一个 JSON 对象", NULL);
		return NULL;
	}
	if ((uuid == NULL || uuid_move(body, uuid, &faults)) && parameters_check(spec, body, &faults))
		return body;
	json_decref(body);
	rest_refuse(request, REFUSE_bad_params, NULL, faults);
	return NULL;
}

/* Digests are compared, so that neither the key's bytes nor its length show in the time taken. */
bool rest_key_fits(const struct http_request *request, const char *key)
{
	char header[512], given[65], wanted[65];

	if (!http_header(request, "authorization", header, sizeof header)
	    || strncmp(header, "Bearer ", 7) != 0)
		return false;
	token_digest(header + 7, given);
	token_digest(key, wanted);
	return sodium_memcmp(given, wanted, sizeof given - 1) == 0;
}

bool rest_digest(struct http_request *request, char digest[65])
{
	char cookie[128];

	if (!http_cookie(request, "sid", cookie, sizeof cookie) || *cookie == '\0') {
		rest_refuse(request, REFUSE_not_logged_in, NULL, NULL);
		return false;
	}
	token_digest(cookie, digest);
	return true;
}

long long rest_number(struct http_request *request, size_t prefix)
{
	const char *text = http_path(request) + prefix;
	size_t len = strlen(text);

	if (len > 0 && len <= 15 && strspn(text, "0123456789") == len && *text != '0')
		return strtoll(text, NULL, 10);
	rest_refuse(request, REFUSE_not_found, NULL, NULL);
	return 0;
}
