/* Tickets as the police read them, incidents as tickets: which field goes where, and what does not fit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../server/police.h"

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

static void test_incident(void **state)
{
	json_t *message = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "JQ_TYWYSBM", "JQ1", "BJNR",
		"路口井盖缺失三天，夜间行人容易踩空。", "AFDD", "朝阳路", "BJDH", "13800000000", "LXDH", "13900000000",
		"ZDF_GXDWDM", "232761000000", "EM_JQJB", "1", "ZLCZXX", "已摆放标志");
	json_t *faults = json_object(), *params = police_incident(message, faults);

	(void)state;
	assert_int_equal(json_object_size(faults), 0);
	assert_string_equal(text_of(params, "title"), "路口井盖缺失三天");
	assert_string_equal(text_of(params, "body"), "路口井盖缺失三天，夜间行人容易踩空。\n110处置信息：已摆放标志");
	assert_string_equal(text_of(params, "phone"), "13900000000");
	assert_string_equal(text_of(params, "region"), "232761");
	assert_string_equal(text_of(params, "police_no"), "JQ1");
	assert_int_equal(json_integer_value(json_object_get(params, "urgency")), 2);
	assert_int_equal(json_integer_value(json_object_get(params, "channel")), 5);
	assert_null(json_object_get(json_object_get(params, "facts"), "LXDH"));
	json_decref(params);
	json_decref(faults);
	json_decref(message);
}

static void test_wrong_fields(void **state)
{
	json_t *message = json_pack("{s:s, s:s, s:s, s:s}", "BJNR", "事", "BJSJ", "2026-02-30 10:00:00", "BJDZJD", "abc", "BJDZWD", "nan");
	json_t *faults = json_object(), *params = police_incident(message, faults);

	(void)state;
	assert_non_null(json_object_get(faults, "BJSJ"));
	assert_non_null(json_object_get(faults, "BJDZJD"));
	assert_non_null(json_object_get(faults, "BJDZWD"));
	assert_string_equal(text_of(params, "region"), "232700");
	json_decref(params);
	json_decref(faults);
	json_decref(message);
}

static void test_times(void **state)
{
	(void)state;
	assert_true(police_time_ok("2026-11-25 20:44:18"));
	assert_true(police_time_ok("2028-02-29 00:00:00"));
	assert_false(police_time_ok("2026-11-25T20:44:18"));
	assert_false(police_time_ok("2026-11-25 24:00:00"));
	assert_false(police_time_ok("2026-11-25 20:60:00"));
	assert_false(police_time_ok("2026-11-25 20:44:1"));
	assert_false(police_time_ok("2026-11-25 2a:44:18"));
	assert_false(police_time_ok("2026-11-25 20:44:188"));
	assert_false(police_time_ok(""));
}

static void test_body(void **state)
{
	json_t *row = json_pack("{s:s, s:s, s:i, s:I, s:s, s:{s:s}, s:{s:s, s:s, s:i, s:i, s:I}}", "msg_id", "m", "kind", "push", "version", 1,
		"sent", (json_int_t)1795600000000, "number", "2327", "data", "text", "加", "facts", "BJNR", "打架", "AFDD", "", "urgency", 2,
		"way", 1, "accepted", (json_int_t)1795600000000);
	json_t *body = police_body(row, "13900000000", NULL);

	(void)state;
	assert_string_equal(text_of(body, "BJSJ"), "2026-11-25 17:46:40");
	assert_string_equal(text_of(body, "LXDH"), "13900000000");
	assert_string_equal(text_of(body, "EM_JQJB"), "1");
	assert_string_equal(text_of(body, "text"), "加");
	assert_string_equal(text_of(body, "ticket_no"), "2327");
	assert_null(json_object_get(body, "BJRXM"));
	assert_null(json_object_get(body, "AFDD"));
	json_decref(body);
	json_decref(row);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_incident), cmocka_unit_test(test_wrong_fields), cmocka_unit_test(test_times), cmocka_unit_test(test_body),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
