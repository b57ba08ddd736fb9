/* shelf.h — the verbs `hotlined shelve`, `unshelve` and `shelf`: past months of events in read-only storage. */
#ifndef SERVER_SHELF_H
#define SERVER_SHELF_H

struct config;

/* All three work as the database's owner (setting database_owner), print what they do, and return an exit code:
 * 0 done, 1 refused or failed with the reason on stderr, 2 wrong arguments. argv[0] is the verb. They may be
 * interrupted at any time and called again: a month stands in one place or in the other, never in both. */

/* YYYY-MM: copy the month to the shelf (setting shelf_tablespace), freeze it, exchange it for the month that is
 * written to. Refused until shelf_after_months have passed since the month's end. */
int shelve_main(const struct config *config, int argc, char *argv[]);
/* YYYY-MM: back among the months that are written to. */
int unshelve_main(const struct config *config, int argc, char *argv[]);
/* The months there are: place, rows, size. */
int shelf_main(const struct config *config, int argc, char *argv[]);

#endif
