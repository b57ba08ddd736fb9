/* http.c — requests: reading one, finding who answers it, and the reply, now or later. */
#include "front_internal.h"

#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "http_parse.h"

enum { HEAD_ROOM = 1400, FILE_PIECE = 65536, PIECES_PER_TURN = 16, REFUSAL_ROOM = 600 };

#define SECURITY_HEADERS \
	"Content-Security-Policy: default-src 'self'; style-src 'self' 'unsafe-inline'; " \
	"connect-src 'self' ws: wss:; img-src 'self' data:\r\n" \
	"X-Content-Type-Options: nosniff\r\nX-Frame-Options: DENY\r\nReferrer-Policy: same-origin\r\n"
#define TLS_HEADERS "Strict-Transport-Security: max-age=31536000\r\n"

static const char *status_text(int status)
{
	static const struct { int status; const char *text; } texts[] = {
		{200, "OK"}, {201, "Created"}, {202, "Accepted"}, {204, "No Content"},
		{304, "Not Modified"}, {400, "Bad Request"}, {401, "Unauthorized"},
		{403, "Forbidden"}, {404, "Not Found"}, {405, "Method Not Allowed"},
		{409, "Conflict"}, {411, "Length Required"}, {413, "Content Too Large"},
		{415, "Unsupported Media Type"}, {422, "Unprocessable Content"}, {423, "Locked"},
		{426, "Upgrade Required"}, {429, "Too Many Requests"},
		{500, "Internal Server Error"}, {503, "Service Unavailable"}
	};
	size_t i;

	for (i = 0; i < sizeof texts / sizeof *texts; i++)
		if (texts[i].status == status)
			return texts[i].text;
	return "Other";
}

/* --- the end of a request --------------------------------------------------------------------- */

static void request_free(struct http_request *request)
{
	if (request->fd >= 0)
		close(request->fd);
	free(request->path);
	free(request->arguments);
	free(request->body);
	free(request);
}

void http_orphan(struct http_request *request)
{
	request->caller->request = NULL;
	request->caller = NULL;
	if (!request->held)
		request_free(request);
}

static void reading_set(struct caller *caller, bool on)
{
	if (caller->paused != on)
		return;
	caller->paused = !on;
	lws_rx_flow_control(caller->wsi, on);
}

/* The reply is written. Go on to the next request, or part. */
static void request_finish(struct http_request *request)
{
	struct caller *caller = request->caller;
	bool reads_on = request->reads_on && !lws_partial_buffered(caller->wsi);
	bool part = request->part || caller->front->draining;

	caller->request = NULL;
	request_free(request);
	if (reads_on) {
		/* Closing now would reset the connection under the reply: stop talking, and let
		 * libwebsockets swallow what still comes until the caller has read and hung up. */
		shutdown(caller->fd, SHUT_WR);
		caller_patience(caller, PHASE_LEAVING, PATIENCE_CLOSE);
	} else if (part) {
		caller_close(caller);
	} else {
		caller_patience(caller, PHASE_HEADERS, PATIENCE_IDLE);
		if (lws_http_transaction_completed(caller->wsi))
			caller_close(caller);
	}
}

/* --- writing ---------------------------------------------------------------------------------- */

/* Status line and all header fields into the output buffer, with room for body bytes behind. */
static size_t head_write(struct caller *caller, int status, const char *fields, const char *type,
                         uint64_t length, size_t body_room, bool part)
{
	struct front *front = caller->front;
	size_t room = HEAD_ROOM + strlen(fields);
	char *out = (char *)front_out(front, room + body_room);
	int len = snprintf(out, room, "HTTP/1.1 %d %s\r\n%s%s%s", status, status_text(status),
	                   SECURITY_HEADERS, front->config.tls_cert ? TLS_HEADERS : "", fields);

	if (type)
		len += snprintf(out + len, room - (size_t)len, "Content-Type: %.200s\r\n", type);
	if (status != 304 && status != 204)
		len += snprintf(out + len, room - (size_t)len, "Content-Length: %llu\r\n",
		                (unsigned long long)length);
	if (!strcasestr(fields, "cache-control:"))
		len += snprintf(out + len, room - (size_t)len, "Cache-Control: no-store\r\n");
	if (part || front->draining)
		len += snprintf(out + len, room - (size_t)len, "Connection: close\r\n");
	len += snprintf(out + len, room - (size_t)len, "\r\n");
	return (size_t)len;
}

