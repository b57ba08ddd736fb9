/* tool.h — a room for the verbs that do one thing with store and Redis and then end. */
#ifndef SERVER_TOOL_H
#define SERVER_TOOL_H

#include <stdbool.h>
#include "room.h"

struct tool {
	struct room room;
	void (*begin)(void *context);     /* everything is there (Redis perhaps not: see redis_is_up) */
	void *context;
	int exit_code;
	struct timer *patience;
	int looks;
	bool begun, store_usable;
};

/* Open, run begin() on the loop and return what tool_end() was given. Tells on stderr what is
 * missing and returns 1 when the database cannot be used. */
int tool_run(struct tool *tool, const struct config *config, void (*begin)(void *context), void *context);
/* Stop the loop once everything published is in Redis (or three seconds have passed). */
void tool_end(struct tool *tool, int exit_code);

#endif
