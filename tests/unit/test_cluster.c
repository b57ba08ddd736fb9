/* test_cluster.c — many citizens with the same event: gathered as they come, in bounded memory, and when to say so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../routing/warning_rule.h"

enum { DAY = 86400000 };
static const struct cluster_size SIZE = { .incidents = 64, .book_bits = 16, .index_bits = 12, .book_most = 4096 };
static const struct cluster_tuning TUNING = { .gram = { 3, 1.5f, 400 }, .join = 0.12f, .recent = 0.3f, .fades = 7LL * DAY };
static const struct incident_rule RULE = { .petitions = 3, .callers = 2, .alike = 0.2f, .cohesion = 0.14f,
	.slow_cohesion = 0.17f, .quick = 30LL * DAY, .window = 730LL * DAY };

static const char *const FUMES[] = { "育才小区楼下烧烤店油烟扰民", "育才小区烧烤店油烟直排，无法开窗", "投诉育才小区楼下的烧烤店油烟太大" };
static const char *const OTHERS[] = { "朝阳路井盖缺失", "咨询医保报销需要什么材料", "漠河北极村游客中心厕所停水", "呼玛县玉米种子不出芽",
	"公交三路末班车提前收车", "新天名苑电梯困人没人管" };

static struct clusters *begin(void)
{
	return cluster_begin(calloc(1, cluster_bytes(&SIZE)), &SIZE, &TUNING);
}

static struct cluster_answer take(struct clusters *clusters, const char *title, uint64_t caller, int64_t at)
{
	static int64_t ticket;
	struct cluster_answer answer;

	cluster_take(clusters, &(struct cluster_ask){ .text = { title, "", strlen(title), 0 }, .ticket = ++ticket,
		.at = at, .caller = caller }, &answer);
	return answer;
}

static void the_same_event_in_other_words_is_one_incident_and_others_are_not(void **state)
{
	struct clusters *clusters = begin();
	uint32_t fumes = take(clusters, FUMES[0], 1, 0).incident;

	(void)state;
	for (int i = 0; i < 6; i++)
		assert_int_not_equal(take(clusters, OTHERS[i], 10 + (uint64_t)i, 0).incident, fumes);
	assert_int_equal(take(clusters, FUMES[1], 2, DAY).incident, fumes);
	assert_int_equal(take(clusters, FUMES[2], 3, 2 * DAY).size, 3);
	free(clusters);
}

static void three_petitions_of_two_callers_alarm_and_one_caller_three_times_does_not(void **state)
{
	struct clusters *many = begin(), *one = begin();

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct cluster_answer crowd = take(many, FUMES[i], 1 + (uint64_t)i, i * DAY), same = take(one, FUMES[i], 7, i * DAY);

		assert_int_equal(incident_alarms(&RULE, &crowd, i * DAY), i == 2);
		assert_false(incident_alarms(&RULE, &same, i * DAY));
		assert_int_equal(same.callers, 1);
	}
	struct cluster_answer late = take(many, FUMES[0], 9, 800LL * DAY);
	assert_false(incident_alarms(&RULE, &late, 800LL * DAY));
	free(many);
	free(one);
}

static void whoever_is_not_known_counts_as_somebody_else(void **state)
{
	struct clusters *clusters = begin();

	(void)state;
	take(clusters, FUMES[0], 0, 0);
	assert_int_equal(take(clusters, FUMES[0], 0, 0).callers, 2);
	free(clusters);
}

static void the_order_of_arrival_within_an_event_does_not_part_it(void **state)
{
	static const int orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };

	(void)state;
	for (int o = 0; o < 6; o++) {
		struct clusters *clusters = begin();
		struct cluster_answer answer = { 0 };

		for (int i = 0; i < 3; i++) {
			take(clusters, OTHERS[i], 20 + (uint64_t)i, 0);
			answer = take(clusters, FUMES[orders[o][i]], 1 + (uint64_t)i, 0);
		}
		assert_int_equal(answer.size, 3);
		free(clusters);
	}
}

static void what_was_judged_before_is_taken_in_again_and_goes_on(void **state)
{
	struct clusters *first = begin(), *second = begin();
	uint32_t given[3];

	(void)state;
	take(first, OTHERS[0], 5, 0);
	for (int i = 0; i < 3; i++)
		given[i] = take(first, FUMES[i], 1 + (uint64_t)i, 0).incident;
	for (int i = 0; i < 2; i++) {
		struct cluster_answer answer;

		cluster_take(second, &(struct cluster_ask){ .text = { FUMES[i], "", strlen(FUMES[i]), 0 }, .ticket = i,
			.caller = 1 + (uint64_t)i, .incident = given[i] }, &answer);
		assert_int_equal(answer.incident, given[i]);
		assert_int_equal(answer.size, i + 1);
	}
	assert_int_equal(take(second, FUMES[2], 3, 0).incident, given[2]);
	cluster_number(second, 500);
	assert_int_equal(take(second, OTHERS[1], 3, 0).incident, 501);
	free(first);
	free(second);
}

static float cohesion_of(struct clusters *clusters, const char *title, uint64_t caller)
{
	static struct cluster_answer answer;

	cluster_take(clusters, &(struct cluster_ask){ .text = { title, "", strlen(title), 0 }, .ticket = 1, .caller = caller,
		.incident = 1 }, &answer);
	return answer.cohesion;
}

/* What an incident alarms on is three texts that tell the same, not what all of them have in common. */
static void cohesion_is_that_of_the_text_with_the_two_it_agrees_with_best(void **state)
{
	struct clusters *mixed = begin(), *one = begin();

	(void)state;
	assert_true(cohesion_of(mixed, FUMES[0], 1) == 0);
	for (int i = 0; i < 3; i++)
		assert_true(cohesion_of(mixed, OTHERS[i], 10 + (uint64_t)i) < 0.1f);
	assert_true(cohesion_of(mixed, FUMES[0], 2) < 0.5f);
	assert_true(cohesion_of(mixed, FUMES[0], 3) > 0.9f);
	/* Two of one caller agree with nobody else. */
	cohesion_of(one, FUMES[0], 7);
	assert_true(cohesion_of(one, FUMES[0], 7) == 0);
	assert_true(cohesion_of(one, OTHERS[0], 8) < 0.1f);
	assert_true(cohesion_of(one, FUMES[0], 9) > 0.9f);
	free(mixed);
	free(one);
}

