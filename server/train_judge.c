/* train_judge.c — asks choosers of labels about texts whose label is known, with a watch in the hand. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "../routing/dispatch_words.h"
#include "../routing/text.h"
#include "train_judge.h"

/* ---- the choosers --------------------------------------------------------------------------------- */

size_t choose_commonest(const void *chooser, const char *title, const char *text,
                        struct classify_guess ret[CLASSIFY_TOP])
{
	(void)title, (void)text;
	ret[0] = keywords_commonest(chooser);
	return 1;
}

size_t choose_keywords(const void *chooser, const char *title, const char *text,
                       struct classify_guess ret[CLASSIFY_TOP])
{
	return keywords_choose(chooser, title, text, ret);
}

size_t choose_model(const void *chooser, const char *title, const char *text, struct classify_guess ret[CLASSIFY_TOP])
{
	return classify(chooser, title, text, ret);
}

struct train_words { struct words *words; size_t count; char (*codes)[CLASSIFY_LABEL_ROOM]; };

struct train_words *train_words_load(PGconn *pg)
{
	PGresult *result = PQexec(pg, "select matter, name, grp, words from operator_matters()");
	size_t count = (size_t)PQntuples(result), i;
	struct dispatch_matter *matters = calloc(count + 1, sizeof(*matters));
	struct train_words *words = calloc(1, sizeof(*words));

	if (matters == NULL || words == NULL || (words->codes = calloc(count + 1, sizeof(*words->codes))) == NULL)
		abort();
	words->count = count;
	for (i = 0; i < count; i++) {
		int row = (int)i;

		snprintf(words->codes[i], sizeof(words->codes[i]), "%s", PQgetvalue(result, row, 0));
		matters[i] = (struct dispatch_matter){ .code = words->codes[i], .name = PQgetvalue(result, row, 1),
			.group = PQgetvalue(result, row, 2), .words = PQgetvalue(result, row, 3) };
	}
	if (count > 0)
		words->words = words_new(matters, count);
	else
		fprintf(stderr, "事项目录读取失败：%s\n", PQerrorMessage(pg));
	free(matters);
	PQclear(result);
	if (words->words != NULL)
		return words;
	train_words_free(words);
	return NULL;
}

void train_words_free(struct train_words *words)
{
	if (words == NULL)
		return;
	words_free(words->words);
	free(words->codes);
	free(words);
}

static size_t best_of(const float *scores, size_t count)
{
	size_t best = 0, i;

	for (i = 1; i < count; i++)
		if (scores[i] > scores[best])
			best = i;
	return best;
}

/* The words' scores are no probabilities: how sure they are is the best one's share of all. */
size_t choose_words(const void *chooser, const char *title, const char *text, struct classify_guess ret[CLASSIFY_TOP])
{
	const struct train_words *words = chooser;
	struct words_text folded;
	float scores[WORDS_MATTERS], sum = 0;
	size_t count, i;

	folded.title_len = text_fold(title, strlen(title), folded.title, WORDS_TITLE);
	folded.body_len = text_fold(text, strlen(text), folded.body, WORDS_BODY);
	words_score(words->words, &folded, scores);
	for (i = 0; i < words->count; i++)
		sum += scores[i];
	for (count = 0; count < CLASSIFY_TOP; count++) {
		size_t best = best_of(scores, words->count);

		if (scores[best] <= 0)
			break;
		ret[count] = (struct classify_guess){ words->codes[best], (double)(scores[best] / sum) };
		scores[best] = 0;
	}
	return count;
}

/* ---- the judge ------------------------------------------------------------------------------------ */

struct labels { const char *names[CLASSIFY_LABELS_MAX]; size_t count; };

/* -1: no text of the test has this label. */
static int label_find(const struct labels *labels, const char *name)
{
	size_t i;

	for (i = 0; i < labels->count; i++)
		if (strcmp(labels->names[i], name) == 0)
			return (int)i;
	return -1;
}

static void label_note(struct labels *labels, const char *name)
{
	if (label_find(labels, name) < 0 && labels->count < CLASSIFY_LABELS_MAX)
		labels->names[labels->count++] = name;
}

static double microseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int number_compare(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

/* One text; false when it has a label beyond those that can be counted. */
static bool text_judge(chooser_fn *choose, const void *chooser, const struct train_text *text, const struct labels *labels,
                       struct measure_answer *ret, double *ret_us)
{
	struct classify_guess guesses[CLASSIFY_TOP];
	double began = microseconds();
	size_t got = choose(chooser, text->title, text->body, guesses);

	*ret_us = microseconds() - began;
	*ret = (struct measure_answer){ .right = label_find(labels, text->label),
		.first = got > 0 ? label_find(labels, guesses[0].label) : -1,
		.second = got > 1 ? label_find(labels, guesses[1].label) : -1,
		.probability = got > 0 ? guesses[0].probability : 0 };
	return ret->right >= 0;
}

void train_judge(const char *name, const char *key, chooser_fn *choose, const void *chooser,
                 const struct train_texts *texts, size_t from, size_t to, struct judgement *ret)
{
	struct measure_answer *answers = calloc(to - from + 1, sizeof(*answers));
	double *times = calloc(to - from + 1, sizeof(*times));
	struct labels labels = { .count = 0 };
	size_t i, count = 0;

	if (answers == NULL || times == NULL)
		abort();
	*ret = (struct judgement){ .name = name, .key = key };
	for (i = from; i < to; i++)
		label_note(&labels, texts->list[i].label);
	for (i = from; i < to; i++)
		count += text_judge(choose, chooser, &texts->list[i], &labels, &answers[count], &times[count]);
	measure(answers, count, labels.count, TRAIN_PRECISION, &ret->figures);
	qsort(times, count, sizeof(*times), number_compare);
	ret->median_us = times[count / 2];
	ret->p99_us = times[count * 99 / 100];
	free(answers);
	free(times);
}
