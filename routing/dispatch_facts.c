/* Keeps what changes beside the catalogue: rulings (裁定先例), local practice, absences, loads. */
#include <stdlib.h>
#include <string.h>

#include "dispatch_book.h"

void book_rows_free(struct book_rows *rows) {
	free(rows->rows);
	free(rows->texts);
	*rows = (struct book_rows){ NULL, NULL, 0 };
}

/* Room for `count` rows and their texts; false: memory is out. */
static bool rows_alloc(struct book_rows *ret, size_t count, size_t row_size, size_t text_bytes) {
	ret->rows = calloc(count + 1, row_size);
	ret->texts = malloc(text_bytes + 1);
	ret->count = 0;
	if (ret->rows && ret->texts)
		return true;
	book_rows_free(ret);
	return false;
}

/* What was there before goes. */
static bool rows_put(struct book_rows *place, struct book_rows fresh) {
	book_rows_free(place);
	*place = fresh;
	return true;
}

static const char *text_keep(char **at, const char *text) {
	size_t size = strlen(text) + 1;
	char *copy = memcpy(*at, text, size);
	*at += size;
	return copy;
}

/* ---- rulings --------------------------------------------------------------------------------------- */

static int precedent_compare(const void *left, const void *right) {
	const struct dispatch_precedent *a = left, *b = right;
	int order = strcmp(a->matter, b->matter);
	return order ? order : strcmp(a->region, b->region);
}

bool dispatch_book_rule(struct dispatch_book *book, const struct dispatch_precedent *precedents, size_t count) {
	struct book_rows fresh;
	size_t bytes = 0;
	for (size_t i = 0; i < count; i++)
		bytes += strlen(precedents[i].matter) + strlen(precedents[i].region) + strlen(precedents[i].why) + 3;
	if (!rows_alloc(&fresh, count, sizeof(*precedents), bytes))
		return false;
	struct dispatch_precedent *kept = fresh.rows;
	char *at = fresh.texts;
	for (size_t i = 0; i < count; i++) {
		const struct dispatch_precedent *one = &precedents[i];
		if (book_matter(book, one->matter) && book_unit_by_id(book, one->unit))
			kept[fresh.count++] = (struct dispatch_precedent){ text_keep(&at, one->matter),
				text_keep(&at, one->region), one->unit, text_keep(&at, one->why) };
	}
	qsort(kept, fresh.count, sizeof(*kept), precedent_compare);
	return rows_put(&book->precedents, fresh);
}

const struct dispatch_precedent *book_precedent(const struct dispatch_book *book, const char *matter,
                                                const char *region) {
	struct dispatch_precedent key = { matter, region, 0, NULL };
	if (book->precedents.count == 0)
		return NULL;
	return bsearch(&key, book->precedents.rows, book->precedents.count, sizeof(key), precedent_compare);
}

/* ---- practice -------------------------------------------------------------------------------------- */

static int practice_compare(const void *left, const void *right) {
	const struct dispatch_practice *a = left, *b = right;
	int order = strcmp(a->matter, b->matter);
	return order ? order : strcmp(a->region, b->region);
}

bool dispatch_book_practise(struct dispatch_book *book, const struct dispatch_practice *rows, size_t count) {
	struct book_rows fresh;
	size_t bytes = 0;
	for (size_t i = 0; i < count; i++)
		bytes += strlen(rows[i].matter) + strlen(rows[i].region) + 2;
	if (!rows_alloc(&fresh, count, sizeof(*rows), bytes))
		return false;
	struct dispatch_practice *kept = fresh.rows;
	char *at = fresh.texts;
	for (size_t i = 0; i < count; i++)
		if (book_matter(book, rows[i].matter) && book_unit_by_id(book, rows[i].unit))
			kept[fresh.count++] = (struct dispatch_practice){ text_keep(&at, rows[i].matter),
				text_keep(&at, rows[i].region), rows[i].unit, rows[i].count, rows[i].total };
	qsort(kept, fresh.count, sizeof(*kept), practice_compare);
	return rows_put(&book->practices, fresh);
}

const struct dispatch_practice *book_practice(const struct dispatch_book *book, const char *matter,
                                              const char *region) {
	struct dispatch_practice key = { matter, region, 0, 0, 0 };
	if (book->practices.count == 0)
		return NULL;
	return bsearch(&key, book->practices.rows, book->practices.count, sizeof(key), practice_compare);
}

/* ---- absences -------------------------------------------------------------------------------------- */

bool dispatch_book_excuse(struct dispatch_book *book, const struct dispatch_absence *rows, size_t count) {
	struct book_rows fresh;
	size_t bytes = 0;
	for (size_t i = 0; i < count; i++)
		bytes += strlen(rows[i].why) + 1;
	if (!rows_alloc(&fresh, count, sizeof(*rows), bytes))
		return false;
	struct dispatch_absence *kept = fresh.rows;
	char *at = fresh.texts;
	for (size_t i = 0; i < count; i++)
		if (book_unit_by_id(book, rows[i].unit) && book_unit_by_id(book, rows[i].stand_in))
			kept[fresh.count++] = (struct dispatch_absence){ rows[i].unit, rows[i].stand_in, rows[i].from_ms,
				rows[i].to_ms, text_keep(&at, rows[i].why) };
	return rows_put(&book->absences, fresh);
}

const struct dispatch_absence *book_absence(const struct dispatch_book *book, int unit, int64_t now_ms) {
	const struct dispatch_absence *rows = book->absences.rows;
	for (size_t i = 0; i < book->absences.count; i++)
		if (rows[i].unit == unit && rows[i].from_ms <= now_ms && now_ms < rows[i].to_ms)
			return &rows[i];
	return NULL;
}

/* ---- loads ----------------------------------------------------------------------------------------- */

static int load_compare(const void *left, const void *right) {
	const struct dispatch_load *a = left, *b = right;
	return (a->unit > b->unit) - (a->unit < b->unit);
}

bool dispatch_book_weigh(struct dispatch_book *book, const struct dispatch_load *rows, size_t count) {
	struct book_rows fresh;
	if (!rows_alloc(&fresh, count, sizeof(*rows), 0))
		return false;
	if (count > 0)
		memcpy(fresh.rows, rows, count * sizeof(*rows));
	fresh.count = count;
	qsort(fresh.rows, count, sizeof(*rows), load_compare);
	return rows_put(&book->loads, fresh);
}

const struct dispatch_load *book_load(const struct dispatch_book *book, int unit) {
	struct dispatch_load key = { unit, 0, 0, false };
	if (book->loads.count == 0)
		return NULL;
	return bsearch(&key, book->loads.rows, book->loads.count, sizeof(key), load_compare);
}