void http_reply(struct http_request *request, int status, const char *content_type,
                const char *headers, const char *body, size_t len)
{
	struct caller *caller = request->caller;
	size_t head;

	if (!caller || caller->doomed) {
		request->held = false;
		if (caller)
			http_orphan(request);
		else
			request_free(request);
		return;
	}
	if (caller->phase == PHASE_BODY && request->body_due)
		request->part = request->reads_on = true;
	reading_set(caller, true);
	head = head_write(caller, status, headers ? headers : "", content_type, len, len, request->part);
	if (request->head_only)
		len = 0;
	if (len)
		memcpy(caller->front->out + LWS_PRE + head, body, len);
	if (lws_write(caller->wsi, caller->front->out + LWS_PRE, head + len, LWS_WRITE_HTTP) < 0)
		request->part = true;
	request_finish(request);
}

/* {"error":{…}} as text; the caller frees it. */
static char *refusal_text(const char *code, const char *message)
{
	json_t *json = json_pack("{s:{s:s,s:s}}", "error", "code", code, "message", message);
	char *text = json_dumps(json, JSON_COMPACT);

	json_decref(json);
	return text ? text : strdup("{\"error\":{\"code\":\"internal\"}}");
}

void http_refuse(struct http_request *request, int status, const char *code, const char *message)
{
	char *text = refusal_text(code, message);

	http_reply(request, status, "application/json; charset=utf-8", NULL, text, strlen(text));
	free(text);
}

void http_turn_away(struct caller *caller, int status, const char *headers, const char *message)
{
	char *text = refusal_text("link_refused", message);
	size_t len = strlen(text);
	size_t head = head_write(caller, status, headers ? headers : "",
	                         "application/json; charset=utf-8", len, len, true);

	memcpy(caller->front->out + LWS_PRE + head, text, len);
	free(text);
	caller_patience(caller, PHASE_HEADERS, PATIENCE_CLOSE);
	lws_write(caller->wsi, caller->front->out + LWS_PRE, head + len, LWS_WRITE_HTTP);
}

/* --- files ------------------------------------------------------------------------------------ */

void http_send_file(struct http_request *request, const char *headers, int fd, uint64_t size)
{
	struct caller *caller = request->caller;
	size_t head = head_write(caller, 200, headers, NULL, size, 0, false);

	request->fd = fd;
	request->left = request->head_only ? 0 : size;
	caller_patience(caller, PHASE_SENDING, PATIENCE_SEND);
	if (lws_write(caller->wsi, caller->front->out + LWS_PRE, head, LWS_WRITE_HTTP) < 0)
		caller_close(caller);
	else
		http_pump(caller);
}

/* Send the next pieces of the file; called again whenever the socket takes more. */
void http_pump(struct caller *caller)
{
	struct http_request *request = caller->request;
	int pieces;

	if (caller->phase != PHASE_SENDING || caller->doomed)
		return;
	for (pieces = 0; request->left && pieces < PIECES_PER_TURN; pieces++) {
		size_t want = request->left < FILE_PIECE ? (size_t)request->left : FILE_PIECE;
		unsigned char *out = front_out(caller->front, FILE_PIECE);
		ssize_t got;

		if (lws_partial_buffered(caller->wsi))
			return;
		got = read(request->fd, out, want);
		/* A file that became shorter cannot be mended after its length was told. */
		if (got <= 0 || lws_write(caller->wsi, out, (size_t)got, LWS_WRITE_HTTP) < 0) {
			caller_close(caller);
			return;
		}
		request->left -= (uint64_t)got;
		caller_patience(caller, PHASE_SENDING, PATIENCE_SEND);
	}
	if (request->left)
		lws_callback_on_writable(caller->wsi);
	else
		request_finish(request);
}

/* --- finding who answers ---------------------------------------------------------------------- */

static bool path_matches(const char *pattern, const char *path)
{
	size_t len = strlen(pattern);

	if (len && pattern[len - 1] == '*')
		return !strncmp(pattern, path, len - 1);
	return !strcmp(pattern, path);
}

/* Sets route; otherwise fills allow with the methods that the path has, "" for none. */
static void route_find(struct http_request *request, char *allow, size_t room)
{
	const struct front_config *config = &request->caller->front->config;
	size_t i, used = 0;

	*allow = '\0';
	for (i = 0; i < config->route_count; i++) {
		const struct http_route *route = &config->routes[i];

		if (!path_matches(route->path, request->path))
			continue;
		if (!strcmp(route->method, request->method)
		    || (request->head_only && !strcmp(route->method, "GET"))) {
			request->route = route;
			return;
		}
		used += (size_t)snprintf(allow + used, room - used, "%s%s", used ? ", " : "", route->method);
		if (used >= room)
			used = room - 1;
	}
}

