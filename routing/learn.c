/* Keeps texts with known labels as counted grams, until a model is learned from them. */
#include "learn.h"

#include <stdlib.h>
#include <string.h>

#include "learn_parts.h"

struct learn *learn_new(void) {
	struct learn *learn = calloc(1, sizeof(*learn));
	if (!learn)
		return NULL;
	learn->slot_mask = 0xffff;
	learn->slots = calloc((size_t)learn->slot_mask + 1, sizeof(*learn->slots));
	if (learn->slots)
		return learn;
	free(learn);
	return NULL;
}

void learn_free(struct learn *learn) {
	if (!learn)
		return;
	free(learn->words);
	free(learn->slots);
	free(learn->grams);
	free(learn->ends);
	free(learn->label_of);
	free(learn);
}

size_t learn_count(const struct learn *learn) {
	return learn->text_count;
}

size_t learn_label_count(const struct learn *learn) {
	return learn->label_count;
}

/* Makes room for `more` beyond count; false leaves everything as it was. */
static bool grow(void **array, size_t *room, size_t count, size_t more, size_t size) {
	if (count + more <= *room)
		return true;
	size_t wanted = *room * 2 > count + more ? *room * 2 : count + more + 1024;
	void *larger = realloc(*array, wanted * size);
	if (!larger)
		return false;
	*array = larger;
	*room = wanted;
	return true;
}

static uint32_t *slot_of(const struct learn *learn, uint64_t key) {
	uint32_t slot = gram_hash(key) & learn->slot_mask;
	while (learn->slots[slot] && learn->words[learn->slots[slot] - 1] != key)
		slot = (slot + 1) & learn->slot_mask;
	return &learn->slots[slot];
}

static bool slots_double(struct learn *learn) {
	uint32_t *old = learn->slots;
	uint32_t *slots = calloc(((size_t)learn->slot_mask + 1) * 2, sizeof(*slots));
	if (!slots)
		return false;
	learn->slots = slots;
	learn->slot_mask = learn->slot_mask * 2 + 1;
	for (size_t word = 0; word < learn->word_count; word++)
		*slot_of(learn, learn->words[word]) = (uint32_t)word + 1;
	free(old);
	return true;
}

/* The number of a gram in the vocabulary, which has room for it. */
static uint32_t word_of(struct learn *learn, uint64_t key) {
	uint32_t *slot = slot_of(learn, key);
	if (!*slot) {
		learn->words[learn->word_count++] = key;
		*slot = (uint32_t)learn->word_count;
	}
	return *slot - 1;
}

static int gram_compare(const void *left, const void *right) {
	const struct learn_gram *a = left, *b = right;
	return (a->word > b->word) - (a->word < b->word);
}

/* Puts equal grams together; returns how many are left. */
static size_t grams_join(struct learn_gram *grams, size_t count) {
	size_t kept = 0;
	qsort(grams, count, sizeof(*grams), gram_compare);
	for (size_t i = 0; i < count; i++)
		if (kept > 0 && grams[kept - 1].word == grams[i].word)
			grams[kept - 1].times++;
		else
			grams[kept++] = grams[i];
	return kept;
}

/* Number of the label, label_count when it is new. */
static size_t label_find(const struct learn *learn, const char *label) {
	size_t i = 0;
	while (i < learn->label_count && strcmp(learn->labels[i], label) != 0)
		i++;
	return i;
}

static bool label_fits(const struct learn *learn, const char *label, size_t number) {
	size_t len = strlen(label);
	return len > 0 && len < CLASSIFY_LABEL_ROOM && number < CLASSIFY_LABELS_MAX &&
	       (number < learn->label_count || learn->label_count < CLASSIFY_LABELS_MAX);
}

static bool room_make(struct learn *learn, size_t grams) {
	size_t texts = learn->text_room;
	while (learn->word_count + grams > learn->slot_mask / 2)
		if (!slots_double(learn))
			return false;
	return grow((void **)&learn->words, &learn->word_room, learn->word_count, grams, sizeof(*learn->words)) &&
	       grow((void **)&learn->grams, &learn->gram_room, learn->gram_count, grams, sizeof(*learn->grams)) &&
	       grow((void **)&learn->ends, &texts, learn->text_count, 1, sizeof(*learn->ends)) &&
	       grow((void **)&learn->label_of, &learn->text_room, learn->text_count, 1, sizeof(*learn->label_of));
}

bool learn_add(struct learn *learn, const char *label, const char *title, const char *text) {
	struct grams grams;
	size_t number = label_find(learn, label);
	grams_read(title, text, &grams);
	if (!label_fits(learn, label, number) || !room_make(learn, grams.count))
		return false;
	if (number == learn->label_count)
		strcpy(learn->labels[learn->label_count++], label);
	struct learn_gram *own = learn->grams + learn->gram_count;
	for (size_t i = 0; i < grams.count; i++)
		own[i] = (struct learn_gram){ word_of(learn, grams.keys[i]), 1 };
	learn->gram_count += grams_join(own, grams.count);
	learn->label_of[learn->text_count] = (uint16_t)number;
	learn->ends[learn->text_count++] = learn->gram_count;
	return true;
}
