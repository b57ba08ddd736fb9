/* Walks every combination of state and circumstances that the loop can reach, with the rules beyond the table told
 * again by hand (docs/LOOP.md), and asks of each: can it still be archived, and who answers for it? */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "../../routing/flow.h"

enum { REWORK_MAX = 2, RETURNS_MAX = 2, STATES_MOST = 32, EDGES_MOST = 64 };

/* What decides, beside the state, which edges are open. */
struct place {
	unsigned state : 7, redone : 2, returns : 2;      /* returns: 退单 of this round, 2 = two and more */
	unsigned asked : 2;                               /* 0, or 申请: ASKED_EXTEND, ASKED_PAUSE */
	unsigned no_return : 1, extended : 1, contacted : 1, unit : 1, joined : 1, doubted : 1;
	unsigned part : 1;                                /* a 承办单 that others wait for */
	unsigned order : 1, raised : 1;                   /* 督办 and 提级督办 not yet closed */
	unsigned answered : 1;                            /* a 提级督办 was answered in writing */
	unsigned warned : 1;                              /* 预警单: nobody called for it */
};
enum { ASKED_EXTEND = 1, ASKED_PAUSE = 2 };

/* --- numbers of places ----------------------------------------------------------------------- */

enum { FLAG_BITS = 13, PLACES = (STATES_MOST * (REWORK_MAX + 1) * (RETURNS_MAX + 1)) << FLAG_BITS };

static bool reached[PLACES], ends[PLACES];
static unsigned places[PLACES], place_count;
static int states[STATES_MOST];
static unsigned state_count;
static const struct flow_edge *from[STATES_MOST][EDGES_MOST];
static unsigned from_count[STATES_MOST];

static unsigned state_index(unsigned state) {
	for (unsigned i = 0; i < state_count; i++)
		if (states[i] == (int)state)
			return i;
	fail_msg("no state %u", state);
	return 0;
}

static unsigned number_of(struct place p) {
	unsigned flags = p.asked | p.no_return << 2 | p.extended << 3 | p.contacted << 4 | p.unit << 5 | p.joined << 6 |
	                 p.doubted << 7 | p.part << 8 | p.order << 9 | p.raised << 10 | p.answered << 11 |
	                 p.warned << 12;
	return (((state_index(p.state) * (REWORK_MAX + 1) + p.redone) * (RETURNS_MAX + 1) + p.returns) << FLAG_BITS) | flags;
}

static struct place place_of(unsigned number) {
	unsigned rest = number >> FLAG_BITS, returns = rest % (RETURNS_MAX + 1), f = number;
	rest /= RETURNS_MAX + 1;
	return (struct place){
		.state = (unsigned)states[rest / (REWORK_MAX + 1)] & 127, .redone = rest % (REWORK_MAX + 1) & 3,
		.returns = returns & 3, .asked = f & 3, .no_return = f >> 2 & 1, .extended = f >> 3 & 1,
		.contacted = f >> 4 & 1, .unit = f >> 5 & 1, .joined = f >> 6 & 1, .doubted = f >> 7 & 1, .part = f >> 8 & 1,
		.order = f >> 9 & 1, .raised = f >> 10 & 1, .answered = f >> 11 & 1, .warned = f >> 12 & 1,
	};
}

static void edges_sort(void) {
	const struct flow_edge *edges;
	size_t count = flow_edges(&edges);
	for (int state = 0; state < 100; state++)
		if (flow_state_exists(state))
			states[state_count++] = state;
	for (size_t i = 0; i < count; i++) {
		unsigned at = state_index(edges[i].from);
		if (!edges[i].retired)
			from[at][from_count[at]++] = &edges[i];
	}
}

/* --- the rules again ------------------------------------------------------------------------- */

