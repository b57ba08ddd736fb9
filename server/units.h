/* units.h — what each unit has on its desk, asked of the database again and again, so that dispatch sees it. */
#ifndef SERVER_UNITS_H
#define SERVER_UNITS_H

struct room; struct units;

struct units *units_open(struct room *room);
void units_stop(struct units *units);      /* ask no more */
void units_close(struct units *units);     /* after store_close(), when no answer can come any more */

#endif
