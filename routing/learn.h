/* learn.h — builds a model (classify.h) from texts whose label is known.
 *
 * Pure: no files, no clock, no chance: the same texts in the same order make the same bytes. It does
 * allocate, for it is no judge. How it learns and why so: docs/LEARNING.md. */
#ifndef ROUTING_LEARN_H
#define ROUTING_LEARN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct learn;   /* the texts that were added; owned by the caller: learn_free() */

struct learn *learn_new(void);   /* NULL when memory is out */
void learn_free(struct learn *learn);

/* One text and its label; keeps nothing of the pointers. false: memory is out, or there are more than
 * CLASSIFY_LABELS_MAX labels, or the label is empty or longer than CLASSIFY_LABEL_ROOM - 1 bytes. */
bool learn_add(struct learn *learn, const char *label, const char *title, const char *text);
size_t learn_count(const struct learn *learn);         /* texts */
size_t learn_label_count(const struct learn *learn);   /* different labels */

/* Told now and then while it works: so many of so many steps. */
typedef void learn_progress_fn(void *context, size_t done, size_t of);

/* Learn from the texts numbered from … to - 1 (from 0, in the order of learn_add). How sure the model may
 * be comes from every tenth of them, which is held back for that and, unless there are
 * very many texts, then learned from as well.
 * Writes the model's bytes, owned by the caller: free(). false: memory is out, or there are no texts. */
bool learn_model(const struct learn *learn, size_t from, size_t to, learn_progress_fn *progress, void *context,
                 unsigned char **ret_bytes, size_t *ret_len);

#endif
