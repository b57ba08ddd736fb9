/* Finds who deals with a matter at a place, and who helps. */
#include "dispatch_unit.h"

#include <string.h>

enum { STAND_INS = 3 };   /* one for another for another: beyond that people must look */

/* ---- the desk of a unit ---------------------------------------------------------------------------- */

bool unit_is_barred(const struct dispatch_ask *ask, const struct dispatch_unit *unit) {
	for (size_t i = 0; i < ask->not_count; i++)
		if (ask->not_units[i] == unit->id)
			return true;
	return false;
}

/* What a unit is meant to have open at most; 0 = not known. */
static int unit_most(const struct sight *sight, int unit) {
	enum { USUAL_LEAST = 5 };   /* of fewer a double is no burden */
	const struct dispatch_desk *desk = policy_desk(sight->policy, unit);
	const struct dispatch_load *load = book_load(sight->book, unit);
	if (desk && desk->most > 0)
		return desk->most;
	return load && load->usual >= USUAL_LEAST ? 2 * load->usual : 0;
}

bool unit_is_overloaded(const struct sight *sight, int unit, int *ret_most) {
	const struct dispatch_load *load = book_load(sight->book, unit);
	*ret_most = unit_most(sight, unit);
	return load && *ret_most > 0 && load->open >= *ret_most;
}

/* Whether a has more to do for its size than b. */
static bool is_busier(const struct sight *sight, const struct dispatch_unit *a, const struct dispatch_unit *b) {
	const struct dispatch_load *of_a = book_load(sight->book, a->id), *of_b = book_load(sight->book, b->id);
	int64_t open_a = of_a ? of_a->open : 0, open_b = of_b ? of_b->open : 0;
	int most_a = unit_most(sight, a->id), most_b = unit_most(sight, b->id);
	return most_a > 0 && most_b > 0 ? open_a * most_b > open_b * most_a : open_a > open_b;
}

/* ---- the duty -------------------------------------------------------------------------------------- */

static bool is_there(const struct sight *sight, const struct dispatch_unit *unit) {
	return !unit_is_barred(sight->ask, unit) && !book_absence(sight->book, unit->id, sight->ask->now_ms);
}

/* Of several holders: one that is there before one that is not, then the less loaded, then the lowest number. */
static const struct dispatch_unit *pick_holder(const struct sight *sight, const struct dispatch_unit *units,
                                               size_t count) {
	const struct dispatch_unit *best = units;
	for (size_t i = 1; i < count; i++) {
		bool there = is_there(sight, &units[i]), best_there = is_there(sight, best);
		if (there != best_there ? there : sight->policy->terms.balance && is_busier(sight, best, &units[i]))
			best = &units[i];
	}
	return best;
}

/* Whether the unit is of the ticket's own place and not of the prefecture above it. */
static bool is_of_county(const struct sight *sight, const struct dispatch_unit *unit) {
	const struct dispatch_region *own = book_region(sight->book, unit->region);
	return (own && own->parent) || strcmp(unit->region, sight->ask->region) == 0;
}

/* The duty's holder on the way up; *ret_count tells how many there were to choose from. */
static const struct dispatch_unit *duty_holder(const struct sight *sight, const char *duty, int level,
                                               size_t *ret_count) {
	const char *way[BOOK_CLIMB];
	size_t steps = book_climb(sight->book, sight->ask->region, sight->ask->town, level, way);
	for (size_t i = 0; i < steps; i++) {
		const struct dispatch_unit *units = book_holders(sight->book, duty, way[i], ret_count);
		if (units)
			return pick_holder(sight, units, *ret_count);
	}
	*ret_count = 0;
	return NULL;
}

static const struct dispatch_unit *fallback_unit(const struct sight *sight,
                                                 const struct dispatch_fallback *fallback) {
	size_t count;
	if (fallback->way == WAY_GOVERNMENT)
		return duty_holder(sight, "government", 0, &count);
	return fallback->way == WAY_UNIT ? book_unit_by_id(sight->book, fallback->unit) : NULL;
}

/* By duty; in a county without the department by the policy's row, else the superior. */
static void choose_by_duty(const struct sight *sight, const char *duty, int level, struct choice *ret) {
	ret->unit = duty_holder(sight, duty, level, &ret->holders);
	ret->ground = ret->unit ? GROUND_duty : GROUND_none;
	if (level == 1 ? ret->unit != NULL : ret->unit && is_of_county(sight, ret->unit))
		return;
	const struct dispatch_fallback *row = policy_fallback(sight->policy, sight->ask->region, duty);
	const struct dispatch_unit *unit = row ? fallback_unit(sight, row) : NULL;
	if (unit) {
		ret->unit = unit;
		ret->fallback = row;
	}
	if (ret->unit)
		ret->ground = GROUND_fallback;
}

