/* verify.h — the verb `hotlined verify`: is what the database holds still the truth? */
#ifndef SERVER_VERIFY_H
#define SERVER_VERIFY_H

#include <stdbool.h>

struct config;

/* Prints one line a check; exit code 1 on any fault. files: the attachments on the disk as well. */
int verify_main(const struct config *config, bool files);

#endif
