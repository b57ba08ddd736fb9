/* dispatch_unit.h — who deals with a matter here: rule, ruling, practice, duty, fallback, in this order.
 * For the files dispatch*.c only. */
#ifndef ROUTING_DISPATCH_UNIT_H
#define ROUTING_DISPATCH_UNIT_H

#include "dispatch_book.h"
#include "dispatch_policy.h"

/* All that a decision looks at. */
struct sight {
	const struct dispatch_book *book;
	const struct dispatch_policy *policy;
	const struct dispatch_ask *ask;
	struct words_text text;
	struct policy_sight rules;
};

/* Who it is, and by what. unit NULL: nobody, or the rule leaves it to people. */
struct choice {
	const struct dispatch_matter *matter;     /* NULL: a rule needed none */
	const struct dispatch_unit *unit;
	enum dispatch_ground ground;
	const struct policy_rule *rule;           /* of GROUND_rule */
	size_t rule_place;
	const struct dispatch_precedent *ruling;  /* of GROUND_ruling */
	const struct dispatch_practice *practice; /* what became of earlier ones, whether or not it decided */
	const struct dispatch_fallback *fallback; /* of GROUND_fallback; NULL: the superior by default */
	const struct dispatch_unit *absent;       /* in whose place `unit` stands */
	const struct dispatch_absence *absence;
	size_t holders;                           /* of several with the duty this one was the less loaded */
};

/* matter may be NULL: then only a rule can name a unit. */
struct choice unit_choose(const struct sight *sight, const struct dispatch_matter *matter);

/* Whether its 退单 was agreed to. */
bool unit_is_barred(const struct dispatch_ask *ask, const struct dispatch_unit *unit);
/* Open tickets beyond what it is meant to have; *ret_most gets that number. */
bool unit_is_overloaded(const struct sight *sight, int unit, int *ret_most);

/* One sentence: by what this unit is the one; a choice without a unit says why people must look. */
void unit_why(const struct sight *sight, const struct choice *choice, char why[DISPATCH_WHY]);

/* Which rule of which version it was, and the word that called it. */
void rule_why(const struct sight *sight, const struct policy_rule *rule, size_t place, char why[DISPATCH_WHY]);
/* How many of the year's tickets `who` handled. */
void practice_why(const struct dispatch_practice *practice, const char *who, char why[DISPATCH_WHY]);

/* 协办 of the matter and of the rules, without the lead; those to be sent and those only proposed. */
void unit_cos(const struct sight *sight, const struct choice *lead, struct dispatch_answer *ret);

#endif