/* Paths that belong to the machine: never a page of the console. */
static bool path_reserved(const char *path)
{
	static const char *const reserved[] = {"/api", "/switch", WS_PATH, "/healthz", "/metrics"};
	size_t i;

	for (i = 0; i < sizeof reserved / sizeof *reserved; i++) {
		size_t len = strlen(reserved[i]);

		if (!strncmp(path, reserved[i], len) && (!path[len] || path[len] == '/'))
			return true;
	}
	return false;
}

static void refuse_method(struct http_request *request, const char *allow)
{
	char headers[200];
	char *text = refusal_text("method_not_allowed", "此地址不支持这种请求方法");

	snprintf(headers, sizeof headers, "Allow: %s\r\n", allow);
	http_reply(request, 405, "application/json; charset=utf-8", headers, text, strlen(text));
	free(text);
}

/* The request is complete: a handler's turn, which may answer now or later. */
static void request_dispatch(struct http_request *request)
{
	struct caller *caller = request->caller;

	request->body_due = 0;
	if (!request->route) {
		static_serve(request);
		return;
	}
	caller_patience(caller, PHASE_WAITING, PATIENCE_REPLY);
	lws_set_timeout(caller->wsi, NO_PENDING_TIMEOUT, 0);
	request->held = true;
	request->route->handle(request->route->context, request);
	/* Unread input would wake libwebsockets for ever while it may not read. */
	if (caller->phase == PHASE_WAITING)
		reading_set(caller, false);
}

/* --- reading ---------------------------------------------------------------------------------- */

static const char *method_name(struct lws *wsi)
{
	static const char *const names[] = {
		[LWSHUMETH_GET] = "GET", [LWSHUMETH_POST] = "POST", [LWSHUMETH_OPTIONS] = "OPTIONS",
		[LWSHUMETH_PUT] = "PUT", [LWSHUMETH_PATCH] = "PATCH", [LWSHUMETH_DELETE] = "DELETE",
		[LWSHUMETH_CONNECT] = "CONNECT", [LWSHUMETH_HEAD] = "HEAD"
	};
	char *path;
	int len, method = lws_http_get_uri_and_method(wsi, &path, &len);

	if (method < 0 || method >= (int)(sizeof names / sizeof *names) || !names[method])
		return "OTHER";
	return names[method];
}

/* libwebsockets keeps the arguments decoded and apart; they are laid end to end here. */
static bool arguments_copy(struct http_request *request)
{
	struct lws *wsi = request->caller->wsi;
	/* Every kept argument has at least one letter, so its NUL fits as well. */
	size_t room = 2 * (size_t)lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_URI_ARGS) + 2;
	int i, len;

	request->arguments = front_alloc(room);
	for (i = 0; ; i++) {
		char *at = request->arguments + request->arguments_size;

		len = lws_hdr_copy_fragment(wsi, at, (int)(room - request->arguments_size),
		                            WSI_TOKEN_HTTP_URI_ARGS, i);
		if (len < 0)
			return true;
		if (strlen(at) != (size_t)len)
			return false;       /* %00 */
		if (len)
			request->arguments_size += (size_t)len + 1;
	}
}

static struct http_request *request_new(struct caller *caller, const char *path, size_t len)
{
	struct http_request *request = front_alloc(sizeof *request);

	request->caller = caller;
	request->fd = -1;
	request->method = method_name(caller->wsi);
	request->head_only = !strcmp(request->method, "HEAD");
	request->origin_ok = origin_allowed(caller->front, caller->wsi);
	request->path = strndup(path, len);
	strcpy(request->ip, caller->peer->ip);
	caller->request = request;
	return request;
}

/* Whether a body may follow, and how long; answers itself when it must not. */
static bool body_announced(struct http_request *request)
{
	struct lws *wsi = request->caller->wsi;
	char text[32] = "";
	uint64_t length = 0;
	bool has_length = lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH) > 0;
	bool wants_length = *request->method == 'P';        /* POST, PUT, PATCH */

	if (lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING) > 0
	    || (wants_length && !has_length)) {
		request->part = true;
		request->reads_on = wants_length && !has_length;
		http_refuse(request, 411, "length_required", "请求须带 Content-Length，不接受分块传输");
		return false;
	}
	if (has_length && (!header_copy(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH, text, sizeof text)
	                   || !length_read(text, &length))) {
		request->part = true;
		http_refuse(request, 400, "bad_length", "Content-Length 不是一个数");
		return false;
	}
	request->body_due = (size_t)length;
	if (length <= (uint64_t)request->caller->front->config.max_body)
		return true;
	http_refuse(request, 413, "too_big", "请求内容过大");
	return false;
}

