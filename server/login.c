/* login.c — POST /api/login: from a name and a password to a session cookie. */
#include <jansson.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "config.h"
#include "log.h"
#include "login.h"
#include "loop.h"
#include "parameters.h"
#include "rate.h"
#include "room.h"
#include "seal.h"
#include "store.h"

/* Each check of a password takes 64 MiB and a good part of a tenth of a second: no more than this
 * many wait for a worker. */
enum { LOGINS_MOST = 64, PASSWORD_MOST = 200 };

struct logins {
	struct room *room;
	struct rate *rate;
	char dummy[128];         /* hash of a password that nobody knows */
	bool dummy_made;
	bool closed;             /* while the dummy was still being made: freed when it is */
	int under_way;
};

/* One attempt, from the request to its reply. */
struct login {
	struct logins *logins;
	struct http_request *request;
	char password[PASSWORD_MOST + 1];
	char hash[128];
	bool matches;
	int account;             /* 0: there is no such login */
	bool active;
	int role;
	char name[128], login[128], ip[64];
	char token[65];
	bool secure;
};

static const char json_content[] = "application/json; charset=utf-8";

static void login_free(struct login *login)
{
	login->logins->under_way--;
	explicit_bzero(login, sizeof *login);
	free(login);
}

static void refuse(struct login *login, int status, const char *code, const char *message)
{
	log_line(LOG_INFO, "login", "refused", "code", code, "login", login->login, "ip", login->ip, NULL);
	http_refuse(login->request, status, code, message);
	login_free(login);
}

static void refuse_wrong(struct login *login, int left)
{
	char message[160];

	if (left > 0)
		snprintf(message, sizeof message, "账号或密码错误，再错 %d 次将锁定账号", left);
	else
		snprintf(message, sizeof message, "账号或密码错误");
	refuse(login, 401, "wrong_password", message);
}

/* Beijing time: whoever reads it sits there. */
static void refuse_locked(struct login *login, int64_t until_ms)
{
	time_t until = (time_t)(until_ms / 1000 + 8 * 3600 + 59);
	struct tm at;
	char message[160];

	gmtime_r(&until, &at);
	snprintf(message, sizeof message, "密码错误次数过多，账号已锁定，请在 %02d:%02d 之后重试，或请管理员解锁",
	         at.tm_hour, at.tm_min);
	refuse(login, 423, "locked", message);
}

static void refuse_away(struct login *login)
{
	refuse(login, 503, "store_away", "数据库暂时不可用，请稍后重试");
}

/* The body of the first row when it is a reply; NULL otherwise. */
static json_t *reply_of(enum store_status status, const struct rows *rows)
{
	if (status != STORE_OK || rows_count(rows) == 0 || strcmp(rows_text(rows, 0, 0), "reply") != 0)
		return NULL;
	return json_loads(rows_text(rows, 0, 1), 0, NULL);
}

static void ask(struct login *login, enum store_lane lane, enum statement statement, json_t *params,
                store_done_fn *done)
{
	char *text = json_dumps(params, JSON_COMPACT);

	json_decref(params);
	store_call(login->logins->room->store, lane, statement_number(statement), (unsigned long)login->account,
	           (const char *const[]){ "0", NULL, text }, done, login);
	free(text);
}

/* ---- the end of an attempt ------------------------------------------------------------------ */

static void on_opened(void *context, enum store_status status, const struct rows *rows)
{
	struct login *login = context;
	json_t *reply = reply_of(status, rows);
	char headers[256];
	char *body;

	if (!reply) {
		refuse_away(login);
		return;
	}
	json_decref(reply);
	snprintf(headers, sizeof headers, "Set-Cookie: sid=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%d%s\r\n",
	         login->token, login->logins->room->config->session_hours * 3600, login->secure ? "; Secure" : "");
	reply = json_pack("{s:i, s:s, s:i}", "account", login->account, "name", login->name, "role", login->role);
	body = json_dumps(reply, JSON_COMPACT);
	http_reply(login->request, 200, json_content, headers, body, strlen(body));
	log_line(LOG_INFO, "login", "in", "login", login->login, "ip", login->ip, NULL);
	free(body);
	json_decref(reply);
	login_free(login);
}

static void session_make(struct login *login)
{
	const struct config *config = login->logins->room->config;
	json_int_t now = wall_ms();
	char digest[65];

	token_make(login->token);
	token_digest(login->token, digest);
	ask(login, LANE_WRITE, STATEMENT_session_open, json_pack("{s:s, s:i, s:I, s:I, s:s}", "digest", digest,
		"account", login->account, "at", now, "expires", now + config->session_hours * (json_int_t)3600000,
		"ip", login->ip), on_opened);
}

static void on_failed(void *context, enum store_status status, const struct rows *rows)
{
	struct login *login = context;
	json_t *reply = reply_of(status, rows);
	int64_t until = json_integer_value(json_object_get(reply, "locked_until"));
	int left = (int)json_integer_value(json_object_get(reply, "left"));

	json_decref(reply);
	if (until > wall_ms())
		refuse_locked(login, until);
	else
		refuse_wrong(login, left);
}

/* ---- the password, on a worker thread -------------------------------------------------------- */

static void check_password(void *context)
{
	struct login *login = context;

	login->matches = password_matches(login->hash, login->password);
	explicit_bzero(login->password, sizeof login->password);
}

