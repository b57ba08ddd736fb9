/* Makes vectors of texts: which grams are worth learning, how rare each is, how long a text's vector. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "learn_parts.h"

/* How much the title counts beside the body, rarity and purity of a gram, and in how many texts it must
 * stand: chosen by cross-validation (docs/LEARNING.md). */
#define TITLE_WEIGHT  0.6f
#define RARITY_POWER  1.6f
#define PURITY_WEIGHT 3.0f
#define DOUBT         2.0f
enum { STANDS_LEAST = 2 };

/* In how many of the texts each word stands. */
static uint32_t *stands_count(const struct learn *learn, const uint32_t *texts, size_t count) {
	uint32_t *stands = calloc(learn->word_count + 1, sizeof(*stands));
	for (size_t t = 0; stands && t < count; t++)
		for (size_t i = learn_text_begin(learn, texts[t]); i < learn->ends[texts[t]]; i++)
			stands[learn->grams[i].word]++;
	return stands;
}

struct chosen { uint64_t key; uint32_t word; };

static int chosen_compare(const void *left, const void *right) {
	const struct chosen *a = left, *b = right;
	return (a->key > b->key) - (a->key < b->key);
}

/* The words that stand in so many texts that no more than MODEL_FEATURES_MAX do. */
static uint32_t stands_least(const struct learn *learn, const uint32_t *stands) {
	uint32_t least = STANDS_LEAST;
	size_t count;
	do {
		count = 0;
		for (size_t word = 0; word < learn->word_count; word++)
			count += stands[word] >= least;
	} while (count > MODEL_FEATURES_MAX && ++least);
	return least;
}

static struct chosen *words_choose(const struct learn *learn, const uint32_t *stands, size_t *ret_count) {
	struct chosen *chosen = malloc((learn->word_count + 1) * sizeof(*chosen));
	uint32_t least = stands_least(learn, stands);
	*ret_count = 0;
	if (!chosen)
		return NULL;
	for (size_t word = 0; word < learn->word_count; word++)
		if (stands[word] >= least)
			chosen[(*ret_count)++] = (struct chosen){ learn->words[word], (uint32_t)word };
	qsort(chosen, *ret_count, sizeof(*chosen), chosen_compare);
	return chosen;
}

/* The vector of one text, written to *at. */
static struct learn_value *vector_make(const struct learn *learn, size_t text, const uint32_t *feature_of,
                                       const struct learn_set *set, struct learn_value *at) {
	struct learn_value *own = at;
	float squares[GRAM_BLOCKS] = { 0 };
	for (size_t i = learn_text_begin(learn, text); i < learn->ends[text]; i++) {
		uint32_t feature = feature_of[learn->grams[i].word];
		if (feature == UINT32_MAX)
			continue;
		float value = gram_count_weight(learn->grams[i].times) * set->rarity[feature];
		squares[gram_block_of(set->keys[feature])] += value * value;
		*at++ = (struct learn_value){ feature, value };
	}
	for (; own < at; own++) {
		enum gram_block block = gram_block_of(set->keys[own->feature]);
		own->value *= set->block_weight[block] / sqrtf(squares[block]);
	}
	return at;
}

static bool vectors_make(const struct learn *learn, const uint32_t *texts, const uint32_t *feature_of,
                         struct learn_set *ret) {
	size_t grams = 0;
	for (size_t t = 0; t < ret->text_count; t++)
		grams += learn->ends[texts[t]] - learn_text_begin(learn, texts[t]);
	ret->values = malloc((grams + 1) * sizeof(*ret->values));
	ret->ends = malloc((ret->text_count + 1) * sizeof(*ret->ends));
	if (!ret->values || !ret->ends)
		return false;
	struct learn_value *at = ret->values;
	for (size_t t = 0; t < ret->text_count; t++) {
		at = vector_make(learn, texts[t], feature_of, ret, at);
		ret->ends[t] = (size_t)(at - ret->values);
	}
	return true;
}

/* How much a gram belongs to few labels: 1 when one label has it alone, 1/labels when all have it as often.
 * Shares of the labels' texts are compared, each label given DOUBT texts more: rare grams prove little. */
static float purity(const uint32_t *own, const uint32_t *label_texts, size_t labels) {
	float sum = 0, squares = 0;
	for (size_t label = 0; label < labels; label++) {
		float share = ((float)own[label] + DOUBT) / (float)label_texts[label];
		sum += share;
		squares += share * share;
	}
	return squares / (sum * sum);
}

