/* policy.c — the house's dispatch rules as a document (JSON): checked, and brought into one form. */
#include <stdio.h>
#include <string.h>
#include "../routing/text.h"
#include "policy.h"

/* ---- fields ---------------------------------------------------------------------------------------- */

enum field_kind { FIELD_TEXT, FIELD_INT, FIELD_BOOL, FIELD_INTS };

/* least and most: of a number, of the characters of a text, of how many numbers and how great. */
struct field { const char *name, *term; enum field_kind kind; int least, most; };

#define UNIT_MOST 999999

static const struct field terms_fields[] = {
	{ "straight", "直接派单的把握", FIELD_INT, 1, 100 },
	{ "suggest", "建议的把握", FIELD_INT, 1, 100 },
	{ "practice_least", "惯例的最少件数", FIELD_INT, 1, 1000 },
	{ "practice_share", "惯例的比例", FIELD_INT, 51, 100 },
	{ "balance", "同职责按在办量派单", FIELD_BOOL, 0, 1 },
};
static const struct field rule_fields[] = {
	{ "id", "编号", FIELD_INT, 1, 99999 },
	{ "name", "名称", FIELD_TEXT, 1, 40 },
	{ "any", "含任一词", FIELD_TEXT, 0, 300 },
	{ "all", "含全部词", FIELD_TEXT, 0, 300 },
	{ "none", "不含词", FIELD_TEXT, 0, 300 },
	{ "place", "地点词", FIELD_TEXT, 0, 300 },
	{ "matter", "事项", FIELD_TEXT, 0, 8 },
	{ "group", "事项大类", FIELD_TEXT, 0, 40 },
	{ "kind", "类型", FIELD_INT, 0, 6 },
	{ "region", "县市区", FIELD_TEXT, 0, 12 },
	{ "town", "乡镇街道", FIELD_TEXT, 0, 12 },
	{ "months", "月份", FIELD_INTS, 12, 12 },
	{ "set_matter", "定为事项", FIELD_TEXT, 0, 8 },
	{ "unit", "承办单位", FIELD_INT, 0, UNIT_MOST },
	{ "duty", "承办职责", FIELD_TEXT, 0, 40 },
	{ "pool", "转人工", FIELD_BOOL, 0, 1 },
	{ "cos", "协办单位", FIELD_INTS, DISPATCH_COS, UNIT_MOST },
	{ "basis", "依据", FIELD_TEXT, 0, 60 },
	{ "note", "备注", FIELD_TEXT, 0, 200 },
};
static const struct field fallback_fields[] = {
	{ "region", "县市区", FIELD_TEXT, 0, 12 },
	{ "duty", "职责", FIELD_TEXT, 0, 40 },
	{ "to", "由谁承办", FIELD_TEXT, 1, 12 },
	{ "unit", "承办单位", FIELD_INT, 0, UNIT_MOST },
	{ "note", "备注", FIELD_TEXT, 0, 200 },
};
static const struct field desk_fields[] = {
	{ "unit", "单位", FIELD_INT, 1, UNIT_MOST },
	{ "most", "在办上限", FIELD_INT, 0, 100000 },
	{ "phone", "值班电话", FIELD_TEXT, 0, 30 },
	{ "note", "备注", FIELD_TEXT, 0, 200 },
};

struct fields { const struct field *list; size_t count; };
#define FIELDS(table) ((struct fields){ table, sizeof(table) / sizeof((table)[0]) })

static bool complain(char fault[POLICY_FAULT], const char *place, const char *term, const char *problem)
{
	snprintf(fault, POLICY_FAULT, "%.60s%.40s%s", place, term, problem);
	return false;
}

static bool number_fits(const json_t *value, int least, int most)
{
	return json_is_integer(value) && json_integer_value(value) >= least && json_integer_value(value) <= most;
}

