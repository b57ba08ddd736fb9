/* sheet.c — tables of cells as files: pages and rows, whichever way they are written. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "log.h"
#include "sheet_parts.h"

enum { NAME_ROOM = 128, BEIJING_S = 28800 };

struct sheet {
	const struct sheet_writer *writer;
	void *file;
	char path[4096], name[NAME_ROOM];
	struct sheet_column columns[SHEET_COLUMNS];
	size_t count;
	long long rows;              /* of the page */
	int pages;                   /* of the same name */
	bool failed;
};

void sheet_time(int64_t ms, bool time, char out[SHEET_TIME_ROOM])
{
	time_t seconds = (time_t)(ms / 1000) + BEIJING_S;
	struct tm parts;

	gmtime_r(&seconds, &parts);
	strftime(out, SHEET_TIME_ROOM, time ? "%Y-%m-%d %H:%M:%S" : "%Y-%m-%d", &parts);
}

struct sheet *sheet_open(enum sheet_format format, const char *path, const char *dir)
{
	struct sheet *sheet = calloc(1, sizeof *sheet);

	if (sheet == NULL)
		abort();
	sheet->writer = format == SHEET_CSV ? &sheet_csv : &sheet_xlsx;
	snprintf(sheet->path, sizeof sheet->path, "%s", path);
	sheet->file = sheet->writer->open(path, dir);
	if (sheet->file != NULL)
		return sheet;
	log_line(LOG_ERROR, "sheet", "a file cannot be made", "path", path, NULL);
	free(sheet);
	return NULL;
}

static enum sheet_kind kind_find(const char *name)
{
	static const char *const names[SHEET_KIND_COUNT] = { "text", "number", "percent", "moment", "day", "long" };

	for (int kind = 0; name != NULL && kind < SHEET_KIND_COUNT; kind++)
		if (strcmp(names[kind], name) == 0)
			return (enum sheet_kind)kind;
	return SHEET_TEXT;
}

static void columns_read(struct sheet *sheet, const json_t *columns)
{
	const json_t *column;
	size_t i;

	sheet->count = 0;
	json_array_foreach(columns, i, column) {
		struct sheet_column *to = &sheet->columns[i];
		const char *title = json_string_value(json_object_get(column, "title"));

		if (i == SHEET_COLUMNS)
			break;
		snprintf(to->title, sizeof to->title, "%s", title != NULL ? title : "");
		to->kind = kind_find(json_string_value(json_object_get(column, "kind")));
		to->width = json_number_value(json_object_get(column, "width"));
		sheet->count++;
	}
}

static void page_begin(struct sheet *sheet, const char *name)
{
	sheet->rows = 0;
	if (!sheet->failed && !sheet->writer->page(sheet->file, name, sheet->columns, sheet->count))
		sheet->failed = true;
}

void sheet_page(struct sheet *sheet, const char *name, const json_t *columns)
{
	snprintf(sheet->name, sizeof sheet->name, "%s", name);
	sheet->pages = 1;
	columns_read(sheet, columns);
	page_begin(sheet, name);
}

static void page_continue(struct sheet *sheet)
{
	char name[NAME_ROOM + 16];

	snprintf(name, sizeof name, "%s (%d)", sheet->name, ++sheet->pages);
	page_begin(sheet, name);
}

void sheet_row(struct sheet *sheet, const json_t *row)
{
	if (sheet->failed)
		return;
	if (sheet->writer->rows > 0 && sheet->rows == sheet->writer->rows)
		page_continue(sheet);
	sheet->rows++;
	if (!sheet->failed && !sheet->writer->row(sheet->file, sheet->columns, sheet->count, row))
		sheet->failed = true;
}

/* The name in the directory is the caller's care; the content is on the disk. */
static bool content_sync(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool synced = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return synced;
}

bool sheet_close(struct sheet *sheet)
{
	bool written = !sheet->failed;

	if (written)
		written = sheet->writer->close(sheet->file) && content_sync(sheet->path);
	else
		sheet->writer->drop(sheet->file);
	if (!written)
		log_line(LOG_ERROR, "sheet", "a file could not be written", "path", sheet->path, NULL);
	free(sheet);
	return written;
}

void sheet_drop(struct sheet *sheet)
{
	sheet->writer->drop(sheet->file);
	free(sheet);
}

bool sheet_write(const char *path, const char *dir, const json_t *pages)
{
	struct sheet *sheet = sheet_open(SHEET_XLSX, path, dir);
	const json_t *page, *row;
	size_t i, j;

	if (sheet == NULL)
		return false;
	json_array_foreach(pages, i, page) {
		sheet_page(sheet, json_string_value(json_object_get(page, "name")), json_object_get(page, "columns"));
		json_array_foreach(json_object_get(page, "rows"), j, row)
			sheet_row(sheet, row);
	}
	return sheet_close(sheet);
}
