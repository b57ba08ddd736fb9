/* sheet_csv.c — a table as CSV: RFC 4180, UTF-8 with the mark by which spreadsheet programs know it. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "sheet_parts.h"

struct csv_file { FILE *out; int pages; };

static void *csv_open(const char *path, const char *dir)
{
	struct csv_file *file = calloc(1, sizeof *file);
	int fd;

	(void)dir;
	if (file == NULL)
		abort();
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	file->out = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (file->out != NULL && fputs("\xEF\xBB\xBF", file->out) >= 0)
		return file;
	if (file->out != NULL)
		fclose(file->out);
	else if (fd >= 0)
		close(fd);
	free(file);
	return NULL;
}

/* What a spreadsheet program would take for a formula. */
static bool is_formula(const char *text)
{
	return *text != '\0' && strchr("=+-@\t\r", *text) != NULL;
}

static void text_put(FILE *out, const char *text)
{
	bool quoted = is_formula(text) || strpbrk(text, "\",\r\n\t") != NULL;

	if (!quoted) {
		fputs(text, out);
		return;
	}
	putc('"', out);
	if (is_formula(text))
		putc('\'', out);
	for (; *text != '\0'; text++) {
		if (*text == '"')
			putc('"', out);
		putc(*text, out);
	}
	putc('"', out);
}

static void number_put(FILE *out, const json_t *cell, enum sheet_kind kind)
{
	char text[SHEET_TIME_ROOM];

	if (kind == SHEET_MOMENT || kind == SHEET_DAY) {
		sheet_time(json_integer_value(cell), kind == SHEET_MOMENT, text);
		fputs(text, out);
	} else if (json_is_integer(cell)) {
		fprintf(out, "%lld", (long long)json_integer_value(cell));
	} else {
		fprintf(out, "%.10g", json_number_value(cell));
	}
}

static bool csv_row(void *context, const struct sheet_column *columns, size_t count, const json_t *row)
{
	struct csv_file *file = context;

	for (size_t i = 0; i < count && file->pages == 1; i++) {
		const json_t *cell = json_array_get(row, i);

		if (i > 0)
			putc(',', file->out);
		if (json_is_string(cell))
			text_put(file->out, json_string_value(cell));
		else if (json_is_number(cell))
			number_put(file->out, cell, columns[i].kind);
	}
	if (file->pages == 1)
		fputs("\r\n", file->out);
	return !ferror(file->out);
}

static bool csv_page(void *context, const char *name, const struct sheet_column *columns, size_t count)
{
	struct csv_file *file = context;

	(void)name;
	if (++file->pages > 1)
		return true;
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			putc(',', file->out);
		text_put(file->out, columns[i].title);
	}
	fputs("\r\n", file->out);
	return !ferror(file->out);
}

static bool csv_close(void *context)
{
	struct csv_file *file = context;
	bool written = fclose(file->out) == 0;

	free(file);
	return written;
}

static void csv_drop(void *context)
{
	csv_close(context);
}

const struct sheet_writer sheet_csv = { csv_open, csv_page, csv_row, csv_close, csv_drop, 0 };
