/* Dispatches every matter of the catalogue in every county by the reference data that ships (sql/seed). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../../server/csv.h"
#include "dispatch_told.h"

enum { ROWS = 600, COLUMNS = 10 };

/* A file of sql/seed as text cells; run in the source tree's root. */
struct table { char *cells[ROWS][COLUMNS]; size_t count; };

static void row_keep(void *context, const struct csv_row *row) {
	struct table *table = context;
	assert_true(table->count < ROWS && row->fault == CSV_FINE);
	for (size_t i = 0; i < row->count && i < COLUMNS; i++)
		table->cells[table->count][i] = strdup(row->fields[i]);
	table->count += row->line > 1;
	if (row->line == 1)
		for (size_t i = 0; i < row->count && i < COLUMNS; i++)
			free(table->cells[0][i]);
}

static struct table *table_read(const char *path) {
	struct table *table = calloc(1, sizeof(*table));
	struct csv *csv = csv_new(row_keep, table);
	char bytes[4096];
	FILE *in = fopen(path, "r");
	assert_non_null(in);
	for (size_t got; (got = fread(bytes, 1, sizeof(bytes), in)) > 0;)
		for (size_t at = 0; at < got;)
			at += csv_feed(csv, bytes + at, got - at);
	csv_end(csv);
	csv_free(csv);
	fclose(in);
	assert_true(table->count > 0);
	return table;
}

static void table_free(struct table *table) {
	for (size_t i = 0; i < table->count; i++)
		for (size_t c = 0; c < COLUMNS; c++)
			free(table->cells[i][c]);
	free(table);
}

static struct table *matter_rows, *dept_rows, *holds_rows, *region_rows, *duty_rows, *co_rows;
static struct dispatch_matter matters[ROWS];
static struct dispatch_unit units[ROWS];
static struct dispatch_region regions[ROWS];
static struct dispatch_duty duties[ROWS];
static struct dispatch_co helpers[ROWS];
static struct dispatch_book *book;
static struct dispatch_policy *policy;

static char **dept_of(const char *number) {
	for (size_t i = 0; i < dept_rows->count; i++)
		if (strcmp(dept_rows->cells[i][0], number) == 0)
			return dept_rows->cells[i];
	fail_msg("department_duty.csv names %s", number);
	return NULL;
}

static int seed_open(void **unused) {
	(void)unused;
	matter_rows = table_read("sql/seed/matter.csv");
	dept_rows = table_read("sql/seed/department.csv");
	holds_rows = table_read("sql/seed/department_duty.csv");
	region_rows = table_read("sql/seed/region.csv");
	duty_rows = table_read("sql/seed/duty.csv");
	co_rows = table_read("sql/seed/matter_duty.csv");
	for (size_t i = 0; i < matter_rows->count; i++) {
		char **c = matter_rows->cells[i];
		matters[i] = (struct dispatch_matter){ c[0], c[1], c[2], c[3], c[4], atoi(c[5]) };
	}
	for (size_t i = 0; i < holds_rows->count; i++) {
		char **dept = dept_of(holds_rows->cells[i][0]);
		units[i] = (struct dispatch_unit){ atoi(dept[0]), dept[1], holds_rows->cells[i][1], dept[3] };
	}
	for (size_t i = 0; i < region_rows->count; i++) {
		char **c = region_rows->cells[i];
		regions[i] = (struct dispatch_region){ c[0], *c[3] ? c[3] : NULL, c[1] };
	}
	for (size_t i = 0; i < duty_rows->count; i++)
		duties[i] = (struct dispatch_duty){ duty_rows->cells[i][0], duty_rows->cells[i][1] };
	for (size_t i = 0; i < co_rows->count; i++) {
		char **c = co_rows->cells[i];
		helpers[i] = (struct dispatch_co){ c[0], c[1], atoi(c[2]), strcmp(c[3], "true") == 0 };
	}
	const struct dispatch_catalogue catalogue = { matters, matter_rows->count, units, holds_rows->count, regions,
		region_rows->count, duties, duty_rows->count, helpers, co_rows->count };
	book = dispatch_book_new(&catalogue);
	policy = plain_policy(THRESHOLD);
	return book == NULL;
}

static int seed_close(void **unused) {
	(void)unused;
	dispatch_book_free(book);
	dispatch_policy_free(policy);
	struct table *const all[] = { matter_rows, dept_rows, holds_rows, region_rows, duty_rows, co_rows };
	for (size_t i = 0; i < COUNT(all); i++)
		table_free(all[i]);
	return 0;
}

/* Counties and forestry bureaus: where a ticket may be. */
static bool is_place(const char *code) {
	return strlen(code) == 6 || code[0] == 'L';
}

static bool is_helper(const struct dispatch_answer *answer, int unit) {
	for (size_t i = 0; i < answer->co_count; i++)
		if (answer->cos[i] == unit)
			return true;
	return false;
}

static void every_matter_in_every_county_reaches_one_unit_with_a_reason(void **unused) {
	(void)unused;
	size_t asked = 0;
	for (size_t r = 0; r < region_rows->count; r++)
		for (size_t m = 0; is_place(regions[r].code) && m < matter_rows->count; m++, asked++) {
			struct dispatch_ask ask = plain_ask(matters[m].code, regions[r].code, matters[m].name, "");
			struct told told = told_by(book, policy, &ask);
			if (told.unit == 0)
				fail_msg("%s in %s reaches nobody: %s", matters[m].name, regions[r].name, told.why);
			assert_string_equal(told.matter, matters[m].code);
			assert_true(told.answer.reason_count >= 2);
			assert_false(is_helper(&told.answer, told.unit));
			for (size_t i = 0; i < told.answer.proposed_count; i++)
				assert_false(told.answer.proposed[i] == told.unit || is_helper(&told.answer, told.answer.proposed[i]));
		}
	assert_true(asked > 1500);
}

/* Barred, or with everybody away: then people, and why. */
static void who_may_not_be_chosen_leaves_it_to_people_with_a_reason(void **unused) {
	(void)unused;
	for (size_t r = 0; r < region_rows->count; r++)
		for (size_t m = 0; is_place(regions[r].code) && m < matter_rows->count; m++) {
			struct dispatch_ask ask = plain_ask(matters[m].code, regions[r].code, "", "");
			int first = told_by(book, policy, &ask).unit;
			ask.not_units = &first;
			ask.not_count = 1;
			struct told told = told_by(book, policy, &ask);
			assert_int_equal(told.answer.band, BAND_pool);
			assert_non_null(strstr(told.why, "请人工派单"));
		}
}

static void the_name_of_a_matter_says_what_it_is(void **unused) {
	(void)unused;
	size_t found = 0;
	for (size_t m = 0; m < matter_rows->count; m++) {
		struct dispatch_ask ask = plain_ask("", "232701", matters[m].name, "");
		struct told told = told_by(book, policy, &ask);
		found += told.matter && strcmp(told.matter, matters[m].code) == 0;
	}
	assert_true(found * 10 >= matter_rows->count * 9);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_matter_in_every_county_reaches_one_unit_with_a_reason),
		cmocka_unit_test(who_may_not_be_chosen_leaves_it_to_people_with_a_reason),
		cmocka_unit_test(the_name_of_a_matter_says_what_it_is),
	};
	return cmocka_run_group_tests(tests, seed_open, seed_close);
}
