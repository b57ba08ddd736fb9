/* Decides who must deal with a ticket, how sure that is, and says why.
 *
 * Read from the end: dispatch_decide() settles what it is about, then who deals with that, then whether it
 * may go there by itself, and what people should know besides. */
#include "dispatch.h"

#include <stdio.h>
#include <string.h>

#include "dispatch_rank.h"
#include "dispatch_why.h"
#include "text.h"

static int percent(double confidence) {
	return (int)(confidence * 100 + 1e-9);
}

/* ---- what it is about ------------------------------------------------------------------------------ */

static void candidate_add(const struct sight *sight, const struct choice *choice, double chance,
                          struct dispatch_answer *ret) {
	if (ret->candidate_count == DISPATCH_CANDIDATES)
		return;
	struct dispatch_candidate *one = &ret->candidates[ret->candidate_count++];
	one->matter = choice->matter ? choice->matter->code : NULL;
	one->unit = choice->unit && !unit_is_barred(sight->ask, choice->unit) ? choice->unit->id : 0;
	one->confidence = chance;
	unit_why(sight, choice, one->why);
}

/* A person has said which matter it is. */
static struct choice settle_given(const struct sight *sight, const struct dispatch_matter *matter,
                                  struct dispatch_answer *ret) {
	why_add(why_new(ret), "事项“%s”由话务员选定", matter->name);
	ret->confidence = 1;
	return unit_choose(sight, matter);
}

/* A rule says which matter it is. */
static struct choice settle_ruled(const struct sight *sight, const struct policy_rule *rule, size_t place,
                                  const struct dispatch_matter *matter, struct dispatch_answer *ret) {
	char *why = why_new(ret);
	rule_why(sight, rule, place, why);
	why_add(why, "，事项定为“%s”", matter->name);
	ret->confidence = 1;
	return unit_choose(sight, matter);
}

static void why_words(const struct sight *sight, const struct ranked *best, struct dispatch_answer *ret) {
	enum { SPANS = 3 };
	struct words_span spans[SPANS];
	size_t matter = (size_t)(best->choice.matter - sight->book->matters);
	size_t count = words_evidence(sight->book->words, &sight->text, matter, spans, SPANS);
	if (count == 0)
		return;
	char *why = why_new(ret);
	why_add(why, "文中");
	for (size_t i = 0; i < count && spans[i].weight > spans[0].weight / 4; i++)
		why_add_word(why, spans[i].chars, spans[i].len);
	why_add(why, "等用语指向事项“%s”（把握%d%%）", best->choice.matter->name, percent(best->chance));
}

static void why_model(const struct sight *sight, const struct ranked *best, struct dispatch_answer *ret) {
	if (best->by_model > 0)
		why_add(why_new(ret), "学习模型第%d版按历史工单判断为“%s”的可能为%d%%", sight->ask->model,
		        best->choice.matter->name, percent(best->strongest));
}

static void why_doubt(const struct sight *sight, const struct ranking *ranking, struct dispatch_answer *ret) {
	const struct ranked *best = &ranking->list[0];
	char *why = why_new(ret);
	why_add(why, "把握不足（%d%%，直接派单须%d%%）：可能是“%s”", percent(best->chance),
	        percent(sight->policy->terms.straight), best->choice.matter->name);
	if (ranking->count > 1)
		why_add(why, "或“%s”", ranking->list[1].choice.matter->name);
	why_add(why, "，请人工派单");
}

/* Nobody has said it: words and model. Where a rule names the unit whatever it is about, doubts are idle. */
static struct choice settle_found(const struct sight *sight, struct dispatch_answer *ret) {
	struct choice ruled = unit_choose(sight, NULL);
	struct ranking ranking;
	rank_matters(sight, &ranking);
	if (ranking.count == 0) {
		if (ruled.ground == GROUND_none)
			why_add(why_new(ret), "文中没有事项目录里的用语，请人工派单");
		return ruled;
	}
	const struct ranked *best = &ranking.list[0];
	ret->confidence = best->chance;
	why_words(sight, best, ret);
	why_model(sight, best, ret);
	if (ruled.ground == GROUND_none && best->chance < sight->policy->terms.straight)
		why_doubt(sight, &ranking, ret);
	for (size_t i = 1; i < ranking.count && i < DISPATCH_CANDIDATES; i++)
		candidate_add(sight, &ranking.list[i].choice, ranking.list[i].chance, ret);
	return best->choice;
}

static struct choice settle(const struct sight *sight, struct dispatch_answer *ret) {
	const struct dispatch_matter *given = book_matter(sight->book, sight->ask->matter);
	size_t place = 0;
	if (given)
		return settle_given(sight, given, ret);
	const struct policy_rule *rule = policy_matter_rule(sight->policy, &sight->rules, &place);
	const struct dispatch_matter *ruled = rule ? book_matter(sight->book, rule->row.set_matter) : NULL;
	if (ruled)
		return settle_ruled(sight, rule, place, ruled, ret);
	return settle_found(sight, ret);
}

