/* import_columns.c — what the columns of an import file mean, and whether a row can become a ticket. */
#include <stdlib.h>
#include <string.h>
#include "../routing/due.h"
#include "../routing/terms.h"
#include "../routing/text.h"
#include "import_columns.h"
#include "parameters.h"

static const struct { const char *name; enum import_column column; } NAMES[] = {
	{ "title", IMPORT_TITLE }, { "body", IMPORT_BODY }, { "time", IMPORT_TIME },
	{ "kind", IMPORT_KIND }, { "urgency", IMPORT_URGENCY }, { "matter", IMPORT_MATTER },
	{ "region", IMPORT_REGION }, { "town", IMPORT_TOWN }, { "place", IMPORT_PLACE },
	{ "phone", IMPORT_PHONE }, { "name", IMPORT_NAME }, { "user", IMPORT_USER },
	{ "source_id", IMPORT_SOURCE_ID }, { "id", IMPORT_SOURCE_ID },
};
enum { NAME_COUNT = sizeof(NAMES) / sizeof(NAMES[0]) };

/* The same words as ticket.submit (server/commands.def), and the number at the source. */
static const char SPEC[] = "kind:kind urgency:urgency matter:code(8)? region:code(12) town:code(12)? "
	"place:text(200)? title:text(60) body:text(4000) phone:phone? name:text(40)? "
	"source_id:text(80)?";

enum { TITLE_CHARS = 60, BODY_CHARS = 4000, BEIJING_MS = 8 * 3600 * 1000 };

static bool column_place(struct import_columns *columns, enum import_column column, size_t place,
                         const char *name, FILE *notices)
{
	if (columns->at[column] >= 0) {
		fprintf(notices, "第 %zu 列 %s：同一含义的列出现了两次，请删去一列。\n", place + 1, name);
		return false;
	}
	columns->at[column] = (int)place;
	return true;
}

static bool name_read(struct import_columns *columns, size_t place, const char *name, FILE *notices)
{
	size_t i;

	for (i = 0; i < NAME_COUNT; i++)
		if (strcmp(NAMES[i].name, name) == 0)
			return column_place(columns, NAMES[i].column, place, name, notices);
	fprintf(notices, "第 %zu 列 %.60s：不认识的列，不导入。\n", place + 1, name);
	return true;
}

bool import_columns_read(struct import_columns *ret, const struct csv_row *header, FILE *notices)
{
	bool ok = header->fault == CSV_FINE;
	size_t i;

	for (i = 0; i < IMPORT_COLUMNS; i++)
		ret->at[i] = -1;
	ret->count = header->count;
	for (i = 0; i < header->count; i++)
		ok = name_read(ret, i, header->fields[i], notices) && ok;
	if (ret->at[IMPORT_TITLE] < 0 || ret->at[IMPORT_BODY] < 0) {
		fputs("第一行应为列名，其中必须有 title 和 body（见 docs/IMPORT.md）。\n", notices);
		ok = false;
	}
	return ok;
}

struct reading {
	const struct import_columns *columns;
	const struct csv_row *row;
	json_t *params;
	char *reason;
};

/* Add to the reason; what no longer fits is cut at a whole character. */
static void complain(struct reading *reading, const char *name, const char *fault)
{
	size_t used = strlen(reading->reason), cut;

	cut = used + (size_t)snprintf(reading->reason + used, IMPORT_REASON - used, "%s%s：%s",
	                              used > 0 ? "；" : "", name, fault);
	if (cut < IMPORT_REASON)
		return;
	for (cut = IMPORT_REASON - 1; cut > used && (reading->reason[cut - 1] & 0xc0) == 0x80; cut--)
		;
	reading->reason[cut > used ? cut - 1 : used] = '\0';
}

static const char *cell(const struct reading *reading, enum import_column column, size_t *ret_len)
{
	int at = reading->columns->at[column];

	*ret_len = at >= 0 && (size_t)at < reading->row->count ? reading->row->lengths[at] : 0;
	return *ret_len > 0 ? reading->row->fields[at] : "";
}

/* Empty cells are left out, so that the spec's ? decides whether they may be. */
static void copy_text(struct reading *reading, enum import_column column, const char *name)
{
	size_t len;
	const char *text = cell(reading, column, &len);
	json_t *value;

	if (len == 0)
		return;
	value = json_stringn(text, len);
	if (value == NULL)
		complain(reading, name, "不是合法的 UTF-8 文字");
	else
		json_object_set_new(reading->params, name, value);
}

/* A word of terms.def by number, name in code or term on screen; empty: otherwise. */
static void copy_term(struct reading *reading, enum import_column column, enum term_list list,
                      const char *name, int otherwise)
{
	const struct term *terms;
	size_t len, i, count = terms_all(list, &terms);
	const char *text = cell(reading, column, &len);
	int number = len == 0 ? otherwise : -1;
	char digits[16];

	for (i = 0; i < count; i++) {
		snprintf(digits, sizeof(digits), "%d", terms[i].number);
		if (strcmp(text, terms[i].term) == 0 || strcmp(text, terms[i].name) == 0
		    || strcmp(text, digits) == 0)
			number = terms[i].number;
	}
	if (number < 0)
		complain(reading, name, "不是规定的用词，见 docs/IMPORT.md");
	else
		json_object_set_new(reading->params, name, json_integer(number));
}

