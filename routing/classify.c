/* Asks a model which labels a text most probably has. */
#include "classify.h"

#include <math.h>
#include <string.h>

#include "classify_model.h"

enum { BATCH = 16 };

uint32_t model_feature_of(const struct classify_model *model, uint64_t key) {
	uint32_t slot = gram_hash(key) & model->slot_mask;
	while (model->slot_keys[slot] != key) {
		if (model->slot_keys[slot] == MODEL_FREE)
			return UINT32_MAX;
		slot = (slot + 1) & model->slot_mask;
	}
	return model->slot_features[slot];
}

/* The slot that holds the feature, or the free one where it belongs. */
static uint32_t bag_slot(const struct bag *bag, uint32_t feature) {
	uint32_t slot = gram_hash(feature) % BAG_SLOTS;
	while (bag->slots[slot] && bag->grams[bag->slots[slot] - 1].feature != feature)
		slot = (slot + 1) % BAG_SLOTS;
	return slot;
}

size_t bag_find(const struct bag *bag, uint32_t feature) {
	uint32_t slot = bag_slot(bag, feature);
	return bag->slots[slot] ? bag->slots[slot] - 1u : bag->count;
}

static void bag_count(struct bag *bag, uint32_t feature, enum gram_block block) {
	uint32_t slot = bag_slot(bag, feature);
	if (bag->slots[slot]) {
		bag->grams[bag->slots[slot] - 1].times++;
		return;
	}
	bag->grams[bag->count++] = (struct bag_gram){ feature, 1, (uint16_t)block };
	bag->slots[slot] = (uint16_t)bag->count;
}

/* The table is larger than the near caches: a batch is called for before the first of it is looked at. */
void model_bag(const struct classify_model *model, const struct grams *grams, struct bag *ret) {
	_Static_assert((int)BAG_SLOTS > (int)BAG_MOST && (int)BAG_MOST < UINT16_MAX, "a place in the bag for each gram");
	memset(ret->slots, 0, sizeof(ret->slots));
	ret->count = 0;
	for (size_t from = 0; from < grams->count; from += BATCH) {
		size_t to = from + BATCH < grams->count ? from + BATCH : grams->count;
		for (size_t i = from; i < to; i++)
			__builtin_prefetch(&model->slot_keys[gram_hash(grams->keys[i]) & model->slot_mask]);
		for (size_t i = from; i < to; i++) {
			uint32_t feature = model_feature_of(model, grams->keys[i]);
			if (feature == UINT32_MAX)
				continue;
			__builtin_prefetch(&model->features[feature]);
			__builtin_prefetch(&model->weights[feature * model->label_count]);
			bag_count(ret, feature, gram_block_of(grams->keys[i]));
		}
	}
}

void model_values(const struct classify_model *model, const struct bag *bag, float values[BAG_MOST]) {
	float squares[GRAM_BLOCKS] = { 0 }, factor[GRAM_BLOCKS];
	for (size_t i = 0; i < bag->count; i++) {
		const struct bag_gram *gram = &bag->grams[i];
		values[i] = gram_count_weight(gram->times) * model->features[gram->feature].rarity;
		squares[gram->block] += values[i] * values[i];
	}
	for (int block = 0; block < GRAM_BLOCKS; block++)
		factor[block] = squares[block] > 0 ? model->block_weight[block] / sqrtf(squares[block]) : 0;
	for (size_t i = 0; i < bag->count; i++)
		values[i] *= factor[bag->grams[i].block];
}

static void scores_add(float *restrict scores, const int8_t *restrict weights, float factor, size_t labels) {
	for (size_t label = 0; label < labels; label++)
		scores[label] += factor * (float)weights[label];
}

void model_scores(const struct classify_model *model, const struct bag *bag, float *scores) {
	float values[BAG_MOST];
	size_t labels = model->label_count;
	model_values(model, bag, values);
	memcpy(scores, model->bias, labels * sizeof(*scores));
	for (size_t i = 0; i < bag->count; i++) {
		uint32_t feature = bag->grams[i].feature;
		scores_add(scores, &model->weights[feature * labels],
		           values[i] * model->features[feature].scale, labels);
	}
}

/* Scores become log odds by the sharpness, and probabilities that add up to one. */
static void scores_to_probabilities(float *scores, size_t count, float sharpness) {
	float highest = scores[0], sum = 0;
	for (size_t i = 1; i < count; i++)
		highest = fmaxf(highest, scores[i]);
	for (size_t i = 0; i < count; i++)
		sum += scores[i] = expf(sharpness * (scores[i] - highest));
	for (size_t i = 0; i < count; i++)
		scores[i] /= sum;
}

static size_t best_choose(const struct classify_model *model, const float *probabilities,
                          struct classify_guess ret[CLASSIFY_TOP]) {
	size_t count = 0;
	for (size_t label = 0; label < model->label_count; label++) {
		size_t place = count;
		while (place > 0 && ret[place - 1].probability < (double)probabilities[label])
			place--;
		if (place == CLASSIFY_TOP)
			continue;
		if (count < CLASSIFY_TOP)
			count++;
		memmove(ret + place + 1, ret + place, (count - place - 1) * sizeof(*ret));
		ret[place] = (struct classify_guess){ model->labels[label], (double)probabilities[label] };
	}
	return count;
}

size_t classify(const struct classify_model *model, const char *title, const char *text,
                struct classify_guess ret[CLASSIFY_TOP]) {
	struct grams grams;
	struct bag bag;
	float scores[CLASSIFY_LABELS_MAX];
	if (!model)
		return 0;
	grams_read(title, text, &grams);
	if (grams.count == 0)
		return 0;
	model_bag(model, &grams, &bag);
	model_scores(model, &bag, scores);
	scores_to_probabilities(scores, model->label_count, model->sharpness);
	return best_choose(model, scores, ret);
}
