/* open311_form.c — the form of a new request as a submission, as a pure check. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../routing/terms.h"
#include "../routing/text.h"
#include "form.h"
#include "open311_parts.h"
#include "parameters.h"
#include "w3date.h"

enum { VALUE_MOST = 2000, NAME_ROOM_311 = 200, FIELD_ROOM = 120, COORDINATE_ROOM = 30 };

static const char FIELDS[] = "address_string:text(200)? address_id:code(40)? email:text(200)? account_id:text(100)? "
	"device_id:text(200)? first_name:text(40)? last_name:text(40)? phone:phone? description:text(4000)? "
	"media_url:text(1000)?";

struct sheet {
	const json_t *form, *definition;
	json_t *fields;              /* what the citizen wrote, checked */
	json_t *faults;
	char *lines; size_t lines_size;
	FILE *more;                  /* what stands in the ticket below the description */
};

static void fault_add(struct sheet *sheet, const char *name, const char *text)
{
	json_object_set_new(sheet->faults, name, json_string(text));
}

static const char *field(const struct sheet *sheet, const char *name)
{
	return json_string_value(json_object_get(sheet->fields, name));
}

/* ---- plain fields -------------------------------------------------------------------------------- */

static void fields_take(struct sheet *sheet)
{
	const char *at = FIELDS;
	struct parameter parameter;
	json_t *faults;

	while (parameter_next(&at, &parameter) > 0) {
		const char *value = form_value(sheet->form, parameter.name);

		if (json_array_size(json_object_get(sheet->form, parameter.name)) > 1)
			fault_add(sheet, parameter.name, "只能出现一次");
		else if (value != NULL)
			json_object_set_new(sheet->fields, parameter.name, json_string(value));
	}
	if (!parameters_check(FIELDS, sheet->fields, &faults))
		json_object_update(sheet->faults, faults);
	json_decref(faults);
	if (field(sheet, "email") != NULL && strchr(field(sheet, "email"), '@') == NULL)
		fault_add(sheet, "email", "不是电子邮件地址");
	if (field(sheet, "media_url") != NULL && strncmp(field(sheet, "media_url"), "https://", 8) != 0
	    && strncmp(field(sheet, "media_url"), "http://", 7) != 0)
		fault_add(sheet, "media_url", "应为 http 或 https 地址");
}

/* Digits with a point, no exponent, no words: "-122.4212043". */
static bool decimal_read(const char *text, double most, double *ret)
{
	size_t len = strlen(text), body = strspn(text + (*text == '-'), "0123456789.");
	char *end;

	if (len >= COORDINATE_ROOM || body == 0 || body + (*text == '-') != len)
		return false;
	*ret = strtod(text, &end);
	return *end == '\0' && fabs(*ret) <= most;
}

static void coordinate_take(struct sheet *sheet, json_t *more, const char *name, double most)
{
	const char *text = form_value(sheet->form, name);
	double value;

	if (text == NULL)
		return;
	if (decimal_read(text, most, &value))
		json_object_set_new(more, name, json_real(value));
	else
		fault_add(sheet, name, "应为 WGS84 坐标的十进制度数");
}

/* A full location is one of lat and long, address_string, address_id. */
static void location_take(struct sheet *sheet, json_t *more, json_t *params)
{
	const char *address = field(sheet, "address_string");
	const json_t *lat, *along;
	char place[80];

	coordinate_take(sheet, more, "lat", 90);
	coordinate_take(sheet, more, "long", 180);
	lat = json_object_get(more, "lat");
	along = json_object_get(more, "long");
	if ((form_value(sheet->form, "lat") == NULL) != (form_value(sheet->form, "long") == NULL))
		fault_add(sheet, form_value(sheet->form, "lat") == NULL ? "lat" : "long", "lat 和 long 须同时提供");
	else if (form_value(sheet->form, "lat") == NULL && address == NULL && field(sheet, "address_id") == NULL)
		fault_add(sheet, "address_string", "须提供地点：lat 和 long，或 address_string，或 address_id");
	if (address != NULL) {
		json_object_set_new(params, "place", json_string(address));
	} else if (lat != NULL && along != NULL) {
		snprintf(place, sizeof place, "北纬 %.6f，东经 %.6f", json_real_value(lat), json_real_value(along));
		json_object_set_new(params, "place", json_string(place));
	}
}