/* "2019-04-25 09:32[:05]" or with T between, Beijing time. */
static bool time_parse(const char *text, json_int_t *ret_ms)
{
	int hour, minute, second = 0, end = 0;
	char day[11];
	int32_t days;

	if (strlen(text) < 16 || (text[10] != ' ' && text[10] != 'T'))
		return false;
	snprintf(day, sizeof(day), "%.10s", text);
	if (!day_parse(day, &days) || strspn(text + 11, "0123456789:") != strlen(text + 11))
		return false;
	if (sscanf(text + 11, "%2d:%2d%n:%2d%n", &hour, &minute, &end, &second, &end) < 2
	    || text[11 + end] != '\0' || hour > 23 || minute > 59 || second > 59)
		return false;
	*ret_ms = (json_int_t)days * 86400000 + (hour * 3600 + minute * 60 + second) * 1000LL - BEIJING_MS;
	return true;
}

/* What only the history needs goes into the event's detail. */
static void detail_move(struct reading *reading)
{
	json_t *detail = json_object();
	size_t len;
	const char *time = cell(reading, IMPORT_TIME, &len);
	json_int_t at;

	if (json_object_get(reading->params, "source_id") != NULL)
		json_object_set(detail, "source_id", json_object_get(reading->params, "source_id"));
	json_object_del(reading->params, "source_id");
	if (len > 0 && time_parse(time, &at))
		json_object_set_new(detail, "accepted", json_integer(at));
	else if (len > 0)
		complain(reading, "time", "应为北京时间，如 2026-01-31 09:30:00");
	json_object_set_new(reading->params, "detail", detail);
}

/* Where the first TITLE_CHARS characters end; NULL when the text is not longer. */
static const char *title_end(const char *title, size_t len)
{
	const char *at = title, *end = title + len;
	int chars;

	for (chars = 0; chars < TITLE_CHARS && at < end; chars++)
		text_next(&at, end);
	return at < end ? at : NULL;
}

/* A title too long for its field stands whole before the text, if there it fits. */
static void title_fit(struct reading *reading)
{
	json_t *title = json_object_get(reading->params, "title");
	json_t *body = json_object_get(reading->params, "body");
	const char *end;
	size_t title_chars, body_chars;
	json_t *joined;

	if (title == NULL || body == NULL)
		return;
	end = title_end(json_string_value(title), json_string_length(title));
	if (end == NULL || !text_is_valid(json_string_value(title), json_string_length(title), &title_chars)
	    || !text_is_valid(json_string_value(body), json_string_length(body), &body_chars)
	    || title_chars + 1 + body_chars > BODY_CHARS)
		return;
	joined = json_sprintf("%s\n%s", json_string_value(title), json_string_value(body));
	json_object_set_new(reading->params, "body", joined);
	json_object_set_new(reading->params, "title",
	                    json_stringn(json_string_value(title), (size_t)(end - json_string_value(title))));
}

static void check(struct reading *reading)
{
	json_t *faults = NULL, *fault;
	const char *name;

	if (parameters_check(SPEC, reading->params, &faults))
		return;
	json_object_foreach(faults, name, fault)
		complain(reading, name, json_string_value(fault));
	json_decref(faults);
}

static void cells_copy(struct reading *reading, const char *region)
{
	copy_text(reading, IMPORT_TITLE, "title");
	copy_text(reading, IMPORT_BODY, "body");
	copy_text(reading, IMPORT_MATTER, "matter");
	copy_text(reading, IMPORT_TOWN, "town");
	copy_text(reading, IMPORT_PLACE, "place");
	copy_text(reading, IMPORT_PHONE, "phone");
	copy_text(reading, IMPORT_SOURCE_ID, "source_id");
	copy_text(reading, IMPORT_USER, "name");
	copy_text(reading, IMPORT_NAME, "name");
	json_object_set_new(reading->params, "region", json_string(region));
	copy_text(reading, IMPORT_REGION, "region");
	copy_term(reading, IMPORT_KIND, TERMS_KIND, "kind", KIND_help);
	copy_term(reading, IMPORT_URGENCY, TERMS_URGENCY, "urgency", URGENCY_normal);
}

json_t *import_row_read(const struct import_columns *columns, const struct csv_row *row,
                        const char *region, char reason[IMPORT_REASON])
{
	struct reading reading = { columns, row, json_object(), reason };

	reason[0] = '\0';
	if (row->fault != CSV_FINE) {
		complain(&reading, "行", csv_fault_text(row->fault));
	} else if (row->count != columns->count) {
		complain(&reading, "行", row->count < columns->count ? "列数比第一行少" : "列数比第一行多");
	} else {
		cells_copy(&reading, region);
		title_fit(&reading);
		if (reason[0] == '\0')
			check(&reading);
		detail_move(&reading);
	}
	if (reason[0] == '\0')
		return reading.params;
	json_decref(reading.params);
	return NULL;
}
