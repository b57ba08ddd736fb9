/* Keeps the catalogue for dispatching and finds who holds a duty where. */
#include "dispatch_book.h"

#include <stdlib.h>
#include <string.h>

static int unit_compare(const void *left, const void *right) {
	const struct dispatch_unit *a = left, *b = right;
	int order = strcmp(a->duty, b->duty);
	if (order == 0)
		order = strcmp(a->region, b->region);
	return order ? order : (a->id > b->id) - (a->id < b->id);
}

static int region_compare(const void *left, const void *right) {
	const struct dispatch_region *a = left, *b = right;
	return strcmp(a->code, b->code);
}

/* Counts the bytes of a text while *at is NULL, else copies it to *at; steps on in both cases. */
struct keeper { char *at; size_t bytes; };

static const char *keep(struct keeper *keeper, const char *text) {
	if (!text)
		return NULL;
	size_t size = strlen(text) + 1;
	keeper->bytes += size;
	if (!keeper->at)
		return NULL;
	char *copy = memcpy(keeper->at, text, size);
	keeper->at += size;
	return copy;
}

/* Asked twice: once to count, once to copy. */
static void catalogue_keep(struct keeper *keeper, struct dispatch_book *book,
                           const struct dispatch_catalogue *from) {
	for (size_t i = 0; i < from->matter_count; i++) {
		const struct dispatch_matter *m = &from->matters[i];
		book->matters[i] = (struct dispatch_matter){ keep(keeper, m->code), keep(keeper, m->name),
			keep(keeper, m->group), keep(keeper, m->words), keep(keeper, m->duty), m->level };
	}
	for (size_t i = 0; i < from->unit_count; i++) {
		const struct dispatch_unit *u = &from->units[i];
		book->units[i] = (struct dispatch_unit){ u->id, keep(keeper, u->name), keep(keeper, u->duty),
			keep(keeper, u->region) };
	}
	for (size_t i = 0; i < from->region_count; i++) {
		const struct dispatch_region *r = &from->regions[i];
		book->regions[i] = (struct dispatch_region){ keep(keeper, r->code), keep(keeper, r->parent),
			keep(keeper, r->name) };
	}
	for (size_t i = 0; i < from->duty_count; i++)
		book->duties[i] = (struct dispatch_duty){ keep(keeper, from->duties[i].code),
			keep(keeper, from->duties[i].name) };
	for (size_t i = 0; i < from->co_count; i++) {
		const struct dispatch_co *c = &from->cos[i];
		book->cos[i] = (struct dispatch_co){ keep(keeper, c->matter), keep(keeper, c->duty), c->level, c->send };
	}
}

/* One more than needed each: calloc(0) may be NULL though memory is there. */
static bool tables_alloc(struct dispatch_book *book, const struct dispatch_catalogue *from) {
	book->matters = calloc(from->matter_count + 1, sizeof(*book->matters));
	book->units = calloc(from->unit_count + 1, sizeof(*book->units));
	book->regions = calloc(from->region_count + 1, sizeof(*book->regions));
	book->duties = calloc(from->duty_count + 1, sizeof(*book->duties));
	book->cos = calloc(from->co_count + 1, sizeof(*book->cos));
	book->words = words_new(from->matters, from->matter_count);
	return book->matters && book->units && book->regions && book->duties && book->cos && book->words;
}

struct dispatch_book *dispatch_book_new(const struct dispatch_catalogue *from) {
	struct dispatch_book *book = calloc(1, sizeof(*book));
	if (!book)
		return NULL;
	struct keeper keeper = { NULL, 1 };
	if (tables_alloc(book, from)) {
		catalogue_keep(&keeper, book, from);
		book->strings = malloc(keeper.bytes);
	}
	if (!book->strings) {
		dispatch_book_free(book);
		return NULL;
	}
	keeper.at = book->strings;
	catalogue_keep(&keeper, book, from);
	book->matter_count = from->matter_count;
	book->unit_count = from->unit_count;
	book->region_count = from->region_count;
	book->duty_count = from->duty_count;
	book->co_count = from->co_count;
	qsort(book->units, book->unit_count, sizeof(*book->units), unit_compare);
	qsort(book->regions, book->region_count, sizeof(*book->regions), region_compare);
	return book;
}

