/* files_take.c — taking attachments in: admitted, spooled, checked, given its row, put in its place. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../routing/flow.h"
#include "channel.h"
#include "citizen.h"
#include "command_frame.h"
#include "config.h"
#include "feed.h"
#include "files_parts.h"
#include "log.h"
#include "loop.h"
#include "parameters.h"
#include "rate.h"
#include "rest.h"
#include "seal.h"
#include "system.h"

enum { NAME_ROOM = 600 };

/* One attachment, from its last byte to the answer. */
struct upload {
	struct files *files;
	struct http_request *request;
	bool staff;
	char digest[65];             /* staff: of the login */
	long long ticket;
	char number[NUMBER_ROOM], code[CODE_ROOM];   /* citizens */
	char key[KEY_ROOM], declared[FILE_HASH_ROOM];   /* systems: who sends it, and the hash that was signed */
	char uuid[37], name[NAME_ROOM];
	char path[FILE_PATH_ROOM];   /* where the content is; "" when it is gone or in its place */
	uint64_t size;
	enum file_checked checked;
	enum file_type type;
	char sha256[FILE_HASH_ROOM];
	json_t *found;               /* the ticket as it was seen, with account and role */
	bool is_checked, again;
};

/* ---- who may begin ---------------------------------------------------------------------------- */

static bool place_take(char places[][ADDRESS_ROOM_FILES], int count, int address_most, const char *address)
{
	int same = 0, free_place = -1;

	for (int i = 0; i < count; i++) {
		if (places[i][0] == '\0')
			free_place = i;
		else if (strcmp(places[i], address) == 0)
			same++;
	}
	if (free_place < 0 || same >= address_most)
		return false;
	snprintf(places[free_place], ADDRESS_ROOM_FILES, "%s", address);
	return true;
}

static void place_give(char places[][ADDRESS_ROOM_FILES], int count, const char *address)
{
	for (int i = 0; i < count; i++)
		if (strcmp(places[i], address) == 0) {
			places[i][0] = '\0';
			return;
		}
}

static bool origin_fits(struct http_request *request)
{
	if (http_origin_ok(request))
		return true;
	http_refuse(request, 403, "origin", "不允许从其他网站上传");
	return false;
}

static bool place_or_refuse(bool taken, struct http_request *request)
{
	if (!taken)
		rest_refuse(request, REFUSE_store_busy, "正在上传的附件较多，请稍后重试", NULL);
	return taken;
}

bool files_staff_admit(void *context, struct http_request *request)
{
	struct files *files = context;
	char digest[65];

	return origin_fits(request) && rest_digest(request, digest)
		&& place_or_refuse(place_take(files->staff, STAFF_MOST, OFFICE_MOST, http_ip(request)), request);
}

/* What is signed is not known to be right before the last byte: until then a system is a stranger as well. */
bool files_partner_admit(void *context, struct http_request *request)
{
	struct files *files = context;

	if (!rate_take(files->citizens, http_ip(request), loop_ms(files->room->loop))) {
		rest_refuse(request, REFUSE_too_fast, "操作过于频繁，请一分钟后再试", NULL);
		return false;
	}
	return place_or_refuse(place_take(files->public, CITIZENS_MOST, ADDRESS_MOST, http_ip(request)), request);
}

bool files_citizen_admit(void *context, struct http_request *request)
{
	return origin_fits(request) && files_partner_admit(context, request);
}

void files_staff_ended(void *context, const struct http_request *request)
{
	place_give(((struct files *)context)->staff, STAFF_MOST, http_ip(request));
}

void files_citizen_ended(void *context, const struct http_request *request)
{
	place_give(((struct files *)context)->public, CITIZENS_MOST, http_ip(request));
}

/* ---- the end ---------------------------------------------------------------------------------- */

static void upload_end(struct upload *upload)
{
	upload->files->under_way--;
	json_decref(upload->found);
	free(upload);
}

/* What the database did not take does not stay. */
static void content_drop(struct upload *upload)
{
	if (*upload->path != '\0')
		unlink(upload->path);
	upload->path[0] = '\0';
}

static void upload_refuse(struct upload *upload, enum refusal why, const char *sentence)
{
	content_drop(upload);
	rest_refuse(upload->request, why, sentence, NULL);
	upload_end(upload);
}

