/* loop.c — the one event loop: libuv behind descriptors, timers, signals and worker threads. */
#include "loop.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include "log.h"

/* A function to call, and whom with; lists of them keep the order of registration. */
struct hook {
	struct hook *next;
	timer_fn *fn;
	void *context;
};

struct signals {
	uv_signal_t handle;
	struct hook *hooks;
	bool started;
};

enum { SIGNALS = 3, WORKER_NICE = 10 };
static const struct {
	int number;
	enum loop_signal which;
} signal_table[SIGNALS] = {
	{ SIGTERM, LOOP_STOP }, { SIGINT, LOOP_STOP }, { SIGHUP, LOOP_RELOAD },
};

struct loop {
	uv_loop_t uv;
	uv_prepare_t prepare;
	struct hook *turn;
	struct signals signals[SIGNALS];
};

struct watch {
	uv_poll_t handle;
	watch_fn *ready;
	void *context;
	int want;
};

struct timer {
	uv_timer_t handle;
	timer_fn *fire;
	void *context;
};

struct work {
	uv_work_t request;
	timer_fn *work;
	timer_fn *done;
	void *context;
};

/* What fails only on a broken machine ends the process: no caller could do better. */
static void must(int result, const char *what)
{
	if (result >= 0)
		return;
	log_line(LOG_ERROR, "loop", "event loop cannot go on", "call", what, "error",
	         uv_strerror(result), NULL);
	abort();
}

static void *allocate(size_t size)
{
	void *memory = calloc(1, size);

	if (memory == NULL)
		must(UV_ENOMEM, "calloc");
	return memory;
}

static void hook_append(struct hook **list, timer_fn *fn, void *context)
{
	struct hook *hook = allocate(sizeof *hook);

	hook->fn = fn;
	hook->context = context;
	while (*list != NULL)
		list = &(*list)->next;
	*list = hook;
}

static void hooks_run(const struct hook *hook)
{
	for (; hook != NULL; hook = hook->next)
		hook->fn(hook->context);
}

static void hooks_free(struct hook *hook)
{
	while (hook != NULL) {
		struct hook *next = hook->next;

		free(hook);
		hook = next;
	}
}

static void on_prepare(uv_prepare_t *handle)
{
	struct loop *loop = handle->data;

	hooks_run(loop->turn);
}

struct loop *loop_new(void)
{
	struct loop *loop = allocate(sizeof *loop);

	setenv("UV_THREADPOOL_SIZE", "2", 0);
	signal(SIGPIPE, SIG_IGN);    /* a peer that has gone is an error code, not the end */
	must(uv_loop_init(&loop->uv), "uv_loop_init");
	must(uv_prepare_init(&loop->uv, &loop->prepare), "uv_prepare_init");
	loop->prepare.data = loop;
	must(uv_prepare_start(&loop->prepare, on_prepare), "uv_prepare_start");
	uv_unref((uv_handle_t *)&loop->prepare);
	return loop;
}

static void handle_unref(uv_handle_t *handle, void *unused)
{
	(void)unused;
	uv_unref(handle);
}

/* Closed handles need one more turn to be freed, and work under way must come back. A handle that
 * somebody forgot to end is a defect worth a line, but no reason to hang here. */
void loop_free(struct loop *loop)
{
	uv_close((uv_handle_t *)&loop->prepare, NULL);
	for (int i = 0; i < SIGNALS; i++)
		if (loop->signals[i].started)
			uv_close((uv_handle_t *)&loop->signals[i].handle, NULL);
	uv_run(&loop->uv, UV_RUN_NOWAIT);
	uv_walk(&loop->uv, handle_unref, NULL);
	uv_run(&loop->uv, UV_RUN_DEFAULT);
	if (uv_loop_close(&loop->uv) != 0) {
		log_text(LOG_WARN, "loop", "the loop ends while something is still open on it");
		return;
	}
	hooks_free(loop->turn);
	for (int i = 0; i < SIGNALS; i++)
		hooks_free(loop->signals[i].hooks);
	free(loop);
}

void loop_run(struct loop *loop)
{
	uv_run(&loop->uv, UV_RUN_DEFAULT);
}

void loop_stop(struct loop *loop)
{
	uv_stop(&loop->uv);
}

void *loop_native(struct loop *loop)
{
	return &loop->uv;
}

int64_t loop_ms(const struct loop *loop)
{
	return (int64_t)uv_now(&loop->uv);
}

int64_t wall_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- descriptors ---- */

/* After an error libuv has stopped the handle: forget what was wanted, so that the next
 * watch_want() starts it again. The callback may end the watch: nothing touches it after. */
