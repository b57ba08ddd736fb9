/* export.c — exports in the background: takes one, reads it page by page, keeps its lease, says how far it is. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "config.h"
#include "export_parts.h"
#include "log.h"
#include "loop.h"
#include "system.h"

enum {
	TICK_MS = 1000, PAGE = 500,
	LEASE_MS = 60000, STEP_MS = 500, RENEW_MS = 10000,      /* told at most twice a second, at least every ten */
	WAIT_MS = 3000,                                         /* until one that could not be read is begun anew */
	SWEEP_MS = 15000, HOUR_MS = 3600000
};

struct exports {
	struct room *room;
	struct timer *tick;
	struct export_job *job;      /* NULL: none is under way */
	json_t *terms;
	bool asking, sweeping, stopping;
	int64_t sweep_ms;            /* monotonic; when leftovers are looked for next */
};

static void page_ask(struct export_job *job);

/* ---- ending one ------------------------------------------------------------------------------------------ */

static void job_free(struct export_job *job)
{
	job->exports->job = NULL;
	json_decref(job->about);
	free(job->page);
	free(job);
}

static void answered(void *context, enum store_status status, const struct rows *rows)
{
	(void)context;
	(void)status;
	(void)rows;
}

/* fault NULL: whoever takes it next begins it anew, after wait_ms. */
static void give_up_tell(struct export_job *job, const char *fault, int wait_ms)
{
	json_t *params = json_pack("{s:I, s:I, s:i, s:I}", "export", job->id, "run", job->run, "wait_ms", wait_ms,
	                           "at", (json_int_t)wall_ms());

	if (fault != NULL)
		json_object_set_new(params, "fault", json_string(fault));
	system_ask(job->exports->room, STATEMENT_export_give_up, LANE_WRITE, 0, params, answered, NULL);
}

static void dropped(void *context)
{
	job_free(context);
}

static void give_up(struct export_job *job, const char *fault, int wait_ms)
{
	if (fault != NULL)
		log_text(LOG_WARN, "export", "export %lld failed: %s", (long long)job->id, fault);
	if (!job->refused)
		give_up_tell(job, fault, wait_ms);
	job->working = true;
	loop_work(job->exports->room->loop, export_drop_file, dropped, job);
}

/* ---- the lease ------------------------------------------------------------------------------------------- */

/* The job may have ended in between; if another has begun since, the answer is not its. */
static void stepped(void *context, enum store_status status, const struct rows *rows)
{
	struct exports *exports = context;
	json_t *reply = outcome_reply_json(status, rows);
	struct export_job *job = exports->job;

	if (job != NULL && json_integer_value(json_object_get(reply, "export")) == job->id
	    && json_integer_value(json_object_get(reply, "run")) == job->run) {
		job->stepping = false;
		if (json_is_false(json_object_get(reply, "go")))
			job->ends = job->refused = true;
	} else if (job != NULL && reply == NULL) {
		job->stepping = false;       /* the lease holds for longer than the next step takes to come */
	}
	json_decref(reply);
}

static void step(struct export_job *job, int64_t least_ms)
{
	int64_t now_ms = loop_ms(job->exports->room->loop);

	if (job->stepping || now_ms - job->stepped_ms < least_ms)
		return;
	job->stepping = true;
	job->stepped_ms = now_ms;
	system_ask(job->exports->room, STATEMENT_export_step, LANE_WRITE, 0,
	           json_pack("{s:I, s:I, s:I, s:i, s:I}", "export", job->id, "run", job->run, "done", (json_int_t)job->done,
	                     "lease_ms", LEASE_MS, "at", (json_int_t)wall_ms()), stepped, job->exports);
}

/* ---- the last page has been written ------------------------------------------------------------------------ */

