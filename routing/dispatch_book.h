/* dispatch_book.h — the book of dispatch.h from inside: matters, units, regions, words.
 * For dispatch.c and dispatch_book.c only; read-only once built. */
#ifndef ROUTING_DISPATCH_BOOK_H
#define ROUTING_DISPATCH_BOOK_H

#include "dispatch.h"
#include "dispatch_words.h"

struct book_region { const char *code, *parent; };

struct dispatch_book {
	char *strings;
	struct dispatch_matter *matters;   /* in the order given */
	struct dispatch_unit *units;       /* by duty, region and number */
	struct book_region *regions;            /* by code */
	size_t matter_count, unit_count, region_count;
	char *rulings;                     /* texts of the precedents */
	struct dispatch_precedent *precedents;   /* by matter and region */
	size_t precedent_count;
	struct words *words;
};

/* The matter with this code; NULL if there is none, or code is NULL or "". */
const struct dispatch_matter *book_matter(const struct dispatch_book *book, const char *code);

/* As dispatch_unit_for(), the unit itself; NULL if nobody holds the duty. */
const struct dispatch_unit *book_unit(const struct dispatch_book *book, const char *duty,
                                      const char *region, int level);

/* The ruling for this matter in this county; NULL if there is none. */
const struct dispatch_precedent *book_precedent(const struct dispatch_book *book, const char *matter,
                                                const char *region);
const struct dispatch_unit *book_unit_by_id(const struct dispatch_book *book, int id);

#endif
