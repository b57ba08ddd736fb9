/* decision.h — a decision of routing/dispatch.h about a ticket or a draft given as JSON, and what is told of it. */
#ifndef SERVER_DECISION_H
#define SERVER_DECISION_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include "../routing/dispatch.h"

struct room;

/* An answer with what it was made by: the versions of rules and model (0 = none in force), and how long it took. */
struct decision { struct dispatch_answer answer; int version, model; int64_t micros; };

/* Members of row: title, body, region, town, place, kind, urgency, matter, not (units whose 退单 was agreed to);
 * all but region may be missing. policy NULL: the one in force. at_ms: when it is, or was, to be decided.
 * Codes in the answer live as long as the rule book. */
void decision_make(struct room *room, const struct dispatch_policy *policy, const json_t *row, int64_t at_ms,
                   struct decision *ret);

/* [{matter, dept, sure, why}], best first; dept null where nobody is there, sure in per cent. */
json_t *decision_candidates(const struct dispatch_answer *answer);
/* What a console shows: version, model, band, sure, matter, dept, rule, level, cos, proposed, reasons, candidates,
 * outside_hours. */
json_t *decision_reply(const struct decision *decision);
/* The detail of a dispatch event: by which rules and model, how sure, and where it goes to people the candidates. */
json_t *decision_detail(const struct decision *decision, bool given);
const char *decision_band(enum dispatch_band band);   /* straight, suggest, pool */

#endif
