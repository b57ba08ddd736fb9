/* parameter_types.c — what a value of each type must be, and what to tell when it is not. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../routing/due.h"
#include "../routing/terms.h"
#include "../routing/text.h"
#include "parameter_types.h"

enum { LIST_MOST = 32 };

static bool integer_within(json_t *value, long long least, long long most, char fault[FAULT_ROOM])
{
	if (!json_is_integer(value)) {
		snprintf(fault, FAULT_ROOM, "应为整数");
		return false;
	}
	if (json_integer_value(value) < least || json_integer_value(value) > most) {
		snprintf(fault, FAULT_ROOM, "应在 %lld 到 %lld 之间", least, most);
		return false;
	}
	return true;
}

/* Numbers of rows fit PostgreSQL's integer: a bigger one would be an error there, not a refusal. */
static bool check_id(const struct parameter *field, json_t *params, json_t *value, char fault[FAULT_ROOM])
{
	(void)field, (void)params;
	return integer_within(value, 1, INT_MAX, fault);
}

static bool check_int(const struct parameter *field, json_t *params, json_t *value, char fault[FAULT_ROOM])
{
	char *rest;
	long long least = strtoll(field->argument, &rest, 10);

	(void)params;
	return integer_within(value, least, strtoll(rest + 1, NULL, 10), fault);
}

static bool check_kind(const struct parameter *field, json_t *params, json_t *value, char fault[FAULT_ROOM])
{
	(void)field, (void)params;
	return integer_within(value, 1, 6, fault);
}

static bool check_three(const struct parameter *field, json_t *params, json_t *value, char fault[FAULT_ROOM])
{
	(void)field, (void)params;
	return integer_within(value, 0, 2, fault);
}

static bool check_grade(const struct parameter *field, json_t *params, json_t *value, char fault[FAULT_ROOM])
{
	(void)field, (void)params;
	return integer_within(value, 1, 5, fault);
}

static bool check_bool(const struct parameter *field, json_t *params, json_t *value, char fault[FAULT_ROOM])
{
	(void)field, (void)params;
	if (json_is_boolean(value))
		return true;
	snprintf(fault, FAULT_ROOM, "应为 true 或 false");
	return false;
}

/* Half-width and full-width (U+3000) white space at both ends goes. */
const char *text_trim(const char *text, size_t *len)
{
	for (;;) {
		if (*len > 0 && strchr(" \t\r\n", *text))
			text++, --*len;
		else if (*len >= 3 && memcmp(text, "\xe3\x80\x80", 3) == 0)
			text += 3, *len -= 3;
		else
			break;
	}
	for (;;) {
		if (*len > 0 && strchr(" \t\r\n", text[*len - 1]))
			--*len;
		else if (*len >= 3 && memcmp(text + *len - 3, "\xe3\x80\x80", 3) == 0)
			*len -= 3;
		else
			return text;
	}
}

/* The text without white space around it; NULL when it is none, empty, unreadable or too long. */
static const char *text_take(const json_t *value, size_t most, size_t *ret_len, char fault[FAULT_ROOM])
{
	const char *text;
	size_t chars;

	*ret_len = json_string_length(value);
	if (!json_is_string(value)) {
		snprintf(fault, FAULT_ROOM, "应为文字");
		return NULL;
	}
	text = text_trim(json_string_value(value), ret_len);
	if (*ret_len == 0)
		snprintf(fault, FAULT_ROOM, "不能为空");
	else if (!text_is_valid(text, *ret_len, &chars))
		snprintf(fault, FAULT_ROOM, "含有不能显示的控制字符，请删去");
	else if (chars > most)
		snprintf(fault, FAULT_ROOM, "最多 %zu 个字，现有 %zu 个字", most, chars);
	else
		return text;
	return NULL;
}

static bool check_text(const struct parameter *field, json_t *params, json_t *value, char fault[FAULT_ROOM])
{
	size_t len;
	const char *text = text_take(value, strtoul(field->argument, NULL, 10), &len, fault);

	if (!text)
		return false;
	if (len != json_string_length(value))
		json_object_set_new(params, field->name, json_stringn(text, len));
	return true;
}

/* A list of 1…n texts of at most m characters each. */
static bool check_texts(const struct parameter *field, json_t *params, json_t *value, char fault[FAULT_ROOM])
{
	char *rest, inner[FAULT_ROOM];
	size_t most = strtoul(field->argument, &rest, 10), longest = strtoul(rest + 1, NULL, 10), i, len;
	json_t *taken, *item;

	if (!json_is_array(value) || json_array_size(value) < 1 || json_array_size(value) > most) {
		snprintf(fault, FAULT_ROOM, "应为 1 到 %zu 条文字", most);
		return false;
	}
	taken = json_array();
	json_array_foreach(value, i, item) {
		const char *text = text_take(item, longest, &len, inner);

		if (!text) {
			snprintf(fault, FAULT_ROOM, "第 %zu 条%.150s", i + 1, inner);
			json_decref(taken);
			return false;
		}
		json_array_append_new(taken, json_stringn(text, len));
	}
	json_object_set_new(params, field->name, taken);
	return true;
}