/* ---- what people should know ------------------------------------------------------------------------ */

static void why_practice(const struct choice *choice, struct dispatch_answer *ret) {
	const struct dispatch_practice *practice = choice->practice;
	char *why;
	if (practice && choice->ground != GROUND_practice && practice->unit == ret->unit && (why = why_new(ret)))
		practice_why(practice, "该单位", why);
}

/* Overload is told and changes nothing: who is responsible stands in the law. */
static void why_load(const struct sight *sight, struct dispatch_answer *ret) {
	const struct dispatch_load *load = book_load(sight->book, ret->unit);
	int most;
	char *why;
	if (unit_is_overloaded(sight, ret->unit, &most) && (why = why_new(ret)))
		why_add(why, "该单位在办 %d 件，已达 %d 件（职责不因此改变）", load->open, most);
	if (load && !load->staffed && (why = why_new(ret)))
		why_add(why, "该单位没有可登录的经办账号，请电话通知");
}

static void why_hours(const struct sight *sight, struct dispatch_answer *ret) {
	const struct dispatch_desk *desk = policy_desk(sight->policy, ret->unit);
	char *why;
	ret->outside_hours = sight->ask->urgency > 0 && !sight->ask->office_open;
	if (!ret->outside_hours || !(why = why_new(ret)))
		return;
	if (desk && *desk->phone)
		why_add(why, "紧急件，现为非工作时间，请拨值班电话 %s", desk->phone);
	else
		why_add(why, "紧急件，现为非工作时间，请电话通知该单位值班人员");
}

/* ---- the decision ----------------------------------------------------------------------------------- */

static void text_read(const char *from, uint32_t *out, size_t room, size_t *ret_len) {
	*ret_len = text_fold(from, strlen(from), out, room);
}

/* Whether a rule named the unit for whatever matter it is: then it is certain. */
static bool is_certain_rule(const struct choice *choice) {
	return choice->ground == GROUND_rule && !*choice->rule->row.matter && !*choice->rule->row.group;
}

static enum dispatch_band band_of(const struct sight *sight, const struct choice *choice, double confidence) {
	if (!choice->unit || unit_is_barred(sight->ask, choice->unit))
		return BAND_pool;
	return confidence >= sight->policy->terms.straight ? BAND_straight
		: confidence >= sight->policy->terms.suggest ? BAND_suggest : BAND_pool;
}

/* The first candidate is the answer itself. */
static void lead_candidate(const struct sight *sight, const struct choice *choice, struct dispatch_answer *ret) {
	size_t others = ret->candidate_count < DISPATCH_CANDIDATES ? ret->candidate_count : DISPATCH_CANDIDATES - 1;
	memmove(&ret->candidates[1], &ret->candidates[0], others * sizeof(ret->candidates[0]));
	ret->candidate_count = 0;
	candidate_add(sight, choice, ret->confidence, ret);
	ret->candidate_count = others + 1;
}

static void answer_unit(const struct sight *sight, const struct choice *choice, struct dispatch_answer *ret) {
	char *why = why_new(ret);
	ret->unit = choice->unit->id;
	ret->level = book_level(sight->book, choice->unit);
	unit_why(sight, choice, why);
	unit_cos(sight, choice, ret);
	why_practice(choice, ret);
	why_hours(sight, ret);
	why_load(sight, ret);
}

void dispatch_decide(const struct dispatch_book *book, const struct dispatch_policy *policy,
                     const struct dispatch_ask *ask, struct dispatch_answer *ret) {
	struct sight sight;
	sight.book = book;
	sight.policy = policy;
	sight.ask = ask;
	text_read(ask->title, sight.text.title, WORDS_TITLE, &sight.text.title_len);
	text_read(ask->text, sight.text.body, WORDS_BODY, &sight.text.body_len);
	policy_look(policy, ask, &sight.text, &sight.rules);
	memset(ret, 0, sizeof(*ret));

	struct choice choice = settle(&sight, ret);
	ret->matter = choice.matter ? choice.matter->code : NULL;
	ret->ground = choice.ground;
	ret->rule = choice.ground == GROUND_rule ? choice.rule->row.id : 0;
	if (is_certain_rule(&choice))
		ret->confidence = 1;
	ret->band = band_of(&sight, &choice, ret->confidence);
	if (choice.matter || choice.unit)
		lead_candidate(&sight, &choice, ret);
	if (choice.unit && !unit_is_barred(ask, choice.unit))
		answer_unit(&sight, &choice, ret);
	else if (choice.matter || choice.ground == GROUND_rule)
		unit_why(&sight, &choice, why_new(ret));
	if (ret->unit == 0)
		ret->confidence = 0;
}
