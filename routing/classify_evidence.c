/* Finds the stretches of a text that spoke most for a label. */
#include <string.h>

#include "classify.h"
#include "classify_model.h"
#include "text.h"

/* The folded characters of a block: where each stands, and how much it speaks for the label. */
struct line {
	size_t count;
	struct { const char *at, *end; } chars[GRAM_BODY_CHARS];
	double speaks[GRAM_BODY_CHARS];
};

static void line_read(const char *text, size_t room, struct line *ret) {
	uint32_t folded;
	ret->count = 0;
	for (const char *at = text, *end = text + strlen(text); at < end && ret->count < room;) {
		const char *from = at;
		text_next(&at, end);
		if (text_fold(from, (size_t)(at - from), &folded, 1) == 0)
			continue;
		ret->speaks[ret->count] = 0;
		ret->chars[ret->count].at = from;
		ret->chars[ret->count++].end = at;
	}
}

/* How much a feature speaks for the label more than for the labels on average. */
static double feature_speaks(const struct classify_model *model, uint32_t feature, size_t label) {
	const int8_t *row = &model->weights[(size_t)feature * model->label_count];
	int sum = 0;
	for (size_t i = 0; i < model->label_count; i++)
		sum += row[i];
	return (double)model->features[feature].scale * (row[label] - (double)sum / (double)model->label_count);
}

/* Worth of a single standing of each known gram, in the bag's order; 0 for grams the model does not know. */
struct worth { const struct classify_model *model; const struct bag *bag; const float *values; size_t label; };

static double gram_speaks(const struct worth *worth, uint64_t key) {
	uint32_t feature = model_feature_of(worth->model, key);
	size_t place = bag_find(worth->bag, feature);
	if (place == worth->bag->count)
		return 0;
	return (double)worth->values[place] / worth->bag->grams[place].times *
	       feature_speaks(worth->model, feature, worth->label);
}

/* The keys of a line stand as classify_grams.h says: single characters first, then pairs. */
static void line_weigh(const struct worth *worth, const uint64_t *keys, struct line *line) {
	for (size_t i = 0; i < line->count; i++)
		line->speaks[i] += gram_speaks(worth, keys[i]);
	for (size_t i = 0; i + 1 < line->count; i++) {
		double half = gram_speaks(worth, keys[line->count + i]) / 2;
		line->speaks[i] += half;
		line->speaks[i + 1] += half;
	}
}

static double speaking_mean(const struct line *line) {
	double sum = 0;
	size_t count = 0;
	for (size_t i = 0; i < line->count; i++)
		if (line->speaks[i] > 0) {
			sum += line->speaks[i];
			count++;
		}
	return count > 0 ? sum / (double)count : 0;
}

/* Keeps the heaviest spans in order; returns how many there are now. */
static size_t span_keep(struct classify_span *spans, size_t count, size_t room, struct classify_span span) {
	size_t place = count;
	while (place > 0 && spans[place - 1].weight < span.weight)
		place--;
	if (place == room)
		return count;
	if (count < room)
		count++;
	memmove(spans + place + 1, spans + place, (count - place - 1) * sizeof(*spans));
	spans[place] = span;
	return count;
}

/* A stretch is two neighbours or more that each speak more than the speaking ones do on average. A
 * lone character means nothing to a reader. */
static size_t line_spans(const struct line *line, struct classify_span *spans, size_t count, size_t room) {
	double mean = speaking_mean(line);
	for (size_t i = 0; i < line->count;) {
		size_t from = i;
		double weight = 0;
		for (; i < line->count && line->speaks[i] > 0 && line->speaks[i] >= mean; i++)
			weight += line->speaks[i];
		if (i - from >= 2)
			count = span_keep(spans, count, room, (struct classify_span){ line->chars[from].at,
				(size_t)(line->chars[i - 1].end - line->chars[from].at), weight });
		i += i == from;
	}
	return count;
}

static size_t label_find(const struct classify_model *model, const char *label) {
	size_t i = 0;
	while (i < model->label_count && strcmp(model->labels[i], label) != 0)
		i++;
	return i;
}

size_t classify_evidence(const struct classify_model *model, const char *title, const char *text,
                         const char *label, struct classify_span *ret, size_t room) {
	struct grams grams;
	struct bag bag;
	struct line line;
	float values[BAG_MOST];
	size_t count = 0, place = model ? label_find(model, label) : 0;
	if (!model || place == model->label_count)
		return 0;
	grams_read(title, text, &grams);
	model_bag(model, &grams, &bag);
	model_values(model, &bag, values);
	struct worth worth = { model, &bag, values, place };
	line_read(title, GRAM_TITLE_CHARS, &line);
	line_weigh(&worth, grams.keys, &line);
	count = line_spans(&line, ret, count, room);
	const uint64_t *body = grams.keys + 2 * line.count - (line.count > 0);
	line_read(text, GRAM_BODY_CHARS, &line);
	line_weigh(&worth, body, &line);
	return line_spans(&line, ret, count, room);
}
