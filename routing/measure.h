/* measure.h — how well a chooser of labels did on texts whose label is known: the figures of docs/LEARNING.md.
 * Pure arithmetic; nothing is allocated. */
#ifndef ROUTING_MEASURE_H
#define ROUTING_MEASURE_H

#include <stddef.h>
#include <stdint.h>

#include "classify.h"

enum { MEASURE_BINS = 10 };

/* One text: numbers of labels. second < 0: only one label was offered; first < 0: none. */
struct measure_answer { int right, first, second; double probability; };

struct measure_bin { size_t texts; double said, came; };   /* mean probability, share that was right */

struct measure_figures {
	size_t texts;
	double accuracy;            /* share whose first label was right */
	double macro_f1;            /* mean of the F1 of every label that a text has */
	double top2;                /* share whose first or second label was right */
	double calibration_error;   /* ECE: mean of |said - came| over the bins, by texts */
	double straight;            /* largest share, surest first, of which at least `precision` is right */
	double straight_from;       /* the least probability among them; 1 when there are none */
	struct measure_bin bins[MEASURE_BINS];
};

/* labels: how many there are, at most CLASSIFY_LABELS_MAX. precision: of `straight`, such as 0.97. Puts the
 * answers in another order: surest first. */
void measure(struct measure_answer *answers, size_t count, size_t labels, double precision,
             struct measure_figures *ret);

#endif
