/* Asks the CSV reader the cases of RFC 4180, in pieces of every size, and a simple clerk beside it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../../server/csv.h"
#include "../../server/import_columns.h"

/* Rows are written down as "line:field|field|…;" or "line!fault;". */
struct notes { char text[4096]; };

static void note(void *context, const struct csv_row *row)
{
	struct notes *notes = context;
	size_t used = strlen(notes->text), i;
	char *at = notes->text + used;
	size_t room = sizeof(notes->text) - used;

	if (row->fault != CSV_FINE) {
		snprintf(at, room, "%zu!%d;", row->line, (int)row->fault);
		return;
	}
	at += snprintf(at, room, "%zu:", row->line);
	for (i = 0; i < row->count; i++) {
		assert_int_equal(row->fields[i][row->lengths[i]], '\0');
		at += sprintf(at, "%s%s", i > 0 ? "|" : "", row->fields[i]);
	}
	strcat(notes->text, ";");
}

static void read_in_pieces(const char *text, size_t len, size_t piece, struct notes *ret)
{
	struct csv *csv = csv_new(note, ret);
	size_t at = 0;

	assert_non_null(csv);
	ret->text[0] = '\0';
	while (at < len) {
		size_t size = len - at < piece ? len - at : piece;
		size_t took = csv_feed(csv, text + at, size);

		assert_true(took > 0 && took <= size);
		at += took;
	}
	csv_end(csv);
	csv_free(csv);
}

static void expect(const char *text, const char *rows)
{
	size_t len = strlen(text), piece;
	struct notes notes;

	for (piece = 1; piece <= len + 1; piece++) {
		read_in_pieces(text, len, piece, &notes);
		assert_string_equal(notes.text, rows);
	}
}

static void plain_rows_end_with_lf_crlf_or_the_file(void **state)
{
	(void)state;
	expect("", "");
	expect("a,b\nc,d\n", "1:a|b;2:c|d;");
	expect("a,b\r\nc,d\r\n", "1:a|b;2:c|d;");
	expect("a,b\nc,d", "1:a|b;2:c|d;");
	expect("a,b\nc,", "1:a|b;2:c|;");
	expect(",\n", "1:|;");
	expect("\n\na\n", "1:;2:;3:a;");
	expect("a\rb,c\n", "1:a\rb|c;");
	expect("a,b\r", "1:a|b;");
}

static void quoted_fields_hold_commas_quotes_and_line_ends(void **state)
{
	(void)state;
	expect("\"a,b\",c\n", "1:a,b|c;");
	expect("\"a\"\"b\",\"\"\n", "1:a\"b|;");
	expect("\"\"\"\"\n", "1:\";");
	expect("\"a\nb\r\nc\",d\ne\n", "1:a\nb\r\nc|d;4:e;");
	expect("\"a\"", "1:a;");
	expect("\"a\"\r\n\"b\"", "1:a;2:b;");
}

static void a_byte_order_mark_is_skipped_once(void **state)
{
	(void)state;
	expect("\xef\xbb\xbf" "a,b\n", "1:a|b;");
	expect("\xef\xbb\xbf\"a\",b\n", "1:a|b;");
	expect("\xef\xbb" "a\n", "1:\xef\xbb" "a;");
	expect("a\n\xef\xbb\xbf" "b\n", "1:a;2:\xef\xbb\xbf" "b;");
}

static void a_faulty_row_is_told_and_reading_goes_on(void **state)
{
	char text[400] = "", rows[400];
	int i;

	(void)state;
	expect("a\"b,c\nd\n", "1!1;2:d;");
	expect("\"a\"b,c\nd\n", "1!1;2:d;");
	expect("\"a\"\rb\nd\n", "1!1;2:d;");
	expect("a\n\"b\nc", "1:a;2!2;");
	for (i = 0; i < CSV_FIELDS; i++)
		strcat(text, ",");
	strcat(text, "\nb\n");
	snprintf(rows, sizeof(rows), "1!%d;2:b;", (int)CSV_TOO_MANY_FIELDS);
	expect(text, rows);
}

static void a_row_without_end_is_given_up_at_its_limit(void **state)
{
	size_t len = (size_t)CSV_ROW_BYTES + 10;
	char *text = malloc(len + 8);
	struct notes notes;

	(void)state;
	memset(text, 'x', len);
	strcpy(text + len, "\nb\n");
	read_in_pieces(text, len + 3, 1000, &notes);
	assert_string_equal(notes.text, "1!4;2:b;");
	text[0] = '"';
	read_in_pieces(text, len + 3, 1000, &notes);
	assert_string_equal(notes.text, "1!4;2:b;");
	free(text);
}