/* What must hold beyond the table. Rules that time alone lifts hold nobody up and are not told here. */
static bool may(struct place p, enum flow_action action) {
	switch (action) {
	case ACTION_send_back: return !p.no_return;
	case ACTION_finish: return (p.contacted || p.warned) && !p.part;
	case ACTION_settle: return p.warned;
	case ACTION_pass: case ACTION_answer: case ACTION_ask_info: case ACTION_supplement: return !p.warned;
	case ACTION_ask_extend: return !p.asked && !p.extended;
	case ACTION_ask_pause: return !p.asked;
	case ACTION_extend: case ACTION_deny_extend: return p.asked == ASKED_EXTEND;
	case ACTION_pause: case ACTION_deny_pause: return p.asked == ASKED_PAUSE;
	case ACTION_withdraw: case ACTION_merge: return !p.joined && !p.warned;
	case ACTION_redo: return p.redone < REWORK_MAX;
	case ACTION_conclude: return p.redone >= REWORK_MAX && p.answered;
	case ACTION_dismiss: return p.doubted;
	case ACTION_archive: return !p.order && !p.raised;
	case ACTION_part_sign: case ACTION_part_reply: case ACTION_part_return: case ACTION_part_recall: return p.part;
	default: return true;
	}
}

/* Entering a state: who is on the ticket, and what begins anew. */
static void enter(struct place *p, const struct flow_edge *edge) {
	p->asked = 0;
	if (edge->needs & NEED_DEPT || edge->action == ACTION_redo)
		p->unit = 1;
	if (edge->to == STATE_accepted || edge->to == STATE_merged || edge->to == STATE_to_dispatch)
		p->unit = p->no_return = p->contacted = 0;
	if (edge->to == STATE_to_sign) {
		p->no_return = edge->action == ACTION_reject_return || edge->action == ACTION_rule || edge->action == ACTION_redo;
		p->contacted = edge->action == ACTION_reject_return && p->contacted;
	}
	if (edge->to < STATE_to_sign || edge->to > STATE_paused)
		p->part = 0;
	if (edge->round > 0)
		p->returns = p->extended = p->doubted = 0;
}

/* Where the edge may lead: some looks have several outcomes, as they come in several kinds. */
static unsigned after(struct place p, const struct flow_edge *edge, struct place out[2]) {
	p.state = (unsigned)edge->to & 127;
	if (edge->from != edge->to)
		enter(&p, edge);
	out[0] = out[1] = p;
	switch (edge->action) {
	case ACTION_send_back: out->returns = p.returns < RETURNS_MAX ? (p.returns + 1) & 3 : RETURNS_MAX; return 1;
	case ACTION_ask_extend: out->asked = ASKED_EXTEND; return 1;
	case ACTION_ask_pause: out->asked = ASKED_PAUSE; return 1;
	case ACTION_extend: out->extended = 1; out->asked = 0; return 1;
	case ACTION_deny_extend: case ACTION_deny_pause: out->asked = 0; return 1;
	case ACTION_contact: out->contacted = 1; return 1;
	case ACTION_forewarn: out->warned = 1; return 1;
	case ACTION_redo: out->redone = (p.redone + 1) & 3; return 1;
	case ACTION_doubt: out->doubted = 1; return 1;
	case ACTION_assist: case ACTION_hand_down: out->part = 1; return 1;
	case ACTION_part_reply: case ACTION_part_return: case ACTION_part_recall: out->part = 0; return 1;
	case ACTION_alarm: out->order = p.order || p.unit; return 1;   /* 逾期督办 by the system */
	case ACTION_order:
		if (!p.unit)
			return 0;
		out[0].order = 1;
		out[1].raised = 1;
		return 2;
	case ACTION_order_reply: out->answered = p.answered || p.raised; return p.order || p.raised;
	case ACTION_order_close:
		out[0].order = 0;
		out[1].raised = 0;
		return 2;
	case ACTION_link:   /* another ticket is merged into this one, or split off again */
		out->joined = p.state >= STATE_to_dispatch && p.state <= STATE_to_notify ? !p.joined : p.joined;
		return 1;
	default: return 1;
	}
}

/* --- walking ---------------------------------------------------------------------------------- */

static int walk(void **unused) {
	(void)unused;
	edges_sort();
	unsigned start = number_of((struct place){ .state = STATE_none });
	reached[start] = true;
	places[place_count++] = start;
	for (unsigned at = 0; at < place_count; at++) {
		struct place p = place_of(places[at]), next[2];
		unsigned state = state_index(p.state);
		for (unsigned e = 0; e < from_count[state]; e++) {
			unsigned count = may(p, from[state][e]->action) ? after(p, from[state][e], next) : 0;
			for (unsigned i = 0; i < count; i++) {
				unsigned number = number_of(next[i]);
				if (!reached[number])
					places[place_count++] = number;
				reached[number] = true;
			}
		}
	}
	return 0;
}

