/* Where an SQL error stands: statements and positions become lines of the file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "../../server/migrate_sqlfile.h"

static void statements_are_counted_over_comments_and_blank_lines(void **state)
{
	const char *text = "-- a; comment\n\nselect 1;\n/* two; /* nested; */ */\n\nselect 2; select 3;\n";

	(void)state;
	assert_int_equal(sql_statement_line(text, 0), 3);
	assert_int_equal(sql_statement_line(text, 1), 6);
	assert_int_equal(sql_statement_line(text, 2), 6);
}

static void semicolons_inside_quotes_end_nothing(void **state)
{
	(void)state;
	assert_int_equal(sql_statement_line("select ';''\n;';\nselect 2", 1), 3);
	assert_int_equal(sql_statement_line("select \"a;\n\";\nselect 2", 1), 3);
	assert_int_equal(sql_statement_line("select E'a\\';\n';\nselect 2", 1), 3);
	assert_int_equal(sql_statement_line("do $$\n;\n$$;\nselect 2", 1), 4);
	assert_int_equal(sql_statement_line("do $a$\n$b$;\n$$;\n$a$;\nselect 2", 1), 5);
}

static void parameters_and_names_with_dollars_are_no_quotes(void **state)
{
	(void)state;
	assert_int_equal(sql_statement_line("select $1;\nselect $2;", 1), 2);
	assert_int_equal(sql_statement_line("select a$b;\nselect c$d;", 1), 2);
}

static void what_is_never_closed_runs_to_the_end_of_the_file(void **state)
{
	static const char *const texts[] = { "'\n", "\"\n", "$$\n", "/*\n", "--", "E'\\", "$", "$a" };

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		assert_true(sql_statement_line(texts[i], 5) <= 2);
}

static void positions_count_characters_not_bytes(void **state)
{
	(void)state;
	assert_int_equal(sql_position_line("诉求\n办理\n", 1), 1);
	assert_int_equal(sql_position_line("诉求\n办理\n", 2), 1);
	assert_int_equal(sql_position_line("诉求\n办理\n", 4), 2);
	assert_int_equal(sql_position_line("诉求\n办理\n", 99), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(statements_are_counted_over_comments_and_blank_lines),
		cmocka_unit_test(semicolons_inside_quotes_end_nothing),
		cmocka_unit_test(parameters_and_names_with_dollars_are_no_quotes),
		cmocka_unit_test(what_is_never_closed_runs_to_the_end_of_the_file),
		cmocka_unit_test(positions_count_characters_not_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
