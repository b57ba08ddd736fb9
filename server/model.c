/* model.c — the model that dispatches: the version that the database says is in force. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include "../routing/classify.h"
#include "log.h"
#include "loop.h"
#include "model.h"
#include "system.h"

enum { LOOK_MS = 30000 };

struct model {
	struct room *room;
	struct classify_model *classifier;   /* NULL: none */
	int version;                         /* as the database says, also of one that could not be read */
	bool asked, again, stopped;          /* one question at a time; another one was wanted meanwhile */
	struct timer *look;
	void (*loaded)(void *context);
	void *context;
};

static struct classify_model *classifier_read(const json_t *reply, int version)
{
	const char *text = json_string_value(json_object_get(reply, "bytes"));
	size_t room = text != NULL ? strlen(text) / 4 * 3 + 3 : 0, len = 0;
	unsigned char *bytes = malloc(room + 1);
	char fault[CLASSIFY_FAULT_ROOM] = "no bytes came";
	struct classify_model *classifier = NULL;

	if (bytes == NULL)
		abort();
	if (text != NULL && sodium_base642bin(bytes, room, text, strlen(text), NULL, &len, NULL, sodium_base64_VARIANT_ORIGINAL) == 0)
		classifier = classify_model_read(bytes, len, fault);
	free(bytes);
	if (classifier != NULL)
		log_text(LOG_INFO, "model", "version %d dispatches: %zu labels, %zu grams", version,
		         classify_label_count(classifier), classify_feature_count(classifier));
	else
		log_text(LOG_ERROR, "model", "version %d cannot be read, the catalogue's words dispatch: %s", version, fault);
	return classifier;
}

static void take(struct model *model, const json_t *reply)
{
	int version = (int)json_integer_value(json_object_get(reply, "version"));

	if (version == model->version)
		return;
	classify_model_free(model->classifier);
	model->classifier = version != 0 ? classifier_read(reply, version) : NULL;
	model->version = version;
	if (version == 0)
		log_text(LOG_INFO, "model", "no model is in force: the catalogue's words dispatch");
}

static void answered(void *context, enum store_status status, const struct rows *rows)
{
	struct model *model = context;
	json_t *reply = outcome_reply_json(status, rows);
	void (*loaded)(void *) = model->loaded;

	model->asked = false;
	if (reply != NULL)
		take(model, reply);
	json_decref(reply);
	model->loaded = NULL;
	if (model->stopped)
		return;
	if (model->again)
		model_touch(model->room);
	if (loaded != NULL)
		loaded(model->context);
}

void model_touch(struct room *room)
{
	struct model *model = room->model;

	model->again = model->asked;
	if (model->asked || model->stopped)
		return;
	model->asked = true;
	system_ask(room, STATEMENT_model_load, LANE_SLOW, 0, json_pack("{s:i}", "have", model->version), answered, model);
}

static void look(void *context)
{
	struct model *model = context;

	model_touch(model->room);
}

void model_open(struct room *room, void (*loaded)(void *context), void *context)
{
	struct model *model = calloc(1, sizeof(*model));

	if (model == NULL)
		abort();
	*model = (struct model){ .room = room, .loaded = loaded, .context = context };
	room->model = model;
	model->look = loop_timer(room->loop, look, model);
	timer_start(model->look, LOOK_MS, LOOK_MS);
	model_touch(room);
}

void model_stop(struct room *room)
{
	if (room->model == NULL || room->model->stopped)
		return;
	room->model->stopped = true;
	timer_end(room->model->look);
}

void model_close(struct room *room)
{
	if (room->model == NULL)
		return;
	classify_model_free(room->model->classifier);
	free(room->model);
	room->model = NULL;
}

const struct classify_model *model_classifier(const struct room *room)
{
	return room->model != NULL ? room->model->classifier : NULL;
}

int model_version(const struct room *room)
{
	return room->model != NULL ? room->model->version : 0;
}
