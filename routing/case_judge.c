/* Judges one move of a “一件事” case and makes the list of everything that follows from it. */
#include "case_judge.h"

/* ---- what a matter's tasks say ---------------------------------------------------------------- */

struct tally { int open, returned, correcting, handling, done, failed, first; };

static struct tally tally_of(const struct case_view *view, int matter) {
	struct tally t = { .first = WORK_none };
	for (int i = 0; i < view->task_count; i++) {
		const struct case_task *task = &view->tasks[i];
		if (task->matter != matter || task->state == WORK_none)
			continue;
		if (task->first && task->state != WORK_dropped)
			t.first = task->state;
		t.open += case_state_is_open(LEVEL_TASK, task->state);
		t.returned += task->state == WORK_returned;
		t.correcting += task->state == WORK_correcting;
		t.handling += task->state == WORK_handling;
		t.done += task->state == WORK_done;
		t.failed += task->state == WORK_failed;
	}
	return t;
}

/* The answer of the departments together; WORK_none while it is not known. */
static int joined(enum case_join join, const struct tally *t) {
	if (join == CASE_JOIN_FIRST && (t->first == WORK_done || t->first == WORK_failed))
		return t->first;
	if (join == CASE_JOIN_ANY && t->done > 0)
		return WORK_done;
	if (t->open > 0)
		return WORK_none;
	if (t->failed > 0)
		return WORK_failed;
	return t->done > 0 ? WORK_done : WORK_dropped;
}

/* The state that a running matter has by its tasks. */
static int matter_by_tasks(const struct case_view *view, int i) {
	struct tally t = tally_of(view, i);
	int answer = joined(view->matters[i].join, &t);
	if (answer == WORK_done && view->matters[i].promises > 0)
		return WORK_deferred;
	if (answer != WORK_none)
		return answer;
	if (t.returned > 0)
		return WORK_returned;
	if (t.correcting > 0)
		return WORK_correcting;
	return t.handling + t.done + t.failed > 0 ? WORK_handling : WORK_ready;
}

bool case_matter_settled(const struct case_view *view, int i) {
	int state = view->matters[i].state;
	return state == WORK_done || state == WORK_dropped || state == WORK_deferred;
}

/* A promise that was not kept in time makes others wait again. */
static bool holds_nobody(const struct case_view *view, int i) {
	return case_matter_settled(view, i) && view->matters[i].late == 0;
}

static bool deps_met(const struct case_view *view, int i) {
	for (int d = 0; d < view->matter_count; d++)
		if ((view->matters[i].deps >> d & 1) && !holds_nobody(view, d))
			return false;
	return true;
}

static bool all_met(const struct case_view *view) {
	for (int i = 0; i < view->matter_count; i++)
		if (!holds_nobody(view, i))
			return false;
	return true;
}

/* ---- steps -------------------------------------------------------------------------------------- */

static void step_add(struct case_steps *steps, const struct case_edge *edge, int no, int dept) {
	if (edge && steps->count < CASE_STEPS_MOST)
		steps->rows[steps->count++] = (struct case_step){ edge, no, dept, -1 };
}

static void case_step(struct case_view *view, struct case_steps *steps, enum case_action action, int to) {
	step_add(steps, case_edge_find(LEVEL_CASE, action, view->state, to), 0, 0);
	view->state = to;
}

static void matter_step(struct case_view *view, struct case_steps *steps, int i, enum case_action action, int to) {
	struct case_matter *matter = &view->matters[i];
	step_add(steps, case_edge_find(LEVEL_MATTER, action, matter->state, to), matter->no, 0);
	matter->state = to;
	if (to == WORK_dropped)
		matter->promises = matter->late = 0;
}

static void task_step(struct case_view *view, struct case_steps *steps, int t, enum case_action action, int to) {
	struct case_task *task = &view->tasks[t];
	step_add(steps, case_edge_find(LEVEL_TASK, action, task->state, to), view->matters[task->matter].no, task->dept);
	task->state = to;
}

/* The same step for every open task of a matter; matter -1: of all. to -1: they stay where they are. */
static void open_tasks_step(struct case_view *view, struct case_steps *steps, int matter, enum case_action action, int to) {
	for (int t = 0; t < view->task_count; t++)
		if ((matter == -1 || view->tasks[t].matter == matter) && case_state_is_open(LEVEL_TASK, view->tasks[t].state))
			task_step(view, steps, t, action, to == -1 ? view->tasks[t].state : to);
}

/* ---- what follows -------------------------------------------------------------------------------- */

/* The matter does what its tasks say; tasks that it needs no more are let go. */
static void matter_follow(struct case_view *view, struct case_steps *steps, int i) {
	view->matters[i].state = matter_by_tasks(view, i);
	if (!case_state_is_open(LEVEL_MATTER, view->matters[i].state))
		open_tasks_step(view, steps, i, DO_drop, WORK_dropped);
}

