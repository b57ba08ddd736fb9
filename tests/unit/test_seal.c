/* test_seal.c — contact data sealed and unsealed, tampered with, and indexed; passwords, tokens. */
#define _DEFAULT_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../server/seal.h"

static const char *const algorithms[] = { "aes-256-gcm-sha256", "sm4-ctr-hmac-sm3" };
enum { ALGORITHMS = 2 };

static char folder[64], key_path[128];

static void key_file_write(const char *text, mode_t mode)
{
	FILE *out = fopen(key_path, "w");

	assert_non_null(out);
	assert_true(fputs(text, out) >= 0);
	fclose(out);
	assert_int_equal(chmod(key_path, mode), 0);
}

static struct seal *fresh_seal(const char *algorithm)
{
	struct seal *seal;

	unlink(key_path);
	assert_true(seal_make_key_file(key_path, algorithm));
	seal = seal_open(key_path);
	assert_non_null(seal);
	return seal;
}

static void test_what_is_sealed_can_be_unsealed(void **state)
{
	static const char *const texts[] = { "", "1", "13800000000", "某市某区某路一号",
		"a text that is longer than one block of any cipher, and then some more of it" };

	(void)state;
	for (int a = 0; a < ALGORITHMS; a++) {
		struct seal *seal = fresh_seal(algorithms[a]);

		for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
			char *sealed = seal_text(seal, texts[i]);
			char *plain = unseal_text(seal, sealed);

			assert_non_null(plain);
			assert_string_equal(plain, texts[i]);
			assert_memory_equal(sealed, "1:", 2);
			free(sealed);
			free(plain);
		}
		seal_close(seal);
	}
}

static void test_sealing_twice_looks_different(void **state)
{
	(void)state;
	for (int a = 0; a < ALGORITHMS; a++) {
		struct seal *seal = fresh_seal(algorithms[a]);
		char *one = seal_text(seal, "13800000000"), *two = seal_text(seal, "13800000000");

		assert_string_not_equal(one, two);
		free(one);
		free(two);
		seal_close(seal);
	}
}

/* Each character changed, and each shortening: all are noticed. */
static void test_a_changed_text_is_refused(void **state)
{
	(void)state;
	for (int a = 0; a < ALGORITHMS; a++) {
		struct seal *seal = fresh_seal(algorithms[a]);
		char *sealed = seal_text(seal, "13800000000");
		size_t length = strlen(sealed);

		for (size_t i = 0; i < length; i++) {
			char kept = sealed[i];

			sealed[i] = kept == 'A' ? 'B' : 'A';
			assert_null(unseal_text(seal, sealed));
			sealed[i] = '\0';
			assert_null(unseal_text(seal, sealed));
			sealed[i] = kept;
		}
		free(sealed);
		seal_close(seal);
	}
}

static void test_what_was_never_sealed_is_refused(void **state)
{
	static const char *const texts[] = { "", "1", "1:", "1:=", "1:====", "1:AAAA", "2:AAAA",
		"1:!!!!", "1: AAA", "1:AAAA\n", "13800000000" };

	(void)state;
	for (int a = 0; a < ALGORITHMS; a++) {
		struct seal *seal = fresh_seal(algorithms[a]);

		for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
			assert_null(unseal_text(seal, texts[i]));
		seal_close(seal);
	}
}

static void test_another_key_does_not_open_it(void **state)
{
	(void)state;
	for (int a = 0; a < ALGORITHMS; a++)
		for (int b = 0; b < ALGORITHMS; b++) {
			struct seal *one = fresh_seal(algorithms[a]), *two = fresh_seal(algorithms[b]);
			char *sealed = seal_text(one, "13800000000");

			assert_null(unseal_text(two, sealed));
			free(sealed);
			seal_close(one);
			seal_close(two);
		}
}