static void continue_send(struct caller *caller)
{
	static const char line[] = "HTTP/1.1 100 Continue\r\n\r\n";
	char text[20];
	unsigned char *out = front_out(caller->front, sizeof line);

	if (!header_copy(caller->wsi, WSI_TOKEN_HTTP_EXPECT, text, sizeof text)
	    || strcasecmp(text, "100-continue"))
		return;
	memcpy(out, line, sizeof line);
	lws_write(caller->wsi, out, sizeof line - 1, LWS_WRITE_HTTP);
}

void http_begin(struct caller *caller, const char *path, size_t len)
{
	struct http_request *request;
	char allow[100];

	if (caller->request) {          /* cannot be: reading is off while one is under way */
		caller_close(caller);
		return;
	}
	request = request_new(caller, path, len);
	caller_patience(caller, PHASE_BODY, PATIENCE_BODY);
	if (!body_announced(request))
		return;
	route_find(request, allow, sizeof allow);
	if (!arguments_copy(request) || strlen(request->path) != len) {
		http_refuse(request, 400, "bad_request", "请求地址含有非法字符");
	} else if (!request->route && *allow) {
		refuse_method(request, allow);
	} else if (!request->route && !strcmp(request->path, WS_PATH)) {
		http_refuse(request, 426, "upgrade_required", "此地址只接受 WebSocket 连接");
	} else if (!request->route && path_reserved(request->path)) {
		http_refuse(request, 404, "not_found", "没有这个地址");
	} else if (!request->route && !request->head_only && strcmp(request->method, "GET")) {
		refuse_method(request, "GET, HEAD");
	} else if (request->body_due) {
		continue_send(caller);
	} else if (strcmp(request->method, "POST")) {
		request_dispatch(request);
	}       /* else libwebsockets reports the end of the empty body next */
}

void http_take(struct caller *caller, const char *data, size_t len)
{
	struct http_request *request = caller->request;
	size_t room;

	if (!request || caller->phase != PHASE_BODY || !len)
		return;
	if (len > request->body_due - request->body_len)
		len = request->body_due - request->body_len;
	if (request->body_len + len + 1 > request->body_room) {
		room = 2 * (request->body_len + len) + 1;
		if (room > request->body_due + 1)
			room = request->body_due + 1;
		request->body = realloc(request->body, room);
		if (!request->body)
			abort();
		request->body_room = room;
	}
	memcpy(request->body + request->body_len, data, len);
	request->body_len += len;
	request->body[request->body_len] = '\0';
}

void http_complete(struct caller *caller)
{
	caller_bytes_note(caller);
	if (caller->request && caller->phase == PHASE_BODY)
		request_dispatch(caller->request);
	else
		caller_close(caller);   /* swallowed after an early reply, or more than was announced */
}

/* --- for handlers ----------------------------------------------------------------------------- */

const char *http_method(const struct http_request *request)
{
	return request->method;
}

const char *http_path(const struct http_request *request)
{
	return request->path;
}

const char *http_body(const struct http_request *request, size_t *ret_len)
{
	*ret_len = request->body_len;
	return request->body ? request->body : "";
}

const char *http_ip(const struct http_request *request)
{
	return request->ip;
}

bool http_query(const struct http_request *request, const char *name, char *out, size_t room)
{
	return argument_find(request->arguments, request->arguments_size, name, out, room);
}

bool http_header(const struct http_request *request, const char *name, char *out, size_t room)
{
	char key[80];
	const unsigned char *known;
	size_t len = strlen(name), i;

	if (!request->caller || len + 2 > sizeof key)
		return false;
	for (i = 0; i < len; i++)
		key[i] = (char)tolower((unsigned char)name[i]);
	memcpy(key + len, ":", 2);
	for (i = 0; i < WSI_TOKEN_COUNT; i++) {
		known = lws_token_to_string((enum lws_token_indexes)i);
		if (known && !strcmp((const char *)known, key))
			return header_copy(request->caller->wsi, (enum lws_token_indexes)i, out, room);
	}
	return lws_hdr_custom_copy(request->caller->wsi, out, (int)room, key, (int)len + 1) >= 0;
}

bool http_cookie(const struct http_request *request, const char *name, char *out, size_t room)
{
	char cookies[4096];

	return request->caller
		&& header_copy(request->caller->wsi, WSI_TOKEN_HTTP_COOKIE, cookies, sizeof cookies)
		&& cookie_find(cookies, name, out, room);
}

bool http_origin_ok(const struct http_request *request)
{
	return request->origin_ok;
}
