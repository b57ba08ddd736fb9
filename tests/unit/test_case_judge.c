/* Walks every case that the judge can make of small chains of matters, and asks of each: does it hold together,
 * and can it still end? Then the chains and joins of the list one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "../../routing/case_judge.h"

enum { ALL = PART_WINDOW | PART_LEAD | PART_UNIT | PART_SUPERVISOR | PART_SYSTEM, STRANGER = 99 };
enum { PLACES_MOST = 1 << 20, SLOTS = 1 << 21, WISHES_MOST = 128 };

static struct case_view chain_of(const enum case_join *joins, const uint32_t *deps, bool gathers, int matters) {
	struct case_view view = { .state = CASE_applied, .matter_count = matters };
	for (int i = 0; i < matters; i++) {
		view.matters[i] = (struct case_matter){ i + 1, WORK_idle, joins[i], gathers && i == matters - 1, deps[i], 0, 0 };
		for (int d = 0; d < (joins[i] == CASE_JOIN_ALL && i != 1 ? 1 : 2); d++)
			view.tasks[view.task_count++] = (struct case_task){ i, 10 * (i + 1) + d, WORK_none, d == 0 };
	}
	return view;
}

static enum case_verdict go(struct case_view *view, enum case_level level, enum case_action action, int no, int dept) {
	struct case_steps steps;
	struct case_wish wish = { level, action, ALL, no, dept, STRANGER, false };
	struct case_view after;
	enum case_verdict verdict = case_judge(view, &wish, &after, &steps);
	if (verdict == CASE_OK)
		*view = after;
	return verdict;
}

/* ---- numbers of places: every state in four bits, every matter's promises beside it ------------------ */

static int index_of(enum case_level level, int state) {
	int n = 0;
	for (int s = 0; s < state; s++)
		n += case_state_name(level, s) != NULL;
	return n;
}

static int state_at(enum case_level level, int index) {
	int s = 0;
	for (;; s++)
		if (case_state_name(level, s) && index-- == 0)
			return s;
}

static uint64_t key_of(const struct case_view *view, int base_tasks) {
	uint64_t key = (uint64_t)index_of(LEVEL_CASE, view->state) << 1 | view->stopped;
	for (int i = 0; i < view->matter_count; i++)
		key = key << 6 | (uint64_t)index_of(LEVEL_MATTER, view->matters[i].state) << 2
			| (uint64_t)view->matters[i].promises << 1 | (uint64_t)view->matters[i].late;
	for (int t = 0; t < view->task_count; t++)
		key = key << 4 | (uint64_t)index_of(LEVEL_TASK, view->tasks[t].state);
	if (view->task_count > base_tasks)
		key = key << 3 | (uint64_t)(view->tasks[base_tasks].matter << 1) | view->tasks[base_tasks].first;
	return (key << 1 | (view->task_count > base_tasks)) + 1;
}

static void view_of(uint64_t key, const struct case_view *base, struct case_view *ret) {
	key--;
	*ret = *base;
	if (key & 1) {
		key >>= 1;
		ret->tasks[ret->task_count++] = (struct case_task){ (int)(key >> 1 & 3), STRANGER, WORK_none, key & 1 };
		key >>= 3;
	} else {
		key >>= 1;
	}
	for (int t = ret->task_count - 1; t >= 0; t--, key >>= 4)
		ret->tasks[t].state = state_at(LEVEL_TASK, (int)(key & 15));
	for (int i = ret->matter_count - 1; i >= 0; i--, key >>= 6) {
		ret->matters[i].late = key & 1;
		ret->matters[i].promises = key >> 1 & 1;
		ret->matters[i].state = state_at(LEVEL_MATTER, (int)(key >> 2 & 15));
	}
	ret->stopped = key & 1;
	ret->state = state_at(LEVEL_CASE, (int)(key >> 1));
}

/* ---- the walk ---------------------------------------------------------------------------------------- */

static uint64_t keys[PLACES_MOST];
static uint32_t slots[SLOTS];           /* place + 1 */
static bool ends[PLACES_MOST];
static uint32_t place_count;

static uint32_t place_of(uint64_t key) {
	uint64_t h = key * UINT64_C(0x9e3779b97f4a7c15) >> 43;
	while (slots[h] != 0 && keys[slots[h] - 1] != key)
		h = (h + 1) % SLOTS;
	if (slots[h] == 0) {
		assert_true(place_count < PLACES_MOST);
		keys[place_count] = key;
		slots[h] = ++place_count;
	}
	return slots[h] - 1;
}