static void upload_refuse_outcome(struct upload *upload, enum store_status status, const struct rows *rows)
{
	/* Perhaps it has been committed: the sweep will know. */
	if (status != STORE_LOST)
		content_drop(upload);
	rest_refuse_outcome(upload->request, status, rows);
	upload_end(upload);
}

static void upload_answer(struct upload *upload, json_t *card)
{
	file_store_place(upload->files->dir, upload->path, upload->sha256);
	if (upload->staff)
		rest_reply(upload->request, 201, card);
	else
		rest_reply(upload->request, 201, json_pack("{s:s, s:s, s:I}", "name", upload->name,
			"type", file_type_mime(upload->type), "size", (json_int_t)upload->size));
	if (!upload->staff)
		json_decref(card);
	upload_end(upload);
}

/* ---- the row ---------------------------------------------------------------------------------- */

static void upload_find(struct upload *upload);

static void on_attached(void *context, enum store_status status, const struct rows *rows)
{
	struct upload *upload = context;
	struct room *room = upload->files->room;
	json_t *card = outcome_reply_json(status, rows);
	char name[32];

	if (card != NULL) {
		upload_answer(upload, card);
		feed_publish(room, rows);
	} else if (!upload->again && outcome_refusal(status, rows, name) && strcmp(name, "stale") == 0) {
		upload->again = true;
		upload_find(upload);
	} else {
		upload_refuse_outcome(upload, status, rows);
	}
}

static void upload_attach(struct upload *upload)
{
	int account = (int)json_integer_value(json_object_get(upload->found, "account"));
	unsigned role = (unsigned)json_integer_value(json_object_get(upload->found, "role"));
	json_t *params = json_pack("{s:s, s:s, s:s, s:I}", "sha256", upload->sha256, "name", upload->name,
		"type", file_type_mime(upload->type), "size", (json_int_t)upload->size);

	if (citizen_move(upload->files->room, ACTION_attach, role, upload->found, params) != FLOW_OK) {
		json_decref(params);
		upload_refuse(upload, REFUSE_illegal_move, "工单当前状态不能再加附件");
		return;
	}
	/* The ticket's chain holds what the file was. */
	json_object_set_new(json_object_get(params, "detail"), "sha256", json_string(upload->sha256));
	citizen_ask(upload->files->room, STATEMENT_ticket_move, LANE_WRITE, account,
	            (unsigned long)json_integer_value(json_object_get(upload->found, "id")), upload->uuid, params,
	            on_attached, upload);
}

static void upload_go_on(struct upload *upload)
{
	json_t *given = json_object_get(upload->found, "given");

	if (json_is_object(given))
		upload_answer(upload, json_incref(given));
	else
		upload_attach(upload);
}

static void check(void *context)
{
	struct upload *upload = context;

	upload->checked = file_store_check(upload->path, &upload->type, upload->sha256);
}

static void on_checked(void *context)
{
	struct upload *upload = context;
	char fitting[NAME_ROOM];

	upload->is_checked = true;
	if (upload->checked != FILE_GOOD)
		upload->path[0] = '\0';
	if (upload->checked == FILE_UNKNOWN) {
		upload_refuse(upload, REFUSE_bad_params, "只能上传照片（JPEG、PNG、WebP）和 PDF 文件，且内容须完整");
	} else if (*upload->declared != '\0' && strcmp(upload->declared, upload->sha256) != 0) {
		upload_refuse(upload, REFUSE_bad_signature, "文件内容与 X-Content-SHA256 不符");
	} else if (upload->checked == FILE_BROKEN) {
		upload_refuse(upload, REFUSE_store_away, "暂时不能保存附件，请稍后重试");
	} else if (!file_name_fit(upload->name, upload->type, fitting, sizeof fitting)) {
		upload_refuse(upload, REFUSE_bad_params, "文件名不能用，请改名后再上传");
	} else {
		strcpy(upload->name, fitting);
		upload_go_on(upload);
	}
}

static void on_found(void *context, enum store_status status, const struct rows *rows)
{
	struct upload *upload = context;

	json_decref(upload->found);
	upload->found = outcome_reply_json(status, rows);
	if (upload->found == NULL)
		upload_refuse_outcome(upload, status, rows);
	else if (upload->is_checked)
		upload_go_on(upload);
	else
		loop_work(upload->files->room->loop, check, on_checked, upload);
}

