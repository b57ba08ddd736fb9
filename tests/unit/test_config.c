/* test_config.c — the settings table: what wins, and what is said about mistakes. */
#define _DEFAULT_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../server/config.h"

static char file_path[64];
static char said[4096];

static void file_write(const char *text)
{
	FILE *out = fopen(file_path, "w");

	assert_non_null(out);
	assert_true(fputs(text, out) >= 0);
	fclose(out);
}

/* config_load() with what it prints on stderr caught in said[]. */
static bool load(struct config *config, const char *file, const char *override)
{
	const char *const overrides[] = { override };
	FILE *caught = tmpfile();
	int real = dup(STDERR_FILENO);
	size_t length;
	bool good;

	assert_non_null(caught);
	fflush(stderr);
	dup2(fileno(caught), STDERR_FILENO);
	good = config_load(config, file, overrides, override != NULL);
	fflush(stderr);
	dup2(real, STDERR_FILENO);
	close(real);
	rewind(caught);
	length = fread(said, 1, sizeof said - 1, caught);
	said[length] = '\0';
	fclose(caught);
	return good;
}

static void assert_said(const char *text)
{
	if (strstr(said, text) == NULL)
		fail_msg("expected \"%s\" in: %s", text, said);
}

static void test_defaults_alone_are_complete(void **state)
{
	struct config config;

	(void)state;
	assert_true(load(&config, NULL, NULL));
	assert_string_equal(config.host, "127.0.0.1");
	assert_int_equal(config.port, 12345);
	assert_string_equal(config.redis_password, "");
	assert_string_equal(said, "");
}

static void test_the_later_source_wins(void **state)
{
	struct config config;

	(void)state;
	file_write("port = 1\nread_lanes = 3\nstore_group=4\n");
	setenv("HOTLINE_READ_LANES", "5", 1);
	setenv("HOTLINE_STORE_GROUP", "6", 1);
	assert_true(load(&config, file_path, "store_group=7"));
	unsetenv("HOTLINE_READ_LANES");
	unsetenv("HOTLINE_STORE_GROUP");
	assert_int_equal(config.port, 1);
	assert_int_equal(config.read_lanes, 5);
	assert_int_equal(config.store_group, 7);
}

static void test_comments_blanks_and_equal_signs_in_values(void **state)
{
	struct config config;

	(void)state;
	file_write("# a comment\r\n\n   \t\n  database =  dbname=x user=y # z \r\nredis_socket =\n");
	assert_true(load(&config, file_path, NULL));
	assert_string_equal(config.database, "dbname=x user=y # z");
	assert_string_equal(config.redis_socket, "");
}

static void test_an_unknown_name_is_told_its_line_and_its_neighbour(void **state)
{
	struct config config;
	char expected[128];

	(void)state;
	file_write("port = 1\n\nread_lane = 3\n");
	assert_false(load(&config, file_path, NULL));
	snprintf(expected, sizeof expected, "%s:3: read_lane: ", file_path);
	assert_said(expected);
	assert_said("did you mean read_lanes?");
	assert_false(load(&config, NULL, "quite_something_else=1"));
	assert_said("--set: quite_something_else: no such setting");
	assert_null(strstr(said, "did you mean"));
}

static void test_numbers_that_would_break_the_server_are_refused(void **state)
{
	static const char *const wrong[] = { "ping_seconds=0", "frames_per_second=0", "lock_minutes=40000",
		"session_hours=600000", "ring_seconds=2147484", "max_links=0", "store_queue=0", "max_frame=0" };
	struct config config;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		assert_false(load(&config, NULL, wrong[i]));
		assert_said("must be from ");
	}
	assert_true(load(&config, NULL, "frames_per_second=1000000"));
}

