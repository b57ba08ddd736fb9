/* warning_rule.h — the numbers of early warning, by the keys under which table time_limit has them. Pure. */
#ifndef ROUTING_WARNING_RULE_H
#define ROUTING_WARNING_RULE_H

#include <stdbool.h>
#include "cluster.h"
#include "due.h"
#include "surge.h"

struct surge_rule {
	int64_t windows[SURGE_WINDOWS];      /* milliseconds */
	uint32_t callers[SURGE_WINDOWS];     /* different callers within the window */
	double rare;                         /* least surge_score() */
	double dispersion;
};

struct warning_rule {
	struct cluster_tuning cluster;
	struct incident_rule incident;
	struct surge_rule surge;
};

/* All zero is no rule: each key must be set once. Times in natural units only; true when the key is one of these. */
bool warning_rule_set(struct warning_rule *rule, const char *key, int64_t amount, enum limit_unit unit);
/* The first key that has not been set, NULL when all are. */
const char *warning_rule_missing(const struct warning_rule *rule);

#endif
