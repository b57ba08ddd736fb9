/* test_parameters.c — every type of parameter with what fits and what does not; every row's spec. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include "../../server/command_frame.h"
#include "../../server/command_table.h"
#include "../../server/parameters.h"

/* The fault that params (JSON with ' for ") has at `field` under `spec`, "" when there is none. */
static const char *fault(const char *spec, const char *params, const char *field)
{
	static char out[256];
	char text[512];
	json_t *object, *faults;
	bool fits;

	snprintf(text, sizeof text, "%s", params);
	for (char *at = text; *at; at++)
		*at = *at == '\'' ? '"' : *at;
	object = json_loads(text, 0, NULL);
	assert_non_null(object);
	fits = parameters_check(spec, object, &faults);
	assert_true(fits == (faults == NULL));
	snprintf(out, sizeof out, "%s", faults ? json_string_value(json_object_get(faults, field)) : "");
	json_decref(faults);
	json_decref(object);
	return out;
}

#define FITS(spec, params) assert_string_equal(fault(spec, params, "x"), "")
#define FAILS(spec, params, sentence) assert_string_equal(fault(spec, params, "x"), sentence)

static void test_numbers(void **state)
{
	(void)state;
	FITS("x:id", "{'x':1}");
	FITS("x:id", "{'x':2147483647}");
	FAILS("x:id", "{'x':2147483648}", "应在 1 到 2147483647 之间");
	FAILS("x:id", "{'x':0}", "应在 1 到 2147483647 之间");
	FAILS("x:id", "{'x':1.0}", "应为整数");
	FAILS("x:id", "{'x':'1'}", "应为整数");
	FAILS("x:id", "{}", "必填");
	FAILS("x:id", "{'x':null}", "必填");
	FITS("x:id?", "{}");
	FITS("x:id?", "{'x':null}");
	FITS("x:int(-3,5)", "{'x':-3}");
	FITS("x:int(-3,5)", "{'x':5}");
	FAILS("x:int(-3,5)", "{'x':6}", "应在 -3 到 5 之间");
	FITS("x:kind", "{'x':6}");
	FAILS("x:kind", "{'x':7}", "应在 1 到 6 之间");
	FITS("x:urgency", "{'x':0}");
	FAILS("x:urgency", "{'x':3}", "应在 0 到 2 之间");
	FAILS("x:secrecy", "{'x':-1}", "应在 0 到 2 之间");
	FITS("x:grade", "{'x':5}");
	FAILS("x:grade", "{'x':0}", "应在 1 到 5 之间");
	FITS("x:bool", "{'x':false}");
	FAILS("x:bool", "{'x':0}", "应为 true 或 false");
}

static void test_texts(void **state)
{
	(void)state;
	FITS("x:text(2)", "{'x':'路灯'}");
	FAILS("x:text(2)", "{'x':'路灯坏'}", "最多 2 个字，现有 3 个字");
	FITS("x:text(2)", "{'x':'  \\t路灯　\\n'}");
	FAILS("x:text(2)", "{'x':' 　 '}", "不能为空");
	FITS("x:text(2)?", "{'x':' 　 '}");
	FAILS("x:text(9)", "{'x':'a\\u0001b'}", "含有不能显示的控制字符，请删去");
	FITS("x:text(9)", "{'x':'a\\nb\\tc'}");
	FAILS("x:text(9)", "{'x':5}", "应为文字");
	FITS("x:code(4)", "{'x':'aZ-_'}");
	FAILS("x:code(4)", "{'x':'abcde'}", "应为 1 到 4 位字母、数字、- 或 _");
	FAILS("x:code(4)", "{'x':'a b'}", "应为 1 到 4 位字母、数字、- 或 _");
	FAILS("x:code(4)", "{'x':'路'}", "应为 1 到 4 位字母、数字、- 或 _");
	FAILS("x:code(4)", "{'x':4}", "应为 1 到 4 位字母、数字、- 或 _");
	FAILS("x:code(4)", "{'x':''}", "应为 1 到 4 位字母、数字、- 或 _");
	FITS("x:code(4)?", "{'x':''}");
	FITS("x:phone", "{'x':'110'}");
	FAILS("x:phone", "{'x':'电话'}", "应为 3 到 15 位电话号码");
	FAILS("x:phone", "{'x':13800000000}", "应为 3 到 15 位电话号码");
}