/* ---- the order of authority ------------------------------------------------------------------------ */

static bool practice_is_clear(const struct dispatch_policy *policy, const struct dispatch_practice *practice) {
	return practice->count >= policy->terms.practice_least
		&& practice->count >= policy->terms.practice_share * practice->total;
}

static void choose_by_rule(const struct sight *sight, const struct dispatch_rule *row, struct choice *ret) {
	ret->ground = GROUND_rule;
	if (row->pool)
		return;
	ret->unit = row->unit ? book_unit_by_id(sight->book, row->unit) : NULL;
	if (!ret->unit && *row->duty)
		ret->unit = duty_holder(sight, row->duty, ret->matter ? ret->matter->level : 0, &ret->holders);
}

static void choose_responsible(const struct sight *sight, struct choice *ret) {
	const struct dispatch_matter *matter = ret->matter;
	const char *region = sight->ask->region;
	ret->rule = policy_unit_rule(sight->policy, &sight->rules, matter, &ret->rule_place);
	if (matter)
		ret->practice = book_practice(sight->book, matter->code, region);
	if (ret->rule) {
		choose_by_rule(sight, &ret->rule->row, ret);
		return;
	}
	if (!matter)
		return;
	ret->ruling = book_precedent(sight->book, matter->code, region);
	if (ret->ruling) {
		ret->unit = book_unit_by_id(sight->book, ret->ruling->unit);
		ret->ground = GROUND_ruling;
	} else if (ret->practice && practice_is_clear(sight->policy, ret->practice)) {
		ret->unit = book_unit_by_id(sight->book, ret->practice->unit);
		ret->ground = GROUND_practice;
	} else {
		choose_by_duty(sight, matter->duty, matter->level, ret);
	}
}

/* Who stands in; a chain that does not end leaves nobody. */
static void choose_stand_in(const struct sight *sight, struct choice *ret) {
	const struct dispatch_unit *responsible = ret->unit;
	for (int i = 0; ret->unit; i++) {
		const struct dispatch_absence *absence = book_absence(sight->book, ret->unit->id, sight->ask->now_ms);
		if (!absence)
			return;
		ret->absent = responsible;
		ret->absence = absence;
		ret->unit = i < STAND_INS ? book_unit_by_id(sight->book, absence->stand_in) : NULL;
	}
}

struct choice unit_choose(const struct sight *sight, const struct dispatch_matter *matter) {
	struct choice choice = { .matter = matter };
	choose_responsible(sight, &choice);
	choose_stand_in(sight, &choice);
	return choice;
}

/* ---- 协办 ------------------------------------------------------------------------------------------- */

static bool has(const int *list, size_t count, int unit) {
	for (size_t i = 0; i < count; i++)
		if (list[i] == unit)
			return true;
	return false;
}

static void co_add(const struct sight *sight, const struct choice *lead, const struct dispatch_unit *unit, bool send,
                   struct dispatch_answer *ret) {
	struct choice helper = { .unit = unit };
	choose_stand_in(sight, &helper);
	int *list = send ? ret->cos : ret->proposed;
	size_t *count = send ? &ret->co_count : &ret->proposed_count;
	if (!helper.unit || helper.unit->id == lead->unit->id || unit_is_barred(sight->ask, helper.unit))
		return;
	if (has(ret->cos, ret->co_count, helper.unit->id) || has(list, *count, helper.unit->id))
		return;
	if (*count < DISPATCH_COS)
		list[(*count)++] = helper.unit->id;
}

void unit_cos(const struct sight *sight, const struct choice *lead, struct dispatch_answer *ret) {
	const struct policy_rule *rule;
	size_t place = 0, count;
	while ((rule = policy_next_co_rule(sight->policy, &sight->rules, lead->matter, &place)) != NULL)
		for (int i = 0; i < DISPATCH_COS && rule->row.cos[i]; i++) {
			const struct dispatch_unit *unit = book_unit_by_id(sight->book, rule->row.cos[i]);
			if (unit)
				co_add(sight, lead, unit, true, ret);
		}
	/* First those that are sent: none of them is proposed as well. */
	for (int send = 1; send >= 0 && lead->matter; send--)
		for (size_t i = 0; i < sight->book->co_count; i++) {
			const struct dispatch_co *co = &sight->book->cos[i];
			if (co->send != (send == 1) || strcmp(co->matter, lead->matter->code) != 0)
				continue;
			const struct dispatch_unit *unit = duty_holder(sight, co->duty, co->level, &count);
			if (unit)
				co_add(sight, lead, unit, co->send, ret);
		}
}
