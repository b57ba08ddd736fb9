/* test_surge.c — counts in sliding windows and how rare they are, against the slow and exact way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include "../../routing/surge.h"

/* The probability of so many or more, each term by multiplication from the one before. */
static double slow_tail(unsigned count, double expected, double dispersion)
{
	double below = 0, term;

	if (dispersion <= 0) {
		term = exp(-expected);
		for (unsigned k = 0; k < count; k++, term *= expected / k)
			below += term;
	} else {
		double size = 1 / dispersion, odds = expected / (size + expected);

		term = pow(size / (size + expected), size);
		for (unsigned k = 0; k < count; k++, term *= odds * (size + k - 1) / k)
			below += term;
	}
	return 1 - below;
}

static void a_score_is_the_logarithm_of_the_exact_tail(void **state)
{
	static const double expectations[] = { 0.2, 1, 3.5, 12 }, dispersions[] = { 0, 0.3, 1 };

	(void)state;
	for (int e = 0; e < 4; e++)
		for (int d = 0; d < 3; d++)
			for (unsigned count = 1; count < 14; count++) {
				double slow = slow_tail(count, expectations[e], dispersions[d]);

				if (slow > 1e-9)   /* below that the difference from one has no digits left */
					assert_true(fabs(-log10(slow) - surge_score(count, expectations[e], dispersions[d])) < 1e-4);
			}
}

static void more_is_rarer_and_what_varies_more_is_less_so(void **state)
{
	(void)state;
	assert_true(surge_score(0, 1, 0.3) == 0);
	assert_true(surge_score(3, 0, 0.3) == 300);
	for (unsigned count = 1; count < 300; count++) {
		assert_true(surge_score(count + 1, 2, 0.3) > surge_score(count, 2, 0.3));
		assert_true(surge_score(count, 2, 0) >= surge_score(count, 4, 0));
		if (count > 4)
			assert_true(surge_score(count, 2, 0) > surge_score(count, 2, 0.3));
	}
}

static void a_week_of_hours_expects_what_history_had_a_week(void **state)
{
	struct surge_history history = { .weeks = 10, .cell = 20, .cells_mean = 2 };
	uint8_t hours[SURGE_HOURS];

	(void)state;
	for (int i = 0; i < SURGE_HOURS; i++) {
		hours[i] = (uint8_t)i;
		history.share[i] = 1.0f / SURGE_HOURS;
	}
	history.cell_hours[9] = 20;
	assert_true(fabs(surge_expected(&history, hours, SURGE_HOURS, 1, 1) - 2) < 1e-4);
	assert_true(surge_expected(&history, hours + 9, 1, 1, 1) > 20 * surge_expected(&history, hours + 10, 1, 1, 1));
	assert_true(fabs(surge_expected(&history, hours + 9, 1, 0.25, 1) * 4 - surge_expected(&history, hours + 9, 1, 1, 1)) < 1e-6);
}

static void a_cell_without_history_leans_on_the_mean_cell(void **state)
{
	struct surge_history history = { .weeks = 26, .cell = 0, .cells_mean = 1 };
	uint8_t hour = 0;

	(void)state;
	history.share[0] = 1;
	assert_true(surge_expected(&history, &hour, 1, 1, 1) > 0);
	assert_true(surge_expected(&history, &hour, 1, 1, 1) < 0.2);
}

enum { CELLS = 4, MINUTE = 60000, ASKED = 3000 };
static const int64_t WINDOWS[SURGE_WINDOWS] = { 60 * MINUTE, 24 * 60 * MINUTE, 7 * 24 * 60 * MINUTE };

static void windows_count_what_a_list_of_all_arrivals_counts(void **state)
{
	struct surges *surges = surge_begin(calloc(1, surge_bytes(CELLS)), CELLS);
	static struct surge_ask all[ASKED];
	struct surge_answer answer;
	int64_t at = 0;

	(void)state;
	srandom(7);
	for (int i = 0; i < ASKED; i++) {
		at += random() % (300 * MINUTE);   /* so that a week never holds more than are kept */
		all[i] = (struct surge_ask){ .cell = 1 + (uint64_t)(random() % 3), .caller = (uint64_t)(random() % 4),
			.at = at, .ticket = i };
		surge_take(surges, &all[i], WINDOWS, &answer);
		for (int w = 0; w < SURGE_WINDOWS; w++) {
			uint32_t count = 0, callers = 0;

			for (int k = 0; k <= i; k++) {
				int before = 0;

				if (all[k].cell != all[i].cell || all[k].at <= at - WINDOWS[w])
					continue;
				for (int b = 0; b < k; b++)
					before |= all[b].cell == all[i].cell && all[b].at > at - WINDOWS[w] && all[b].caller == all[k].caller;
				count++;
				callers += !before || all[k].caller == 0;
			}
			assert_int_equal(answer.counts[w], count);
			assert_int_equal(answer.callers[w], callers);
		}
		assert_int_equal(answer.ticket_count, answer.counts[2]);
		assert_int_equal(answer.tickets[answer.ticket_count - 1], i);
	}
	free(surges);
}

static void the_cell_quiet_for_longest_makes_room(void **state)
{
	struct surges *surges = surge_begin(calloc(1, surge_bytes(CELLS)), CELLS);
	struct surge_answer answer;

	(void)state;
	for (uint64_t cell = 1; cell <= CELLS + 1; cell++)
		surge_take(surges, &(struct surge_ask){ .cell = cell, .at = 1000 }, WINDOWS, &answer);
	surge_take(surges, &(struct surge_ask){ .cell = 2, .at = 2000 }, WINDOWS, &answer);
	assert_int_equal(answer.counts[0], 2);
	surge_take(surges, &(struct surge_ask){ .cell = 1, .at = 3000 }, WINDOWS, &answer);
	assert_int_equal(answer.counts[0], 1);
	free(surges);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_score_is_the_logarithm_of_the_exact_tail),
		cmocka_unit_test(more_is_rarer_and_what_varies_more_is_less_so),
		cmocka_unit_test(a_week_of_hours_expects_what_history_had_a_week),
		cmocka_unit_test(a_cell_without_history_leans_on_the_mean_cell),
		cmocka_unit_test(windows_count_what_a_list_of_all_arrivals_counts),
		cmocka_unit_test(the_cell_quiet_for_longest_makes_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