static void test_words(void **state)
{
	(void)state;
	FITS("x:words(ready|busy)", "{'x':'busy'}");
	FAILS("x:words(ready|busy)", "{'x':'bus'}", "应为 ready|busy 之一");
	FAILS("x:words(ready|busy)", "{'x':'ready|busy'}", "应为 ready|busy 之一");
	FAILS("x:words(ready|busy)", "{'x':1}", "应为 ready|busy 之一");
	FITS("x:list(a|b|c)", "{'x':[]}");
	FITS("x:list(a|b|c)", "{'x':['c','a']}");
	FAILS("x:list(a|b|c)", "{'x':['a','a']}", "应为数组，每项为 a|b|c 之一，不重复");
	FAILS("x:list(a|b|c)", "{'x':['d']}", "应为数组，每项为 a|b|c 之一，不重复");
	FAILS("x:list(a|b|c)", "{'x':[1]}", "应为数组，每项为 a|b|c 之一，不重复");
	FAILS("x:list(a|b|c)", "{'x':'a'}", "应为数组，每项为 a|b|c 之一，不重复");
}

static void test_terms_texts_ids_dates(void **state)
{
	(void)state;
	FITS("x:term(blame)", "{'x':1}");
	FAILS("x:term(blame)", "{'x':99}", "请从列表中选择");
	FAILS("x:term(blame)", "{'x':'1'}", "请从列表中选择");
	FITS("x:texts(2,3)", "{'x':['一二三',' 四 ']}");
	FAILS("x:texts(2,3)", "{'x':[]}", "应为 1 到 2 条文字");
	FAILS("x:texts(2,3)", "{'x':['一','二','三']}", "应为 1 到 2 条文字");
	FAILS("x:texts(2,3)", "{'x':['一','']}", "第 2 条不能为空");
	FAILS("x:texts(2,3)", "{'x':['一二三四']}", "第 1 条最多 3 个字，现有 4 个字");
	FITS("x:ids(2)", "{'x':[1,2]}");
	FAILS("x:ids(2)", "{'x':[1,1]}", "应为 1 到 2 个不重复的编号");
	FAILS("x:ids(2)", "{'x':[0]}", "应为 1 到 2 个不重复的编号");
	FITS("x:date", "{'x':'2028-02-29'}");
	FAILS("x:date", "{'x':'2026-02-29'}", "应为日期，如 2026-11-22");
}

static void test_filters(void **state)
{
	(void)state;
	FITS("x:ints(0,5)", "{'x':[0,5]}");
	FAILS("x:ints(0,5)", "{'x':[0,0]}", "应为 1 到 32 个不重复的数，每个在 0 到 5 之间");
	FAILS("x:ints(0,5)", "{'x':[6]}", "应为 1 到 32 个不重复的数，每个在 0 到 5 之间");
	FAILS("x:ints(0,5)", "{'x':[]}", "应为 1 到 32 个不重复的数，每个在 0 到 5 之间");
	FITS("x:codes(4,5)", "{'x':['0101','02']}");
	FAILS("x:codes(4,5)", "{'x':['01011']}", "应为 1 到 5 个代码，每个最多 4 位");
	FAILS("x:codes(4,5)", "{'x':['1','2','3','4','5','6']}", "应为 1 到 5 个代码，每个最多 4 位");
	FAILS("x:codes(4,5)", "{'x':[1]}", "应为 1 到 5 个代码，每个最多 4 位");
	FITS("x:filter", "{'x':{}}");
	FITS("x:filter", "{'x':{'text':' 供暖 ','state':[35],'open':true,'due':'soon','accepted_in':'days30','closed_to':'2026-01-31'}}");
	FAILS("x:filter", "{'x':[]}", "应为查询条件的对象，如 {\"text\": \"供暖\"}");
	/* Each member is told under its own name. */
	assert_string_equal(fault("x:filter", "{'x':{'colour':'red'}}", "x.colour"), "没有这个参数");
	assert_string_equal(fault("x:filter", "{'x':{'grade':[7]}}", "x.grade"), "应为 1 到 32 个不重复的数，每个在 0 到 5 之间");
	assert_string_equal(fault("x:filter", "{'x':{'open':1}}", "x.open"), "应为 true 或 false");
	assert_string_equal(fault("x:filter", "{'x':{'phone':'abc'}}", "x.phone"), "应为 3 到 15 位电话号码");
	assert_true(parameters_spec_ok(parameter_filter_spec));
}

