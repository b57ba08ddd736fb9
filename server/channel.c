/* channel.c — whether a request is from the system whose key it names, and whether it may ask for this now. */
#include "channel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "citizen.h"
#include "log.h"
#include "loop.h"
#include "seal.h"
#include "system.h"

enum { SCOPE_ROOM = 16, NONCE_ROOM_CHANNEL = 72 };

struct admission {
	struct room *room;
	struct channel_ask ask;
	char key[KEY_ROOM], scope[SCOPE_ROOM], nonce[NONCE_ROOM_CHANNEL];
};

static void end(struct admission *admission, const struct partner *partner, enum refusal why, const char *sentence)
{
	if (partner == NULL)
		log_line(LOG_INFO, "channel", "refused", "key", admission->key, "scope", admission->scope,
		         "code", refusal_name(why), NULL);
	admission->ask.admitted(admission->ask.context, partner, why, sentence);
	free(admission);
}

static void end_outcome(struct admission *admission, enum store_status status, const struct rows *rows)
{
	static const enum refusal why[] = {
		[STORE_OK] = REFUSE_internal, [STORE_LOST] = REFUSE_store_lost, [STORE_AWAY] = REFUSE_store_away,
		[STORE_BUSY] = REFUSE_store_busy, [STORE_FAILED] = REFUSE_internal };
	const char *text = status == STORE_OK && rows_count(rows) > 0 ? rows_text(rows, 0, OUTCOME_BODY) : NULL;
	json_t *body = text != NULL ? json_loads(text, 0, NULL) : NULL;
	const char *code = json_string_value(json_object_get(body, "code"));

	end(admission, NULL, code != NULL ? refusal_find(code) : why[status],
	    json_string_value(json_object_get(body, "sentence")));
	json_decref(body);
}

static void on_admitted(void *context, enum store_status status, const struct rows *rows)
{
	struct admission *admission = context;
	json_t *reply = outcome_reply_json(status, rows);
	struct partner partner = { .number = (int)json_integer_value(json_object_get(reply, "channel")) };

	json_decref(reply);
	if (reply == NULL) {
		end_outcome(admission, status, rows);
		return;
	}
	strcpy(partner.key, admission->key);
	end(admission, &partner, REFUSE_internal, NULL);
}

static bool proven(const struct admission *admission, const json_t *found)
{
	char *secret = unseal_text(admission->room->seal, json_string_value(json_object_get(found, "secret")));
	bool right = secret != NULL && admission->ask.proof(admission->ask.context, secret);

	if (secret == NULL)
		log_line(LOG_ERROR, "channel", "a sealed secret does not open: wrong key file?", "key",
		         admission->key, NULL);
	else
		explicit_bzero(secret, strlen(secret));
	free(secret);
	return right;
}

static void on_found(void *context, enum store_status status, const struct rows *rows)
{
	struct admission *admission = context;
	json_t *found = outcome_reply_json(status, rows);

	if (found == NULL)
		end_outcome(admission, status, rows);
	else if (!proven(admission, found))
		end(admission, NULL, REFUSE_bad_signature, NULL);
	else
		citizen_ask(admission->room, STATEMENT_api_admit, LANE_WRITE, CITIZEN_ACCOUNT, 0, NULL,
		            json_pack("{s:s, s:s, s:s?, s:I}", "key", admission->key, "scope", admission->scope,
		                      "nonce", *admission->nonce != '\0' ? admission->nonce : NULL,
		                      "at", (json_int_t)wall_ms()), on_admitted, admission);
	json_decref(found);
}

void channel_admit(struct room *room, const struct channel_ask *ask)
{
	struct admission *admission = calloc(1, sizeof *admission);

	if (admission == NULL)
		abort();
	admission->room = room;
	admission->ask = *ask;
	snprintf(admission->key, sizeof admission->key, "%s", ask->key);
	snprintf(admission->scope, sizeof admission->scope, "%s", ask->scope);
	snprintf(admission->nonce, sizeof admission->nonce, "%s", ask->nonce != NULL ? ask->nonce : "");
	citizen_ask(room, STATEMENT_api_find, LANE_READ, CITIZEN_ACCOUNT, 0, NULL,
	            json_pack("{s:s}", "key", admission->key), on_found, admission);
}

void channel_request(const char *key, const char *idempotency, char out[37])
{
	char text[KEY_ROOM + IDEMPOTENCY_MOST + 2], digest[65];

	if (idempotency == NULL) {
		uuid_make(out);
		return;
	}
	snprintf(text, sizeof text, "%s\n%s", key, idempotency);
	token_digest(text, digest);
	snprintf(out, 37, "%.8s-%.4s-%.4s-%.4s-%.12s", digest, digest + 8, digest + 12, digest + 16, digest + 20);
}
