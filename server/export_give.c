/* export_give.c — exports at a console's side: asking for one, and the file over HTTP. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../routing/terms.h"
#include "citizen.h"
#include "config.h"
#include "download.h"
#include "export_parts.h"
#include "log.h"
#include "loop.h"
#include "rest.h"
#include "search.h"
#include "system.h"

static const char PATH[] = "/api/exports/";

bool export_path(const struct room *room, const char *name, char out[EXPORT_PATH])
{
	return snprintf(out, EXPORT_PATH, "%s/exports/%s", room->config->files_dir, name) < EXPORT_PATH;
}

json_t *export_terms(void)
{
	static const enum term_list lists[] = { TERMS_KIND, TERMS_URGENCY, TERMS_SECRECY, TERMS_CHANNEL, TERMS_GRADE };
	json_t *all = json_object();

	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
		const struct term *terms;
		size_t count = terms_all(lists[i], &terms);
		json_t *list = json_object();

		for (size_t j = 0; j < count; j++) {
			char number[12];

			snprintf(number, sizeof number, "%d", terms[j].number);
			json_object_set_new(list, number, json_string(terms[j].term));
		}
		json_object_set_new(all, terms_list_name(lists[i]), list);
	}
	return all;
}

enum judged judge_export(struct room *room, struct ask *ask)
{
	json_object_set_new(ask->params, "terms", export_terms());
	return judge_filter(room, ask);
}

struct giving { struct room *room; struct http_request *request; };

static void file_give(struct giving *giving, const json_t *found)
{
	const char *name = json_string_value(json_object_get(found, "file"));
	const char *format = json_string_value(json_object_get(found, "format"));
	char path[EXPORT_PATH];
	struct stat stat;
	int fd = export_path(giving->room, name, path) ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;

	if (fd >= 0 && fstat(fd, &stat) == 0 && stat.st_size == json_integer_value(json_object_get(found, "size"))) {
		download_send(giving->request, json_string_value(json_object_get(found, "name")),
		              strcmp(format, "csv") == 0 ? DOWNLOAD_CSV : DOWNLOAD_XLSX, fd);
		return;
	}
	if (fd >= 0)
		close(fd);
	log_line(LOG_ERROR, "export", "an export is not in its place", "file", name, NULL);
	rest_refuse(giving->request, REFUSE_internal, "导出文件暂时读不到，已记录，请重新导出", NULL);
}

static void found(void *context, enum store_status status, const struct rows *rows)
{
	struct giving *giving = context;
	json_t *file = outcome_reply_json(status, rows);

	if (file != NULL)
		file_give(giving, file);
	else
		rest_refuse_outcome(giving->request, status, rows);
	json_decref(file);
	free(giving);
}

static void give(void *context, struct http_request *request)
{
	struct giving *giving;
	char digest[65];
	long long id;

	if (!rest_digest(request, digest) || (id = rest_number(request, sizeof PATH - 1)) == 0)
		return;
	giving = calloc(1, sizeof *giving);
	if (giving == NULL)
		abort();
	giving->room = context;
	giving->request = request;
	citizen_ask(giving->room, STATEMENT_export_find, LANE_WRITE, 0, 0, NULL,
	            json_pack("{s:s, s:I, s:I}", "digest", digest, "export", (json_int_t)id, "at", (json_int_t)wall_ms()), found, giving);
}

size_t export_routes(struct room *room, struct http_route routes[EXPORT_ROUTES])
{
	routes[0] = (struct http_route){ "GET", "/api/exports/*", give, room };
	return EXPORT_ROUTES;
}
