/* classify_model.h — a model from inside, and the layout of its bytes (docs/LEARNING.md).
 * For classify and learn only. */
#ifndef ROUTING_CLASSIFY_MODEL_H
#define ROUTING_CLASSIFY_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "classify.h"
#include "classify_grams.h"

/* The bytes: numbers are little-endian, floats IEEE 754 single; nothing between the parts, nothing
 * after the last.
 *   head      MODEL_HEAD_BYTES: magic 8, checksum u64 of all that follows it, labels u32,
 *             features u32, weight of each block f32 × 2, sharpness f32, spare u32 (0)
 *   labels    CLASSIFY_LABEL_ROOM bytes each, filled up with NUL
 *   bias      f32 for each label
 *   keys      u64 for each feature, ascending (classify_grams.h)
 *   rarity    f32 for each feature
 *   scale     f32 for each feature
 *   weights   i8 for each feature and label; times scale */
#define MODEL_MAGIC "12345C1\n"
enum { MODEL_HEAD_BYTES = 40, MODEL_SHARPNESS_AT = 32, MODEL_FEATURES_MAX = 1 << 20 };

struct model_feature { float rarity, scale; };

struct classify_model {
	size_t label_count, feature_count;
	float block_weight[GRAM_BLOCKS];   /* length of the vector of each block's grams */
	float sharpness;                   /* scores times this are log odds: the calibration */
	char (*labels)[CLASSIFY_LABEL_ROOM];
	float *bias;
	struct model_feature *features;
	int8_t *weights;                   /* [feature][label] */
	uint64_t *slot_keys;               /* open addressing; MODEL_FREE = nothing there */
	uint32_t *slot_features;
	uint32_t slot_mask;
};

#define MODEL_FREE UINT64_MAX

static inline size_t model_bytes(size_t labels, size_t features) {
	return MODEL_HEAD_BYTES + labels * (CLASSIFY_LABEL_ROOM + 4) + features * (8 + 4 + 4 + labels);
}

/* FNV-1a over 64 bits: tells a damaged model, not a forged one. */
uint64_t model_checksum(const unsigned char *bytes, size_t len);

/* A gram of the text that the model knows. */
struct bag_gram { uint32_t feature; uint16_t times, block; };

enum { BAG_MOST = GRAM_MOST, BAG_SLOTS = 8192 };

struct bag {
	size_t count;
	struct bag_gram grams[BAG_MOST];
	uint16_t slots[BAG_SLOTS];         /* where a feature is in grams, + 1; 0 = nothing there */
};

/* The known grams of the text, each once. */
void model_bag(const struct classify_model *model, const struct grams *grams, struct bag *ret);
/* Where a feature is in the bag; bag->count when it is not. */
size_t bag_find(const struct bag *bag, uint32_t feature);
/* What each gram of the bag is worth: counted, by rarity, each block at its length. */
void model_values(const struct classify_model *model, const struct bag *bag, float values[BAG_MOST]);
/* scores: one for each label. */
void model_scores(const struct classify_model *model, const struct bag *bag, float *scores);
/* The feature of this gram; UINT32_MAX when the model does not know it. */
uint32_t model_feature_of(const struct classify_model *model, uint64_t key);

#endif
