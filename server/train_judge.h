/* train_judge.h — choosers of labels, asked about texts whose label is known: how right, how sure, how fast. */
#ifndef SERVER_TRAIN_JUDGE_H
#define SERVER_TRAIN_JUDGE_H

#include "../routing/classify.h"
#include "../routing/learn_keywords.h"
#include "../routing/measure.h"
#include "train_texts.h"

/* Answers as classify() does. */
typedef size_t chooser_fn(const void *chooser, const char *title, const char *text,
                          struct classify_guess ret[CLASSIFY_TOP]);
chooser_fn choose_commonest, choose_keywords, choose_words, choose_model;   /* keywords, keywords, words, model */

struct judgement {
	const char *name;            /* Chinese, for the report */
	const char *key;             /* the same for programs */
	struct measure_figures figures;
	double median_us, p99_us;    /* of one decision */
};

/* Ask about the texts numbered from … to - 1 of `texts`, one after the other, on the calling thread. */
void train_judge(const char *name, const char *key, chooser_fn *choose, const void *chooser,
                 const struct train_texts *texts, size_t from, size_t to, struct judgement *ret);

/* The catalogue's own words, as a fresh installation dispatches by; the codes are kept by the caller. */
struct train_words;
struct train_words *train_words_load(PGconn *pg);   /* NULL: printed */
void train_words_free(struct train_words *words);

/* The precision that `straight` is asked for. */
#define TRAIN_PRECISION 0.97

#endif
