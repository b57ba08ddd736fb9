/* sheet_xlsx.c — a table as XLSX; the only file that knows libxlsxwriter. Rows go to a file beside as they come
 * (constant memory), and closing packs them. */
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>
#include "log.h"
#include "sheet_parts.h"

enum { CELL_MOST = 32767, DAY_MS = 86400000, BEIJING_MS = 28800000, EPOCH_DAYS = 25569 };

struct xlsx_file {
	lxw_workbook *book;
	lxw_worksheet *page;
	lxw_format *head, *kinds[SHEET_KIND_COUNT];
	char *path;
	size_t columns;
	lxw_row_t row;               /* the next one */
};

static lxw_format *format_new(lxw_workbook *book, const char *number, bool wraps)
{
	lxw_format *format = workbook_add_format(book);

	if (number != NULL)
		format_set_num_format(format, number);
	if (wraps)
		format_set_text_wrap(format);
	format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
	return format;
}

static void formats_make(struct xlsx_file *file)
{
	lxw_workbook *book = file->book;

	file->head = format_new(book, NULL, true);
	format_set_bold(file->head);
	format_set_bg_color(file->head, 0xE3EDF7);
	format_set_bottom(file->head, LXW_BORDER_THIN);
	file->kinds[SHEET_TEXT] = format_new(book, "@", false);
	file->kinds[SHEET_NUMBER] = format_new(book, NULL, false);
	file->kinds[SHEET_PERCENT] = format_new(book, "0.00\"%\"", false);
	file->kinds[SHEET_MOMENT] = format_new(book, "yyyy-mm-dd hh:mm:ss", false);
	file->kinds[SHEET_DAY] = format_new(book, "yyyy-mm-dd", false);
	file->kinds[SHEET_LONG] = format_new(book, NULL, true);
}

static void *xlsx_open(const char *path, const char *dir)
{
	struct xlsx_file *file = calloc(1, sizeof *file);
	char *aside = strdup(dir);
	lxw_workbook_options options = { .constant_memory = LXW_TRUE, .tmpdir = aside, .use_zip64 = LXW_TRUE };

	if (file == NULL || aside == NULL)
		abort();
	file->path = strdup(path);
	file->book = workbook_new_opt(path, &options);
	free(aside);                 /* the workbook has its own copy */
	if (file->path != NULL && file->book != NULL) {
		formats_make(file);
		return file;
	}
	free(file->path);
	free(file);
	return NULL;
}

/* The filter covers what was written, which is known only now. */
static void page_end(struct xlsx_file *file)
{
	if (file->page != NULL && file->columns > 0)
		worksheet_autofilter(file->page, 0, 0, file->row > 1 ? file->row - 1 : 0, (lxw_col_t)(file->columns - 1));
	file->page = NULL;
}

static bool xlsx_page(void *context, const char *name, const struct sheet_column *columns, size_t count)
{
	struct xlsx_file *file = context;

	page_end(file);
	file->page = workbook_add_worksheet(file->book, name);
	if (file->page == NULL)
		return false;
	file->columns = count;
	file->row = 1;
	for (size_t i = 0; i < count; i++) {
		lxw_col_t column = (lxw_col_t)i;

		worksheet_set_column(file->page, column, column, columns[i].width > 0 ? columns[i].width : 12, NULL);
		worksheet_write_string(file->page, 0, column, columns[i].title, file->head);
	}
	worksheet_freeze_panes(file->page, 1, 0);
	worksheet_repeat_rows(file->page, 0, 0);
	worksheet_set_landscape(file->page);
	worksheet_set_paper(file->page, 9);          /* A4 */
	worksheet_fit_to_pages(file->page, 1, 0);
	return true;
}

static const char MORE[] = "…";

/* The format's longest text; nothing of ours comes near it but many supplements to one request. */
static lxw_error text_put(struct xlsx_file *file, lxw_col_t column, const char *text, lxw_format *format)
{
	size_t len = strlen(text);
	lxw_error fault;
	char *cut;

	if (len <= CELL_MOST)
		return worksheet_write_string(file->page, file->row, column, text, format);
	for (len = CELL_MOST - (sizeof MORE - 1); len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80; len--)
		;
	if (asprintf(&cut, "%.*s%s", (int)len, text, MORE) < 0)
		abort();
	fault = worksheet_write_string(file->page, file->row, column, cut, format);
	free(cut);
	return fault;
}

static lxw_error number_put(struct xlsx_file *file, lxw_col_t column, const json_t *cell, enum sheet_kind kind)
{
	double value = json_number_value(cell);

	if (kind == SHEET_MOMENT || kind == SHEET_DAY)
		value = (value + BEIJING_MS) / DAY_MS + EPOCH_DAYS;
	if (kind == SHEET_DAY)
		value = (double)(long long)value;
	return worksheet_write_number(file->page, file->row, column, value,
	                              file->kinds[kind == SHEET_TEXT || kind == SHEET_LONG ? SHEET_NUMBER : kind]);
}

static bool xlsx_row(void *context, const struct sheet_column *columns, size_t count, const json_t *row)
{
	struct xlsx_file *file = context;
	lxw_error fault = LXW_NO_ERROR;

	for (size_t i = 0; i < count && fault == LXW_NO_ERROR; i++) {
		const json_t *cell = json_array_get(row, i);

		if (json_is_string(cell))
			fault = text_put(file, (lxw_col_t)i, json_string_value(cell),
			                 file->kinds[columns[i].kind == SHEET_LONG ? SHEET_LONG : SHEET_TEXT]);
		else if (json_is_number(cell))
			fault = number_put(file, (lxw_col_t)i, cell, columns[i].kind);
	}
	file->row++;
	return fault == LXW_NO_ERROR;
}

static bool xlsx_close(void *context)
{
	struct xlsx_file *file = context;
	lxw_error fault;

	page_end(file);
	fault = workbook_close(file->book);          /* frees it, whatever comes of it */
	if (fault != LXW_NO_ERROR)
		log_line(LOG_ERROR, "sheet", "an XLSX could not be packed", "path", file->path, "error", lxw_strerror(fault), NULL);
	free(file->path);
	free(file);
	return fault == LXW_NO_ERROR;
}

/* Without packing, which takes the longest; the files beside would stay open otherwise. */
static void xlsx_drop(void *context)
{
	struct xlsx_file *file = context;
	lxw_worksheet *page;

	STAILQ_FOREACH(page, file->book->worksheets, list_pointers)
		if (page->optimize_tmpfile != NULL)
			fclose(page->optimize_tmpfile);
	lxw_workbook_free(file->book);
	free(file->path);
	free(file);
}

const struct sheet_writer sheet_xlsx = { xlsx_open, xlsx_page, xlsx_row, xlsx_close, xlsx_drop, SHEET_ROWS };
