/* Dispatches by the house's own rules, local practice, fallbacks, absences and loads, and blends in a learned model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "dispatch_told.h"

enum { HEATING = 10, HOUSING = 11, CITY = 12, POLICE = 13, TOWN = 14, GOVERNMENT = 15, OTHER_CITY = 16,
	TOP_HOUSING = 20, TOP_ECOLOGY = 21, TOP_CITY = 22, HZ_GOVERNMENT = 30 };

static const struct dispatch_matter matters[] = {
	{ "0101", "室温不达标", "供热供暖", "暖气不热|屋里冷|室温低", "heating", 0 },
	{ "0305", "市政设施", "城市管理", "井盖缺失|路灯不亮|道路破损", "housing", 0 },
	{ "0308", "噪声(社会生活)", "城市管理", "广场舞|商业音响|大喇叭", "city", 0 },
	{ "0501", "工程施工扰民", "工程建设", "夜间施工|工地扬尘|施工噪声", "housing", 0 },
	{ "0704", "矛盾纠纷", "公安", "邻里纠纷|邻居吵架", "mediation", 2 },
	{ "1301", "大气污染", "生态环境", "冒黑烟|烟囱|焚烧", "ecology", 0 },
};

static const struct dispatch_unit units[] = {
	{ HEATING, "漠河供热公司", "heating", "232701" }, { HOUSING, "漠河市住建局", "housing", "232701" },
	{ CITY, "漠河市城管局", "city", "232701" }, { POLICE, "漠河市公安局", "police", "232701" },
	{ TOWN, "北极镇政府", "mediation", "232701104" }, { GOVERNMENT, "漠河市政府", "government", "232701" },
	{ GOVERNMENT, "漠河市政府", "mediation", "232701" }, { TOP_HOUSING, "地区住建局", "housing", "232700" },
	{ TOP_ECOLOGY, "地区生态环境局", "ecology", "232700" }, { TOP_CITY, "地区城管局", "city", "232700" },
	{ OTHER_CITY, "漠河市城管二局", "city", "232701" }, { HZ_GOVERNMENT, "呼中区政府", "government", "232764" },
};
static const struct dispatch_region regions[] = {
	{ "232700", NULL, "大兴安岭地区" }, { "232701", "232700", "漠河市" }, { "232764", "232700", "呼中区" },
	{ "232701104", "232701", "北极镇" }, { "LJ-TQ", "232701", "图强林业局" },
};
static const struct dispatch_duty duties[] = { { "ecology", "生态环境" }, { "city", "城市管理" }, { "housing", "住房和城乡建设" } };
static const struct dispatch_co helpers[] = {
	{ "0308", "police", 0, true }, { "0308", "ecology", 1, false }, { "0308", "city", 0, false }, { "0101", "housing", 0, false },
};
static const struct dispatch_catalogue catalogue = { matters, COUNT(matters), units, COUNT(units), regions, COUNT(regions),
	duties, COUNT(duties), helpers, COUNT(helpers) };

static struct dispatch_book *book;
static struct dispatch_ask ask;
static struct dispatch_terms terms;
static struct told told;

static int fresh(void **unused) {
	(void)unused;
	book = dispatch_book_new(&catalogue);
	ask = plain_ask("", "232701", "", "");
	terms = (struct dispatch_terms){ .version = 7, .straight = THRESHOLD, .suggest = 0.3, .practice_least = 5,
		.practice_share = 0.8, .balance = true };
	return book == NULL;
}

static int end(void **unused) {
	(void)unused;
	dispatch_book_free(book);
	return 0;
}

static int decided(void) {
	struct dispatch_policy *policy = dispatch_policy_new(&terms);
	assert_non_null(policy);
	told = told_by(book, policy, &ask);
	dispatch_policy_free(policy);
	return told.unit;
}

static bool says(const char *words) {
	return strstr(told.why, words) != NULL;
}

/* A rule that asks and says nothing yet. */
static struct dispatch_rule blank(int id, const char *name) {
	return (struct dispatch_rule){ .id = id, .name = name, .any = "", .all = "", .none = "", .place = "", .matter = "",
		.group = "", .region = "", .town = "", .set_matter = "", .duty = "", .basis = "" };
}

