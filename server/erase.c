/* erase.c — 个人信息删除: find, open what is sealed, preview or erase, then the file store and Redis. */
#include "erase.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "citizen.h"
#include "config.h"
#include "feed.h"
#include "file_store.h"
#include "log.h"
#include "loop.h"
#include "redis.h"
#include "seal.h"
#include "system.h"

enum { OLD_MS = 3000 };          /* by then every console has read what was in the streams */

struct erasure {
	struct room *room;
	struct ask *ask;             /* owned until it is answered */
	json_t *found;               /* of erasure_find() */
	json_t *person;              /* what erasure_preview() and erasure_do() take: holds open data */
};

/* Copies of the streams that are older than an erasure, in this process's care. */
struct erase { struct timer *timer; int64_t before; bool waiting; };

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? text : "";
}

static void texts_wipe(json_t *texts)
{
	json_t *one;
	size_t i;

	json_array_foreach(texts, i, one)
		explicit_bzero((char *)(uintptr_t)json_string_value(one), json_string_length(one));
}

static void erasure_free(struct erasure *erasure)
{
	texts_wipe(json_object_get(erasure->person, "wide"));
	texts_wipe(json_object_get(erasure->person, "own"));
	texts_wipe(json_object_get(erasure->person, "words"));
	json_decref(erasure->person);
	json_decref(erasure->found);
	free(erasure);
}

static void refuse(struct erasure *erasure, enum refusal why, const char *sentence, json_t *data)
{
	ask_refuse(erasure->room, erasure->ask, why, sentence, data);
	erasure_free(erasure);
}

static void refuse_field(struct erasure *erasure, const char *field, const char *sentence)
{
	refuse(erasure, REFUSE_bad_params, NULL, json_pack("{s:{s:s}}", "fields", field, sentence));
}

static void refuse_outcome(struct erasure *erasure, enum store_status status, const struct rows *rows)
{
	ask_refuse_outcome(erasure->room, erasure->ask, status, rows);
	erasure_free(erasure);
}

/* ---- Redis ----------------------------------------------------------------------------------------------- */

/* Streams are hints: what is cut from them is found again in the database, and a console that comes back from before
 * asks for its lists. The append-only file is written anew, so that it forgets as well. */
static void streams_cut(void *context)
{
	static const char *const streams[] = { "feed", "dispatch", "110" };
	struct room *room = context;

	room->erase->waiting = false;
	for (size_t i = 0; i < sizeof streams / sizeof streams[0]; i++)
		redis_sendf(room->redis, NULL, NULL, "XTRIM %s:%s MINID %lld", room->config->redis_prefix, streams[i],
		            (long long)room->erase->before);
	if (!redis_sendf(room->redis, NULL, NULL, "BGREWRITEAOF"))
		log_line(LOG_WARN, "erase", "Redis is away: its streams still hold cards of before the erasure", NULL);
}

static void streams_cut_later(struct room *room)
{
	if (room->erase == NULL) {
		room->erase = calloc(1, sizeof *room->erase);
		if (room->erase == NULL)
			abort();
		room->erase->timer = loop_timer(room->loop, streams_cut, room);
	}
	room->erase->before = wall_ms();
	room->erase->waiting = true;
	timer_start(room->erase->timer, OLD_MS, 0);
}

void erase_close(struct room *room)
{
	if (room->erase == NULL)
		return;
	if (room->erase->waiting)
		streams_cut(room);
	timer_end(room->erase->timer);
	free(room->erase);
	room->erase = NULL;
}

/* ---- erasing ----------------------------------------------------------------------------------------------- */

static void files_remove(const struct room *room, const json_t *hashes)
{
	const json_t *hash;
	size_t i;

	json_array_foreach(hashes, i, hash)
		file_store_remove(room->config->files_dir, json_string_value(hash));
}

static void on_erased(void *context, enum store_status status, const struct rows *rows)
{
	struct erasure *erasure = context;
	json_t *reply = outcome_reply_json(status, rows);

	if (reply == NULL) {
		refuse_outcome(erasure, status, rows);
		return;
	}
	feed_publish(erasure->room, rows);
	files_remove(erasure->room, json_object_get(reply, "files"));
	streams_cut_later(erasure->room);
	log_text(LOG_INFO, "erase", "erasure %lld by account %d", json_integer_value(json_object_get(reply, "erasure")),
	         erasure->ask->seat.account);
	json_object_del(reply, "files");
	ask_answer_json(erasure->room, erasure->ask, reply);
	erasure_free(erasure);
}

