/* Reads a text as weighted hashes of its characters in twos and threes. */
#include "gram.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>
#include "text.h"

enum {
	TABLE = 8192,               /* slots for the different grams of one text: more than twice what it can have */
	SHORTEST = 2, LONGEST = 3
};

static uint32_t mixed(uint64_t hash) {
	hash *= 0x9e3779b97f4a7c15ull;
	hash ^= hash >> 32;
	hash *= 0x9e3779b97f4a7c15ull;
	return (uint32_t)(hash >> 32) | 1;   /* 0 marks an empty slot */
}

static uint32_t gram_hash(const uint32_t *points, int length) {
	uint64_t hash = (uint64_t)length;
	for (int i = 0; i < length; i++)
		hash = hash << 21 ^ points[i];
	return mixed(hash);
}

size_t gram_book_bytes(unsigned bits) {
	return sizeof(uint32_t) << bits;
}

struct gram_book gram_book_begin(void *zeroed, unsigned bits, uint32_t most) {
	return (struct gram_book){ .counts = zeroed, .bits = bits, .most = most };
}

static void book_age(struct gram_book *book) {
	for (size_t i = 0; i < (size_t)1 << book->bits; i++)
		book->counts[i] /= 2;
	book->texts /= 2;
}

static uint32_t *book_count(const struct gram_book *book, uint32_t hash) {
	return &book->counts[hash >> (32 - book->bits)];
}

static void table_add(struct gram *table, const uint32_t *points, size_t count, float weight) {
	for (int length = SHORTEST; length <= LONGEST; length++)
		for (size_t i = 0; i + (size_t)length <= count; i++) {
			uint32_t hash = gram_hash(points + i, length), at = hash % TABLE;
			while (table[at].hash != 0 && table[at].hash != hash)
				at = (at + 1) % TABLE;
			table[at].hash = hash;
			table[at].weight += weight;
		}
}

/* Rarity of a gram; a young book knows little, so that it counts some texts it has not seen. */
static float rarity(const struct gram_book *book, uint32_t hash, float power) {
	enum { UNSEEN = 500 };
	float x = logf((float)(book->texts + UNSEEN) / ((float)*book_count(book, hash) + 0.5f));
	return x > 0 ? powf(x, power) : 0;
}

/* Keeps the heaviest: kept is sorted by falling weight. */
static size_t keep(struct gram *kept, size_t count, struct gram gram) {
	if (count == GRAM_VECTOR_MOST && kept[count - 1].weight >= gram.weight)
		return count;
	size_t at = count < GRAM_VECTOR_MOST ? count++ : count - 1;
	for (; at > 0 && kept[at - 1].weight < gram.weight; at--)
		kept[at] = kept[at - 1];
	kept[at] = gram;
	return count;
}

static void sort_by_hash(struct gram *grams, size_t count) {
	for (size_t i = 1; i < count; i++) {
		struct gram gram = grams[i];
		size_t at = i;
		for (; at > 0 && grams[at - 1].hash > gram.hash; at--)
			grams[at] = grams[at - 1];
		grams[at] = gram;
	}
}

static size_t folded(const char *text, size_t len, uint32_t *points, size_t most, int wanted) {
	return text_fold(text, len, points, wanted >= 0 && (size_t)wanted < most ? (size_t)wanted : most);
}

size_t gram_vector(struct gram_book *book, const struct gram_text *text, const struct gram_tuning *tuning,
                   struct gram out[GRAM_VECTOR_MOST]) {
	uint32_t points[GRAM_BODY_MOST];
	struct gram table[TABLE] = { { 0 } };
	size_t count = 0;
	float square = 0;
	table_add(table, points, folded(text->title, text->title_len, points, GRAM_TITLE_MOST, -1), tuning->title);
	table_add(table, points, folded(text->body, text->body_len, points, GRAM_BODY_MOST, tuning->body), 1);
	if (++book->texts >= book->most)
		book_age(book);
	for (size_t i = 0; i < TABLE; i++) {
		if (table[i].hash == 0)
			continue;
		++*book_count(book, table[i].hash);
		float weight = logf(1 + table[i].weight) * rarity(book, table[i].hash, tuning->rarity);
		count = keep(out, count, (struct gram){ table[i].hash, weight });
	}
	for (size_t i = 0; i < count; i++)
		square += out[i].weight * out[i].weight;
	for (size_t i = 0; i < count && square > 0; i++)
		out[i].weight /= sqrtf(square);
	sort_by_hash(out, count);
	return count;
}

float gram_product(const struct gram *a, size_t a_count, const struct gram *b, size_t b_count) {
	float sum = 0;
	for (size_t i = 0, j = 0; i < a_count && j < b_count;) {
		if (a[i].hash < b[j].hash)
			i++;
		else if (a[i].hash > b[j].hash)
			j++;
		else
			sum += a[i++].weight * b[j++].weight;
	}
	return sum;
}

/* ---- what two texts share, in words ------------------------------------------------------------- */

static float weight_in(const struct gram *vector, size_t count, uint32_t hash) {
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (vector[middle].hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && vector[low].hash == hash ? vector[low].weight : 0;
}

/* What each character adds to the stretch it stands in; 0: no gram of the vector covers it. */
static void cover(const uint32_t *points, size_t count, const struct gram *vector, size_t vector_count, float *out) {
	for (size_t i = 0; i < count; i++)
		out[i] = 0;
	for (size_t length = SHORTEST; length <= LONGEST; length++)
		for (size_t i = 0; i + length <= count; i++) {
			float weight = weight_in(vector, vector_count, gram_hash(points + i, (int)length));
			for (size_t k = i; weight > 0 && k < i + length; k++)
				out[k] += weight / (float)length;
		}
}

struct stretch { size_t from, to; float weight; };

static struct stretch heaviest(const float *cover, size_t count) {
	struct stretch best = { 0, 0, 0 };
	for (size_t i = 0; i < count;) {
		struct stretch run = { i, i, 0 };
		for (; run.to < count && cover[run.to] > 0; run.to++)
			run.weight += cover[run.to];
		if (run.weight > best.weight)
			best = run;
		i = run.to + 1;
	}
	return best;
}

size_t gram_shared(const struct gram_text *text, const struct gram *vector, size_t count, int most, char *out, size_t room) {
	uint32_t points[GRAM_BODY_MOST];
	float covered[GRAM_BODY_MOST];
	size_t used = 0;
	size_t read = text_fold(text->title, text->title_len, points, GRAM_TITLE_MOST);
	cover(points, read, vector, count, covered);
	for (int i = 0; i < most; i++) {
		struct stretch run = heaviest(covered, read);
		if (run.weight <= 0 || used + 4 * (run.to - run.from) + 2 > room)
			break;
		if (used > 0)
			out[used++] = '|';
		for (size_t k = run.from; k < run.to; k++) {
			used += text_encode(points[k], out + used);
			covered[k] = 0;
		}
	}
	if (room > 0)
		out[used] = '\0';
	return used;
}