static int decided_by(const struct dispatch_rule *rule) {
	terms.rules = rule;
	terms.rule_count = 1;
	return decided();
}

/* ---- rules ---------------------------------------------------------------------------------------------- */

static void a_rule_of_a_matter_goes_before_ruling_practice_and_duty(void **unused) {
	(void)unused;
	const struct dispatch_precedent ruling = { "0501", "232701", POLICE, "工单DH1" };
	const struct dispatch_practice practice = { "0501", "232701", HOUSING, 12, 12 };
	struct dispatch_rule rule = blank(4, "施工噪声归城管");
	rule.matter = "0501";
	rule.unit = CITY;
	rule.basis = "城市管理执法办法第八条";
	ask.matter = "0501";
	assert_true(dispatch_book_practise(book, &practice, 1));
	assert_int_equal(decided(), HOUSING);
	assert_true(dispatch_book_rule(book, &ruling, 1));
	assert_int_equal(decided(), POLICE);
	assert_int_equal(decided_by(&rule), CITY);
	assert_int_equal(told.answer.ground, GROUND_rule);
	assert_int_equal(told.answer.rule, 4);
	assert_true(says("按分派规则第7版第4条“施工噪声归城管”由漠河市城管局承办，依据：城市管理执法办法第八条"));
}

static void words_of_a_rule_are_any_all_and_none(void **unused) {
	(void)unused;
	struct dispatch_rule rule = blank(1, "r");
	static const struct { const char *any, *all, *none, *title, *body; bool holds; } cases[] = {
		{ "工地|塔吊", "", "", "塔吊太吵", "", true }, { "工地|塔吊", "", "", "太吵", "楼下工地", true },
		{ "工地|塔吊", "", "", "太吵", "", false }, { "", "夜间|工地", "", "工地", "夜间不停", true },
		{ "", "夜间|工地", "", "工地", "白天", false }, { "工地", "", "抢修", "工地", "", true },
		{ "工地", "", "抢修", "工地", "管网抢修", false }, { "ＫＴＶ", "", "", "楼下 ktv", "", true },
		{ "工地|", "", "", "", "工，地", true }, { "|", "夜间", "", "夜间", "", true },
	};
	rule.unit = POLICE;
	for (size_t i = 0; i < COUNT(cases); i++) {
		rule.any = cases[i].any;
		rule.all = cases[i].all;
		rule.none = cases[i].none;
		ask.title = cases[i].title;
		ask.text = cases[i].body;
		assert_int_equal(decided_by(&rule) == POLICE, cases[i].holds);
	}
}

static void a_rule_asks_for_kind_place_months_and_place_words(void **unused) {
	(void)unused;
	struct dispatch_rule rule = blank(1, "r");
	rule.any = "噪声";
	rule.unit = POLICE;
	ask.title = "噪声";
	assert_int_equal(decided_by(&rule), POLICE);
	rule.kind = 3;
	assert_int_not_equal(decided_by(&rule), POLICE);
	rule.kind = 2;
	rule.region = "232764";
	assert_int_not_equal(decided_by(&rule), POLICE);
	rule.region = "232701";
	rule.town = "232701104";
	assert_int_not_equal(decided_by(&rule), POLICE);
	ask.town = "232701104";
	assert_int_equal(decided_by(&rule), POLICE);
	rule.months = 1u << 6;
	assert_int_not_equal(decided_by(&rule), POLICE);
	rule.months |= 1u << 0;
	assert_int_equal(decided_by(&rule), POLICE);
	rule.place = "北极村|圣诞村";
	assert_int_not_equal(decided_by(&rule), POLICE);
	ask.place = "北极村 3 号";
	assert_int_equal(decided_by(&rule), POLICE);
}

