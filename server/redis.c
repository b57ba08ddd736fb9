/* redis.c — one Redis connection: hiredis on the loop, watched, reconnected for ever. */
#define _DEFAULT_SOURCE
#include "redis.h"

#include <hiredis/async.h>
#include <hiredis/hiredis.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backoff.h"
#include "log.h"
#include "loop.h"

enum { PATIENCE_MS = 5000, FOREVER_MS = 7 * 24 * 3600 * 1000 };

struct redis {
	struct loop *loop;
	struct redis_config config;
	redisAsyncContext *link;     /* NULL: none, or just being torn down */
	struct watch *watch;
	struct timer *retry;         /* no link: when to try again */
	struct timer *flush;         /* something is written in this turn */
	struct timer *pulse;         /* a link: when to ask, and when to give up */
	bool connected;              /* the socket is */
	bool greeted;                /* and the server has answered: redis_is_up() */
	bool flushing;               /* inside a write: what is left waits for the socket */
	bool asked;                  /* a PING is under way */
	bool complained;             /* about being down: once is enough */
	bool closing;
	size_t errands;              /* commands under way */
	uint64_t longest_ms;         /* that one of them may take, on a blocking connection */
	int busy;                    /* how deep in hiredis: freed at zero */
	uint32_t backoff;
};

/* A command under way: whom to tell. */
struct errand {
	struct redis *redis;
	redis_done_fn *done;
	void *context;
};

static void *allocate(size_t size)
{
	void *memory = calloc(1, size);

	if (memory == NULL) {
		log_text(LOG_ERROR, "redis", "out of memory");
		abort();
	}
	return memory;
}

/* hiredis calls back from nearly everywhere, and a callback may close us: between enter and leave
 * the connection stays in memory. */
static void enter(struct redis *redis)
{
	redis->busy++;
}

static void leave(struct redis *redis)
{
	if (--redis->busy > 0 || !redis->closing)
		return;
	timer_end(redis->retry);
	timer_end(redis->flush);
	timer_end(redis->pulse);
	free((char *)redis->config.path);
	free((char *)redis->config.host);
	free((char *)redis->config.password);
	free(redis);
}

/* ---- being lost ---- */

static void complain(struct redis *redis, const char *message, const char *error)
{
	log_line(redis->complained ? LOG_DEBUG : LOG_WARN, "redis", message, "error", error, NULL);
	redis->complained = true;
}

static void try_later(struct redis *redis)
{
	if (!redis->closing)
		timer_start(redis->retry, backoff_next(&redis->backoff), 0);
}

/* hiredis is done with the link and has answered its pending commands: the one place where a link
 * ends, however it ended. */
static void on_cleanup(void *data)
{
	struct redis *redis = data;
	bool was_up = redis->greeted;

	if (!redis->closing && redis->link->err != 0)
		complain(redis, was_up ? "connection lost" : "not reachable", redis->link->errstr);
	redis->link->ev.data = NULL;
	redis->link = NULL;
	watch_end(redis->watch);
	redis->watch = NULL;
	timer_stop(redis->flush);
	timer_stop(redis->pulse);
	redis->connected = redis->greeted = redis->asked = false;
	try_later(redis);
	if (was_up && !redis->closing && redis->config.down != NULL)
		redis->config.down(redis->config.context);
}

/* Give the link up; on_cleanup() follows, at once or when hiredis has left its callback. */
static void link_drop(struct redis *redis, const char *message, const char *error)
{
	complain(redis, message, error);
	redisAsyncFree(redis->link);
}

/* ---- the adapter: reading is always wanted, so that hiredis need not ask for it ---- */

/* Once connected, what one turn writes leaves in one write at its end; the socket is watched only
 * for what that write could not take. */
static void on_add_write(void *data)
{
	struct redis *redis = data;

	if (!redis->connected || redis->flushing)
		watch_want(redis->watch, LOOP_READ | LOOP_WRITE);
	else
		timer_start(redis->flush, 0, 0);
}

static void write_out(struct redis *redis)
{
	redis->flushing = true;
	watch_want(redis->watch, LOOP_READ);
	redisAsyncHandleWrite(redis->link);
	redis->flushing = false;
}

static void on_flush(void *context)
{
	struct redis *redis = context;

	enter(redis);
	if (redis->link != NULL)
		write_out(redis);
	leave(redis);
}

/* A refused connection shows as an error, which hiredis learns by trying to read. */
static void on_ready(void *context, int ready)
{
	struct redis *redis = context;

	enter(redis);
	if (ready & LOOP_READ)
		redisAsyncHandleRead(redis->link);
	if ((ready & LOOP_WRITE) && redis->link != NULL)
		write_out(redis);
	leave(redis);
}

/* ---- greeting and watching ---- */

/* A blocking reader is silent by design: it is given the longest time that a command on its way
 * asked for, and none when there is no command. */
static void pulse_next(struct redis *redis)
{
	redis->asked = false;
	if (!redis->config.blocking)
		timer_start(redis->pulse, PATIENCE_MS, 0);
	else if (redis->errands > 0)
		timer_start(redis->pulse, redis->longest_ms, 0);
	else
		timer_stop(redis->pulse);
}

static void greeting_end(struct redis *redis)
{
	redis->greeted = true;
	redis->complained = false;
	redis->backoff = 0;
	pulse_next(redis);
	log_line(LOG_INFO, "redis", "connected", NULL);
	if (redis->config.up != NULL)
		redis->config.up(redis->config.context);
}

/* An error instead of PONG: not logged in, or still loading its data. Then it is not up. */
static void on_pong(redisAsyncContext *link, void *reply, void *data)
{
	const redisReply *answer = reply;
	struct redis *redis = data;

	(void)link;
	if (answer == NULL || redis->closing)
		return;
	if (answer->type == REDIS_REPLY_ERROR)
		link_drop(redis, "the server refuses", answer->str);
	else if (!redis->greeted)
		greeting_end(redis);
	else
		pulse_next(redis);
}

