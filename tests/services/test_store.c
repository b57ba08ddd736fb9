/* test_store.c — the store against a real PostgreSQL: groups, failures, losses, limits.
 *
 * HOTLINE_TEST_DATABASE is the connection string (name=value …) of a role that may create schemas
 * and end its own connections. Everything happens in a schema of this process, dropped at the end;
 * the store's connections bear that schema's name. */
#define _DEFAULT_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <libpq-fe.h>

#include "../../server/log.h"
#include "../../server/loop.h"
#include "../../server/seal.h"
#include "../../server/store.h"

enum { DEADLINE_MS = 20000, ANSWERS = 4096, GROUP = 8, QUEUE = 1000, LOCK = 12345 };

/* ---- the other side: a plain connection, for looking and for holding locks ---- */

static PGconn *admin;
static char schema[64], conninfo[1024];

static void admin_run(const char *format, ...)
{
	char text[4096];
	va_list arguments;
	PGresult *result;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	result = PQexec(admin, text);
	if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
		fail_msg("%s: %s", text, PQerrorMessage(admin));
	PQclear(result);
}

static long admin_number(const char *query)
{
	PGresult *result = PQexec(admin, query);
	long number;

	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		fail_msg("%s: %s", query, PQerrorMessage(admin));
	number = strtol(PQgetvalue(result, 0, 0), NULL, 10);
	PQclear(result);
	return number;
}

static void lock_hold(void)
{
	admin_run("SELECT pg_advisory_lock(%d)", LOCK);
}

static void lock_release(void)
{
	admin_run("SELECT pg_advisory_unlock(%d)", LOCK);
}

static bool somebody_waits_for_the_lock(void)
{
	return admin_number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
	                    " AND NOT granted AND database = (SELECT oid FROM pg_database"
	                    " WHERE datname = current_database())") > 0;
}

static const char schema_text[] =
	"CREATE TABLE note (seq bigserial, id integer, request uuid UNIQUE, text text);"
	"CREATE TABLE mark (id integer UNIQUE DEFERRABLE INITIALLY DEFERRED);"
	"CREATE FUNCTION note(a integer, r uuid, p jsonb) RETURNS TABLE (kind text, body text, n integer)"
	" LANGUAGE plpgsql AS $$ BEGIN"
	"  IF p ? 'wait' THEN PERFORM pg_advisory_xact_lock_shared(12345); END IF;"
	"  IF p ? 'fail' THEN RAISE EXCEPTION 'asked to fail'; END IF;"
	"  IF p ? 'late' THEN INSERT INTO mark VALUES (1), (1); END IF;"
	"  INSERT INTO note (id, request, text) VALUES (a, r, p ->> 'text') ON CONFLICT DO NOTHING;"
	"  RETURN QUERY SELECT 'reply', p ->> 'text', a; END $$;"
	"CREATE FUNCTION echo(a integer, t text) RETURNS TABLE (n integer, text text)"
	" LANGUAGE plpgsql AS $$ BEGIN IF a = 0 THEN RAISE EXCEPTION 'no zero'; END IF;"
	" RETURN QUERY SELECT a, t FROM generate_series(1, a); END $$;";

/* ---- this side: a store, its answers, and a loop that runs until something is true ---- */

enum { NOTE, ECHO, STATEMENTS };
static char note_name[80], echo_name[80];
static struct store_statement statements[STATEMENTS] = { { note_name, 3 }, { echo_name, 2 } };

struct answer {
	int times;
	enum store_status status;
	long order;
	bool had_rows;
};

static struct loop *loop;
static struct store *store;
static struct answer answers[ANSWERS];
static long answered;
static bool inside_call;
static int ready_times;
static bool ready_usable;

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

static void on_tick(void *context)
{
	(void)context;    /* what is awaited may be the other side's: look again now and then */
}

static void run_until(bool (*condition)(void))
{
	struct timer *deadline = loop_timer(loop, on_deadline, NULL);
	struct timer *tick = loop_timer(loop, on_tick, NULL);

	too_late = false;
	awaited = condition;
	timer_start(deadline, DEADLINE_MS, 0);
	timer_start(tick, 5, 5);
	while (!condition() && !too_late)
		loop_run(loop);
	awaited = NULL;
	timer_end(deadline);
	timer_end(tick);
	if (too_late)
		fail_msg("not true within %d ms", DEADLINE_MS);
}

static void on_ready(void *context, bool usable)
{
	(void)context;
	ready_times++;
	ready_usable = usable;
}

