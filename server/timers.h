/* timers.h — what the clock alone must do: moves that are due, 黄牌 and 红牌, calls left ringing.
 *
 * Role "timers". Several processes may have it: each move is a compare-and-set. */
#ifndef SERVER_TIMERS_H
#define SERVER_TIMERS_H

struct room;

void timers_open(struct room *room);     /* sets room->timers */
void timers_drain(struct room *room);    /* ask nothing new, so that what is in flight can end */
void timers_close(struct room *room);    /* after store_close() */

#endif
