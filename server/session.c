/* session.c — who sits at a link, and until when: hello, logout, ended sessions, agents' leases. */
#include "session.h"
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../routing/flow.h"
#include "../routing/terms.h"
#include "config.h"
#include "feed.h"
#include "log.h"
#include "login.h"
#include "loop.h"
#include "room.h"
#include "seal.h"
#include "store.h"

enum { CHECK_MS = 3000, CHECK_MOST = 500, LEASE_EVERY_MS = 5000, LEASE_MS = 15000 };

struct sessions {
	struct room *room;
	struct logins *logins;
	struct timer *check, *lease;
	int checking;            /* questions about ended sessions under way */
};

static void ask(struct room *room, enum store_lane lane, enum statement statement, json_t *params,
                store_done_fn *done, void *context)
{
	char *text = json_dumps(params, JSON_COMPACT);

	json_decref(params);
	store_call(room->store, lane, statement_number(statement), 0, (const char *const[]){ "0", NULL, text },
	           done, context);
	free(text);
}

/* ---- hello ------------------------------------------------------------------------------------ */

enum judged judge_hello(struct room *room, struct ask *request)
{
	const char *cookie = link_cookie(room->front, request->link);
	char digest[65];

	if (!cookie || !*cookie) {
		ask_refuse(room, request, REFUSE_not_logged_in, NULL, NULL);
		return JUDGE_DONE;
	}
	token_digest(cookie, digest);
	json_object_set_new(request->params, "digest", json_string(digest));
	return JUDGE_PASS;
}

static void on_seat_told(void *context, enum store_status status, const struct rows *rows)
{
	struct room *room = context;

	if (status == STORE_OK)
		feed_publish(room, rows);
	else
		log_line(LOG_WARN, "session", "a seat could not be told of its console", NULL);
}

static void link_name(const struct room *room, link_id link, char *out, size_t size)
{
	snprintf(out, size, "%s:%" PRIu64, room->instance, link);
}

static void seat_arrive(struct room *room, link_id link, int account)
{
	json_int_t now = wall_ms();
	char name[80];

	link_name(room, link, name, sizeof name);
	ask(room, LANE_WRITE, STATEMENT_seat_arrive, json_pack("{s:i, s:s, s:I, s:I}", "account", account,
		"link", name, "at", now, "lease", now + LEASE_MS), on_seat_told, room);
}

void session_link_gone(struct room *room, link_id link, const struct seat *seat)
{
	char name[80];

	if (seat->role != ROLE_agent)
		return;
	link_name(room, link, name, sizeof name);
	ask(room, LANE_WRITE, STATEMENT_seat_leave, json_pack("{s:i, s:s, s:I}", "account", seat->account,
		"link", name, "at", (json_int_t)wall_ms()), on_seat_told, room);
}

static void seat_take(struct seat *seat, const json_t *hello, const char *digest)
{
	const char *region = json_string_value(json_object_get(hello, "region"));

	seat->account = (int)json_integer_value(json_object_get(hello, "account"));
	seat->role = (unsigned)json_integer_value(json_object_get(hello, "role"));
	seat->dept = (int)json_integer_value(json_object_get(hello, "dept"));
	snprintf(seat->region, sizeof seat->region, "%s", region ? region : "");
	snprintf(seat->session, sizeof seat->session, "%s", digest);
}

void finish_hello(struct room *room, struct ask *request, const char *reply)
{
	json_t *hello = json_loads(reply, 0, NULL);
	const char *digest = json_string_value(json_object_get(request->params, "digest"));
	const char *term;
	struct seat *seat = link_seat(room->front, request->link);
	link_id link = request->link;
	struct seat arrived = { .account = 0 };

	if (!json_is_object(hello)) {
		json_decref(hello);
		ask_refuse(room, request, REFUSE_internal, NULL, NULL);
		return;
	}
	seat_take(&arrived, hello, digest);
	term = term_text(TERMS_ROLE, (int)arrived.role);
	if (seat) {
		arrived.topics = seat->topics;
		arrived.under_way = seat->under_way;
		*seat = arrived;
	}
	json_object_set_new(hello, "role_term", json_string(term ? term : ""));
	json_object_set_new(hello, "now", json_integer(wall_ms()));
	json_object_set_new(hello, "epoch", json_string(feed_epoch(room->feed)));
	json_object_set_new(hello, "pos", json_string(feed_position(room->feed)));
	json_object_set_new(hello, "heartbeat", json_integer(room->config->ping_seconds));
	ask_answer_json(room, request, hello);
	if (seat && arrived.role == ROLE_agent)
		seat_arrive(room, link, arrived.account);
}

/* ---- logout and the end of sessions ------------------------------------------------------------- */

struct ending { struct room *room; const json_t *ended; };

static void close_if_ended(void *context, link_id link, struct seat *seat)
{
	const struct ending *ending = context;
	size_t i;
	const json_t *digest;

	if (!seat->session[0])
		return;
	json_array_foreach(ending->ended, i, digest)
		if (strcmp(seat->session, json_string_value(digest)) == 0) {
			link_close(ending->room->front, link, CLOSE_LOGGED_OUT, "logged out");
			return;
		}
}

static void close_ended(struct room *room, const json_t *ended)
{
	struct ending ending = { room, ended };

	if (json_array_size(ended) > 0)
		front_each(room->front, close_if_ended, &ending);
}

struct logout { struct room *room; struct http_request *request; char digest[65]; };

