/* sheet.h — tables of cells as files: XLSX (libxlsxwriter, in constant memory) and CSV (RFC 4180).
 *
 * A file has pages, a page has columns and rows; a CSV has one page. Columns and rows come as JSON, as SQL makes
 * them:  columns [{"title": text, "kind": text|number|percent|moment|day|long, "width": characters}, …]
 *        row     [cell, …]: null (empty), text or number; of kind moment and day: milliseconds since 1970-01-01 UTC,
 *                shown in Beijing time; of kind percent: 0–100.
 * A cell is what it is: a text is never read as a formula, neither by XLSX (which types cells) nor by CSV, where
 * such a text gets an apostrophe (OWASP, “CSV Injection”). Texts are UTF-8.
 * No globals and no loop: safe from a worker thread, one file from one thread at a time. */
#ifndef SERVER_SHEET_H
#define SERVER_SHEET_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum {
	SHEET_COLUMNS = 64,
	SHEET_ROWS = 1048575      /* the format's 1,048,576 rows of a page, less its header */
};

enum sheet_kind { SHEET_TEXT, SHEET_NUMBER, SHEET_PERCENT, SHEET_MOMENT, SHEET_DAY, SHEET_LONG, SHEET_KIND_COUNT };
enum sheet_format { SHEET_CSV, SHEET_XLSX };

struct sheet;

/* Makes the file; what does not fit into memory goes to `dir` until it is closed. NULL: logged why. */
struct sheet *sheet_open(enum sheet_format format, const char *path, const char *dir);
/* Begins a page with these columns: header frozen, filter buttons. Its name has at most 31 characters and none of
 * []:*?/\ . Of a CSV, which has one page, the first one counts and later ones are left out with their rows. */
void sheet_page(struct sheet *sheet, const char *name, const json_t *columns);
/* One row of the page. Beyond SHEET_ROWS of an XLSX a further page of the same columns is begun: “工单 (2)”. */
void sheet_row(struct sheet *sheet, const json_t *row);
/* Writes all of it, through to the disk, and frees. false: the file is not usable (logged). Slow. */
bool sheet_close(struct sheet *sheet);
/* Frees without finishing; the file is worthless. */
void sheet_drop(struct sheet *sheet);

/* A whole small XLSX at once: pages [{"name", "columns", "rows": [row, …]}, …]. */
bool sheet_write(const char *path, const char *dir, const json_t *pages);

#endif
