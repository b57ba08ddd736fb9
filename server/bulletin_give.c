/* bulletin_give.c — a bulletin as XLSX: its pages come from the database, a worker thread packs them. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "bulletin.h"
#include "citizen.h"
#include "config.h"
#include "download.h"
#include "log.h"
#include "loop.h"
#include "rest.h"
#include "sheet.h"
#include "system.h"

static const char PATH[] = "/api/bulletins/";

struct giving {
	struct room *room;
	struct http_request *request;
	json_t *found;               /* {"name", "pages"} */
	char dir[2048], path[2080];
	int fd;                      /* of the file, which has no name any more; -1: it could not be made */
};

/* On a worker thread. What a crash leaves here goes with the sweep of attachments. */
static void pack(void *context)
{
	struct giving *giving = context;
	int fd;

	snprintf(giving->path, sizeof giving->path, "%s/body-XXXXXX", giving->dir);
	fd = mkostemp(giving->path, O_CLOEXEC);
	if (fd < 0)
		return;
	close(fd);
	if (sheet_write(giving->path, giving->dir, json_object_get(giving->found, "pages")))
		giving->fd = open(giving->path, O_RDONLY | O_CLOEXEC);
	unlink(giving->path);
}

static void packed(void *context)
{
	struct giving *giving = context;

	if (giving->fd >= 0)
		download_send(giving->request, json_string_value(json_object_get(giving->found, "name")), DOWNLOAD_XLSX, giving->fd);
	else
		rest_refuse(giving->request, REFUSE_internal, "文件暂时不能生成，已记录，请联系管理员", NULL);
	json_decref(giving->found);
	free(giving);
}

static void found(void *context, enum store_status status, const struct rows *rows)
{
	struct giving *giving = context;

	giving->found = outcome_reply_json(status, rows);
	if (giving->found != NULL) {
		loop_work(giving->room->loop, pack, packed, giving);
		return;
	}
	rest_refuse_outcome(giving->request, status, rows);
	free(giving);
}

static void give(void *context, struct http_request *request)
{
	struct room *room = context;
	struct giving *giving;
	char digest[65];
	long long id;

	if (!rest_digest(request, digest) || (id = rest_number(request, sizeof PATH - 1)) == 0)
		return;
	giving = calloc(1, sizeof *giving);
	if (giving == NULL)
		abort();
	giving->room = room;
	giving->request = request;
	giving->fd = -1;
	snprintf(giving->dir, sizeof giving->dir, "%s/new", room->config->files_dir);
	citizen_ask(room, STATEMENT_bulletin_sheets, LANE_SLOW, 0, 0, NULL,
	            json_pack("{s:s, s:I, s:I}", "digest", digest, "id", (json_int_t)id, "at", (json_int_t)wall_ms()), found, giving);
}

size_t bulletin_routes(struct room *room, struct http_route routes[BULLETIN_ROUTES])
{
	routes[0] = (struct http_route){ "GET", "/api/bulletins/*", give, room };
	return BULLETIN_ROUTES;
}
