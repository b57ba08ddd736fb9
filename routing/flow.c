/* Answers which moves the closed loop allows, from the tables compiled out of flow.def. */
#include "flow.h"

#include <string.h>

#include "terms.h"

/* The words that flow.def uses in its columns `who` and `needs`. */
enum {
	AGENT = ROLE_agent, HANDLER = ROLE_handler, SUPERVISOR = ROLE_supervisor, SYSTEM = ROLE_system
};
enum {
	NOTHING = NEED_NOTHING, DEPT = NEED_DEPT, REASON = NEED_REASON, TEXT = NEED_TEXT,
	GRADE = NEED_GRADE
};

static const struct state_row {
	enum flow_state number;
	const char *name, *term, *stage;
	bool open;
} states[] = {
#define STATE(number, name, term, stage, open) { STATE_##name, #name, term, stage, open },
#include "flow.def"
};

static const struct action_row {
	const char *name, *term;
} actions[ACTION_COUNT] = {
#define ACTION(name, term) [ACTION_##name] = { #name, term },
#include "flow.def"
};

enum { URGENCIES = 3 };

static const struct clock_row {
	const char *name, *limits[URGENCIES];
} clocks[CLOCK_COUNT] = {
#define CLOCK(name, normal, urgent, critical) [CLOCK_##name] = { #name, { normal, urgent, critical } },
#include "flow.def"
};

/* Places of edges and states in file order. */
enum {
#define EDGE(action, from, to, who, needs, clock, round) PLACE_##action##_##from##_##to,
#include "flow.def"
	EDGE_COUNT
};
enum {
#define STATE(number, name, term, stage, open) ORDER_##name,
#include "flow.def"
	STATE_COUNT
};

/* The one LOOK of the law; a second one would not compile here and asks for a list. */
enum {
#define LOOK(action, who, needs) LOOK_ACTION = ACTION_##action, LOOK_WHO = (who), LOOK_NEEDS = (needs)
#include "flow.def"
};

/* The LOOK edges follow the others, one for each state from accepted on. States before accepted
 * get a row too, as the preprocessor cannot leave them out, but behind the end of the law. */
#define LOOK_PLACE(name) (STATE_##name >= STATE_accepted \
	? EDGE_COUNT + ORDER_##name - ORDER_accepted : EDGE_COUNT + STATE_COUNT - 1 - ORDER_##name)

enum { LAW_COUNT = EDGE_COUNT + STATE_COUNT - ORDER_accepted };

static const struct flow_edge edges[] = {
#define EDGE(action, from, to, who, needs, clock, round) \
	{ ACTION_##action, STATE_##from, STATE_##to, who, needs, CLOCK_##clock, round },
#include "flow.def"
#define STATE(number, name, term, stage, open) [LOOK_PLACE(name)] = \
	{ (enum flow_action)LOOK_ACTION, STATE_##name, STATE_##name, LOOK_WHO, LOOK_NEEDS, CLOCK_keep, 0 },
#include "flow.def"
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

enum flow_verdict flow_judge(enum flow_action action, enum flow_state from, unsigned roles,
                             const struct flow_edge **ret_edge) {
	for (size_t i = 0; i < LAW_COUNT; i++) {
		if (edges[i].action != action || edges[i].from != from)
			continue;
		*ret_edge = &edges[i];
		return (edges[i].who & roles) ? FLOW_OK : FLOW_NOT_YOURS;
	}
	return FLOW_NO_SUCH_EDGE;
}

size_t flow_edges(const struct flow_edge **ret_edges) {
	*ret_edges = edges;
	return LAW_COUNT;
}

static const struct state_row *state_row(int number) {
	for (size_t i = 0; i < COUNT(states); i++)
		if ((int)states[i].number == number)
			return &states[i];
	return NULL;
}

const char *flow_state_name(enum flow_state state) {
	const struct state_row *row = state_row((int)state);
	return row ? row->name : NULL;
}

const char *flow_state_term(enum flow_state state) {
	const struct state_row *row = state_row((int)state);
	return row ? row->term : NULL;
}

const char *flow_state_stage(enum flow_state state) {
	const struct state_row *row = state_row((int)state);
	return row ? row->stage : NULL;
}

bool flow_state_is_open(enum flow_state state) {
	const struct state_row *row = state_row((int)state);
	return row && row->open;
}

bool flow_state_exists(int number) {
	return state_row(number) != NULL;
}

const char *flow_action_name(enum flow_action action) {
	return (unsigned)action < ACTION_COUNT ? actions[action].name : NULL;
}

const char *flow_action_term(enum flow_action action) {
	return (unsigned)action < ACTION_COUNT ? actions[action].term : NULL;
}

const char *flow_clock_name(enum flow_clock clock) {
	return (unsigned)clock < CLOCK_COUNT ? clocks[clock].name : NULL;
}

bool flow_action_find(const char *name, enum flow_action *ret_action) {
	for (size_t i = 0; i < ACTION_COUNT; i++) {
		if (strcmp(actions[i].name, name) == 0) {
			*ret_action = (enum flow_action)i;
			return true;
		}
	}
	return false;
}

const char *flow_limit_key(enum flow_clock clock, int kind, int urgency) {
	if ((unsigned)clock >= CLOCK_COUNT || urgency < 0 || urgency >= URGENCIES)
		return NULL;
	const char *key = clocks[clock].limits[urgency];
	if (strcmp(key, "handle_kind") == 0)
		return kind_limit(kind);
	return key[0] ? key : NULL;
}
