/* csv.h — RFC 4180 rows from bytes that arrive piece by piece. Pure; knows no files.
 *
 * Fields may be quoted, quotes inside are doubled, a quoted field may hold commas and line ends;
 * rows end with LF or CRLF. A byte-order mark at the start is skipped. A row that breaks the
 * rules is reported as faulty and reading goes on with the next line. */
#ifndef SERVER_CSV_H
#define SERVER_CSV_H

#include <stdbool.h>
#include <stddef.h>

enum { CSV_FIELDS = 64, CSV_ROW_BYTES = 262144 };   /* limits of one row */

enum csv_fault {
	CSV_FINE,
	CSV_STRAY_QUOTE,      /* a quote inside an unquoted field, or text after a closing quote */
	CSV_OPEN_QUOTE,       /* the file ends inside a quoted field */
	CSV_TOO_MANY_FIELDS,
	CSV_TOO_LONG          /* more than CSV_ROW_BYTES in one row */
};

struct csv_row {
	size_t line;                          /* of the file, where the row begins, from 1 */
	enum csv_fault fault;
	size_t count;
	const char *fields[CSV_FIELDS];       /* NUL-terminated; NUL bytes inside stay in lengths */
	size_t lengths[CSV_FIELDS];
};

struct csv;
typedef void csv_fn(void *context, const struct csv_row *row);   /* row valid during the call */

struct csv *csv_new(csv_fn *fn, void *context);       /* NULL when memory is out */
/* Read bytes; at most one row is given to fn for each call: returns how many bytes were taken. */
size_t csv_feed(struct csv *csv, const char *bytes, size_t len);
void csv_end(struct csv *csv);                        /* the last row, if the file has no final LF */
void csv_free(struct csv *csv);
const char *csv_fault_text(enum csv_fault fault);     /* Chinese, for the rejects file */

#endif