static bool check_ids(const struct parameter *field, json_t *params, json_t *value, char fault[FAULT_ROOM])
{
	size_t most = strtoul(field->argument, NULL, 10), i, j;
	json_t *item;

	(void)params;
	snprintf(fault, FAULT_ROOM, "应为 1 到 %zu 个不重复的编号", most);
	if (!json_is_array(value) || json_array_size(value) < 1 || json_array_size(value) > most)
		return false;
	json_array_foreach(value, i, item) {
		if (!json_is_integer(item) || json_integer_value(item) < 1 || json_integer_value(item) > INT_MAX)
			return false;
		for (j = 0; j < i; j++)
			if (json_equal(item, json_array_get(value, j)))
				return false;
	}
	return true;
}

/* 1…32 different integers from a to b. */
static bool check_ints(const struct parameter *field, json_t *params, json_t *value, char fault[FAULT_ROOM])
{
	char *rest;
	long long least = strtoll(field->argument, &rest, 10), most = strtoll(rest + 1, NULL, 10);
	size_t i, j;
	json_t *item;

	(void)params;
	snprintf(fault, FAULT_ROOM, "应为 1 到 %d 个不重复的数，每个在 %lld 到 %lld 之间", LIST_MOST, least, most);
	if (!json_is_array(value) || json_array_size(value) < 1 || json_array_size(value) > LIST_MOST)
		return false;
	json_array_foreach(value, i, item) {
		if (!json_is_integer(item) || json_integer_value(item) < least || json_integer_value(item) > most)
			return false;
		for (j = 0; j < i; j++)
			if (json_equal(item, json_array_get(value, j)))
				return false;
	}
	return true;
}

static bool check_date(const struct parameter *field, json_t *params, json_t *value, char fault[FAULT_ROOM])
{
	int32_t day;

	(void)field, (void)params;
	if (json_is_string(value) && day_parse(json_string_value(value), &day))
		return true;
	snprintf(fault, FAULT_ROOM, "应为日期，如 2026-11-22");
	return false;
}

/* A number of one of the lists in routing/terms.def. */
static bool check_term(const struct parameter *field, json_t *params, json_t *value, char fault[FAULT_ROOM])
{
	enum term_list list;

	(void)params;
	if (json_is_integer(value) && terms_list_find(field->argument, &list) &&
	    json_integer_value(value) >= 0 && json_integer_value(value) <= 99 &&
	    term_text(list, (int)json_integer_value(value)))
		return true;
	snprintf(fault, FAULT_ROOM, "请从列表中选择");
	return false;
}

static bool check_code(const struct parameter *field, json_t *params, json_t *value, char fault[FAULT_ROOM])
{
	const char *alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	size_t most = strtoul(field->argument, NULL, 10), len = json_string_length(value);
	const char *text = json_string_value(value);

	(void)params;
	if (text && len > 0 && len <= most && strspn(text, alphabet) == len)
		return true;
	snprintf(fault, FAULT_ROOM, "应为 1 到 %zu 位字母、数字、- 或 _", most);
	return false;
}

/* A list of 1…m codes of at most n characters each: codes(n,m). */
static bool check_codes(const struct parameter *field, json_t *params, json_t *value, char fault[FAULT_ROOM])
{
	char *rest;
	unsigned long longest = strtoul(field->argument, &rest, 10);
	size_t most = strtoul(rest + 1, NULL, 10), i;
	struct parameter each = *field;
	char inner[FAULT_ROOM];
	json_t *item;

	snprintf(each.argument, sizeof each.argument, "%lu", longest);
	snprintf(fault, FAULT_ROOM, "应为 1 到 %zu 个代码，每个最多 %s 位", most, each.argument);
	if (!json_is_array(value) || json_array_size(value) < 1 || json_array_size(value) > most)
		return false;
	json_array_foreach(value, i, item)
		if (!check_code(&each, params, item, inner))
			return false;
	return true;
}

/* Its members: parameters.c. */
static bool check_filter(const struct parameter *field, json_t *params, json_t *value, char fault[FAULT_ROOM])
{
	(void)field, (void)params;
	if (json_is_object(value))
		return true;
	snprintf(fault, FAULT_ROOM, "应为查询条件的对象，如 {\"text\": \"供暖\"}");
	return false;
}

static bool check_phone(const struct parameter *field, json_t *params, json_t *value, char fault[FAULT_ROOM])
{
	char digits[16];

	if (json_is_string(value) && text_phone(json_string_value(value), digits)) {
		json_object_set_new(params, field->name, json_string(digits));
		return true;
	}
	snprintf(fault, FAULT_ROOM, "应为 3 到 15 位电话号码");
	return false;
}

/* At which a citizen can be called back: a mobile has 11 digits, a fixed one 7 or 8 and its area's code. */
static bool check_reach(const struct parameter *field, json_t *params, json_t *value, char fault[FAULT_ROOM])
{
	char digits[16];
	size_t count;

	if (json_is_string(value) && text_phone(json_string_value(value), digits)) {
		count = strlen(digits);
		if (digits[0] == '1' ? count == 11 : count >= 7 && count <= 12) {
			json_object_set_new(params, field->name, json_string(digits));
			return true;
		}
	}
	snprintf(fault, FAULT_ROOM, "应为能打通的电话：手机 11 位，固定电话请加区号");
	return false;
}

