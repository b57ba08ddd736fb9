/* parameters.c — check the parameters of a command against its row's text, every fault at once. */
#include <stdio.h>
#include <string.h>
#include "parameter_types.h"
#include "parameters.h"

const char parameter_filter_spec[] =
	"text:text(100)? number:code(18)? phone:phone? phone_index:code(64)? phone_mask:text(20)? "
	"state:ints(0,99)? open:bool? due:words(overdue|soon|today)? kind:ints(1,6)? urgency:ints(0,2)? channel:ints(1,99)? "
	"matter:codes(8,20)? region:codes(12,20)? town:codes(12,40)? dept:ints(1,2147483647)? grade:ints(0,5)? "
	"agent:ints(1,2147483647)? accepted_in:words(today|week|month|days30|year)? accepted_from:date? accepted_to:date? "
	"closed_in:words(today|week|month|days30|year)? closed_from:date? closed_to:date?";

static bool copy_part(char *out, size_t room, const char *from, size_t len)
{
	if (len == 0 || len >= room)
		return false;
	memcpy(out, from, len);
	out[len] = '\0';
	return true;
}

int parameter_next(const char **at, struct parameter *ret)
{
	const char *text = *at + strspn(*at, " ");
	size_t len = strcspn(text, ":");

	*ret = (struct parameter){ 0 };
	if (*text == '\0')
		return 0;
	if (text[len] != ':' || !copy_part(ret->name, sizeof ret->name, text, len))
		return -1;
	text += len + 1;
	len = strcspn(text, "(? ");
	if (!copy_part(ret->type, sizeof ret->type, text, len))
		return -1;
	text += len;
	if (*text == '(') {
		len = strcspn(++text, ")");
		if (text[len] != ')' || !copy_part(ret->argument, sizeof ret->argument, text, len))
			return -1;
		text += len + 1;
	}
	if (*text == '?') {
		ret->optional = true;
		text++;
	}
	*at = text;
	return *text == '\0' || *text == ' ' ? 1 : -1;
}

bool parameters_spec_ok(const char *spec)
{
	struct parameter field;
	int read;

	while ((read = parameter_next(&spec, &field)) > 0) {
		const struct parameter_type *type = parameter_type_find(field.type);
		if (!type || !parameter_argument_ok(type, field.argument))
			return false;
	}
	return read == 0;
}

/* Forms send what was left blank as null or "": the same as leaving it out. */
static bool is_blank(json_t *value)
{
	size_t len = json_string_length(value);

	if (!json_is_string(value))
		return value == NULL || json_is_null(value);
	text_trim(json_string_value(value), &len);
	return len == 0;
}

static void fault_add(json_t **faults, const char *name, const char *fault)
{
	if (!*faults)
		*faults = json_object();
	json_object_set_new(*faults, name, json_string(fault));
}

/* The members of a filter, each fault under its own name. */
static void filter_check(const struct parameter *field, json_t *filter, json_t **faults)
{
	char path[64];
	const char *name;
	json_t *inner, *fault;

	if (parameters_check(parameter_filter_spec, filter, &inner))
		return;
	json_object_foreach(inner, name, fault) {
		snprintf(path, sizeof path, "%s.%s", field->name, name);
		fault_add(faults, path, json_string_value(fault));
	}
	json_decref(inner);
}

static void field_check(const struct parameter *field, json_t *params, json_t **faults)
{
	const struct parameter_type *type = parameter_type_find(field->type);
	json_t *value = json_object_get(params, field->name);
	char fault[FAULT_ROOM] = "";

	if (field->optional && is_blank(value))
		json_object_del(params, field->name);
	else if (!value || json_is_null(value))
		fault_add(faults, field->name, "必填");
	else if (type && !type->check(field, params, value, fault))
		fault_add(faults, field->name, fault);
	else if (strcmp(field->type, "filter") == 0)
		filter_check(field, value, faults);
}

static bool spec_has(const char *spec, const char *name)
{
	struct parameter field;

	while (parameter_next(&spec, &field) > 0)
		if (strcmp(field.name, name) == 0)
			return true;
	return false;
}

/* At most this many unknown names are told: an attacker's thousand keys are not echoed. */
enum { UNKNOWN_TOLD = 8 };

static void unknown_check(const char *spec, json_t *params, json_t **faults)
{
	const char *name;
	json_t *value;
	int told = 0;

	json_object_foreach(params, name, value)
		if (!spec_has(spec, name) && told++ < UNKNOWN_TOLD && strlen(name) <= 40)
			fault_add(faults, name, "没有这个参数");
	if (told > 0 && !*faults)
		fault_add(faults, "params", "有不认识的参数");
}

bool parameters_check(const char *spec, json_t *params, json_t **ret_faults)
{
	struct parameter field;

	*ret_faults = NULL;
	unknown_check(spec, params, ret_faults);
	for (const char *at = spec; parameter_next(&at, &field) > 0;)
		field_check(&field, params, ret_faults);
	return *ret_faults == NULL;
}
