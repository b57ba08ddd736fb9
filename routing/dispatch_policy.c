/* Keeps one version of the house's own rules and tells which of them hold for a request. */
#include "dispatch_policy.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "text.h"

_Static_assert(sizeof(wchar_t) == sizeof(uint32_t), "wmemchr() looks for code points");

/* ---- building -------------------------------------------------------------------------------------- */

/* Everything of a policy lives in four blocks, sized before they are filled. */
struct builder { char *text; uint32_t *chars; struct phrase *phrase; };

static const char *copy(struct builder *builder, const char *text) {
	size_t size = strlen(text ? text : "") + 1;
	char *at = memcpy(builder->text, text ? text : "", size);
	builder->text += size;
	return at;
}

/* "工地|夜间": each word between bars, folded; empty ones are no words. */
static struct phrases words_split(struct builder *builder, const char *words) {
	struct phrases phrases = { builder->phrase, 0 };
	for (const char *at = words ? words : ""; *at;) {
		size_t span = strcspn(at, "|");
		size_t len = text_fold(at, span, builder->chars, span);
		if (len > 0) {
			*builder->phrase++ = (struct phrase){ builder->chars, len };
			builder->chars += len;
			phrases.count++;
		}
		at += span + (at[span] == '|');
	}
	return phrases;
}

static size_t rule_bytes(const struct dispatch_rule *rule) {
	const char *const texts[] = { rule->name, rule->any, rule->all, rule->none, rule->place, rule->matter,
		rule->group, rule->region, rule->town, rule->set_matter, rule->duty, rule->basis };
	size_t bytes = 0;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		bytes += strlen(texts[i] ? texts[i] : "") + 1;
	return bytes;
}

static size_t terms_bytes(const struct dispatch_terms *terms) {
	size_t bytes = 1;
	for (size_t i = 0; i < terms->rule_count; i++)
		bytes += rule_bytes(&terms->rules[i]);
	for (size_t i = 0; i < terms->fallback_count; i++)
		bytes += strlen(terms->fallbacks[i].region) + strlen(terms->fallbacks[i].duty) + 2;
	for (size_t i = 0; i < terms->desk_count; i++)
		bytes += strlen(terms->desks[i].phone) + 1;
	return bytes;
}

static struct policy_rule rule_make(struct builder *builder, const struct dispatch_rule *from) {
	struct policy_rule rule = { .row = *from };
	rule.row.name = copy(builder, from->name);
	rule.row.any = copy(builder, from->any);
	rule.row.all = copy(builder, from->all);
	rule.row.none = copy(builder, from->none);
	rule.row.place = copy(builder, from->place);
	rule.row.matter = copy(builder, from->matter);
	rule.row.group = copy(builder, from->group);
	rule.row.region = copy(builder, from->region);
	rule.row.town = copy(builder, from->town);
	rule.row.set_matter = copy(builder, from->set_matter);
	rule.row.duty = copy(builder, from->duty);
	rule.row.basis = copy(builder, from->basis);
	rule.any = words_split(builder, from->any);
	rule.all = words_split(builder, from->all);
	rule.none = words_split(builder, from->none);
	rule.place = words_split(builder, from->place);
	return rule;
}

static void policy_fill(struct dispatch_policy *policy, const struct dispatch_terms *terms) {
	struct builder builder = { policy->strings, policy->chars, policy->phrases };
	for (size_t i = 0; i < terms->rule_count; i++) {
		policy->rules[i] = rule_make(&builder, &terms->rules[i]);
		policy->reads |= policy->rules[i].any.count + policy->rules[i].all.count + policy->rules[i].none.count
			+ policy->rules[i].place.count > 0;
	}
	for (size_t i = 0; i < terms->fallback_count; i++)
		policy->fallbacks[i] = (struct dispatch_fallback){ copy(&builder, terms->fallbacks[i].region),
			copy(&builder, terms->fallbacks[i].duty), terms->fallbacks[i].way, terms->fallbacks[i].unit };
	for (size_t i = 0; i < terms->desk_count; i++)
		policy->desks[i] = (struct dispatch_desk){ terms->desks[i].unit, terms->desks[i].most,
			copy(&builder, terms->desks[i].phone) };
}

