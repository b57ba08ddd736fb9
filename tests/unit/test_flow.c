/* Asks the closed loop every question there is and compares with a list written by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "../../routing/flow.h"
#include "../../routing/terms.h"

enum { STATE_END = 100, ROLE_END = 32 };

/* The same loop again, told independently: action, from, to, roles, needs, clock, round. */
static const struct {
	const char *action;
	int from, to;
	const char *who, *needs, *clock;
	int round;
} expected[] = {
	{ "submit",    0, 20, "agent system",      "",              "dispatch", 0 },
	{ "dispatch", 20, 35, "system",            "dept",          "sign",     0 },
	{ "pool",     20, 30, "system",            "reason",        "dispatch", 0 },
	{ "assign",   30, 35, "supervisor",        "dept",          "sign",     0 },
	{ "recall",   35, 30, "supervisor",        "reason",        "dispatch", 0 },
	{ "sign",     35, 40, "handler",           "",              "handle",   0 },
	{ "progress", 40, 40, "handler",           "text",          "keep",     0 },
	{ "finish",   40, 55, "handler",           "text",          "notify",   0 },
	{ "notify",   55, 60, "agent",             "text",          "rate",     0 },
	{ "rate",     60, 80, "agent",             "grade",         "archive",  0 },
	{ "redo",     60, 35, "agent",             "grade reason",  "sign",     1 },
	{ "lapse",    60, 80, "system",            "",              "archive",  0 },
	{ "archive",  80, 90, "system supervisor", "",              "stop",     0 },
	{ "reveal",   20, 20, "agent handler supervisor", "reason", "keep",     0 },
	{ "reveal",   30, 30, "agent handler supervisor", "reason", "keep",     0 },
	{ "reveal",   35, 35, "agent handler supervisor", "reason", "keep",     0 },
	{ "reveal",   40, 40, "agent handler supervisor", "reason", "keep",     0 },
	{ "reveal",   55, 55, "agent handler supervisor", "reason", "keep",     0 },
	{ "reveal",   60, 60, "agent handler supervisor", "reason", "keep",     0 },
	{ "reveal",   80, 80, "agent handler supervisor", "reason", "keep",     0 },
	{ "reveal",   90, 90, "agent handler supervisor", "reason", "keep",     0 },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static unsigned who_bits(const char *who) {
	return (strstr(who, "agent") ? 1u : 0) | (strstr(who, "handler") ? 2u : 0) |
	       (strstr(who, "supervisor") ? 4u : 0) | (strstr(who, "system") ? 16u : 0);
}

static unsigned need_bits(const char *needs) {
	return (strstr(needs, "dept") ? 1u : 0) | (strstr(needs, "reason") ? 2u : 0) |
	       (strstr(needs, "text") ? 4u : 0) | (strstr(needs, "grade") ? 8u : 0);
}

static int expected_row(const char *action, int from) {
	for (size_t i = 0; i < COUNT(expected); i++)
		if (expected[i].from == from && strcmp(expected[i].action, action) == 0)
			return (int)i;
	return -1;
}

static void ask_and_compare(enum flow_action action, int from, unsigned roles) {
	const struct flow_edge *edge = NULL;
	enum flow_verdict verdict = flow_judge(action, (enum flow_state)from, roles, &edge);
	int row = expected_row(flow_action_name(action), from);
	if (row < 0) {
		assert_int_equal(verdict, FLOW_NO_SUCH_EDGE);
		assert_null(edge);
		return;
	}
	bool may = (who_bits(expected[row].who) & roles) != 0;
	assert_int_equal(verdict, may ? FLOW_OK : FLOW_NOT_YOURS);
	assert_non_null(edge);
	assert_int_equal(edge->action, action);
	assert_int_equal(edge->from, from);
	assert_int_equal(edge->to, expected[row].to);
	assert_int_equal(edge->who, who_bits(expected[row].who));
	assert_int_equal(edge->needs, need_bits(expected[row].needs));
	assert_string_equal(flow_clock_name(edge->clock), expected[row].clock);
	assert_int_equal(edge->round, expected[row].round);
}

static void every_action_from_every_state_by_every_set_of_roles_is_judged_as_expected(void **unused) {
	(void)unused;
	for (int action = 0; action < ACTION_COUNT; action++)
		for (int from = 0; from < STATE_END; from++)
			for (unsigned roles = 0; roles < ROLE_END; roles++)
				ask_and_compare((enum flow_action)action, from, roles);
}

static void all_edges_are_listed_once_and_no_others(void **unused) {
	(void)unused;
	const struct flow_edge *edges;
	assert_int_equal(flow_edges(&edges), COUNT(expected));
	for (size_t i = 0; i < COUNT(expected); i++) {
		assert_string_equal(flow_action_name(edges[i].action), expected[i].action);
		assert_int_equal(edges[i].from, expected[i].from);
		assert_int_equal(edges[i].to, expected[i].to);
	}
}

/* Marks every state that can be reached from `from`, itself included. */
static void reach(int from, bool *reached) {
	const struct flow_edge *edges;
	size_t count = flow_edges(&edges);
	reached[from] = true;
	for (size_t i = 0; i < count; i++)
		if ((int)edges[i].from == from && !reached[edges[i].to])
			reach((int)edges[i].to, reached);
}

static void every_state_is_reachable_and_from_each_the_ticket_can_still_be_archived(void **unused) {
	(void)unused;
	bool from_start[STATE_END] = { false };
	reach(STATE_none, from_start);
	for (int state = 0; state < STATE_END; state++) {
		bool onward[STATE_END] = { false };
		assert_int_equal(from_start[state], flow_state_exists(state));
		if (!from_start[state])
			continue;
		reach(state, onward);
		assert_true(onward[STATE_archived]);
		assert_true(state == STATE_none || !onward[STATE_none]);
	}
}

static void somebody_may_move_each_ticket_on_until_it_is_archived(void **unused) {
	(void)unused;
	const struct flow_edge *edges;
	size_t count = flow_edges(&edges);
	for (int state = 0; state < STATE_END; state++) {
		if (!flow_state_exists(state))
			continue;
		unsigned movers = 0;
		for (size_t i = 0; i < count; i++)
			if ((int)edges[i].from == state && edges[i].to != edges[i].from)
				movers |= edges[i].who;
		assert_int_equal(movers == 0, state == STATE_archived);
	}
}

static void no_open_state_is_entered_without_a_clock(void **unused) {
	(void)unused;
	const struct flow_edge *edges;
	size_t count = flow_edges(&edges);
	for (size_t i = 0; i < count; i++) {
		bool stays = edges[i].from == edges[i].to;
		assert_int_equal(edges[i].clock == CLOCK_keep, stays);
		assert_int_equal(edges[i].clock == CLOCK_stop, !stays && edges[i].to == STATE_archived);
		assert_true(edges[i].who != 0);
	}
}

static void looking_changes_neither_state_nor_clock_and_is_legal_from_accepted_on(void **unused) {
	(void)unused;
	for (int state = 0; state < STATE_END; state++) {
		const struct flow_edge *edge = NULL;
		enum flow_verdict verdict = flow_judge(ACTION_reveal, (enum flow_state)state,
		                                       ROLE_handler, &edge);
		bool legal = flow_state_exists(state) && state >= STATE_accepted;
		assert_int_equal(verdict, legal ? FLOW_OK : FLOW_NO_SUCH_EDGE);
		if (legal)
			assert_true(edge->to == edge->from && edge->clock == CLOCK_keep && edge->round == 0);
	}
}

static void states_are_open_exactly_while_somebody_owes_the_next_step(void **unused) {
	(void)unused;
	static const int open[] = { 20, 30, 35, 40, 55, 60 };
	for (int state = 0; state < STATE_END; state++) {
		bool listed = false;
		for (size_t i = 0; i < COUNT(open); i++)
			listed = listed || open[i] == state;
		assert_int_equal(flow_state_is_open((enum flow_state)state), listed);
	}
}

static void states_and_actions_have_names_and_terms_and_strangers_have_none(void **unused) {
	(void)unused;
	assert_string_equal(flow_state_name(STATE_to_sign), "to_sign");
	assert_string_equal(flow_state_term(STATE_to_sign), "待签收");
	assert_string_equal(flow_state_stage(STATE_to_sign), "分拨");
	assert_null(flow_state_name((enum flow_state)7));
	assert_null(flow_state_term((enum flow_state)7));
	assert_null(flow_state_stage((enum flow_state)7));
	assert_string_equal(flow_action_term(ACTION_redo), "差评重办");
	assert_null(flow_action_name(ACTION_COUNT));
	assert_null(flow_action_term(ACTION_COUNT));
	assert_null(flow_clock_name(CLOCK_COUNT));
}

static void an_action_is_found_by_its_name_and_by_no_other(void **unused) {
	(void)unused;
	for (int action = 0; action < ACTION_COUNT; action++) {
		enum flow_action found = ACTION_COUNT;
		assert_true(flow_action_find(flow_action_name((enum flow_action)action), &found));
		assert_int_equal(found, action);
	}
	enum flow_action untouched = ACTION_lapse;
	assert_false(flow_action_find("", &untouched));
	assert_false(flow_action_find("Submit", &untouched));
	assert_false(flow_action_find("签收", &untouched));
	assert_int_equal(untouched, ACTION_lapse);
}

/* Independent of flow.def: which limit counts for a clock, kind and urgency. */
static const char *expected_limit(const char *clock, int kind, int urgency, char *out, size_t room) {
	static const char *const urgencies[] = { "normal", "urgent", "critical" };
	static const char *const kinds[] = {
		"", "consult", "help", "complaint", "report", "suggest", "praise",
	};
	if (strcmp(clock, "stop") == 0 || strcmp(clock, "keep") == 0)
		return NULL;
	if (strcmp(clock, "notify") == 0)
		return "notify";
	if (strcmp(clock, "rate") == 0)
		return "eval_window";
	if (strcmp(clock, "archive") == 0)
		return "archive_after";
	bool by_kind = strcmp(clock, "handle") == 0 && urgency == 0;
	snprintf(out, room, "%s_%s", clock, by_kind ? kinds[kind] : urgencies[urgency]);
	return out;
}

static void each_clock_names_the_limit_of_its_urgency_and_normal_handling_goes_by_kind(void **unused) {
	(void)unused;
	for (int clock = 0; clock < CLOCK_COUNT; clock++)
		for (int kind = 1; kind <= 6; kind++)
			for (int urgency = 0; urgency <= 2; urgency++) {
				char room[40];
				const char *want = expected_limit(flow_clock_name((enum flow_clock)clock), kind,
				                                  urgency, room, sizeof(room));
				const char *key = flow_limit_key((enum flow_clock)clock, kind, urgency);
				assert_int_equal(key == NULL, want == NULL);
				if (want)
					assert_string_equal(key, want);
			}
}

static void a_limit_of_an_unknown_kind_or_urgency_is_not_invented(void **unused) {
	(void)unused;
	assert_null(flow_limit_key(CLOCK_handle, 0, 0));
	assert_null(flow_limit_key(CLOCK_handle, 7, 0));
	assert_null(flow_limit_key(CLOCK_sign, 1, -1));
	assert_null(flow_limit_key(CLOCK_sign, 1, 3));
	assert_null(flow_limit_key(CLOCK_COUNT, 1, 0));
}

static void words_are_found_by_number_and_by_name_in_every_list(void **unused) {
	(void)unused;
	for (int list = 0; list < TERMS_COUNT; list++) {
		const struct term *words;
		size_t count = terms_all((enum term_list)list, &words);
		assert_true(count >= 3);
		for (size_t i = 0; i < count; i++) {
			int number = -1;
			assert_string_equal(term_name((enum term_list)list, words[i].number), words[i].name);
			assert_string_equal(term_text((enum term_list)list, words[i].number), words[i].term);
			assert_true(term_find((enum term_list)list, words[i].name, &number));
			assert_int_equal(number, words[i].number);
		}
		assert_null(term_name((enum term_list)list, 99));
		assert_null(term_text((enum term_list)list, -1));
		assert_false(term_find((enum term_list)list, "nothing", &(int){ 0 }));
	}
	assert_string_equal(term_text(TERMS_GRADE, GRADE_very_bad), "非常不满意");
	assert_string_equal(term_name(TERMS_ROLE, ROLE_supervisor), "supervisor");
	assert_string_equal(terms_list_name(TERMS_SEAT), "seat");
	assert_string_equal(terms_list_term(TERMS_SEAT), "坐席状态");
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_action_from_every_state_by_every_set_of_roles_is_judged_as_expected),
		cmocka_unit_test(all_edges_are_listed_once_and_no_others),
		cmocka_unit_test(every_state_is_reachable_and_from_each_the_ticket_can_still_be_archived),
		cmocka_unit_test(somebody_may_move_each_ticket_on_until_it_is_archived),
		cmocka_unit_test(no_open_state_is_entered_without_a_clock),
		cmocka_unit_test(looking_changes_neither_state_nor_clock_and_is_legal_from_accepted_on),
		cmocka_unit_test(states_are_open_exactly_while_somebody_owes_the_next_step),
		cmocka_unit_test(states_and_actions_have_names_and_terms_and_strangers_have_none),
		cmocka_unit_test(an_action_is_found_by_its_name_and_by_no_other),
		cmocka_unit_test(each_clock_names_the_limit_of_its_urgency_and_normal_handling_goes_by_kind),
		cmocka_unit_test(a_limit_of_an_unknown_kind_or_urgency_is_not_invented),
		cmocka_unit_test(words_are_found_by_number_and_by_name_in_every_list),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