/* Every wish that the table knows from here; looks that change nothing are left out. */
static int wishes_of(const struct case_view *view, int base_tasks, struct case_wish out[WISHES_MOST]) {
	const struct case_edge *edges;
	size_t count = case_edges(&edges);
	int n = 0;
	for (size_t e = 0; e < count; e++) {
		enum case_action action = edges[e].action;
		struct case_wish wish = { edges[e].level, action, ALL, 0, 0, STRANGER, false };
		if (action == DO_late || action == DO_urge || action == DO_reveal || action == DO_gather || action == DO_recall
		    || action == DO_start || action == DO_wait || action == DO_drop || action == DO_send
		    || action == DO_hold || action == DO_go_on)
			continue;
		if (wish.level == LEVEL_CASE && edges[e].from == view->state)
			out[n++] = wish;
		for (int i = 0; wish.level == LEVEL_MATTER && i < view->matter_count; i++) {
			const struct case_matter *matter = &view->matters[i];
			wish.no = matter->no;
			wish.late = matter->late > 0;
			if (matter->state == edges[e].from && !(action == DO_overdue && matter->late > 0))
				out[n++] = wish;
		}
		for (int t = 0; wish.level == LEVEL_TASK && t < view->task_count; t++) {
			wish.no = view->matters[view->tasks[t].matter].no;
			wish.dept = view->tasks[t].dept;
			if (view->tasks[t].state != edges[e].from
			    || (action == DO_promise && view->matters[view->tasks[t].matter].promises > 0)
			    || (action == DO_reassign && (view->task_count > base_tasks || view->tasks[t].matter != 0)))
				continue;   /* one more department, and one promise a matter, are enough to walk with */
			out[n++] = wish;
		}
	}
	assert_true(n < WISHES_MOST);
	return n;
}

static void holds_together(const struct case_view *view) {
	for (int i = 0; i < view->matter_count; i++) {
		const struct case_matter *matter = &view->matters[i];
		assert_true(matter->late <= matter->promises);
		assert_true(matter->state != WORK_deferred || matter->promises > 0);
		if (view->state == CASE_issuing && !view->stopped)
			assert_true(case_matter_settled(view, i));
		if (view->state >= CASE_rated)
			assert_false(case_state_is_open(LEVEL_MATTER, matter->state));
		for (int t = 0; t < view->task_count; t++) {
			if (view->tasks[t].matter != i)
				continue;
			if (!case_state_is_open(LEVEL_MATTER, matter->state))
				assert_false(case_state_is_open(LEVEL_TASK, view->tasks[t].state));
			if (matter->state == WORK_idle || matter->state == WORK_waiting)
				assert_int_equal(view->tasks[t].state, WORK_none);
		}
	}
}

/* Each step begins where the one before left its target, and the list ends where the view does. */
static void steps_hold_together(struct case_view before, const struct case_view *after, const struct case_steps *steps) {
	assert_true(steps->count > 0 && steps->count < CASE_STEPS_MOST);
	for (int s = 0; s < steps->count; s++) {
		const struct case_step *step = &steps->rows[s];
		assert_non_null(step->edge);
		if (step->edge->level == LEVEL_CASE) {
			assert_int_equal(step->edge->from, before.state);
			before.state = step->edge->to;
		}
	}
	assert_int_equal(before.state, after->state);
	for (int i = 0; i < after->matter_count; i++) {
		int told = before.matters[i].state;
		for (int s = 0; s < steps->count; s++)
			if (steps->rows[s].no == after->matters[i].no)
				told = steps->rows[s].matter_state;
		assert_int_equal(told, after->matters[i].state);
	}
}

/* Whether one of its moves leads to a place that can end. */
static bool leads_to_end(const struct case_view *base, uint32_t place) {
	struct case_view view, after;
	struct case_wish wishes[WISHES_MOST];
	struct case_steps steps;
	view_of(keys[place], base, &view);
	if (view.state >= CASE_rated)
		return true;
	int n = wishes_of(&view, base->task_count, wishes);
	for (int w = 0; w < n; w++)
		if (case_judge(&view, &wishes[w], &after, &steps) == CASE_OK && ends[place_of(key_of(&after, base->task_count))])
			return true;
	return false;
}