/* false: none of its tasks was in that state. */
static bool matter_send(struct case_view *view, struct case_steps *steps, int i, int from) {
	bool sent = false;
	for (int t = 0; t < view->task_count; t++) {
		if (view->tasks[t].matter != i || view->tasks[t].state != from)
			continue;
		task_step(view, steps, t, DO_send, WORK_ready);
		sent = true;
	}
	return sent;
}

static void chain_go_on(struct case_view *view, struct case_steps *steps) {
	if (view->state != CASE_handling)
		return;
	for (int i = 0; i < view->matter_count; i++) {
		int state = view->matters[i].state;
		if (state != WORK_idle && state != WORK_waiting)
			continue;
		if (deps_met(view, i)) {
			matter_step(view, steps, i, DO_start, WORK_ready);
			matter_send(view, steps, i, WORK_none);
		} else if (state == WORK_idle) {
			matter_step(view, steps, i, DO_wait, WORK_waiting);
		}
	}
	if (all_met(view))
		case_step(view, steps, DO_gather, CASE_issuing);
}

/* 撤回, 终止: what is still open is not needed any more. What was promised for a result that is kept stays
 * promised; a case that is gone needs neither. */
static void matters_end(struct case_view *view, struct case_steps *steps, bool gone) {
	for (int i = 0; i < view->matter_count; i++) {
		struct case_matter *matter = &view->matters[i];
		bool open = case_state_is_open(LEVEL_MATTER, matter->state);
		if (open || (gone && matter->state == WORK_deferred))
			matter_step(view, steps, i, DO_drop, WORK_dropped);
		if (open)
			open_tasks_step(view, steps, i, DO_drop, WORK_dropped);
		if (gone)
			matter->promises = matter->late = 0;
	}
}

static void case_follow(struct case_view *view, struct case_steps *steps, enum case_action action) {
	if (action == DO_withdraw || action == DO_stop || action == DO_refuse || action == DO_expire) {
		view->stopped = true;
		matters_end(view, steps, action != DO_stop);
	} else if (action == DO_suspend) {
		open_tasks_step(view, steps, -1, DO_hold, -1);
	} else if (action == DO_resume) {
		open_tasks_step(view, steps, -1, DO_go_on, -1);
	}
}

static void matter_after(struct case_view *view, struct case_steps *steps, int i, const struct case_wish *wish) {
	struct case_matter *matter = &view->matters[i];
	if (wish->action == DO_waive) {
		open_tasks_step(view, steps, i, DO_drop, WORK_dropped);
	} else if (wish->action == DO_again) {
		/* Nobody refused it: a promise was not kept, and what was done is done anew. */
		if (!matter_send(view, steps, i, WORK_failed))
			matter_send(view, steps, i, WORK_done);
		matter_follow(view, steps, i);
	} else if (wish->action == DO_overdue) {
		matter->late++;
	} else if (matter->promises > 0) {     /* keep, forfeit */
		matter->promises--;
		matter->late -= wish->late && matter->late > 0;
	}
	if (wish->action == DO_forfeit && matter->state == WORK_failed && view->state == CASE_issuing && !view->stopped)
		case_step(view, steps, DO_recall, CASE_handling);
}

static void task_after(struct case_view *view, struct case_steps *steps, int t, const struct case_wish *wish) {
	int i = view->tasks[t].matter;
	if (wish->action == DO_promise)
		view->matters[i].promises++;
	if (wish->action == DO_reassign) {
		struct case_task *task = &view->tasks[view->task_count++];
		*task = (struct case_task){ i, wish->to_dept, WORK_none, view->tasks[t].first };
		task_step(view, steps, view->task_count - 1, DO_send, WORK_ready);
	}
	if (wish->action != DO_late && wish->action != DO_urge)
		matter_follow(view, steps, i);
}

/* ---- judging -------------------------------------------------------------------------------------- */

static int matter_find(const struct case_view *view, int no) {
	for (int i = 0; i < view->matter_count; i++)
		if (view->matters[i].no == no)
			return i;
	return -1;
}

static int task_find(const struct case_view *view, int matter, int dept) {
	for (int t = 0; t < view->task_count; t++)
		if (view->tasks[t].matter == matter && view->tasks[t].dept == dept)
			return t;
	return -1;
}

/* keep and forfeit exist as a look and as a move: the last promise of a deferred matter moves it. */
static const struct case_edge *edge_of(const struct case_view *view, const struct case_wish *wish, int i, int state) {
	bool settles = wish->action == DO_forfeit || (i >= 0 && view->matters[i].promises == 1);
	if (wish->level == LEVEL_MATTER && (wish->action == DO_keep || wish->action == DO_forfeit)
	    && !(state == WORK_deferred && settles))
		return case_edge_find(LEVEL_MATTER, wish->action, state, state);
	return case_edge_find(wish->level, wish->action, state, -1);
}

