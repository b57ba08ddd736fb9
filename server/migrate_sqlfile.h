/* migrate_sqlfile.h — one SQL file: read it, know it by its digest, run it, and say where it failed. */
#ifndef SERVER_MIGRATE_SQLFILE_H
#define SERVER_MIGRATE_SQLFILE_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>

struct sqlfile {
	char *path;              /* as messages name it */
	char *text;              /* NUL-terminated */
	size_t len;
	char digest[65];         /* SHA-256, hex */
};

/* false: printed why to stderr. Freed with sqlfile_free(), which accepts an all-zero one. */
bool sqlfile_read(const char *dir, const char *name, struct sqlfile *ret);
void sqlfile_free(struct sqlfile *file);

/* Run the whole file as one simple query in the transaction at hand. On failure prints
 * "path:line: message" with detail, hint and context to stderr. */
bool sqlfile_run(PGconn *pg, const struct sqlfile *file);

/* COPY the file, a CSV with a line of column names, into a table. */
bool sqlfile_copy(PGconn *pg, const struct sqlfile *file, const char *table);

/* The line, from 1, on which the number-th statement of the text (from 0) begins; pure. Knows
 * quotes, dollar quotes and comments; SQL bodies written BEGIN ATOMIC are not used here. */
size_t sql_statement_line(const char *text, size_t number);

/* The line that holds a position as PostgreSQL counts it, in characters from 1; pure. */
size_t sql_position_line(const char *text, size_t position);

#endif
