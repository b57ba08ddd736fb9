/* search.h — searching tickets: reads what was accepted or closed behind the commit, so that it is found by index.
 *
 * Role "dispatch". What is to be read stands in tables likeness_due and search_due with the change itself: a process
 * that dies leaves it there, and until it is read a search looks at the ticket itself (docs/SEARCH.md). */
#ifndef SERVER_SEARCH_H
#define SERVER_SEARCH_H

#include "command.h"
#include "room.h"

/* Begin to read, on the slow lane; needs loop and store. Aborts when there is no memory. */
void search_open(struct room *room);
/* Begin nothing new. */
void search_drain(struct room *room);
/* Safe without search_open(). */
void search_close(struct room *room);

/* Of commands with a filter: a caller's number becomes its blind index and a mask. */
judge_fn judge_filter;
/* Tells them with the page, so that the console asks on without the number. */
finish_fn finish_filter;

#endif
