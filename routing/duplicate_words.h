/* duplicate_words.h — the words that duplicate_read.c knows: politeness, places, what numbers count.
 *
 * Inside of duplicate.c only. Folded as text.h folds. */
#ifndef ROUTING_DUPLICATE_WORDS_H
#define ROUTING_DUPLICATE_WORDS_H

#include <stddef.h>
#include <stdint.h>
#include <uchar.h>

#include "duplicate.h"

struct duplicate_word { const char32_t *chars; int kind; };

/* Characters that make of a lone ending of a place (朝阳路) another word: 道路, 街道, 村民. */
extern const char32_t duplicate_before[], duplicate_after[];

/* The lists with the first characters of their words as a set, by which most characters of a text are told
 * apart at once. Made anew for each text: some hundred steps. */
enum { DUPLICATE_HEADS = 16 };
struct duplicate_list { const struct duplicate_word *words; uint64_t heads[DUPLICATE_HEADS]; };
struct duplicate_lists { struct duplicate_list polite, grammar, endings, units, wide; };
void duplicate_lists_make(struct duplicate_lists *lists);

/* The longest word of the list that begins at chars; its length, 0 for none. */
size_t duplicate_word_at(const struct duplicate_list *list, const uint32_t *chars, size_t len, int *ret_kind);

#endif
