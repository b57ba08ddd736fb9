/* test_rate.c — a bucket for each address: so many at once, as many again in every period. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include "../../server/rate.h"

static void an_address_gets_its_count_and_then_its_share_of_the_period(void **state)
{
	struct rate *rate = rate_new(3, 60000);

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_true(rate_take(rate, "10.0.0.1", 1000));
	assert_false(rate_take(rate, "10.0.0.1", 1000));
	assert_false(rate_take(rate, "10.0.0.1", 20000));
	assert_true(rate_take(rate, "10.0.0.1", 22001));
	assert_false(rate_take(rate, "10.0.0.1", 22001));
	for (int i = 0; i < 3; i++)
		assert_true(rate_take(rate, "10.0.0.1", 10000000));
	assert_false(rate_take(rate, "10.0.0.1", 10000000));
	rate_free(rate);
}

static void addresses_do_not_pay_for_each_other(void **state)
{
	struct rate *rate = rate_new(1, 60000);
	char address[32];
	int passed = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		snprintf(address, sizeof address, "10.0.%d.%d", i / 250, i % 250);
		passed += rate_take(rate, address, 5);
	}
	assert_int_equal(passed, 1000);
	rate_free(rate);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_gets_its_count_and_then_its_share_of_the_period),
		cmocka_unit_test(addresses_do_not_pay_for_each_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