static void walk(const struct case_view *base) {
	struct case_view view, after;
	struct case_wish wishes[WISHES_MOST];
	struct case_steps steps;
	memset(slots, 0, sizeof slots);
	memset(ends, 0, sizeof ends);
	place_count = 0;
	place_of(key_of(base, base->task_count));
	for (uint32_t place = 0; place < place_count; place++) {
		view_of(keys[place], base, &view);
		holds_together(&view);
		int n = wishes_of(&view, base->task_count, wishes);
		for (int w = 0; w < n; w++) {
			if (case_judge(&view, &wishes[w], &after, &steps) != CASE_OK)
				continue;
			steps_hold_together(view, &after, &steps);
			place_of(key_of(&after, base->task_count));
		}
	}
	uint32_t known = place_count;
	bool more = true;
	while (more) {
		more = false;
		for (uint32_t place = known; place-- > 0;)
			if (!ends[place] && leads_to_end(base, place))
				ends[place] = more = true;
	}
	assert_int_equal(place_count, known);
	assert_true(known > 1000);
	for (uint32_t place = 0; place < known; place++)
		assert_true(ends[place]);
}

static void every_reachable_case_holds_together_and_can_end(void **state) {
	(void)state;
	struct case_view two = chain_of((enum case_join[]){ CASE_JOIN_ALL, CASE_JOIN_ALL }, (uint32_t[]){ 0, 1 }, false, 2);
	walk(&two);
	two.matters[1].join = CASE_JOIN_FIRST;
	walk(&two);
	two.matters[1].join = CASE_JOIN_ANY;
	walk(&two);
	two.matters[1].deps = 0;
	two.matters[1].gathers = true;
	walk(&two);
}

/* ---- one by one ------------------------------------------------------------------------------------- */

static struct case_view accepted(struct case_view view) {
	assert_int_equal(go(&view, LEVEL_CASE, DO_take, 0, 0), CASE_OK);
	assert_int_equal(go(&view, LEVEL_CASE, DO_accept, 0, 0), CASE_OK);
	return view;
}

static void task_done(struct case_view *view, int no, int dept) {
	assert_int_equal(go(view, LEVEL_TASK, DO_sign, no, dept), CASE_OK);
	assert_int_equal(go(view, LEVEL_TASK, DO_finish, no, dept), CASE_OK);
}

static void what_depends_waits_and_then_begins_by_itself(void **state) {
	(void)state;
	const enum case_join all[] = { CASE_JOIN_ALL, CASE_JOIN_FIRST, CASE_JOIN_ALL };
	struct case_view view = accepted(chain_of(all, (uint32_t[]){ 0, 1, 3 }, false, 3));
	assert_int_equal(view.matters[0].state, WORK_ready);
	assert_int_equal(view.matters[1].state, WORK_waiting);
	assert_int_equal(go(&view, LEVEL_TASK, DO_sign, 2, 20), CASE_NO_EDGE);
	task_done(&view, 1, 10);
	assert_int_equal(view.matters[1].state, WORK_ready);
	task_done(&view, 2, 20);
	assert_int_equal(view.matters[1].state, WORK_done);
	assert_int_equal(view.tasks[2].state, WORK_dropped);
	task_done(&view, 3, 30);
	assert_int_equal(view.state, CASE_issuing);
}

static void a_promise_defers_and_once_overdue_blocks(void **state) {
	(void)state;
	const enum case_join all[] = { CASE_JOIN_ALL, CASE_JOIN_FIRST };
	struct case_view view = accepted(chain_of(all, (uint32_t[]){ 0, 0 }, false, 2));
	go(&view, LEVEL_TASK, DO_sign, 1, 10);
	assert_int_equal(go(&view, LEVEL_TASK, DO_promise, 1, 10), CASE_OK);
	assert_int_equal(go(&view, LEVEL_TASK, DO_finish, 1, 10), CASE_OK);
	assert_int_equal(view.matters[0].state, WORK_deferred);
	assert_int_equal(go(&view, LEVEL_MATTER, DO_overdue, 1, 0), CASE_OK);
	task_done(&view, 2, 20);
	assert_int_equal(view.state, CASE_handling);
	struct case_wish keep = { LEVEL_MATTER, DO_keep, PART_WINDOW, 1, 0, 0, true };
	struct case_steps steps;
	assert_int_equal(case_judge(&view, &keep, &view, &steps), CASE_OK);
	assert_int_equal(view.state, CASE_issuing);
	assert_int_equal(go(&view, LEVEL_CASE, DO_deliver, 0, 0), CASE_OK);
}

