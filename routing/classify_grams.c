/* Takes title and body apart into single characters and pairs of neighbours. */
#include "classify_grams.h"

#include <math.h>
#include <string.h>

#include "text.h"

static void block_read(const char *text, enum gram_block block, size_t room, struct grams *ret) {
	uint32_t chars[GRAM_BODY_CHARS];
	size_t count = text_fold(text, strlen(text), chars, room);
	uint64_t *key = ret->keys + ret->count;
	for (size_t i = 0; i < count; i++)
		*key++ = gram_key(block, 0, chars[i]);
	for (size_t i = 0; i + 1 < count; i++)
		*key++ = gram_key(block, chars[i], chars[i + 1]);
	ret->chars[block] = count;
	ret->count = (size_t)(key - ret->keys);
}

void grams_read(const char *title, const char *text, struct grams *ret) {
	ret->count = 0;
	block_read(title, GRAM_TITLE, GRAM_TITLE_CHARS, ret);
	block_read(text, GRAM_BODY, GRAM_BODY_CHARS, ret);
}

float gram_count_weight(uint32_t times) {
	static const float few[] = { 0, 1, 1.6931472f, 2.0986123f, 2.3862944f, 2.6094379f, 2.7917595f, 2.9459101f };
	return times < sizeof(few) / sizeof(few[0]) ? few[times] : 1 + logf((float)times);
}