void dispatch_book_free(struct dispatch_book *book) {
	if (!book)
		return;
	words_free(book->words);
	book_rows_free(&book->precedents);
	book_rows_free(&book->practices);
	book_rows_free(&book->absences);
	book_rows_free(&book->loads);
	free(book->strings);
	free(book->matters);
	free(book->units);
	free(book->regions);
	free(book->duties);
	free(book->cos);
	free(book);
}

const struct dispatch_unit *book_holders(const struct dispatch_book *book, const char *duty,
                                         const char *region, size_t *ret_count) {
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
	*ret_count = 0;
	while (low + *ret_count < book->unit_count && strcmp(book->units[low + *ret_count].duty, duty) == 0
	       && strcmp(book->units[low + *ret_count].region, region) == 0)
		(*ret_count)++;
	return *ret_count > 0 ? &book->units[low] : NULL;
}

const struct dispatch_region *book_region(const struct dispatch_book *book, const char *code) {
	struct dispatch_region key = { code, NULL, NULL };
	if (!code || book->region_count == 0)
		return NULL;
	return bsearch(&key, book->regions, book->region_count, sizeof(key), region_compare);
}

/* A ring of regions ends after BOOK_CLIMB steps. */
size_t book_climb(const struct dispatch_book *book, const char *region, const char *town, int level,
                  const char *way[BOOK_CLIMB]) {
	const char *up[BOOK_CLIMB];
	size_t steps = 0, count = 0;
	for (const char *at = region; at && at[0] && steps < BOOK_CLIMB - 1;) {
		const struct dispatch_region *here = book_region(book, at);
		up[steps++] = at;
		at = here ? here->parent : NULL;
	}
	if (level == 2 && town && town[0])
		way[count++] = town;
	if (level == 1 && steps > 1)
		way[count++] = up[--steps];
	for (size_t i = 0; i < steps; i++)
		way[count++] = up[i];
	return count;
}

int book_level(const struct dispatch_book *book, const struct dispatch_unit *unit) {
	const struct dispatch_region *own = book_region(book, unit->region);
	const struct dispatch_region *above = own ? book_region(book, own->parent) : NULL;
	if (!own || !own->parent)
		return 1;
	/* A forestry bureau has a county's parent, and its code letters. */
	return above && above->parent && own->code[0] >= '0' && own->code[0] <= '9' ? 2 : 0;
}

int dispatch_unit_for(const struct dispatch_book *book, const char *duty, const char *region, int level) {
	const char *way[BOOK_CLIMB];
	size_t steps = book_climb(book, region, NULL, level, way), count;
	for (size_t i = 0; i < steps; i++) {
		const struct dispatch_unit *unit = book_holders(book, duty, way[i], &count);
		if (unit)
			return unit->id;
	}
	return 0;
}

const struct dispatch_matter *book_matter(const struct dispatch_book *book, const char *code) {
	for (size_t i = 0; code && code[0] && i < book->matter_count; i++)
		if (strcmp(book->matters[i].code, code) == 0)
			return &book->matters[i];
	return NULL;
}

const struct dispatch_unit *book_unit_by_id(const struct dispatch_book *book, int id) {
	for (size_t i = 0; i < book->unit_count; i++)
		if (book->units[i].id == id)
			return &book->units[i];
	return NULL;
}

const char *book_duty_name(const struct dispatch_book *book, const char *duty) {
	for (size_t i = 0; i < book->duty_count; i++)
		if (strcmp(book->duties[i].code, duty) == 0)
			return book->duties[i].name;
	return duty;
}