static void on_checked(void *context)
{
	struct login *login = context;
	const struct config *config = login->logins->room->config;

	if (login->account == 0)
		refuse_wrong(login, 0);
	else if (!login->matches)
		ask(login, LANE_WRITE, STATEMENT_login_failed, json_pack("{s:i, s:I, s:i, s:i}",
			"account", login->account, "at", (json_int_t)wall_ms(), "tries", config->login_tries,
			"lock_ms", config->lock_minutes * 60000), on_failed);
	else if (!login->active)
		refuse(login, 401, "disabled", "账号已停用，请联系管理员");
	else
		session_make(login);
}

/* Cut between characters: half of one would be no JSON again. */
static void copy_text(const json_t *object, const char *name, char *out, size_t room)
{
	const char *text = json_string_value(json_object_get(object, name));
	size_t len = text ? strnlen(text, room - 1) : 0;

	while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80)
		len--;
	memcpy(out, text ? text : "", len);
	out[len] = '\0';
}

/* A login that does not exist costs the same time as one that does. */
static void on_found(void *context, enum store_status status, const struct rows *rows)
{
	struct login *login = context;
	json_t *reply = reply_of(status, rows);
	int64_t until = json_integer_value(json_object_get(reply, "locked_until"));

	if (status != STORE_OK) {
		refuse_away(login);
		return;
	}
	if (reply) {
		login->account = (int)json_integer_value(json_object_get(reply, "account"));
		login->active = json_is_true(json_object_get(reply, "active"));
		login->role = (int)json_integer_value(json_object_get(reply, "role"));
		copy_text(reply, "hash", login->hash, sizeof login->hash);
		copy_text(reply, "name", login->name, sizeof login->name);
		json_decref(reply);
	} else if (login->logins->dummy_made) {
		memcpy(login->hash, login->logins->dummy, sizeof login->hash);
	}
	if (until > wall_ms())
		refuse_locked(login, until);
	else
		loop_work(login->logins->room->loop, check_password, on_checked, login);
}

/* ---- the request ------------------------------------------------------------------------------ */

static bool credentials_take(struct login *login, const char *body, size_t len)
{
	json_t *root = json_loadb(body, len, JSON_REJECT_DUPLICATES, NULL), *faults = NULL;
	const json_t *password = json_object_get(root, "password");
	bool ok = json_is_string(password) && json_string_length(password) > 0 &&
	          json_string_length(password) <= PASSWORD_MOST;

	if (ok)
		memcpy(login->password, json_string_value(password), json_string_length(password) + 1);
	json_object_del(root, "password");
	ok = ok && parameters_check("login:text(40)", root, &faults);
	if (ok)
		copy_text(root, "login", login->login, sizeof login->login);
	json_decref(faults);
	json_decref(root);
	return ok;
}

static bool is_secure(const struct config *config, const struct http_request *request)
{
	char scheme[16];

	return *config->tls_cert || (http_header(request, "x-forwarded-proto", scheme, sizeof scheme) &&
	                             strcmp(scheme, "https") == 0);
}

static bool may_try(struct logins *logins, struct http_request *request)
{
	const char *ip = http_ip(request);

	if (!http_origin_ok(request)) {
		http_refuse(request, 403, "origin", "不允许从其他网站登录");
		return false;
	}
	if (!rate_take(logins->rate, ip, loop_ms(logins->room->loop))) {
		log_line(LOG_WARN, "login", "refused", "code", "too_fast", "ip", ip, NULL);
		http_refuse(request, 429, "too_fast", "登录尝试过于频繁，请一分钟后再试");
		return false;
	}
	if (logins->under_way >= LOGINS_MOST) {
		http_refuse(request, 503, "store_busy", "登录人数较多，请稍后重试");
		return false;
	}
	return true;
}

void login_handle(void *context, struct http_request *request)
{
	struct logins *logins = context;
	struct login *login;
	size_t len;
	const char *body = http_body(request, &len);

	if (!may_try(logins, request))
		return;
	login = calloc(1, sizeof *login);
	if (!login) {
		http_refuse(request, 503, "store_busy", "系统繁忙，请稍后重试");
		return;
	}
	login->logins = logins;
	login->request = request;
	login->secure = is_secure(logins->room->config, request);
	snprintf(login->ip, sizeof login->ip, "%s", http_ip(request));
	logins->under_way++;
	if (credentials_take(login, body, len))
		ask(login, LANE_READ, STATEMENT_login_find,
		    json_pack("{s:s, s:I}", "login", login->login, "at", (json_int_t)wall_ms()), on_found);
	else
		refuse(login, 400, "bad_params", "请填写账号和密码");
}

static void make_dummy(void *context)
{
	struct logins *logins = context;
	char token[65];

	token_make(token);
	if (!password_hash(token, logins->dummy))
		logins->dummy[0] = '\0';
}

static void on_dummy(void *context)
{
	struct logins *logins = context;

	logins->dummy_made = true;
	if (logins->closed)
		free(logins);
}

struct logins *logins_new(struct room *room)
{
	struct logins *logins = calloc(1, sizeof *logins);

	if (!logins || !(logins->rate = rate_new(room->config->logins_per_minute, 60000)))
		abort();
	logins->room = room;
	loop_work(room->loop, make_dummy, on_dummy, logins);
	return logins;
}

bool logins_busy(const struct logins *logins)
{
	return logins->under_way > 0 || !logins->dummy_made;
}

void logins_free(struct logins *logins)
{
	rate_free(logins->rate);
	logins->closed = true;
	if (logins->dummy_made)
		free(logins);
}
