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
	struct model *model;          /* what was learned: model.h */
	struct trial *trial;          /* NULL: none runs */
	struct erase *erase;          /* NULL: nobody's data was erased here */
	/* These: NULL when it is not this process's role. */
	struct dispatcher *dispatcher; struct timers *timers; struct likeness *likeness; struct search *search;
	struct warning *warning;
	struct police *police;        /* sends to the police platform; NULL also when there is none */
	struct webhooks *webhooks;
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
