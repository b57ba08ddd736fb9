/* import_columns.h — what the columns of an import file mean, and whether a row can become a ticket. */
#ifndef SERVER_IMPORT_COLUMNS_H
#define SERVER_IMPORT_COLUMNS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include "csv.h"

enum import_column {
	IMPORT_TITLE, IMPORT_BODY, IMPORT_TIME, IMPORT_KIND, IMPORT_URGENCY, IMPORT_MATTER, IMPORT_REGION,
	IMPORT_TOWN, IMPORT_PLACE, IMPORT_PHONE, IMPORT_NAME, IMPORT_USER, IMPORT_SOURCE_ID, IMPORT_COLUMNS
};

struct import_columns {
	int at[IMPORT_COLUMNS];     /* place in the row, -1 = the file has no such column */
	size_t count;               /* columns of the header line */
};

/* Read the header line. Names that mean nothing here are printed to `notices`, one line each.
 * false: title or body is missing, or a name stands there twice (printed as well). */
bool import_columns_read(struct import_columns *ret, const struct csv_row *header, FILE *notices);

enum { IMPORT_REASON = 400 };
/* A row as parameters of ticket_submit, contact data still open; the caller owns it. NULL when the
 * row cannot be taken: reason then says everything that is wrong. region: for rows without one. */
json_t *import_row_read(const struct import_columns *columns, const struct csv_row *row,
                        const char *region, char reason[IMPORT_REASON]);

#endif
