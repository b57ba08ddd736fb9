/* test_search_fold.c — search_fold() in SQL and text_fold() in C drop and turn every character alike.
 *
 * The function is taken from its migration as it stands there. HOTLINE_TEST_DATABASE: as in test_store.c. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <libpq-fe.h>

#include "../../routing/text.h"

enum { BLOCK = 4096, LAST = 0x10ffff, FILE_ROOM = 65536 };

static PGconn *pg;

static PGresult *ask(const char *text, ExecStatusType wanted)
{
	PGresult *result = PQexec(pg, text);

	if (PQresultStatus(result) != wanted)
		fail_msg("%.200s: %s", text, PQerrorMessage(pg));
	return result;
}

/* The definition of search_fold out of the migration. */
static void fold_create(void)
{
	static char text[FILE_ROOM];
	FILE *file = fopen("sql/migrations/0011_search.sql", "r");
	char *from, *end;

	assert_non_null(file);
	text[fread(text, 1, sizeof text - 1, file)] = '\0';
	fclose(file);
	from = strstr(text, "create function search_fold(");
	assert_non_null(from);
	end = strstr(from, "end $$;");
	assert_non_null(end);
	end[strlen("end $$;")] = '\0';
	PQclear(ask(from, PGRES_COMMAND_OK));
}

static int setup(void **state)
{
	const char *database = getenv("HOTLINE_TEST_DATABASE");
	char text[128];

	(void)state;
	if (database == NULL) {
		fputs("HOTLINE_TEST_DATABASE names no database: set it to a connection string\n", stderr);
		return -1;
	}
	pg = PQconnectdb(database);
	if (PQstatus(pg) != CONNECTION_OK) {
		fputs(PQerrorMessage(pg), stderr);
		return -1;
	}
	snprintf(text, sizeof text, "begin; create schema fold_%ld; set local search_path = fold_%ld", (long)getpid(), (long)getpid());
	PQclear(ask(text, PGRES_COMMAND_OK));
	fold_create();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	PQfinish(pg);      /* the transaction, and with it the schema, is gone */
	return 0;
}

/* What both make of this text. */
static void compare(const char *text, size_t len, int32_t block)
{
	static uint32_t folded[BLOCK];
	static char wanted[BLOCK * 4 + 8];
	const char *values[] = { text };
	PGresult *result = PQexecParams(pg, "select search_fold($1)", 1, NULL, values, NULL, NULL, 0);

	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		fail_msg("%s", PQerrorMessage(pg));
	text_unfold(folded, text_fold(text, len, folded, BLOCK), wanted, sizeof wanted);
	if (strcmp(PQgetvalue(result, 0, 0), wanted) != 0)
		fail_msg("characters from U+%04X on are folded otherwise: \"%.60s\" and \"%.60s\"", (unsigned)block,
		         PQgetvalue(result, 0, 0), wanted);
	PQclear(result);
}

static void test_every_character(void **state)
{
	static char text[BLOCK * 4 + 1];

	(void)state;
	for (int32_t block = 0; block <= LAST; block += BLOCK) {
		size_t len = 0;

		for (int32_t point = block; point < block + BLOCK && point <= LAST; point++)
			if (point > 0 && (point < 0xd800 || point > 0xdfff))
				len += text_encode((uint32_t)point, text + len);
		text[len] = '\0';
		if (len > 0)
			compare(text, len, block);
	}
}

/* Alone too: letters are turned only where there are some. */
static void test_each_of_the_common_ones(void **state)
{
	char text[5];

	(void)state;
	for (int32_t point = 1; point < 0x250; point++) {
		size_t len = text_encode((uint32_t)point, text);
		text[len] = '\0';
		compare(text, len, point);
	}
	for (int32_t point = 0xff00; point <= 0xffff; point++) {
		size_t len = text_encode((uint32_t)point, text);
		text[len] = '\0';
		compare(text, len, point);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_character),
		cmocka_unit_test(test_each_of_the_common_ones),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
