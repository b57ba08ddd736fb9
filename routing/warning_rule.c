/* Puts rows of time_limit where the rooms of early warning read them. */
#include "warning_rule.h"

#include <stddef.h>
#include <string.h>

/* How the amount is kept: as it is, as a share (percent), in tenths, or as milliseconds. */
enum kept { KEPT_FLOAT, KEPT_SHARE, KEPT_TENTHS, KEPT_INT, KEPT_COUNT, KEPT_MS, KEPT_DOUBLE, KEPT_DOUBLE_TENTHS };

static const struct { const char *key; enum kept kept; size_t at; } KEYS[] = {
	{ "gram_title", KEPT_FLOAT, offsetof(struct warning_rule, cluster.gram.title) },
	{ "gram_rarity", KEPT_TENTHS, offsetof(struct warning_rule, cluster.gram.rarity) },
	{ "gram_body", KEPT_INT, offsetof(struct warning_rule, cluster.gram.body) },
	{ "incident_join", KEPT_SHARE, offsetof(struct warning_rule, cluster.join) },
	{ "incident_recent", KEPT_SHARE, offsetof(struct warning_rule, cluster.recent) },
	{ "incident_fades", KEPT_MS, offsetof(struct warning_rule, cluster.fades) },
	{ "incident_petitions", KEPT_COUNT, offsetof(struct warning_rule, incident.petitions) },
	{ "incident_callers", KEPT_COUNT, offsetof(struct warning_rule, incident.callers) },
	{ "incident_alike", KEPT_SHARE, offsetof(struct warning_rule, incident.alike) },
	{ "incident_cohesion", KEPT_SHARE, offsetof(struct warning_rule, incident.cohesion) },
	{ "incident_slow_cohesion", KEPT_SHARE, offsetof(struct warning_rule, incident.slow_cohesion) },
	{ "incident_quick", KEPT_MS, offsetof(struct warning_rule, incident.quick) },
	{ "incident_window", KEPT_MS, offsetof(struct warning_rule, incident.window) },
	{ "surge_hour", KEPT_MS, offsetof(struct warning_rule, surge.windows[0]) },
	{ "surge_day", KEPT_MS, offsetof(struct warning_rule, surge.windows[1]) },
	{ "surge_week", KEPT_MS, offsetof(struct warning_rule, surge.windows[2]) },
	{ "surge_hour_callers", KEPT_COUNT, offsetof(struct warning_rule, surge.callers[0]) },
	{ "surge_day_callers", KEPT_COUNT, offsetof(struct warning_rule, surge.callers[1]) },
	{ "surge_week_callers", KEPT_COUNT, offsetof(struct warning_rule, surge.callers[2]) },
	{ "surge_rare", KEPT_DOUBLE, offsetof(struct warning_rule, surge.rare) },
	{ "surge_dispersion", KEPT_DOUBLE_TENTHS, offsetof(struct warning_rule, surge.dispersion) },
};
enum { KEY_COUNT = sizeof(KEYS) / sizeof(KEYS[0]) };

static int64_t in_ms(int64_t amount, enum limit_unit unit) {
	switch (unit) {
	case UNIT_MINUTE: return amount * 60000;
	case UNIT_HOUR: return amount * 3600000;
	default: return amount * 86400000;
	}
}

static void put(char *at, enum kept kept, int64_t amount, enum limit_unit unit) {
	switch (kept) {
	case KEPT_FLOAT: *(float *)at = (float)amount; break;
	case KEPT_SHARE: *(float *)at = (float)amount / 100; break;
	case KEPT_TENTHS: *(float *)at = (float)amount / 10; break;
	case KEPT_INT: *(int *)at = (int)amount; break;
	case KEPT_COUNT: *(uint32_t *)at = (uint32_t)amount; break;
	case KEPT_MS: *(int64_t *)at = in_ms(amount, unit); break;
	case KEPT_DOUBLE: *(double *)at = (double)amount; break;
	case KEPT_DOUBLE_TENTHS: *(double *)at = (double)amount / 10; break;
	}
}

bool warning_rule_set(struct warning_rule *rule, const char *key, int64_t amount, enum limit_unit unit) {
	for (size_t i = 0; i < KEY_COUNT; i++)
		if (strcmp(key, KEYS[i].key) == 0) {
			put((char *)rule + KEYS[i].at, KEYS[i].kept, amount, unit);
			return true;
		}
	return false;
}

static bool is_zero(const char *at, enum kept kept) {
	switch (kept) {
	case KEPT_INT: return *(const int *)at == 0;
	case KEPT_COUNT: return *(const uint32_t *)at == 0;
	case KEPT_MS: return *(const int64_t *)at == 0;
	case KEPT_DOUBLE: case KEPT_DOUBLE_TENTHS: return *(const double *)at <= 0;
	default: return *(const float *)at <= 0;
	}
}

const char *warning_rule_missing(const struct warning_rule *rule) {
	for (size_t i = 0; i < KEY_COUNT; i++)
		if (is_zero((const char *)rule + KEYS[i].at, KEYS[i].kept))
			return KEYS[i].key;
	return NULL;
}
