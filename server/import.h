/* import.h — the verb `hotlined import`: a CSV file of petitions becomes tickets (docs/IMPORT.md). */
#ifndef SERVER_IMPORT_H
#define SERVER_IMPORT_H

struct config;

/* `hotlined import FILE.csv [--region CODE] [--rejects FILE]`: exit code. argv[0] is the verb. */
int import_main(const struct config *config, int argc, char *argv[]);

#endif