static void ping(struct redis *redis)
{
	redis->asked = true;
	redisAsyncCommand(redis->link, on_pong, redis, "PING");
	timer_start(redis->pulse, PATIENCE_MS, 0);
}

static void on_pulse(void *context)
{
	struct redis *redis = context;

	enter(redis);
	if (redis->asked || redis->config.blocking)
		link_drop(redis, "the server is silent", "no answer in time");
	else
		ping(redis);
	leave(redis);
}

static void on_connect(const redisAsyncContext *link, int status)
{
	struct redis *redis = link->ev.data;

	if (status != REDIS_OK)
		return;
	redis->connected = true;
	if (redis->config.password != NULL)
		redisAsyncCommand(redis->link, NULL, NULL, "AUTH %s", redis->config.password);
	ping(redis);
}

/* ---- connecting ---- */

static void link_attach(struct redis *redis)
{
	redisAsyncContext *link = redis->link;

	redis->watch = loop_watch(redis->loop, link->c.fd, on_ready, redis);
	link->ev.data = redis;
	link->ev.addWrite = on_add_write;
	link->ev.cleanup = on_cleanup;
	redisAsyncSetConnectCallback(link, on_connect);
	timer_start(redis->pulse, PATIENCE_MS, 0);
	redis->asked = true;
}

static void on_retry(void *context)
{
	struct redis *redis = context;
	redisAsyncContext *link;

	if (redis->config.path != NULL)
		link = redisAsyncConnectUnix(redis->config.path);
	else
		link = redisAsyncConnect(redis->config.host, redis->config.port);
	if (link == NULL || link->err != 0) {
		complain(redis, "not reachable", link != NULL ? link->errstr : "out of memory");
		if (link != NULL)
			redisAsyncFree(link);
		try_later(redis);
		return;
	}
	redis->link = link;
	link_attach(redis);
}

static const char *copy(const char *text)
{
	return text != NULL && *text != '\0' ? strcpy(allocate(strlen(text) + 1), text) : NULL;
}

struct redis *redis_open(struct loop *loop, const struct redis_config *config)
{
	struct redis *redis = allocate(sizeof *redis);

	redis->loop = loop;
	redis->config = *config;
	redis->config.path = copy(config->path);
	redis->config.host = copy(config->host);
	redis->config.password = copy(config->password);
	redis->retry = loop_timer(loop, on_retry, redis);
	redis->flush = loop_timer(loop, on_flush, redis);
	redis->pulse = loop_timer(loop, on_pulse, redis);
	timer_start(redis->retry, 0, 0);
	return redis;
}

void redis_close(struct redis *redis)
{
	if (redis->closing)
		return;
	redis->closing = true;
	enter(redis);
	if (redis->link != NULL)
		redisAsyncFree(redis->link);
	leave(redis);
}

bool redis_is_up(const struct redis *redis)
{
	return redis->greeted && !redis->closing;
}

/* ---- commands ---- */

static void on_reply(redisAsyncContext *link, void *reply, void *data)
{
	struct errand *errand = data;
	struct redis *redis = errand->redis;

	(void)link;
	redis->errands--;
	if (redis->config.blocking && reply != NULL)
		pulse_next(redis);
	if (errand->done != NULL)
		errand->done(errand->context, reply);
	free(errand);
}

/* How long XREAD may keep silent, from "BLOCK n" in its formatted text; n = 0 means for ever. */
static uint64_t block_ms(const char *command)
{
	static const char word[] = "\r\nBLOCK\r\n$";
	const char *at = strstr(command, word);
	uint64_t ms;

	if (at == NULL)
		return 0;
	at += sizeof word - 1;
	ms = strtoull(at + strcspn(at, "\n"), NULL, 10);
	return ms == 0 || ms > FOREVER_MS ? FOREVER_MS : ms;
}

static void watch_errand(struct redis *redis, const char *command)
{
	uint64_t ms = block_ms(command) + PATIENCE_MS;
	bool first = redis->errands++ == 0;

	if (!redis->config.blocking || (!first && ms <= redis->longest_ms))
		return;
	redis->longest_ms = ms;
	timer_start(redis->pulse, ms, 0);
}

/* Takes the formatted command, which hiredis allocated. */
static bool command_send(struct redis *redis, redis_done_fn *done, void *context, char *command,
                         int length)
{
	bool sent = false;

	if (length > 0 && redis_is_up(redis)) {
		struct errand *errand = allocate(sizeof *errand);

		errand->redis = redis;
		errand->done = done;
		errand->context = context;
		sent = redisAsyncFormattedCommand(redis->link, on_reply, errand, command,
		                                  (size_t)length) == REDIS_OK;
		if (sent)
			watch_errand(redis, command);
		else
			free(errand);
	}
	if (length > 0)
		redisFreeCommand(command);
	return sent;
}

bool redis_send(struct redis *redis, redis_done_fn *done, void *context, int argc,
                const char *const argv[], const size_t lengths[])
{
	char *command = NULL;
	int length;

	if (!redis_is_up(redis))
		return false;
	length = redisFormatCommandArgv(&command, argc, (const char **)argv, lengths);
	return command_send(redis, done, context, command, length);
}

bool redis_sendf(struct redis *redis, redis_done_fn *done, void *context, const char *format, ...)
{
	char *command = NULL;
	va_list arguments;
	int length;

	if (!redis_is_up(redis))
		return false;
	va_start(arguments, format);
	length = redisvFormatCommand(&command, format, arguments);
	va_end(arguments);
	return command_send(redis, done, context, command, length);
}
