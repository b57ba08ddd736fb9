/* Dispatches made-up requests by a small made-up book, and asks for the reasons. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "dispatch_told.h"

static const struct dispatch_matter matters[] = {
	{ "0101", "室温不达标", "供热供暖", "暖气不热|屋里冷|室温低", "heating", 0 },
	{ "0103", "供热收费", "供热供暖", "热费退费|报停费", "heating", 0 },
	{ "0305", "市政设施", "城市管理", "井盖缺失|路灯不亮|道路破损", "housing", 0 },
	{ "0308", "噪声(社会生活)", "城市管理", "广场舞|商业音响|大喇叭", "cityadmin", 0 },
	{ "0404", "电梯故障", "住房与物业", "电梯停运|电梯困人", "market", 0 },
	{ "0901", "拖欠工资", "劳动就业", "农民工工资|讨薪|不给工钱", "labor", 0 },
	{ "1002", "急救与突发疾病", "卫生健康", "急救车|120", "health", 1 },
	{ "1101", "入学与学籍", "教育", "转学|学区|小升初", "education", 1 },
	{ "1604", "文化市场", "文体旅游", "网吧|KTV", "culture", 0 },
	{ "1807", "气象", "应急", "天气预报|雷电", "weather", 1 },
};

static const struct dispatch_unit units[] = {
	{ 10, "漠河供热公司", "heating", "232701" },
	{ 11, "漠河市住房和城乡建设局", "housing", "232701" },
	{ 11, "漠河市住房和城乡建设局", "cityadmin", "232701" },
	{ 12, "漠河市人力资源和社会保障局", "labor", "232701" },
	{ 13, "漠河市教育局", "education", "232701" },
	{ 14, "漠河市卫生健康局", "health", "232701" },
	{ 20, "地区住房和城乡建设局", "housing", "232700" },
	{ 21, "地区市场监管局", "market", "232700" },
	{ 22, "地区教育局", "education", "232700" },
	{ 23, "地区文体广电和旅游局", "culture", "232700" },
	{ 31, "第二供热公司", "heating", "232722" },
	{ 30, "第一供热公司", "heating", "232722" },
};

static const struct dispatch_region regions[] = {
	{ "232700", NULL, "大兴安岭地区" }, { "232701", "232700", "漠河市" }, { "232722", "232700", "塔河县" },
	{ "LJ-TQ", "232701", "图强林业局" }, { "ring-a", "ring-b", "甲" }, { "ring-b", "ring-a", "乙" },
};

static const struct dispatch_duty duties[] = { { "heating", "供热" }, { "market", "市场监管" } };

static const struct dispatch_catalogue catalogue = { matters, COUNT(matters), units, COUNT(units),
	regions, COUNT(regions), duties, COUNT(duties), NULL, 0 };

static struct dispatch_book *book;
static struct dispatch_policy *policy;

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

static struct told decide(const char *matter, const char *region, const char *title, const char *text) {
	struct dispatch_ask ask = plain_ask(matter, region, title, text);
	return told_by(book, policy, &ask);
}

static void a_duty_is_looked_for_in_the_county_and_then_upwards(void **unused) {
	(void)unused;
	assert_int_equal(dispatch_unit_for(book, "housing", "232701", 0), 11);
	assert_int_equal(dispatch_unit_for(book, "housing", "LJ-TQ", 0), 11);
	assert_int_equal(dispatch_unit_for(book, "housing", "232722", 0), 20);
	assert_int_equal(dispatch_unit_for(book, "market", "LJ-TQ", 0), 21);
	assert_int_equal(dispatch_unit_for(book, "labor", "232722", 0), 0);
	assert_int_equal(dispatch_unit_for(book, "nothing", "232701", 0), 0);
}

static void prefecture_matters_go_to_the_prefecture_first_and_else_to_the_county(void **unused) {
	(void)unused;
	assert_int_equal(dispatch_unit_for(book, "education", "232701", 0), 13);
	assert_int_equal(dispatch_unit_for(book, "education", "232701", 1), 22);
	assert_int_equal(dispatch_unit_for(book, "education", "LJ-TQ", 1), 22);
	assert_int_equal(dispatch_unit_for(book, "health", "LJ-TQ", 1), 14);
}

static void of_several_holders_the_lowest_number_is_taken(void **unused) {
	(void)unused;
	assert_int_equal(dispatch_unit_for(book, "heating", "232722", 0), 30);
}

static void unknown_regions_and_rings_of_regions_end_with_nobody(void **unused) {
	(void)unused;
	assert_int_equal(dispatch_unit_for(book, "housing", "999999", 0), 0);
	assert_int_equal(dispatch_unit_for(book, "housing", "", 1), 0);
	assert_int_equal(dispatch_unit_for(book, "housing", "ring-a", 0), 0);
	assert_int_equal(dispatch_unit_for(book, "housing", "ring-a", 1), 0);
}

static void a_matter_chosen_by_a_person_is_certain(void **unused) {
	(void)unused;
	struct told answer = decide("0101", "232701", "转学", "孩子转学");
	assert_int_equal(answer.unit, 10);
	assert_string_equal(answer.matter, "0101");
	assert_true(answer.confidence == 1.0);
	assert_string_equal(answer.why, "事项“室温不达标”由话务员选定；“供热”职责由漠河供热公司承办");
}

static void when_the_county_has_no_unit_the_reason_names_the_superior(void **unused) {
	(void)unused;
	struct told answer = decide("0404", "LJ-TQ", "", "");
	assert_int_equal(answer.unit, 21);
	assert_string_equal(answer.why, "事项“电梯故障”由话务员选定；图强林业局没有承担“市场监管”职责的单位，由上级主管单位地区市场监管局承办");
}

static void a_chosen_matter_without_any_unit_goes_to_the_pool(void **unused) {
	(void)unused;
	struct told answer = decide("1807", "232701", "", "");
	assert_int_equal(answer.unit, 0);
	assert_string_equal(answer.matter, "1807");
	assert_non_null(strstr(answer.why, "请人工派单"));
}

static void an_unknown_code_counts_as_no_matter_and_the_text_decides(void **unused) {
	(void)unused;
	static const char *const codes[] = { NULL, "", "9999" };
	for (size_t i = 0; i < COUNT(codes); i++) {
		struct told answer = decide(codes[i], "232701", "小区路灯不亮", "路灯坏了一个月没人修");
		assert_int_equal(answer.unit, 11);
		assert_string_equal(answer.matter, "0305");
	}
}

static void clear_words_find_their_matter_and_are_named_in_the_reason(void **unused) {
	(void)unused;
	static const struct { const char *title, *text, *matter, *word; int unit; } cases[] = {
		{ "家里暖气不热", "屋里冷，孩子都感冒了", "0101", "暖气不热", 10 },
		{ "要求退供热收费", "报停费交了还收热费", "0103", "供热收费", 10 },
		{ "工地拖欠工资", "干了半年不给工钱", "0901", "拖欠工资", 12 },
		{ "楼下广场舞", "大喇叭放到十点，商业音响太响", "0308", "广场舞", 11 },
		{ "电梯困人", "电梯停运三天", "0404", "电梯困人", 21 },
		{ "想给孩子转学", "不知道学区怎么划，小升初怎么办", "1101", "转学", 22 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct told answer = decide(NULL, "232701", cases[i].title, cases[i].text);
		assert_string_equal(answer.matter, cases[i].matter);
		assert_int_equal(answer.unit, cases[i].unit);
		assert_non_null(strstr(answer.why, cases[i].word));
		assert_non_null(strstr(answer.why, "把握"));
	}
}

static void full_width_and_capital_letters_make_no_difference(void **unused) {
	(void)unused;
	struct told answer = decide(NULL, "232701", "ｋｔｖ太吵", "楼下 K-T-V 和网吧");
	assert_string_equal(answer.matter, "1604");
}

static void a_number_is_found_only_where_it_stands_alone(void **unused) {
	(void)unused;
	assert_null(decide(NULL, "232701", "欠我1200元", "").matter);
	assert_string_equal(decide(NULL, "232701", "打了120没人来", "").matter, "1002");
}

static void a_text_without_any_word_of_the_catalogue_goes_to_the_pool(void **unused) {
	(void)unused;
	static const char *const texts[] = { "", "您好", "，。！", "\xff\xfe\x80", "asdf" };
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct told answer = decide(NULL, "232701", texts[i], texts[i]);
		assert_int_equal(answer.unit, 0);
		assert_null(answer.matter);
		assert_true(answer.confidence == 0);
		assert_non_null(strstr(answer.why, "请人工派单"));
	}
}

static void two_matters_of_two_units_are_left_to_people_with_both_as_reasons(void **unused) {
	(void)unused;
	struct told answer = decide(NULL, "232701", "暖气不热，电梯停运", "");
	assert_int_equal(answer.unit, 0);
	assert_non_null(strstr(answer.why, "室温不达标"));
	assert_non_null(strstr(answer.why, "电梯故障"));
	assert_non_null(strstr(answer.why, "请人工派单"));
}

static void two_matters_of_one_unit_are_no_reason_for_doubt(void **unused) {
	(void)unused;
	struct told one = decide(NULL, "232701", "路灯不亮", "井盖缺失");
	struct told two = decide(NULL, "232701", "路灯不亮，广场舞", "井盖缺失，大喇叭");
	assert_int_equal(two.unit, 11);
	assert_true(two.confidence == one.confidence);
}

static void the_threshold_alone_decides_what_goes_straight_through(void **unused) {
	(void)unused;
	struct dispatch_ask ask = plain_ask(NULL, "232701", "路灯", "路灯不亮");
	struct dispatch_policy *lax = plain_policy(0), *strict = plain_policy(1);
	struct told sure = told_by(book, policy, &ask), all = told_by(book, lax, &ask), none = told_by(book, strict, &ask);
	assert_int_equal(all.unit, 11);
	assert_int_equal(none.unit, 0);
	assert_int_equal(none.answer.unit, 11);
	assert_int_equal(none.answer.band, BAND_suggest);
	assert_true(all.confidence == sure.confidence && none.confidence == sure.confidence);
	dispatch_policy_free(lax);
	dispatch_policy_free(strict);
}

static void the_same_question_gets_the_same_answer_to_the_byte(void **unused) {
	(void)unused;
	struct told first = decide(NULL, "232701", "暖气不热", "路灯不亮，屋里冷");
	for (int i = 0; i < 100; i++) {
		struct dispatch_book *other = dispatch_book_new(&catalogue);
		struct dispatch_ask ask = plain_ask(NULL, "232701", "暖气不热", "路灯不亮，屋里冷");
		struct told again = told_by(other, policy, &ask);
		assert_int_equal(again.unit, first.unit);
		assert_string_equal(again.matter, first.matter);
		assert_string_equal(again.why, first.why);
		assert_true(again.confidence == first.confidence);
		dispatch_book_free(other);
	}
}

static void text_after_the_part_that_is_read_does_no_harm(void **unused) {
	(void)unused;
	static char body[60000];
	char *at = body;
	while (at < body + sizeof(body) - 32)
		at += sprintf(at, "路灯不亮又停了，");
	assert_string_equal(decide(NULL, "232701", body, body).matter, "0305");
}

static void very_long_names_are_cut_at_a_whole_character(void **unused) {
	(void)unused;
	for (size_t length = 100; length < 300; length++) {
		char name[1000] = "";
		for (size_t i = 0; i < length; i++)
			strcat(name, "局");
		const struct dispatch_matter matter = { "1", "路灯", "城市", "路灯", "d", 0 };
		const struct dispatch_unit unit = { 1, name, "d", "r" };
		const struct dispatch_region region = { "r", NULL, "r" };
		const struct dispatch_catalogue one = { &matter, 1, &unit, 1, &region, 1, NULL, 0, NULL, 0 };
		struct dispatch_book *small = dispatch_book_new(&one);
		struct dispatch_ask ask = plain_ask("1", "r", "", "");
		struct told answer = told_by(small, policy, &ask);
		assert_true(length < 160 || strlen(answer.answer.reasons[1]) >= DISPATCH_WHY - 4);
		char note[DISPATCH_WHY];
		dispatch_note(&answer.answer, note, 64 + length % 7);
		assert_true(text_is_valid(note, strlen(note), NULL));
		dispatch_book_free(small);
	}
}

static void an_empty_book_sends_everything_to_the_pool(void **unused) {
	(void)unused;
	struct dispatch_book *empty = dispatch_book_new(&(struct dispatch_catalogue){ 0 });
	struct dispatch_ask ask = plain_ask("0101", "232701", "暖气不热", "暖气不热");
	struct told answer = told_by(empty, policy, &ask);
	assert_int_equal(answer.unit, 0);
	assert_null(answer.matter);
	assert_int_equal(dispatch_unit_for(empty, "heating", "232701", 0), 0);
	dispatch_book_free(empty);
	dispatch_book_free(NULL);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_duty_is_looked_for_in_the_county_and_then_upwards),
		cmocka_unit_test(prefecture_matters_go_to_the_prefecture_first_and_else_to_the_county),
		cmocka_unit_test(of_several_holders_the_lowest_number_is_taken),
		cmocka_unit_test(unknown_regions_and_rings_of_regions_end_with_nobody),
		cmocka_unit_test(a_matter_chosen_by_a_person_is_certain),
		cmocka_unit_test(when_the_county_has_no_unit_the_reason_names_the_superior),
		cmocka_unit_test(a_chosen_matter_without_any_unit_goes_to_the_pool),
		cmocka_unit_test(an_unknown_code_counts_as_no_matter_and_the_text_decides),
		cmocka_unit_test(clear_words_find_their_matter_and_are_named_in_the_reason),
		cmocka_unit_test(full_width_and_capital_letters_make_no_difference),
		cmocka_unit_test(a_number_is_found_only_where_it_stands_alone),
		cmocka_unit_test(a_text_without_any_word_of_the_catalogue_goes_to_the_pool),
		cmocka_unit_test(two_matters_of_two_units_are_left_to_people_with_both_as_reasons),
		cmocka_unit_test(two_matters_of_one_unit_are_no_reason_for_doubt),
		cmocka_unit_test(the_threshold_alone_decides_what_goes_straight_through),
		cmocka_unit_test(the_same_question_gets_the_same_answer_to_the_byte),
		cmocka_unit_test(text_after_the_part_that_is_read_does_no_harm),
		cmocka_unit_test(very_long_names_are_cut_at_a_whole_character),
		cmocka_unit_test(an_empty_book_sends_everything_to_the_pool),
	};
	return cmocka_run_group_tests(tests, book_open, book_close);
}