/* Against the clerk's calendar: day by day over the years around a century and leap days. */
static void months_are_those_of_beijing(void **unused) {
	(void)unused;
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	struct dispatch_rule rule = blank(1, "r");
	int64_t day = 0;
	rule.any = "噪声";
	rule.unit = POLICE;
	ask.title = "噪声";
	for (int year = 1970; year <= 2104; year++)
		for (int month = 0; month < 12; month++) {
			bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
			int length = lengths[month] + (month == 1 && leap);
			rule.months = 1u << month;
			ask.now_ms = day * 86400000 - 28800000;
			assert_int_equal(decided_by(&rule), POLICE);
			ask.now_ms = (day + length) * 86400000 - 28800001;
			assert_int_equal(decided_by(&rule), POLICE);
			ask.now_ms++;
			assert_int_not_equal(decided_by(&rule), POLICE);
			day += length;
		}
}

static void a_rule_without_a_matter_is_certain_and_one_with_a_guessed_matter_is_not(void **unused) {
	(void)unused;
	struct dispatch_rule rule = blank(2, "夜间施工");
	rule.any = "夜间施工";
	rule.unit = CITY;
	ask.title = "夜间施工";
	ask.text = "工地夜间施工太吵";
	assert_int_equal(decided_by(&rule), CITY);
	assert_true(told.confidence == 1.0);
	assert_true(says("“夜间施工”") && !says("把握不足"));
	rule.any = "";
	rule.group = "工程建设";
	assert_int_equal(decided_by(&rule), CITY);
	assert_true(told.confidence < 1.0);
	ask.text = ask.title = "说不清的事";
	rule.group = "";
	rule.any = "说不清";
	assert_int_equal(decided_by(&rule), CITY);
	assert_null(told.matter);
	assert_false(says("没有事项目录里的用语"));
}

static void a_rule_settles_the_matter_only_where_nobody_chose_one(void **unused) {
	(void)unused;
	struct dispatch_rule rule = blank(3, "冒烟算大气");
	rule.any = "冒烟";
	rule.set_matter = "1301";
	ask.title = "暖气不热还冒烟";
	assert_int_equal(decided_by(&rule), TOP_ECOLOGY);
	assert_string_equal(told.matter, "1301");
	assert_true(says("事项定为“大气污染”"));
	ask.matter = "0101";
	assert_int_equal(decided_by(&rule), HEATING);
	assert_string_equal(told.matter, "0101");
}

static void the_first_rule_that_holds_speaks(void **unused) {
	(void)unused;
	struct dispatch_rule rules[] = { blank(1, "甲"), blank(2, "乙"), blank(3, "丙") };
	for (size_t i = 0; i < COUNT(rules); i++)
		rules[i].any = "噪声";
	rules[0].kind = 6;
	rules[0].unit = HEATING;
	rules[1].unit = CITY;
	rules[2].unit = POLICE;
	ask.title = "噪声";
	terms.rules = rules;
	terms.rule_count = COUNT(rules);
	assert_int_equal(decided(), CITY);
	assert_int_equal(told.answer.rule, 2);
}

static void a_rule_may_name_a_duty_or_leave_it_to_people(void **unused) {
	(void)unused;
	struct dispatch_rule rule = blank(1, "归城管职责");
	rule.matter = "0305";
	rule.duty = "city";
	ask.matter = "0305";
	ask.region = "232764";
	assert_int_equal(decided_by(&rule), TOP_CITY);
	rule.duty = "";
	rule.pool = true;
	assert_int_equal(decided_by(&rule), 0);
	assert_int_equal(told.answer.band, BAND_pool);
	assert_true(says("转人工派单"));
	rule.pool = false;
	rule.unit = 999;
	assert_int_equal(decided_by(&rule), 0);
	assert_true(says("规则指定的单位不在，请人工派单"));
}

/* ---- practice, fallback, levels ---------------------------------------------------------------------------- */

