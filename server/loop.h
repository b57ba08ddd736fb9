/* loop.h — the one event loop of a process; the only file that knows libuv.
 *
 * One thread: every callback of every module runs inside loop_run(). Errors that only a broken
 * machine can cause (no memory, no descriptors for the loop itself) end the process with a log
 * line. Handles are freed by their *_end function, which may be called from their callback. */
#ifndef SERVER_LOOP_H
#define SERVER_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct loop;
struct watch;   /* a descriptor being watched */
struct timer;
enum { LOOP_READ = 1, LOOP_WRITE = 2 };

struct loop *loop_new(void);
void loop_free(struct loop *loop);           /* after loop_run() returned and all handles ended */
void loop_run(struct loop *loop);            /* until loop_stop() or nothing is left to wait for */
void loop_stop(struct loop *loop);
void *loop_native(struct loop *loop);        /* the uv_loop_t, for libwebsockets only */

int64_t loop_ms(const struct loop *loop);    /* monotonic milliseconds, cached for this turn */
int64_t wall_ms(void);                       /* milliseconds since 1970-01-01 UTC */

/* Watch fd. `want` is a set of LOOP_READ|LOOP_WRITE; ready() gets the set that is ready. An
 * error or hang-up is reported as both, so that the owner's next read or write sees it. */
typedef void watch_fn(void *context, int ready);
struct watch *loop_watch(struct loop *loop, int fd, watch_fn *ready, void *context);
void watch_want(struct watch *watch, int want);
void watch_end(struct watch *watch);

typedef void timer_fn(void *context);
struct timer *loop_timer(struct loop *loop, timer_fn *fire, void *context);
void timer_start(struct timer *timer, uint64_t after_ms, uint64_t repeat_ms);
void timer_stop(struct timer *timer);
void timer_end(struct timer *timer);

/* Call fn once each turn just before the loop blocks: the place to flush what was gathered. */
void loop_each_turn(struct loop *loop, timer_fn *fn, void *context);

/* Call fn on SIGTERM and SIGINT (stop) or SIGHUP (reload). */
enum loop_signal { LOOP_STOP, LOOP_RELOAD };
void loop_on_signal(struct loop *loop, enum loop_signal which, timer_fn *fn, void *context);

/* Run work() on a worker thread, then done() on the loop. For argon2 and nothing else that
 * touches shared state: work() sees only its context. */
void loop_work(struct loop *loop, timer_fn *work, timer_fn *done, void *context);

#endif
