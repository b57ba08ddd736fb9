/* Answers which moves the closed loop allows, from the tables compiled out of flow.def. */
#include "flow.h"

#include <string.h>

#include "terms.h"

/* The words that flow.def uses in its columns `who` and `needs`. */
enum {
	AGENT = ROLE_agent, HANDLER = ROLE_handler, SUPERVISOR = ROLE_supervisor, SYSTEM = ROLE_system,
	CITIZEN = ROLE_citizen
};
enum {
	NOTHING = NEED_NOTHING, DEPT = NEED_DEPT, REASON = NEED_REASON, TEXT = NEED_TEXT,
	GRADE = NEED_GRADE, BASIS = NEED_BASIS, CAUSE = NEED_CAUSE, OTHER = NEED_OTHER, DAYS = NEED_DAYS,
	UNTIL = NEED_UNTIL, PART = NEED_PART, ORDER = NEED_ORDER
};
enum {
	NOBODY = OWNER_NOBODY, DESK = OWNER_DESK, UNIT = OWNER_UNIT, EITHER = OWNER_EITHER, MASTER = OWNER_MASTER
};

static const struct state_row {
	enum flow_state number;
	const char *name, *term, *stage;
	bool open;
	int owner;
} states[] = {
#define STATE(number, name, term, stage, open, owner) { STATE_##name, #name, term, stage, open, owner },
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
	bool alarms;
} clocks[CLOCK_COUNT] = {
#define CLOCK(name, normal, urgent, critical, alarms) \
	[CLOCK_##name] = { #name, { normal, urgent, critical }, alarms },
#include "flow.def"
};

/* Looks as flow.def tells them: legal in each state from first to last, in the order of the file. */
static const struct look_row {
	enum flow_action action;
	enum flow_state first, last;
	unsigned who, needs;
	bool loud;
} looks[] = {
#define LOOK(action, first, last, who, needs, loud) \
	{ ACTION_##action, STATE_##first, STATE_##last, who, needs, loud },
#include "flow.def"
};

static const struct flow_edge moves[] = {
#define EDGE(action, from, to, who, needs, clock, round) \
	{ ACTION_##action, STATE_##from, STATE_##to, who, needs, CLOCK_##clock, round, true, false },
#define RETIRED(action, from, to, who, needs, clock, round) \
	{ ACTION_##action, STATE_##from, STATE_##to, who, needs, CLOCK_##clock, round, true, true },
#include "flow.def"
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Numbers grow along the file, so a range of states is a range of numbers. */
static bool look_covers(const struct look_row *look, enum flow_state state) {
	return state >= look->first && state <= look->last;
}

static struct flow_edge look_edge(const struct look_row *look, enum flow_state state) {
	return (struct flow_edge){ look->action, state, state, look->who, look->needs, CLOCK_keep, 0, look->loud, false };
}

/* The law with its looks spelled out. Made on the first call; the same for ever after. */
static const struct flow_edge *law(size_t *ret_count) {
	static struct flow_edge edges[COUNT(moves) + COUNT(looks) * COUNT(states)];
	static size_t count;
	size_t n = 0;
	if (count == 0) {
		for (; n < COUNT(moves); n++)
			edges[n] = moves[n];
		for (size_t i = 0; i < COUNT(looks); i++)
			for (size_t s = 0; s < COUNT(states); s++)
				if (look_covers(&looks[i], states[s].number))
					edges[n++] = look_edge(&looks[i], states[s].number);
		count = n;
	}
	*ret_count = count;
	return edges;
}

enum flow_verdict flow_judge(enum flow_action action, enum flow_state from, unsigned roles,
                             const struct flow_edge **ret_edge) {
	size_t count;
	const struct flow_edge *edges = law(&count);
	for (size_t i = 0; i < count; i++) {
		if (edges[i].action != action || edges[i].from != from || edges[i].retired)
			continue;
		*ret_edge = &edges[i];
		return (edges[i].who & roles) ? FLOW_OK : FLOW_NOT_YOURS;
	}
	return FLOW_NO_SUCH_EDGE;
}

size_t flow_edges(const struct flow_edge **ret_edges) {
	size_t count;
	*ret_edges = law(&count);
	return count;
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

enum flow_owner flow_state_owner(enum flow_state state) {
	const struct state_row *row = state_row((int)state);
	return row ? (enum flow_owner)row->owner : OWNER_NOBODY;
}

const char *flow_owner_name(enum flow_owner owner) {
	static const char *const names[] = { "nobody", "desk", "unit", "either", "master" };
	return (unsigned)owner < COUNT(names) ? names[owner] : NULL;
}

bool flow_clock_alarms(enum flow_clock clock) {
	return (unsigned)clock < CLOCK_COUNT && clocks[clock].alarms;
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
