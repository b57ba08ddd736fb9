/* Keeps the precedents of rulings (裁定先例) in the book of dispatch. */
#include <stdlib.h>
#include <string.h>

#include "dispatch_book.h"

static int precedent_compare(const void *left, const void *right) {
	const struct dispatch_precedent *a = left, *b = right;
	int order = strcmp(a->matter, b->matter);
	return order ? order : strcmp(a->region, b->region);
}

const struct dispatch_unit *book_unit_by_id(const struct dispatch_book *book, int id) {
	for (size_t i = 0; i < book->unit_count; i++)
		if (book->units[i].id == id)
			return &book->units[i];
	return NULL;
}

static bool is_known(const struct dispatch_book *book, const struct dispatch_precedent *precedent) {
	return book_matter(book, precedent->matter) && book_unit_by_id(book, precedent->unit);
}

static const char *text_keep(char **at, const char *text) {
	size_t size = strlen(text) + 1;
	char *copy = memcpy(*at, text, size);
	*at += size;
	return copy;
}

bool dispatch_book_rule(struct dispatch_book *book, const struct dispatch_precedent *precedents, size_t count) {
	size_t bytes = 1;
	for (size_t i = 0; i < count; i++)
		bytes += strlen(precedents[i].matter) + strlen(precedents[i].region) + strlen(precedents[i].why) + 3;
	char *texts = malloc(bytes), *at = texts;
	struct dispatch_precedent *kept = calloc(count + 1, sizeof(*kept));
	if (!texts || !kept) {
		free(texts);
		free(kept);
		return false;
	}
	free(book->rulings);
	free(book->precedents);
	book->rulings = texts;
	book->precedents = kept;
	book->precedent_count = 0;
	for (size_t i = 0; i < count; i++)
		if (is_known(book, &precedents[i]))
			kept[book->precedent_count++] = (struct dispatch_precedent){
				text_keep(&at, precedents[i].matter), text_keep(&at, precedents[i].region),
				precedents[i].unit, text_keep(&at, precedents[i].why),
			};
	qsort(kept, book->precedent_count, sizeof(*kept), precedent_compare);
	return true;
}

const struct dispatch_precedent *book_precedent(const struct dispatch_book *book, const char *matter,
                                                const char *region) {
	struct dispatch_precedent key = { matter, region, 0, NULL };
	if (book->precedent_count == 0)
		return NULL;
	return bsearch(&key, book->precedents, book->precedent_count, sizeof(key), precedent_compare);
}
