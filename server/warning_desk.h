/* warning_desk.h — what early warning knows, in memory, and what it says of one ticket. For warning.c. */
#ifndef SERVER_WARNING_DESK_H
#define SERVER_WARNING_DESK_H

#include <jansson.h>

struct room; struct rules;
struct warning_desk;

struct warning_desk *warning_desk_new(const struct rules *rules);
void warning_desk_free(struct warning_desk *desk);
/* The rules of now, and what is usual as warning_next gave it (NULL: as before). */
void warning_desk_tune(struct warning_desk *desk, const struct rules *rules, const json_t *profile);
/* Numbers of new incidents go on after this one. */
void warning_desk_number(struct warning_desk *desk, json_int_t last);
/* A ticket that was judged before (row of warning_past). */
void warning_desk_remember(struct warning_desk *desk, const json_t *row);
/* A ticket to judge (row of warning_next); cells: what is usual where. The row of warning_take; the caller owns it. */
json_t *warning_desk_judge(struct warning_desk *desk, struct room *room, const json_t *row, const json_t *cells);

#endif
