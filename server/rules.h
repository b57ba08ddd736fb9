/* rules.h — the rule book of the moment: calendar, limits and catalogue, read from the database at
 * start and again on SIGHUP, handed to routing/. */
#ifndef SERVER_RULES_H
#define SERVER_RULES_H

#include <stdbool.h>
#include <stdint.h>
#include "../routing/dispatch.h"
#include "../routing/flow.h"

struct rules; struct room;

/* Ask the database; loaded(context, ok) once. The old book stays in force until then. */
void rules_load(struct room *room, void (*loaded)(void *context, bool ok), void *context);
void rules_free(struct rules *rules);

/* Deadline of `clock` for a ticket; *ret_warn is the moment from which it is due soon (a quarter
 * of the time left). false: the clock sets no deadline (stop, keep). A limit missing in table
 * time_limit is logged and counts as one working day. */
bool rules_due(const struct rules *rules, enum flow_clock clock, int kind, int urgency,
               int64_t now_ms, int64_t *ret_due, int64_t *ret_warn);
const struct dispatch_book *rules_book(const struct rules *rules);
/* Whether a unit exists, for messages: its name or NULL. */
const char *rules_unit_name(const struct rules *rules, int unit);

#endif