static void a_refusal_waits_for_the_lead(void **state) {
	(void)state;
	const enum case_join all[] = { CASE_JOIN_ALL, CASE_JOIN_FIRST };
	struct case_view view = accepted(chain_of(all, (uint32_t[]){ 0, 0 }, false, 2));
	task_done(&view, 2, 20);
	go(&view, LEVEL_TASK, DO_sign, 1, 10);
	assert_int_equal(go(&view, LEVEL_TASK, DO_fail, 1, 10), CASE_OK);
	assert_int_equal(view.state, CASE_handling);
	struct case_view again = view, without = view, stopped = view;
	assert_int_equal(go(&again, LEVEL_MATTER, DO_again, 1, 0), CASE_OK);
	assert_int_equal(again.tasks[0].state, WORK_ready);
	assert_int_equal(go(&without, LEVEL_MATTER, DO_waive, 1, 0), CASE_OK);
	assert_int_equal(without.state, CASE_issuing);
	assert_int_equal(go(&stopped, LEVEL_CASE, DO_stop, 0, 0), CASE_OK);
	assert_int_equal(stopped.state, CASE_issuing);
	struct case_wish stranger = { LEVEL_MATTER, DO_waive, PART_UNIT, 1, 0, 0, false };
	struct case_steps steps;
	assert_int_equal(case_judge(&view, &stranger, &view, &steps), CASE_NOT_YOURS);
}

static void gathering_comes_last_and_a_stopped_clock_goes_on(void **state) {
	(void)state;
	const enum case_join all[] = { CASE_JOIN_ALL, CASE_JOIN_FIRST, CASE_JOIN_ALL };
	struct case_view view = accepted(chain_of(all, (uint32_t[]){ 0, 0, 0 }, true, 3));
	go(&view, LEVEL_TASK, DO_sign, 3, 30);
	assert_int_equal(go(&view, LEVEL_TASK, DO_finish, 3, 30), CASE_OTHERS_OPEN);
	task_done(&view, 1, 10);
	assert_int_equal(go(&view, LEVEL_CASE, DO_suspend, 0, 0), CASE_OK);
	assert_int_equal(go(&view, LEVEL_TASK, DO_sign, 2, 20), CASE_RESTS);
	assert_int_equal(go(&view, LEVEL_CASE, DO_resume, 0, 0), CASE_OK);
	task_done(&view, 2, 20);
	assert_int_equal(go(&view, LEVEL_TASK, DO_finish, 3, 30), CASE_OK);
	assert_int_equal(view.state, CASE_issuing);
}

static void another_department_takes_the_place_of_the_first(void **state) {
	(void)state;
	const enum case_join first[] = { CASE_JOIN_FIRST };
	struct case_view view = accepted(chain_of(first, (uint32_t[]){ 0 }, false, 1));
	assert_int_equal(go(&view, LEVEL_TASK, DO_send_back, 1, 10), CASE_OK);
	assert_int_equal(view.matters[0].state, WORK_returned);
	assert_int_equal(go(&view, LEVEL_TASK, DO_reassign, 1, 10), CASE_OK);
	task_done(&view, 1, 11);
	assert_int_equal(view.state, CASE_handling);
	task_done(&view, 1, STRANGER);
	assert_int_equal(view.state, CASE_issuing);
}

static void a_chain_that_bites_its_tail_is_no_chain(void **state) {
	(void)state;
	const enum case_join all[] = { CASE_JOIN_ALL, CASE_JOIN_FIRST, CASE_JOIN_ALL };
	struct case_view fine = chain_of(all, (uint32_t[]){ 0, 1, 3 }, false, 3);
	struct case_view round = chain_of(all, (uint32_t[]){ 4, 1, 2 }, false, 3);
	struct case_view itself = chain_of(all, (uint32_t[]){ 1, 0, 0 }, false, 3);
	struct case_view last = chain_of(all, (uint32_t[]){ 4, 0, 0 }, true, 3);
	struct case_view beyond = chain_of(all, (uint32_t[]){ 8, 0, 0 }, false, 3);
	assert_true(case_chain_ok(&fine));
	assert_false(case_chain_ok(&round));
	assert_false(case_chain_ok(&itself));
	assert_false(case_chain_ok(&last));
	assert_false(case_chain_ok(&beyond));
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_reachable_case_holds_together_and_can_end),
		cmocka_unit_test(what_depends_waits_and_then_begins_by_itself),
		cmocka_unit_test(a_promise_defers_and_once_overdue_blocks),
		cmocka_unit_test(a_refusal_waits_for_the_lead),
		cmocka_unit_test(gathering_comes_last_and_a_stopped_clock_goes_on),
		cmocka_unit_test(another_department_takes_the_place_of_the_first),
		cmocka_unit_test(a_chain_that_bites_its_tail_is_no_chain),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
