/* test_public_view.c — the citizen's view has nobody's name or number in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include "../../server/public_view.h"

static const char *const secrets[] = { "13800000000", "诸葛明月", NULL, "王" };

static void becomes(const char *text, const char *wanted)
{
	char *out = public_redact(text, secrets, sizeof secrets / sizeof secrets[0]);

	assert_string_equal(out, wanted);
	free(out);
}

static void what_names_the_citizen_is_starred_out(void **state)
{
	(void)state;
	becomes("", "");
	becomes("路灯不亮", "路灯不亮");
	becomes("请回电13800000000，诸葛明月收", "请回电***，***收");
	becomes("1380000000013800000000", "******");
	becomes("诸葛明", "诸葛明");
}

static void what_is_too_short_to_tell_stays(void **state)
{
	(void)state;
	becomes("王府街路口", "王府街路口");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_names_the_citizen_is_starred_out),
		cmocka_unit_test(what_is_too_short_to_tell_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
