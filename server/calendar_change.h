/* calendar_change.h — which open deadlines another calendar moves, and moving them. */
#ifndef SERVER_CALENDAR_CHANGE_H
#define SERVER_CALENDAR_CHANGE_H

#include <jansson.h>
#include "../routing/due.h"

/* Whether the open deadline `row` (of clock_open()) is another one under the calendar, and which. A 承办单 that is
 * signed ends at the latest with its ticket. */
bool calendar_moves(const struct calendar *calendar, const json_t *row, int64_t *ret_due);
/* The row as an administrator is told of it: {what, id, number, was, due} and what it hangs on. */
void calendar_moved_add(json_t *moved, const json_t *row, int64_t due);

#endif
