/* open311_query.c — the arguments of GET requests, as a pure check. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "open311_parts.h"
#include "w3date.h"

#define DAY_MS INT64_C(86400000)
enum { LIST_MOST = 200, CODE_MOST = 40, PAGES_MOST = 100000 };

struct query {
	argument_fn *argument;
	void *context;
	json_t *faults;
};

static void fault_add(struct query *query, const char *name, const char *text)
{
	json_object_set_new(query->faults, name, json_string(text));
}

/* A null argument is one that was not given. */
static const char *argument(struct query *query, const char *name)
{
	const char *text = query->argument(query->context, name);

	return text != NULL && *text != '\0' ? text : NULL;
}

static bool word_ok(const char *word, size_t len)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

	for (size_t i = 0; i < len; i++)
		if (strchr(alphabet, word[i]) == NULL)
			return false;
	return len > 0 && len <= CODE_MOST;
}

/* A comma-delimited list of codes; NULL: not given, or no such list. */
static json_t *list_read(struct query *query, const char *name)
{
	const char *text = argument(query, name);
	json_t *list;

	if (text == NULL)
		return NULL;
	list = json_array();
	for (;;) {
		size_t len;

		text += strspn(text, " ");
		len = strcspn(text, ", ");
		if (!word_ok(text, len) || json_array_size(list) >= LIST_MOST) {
			fault_add(query, name, "应为逗号分隔的编号，最多 200 个");
			json_decref(list);
			return NULL;
		}
		json_array_append_new(list, json_stringn(text, len));
		text += len + strspn(text + len, " ");
		if (*text == '\0')
			return list;
		if (*text++ != ',')
			text = "";       /* words side by side: refused by the next turn */
	}
}

static bool number_read(struct query *query, const char *name, long most, long otherwise, long *ret)
{
	const char *text = argument(query, name);
	char *end, sentence[80];

	*ret = otherwise;
	if (text == NULL)
		return true;
	*ret = strtol(text, &end, 10);
	if (*text >= '0' && *text <= '9' && *end == '\0' && *ret >= 1 && *ret <= most)
		return true;
	snprintf(sentence, sizeof sentence, "应为 1 到 %ld 的整数", most);
	fault_add(query, name, sentence);
	return false;
}

/* A '+' that nobody encoded arrives as a blank. */
static bool date_read(struct query *query, const char *name, bool *ret_given, int64_t *ret_ms)
{
	const char *text = argument(query, name);
	char copy[W3DATE_ROOM], *blank;

	*ret_given = text != NULL;
	if (text == NULL)
		return true;
	snprintf(copy, sizeof copy, "%s", text);
	blank = strchr(copy, ' ');
	if (blank != NULL)
		*blank = '+';
	if (strlen(text) < sizeof copy && w3date_parse(copy, ret_ms))
		return true;
	fault_add(query, name, "应为 W3C 格式的时间，含时区，如 2010-01-01T00:00:00Z");
	return false;
}

/* At most ninety days: the most recent ones, or those beside the one end that was given. */
static void span_read(struct query *query, int64_t now_ms, int64_t *ret_from, int64_t *ret_to)
{
	bool has_from, has_to;
	int64_t span = SPAN_DAYS * DAY_MS;

	*ret_from = *ret_to = 0;
	if (!date_read(query, "start_date", &has_from, ret_from) || !date_read(query, "end_date", &has_to, ret_to))
		return;
	if (!has_to)
		*ret_to = has_from && *ret_from + span < now_ms ? *ret_from + span : now_ms;
	if (!has_from)
		*ret_from = *ret_to - span;
	if (has_from && has_to && *ret_from > *ret_to)
		fault_add(query, "end_date", "早于 start_date");
	else if (*ret_to - *ret_from > span)
		fault_add(query, "end_date", "与 start_date 相距不能超过 90 天");
}

static void status_read(struct query *query, bool *ret_open, bool *ret_closed)
{
	json_t *list = list_read(query, "status"), *word;
	size_t i;

	*ret_open = *ret_closed = list == NULL;
	json_array_foreach(list, i, word) {
		const char *text = json_string_value(word);

		if (strcmp(text, "open") == 0)
			*ret_open = true;
		else if (strcmp(text, "closed") == 0)
			*ret_closed = true;
		else
			fault_add(query, "status", "应为 open 或 closed");
	}
	json_decref(list);
}

json_t *open311_query(argument_fn *argument_find, void *context, int64_t now_ms, json_t **ret_faults)
{
	struct query query = { argument_find, context, json_object() };
	json_t *ids = list_read(&query, "service_request_id"), *codes = NULL, *params = NULL;
	int64_t from = 0, to = 0;
	bool open = true, closed = true;
	long page = 1, size = PAGE_MOST;

	if (ids == NULL && json_object_size(query.faults) == 0) {
		codes = list_read(&query, "service_code");
		span_read(&query, now_ms, &from, &to);
		status_read(&query, &open, &closed);
		number_read(&query, "page", PAGES_MOST, 1, &page);
		number_read(&query, "page_size", PAGE_MOST, PAGE_MOST, &size);
	}
	if (json_object_size(query.faults) > 0) {
		*ret_faults = query.faults;
		json_decref(ids);
		json_decref(codes);
		return NULL;
	}
	json_decref(query.faults);
	*ret_faults = NULL;
	params = ids != NULL ? json_pack("{s:o}", "ids", ids)
		: json_pack("{s:I, s:I, s:b, s:b, s:I, s:I, s:o*}", "from", (json_int_t)from, "to", (json_int_t)to,
		            "open", open, "closed", closed, "offset", (json_int_t)((page - 1) * size),
		            "limit", (json_int_t)size, "codes", codes);
	return params;
}
