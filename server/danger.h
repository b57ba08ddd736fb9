/* danger.h — what routing/police.h says of a text, as it travels: to the desk while somebody types, with a new ticket,
 * and instead of automatic dispatch. */
#ifndef SERVER_DANGER_H
#define SERVER_DANGER_H

#include <jansson.h>
#include "command.h"
#include "rules.h"

/* {"level":1|2,"situation","term","numbers":["119",…],"words":[…]}; NULL when it is neither danger nor a matter of the
 * police. The caller owns it. */
json_t *danger_json(const struct police_book *book, const char *title, const char *body, int kind);

/* Judge a new ticket's title and body: the verdict goes into params as "danger", and danger makes it 特急, whatever the
 * desk chose; what is imported happened long ago and keeps its urgency. */
void danger_mark(const struct rules *rules, json_t *params);
/* The verdict stands with the ticket's first event. */
void danger_detail(json_t *params);

/* Why nothing is dispatched by itself: note and detail of the move to the pool. Takes danger. */
json_t *danger_move(json_t *danger);

judge_fn judge_danger;   /* intake.danger, answered from memory */

#endif
