/* Keeps the catalogue for dispatching and finds who holds a duty where. */
#include "dispatch_book.h"

#include <stdlib.h>
#include <string.h>

enum { CLIMB_MAX = 8 };

static int unit_compare(const void *left, const void *right) {
	const struct dispatch_unit *a = left, *b = right;
	int order = strcmp(a->duty, b->duty);
	if (order == 0)
		order = strcmp(a->region, b->region);
	return order ? order : (a->id > b->id) - (a->id < b->id);
}

static int region_compare(const void *left, const void *right) {
	return strcmp(((const struct book_region *)left)->code, ((const struct book_region *)right)->code);
}

/* Copies to *at and steps over it. */
static const char *string_keep(char **at, const char *text) {
	char *copy = *at;
	size_t size = strlen(text) + 1;
	memcpy(copy, text, size);
	*at += size;
	return copy;
}

static size_t matters_bytes(const struct dispatch_matter *m, size_t count) {
	size_t bytes = 0;
	for (size_t i = 0; i < count; i++)
		bytes += strlen(m[i].code) + strlen(m[i].name) + strlen(m[i].group) +
		         strlen(m[i].words) + strlen(m[i].duty) + 5;
	return bytes;
}

static size_t units_bytes(const struct dispatch_unit *units, size_t count) {
	size_t bytes = 0;
	for (size_t i = 0; i < count; i++)
		bytes += strlen(units[i].name) + strlen(units[i].duty) + strlen(units[i].region) + 3;
	return bytes;
}

static size_t regions_bytes(const char *const (*regions)[2], size_t count) {
	size_t bytes = 0;
	for (size_t i = 0; i < count; i++)
		bytes += strlen(regions[i][0]) + (regions[i][1] ? strlen(regions[i][1]) : 0) + 2;
	return bytes;
}

static void book_fill(struct dispatch_book *book, const struct dispatch_matter *matters,
                      const struct dispatch_unit *units, const char *const (*regions)[2]) {
	char *at = book->strings;
	for (size_t i = 0; i < book->matter_count; i++)
		book->matters[i] = (struct dispatch_matter){
			string_keep(&at, matters[i].code), string_keep(&at, matters[i].name),
			string_keep(&at, matters[i].group), string_keep(&at, matters[i].words),
			string_keep(&at, matters[i].duty), matters[i].level,
		};
	for (size_t i = 0; i < book->unit_count; i++)
		book->units[i] = (struct dispatch_unit){
			units[i].id, string_keep(&at, units[i].name),
			string_keep(&at, units[i].duty), string_keep(&at, units[i].region),
		};
	for (size_t i = 0; i < book->region_count; i++)
		book->regions[i] = (struct book_region){
			string_keep(&at, regions[i][0]),
			regions[i][1] ? string_keep(&at, regions[i][1]) : NULL,
		};
	qsort(book->units, book->unit_count, sizeof(*book->units), unit_compare);
	qsort(book->regions, book->region_count, sizeof(*book->regions), region_compare);
}

struct dispatch_book *dispatch_book_new(const struct dispatch_matter *matters, size_t matter_count,
                                        const struct dispatch_unit *units, size_t unit_count,
                                        const char *const (*regions)[2], size_t region_count) {
	struct dispatch_book *book = calloc(1, sizeof(*book));
	if (!book)
		return NULL;
	book->matter_count = matter_count;
	book->unit_count = unit_count;
	book->region_count = region_count;
	/* one more than needed: calloc(0) may be NULL though memory is there */
	book->strings = malloc(matters_bytes(matters, matter_count) + units_bytes(units, unit_count) +
	                       regions_bytes(regions, region_count) + 1);
	book->matters = calloc(matter_count + 1, sizeof(*book->matters));
	book->units = calloc(unit_count + 1, sizeof(*book->units));
	book->regions = calloc(region_count + 1, sizeof(*book->regions));
	book->words = words_new(matters, matter_count);
	if (!book->strings || !book->matters || !book->units || !book->regions || !book->words) {
		dispatch_book_free(book);
		return NULL;
	}
	book_fill(book, matters, units, regions);
	return book;
}

void dispatch_book_free(struct dispatch_book *book) {
	if (!book)
		return;
	words_free(book->words);
	free(book->strings);
	free(book->rulings);
	free(book->precedents);
	free(book->matters);
	free(book->units);
	free(book->regions);
	free(book);
}

/* The unit with exactly this duty and region, or NULL; the lowest number of several. */
static const struct dispatch_unit *unit_at(const struct dispatch_book *book, const char *duty,
                                           const char *region) {
	size_t low = 0, high = book->unit_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct dispatch_unit *unit = &book->units[middle];
		int order = strcmp(unit->duty, duty);
		if (order < 0 || (order == 0 && strcmp(unit->region, region) < 0))
			low = middle + 1;
		else
			high = middle;
	}
	if (low == book->unit_count)
		return NULL;
	const struct dispatch_unit *unit = &book->units[low];
	return strcmp(unit->duty, duty) == 0 && strcmp(unit->region, region) == 0 ? unit : NULL;
}

/* NULL above the top. */
static const char *region_parent(const struct dispatch_book *book, const char *code) {
	struct book_region key = { code, NULL };
	const struct book_region *region = bsearch(&key, book->regions, book->region_count,
	                                      sizeof(*book->regions), region_compare);
	return region ? region->parent : NULL;
}

const struct dispatch_unit *book_unit(const struct dispatch_book *book, const char *duty,
                                      const char *region, int level) {
	const char *way[CLIMB_MAX];
	int steps = 0;
	for (const char *at = region; at && at[0] && steps < CLIMB_MAX; at = region_parent(book, at))
		way[steps++] = at;
	const struct dispatch_unit *unit = NULL;
	if (level > 0 && steps > 0)
		unit = unit_at(book, duty, way[steps - 1]);
	for (int i = 0; i < steps && !unit; i++)
		unit = unit_at(book, duty, way[i]);
	return unit;
}

int dispatch_unit_for(const struct dispatch_book *book, const char *duty, const char *region,
                      int level) {
	const struct dispatch_unit *unit = book_unit(book, duty, region, level);
	return unit ? unit->id : 0;
}

const struct dispatch_matter *book_matter(const struct dispatch_book *book, const char *code) {
	for (size_t i = 0; code && code[0] && i < book->matter_count; i++)
		if (strcmp(book->matters[i].code, code) == 0)
			return &book->matters[i];
	return NULL;
}