/* 姓 before 名 in Chinese, after it elsewhere. */
static void name_take(struct sheet *sheet, json_t *params)
{
	const char *first = field(sheet, "first_name"), *last = field(sheet, "last_name");
	char name[2 * NAME_ROOM_311];

	if (first == NULL && last == NULL)
		return;
	if (first == NULL || last == NULL)
		snprintf(name, sizeof name, "%s", first != NULL ? first : last);
	else if (((unsigned char)*last | (unsigned char)*first) & 0x80)
		snprintf(name, sizeof name, "%s%s", last, first);
	else
		snprintf(name, sizeof name, "%s %s", first, last);
	json_object_set_new(params, "name", json_string(name));
}

/* ---- attributes ---------------------------------------------------------------------------------- */

/* attribute[CODE] and attribute[CODE][] are the same; a new list of all values that are not empty. */
static json_t *values_of(const struct sheet *sheet, const char *code)
{
	json_t *all = json_array(), *value;
	size_t k;

	for (int many = 0; many < 2; many++) {
		char name[FIELD_ROOM];

		snprintf(name, sizeof name, many ? "attribute[%s][]" : "attribute[%s]", code);
		json_array_foreach(json_object_get(sheet->form, name), k, value)
			if (json_string_length(value) > 0)
				json_array_append(all, value);
	}
	return all;
}

static const char *choice_name(const json_t *attribute, const char *key)
{
	const json_t *choice;
	size_t i;

	json_array_foreach(json_object_get(attribute, "values"), i, choice)
		if (strcmp(json_string_value(json_object_get(choice, "key")), key) == 0)
			return json_string_value(json_object_get(choice, "name"));
	return NULL;
}

static bool number_ok(const char *text)
{
	double value;

	return decimal_read(text, 1e15, &value);
}

/* What is wrong with a value of this attribute; NULL: nothing. */
static const char *value_fault(const json_t *attribute, const json_t *value)
{
	const char *type = json_string_value(json_object_get(attribute, "datatype")), *text = json_string_value(value);
	size_t len = json_string_length(value), chars;
	int64_t ms;

	if (!text_is_valid(text, len, &chars) || chars > VALUE_MOST)
		return "含有不能显示的控制字符，或超过 2000 个字";
	if (strcmp(type, "string") == 0)
		return strpbrk(text, "\r\n") != NULL ? "不能换行" : NULL;
	if (strcmp(type, "number") == 0)
		return number_ok(text) ? NULL : "应为数字";
	if (strcmp(type, "datetime") == 0)
		return w3date_parse(text, &ms) ? NULL : "应为时间，如 2010-01-01T00:00:00Z";
	if (strcmp(type, "text") == 0)
		return NULL;
	return choice_name(attribute, text) != NULL ? NULL : "不在可选值中";
}

/* KIND, REGION and PUBLIC steer the ticket; all others stand in its text. */
static void value_put(struct sheet *sheet, json_t *params, json_t *more, const json_t *attribute, const json_t *values)
{
	const char *code = json_string_value(json_object_get(attribute, "code"));
	const char *first = json_string_value(json_array_get(values, 0)), *text;
	json_t *value;
	size_t i;

	if (strcmp(code, "KIND") == 0) {
		json_object_set_new(params, "kind", json_integer(atoi(first)));
	} else if (strcmp(code, "REGION") == 0) {
		json_object_set_new(params, "region", json_string(first));
	} else if (strcmp(code, "PUBLIC") == 0) {
		json_object_set_new(more, "open", json_boolean(strcmp(first, "yes") == 0));
	} else {
		fprintf(sheet->more, "\n%s：", json_string_value(json_object_get(attribute, "description")));
		json_array_foreach(values, i, value) {
			text = choice_name(attribute, json_string_value(value));
			fprintf(sheet->more, "%s%s", i > 0 ? "、" : "", text != NULL ? text : json_string_value(value));
		}
	}
}

