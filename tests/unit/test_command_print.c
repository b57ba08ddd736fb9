/* test_command_print.c — the generated documents are what the tables say today. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../server/command_table.h"

static char *file_text(const char *path)
{
	char *text = NULL;
	size_t len = 0;
	FILE *in = fopen(path, "r"), *out = open_memstream(&text, &len);
	int c;

	if (!in)
		fail_msg("%s is missing: run from the root of the checkout", path);
	while ((c = fgetc(in)) != EOF)
		fputc(c, out);
	fclose(in);
	fclose(out);
	return text;
}

static void same(const char *path, void (*print)(FILE *out), const char *option)
{
	char *made = NULL, *kept = file_text(path);
	size_t len = 0;
	FILE *out = open_memstream(&made, &len);

	print(out);
	fclose(out);
	if (strcmp(made, kept) != 0)
		fail_msg("%s is not what the tables say: hotlined commands %s > %s", path, option, path);
	free(made);
	free(kept);
}

static void test_markdown(void **state)
{
	(void)state;
	same("docs/COMMANDS.md", command_print_markdown, "--markdown");
}

static void test_typescript(void **state)
{
	(void)state;
	same("web-agent/src/generated/commands.ts", command_print_typescript, "--typescript");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_markdown), cmocka_unit_test(test_typescript) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
