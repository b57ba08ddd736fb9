/* verify_files.h — `hotlined verify --files`: is every attachment on the disk what its row says? */
#ifndef SERVER_VERIFY_FILES_H
#define SERVER_VERIFY_FILES_H

#include <libpq-fe.h>

/* Reads every content and hashes it anew. Number of faulty ones, whose first is copied to example;
 * -1 when the database refused, which has been printed. */
int verify_files(PGconn *pg, const char *dir, int *ret_checked, char example[65]);

#endif
