/* Dispatches by precedents of rulings (裁定先例), and never to a unit whose 退单 was agreed to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "dispatch_told.h"

enum { HEATING = 10, HOUSING = 11, TRAFFIC = 12, PREFECTURE_HOUSING = 20, ELSEWHERE = 30 };

static const struct dispatch_matter matters[] = {
	{ "0101", "室温不达标", "供热供暖", "暖气不热|屋里冷|室温低", "heating", 0 },
	{ "0305", "市政设施", "城市管理", "井盖缺失|路灯不亮|道路破损", "housing", 0 },
	{ "0701", "公路养护", "交通运输", "坑槽|公路塌陷", "traffic", 0 },
	{ "1807", "气象", "应急", "天气预报|雷电", "weather", 1 },
};

static const struct dispatch_unit units[] = {
	{ HEATING, "漠河供热公司", "heating", "232701" },
	{ HOUSING, "漠河市住房和城乡建设局", "housing", "232701" },
	{ TRAFFIC, "漠河市交通运输局", "traffic", "232701" },
	{ PREFECTURE_HOUSING, "地区住房和城乡建设局", "housing", "232700" },
	{ ELSEWHERE, "呼中区供热站", "heating", "232722" },
};

static const struct dispatch_region regions[] = {
	{ "232700", NULL, "大兴安岭地区" }, { "232701", "232700", "漠河市" }, { "232722", "232700", "塔河县" },
};
static const struct dispatch_catalogue catalogue = { matters, COUNT(matters), units, COUNT(units),
	regions, COUNT(regions), NULL, 0, NULL, 0 };
static struct dispatch_policy *policy;

static struct dispatch_book *book;

static int book_open(void **unused) {
	(void)unused;
	book = dispatch_book_new(&catalogue);
	policy = plain_policy(THRESHOLD);
	return book == NULL;
}

static int book_close(void **unused) {
	(void)unused;
	dispatch_policy_free(policy);
	dispatch_book_free(book);
	return 0;
}

static void rule(const struct dispatch_precedent *precedents, size_t count) {
	assert_true(dispatch_book_rule(book, precedents, count));
}

static struct told decide_without(const char *matter, const char *region, const char *title,
                                             const int *not_units, size_t not_count) {
	struct dispatch_ask ask = plain_ask(matter, region, title, title);
	ask.not_units = not_units;
	ask.not_count = not_count;
	return told_by(book, policy, &ask);
}

static struct told decide(const char *matter, const char *region, const char *title) {
	return decide_without(matter, region, title, NULL, 0);
}

static const struct dispatch_precedent road = { "0305", "232701", TRAFFIC, "工单DH1：国道路面由交通部门养护" };

static void a_ruling_goes_before_the_duty_and_is_named_in_the_reason(void **unused) {
	(void)unused;
	rule(NULL, 0);
	assert_int_equal(decide("0305", "232701", "").unit, HOUSING);
	rule(&road, 1);
	struct told answer = decide("0305", "232701", "");
	assert_int_equal(answer.unit, TRAFFIC);
	assert_true(answer.confidence == 1.0);
	assert_string_equal(answer.why, "事项“市政设施”由话务员选定；按裁定先例由漠河市交通运输局承办"
	                                "（工单DH1：国道路面由交通部门养护）");
}

static void a_ruling_holds_for_a_matter_that_was_found_by_its_words_too(void **unused) {
	(void)unused;
	rule(NULL, 0);
	struct told before = decide(NULL, "232701", "路灯不亮，井盖缺失");
	rule(&road, 1);
	struct told answer = decide(NULL, "232701", "路灯不亮，井盖缺失");
	assert_int_equal(before.unit, HOUSING);
	assert_int_equal(answer.unit, TRAFFIC);
	assert_string_equal(answer.matter, "0305");
	assert_true(answer.confidence == before.confidence && answer.confidence < 1.0);
	assert_non_null(strstr(answer.why, "裁定先例"));
}

static void a_ruling_holds_in_its_own_county_and_for_its_own_matter_only(void **unused) {
	(void)unused;
	rule(&road, 1);
	assert_int_equal(decide("0305", "232722", "").unit, PREFECTURE_HOUSING);
	assert_int_equal(decide("0101", "232701", "").unit, HEATING);
	assert_int_equal(decide("0101", "232722", "").unit, ELSEWHERE);
}

static void a_ruling_gives_a_unit_to_a_matter_that_nobody_holds(void **unused) {
	(void)unused;
	const struct dispatch_precedent weather = { "1807", "232701", HOUSING, "工单DH2：由住建部门牵头" };
	rule(NULL, 0);
	assert_int_equal(decide("1807", "232701", "").unit, 0);
	rule(&weather, 1);
	assert_int_equal(decide("1807", "232701", "").unit, HOUSING);
}

/* Two matters of one unit are no rivals: what a ruling moved to another unit is one, and the other way round. */
static void rulings_decide_which_matters_are_rivals(void **unused) {
	(void)unused;
	static const char both[] = "路灯不亮，公路塌陷";
	rule(NULL, 0);
	assert_int_equal(decide(NULL, "232701", both).unit, 0);
	rule(&road, 1);
	struct told answer = decide(NULL, "232701", both);
	assert_int_equal(answer.unit, TRAFFIC);
}

