/* Learns a model and how sure it may be: the sharpness comes from texts that were not learned from. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "learn_parts.h"

/* Sharpness is looked for between these; 4 is what a margin of 1 is worth without better knowledge. */
#define SHARPNESS_LEAST 0.25f
#define SHARPNESS_MOST  32.0f
#define SHARPNESS_BLIND 4.0f
enum { HELD_BACK_LEAST = 50, HELD_BACK_SHARE = 10, SEARCH_STEPS = 40 };
/* With so many texts the tenth that is held back need not be learned from afterwards. */
enum { ENOUGH_TEXTS = 20000 };

/* Scores of texts that the model has not seen, and which label is right. */
struct held { size_t count, labels; float *scores; size_t *right; };

static bool one_model(const struct learn *learn, const uint32_t *texts, size_t count, float sharpness,
                      learn_progress_fn *progress, void *context, unsigned char **ret_bytes, size_t *ret_len) {
	struct learn_set set;
	float bias[CLASSIFY_LABELS_MAX], *weights = NULL;
	*ret_bytes = NULL;
	if (learn_set_make(learn, texts, count, &set))
		weights = learn_fit(&set, bias, progress, context);
	if (weights)
		*ret_bytes = learn_write(learn, &set, weights, bias, sharpness, ret_len);
	free(weights);
	learn_set_free(&set);
	return *ret_bytes != NULL;
}

static void bag_of_text(const struct learn *learn, const struct classify_model *model, size_t text,
                        struct bag *ret) {
	ret->count = 0;
	for (size_t i = learn_text_begin(learn, text); i < learn->ends[text]; i++) {
		uint64_t key = learn->words[learn->grams[i].word];
		uint32_t feature = model_feature_of(model, key);
		if (feature != UINT32_MAX)
			ret->grams[ret->count++] = (struct bag_gram){ feature, (uint16_t)learn->grams[i].times,
				(uint16_t)gram_block_of(key) };
	}
}

/* Place of the label in the model; label_count when it is not there. */
static size_t label_place(const struct classify_model *model, const char *label) {
	size_t place = 0;
	while (place < model->label_count && strcmp(model->labels[place], label) != 0)
		place++;
	return place;
}

/* Texts whose label the model has never met teach nothing about how sure it may be. */
static bool held_make(const struct learn *learn, const struct classify_model *model, const uint32_t *texts,
                      size_t count, struct held *ret) {
	struct bag bag;
	*ret = (struct held){ .labels = model->label_count,
		.scores = malloc((count * model->label_count + 1) * sizeof(float)),
		.right = malloc((count + 1) * sizeof(size_t)) };
	if (!ret->scores || !ret->right)
		return false;
	for (size_t t = 0; t < count; t++) {
		size_t place = label_place(model, learn->labels[learn->label_of[texts[t]]]);
		if (place == model->label_count)
			continue;
		bag_of_text(learn, model, texts[t], &bag);
		model_scores(model, &bag, ret->scores + ret->count * ret->labels);
		ret->right[ret->count++] = place;
	}
	return true;
}

/* How surprised the model is by the right labels, with this sharpness. */
static double surprise(const struct held *held, float sharpness) {
	double sum = 0;
	for (size_t i = 0; i < held->count; i++) {
		const float *scores = held->scores + i * held->labels;
		double all = 0, right = (double)scores[held->right[i]];
		for (size_t label = 0; label < held->labels; label++)
			all += exp((double)sharpness * ((double)scores[label] - right));
		sum += log(all);
	}
	return sum;
}

/* The surprise has one lowest point: the range is narrowed down to it, a third at a time. */
static float sharpness_find(const struct held *held) {
	float low = logf(SHARPNESS_LEAST), high = logf(SHARPNESS_MOST);
	for (int i = 0; i < SEARCH_STEPS; i++) {
		float a = low + (high - low) / 3, b = high - (high - low) / 3;
		if (surprise(held, expf(a)) < surprise(held, expf(b)))
			high = b;
		else
			low = a;
	}
	return expf((low + high) / 2);
}

/* Asks texts that were not learned from how sure the model may be. false: memory is out. */
static bool calibrate(const struct learn *learn, const unsigned char *bytes, size_t len, const uint32_t *held_back,
                      size_t held_count, float *ret_sharpness) {
	char fault[CLASSIFY_FAULT_ROOM];
	struct held held = { 0 };
	struct classify_model *model = classify_model_read(bytes, len, fault);
	bool ok = model && held_make(learn, model, held_back, held_count, &held);
	if (ok && held.count > 0)
		*ret_sharpness = sharpness_find(&held);
	classify_model_free(model);
	free(held.scores);
	free(held.right);
	return ok;
}

/* The texts in two heaps, one after the other: those that teach, and every tenth, which is held back. */
static size_t texts_part(uint32_t *texts, size_t from, size_t to) {
	size_t count = 0;
	for (size_t text = from; text < to; text++)
		if ((text - from) % HELD_BACK_SHARE != HELD_BACK_SHARE - 1)
			texts[count++] = (uint32_t)text;
	size_t taught = count;
	for (size_t text = from + HELD_BACK_SHARE - 1; text < to; text += HELD_BACK_SHARE)
		texts[count++] = (uint32_t)text;
	return taught;
}

/* Learns from the first heap, asks the second, and learns from both. */
static bool heaps_learn(const struct learn *learn, const uint32_t *texts, size_t taught, size_t count,
                        learn_progress_fn *progress, void *context, unsigned char **ret_bytes, size_t *ret_len) {
	float sharpness = SHARPNESS_BLIND;
	if (count - taught < HELD_BACK_LEAST)
		return one_model(learn, texts, count, sharpness, progress, context, ret_bytes, ret_len);
	if (!one_model(learn, texts, taught, sharpness, progress, context, ret_bytes, ret_len))
		return false;
	bool ok = calibrate(learn, *ret_bytes, *ret_len, texts + taught, count - taught, &sharpness);
	if (ok && count >= ENOUGH_TEXTS) {
		learn_sharpen(*ret_bytes, *ret_len, sharpness);
		return true;
	}
	free(*ret_bytes);
	*ret_bytes = NULL;
	return ok && one_model(learn, texts, count, sharpness, progress, context, ret_bytes, ret_len);
}

bool learn_model(const struct learn *learn, size_t from, size_t to, learn_progress_fn *progress, void *context,
                 unsigned char **ret_bytes, size_t *ret_len) {
	*ret_bytes = NULL;
	if (from >= to || to > learn->text_count)
		return false;
	uint32_t *texts = malloc((to - from) * sizeof(*texts));
	size_t taught = texts ? texts_part(texts, from, to) : 0;
	bool ok = texts && heaps_learn(learn, texts, taught, to - from, progress, context, ret_bytes, ret_len);
	free(texts);
	return ok;
}
