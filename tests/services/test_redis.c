/* test_redis.c — the connection to Redis: commands, refusals, losses, silence.
 *
 * HOTLINE_TEST_REDIS is the unix socket of a running server. What must be killed or stopped is a
 * server that the test starts itself, in a folder of its own. */
#define _DEFAULT_SOURCE
#include <arpa/inet.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <hiredis/hiredis.h>

#include "../../server/log.h"
#include "../../server/loop.h"
#include "../../server/redis.h"

enum { DEADLINE_MS = 20000 };

static struct loop *loop;
static struct redis *redis;
static int ups, downs;
static long replies, lost;
static char last_text[64];
static long long last_integer;
static bool close_at_reply;
static pid_t server;
static char folder[64], own_socket[128], list_name[64];

/* ---- a loop that runs until something is true ---- */

static bool (*awaited)(void);
static bool too_late;

static void on_turn(void *context)
{
	(void)context;
	if (awaited != NULL && awaited())
		loop_stop(loop);
}

static void on_deadline(void *context)
{
	(void)context;
	too_late = true;
	loop_stop(loop);
}

static void run_until(bool (*condition)(void))
{
	struct timer *deadline = loop_timer(loop, on_deadline, NULL);

	too_late = false;
	awaited = condition;
	timer_start(deadline, DEADLINE_MS, 0);
	while (!condition() && !too_late)
		loop_run(loop);
	awaited = NULL;
	timer_end(deadline);
	if (too_late)
		fail_msg("not true within %d ms", DEADLINE_MS);
}

static int ups_expected, downs_expected;
static long answers_expected;

static bool is_up_again(void)
{
	return ups >= ups_expected && redis_is_up(redis);
}

static bool is_down(void)
{
	return downs >= downs_expected;
}

static bool all_answered(void)
{
	return replies + lost >= answers_expected;
}

static void wait_up(int times)
{
	ups_expected = times;
	run_until(is_up_again);
}

static void wait_down(int times)
{
	downs_expected = times;
	run_until(is_down);
}

static void wait_answers(long count)
{
	answers_expected = count;
	run_until(all_answered);
}

/* ---- the connection under test ---- */

static void on_up(void *context)
{
	(void)context;
	ups++;
}

static void on_down(void *context)
{
	(void)context;
	assert_false(redis_is_up(redis));
	downs++;
}

static void on_reply(void *context, const struct redisReply *reply)
{
	(void)context;
	if (reply == NULL) {
		lost++;
		assert_false(redis_sendf(redis, NULL, NULL, "PING"));
	} else {
		replies++;
		last_integer = reply->integer;
		snprintf(last_text, sizeof last_text, "%s", reply->str != NULL ? reply->str : "");
	}
	if (close_at_reply)
		redis_close(redis);
}

static void connect_to(struct redis_config config)
{
	ups = downs = 0;
	replies = lost = 0;
	close_at_reply = false;
	config.up = on_up;
	config.down = on_down;
	loop = loop_new();
	loop_each_turn(loop, on_turn, NULL);
	redis = redis_open(loop, &config);
	assert_false(redis_is_up(redis));
	assert_false(redis_sendf(redis, on_reply, NULL, "PING"));
}

static void disconnect(void)
{
	redis_close(redis);
	loop_free(loop);
}

/* ---- a server of our own ---- */

static void server_start(const char *port, const char *password)
{
	fflush(NULL);
	server = fork();
	assert_true(server >= 0);
	if (server == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);    /* never outlives this test */
		execlp("redis-server", "redis-server", "--port", port, "--bind", "127.0.0.1",
		       "--unixsocket", own_socket, "--dir", folder, "--save", "", "--daemonize", "no",
		       "--logfile", "/dev/null", "--requirepass", password, (char *)NULL);
		_exit(127);
	}
}

static void server_kill(void)
{
	if (server <= 0)
		return;
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
	server = 0;
	unlink(own_socket);
}

/* A port that nobody listens on: bound once, and let go. */
static int free_port(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t size = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
	close(fd);
	return ntohs(address.sin_port);
}

/* ---- the tests ---- */

static void test_commands_are_answered_in_order(void **state)
{
	enum { COMMANDS = 1000 };
	const char *const argv[] = { "RPUSH", list_name, "a\0b" };
	const size_t lengths[] = { 5, strlen(list_name), 3 };

	(void)state;
	connect_to((struct redis_config){ .path = getenv("HOTLINE_TEST_REDIS") });
	wait_up(1);
	assert_true(redis_sendf(redis, NULL, NULL, "DEL %s", list_name));
	for (int i = 0; i < COMMANDS; i++)
		assert_true(redis_send(redis, on_reply, NULL, 3, argv, lengths));
	wait_answers(COMMANDS);
	assert_int_equal(last_integer, COMMANDS);
	assert_true(redis_sendf(redis, on_reply, NULL, "SET %s %b", list_name, "x y", (size_t)3));
	assert_true(redis_sendf(redis, on_reply, NULL, "GET %s", list_name));
	wait_answers(COMMANDS + 2);
	assert_string_equal(last_text, "x y");
	assert_true(redis_sendf(redis, on_reply, NULL, "DEL %s", list_name));
	wait_answers(COMMANDS + 3);
	disconnect();
}