static bool leads_to_an_end(struct place p, unsigned roles) {
	unsigned state = state_index(p.state);
	struct place next[2];
	if (p.state == STATE_archived)
		return true;
	for (unsigned e = 0; e < from_count[state]; e++) {
		const struct flow_edge *edge = from[state][e];
		unsigned count = (edge->who & roles) && may(p, edge->action) ? after(p, edge, next) : 0;
		for (unsigned i = 0; i < count; i++)
			if (ends[number_of(next[i])])
				return true;
	}
	return false;
}

/* Fails for a combination from which these roles cannot bring the ticket to the archive. */
static void all_can_be_archived_by(unsigned roles) {
	memset(ends, 0, sizeof(ends));
	for (bool changed = true; changed;) {
		changed = false;
		for (unsigned n = PLACES; n-- > 0;)
			if (reached[n] && !ends[n] && leads_to_an_end(place_of(n), roles))
				changed = ends[n] = true;
	}
	for (unsigned i = 0; i < place_count; i++)
		if (!ends[places[i]])
			fail_msg("from state %u (combination %u) there is no way to the archive", place_of(places[i]).state, places[i]);
}

/* --- the tests -------------------------------------------------------------------------------- */

static void from_each_reachable_combination_the_ticket_can_be_archived(void **unused) {
	(void)unused;
	all_can_be_archived_by(ROLE_agent | ROLE_handler | ROLE_supervisor | ROLE_system | ROLE_citizen);
}

/* The hotline alone can end every ticket, though the unit and the citizen never answer again. */
static void nobody_can_hold_a_ticket_for_ever_by_silence(void **unused) {
	(void)unused;
	all_can_be_archived_by(ROLE_agent | ROLE_supervisor | ROLE_system);
}

static void each_state_is_reached_and_the_walk_is_not_a_short_one(void **unused) {
	(void)unused;
	bool seen[STATES_MOST] = { false };
	for (unsigned i = 0; i < place_count; i++)
		seen[state_index(place_of(places[i]).state)] = true;
	for (unsigned i = 0; i < state_count; i++)
		if (!seen[i])
			fail_msg("state %d is never reached", states[i]);
	assert_true(place_count > 10000);
}

/* 首接负责: a unit stands on the ticket exactly where the table says that a unit answers for it. */
static void where_a_unit_answers_there_is_one_and_where_the_desk_does_there_is_none(void **unused) {
	(void)unused;
	for (unsigned i = 0; i < place_count; i++) {
		struct place p = place_of(places[i]);
		enum flow_owner owner = flow_state_owner((enum flow_state)p.state);
		if (owner == OWNER_UNIT ? !p.unit : (owner == OWNER_DESK || owner == OWNER_MASTER) && p.unit)
			fail_msg("state %u %s a unit (combination %u)", p.state, p.unit ? "has" : "lacks", places[i]);
	}
}

/* Each open combination has a move out of its state, for the clock or for a role, that asks for nothing else first:
 * only 办理 may have to wait for a contact or a 承办单, and 差评核实 for two persons or a 提级督办. */
static void only_handling_and_verifying_have_moves_that_wait_for_looks(void **unused) {
	(void)unused;
	for (unsigned i = 0; i < place_count; i++) {
		struct place p = place_of(places[i]);
		unsigned state = state_index(p.state), movers = 0;
		if (!flow_state_is_open((enum flow_state)p.state))
			continue;
		for (unsigned e = 0; e < from_count[state]; e++)
			if (from[state][e]->to != from[state][e]->from && may(p, from[state][e]->action))
				movers |= from[state][e]->who;
		if (p.state == STATE_bad_verify)
			assert_true(movers || p.redone >= REWORK_MAX);
		else if (p.state == STATE_handling)
			assert_true(movers & ROLE_supervisor);   /* 撤回改派 */
		else
			assert_true(movers);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_state_is_reached_and_the_walk_is_not_a_short_one),
		cmocka_unit_test(from_each_reachable_combination_the_ticket_can_be_archived),
		cmocka_unit_test(nobody_can_hold_a_ticket_for_ever_by_silence),
		cmocka_unit_test(where_a_unit_answers_there_is_one_and_where_the_desk_does_there_is_none),
		cmocka_unit_test(only_handling_and_verifying_have_moves_that_wait_for_looks),
	};
	return cmocka_run_group_tests(tests, walk, NULL);
}