/* Whatever is written by the rules is read back, whatever the pieces. */
static void what_is_written_is_read(void **state)
{
	static const char *const bits[] = { "a", ",", "\"", "\n", "\r", "诉", " ", "" };
	struct notes notes;
	unsigned seed = 7, i, j;

	(void)state;
	for (i = 0; i < 2000; i++) {
		char text[200] = "\"", field[100] = "", rows[200];

		for (j = 0; j < 6; j++) {
			const char *bit = bits[(seed = seed * 1103515245u + 12345u) >> 16 & 7];

			strcat(field, bit);
			strcat(text, *bit == '"' ? "\"\"" : bit);
		}
		strcat(text, "\"\r\nz");
		snprintf(rows, sizeof(rows), "1:%s;", field);
		read_in_pieces(text, strlen(text), i % 7 + 1, &notes);
		assert_int_equal(strncmp(notes.text, rows, strlen(rows)), 0);
		assert_string_equal(notes.text + strlen(notes.text) - 3, ":z;");
	}
}

/* ---- rows as tickets ---- */

struct made { struct import_columns columns; bool header_read; json_t *params; char reason[IMPORT_REASON]; };

static void make(void *context, const struct csv_row *row)
{
	struct made *made = context;
	FILE *nowhere = fopen("/dev/null", "w");

	if (!made->header_read) {
		made->header_read = import_columns_read(&made->columns, row, nowhere);
	} else {
		json_decref(made->params);
		made->params = import_row_read(&made->columns, row, "232700", made->reason);
	}
	fclose(nowhere);
}

static struct made row_made(const char *text)
{
	struct made made = { 0 };
	struct csv *csv = csv_new(make, &made);
	size_t at = 0;

	while (at < strlen(text))
		at += csv_feed(csv, text + at, strlen(text) - at);
	csv_end(csv);
	csv_free(csv);
	return made;
}

static const char *text_of(const struct made *made, const char *name)
{
	const char *text = json_string_value(json_object_get(made->params, name));

	return text != NULL ? text : "";
}

static void a_row_becomes_the_parameters_of_a_ticket(void **state)
{
	struct made made = row_made("id,user,time,title,body,likes\n"
		"7,某用户,2019-04-25 09:32:09, 标题 ,内容,3\n");

	(void)state;
	assert_non_null(made.params);
	assert_string_equal(text_of(&made, "title"), "标题");
	assert_string_equal(text_of(&made, "region"), "232700");
	assert_string_equal(text_of(&made, "name"), "某用户");
	assert_int_equal(json_integer_value(json_object_get(made.params, "kind")), 2);
	assert_int_equal(json_integer_value(json_object_get(
		json_object_get(made.params, "detail"), "accepted")), 1556155929000);
	assert_string_equal(json_string_value(json_object_get(
		json_object_get(made.params, "detail"), "source_id")), "7");
	json_decref(made.params);
}

static void terms_are_taken_by_word_name_or_number(void **state)
{
	static const char *const words[] = { "投诉", "complaint", "3" };
	char text[100];
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		struct made made;

		snprintf(text, sizeof(text), "title,body,kind\n题,文,%s\n", words[i]);
		made = row_made(text);
		assert_int_equal(json_integer_value(json_object_get(made.params, "kind")), 3);
		json_decref(made.params);
	}
}

static void refused_with(const char *text, const char *word)
{
	struct made made = row_made(text);

	assert_null(made.params);
	assert_non_null(strstr(made.reason, word));
}

static void what_cannot_be_a_ticket_is_refused_with_its_reason(void **state)
{
	(void)state;
	refused_with("title,body\n题,\n", "body");
	refused_with("title,body\n题\n", "列数比第一行少");
	refused_with("title,body\n题,文,更多\n", "列数比第一行多");
	refused_with("title,body,kind\n题,文,吵架\n", "kind");
	refused_with("title,body,time\n题,文,2019-02-30 10:00\n", "time");
	refused_with("title,body,time\n题,文,昨天\n", "time");
	refused_with("title,body,phone\n题,文,abc\n", "phone");
	refused_with("title,body\n题,\xff\xfe\n", "UTF-8");
	refused_with("title,body\n题,文\x01\n", "body");
}

static void a_long_title_moves_into_the_text(void **state)
{
	char text[2000] = "title,body\n";
	struct made made;
	int i;

	(void)state;
	for (i = 0; i < 70; i++)
		strcat(text, "长");
	strcat(text, ",文\n");
	made = row_made(text);
	assert_non_null(made.params);
	assert_int_equal(strlen(text_of(&made, "title")), 60 * 3);
	assert_int_equal(strlen(text_of(&made, "body")), 70 * 3 + 1 + 3);
	json_decref(made.params);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_rows_end_with_lf_crlf_or_the_file),
		cmocka_unit_test(quoted_fields_hold_commas_quotes_and_line_ends),
		cmocka_unit_test(a_byte_order_mark_is_skipped_once),
		cmocka_unit_test(a_faulty_row_is_told_and_reading_goes_on),
		cmocka_unit_test(a_row_without_end_is_given_up_at_its_limit),
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(a_row_becomes_the_parameters_of_a_ticket),
		cmocka_unit_test(terms_are_taken_by_word_name_or_number),
		cmocka_unit_test(what_cannot_be_a_ticket_is_refused_with_its_reason),
		cmocka_unit_test(a_long_title_moves_into_the_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