/* In how many texts of each label a feature stands: [feature][label]; NULL when memory is out. */
static uint32_t *labels_count(const struct learn *learn, const uint32_t *texts, const uint32_t *feature_of,
                              const struct learn_set *set) {
	uint32_t *counts = calloc(set->feature_count * set->label_count + 1, sizeof(*counts));
	for (size_t t = 0; counts && t < set->text_count; t++)
		for (size_t i = learn_text_begin(learn, texts[t]); i < learn->ends[texts[t]]; i++) {
			uint32_t feature = feature_of[learn->grams[i].word];
			if (feature != UINT32_MAX)
				counts[feature * set->label_count + set->label_of[t]]++;
		}
	return counts;
}

static bool rarity_fill(const struct learn *learn, const uint32_t *texts, const struct chosen *chosen,
                        const uint32_t *stands, const uint32_t *feature_of, struct learn_set *ret) {
	uint32_t label_texts[CLASSIFY_LABELS_MAX] = { 0 };
	uint32_t *counts = labels_count(learn, texts, feature_of, ret);
	if (!counts)
		return false;
	for (size_t t = 0; t < ret->text_count; t++)
		label_texts[ret->label_of[t]]++;
	for (size_t i = 0; i < ret->feature_count; i++) {
		float rarity = logf((1 + (float)ret->text_count) / (float)stands[chosen[i].word]);
		ret->rarity[i] = powf(rarity, RARITY_POWER) *
		                 (1 + PURITY_WEIGHT * purity(counts + i * ret->label_count, label_texts, ret->label_count));
	}
	free(counts);
	return true;
}

static bool features_fill(const struct learn *learn, const uint32_t *texts, const struct chosen *chosen,
                          const uint32_t *stands, uint32_t *feature_of, struct learn_set *ret) {
	ret->keys = malloc((ret->feature_count + 1) * sizeof(*ret->keys));
	ret->rarity = malloc((ret->feature_count + 1) * sizeof(*ret->rarity));
	if (!ret->keys || !ret->rarity)
		return false;
	memset(feature_of, 0xff, learn->word_count * sizeof(*feature_of));
	for (size_t i = 0; i < ret->feature_count; i++) {
		feature_of[chosen[i].word] = (uint32_t)i;
		ret->keys[i] = chosen[i].key;
	}
	return rarity_fill(learn, texts, chosen, stands, feature_of, ret);
}

/* Labels that none of the texts has could only be guessed at. */
static bool labels_fill(const struct learn *learn, const uint32_t *texts, struct learn_set *ret) {
	uint16_t place[CLASSIFY_LABELS_MAX];
	ret->labels = malloc((learn->label_count + 1) * sizeof(*ret->labels));
	ret->label_of = malloc((ret->text_count + 1) * sizeof(*ret->label_of));
	if (!ret->labels || !ret->label_of)
		return false;
	memset(place, 0xff, sizeof(place));
	for (size_t t = 0; t < ret->text_count; t++)
		place[learn->label_of[texts[t]]] = 0;
	for (size_t label = 0; label < learn->label_count; label++)
		if (place[label] == 0) {
			place[label] = (uint16_t)ret->label_count;
			ret->labels[ret->label_count++] = (uint16_t)label;
		}
	for (size_t t = 0; t < ret->text_count; t++)
		ret->label_of[t] = place[learn->label_of[texts[t]]];
	return true;
}

bool learn_set_make(const struct learn *learn, const uint32_t *texts, size_t count, struct learn_set *ret) {
	uint32_t *stands = stands_count(learn, texts, count);
	uint32_t *feature_of = malloc((learn->word_count + 1) * sizeof(*feature_of));
	*ret = (struct learn_set){ .text_count = count, .block_weight = { TITLE_WEIGHT, 1 } };
	struct chosen *chosen = stands ? words_choose(learn, stands, &ret->feature_count) : NULL;
	bool ok = chosen && feature_of && labels_fill(learn, texts, ret) &&
	          features_fill(learn, texts, chosen, stands, feature_of, ret) &&
	          vectors_make(learn, texts, feature_of, ret);
	free(stands);
	free(feature_of);
	free(chosen);
	return ok;
}

void learn_set_free(struct learn_set *set) {
	free(set->keys);
	free(set->rarity);
	free(set->values);
	free(set->ends);
	free(set->labels);
	free(set->label_of);
	*set = (struct learn_set){ 0 };
}
