/* train.h — the verb `hotlined train`: learn from the confirmed history, judge, install, roll back (docs/LEARNING.md). */
#ifndef SERVER_TRAIN_H
#define SERVER_TRAIN_H

struct config;

/* `hotlined train [--report]`, `train --from FILE --test FILE [--json]`, `train list`, `train rollback N REASON`:
 * exit code 0; 1 something failed; 3 the new model was worse and was not installed; 4 too little history. */
int train_main(const struct config *config, int argc, char *argv[]);

#endif
