/* dispatch_policy.h — the policy of dispatch.h from inside, and whether a rule holds for a request.
 * For the files dispatch*.c only; read-only once built. */
#ifndef ROUTING_DISPATCH_POLICY_H
#define ROUTING_DISPATCH_POLICY_H

#include "dispatch.h"
#include "dispatch_words.h"

/* Words of a condition, folded (text.h), one after the other. */
struct phrase { const uint32_t *chars; size_t len; };
struct phrases { const struct phrase *list; size_t count; };

/* A rule with its words made ready. */
struct policy_rule { struct dispatch_rule row; struct phrases any, all, none, place; };

struct dispatch_policy {
	struct dispatch_terms terms;     /* rules, fallbacks and desks point into this policy */
	char *strings;
	uint32_t *chars;
	struct phrase *phrases;
	struct policy_rule *rules;
	struct dispatch_fallback *fallbacks;
	struct dispatch_desk *desks;
	bool reads;                      /* some rule looks at the text */
};

/* What of a request is asked of every rule once: whether all its conditions but the matter's hold. */
struct policy_sight {
	bool holds[DISPATCH_RULES];
	struct phrase said[DISPATCH_RULES];   /* the word that was found, len 0 if the rule asks for none */
};
/* text: the petition folded; place may be NULL. */
void policy_look(const struct dispatch_policy *policy, const struct dispatch_ask *ask,
                 const struct words_text *text, struct policy_sight *ret);

/* The first rule that says which matter it is; NULL if none does. *ret_place gets its place in the list. */
const struct policy_rule *policy_matter_rule(const struct dispatch_policy *policy,
                                             const struct policy_sight *sight, size_t *ret_place);
/* The first rule that says who deals with this matter, or that people decide; matter may be NULL. */
const struct policy_rule *policy_unit_rule(const struct dispatch_policy *policy, const struct policy_sight *sight,
                                           const struct dispatch_matter *matter, size_t *ret_place);
/* The next rule from *place on that names 协办 for this matter; steps *place over it. */
const struct policy_rule *policy_next_co_rule(const struct dispatch_policy *policy, const struct policy_sight *sight,
                                              const struct dispatch_matter *matter, size_t *place);

/* The most particular fallback for this duty in this county; NULL if the policy has none. */
const struct dispatch_fallback *policy_fallback(const struct dispatch_policy *policy, const char *region,
                                                const char *duty);
const struct dispatch_desk *policy_desk(const struct dispatch_policy *policy, int unit);

#endif
