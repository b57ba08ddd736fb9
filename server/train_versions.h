/* train_versions.h — the models that were installed: which is in force, what each could, going back to one. */
#ifndef SERVER_TRAIN_VERSIONS_H
#define SERVER_TRAIN_VERSIONS_H

#include <jansson.h>
#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>
#include "../routing/classify.h"

/* number 0: none is in force, the catalogue's words dispatch. model: owned by the caller. */
struct version { int number; int64_t learned_until; struct classify_model *model; };

/* Each prints what is wrong. */
bool versions_present(PGconn *pg, struct version *ret);
/* Keep the model and put it in force; its number, 0 when it failed. learned_until: ms, its newest ticket. */
int versions_install(PGconn *pg, const json_t *figures, const unsigned char *bytes, size_t len, int64_t learned_until);
/* Exit codes. number "0": no model. */
int versions_list(PGconn *pg);
int versions_rollback(PGconn *pg, const char *number, const char *reason);

#endif
