/* migrate_sqlfile.c — reads, digests and runs one SQL or CSV file; errors name the file and the line. */
#include "migrate_sqlfile.h"
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *path_join(const char *dir, const char *name)
{
	size_t room = strlen(dir) + strlen(name) + 2;
	char *path = malloc(room);

	if (path)
		snprintf(path, room, "%s/%s", dir, name);
	return path;
}

static char *stream_read(FILE *in, size_t *ret_len)
{
	size_t len = 0, room = 65536;
	char *text = malloc(room);

	while (text) {
		len += fread(text + len, 1, room - len - 1, in);
		if (len < room - 1)
			break;
		room *= 2;
		char *more = realloc(text, room);
		if (!more)
			free(text);
		text = more;
	}
	if (text && ferror(in)) {
		free(text);
		return NULL;
	}
	if (text)
		text[len] = '\0';
	*ret_len = len;
	return text;
}

bool sqlfile_read(const char *dir, const char *name, struct sqlfile *ret)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	FILE *in;

	memset(ret, 0, sizeof *ret);
	ret->path = path_join(dir, name);
	in = ret->path ? fopen(ret->path, "re") : NULL;
	if (in)
		ret->text = stream_read(in, &ret->len);
	if (!ret->text) {
		fprintf(stderr, "%s: cannot be read: %s\n", ret->path ? ret->path : name, strerror(errno));
		if (in)
			fclose(in);
		sqlfile_free(ret);
		return false;
	}
	fclose(in);
	crypto_hash_sha256(hash, (const unsigned char *)ret->text, ret->len);
	sodium_bin2hex(ret->digest, sizeof ret->digest, hash, sizeof hash);
	return true;
}

void sqlfile_free(struct sqlfile *file)
{
	free(file->path);
	free(file->text);
	memset(file, 0, sizeof *file);
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Past the end of a quoted piece that starts at `at`; `escapes`: backslash takes the next. */
static const char *quote_skip(const char *at, bool escapes)
{
	char quote = *at++;

	while (*at && *at != quote)
		at += escapes && at[0] == '\\' && at[1] ? 2 : 1;
	return *at ? at + 1 : at;
}

/* Past a dollar quote, or past the one character if it is none ($1). */
static const char *dollar_skip(const char *at)
{
	const char *end = at + 1;
	size_t len;

	while (is_word(*end))
		end++;
	if (*end != '$' || (at[1] >= '0' && at[1] <= '9'))
		return at + 1;
	len = (size_t)(end - at) + 1;
	for (at = end + 1; *at; at++)
		if (strncmp(at, end - len + 1, len) == 0)
			return at + len;
	return at;
}

static const char *comment_skip(const char *at)
{
	int depth = 0;

	if (*at == '-') {
		while (*at && *at != '\n')
			at++;
		return at;
	}
	do {
		if (at[0] == '/' && at[1] == '*') {
			depth++;
			at += 2;
		} else if (at[0] == '*' && at[1] == '/') {
			depth--;
			at += 2;
		} else {
			at++;
		}
	} while (depth && *at);
	return at;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static const char *blank_skip(const char *at)
{
	while (*at) {
		if ((at[0] == '-' && at[1] == '-') || (at[0] == '/' && at[1] == '*'))
			at = comment_skip(at);
		else if (is_blank(*at) || *at == ';')
			at++;
		else
			break;
	}
	return at;
}

/* Past the statement's semicolon, or the end of the text. */
static const char *statement_skip(const char *at)
{
	char before = ' ';

	while (*at && *at != ';') {
		const char *from = at;
		if (*at == '\'' || *at == '"')
			at = quote_skip(at, *at == '\'' && (before == 'E' || before == 'e'));
		else if (*at == '$' && !is_word(before))
			at = dollar_skip(at);
		else if ((at[0] == '-' && at[1] == '-') || (at[0] == '/' && at[1] == '*'))
			at = comment_skip(at);
		else
			at++;
		before = *from;
	}
	return at;
}

static size_t line_of(const char *text, const char *at)
{
	size_t line = 1;

	for (; text < at; text++)
		line += *text == '\n';
	return line;
}

size_t sql_statement_line(const char *text, size_t number)
{
	const char *at = blank_skip(text);

	while (number-- && *at)
		at = blank_skip(statement_skip(at));
	return line_of(text, at);
}

size_t sql_position_line(const char *text, size_t position)
{
	const char *at = text;

	while (*at && position > 1) {
		at++;
		position -= ((unsigned char)*at & 0xC0) != 0x80;
	}
	return line_of(text, at);
}

static void failure_print(const struct sqlfile *file, const PGresult *result, size_t done)
{
	static const struct { int field; const char *name; } more[] = {
		{ PG_DIAG_MESSAGE_DETAIL, "detail" },
		{ PG_DIAG_MESSAGE_HINT, "hint" },
		{ PG_DIAG_CONTEXT, "context" },
	};
	const char *position = PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION);
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	size_t line = position ? sql_position_line(file->text, strtoul(position, NULL, 10))
	                       : sql_statement_line(file->text, done);

	fprintf(stderr, "%s:%zu: %s\n", file->path, line, message ? message : PQresultErrorMessage(result));
	for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
		const char *text = PQresultErrorField(result, more[i].field);
		if (text)
			fprintf(stderr, "  %s: %s\n", more[i].name, text);
	}
}

bool sqlfile_run(PGconn *pg, const struct sqlfile *file)
{
	bool fine = PQsendQuery(pg, file->text) == 1;
	size_t done = 0;

	if (!fine)
		fprintf(stderr, "%s: %s", file->path, PQerrorMessage(pg));
	for (PGresult *result; (result = PQgetResult(pg)); PQclear(result)) {
		ExecStatusType status = PQresultStatus(result);
		if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
			done++;
		} else if (status != PGRES_EMPTY_QUERY && fine) {
			failure_print(file, result, done);
			fine = false;
		}
	}
	return fine;
}

/* The first line of a CSV as a list of columns; false if it is anything but plain names. */
static bool header_copy(const struct sqlfile *file, char *out, size_t room)
{
	size_t len = strcspn(file->text, "\r\n");

	if (len == 0 || len >= room)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!is_word(file->text[i]) && file->text[i] != ',')
			return false;
	memcpy(out, file->text, len);
	out[len] = '\0';
	return true;
}

bool sqlfile_copy(PGconn *pg, const struct sqlfile *file, const char *table)
{
	char columns[512], command[700];
	PGresult *result;
	bool fine;

	if (!header_copy(file, columns, sizeof columns)) {
		fprintf(stderr, "%s:1: the first line must name the columns, separated by commas\n", file->path);
		return false;
	}
	snprintf(command, sizeof command, "copy %s (%s) from stdin (format csv, header true)", table, columns);
	result = PQexec(pg, command);
	fine = PQresultStatus(result) == PGRES_COPY_IN;
	if (fine) {
		PQclear(result);
		PQputCopyData(pg, file->text, (int)file->len);
		PQputCopyEnd(pg, NULL);
		result = PQgetResult(pg);
		fine = PQresultStatus(result) == PGRES_COMMAND_OK;
	}
	if (!fine)
		fprintf(stderr, "%s: %s", file->path, PQresultErrorMessage(result));
	PQclear(result);
	while ((result = PQgetResult(pg)))
		PQclear(result);
	return fine;
}
