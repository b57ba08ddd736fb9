/* room.h — what the rooms of one process share, built in main.c and handed down. */
#ifndef SERVER_ROOM_H
#define SERVER_ROOM_H

struct room {
	const struct config *config;
	struct loop *loop;
	struct store *store;
	struct redis *redis;          /* commands; readers own their connections */
	struct front *front;
	struct seal *seal;
	struct feed *feed;
	struct rules *rules;          /* calendar, limits, dispatch book: rules.h */
	struct dispatcher *dispatcher; struct timers *timers;   /* NULL: not this process's role */
	struct police *police;        /* sends to the police platform; NULL: not this process's role, or there is none */
	struct calls *calls; struct board *board; struct sessions *sessions;
	char instance[40];            /* names this process in leases and consumer groups */
};

/* Statements beside the commands' own; numbers follow those of the commands (see command.c). */
enum statement {
#define STATEMENT(name) STATEMENT_##name,
#include "statements.def"
#undef STATEMENT
	STATEMENT_COUNT
};
/* The number to hand to store_call(). */
#include <stddef.h>
size_t statement_number(enum statement statement);

#endif