static void test_seen(void **state)
{
	const char *whole = "应为所见工单的 {ver, state, kind, urgency, matter}";

	(void)state;
	FITS("x:seen", "{'x':{'ver':1,'state':20,'kind':3,'urgency':0,'matter':null}}");
	FAILS("x:seen", "{'x':{'ver':1,'state':20,'kind':3,'urgency':0}}", whole);
	FAILS("x:seen", "{'x':{'ver':1,'state':20,'kind':3,'urgency':0,'matter':null,'more':1}}", whole);
	FAILS("x:seen", "{'x':[1,20,3,0]}", whole);
	FAILS("x:seen", "{'x':{'ver':0,'state':20,'kind':3,'urgency':0,'matter':null}}", "ver 应在 1 到 2147483647 之间");
	FAILS("x:seen", "{'x':{'ver':1,'state':'20','kind':3,'urgency':0,'matter':null}}", "state 应为整数");
	FAILS("x:seen", "{'x':{'ver':1,'state':20,'kind':3,'other':0,'matter':null}}", "urgency 应为整数");
	FITS("x:seen", "{'x':{'ver':1,'state':20,'kind':3,'urgency':0,'matter':'0305'}}");
	FAILS("x:seen", "{'x':{'ver':1,'state':20,'kind':3,'urgency':0,'matter':5}}", whole);
}

static void test_all_faults_at_once(void **state)
{
	json_t *params = json_pack("{s:s, s:i, s:i}", "title", "", "kind", 9, "titel", 1), *faults;

	(void)state;
	assert_false(parameters_check("title:text(60) kind:kind region:code(12) town:code(12)?", params, &faults));
	assert_int_equal(json_object_size(faults), 4);
	assert_string_equal(json_string_value(json_object_get(faults, "title")), "不能为空");
	assert_string_equal(json_string_value(json_object_get(faults, "kind")), "应在 1 到 6 之间");
	assert_string_equal(json_string_value(json_object_get(faults, "region")), "必填");
	assert_string_equal(json_string_value(json_object_get(faults, "titel")), "没有这个参数");
	json_decref(faults);
	json_decref(params);
}

static void test_texts_are_trimmed_and_phones_normalised(void **state)
{
	json_t *params = json_pack("{s:s, s:s, s:s}", "title", " 路灯　", "phone", "+86 138-0000-0000", "name", " "),
	       *faults;

	(void)state;
	assert_true(parameters_check("title:text(60) phone:phone name:text(40)?", params, &faults));
	assert_string_equal(json_string_value(json_object_get(params, "title")), "路灯");
	assert_string_equal(json_string_value(json_object_get(params, "phone")), "13800000000");
	assert_null(json_object_get(params, "name"));
	json_decref(params);
}

static void test_a_thousand_unknown_names_are_not_echoed(void **state)
{
	json_t *params = json_object(), *faults;
	char name[16];

	(void)state;
	for (int i = 0; i < 1000; i++) {
		snprintf(name, sizeof name, "n%d", i);
		json_object_set_new(params, name, json_true());
	}
	assert_false(parameters_check("", params, &faults));
	assert_true(json_object_size(faults) <= 8);
	json_decref(faults);
	json_decref(params);
}

static void test_specs(void **state)
{
	static const char *const bad[] = { "x", "x:", ":id", "x:number", "x:id(3)", "x:text", "x:text()", "x:text(0)",
		"x:text(a)", "x:text(3", "x:int(1)", "x:int(2,1)", "x:int(1,2,3)", "x:words()", "x:words(a||b)",
		"x:words(|a)", "x:words(a|)", "x:id??", "x:id!" };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (parameters_spec_ok(bad[i]))
			fail_msg("taken for well-formed: %s", bad[i]);
	assert_true(parameters_spec_ok(""));
	assert_true(parameters_spec_ok(" x:id  y:text(40)? "));
}

