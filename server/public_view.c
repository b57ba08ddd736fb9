/* public_view.c — a ticket as its citizen may see it. */
#include "public_view.h"

#include <stdlib.h>
#include <string.h>
#include "../routing/flow.h"
#include "../routing/terms.h"
#include "log.h"
#include "seal.h"

enum { SECRETS = 3, SECRET_LEAST = 6 };
static const char stars[] = "***";

struct secrets { char *texts[SECRETS]; };

/* Length of the secret that begins here, 0 for none. */
static size_t secret_at(const char *at, const char *const secrets[], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t len = secrets[i] != NULL ? strlen(secrets[i]) : 0;

		if (len >= SECRET_LEAST && strncmp(at, secrets[i], len) == 0)
			return len;
	}
	return 0;
}

char *public_redact(const char *text, const char *const secrets[], size_t count)
{
	/* Stars are never longer than what they replace. */
	char *out = malloc(strlen(text) + 1), *end = out;

	if (out == NULL)
		abort();
	while (*text != '\0') {
		size_t len = secret_at(text, secrets, count);

		if (len > 0) {
			memcpy(end, stars, sizeof stars - 1);
			end += sizeof stars - 1;
			text += len;
		} else {
			*end++ = *text++;
		}
	}
	*end = '\0';
	return out;
}

static void redact_all(json_t *value, const char *const secrets[])
{
	const char *key;
	void *next;
	json_t *item;
	size_t i;

	if (json_is_string(value)) {
		char *text = public_redact(json_string_value(value), secrets, SECRETS);

		json_string_set(value, text);
		free(text);
	}
	json_array_foreach(value, i, item)
		redact_all(item, secrets);
	json_object_foreach_safe(value, next, key, item)
		redact_all(item, secrets);
}

static bool secrets_open(const struct seal *seal, const json_t *sealed, struct secrets *ret)
{
	bool opened = true;

	for (size_t i = 0; i < SECRETS; i++) {
		const char *text = json_string_value(json_array_get(sealed, i));

		ret->texts[i] = text != NULL ? unseal_text(seal, text) : NULL;
		opened = opened && (text == NULL || ret->texts[i] != NULL);
	}
	if (!opened)
		log_line(LOG_ERROR, "public", "sealed contact data does not open: wrong key file?", NULL);
	return opened;
}

static void secrets_forget(struct secrets *secrets)
{
	for (size_t i = 0; i < SECRETS; i++) {
		if (secrets->texts[i] != NULL)
			explicit_bzero(secrets->texts[i], strlen(secrets->texts[i]));
		free(secrets->texts[i]);
	}
}

/* {"at","term","grade"} gets its text from terms.def. */
static void grades_name(json_t *timeline)
{
	size_t i;
	json_t *step;

	json_array_foreach(timeline, i, step) {
		const char *term = term_text(TERMS_GRADE,
		                             (int)json_integer_value(json_object_get(step, "grade")));

		json_object_del(step, "grade");
		if (term != NULL)
			json_object_set_new(step, "text", json_string(term));
	}
}

static void can_add(json_t *view)
{
	static const enum flow_action actions[] = {
		ACTION_supplement, ACTION_urge, ACTION_withdraw, ACTION_rate, ACTION_supply, ACTION_attach };
	int state = (int)json_integer_value(json_object_get(view, "state"));
	json_t *can = json_object();

	for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
		const struct flow_edge *edge;

		json_object_set_new(can, flow_action_name(actions[i]), json_boolean(
			flow_judge(actions[i], (enum flow_state)state, ROLE_citizen, &edge) == FLOW_OK));
	}
	json_object_set_new(view, "can", can);
}

bool public_view_finish(const struct seal *seal, json_t *view)
{
	struct secrets secrets;
	bool opened = secrets_open(seal, json_object_get(view, "sealed"), &secrets);

	json_object_del(view, "sealed");
	if (opened) {
		redact_all(json_object_get(view, "title"), (const char *const *)secrets.texts);
		redact_all(json_object_get(view, "reply"), (const char *const *)secrets.texts);
		redact_all(json_object_get(view, "points"), (const char *const *)secrets.texts);
		redact_all(json_object_get(view, "answers"), (const char *const *)secrets.texts);
		redact_all(json_object_get(view, "needs"), (const char *const *)secrets.texts);
		redact_all(json_object_get(view, "timeline"), (const char *const *)secrets.texts);
		grades_name(json_object_get(view, "timeline"));
		can_add(view);
	}
	secrets_forget(&secrets);
	return opened;
}

bool public_case_finish(const struct seal *seal, json_t *view)
{
	struct secrets secrets;
	bool opened = secrets_open(seal, json_object_get(view, "sealed"), &secrets);
	json_t *number = json_deep_copy(json_object_get(view, "number"));

	json_object_del(view, "sealed");
	if (opened)
		redact_all(view, (const char *const *)secrets.texts);
	json_object_set_new(view, "number", number);
	secrets_forget(&secrets);
	return opened;
}
