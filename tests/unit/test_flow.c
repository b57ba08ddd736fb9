/* Asks the closed loop every question there is and compares with a list written by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "../../routing/flow.h"

enum { STATE_END = 100, ROLE_END = 64 };

/* The same loop again, told independently: action, from, to, roles, needs, clock, round. */
static const struct expected {
	const char *action;
	int from, to;
	const char *who, *needs, *clock;
	int round;
} expected[] = {
	{ "submit", 0, 20, "agent supervisor citizen system", "", "dispatch", 0 },
	{ "forewarn", 0, 35, "supervisor", "dept text", "sign", 0 },
	{ "answer", 0, 60, "agent", "text", "rate", 0 },
	{ "refuse", 0, 82, "agent", "cause text", "archive", 0 },
	{ "merge", 0, 29, "agent", "other", "handle", 0 },
	{ "supply", 15, 20, "agent citizen", "text", "dispatch", 0 },
	{ "expire", 15, 85, "system", "", "archive", 0 },
	{ "withdraw", 15, 85, "agent citizen", "reason", "archive", 0 },
	{ "withdraw", 20, 85, "agent citizen", "reason", "archive", 0 },
	{ "withdraw", 29, 85, "agent citizen", "reason", "archive", 0 },
	{ "unmerge", 29, 30, "supervisor system", "reason", "dispatch", 0 },
	{ "follow", 29, 60, "system", "", "rate", 0 },
	{ "dispatch", 20, 35, "system", "dept", "sign", 0 },
	{ "pool", 20, 30, "system", "reason", "dispatch", 0 },
	{ "assign", 30, 35, "supervisor", "dept", "sign", 0 },
	{ "answer", 30, 60, "agent supervisor", "text", "rate", 0 },
	{ "refuse", 30, 82, "supervisor", "cause text", "archive", 0 },
	{ "ask_info", 30, 15, "agent supervisor", "text", "need_info", 0 },
	{ "merge", 30, 29, "agent supervisor", "other", "handle", 0 },
	{ "dispute", 30, 39, "supervisor", "dept reason", "arbitrate", 0 },
	{ "withdraw", 30, 85, "agent citizen", "reason", "archive", 0 },
	{ "sign", 35, 40, "handler", "", "handle", 0 },
	{ "recall", 35, 30, "supervisor", "reason", "dispatch", 0 },
	{ "merge", 35, 29, "supervisor", "other", "handle", 0 },
	{ "send_back", 35, 38, "handler", "reason basis", "return_audit", 0 },
	{ "withdraw", 35, 60, "agent citizen", "reason", "rate", 0 },
	{ "accept_return", 38, 30, "supervisor", "reason", "dispatch", 0 },
	{ "reject_return", 38, 35, "supervisor", "reason", "sign", 0 },
	{ "dispute", 38, 39, "supervisor system", "reason", "arbitrate", 0 },
	{ "withdraw", 38, 60, "agent citizen", "reason", "rate", 0 },
	{ "rule", 39, 35, "supervisor", "dept reason", "sign", 0 },
	{ "rule_out", 39, 82, "supervisor", "cause text", "archive", 0 },
	{ "withdraw", 39, 60, "agent citizen", "reason", "rate", 0 },
	{ "send_back", 40, 38, "handler", "reason basis", "return_audit", 0 },
	{ "recall", 40, 30, "supervisor", "reason", "dispatch", 0 },
	{ "extend", 40, 40, "supervisor", "", "extended", 0 },
	{ "pause", 40, 45, "supervisor", "", "until", 0 },
	{ "withdraw", 40, 60, "agent citizen", "reason", "rate", 0 },
	{ "finish", 40, 50, "handler", "text", "close_audit", 0 },
	{ "resume", 45, 40, "handler supervisor system", "reason", "resumed", 0 },
	{ "withdraw", 45, 60, "agent citizen", "reason", "rate", 0 },
	{ "taken", 30, 60, "agent supervisor system", "text", "rate", 0 },
	{ "pass", 50, 55, "supervisor", "", "notify", 0 },
	{ "reject", 50, 40, "supervisor", "reason", "resumed", 0 },
	{ "settle", 50, 80, "supervisor", "", "archive", 0 },
	{ "notify", 55, 60, "agent handler supervisor", "text", "rate", 0 },
	{ "rate", 60, 80, "agent citizen", "grade", "archive", 0 },
	{ "complain", 60, 65, "agent citizen", "grade reason", "bad_verify", 0 },
	{ "lapse", 60, 80, "system", "", "archive", 0 },
	{ "redo", 65, 35, "supervisor", "reason", "sign", 1 },
	{ "dismiss", 65, 80, "supervisor", "reason", "archive", 0 },
	{ "conclude", 65, 80, "supervisor", "reason", "archive", 0 },
	{ "reopen", 80, 30, "supervisor", "reason", "dispatch", 1 },
	{ "reopen", 82, 30, "supervisor", "reason", "dispatch", 1 },
	{ "archive", 80, 90, "system supervisor", "", "stop", 0 },
	{ "archive", 82, 90, "system supervisor", "", "stop", 0 },
	{ "archive", 85, 90, "system supervisor", "", "stop", 0 },
};