static void clear_practice_goes_before_duty_and_is_told_as_a_number(void **unused) {
	(void)unused;
	struct dispatch_practice practice = { "0501", "232701", CITY, 12, 12 };
	ask.matter = "0501";
	assert_true(dispatch_book_practise(book, &practice, 1));
	assert_int_equal(decided(), CITY);
	assert_int_equal(told.answer.ground, GROUND_practice);
	assert_true(says("本县区近一年同类 12 件均由漠河市城管局办理"));
	practice = (struct dispatch_practice){ "0501", "232701", CITY, 9, 12 };
	assert_true(dispatch_book_practise(book, &practice, 1));
	assert_int_equal(decided(), HOUSING);
	practice = (struct dispatch_practice){ "0501", "232701", CITY, 4, 4 };
	assert_true(dispatch_book_practise(book, &practice, 1));
	assert_int_equal(decided(), HOUSING);
	practice = (struct dispatch_practice){ "0501", "232701", HOUSING, 3, 4 };
	assert_true(dispatch_book_practise(book, &practice, 1));
	assert_int_equal(decided(), HOUSING);
	assert_true(says("本县区近一年同类 4 件中 3 件由该单位办理"));
	practice = (struct dispatch_practice){ "0501", "232764", CITY, 12, 12 };
	assert_true(dispatch_book_practise(book, &practice, 1));
	assert_int_equal(decided(), HOUSING);
}

static void a_county_without_the_department_falls_back_by_the_most_particular_row(void **unused) {
	(void)unused;
	struct dispatch_fallback rows[] = {
		{ "", "", WAY_SUPERIOR, 0 }, { "", "ecology", WAY_UNIT, TOP_CITY }, { "232764", "", WAY_UNIT, POLICE },
		{ "232764", "ecology", WAY_GOVERNMENT, 0 },
	};
	static const int expected[] = { TOP_ECOLOGY, TOP_CITY, POLICE, HZ_GOVERNMENT };
	ask.matter = "1301";
	ask.region = "232764";
	assert_int_equal(decided(), TOP_ECOLOGY);
	assert_true(says("呼中区没有承担“生态环境”职责的单位，由上级主管单位地区生态环境局承办"));
	terms.fallbacks = rows;
	for (size_t i = 0; i < COUNT(rows); i++) {
		terms.fallback_count = i + 1;
		assert_int_equal(decided(), expected[i]);
		assert_int_equal(told.answer.ground, GROUND_fallback);
	}
	assert_true(says("呼中区没有承担“生态环境”职责的单位，按分派规则第7版由呼中区政府承办"));
	ask.matter = "0305";
	ask.region = "232701";
	assert_int_equal(decided(), HOUSING);
	assert_int_equal(told.answer.ground, GROUND_duty);
}

static void a_matter_of_the_township_goes_there_if_it_has_a_unit_and_else_to_the_county(void **unused) {
	(void)unused;
	ask.matter = "0704";
	ask.town = "232701104";
	assert_int_equal(decided(), TOWN);
	assert_int_equal(told.answer.level, 2);
	ask.town = "232701103";
	assert_int_equal(decided(), GOVERNMENT);
	assert_int_equal(told.answer.level, 0);
	ask.matter = "0305";
	ask.region = "232700";
	assert_int_equal(decided(), TOP_HOUSING);
	assert_int_equal(told.answer.level, 1);
	assert_int_equal(told.answer.ground, GROUND_duty);
}

/* ---- fairness ---------------------------------------------------------------------------------------------- */

static void a_stand_in_takes_for_as_long_as_the_unit_is_away(void **unused) {
	(void)unused;
	struct dispatch_absence away[] = {
		{ HOUSING, CITY, ask.now_ms, ask.now_ms + 10, "搬迁" }, { CITY, POLICE, ask.now_ms + 5, ask.now_ms + 10, "培训" },
		{ POLICE, HOUSING, ask.now_ms + 9, ask.now_ms + 10, "换届" },
	};
	ask.matter = "0305";
	assert_true(dispatch_book_excuse(book, away, COUNT(away)));
	assert_int_equal(decided(), CITY);
	assert_true(says("由漠河市住建局承办；该单位不在岗（搬迁），由漠河市城管局代办"));
	ask.now_ms += 5;
	assert_int_equal(decided(), POLICE);
	ask.now_ms += 4;
	assert_int_equal(decided(), 0);
	assert_true(says("代办单位也不在，请人工派单"));
	ask.now_ms += 1;
	assert_int_equal(decided(), HOUSING);
	ask.now_ms -= 11;
	assert_int_equal(decided(), HOUSING);
}

