/* flow.h — the closed loop as questions: which move is this, and may it be made?
 *
 * Everything here is pure: tables compiled from flow.def and terms.def, no I/O, no clock, no allocation.
 * The first question about edges spells the looks out once: ask it before a second thread begins. */
#ifndef ROUTING_FLOW_H
#define ROUTING_FLOW_H

#include <stdbool.h>
#include <stddef.h>

enum role {
#define ROLE(bit, name, term) ROLE_##name = (bit),
#include "terms.def"
};

enum flow_state {
#define STATE(number, name, term, stage, open, owner) STATE_##name = (number),
#include "flow.def"
};

enum flow_action {
#define ACTION(name, term) ACTION_##name,
#include "flow.def"
	ACTION_COUNT
};

enum flow_clock {
#define CLOCK(name, normal, urgent, critical, alarms) CLOCK_##name,
#include "flow.def"
	CLOCK_COUNT
};

/* Who answers for a ticket in a state (首接负责). */
enum flow_owner { OWNER_NOBODY, OWNER_DESK, OWNER_UNIT, OWNER_EITHER, OWNER_MASTER };

enum flow_need {
	NEED_NOTHING = 0, NEED_DEPT = 1, NEED_REASON = 2, NEED_TEXT = 4, NEED_GRADE = 8, NEED_BASIS = 16,
	NEED_CAUSE = 32, NEED_OTHER = 64, NEED_DAYS = 128, NEED_UNTIL = 256, NEED_PART = 512, NEED_ORDER = 1024
};

struct flow_edge {
	enum flow_action action;
	enum flow_state from, to;
	unsigned who;        /* ROLE_* bits */
	unsigned needs;      /* NEED_* bits */
	enum flow_clock clock;
	int round;           /* handling rounds added by this edge */
	bool loud;           /* what other desks saw before is stale */
	bool retired;        /* stands in histories; nobody may take it any more */
};

enum flow_verdict {
	FLOW_OK,
	FLOW_NO_SUCH_EDGE,   /* the action does not exist from this state */
	FLOW_NOT_YOURS       /* it exists, but none of the actor's roles may take it */
};

/* The edge that `action` takes from `from`, judged for an actor with ROLE_* bits `roles`.
 * *ret_edge points into a table that never changes (set whenever the edge exists). A LOOK action gives
 * an edge with to == from and CLOCK_keep. A retired edge does not exist. */
enum flow_verdict flow_judge(enum flow_action action, enum flow_state from, unsigned roles,
                             const struct flow_edge **ret_edge);

/* All edges in file order, the retired ones among them; then the LOOK actions, one edge for each state. */
size_t flow_edges(const struct flow_edge **ret_edges);

/* Names as in flow.def ("to_sign") and terms as on screen ("待签收"); NULL if unknown. */
const char *flow_state_name(enum flow_state state);
const char *flow_state_term(enum flow_state state);
const char *flow_state_stage(enum flow_state state);
bool flow_state_is_open(enum flow_state state);
enum flow_owner flow_state_owner(enum flow_state state);
const char *flow_owner_name(enum flow_owner owner);      /* "unit" */
bool flow_state_exists(int number);
/* Whether this clock shows 黄牌 and 红牌. */
bool flow_clock_alarms(enum flow_clock clock);
const char *flow_action_name(enum flow_action action);
const char *flow_action_term(enum flow_action action);
const char *flow_clock_name(enum flow_clock clock);

/* false if no action has that name. */
bool flow_action_find(const char *name, enum flow_action *ret_action);

/* The key in table time_limit of the limit that `clock` starts for a ticket of this kind
 * (1…6) and urgency (0…2): "sign_urgent", "handle_complaint". NULL for stop and keep, and for extended,
 * until and resumed, which are reckoned from the clock that the ticket has. */
const char *flow_limit_key(enum flow_clock clock, int kind, int urgency);

#endif
