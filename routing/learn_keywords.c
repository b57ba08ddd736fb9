/* Routes by keywords taken from texts with known labels. */
#include "learn_keywords.h"

#include <stdlib.h>
#include <string.h>

#include "learn_parts.h"

enum { PER_LABEL = 30 };

struct keyword { uint64_t key; uint16_t label; };

struct keywords {
	size_t label_count, count;
	char labels[CLASSIFY_LABELS_MAX][CLASSIFY_LABEL_ROOM];
	struct keyword *list;        /* by key */
	struct classify_guess commonest;
};

/* Texts that a word stands in: of the label at hand, and of all. */
struct stands { uint32_t *own, *all; };

struct candidate { uint32_t word; float lead; };

static bool is_pair(uint64_t key) {
	return (key >> 21 & 0x1fffff) != 0;
}

static void stands_add(const struct learn *learn, size_t from, size_t to, size_t label, uint32_t *stands) {
	for (size_t text = from; text < to; text++)
		if (label == SIZE_MAX || learn->label_of[text] == label)
			for (size_t i = learn_text_begin(learn, text); i < learn->ends[text]; i++)
				stands[learn->grams[i].word]++;
}

static void candidate_keep(struct candidate best[PER_LABEL], uint32_t word, float lead) {
	size_t place = PER_LABEL;
	while (place > 0 && best[place - 1].lead < lead)
		place--;
	if (place == PER_LABEL)
		return;
	memmove(best + place + 1, best + place, (PER_LABEL - place - 1) * sizeof(*best));
	best[place] = (struct candidate){ word, lead };
}

/* The label's words with the largest lead: share of its texts less share of the others. */
static void label_keywords(const struct learn *learn, const struct stands *stands, size_t own, size_t all,
                           size_t label, struct keywords *ret) {
	struct candidate best[PER_LABEL] = { 0 };
	for (uint32_t word = 0; word < learn->word_count; word++)
		if (stands->own[word] > 0 && is_pair(learn->words[word]))
			candidate_keep(best, word, (float)stands->own[word] / (float)own -
			               (float)(stands->all[word] - stands->own[word]) / (float)(all - own + 1));
	for (size_t i = 0; i < PER_LABEL && best[i].lead > 0; i++)
		ret->list[ret->count++] = (struct keyword){ learn->words[best[i].word], (uint16_t)label };
}

static int keyword_compare(const void *left, const void *right) {
	const struct keyword *a = left, *b = right;
	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return (int)a->label - (int)b->label;
}

static void keywords_fill(const struct learn *learn, size_t from, size_t to, const struct stands *stands,
                          struct keywords *ret) {
	size_t own[CLASSIFY_LABELS_MAX] = { 0 }, most = 0;
	for (size_t text = from; text < to; text++)
		own[learn->label_of[text]]++;
	stands_add(learn, from, to, SIZE_MAX, stands->all);
	for (size_t label = 0; label < learn->label_count; label++) {
		if (own[label] == 0)
			continue;
		memset(stands->own, 0, learn->word_count * sizeof(*stands->own));
		stands_add(learn, from, to, label, stands->own);
		label_keywords(learn, stands, own[label], to - from, label, ret);
		if (own[label] > own[most])
			most = label;
	}
	qsort(ret->list, ret->count, sizeof(*ret->list), keyword_compare);
	ret->commonest = (struct classify_guess){ ret->labels[most], (double)own[most] / (double)(to - from) };
}

struct keywords *keywords_new(const struct learn *learn, size_t from, size_t to) {
	struct keywords *keywords = calloc(1, sizeof(*keywords));
	struct stands stands = { calloc(learn->word_count + 1, sizeof(uint32_t)),
		calloc(learn->word_count + 1, sizeof(uint32_t)) };
	if (keywords)
		keywords->list = malloc((learn->label_count + 1) * PER_LABEL * sizeof(*keywords->list));
	bool ok = keywords && keywords->list && stands.own && stands.all && from < to;
	if (ok) {
		keywords->label_count = learn->label_count;
		memcpy(keywords->labels, learn->labels, sizeof(keywords->labels));
		keywords_fill(learn, from, to, &stands, keywords);
	}
	free(stands.own);
	free(stands.all);
	if (ok)
		return keywords;
	keywords_free(keywords);
	return NULL;
}

void keywords_free(struct keywords *keywords) {
	if (!keywords)
		return;
	free(keywords->list);
	free(keywords);
}

struct classify_guess keywords_commonest(const struct keywords *keywords) {
	return keywords->commonest;
}

/* The first keyword with this key; count when there is none. */
static size_t keyword_find(const struct keywords *keywords, uint64_t key) {
	size_t low = 0, high = keywords->count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (keywords->list[middle].key < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low < keywords->count && keywords->list[low].key == key ? low : keywords->count;
}

static size_t hits_count(const struct keywords *keywords, const struct grams *grams,
                         uint32_t hits[CLASSIFY_LABELS_MAX]) {
	bool met[CLASSIFY_LABELS_MAX * PER_LABEL] = { false };
	size_t all = 0;
	for (size_t i = 0; i < grams->count; i++)
		for (size_t k = keyword_find(keywords, grams->keys[i]);
		     k < keywords->count && keywords->list[k].key == grams->keys[i] && !met[k]; k++) {
			met[k] = true;
			hits[keywords->list[k].label]++;
			all++;
		}
	return all;
}

size_t keywords_choose(const struct keywords *keywords, const char *title, const char *text,
                       struct classify_guess ret[CLASSIFY_TOP]) {
	uint32_t hits[CLASSIFY_LABELS_MAX] = { 0 };
	struct grams grams;
	size_t count = 0;
	grams_read(title, text, &grams);
	size_t all = hits_count(keywords, &grams, hits);
	ret[0] = keywords->commonest;
	if (all == 0)
		return 1;
	for (; count < CLASSIFY_TOP; count++) {
		size_t best = 0;
		for (size_t label = 1; label < keywords->label_count; label++)
			if (hits[label] > hits[best])
				best = label;
		if (hits[best] == 0)
			break;
		ret[count] = (struct classify_guess){ keywords->labels[best], (double)hits[best] / (double)all };
		hits[best] = 0;
	}
	return count;
}