static bool is_ready(void)
{
	return ready_times > 0;
}

static long expected;

static bool all_answered(void)
{
	return answered >= expected;
}

static void wait_for_answers(long count)
{
	expected = count;
	run_until(all_answered);
	assert_int_equal(answered, count);
}

static void on_answer(void *context, enum store_status status, const struct rows *rows)
{
	struct answer *answer = context;

	assert_false(inside_call);
	assert_true((status == STORE_OK) == (rows != NULL));
	answer->times++;
	answer->status = status;
	answer->order = answered++;
	answer->had_rows = rows != NULL && rows_count(rows) > 0;
}

static void call_with(int id, unsigned long route, const char *request, const char *json,
                      store_done_fn *done)
{
	char number[16];
	const char *parameters[3] = { number, request, json };

	snprintf(number, sizeof number, "%d", id);
	inside_call = true;
	store_call(store, LANE_WRITE, NOTE, route, parameters, done, &answers[id]);
	inside_call = false;
	memset(number, 'x', sizeof number);    /* the store has its own copy */
}

static void call_note(int id, const char *json)
{
	char request[37];

	uuid_make(request);
	call_with(id, 0, request, json, on_answer);
}

static unsigned long long syncs(void)
{
	return store_counters(store, LANE_WRITE).syncs;
}

static void open_store_with(const char *where, int queue, int write_connections)
{
	struct store_config config = { .conninfo = where, .statements = statements,
		.statement_count = STATEMENTS, .group = GROUP, .queue = queue,
		.connections = { write_connections, 1, 1, 1 } };

	memset(answers, 0, sizeof answers);
	answered = 0;
	ready_times = 0;
	loop = loop_new();
	loop_each_turn(loop, on_turn, NULL);
	store = store_open(loop, &config, on_ready, NULL);
	assert_int_equal(ready_times, 0);
}

static void open_store(int queue, int write_connections)
{
	admin_run("TRUNCATE note, mark");
	open_store_with(conninfo, queue, write_connections);
	run_until(is_ready);
	assert_true(ready_usable);
	assert_true(store_is_up(store, LANE_WRITE));
}

static void close_store(void)
{
	store_close(store);
	loop_free(loop);
}

/* ---- the tests ---- */

static void test_calls_of_one_turn_share_syncs(void **state)
{
	(void)state;
	open_store(QUEUE, 1);
	for (int i = 0; i < 5 * GROUP; i++)
		call_note(i, "{}");
	assert_int_equal(store_pending(store, LANE_WRITE), 5 * GROUP);
	wait_for_answers(5 * GROUP);
	assert_int_equal(syncs(), 5);
	assert_int_equal(store_counters(store, LANE_WRITE).calls, 5 * GROUP);
	assert_int_equal(store_pending(store, LANE_WRITE), 0);
	for (int i = 0; i < 5 * GROUP; i++) {
		assert_int_equal(answers[i].status, STORE_OK);
		assert_int_equal(answers[i].order, i);
		assert_true(answers[i].had_rows);
	}
	close_store();
}

static void test_calls_made_while_a_sync_flies_leave_together(void **state)
{
	(void)state;
	open_store(QUEUE, 1);
	lock_hold();
	call_note(0, "{\"wait\":1}");
	run_until(somebody_waits_for_the_lock);
	for (int i = 1; i <= GROUP; i++)
		call_note(i, "{}");
	lock_release();
	wait_for_answers(GROUP + 1);
	assert_int_equal(syncs(), 2);
	close_store();
}

static void test_nothing_is_answered_before_its_commit(void **state)
{
	(void)state;
	open_store(QUEUE, 1);
	lock_hold();
	call_note(0, "{\"text\":\"first of its group\"}");
	call_note(1, "{\"wait\":1}");
	run_until(somebody_waits_for_the_lock);
	assert_int_equal(answered, 0);
	assert_int_equal(admin_number("SELECT count(*) FROM note"), 0);
	lock_release();
	wait_for_answers(2);
	assert_int_equal(syncs(), 1);
	assert_int_equal(admin_number("SELECT count(*) FROM note"), 2);
	close_store();
}

/* Asked of the database at the very moment of the answer. */
static void on_answer_look(void *context, enum store_status status, const struct rows *rows)
{
	const struct answer *answer = context;
	char query[128];

	snprintf(query, sizeof query, "SELECT count(*) FROM note WHERE id = %td", answer - answers);
	assert_int_equal(admin_number(query), 1);
	on_answer(context, status, rows);
}

