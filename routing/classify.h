/* classify.h — 自学习分类: which label (a matter of the catalogue) a text most probably has, learned
 * from texts whose label is known.
 *
 * A model is built once from the bytes that learn.h wrote and is then only read; asking it allocates
 * nothing, takes no clock and gives the same answer for the same text. It looks at which single
 * characters and neighbouring characters stand in title and body (classify_grams.h); how it learns,
 * its format and its figures: docs/LEARNING.md. */
#ifndef ROUTING_CLASSIFY_H
#define ROUTING_CLASSIFY_H

#include <stddef.h>

struct classify_model;   /* owned by the caller: classify_model_free() */

enum {
	CLASSIFY_TOP = 5,
	CLASSIFY_LABEL_ROOM = 64,      /* bytes of a label with its NUL */
	CLASSIFY_LABELS_MAX = 1024,
	CLASSIFY_FAULT_ROOM = 128
};

/* label points into the model; probability is calibrated: of many answers given with 0.9, nine in ten
 * are right, as far as texts are like those learned from. */
struct classify_guess { const char *label; double probability; };

/* The most probable labels, best first; returns how many (0 = no model, or a text without a single
 * letter or character). title and text are UTF-8, never NULL; malformed bytes are passed over. */
size_t classify(const struct classify_model *model, const char *title, const char *text,
                struct classify_guess ret[CLASSIFY_TOP]);

/* A stretch of the title or the text that was given; not NUL-terminated. */
struct classify_span { const char *at; size_t len; double weight; };

/* The stretches that spoke most for a label, heaviest first, so that a person understands; at most
 * `room`, none of them overlapping another. 0 when the model does not know the label, or nothing
 * in the text speaks for it. */
size_t classify_evidence(const struct classify_model *model, const char *title, const char *text,
                         const char *label, struct classify_span *ret, size_t room);

/* Build from bytes that may come from anywhere; keeps nothing of them. NULL, and an English sentence in
 * fault, when they are not such a model, or memory is out. */
struct classify_model *classify_model_read(const void *bytes, size_t len, char fault[CLASSIFY_FAULT_ROOM]);
void classify_model_free(struct classify_model *model);

/* What a model knows. */
size_t classify_label_count(const struct classify_model *model);
const char *classify_label(const struct classify_model *model, size_t index);
size_t classify_feature_count(const struct classify_model *model);

#endif