static void on_poll(uv_poll_t *handle, int status, int events)
{
	struct watch *watch = handle->data;
	int ready = 0;

	if (status < 0) {
		watch->want = 0;
		ready = LOOP_READ | LOOP_WRITE;
	}
	if (events & UV_READABLE)
		ready |= LOOP_READ;
	if (events & UV_WRITABLE)
		ready |= LOOP_WRITE;
	watch->ready(watch->context, ready);
}

struct watch *loop_watch(struct loop *loop, int fd, watch_fn *ready, void *context)
{
	struct watch *watch = allocate(sizeof *watch);

	must(uv_poll_init(&loop->uv, &watch->handle, fd), "uv_poll_init");
	watch->handle.data = watch;
	watch->ready = ready;
	watch->context = context;
	return watch;
}

/* Each change costs system calls, an unchanged wish none. */
void watch_want(struct watch *watch, int want)
{
	int events = 0;

	if (want == watch->want)
		return;
	watch->want = want;
	if (want & LOOP_READ)
		events |= UV_READABLE;
	if (want & LOOP_WRITE)
		events |= UV_WRITABLE;
	if (events != 0)
		must(uv_poll_start(&watch->handle, events, on_poll), "uv_poll_start");
	else
		must(uv_poll_stop(&watch->handle), "uv_poll_stop");
}

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

void watch_end(struct watch *watch)
{
	if (watch != NULL)
		uv_close((uv_handle_t *)&watch->handle, on_closed);
}

/* ---- timers ---- */

static void on_timer(uv_timer_t *handle)
{
	struct timer *timer = handle->data;

	timer->fire(timer->context);
}

struct timer *loop_timer(struct loop *loop, timer_fn *fire, void *context)
{
	struct timer *timer = allocate(sizeof *timer);

	must(uv_timer_init(&loop->uv, &timer->handle), "uv_timer_init");
	timer->handle.data = timer;
	timer->fire = fire;
	timer->context = context;
	return timer;
}

void timer_start(struct timer *timer, uint64_t after_ms, uint64_t repeat_ms)
{
	must(uv_timer_start(&timer->handle, on_timer, after_ms, repeat_ms), "uv_timer_start");
}

void timer_stop(struct timer *timer)
{
	uv_timer_stop(&timer->handle);
}

void timer_end(struct timer *timer)
{
	if (timer != NULL)
		uv_close((uv_handle_t *)&timer->handle, on_closed);
}

/* ---- turns, signals, work ---- */

void loop_each_turn(struct loop *loop, timer_fn *fn, void *context)
{
	hook_append(&loop->turn, fn, context);
}

static void on_signal(uv_signal_t *handle, int number)
{
	struct signals *signals = handle->data;

	(void)number;
	hooks_run(signals->hooks);
}

/* Waiting for a signal is no reason to stay: the handles do not count for loop_run(). */
static void signals_start(struct loop *loop, struct signals *signals, int number)
{
	if (signals->started)
		return;
	signals->started = true;
	must(uv_signal_init(&loop->uv, &signals->handle), "uv_signal_init");
	signals->handle.data = signals;
	must(uv_signal_start(&signals->handle, on_signal, number), "uv_signal_start");
	uv_unref((uv_handle_t *)&signals->handle);
}

void loop_on_signal(struct loop *loop, enum loop_signal which, timer_fn *fn, void *context)
{
	for (int i = 0; i < SIGNALS; i++) {
		if (signal_table[i].which != which)
			continue;
		signals_start(loop, &loop->signals[i], signal_table[i].number);
		hook_append(&loop->signals[i].hooks, fn, context);
	}
}

/* Passwords are slow on purpose; the loop comes first whenever both want the processor. */
static void worker_give_way(void)
{
	static _Thread_local bool given;

	if (!given)
		setpriority(PRIO_PROCESS, (id_t)gettid(), WORKER_NICE);
	given = true;
}

static void on_work(uv_work_t *request)
{
	struct work *work = request->data;

	worker_give_way();
	work->work(work->context);
}

static void on_work_done(uv_work_t *request, int status)
{
	struct work *work = request->data;

	(void)status;    /* only uv_cancel(), which nobody here calls, would make it a failure */
	work->done(work->context);
	free(work);
}

void loop_work(struct loop *loop, timer_fn *work, timer_fn *done, void *context)
{
	struct work *job = allocate(sizeof *job);

	job->request.data = job;
	job->work = work;
	job->done = done;
	job->context = context;
	must(uv_queue_work(&loop->uv, &job->request, on_work, on_work_done), "uv_queue_work");
}