/* Thousands of texts in room for 64 incidents, as bytes of known length between two guards. */
static void memory_is_bounded_whatever_comes(void **state)
{
	size_t bytes = cluster_bytes(&SIZE);
	unsigned char *memory = malloc(bytes + 64);
	struct clusters *clusters;
	uint32_t last = 0;

	(void)state;
	memset(memory, 0, bytes);
	memset(memory + bytes, 0x5a, 64);
	clusters = cluster_begin(memory, &SIZE, &TUNING);
	srandom(11);
	for (int i = 0; i < 9000; i++) {
		char title[256] = "";
		struct cluster_answer answer;

		for (int k = 0; k < 12; k++)
			snprintf(title + strlen(title), sizeof(title) - strlen(title), "%s", (const char *[]){ "路", "水", "电", "暖", "楼", "车", "声",
				"灯", "树", "桥", "店", "烟", "坑", "井", "校", "医" }[random() % 16]);
		answer = take(clusters, title, (uint64_t)random(), i);
		assert_true(answer.incident >= 1 && answer.ticket_count <= CLUSTER_TICKETS_MOST && answer.size >= 1);
		assert_true(answer.likeness >= 0 && answer.cohesion < 1.01f);
		last = answer.incident > last ? answer.incident : last;
	}
	assert_true(last > SIZE.incidents);   /* so that incidents were forgotten */
	for (int i = 0; i < 64; i++)
		assert_int_equal(memory[bytes + (size_t)i], 0x5a);
	free(memory);
}

static void texts_of_nothing_and_of_bad_bytes_are_taken_too(void **state)
{
	struct clusters *clusters = begin();
	uint32_t first = take(clusters, "", 1, 0).incident;

	(void)state;
	assert_int_not_equal(take(clusters, "", 2, 0).incident, first);
	assert_int_not_equal(take(clusters, "\xff\xfe\x80", 3, 0).incident, first);
	free(clusters);
}

static void shared_words_are_the_words_of_both(void **state)
{
	struct clusters *clusters = begin();
	struct cluster_answer answer;
	char words[200];

	(void)state;
	take(clusters, FUMES[0], 1, 0);
	answer = take(clusters, FUMES[1], 2, 0);
	gram_shared(&(struct gram_text){ FUMES[1], "", strlen(FUMES[1]), 0 }, answer.shared, answer.shared_count, 3, words, sizeof(words));
	assert_non_null(strstr(words, "育才小区"));
	assert_non_null(strstr(words, "烧烤店油烟"));
	assert_null(strstr(words, "开窗"));
	assert_int_equal(gram_shared(&(struct gram_text){ FUMES[1], "", strlen(FUMES[1]), 0 }, answer.shared, answer.shared_count, 3, words, 8), 0);
	free(clusters);
}

static void each_number_has_its_key_and_a_missing_one_is_named(void **state)
{
	struct warning_rule rule = { 0 };

	(void)state;
	assert_false(warning_rule_set(&rule, "sign_normal", 2, UNIT_HOUR));
	assert_non_null(warning_rule_missing(&rule));
	assert_true(warning_rule_set(&rule, "incident_join", 12, UNIT_HOUR));
	assert_true(rule.cluster.join > 0.119f && rule.cluster.join < 0.121f);
	assert_true(warning_rule_set(&rule, "surge_week", 7, UNIT_NATURAL_DAY));
	assert_int_equal(rule.surge.windows[2], 7LL * DAY);
	assert_true(warning_rule_set(&rule, "incident_petitions", 3, UNIT_HOUR));
	assert_int_equal(rule.incident.petitions, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_event_in_other_words_is_one_incident_and_others_are_not),
		cmocka_unit_test(three_petitions_of_two_callers_alarm_and_one_caller_three_times_does_not),
		cmocka_unit_test(whoever_is_not_known_counts_as_somebody_else),
		cmocka_unit_test(the_order_of_arrival_within_an_event_does_not_part_it),
		cmocka_unit_test(what_was_judged_before_is_taken_in_again_and_goes_on),
		cmocka_unit_test(cohesion_is_that_of_the_text_with_the_two_it_agrees_with_best),
		cmocka_unit_test(memory_is_bounded_whatever_comes),
		cmocka_unit_test(texts_of_nothing_and_of_bad_bytes_are_taken_too),
		cmocka_unit_test(shared_words_are_the_words_of_both),
		cmocka_unit_test(each_number_has_its_key_and_a_missing_one_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
