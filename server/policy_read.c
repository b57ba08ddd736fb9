/* policy_read.c — makes the dispatch rules of a checked document ready for routing/dispatch.h. */
#include <stdlib.h>
#include <string.h>
#include "policy.h"

static const char *text_of(const json_t *row, const char *name)
{
	const char *text = json_string_value(json_object_get(row, name));

	return text != NULL ? text : "";
}

static int number_of(const json_t *row, const char *name)
{
	return (int)json_integer_value(json_object_get(row, name));
}

static void *rows_new(const json_t *array, size_t size)
{
	void *rows = calloc(json_array_size(array) + 1, size);

	if (rows == NULL)
		abort();
	return rows;
}

static unsigned months_of(const json_t *row)
{
	const json_t *list = json_object_get(row, "months"), *month;
	unsigned months = 0;
	size_t i;

	json_array_foreach(list, i, month)
		months |= 1u << (json_integer_value(month) - 1);
	return months;
}

static struct dispatch_rule rule_of(const json_t *row)
{
	struct dispatch_rule rule = { .id = number_of(row, "id"), .name = text_of(row, "name"), .any = text_of(row, "any"),
		.all = text_of(row, "all"), .none = text_of(row, "none"), .place = text_of(row, "place"),
		.matter = text_of(row, "matter"), .group = text_of(row, "group"), .kind = number_of(row, "kind"),
		.region = text_of(row, "region"), .town = text_of(row, "town"), .months = months_of(row),
		.set_matter = text_of(row, "set_matter"), .unit = number_of(row, "unit"), .duty = text_of(row, "duty"),
		.pool = json_is_true(json_object_get(row, "pool")), .basis = text_of(row, "basis") };
	const json_t *list = json_object_get(row, "cos");

	for (size_t i = 0; i < json_array_size(list) && i < DISPATCH_COS; i++)
		rule.cos[i] = (int)json_integer_value(json_array_get(list, i));
	return rule;
}

static struct dispatch_fallback fallback_of(const json_t *row)
{
	const char *to = text_of(row, "to");

	return (struct dispatch_fallback){ .region = text_of(row, "region"), .duty = text_of(row, "duty"),
		.way = strcmp(to, "unit") == 0 ? WAY_UNIT : strcmp(to, "government") == 0 ? WAY_GOVERNMENT : WAY_SUPERIOR,
		.unit = number_of(row, "unit") };
}

struct dispatch_policy *policy_read(const json_t *content, int version)
{
	const json_t *rules = json_object_get(content, "rules"), *fallbacks = json_object_get(content, "fallbacks");
	const json_t *desks = json_object_get(content, "desks"), *row;
	struct dispatch_rule *rule_rows = rows_new(rules, sizeof(*rule_rows));
	struct dispatch_fallback *fallback_rows = rows_new(fallbacks, sizeof(*fallback_rows));
	struct dispatch_desk *desk_rows = rows_new(desks, sizeof(*desk_rows));
	struct dispatch_terms terms = { .version = version, .straight = number_of(content, "straight") / 100.0,
		.suggest = number_of(content, "suggest") / 100.0, .practice_least = number_of(content, "practice_least"),
		.practice_share = number_of(content, "practice_share") / 100.0,
		.balance = json_is_true(json_object_get(content, "balance")),
		.rules = rule_rows, .rule_count = json_array_size(rules),
		.fallbacks = fallback_rows, .fallback_count = json_array_size(fallbacks),
		.desks = desk_rows, .desk_count = json_array_size(desks) };
	struct dispatch_policy *policy = NULL;
	size_t i;

	json_array_foreach(rules, i, row)
		rule_rows[i] = rule_of(row);
	json_array_foreach(fallbacks, i, row)
		fallback_rows[i] = fallback_of(row);
	json_array_foreach(desks, i, row)
		desk_rows[i] = (struct dispatch_desk){ number_of(row, "unit"), number_of(row, "most"), text_of(row, "phone") };
	if (number_of(content, "straight") > 0 && terms.rule_count <= DISPATCH_RULES)
		policy = dispatch_policy_new(&terms);
	free(rule_rows);
	free(fallback_rows);
	free(desk_rows);
	return policy;
}
