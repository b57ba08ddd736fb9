/* Compares two requests that were read, and makes the keys by which alike ones find each other. */
#include "duplicate.h"

#include <math.h>
#include <string.h>

#include "duplicate_hash.h"

/* What the place says about how alike two texts are. */
#define SAME_RAISES   0.25    /* by so much of what is missing to 1 */
#define NAME_RAISES   0.10
#define NUMBER_LOWERS 0.60
#define WIDE_LOWERS   0.85    /* the same where a whole area is struck */
#define OTHER_LOWERS  0.60
/* From which likeness a person is shown the other request: anyone's, of the same place, of the same place and
 * matter or (lowered already) of another number there, of the same caller. */
#define WORTH_ALONE   0.45
#define WORTH_PLACE   0.40
#define WORTH_MATTER  0.30
#define WORTH_CALLER  0.20

enum {
	KEY_TEXT = 10,        /* keys of the text; the others are of places */
	KEY_CHARS = 3,
	KEY_PLACES = 3
};
#define KEY_LEAST 0.9f    /* of a shingle, to be a key */

/* ---- where ----------------------------------------------------------------------------------------- */

static bool name_same(const struct duplicate_text *a, const struct duplicate_place *x,
                      const struct duplicate_text *b, const struct duplicate_place *y) {
	size_t len = x->tail < y->tail ? x->tail : y->tail;
	return memcmp(a->chars + x->at + x->len - len, b->chars + y->at + y->len - len, len * sizeof(uint32_t)) == 0;
}

/* What the numbers of one place say, building before unit. */
static enum duplicate_where numbers_say(const struct duplicate_place *x, const struct duplicate_place *y,
                                        struct duplicate_likeness *ret) {
	enum duplicate_where where = DUPLICATE_WHERE_NAME;
	for (size_t i = 0; i < x->number_count; i++)
		for (size_t j = 0; j < y->number_count; j++) {
			if (x->numbers[i].kind != y->numbers[j].kind)
				continue;
			if (x->numbers[i].value == y->numbers[j].value) {
				where = DUPLICATE_WHERE_SAME;
				continue;
			}
			ret->number_a = i;
			ret->number_b = j;
			return DUPLICATE_WHERE_NUMBER;
		}
	return where;
}

/* The best that any pair of places says. */
static void where_find(const struct duplicate_text *a, const struct duplicate_text *b, struct duplicate_likeness *ret) {
	ret->where = a->place_count && b->place_count ? DUPLICATE_WHERE_OTHER : DUPLICATE_WHERE_UNKNOWN;
	for (size_t i = 0; i < a->place_count; i++)
		for (size_t j = 0; j < b->place_count; j++) {
			struct duplicate_likeness said = *ret;
			if (!name_same(a, &a->places[i], b, &b->places[j]))
				continue;
			said.where = numbers_say(&a->places[i], &b->places[j], &said);
			said.place_a = i;
			said.place_b = j;
			/* Another number of one place outweighs that a second place is the same. */
			bool better = said.where == DUPLICATE_WHERE_SAME ||
				(said.where == DUPLICATE_WHERE_NUMBER && ret->where != DUPLICATE_WHERE_SAME) ||
				(said.where == DUPLICATE_WHERE_NAME && ret->where == DUPLICATE_WHERE_OTHER);
			if (better && ret->where != said.where)
				*ret = said;
		}
}

/* ---- how alike ------------------------------------------------------------------------------------- */

static float gram_weight(const struct duplicate_text *text, uint32_t hash) {
	uint32_t slot = hash & (DUPLICATE_SLOTS - 1);
	while (text->grams[slot].hash && text->grams[slot].hash != hash)
		slot = (slot + 1) & (DUPLICATE_SLOTS - 1);
	return text->grams[slot].weight;
}

static double cosine(const struct duplicate_text *a, const struct duplicate_text *b) {
	double product = 0;
	if (a->square <= 0 || b->square <= 0)
		return 0;
	for (size_t slot = 0; slot < DUPLICATE_SLOTS; slot++)
		if (a->grams[slot].hash)
			product += (double)a->grams[slot].weight * (double)gram_weight(b, a->grams[slot].hash);
	double score = product / sqrt(a->square * b->square);
	return score > 1 ? 1 : score;
}