static void test_an_answered_call_is_visible_to_others(void **state)
{
	char request[37];

	(void)state;
	open_store(QUEUE, 1);
	for (int i = 0; i < 3 * GROUP; i++) {
		uuid_make(request);
		call_with(i, 0, request, "{}", on_answer_look);
	}
	wait_for_answers(3 * GROUP);
	close_store();
}

static void assert_one_failed(int failed, int count)
{
	for (int i = 0; i < count; i++) {
		assert_int_equal(answers[i].times, 1);
		assert_int_equal(answers[i].status, i == failed ? STORE_FAILED : STORE_OK);
		assert_int_equal(answers[i].order, i);
	}
	assert_int_equal(admin_number("SELECT count(*) FROM note"), count - 1);
}

static void test_a_failing_call_does_not_harm_its_neighbours(void **state)
{
	(void)state;
	open_store(QUEUE, 1);
	for (int i = 0; i < 3 * GROUP; i++)
		call_note(i, i == GROUP + 3 ? "{\"fail\":1}" : "{}");
	wait_for_answers(3 * GROUP);
	assert_one_failed(GROUP + 3, 3 * GROUP);
	assert_int_equal(syncs(), 3 + GROUP);    /* three groups, and one of them call by call */
	assert_int_equal(store_counters(store, LANE_WRITE).failures, 2);
	close_store();
}

static void test_an_error_of_the_commit_itself_is_found(void **state)
{
	(void)state;
	open_store(QUEUE, 1);
	for (int i = 0; i < GROUP; i++)
		call_note(i, i == 2 ? "{\"late\":1}" : "{}");
	wait_for_answers(GROUP);
	assert_one_failed(2, GROUP);
	close_store();
}

static void test_one_route_keeps_its_order(void **state)
{
	enum { CALLS = 400, ROUTES = 5 };
	long last[ROUTES];

	(void)state;
	open_store(QUEUE, 3);
	for (int i = 0; i < CALLS; i++) {
		char request[37];

		uuid_make(request);
		call_with(i, (unsigned long)(i % ROUTES), request, "{}", on_answer);
	}
	wait_for_answers(CALLS);
	memset(last, -1, sizeof last);
	for (int i = 0; i < CALLS; i++) {
		assert_true(answers[i].order > last[i % ROUTES]);
		last[i % ROUTES] = answers[i].order;
	}
	assert_int_equal(admin_number("SELECT count(*) FROM (SELECT seq, lag(seq) OVER"
	                              " (PARTITION BY id % 5 ORDER BY id) AS before FROM note) AS x"
	                              " WHERE before > seq"), 0);
	close_store();
}

static void test_a_full_queue_says_so(void **state)
{
	enum { SMALL = 10, CALLS = 30 };
	int busy = 0;

	(void)state;
	open_store(SMALL, 1);
	for (int i = 0; i < CALLS; i++)
		call_note(i, "{}");
	wait_for_answers(CALLS);
	for (int i = 0; i < CALLS; i++) {
		assert_int_equal(answers[i].status, i < SMALL ? STORE_OK : STORE_BUSY);
		busy += answers[i].status == STORE_BUSY;
	}
	assert_int_equal(busy, CALLS - SMALL);
	close_store();
}

/* ---- reads ---- */

static void on_echo(void *context, enum store_status status, const struct rows *rows)
{
	on_answer(context, status, rows);
	if (status != STORE_OK)
		return;
	assert_int_equal(rows_count(rows), 3);
	assert_int_equal(rows_int(rows, 2, 0), 3);
	assert_string_equal(rows_text(rows, 0, 0), "3");
	assert_null(rows_text(rows, 1, 1));
	assert_int_equal(rows_int(rows, 1, 1), 0);
}

static void test_a_failing_read_stands_alone(void **state)
{
	const char *const good[] = { "3", NULL }, *const bad[] = { "0", "x" };

	(void)state;
	open_store(QUEUE, 1);
	for (int i = 0; i < 100; i++)
		store_call(store, i % 2 ? LANE_READ : LANE_SLOW, ECHO, 0, i % 10 == 4 ? bad : good,
		           on_echo, &answers[i]);
	wait_for_answers(100);
	for (int i = 0; i < 100; i++)
		assert_int_equal(answers[i].status, i % 10 == 4 ? STORE_FAILED : STORE_OK);
	assert_int_equal(store_counters(store, LANE_READ).syncs, 50);
	assert_int_equal(store_counters(store, LANE_SLOW).failures, 10);
	close_store();
}

