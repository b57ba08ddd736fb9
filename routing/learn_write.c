/* Writes what was learned as the bytes of a model (classify_model.h). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "learn_parts.h"

static void write_u32(unsigned char **at, uint32_t number) {
	for (int i = 0; i < 4; i++)
		*(*at)++ = (unsigned char)(number >> 8 * i);
}

static void write_u64(unsigned char **at, uint64_t number) {
	write_u32(at, (uint32_t)number);
	write_u32(at, (uint32_t)(number >> 32));
}

static void write_f32(unsigned char **at, float number) {
	uint32_t bits;
	memcpy(&bits, &number, sizeof(bits));
	write_u32(at, bits);
}

static void head_write(unsigned char **at, const struct learn_set *set, float sharpness) {
	write_u32(at, (uint32_t)set->label_count);
	write_u32(at, (uint32_t)set->feature_count);
	for (int block = 0; block < GRAM_BLOCKS; block++)
		write_f32(at, set->block_weight[block]);
	write_f32(at, sharpness);
	write_u32(at, 0);
}

/* A gram's weights as whole numbers of its scale, so that the largest is 127. */
static void weights_write(unsigned char **at, const float *row, size_t labels, float scale) {
	for (size_t label = 0; label < labels; label++)
		*(*at)++ = (unsigned char)(int8_t)(scale > 0 ? lrintf(row[label] / scale) : 0);
}

static float scale_of(const float *row, size_t labels) {
	float highest = 0;
	for (size_t label = 0; label < labels; label++)
		highest = fmaxf(highest, fabsf(row[label]));
	return highest / 127;
}

static void sum_write(unsigned char *bytes, size_t len) {
	unsigned char *at = bytes + 8;
	write_u64(&at, model_checksum(bytes + 16, len - 16));
}

unsigned char *learn_write(const struct learn *learn, const struct learn_set *set, const float *weights,
                           const float *bias, float sharpness, size_t *ret_len) {
	size_t labels = set->label_count, features = set->feature_count;
	unsigned char *bytes = calloc(1, *ret_len = model_bytes(labels, features)), *at = bytes;
	if (!bytes)
		return NULL;
	memcpy(at, MODEL_MAGIC, 8);
	at += 16;
	head_write(&at, set, sharpness);
	for (size_t i = 0; i < labels; i++, at += CLASSIFY_LABEL_ROOM)
		strcpy((char *)at, learn->labels[set->labels[i]]);
	for (size_t i = 0; i < labels; i++)
		write_f32(&at, bias[i]);
	for (size_t i = 0; i < features; i++)
		write_u64(&at, set->keys[i]);
	for (size_t i = 0; i < features; i++)
		write_f32(&at, set->rarity[i]);
	for (size_t i = 0; i < features; i++)
		write_f32(&at, scale_of(weights + i * labels, labels));
	for (size_t i = 0; i < features; i++)
		weights_write(&at, weights + i * labels, labels, scale_of(weights + i * labels, labels));
	sum_write(bytes, *ret_len);
	return bytes;
}

void learn_sharpen(unsigned char *bytes, size_t len, float sharpness) {
	unsigned char *at = bytes + MODEL_SHARPNESS_AT;
	write_f32(&at, sharpness);
	sum_write(bytes, len);
}
