/* classify_grams.h — a petition as the classifier sees it: single characters and pairs of neighbours.
 *
 * Inside of classify and learn only. Title and body are folded (text.h: no punctuation, no white
 * space, half-width, lower case). A gram is one character, or two that stand together, of the
 * title or of the body: the same pair says more in a title. Its key holds the characters
 * themselves, so that no two grams share one. */
#ifndef ROUTING_CLASSIFY_GRAMS_H
#define ROUTING_CLASSIFY_GRAMS_H

#include <stddef.h>
#include <stdint.h>

enum gram_block { GRAM_TITLE, GRAM_BODY, GRAM_BLOCKS };

enum {
	GRAM_LONGEST = 2,          /* characters of a gram */
	GRAM_TITLE_CHARS = 256,    /* characters that are looked at; what comes after is not */
	GRAM_BODY_CHARS = 2048,
	GRAM_MOST = GRAM_LONGEST * (GRAM_TITLE_CHARS + GRAM_BODY_CHARS)
};

/* The grams of a text. Those of n characters of a block stand together in the text's order: first
 * all of the title, shortest first, then all of the body. */
struct grams {
	size_t count;
	size_t chars[GRAM_BLOCKS];     /* folded characters of each block */
	uint64_t keys[GRAM_MOST];
};

void grams_read(const char *title, const char *text, struct grams *ret);

/* From high to low: the block in two bits, then two characters of 21 bits from bit 41 down; a lone
 * character stands in the low one. */
static inline uint64_t gram_key(enum gram_block block, uint32_t first, uint32_t second) {
	return (uint64_t)block << 62 | (uint64_t)first << 21 | second;
}

static inline enum gram_block gram_block_of(uint64_t key) {
	return (enum gram_block)(key >> 62);
}

/* Spreads keys over a table of a power of two of slots. */
static inline uint32_t gram_hash(uint64_t key) {
	key ^= key >> 29;
	return (uint32_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 32);
}

/* How much a gram counts that stands there so many times: 1 + ln(times). */
float gram_count_weight(uint32_t times);

#endif
