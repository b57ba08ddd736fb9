/* Walks every combination of state and circumstances that the loop can reach, with the rules beyond the table told
 * again by hand (docs/LOOP.md), and asks whether each of them can still be archived. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../routing/flow.h"

enum { REWORK_MAX = 2, STATES = 100 };

/* What decides, beside the state, which edges are open. */
struct place {
	unsigned state, redone, returns;   /* returns: 退单 of this round, 2 = two and more */
	bool no_return, asked_pause, asked_extend, extended, contacted, joined, doubted, raised, order_open;
};

enum { FLAGS = 9, PLACES = (STATES * 3 * 3) << FLAGS };
static bool reached[PLACES], ends[PLACES];

static unsigned number_of(const struct place *p) {
	unsigned flags = p->no_return | p->asked_pause << 1 | p->asked_extend << 2 | p->extended << 3 |
	                 p->contacted << 4 | p->joined << 5 | p->doubted << 6 | p->raised << 7 | p->order_open << 8;
	return ((p->state * 3 + p->redone) * 3 + p->returns) << FLAGS | flags;
}

static struct place place_of(unsigned number) {
	unsigned rest = number >> FLAGS;
	return (struct place){ rest / 9, rest / 3 % 3, rest % 3, number & 1, number >> 1 & 1, number >> 2 & 1,
		number >> 3 & 1, number >> 4 & 1, number >> 5 & 1, number >> 6 & 1, number >> 7 & 1, number >> 8 & 1 };
}

/* The guards of sql/functions/move_guard.sql, as far as they can hold a ticket up. */
static bool may(const struct place *p, enum flow_action action) {
	switch (action) {
	case ACTION_send_back: return !p->no_return;
	case ACTION_finish: return p->contacted;
	case ACTION_ask_extend: return !p->asked_extend && !p->asked_pause && !p->extended;
	case ACTION_ask_pause: return !p->asked_extend && !p->asked_pause;
	case ACTION_extend: case ACTION_deny_extend: return p->asked_extend;
	case ACTION_pause: case ACTION_deny_pause: return p->asked_pause;
	case ACTION_withdraw: case ACTION_merge: return !p->joined;
	case ACTION_redo: return p->redone < REWORK_MAX;
	case ACTION_conclude: return p->redone >= REWORK_MAX && p->raised;
	case ACTION_dismiss: return p->doubted;
	case ACTION_archive: return !p->order_open;
	case ACTION_order: return !p->order_open;
	case ACTION_order_reply: case ACTION_order_close: return p->order_open;
	default: return true;
	}
}

static struct place after(const struct place *p, const struct flow_edge *edge) {
	struct place next = *p;
	next.state = edge->to;
	if (edge->from != edge->to)
		next.asked_extend = next.asked_pause = next.doubted = false;
	if (edge->round > 0)
		next.returns = 0, next.extended = false;
	if (edge->to == STATE_to_sign && edge->from != STATE_to_sign) {
		next.no_return = edge->action == ACTION_reject_return || edge->action == ACTION_rule ||
		                 edge->action == ACTION_redo;
		next.contacted = edge->action == ACTION_reject_return && p->contacted;
	}
	switch (edge->action) {
	case ACTION_send_back: next.returns = p->returns < 2 ? p->returns + 1 : 2; break;
	case ACTION_ask_extend: next.asked_extend = true; break;
	case ACTION_extend: next.extended = true; next.asked_extend = false; break;
	case ACTION_deny_extend: next.asked_extend = false; break;
	case ACTION_ask_pause: next.asked_pause = true; break;
	case ACTION_deny_pause: next.asked_pause = false; break;
	case ACTION_contact: next.contacted = true; break;
	case ACTION_redo: next.redone++; break;
	case ACTION_doubt: next.doubted = true; break;
	case ACTION_order: next.order_open = true; break;
	case ACTION_order_reply: next.raised = true; break;
	case ACTION_order_close: next.order_open = false; break;
	case ACTION_link: next.joined = p->state >= 30 && p->state <= 55 ? !p->joined : p->joined; break;
	default: break;
	}
	return next;
}

static unsigned stack[PLACES];

static void walk(void) {
	struct place start = { 0 };
	unsigned top = 0;
	const struct flow_edge *edges;
	size_t count = flow_edges(&edges);
	stack[top++] = number_of(&start);
	reached[stack[0]] = true;
	while (top > 0) {
		struct place p = place_of(stack[--top]);
		for (size_t i = 0; i < count; i++) {
			if (edges[i].retired || edges[i].from != p.state || !may(&p, edges[i].action))
				continue;
			struct place next = after(&p, &edges[i]);
			unsigned number = number_of(&next);
			if (!reached[number]) {
				reached[number] = true;
				stack[top++] = number;
			}
		}
	}
}

static bool leads_to_an_end(const struct place *p, const struct flow_edge *edges, size_t count) {
	if (p->state == STATE_archived)
		return true;
	for (size_t i = 0; i < count; i++) {
		if (edges[i].retired || edges[i].from != p->state || !may(p, edges[i].action))
			continue;
		struct place next = after(p, &edges[i]);
		if (ends[number_of(&next)])
			return true;
	}
	return false;
}

static void from_each_reachable_combination_the_ticket_can_be_archived(void **unused) {
	(void)unused;
	const struct flow_edge *edges;
	size_t count = flow_edges(&edges), places = 0;
	walk();
	for (bool changed = true; changed;) {
		changed = false;
		for (unsigned n = PLACES; n-- > 0;) {
			struct place p = place_of(n);
			if (reached[n] && !ends[n] && leads_to_an_end(&p, edges, count))
				changed = ends[n] = true;
		}
	}
	for (unsigned n = 0; n < PLACES; n++) {
		places += reached[n];
		if (reached[n] && !ends[n])
			fail_msg("from state %u (combination %u) there is no way to the archive", n >> FLAGS, n);
	}
	assert_true(places > 1000);
}

/* The system alone, or a role that sits at a desk, can always do something in an open state. */
static void in_each_open_combination_somebody_may_move(void **unused) {
	(void)unused;
	const struct flow_edge *edges;
	size_t count = flow_edges(&edges);
	for (unsigned n = 0; n < PLACES; n++) {
		struct place p = place_of(n);
		bool moves = false;
		if (!reached[n] || !flow_state_is_open((enum flow_state)p.state))
			continue;
		for (size_t i = 0; i < count && !moves; i++)
			moves = !edges[i].retired && edges[i].from == p.state && edges[i].to != p.state && may(&p, edges[i].action);
		/* 差评核实 after the last round waits for its 提级督办, which is a look. */
		assert_true(moves || p.state == STATE_bad_verify || p.state == STATE_handling);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(from_each_reachable_combination_the_ticket_can_be_archived),
		cmocka_unit_test(in_each_open_combination_somebody_may_move),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