static void of_several_holders_the_less_loaded_one_that_is_there_takes(void **unused) {
	(void)unused;
	struct dispatch_load loads[] = { { CITY, 8, 0, true }, { OTHER_CITY, 7, 0, true } };
	const struct dispatch_desk desks[] = { { CITY, 40, "" }, { OTHER_CITY, 10, "" } };
	const struct dispatch_absence away = { CITY, HOUSING, 0, INT64_MAX, "x" };
	const int barred[] = { OTHER_CITY };
	ask.matter = "0308";
	assert_int_equal(decided(), CITY);
	assert_true(dispatch_book_weigh(book, loads, COUNT(loads)));
	assert_int_equal(decided(), OTHER_CITY);
	assert_true(says("同职责 2 个单位中在办较少"));
	terms.desks = desks;
	terms.desk_count = COUNT(desks);
	assert_int_equal(decided(), CITY);
	assert_true(dispatch_book_excuse(book, &away, 1));
	assert_int_equal(decided(), OTHER_CITY);
	terms.balance = false;
	assert_true(dispatch_book_excuse(book, NULL, 0));
	assert_int_equal(decided(), CITY);
	terms.balance = true;
	terms.desk_count = 0;
	ask.not_units = barred;
	ask.not_count = 1;
	assert_int_equal(decided(), CITY);
}

static void overload_is_told_and_changes_nothing(void **unused) {
	(void)unused;
	struct dispatch_load load = { HOUSING, 30, 12, true };
	struct dispatch_desk desk = { HOUSING, 30, "" };
	ask.matter = "0305";
	assert_true(dispatch_book_weigh(book, &load, 1));
	assert_int_equal(decided(), HOUSING);
	assert_true(says("在办 30 件，已达 24 件（职责不因此改变）"));
	terms.desks = &desk;
	terms.desk_count = 1;
	assert_int_equal(decided(), HOUSING);
	assert_true(says("已达 30 件"));
	desk.most = 31;
	decided();
	assert_false(says("已达"));
	load.staffed = false;
	assert_true(dispatch_book_weigh(book, &load, 1));
	assert_int_equal(decided(), HOUSING);
	assert_true(says("没有可登录的经办账号"));
}

static void what_is_urgent_outside_hours_asks_for_the_duty_telephone(void **unused) {
	(void)unused;
	const struct dispatch_desk desk = { HOUSING, 0, "0457-2130000" };
	ask.matter = "0305";
	ask.office_open = false;
	decided();
	assert_false(told.answer.outside_hours);
	ask.urgency = 1;
	assert_int_equal(decided(), HOUSING);
	assert_true(told.answer.outside_hours && says("请电话通知该单位值班人员"));
	terms.desks = &desk;
	terms.desk_count = 1;
	decided();
	assert_true(says("请拨值班电话 0457-2130000"));
	ask.office_open = true;
	decided();
	assert_false(told.answer.outside_hours);
}

/* ---- 协办 ----------------------------------------------------------------------------------------------------- */

static void helpers_are_sent_or_proposed_by_the_catalogue_and_sent_by_rules(void **unused) {
	(void)unused;
	struct dispatch_rule rule = blank(1, "住建一起");
	const struct dispatch_absence away = { POLICE, GOVERNMENT, 0, INT64_MAX, "x" };
	rule.matter = "0308";
	rule.cos[0] = HOUSING;
	rule.cos[1] = POLICE;
	rule.cos[2] = CITY;
	ask.matter = "0308";
	assert_int_equal(decided(), CITY);
	assert_int_equal(told.answer.co_count, 1);
	assert_int_equal(told.answer.cos[0], POLICE);
	assert_int_equal(told.answer.proposed_count, 1);
	assert_int_equal(told.answer.proposed[0], TOP_ECOLOGY);
	assert_int_equal(decided_by(&rule), CITY);
	assert_int_equal(told.answer.co_count, 2);
	assert_int_equal(told.answer.cos[0], HOUSING);
	assert_int_equal(told.answer.cos[1], POLICE);
	assert_true(dispatch_book_excuse(book, &away, 1));
	decided();
	assert_int_equal(told.answer.cos[1], GOVERNMENT);
}

/* ---- bands and the learned model ---------------------------------------------------------------------------- */

