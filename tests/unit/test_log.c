/* test_log.c — a line for each occurrence, but a flood of one message leaves room for the others. */
#define _DEFAULT_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../server/log.h"

static int real_stderr;

static FILE *catch_begin(void)
{
	FILE *caught = tmpfile();

	assert_non_null(caught);
	fflush(stderr);
	real_stderr = dup(STDERR_FILENO);
	dup2(fileno(caught), STDERR_FILENO);
	return caught;
}

/* How many lines hold the text; ends the catching. */
static int catch_count(FILE *caught, const char *text)
{
	char line[4200];
	int count = 0;

	dup2(real_stderr, STDERR_FILENO);
	close(real_stderr);
	rewind(caught);
	while (fgets(line, sizeof line, caught) != NULL)
		count += strstr(line, text) != NULL;
	fclose(caught);
	return count;
}

static void test_values_cannot_break_the_line(void **state)
{
	FILE *caught = catch_begin();

	(void)state;
	log_line(LOG_INFO, "test", "a value", "name", "x\nts=1 level=error msg=\"forged\"", NULL);
	assert_int_equal(catch_count(caught, "ts="), 1);
}

static void test_a_flood_of_one_message_is_cut_short(void **state)
{
	FILE *caught = catch_begin();
	int count;

	(void)state;
	for (int i = 0; i < 100000; i++)
		log_line(LOG_WARN, "test", "flood", NULL);
	count = catch_count(caught, "flood");
	assert_in_range(count, 100, 10000);    /* however many seconds this took */
}

static void test_others_are_heard_in_the_flood(void **state)
{
	FILE *caught = catch_begin();

	(void)state;
	for (int i = 0; i < 1000; i++)
		log_line(LOG_WARN, "test", "flood", NULL);
	log_line(LOG_WARN, "test", "something else", NULL);
	assert_int_equal(catch_count(caught, "something else"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_cannot_break_the_line),
		cmocka_unit_test(test_a_flood_of_one_message_is_cut_short),
		cmocka_unit_test(test_others_are_heard_in_the_flood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
