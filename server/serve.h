/* serve.h — the verb `hotlined serve`: builds the room, runs it, and takes it down in good order. */
#ifndef SERVER_SERVE_H
#define SERVER_SERVE_H

struct config;

/* Exit code: 0 after SIGTERM or SIGINT, 1 when it could not start (told on stderr). */
int serve_main(const struct config *config);

#endif
