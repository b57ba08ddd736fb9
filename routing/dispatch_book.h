/* dispatch_book.h — the book of dispatch.h from inside: matters, units, regions, words.
 * For the files dispatch*.c only; read-only once built. */
#ifndef ROUTING_DISPATCH_BOOK_H
#define ROUTING_DISPATCH_BOOK_H

#include "dispatch.h"
#include "dispatch_words.h"

/* One kind of rows that is replaced as a whole: the rows and the texts they point into. */
struct book_rows { void *rows; char *texts; size_t count; };

struct dispatch_book {
	char *strings;
	struct dispatch_matter *matters;   /* in the order given */
	struct dispatch_unit *units;       /* by duty, region and number */
	struct dispatch_region *regions;   /* by code */
	struct dispatch_duty *duties;      /* in the order given */
	struct dispatch_co *cos;           /* in the order given */
	size_t matter_count, unit_count, region_count, duty_count, co_count;
	struct book_rows precedents;       /* struct dispatch_precedent by matter and region */
	struct book_rows practices;        /* struct dispatch_practice by matter and region */
	struct book_rows absences;         /* struct dispatch_absence in the order given */
	struct book_rows loads;            /* struct dispatch_load by unit */
	struct words *words;
};

/* The matter with this code; NULL if there is none, or code is NULL or "". */
const struct dispatch_matter *book_matter(const struct dispatch_book *book, const char *code);
const struct dispatch_unit *book_unit_by_id(const struct dispatch_book *book, int id);
/* NULL above the top and for unknown regions. */
const struct dispatch_region *book_region(const struct dispatch_book *book, const char *code);
const char *book_duty_name(const struct dispatch_book *book, const char *duty);
/* 0 county, 1 prefecture, 2 township: how far below the top the unit's region lies. */
int book_level(const struct dispatch_book *book, const struct dispatch_unit *unit);

/* The units with exactly this duty and region: the first of them, and how many. */
const struct dispatch_unit *book_holders(const struct dispatch_book *book, const char *duty,
                                         const char *region, size_t *ret_count);

/* The regions that are asked in turn, from where the ticket is to the top. town may be NULL or "". */
enum { BOOK_CLIMB = 8 };
size_t book_climb(const struct dispatch_book *book, const char *region, const char *town, int level,
                  const char *way[BOOK_CLIMB]);

/* The ruling, the practice for this matter in this county; NULL if there is none. */
const struct dispatch_precedent *book_precedent(const struct dispatch_book *book, const char *matter,
                                                const char *region);
const struct dispatch_practice *book_practice(const struct dispatch_book *book, const char *matter,
                                              const char *region);
/* Who stands in for the unit at that moment; NULL: it is there. */
const struct dispatch_absence *book_absence(const struct dispatch_book *book, int unit, int64_t now_ms);
/* NULL: nothing is known. */
const struct dispatch_load *book_load(const struct dispatch_book *book, int unit);

void book_rows_free(struct book_rows *rows);

#endif
