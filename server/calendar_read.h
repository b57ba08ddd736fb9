/* calendar_read.h — what an administrator hands in as a calendar, read and checked. Pure but for jansson. */
#ifndef SERVER_CALENDAR_READ_H
#define SERVER_CALENDAR_READ_H

#include <jansson.h>

enum { CALENDAR_FAULT_ROOM = 160 };

/* A file day,kind,name (RFC 4180; the State Council's notice of holidays and 调休) as [[day, kind, name], …], the
 * caller's. NULL when something is wrong with it; fault then says in Chinese which line and what to do. */
json_t *calendar_days_read(const char *text, char fault[CALENDAR_FAULT_ROOM]);

/* Office hours "08:30-11:30 13:30-17:00" as [[from, to], …] in minutes after midnight, Beijing time. As above. */
json_t *calendar_office_read(const char *text, char fault[CALENDAR_FAULT_ROOM]);

#endif