/* Looks: action, first and last state, roles, needs, loud. */
static const struct { const char *action; int first, last; const char *who, *needs; bool loud; } looks[] = {
	{ "reveal", 15, 90, "agent handler supervisor", "reason", false },
	{ "attach", 15, 65, "agent handler supervisor citizen", "", false },
	{ "link", 15, 90, "agent supervisor system", "other", false },
	{ "split", 30, 30, "agent supervisor", "text", true },
	{ "supplement", 20, 55, "agent citizen", "text", true },
	{ "urge", 29, 55, "agent supervisor citizen", "", false },
	{ "contact", 35, 55, "handler agent", "text", false },
	{ "progress", 39, 45, "handler", "text", false },
	{ "assist", 35, 40, "handler supervisor", "dept", false },
	{ "hand_down", 40, 40, "handler", "dept", false },
	{ "part_sign", 35, 45, "handler", "part", false },
	{ "part_reply", 35, 45, "handler", "part text", false },
	{ "part_return", 35, 45, "handler", "part reason", false },
	{ "part_recall", 35, 45, "handler supervisor", "part reason", false },
	{ "ask_extend", 40, 40, "handler", "reason days", false },
	{ "deny_extend", 40, 40, "supervisor", "reason", false },
	{ "ask_pause", 40, 40, "handler", "reason until", false },
	{ "deny_pause", 40, 40, "supervisor", "reason", false },
	{ "order", 35, 65, "supervisor system", "text", false },
	{ "order_reply", 35, 90, "handler", "order text", false },
	{ "order_close", 35, 90, "supervisor", "order reason", false },
	{ "miss", 60, 60, "agent", "", false },
	{ "doubt", 65, 65, "supervisor", "reason", true },
	{ "check", 80, 90, "supervisor", "text", false },
	{ "alarm", 15, 65, "system", "", false },
	{ "reckon", 15, 65, "system", "reason", false },
	{ "hand_over", 30, 30, "agent supervisor", "reason", false },
	{ "heard", 15, 90, "system", "text", true },
	{ "erase", 15, 90, "system", "text", false },
};

