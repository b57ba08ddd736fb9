/* case_flow.h — the table of a “一件事” case: states, actions and edges of routing/case_flow.def as questions.
 *
 * Pure, like flow.h. What the table cannot say (the chain of matters, joins, promises) is case_judge.h. */
#ifndef ROUTING_CASE_FLOW_H
#define ROUTING_CASE_FLOW_H

#include <stdbool.h>
#include <stddef.h>

enum case_state {
#define CASE_STATE(number, name, term, open, owner) CASE_##name = (number),
#include "case_flow.def"
};

/* Of matters and of tasks. */
enum work_state {
#define WORK_STATE(number, name, term, open, owner) WORK_##name = (number),
#include "case_flow.def"
};

enum case_action {
#define CASE_ACTION(name, term) DO_##name,
#include "case_flow.def"
	CASE_ACTION_COUNT
};

enum case_clock {
#define CASE_CLOCK(name, limit) CASE_CLOCK_##name,
#include "case_flow.def"
	CASE_CLOCK_COUNT
};

enum case_level { LEVEL_CASE, LEVEL_MATTER, LEVEL_TASK, LEVEL_COUNT };

/* What somebody is to a case or to one task of it; one person may be several. */
enum case_part {
	PART_NOBODY = 0, PART_WINDOW = 1, PART_LEAD = 2, PART_UNIT = 4, PART_SUPERVISOR = 8, PART_SYSTEM = 16
};

enum case_need {
	CASE_NEED_NOTHING = 0, CASE_NEED_TEXT = 1, CASE_NEED_REASON = 2, CASE_NEED_BASIS = 4, CASE_NEED_UNTIL = 8,
	CASE_NEED_DEPT = 16, CASE_NEED_GRADE = 32
};

struct case_edge {
	enum case_level level;
	enum case_action action;
	int from, to;             /* case_state at LEVEL_CASE, work_state below */
	unsigned who;             /* PART_* bits */
	unsigned needs;           /* CASE_NEED_* bits */
	enum case_clock clock;
	bool look;
};

/* All edges: those of the cases, the matters, the tasks, each followed by their looks state by state. Made on
 * the first call; ask once before a second thread begins. */
size_t case_edges(const struct case_edge **ret_edges);
/* The edge of that level from one state to another; NULL when there is none. to -1: the first that leaves
 * `from` by this action. */
const struct case_edge *case_edge_find(enum case_level level, enum case_action action, int from, int to);

/* Name ("handling") and term ("办理中") of a state; level says of which kind. NULL if unknown. */
const char *case_state_name(enum case_level level, int state);
const char *case_state_term(enum case_level level, int state);
bool case_state_is_open(enum case_level level, int state);
const char *case_owner_name(enum case_level level, int state);    /* "lead" */
const char *case_level_name(enum case_level level);               /* "case", "matter", "task" */
const char *case_action_name(enum case_action action);
const char *case_action_term(enum case_action action);
bool case_action_find(const char *name, enum case_action *ret_action);
const char *case_clock_name(enum case_clock clock);
/* The key of the limit that the clock starts; "" for those that no limit makes. */
const char *case_clock_limit(enum case_clock clock);

#endif
