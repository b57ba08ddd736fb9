/* import_report.c — what an import tells: progress, the file of rejected rows, the summary. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "import_report.h"
#include "loop.h"

enum { BAR_CELLS = 30, BAR_MS = 250, LINE_MS = 10000 };

void report_begin(struct import_report *report, const char *rejects_path, uint64_t bytes_all)
{
	*report = (struct import_report){ .rejects_path = rejects_path, .bytes_all = bytes_all,
		.terminal = isatty(STDERR_FILENO) == 1 };
	report->began = report->told = wall_ms();
}

static bool needs_quotes(const char *text, size_t len)
{
	return memchr(text, ',', len) != NULL || memchr(text, '"', len) != NULL
		|| memchr(text, '\n', len) != NULL || memchr(text, '\r', len) != NULL;
}

static void field_print(FILE *out, const char *text, size_t len)
{
	size_t i;

	if (!needs_quotes(text, len)) {
		fwrite(text, 1, len, out);
		return;
	}
	fputc('"', out);
	for (i = 0; i < len; i++) {
		if (text[i] == '"')
			fputc('"', out);
		fputc(text[i], out);
	}
	fputc('"', out);
}

char *report_row_text(const struct csv_row *row)
{
	char *text = NULL;
	size_t len, i;
	FILE *out = open_memstream(&text, &len);

	if (out == NULL)
		abort();
	for (i = 0; i < row->count; i++) {
		if (i > 0)
			fputc(',', out);
		field_print(out, row->fields[i], row->lengths[i]);
	}
	fclose(out);
	return text;
}

static bool rejects_open(struct import_report *report)
{
	if (report->rejects != NULL)
		return true;
	report->rejects = fopen(report->rejects_path, report->resumed ? "a" : "w");
	if (report->rejects == NULL) {
		fprintf(stderr, "退回文件 %s 写不了：%s。请用 --rejects 指定别处。\n", report->rejects_path,
		        strerror(errno));
		return false;
	}
	if (ftell(report->rejects) == 0)
		fprintf(report->rejects, "line,reason,%s\n", report->header != NULL ? report->header : "");
	return true;
}

bool report_reject(struct import_report *report, size_t line, const char *reason, const char *row_text)
{
	report->rejected++;
	if (!rejects_open(report))
		return false;
	fprintf(report->rejects, "%zu,", line);
	field_print(report->rejects, reason, strlen(reason));
	fprintf(report->rejects, ",%s\n", row_text);
	return fflush(report->rejects) == 0;      /* a resumed import does not come by this row again */
}

static uint64_t rows_of(const struct import_report *report)
{
	return report->accepted + report->already + report->rejected;
}

static void bar_draw(const struct import_report *report, double share, double rate, long left)
{
	int cells = (int)(share * BAR_CELLS), i;

	fputs("\r[", stderr);
	for (i = 0; i < BAR_CELLS; i++)
		fputc(i < cells ? '#' : '.', stderr);
	fprintf(stderr, "] %3.0f%%  %" PRIu64 " 行  %.0f 行/秒  还需 %ld 秒  退回 %" PRIu64 " \033[K",
	        share * 100, rows_of(report), rate, left, report->rejected);
}

void report_progress(struct import_report *report)
{
	int64_t now = wall_ms();
	double seconds = (double)(now - report->began) / 1000.0;
	double share = report->bytes_all > 0 ? (double)report->bytes_read / (double)report->bytes_all : 1;
	double rate = seconds > 0 ? (double)rows_of(report) / seconds : 0;
	long left = share > 0 ? (long)(seconds * (1 - share) / share + 0.5) : 0;

	if (now - report->told < (report->terminal ? BAR_MS : LINE_MS))
		return;
	report->told = now;
	if (report->terminal)
		bar_draw(report, share, rate, left);
	else
		fprintf(stderr, "已读 %.0f%%，%" PRIu64 " 行，%.0f 行/秒，还需 %ld 秒\n", share * 100,
		        rows_of(report), rate, left);
}

void report_end(struct import_report *report, bool whole)
{
	double seconds = (double)(wall_ms() - report->began) / 1000.0;

	if (report->terminal)
		fputs("\r\033[K", stderr);
	if (whole || rows_of(report) > 0)
		printf("%s：新受理 %" PRIu64 "，此前已有 %" PRIu64 "，退回 %" PRIu64 "；用时 %.1f 秒，%.0f 行/秒\n",
		       whole ? "导入完成" : "导入中断（再次运行同一命令会接着做）", report->accepted,
		       report->already, report->rejected, seconds,
		       seconds > 0 ? (double)rows_of(report) / seconds : 0);
	if (report->rejected > 0)
		printf("退回的行及原因在 %s，改正后可单独导入。\n", report->rejects_path);
	if (report->rejects != NULL)
		fclose(report->rejects);
	free(report->header);
}
