/* user.h — the verb `hotlined user`: accounts from the terminal, as the database's owner. */
#ifndef SERVER_USER_H
#define SERVER_USER_H

struct config;

/* Exit code; argv[0] is the verb. Without further arguments it explains itself. Passwords come
 * from the terminal without echo, or from standard input when that is no terminal. */
int user_main(const struct config *config, int argc, char *argv[]);

#endif
