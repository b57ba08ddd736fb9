/* Compares the words of the hotline with lists written by hand: what is stored and sent must never change. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "../../routing/flow.h"
#include "../../routing/terms.h"
#include "../../routing/text.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Each list told again: number=name, in order. */
static const struct { enum term_list list; const char *name, *term, *words; } expected[] = {
	{ TERMS_KIND, "kind", "诉求类型", "1=consult 2=help 3=complaint 4=report 5=suggest 6=praise" },
	{ TERMS_URGENCY, "urgency", "紧急程度", "0=normal 1=urgent 2=critical" },
	{ TERMS_SECRECY, "secrecy", "保密程度", "0=open 1=guarded 2=sealed" },
	{ TERMS_CHANNEL, "channel", "来源渠道", "1=phone 2=web 3=app 4=wechat 5=police 6=import 7=warning "
		"11=platform 12=mailbox 13=window 14=elsewhere 15=open311" },
	{ TERMS_GRADE, "grade", "评价等级", "1=very_bad 2=bad 3=fair 4=good 5=very_good" },
	{ TERMS_ROLE, "role", "角色", "1=agent 2=handler 4=supervisor 8=admin 16=system 32=citizen" },
	{ TERMS_SEAT, "seat", "坐席状态", "0=offline 1=busy 2=ready 3=ringing 4=talking 5=wrapup" },
	{ TERMS_PART, "part", "承办单种类", "1=assist 2=child" },
	{ TERMS_PART_STATE, "part_state", "承办单状态", "10=to_sign 20=handling 40=replied 60=returned 70=recalled" },
	{ TERMS_CAUSE, "cause", "不予受理依据", "2=court 3=discipline 4=review 5=disclosure 6=petition 7=secret 8=privacy "
		"9=unlawful 10=party 11=elsewhere 12=finished 13=under_way 14=unclear 15=malicious" },
	{ TERMS_BLAME, "blame", "差评原因", "1=unsolved 2=late 3=attitude 4=shirked 5=off 6=untrue 7=policy 8=other" },
	{ TERMS_PAUSE, "pause", "挂起原因", "1=season 2=legal 3=citizen 4=approval 5=works 6=other" },
	{ TERMS_ORDER, "order", "督办级别", "1=plain 2=key 3=raised" },
	{ TERMS_FAULT, "fault", "承办问题", "1=late_sign 2=late_finish 3=bad_return 4=bad_reply 5=bad_rating 6=bad_quality 7=late_order" },
	{ TERMS_FACT, "fact", "是否属实", "1=yes 2=partly 3=no 4=unknown" },
	{ TERMS_ALARM, "alarm", "黄红牌", "0=none 1=yellow 2=red 3=urged 4=order 5=report" },
	{ TERMS_HANDOFF_WAY, "handoff_way", "转接方式", "1=key 2=three 3=blind 4=ticket" },
	{ TERMS_HANDOFF, "handoff", "转接状态", "10=sent 20=arrived 30=taken 40=refused 50=to_rule 60=kept 70=recalled 80=ended" },
	{ TERMS_HANDOFF_CAUSE, "handoff_cause", "退回原因", "1=not_ours 2=elsewhere 3=danger 4=unclear 5=again" },
};

static void every_list_has_its_numbers_and_names_in_order(void **unused) {
	(void)unused;
	assert_int_equal(COUNT(expected), TERMS_COUNT);
	for (size_t l = 0; l < COUNT(expected); l++) {
		const struct term *words;
		size_t count = terms_all(expected[l].list, &words), used = 0;
		char told[400] = "";
		for (size_t i = 0; i < count; i++)
			used += (size_t)snprintf(told + used, sizeof(told) - used, "%s%d=%s", i ? " " : "", words[i].number, words[i].name);
		assert_true(used < sizeof(told));
		assert_string_equal(told, expected[l].words);
		assert_string_equal(terms_list_name(expected[l].list), expected[l].name);
		assert_string_equal(terms_list_term(expected[l].list), expected[l].term);
	}
}

