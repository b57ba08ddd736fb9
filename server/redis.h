/* redis.h — one connection to Redis on the loop, kept alive.
 *
 * hiredis 0.14 with our own adapter: a refused connection is noticed, commands written in one
 * turn leave in one write, a silent server is noticed by a watchdog (PING every 5 s, answer
 * within 5 s; a blocking reader is watched by its own BLOCK time instead). Reconnects with
 * backoff and jitter, for ever. Nothing in Redis is the only copy: callers treat a lost reply
 * as "unknown" and let the database repair it. */
#ifndef SERVER_REDIS_H
#define SERVER_REDIS_H

#include <stdbool.h>
#include <stddef.h>

struct loop;
struct redis;
struct redisReply;

struct redis_config {
	const char *path;                      /* unix socket, or NULL */
	const char *host; int port;            /* when path is NULL */
	const char *password;                  /* or NULL */
	bool blocking;                         /* used for XREAD BLOCK: no PING watchdog */
	void (*up)(void *context);             /* connected (again) */
	void (*down)(void *context);           /* lost; pending commands have been answered NULL */
	void *context;
};

struct redis *redis_open(struct loop *loop, const struct redis_config *config);
void redis_close(struct redis *redis);
bool redis_is_up(const struct redis *redis);

/* reply is NULL when the connection is lost; otherwise it belongs to this file and is valid
 * during the callback. done may be NULL. Returns false (done is not called) when not connected. */
typedef void redis_done_fn(void *context, const struct redisReply *reply);
bool redis_send(struct redis *redis, redis_done_fn *done, void *context,
                int argc, const char *const argv[], const size_t lengths[]);
/* The same with printf-like %s (text) and %b (pointer, size_t), as redisCommand formats it. */
bool redis_sendf(struct redis *redis, redis_done_fn *done, void *context, const char *format, ...);

#endif
