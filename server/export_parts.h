/* export_parts.h — what the parts of exporting share. export.c asks the database and keeps the lease, export_file.c
 * writes on a worker thread, export_give.c answers consoles. */
#ifndef SERVER_EXPORT_PARTS_H
#define SERVER_EXPORT_PARTS_H

#include <jansson.h>
#include "export.h"
#include "sheet.h"

enum { EXPORT_PATH = 4096 };
/* "<files_dir>/exports/<name>"; false: too long. */
bool export_path(const struct room *room, const char *name, char out[EXPORT_PATH]);

/* One export under way. While `working`, its worker thread owns the members up to `failed`, else the loop does. */
struct export_job {
	enum sheet_format format;
	char dir[EXPORT_PATH], part[EXPORT_PATH], place[EXPORT_PATH];
	struct sheet *sheet;         /* NULL before the first page and after the last */
	char *page;                  /* JSON of the page to be written; freed there */
	char after[64];              /* key of its last row; "" after the last page */
	json_t *about;               /* rows of the page 说明; with the last page */
	long long done, size;
	char sha256[65];
	bool failed;
	/* the loop's own */
	struct exports *exports;
	json_int_t id, run;
	bool working, stepping, ends;     /* ends: cancelled, another's, or the server goes */
	bool waiting;                     /* for what was just accepted to be found; the tick asks again */
	bool refused;                     /* cancelled or another's: there is nothing to give back */
	int64_t stepped_ms;               /* monotonic; when the lease was prolonged last */
};

/* On a worker thread; context is the job. */
void export_page_write(void *context);       /* writes `page`, sets after, done, about */
void export_pack(void *context);             /* 说明, closes, hashes, puts it in its place */
void export_drop_file(void *context);        /* frees what is open, removes what is half */

#endif
