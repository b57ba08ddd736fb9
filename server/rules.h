/* rules.h — the rule book of the moment: calendar, limits, catalogue and precedents, read from the database
 * at start, on SIGHUP, and whenever the feed tells that somebody has changed it (kind "rules");
 * handed to routing/. */
#ifndef SERVER_RULES_H
#define SERVER_RULES_H

#include <stdbool.h>
#include <stdint.h>
#include "../routing/dispatch.h"
#include "../routing/due.h"
#include "../routing/flow.h"
#include "../routing/police.h"

struct rules; struct room;

/* Ask the database; loaded(context, ok) once. The old book stays in force until then. */
void rules_load(struct room *room, void (*loaded)(void *context, bool ok), void *context);
void rules_free(struct rules *rules);

/* A deadline with the rule that made it (routing/due.h). warn: the moment from which it is due soon,
 * when so many per cent of the time are left (limit `yellow`). */
struct deadline { int64_t since, due, warn; char rule[DUE_RULE_ROOM]; };

/* The deadline that `clock` starts for a ticket; a matter's own limit goes before the general one,
 * matter may be NULL. false: the clock sets no deadline (stop, keep) or has to be reckoned from
 * the ticket's own (extended, until, resumed). A limit missing in table time_limit is logged and
 * counts as one working day. */
bool rules_due(const struct rules *rules, enum flow_clock clock, int kind, int urgency, const char *matter,
               int64_t now_ms, struct deadline *ret);
/* The same of a limit by its key, counted from any instant. */
void rules_due_by(const struct rules *rules, const char *key, int64_t from_ms, struct deadline *ret);
/* When a deadline that runs from `from_ms` to `due_ms` is due soon. */
int64_t rules_warn(const struct rules *rules, int64_t from_ms, int64_t due_ms);
const struct calendar *rules_calendar(const struct rules *rules);
const struct dispatch_book *rules_book(const struct rules *rules);
const struct police_book *rules_police(const struct rules *rules);
/* Whether a unit exists, for messages: its name or NULL. */
const char *rules_unit_name(const struct rules *rules, int unit);

#endif
