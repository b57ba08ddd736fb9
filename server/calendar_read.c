/* calendar_read.c — what an administrator hands in as a calendar: a file of days, and office hours. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../routing/due.h"
#include "calendar_read.h"
#include "csv.h"

/* ---- the file ------------------------------------------------------------------------------------ */

enum { COLUMNS = 3, DAY_MINUTES = 1440, SPANS_MOST = 4 };

struct reading { json_t *days; size_t rows; char *fault; };

static void fault_set(struct reading *reading, size_t line, const char *sentence)
{
	if (*reading->fault == '\0')
		snprintf(reading->fault, CALENDAR_FAULT_ROOM, "第 %zu 行：%s", line, sentence);
}

static bool day_twice(const json_t *days, const char *day)
{
	size_t i;
	json_t *row;

	json_array_foreach(days, i, row)
		if (strcmp(json_string_value(json_array_get(row, 0)), day) == 0)
			return true;
	return false;
}

static void row_take(void *context, const struct csv_row *row)
{
	struct reading *reading = context;
	int32_t day;

	if (row->count == 1 && row->lengths[0] == 0)
		return;
	if (row->fault != CSV_FINE)
		fault_set(reading, row->line, csv_fault_text(row->fault));
	else if (row->count != COLUMNS)
		fault_set(reading, row->line, "应有三列：day,kind,name");
	else if (reading->rows++ == 0 && strcmp(row->fields[0], "day") != 0)
		fault_set(reading, row->line, "第一行应为标题：day,kind,name");
	else if (reading->rows == 1)
		return;
	else if (!day_parse(row->fields[0], &day))
		fault_set(reading, row->line, "日期应写作 2026-01-01");
	else if (strcmp(row->fields[1], "holiday") != 0 && strcmp(row->fields[1], "workday") != 0)
		fault_set(reading, row->line, "kind 应为 holiday（放假）或 workday（调休上班）");
	else if (row->lengths[2] == 0 || row->lengths[2] > 60)
		fault_set(reading, row->line, "name 应为 1 到 20 个字的节日名称");
	else if (day_twice(reading->days, row->fields[0]))
		fault_set(reading, row->line, "这一天在文件里出现了两次");
	else
		json_array_append_new(reading->days, json_pack("[s, s, s]", row->fields[0], row->fields[1], row->fields[2]));
}

json_t *calendar_days_read(const char *text, char fault[CALENDAR_FAULT_ROOM])
{
	struct reading reading = { .days = json_array(), .fault = fault };
	struct csv *csv = csv_new(row_take, &reading);
	size_t len = strlen(text), at = 0;

	if (csv == NULL)
		abort();
	*fault = '\0';
	while (at < len)
		at += csv_feed(csv, text + at, len - at);
	csv_end(csv);
	csv_free(csv);
	if (json_array_size(reading.days) == 0)
		fault_set(&reading, reading.rows + 1, "文件里没有日期");
	if (*fault == '\0')
		return reading.days;
	json_decref(reading.days);
	return NULL;
}

/* ---- office hours -------------------------------------------------------------------------------- */

/* "08:30" at *at, stepped over; -1 when it is no time of the day. 24:00 is its end. */
static int minute_read(const char **at)
{
	const char *t = *at;
	int hour, minute;

	/* Each is looked at only when the one before it is there: none is past the end. */
	if (!isdigit((unsigned char)t[0]) || !isdigit((unsigned char)t[1]) || t[2] != ':'
	    || !isdigit((unsigned char)t[3]) || !isdigit((unsigned char)t[4]))
		return -1;
	hour = (t[0] - '0') * 10 + t[1] - '0';
	minute = (t[3] - '0') * 10 + t[4] - '0';
	*at += 5;
	return minute > 59 ? -1 : hour * 60 + minute;
}

static const char *span_read(const char **at, int after, json_t *spans)
{
	int from = minute_read(at), to;

	if (from < 0 || **at != '-')
		return "应写作 08:30-11:30 13:30-17:00";
	++*at;
	to = minute_read(at);
	if (to < 0)
		return "应写作 08:30-11:30 13:30-17:00";
	if (to > DAY_MINUTES)
		return "一天到 24:00 为止";
	if (from >= to)
		return "结束应晚于开始";
	if (from < after)
		return "各段应按先后排列，互不重叠";
	json_array_append_new(spans, json_pack("[i, i]", from, to));
	return NULL;
}

json_t *calendar_office_read(const char *text, char fault[CALENDAR_FAULT_ROOM])
{
	json_t *spans = json_array();
	const char *why = NULL;
	int after = 0;

	do {
		text += strspn(text, " ");
		why = span_read(&text, after, spans);
		if (why == NULL)
			after = (int)json_integer_value(json_array_get(json_array_get(spans, json_array_size(spans) - 1), 1));
		if (why == NULL && *text != '\0' && *text != ' ')
			why = "各段之间用空格隔开";
		text += strspn(text, " ");
	} while (why == NULL && *text != '\0');
	if (why == NULL && json_array_size(spans) > SPANS_MOST)
		why = "一天最多四段";
	snprintf(fault, CALENDAR_FAULT_ROOM, "%s", why != NULL ? why : "");
	if (why == NULL)
		return spans;
	json_decref(spans);
	return NULL;
}
