/* test_sms_text.c — what a citizen reads on the telephone, and what must never stand there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "../../routing/text.h"
#include "../../server/sms_text.h"

static const struct sms plain = { .number = "232720260112000017", .code = "012345", .text = "",
	.page = "https://12345.example.cn/public", .link = "232720260112000017.1.00ff" };

static void written(struct sms sms, const char *kind, const char *text, char out[SMS_ROOM])
{
	sms.kind = kind;
	sms.text = text;
	assert_true(sms_text(&sms, out));
	assert_true(text_is_valid(out, strlen(out), NULL));
}

static void each_kind_says_what_the_citizen_needs(void **state)
{
	char out[SMS_ROOM];

	(void)state;
	written(plain, "accepted", "", out);
	assert_string_equal(out, "【12345热线】您的诉求已受理，工单编号232720260112000017，查询码012345。"
	                    "查询进度：https://12345.example.cn/public");
	written(plain, "told", "井盖已更换。\n现场已恢复。", out);
	assert_string_equal(out, "【12345热线】您的诉求（232720260112000017）已有办理结果：井盖已更换。 现场已恢复。"
	                    "查看并评价：https://12345.example.cn/public#/rate/232720260112000017.1.00ff");
	written(plain, "need_info", "请说明楼号", out);
	assert_non_null(strstr(out, "需要您补充：请说明楼号。补充：https://"));
	written(plain, "extended", "2026-01-20 17:00", out);
	assert_non_null(strstr(out, "办理期限已延至：2026-01-20 17:00。"));
	written(plain, "paused", "2026-04-01 08:30", out);
	assert_non_null(strstr(out, "已暂停办理至：2026-04-01 08:30。"));
	written(plain, "refused", "请通过诉讼途径解决", out);
	assert_non_null(strstr(out, "不予受理，原因和建议途径：请通过诉讼途径解决。"));
}

static void without_a_page_the_telephone_is_named(void **state)
{
	struct sms sms = plain;
	char out[SMS_ROOM];

	(void)state;
	sms.page = "";
	written(sms, "accepted", "", out);
	assert_non_null(strstr(out, "查询进度请拨打12345"));
	written(sms, "told", "已修复", out);
	assert_non_null(strstr(out, "请拨打12345作出评价"));
	assert_null(strstr(out, "#/rate/"));
}

static void a_ticket_under_secrecy_shows_nothing_of_itself(void **state)
{
	static const char *const kinds[] = { "told", "need_info", "refused" };
	struct sms sms = plain;
	char out[SMS_ROOM];

	(void)state;
	sms.secret = true;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		written(sms, kinds[i], "某某公司偷排", out);
		assert_null(strstr(out, "偷排"));
		assert_non_null(strstr(out, sms.number));
	}
}

static void long_texts_are_cut_between_characters(void **state)
{
	char text[4096] = "", out[SMS_ROOM];

	(void)state;
	for (int i = 0; i < 500; i++)
		strcat(text, i % 3 ? "复" : "\xF0\xA0\x80\x80");
	written(plain, "told", text, out);
	assert_non_null(strstr(out, "…"));
	assert_non_null(strstr(out, "00ff"));
}

static void an_unknown_kind_is_no_message(void **state)
{
	struct sms sms = plain;
	char out[SMS_ROOM];

	(void)state;
	sms.kind = "greeting";
	assert_false(sms_text(&sms, out));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_says_what_the_citizen_needs),
		cmocka_unit_test(without_a_page_the_telephone_is_named),
		cmocka_unit_test(a_ticket_under_secrecy_shows_nothing_of_itself),
		cmocka_unit_test(long_texts_are_cut_between_characters),
		cmocka_unit_test(an_unknown_kind_is_no_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
