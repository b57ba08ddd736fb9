/* What an administrator hands in as a calendar: days by file, office hours by words. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include <string.h>
#include "../../server/calendar_read.h"

static char fault[CALENDAR_FAULT_ROOM];

static void office_is(const char *text, const char *wanted)
{
	json_t *spans = calendar_office_read(text, fault);
	char *told = json_dumps(spans, JSON_COMPACT);

	assert_non_null(told);
	assert_string_equal(told, wanted);
	assert_string_equal(fault, "");
	free(told);
	json_decref(spans);
}

static void office_refused(const char *text, const char *why)
{
	json_t *spans = calendar_office_read(text, fault);

	if (spans != NULL)
		fail_msg("“%s” was taken", text);
	if (strstr(fault, why) == NULL)
		fail_msg("“%s”: “%s” instead of “%s”", text, fault, why);
}

static void office_hours_are_read_in_minutes(void **state)
{
	(void)state;
	office_is("08:30-11:30 13:30-17:00", "[[510,690],[810,1020]]");
	office_is("  00:00-24:00 ", "[[0,1440]]");
	office_is("08:00-12:00   12:00-18:00", "[[480,720],[720,1080]]");
}

static void what_is_wrong_with_office_hours_is_said(void **state)
{
	static const char *const malformed[] = { "", " ", "8:30-11:30", "08:30", "08:30-", "08:30~11:30", "-1:00-02:00",
		"08:60-11:30", "+8:30-11:30", "08:30-11:3", "上午", "08:30- 11:30" };

	(void)state;
	for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++)
		office_refused(malformed[i], "应写作");
	office_refused("08:30-24:01", "24:00");
	office_refused("11:30-08:30", "晚于");
	office_refused("08:30-08:30", "晚于");
	office_refused("13:30-17:00 08:30-11:30", "先后");
	office_refused("08:30-12:00 11:00-17:00", "先后");
	office_refused("08:30-12:00,13:00-17:00", "空格");
	office_refused("01:00-02:00 03:00-04:00 05:00-06:00 07:00-08:00 09:00-10:00", "四段");
}

static void days_are_read_and_faults_name_their_line(void **state)
{
	json_t *days = calendar_days_read("day,kind,name\r\n2026-10-01,holiday,国庆节\n2026-10-10,workday,国庆节\n", fault);

	(void)state;
	assert_int_equal(json_array_size(days), 2);
	assert_string_equal(json_string_value(json_array_get(json_array_get(days, 1), 1)), "workday");
	json_decref(days);
	assert_null(calendar_days_read("", fault));
	assert_non_null(strstr(fault, "没有日期"));
	assert_null(calendar_days_read("2026-10-01,holiday,国庆节\n", fault));
	assert_non_null(strstr(fault, "第 1 行：第一行应为标题"));
	assert_null(calendar_days_read("day,kind,name\n2026-02-30,holiday,x\n", fault));
	assert_non_null(strstr(fault, "第 2 行：日期"));
	assert_null(calendar_days_read("day,kind,name\n2026-10-01,rest,x\n", fault));
	assert_non_null(strstr(fault, "kind"));
	assert_null(calendar_days_read("day,kind,name\n2026-10-01,holiday,a\n2026-10-01,workday,b\n", fault));
	assert_non_null(strstr(fault, "第 3 行：这一天"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(office_hours_are_read_in_minutes),
		cmocka_unit_test(what_is_wrong_with_office_hours_is_said),
		cmocka_unit_test(days_are_read_and_faults_name_their_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