struct dispatch_policy *dispatch_policy_new(const struct dispatch_terms *terms) {
	struct dispatch_policy *policy = calloc(1, sizeof(*policy));
	if (!policy)
		return NULL;
	size_t bytes = terms_bytes(terms);
	policy->terms = *terms;
	policy->strings = malloc(bytes);
	policy->chars = calloc(bytes, sizeof(*policy->chars));
	policy->phrases = calloc(bytes, sizeof(*policy->phrases));
	policy->rules = calloc(terms->rule_count + 1, sizeof(*policy->rules));
	policy->fallbacks = calloc(terms->fallback_count + 1, sizeof(*policy->fallbacks));
	policy->desks = calloc(terms->desk_count + 1, sizeof(*policy->desks));
	if (!policy->strings || !policy->chars || !policy->phrases || !policy->rules || !policy->fallbacks
	    || !policy->desks) {
		dispatch_policy_free(policy);
		return NULL;
	}
	policy_fill(policy, terms);
	policy->terms.rules = NULL;
	policy->terms.fallbacks = policy->fallbacks;
	policy->terms.desks = policy->desks;
	return policy;
}

void dispatch_policy_free(struct dispatch_policy *policy) {
	if (!policy)
		return;
	free(policy->strings);
	free(policy->chars);
	free(policy->phrases);
	free(policy->rules);
	free(policy->fallbacks);
	free(policy->desks);
	free(policy);
}

/* ---- asking ---------------------------------------------------------------------------------------- */

static bool chars_have(const uint32_t *chars, size_t len, struct phrase word) {
	const uint32_t *at = chars, *end = chars + len;
	while ((size_t)(end - at) >= word.len) {
		const wchar_t *hit = wmemchr((const wchar_t *)(const void *)at, (wchar_t)word.chars[0],
		                             (size_t)(end - at) - word.len + 1);
		if (!hit)
			return false;
		at = (const uint32_t *)(const void *)hit;
		if (words_compare(at, word.chars, word.len) == 0)
			return true;
		at++;
	}
	return false;
}

static bool text_has(const struct words_text *text, struct phrase word) {
	return chars_have(text->title, text->title_len, word) || chars_have(text->body, text->body_len, word);
}

/* The first of the words that is there; NULL if none is. */
static const struct phrase *text_has_one(const struct words_text *text, const struct words_place *place,
                                         struct phrases words) {
	for (size_t i = 0; i < words.count; i++)
		if (text_has(text, words.list[i]) || (place && chars_have(place->chars, place->len, words.list[i])))
			return &words.list[i];
	return NULL;
}

static bool text_has_all(const struct words_text *text, struct phrases words) {
	for (size_t i = 0; i < words.count; i++)
		if (!text_has(text, words.list[i]))
			return false;
	return true;
}

/* January is 0, by the Beijing calendar (Howard Hinnant's civil_from_days). */
static int month_of(int64_t now_ms) {
	enum { DAY_MS = 86400000, BEIJING_MS = 28800000 };
	int64_t local = now_ms + BEIJING_MS, days = local / DAY_MS - (local % DAY_MS < 0);
	int64_t shifted = days + 719468, era = shifted / 146097 - (shifted % 146097 < 0);
	int64_t of_era = shifted - era * 146097;
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	return (int)(((5 * of_year + 2) / 153 + 2) % 12);
}

static bool same(const char *condition, const char *value) {
	return !*condition || (value && strcmp(condition, value) == 0);
}