static bool check_seen(const struct parameter *field, json_t *params, json_t *value, char fault[FAULT_ROOM])
{
	static const struct { const char *name; int least, most; } parts[] = {
		{ "ver", 1, INT_MAX }, { "state", 0, 99 }, { "kind", 1, 6 }, { "urgency", 0, 2 } };
	const json_t *matter = json_object_get(value, "matter");
	char inner[FAULT_ROOM];

	(void)field, (void)params;
	if (!json_is_object(value) || json_object_size(value) != 5 || !(json_is_null(matter) ||
	    (json_is_string(matter) && json_string_length(matter) <= 8))) {
		snprintf(fault, FAULT_ROOM, "应为所见工单的 {ver, state, kind, urgency, matter}");
		return false;
	}
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (!integer_within(json_object_get(value, parts[i].name), parts[i].least, parts[i].most, inner)) {
			snprintf(fault, FAULT_ROOM, "%s %.100s", parts[i].name, inner);
			return false;
		}
	return true;
}

/* Place of a word in "a|b|c", -1 if it is none of them. */
static int word_place(const char *words, const char *word)
{
	size_t len = strlen(word);
	int place = 0;

	for (const char *at = words;; at++, place++) {
		size_t span = strcspn(at, "|");
		if (span == len && memcmp(at, word, len) == 0)
			return place;
		at += span;
		if (*at == '\0')
			return -1;
	}
}

static bool check_words(const struct parameter *field, json_t *params, json_t *value, char fault[FAULT_ROOM])
{
	(void)params;
	if (json_is_string(value) && word_place(field->argument, json_string_value(value)) >= 0)
		return true;
	snprintf(fault, FAULT_ROOM, "应为 %s 之一", field->argument);
	return false;
}

static bool check_list(const struct parameter *field, json_t *params, json_t *value, char fault[FAULT_ROOM])
{
	unsigned used = 0;
	size_t i;
	json_t *item;

	(void)params;
	snprintf(fault, FAULT_ROOM, "应为数组，每项为 %s 之一，不重复", field->argument);
	if (!json_is_array(value))
		return false;
	json_array_foreach(value, i, item) {
		int place = json_is_string(item) ? word_place(field->argument, json_string_value(item)) : -1;
		if (place < 0 || used & 1u << place)
			return false;
		used |= 1u << place;
	}
	return true;
}

static const struct parameter_type types[] = {
	{ "id", ARGUMENT_NONE, check_id },
	{ "int", ARGUMENT_RANGE, check_int },
	{ "text", ARGUMENT_LENGTH, check_text },
	{ "code", ARGUMENT_LENGTH, check_code },
	{ "kind", ARGUMENT_NONE, check_kind },
	{ "urgency", ARGUMENT_NONE, check_three },
	{ "secrecy", ARGUMENT_NONE, check_three },
	{ "grade", ARGUMENT_NONE, check_grade },
	{ "bool", ARGUMENT_NONE, check_bool },
	{ "phone", ARGUMENT_NONE, check_phone },
	{ "reach", ARGUMENT_NONE, check_reach },
	{ "seen", ARGUMENT_NONE, check_seen },
	{ "words", ARGUMENT_WORDS, check_words },
	{ "list", ARGUMENT_WORDS, check_list },
	{ "term", ARGUMENT_LIST, check_term },
	{ "texts", ARGUMENT_RANGE, check_texts },
	{ "ids", ARGUMENT_LENGTH, check_ids },
	{ "date", ARGUMENT_NONE, check_date },
	{ "ints", ARGUMENT_RANGE, check_ints },
	{ "codes", ARGUMENT_RANGE, check_codes },
	{ "filter", ARGUMENT_NONE, check_filter },
};

const struct parameter_type *parameter_type_find(const char *name)
{
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (strcmp(types[i].name, name) == 0)
			return &types[i];
	return NULL;
}

static bool words_ok(const char *words)
{
	int count = 1;

	for (const char *at = words; *at; at++) {
		if (*at == '|' && (at == words || at[1] == '|' || at[1] == '\0'))
			return false;
		count += *at == '|';
	}
	return *words != '\0' && count <= 32;
}

bool parameter_argument_ok(const struct parameter_type *type, const char *text)
{
	long long least, most;
	enum term_list list;
	int end = 0;

	switch (type->argument) {
	case ARGUMENT_NONE:
		return *text == '\0';
	case ARGUMENT_LENGTH:
		return sscanf(text, "%lld%n", &most, &end) == 1 && text[end] == '\0' && most > 0;
	case ARGUMENT_RANGE:
		return sscanf(text, "%lld,%lld%n", &least, &most, &end) == 2 && text[end] == '\0' && least <= most;
	case ARGUMENT_WORDS:
		return words_ok(text);
	case ARGUMENT_LIST:
		return terms_list_find(text, &list);
	}
	return false;
}
