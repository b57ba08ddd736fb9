/* train_texts.c — texts with known labels, from a CSV file or from the confirmed tickets. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "csv.h"
#include "train_texts.h"

enum { BLOCK = 65536 };

static char *copy(const char *text)
{
	char *own = strdup(text);

	if (own == NULL)
		abort();
	return own;
}

void train_texts_add(struct train_texts *texts, const char *label, const char *title, const char *body, int64_t at)
{
	if (texts->count == texts->room) {
		texts->room = texts->room * 2 + 1024;
		texts->list = realloc(texts->list, texts->room * sizeof(*texts->list));
		if (texts->list == NULL)
			abort();
	}
	texts->list[texts->count++] = (struct train_text){ copy(label), copy(title), copy(body), at };
}

void train_texts_free(struct train_texts *texts)
{
	size_t i;

	for (i = 0; i < texts->count; i++) {
		free(texts->list[i].label);
		free(texts->list[i].title);
		free(texts->list[i].body);
	}
	free(texts->list);
	*texts = (struct train_texts){ 0 };
}

/* ---- a file ------------------------------------------------------------------------------------ */

static const char *const column_names[] = { "label", "title", "body" };
enum { COLUMN_COUNT = sizeof(column_names) / sizeof(column_names[0]) };

struct reading {
	struct train_texts *texts;
	const char *path;
	int at[COLUMN_COUNT];        /* place of each column in the row */
	bool header_read, failed;
	size_t left_out;
};

static void header_take(struct reading *reading, const struct csv_row *row)
{
	size_t column, place;

	reading->header_read = true;
	for (column = 0; column < COLUMN_COUNT; column++) {
		for (place = 0; place < row->count && strcmp(row->fields[place], column_names[column]) != 0; place++)
			continue;
		reading->at[column] = (int)place;
		if (place == row->count) {
			fprintf(stderr, "%s：没有 %s 列。第一行应为列名，须有 label、title、body。\n", reading->path,
			        column_names[column]);
			reading->failed = true;
		}
	}
}

static bool row_fits(const struct reading *reading, const struct csv_row *row)
{
	int column;

	for (column = 0; column < COLUMN_COUNT; column++)
		if (row->fault != CSV_FINE || (size_t)reading->at[column] >= row->count)
			return false;
	return *row->fields[reading->at[0]] != '\0';
}

static void row_take(void *context, const struct csv_row *row)
{
	struct reading *reading = context;

	if (!reading->header_read)
		header_take(reading, row);
	else if (reading->failed)
		return;
	else if (row_fits(reading, row))
		train_texts_add(reading->texts, row->fields[reading->at[0]], row->fields[reading->at[1]],
		                row->fields[reading->at[2]], 0);
	else
		reading->left_out++;
}

static void file_read(FILE *file, struct csv *csv)
{
	static char block[BLOCK];
	size_t got, at;

	while ((got = fread(block, 1, sizeof(block), file)) > 0)
		for (at = 0; at < got;)
			at += csv_feed(csv, block + at, got - at);
	csv_end(csv);
}

bool train_texts_read(struct train_texts *texts, const char *path)
{
	struct reading reading = { .texts = texts, .path = path };
	struct csv *csv = csv_new(row_take, &reading);
	FILE *file = fopen(path, "rb");
	bool whole = file != NULL;

	if (csv == NULL)
		abort();
	if (whole) {
		file_read(file, csv);
		whole = !ferror(file);
		fclose(file);
	}
	csv_free(csv);
	if (!whole)
		fprintf(stderr, "%s 读不了：%s\n", path, strerror(errno));
	else if (reading.left_out > 0)
		fprintf(stderr, "%s：%zu 行没有标签或不合格式，未采用。\n", path, reading.left_out);
	if (whole && !reading.failed && texts->count == 0)
		fprintf(stderr, "%s：没有可用的行。\n", path);
	return whole && !reading.failed && texts->count > 0;
}

/* ---- the hotline's own history ---------------------------------------------------------------------- */

/* Row by row as the database finds them, so that it is in memory once. */
bool train_texts_load(struct train_texts *texts, PGconn *pg)
{
	PGresult *result;
	bool fine = PQsendQuery(pg, "select label, title, body, at from operator_history()") == 1
		&& PQsetSingleRowMode(pg) == 1;

	while ((result = PQgetResult(pg)) != NULL) {
		ExecStatusType status = PQresultStatus(result);

		if (status == PGRES_SINGLE_TUPLE)
			train_texts_add(texts, PQgetvalue(result, 0, 0), PQgetvalue(result, 0, 1),
			                PQgetvalue(result, 0, 2), strtoll(PQgetvalue(result, 0, 3), NULL, 10));
		else if (status != PGRES_TUPLES_OK)
			fine = false;
		PQclear(result);
	}
	if (!fine)
		fprintf(stderr, "历史工单读取失败：%s", PQerrorMessage(pg));
	return fine;
}