void duplicate_compare(const struct duplicate_text *a, const struct duplicate_text *b,
                       struct duplicate_likeness *ret) {
	memset(ret, 0, sizeof(*ret));
	where_find(a, b, ret);
	ret->score = cosine(a, b);
	switch (ret->where) {
		case DUPLICATE_WHERE_SAME: ret->score += (1 - ret->score) * SAME_RAISES; break;
		case DUPLICATE_WHERE_NAME: ret->score += (1 - ret->score) * NAME_RAISES; break;
		case DUPLICATE_WHERE_NUMBER: ret->score *= a->is_wide && b->is_wide ? WIDE_LOWERS : NUMBER_LOWERS; break;
		case DUPLICATE_WHERE_OTHER: ret->score *= OTHER_LOWERS; break;
		case DUPLICATE_WHERE_UNKNOWN: break;
	}
}

bool duplicate_is_worth(const struct duplicate_likeness *likeness, const struct duplicate_facts *facts) {
	bool here = likeness->where == DUPLICATE_WHERE_SAME || likeness->where == DUPLICATE_WHERE_NAME;
	if (facts->same_caller)
		return likeness->score >= WORTH_CALLER || facts->same_matter;
	if (likeness->where == DUPLICATE_WHERE_NUMBER || (here && facts->same_matter))
		return likeness->score >= WORTH_MATTER;
	return likeness->score >= (here ? WORTH_PLACE : WORTH_ALONE);
}

/* ---- keys ------------------------------------------------------------------------------------------ */

struct race { double time; uint64_t hash; };

/* Each shingle runs a race of its own hash, the heavier the faster, the same in every text: texts that share
 * heavy shingles have the same winners (weighted min-hash by exponential order). */
static void race_enter(struct race *winners, uint64_t hash, float weight) {
	double time = -log(((double)(hash >> 11) + 1) / 9007199254740993.0) / (double)weight;
	size_t at = KEY_TEXT;
	for (size_t i = 0; i < KEY_TEXT; i++)
		if (winners[i].hash == hash)
			return;
	while (at > 0 && winners[at - 1].time > time)
		at--;
	if (at == KEY_TEXT)
		return;
	memmove(winners + at + 1, winners + at, (KEY_TEXT - 1 - at) * sizeof(*winners));
	winners[at] = (struct race){ time, hash };
}

static size_t keys_add(int64_t *keys, size_t count, uint64_t hash, bool address) {
	uint64_t key = (hash & ~UINT64_C(1)) | address;
	for (size_t i = 0; i < count; i++)
		if (keys[i] == (int64_t)key)
			return count;
	if (count < DUPLICATE_KEYS)
		keys[count++] = (int64_t)key;
	return count;
}

size_t duplicate_keys(const struct duplicate_text *text, const char *region, int64_t keys[DUPLICATE_KEYS]) {
	uint64_t seed = 1;
	size_t count = 0;
	struct race winners[KEY_TEXT];
	for (size_t i = 0; i < KEY_TEXT; i++)
		winners[i] = (struct race){ INFINITY, 0 };
	for (; *region; region++)
		seed = hash_finish(seed ^ (unsigned char)*region);
	for (size_t p = 0; p < text->place_count && p < KEY_PLACES; p++) {
		const struct duplicate_place *place = &text->places[p];
		uint64_t name = hash_long(seed, text->chars + place->at + place->len - place->tail, place->tail);
		count = keys_add(keys, count, name, false);
		if (place->number_count > 0)
			count = keys_add(keys, count, hash_finish(name ^ place->numbers[0].value), true);
	}
	for (size_t i = 0; i + KEY_CHARS <= text->len; i++) {
		float weight = 1;
		for (size_t c = 0; c < KEY_CHARS; c++)
			weight *= text->weights[i + c];
		if (weight >= KEY_LEAST)
			race_enter(winners, hash_long(seed, text->chars + i, KEY_CHARS), weight);
	}
	for (size_t i = 0; i < KEY_TEXT && winners[i].hash; i++)
		count = keys_add(keys, count, winners[i].hash, false);
	return count;
}
