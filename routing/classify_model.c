/* Builds a model from bytes that may be damaged, and gives it back. */
#include "classify_model.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

struct reader { const unsigned char *at, *end; };

static uint32_t read_u32(struct reader *reader) {
	const unsigned char *b = reader->at;
	reader->at += 4;
	return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static uint64_t read_u64(struct reader *reader) {
	uint64_t low = read_u32(reader);
	return low | (uint64_t)read_u32(reader) << 32;
}

static float read_f32(struct reader *reader) {
	uint32_t bits = read_u32(reader);
	float number;
	memcpy(&number, &bits, sizeof(number));
	return number;
}

uint64_t model_checksum(const unsigned char *bytes, size_t len) {
	uint64_t sum = UINT64_C(0xcbf29ce484222325);
	for (size_t i = 0; i < len; i++)
		sum = (sum ^ bytes[i]) * UINT64_C(0x100000001b3);
	return sum;
}

/* No score may become infinite, whatever the bytes say. */
static bool is_sane(float number) {
	return isfinite(number) && fabsf(number) <= 1e6f;
}

/* Sizes and head; NULL when the rest may be read, else what is wrong. */
static const char *head_read(struct reader *reader, size_t len, struct classify_model *model) {
	if (len < MODEL_HEAD_BYTES || memcmp(reader->at, MODEL_MAGIC, 8) != 0)
		return "these bytes are no model of this version";
	reader->at += 8;
	uint64_t sum = read_u64(reader);
	if (sum != model_checksum(reader->at, (size_t)(reader->end - reader->at)))
		return "the model is damaged: its checksum does not fit";
	model->label_count = read_u32(reader);
	model->feature_count = read_u32(reader);
	for (int block = 0; block < GRAM_BLOCKS; block++)
		model->block_weight[block] = read_f32(reader);
	model->sharpness = read_f32(reader);
	if (read_u32(reader) != 0)
		return "the model's spare field is in use: it is of a later version";
	if (model->label_count < 1 || model->label_count > CLASSIFY_LABELS_MAX ||
	    model->feature_count > MODEL_FEATURES_MAX)
		return "the model has no labels, or too many labels or features";
	if (len != model_bytes(model->label_count, model->feature_count))
		return "the model is cut off, or longer than it says";
	for (int block = 0; block < GRAM_BLOCKS; block++)
		if (!is_sane(model->block_weight[block]))
			return "a block's weight is out of range";
	return is_sane(model->sharpness) && model->sharpness > 0 ? NULL : "the sharpness is out of range";
}

static bool model_alloc(struct classify_model *model) {
	size_t labels = model->label_count, features = model->feature_count, slots = 16;
	while (slots < 2 * features)
		slots *= 2;
	model->slot_mask = (uint32_t)slots - 1;
	model->labels = calloc(labels, sizeof(*model->labels));
	model->bias = calloc(labels, sizeof(*model->bias));
	model->features = calloc(features + 1, sizeof(*model->features));
	model->weights = malloc(features * labels + 1);
	model->slot_keys = malloc(slots * sizeof(*model->slot_keys));
	model->slot_features = calloc(slots, sizeof(*model->slot_features));
	return model->labels && model->bias && model->features && model->weights && model->slot_keys &&
	       model->slot_features;
}

static const char *labels_read(struct reader *reader, struct classify_model *model) {
	for (size_t i = 0; i < model->label_count; i++) {
		char *label = model->labels[i];
		memcpy(label, reader->at, CLASSIFY_LABEL_ROOM);
		reader->at += CLASSIFY_LABEL_ROOM;
		if (label[CLASSIFY_LABEL_ROOM - 1] != '\0' || label[0] == '\0' ||
		    !text_is_valid(label, strlen(label), NULL))
			return "a label is no text";
	}
	for (size_t i = 0; i < model->label_count; i++) {
		model->bias[i] = read_f32(reader);
		if (!is_sane(model->bias[i]))
			return "a bias is out of range";
	}
	return NULL;
}

static void slot_take(struct classify_model *model, uint64_t key, uint32_t feature) {
	uint32_t slot = gram_hash(key) & model->slot_mask;
	while (model->slot_keys[slot] != MODEL_FREE)
		slot = (slot + 1) & model->slot_mask;
	model->slot_keys[slot] = key;
	model->slot_features[slot] = feature;
}

static const char *features_read(struct reader *reader, struct classify_model *model) {
	uint64_t before = 0;
	memset(model->slot_keys, 0xff, ((size_t)model->slot_mask + 1) * sizeof(*model->slot_keys));
	for (uint32_t i = 0; i < model->feature_count; i++) {
		uint64_t key = read_u64(reader);
		if ((i > 0 && key <= before) || key == MODEL_FREE)
			return "the grams are not in order";
		slot_take(model, key, i);
		before = key;
	}
	for (size_t i = 0; i < model->feature_count; i++)
		model->features[i].rarity = read_f32(reader);
	for (size_t i = 0; i < model->feature_count; i++)
		model->features[i].scale = read_f32(reader);
	for (size_t i = 0; i < model->feature_count; i++)
		if (!is_sane(model->features[i].rarity) || !is_sane(model->features[i].scale))
			return "a gram's numbers are out of range";
	memcpy(model->weights, reader->at, (size_t)(reader->end - reader->at));
	return NULL;
}

struct classify_model *classify_model_read(const void *bytes, size_t len, char fault[CLASSIFY_FAULT_ROOM]) {
	struct classify_model *model = calloc(1, sizeof(*model));
	struct reader reader = { bytes, (const unsigned char *)bytes + len };
	const char *why = model ? head_read(&reader, len, model) : "no memory for the model";
	if (!why && !model_alloc(model))
		why = "no memory for the model";
	if (!why)
		why = labels_read(&reader, model);
	if (!why)
		why = features_read(&reader, model);
	snprintf(fault, CLASSIFY_FAULT_ROOM, "%s", why ? why : "");
	if (!why)
		return model;
	classify_model_free(model);
	return NULL;
}

void classify_model_free(struct classify_model *model) {
	if (!model)
		return;
	free(model->labels);
	free(model->bias);
	free(model->features);
	free(model->weights);
	free(model->slot_keys);
	free(model->slot_features);
	free(model);
}

size_t classify_label_count(const struct classify_model *model) {
	return model->label_count;
}

const char *classify_label(const struct classify_model *model, size_t index) {
	return model->labels[index];
}

size_t classify_feature_count(const struct classify_model *model) {
	return model->feature_count;
}