static void test_every_row_can_be_read(void **state)
{
	const struct command *table;
	size_t count = command_table(&table), found;

	(void)state;
	assert_true(command_table_ok());
	for (size_t i = 0; i < count; i++) {
		assert_true(parameters_spec_ok(table[i].parameters));
		assert_true(command_find(table[i].name, &found));
		assert_int_equal(found, i);
	}
	assert_false(command_find("ticket", &found));
}

static void test_statements_stand_once(void **state)
{
	const struct store_statement *table;
	size_t count = statement_table(&table);
	const struct command *commands;
	size_t command_count = command_table(&commands);

	(void)state;
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(table[i].function, table[j].function);
	for (size_t i = 0; i < command_count; i++)
		if (commands[i].statement)
			assert_string_equal(table[command_statement(i)].function, commands[i].statement);
	assert_string_equal(table[statement_number(STATEMENT_outbox_done)].function, "outbox_done");
}

static void test_refusals(void **state)
{
	(void)state;
	assert_int_equal(refusal_find("stale"), REFUSE_stale);
	assert_int_equal(refusal_find("no such"), REFUSE_internal);
	assert_int_equal(refusal_number(REFUSE_parse_error), -32700);
	assert_true(refusal_retry(REFUSE_store_lost));
	assert_false(refusal_retry(REFUSE_stale));
}

/* What frame_read says to a text: the refusal's name, or "ok". */
static const char *frame_verdict(const char *text)
{
	struct frame frame;
	enum refusal why = REFUSE_internal;
	const char *wrong;
	bool ok = frame_read(text, strlen(text), 8, &frame, &why, &wrong);

	frame_clear(&frame);
	return ok ? "ok" : refusal_name(why);
}

static void test_frames(void **state)
{
	(void)state;
	assert_string_equal(frame_verdict("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\"}"), "ok");
	assert_string_equal(frame_verdict("{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"params\":{}}"), "ok");
	assert_string_equal(frame_verdict("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"params\":[1]}"), "bad_params");
	assert_string_equal(frame_verdict("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"params\":1}"), "bad_request");
	assert_string_equal(frame_verdict("{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"a\"}"), "bad_request");
	assert_string_equal(frame_verdict("{\"jsonrpc\":\"2.0\",\"id\":[],\"method\":\"a\"}"), "bad_request");
	assert_string_equal(frame_verdict("{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"a\"}"), "bad_request");
	assert_string_equal(frame_verdict("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":1}"), "bad_request");
	assert_string_equal(frame_verdict("[]"), "bad_request");
	assert_string_equal(frame_verdict("17"), "bad_request");
	assert_string_equal(frame_verdict(""), "parse_error");
	assert_string_equal(frame_verdict("{"), "parse_error");
	assert_string_equal(frame_verdict("{\"id\":1,\"id\":1}"), "parse_error");
	assert_string_equal(frame_verdict("{\"a\":\"\xff\"}"), "parse_error");
	assert_string_equal(frame_verdict("[[[[[[[[[1]]]]]]]]]"), "parse_error");
	assert_string_equal(frame_verdict("[\"[[[[[[[[[[\\\"[[[\"]"), "bad_request");
}

static void test_uuids(void **state)
{
	(void)state;
	assert_true(uuid_is_valid("01234567-89ab-cdef-0123-456789ABCDEF"));
	assert_false(uuid_is_valid(""));
	assert_false(uuid_is_valid("01234567-89ab-cdef-0123-456789abcdef0"));
	assert_false(uuid_is_valid("01234567-89ab-cdef-0123-456789abcde"));
	assert_false(uuid_is_valid("0123456789abcdef0123456789abcdef"));
	assert_false(uuid_is_valid("01234567-89ab-cdef-0123-456789abcdeg"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_terms_texts_ids_dates),
		cmocka_unit_test(test_filters),
		cmocka_unit_test(test_seen),
		cmocka_unit_test(test_all_faults_at_once),
		cmocka_unit_test(test_texts_are_trimmed_and_phones_normalised),
		cmocka_unit_test(test_a_thousand_unknown_names_are_not_echoed),
		cmocka_unit_test(test_specs),
		cmocka_unit_test(test_every_row_can_be_read),
		cmocka_unit_test(test_statements_stand_once),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_frames),
		cmocka_unit_test(test_uuids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