static void ended(void *context, enum store_status status, const struct rows *rows)
{
	struct export_job *job = context;
	json_t *reply = outcome_reply_json(status, rows);

	if (json_is_true(json_object_get(reply, "kept"))) {
		log_text(LOG_INFO, "export", "export %lld: %lld rows, %lld bytes", (long long)job->id, job->done, job->size);
		job_free(job);
	} else if (reply != NULL) {
		job->refused = true;
		give_up(job, NULL, 0);
	} else {
		job_free(job);       /* not known whether it is kept: the sweep knows, and the lease runs out */
	}
	json_decref(reply);
}

static void packed(void *context)
{
	struct export_job *job = context;
	struct room *room = job->exports->room;

	job->working = false;
	if (job->failed || job->refused) {
		give_up(job, job->refused ? NULL : "文件写不下去，请联系管理员", 0);
		return;
	}
	system_ask(room, STATEMENT_export_end, LANE_WRITE, 0,
	           json_pack("{s:I, s:I, s:I, s:I, s:s, s:I, s:I}", "export", job->id, "run", job->run, "done", (json_int_t)job->done,
	                     "size", (json_int_t)job->size, "sha256", job->sha256,
	                     "keep_ms", (json_int_t)room->config->export_hours * HOUR_MS, "at", (json_int_t)wall_ms()), ended, job);
}

/* ---- page by page ------------------------------------------------------------------------------------------ */

static void page_written(void *context)
{
	struct export_job *job = context;

	job->working = false;
	if (job->failed) {
		give_up(job, "文件写不下去，请联系管理员", 0);
	} else if (job->ends || job->exports->stopping) {
		give_up(job, NULL, 0);
	} else if (*job->after != '\0') {
		step(job, STEP_MS);
		page_ask(job);
	} else {
		step(job, 0);
		job->working = true;
		loop_work(job->exports->room->loop, export_pack, packed, job);
	}
}

static void page_answered(void *context, enum store_status status, const struct rows *rows)
{
	struct export_job *job = context;
	const char *reply = outcome_reply(status, rows);
	char why[32];

	if (reply != NULL && !job->ends && !job->exports->stopping) {
		job->waiting = strcmp(reply, "{\"wait\": true}") == 0;
		if (job->waiting)
			return;
		job->page = strdup(reply);
		if (job->page == NULL)
			abort();
		job->working = true;
		loop_work(job->exports->room->loop, export_page_write, page_written, job);
		return;
	}
	if (outcome_refusal(status, rows, why))
		job->refused = strcmp(why, "stale") == 0;
	give_up(job, status == STORE_FAILED ? "查询未能完成，请联系管理员"
	        : reply == NULL && status == STORE_OK && !job->refused ? "导出人的账号已停用" : NULL, WAIT_MS);
}

static void page_ask(struct export_job *job)
{
	json_t *params = json_pack("{s:I, s:I, s:I, s:i, s:O, s:I}", "export", job->id, "run", job->run, "done", (json_int_t)job->done,
	                           "limit", PAGE, "terms", job->exports->terms, "at", (json_int_t)wall_ms());

	job->waiting = false;
	if (*job->after != '\0')
		json_object_set_new(params, "after", json_string(job->after));
	system_ask(job->exports->room, STATEMENT_export_page, LANE_LONG, 0, params, page_answered, job);
}

static bool job_paths(struct export_job *job, const char *format)
{
	char part[64], place[64];

	snprintf(part, sizeof part, "%lld-%lld.part", (long long)job->id, (long long)job->run);
	snprintf(place, sizeof place, "%lld-%lld.%s", (long long)job->id, (long long)job->run, format);
	return export_path(job->exports->room, "", job->dir) && export_path(job->exports->room, part, job->part)
		&& export_path(job->exports->room, place, job->place);
}

