/* csv.c — RFC 4180 rows from bytes that arrive piece by piece. */
#include <stdlib.h>
#include <string.h>
#include "csv.h"

enum csv_state {
	AT_FIELD,      /* nothing of this field has been read */
	IN_PLAIN,
	IN_QUOTES,
	AFTER_QUOTE,   /* a quote inside quotes: the end, or the first of a doubled one */
	IN_RUIN        /* the row is faulty: skip to its end */
};

struct csv {
	csv_fn *fn;
	void *context;
	enum csv_state state;
	bool carriage;             /* a CR outside quotes: the row ends if LF follows */
	unsigned mark;             /* bytes of the byte-order mark seen, BOM_DONE when past it */
	size_t line, used;
	struct csv_row row;
	size_t starts[CSV_FIELDS];
	char bytes[CSV_ROW_BYTES];
};

static const char BOM[] = "\xef\xbb\xbf";
enum { BOM_DONE = 3 };

static void row_begin(struct csv *csv)
{
	csv->row = (struct csv_row){ .line = csv->line };
	csv->used = 0;
	csv->state = AT_FIELD;
	csv->carriage = false;
}

struct csv *csv_new(csv_fn *fn, void *context)
{
	struct csv *csv = malloc(sizeof(*csv));

	if (csv == NULL)
		return NULL;
	csv->fn = fn;
	csv->context = context;
	csv->mark = 0;
	csv->line = 1;
	row_begin(csv);
	return csv;
}

void csv_free(struct csv *csv)
{
	free(csv);
}

static void row_ruin(struct csv *csv, enum csv_fault fault)
{
	csv->row.fault = fault;
	csv->state = IN_RUIN;
}

/* One byte always stays free for the NUL that closes the last field. */
static bool byte_put(struct csv *csv, char c)
{
	if (csv->used + 1 >= CSV_ROW_BYTES) {
		row_ruin(csv, CSV_TOO_LONG);
		return false;
	}
	csv->bytes[csv->used++] = c;
	return true;
}

static bool field_begin(struct csv *csv)
{
	if (csv->row.count == CSV_FIELDS) {
		row_ruin(csv, CSV_TOO_MANY_FIELDS);
		return false;
	}
	csv->starts[csv->row.count++] = csv->used;
	return true;
}

static void field_end(struct csv *csv)
{
	size_t last = csv->row.count - 1;

	csv->row.lengths[last] = csv->used - csv->starts[last];
	if (byte_put(csv, '\0'))
		csv->state = AT_FIELD;
}

/* Close the field that is open and hand the row over. */
static void row_end(struct csv *csv)
{
	size_t i, last;

	if (csv->state == AT_FIELD && !field_begin(csv))
		csv->row.count = CSV_FIELDS;
	last = csv->row.count - 1;
	if (csv->state != IN_RUIN || csv->starts[last] <= csv->used)
		csv->row.lengths[last] = csv->used - csv->starts[last];
	csv->bytes[csv->used] = '\0';
	for (i = 0; i < csv->row.count; i++)
		csv->row.fields[i] = csv->bytes + csv->starts[i];
	csv->fn(csv->context, &csv->row);
	row_begin(csv);
}

static void plain_byte(struct csv *csv, char c)
{
	if (csv->state == AT_FIELD) {
		if (!field_begin(csv))
			return;
		csv->state = c == '"' ? IN_QUOTES : IN_PLAIN;
		if (c == '"')
			return;
	}
	if (c == ',')
		field_end(csv);
	else if (c == '"')
		row_ruin(csv, CSV_STRAY_QUOTE);
	else
		byte_put(csv, c);
}

static void after_quote_byte(struct csv *csv, char c)
{
	if (c == '"') {
		csv->state = IN_QUOTES;
		byte_put(csv, c);
	} else if (c == ',') {
		field_end(csv);
	} else {
		row_ruin(csv, CSV_STRAY_QUOTE);
	}
}

static void quoted_byte(struct csv *csv, char c)
{
	if (c == '"')
		csv->state = AFTER_QUOTE;
	else
		byte_put(csv, c);
}

static void inner_byte(struct csv *csv, char c)
{
	if (csv->state == AFTER_QUOTE)
		after_quote_byte(csv, c);
	else if (csv->state != IN_RUIN)
		plain_byte(csv, c);
}

/* true when a row was handed over. */
static bool byte_take(struct csv *csv, char c)
{
	if (c == '\n')
		csv->line++;
	if (csv->state == IN_QUOTES) {
		quoted_byte(csv, c);
		return false;
	}
	if (c == '\n') {
		row_end(csv);
		return true;
	}
	if (csv->carriage) {
		csv->carriage = false;
		inner_byte(csv, '\r');
	}
	if (c == '\r')
		csv->carriage = true;
	else
		inner_byte(csv, c);
	return false;
}

/* true while c may still belong to a byte-order mark. */
static bool mark_take(struct csv *csv, char c)
{
	unsigned seen = csv->mark, i;

	if (c == BOM[seen]) {
		csv->mark++;
		return true;
	}
	csv->mark = BOM_DONE;
	for (i = 0; i < seen; i++)
		byte_take(csv, BOM[i]);
	return false;
}

size_t csv_feed(struct csv *csv, const char *bytes, size_t len)
{
	size_t at = 0;

	while (at < len) {
		char c = bytes[at++];

		if (csv->mark < BOM_DONE && mark_take(csv, c))
			continue;
		if (byte_take(csv, c))
			break;
	}
	return at;
}

void csv_end(struct csv *csv)
{
	if (csv->state == IN_QUOTES)
		row_ruin(csv, CSV_OPEN_QUOTE);
	if (csv->state != AT_FIELD || csv->row.count > 0)
		row_end(csv);
}

const char *csv_fault_text(enum csv_fault fault)
{
	switch (fault) {
	case CSV_FINE: return "";
	case CSV_STRAY_QUOTE: return "引号位置不对：含引号、逗号或换行的字段须整体用引号括起，其中的引号写两遍";
	case CSV_OPEN_QUOTE: return "引号没有闭合，直到文件结束";
	case CSV_TOO_MANY_FIELDS: return "列数超过 64";
	case CSV_TOO_LONG: return "一行超过 256 KiB，可能是引号没有闭合";
	}
	return "格式错误";
}
