/* dispatch.h — 快速分派: which unit must deal with this, and why.
 *
 * The book (matters, units, who holds which duty where) is built once from the catalogue and
 * then only read; dispatch_decide() allocates nothing and takes no clock.
 *
 * How it decides (cold start, from the catalogue's own words):
 *  1. matter: given by the agent, or found by scoring the text against each matter's words
 *     (weighted character bigrams, rarer = heavier, names above examples);
 *  2. unit: the matter's duty held in the ticket's county; else by the county government's
 *     own level upwards: the prefecture's unit with that duty; else the matter is open.
 *  3. confidence: 1.0 for a matter given by hand with a unit in place; else from the score and
 *     its margin over the best matter that another unit would deal with. Under `threshold` nobody
 *     is chosen and the ticket goes to the dispatchers' pool with the candidates as reasons. */
#ifndef ROUTING_DISPATCH_H
#define ROUTING_DISPATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dispatch_book;   /* owned by the caller: dispatch_book_free() */

struct dispatch_matter {
	const char *code;        /* "0101" */
	const char *name;        /* 室温不达标 */
	const char *group;       /* first level: 供热供暖 */
	const char *words;       /* examples, separated by | */
	const char *duty;        /* duty code of the lead unit, "heating" */
	int level;               /* 0 = county first, 1 = prefecture first */
};

struct dispatch_unit {
	int id;
	const char *name;        /* 漠河市住房和城乡建设局 */
	const char *duty;        /* one duty code; a unit with several duties comes several times */
	const char *region;      /* "232701" */
};

/* Copies everything it needs. region_parent gives a region's parent code or NULL at the top.
 * NULL only when memory is out. */
struct dispatch_book *dispatch_book_new(const struct dispatch_matter *matters, size_t matter_count,
                                        const struct dispatch_unit *units, size_t unit_count,
                                        const char *const (*regions)[2], size_t region_count);
void dispatch_book_free(struct dispatch_book *book);

/* 裁定先例: for this matter in this county a ruling named the unit. It goes before duty and level. */
struct dispatch_precedent {
	const char *matter;      /* code */
	const char *region;      /* county-level code */
	int unit;                /* must be in the book */
	const char *why;         /* 工单…：… */
};

/* Give the book its precedents, in place of those it has; copies everything. Those of units or matters
 * that the book does not know are left out. false: memory is out. */
bool dispatch_book_rule(struct dispatch_book *book, const struct dispatch_precedent *precedents, size_t count);

struct dispatch_ask {
	const char *matter;      /* code, or NULL/"" when unknown */
	const char *region;      /* county-level code, never NULL */
	const char *title, *text;   /* UTF-8, may be "" */
	const int *not_units;    /* units whose 退单 was agreed to: never chosen again by the program */
	size_t not_count;
};

struct dispatch_answer {
	int unit;                /* 0 = nobody: to the pool */
	const char *matter;      /* code in the book, NULL if none was found */
	double confidence;       /* 0…1 */
	char why[512];           /* one Chinese sentence for people, UTF-8, never cut inside a character */
};

/* threshold: the least confidence that goes straight through (setting dispatch_threshold). */
void dispatch_decide(const struct dispatch_book *book, const struct dispatch_ask *ask,
                     double threshold, struct dispatch_answer *ret);

/* The unit that holds `duty` for `region`, climbing to the parent regions; 0 if none. */
int dispatch_unit_for(const struct dispatch_book *book, const char *duty, const char *region, int level);

#endif
