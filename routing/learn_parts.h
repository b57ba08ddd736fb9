/* learn_parts.h — what the files of learn share: the texts as counted grams, the vectors that are learned
 * from, and the weights that come out. For learn*.c only. */
#ifndef ROUTING_LEARN_PARTS_H
#define ROUTING_LEARN_PARTS_H

#include "classify_model.h"
#include "learn.h"

/* A gram of a text: its number in the vocabulary, and how often it stands there. */
struct learn_gram { uint32_t word; uint32_t times; };

struct learn {
	uint64_t *words;             /* vocabulary: keys by number */
	size_t word_count, word_room;
	uint32_t *slots;             /* open addressing: number + 1; 0 = nothing there */
	uint32_t slot_mask;
	struct learn_gram *grams;    /* of all texts, one after the other */
	size_t gram_count, gram_room;
	size_t *ends;                /* of each text, in grams */
	uint16_t *label_of;          /* each text's label */
	size_t text_count, text_room;
	char labels[CLASSIFY_LABELS_MAX][CLASSIFY_LABEL_ROOM];
	size_t label_count;
};

/* One component of a text's vector. */
struct learn_value { uint32_t feature; float value; };

static inline size_t learn_text_begin(const struct learn *learn, size_t text) {
	return text > 0 ? learn->ends[text - 1] : 0;
}

/* The texts as vectors over the grams that are worth learning, each block at its length. */
struct learn_set {
	size_t text_count, feature_count, label_count;
	uint64_t *keys;              /* by feature, ascending */
	float *rarity;               /* by feature */
	struct learn_value *values;
	size_t *ends;                /* of each text, in values */
	uint16_t *labels;            /* those that these texts have, as numbers of the corpus */
	uint16_t *label_of;          /* by text, as places in labels */
	float block_weight[GRAM_BLOCKS];
};

/* Vectors of these texts; rarity and choice of grams are theirs. false: memory is out, what there is must
 * still be freed. */
bool learn_set_make(const struct learn *learn, const uint32_t *texts, size_t count, struct learn_set *ret);
void learn_set_free(struct learn_set *set);

/* The bytes of a model (classify_model.h), owned by the caller; NULL when memory is out. */
unsigned char *learn_write(const struct learn *learn, const struct learn_set *set, const float *weights,
                           const float *bias, float sharpness, size_t *ret_len);

/* Give the bytes of a model another sharpness. */
void learn_sharpen(unsigned char *bytes, size_t len, float sharpness);

/* Weights [feature][label], owned by the caller, NULL when memory is out: the score of a label is its bias
 * and the sum of value × weight. ret_bias: label_count of them. */
float *learn_fit(const struct learn_set *set, float *ret_bias, learn_progress_fn *progress, void *context);

#endif