static void new_rulings_replace_all_earlier_ones(void **unused) {
	(void)unused;
	const struct dispatch_precedent others[] = {
		{ "0701", "232701", HOUSING, "丙" }, { "0101", "232701", HOUSING, "乙" }, { "0101", "232722", HEATING, "甲" },
	};
	rule(&road, 1);
	rule(others, COUNT(others));
	assert_int_equal(decide("0305", "232701", "").unit, HOUSING);
	assert_int_equal(decide("0701", "232701", "").unit, HOUSING);
	assert_int_equal(decide("0101", "232701", "").unit, HOUSING);
	assert_int_equal(decide("0101", "232722", "").unit, HEATING);
	rule(NULL, 0);
	assert_int_equal(decide("0101", "232701", "").unit, HEATING);
}

static void rulings_for_unknown_units_and_matters_are_left_out(void **unused) {
	(void)unused;
	const struct dispatch_precedent strangers[] = {
		{ "0305", "232701", 999, "已撤销的单位" }, { "9999", "232701", HOUSING, "已停用的事项" }, { "0101", "232701", TRAFFIC, "有效" },
	};
	rule(strangers, COUNT(strangers));
	assert_int_equal(decide("0305", "232701", "").unit, HOUSING);
	assert_int_equal(decide("0101", "232701", "").unit, TRAFFIC);
}

static void a_book_keeps_its_own_copy_of_the_rulings(void **unused) {
	(void)unused;
	char matter[] = "0305", region[] = "232701", why[] = "工单DH3：理由";
	const struct dispatch_precedent precedent = { matter, region, TRAFFIC, why };
	rule(&precedent, 1);
	memset(matter, 'x', sizeof(matter) - 1);
	memset(region, 'x', sizeof(region) - 1);
	memset(why, 'x', sizeof(why) - 1);
	struct told answer = decide("0305", "232701", "");
	assert_int_equal(answer.unit, TRAFFIC);
	assert_non_null(strstr(answer.why, "工单DH3：理由"));
}

static void a_very_long_ruling_is_cut_at_a_whole_character(void **unused) {
	(void)unused;
	static char why[2000];
	for (size_t length = 100; length < 600; length++) {
		memset(why, 0, sizeof(why));
		for (size_t i = 0; i < length; i++)
			memcpy(why + 3 * i, "由", 3);
		const struct dispatch_precedent precedent = { "0305", "232701", TRAFFIC, why };
		rule(&precedent, 1);
		assert_int_equal(decide("0305", "232701", "").unit, TRAFFIC);
	}
}

static void a_unit_whose_return_was_agreed_to_is_not_chosen_again(void **unused) {
	(void)unused;
	const int barred[] = { TRAFFIC, HOUSING };
	rule(NULL, 0);
	struct told given = decide_without("0305", "232701", "", barred, COUNT(barred));
	assert_int_equal(given.unit, 0);
	assert_true(given.confidence == 0);
	assert_string_equal(given.matter, "0305");
	assert_non_null(strstr(given.why, "漠河市住房和城乡建设局的退单已经同意，请人工派单"));
	struct told found = decide_without(NULL, "232701", "路灯不亮，井盖缺失", barred, COUNT(barred));
	assert_int_equal(found.unit, 0);
	assert_non_null(strstr(found.why, "请人工派单"));
	assert_int_equal(decide_without("0101", "232701", "", barred, COUNT(barred)).unit, HEATING);
	assert_int_equal(decide_without("0305", "232701", "", barred, 1).unit, HOUSING);
}

static void a_precedent_does_not_bring_a_barred_unit_back(void **unused) {
	(void)unused;
	const int barred[] = { TRAFFIC };
	rule(&road, 1);
	struct told answer = decide_without("0305", "232701", "", barred, COUNT(barred));
	assert_int_equal(answer.unit, 0);
	assert_non_null(strstr(answer.why, "退单已经同意"));
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ruling_goes_before_the_duty_and_is_named_in_the_reason),
		cmocka_unit_test(a_ruling_holds_for_a_matter_that_was_found_by_its_words_too),
		cmocka_unit_test(a_ruling_holds_in_its_own_county_and_for_its_own_matter_only),
		cmocka_unit_test(a_ruling_gives_a_unit_to_a_matter_that_nobody_holds),
		cmocka_unit_test(rulings_decide_which_matters_are_rivals),
		cmocka_unit_test(new_rulings_replace_all_earlier_ones),
		cmocka_unit_test(rulings_for_unknown_units_and_matters_are_left_out),
		cmocka_unit_test(a_book_keeps_its_own_copy_of_the_rulings),
		cmocka_unit_test(a_very_long_ruling_is_cut_at_a_whole_character),
		cmocka_unit_test(a_unit_whose_return_was_agreed_to_is_not_chosen_again),
		cmocka_unit_test(a_precedent_does_not_bring_a_barred_unit_back),
	};
	return cmocka_run_group_tests(tests, book_open, book_close);
}
