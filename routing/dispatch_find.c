/* Reads a text for the words of the catalogue and weighs which matter they speak for. */
#include "dispatch_words.h"

#include <string.h>

/* How much a word counts in the title and in the body. */
#define TITLE_GAIN 2.0f
#define BODY_GAIN  1.5f

/* The first word that begins with these two characters, or WORDS_NONE. */
static uint32_t head_find(const struct words *words, const uint32_t *chars) {
	uint32_t mask = words->slot_mask;
	for (uint32_t slot = words_head_hash(chars) & mask;; slot = (slot + 1) & mask) {
		uint32_t w = words->slots[slot];
		if (w == WORDS_NONE || words_compare(words->words[w].chars, chars, 2) == 0)
			return w;
	}
}

/* Whether the word stands at this place. A number or Latin word must stand alone: no 120 in 1200. */
static bool word_stands(const struct words_word *word, const uint32_t *text, size_t at, size_t len) {
	if (word->len > len - at || words_compare(word->chars, text + at, word->len) != 0)
		return false;
	size_t end = at + word->len;
	if (words_is_ascii(word->chars[0]) && at > 0 && words_is_ascii(text[at - 1]))
		return false;
	return !(words_is_ascii(word->chars[word->len - 1]) && end < len && words_is_ascii(text[end]));
}

static bool same_head(const struct words *words, uint32_t w, const uint32_t *chars) {
	return w < words->word_count && words_compare(words->words[w].chars, chars, 2) == 0;
}

/* Calls fn for every word of the catalogue at every place of the text. */
typedef void found_fn(void *context, uint32_t word, size_t at);

static void words_find(const struct words *words, const uint32_t *text, size_t len,
                       found_fn *fn, void *context) {
	for (size_t at = 0; at + 2 <= len; at++) {
		uint32_t w = head_find(words, text + at);
		for (; w != WORDS_NONE && same_head(words, w, text + at); w++)
			if (word_stands(&words->words[w], text, at, len))
				fn(context, w, at);
	}
}

struct tally {
	const struct words *words;
	float *scores, gain;
	uint8_t seen[WORDS_MAX];
};

/* The first time a word counts half of what it can ever count, the second a sixth, and so on. */
static void tally_word(void *context, uint32_t w, size_t at) {
	struct tally *tally = context;
	const struct words_word *word = &tally->words->words[w];
	(void)at;
	if (tally->seen[w] == UINT8_MAX)
		return;
	float n = ++tally->seen[w];
	float gain = tally->gain / (n * (n + 1));
	for (uint32_t p = 0; p < word->posting_count; p++) {
		const struct words_posting *posting = &tally->words->postings[word->posting + p];
		tally->scores[posting->matter] += gain * posting->weight;
	}
}

void words_score(const struct words *words, const struct words_text *text, float *scores) {
	struct tally tally;
	tally.words = words;
	tally.scores = scores;
	memset(scores, 0, words->matter_count * sizeof(*scores));
	memset(tally.seen, 0, words->word_count);
	tally.gain = TITLE_GAIN;
	words_find(words, text->title, text->title_len, tally_word, &tally);
	memset(tally.seen, 0, words->word_count);
	tally.gain = BODY_GAIN;
	words_find(words, text->body, text->body_len, tally_word, &tally);
}

struct marks {
	const struct words *words;
	size_t matter;
	float weight[WORDS_BODY];   /* of the words that begin here */
	uint8_t reach[WORDS_BODY];  /* how far the longest of them goes */
};

static void mark_word(void *context, uint32_t w, size_t at) {
	struct marks *marks = context;
	const struct words_word *word = &marks->words->words[w];
	for (uint32_t p = 0; p < word->posting_count; p++) {
		const struct words_posting *posting = &marks->words->postings[word->posting + p];
		if (posting->matter != marks->matter)
			continue;
		marks->weight[at] += posting->weight;
		if (marks->reach[at] < word->len)
			marks->reach[at] = (uint8_t)word->len;
	}
}

/* Whether one of the two says no more than the other. */
static bool span_inside(const struct words_span *part, const struct words_span *whole) {
	for (size_t at = 0; at + part->len <= whole->len; at++)
		if (words_compare(part->chars, whole->chars + at, part->len) == 0)
			return true;
	return false;
}

/* Keeps the heaviest spans in order; the same words again count once. */
static size_t span_keep(struct words_span *spans, size_t count, size_t room, struct words_span span) {
	for (size_t i = 0; i < count; i++)
		if (span_inside(&span, &spans[i]))
			return count;
	size_t place = count;
	while (place > 0 && spans[place - 1].weight < span.weight)
		place--;
	if (place == room)
		return count;
	size_t last = count < room ? count : room - 1;
	memmove(spans + place + 1, spans + place, (last - place) * sizeof(*spans));
	spans[place] = span;
	return last + 1;
}

static size_t marks_spans(struct marks *marks, const uint32_t *text, size_t len,
                          struct words_span *spans, size_t count, size_t room) {
	memset(marks->weight, 0, len * sizeof(*marks->weight));
	memset(marks->reach, 0, len);
	words_find(marks->words, text, len, mark_word, marks);
	for (size_t at = 0; at < len; at++) {
		struct words_span span = { text + at, 0, 0 };
		size_t end = at;
		for (size_t i = at; i < len && (i == at ? marks->reach[i] > 0 : i < end); i++) {
			span.weight += marks->weight[i];
			if (marks->reach[i] && i + marks->reach[i] > end)
				end = i + marks->reach[i];
		}
		if (end == at)
			continue;
		span.len = end - at;
		count = span_keep(spans, count, room, span);
		at = end - 1;
	}
	return count;
}

size_t words_evidence(const struct words *words, const struct words_text *text, size_t matter,
                      struct words_span *spans, size_t room) {
	struct marks marks;
	marks.words = words;
	marks.matter = matter;
	size_t count = marks_spans(&marks, text->title, text->title_len, spans, 0, room);
	return marks_spans(&marks, text->body, text->body_len, spans, count, room);
}
