/* migrate.h — the verb `hotlined migrate`: brings the database to what this checkout says. */
#ifndef SERVER_MIGRATE_H
#define SERVER_MIGRATE_H

struct config;

/* `hotlined migrate [--demo]`: exit code. argv[0] is the verb. Under sql_dir:
 *   migrations/NNNN_….sql   each once, in order, each in its own transaction; never edited afterwards
 *   functions/…             all of them again whenever one has changed; flow.sql first
 *   seed/<table>.csv       into temporary tables seed_<table>, then seed/merge.sql
 *   grants.sql             last
 * The last three are one transaction, skipped while no file of theirs has changed. --demo adds the
 * accounts of seed/demo_account.csv. Two migrates at once wait for each other. */
int migrate_main(const struct config *config, int argc, char *argv[]);

#endif