static void taken(void *context, enum store_status status, const struct rows *rows)
{
	struct exports *exports = context;
	json_t *reply = outcome_reply_json(status, rows);
	const char *format = json_string_value(json_object_get(reply, "format"));
	struct export_job *job;

	exports->asking = false;
	if (format == NULL) {
		json_decref(reply);
		return;
	}
	job = calloc(1, sizeof *job);
	if (job == NULL)
		abort();
	job->exports = exports;
	job->id = json_integer_value(json_object_get(reply, "export"));
	job->run = json_integer_value(json_object_get(reply, "run"));
	job->format = strcmp(format, "csv") == 0 ? SHEET_CSV : SHEET_XLSX;
	job->stepped_ms = loop_ms(exports->room->loop);
	exports->job = job;
	if (!job_paths(job, format) || exports->stopping)
		give_up(job, NULL, 0);
	else
		page_ask(job);
	json_decref(reply);
}

/* ---- leftovers ----------------------------------------------------------------------------------------------- */

static void swept(void *context, enum store_status status, const struct rows *rows)
{
	struct exports *exports = context;
	json_t *reply = outcome_reply_json(status, rows), *name;
	char path[EXPORT_PATH];
	size_t i;

	exports->sweeping = false;
	json_array_foreach(json_object_get(reply, "drop"), i, name)
		if (export_path(exports->room, json_string_value(name), path) && unlink(path) == 0)
			log_line(LOG_INFO, "export", "removed a file that nobody needs", "name", json_string_value(name), NULL);
	json_decref(reply);
}

static void sweep(struct exports *exports)
{
	char path[EXPORT_PATH];
	json_t *names = json_array();
	const struct dirent *entry;
	DIR *dir = export_path(exports->room, "", path) ? opendir(path) : NULL;

	while (dir != NULL && (entry = readdir(dir)) != NULL)
		if (*entry->d_name != '.')
			json_array_append_new(names, json_string(entry->d_name));
	if (dir != NULL)
		closedir(dir);
	exports->sweeping = true;
	exports->sweep_ms = loop_ms(exports->room->loop) + SWEEP_MS;
	system_ask(exports->room, STATEMENT_export_sweep, LANE_WRITE, 0,
	           json_pack("{s:o, s:I}", "names", names, "at", (json_int_t)wall_ms()), swept, exports);
}

static void tick(void *context)
{
	struct exports *exports = context;

	if (!exports->sweeping && loop_ms(exports->room->loop) >= exports->sweep_ms)
		sweep(exports);
	if (exports->job != NULL) {
		step(exports->job, RENEW_MS);
		if (exports->job->waiting)
			page_ask(exports->job);
		return;
	}
	if (exports->asking)
		return;
	exports->asking = true;
	system_ask(exports->room, STATEMENT_export_take, LANE_WRITE, 0,
	           json_pack("{s:s, s:i, s:I}", "holder", exports->room->instance, "lease_ms", LEASE_MS, "at", (json_int_t)wall_ms()),
	           taken, exports);
}

/* ---- the room ------------------------------------------------------------------------------------------------ */

struct exports *exports_open(struct room *room)
{
	struct exports *exports = calloc(1, sizeof *exports);
	char dir[EXPORT_PATH];

	if (exports == NULL)
		abort();
	mkdir(room->config->files_dir, 0700);
	if (!export_path(room, "", dir) || (mkdir(dir, 0700) != 0 && errno != EEXIST) || access(dir, W_OK | X_OK) != 0) {
		log_line(LOG_ERROR, "export", "the directory of exports cannot be used; see the setting files_dir", "path", dir,
		         "error", strerror(errno), NULL);
		free(exports);
		return NULL;
	}
	exports->room = room;
	exports->terms = export_terms();
	exports->tick = loop_timer(room->loop, tick, exports);
	timer_start(exports->tick, TICK_MS, TICK_MS);
	return exports;
}

void exports_stop(struct exports *exports)
{
	if (exports == NULL)
		return;
	exports->stopping = true;
	timer_stop(exports->tick);
	if (exports->job != NULL && exports->job->waiting)
		give_up(exports->job, NULL, 0);
}

bool exports_busy(const struct exports *exports)
{
	return exports != NULL && exports->job != NULL;
}

void exports_close(struct exports *exports)
{
	if (exports == NULL)
		return;
	timer_end(exports->tick);
	json_decref(exports->terms);
	free(exports);
}