static void test_the_index_is_equal_for_equal_values_and_one_key(void **state)
{
	char one[65], two[65], other[65];

	(void)state;
	for (int a = 0; a < ALGORITHMS; a++) {
		struct seal *seal = fresh_seal(algorithms[a]);

		seal_index(seal, "13800000000", one);
		seal_index(seal, "13800000000", two);
		seal_index(seal, "13800000001", other);
		assert_int_equal(strlen(one), 64);
		assert_string_equal(one, two);
		assert_string_not_equal(one, other);
		seal_close(seal);
		seal = fresh_seal(algorithms[a]);
		seal_index(seal, "13800000000", other);
		assert_string_not_equal(one, other);
		seal_close(seal);
	}
}

#define ZEROS_32 "0000000000000000000000000000000000000000000000000000000000000000"
#define ZEROS_16 "00000000000000000000000000000000"

/* The known answers were made with the openssl command. */
static void test_the_index_is_the_hmac_that_its_algorithm_names(void **state)
{
	char out[65];
	struct seal *seal;

	(void)state;
	key_file_write("algorithm aes-256-gcm-sha256\nseal " ZEROS_32 "\nindex " ZEROS_32 "\n", 0600);
	seal = seal_open(key_path);
	assert_non_null(seal);
	seal_index(seal, "12345", out);
	assert_string_equal(out, "ae23c8f573d36c7a1d6cbc8b0bebe52e0666dcf14fa04407328fb944b8f7a82d");
	seal_close(seal);
	key_file_write("algorithm sm4-ctr-hmac-sm3\nseal " ZEROS_16 ZEROS_32 "\nindex " ZEROS_32 "\n",
	               0600);
	seal = seal_open(key_path);
	assert_non_null(seal);
	seal_index(seal, "12345", out);
	assert_string_equal(out, "48cd14d3a8027e77d0f1d59118c1b658718bcc11173ced60c098fb0c2d5fbc36");
	seal_close(seal);
}