static void a_list_is_found_by_its_name_and_by_no_other(void **unused) {
	(void)unused;
	enum term_list list = TERMS_COUNT;
	for (size_t l = 0; l < COUNT(expected); l++) {
		assert_true(terms_list_find(expected[l].name, &list));
		assert_int_equal(list, expected[l].list);
	}
	list = TERMS_FACT;
	assert_false(terms_list_find("", &list));
	assert_false(terms_list_find("Cause", &list));
	assert_false(terms_list_find("causes", &list));
	assert_false(terms_list_find("差评原因", &list));
	assert_int_equal(list, TERMS_FACT);
}

static void words_are_found_by_number_and_by_name_in_every_list(void **unused) {
	(void)unused;
	for (int list = 0; list < TERMS_COUNT; list++) {
		const struct term *words;
		size_t count = terms_all((enum term_list)list, &words);
		for (size_t i = 0; i < count; i++) {
			int number = -1;
			assert_string_equal(term_name((enum term_list)list, words[i].number), words[i].name);
			assert_string_equal(term_text((enum term_list)list, words[i].number), words[i].term);
			assert_true(term_find((enum term_list)list, words[i].name, &number));
			assert_int_equal(number, words[i].number);
		}
		assert_null(term_name((enum term_list)list, 99));
		assert_null(term_text((enum term_list)list, -1));
		assert_false(term_find((enum term_list)list, "nothing", &(int){ 0 }));
	}
}

/* People see each term alone: two of a list that read the same could not be told apart. */
static void no_two_words_of_a_list_read_the_same(void **unused) {
	(void)unused;
	for (int list = 0; list < TERMS_COUNT; list++) {
		const struct term *words;
		size_t count = terms_all((enum term_list)list, &words);
		for (size_t i = 0; i < count; i++) {
			assert_true(words[i].term[0] != '\0' && text_is_valid(words[i].term, strlen(words[i].term), NULL));
			for (size_t j = 0; j < i; j++) {
				assert_string_not_equal(words[i].term, words[j].term);
				assert_string_not_equal(words[i].name, words[j].name);
				assert_int_not_equal(words[i].number, words[j].number);
			}
		}
	}
}

static void constants_are_the_numbers_of_the_lists(void **unused) {
	(void)unused;
	assert_string_equal(term_text(TERMS_GRADE, GRADE_very_bad), "非常不满意");
	assert_string_equal(term_text(TERMS_ROLE, ROLE_citizen), "诉求人");
	assert_string_equal(term_text(TERMS_PART, PART_assist), "协办");
	assert_string_equal(term_text(TERMS_PART_STATE, PART_STATE_replied), "已反馈");
	assert_string_equal(term_text(TERMS_CAUSE, CAUSE_court), "应通过诉讼、仲裁途径解决");
	assert_string_equal(term_text(TERMS_BLAME, BLAME_shirked), "推诿扯皮");
	assert_string_equal(term_text(TERMS_PAUSE, PAUSE_legal), "进入法定程序，以法定期限为准");
	assert_string_equal(term_text(TERMS_ORDER, ORDER_raised), "提级督办");
	assert_string_equal(term_text(TERMS_FAULT, FAULT_late_sign), "超时签收");
	assert_string_equal(term_text(TERMS_FACT, FACT_partly), "部分属实");
	assert_string_equal(term_text(TERMS_ALARM, ALARM_yellow), "黄牌");
}

static void each_kind_has_its_own_limit_and_strangers_have_none(void **unused) {
	(void)unused;
	assert_string_equal(kind_limit(KIND_consult), "handle_consult");
	assert_string_equal(kind_limit(KIND_praise), "handle_praise");
	for (int a = 1; a <= 6; a++)
		for (int b = 1; b < a; b++)
			assert_string_not_equal(kind_limit(a), kind_limit(b));
	assert_null(kind_limit(0));
	assert_null(kind_limit(7));
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_list_has_its_numbers_and_names_in_order),
		cmocka_unit_test(a_list_is_found_by_its_name_and_by_no_other),
		cmocka_unit_test(words_are_found_by_number_and_by_name_in_every_list),
		cmocka_unit_test(no_two_words_of_a_list_read_the_same),
		cmocka_unit_test(constants_are_the_numbers_of_the_lists),
		cmocka_unit_test(each_kind_has_its_own_limit_and_strangers_have_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
