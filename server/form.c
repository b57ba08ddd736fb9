/* form.c — bodies in application/x-www-form-urlencoded. */
#include "form.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Decodes text to out, which has room for len bytes; -1: a % that is none. */
static long decode(const char *text, size_t len, char *out)
{
	size_t used = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '+') {
			out[used++] = ' ';
		} else if (text[i] != '%') {
			out[used++] = text[i];
		} else {
			int high = i + 2 < len ? hex_digit(text[i + 1]) : -1;
			int low = i + 2 < len ? hex_digit(text[i + 2]) : -1;

			if (high < 0 || low < 0)
				return -1;
			out[used++] = (char)(high * 16 + low);
			i += 2;
		}
	}
	return (long)used;
}

static bool pair_add(json_t *form, const char *text, size_t len, char *space, const char **ret_fault)
{
	const char *equals = memchr(text, '=', len);
	size_t name_len = equals != NULL ? (size_t)(equals - text) : len;
	long name = decode(text, name_len, space), value;
	char *rest;
	json_t *list, *item;

	*ret_fault = "百分号编码不完整";
	if (name < 0)
		return false;
	*ret_fault = "字段名为空、过长或含有非法字符";
	if (name == 0 || name > FORM_NAME_MOST || memchr(space, 0, (size_t)name) != NULL)
		return false;
	space[name] = '\0';
	rest = space + name + 1;
	value = equals != NULL ? decode(equals + 1, len - name_len - 1, rest) : 0;
	*ret_fault = "百分号编码不完整";
	if (value < 0)
		return false;
	*ret_fault = "内容不是 UTF-8 文字";
	item = memchr(rest, 0, (size_t)value) == NULL ? json_stringn(rest, (size_t)value) : NULL;
	if (item == NULL)
		return false;
	list = json_object_get(form, space);
	if (list == NULL) {
		list = json_array();
		if (json_object_set_new(form, space, list) != 0) {   /* the name is no UTF-8 */
			json_decref(item);
			return false;
		}
	}
	json_array_append_new(list, item);
	return true;
}

json_t *form_parse(const char *text, size_t len, const char **ret_fault)
{
	json_t *form = json_object();
	char *space = malloc(len + 2);
	const char *at = text, *end = text + len;
	int fields = 0;

	if (space == NULL)
		abort();
	*ret_fault = NULL;
	while (at < end) {
		const char *stop = memchr(at, '&', (size_t)(end - at));

		if (stop == NULL)
			stop = end;
		if (fields++ >= FORM_FIELDS_MOST)
			*ret_fault = "字段太多";
		if (*ret_fault != NULL
		    || (stop > at && !pair_add(form, at, (size_t)(stop - at), space, ret_fault))) {
			json_decref(form);
			form = NULL;
			break;
		}
		*ret_fault = NULL;
		at = stop + 1;
	}
	free(space);
	return form;
}

const char *form_value(const json_t *form, const char *name)
{
	const json_t *list = json_object_get(form, name);
	const json_t *value = json_array_size(list) == 1 ? json_array_get(list, 0) : NULL;

	return json_string_length(value) > 0 ? json_string_value(value) : NULL;
}
