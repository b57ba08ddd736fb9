/* likeness.h — reads accepted tickets behind the commit, so that near-same ones find each other (重复诉求).
 *
 * Role "dispatch". What is accepted is noted in table likeness_due with the ticket itself: a process that dies
 * leaves it there, and the next one reads it. Closed tickets leave after the limit `reopen_window`. */
#ifndef SERVER_LIKENESS_H
#define SERVER_LIKENESS_H

#include "room.h"

void likeness_open(struct room *room);
/* Begin nothing new. */
void likeness_drain(struct room *room);
void likeness_close(struct room *room);

#endif
