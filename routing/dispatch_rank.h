/* dispatch_rank.h — what a text may be about, told by the catalogue's words and by the learned model.
 * For the files dispatch*.c only. */
#ifndef ROUTING_DISPATCH_RANK_H
#define ROUTING_DISPATCH_RANK_H

#include "dispatch_unit.h"

enum { RANK_MOST = 8 };

/* One unit (or nobody) with the matter that speaks most for it. chance = what both ways make of it. */
struct ranked {
	struct choice choice;
	double chance, by_words, by_model, strongest;
	bool named;              /* the catalogue's words speak for it */
};

struct ranking { struct ranked list[RANK_MOST]; size_t count; };

/* Best first. How words and model are blended stands in docs/DISPATCH.md and in rank_blend(). */
void rank_matters(const struct sight *sight, struct ranking *ret);

#endif