static void test_what_is_not_a_number_is_refused(void **state)
{
	static const char *const wrong[] = { "", "x", "1x", "-1", "+1", "0x10", "1.5", "2147483648",
		"99999999999999999999" };
	struct config config;
	char override[64];

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		snprintf(override, sizeof override, "port=%s", wrong[i]);
		assert_false(load(&config, NULL, override));
		assert_said("port: must be a whole number");
	}
	assert_true(load(&config, NULL, "port=2147483647"));
	setenv("HOTLINE_PORT", "many", 1);
	assert_false(load(&config, NULL, NULL));
	unsetenv("HOTLINE_PORT");
	assert_said("HOTLINE_PORT: port: must be");
}

static void test_all_mistakes_of_a_file_are_named_at_once(void **state)
{
	struct config config;

	(void)state;
	file_write("nonsense\nport = 1\nport = 2\nprot = 3\n");
	assert_false(load(&config, file_path, NULL));
	assert_said(":1: nonsense: a setting is written: name = value");
	assert_said(":3: port: was already set on line 2");
	assert_said(":4: prot: no such setting; did you mean port?");
}

static void test_a_missing_file_is_named(void **state)
{
	struct config config;

	(void)state;
	assert_false(load(&config, "/nonexistent/hotline.conf", NULL));
	assert_said("/nonexistent/hotline.conf: cannot read the settings: No such file");
}

static void test_secrets_are_not_printed(void **state)
{
	static char text[32768];
	struct config config;
	FILE *out;

	(void)state;
	file_write("redis_password = s3cret\nswitch_key = s3cret\ntls_key = /etc/key.pem\n"
	           "database = host=db password=s3cret\n"
	           "database_owner = postgresql://owner:s3cret@db/hotline\n");
	assert_true(load(&config, file_path, NULL));
	out = fmemopen(text, sizeof text, "w");
	assert_non_null(out);
	config_print(&config, out);
	fclose(out);
	assert_null(strstr(text, "s3cret"));
	assert_non_null(strstr(text, "switch_key = (set)"));
	assert_non_null(strstr(text, "tls_key = /etc/key.pem"));
	assert_non_null(strstr(text, "# port to listen on (default: 12345)\nport = 12345\n"));
}

/* Every row, printed, can be read back: the table prints what the file takes. */
static void test_the_printed_table_is_a_settings_file(void **state)
{
	struct config config, again;
	FILE *out;

	(void)state;
	assert_true(load(&config, NULL, NULL));
	out = fopen(file_path, "w");
	assert_non_null(out);
	config_print(&config, out);
	fclose(out);
	assert_true(load(&again, file_path, NULL));
	assert_int_equal(again.feed_length, config.feed_length);
	assert_string_equal(again.database, config.database);
}

static void test_roles_are_whole_words(void **state)
{
	struct config config;

	(void)state;
	assert_true(load(&config, NULL, "roles= console, timers ,"));
	assert_true(config_has_role(&config, "console"));
	assert_true(config_has_role(&config, "timers"));
	assert_false(config_has_role(&config, "timer"));
	assert_false(config_has_role(&config, "dispatch"));
	assert_false(config_has_role(&config, ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults_alone_are_complete),
		cmocka_unit_test(test_the_later_source_wins),
		cmocka_unit_test(test_comments_blanks_and_equal_signs_in_values),
		cmocka_unit_test(test_an_unknown_name_is_told_its_line_and_its_neighbour),
		cmocka_unit_test(test_numbers_that_would_break_the_server_are_refused),
		cmocka_unit_test(test_what_is_not_a_number_is_refused),
		cmocka_unit_test(test_all_mistakes_of_a_file_are_named_at_once),
		cmocka_unit_test(test_a_missing_file_is_named),
		cmocka_unit_test(test_secrets_are_not_printed),
		cmocka_unit_test(test_the_printed_table_is_a_settings_file),
		cmocka_unit_test(test_roles_are_whole_words),
	};
	int failed;
	int fd;

	strcpy(file_path, "/tmp/test_config.XXXXXX");
	fd = mkstemp(file_path);
	if (fd < 0)
		return 1;
	close(fd);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(file_path);
	return failed;
}
