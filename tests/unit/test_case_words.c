/* Which words of a complaint name a “一件事”. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../routing/case_words.h"

static void a_name_is_found_by_its_pairs_of_characters(void **state) {
	(void)state;
	assert_int_equal(case_words_found("我要办理退休，跑了三趟", "退休“一件事”"), 100);
	assert_int_equal(case_words_found("新生儿的出生登记", "新生儿出生“一件事”"), 75);
	assert_int_equal(case_words_found("路灯不亮", "退休“一件事”"), 0);
	assert_int_equal(case_words_found("生儿新出", "新生儿出生“一件事”"), 25);
}

static void one_thing_itself_says_nothing(void **state) {
	(void)state;
	assert_int_equal(case_words_found("这一件事拖了很久", "退休“一件事”"), 0);
	assert_int_equal(case_words_found("这一件事拖了很久", "“一件事”"), 0);
	assert_int_equal(case_words_found("", "退休“一件事”"), 0);
	assert_int_equal(case_words_found("退休", ""), 0);
}

static void width_and_marks_do_not_matter(void **state) {
	(void)state;
	assert_int_equal(case_words_found("《出生医学证明》没办下来", "出生医学证明"), 100);
	assert_int_equal(case_words_found("Ａ４纸", "a4纸"), 100);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_is_found_by_its_pairs_of_characters),
		cmocka_unit_test(one_thing_itself_says_nothing),
		cmocka_unit_test(width_and_marks_do_not_matter),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