/* Matters and tasks move while the case is handled; promises can be closed until it is archived. */
static bool may_move(const struct case_view *view, const struct case_wish *wish) {
	if (wish->level == LEVEL_CASE || view->state == CASE_handling)
		return true;
	return (wish->action == DO_keep || wish->action == DO_forfeit || wish->action == DO_overdue)
		&& view->state > CASE_handling && view->state <= CASE_unrated;
}

static bool others_open(const struct case_view *view, int i) {
	for (int other = 0; other < view->matter_count; other++)
		if (other != i && !case_matter_settled(view, other))
			return true;
	return false;
}

static bool any_late(const struct case_view *view) {
	for (int i = 0; i < view->matter_count; i++)
		if (view->matters[i].late > 0)
			return true;
	return false;
}

/* What the table cannot say. i, t: places of the target. */
static enum case_verdict rule_of(const struct case_view *view, const struct case_wish *wish, int i) {
	if (!may_move(view, wish))
		return CASE_RESTS;
	switch (wish->action) {
	case DO_finish:
		return view->matters[i].gathers && others_open(view, i) ? CASE_OTHERS_OPEN : CASE_OK;
	case DO_deliver:
		return any_late(view) ? CASE_PROMISE_LATE : CASE_OK;
	case DO_keep: case DO_forfeit: case DO_overdue:
		return view->matters[i].promises > 0 ? CASE_OK : CASE_NO_PROMISE;
	case DO_reassign:
		if (task_find(view, i, wish->to_dept) >= 0)
			return CASE_ON_IT_ALREADY;
		return view->task_count < CASE_TASKS_MOST ? CASE_OK : CASE_FULL;
	default:
		return CASE_OK;
	}
}

/* Task steps tell the state of their matter as it is when all is over. */
static void matter_states_tell(const struct case_view *view, struct case_steps *steps) {
	for (int s = 0; s < steps->count; s++) {
		struct case_step *step = &steps->rows[s];
		int i = step->edge->level == LEVEL_CASE ? -1 : matter_find(view, step->no);
		step->matter_state = i < 0 ? -1 : step->edge->level == LEVEL_MATTER ? step->edge->to : view->matters[i].state;
	}
}

static void move_make(struct case_view *view, const struct case_wish *wish, const struct case_edge *edge, int i, int t,
                      struct case_steps *steps) {
	step_add(steps, edge, i < 0 ? 0 : wish->no, t < 0 ? 0 : wish->dept);
	if (wish->level == LEVEL_CASE) {
		view->state = edge->to;
		case_follow(view, steps, wish->action);
	} else if (wish->level == LEVEL_MATTER) {
		view->matters[i].state = edge->to;
		matter_after(view, steps, i, wish);
		if (view->matters[i].state == WORK_dropped)
			view->matters[i].promises = view->matters[i].late = 0;
	} else {
		view->tasks[t].state = edge->to;
		task_after(view, steps, t, wish);
	}
	if (!(edge->look && wish->action != DO_keep))
		chain_go_on(view, steps);
}

enum case_verdict case_judge(const struct case_view *view, const struct case_wish *wish,
                             struct case_view *ret_view, struct case_steps *ret_steps) {
	int i = wish->level == LEVEL_CASE ? -1 : matter_find(view, wish->no);
	int t = wish->level == LEVEL_TASK && i >= 0 ? task_find(view, i, wish->dept) : -1;
	const struct case_edge *edge;
	enum case_verdict verdict;
	if ((wish->level != LEVEL_CASE && i < 0) || (wish->level == LEVEL_TASK && t < 0))
		return CASE_NO_TARGET;
	edge = edge_of(view, wish, i, t >= 0 ? view->tasks[t].state : i >= 0 ? view->matters[i].state : view->state);
	if (!edge)
		return CASE_NO_EDGE;
	if (!(edge->who & wish->who))
		return CASE_NOT_YOURS;
	verdict = rule_of(view, wish, i);
	if (verdict != CASE_OK)
		return verdict;
	*ret_view = *view;
	ret_steps->count = 0;
	move_make(ret_view, wish, edge, i, t, ret_steps);
	matter_states_tell(ret_view, ret_steps);
	return CASE_OK;
}

/* ---- the list ---------------------------------------------------------------------------------------- */

bool case_chain_ok(const struct case_view *view) {
	uint32_t free_now = 0, before;
	for (int i = 0; i < view->matter_count; i++) {
		if (view->matters[i].deps >> i & 1)
			return false;
		for (int d = 0; d < view->matter_count; d++)
			if ((view->matters[i].deps >> d & 1) && view->matters[d].gathers)
				return false;
		if (view->matter_count < CASE_MATTERS_MOST && view->matters[i].deps >> view->matter_count)
			return false;
	}
	do {
		before = free_now;
		for (int i = 0; i < view->matter_count; i++)
			if ((view->matters[i].deps & ~free_now) == 0)
				free_now |= UINT32_C(1) << i;
	} while (free_now != before);
	return free_now == (view->matter_count >= 32 ? UINT32_MAX : (UINT32_C(1) << view->matter_count) - 1);
}
