/* Reckons figures whose values are known beforehand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../routing/measure.h"

static void near(double a, double b) {
	assert_true(fabs(a - b) < 1e-9);
}

static void four_texts_by_hand(void **unused) {
	(void)unused;
	struct measure_answer answers[] = {
		{ 0, 0, 1, 0.95 }, { 0, 1, 0, 0.65 }, { 1, 1, 0, 0.85 }, { 2, -1, -1, 0 },
	};
	struct measure_figures figures;
	measure(answers, 4, 3, 0.97, &figures);
	assert_int_equal(figures.texts, 4);
	near(figures.accuracy, 0.5);
	near(figures.top2, 0.75);
	/* label 0: found 1 of 2, said 1; label 1: found 1 of 1, said 2; label 2: never found */
	near(figures.macro_f1, (2.0 / 3 + 2.0 / 3 + 0) / 3);
	near(figures.calibration_error, (0.05 + 0.65 + 0.15 + 0) / 4);
	near(figures.straight, 0.5);
	near(figures.straight_from, 0.85);
	assert_int_equal(figures.bins[9].texts, 1);
	near(figures.bins[6].came, 0);
}

static void nothing_and_all(void **unused) {
	(void)unused;
	struct measure_answer answers[100];
	struct measure_figures figures;
	measure(answers, 0, 0, 0.97, &figures);
	near(figures.accuracy + figures.macro_f1 + figures.straight, 0);
	for (int i = 0; i < 100; i++)
		answers[i] = (struct measure_answer){ i % 2, i % 2, -1, 1 };
	measure(answers, 100, 2, 0.97, &figures);
	near(figures.accuracy, 1);
	near(figures.macro_f1, 1);
	near(figures.straight, 1);
	near(figures.calibration_error, 0);
}

/* Among texts that are equally sure, luck with their order must not help. */
static void straight_counts_no_luck(void **unused) {
	(void)unused;
	struct measure_answer answers[10];
	struct measure_figures figures;
	for (int i = 0; i < 10; i++)
		answers[i] = (struct measure_answer){ 0, i == 9, -1, 0.5 };
	measure(answers, 10, 2, 0.97, &figures);
	near(figures.straight, 0);
	measure(answers, 10, 2, 0.9, &figures);
	near(figures.straight, 1);
}

/* A hundred surest with 97 right pass together, although the first of them is wrong. */
static void straight_is_the_largest_share(void **unused) {
	(void)unused;
	struct measure_answer answers[200];
	struct measure_figures figures;
	for (int i = 0; i < 200; i++)
		answers[i] = (struct measure_answer){ 0, i < 100 ? i < 3 : 1, -1, 1 - i / 1000.0 };
	measure(answers, 200, 2, 0.97, &figures);
	near(figures.straight, 0.5);
	near(figures.straight_from, 1 - 99 / 1000.0);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(four_texts_by_hand),
		cmocka_unit_test(nothing_and_all),
		cmocka_unit_test(straight_counts_no_luck),
		cmocka_unit_test(straight_is_the_largest_share),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
