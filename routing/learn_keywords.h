/* learn_keywords.h — a plain keyword router, the yardstick that a model must beat: for each label the pairs of
 * characters that stand in its texts more often than in others; the label with most of them wins. */
#ifndef ROUTING_LEARN_KEYWORDS_H
#define ROUTING_LEARN_KEYWORDS_H

#include "classify.h"
#include "learn.h"

struct keywords;   /* owned by the caller: keywords_free() */

/* From the texts numbered from … to - 1; NULL when memory is out. */
struct keywords *keywords_new(const struct learn *learn, size_t from, size_t to);
void keywords_free(struct keywords *keywords);

/* As classify(); probability is the share of all keywords found that are the label's. Without any, the
 * label that most texts have. */
size_t keywords_choose(const struct keywords *keywords, const char *title, const char *text,
                       struct classify_guess ret[CLASSIFY_TOP]);

/* The label that most of the texts have, and their share. */
struct classify_guess keywords_commonest(const struct keywords *keywords);

#endif