/* Edges of the first version: in histories, and no longer to be taken. */
static const struct expected retired[] = {
	{ "finish", 40, 55, "handler", "text", "notify", 0 },
	{ "redo", 60, 35, "agent", "grade reason", "sign", 1 },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static unsigned bits(const char *words, const char *const *names, size_t count) {
	unsigned sum = 0;
	char padded[120], wanted[24];
	snprintf(padded, sizeof(padded), " %s ", words);
	for (size_t i = 0; i < count; i++) {
		snprintf(wanted, sizeof(wanted), " %s ", names[i]);
		if (strstr(padded, wanted))
			sum |= 1u << i;
	}
	return sum;
}

static unsigned who_bits(const char *who) {
	static const char *const names[] = { "agent", "handler", "supervisor", "admin", "system", "citizen" };
	return bits(who, names, COUNT(names));
}

static unsigned need_bits(const char *needs) {
	static const char *const names[] = {
		"dept", "reason", "text", "grade", "basis", "cause", "other", "days", "until", "part", "order" };
	return bits(needs, names, COUNT(names));
}

/* The row for an action from a state, a look's made to fit; false if there is none. */
static bool expected_row(const char *action, int from, struct expected *ret, bool *ret_loud) {
	*ret_loud = true;
	for (size_t i = 0; i < COUNT(expected); i++)
		if (expected[i].from == from && strcmp(expected[i].action, action) == 0) {
			*ret = expected[i];
			return true;
		}
	for (size_t i = 0; i < COUNT(looks); i++)
		if (from >= looks[i].first && from <= looks[i].last && flow_state_exists(from) &&
		    strcmp(looks[i].action, action) == 0) {
			*ret = (struct expected){ action, from, from, looks[i].who, looks[i].needs, "keep", 0 };
			*ret_loud = looks[i].loud;
			return true;
		}
	return false;
}

static void ask_and_compare(enum flow_action action, int from, unsigned roles) {
	const struct flow_edge *edge = NULL;
	struct expected row;
	bool loud;
	enum flow_verdict verdict = flow_judge(action, (enum flow_state)from, roles, &edge);
	if (!expected_row(flow_action_name(action), from, &row, &loud)) {
		assert_int_equal(verdict, FLOW_NO_SUCH_EDGE);
		assert_null(edge);
		return;
	}
	bool may = (who_bits(row.who) & roles) != 0;
	assert_int_equal(verdict, may ? FLOW_OK : FLOW_NOT_YOURS);
	assert_non_null(edge);
	assert_int_equal(edge->action, action);
	assert_int_equal(edge->from, from);
	assert_int_equal(edge->to, row.to);
	assert_int_equal(edge->who, who_bits(row.who));
	assert_int_equal(edge->needs, need_bits(row.needs));
	assert_string_equal(flow_clock_name(edge->clock), row.clock);
	assert_int_equal(edge->round, row.round);
	assert_int_equal(edge->loud, loud);
	assert_false(edge->retired);
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
	size_t count = flow_edges(&edges), looked = 0;
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < i; j++)
			assert_false(edges[i].action == edges[j].action && edges[i].from == edges[j].from &&
			             edges[i].retired == edges[j].retired);
	}
	for (size_t i = 0; i < COUNT(looks); i++)
		for (int state = looks[i].first; state <= looks[i].last; state++)
			looked += flow_state_exists(state);
	assert_int_equal(count, COUNT(expected) + looked + COUNT(retired));
}

static void retired_edges_stand_as_they_were_and_nobody_may_take_them(void **unused) {
	(void)unused;
	const struct flow_edge *edges;
	size_t count = flow_edges(&edges), found = 0;
	for (size_t i = 0; i < count; i++) {
		if (!edges[i].retired)
			continue;
		const struct expected *row = &retired[found++];
		const struct flow_edge *other = NULL;
		assert_true(found <= COUNT(retired));
		assert_string_equal(flow_action_name(edges[i].action), row->action);
		assert_int_equal(edges[i].from, row->from);
		assert_int_equal(edges[i].to, row->to);
		assert_int_equal(edges[i].who, who_bits(row->who));
		assert_int_equal(edges[i].needs, need_bits(row->needs));
		assert_string_equal(flow_clock_name(edges[i].clock), row->clock);
		assert_int_equal(edges[i].round, row->round);
		assert_true(flow_judge(edges[i].action, edges[i].from, ROLE_END - 1, &other) == FLOW_NO_SUCH_EDGE || other != &edges[i]);
	}
	assert_int_equal(found, COUNT(retired));
}

static void every_action_can_be_taken_by_somebody_somewhere(void **unused) {
	(void)unused;
	const struct flow_edge *edges;
	size_t count = flow_edges(&edges);
	bool taken[ACTION_COUNT] = { false };
	for (size_t i = 0; i < count; i++) {
		assert_true(edges[i].who != 0);
		taken[edges[i].action] = taken[edges[i].action] || !edges[i].retired;
	}
	for (int action = 0; action < ACTION_COUNT; action++)
		assert_true(taken[action]);
}

/* Marks every state that can be reached from `from`, itself included. */
static void reach(int from, bool *reached) {
	const struct flow_edge *edges;
	size_t count = flow_edges(&edges);
	reached[from] = true;
	for (size_t i = 0; i < count; i++)
		if ((int)edges[i].from == from && !edges[i].retired && !reached[edges[i].to])
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
		if (!stays)
			assert_int_not_equal(edges[i].clock, CLOCK_keep);
		assert_int_equal(edges[i].clock == CLOCK_stop, !stays && edges[i].to == STATE_archived);
	}
}

