/* import.c — the verb `hotlined import`: a CSV file of petitions becomes tickets.
 *
 * Rows are sent in the file's order down one connection, many in flight; the database counts how
 * far the file has come in the same commit that makes the ticket. Each row names the one before
 * it ("after") and is refused when that one is not in. What was lost or refused so is sent again,
 * oldest first, before anything new: so a row becomes one ticket, and none is passed over, however
 * often the connection breaks or the import dies. */
#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../routing/terms.h"
#include "config.h"
#include "csv.h"
#include "feed.h"
#include "import.h"
#include "import_columns.h"
#include "import_report.h"
#include "loop.h"
#include "system.h"
#include "ticket.h"
#include "tool.h"

enum { FLIGHT_LIMIT = 256, RETRY_MS = 500, BLOCK = 65536 };

/* One row on its way to the database. */
struct row_job {
	struct import *import;
	struct row_job *next;         /* in the line of those to be sent again */
	uint64_t row;                 /* number in the file, header not counted, from 1 */
	size_t line;
	json_t *params;
	char *text;                   /* its fields, for the rejects */
};

struct import {
	struct tool tool;
	struct import_report report;
	const char *path, *region, *rejects_path;
	char digest[crypto_hash_sha256_BYTES * 2 + 1];
	FILE *file;
	struct csv *csv;
	struct import_columns columns;
	bool header_read, failed, stopping, ended, file_over;
	char block[BLOCK];
	size_t block_at, block_end;
	uint64_t rows, done_before, last_sent;
	int in_flight;
	struct row_job *again;
	struct timer *retry, *bar;
};

static void pump(struct import *import);

/* ---- the file ------------------------------------------------------------------------------ */

static bool file_digest(struct import *import, uint64_t *ret_bytes)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state state;
	size_t got;

	crypto_hash_sha256_init(&state);
	*ret_bytes = 0;
	while ((got = fread(import->block, 1, BLOCK, import->file)) > 0) {
		crypto_hash_sha256_update(&state, (unsigned char *)import->block, got);
		*ret_bytes += got;
	}
	crypto_hash_sha256_final(&state, hash);
	sodium_bin2hex(import->digest, sizeof(import->digest), hash, sizeof(hash));
	return !ferror(import->file) && fseek(import->file, 0, SEEK_SET) == 0;
}