static void on_closed(void *context, enum store_status status, const struct rows *rows)
{
	struct logout *logout = context;
	json_t *ended;

	(void)rows;
	if (status == STORE_OK) {
		ended = json_pack("[s]", logout->digest);
		close_ended(logout->room, ended);
		json_decref(ended);
		http_reply(logout->request, 200, "application/json; charset=utf-8",
		           "Set-Cookie: sid=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0\r\n", "{}", 2);
	} else {
		http_refuse(logout->request, 503, "store_away", "数据库暂时不可用，请稍后重试");
	}
	free(logout);
}

static void logout_handle(void *context, struct http_request *request)
{
	struct room *room = context;
	struct logout *logout;
	char cookie[128];

	if (!http_origin_ok(request)) {
		http_refuse(request, 403, "origin", "不允许从其他网站退出");
		return;
	}
	if (!http_cookie(request, "sid", cookie, sizeof cookie) || !(logout = calloc(1, sizeof *logout))) {
		http_refuse(request, 401, "not_logged_in", "尚未登录");
		return;
	}
	logout->room = room;
	logout->request = request;
	token_digest(cookie, logout->digest);
	ask(room, LANE_WRITE, STATEMENT_session_close, json_pack("{s:s, s:I}", "digest", logout->digest,
		"at", (json_int_t)wall_ms()), on_closed, logout);
}

static void on_session_checked(void *context, enum store_status status, const struct rows *rows)
{
	struct sessions *sessions = context;
	json_t *reply = NULL;

	sessions->checking--;
	if (status == STORE_OK && rows_count(rows) > 0 && strcmp(rows_text(rows, 0, 0), "reply") == 0)
		reply = json_loads(rows_text(rows, 0, 1), 0, NULL);
	close_ended(sessions->room, json_object_get(reply, "ended"));
	json_decref(reply);
}

struct gathering { struct sessions *sessions; json_t *digests; json_t *agents; };

static void check_gathered(struct gathering *gathering)
{
	if (json_array_size(gathering->digests) == 0)
		return;
	gathering->sessions->checking++;
	ask(gathering->sessions->room, LANE_READ, STATEMENT_session_check, json_pack("{s:O, s:I}",
		"digests", gathering->digests, "at", (json_int_t)wall_ms()), on_session_checked, gathering->sessions);
	json_array_clear(gathering->digests);
}

static void gather_session(void *context, link_id link, struct seat *seat)
{
	struct gathering *gathering = context;

	(void)link;
	if (!seat->session[0])
		return;
	json_array_append_new(gathering->digests, json_string(seat->session));
	if (json_array_size(gathering->digests) == CHECK_MOST)
		check_gathered(gathering);
}

static void on_check(void *context)
{
	struct sessions *sessions = context;
	struct gathering gathering = { .sessions = sessions, .digests = json_array() };

	if (sessions->checking == 0 && store_is_up(sessions->room->store, LANE_READ)) {
		front_each(sessions->room->front, gather_session, &gathering);
		check_gathered(&gathering);
	}
	json_decref(gathering.digests);
}

/* ---- agents' leases ----------------------------------------------------------------------------- */

static void gather_agent(void *context, link_id link, struct seat *seat)
{
	struct gathering *gathering = context;

	(void)link;
	if (seat->role == ROLE_agent)
		json_array_append_new(gathering->agents, json_integer(seat->account));
}

static void on_leased(void *context, enum store_status status, const struct rows *rows)
{
	struct room *room = context;

	if (status == STORE_OK)
		feed_publish(room, rows);
	else
		log_line(LOG_WARN, "session", "leases could not be renewed", NULL);
}

static void on_lease(void *context)
{
	struct sessions *sessions = context;
	struct gathering gathering = { .sessions = sessions, .agents = json_array() };
	json_int_t now = wall_ms();

	front_each(sessions->room->front, gather_agent, &gathering);
	if (json_array_size(gathering.agents) > 0)
		ask(sessions->room, LANE_WRITE, STATEMENT_seat_lease, json_pack("{s:O, s:I, s:I}",
			"accounts", gathering.agents, "at", now, "lease", now + LEASE_MS), on_leased,
			sessions->room);
	json_decref(gathering.agents);
}

/* ---- the room ------------------------------------------------------------------------------------ */

void sessions_open(struct room *room)
{
	struct sessions *sessions = calloc(1, sizeof *sessions);

	if (!sessions)
		abort();
	sessions->room = room;
	sessions->logins = logins_new(room);
	sessions->check = loop_timer(room->loop, on_check, sessions);
	sessions->lease = loop_timer(room->loop, on_lease, sessions);
	room->sessions = sessions;
}

void sessions_start(struct room *room)
{
	timer_start(room->sessions->check, CHECK_MS, CHECK_MS);
	timer_start(room->sessions->lease, LEASE_EVERY_MS, LEASE_EVERY_MS);
}

void sessions_stop(struct room *room)
{
	struct sessions *sessions = room->sessions;

	if (!sessions || !sessions->check)
		return;
	timer_end(sessions->check);
	timer_end(sessions->lease);
	sessions->check = sessions->lease = NULL;
}

bool sessions_busy(const struct room *room)
{
	return logins_busy(room->sessions->logins);
}

void sessions_close(struct room *room)
{
	if (!room->sessions)
		return;
	logins_free(room->sessions->logins);
	free(room->sessions);
	room->sessions = NULL;
}

size_t sessions_routes(struct room *room, struct http_route routes[SESSION_ROUTES])
{
	routes[0] = (struct http_route){ "POST", "/api/login", login_handle, room->sessions->logins };
	routes[1] = (struct http_route){ "POST", "/api/logout", logout_handle, room };
	return SESSION_ROUTES;
}