static bool read_is_done(void)
{
	return answers[2].times > 0;
}

static void test_a_waiting_write_does_not_hold_up_reads(void **state)
{
	const char *const good[] = { "3", NULL };

	(void)state;
	open_store(QUEUE, 1);
	lock_hold();
	call_note(0, "{\"wait\":1}");
	run_until(somebody_waits_for_the_lock);
	store_call(store, LANE_READ, ECHO, 0, good, on_echo, &answers[2]);
	run_until(read_is_done);
	assert_int_equal(answers[0].times, 0);
	lock_release();
	wait_for_answers(2);
	close_store();
}

/* ---- losing the connection ---- */

static void connections_end(void)
{
	admin_run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
	          " WHERE application_name = '%s'", schema);
}

enum { LOAD = 2000, UNDER_WAY = 100 };
static char load_requests[LOAD][37];
static long load_sent, load_done, load_lost, load_away;
static struct timer *load_again;
static int load_retry[LOAD], load_retries;

static void load_call(int id);

static void on_load(void *context, enum store_status status, const struct rows *rows)
{
	struct answer *answer = context;
	int id = (int)(answer - answers);

	(void)rows;
	assert_false(inside_call);
	assert_int_equal(++answer->times, 1);
	if (status == STORE_OK) {
		load_done++;
		if (load_sent < LOAD)
			load_call((int)load_sent++);
		return;
	}
	assert_true(status == STORE_LOST || status == STORE_AWAY);
	load_lost += status == STORE_LOST;
	load_away += status == STORE_AWAY;
	load_retry[load_retries++] = id;
	timer_start(load_again, 10, 0);
}

static void load_call(int id)
{
	answers[id].times = 0;
	call_with(id, (unsigned long)id, load_requests[id], "{}", on_load);
}

static void on_load_again(void *context)
{
	int count = load_retries;

	(void)context;
	load_retries = 0;
	for (int i = 0; i < count; i++)
		load_call(load_retry[i]);
}

static long load_target;

static bool load_has_come_to_target(void)
{
	return load_done >= load_target;
}

static void test_killed_connections_lose_and_double_nothing(void **state)
{
	(void)state;
	open_store(QUEUE, 2);
	load_sent = load_done = load_lost = load_away = load_retries = 0;
	load_again = loop_timer(loop, on_load_again, NULL);
	for (int i = 0; i < LOAD; i++)
		uuid_make(load_requests[i]);
	while (load_sent < UNDER_WAY)
		load_call((int)load_sent++);
	for (load_target = LOAD / 4; load_target < LOAD; load_target += LOAD / 4) {
		run_until(load_has_come_to_target);
		connections_end();
	}
	load_target = LOAD;
	run_until(load_has_come_to_target);
	for (int i = 0; i < LOAD; i++)
		assert_int_equal(answers[i].times, 1);
	assert_true(load_lost > 0);
	assert_true(load_away > 0);
	assert_int_equal(store_pending(store, LANE_WRITE), 0);
	assert_int_equal(admin_number("SELECT count(*) FROM note"), LOAD);
	assert_true(store_counters(store, LANE_WRITE).losses >= 2);
	assert_true(store_counters(store, LANE_WRITE).reconnects >= 2);
	timer_end(load_again);
	close_store();
}

static void test_a_killed_call_is_lost_and_those_behind_it_were_never_sent(void **state)
{
	(void)state;
	open_store(QUEUE, 1);
	lock_hold();
	call_note(0, "{\"wait\":1}");
	run_until(somebody_waits_for_the_lock);
	for (int i = 1; i < 2 * GROUP; i++)
		call_note(i, "{}");
	connections_end();
	wait_for_answers(2 * GROUP);
	assert_int_equal(answers[0].status, STORE_LOST);
	for (int i = 1; i < 2 * GROUP; i++)
		assert_int_equal(answers[i].status, STORE_AWAY);
	lock_release();
	assert_int_equal(admin_number("SELECT count(*) FROM note"), 0);
	close_store();
}

static void test_without_a_database_calls_are_away(void **state)
{
	(void)state;
	open_store_with("host=/nonexistent", QUEUE, 1);
	assert_false(store_is_up(store, LANE_WRITE));
	call_note(0, "{}");
	assert_int_equal(answered, 0);
	wait_for_answers(1);
	assert_int_equal(answers[0].status, STORE_AWAY);
	assert_int_equal(ready_times, 0);
	close_store();
}

/* ---- opening and closing ---- */