static bool is_plainly_other(const struct dispatch_rule *row, const struct dispatch_ask *ask, int month) {
	return (row->kind && row->kind != ask->kind) || (row->months && !(row->months & 1u << month))
		|| !same(row->region, ask->region) || !same(row->town, ask->town);
}

static bool rule_holds(const struct policy_rule *rule, const struct words_text *text,
                       const struct words_place *place, struct phrase *ret_said) {
	const struct phrase *any = text_has_one(text, NULL, rule->any);
	const struct phrase *there = text_has_one(text, place, rule->place);
	*ret_said = any ? *any : rule->all.count > 0 ? rule->all.list[0] : there ? *there : (struct phrase){ NULL, 0 };
	return (rule->any.count == 0 || any) && (rule->place.count == 0 || there) && text_has_all(text, rule->all)
		&& !text_has_one(text, NULL, rule->none);
}

void policy_look(const struct dispatch_policy *policy, const struct dispatch_ask *ask,
                 const struct words_text *text, struct policy_sight *ret) {
	struct words_place place;
	const char *named = ask->place ? ask->place : "";
	int month = month_of(ask->now_ms);
	place.len = text_fold(named, strlen(named), place.chars, WORDS_TITLE);
	for (size_t i = 0; i < policy->terms.rule_count; i++)
		ret->holds[i] = !is_plainly_other(&policy->rules[i].row, ask, month)
			&& rule_holds(&policy->rules[i], text, &place, &ret->said[i]);
}

const struct policy_rule *policy_matter_rule(const struct dispatch_policy *policy,
                                             const struct policy_sight *sight, size_t *ret_place) {
	for (size_t i = 0; i < policy->terms.rule_count; i++) {
		const struct dispatch_rule *row = &policy->rules[i].row;
		if (sight->holds[i] && *row->set_matter && !*row->matter && !*row->group) {
			*ret_place = i;
			return &policy->rules[i];
		}
	}
	return NULL;
}

static bool is_of_matter(const struct dispatch_rule *row, const struct dispatch_matter *matter) {
	return same(row->matter, matter ? matter->code : NULL) && same(row->group, matter ? matter->group : NULL);
}

const struct policy_rule *policy_unit_rule(const struct dispatch_policy *policy, const struct policy_sight *sight,
                                           const struct dispatch_matter *matter, size_t *ret_place) {
	for (size_t i = 0; i < policy->terms.rule_count; i++) {
		const struct dispatch_rule *row = &policy->rules[i].row;
		if (sight->holds[i] && (row->pool || row->unit || *row->duty) && is_of_matter(row, matter)) {
			*ret_place = i;
			return &policy->rules[i];
		}
	}
	return NULL;
}

const struct policy_rule *policy_next_co_rule(const struct dispatch_policy *policy, const struct policy_sight *sight,
                                              const struct dispatch_matter *matter, size_t *place) {
	for (size_t i = *place; i < policy->terms.rule_count; i++) {
		const struct dispatch_rule *row = &policy->rules[i].row;
		if (sight->holds[i] && row->cos[0] && is_of_matter(row, matter)) {
			*place = i + 1;
			return &policy->rules[i];
		}
	}
	return NULL;
}

const struct dispatch_fallback *policy_fallback(const struct dispatch_policy *policy, const char *region,
                                                const char *duty) {
	const struct dispatch_fallback *best = NULL;
	int best_weight = -1;
	for (size_t i = 0; i < policy->terms.fallback_count; i++) {
		const struct dispatch_fallback *one = &policy->fallbacks[i];
		int weight = 2 * (*one->region != '\0') + (*one->duty != '\0');
		if (weight > best_weight && same(one->region, region) && same(one->duty, duty)) {
			best = one;
			best_weight = weight;
		}
	}
	return best;
}

const struct dispatch_desk *policy_desk(const struct dispatch_policy *policy, int unit) {
	for (size_t i = 0; i < policy->terms.desk_count; i++)
		if (policy->desks[i].unit == unit)
			return &policy->desks[i];
	return NULL;
}
