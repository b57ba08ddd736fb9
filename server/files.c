/* files.c — the room of attachments, and giving them out. */
#include "files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "citizen.h"
#include "config.h"
#include "files_parts.h"
#include "http_parse.h"
#include "log.h"
#include "loop.h"
#include "rate.h"
#include "rest.h"
#include "system.h"

enum { SWEEP_MS = 3600000, HEADERS_ROOM = 1000 };

static const char FILES_PATH[] = "/api/files/";

long long files_number(struct http_request *request)
{
	return rest_number(request, sizeof FILES_PATH - 1);
}

/* ---- giving one out --------------------------------------------------------------------------- */

struct handing { struct files *files; struct http_request *request; char known[400]; };

/* Pictures are shown, all else is saved; neither can run anything here or reach the console. */
static void headers_write(const json_t *file, const char *etag, char out[HEADERS_ROOM])
{
	const char *type = json_string_value(json_object_get(file, "type"));
	char name[HEADERS_ROOM / 2];

	file_name_encode(json_string_value(json_object_get(file, "name")), name, sizeof name);
	snprintf(out, HEADERS_ROOM, "Content-Type: %s\r\nContent-Disposition: %s; filename*=UTF-8''%s\r\n"
	         "Content-Security-Policy: default-src 'none'; sandbox\r\nCache-Control: private, no-cache\r\n"
	         "ETag: %s\r\n", type, file_type_is_picture(type) ? "inline" : "attachment", name, etag);
}

static void file_send(struct handing *handing, const json_t *file)
{
	const char *sha256 = json_string_value(json_object_get(file, "sha256"));
	char headers[HEADERS_ROOM], etag[FILE_HASH_ROOM + 2];
	struct stat stat;
	int fd;

	snprintf(etag, sizeof etag, "\"%s\"", sha256);
	headers_write(file, etag, headers);
	if (etag_listed(handing->known, etag)) {
		http_reply(handing->request, 304, NULL, headers, "", 0);
		return;
	}
	fd = file_store_open(handing->files->dir, sha256);
	if (fd >= 0 && fstat(fd, &stat) == 0
	    && stat.st_size == json_integer_value(json_object_get(file, "size"))) {
		http_reply_file(handing->request, headers, fd, (uint64_t)stat.st_size);
		return;
	}
	if (fd >= 0)
		close(fd);
	log_line(LOG_ERROR, "files", "an attachment is not in its place", "sha256", sha256, NULL);
	rest_refuse(handing->request, REFUSE_internal, "附件内容暂时读不到，已记录，请联系管理员", NULL);
}

static void on_found(void *context, enum store_status status, const struct rows *rows)
{
	struct handing *handing = context;
	json_t *file = outcome_reply_json(status, rows);

	if (file != NULL)
		file_send(handing, file);
	else
		rest_refuse_outcome(handing->request, status, rows);
	json_decref(file);
	free(handing);
}

static void file_give(void *context, struct http_request *request)
{
	struct files *files = context;
	struct handing *handing;
	char digest[65];
	long long file;

	if (!rest_digest(request, digest) || (file = files_number(request)) == 0)
		return;
	handing = calloc(1, sizeof *handing);
	if (handing == NULL)
		abort();
	handing->files = files;
	handing->request = request;
	http_header(request, "if-none-match", handing->known, sizeof handing->known);
	citizen_ask(files->room, STATEMENT_file_find, LANE_READ, 0, (unsigned long)file, NULL,
	            json_pack("{s:s, s:I, s:I}", "digest", digest, "file", (json_int_t)file,
	                      "at", (json_int_t)wall_ms()), on_found, handing);
}

/* ---- the room --------------------------------------------------------------------------------- */

static struct http_spool spool(struct files *files, const char *path, http_fn *take)
{
	bool staff = take == files_staff_take;

	return (struct http_spool){ .path = path, .dir = files->new_dir,
		.most = (uint64_t)files->room->config->max_file, .context = files,
		.admit = staff ? files_staff_admit : take == files_partner_take ? files_partner_admit : files_citizen_admit,
		.ended = staff ? files_staff_ended : files_citizen_ended };
}

struct files *files_open(struct room *room)
{
	struct files *files = calloc(1, sizeof *files);

	if (files == NULL)
		abort();
	files->room = room;
	files->dir = room->config->files_dir;
	if (!file_store_make(files->dir)) {
		free(files);
		return NULL;
	}
	snprintf(files->new_dir, sizeof files->new_dir, "%s/new", files->dir);
	files->spools[0] = spool(files, "/api/files/*", files_staff_take);
	files->spools[1] = spool(files, "/api/public/files", files_citizen_take);
	files->spools[2] = spool(files, "/api/v1/attachments/*", files_partner_take);
	files->citizens = rate_new(room->config->public_per_minute, 60000);
	if (files->citizens == NULL)
		abort();
	files->sweep = loop_timer(room->loop, files_sweep, files);
	timer_start(files->sweep, 0, SWEEP_MS);
	return files;
}

void files_stop(struct files *files)
{
	if (files == NULL || files->sweep == NULL)
		return;
	timer_end(files->sweep);
	files->sweep = NULL;
}

bool files_busy(const struct files *files)
{
	return files != NULL && files->under_way > 0;
}

void files_close(struct files *files)
{
	if (files == NULL)
		return;
	rate_free(files->citizens);
	free(files);
}

size_t files_routes(struct files *files, struct http_route routes[FILES_ROUTES])
{
	routes[0] = (struct http_route){ "POST", "/api/files/*", files_staff_take, files };
	routes[1] = (struct http_route){ "GET", "/api/files/*", file_give, files };
	routes[2] = (struct http_route){ "POST", "/api/public/files", files_citizen_take, files };
	routes[3] = (struct http_route){ "POST", "/api/v1/attachments/*", files_partner_take, files };
	return FILES_ROUTES;
}

const struct http_spool *files_spools(const struct files *files)
{
	return files->spools;
}
