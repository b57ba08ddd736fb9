/* Signatures of requests between platforms: made, read, checked; each bit of what is signed counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../server/signature.h"

static const char RING[] = "house:0123456789abcdef-secret peer:another-secret-of-32-characters";
static const char NONCE[] = "7f3a1c22-0b1e-4a5d-9c77-3f6c1d2e4b5a";
static const int64_t NOW = 1795600000000;

static struct signing message(void)
{
	return (struct signing){ .method = "POST", .path = "/police/v1/push", .time = NOW, .nonce = NONCE, .body = "{\"a\":1}", .len = 7 };
}

static struct signature made(void)
{
	struct signing signing = message();
	struct signature signature;
	char header[SIGN_HEADER_ROOM];

	assert_true(signature_header(RING, &signing, header));
	assert_true(signature_read(header, &signature));
	return signature;
}

/* Reckoned by another program: printf 'POST\n…' | openssl dgst -sha256 -hmac … */
static void test_known_value(void **state)
{
	struct signing signing = message();
	char header[SIGN_HEADER_ROOM];

	(void)state;
	assert_true(signature_header(RING, &signing, header));
	assert_string_equal(header, "HMAC-SHA256 key=house, time=1795600000000, nonce=7f3a1c22-0b1e-4a5d-9c77-3f6c1d2e4b5a, sign="
		"9c11be21b9550363dce8ef2481fc99c7de8fac772ee64ea021a8501b385c9e99");
}

static void test_round_trip(void **state)
{
	struct signature signature = made();

	(void)state;
	assert_int_equal(signature_check(RING, &signature, message(), NOW, 1000), SIGNATURE_OK);
	assert_int_equal(signature_check(RING, &signature, message(), NOW + 1000, 1000), SIGNATURE_OK);
	assert_int_equal(signature_check(RING, &signature, message(), NOW - 1000, 1000), SIGNATURE_OK);
	assert_int_equal(signature_check(RING, &signature, message(), NOW + 1001, 1000), SIGNATURE_STALE);
	assert_int_equal(signature_check(RING, &signature, message(), NOW - 1001, 1000), SIGNATURE_STALE);
	assert_int_equal(signature_check("", &signature, message(), NOW, 1000), SIGNATURE_UNKNOWN_KEY);
	assert_int_equal(signature_check("peer:another-secret-of-32-characters", &signature, message(), NOW, 1000), SIGNATURE_UNKNOWN_KEY);
	assert_int_equal(signature_check("house:0123456789abcdef-Secret", &signature, message(), NOW, 1000), SIGNATURE_WRONG);
}

/* Any change of any part is noticed. */
static void test_every_part_counts(void **state)
{
	struct signature signature = made(), other;
	struct signing signing = message();
	char body[8];

	(void)state;
	signing.method = "GET";
	assert_int_equal(signature_check(RING, &signature, signing, NOW, 1000), SIGNATURE_WRONG);
	signing = message();
	signing.path = "/police/v1/pusi";
	assert_int_equal(signature_check(RING, &signature, signing, NOW, 1000), SIGNATURE_WRONG);
	for (size_t bit = 0; bit < 7 * 8; bit++) {
		memcpy(body, "{\"a\":1}", 8);
		body[bit / 8] = (char)(body[bit / 8] ^ 1 << bit % 8);
		signing = message();
		signing.body = body;
		assert_int_equal(signature_check(RING, &signature, signing, NOW, 1000), SIGNATURE_WRONG);
	}
	for (size_t at = 0; at < SIGN_ROOM - 1; at++) {
		other = signature;
		other.sign[at] = other.sign[at] == '0' ? '1' : '0';
		assert_int_equal(signature_check(RING, &other, message(), NOW, 1000), SIGNATURE_WRONG);
	}
	other = signature;
	other.time++;
	assert_int_equal(signature_check(RING, &other, message(), NOW, 1000), SIGNATURE_WRONG);
	other = signature;
	other.nonce[0] = other.nonce[0] == '0' ? '1' : '0';
	assert_int_equal(signature_check(RING, &other, message(), NOW, 1000), SIGNATURE_WRONG);
	strcpy(signature.key, "peer");
	assert_int_equal(signature_check(RING, &signature, message(), NOW, 1000), SIGNATURE_WRONG);
}

static void test_malformed(void **state)
{
	static const char *const wrong[] = {
		"", "Bearer x", "HMAC-SHA256 ", "HMAC-SHA256 key=a", "HMAC-SHA256 key=a, time=1, nonce=2, sign=3",
		"HMAC-SHA256 key=, time=1, nonce=7f3a1c22-0b1e-4a5d-9c77-3f6c1d2e4b5a, sign=00",
		"HMAC-SHA256 key=a, time=99999999999999999999, nonce=7f3a1c22-0b1e-4a5d-9c77-3f6c1d2e4b5a, sign=00",
		"HMAC-SHA256 time=1, key=a, nonce=7f3a1c22-0b1e-4a5d-9c77-3f6c1d2e4b5a, sign=00",
	};
	struct signing signing = message();
	struct signature signature;
	char header[SIGN_HEADER_ROOM], longer[SIGN_HEADER_ROOM + 2];

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_false(signature_read(wrong[i], &signature));
	assert_true(signature_header(RING, &signing, header));
	strcpy(longer, header);
	strcat(longer, "x");
	assert_false(signature_read(longer, &signature));
	for (size_t len = 0; len < strlen(header); len++) {
		memcpy(longer, header, len);
		longer[len] = '\0';
		assert_false(signature_read(longer, &signature));
	}
}

static void test_rings(void **state)
{
	struct signing signing = message();
	char header[SIGN_HEADER_ROOM];

	(void)state;
	assert_true(signature_ring_ok(""));
	assert_true(signature_ring_ok(RING));
	assert_true(signature_ring_ok("  a:0123456789abcdef  "));
	assert_false(signature_ring_ok("a:short"));
	assert_false(signature_ring_ok("a"));
	assert_false(signature_ring_ok(":0123456789abcdef"));
	assert_false(signature_ring_ok("a b:0123456789abcdef"));
	assert_false(signature_ring_ok("a:0123456789abcdef a:0123456789abcdeg"));
	assert_false(signature_header("", &signing, header));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_value), cmocka_unit_test(test_round_trip), cmocka_unit_test(test_every_part_counts),
		cmocka_unit_test(test_malformed), cmocka_unit_test(test_rings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