static bool text_take(const struct field *field, const json_t *value, json_t *row, const char *place,
                      char fault[POLICY_FAULT])
{
	size_t chars = 0;

	if (value == NULL && field->least == 0) {
		json_object_set_new(row, field->name, json_string(""));
		return true;
	}
	if (!json_is_string(value) || !text_is_valid(json_string_value(value), json_string_length(value), &chars)
	    || chars < (size_t)field->least)
		return complain(fault, place, field->term, "应填写");
	if (chars > (size_t)field->most)
		return complain(fault, place, field->term, "太长");
	json_object_set_new(row, field->name, json_string(json_string_value(value)));
	return true;
}

static bool numbers_take(const struct field *field, const json_t *value, json_t *row, const char *place,
                         char fault[POLICY_FAULT])
{
	json_t *list = json_array(), *one;
	size_t i;

	json_object_set_new(row, field->name, list);
	if (value != NULL && (!json_is_array(value) || json_array_size(value) > (size_t)field->least))
		return complain(fault, place, field->term, "太多");
	json_array_foreach(value, i, one) {
		if (!number_fits(one, 1, field->most))
			return complain(fault, place, field->term, "不对");
		json_array_append_new(list, json_integer(json_integer_value(one)));
	}
	return true;
}

static bool field_take(const struct field *field, const json_t *value, json_t *row, const char *place,
                       char fault[POLICY_FAULT])
{
	char range[64];

	switch (field->kind) {
	case FIELD_TEXT:
		return text_take(field, value, row, place, fault);
	case FIELD_INTS:
		return numbers_take(field, value, row, place, fault);
	case FIELD_BOOL:
		json_object_set_new(row, field->name, json_boolean(json_is_true(value)));
		return value == NULL || json_is_boolean(value) || complain(fault, place, field->term, "应为是或否");
	case FIELD_INT:
		snprintf(range, sizeof range, "应为 %d 到 %d", field->least, field->most);
		if (value != NULL || field->least > 0)
			if (!number_fits(value, field->least, field->most))
				return complain(fault, place, field->term, range);
		json_object_set_new(row, field->name, json_integer(json_integer_value(value)));
		return true;
	}
	return false;
}

/* The row with all its fields; NULL: fault says why. */
static json_t *row_take(struct fields fields, const json_t *from, const char *place, char fault[POLICY_FAULT])
{
	json_t *row = json_object();
	size_t known = 0;

	for (size_t i = 0; i < fields.count; i++) {
		const json_t *value = json_object_get(from, fields.list[i].name);

		known += value != NULL;
		if (!field_take(&fields.list[i], value, row, place, fault)) {
			json_decref(row);
			return NULL;
		}
	}
	if (json_is_object(from) && json_object_size(from) == known)
		return row;
	complain(fault, place, "", "有不认识的字段");
	json_decref(row);
	return NULL;
}

static const char *text_of(const json_t *row, const char *name)
{
	const char *text = json_string_value(json_object_get(row, name));

	return text != NULL ? text : "";
}

static int number_of(const json_t *row, const char *name)
{
	return (int)json_integer_value(json_object_get(row, name));
}

/* ---- rows that make sense ---------------------------------------------------------------------------- */

static bool rule_makes_sense(const json_t *row, const char *place, char fault[POLICY_FAULT])
{
	static const char *const conditions[] = { "any", "all", "place", "matter", "group", "region", "town" };
	int says = (number_of(row, "unit") > 0) + (*text_of(row, "duty") != '\0')
		+ json_is_true(json_object_get(row, "pool"));
	bool asks = number_of(row, "kind") > 0 || json_array_size(json_object_get(row, "months")) > 0;
	bool sets = *text_of(row, "set_matter") != '\0', helps = json_array_size(json_object_get(row, "cos")) > 0;

	for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++)
		asks = asks || *text_of(row, conditions[i]) != '\0';
	if (!asks)
		return complain(fault, place, "", "至少要有一个条件");
	if (says > 1)
		return complain(fault, place, "", "承办单位、承办职责、转人工只能选一个");
	if (says == 0 && !sets && !helps)
		return complain(fault, place, "", "没有写明怎么办：事项、单位、职责、协办或转人工");
	if (sets && (*text_of(row, "matter") != '\0' || *text_of(row, "group") != '\0'))
		return complain(fault, place, "", "以事项为条件的规则不能再定事项");
	return true;
}

