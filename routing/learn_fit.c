/* Finds weights that keep every label's texts apart from all others: a linear support vector machine with
 * squared hinge loss for each label, solved in its dual by coordinate descent (Hsieh and others, 2008:
 * the method of LIBLINEAR), for all labels side by side.
 *
 * Side by side, because then a text is read once for all labels, and its features' rows stand in memory one
 * after the other: LIBLINEAR itself reads all texts again for each label. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "learn_parts.h"

/* Every label begins with the score -1, where a text that has another label costs nothing: so only labels that
 * a text might be taken for take work. */
#define BIAS -1.0f
/* How much a wrong text costs beside large weights, and when no text asks for more: chosen by cross-validation. */
#define COST 1.0f
#define ENOUGH 0.05f
enum { ROUNDS_LEAST = 4, ROUNDS_MOST = 40, REST_MOST = 8 };
/* Values times labels that all rounds may take together: some seconds. Few texts get as many rounds as they ask
 * for; with many, each round teaches more. */
#define WORK_MOST 6e9

struct fit {
	const struct learn_set *set;
	float *weights;              /* [feature][label] */
	float *duals;                /* [text][label], never below 0 */
	float *curve;                /* by text: 1/(2 COST) + length² */
	uint32_t *order;             /* in which texts are taken, another one each round */
	uint8_t *rest;               /* rounds that a text which asked for nothing is left out */
	uint8_t *tired;              /* how many it will be left out next time */
	float *scores;
	uint32_t *moved_labels;      /* labels of the text at hand whose dual changed … */
	float *moves;                /* … and by how much */
	uint64_t dice;
};

static size_t begin_of(const struct learn_set *set, size_t text) {
	return text > 0 ? set->ends[text - 1] : 0;
}

static void scores_make(struct fit *fit, size_t text) {
	const struct learn_set *set = fit->set;
	size_t labels = set->label_count;
	float *restrict scores = fit->scores;
	for (size_t label = 0; label < labels; label++)
		scores[label] = BIAS;
	for (size_t i = begin_of(set, text); i < set->ends[text]; i++) {
		const float *restrict row = fit->weights + set->values[i].feature * labels;
		float value = set->values[i].value;
		for (size_t label = 0; label < labels; label++)
			scores[label] += value * row[label];
	}
}

/* The best step of one label's dual for this text; *worst becomes the largest wish. */
static float dual_step(struct fit *fit, size_t text, size_t label, float *worst) {
	float *dual = &fit->duals[text * fit->set->label_count + label];
	float side = fit->set->label_of[text] == label ? 1.0f : -1.0f;
	float slope = side * fit->scores[label] - 1 + *dual / (2 * COST);
	if (*dual <= 0 && slope >= 0)
		return 0;
	if (fabsf(slope) > *worst)
		*worst = fabsf(slope);
	float next = fmaxf(*dual - slope / fit->curve[text], 0);
	float step = (next - *dual) * side;
	*dual = next;
	return step;
}

/* One text teaches all labels; returns by how much the worst of them was off. */
static float text_teach(struct fit *fit, size_t text) {
	const struct learn_set *set = fit->set;
	float worst = 0;
	size_t moved = 0;
	scores_make(fit, text);
	for (size_t label = 0; label < set->label_count; label++) {
		float step = dual_step(fit, text, label, &worst);
		if (step == 0)
			continue;
		fit->moved_labels[moved] = (uint32_t)label;
		fit->moves[moved++] = step;
	}
	for (size_t i = begin_of(set, text); moved > 0 && i < set->ends[text]; i++) {
		float *row = fit->weights + set->values[i].feature * set->label_count;
		for (size_t m = 0; m < moved; m++)
			row[fit->moved_labels[m]] += fit->moves[m] * set->values[i].value;
	}
	return worst;
}

/* The same dice in every run: the same texts make the same model. */
static void order_shuffle(struct fit *fit) {
	for (size_t i = fit->set->text_count; i > 1; i--) {
		fit->dice = fit->dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		size_t other = (size_t)(fit->dice >> 33) % i;
		uint32_t text = fit->order[i - 1];
		fit->order[i - 1] = fit->order[other];
		fit->order[other] = text;
	}
}

/* A text that asks for nothing rests, longer each time; the last word in every fourth round is everybody's. */
static float round_run(struct fit *fit, bool everybody) {
	float worst = 0;
	order_shuffle(fit);
	for (size_t i = 0; i < fit->set->text_count; i++) {
		size_t text = fit->order[i];
		if (!everybody && fit->rest[text] > 0) {
			fit->rest[text]--;
			continue;
		}
		float off = text_teach(fit, text);
		worst = fmaxf(worst, off);
		if (off > ENOUGH)
			fit->tired[text] = 0;
		else if (fit->tired[text] < REST_MOST)
			fit->tired[text]++;
		fit->rest[text] = fit->tired[text];
	}
	return worst;
}

static bool fit_open(struct fit *fit, const struct learn_set *set, float *weights) {
	size_t labels = set->label_count, texts = set->text_count;
	*fit = (struct fit){ .set = set, .weights = weights, .duals = calloc(texts * labels + 1, sizeof(float)),
		.curve = malloc((texts + 1) * sizeof(float)), .order = malloc((texts + 1) * sizeof(uint32_t)),
		.rest = calloc(texts + 1, 1), .tired = calloc(texts + 1, 1), .scores = malloc(labels * sizeof(float)),
		.moved_labels = malloc(labels * sizeof(uint32_t)), .moves = malloc(labels * sizeof(float)),
		.dice = 12345 };
	if (!fit->duals || !fit->curve || !fit->order || !fit->rest || !fit->tired || !fit->scores ||
	    !fit->moved_labels || !fit->moves)
		return false;
	for (size_t text = 0; text < texts; text++) {
		fit->order[text] = (uint32_t)text;
		fit->curve[text] = 1 / (2 * COST);
		for (size_t i = begin_of(set, text); i < set->ends[text]; i++)
			fit->curve[text] += set->values[i].value * set->values[i].value;
	}
	return true;
}

static void fit_close(struct fit *fit) {
	free(fit->duals);
	free(fit->curve);
	free(fit->order);
	free(fit->rest);
	free(fit->tired);
	free(fit->scores);
	free(fit->moved_labels);
	free(fit->moves);
}

static int rounds_most(const struct learn_set *set) {
	double round = (double)begin_of(set, set->text_count) * (double)set->label_count + 1;
	return (int)fmin(fmax(WORK_MOST / round, ROUNDS_LEAST), ROUNDS_MOST);
}

float *learn_fit(const struct learn_set *set, float *ret_bias, learn_progress_fn *progress, void *context) {
	float *weights = calloc(set->feature_count * set->label_count + 1, sizeof(*weights));
	struct fit fit;
	bool ok = fit_open(&fit, set, weights) && weights;
	int rounds = rounds_most(set);
	for (int round = 0; ok && round < rounds; round++) {
		bool everybody = round % 4 == 3;
		if (round_run(&fit, everybody) <= ENOUGH && everybody)
			break;
		if (progress)
			progress(context, (size_t)round + 1, (size_t)rounds);
	}
	for (size_t label = 0; label < set->label_count; label++)
		ret_bias[label] = BIAS;
	fit_close(&fit);
	if (ok)
		return weights;
	free(weights);
	return NULL;
}