static void the_two_thresholds_make_three_bands(void **unused) {
	(void)unused;
	ask.title = "路灯";
	decided();
	double sure = told.confidence;
	assert_true(sure > 0 && sure < 1);
	terms.straight = sure;
	terms.suggest = sure / 2;
	assert_int_equal(decided(), HOUSING);
	terms.straight = sure + 0.001;
	assert_int_equal(decided(), 0);
	assert_int_equal(told.answer.band, BAND_suggest);
	assert_int_equal(told.answer.unit, HOUSING);
	terms.suggest = sure + 0.001;
	decided();
	assert_int_equal(told.answer.band, BAND_pool);
	assert_int_equal(told.answer.candidates[0].unit, HOUSING);
}

static void a_model_alone_decides_where_the_words_are_silent(void **unused) {
	(void)unused;
	const struct dispatch_guess guesses[] = { { "0101", 0.7 }, { "9999", 0.2 }, { "0305", 0.1 } };
	ask.title = "冻得睡不着";
	assert_int_equal(decided(), 0);
	ask.guesses = guesses;
	ask.guess_count = COUNT(guesses);
	ask.model = 5;
	assert_int_equal(decided(), HEATING);
	assert_true(told.confidence == 0.7);
	assert_true(says("学习模型第5版按历史工单判断为“室温不达标”的可能为70%"));
	assert_int_equal(told.answer.candidate_count, 2);
	assert_int_equal(told.answer.candidates[1].unit, HOUSING);
}

static void guesses_of_one_unit_add_up(void **unused) {
	(void)unused;
	const struct dispatch_guess guesses[] = { { "0501", 0.35 }, { "0305", 0.30 }, { "0101", 0.34 } };
	ask.title = "嗯";
	ask.guesses = guesses;
	ask.guess_count = COUNT(guesses);
	assert_int_equal(decided(), HOUSING);
	assert_true(told.confidence > 0.649 && told.confidence < 0.651);
	assert_string_equal(told.matter, "0501");
}

static void words_and_model_that_agree_are_as_sure_as_the_surer_and_else_share(void **unused) {
	(void)unused;
	struct dispatch_guess guess = { "0101", 0.9 };
	ask.title = "暖气不热";
	decided();
	double words = told.confidence;
	ask.guesses = &guess;
	ask.guess_count = 1;
	assert_int_equal(decided(), HEATING);
	assert_true(told.confidence >= 0.9 && told.confidence >= words);
	guess = (struct dispatch_guess){ "0305", 0.9 };
	decided();
	assert_true(told.confidence < 0.9 && told.confidence < words + 0.6);
	assert_int_equal(told.answer.candidates[0].unit, HOUSING);
	assert_int_equal(told.answer.candidates[1].unit, HEATING);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh, end)

int main(void) {
	const struct CMUnitTest tests[] = {
		TEST(a_rule_of_a_matter_goes_before_ruling_practice_and_duty),
		TEST(words_of_a_rule_are_any_all_and_none),
		TEST(a_rule_asks_for_kind_place_months_and_place_words),
		TEST(months_are_those_of_beijing),
		TEST(a_rule_without_a_matter_is_certain_and_one_with_a_guessed_matter_is_not),
		TEST(a_rule_settles_the_matter_only_where_nobody_chose_one),
		TEST(the_first_rule_that_holds_speaks),
		TEST(a_rule_may_name_a_duty_or_leave_it_to_people),
		TEST(clear_practice_goes_before_duty_and_is_told_as_a_number),
		TEST(a_county_without_the_department_falls_back_by_the_most_particular_row),
		TEST(a_matter_of_the_township_goes_there_if_it_has_a_unit_and_else_to_the_county),
		TEST(a_stand_in_takes_for_as_long_as_the_unit_is_away),
		TEST(of_several_holders_the_less_loaded_one_that_is_there_takes),
		TEST(overload_is_told_and_changes_nothing),
		TEST(what_is_urgent_outside_hours_asks_for_the_duty_telephone),
		TEST(helpers_are_sent_or_proposed_by_the_catalogue_and_sent_by_rules),
		TEST(the_two_thresholds_make_three_bands),
		TEST(a_model_alone_decides_where_the_words_are_silent),
		TEST(guesses_of_one_unit_add_up),
		TEST(words_and_model_that_agree_are_as_sure_as_the_surer_and_else_share),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
