/* front.h — the front of the house: one listener, HTTP and WebSocket, on libwebsockets.
 *
 * A link is one console's WebSocket. It is named by a number that is never used again; code
 * that waits for an answer keeps the number, and a link that has gone in between is no error.
 * Every queue has a limit: a console that reads too slowly is closed with 4408 and comes back
 * to catch up. Owns all link buffers. */
#ifndef SERVER_FRONT_H
#define SERVER_FRONT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;
struct front;
typedef uint64_t link_id;

/* Who sits at a link, set after session.hello. All fields but under_way zero before. */
struct seat {
	int account;
	unsigned role;            /* one ROLE_* bit */
	int dept;                 /* 0 = none */
	char region[16];          /* county-level or prefecture code */
	char session[65];         /* hex digest that names the session, never the cookie itself */
	unsigned topics;          /* TOPIC_* bits, see feed.h */
	int under_way;            /* commands read from the link and not yet answered */
};

struct http_request;          /* one request waiting for its reply; freed by http_reply() */
typedef void http_fn(void *context, struct http_request *request);

struct http_route {
	const char *method;       /* "GET", "POST" */
	const char *path;         /* exact, or ending in '*' for a prefix */
	http_fn *handle;
	void *context;
};

/* Bodies of the POST route of this path go to a file instead of memory. */
struct http_spool {
	const char *path;         /* as in its route */
	const char *dir;          /* where the file is made, as body-XXXXXX */
	uint64_t most;            /* bytes of one body */
	/* Asked before the first byte; false: it has refused the request. */
	bool (*admit)(void *context, struct http_request *request);
	/* An admitted request is over, answered or not: the file, unless taken, is gone. */
	void (*ended)(void *context, const struct http_request *request);
	void *context;
};

enum front_close_code {
	CLOSE_GOING_AWAY = 1001, CLOSE_POLICY = 1008, CLOSE_TOO_BIG = 1009,
	CLOSE_LOGGED_OUT = 4401, CLOSE_TOO_SLOW = 4408, CLOSE_TOO_FAST = 4429
};

struct front_config {
	const char *host; int port;
	const char *static_dir;             /* built console, with .gz beside the files */
	const char *tls_cert, *tls_key;     /* NULL = plain */
	const char *origins;                /* space-separated extra allowed Origins; same host is always allowed */
	int max_frame;                      /* bytes of one inbound message */
	int max_links, max_links_per_ip;
	int frames_per_second;              /* per link, with a burst of twice that */
	int link_budget;                    /* bytes queued outward per link before it is too slow */
	int max_body;                       /* bytes of one HTTP body */
	int ping_seconds;                   /* a link silent for twice as long is closed */
	const struct http_route *routes; size_t route_count;
	const struct http_spool *spools; size_t spool_count;
	/* A text frame arrived; text is NUL-terminated and valid during the call. */
	void (*on_frame)(void *context, link_id link, const char *text, size_t len);
	void (*on_gone)(void *context, link_id link, const struct seat *seat);
	void *context;
};

/* NULL when the port cannot be had or TLS files do not fit (logged). */
struct front *front_open(struct loop *loop, const struct front_config *config);
int front_port(const struct front *front);          /* the real port when 0 was asked */
/* Stop accepting, close each link with 1001, finish HTTP replies; then drained(context). */
void front_drain(struct front *front, void (*drained)(void *), void *context);
void front_close(struct front *front);       /* all is freed a few turns of the loop later */

struct seat *link_seat(struct front *front, link_id link);       /* NULL if the link has gone */
const char *link_cookie(struct front *front, link_id link);      /* value of cookie sid, "" if none */
const char *link_ip(struct front *front, link_id link);
bool link_send(struct front *front, link_id link, const char *text, size_t len);   /* copies */
void link_close(struct front *front, link_id link, int code, const char *reason);
/* Visit every live link. fn may send; it may also close the link it is given. */
void front_each(struct front *front, void (*fn)(void *context, link_id link, struct seat *seat), void *context);
size_t front_links(const struct front *front);

const char *http_method(const struct http_request *request);
const char *http_path(const struct http_request *request);
const char *http_body(const struct http_request *request, size_t *ret_len);   /* NUL-terminated */
/* The file that the body went to, from here on the caller's to rename or remove (path: free()).
 * NULL: the route has no spool, or the body was empty. */
char *http_spool_take(struct http_request *request, uint64_t *ret_size);
const char *http_ip(const struct http_request *request);
/* Value of ?name=, a header, or a cookie, copied to out; false if absent or too long. */
bool http_query(const struct http_request *request, const char *name, char *out, size_t room);
bool http_header(const struct http_request *request, const char *name, char *out, size_t room);
bool http_cookie(const struct http_request *request, const char *name, char *out, size_t room);
/* Answer and end the request; exactly once, now or later. A caller that has hung up in between
 * is no error. headers: extra "Name: value\r\n" lines or NULL. */
void http_reply(struct http_request *request, int status, const char *content_type,
                const char *headers, const char *body, size_t len);
/* The same with an open file of `size` bytes, which is taken; status 200. The headers name its type. */
void http_reply_file(struct http_request *request, const char *headers, int fd, uint64_t size);
/* {"error":{"code":…,"message":"…"}} in one line, for every REST refusal. */
void http_refuse(struct http_request *request, int status, const char *code, const char *message);

/* Whether a request's Origin (absent is fine outside browsers) may use this server. */
bool http_origin_ok(const struct http_request *request);

#endif
