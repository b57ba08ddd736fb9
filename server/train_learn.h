/* train_learn.h — learn a model from the older texts and judge it by the newer ones. */
#ifndef SERVER_TRAIN_LEARN_H
#define SERVER_TRAIN_LEARN_H

#include "train_report.h"

/* What else is judged by the same texts; NULL = there is none. */
struct train_rivals { const struct train_words *words; const struct classify_model *in_force; };

/* Learn from texts 0 … split - 1, judge by the rest; the model is judged last. Bytes are owned by the caller. false:
 * what is wrong has been printed. */
bool train_learn(const struct train_texts *texts, size_t split, const struct train_rivals *rivals,
                 struct train_outcome *ret, unsigned char **ret_bytes);

#endif