static void every_open_state_has_somebody_who_answers_and_no_ended_one_has(void **unused) {
	(void)unused;
	for (int state = 0; state < STATE_END; state++) {
		if (!flow_state_exists(state))
			continue;
		enum flow_owner owner = flow_state_owner((enum flow_state)state);
		assert_int_equal(owner == OWNER_NOBODY, !flow_state_is_open((enum flow_state)state));
		assert_int_equal(flow_state_is_open((enum flow_state)state), state > 0 && state < 80);
	}
	static const struct { int state; const char *owner; } owners[] = {
		{ 15, "desk" }, { 20, "desk" }, { 29, "master" }, { 30, "desk" }, { 35, "unit" }, { 38, "unit" }, { 39, "unit" },
		{ 40, "unit" }, { 45, "unit" }, { 50, "unit" }, { 55, "unit" }, { 60, "either" }, { 65, "either" },
		{ 80, "nobody" }, { 82, "nobody" }, { 85, "nobody" }, { 90, "nobody" },
	};
	for (size_t i = 0; i < COUNT(owners); i++)
		assert_string_equal(flow_owner_name(flow_state_owner((enum flow_state)owners[i].state)), owners[i].owner);
	assert_int_equal(flow_state_owner((enum flow_state)7), OWNER_NOBODY);
	assert_null(flow_owner_name((enum flow_owner)5));
}

/* No card for the citizen's own time, nor where nobody is late. */
static void clocks_show_cards_unless_they_are_the_citizens_or_nobodys(void **unused) {
	(void)unused;
	static const char *const quiet[] = { "stop", "keep", "need_info", "until", "rate", "archive" };
	for (int clock = 0; clock < CLOCK_COUNT; clock++) {
		bool listed = false;
		for (size_t i = 0; i < COUNT(quiet); i++)
			listed = listed || strcmp(quiet[i], flow_clock_name((enum flow_clock)clock)) == 0;
		assert_int_equal(flow_clock_alarms((enum flow_clock)clock), !listed);
	}
	assert_false(flow_clock_alarms(CLOCK_COUNT));
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
	static const struct { const char *clock, *limit; } plain[] = {
		{ "stop", NULL }, { "keep", NULL }, { "extended", NULL }, { "until", NULL }, { "resumed", NULL },
		{ "notify", "notify" }, { "rate", "eval_window" }, { "archive", "archive_after" },
		{ "need_info", "need_info" }, { "return_audit", "return_audit" }, { "close_audit", "close_audit" },
		{ "bad_verify", "bad_verify" },
	};
	for (size_t i = 0; i < COUNT(plain); i++)
		if (strcmp(clock, plain[i].clock) == 0)
			return plain[i].limit;
	if (strcmp(clock, "arbitrate") == 0)
		return urgency == 0 ? "arbitration_normal" : "arbitration_urgent";
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

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_action_from_every_state_by_every_set_of_roles_is_judged_as_expected),
		cmocka_unit_test(all_edges_are_listed_once_and_no_others),
		cmocka_unit_test(every_state_is_reachable_and_from_each_the_ticket_can_still_be_archived),
		cmocka_unit_test(somebody_may_move_each_ticket_on_until_it_is_archived),
		cmocka_unit_test(no_open_state_is_entered_without_a_clock),
		cmocka_unit_test(every_action_can_be_taken_by_somebody_somewhere),
		cmocka_unit_test(every_open_state_has_somebody_who_answers_and_no_ended_one_has),
		cmocka_unit_test(retired_edges_stand_as_they_were_and_nobody_may_take_them),
		cmocka_unit_test(clocks_show_cards_unless_they_are_the_citizens_or_nobodys),
		cmocka_unit_test(states_and_actions_have_names_and_terms_and_strangers_have_none),
		cmocka_unit_test(an_action_is_found_by_its_name_and_by_no_other),
		cmocka_unit_test(each_clock_names_the_limit_of_its_urgency_and_normal_handling_goes_by_kind),
		cmocka_unit_test(a_limit_of_an_unknown_kind_or_urgency_is_not_invented),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