static void test_a_schema_that_does_not_fit_is_refused(void **state)
{
	struct store_statement kept = statements[ECHO];

	(void)state;
	statements[ECHO].function = "no_such_function";
	open_store_with(conninfo, QUEUE, 1);
	run_until(is_ready);
	assert_false(ready_usable);
	call_note(0, "{}");
	wait_for_answers(1);
	assert_int_equal(answers[0].status, STORE_AWAY);
	assert_int_equal(ready_times, 1);
	close_store();
	statements[ECHO] = kept;
	statements[ECHO].parameters = 3;
	open_store_with(conninfo, QUEUE, 1);
	run_until(is_ready);
	assert_false(ready_usable);
	close_store();
	statements[ECHO] = kept;
}

static void test_closing_answers_what_waits(void **state)
{
	(void)state;
	open_store(QUEUE, 1);
	lock_hold();
	call_note(0, "{\"wait\":1}");
	run_until(somebody_waits_for_the_lock);
	for (int i = 1; i < 5; i++)
		call_note(i, "{}");
	store_close(store);
	assert_int_equal(answered, 5);
	assert_int_equal(answers[0].status, STORE_LOST);
	assert_int_equal(answers[4].status, STORE_AWAY);
	lock_release();
	loop_free(loop);
}

static void on_answer_close(void *context, enum store_status status, const struct rows *rows)
{
	on_answer(context, status, rows);
	store_close(store);
}

static void test_an_answer_may_close_the_store(void **state)
{
	char request[37];

	(void)state;
	open_store(QUEUE, 1);
	uuid_make(request);
	call_with(0, 0, request, "{}", on_answer_close);
	for (int i = 1; i < 3 * GROUP; i++)
		call_note(i, "{}");
	wait_for_answers(3 * GROUP);
	for (int i = 0; i < GROUP; i++)
		assert_int_equal(answers[i].status, STORE_OK);
	assert_int_equal(answers[3 * GROUP - 1].status, STORE_AWAY);
	loop_free(loop);
}

/* ---- the frame ---- */

static int set_up(void **state)
{
	const char *database = getenv("HOTLINE_TEST_DATABASE");

	(void)state;
	if (database == NULL) {
		fputs("HOTLINE_TEST_DATABASE names no database: set it to a connection string\n", stderr);
		return -1;
	}
	admin = PQconnectdb(database);
	if (PQstatus(admin) != CONNECTION_OK) {
		fputs(PQerrorMessage(admin), stderr);
		return -1;
	}
	snprintf(schema, sizeof schema, "test_store_%ld", (long)getpid());
	snprintf(conninfo, sizeof conninfo, "%s application_name=%s", database, schema);
	snprintf(note_name, sizeof note_name, "%s.note", schema);
	snprintf(echo_name, sizeof echo_name, "%s.echo", schema);
	admin_run("SET client_min_messages = warning");
	admin_run("CREATE SCHEMA %s", schema);
	admin_run("SET search_path = %s", schema);
	admin_run("%s", schema_text);
	admin_run("ALTER FUNCTION note SET search_path = %s", schema);
	log_level_set(LOG_ERROR);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	/* A connection that the last test closed may still hold what it had locked. */
	admin_run("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = '%s'", schema);
	admin_run("DROP SCHEMA %s CASCADE", schema);
	PQfinish(admin);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calls_of_one_turn_share_syncs),
		cmocka_unit_test(test_calls_made_while_a_sync_flies_leave_together),
		cmocka_unit_test(test_nothing_is_answered_before_its_commit),
		cmocka_unit_test(test_an_answered_call_is_visible_to_others),
		cmocka_unit_test(test_a_failing_call_does_not_harm_its_neighbours),
		cmocka_unit_test(test_an_error_of_the_commit_itself_is_found),
		cmocka_unit_test(test_one_route_keeps_its_order),
		cmocka_unit_test(test_a_full_queue_says_so),
		cmocka_unit_test(test_a_failing_read_stands_alone),
		cmocka_unit_test(test_a_waiting_write_does_not_hold_up_reads),
		cmocka_unit_test(test_killed_connections_lose_and_double_nothing),
		cmocka_unit_test(test_a_killed_call_is_lost_and_those_behind_it_were_never_sent),
		cmocka_unit_test(test_without_a_database_calls_are_away),
		cmocka_unit_test(test_a_schema_that_does_not_fit_is_refused),
		cmocka_unit_test(test_closing_answers_what_waits),
		cmocka_unit_test(test_an_answer_may_close_the_store),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