static void upload_find(struct upload *upload)
{
	struct room *room = upload->files->room;

	if (upload->staff)
		citizen_ask(room, STATEMENT_file_ticket, LANE_READ, 0, (unsigned long)upload->ticket, NULL,
		            json_pack("{s:s, s:I, s:s, s:I}", "digest", upload->digest, "id",
		                      (json_int_t)upload->ticket, "request", upload->uuid,
		                      "at", (json_int_t)wall_ms()), on_found, upload);
	else if (*upload->key != '\0')
		citizen_ask(room, STATEMENT_api_ticket, LANE_WRITE, CITIZEN_ACCOUNT, 0, NULL,
		            json_pack("{s:s, s:s, s:s, s:s, s:I}", "number", upload->number, "key", upload->key, "request",
		                      upload->uuid, "digest", upload->declared, "at", (json_int_t)wall_ms()), on_found, upload);
	else
		citizen_ask(room, STATEMENT_public_find, LANE_WRITE, CITIZEN_ACCOUNT, 0, NULL,
		            citizen_find(room, upload->number, upload->code, upload->uuid), on_found, upload);
}

/* ---- the request ------------------------------------------------------------------------------ */

/* The query's members as a checked object; NULL: refused. */
static json_t *query_read(struct http_request *request, const char *spec)
{
	json_t *query = json_object(), *faults = NULL;
	const char *at = spec;
	struct parameter field;
	char value[NAME_ROOM];

	while (parameter_next(&at, &field) > 0)
		if (http_query(request, field.name, value, sizeof value))
			json_object_set_new(query, field.name, json_string(value));
	if (parameters_check(spec, query, &faults))
		return query;
	json_decref(query);
	rest_refuse(request, REFUSE_bad_params, NULL, faults);
	return NULL;
}

static void member_copy(const json_t *query, const char *name, char *out, size_t room)
{
	const char *text = json_string_value(json_object_get(query, name));

	snprintf(out, room, "%s", text != NULL ? text : "");
}

/* Takes the request and what was spooled of it. `given` says who sends it. */
static void upload_begin(const struct upload *given, struct http_request *request, const json_t *query)
{
	struct upload *upload = malloc(sizeof *upload);
	char *path;

	if (upload == NULL)
		abort();
	*upload = *given;
	upload->request = request;
	member_copy(query, "name", upload->name, sizeof upload->name);
	if (*upload->key == '\0') {
		member_copy(query, "number", upload->number, sizeof upload->number);
		member_copy(query, "code", upload->code, sizeof upload->code);
		member_copy(query, "request", upload->uuid, sizeof upload->uuid);
	}
	if (*upload->uuid == '\0')
		uuid_make(upload->uuid);
	upload->files->under_way++;
	path = http_spool_take(request, &upload->size);
	snprintf(upload->path, sizeof upload->path, "%s", path != NULL ? path : "");
	if (!uuid_is_valid(upload->uuid))
		upload_refuse(upload, REFUSE_bad_params, "request 应为 UUID，同一文件重发时保持不变");
	else if (path == NULL)
		upload_refuse(upload, REFUSE_bad_params, "文件是空的，请重新选择");
	else
		upload_find(upload);
	free(path);
}

void files_staff_take(void *context, struct http_request *request)
{
	struct upload given = { .files = context, .staff = true };
	json_t *query;

	if (!origin_fits(request) || !rest_digest(request, given.digest)
	    || (given.ticket = files_number(request)) == 0
	    || (query = query_read(request, "name:text(120) request:code(36)?")) == NULL)
		return;
	upload_begin(&given, request, query);
	json_decref(query);
}

void files_citizen_take(void *context, struct http_request *request)
{
	struct upload given = { .files = context };
	json_t *query;

	if (!origin_fits(request)
	    || (query = query_read(request, "number:code(18) code:code(6) name:text(120) request:code(36)")) == NULL)
		return;
	upload_begin(&given, request, query);
	json_decref(query);
}

void files_partner_begin(struct files *files, struct http_request *request, const struct files_partner *partner)
{
	struct upload given = { .files = files };
	json_t *query = query_read(request, "name:text(120)");

	if (query == NULL)
		return;
	snprintf(given.key, sizeof given.key, "%s", partner->key);
	snprintf(given.number, sizeof given.number, "%s", partner->number);
	snprintf(given.uuid, sizeof given.uuid, "%s", partner->uuid);
	snprintf(given.declared, sizeof given.declared, "%s", partner->sha256);
	upload_begin(&given, request, query);
	json_decref(query);
}
