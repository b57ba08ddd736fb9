/* Reckons how well a chooser of labels did. */
#include "measure.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

static bool is_right(const struct measure_answer *answer) {
	return answer->first == answer->right;
}

static double share(size_t part, size_t whole) {
	return whole > 0 ? (double)part / (double)whole : 0;
}

/* Labels that no text has are left out: nothing could be found there. */
static double macro_f1(const struct measure_answer *answers, size_t count, size_t labels) {
	size_t has[CLASSIFY_LABELS_MAX] = { 0 }, said[CLASSIFY_LABELS_MAX] = { 0 }, both[CLASSIFY_LABELS_MAX] = { 0 };
	size_t present = 0;
	double sum = 0;
	for (size_t i = 0; i < count; i++) {
		has[answers[i].right]++;
		if (answers[i].first >= 0)
			said[answers[i].first]++;
		both[answers[i].right] += is_right(&answers[i]);
	}
	for (size_t label = 0; label < labels; label++)
		if (has[label] > 0) {
			present++;
			sum += share(2 * both[label], has[label] + said[label]);
		}
	return present > 0 ? sum / (double)present : 0;
}

static void bins_fill(const struct measure_answer *answers, size_t count, struct measure_figures *ret) {
	double error = 0;
	for (size_t i = 0; i < count; i++) {
		int place = (int)(answers[i].probability * MEASURE_BINS);
		struct measure_bin *bin = &ret->bins[place < MEASURE_BINS ? place : MEASURE_BINS - 1];
		bin->texts++;
		bin->said += answers[i].probability;
		bin->came += is_right(&answers[i]);
	}
	for (int place = 0; place < MEASURE_BINS; place++) {
		struct measure_bin *bin = &ret->bins[place];
		error += fabs(bin->said - bin->came);
		if (bin->texts > 0) {
			bin->said /= (double)bin->texts;
			bin->came /= (double)bin->texts;
		}
	}
	ret->calibration_error = count > 0 ? error / (double)count : 0;
}

static int surest_first(const void *left, const void *right) {
	const struct measure_answer *a = left, *b = right;
	if (a->probability != b->probability)
		return a->probability > b->probability ? -1 : 1;
	return (int)is_right(a) - (int)is_right(b);   /* among equals the wrong ones first: no luck is counted */
}

static void straight_find(struct measure_answer *answers, size_t count, double precision,
                          struct measure_figures *ret) {
	size_t right = 0, most = 0;
	qsort(answers, count, sizeof(*answers), surest_first);
	ret->straight_from = 1;
	for (size_t i = 0; i < count; i++) {
		right += is_right(&answers[i]);
		if (share(right, i + 1) >= precision) {
			most = i + 1;
			ret->straight_from = answers[i].probability;
		}
	}
	ret->straight = share(most, count);
}

void measure(struct measure_answer *answers, size_t count, size_t labels, double precision,
             struct measure_figures *ret) {
	size_t right = 0, top2 = 0;
	*ret = (struct measure_figures){ .texts = count };
	for (size_t i = 0; i < count; i++) {
		right += is_right(&answers[i]);
		top2 += is_right(&answers[i]) || answers[i].second == answers[i].right;
	}
	ret->accuracy = share(right, count);
	ret->top2 = share(top2, count);
	ret->macro_f1 = macro_f1(answers, count, labels);
	bins_fill(answers, count, ret);
	straight_find(answers, count, precision, ret);
}