static size_t pieces(const struct erasure *erasure)
{
	return json_array_size(json_object_get(erasure->found, "tickets")) + json_array_size(json_object_get(erasure->found, "cases"));
}

/* Only what was seen is erased: the number of pieces is typed, and must still be the same. */
static bool is_confirmed(const struct erasure *erasure, char wanted[40])
{
	snprintf(wanted, 40, "删除%zu件", pieces(erasure));
	return strcmp(wanted, text_of(erasure->ask->params, "confirm")) == 0;
}

/* Reason and document stand in the record of erasures for ever, so nothing of the person may be in them. */
static const char *field_with_person(const struct erasure *erasure)
{
	static const char *const fields[] = { "reason", "document" };
	static const char *const lists[] = { "wide", "own", "words" };
	const json_t *one;
	size_t i;

	for (size_t f = 0; f < 2; f++)
		for (size_t l = 0; l < 3; l++)
			json_array_foreach(json_object_get(erasure->person, lists[l]), i, one)
				if (json_string_length(one) > 3 && strstr(text_of(erasure->ask->params, fields[f]), json_string_value(one)) != NULL)
					return fields[f];
	return NULL;
}

static void erase(struct erasure *erasure)
{
	static const char *const told[] = { "basis", "document", "reason", "at" };
	const json_t *open = json_object_get(erasure->found, "open");
	const char *field = field_with_person(erasure);
	char wanted[40], sentence[80];

	if (json_array_size(open) > 0) {
		refuse(erasure, REFUSE_rule, "此人还有未办结的工单或办件，办结后才能删除", json_pack("{s:O}", "open", open));
	} else if (field != NULL) {
		refuse_field(erasure, field, "不要写入此人的号码、姓名或证件号：删除记录长期保存");
	} else if (!is_confirmed(erasure, wanted)) {
		snprintf(sentence, sizeof sentence, "与预览不符：请照录“%s”", wanted);
		refuse_field(erasure, "confirm", sentence);
	} else {
		for (size_t i = 0; i < sizeof told / sizeof told[0]; i++)
			json_object_set(erasure->person, told[i], json_object_get(erasure->ask->params, told[i]));
		citizen_ask(erasure->room, STATEMENT_erasure_do, LANE_LONG, erasure->ask->seat.account, 0, NULL,
		            json_incref(erasure->person), on_erased, erasure);
	}
}

static void on_previewed(void *context, enum store_status status, const struct rows *rows)
{
	struct erasure *erasure = context;
	json_t *reply = outcome_reply_json(status, rows);

	if (reply == NULL) {
		refuse_outcome(erasure, status, rows);
		return;
	}
	json_object_set(reply, "tickets", json_object_get(erasure->found, "tickets"));
	json_object_set(reply, "cases", json_object_get(erasure->found, "cases"));
	json_object_set(reply, "open", json_object_get(erasure->found, "open"));
	ask_answer_json(erasure->room, erasure->ask, reply);
	erasure_free(erasure);
}

/* ---- who is meant -------------------------------------------------------------------------------------------- */

static void ids_copy(const json_t *rows, json_t *out)
{
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
		json_array_append(out, json_object_get(row, "id"));
}

static void add_once(json_t *texts, const char *text)
{
	const json_t *one;
	size_t i;

	json_array_foreach(texts, i, one)
		if (strcmp(json_string_value(one), text) == 0)
			return;
	json_array_append_new(texts, json_string(text));
}

/* Sealed texts as they stand, and what they say. false: one does not open. */
static bool open_all(const struct seal *seal, const json_t *sealed, json_t *all_sealed, json_t *plain)
{
	const json_t *one;
	size_t i;

	json_array_foreach(sealed, i, one) {
		char *text = unseal_text(seal, json_string_value(one));

		if (text == NULL)
			return false;
		json_array_append_new(all_sealed, json_string(json_string_value(one)));
		if (*text != '\0')
			add_once(plain, text);
		explicit_bzero(text, strlen(text));
		free(text);
	}
	return true;
}

