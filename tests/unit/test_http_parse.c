/* test_http_parse.c — every reader of header fields, with what browsers send and never would. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "../../server/http_parse.h"

static void cookie_is_found_by_its_whole_name(void **state)
{
	char out[8];

	(void)state;
	assert_true(cookie_find("a=1; sid=abc; b=2", "sid", out, sizeof out));
	assert_string_equal(out, "abc");
	assert_false(cookie_find("xsid=abc", "sid", out, sizeof out));
	assert_false(cookie_find("sidx=abc", "sid", out, sizeof out));
	assert_false(cookie_find("sid", "sid", out, sizeof out));
	assert_false(cookie_find("", "sid", out, sizeof out));
	assert_true(cookie_find("sid=", "sid", out, sizeof out));
	assert_string_equal(out, "");
}

static void first_cookie_wins_and_quotes_go(void **state)
{
	char out[8];

	(void)state;
	assert_true(cookie_find(";;sid=\"one\";sid=two", "sid", out, sizeof out));
	assert_string_equal(out, "one");
	assert_true(cookie_find("  sid=a=b ", "sid", out, sizeof out));
	assert_string_equal(out, "a=b");
	assert_true(cookie_find("sid=\"", "sid", out, sizeof out));
	assert_string_equal(out, "\"");
}

static void too_long_a_cookie_is_no_cookie(void **state)
{
	char out[4];

	(void)state;
	assert_true(cookie_find("sid=abc", "sid", out, sizeof out));
	assert_false(cookie_find("sid=abcd", "sid", out, sizeof out));
}

static void arguments_are_told_apart(void **state)
{
	static const char blob[] = "ab=1\0a=2\0flag\0e=";
	char out[8];

	(void)state;
	assert_true(argument_find(blob, sizeof blob, "a", out, sizeof out));
	assert_string_equal(out, "2");
	assert_true(argument_find(blob, sizeof blob, "flag", out, sizeof out));
	assert_string_equal(out, "");
	assert_true(argument_find(blob, sizeof blob, "e", out, sizeof out));
	assert_string_equal(out, "");
	assert_false(argument_find(blob, sizeof blob, "b", out, sizeof out));
	assert_false(argument_find(blob, 0, "a", out, sizeof out));
	assert_false(argument_find("a=12345678", 11, "a", out, sizeof out));
}

static void length_is_digits_only(void **state)
{
	uint64_t length;

	(void)state;
	assert_true(length_read("0", &length));
	assert_int_equal(length, 0);
	assert_true(length_read("999999999999999", &length));
	assert_int_equal(length, 999999999999999);
	assert_false(length_read("1000000000000000", &length));
	assert_false(length_read("", &length));
	assert_false(length_read("-1", &length));
	assert_false(length_read("+1", &length));
	assert_false(length_read("3,3", &length));
	assert_false(length_read("0x10", &length));
	assert_false(length_read(" 1", &length));
}

static void gzip_is_used_only_where_welcome(void **state)
{
	(void)state;
	assert_true(encoding_accepted("gzip, deflate, br, zstd", "gzip"));
	assert_true(encoding_accepted("br;q=1.0, GZIP;q=0.8", "gzip"));
	assert_true(encoding_accepted("*", "gzip"));
	assert_true(encoding_accepted("gzip;q=0.001", "gzip"));
	assert_false(encoding_accepted("gzip;q=0", "gzip"));
	assert_false(encoding_accepted("gzip ; q=0.000, *", "gzip"));
	assert_false(encoding_accepted("*;q=0", "gzip"));
	assert_false(encoding_accepted("xgzip, gzipx", "gzip"));
	assert_false(encoding_accepted("", "gzip"));
}

static void entity_tags_compare_weakly(void **state)
{
	(void)state;
	assert_true(etag_listed("\"a\"", "\"a\""));
	assert_true(etag_listed("\"b\", W/\"a\"", "\"a\""));
	assert_true(etag_listed("*", "\"a\""));
	assert_false(etag_listed("\"ab\"", "\"a\""));
	assert_false(etag_listed("a", "\"a\""));
	assert_false(etag_listed("W/", "\"a\""));
}

static void lists_hold_whole_words(void **state)
{
	(void)state;
	assert_true(token_listed("x, jsonrpc.12345.v1", "jsonrpc.12345.v1"));
	assert_false(token_listed("jsonrpc.12345.v10", "jsonrpc.12345.v1"));
	assert_false(token_listed("", "x"));
	assert_true(word_listed("http://a  http://b:81", "http://b:81"));
	assert_false(word_listed("http://b:81", "http://b:8"));
	assert_false(word_listed("http://a  http://b", ""));
}

static void origin_must_be_the_host(void **state)
{
	(void)state;
	assert_true(origin_is_host("https://Hotline.example", "hotline.example"));
	assert_true(origin_is_host("http://127.0.0.1:12345", "127.0.0.1:12345"));
	assert_false(origin_is_host("http://hotline.example.evil", "hotline.example"));
	assert_false(origin_is_host("http://evil", "hotline.example"));
	assert_false(origin_is_host("null", "null"));
	assert_false(origin_is_host("http://", ""));
	assert_false(origin_is_host("file://hotline.example", "hotline.example"));
}

static void only_plain_paths_become_files(void **state)
{
	(void)state;
	assert_true(path_is_plain("/"));
	assert_true(path_is_plain("/assets/app-1.2.js"));
	assert_true(path_is_plain("/工单/a..b"));
	assert_false(path_is_plain(""));
	assert_false(path_is_plain("a"));
	assert_false(path_is_plain("/../etc/passwd"));
	assert_false(path_is_plain("/a/../b"));
	assert_false(path_is_plain("/a/.."));
	assert_false(path_is_plain("/./a"));
	assert_false(path_is_plain("/.git/config"));
	assert_false(path_is_plain("/a\\..\\b"));
	assert_false(path_is_plain("/a\nb"));
}

static void address_takes_its_ipv4_form(void **state)
{
	char mapped[] = "::ffff:10.0.0.1", plain[] = "10.0.0.1", six[] = "::1", other[] = "::ffff:1";

	(void)state;
	address_normalise(mapped);
	address_normalise(plain);
	address_normalise(six);
	address_normalise(other);
	assert_string_equal(mapped, "10.0.0.1");
	assert_string_equal(plain, "10.0.0.1");
	assert_string_equal(six, "::1");
	assert_string_equal(other, "::ffff:1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cookie_is_found_by_its_whole_name),
		cmocka_unit_test(first_cookie_wins_and_quotes_go),
		cmocka_unit_test(too_long_a_cookie_is_no_cookie),
		cmocka_unit_test(arguments_are_told_apart),
		cmocka_unit_test(length_is_digits_only),
		cmocka_unit_test(gzip_is_used_only_where_welcome),
		cmocka_unit_test(entity_tags_compare_weakly),
		cmocka_unit_test(lists_hold_whole_words),
		cmocka_unit_test(origin_must_be_the_host),
		cmocka_unit_test(only_plain_paths_become_files),
		cmocka_unit_test(address_takes_its_ipv4_form),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