static bool fallback_makes_sense(const json_t *row, const char *place, char fault[POLICY_FAULT])
{
	const char *to = text_of(row, "to");
	bool unit = strcmp(to, "unit") == 0;

	if (!unit && strcmp(to, "government") != 0 && strcmp(to, "superior") != 0)
		return complain(fault, place, "", "由谁承办应为 government、superior 或 unit");
	return unit == (number_of(row, "unit") > 0) || complain(fault, place, "", "请选择承办单位");
}

static bool id_is_new(const json_t *rows, const json_t *row)
{
	const json_t *other;
	size_t i;

	json_array_foreach(rows, i, other)
		if (number_of(other, "id") == number_of(row, "id"))
			return false;
	return true;
}

enum list_kind { LIST_RULES, LIST_FALLBACKS, LIST_DESKS };

static const struct { const char *name, *term; struct fields fields; size_t most; } lists[] = {
	[LIST_RULES] = { "rules", "规则", { rule_fields, sizeof rule_fields / sizeof rule_fields[0] }, DISPATCH_RULES },
	[LIST_FALLBACKS] = { "fallbacks", "兜底", { fallback_fields, sizeof fallback_fields / sizeof fallback_fields[0] }, 500 },
	[LIST_DESKS] = { "desks", "单位", { desk_fields, sizeof desk_fields / sizeof desk_fields[0] }, 1000 },
};

static bool list_take(enum list_kind kind, const json_t *content, json_t *normal, char fault[POLICY_FAULT])
{
	const json_t *from = json_object_get(content, lists[kind].name), *one;
	json_t *rows = json_array();
	size_t i;

	json_object_set_new(normal, lists[kind].name, rows);
	if (!json_is_array(from) || json_array_size(from) > lists[kind].most)
		return complain(fault, lists[kind].term, "", "应为列表，且不能太多");
	json_array_foreach(from, i, one) {
		char place[64];
		json_t *row;

		snprintf(place, sizeof place, "第 %zu 条%s：", i + 1, lists[kind].term);
		row = row_take(lists[kind].fields, one, place, fault);
		if (row == NULL)
			return false;
		json_array_append_new(rows, row);
		if ((kind == LIST_RULES && !rule_makes_sense(row, place, fault))
		    || (kind == LIST_FALLBACKS && !fallback_makes_sense(row, place, fault)))
			return false;
	}
	return true;
}

static bool ids_differ(const json_t *rules, char fault[POLICY_FAULT])
{
	json_t *seen = json_array(), *row;
	bool differ = true;
	size_t i;

	json_array_foreach(rules, i, row) {
		differ = differ && id_is_new(seen, row);
		json_array_append(seen, row);
	}
	json_decref(seen);
	return differ || complain(fault, "规则", "", "编号有重复");
}

json_t *policy_normal(const json_t *content, char fault[POLICY_FAULT])
{
	static const char *const names[] = { "rules", "fallbacks", "desks" };
	json_t *head = json_copy((json_t *)content), *normal;
	bool fine = true;

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		json_object_del(head, names[i]);
	normal = row_take(FIELDS(terms_fields), head, "", fault);
	json_decref(head);
	if (normal == NULL)
		return NULL;
	if (number_of(normal, "suggest") > number_of(normal, "straight"))
		fine = complain(fault, "", "建议的把握", "不能高于直接派单的把握");
	for (size_t kind = 0; fine && kind < sizeof lists / sizeof lists[0]; kind++)
		fine = list_take((enum list_kind)kind, content, normal, fault);
	if (fine && ids_differ(json_object_get(normal, "rules"), fault))
		return normal;
	json_decref(normal);
	return NULL;
}
