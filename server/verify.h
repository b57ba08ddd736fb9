/* verify.h — the verb `hotlined verify`: is what the database holds still the truth? */
#ifndef SERVER_VERIFY_H
#define SERVER_VERIFY_H

struct config;

/* Prints one line a check; exit code 1 on any fault. */
int verify_main(const struct config *config);

#endif
