/* sheet_parts.h — what the two ways of writing a table share. */
#ifndef SERVER_SHEET_PARTS_H
#define SERVER_SHEET_PARTS_H

#include <stddef.h>
#include <stdio.h>
#include "sheet.h"

struct sheet_column { char title[64]; enum sheet_kind kind; double width; };

/* One way of writing; each function gets what open() gave. */
struct sheet_writer {
	void *(*open)(const char *path, const char *dir);
	bool (*page)(void *file, const char *name, const struct sheet_column *columns, size_t count);
	bool (*row)(void *file, const struct sheet_column *columns, size_t count, const json_t *row);
	bool (*close)(void *file);
	void (*drop)(void *file);
	long long rows;              /* most of one page */
};
extern const struct sheet_writer sheet_csv, sheet_xlsx;

/* "2026-11-29 20:15:00", or "2026-11-29" without time, in Beijing. */
enum { SHEET_TIME_ROOM = 32 };
void sheet_time(int64_t ms, bool time, char out[SHEET_TIME_ROOM]);

#endif
