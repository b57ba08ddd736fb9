/* rules.h — the rule book of the moment: calendar, limits, catalogue, dispatch rules, read from the database
 * at start, on SIGHUP, and whenever the feed tells that somebody has changed it (kind "rules");
 * handed to routing/. */
#ifndef SERVER_RULES_H
#define SERVER_RULES_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include "../routing/dispatch.h"
#include "../routing/due.h"
#include "../routing/flow.h"
#include "../routing/police.h"
#include "../routing/warning_rule.h"

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
/* The numbers of early warning. A key missing in table time_limit is logged, and stays 0. */
void rules_warning(const struct rules *rules, struct warning_rule *ret);
const struct calendar *rules_calendar(const struct rules *rules);
const struct dispatch_book *rules_book(const struct rules *rules);
/* The dispatch rules in force, and their version. */
const struct dispatch_policy *rules_policy(const struct rules *rules);
int rules_version(const struct rules *rules);
/* What each unit has on its desk, as sql/functions/practice.sql tells it; false: memory is out. */
bool rules_weigh(struct rules *rules, const json_t *loads);
const struct police_book *rules_police(const struct rules *rules);

#endif
