/* Asks the writers of tables: what a CSV says byte by byte, that no text becomes a formula, and that an XLSX given up
 * half leaves nothing open. What an XLSX says is asked by tests/wire/bulletin.test.mjs, with another reader. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "../../server/sheet.h"

static char dir[64], path[96];

static int set_up(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/hotline-sheet-XXXXXX");
	if (mkdtemp(dir) == NULL)
		return 1;
	snprintf(path, sizeof path, "%s/list", dir);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);       /* fails when something else was left there */
}

static json_t *read_json(const char *text)
{
	json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);

	assert_non_null(value);
	return value;
}

static void write_rows(struct sheet *sheet, const char *name, const char *columns, const char *rows)
{
	json_t *heads = read_json(columns), *list = read_json(rows), *row;
	size_t i;

	sheet_page(sheet, name, heads);
	json_array_foreach(list, i, row)
		sheet_row(sheet, row);
	json_decref(heads);
	json_decref(list);
}

static void csv_says(const char *columns, const char *rows, const char *wanted)
{
	struct sheet *sheet = sheet_open(SHEET_CSV, path, dir);
	char found[4096];
	FILE *file;
	size_t len;

	assert_non_null(sheet);
	write_rows(sheet, "一", columns, rows);
	write_rows(sheet, "二", columns, rows);       /* a CSV has one page */
	assert_true(sheet_close(sheet));
	file = fopen(path, "r");
	assert_non_null(file);
	len = fread(found, 1, sizeof found - 1, file);
	fclose(file);
	found[len] = '\0';
	assert_string_equal(found, wanted);
}

#define MARK "\xEF\xBB\xBF"

static void test_a_csv_is_rfc_4180_with_a_mark(void **state)
{
	(void)state;
	csv_says("[{\"title\":\"甲\"},{\"title\":\"乙,丙\"}]", "[[\"一\",null],[\"a\\\"b\",\"c\\nd\"],[\"\",\"e,f\"]]",
	         MARK "甲,\"乙,丙\"\r\n一,\r\n\"a\"\"b\",\"c\nd\"\r\n,\"e,f\"\r\n");
}

static void test_numbers_and_times_are_plain(void **state)
{
	(void)state;
	csv_says("[{\"title\":\"n\",\"kind\":\"number\"},{\"title\":\"t\",\"kind\":\"moment\"},{\"title\":\"d\",\"kind\":\"day\"}]",
	         "[[-5,1795276800000,1795276800000],[2.5,1795276799999,1795276799999]]",
	         MARK "n,t,d\r\n-5,2026-11-22 00:00:00,2026-11-22\r\n2.5,2026-11-21 23:59:59,2026-11-21\r\n");
}

static void test_no_text_is_a_formula(void **state)
{
	(void)state;
	csv_says("[{\"title\":\"=A1\"}]", "[[\"=1+1\"],[\"+86\"],[\"-1\"],[\"@x\"],[\"\\ty\"],[\"\\rz\"],[\"a=b\"]]",
	         MARK "\"'=A1\"\r\n\"'=1+1\"\r\n\"'+86\"\r\n\"'-1\"\r\n\"'@x\"\r\n\"'\ty\"\r\n\"'\rz\"\r\na=b\r\n");
}

static int descriptors(void)
{
	DIR *open = opendir("/proc/self/fd");
	int count = 0;

	while (readdir(open) != NULL)
		count++;
	closedir(open);
	return count;
}

/* The sanitizer tells of memory, this of descriptors. */
static void test_what_is_given_up_leaves_nothing_open(void **state)
{
	int before = descriptors();

	(void)state;
	for (int format = SHEET_CSV; format <= SHEET_XLSX; format++) {
		struct sheet *sheet = sheet_open((enum sheet_format)format, path, dir);

		assert_non_null(sheet);
		write_rows(sheet, "一", "[{\"title\":\"甲\"}]", "[[\"一\"],[\"二\"]]");
		sheet_drop(sheet);
		assert_int_equal(descriptors(), before);
	}
}

static void test_a_long_text_is_cut_between_characters(void **state)
{
	char *text = malloc(60001);
	json_t *pages;
	struct stat stat_of;

	(void)state;
	for (int i = 0; i < 20000; i++)
		memcpy(text + 3 * i, "字", 3);
	text[60000] = '\0';
	pages = json_pack("[{s:s, s:[{s:s}], s:[[s]]}]", "name", "长", "columns", "title", "甲", "rows", text);
	free(text);
	assert_true(sheet_write(path, dir, pages));
	json_decref(pages);
	assert_int_equal(stat(path, &stat_of), 0);
	assert_true(stat_of.st_size > 1000);
}

static void test_what_cannot_be_made_is_told(void **state)
{
	(void)state;
	assert_null(sheet_open(SHEET_CSV, "/nowhere/list", dir));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_a_csv_is_rfc_4180_with_a_mark, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_numbers_and_times_are_plain, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_text_is_a_formula, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_what_is_given_up_leaves_nothing_open, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_long_text_is_cut_between_characters, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_what_cannot_be_made_is_told, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
