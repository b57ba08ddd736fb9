/* train_report.h — what training tells: progress, the figures for people, the same as JSON. */
#ifndef SERVER_TRAIN_REPORT_H
#define SERVER_TRAIN_REPORT_H

#include <jansson.h>
#include <stdbool.h>
#include "train_judge.h"

struct train_outcome {
	size_t learned, judged, labels, features, bytes;
	double seconds, cpu_seconds; /* of learning, without reading the texts; the second without waiting */
	struct judgement judgements[5];
	size_t judgement_count;
};

/* A line on stderr that is drawn over; nothing when stderr is no terminal. As learn_progress_fn. */
void train_progress(void *context, size_t done, size_t of);
void train_print(const struct train_outcome *outcome);
/* For bench, and kept with the model; owned by the caller. */
json_t *train_json(const struct train_outcome *outcome);

#endif