static void attribute_take(struct sheet *sheet, json_t *params, json_t *more, const json_t *attribute)
{
	const char *code = json_string_value(json_object_get(attribute, "code")), *fault = NULL;
	const char *type = json_string_value(json_object_get(attribute, "datatype"));
	json_t *values = values_of(sheet, code), *value;
	char name[FIELD_ROOM];
	size_t i;

	snprintf(name, sizeof name, "attribute[%s]", code);
	json_array_foreach(values, i, value)
		if (fault == NULL)
			fault = value_fault(attribute, value);
	if (json_array_size(values) > 1 && strcmp(type, "multivaluelist") != 0)
		fault = "只能有一个值";
	if (json_array_size(values) == 0 && json_is_true(json_object_get(attribute, "required")))
		fault = "必填";
	if (fault != NULL)
		fault_add(sheet, name, fault);
	else if (json_array_size(values) > 0 && json_is_true(json_object_get(attribute, "variable")))
		value_put(sheet, params, more, attribute, values);
	json_decref(values);
}

static bool attribute_known(const struct sheet *sheet, const char *name)
{
	const json_t *attribute;
	size_t i;

	json_array_foreach(json_object_get(sheet->definition, "attributes"), i, attribute) {
		const char *code = json_string_value(json_object_get(attribute, "code"));
		size_t len = strlen(code);

		if (strncmp(name + 10, code, len) == 0
		    && (strcmp(name + 10 + len, "]") == 0 || strcmp(name + 10 + len, "][]") == 0))
			return true;
	}
	return false;
}

static void attributes_take(struct sheet *sheet, json_t *params, json_t *more)
{
	const char *name;
	json_t *attribute, *values;
	size_t i;

	json_object_foreach((json_t *)sheet->form, name, values)
		if (strncmp(name, "attribute[", 10) == 0 && !attribute_known(sheet, name))
			fault_add(sheet, name, "这个服务没有此项");
	json_array_foreach(json_object_get(sheet->definition, "attributes"), i, attribute)
		attribute_take(sheet, params, more, attribute);
}

/* ---- the whole ----------------------------------------------------------------------------------- */

static void body_set(struct sheet *sheet, json_t *params, json_t *more)
{
	const char *description = field(sheet, "description"), *media = field(sheet, "media_url");
	const char *said = description != NULL ? description : "（没有文字描述）";
	size_t chars = 0, size = strlen(said) + 1;
	char *body;

	if (media != NULL)
		fprintf(sheet->more, "\n附图：%s", media);
	fflush(sheet->more);
	size += sheet->lines_size;
	body = malloc(size);
	if (body == NULL)
		abort();
	snprintf(body, size, "%s%s", said, sheet->lines_size > 0 ? sheet->lines : "");
	json_object_set_new(params, "body", json_string(body));
	free(body);
	if (description != NULL)
		text_is_valid(description, strlen(description), &chars);
	json_object_set_new(more, "described", json_integer((json_int_t)chars));
}

static void copy(const struct sheet *sheet, json_t *to, const char *name)
{
	json_t *value = json_object_get(sheet->fields, name);

	if (value != NULL)
		json_object_set(to, name, value);
}

static void sheet_fill(struct sheet *sheet, json_t *params, json_t *more)
{
	static const char *const kept[] = { "address_string", "address_id", "account_id", "email", "media_url" };

	fields_take(sheet);
	json_object_set_new(params, "kind", json_integer(KIND_help));
	json_object_set_new(params, "secrecy", json_integer(SECRECY_open));
	json_object_set(params, "matter", json_object_get(sheet->definition, "service_code"));
	/* Not the first words of the description: titles stand in every list, and people name themselves. */
	json_object_set(params, "title", json_object_get(sheet->definition, "service_name"));
	json_object_set_new(more, "open", json_true());
	location_take(sheet, more, params);
	name_take(sheet, params);
	copy(sheet, params, "phone");
	attributes_take(sheet, params, more);
	body_set(sheet, params, more);
	for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
		copy(sheet, more, kept[i]);
}

json_t *open311_submission(const json_t *form, const json_t *definition, json_t **ret_faults)
{
	struct sheet sheet = { .form = form, .definition = definition, .fields = json_object(), .faults = json_object() };
	json_t *params = json_object(), *more = json_object();

	sheet.more = open_memstream(&sheet.lines, &sheet.lines_size);
	if (sheet.more == NULL)
		abort();
	sheet_fill(&sheet, params, more);
	fclose(sheet.more);
	free(sheet.lines);
	json_decref(sheet.fields);
	json_object_set_new(params, "open311", more);
	*ret_faults = NULL;
	if (json_object_size(sheet.faults) == 0) {
		json_decref(sheet.faults);
		return params;
	}
	*ret_faults = sheet.faults;
	json_decref(params);
	return NULL;
}
