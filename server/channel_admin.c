/* channel_admin.c — secrets of keys: made and sealed for the database, shown to the administrator once. */
#include <stdlib.h>
#include <string.h>
#include "channel.h"
#include "log.h"
#include "room.h"
#include "seal.h"

enum judged judge_channel(struct room *room, struct ask *ask)
{
	char secret[65], *sealed;

	token_make(secret);
	sealed = seal_text(room->seal, secret);
	explicit_bzero(secret, sizeof secret);
	if (sealed == NULL) {
		ask_refuse(room, ask, REFUSE_internal, NULL, NULL);
		return JUDGE_DONE;
	}
	json_object_set_new(ask->params, "secret", json_string(sealed));
	free(sealed);
	if (json_object_get(ask->params, "key") == NULL) {
		char key[65];

		token_make(key);
		key[KEY_ROOM - 1] = '\0';
		key[0] = 'k';
		json_object_set_new(ask->params, "key", json_string(key));
	}
	return JUDGE_PASS;
}

void finish_secret(struct room *room, struct ask *ask, const char *text)
{
	json_t *reply = json_loads(text, 0, NULL);
	char *secret = unseal_text(room->seal, json_string_value(json_object_get(reply, "secret")));

	if (secret == NULL) {
		json_decref(reply);
		log_line(LOG_ERROR, "channel", "a sealed secret does not open: wrong key file?", NULL);
		ask_refuse(room, ask, REFUSE_internal, NULL, NULL);
		return;
	}
	json_object_set_new(reply, "secret", json_string(secret));
	explicit_bzero(secret, strlen(secret));
	free(secret);
	ask_answer_json(room, ask, reply);
}
