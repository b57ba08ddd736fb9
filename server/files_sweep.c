/* files_sweep.c — attachments that a crash or a lost answer left waiting: into their place, or away. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "citizen.h"
#include "files_parts.h"
#include "log.h"
#include "loop.h"
#include "system.h"

/* Nobody is still sending after a quarter of an hour. What has no row after a day never gets one. */
enum { SETTLED_S = 900, LOST_S = 86400, SWEEP_MOST = 500 };

struct sweep {
	struct files *files;
	json_t *waiting;         /* [[path, hash], …] */
	json_t *hashes;
};

static bool is_lost(const char *path)
{
	struct stat stat;

	return lstat(path, &stat) == 0 && time(NULL) - stat.st_mtime >= LOST_S;
}

static void drop(const char *path)
{
	if (unlink(path) == 0)
		log_line(LOG_INFO, "files", "removed what never became an attachment", "path", path, NULL);
}

static void gather(void *context, const char *path, const char *sha256)
{
	struct sweep *sweep = context;

	if (*sha256 == '\0') {
		if (is_lost(path))
			drop(path);
	} else if (json_array_size(sweep->waiting) < SWEEP_MOST) {
		json_array_append_new(sweep->waiting, json_pack("[s, s]", path, sha256));
		json_array_append_new(sweep->hashes, json_string(sha256));
	}
}

static bool is_known(const json_t *known, const json_t *sha256)
{
	const json_t *hash;
	size_t i;

	json_array_foreach(known, i, hash)
		if (json_equal(hash, sha256))
			return true;
	return false;
}

static void sweep_end(struct sweep *sweep)
{
	sweep->files->sweeping = false;
	json_decref(sweep->waiting);
	json_decref(sweep->hashes);
	free(sweep);
}

static void on_known(void *context, enum store_status status, const struct rows *rows)
{
	struct sweep *sweep = context;
	json_t *reply = outcome_reply_json(status, rows), *one;
	const json_t *known = json_object_get(reply, "known");
	size_t i;

	json_array_foreach(sweep->waiting, i, one) {
		const char *path = json_string_value(json_array_get(one, 0));
		json_t *sha256 = json_array_get(one, 1);

		if (known != NULL && is_known(known, sha256))
			file_store_place(sweep->files->dir, path, json_string_value(sha256));
		else if (known != NULL && is_lost(path))
			drop(path);
	}
	json_decref(reply);
	sweep_end(sweep);
}

void files_sweep(void *context)
{
	struct files *files = context;
	struct sweep *sweep;

	if (files->sweeping)
		return;
	sweep = malloc(sizeof *sweep);
	if (sweep == NULL)
		abort();
	*sweep = (struct sweep){ files, json_array(), json_array() };
	files->sweeping = true;
	file_store_waiting(files->dir, SETTLED_S, gather, sweep);
	if (json_array_size(sweep->hashes) == 0)
		sweep_end(sweep);
	else
		citizen_ask(files->room, STATEMENT_file_known, LANE_READ, 0, 0, NULL,
		            json_pack("{s:O}", "hashes", sweep->hashes), on_known, sweep);
}
