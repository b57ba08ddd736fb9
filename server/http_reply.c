/* http_reply.c — replies: head and body in one write, files in pieces, and what comes after. */
#include "front_internal.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEAD_ROOM = 1400, FILE_PIECE = 65536, PIECES_PER_TURN = 16 };

#define SECURITY_HEADERS \
	"Content-Security-Policy: default-src 'self'; style-src 'self' 'unsafe-inline'; " \
	"connect-src 'self' ws: wss:; img-src 'self' data:\r\n" \
	"X-Content-Type-Options: nosniff\r\nX-Frame-Options: DENY\r\n" \
	"Referrer-Policy: same-origin\r\n"
#define JSON_TYPE "application/json; charset=utf-8"
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
	spool_close(request);
	free(request->path);
	free(request->arguments);
	free(request->body);
	free(request);
}

void http_orphan(struct http_request *request)
{
	request->conn->request = NULL;
	request->conn = NULL;
	if (!request->held)
		request_free(request);
}

/* The reply is written. Go on to the next request, or part. */
static void request_finish(struct http_request *request)
{
	struct conn *conn = request->conn;
	bool reads_on = request->reads_on && !lws_partial_buffered(conn->wsi);
	bool part = request->part || conn->front->draining;

	conn->request = NULL;
	request_free(request);
	if (reads_on) {
		/* Closing now would reset the connection under the reply: stop talking, and let
		 * libwebsockets swallow what still comes until the conn has read and hung up. */
		shutdown(conn->fd, SHUT_WR);
		conn_patience(conn, PHASE_LEAVING, PATIENCE_CLOSE);
	} else if (part) {
		conn_close(conn);
	} else {
		conn_patience(conn, PHASE_HEADERS, PATIENCE_IDLE);
		if (lws_http_transaction_completed(conn->wsi))
			conn_close(conn);
	}
}

/* --- writing ---------------------------------------------------------------------------------- */

/* Status line and all header fields into the output buffer, with room for body bytes behind. */
static size_t head_write(struct conn *conn, int status, const char *fields, const char *type,
                         uint64_t length, size_t body_room, bool part)
{
	struct front *front = conn->front;
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

/* Whether there is still somebody to answer; otherwise the request has ended. */
static bool caller_waits(struct http_request *request)
{
	struct conn *conn = request->conn;

	if (conn && !conn->doomed)
		return true;
	request->held = false;
	if (conn)
		http_orphan(request);
	else
		request_free(request);
	return false;
}

void http_reply(struct http_request *request, int status, const char *content_type,
                const char *headers, const char *body, size_t len)
{
	struct conn *conn = request->conn;
	size_t head;

	if (!caller_waits(request))
		return;
	if (conn->phase == PHASE_BODY && request->body_due)
		request->part = request->reads_on = true;
	conn_reading(conn, true);
	head = head_write(conn, status, headers ? headers : "", content_type, len, len,
	                  request->part);
	if (request->head_only)
		len = 0;
	if (len)
		memcpy(conn->front->out + LWS_PRE + head, body, len);
	if (lws_write(conn->wsi, conn->front->out + LWS_PRE, head + len, LWS_WRITE_HTTP) < 0)
		request->part = true;
	request_finish(request);
}

/* {"error":{…}} as text; the conn frees it. */
static char *refusal_text(const char *code, const char *message)
{
	json_t *json = json_pack("{s:{s:s,s:s}}", "error", "code", code, "message", message);
	char *text = json_dumps(json, JSON_COMPACT);

	json_decref(json);
	return text ? text : strdup("{\"error\":{\"code\":\"internal\"}}");
}

void http_refuse_with(struct http_request *request, int status, const char *headers,
                      const char *code, const char *message)
{
	char *text = refusal_text(code, message);

	http_reply(request, status, JSON_TYPE, headers, text, strlen(text));
	free(text);
}

void http_refuse(struct http_request *request, int status, const char *code, const char *message)
{
	http_refuse_with(request, status, NULL, code, message);
}

void http_turn_away(struct conn *conn, int status, const char *headers, const char *message)
{
	char *text = refusal_text("link_refused", message);
	size_t len = strlen(text);
	size_t head = head_write(conn, status, headers ? headers : "", JSON_TYPE, len, len, true);

	memcpy(conn->front->out + LWS_PRE + head, text, len);
	free(text);
	conn_patience(conn, PHASE_HEADERS, PATIENCE_CLOSE);
	lws_write(conn->wsi, conn->front->out + LWS_PRE, head + len, LWS_WRITE_HTTP);
}

/* --- files ------------------------------------------------------------------------------------ */

void http_send_file(struct http_request *request, const char *headers, int fd, uint64_t size)
{
	struct conn *conn = request->conn;
	size_t head = head_write(conn, 200, headers, NULL, size, 0, false);

	request->fd = fd;
	request->left = request->head_only ? 0 : size;
	conn_patience(conn, PHASE_SENDING, PATIENCE_SEND);
	if (lws_write(conn->wsi, conn->front->out + LWS_PRE, head, LWS_WRITE_HTTP) < 0)
		conn_close(conn);
	else
		http_pump(conn);
}

void http_reply_file(struct http_request *request, const char *headers, int fd, uint64_t size)
{
	if (!caller_waits(request)) {
		close(fd);
		return;
	}
	conn_reading(request->conn, true);
	request->held = false;
	http_send_file(request, headers, fd, size);
}

/* Send the next pieces of the file; called again whenever the socket takes more. */
void http_pump(struct conn *conn)
{
	struct http_request *request = conn->request;
	int pieces;

	if (conn->phase != PHASE_SENDING || conn->doomed)
		return;
	for (pieces = 0; request->left && pieces < PIECES_PER_TURN; pieces++) {
		size_t want = request->left < FILE_PIECE ? (size_t)request->left : FILE_PIECE;
		unsigned char *out = front_out(conn->front, FILE_PIECE);
		ssize_t got;

		if (lws_partial_buffered(conn->wsi))
			return;
		got = read(request->fd, out, want);
		/* A file that became shorter cannot be mended after its length was told. */
		if (got <= 0 || lws_write(conn->wsi, out, (size_t)got, LWS_WRITE_HTTP) < 0) {
			conn_close(conn);
			return;
		}
		request->left -= (uint64_t)got;
		conn_patience(conn, PHASE_SENDING, PATIENCE_SEND);
	}
	if (request->left)
		lws_callback_on_writable(conn->wsi);
	else
		request_finish(request);
}
