/* Says by what a unit is the one that deals with a matter. */
#include <string.h>

#include "dispatch_unit.h"
#include "dispatch_why.h"

static const char *county_name(const struct sight *sight) {
	const struct dispatch_region *region = book_region(sight->book, sight->ask->region);
	return region && region->name && *region->name ? region->name : "本县区";
}

void rule_why(const struct sight *sight, const struct policy_rule *rule, size_t place, char why[DISPATCH_WHY]) {
	struct phrase said = sight->rules.said[place];
	why_add(why, "按分派规则第%d版第%d条“%s”", sight->policy->terms.version, rule->row.id, rule->row.name);
	if (said.len > 0) {
		why_add(why, "（文中");
		why_add_word(why, said.chars, said.len);
		why_add(why, "）");
	}
}

static void why_rule(const struct sight *sight, const struct choice *choice, char why[DISPATCH_WHY]) {
	const struct dispatch_rule *row = &choice->rule->row;
	rule_why(sight, choice->rule, choice->rule_place, why);
	if (row->pool)
		why_add(why, "转人工派单");
	else if (!choice->unit)
		why_add(why, "，但规则指定的单位不在，请人工派单");
	else
		why_add(why, "由%s承办", (choice->absent ? choice->absent : choice->unit)->name);
	if (*row->basis)
		why_add(why, "，依据：%s", row->basis);
}

void practice_why(const struct dispatch_practice *practice, const char *who, char why[DISPATCH_WHY]) {
	if (practice->count == practice->total)
		why_add(why, "本县区近一年同类 %d 件均由%s办理", practice->total, who);
	else
		why_add(why, "本县区近一年同类 %d 件中 %d 件由%s办理", practice->total, practice->count, who);
}

static void why_duty(const struct sight *sight, const struct choice *choice, const struct dispatch_unit *unit,
                     char why[DISPATCH_WHY]) {
	const char *duty = book_duty_name(sight->book, choice->matter->duty);
	if (choice->ground == GROUND_fallback && choice->fallback)
		why_add(why, "%s没有承担“%s”职责的单位，按分派规则第%d版由%s承办", county_name(sight), duty,
		        sight->policy->terms.version, unit->name);
	else if (choice->ground == GROUND_fallback)
		why_add(why, "%s没有承担“%s”职责的单位，由上级主管单位%s承办", county_name(sight), duty, unit->name);
	else
		why_add(why, "“%s”职责由%s承办", duty, unit->name);
	if (choice->ground == GROUND_duty && choice->holders > 1 && sight->policy->terms.balance)
		why_add(why, "（同职责 %zu 个单位中在办较少）", choice->holders);
}

static void why_responsible(const struct sight *sight, const struct choice *choice, char why[DISPATCH_WHY]) {
	const struct dispatch_unit *unit = choice->absent ? choice->absent : choice->unit;
	switch (choice->ground) {
	case GROUND_rule:
		why_rule(sight, choice, why);
		return;
	case GROUND_ruling:
		why_add(why, "按裁定先例由%s承办（%s）", unit->name, choice->ruling->why);
		return;
	case GROUND_practice:
		practice_why(choice->practice, unit->name, why);
		return;
	case GROUND_duty:
	case GROUND_fallback:
		why_duty(sight, choice, unit, why);
		return;
	case GROUND_none:
		break;
	}
	why_add(why, "%s及上级都没有对应的承办单位，请人工派单", county_name(sight));
}

void unit_why(const struct sight *sight, const struct choice *choice, char why[DISPATCH_WHY]) {
	why[0] = '\0';
	why_responsible(sight, choice, why);
	if (choice->absent && choice->unit)
		why_add(why, "；该单位不在岗（%s），由%s代办", choice->absence->why, choice->unit->name);
	else if (choice->absent)
		why_add(why, "；该单位不在岗（%s），代办单位也不在，请人工派单", choice->absence->why);
	if (choice->unit && unit_is_barred(sight->ask, choice->unit))
		why_add(why, "，但%s的退单已经同意，请人工派单", choice->unit->name);
}