static void test_a_key_file_is_private_and_never_overwritten(void **state)
{
	struct stat status;

	(void)state;
	unlink(key_path);
	assert_true(seal_make_key_file(key_path, algorithms[0]));
	assert_int_equal(stat(key_path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_false(seal_make_key_file(key_path, algorithms[0]));
	unlink(key_path);
	assert_false(seal_make_key_file(key_path, "rot13"));
	assert_int_not_equal(access(key_path, F_OK), 0);
}

static void test_a_wrong_key_file_is_refused(void **state)
{
	static const char *const texts[] = { "", "algorithm aes-256-gcm-sha256\n",
		"algorithm rot13\nseal 00\nindex 00\n",
		"algorithm aes-256-gcm-sha256\nseal 00\nindex " ZEROS_32 "\n",
		"algorithm aes-256-gcm-sha256\nseal " ZEROS_32 "\nindex 0\n",
		"algorithm sm4-ctr-hmac-sm3\nseal " ZEROS_32 "\nindex " ZEROS_32 "\n",
		"algorithm aes-256-gcm-sha256\nseal " ZEROS_32 "\nindex " ZEROS_32 "\nmore x\n",
		"algorithm\n" };

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		key_file_write(texts[i], 0600);
		assert_null(seal_open(key_path));
	}
	key_file_write("algorithm aes-256-gcm-sha256\nseal " ZEROS_32 "\nindex " ZEROS_32 "\n", 0640);
	assert_null(seal_open(key_path));
	unlink(key_path);
	assert_null(seal_open(key_path));
}

static void test_passwords(void **state)
{
	char hash[128], other[128];

	(void)state;
	assert_true(password_hash("正确的密码", hash));
	assert_true(password_hash("正确的密码", other));
	assert_memory_equal(hash, "$argon2id$", 10);
	assert_string_not_equal(hash, other);
	assert_true(password_matches(hash, "正确的密码"));
	assert_false(password_matches(hash, "错误的密码"));
	assert_false(password_matches("", "正确的密码"));
	assert_false(password_matches("not a hash", "正确的密码"));
}

static void test_tokens_and_uuids(void **state)
{
	char one[65], two[65], digest[65], uuid[37], again[37];

	(void)state;
	token_make(one);
	token_make(two);
	assert_int_equal(strlen(one), 64);
	assert_string_not_equal(one, two);
	token_digest("abc", digest);
	assert_string_equal(digest,
	                    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	uuid_make(uuid);
	uuid_make(again);
	assert_int_equal(strlen(uuid), 36);
	assert_int_equal(uuid[14], '4');
	assert_string_not_equal(uuid, again);
}

static void test_codes_and_links_go_with_number_round_and_key(void **state)
{
	char code[CODE_ROOM], again[CODE_ROOM], link[LINK_ROOM], other[LINK_ROOM], number[NUMBER_ROOM];
	int round;

	(void)state;
	for (int a = 0; a < ALGORITHMS; a++) {
		struct seal *seal = fresh_seal(algorithms[a]);

		seal_code(seal, "232720260112000017", code);
		seal_code(seal, "232720260112000017", again);
		assert_int_equal(strspn(code, "0123456789"), 6);
		assert_int_equal(strlen(code), 6);
		assert_string_equal(code, again);
		seal_code(seal, "232720260112000018", again);
		assert_string_not_equal(code, again);
		assert_true(seal_code_fits(seal, "232720260112000017", code));
		assert_false(seal_code_fits(seal, "232720260112000018", code));
		assert_false(seal_code_fits(seal, "232720260112000017", ""));
		assert_false(seal_code_fits(seal, "232720260112000017", "1234567"));

		seal_link(seal, "232720260112000017", 2, link);
		assert_int_equal(strlen(link), 18 + 3 + 32);
		assert_true(seal_link_check(seal, link, number, &round));
		assert_string_equal(number, "232720260112000017");
		assert_int_equal(round, 2);
		seal_link(seal, "232720260112000017", 1, other);
		assert_string_not_equal(link, other);
		seal_close(seal);

		seal = fresh_seal(algorithms[a]);
		assert_false(seal_link_check(seal, link, number, &round));
		seal_close(seal);
	}
}

static void test_links_that_nobody_made_are_refused(void **state)
{
	static const char *const wrong[] = { "", ".", "1", "1.1", "1.1.", "1.1.00", "1.0.00", "1.-1.00", " 1.1.0",
		"232720260112000017.2", "9999999999999999999999999999.1.0", "1.99999.0", "a.b.c", "1.1.\xff" };
	struct seal *seal = fresh_seal(algorithms[0]);
	char link[LINK_ROOM], number[NUMBER_ROOM];
	int round;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_false(seal_link_check(seal, wrong[i], number, &round));
	for (size_t at = 0; at < 18 + 3 + 32; at++) {
		seal_link(seal, "232720260112000017", 2, link);
		link[at] = link[at] == '7' ? '8' : '7';
		assert_false(seal_link_check(seal, link, number, &round));
	}
	seal_close(seal);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_sealed_can_be_unsealed),
		cmocka_unit_test(test_sealing_twice_looks_different),
		cmocka_unit_test(test_a_changed_text_is_refused),
		cmocka_unit_test(test_what_was_never_sealed_is_refused),
		cmocka_unit_test(test_another_key_does_not_open_it),
		cmocka_unit_test(test_the_index_is_equal_for_equal_values_and_one_key),
		cmocka_unit_test(test_the_index_is_the_hmac_that_its_algorithm_names),
		cmocka_unit_test(test_a_key_file_is_private_and_never_overwritten),
		cmocka_unit_test(test_a_wrong_key_file_is_refused),
		cmocka_unit_test(test_codes_and_links_go_with_number_round_and_key),
		cmocka_unit_test(test_links_that_nobody_made_are_refused),
		cmocka_unit_test(test_passwords),
		cmocka_unit_test(test_tokens_and_uuids),
	};
	int failed;

	strcpy(folder, "/tmp/test_seal.XXXXXX");
	if (mkdtemp(folder) == NULL)
		return 1;
	snprintf(key_path, sizeof key_path, "%s/contact.key", folder);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(key_path);
	rmdir(folder);
	return failed;
}
