/* http.c — requests: reading one, finding who answers it, and what handlers may ask about it. */
#include "front_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "http_parse.h"

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
	const struct front_config *config = &request->conn->front->config;
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
		used += (size_t)snprintf(allow + used, room - used, "%s%s", used ? ", " : "",
		                         route->method);
		if (used >= room)
			used = room - 1;
	}
}

/* Paths that belong to the machine: never a page of the console. */
static bool path_reserved(const char *path)
{
	static const char *const reserved[] =
		{"/api", "/open311", "/switch", "/sms", WS_PATH, "/healthz", "/metrics"};
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

	snprintf(headers, sizeof headers, "Allow: %s\r\n", allow);
	http_refuse_with(request, 405, headers, "method_not_allowed", "此地址不支持这种请求方法");
}

/* The request is complete: a handler's turn, which may answer now or later. */
static void request_dispatch(struct http_request *request)
{
	struct conn *conn = request->conn;

	request->body_due = 0;
	if (!request->route) {
		static_serve(request);
		return;
	}
	conn_patience(conn, PHASE_WAITING, PATIENCE_REPLY);
	lws_set_timeout(conn->wsi, NO_PENDING_TIMEOUT, 0);
	request->held = true;
	request->route->handle(request->route->context, request);
	/* Unread input would wake libwebsockets for ever while it may not read. */
	if (conn->phase == PHASE_WAITING)
		conn_reading(conn, false);
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
	struct lws *wsi = request->conn->wsi;
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

static struct http_request *request_new(struct conn *conn, const char *path, size_t len)
{
	struct http_request *request = front_alloc(sizeof *request);

	request->conn = conn;
	request->fd = request->spool_fd = -1;
	request->method = method_name(conn->wsi);
	request->head_only = !strcmp(request->method, "HEAD");
	request->origin_ok = origin_allowed(conn->front, conn->wsi);
	request->path = strndup(path, len);
	strcpy(request->ip, conn->peer->ip);
	conn->request = request;
	return request;
}

/* Whether a body may follow, and how long; answers itself when it must not. */
static bool body_announced(struct http_request *request)
{
	struct lws *wsi = request->conn->wsi;
	char text[32] = "";
	uint64_t length = 0, most = (uint64_t)request->conn->front->config.max_body;
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
	if (request->spool)
		most = request->spool->most;
	if (length <= most)
		return true;
	http_refuse(request, 413, "too_big", request->spool ? "附件过大，请压缩后再上传" : "请求内容过大");
	return false;
}

static void continue_send(struct conn *conn)
{
	static const char line[] = "HTTP/1.1 100 Continue\r\n\r\n";
	char text[20];
	unsigned char *out = front_out(conn->front, sizeof line);

	if (!header_copy(conn->wsi, WSI_TOKEN_HTTP_EXPECT, text, sizeof text)
	    || strcasecmp(text, "100-continue"))
		return;
	memcpy(out, line, sizeof line);
	lws_write(conn->wsi, out, sizeof line - 1, LWS_WRITE_HTTP);
}

void http_begin(struct conn *conn, const char *path, size_t len)
{
	struct http_request *request;
	char allow[100];

	if (conn->request) {          /* cannot be: reading is off while one is under way */
		conn_close(conn);
		return;
	}
	request = request_new(conn, path, len);
	conn_patience(conn, PHASE_BODY, PATIENCE_BODY);
	route_find(request, allow, sizeof allow);
	spool_find(request);
	if (!body_announced(request))
		return;
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
		if (!request->spool || spool_open(request))
			continue_send(conn);
	} else if (strcmp(request->method, "POST")) {
		request_dispatch(request);
	}       /* else libwebsockets reports the end of the empty body next */
}

void http_take(struct conn *conn, const char *data, size_t len)
{
	struct http_request *request = conn->request;
	size_t room;

	if (!request || conn->phase != PHASE_BODY || !len)
		return;
	if (len > request->body_due - request->body_len)
		len = request->body_due - request->body_len;
	if (request->spool) {
		if (spool_write(request, data, len))
			request->body_len += len;
		return;
	}
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

void http_complete(struct conn *conn)
{
	conn_bytes_note(conn);
	if (conn->request && conn->phase == PHASE_BODY)
		request_dispatch(conn->request);
	else
		conn_close(conn);   /* an early reply's body is swallowed, or too much came */
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

	if (!request->conn || len + 2 > sizeof key)
		return false;
	for (i = 0; i < len; i++)
		key[i] = (char)tolower((unsigned char)name[i]);
	memcpy(key + len, ":", 2);
	for (i = 0; i < WSI_TOKEN_COUNT; i++) {
		known = lws_token_to_string((enum lws_token_indexes)i);
		if (known && !strcmp((const char *)known, key))
			return header_copy(request->conn->wsi, (enum lws_token_indexes)i, out,
			                   room);
	}
	return lws_hdr_custom_copy(request->conn->wsi, out, (int)room, key, (int)len + 1) >= 0;
}

bool http_cookie(const struct http_request *request, const char *name, char *out, size_t room)
{
	char cookies[4096];

	return request->conn
		&& header_copy(request->conn->wsi, WSI_TOKEN_HTTP_COOKIE, cookies, sizeof cookies)
		&& cookie_find(cookies, name, out, room);
}

bool http_origin_ok(const struct http_request *request)
{
	return request->origin_ok;
}