/* The request id of a row: made from the file's content and the row's number (RFC 9562 version 8). */
static void row_request(const struct import *import, uint64_t row, char out[37])
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	char name[100], hex[33];
	int len = snprintf(name, sizeof(name), "%s:%" PRIu64, import->digest, row);

	crypto_hash_sha256(hash, (unsigned char *)name, (unsigned long long)len);
	hash[6] = (unsigned char)((hash[6] & 0x0f) | 0x80);
	hash[8] = (unsigned char)((hash[8] & 0x3f) | 0x80);
	sodium_bin2hex(hex, sizeof(hex), hash, 16);
	snprintf(out, 37, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

/* ---- the end ------------------------------------------------------------------------------- */

static void job_free(struct row_job *job)
{
	json_decref(job->params);
	free(job->text);
	free(job);
}

static void end_if_done(struct import *import)
{
	bool done = import->file_over || import->failed || import->stopping;

	if (import->ended || !done || import->in_flight > 0 || (import->again != NULL && !import->stopping))
		return;
	import->ended = true;
	timer_end(import->retry);
	timer_end(import->bar);
	while (import->again != NULL) {
		struct row_job *job = import->again;

		import->again = job->next;
		job_free(job);
	}
	tool_end(&import->tool, import->file_over && !import->failed ? 0 : 1);
}

static void fail(struct import *import)
{
	import->failed = true;
}

/* ---- one row ------------------------------------------------------------------------------- */

static void job_reject(struct row_job *job, const char *reason)
{
	if (!report_reject(&job->import->report, job->line, reason, job->text))
		fail(job->import);
}

/* {"code":…,"fields":{…}}: the sentences of the fields, else the code. */
static void refusal_text(const struct rows *rows, char out[IMPORT_REASON])
{
	json_t *body = json_loads(rows_text(rows, 0, OUTCOME_BODY), 0, NULL), *fault;
	const char *code = json_string_value(json_object_get(body, "code")), *name;
	size_t used = 0;

	snprintf(out, IMPORT_REASON, "不能受理：%s", code != NULL ? code : "?");
	json_object_foreach(json_object_get(body, "fields"), name, fault)
		if (used < IMPORT_REASON - 1)
			used += (size_t)snprintf(out + used, IMPORT_REASON - used, "%s%s：%s", used > 0 ? "；" : "",
			                         name, json_string_value(fault));
	json_decref(body);
}

static void job_again(struct row_job *job)
{
	struct import *import = job->import;
	struct row_job **place = &import->again;

	if (import->again == NULL)
		timer_start(import->retry, RETRY_MS, 0);
	while (*place != NULL && (*place)->row < job->row)
		place = &(*place)->next;
	job->next = *place;
	*place = job;
}

static void job_answered(struct row_job *job, const struct rows *rows)
{
	struct import *import = job->import;
	json_t *reply = outcome_reply_json(STORE_OK, rows);
	char reason[IMPORT_REASON];

	if (reply == NULL) {
		refusal_text(rows, reason);
		job_reject(job, reason);
	} else if (json_object_get(reply, "already") != NULL) {
		import->report.already++;
	} else {
		import->report.accepted++;
		feed_publish(&import->tool.room, rows);
	}
	json_decref(reply);
	job_free(job);
}

static void job_done(void *context, enum store_status status, const struct rows *rows)
{
	struct row_job *job = context;
	struct import *import = job->import;
	char why[32];

	import->in_flight--;
	if (outcome_refusal(status, rows, why) && strcmp(why, "stale") == 0) {
		job_again(job);
	} else if (status == STORE_OK) {
		job_answered(job, rows);
	} else if (status == STORE_FAILED) {
		job_reject(job, "数据库不接受这一行，原因见日志");
		job_free(job);
	} else {
		job_again(job);
	}
	pump(import);
}

static void job_send(struct row_job *job)
{
	struct import *import = job->import;
	char request[37];

	row_request(import, job->row, request);
	json_object_set_new(job->params, "at", json_integer(wall_ms()));
	json_object_set_new(job->params, "after", json_integer((json_int_t)import->last_sent));
	import->last_sent = job->row;
	import->in_flight++;
	system_ask_as(&import->tool.room, STATEMENT_import_submit, LANE_WRITE, 0, request,
	              json_incref(job->params), job_done, job);
}

static void job_start(struct import *import, const struct csv_row *row, json_t *params)
{
	struct row_job *job = calloc(1, sizeof(*job));

	if (job == NULL)
		abort();
	job->import = import;
	job->row = import->rows;
	job->line = row->line;
	job->params = params;
	job->text = report_row_text(row);
	json_object_set_new(params, "source", json_string(import->digest));
	json_object_set_new(params, "row", json_integer((json_int_t)job->row));
	json_object_set_new(params, "channel", json_integer(CHANNEL_import));
	if (ticket_submit_fill(&import->tool.room, params, wall_ms())) {
		job_send(job);
		return;
	}
	job_reject(job, "联系方式加密失败，请检查密钥文件");
	job_free(job);
}

static void data_row(struct import *import, const struct csv_row *row)
{
	char reason[IMPORT_REASON];
	json_t *params;
	char *text;

	import->rows++;
	if (import->rows <= import->done_before) {
		import->report.already++;
		return;
	}
	params = import_row_read(&import->columns, row, import->region, reason);
	if (params != NULL) {
		job_start(import, row, params);
		return;
	}
	text = report_row_text(row);
	if (!report_reject(&import->report, row->line, reason, text))
		fail(import);
	free(text);
}

static bool is_blank(const struct csv_row *row)
{
	return row->fault == CSV_FINE && row->count == 1 && row->lengths[0] == 0;
}

static void row_arrived(void *context, const struct csv_row *row)
{
	struct import *import = context;

	if (is_blank(row))
		return;
	if (import->header_read) {
		data_row(import, row);
		return;
	}
	import->header_read = true;
	import->report.header = report_row_text(row);
	if (!import_columns_read(&import->columns, row, stderr))
		fail(import);
}

/* ---- reading as fast as rows are taken ----------------------------------------------------- */

static void file_end(struct import *import)
{
	if (ferror(import->file)) {
		fprintf(stderr, "%s：读取出错，已停止。\n", import->path);
		fail(import);
		return;
	}
	csv_end(import->csv);
	import->file_over = true;
	if (!import->header_read) {
		fprintf(stderr, "%s：文件是空的。\n", import->path);
		fail(import);
	}
}

static void row_next(struct import *import)
{
	if (import->block_at == import->block_end) {
		import->block_at = 0;
		import->block_end = fread(import->block, 1, BLOCK, import->file);
		import->report.bytes_read += import->block_end;
		if (import->block_end == 0) {
			file_end(import);
			return;
		}
	}
	import->block_at += csv_feed(import->csv, import->block + import->block_at,
	                             import->block_end - import->block_at);
}

static void pump(struct import *import)
{
	while (import->again == NULL && import->in_flight < FLIGHT_LIMIT && !import->failed
	       && !import->stopping && !import->file_over)
		row_next(import);
	end_if_done(import);
}

/* What was lost goes out again in its old order, once nothing is in flight any more. */
static void send_again(void *context)
{
	struct import *import = context;
	struct row_job *job = import->again, *next;

	if (import->in_flight > 0) {
		timer_start(import->retry, RETRY_MS, 0);
		return;
	}
	import->again = NULL;
	import->last_sent = 0;        /* all before the first of these are settled */
	for (; job != NULL; job = next) {
		next = job->next;
		job_send(job);
	}
}

static void bar_tick(void *context)
{
	struct import *import = context;

	if (!import->ended)
		report_progress(&import->report);
}

static void stop(void *context)
{
	struct import *import = context;

	import->stopping = true;
	end_if_done(import);
}

static void seen_answered(void *context, enum store_status status, const struct rows *rows)
{
	struct import *import = context;
	json_t *reply = outcome_reply_json(status, rows);

	if (reply == NULL) {
		fputs("数据库没有回答，请稍后再试。\n", stderr);
		fail(import);
	}
	import->done_before = (uint64_t)json_integer_value(json_object_get(reply, "rows"));
	import->report.resumed = import->done_before > 0;
	json_decref(reply);
	pump(import);
}

static void begin(void *context)
{
	struct import *import = context;
	struct room *room = &import->tool.room;

	import->retry = loop_timer(room->loop, send_again, import);
	import->bar = loop_timer(room->loop, bar_tick, import);
	timer_start(import->bar, 100, 100);
	loop_on_signal(room->loop, LOOP_STOP, stop, import);
	system_ask(room, STATEMENT_import_seen, LANE_WRITE, 0,
	           json_pack("{s:s, s:I}", "source", import->digest, "at", (json_int_t)wall_ms()),
	           seen_answered, import);
}

/* ---- the verb ------------------------------------------------------------------------------ */

static int usage(void)
{
	fputs("用法：hotlined import FILE.csv [--region 区划代码] [--rejects 退回文件]\n"
	      "格式见 docs/IMPORT.md。中断后再次运行同一命令会接着做，不会重复受理。\n", stderr);
	return 2;
}

static bool options_read(struct import *import, int argc, char *argv[])
{
	int i;

	import->region = "232700";
	for (i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--region") == 0 && i + 1 < argc)
			import->region = argv[++i];
		else if (strcmp(argv[i], "--rejects") == 0 && i + 1 < argc)
			import->rejects_path = argv[++i];
		else if (argv[i][0] != '-' && import->path == NULL)
			import->path = argv[i];
		else
			return false;
	}
	return import->path != NULL;
}

static int import_run(struct import *import, const struct config *config)
{
	char rejects[4096];
	uint64_t bytes;
	int exit_code;

	import->file = fopen(import->path, "rb");
	if (import->file == NULL || !file_digest(import, &bytes)) {
		fprintf(stderr, "%s 读不了：%s\n", import->path, strerror(errno));
		return 1;
	}
	snprintf(rejects, sizeof(rejects), "%s.rejects.csv", import->path);
	report_begin(&import->report, import->rejects_path != NULL ? import->rejects_path : rejects, bytes);
	import->csv = csv_new(row_arrived, import);
	if (import->csv == NULL)
		abort();
	exit_code = tool_run(&import->tool, config, begin, import);
	report_end(&import->report, exit_code == 0);
	csv_free(import->csv);
	return exit_code;
}

int import_main(const struct config *config, int argc, char *argv[])
{
	struct import *import = calloc(1, sizeof(*import));
	int exit_code;

	if (import == NULL || sodium_init() < 0)
		abort();
	exit_code = options_read(import, argc, argv) ? import_run(import, config) : usage();
	if (import->file != NULL)
		fclose(import->file);
	free(import);
	return exit_code;
}
