/* import_report.h — what an import tells: progress, the file of rejected rows, the summary. */
#ifndef SERVER_IMPORT_REPORT_H
#define SERVER_IMPORT_REPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include "csv.h"

struct import_report {
	uint64_t accepted, already, rejected;
	int64_t began, told;              /* wall clock, ms */
	uint64_t bytes_all, bytes_read;   /* how far the file has been read, for the estimate */
	bool terminal;                    /* a bar that is drawn over, else plain lines */
	const char *rejects_path;
	FILE *rejects;                    /* opened with the first rejected row */
	bool resumed;                     /* earlier rejects stay in the file */
	char *header;                     /* the header line as it goes into the file, owned */
};

void report_begin(struct import_report *report, const char *rejects_path, uint64_t bytes_all);
/* The row's own fields as CSV, malloc'ed: kept until it is known whether the row is taken. */
char *report_row_text(const struct csv_row *row);
/* One line in the file: the row's line in the source, the reason, its own fields. false: the file
 * cannot be written (printed). */
bool report_reject(struct import_report *report, size_t line, const char *reason, const char *row_text);
/* Draw the bar or print a line; at most four times a second, or every ten seconds. */
void report_progress(struct import_report *report);
void report_end(struct import_report *report, bool whole);

#endif
