/* gram.h — what a text is about, as weighted hashes of its characters in twos and threes. Pure; the memory is handed in.
 *
 * A gram weighs the more the fewer texts had it: the counts are learned from the texts themselves, as they
 * come, and grow old (all are halved now and then), so that no list of words and no trained model is needed.
 * Names of places and numbers are rare and so weigh most. */
#ifndef ROUTING_GRAM_H
#define ROUTING_GRAM_H

#include <stddef.h>
#include <stdint.h>

enum {
	GRAM_TITLE_MOST = 128,      /* characters of a title that are read */
	GRAM_BODY_MOST = 1024,      /* characters of a body that are read */
	GRAM_VECTOR_MOST = 96       /* grams kept of one text: the heaviest */
};

struct gram { uint32_t hash; float weight; };

/* How many of the last texts had each gram. Slots are shared by hash: a count may be too high, never too low. */
struct gram_book { uint32_t *counts; unsigned bits; uint32_t texts; uint32_t most; };

/* The numbers of the method (keys gram_* of table time_limit); docs/WARNING.md says how they were found. */
struct gram_tuning {
	float title;                /* a gram of the title counts so often as one of the body */
	float rarity;               /* power of the rarity: more leans on names */
	int body;                   /* characters of the body that are read */
};

struct gram_text { const char *title, *body; size_t title_len, body_len; };

/* Bytes for a book of 2^bits slots. */
size_t gram_book_bytes(unsigned bits);
/* A book in zeroed memory of that size; halves its counts each time `most` texts were counted. */
struct gram_book gram_book_begin(void *zeroed, unsigned bits, uint32_t most);

/* Counts the text's grams in the book. Writes the heaviest to out, sorted by hash, of length one; returns how many. */
size_t gram_vector(struct gram_book *book, const struct gram_text *text, const struct gram_tuning *tuning,
                   struct gram out[GRAM_VECTOR_MOST]);

/* The sum over shared grams of the products of their weights; both sorted by hash. */
float gram_product(const struct gram *a, size_t a_count, const struct gram *b, size_t b_count);

/* The stretches of the title whose grams stand in the vector, heaviest first, joined by '|': what two texts
 * share, in words. At most `most` of them, NUL-terminated in out[room]; returns its length. */
size_t gram_shared(const struct gram_text *text, const struct gram *vector, size_t count, int most, char *out, size_t room);

#endif
