/* Feeds any bytes to the CSV reader and to the import's rows. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../server/csv.h"
#include "../../server/import_columns.h"
#include "fuzz.h"

struct rows {
	FILE *nowhere;
	struct import_columns columns;
	bool header_read, header_good;
	size_t count, bytes, line;
};

static void must(bool true_always)
{
	if (!true_always)
		abort();
}

static void row_check(struct rows *rows, const struct csv_row *row)
{
	size_t i;

	must(row->count >= 1 && row->count <= CSV_FIELDS && row->line >= rows->line);
	rows->line = row->line;
	rows->count++;
	for (i = 0; i < row->count; i++) {
		must(row->fields[i][row->lengths[i]] == '\0');
		rows->bytes += row->lengths[i] + 1;
	}
}

static void row_arrived(void *context, const struct csv_row *row)
{
	struct rows *rows = context;
	char reason[IMPORT_REASON];
	json_t *params;

	row_check(rows, row);
	if (!rows->header_read) {
		rows->header_read = true;
		rows->header_good = import_columns_read(&rows->columns, row, rows->nowhere);
	} else if (rows->header_good) {
		params = import_row_read(&rows->columns, row, "232700", reason);
		must((params == NULL) == (reason[0] != '\0'));
		must(memchr(reason, '\0', sizeof(reason)) != NULL);
		json_decref(params);
	}
}

/* The pieces change nothing. */
static void read_all(const uint8_t *data, size_t size, size_t piece, struct rows *ret)
{
	struct csv *csv = csv_new(row_arrived, ret);
	size_t at = 0;

	must(csv != NULL);
	while (at < size) {
		size_t took = csv_feed(csv, (const char *)data + at, size - at < piece ? size - at : piece);

		must(took > 0);
		at += took;
	}
	csv_end(csv);
	csv_free(csv);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static FILE *nowhere;
	struct rows whole = { 0 }, bytewise = { 0 };

	if (nowhere == NULL)
		nowhere = fopen("/dev/null", "w");
	whole.nowhere = bytewise.nowhere = nowhere;
	read_all(data, size, size + 1, &whole);
	read_all(data, size, 1, &bytewise);
	must(whole.count == bytewise.count && whole.bytes == bytewise.bytes);
	return 0;
}
