/* test_feed_audience.c — who sees what live, asked in all combinations against the rule in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include "../../routing/flow.h"
#include "../../server/feed.h"

enum { OWN = 7, OTHER = 8 };

static const unsigned roles[] = { 0, ROLE_agent, ROLE_handler, ROLE_supervisor, ROLE_admin, ROLE_system };
static const char *const kinds[] = { "ticket", "call", "agent", "board", "case", "task", "" };
static const char *const regions[] = { "232700", "232701", "232721", "230100", "LJ-XL", "" };
static const int states[] = { 0, 20, 35, 40, 55, 60, 80, 90 };
static const int numbers[] = { 0, OWN, OTHER };

#define EACH(i, list) for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)

/* Second telling of the law, by a table of regions instead of by their letters. */
static bool covers(const char *own, const char *other)
{
	static const char *const of_prefecture[] = { "232700", "232701", "232721", "LJ-XL" };

	if (strcmp(own, "232700") == 0)
		EACH(i, of_prefecture)
			if (strcmp(other, of_prefecture[i]) == 0)
				return true;
	if (strcmp(own, "230100") == 0 && strcmp(other, "LJ-XL") == 0)
		return true;
	return strcmp(own, other) == 0;
}

static bool in_callback(int state)
{
	return state == 55 || state == 60;
}

static bool expected(const struct seat *seat, const struct audience *a)
{
	bool ticket = strcmp(a->kind, "ticket") == 0;
	bool person = strcmp(a->kind, "call") == 0 || strcmp(a->kind, "agent") == 0;
	bool task = strcmp(a->kind, "task") == 0, of_case = strcmp(a->kind, "case") == 0, work = task || of_case;
	unsigned through = 0;

	if (work && seat->role == ROLE_handler && seat->dept > 0 && (a->dept == seat->dept || a->was_dept == seat->dept))
		through |= TOPIC_dept;
	if (work && seat->role == ROLE_supervisor && covers(seat->region, a->region))
		through |= TOPIC_all;
	if (of_case && seat->role == ROLE_agent && a->owner == OWN)
		through |= TOPIC_mine;
	if (ticket && seat->role == ROLE_handler && seat->dept > 0 &&
	    (a->dept == seat->dept || a->was_dept == seat->dept))
		through |= TOPIC_dept;
	if ((ticket || person) && seat->role == ROLE_agent && a->owner == OWN)
		through |= TOPIC_mine;
	if (ticket && seat->role == ROLE_agent && (in_callback(a->state) || in_callback(a->was)))
		through |= TOPIC_callback;
	if (ticket && seat->role == ROLE_supervisor && covers(seat->region, a->region))
		through |= TOPIC_all;
	if (person && seat->role == ROLE_supervisor)
		through |= TOPIC_agents;
	return (seat->topics & through) != 0;
}

static void ask(const struct seat *seat, const struct audience *audience)
{
	if (!!feed_may_see(seat, audience) != expected(seat, audience))
		fail_msg("role %u topics %u dept %d region %s: kind %s region %s dept %d was %d owner %d state %d was %d",
		         seat->role, seat->topics, seat->dept, seat->region, audience->kind, audience->region,
		         audience->dept, audience->was_dept, audience->owner, audience->state, audience->was);
}

static void ask_regions_and_states(struct seat *seat, struct audience *audience)
{
	EACH(own, regions) {
		snprintf(seat->region, sizeof seat->region, "%s", regions[own]);
		EACH(other, regions) {
			audience->region = regions[other];
			EACH(s, states)
				EACH(w, states) {
					audience->state = states[s];
					audience->was = states[w];
					ask(seat, audience);
				}
		}
	}
}

static void test_all_combinations(void **state)
{
	struct seat seat = { .account = OWN };
	struct audience audience = { .kind = "" };

	(void)state;
	EACH(role, roles)
		EACH(kind, kinds)
			EACH(own, numbers)
				EACH(dept, numbers)
					EACH(owner, numbers)
						for (unsigned topics = 0; topics < 64; topics += topics < 16 ? 1 : 15) {
							seat.role = roles[role];
							seat.topics = topics;
							seat.dept = numbers[own];
							audience.kind = kinds[kind];
							audience.dept = numbers[dept];
							audience.was_dept = numbers[(dept + owner) % 3];
							audience.owner = numbers[owner];
							ask_regions_and_states(&seat, &audience);
						}
}

static void test_nobody_without_hello_sees_anything(void **state)
{
	struct seat seat = { .account = 0, .role = ROLE_supervisor, .topics = 63, .region = "232700" };
	struct audience audience = { .kind = "ticket", .region = "232700" };

	(void)state;
	assert_false(feed_may_see(&seat, &audience));
}

static void test_topics_of_roles_do_not_overlap(void **state)
{
	(void)state;
	assert_int_equal(feed_topics_of(ROLE_agent) & feed_topics_of(ROLE_handler), 0);
	assert_int_equal(feed_topics_of(ROLE_agent) & feed_topics_of(ROLE_supervisor), 0);
	assert_int_equal(feed_topics_of(ROLE_agent) | feed_topics_of(ROLE_handler) |
	                 feed_topics_of(ROLE_supervisor), 63);
	assert_int_equal(feed_topics_of(ROLE_admin), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_combinations),
		cmocka_unit_test(test_nobody_without_hello_sees_anything),
		cmocka_unit_test(test_topics_of_roles_do_not_overlap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