static bool person_make(struct erasure *erasure)
{
	const json_t *found = erasure->found, *sealed = json_object_get(found, "sealed"), *mask;
	const char *by = text_of(erasure->ask->params, "by"), *key = text_of(erasure->ask->params, by);
	json_t *tickets = json_array(), *cases = json_array(), *wide = json_array(), *own = json_array(), *words = json_array(),
		*all_sealed = json_array();
	const struct seal *seal = erasure->room->seal;
	size_t i;

	ids_copy(json_object_get(found, "tickets"), tickets);
	ids_copy(json_object_get(found, "cases"), cases);
	if (strcmp(by, "ticket") != 0)
		json_array_append_new(wide, json_string(key));
	json_array_foreach(json_object_get(found, "masks"), i, mask)
		json_array_append(words, (json_t *)(uintptr_t)mask);
	erasure->person = json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:O}", "by", by, "tickets", tickets, "cases", cases,
		"wide", wide, "own", own, "words", words, "sealed", all_sealed, "indexes", json_object_get(found, "indexes"));
	return open_all(seal, json_object_get(sealed, "phone"), all_sealed, own)
		&& open_all(seal, json_object_get(sealed, "id_no"), all_sealed, own)
		&& open_all(seal, json_object_get(sealed, "name"), all_sealed, words);
}

static void on_found(void *context, enum store_status status, const struct rows *rows)
{
	struct erasure *erasure = context;
	const char *by = text_of(erasure->ask->params, "by");

	erasure->found = outcome_reply_json(status, rows);
	if (erasure->found == NULL) {
		refuse_outcome(erasure, status, rows);
	} else if (pieces(erasure) == 0 && strcmp(by, "phone") != 0) {
		refuse_field(erasure, strcmp(by, "ticket") == 0 ? "number" : by, "没有找到相应的工单或办件");
	} else if (!person_make(erasure)) {
		log_line(LOG_ERROR, "erase", "sealed contact data does not open: wrong key file?", NULL);
		refuse(erasure, REFUSE_internal, "联系方式无法解密，请联系管理员核对密钥文件", NULL);
	} else if (json_object_get(erasure->ask->params, "confirm") != NULL) {
		erase(erasure);
	} else {
		citizen_ask(erasure->room, STATEMENT_erasure_preview, LANE_LONG, erasure->ask->seat.account, 0, NULL,
		            json_incref(erasure->person), on_previewed, erasure);
	}
}

/* ID numbers are kept in capitals (ticket.c). */
static void id_capitals(json_t *params)
{
	char id[32];

	snprintf(id, sizeof id, "%s", text_of(params, "id_no"));
	for (size_t i = 0; id[i] != '\0'; i++)
		id[i] = (char)toupper((unsigned char)id[i]);
	if (*id != '\0')
		json_object_set_new(params, "id_no", json_string(id));
}

static void index_add(const struct room *room, json_t *params, const char *name, const char *index_name, json_t *out)
{
	char index[65];

	if (*text_of(params, name) == '\0')
		return;
	seal_index(room->seal, text_of(params, name), index);
	json_object_set_new(out, index_name, json_string(index));
}

enum judged judge_erasure(struct room *room, struct ask *ask)
{
	const char *by = text_of(ask->params, "by"), *field = strcmp(by, "ticket") == 0 ? "number" : by;
	struct erasure *erasure;
	json_t *wanted;

	if (*text_of(ask->params, field) == '\0') {
		ask_refuse(room, ask, REFUSE_bad_params, NULL, json_pack("{s:{s:s}}", "fields", field, "请填写"));
		return JUDGE_DONE;
	}
	id_capitals(ask->params);
	wanted = json_pack("{s:s, s:s}", "by", by, "number", text_of(ask->params, "number"));
	index_add(room, ask->params, "phone", "phone_index", wanted);
	index_add(room, ask->params, "id_no", "id_index", wanted);
	erasure = calloc(1, sizeof *erasure);
	if (erasure == NULL)
		abort();
	*erasure = (struct erasure){ .room = room, .ask = ask };
	system_ask(room, STATEMENT_erasure_find, LANE_READ, 0, wanted, on_found, erasure);
	return JUDGE_LATER;
}
