/* train_texts.h — texts with known labels, for learning and for judging what was learned; from a file or from
 * the hotline's own history. */
#ifndef SERVER_TRAIN_TEXTS_H
#define SERVER_TRAIN_TEXTS_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct train_text { char *label, *title, *body; int64_t at; };   /* owned; at: ms, when it was accepted */
struct train_texts { struct train_text *list; size_t count, room; };

/* Copies; ends the program when memory is out. */
void train_texts_add(struct train_texts *texts, const char *label, const char *title, const char *body, int64_t at);
void train_texts_free(struct train_texts *texts);

/* Read a CSV file with the columns label, title, body (others are passed over), in its order. false: what is wrong
 * has been printed. */
bool train_texts_read(struct train_texts *texts, const char *path);

/* Confirmed tickets of the hotline, oldest first, over a connection of the database's owner (docs/LEARNING.md
 * says what counts as confirmed). false: what is wrong has been printed. */
bool train_texts_load(struct train_texts *texts, PGconn *pg);

#endif
