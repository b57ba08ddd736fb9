/* Answers which moves a “一件事” case knows, from the tables compiled out of case_flow.def. */
#include "case_flow.h"

#include <string.h>

/* The words of case_flow.def. */
enum {
	NOBODY = PART_NOBODY, WINDOW = PART_WINDOW, LEAD = PART_LEAD, UNIT = PART_UNIT, SUPERVISOR = PART_SUPERVISOR,
	SYSTEM = PART_SYSTEM
};
enum {
	NOTHING = CASE_NEED_NOTHING, TEXT = CASE_NEED_TEXT, REASON = CASE_NEED_REASON, BASIS = CASE_NEED_BASIS,
	UNTIL = CASE_NEED_UNTIL, DEPT = CASE_NEED_DEPT, GRADE = CASE_NEED_GRADE
};

struct state_row { int number; const char *name, *term; bool open; int owner; };

static const struct state_row case_states[] = {
#define CASE_STATE(number, name, term, open, owner) { CASE_##name, #name, term, open, owner },
#include "case_flow.def"
};
static const struct state_row work_states[] = {
#define WORK_STATE(number, name, term, open, owner) { WORK_##name, #name, term, open, owner },
#include "case_flow.def"
};

static const struct { const char *name, *term; } actions[CASE_ACTION_COUNT] = {
#define CASE_ACTION(name, term) [DO_##name] = { #name, term },
#include "case_flow.def"
};

static const struct { const char *name, *limit; } clocks[CASE_CLOCK_COUNT] = {
#define CASE_CLOCK(name, limit) [CASE_CLOCK_##name] = { #name, limit },
#include "case_flow.def"
};

static const struct case_edge moves[] = {
#define CASE_EDGE(action, from, to, who, needs, clock) \
	{ LEVEL_CASE, DO_##action, CASE_##from, CASE_##to, who, needs, CASE_CLOCK_##clock, false },
#define MATTER_EDGE(action, from, to, who, needs, clock) \
	{ LEVEL_MATTER, DO_##action, WORK_##from, WORK_##to, who, needs, CASE_CLOCK_##clock, false },
#define TASK_EDGE(action, from, to, who, needs, clock) \
	{ LEVEL_TASK, DO_##action, WORK_##from, WORK_##to, who, needs, CASE_CLOCK_##clock, false },
#include "case_flow.def"
};

static const struct look_row {
	enum case_level level;
	enum case_action action;
	int first, last;
	unsigned who, needs;
} looks[] = {
#define CASE_LOOK(action, first, last, who, needs) { LEVEL_CASE, DO_##action, CASE_##first, CASE_##last, who, needs },
#define MATTER_LOOK(action, first, last, who, needs) \
	{ LEVEL_MATTER, DO_##action, WORK_##first, WORK_##last, who, needs },
#define TASK_LOOK(action, first, last, who, needs) { LEVEL_TASK, DO_##action, WORK_##first, WORK_##last, who, needs },
#include "case_flow.def"
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct state_row *states_of(enum case_level level, size_t *ret_count) {
	*ret_count = level == LEVEL_CASE ? COUNT(case_states) : COUNT(work_states);
	return level == LEVEL_CASE ? case_states : work_states;
}

/* The looks of one row, a state at a time. */
static size_t look_spell(const struct look_row *look, struct case_edge *out) {
	size_t count, n = 0;
	const struct state_row *states = states_of(look->level, &count);
	for (size_t s = 0; s < count; s++)
		if (states[s].number >= look->first && states[s].number <= look->last)
			out[n++] = (struct case_edge){ look->level, look->action, states[s].number, states[s].number, look->who,
			                               look->needs, CASE_CLOCK_keep, true };
	return n;
}

size_t case_edges(const struct case_edge **ret_edges) {
	static struct case_edge edges[COUNT(moves) + COUNT(looks) * COUNT(case_states)];
	static size_t count;
	if (count == 0) {
		size_t n = 0;
		for (size_t i = 0; i < COUNT(moves); i++)
			edges[n++] = moves[i];
		for (size_t i = 0; i < COUNT(looks); i++)
			n += look_spell(&looks[i], edges + n);
		count = n;
	}
	*ret_edges = edges;
	return count;
}

const struct case_edge *case_edge_find(enum case_level level, enum case_action action, int from, int to) {
	const struct case_edge *edges;
	size_t count = case_edges(&edges);
	for (size_t i = 0; i < count; i++)
		if (edges[i].level == level && edges[i].action == action && edges[i].from == from
		    && (to == -1 || edges[i].to == to))
			return &edges[i];
	return NULL;
}

static const struct state_row *state_row(enum case_level level, int state) {
	size_t count;
	const struct state_row *states = states_of(level, &count);
	for (size_t i = 0; i < count; i++)
		if (states[i].number == state)
			return &states[i];
	return NULL;
}

const char *case_state_name(enum case_level level, int state) {
	const struct state_row *row = state_row(level, state);
	return row ? row->name : NULL;
}

const char *case_state_term(enum case_level level, int state) {
	const struct state_row *row = state_row(level, state);
	return row ? row->term : NULL;
}

bool case_state_is_open(enum case_level level, int state) {
	const struct state_row *row = state_row(level, state);
	return row && row->open;
}

const char *case_owner_name(enum case_level level, int state) {
	const struct state_row *row = state_row(level, state);
	switch (row ? row->owner : NOBODY) {
	case WINDOW: return "window";
	case LEAD: return "lead";
	case UNIT: return "unit";
	default: return "nobody";
	}
}

const char *case_level_name(enum case_level level) {
	static const char *const names[LEVEL_COUNT] = { "case", "matter", "task" };
	return (unsigned)level < LEVEL_COUNT ? names[level] : NULL;
}

const char *case_action_name(enum case_action action) {
	return (unsigned)action < CASE_ACTION_COUNT ? actions[action].name : NULL;
}

const char *case_action_term(enum case_action action) {
	return (unsigned)action < CASE_ACTION_COUNT ? actions[action].term : NULL;
}

bool case_action_find(const char *name, enum case_action *ret_action) {
	for (size_t i = 0; i < CASE_ACTION_COUNT; i++) {
		if (strcmp(actions[i].name, name) == 0) {
			*ret_action = (enum case_action)i;
			return true;
		}
	}
	return false;
}

const char *case_clock_name(enum case_clock clock) {
	return (unsigned)clock < CASE_CLOCK_COUNT ? clocks[clock].name : NULL;
}

const char *case_clock_limit(enum case_clock clock) {
	return (unsigned)clock < CASE_CLOCK_COUNT ? clocks[clock].limit : "";
}
