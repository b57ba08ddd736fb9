/* dispatch_words.h — which matters a text speaks of, told by the words of the catalogue.
 *
 * Inside of dispatch.c only. dispatch_words.c builds the book of words once; dispatch_find.c
 * reads texts with it and allocates nothing. */
#ifndef ROUTING_DISPATCH_WORDS_H
#define ROUTING_DISPATCH_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dispatch.h"

enum {
	WORDS_MATTERS = 4096,   /* matters beyond are not recognised in texts, only chosen by people */
	WORDS_TITLE = 256,      /* characters of a petition that are looked at */
	WORDS_BODY = 4096,
	WORDS_MAX = 65535       /* different words in the book */
};

/* That a matter is called so, and how much this says. */
struct words_posting { uint16_t matter; float weight; };

struct words_word {
	const uint32_t *chars;
	uint32_t len, posting, posting_count;
};

struct words {
	uint32_t *chars;
	struct words_word *words;        /* same first two characters stand together, longest first */
	struct words_posting *postings;
	uint32_t *slots;                 /* first word of a two-character head, open addressing */
	uint32_t word_count, slot_mask;
	size_t matter_count;
};

#define WORDS_NONE UINT32_MAX

/* NULL when memory is out. Keeps nothing of what it is given; free with words_free(). */
struct words *words_new(const struct dispatch_matter *matters, size_t count);
void words_free(struct words *words);

/* Order of two stretches of characters. */
static inline int words_compare(const uint32_t *a, const uint32_t *b, size_t len) {
	for (size_t i = 0; i < len; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return 0;
}

/* Where a two-character head is looked for in the slots. */
static inline uint32_t words_head_hash(const uint32_t *chars) {
	uint64_t key = (uint64_t)chars[0] << 32 | chars[1];
	return (uint32_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 32);
}

/* A digit or Latin letter, once folded. */
static inline bool words_is_ascii(uint32_t point) {
	return point < 0x80;
}

/* A petition, folded (text.h). */
struct words_text {
	uint32_t title[WORDS_TITLE], body[WORDS_BODY];
	size_t title_len, body_len;
};

/* A place as people name it, folded. */
struct words_place { uint32_t chars[WORDS_TITLE]; size_t len; };

/* scores[matter] for every matter of the book; 0 = the text has none of its words. */
void words_score(const struct words *words, const struct words_text *text, float *scores);

/* The stretches of the text that speak most for a matter, heaviest first. They point into text. */
struct words_span { const uint32_t *chars; size_t len; float weight; };
size_t words_evidence(const struct words *words, const struct words_text *text, size_t matter,
                      struct words_span *spans, size_t room);

#endif