static void test_what_does_not_fit_the_socket_follows(void **state)
{
	enum { BYTES = 32 << 20 };
	char *big = malloc(BYTES);

	(void)state;
	assert_non_null(big);
	memset(big, 'x', BYTES);
	connect_to((struct redis_config){ .path = getenv("HOTLINE_TEST_REDIS") });
	wait_up(1);
	assert_true(redis_sendf(redis, on_reply, NULL, "SET %s %b", list_name, big, (size_t)BYTES));
	assert_true(redis_sendf(redis, on_reply, NULL, "STRLEN %s", list_name));
	wait_answers(2);
	assert_int_equal(last_integer, BYTES);
	assert_true(redis_sendf(redis, on_reply, NULL, "DEL %s", list_name));
	wait_answers(3);
	disconnect();
	free(big);
}

static void test_a_refused_connection_is_tried_again(void **state)
{
	char port[16];
	int number = free_port();

	(void)state;
	snprintf(port, sizeof port, "%d", number);
	connect_to((struct redis_config){ .host = "127.0.0.1", .port = number });
	server_start(port, "");
	wait_up(1);
	assert_true(redis_sendf(redis, on_reply, NULL, "PING"));
	wait_answers(1);
	assert_string_equal(last_text, "PONG");
	server_kill();
	wait_down(1);
	server_start(port, "");
	wait_up(2);
	disconnect();
	server_kill();
}

static void test_a_killed_server_answers_null_and_comes_back(void **state)
{
	enum { COMMANDS = 100 };

	(void)state;
	server_start("0", "");
	connect_to((struct redis_config){ .path = own_socket });
	wait_up(1);
	kill(server, SIGSTOP);
	for (int i = 0; i < COMMANDS; i++)
		assert_true(redis_sendf(redis, on_reply, NULL, "INCR x"));
	server_kill();
	wait_down(1);
	assert_int_equal(lost, COMMANDS);
	assert_int_equal(replies, 0);
	assert_false(redis_sendf(redis, on_reply, NULL, "PING"));
	server_start("0", "");
	wait_up(2);
	assert_true(redis_sendf(redis, on_reply, NULL, "PING"));
	wait_answers(COMMANDS + 1);
	assert_int_equal(replies, 1);
	disconnect();
	server_kill();
}

static void test_a_silent_server_is_noticed(void **state)
{
	(void)state;
	server_start("0", "");
	connect_to((struct redis_config){ .path = own_socket });
	wait_up(1);
	kill(server, SIGSTOP);
	assert_true(redis_sendf(redis, on_reply, NULL, "PING"));
	wait_down(1);
	assert_int_equal(lost, 1);
	kill(server, SIGCONT);
	wait_up(2);
	disconnect();
	server_kill();
}

static void test_a_blocking_reader_may_wait_but_not_for_ever(void **state)
{
	(void)state;
	server_start("0", "");
	connect_to((struct redis_config){ .path = own_socket, .blocking = true });
	wait_up(1);
	assert_true(redis_sendf(redis, on_reply, NULL, "XREAD BLOCK 200 STREAMS s $"));
	wait_answers(1);
	assert_int_equal(replies, 1);
	assert_true(redis_sendf(redis, on_reply, NULL, "XREAD BLOCK 100 STREAMS s $"));
	kill(server, SIGSTOP);
	wait_down(1);
	assert_int_equal(lost, 1);
	disconnect();
	server_kill();
}

static void test_the_password_decides_whether_it_is_up(void **state)
{
	struct redis *stranger;

	(void)state;
	server_start("0", "right");
	connect_to((struct redis_config){ .path = own_socket, .password = "right" });
	stranger = redis_open(loop, &(struct redis_config){ .path = own_socket, .password = "wrong" });
	wait_up(1);
	assert_true(redis_sendf(redis, on_reply, NULL, "DBSIZE"));
	wait_answers(1);
	assert_false(redis_is_up(stranger));
	redis_close(stranger);
	disconnect();
	server_kill();
}

static void test_an_answer_may_close_the_connection(void **state)
{
	(void)state;
	for (int kill_it = 0; kill_it < 2; kill_it++) {
		server_start("0", "");
		connect_to((struct redis_config){ .path = own_socket });
		wait_up(1);
		close_at_reply = true;
		if (kill_it)
			kill(server, SIGSTOP);
		for (int i = 0; i < 3; i++)
			assert_true(redis_sendf(redis, on_reply, NULL, "PING"));
		if (kill_it)
			server_kill();
		loop_run(loop);    /* until nothing is left: the connection is gone */
		assert_int_equal(replies + lost, 3);
		assert_int_equal(replies, kill_it ? 0 : 1);
		assert_int_equal(downs, 0);
		loop_free(loop);
		server_kill();
	}
}

/* ---- the frame ---- */

static int set_up(void **state)
{
	(void)state;
	if (getenv("HOTLINE_TEST_REDIS") == NULL) {
		fputs("HOTLINE_TEST_REDIS names no server: set it to a unix socket\n", stderr);
		return -1;
	}
	strcpy(folder, "/tmp/test_redis.XXXXXX");
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(own_socket, sizeof own_socket, "%s/redis.sock", folder);
	snprintf(list_name, sizeof list_name, "test_redis:%ld", (long)getpid());
	log_level_set(LOG_ERROR);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	server_kill();
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commands_are_answered_in_order),
		cmocka_unit_test(test_what_does_not_fit_the_socket_follows),
		cmocka_unit_test(test_a_refused_connection_is_tried_again),
		cmocka_unit_test(test_a_killed_server_answers_null_and_comes_back),
		cmocka_unit_test(test_a_silent_server_is_noticed),
		cmocka_unit_test(test_a_blocking_reader_may_wait_but_not_for_ever),
		cmocka_unit_test(test_the_password_decides_whether_it_is_up),
		cmocka_unit_test(test_an_answer_may_close_the_connection),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
