/* case_judge.h — one move of a “一件事” case and everything that follows from it.
 *
 * The chain of matters is data: each matter names the matters it waits for, how the answers of its departments
 * are joined, and whether it gathers all others. From a view of the case and one wish the judge makes the list
 * of steps: the wish itself, the matters that may begin now, the tasks that nobody needs any more, the case that
 * is complete. Pure: no clock, no allocation; who commits the list compares the view it was made from. */
#ifndef ROUTING_CASE_JUDGE_H
#define ROUTING_CASE_JUDGE_H

#include <stdint.h>
#include "case_flow.h"

enum { CASE_MATTERS_MOST = 32, CASE_TASKS_MOST = 96, CASE_STEPS_MOST = 256 };

/* When a matter with several departments is done: all have answered, one has, or the first-named has. */
enum case_join { CASE_JOIN_ALL, CASE_JOIN_ANY, CASE_JOIN_FIRST };

struct case_matter {
	int no, state;            /* work_state */
	enum case_join join;
	bool gathers;             /* its work is done last: 汇总 */
	uint32_t deps;            /* bit i: waits for matters[i] */
	int promises, late;       /* 容缺 promises not yet closed, and how many of them are overdue */
};
struct case_task {
	int matter;               /* place in matters */
	int dept, state;          /* work_state */
	bool first;               /* first-named of its matter */
};
struct case_view {
	int state;                /* case_state */
	bool stopped;             /* the lead decided to end it: what is missing is missing */
	int matter_count, task_count;
	struct case_matter matters[CASE_MATTERS_MOST];
	struct case_task tasks[CASE_TASKS_MOST];
};

/* What somebody wants. no: the matter (LEVEL_MATTER, LEVEL_TASK); dept: the task's; to_dept: of reassign;
 * late: keep and forfeit close a promise that is overdue. */
struct case_wish {
	enum case_level level;
	enum case_action action;
	unsigned who;             /* PART_* bits of the actor on this target */
	int no, dept, to_dept;
	bool late;
};

struct case_step {
	const struct case_edge *edge;
	int no, dept;             /* 0 where the level has none */
	int matter_state;         /* of the matter when all is over; -1 for steps of the case */
};
struct case_steps { int count; struct case_step rows[CASE_STEPS_MOST]; };

enum case_verdict {
	CASE_OK,
	CASE_NO_EDGE,             /* not from this state */
	CASE_NOT_YOURS,           /* somebody else's move */
	CASE_NO_TARGET,           /* no such matter or task */
	CASE_RESTS,               /* the case is not being handled */
	CASE_OTHERS_OPEN,         /* 汇总 comes when all other matters are settled */
	CASE_PROMISE_LATE,        /* an overdue 容缺 promise blocks 出件 */
	CASE_NO_PROMISE,          /* nothing is promised there */
	CASE_ON_IT_ALREADY,       /* the department already has a task of this matter */
	CASE_FULL                 /* more departments than fit */
};

/* Judge the wish. On CASE_OK *ret_steps has the wish as its first row, and *ret_view is the case afterwards;
 * otherwise both are unspecified. view and ret_view may be the same. */
enum case_verdict case_judge(const struct case_view *view, const struct case_wish *wish,
                             struct case_view *ret_view, struct case_steps *ret_steps);

/* Whether the list makes sense: no matter waits for itself along any way, none but gathering ones wait for all,
 * and nobody waits for a gathering one. */
bool case_chain_ok(const struct case_view *view);

/* Whether matters[i] holds nobody up any more. */
bool case_matter_settled(const struct case_view *view, int i);

#endif
