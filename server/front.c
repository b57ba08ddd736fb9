/* front.c — opens and closes the house and hands libwebsockets' events to its parts. */
#include "front_internal.h"

#include <errno.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include "http_parse.h"
#include "log.h"

enum { TICK_MS = 1000, DRAIN_LOOK_MS = 20, CLOSING_TURNS = 3 };

/* libwebsockets' own validity timer walks a list for each connection; ours is the tick. */
static const lws_retry_bo_t no_validity;

void *front_alloc(size_t size)
{
	void *memory = calloc(1, size);

	if (!memory) {
		log_line(LOG_ERROR, "front", "out of memory", NULL);
		abort();
	}
	return memory;
}

void front_note(struct front *front, const struct conn *conn, const char *message,
                const char *detail)
{
	if (front->notes++ < NOTES_PER_TICK)
		log_line(LOG_WARN, "front", message, "ip", conn->peer->ip, "detail", detail,
		         NULL);
}

unsigned char *front_out(struct front *front, size_t len)
{
	size_t need = LWS_PRE + len + 1;

	if (need > front->out_room) {
		free(front->out);
		front->out_room = need < 65536 ? 65536 : need + need / 4;
		front->out = front_alloc(front->out_room);
	}
	return front->out + LWS_PRE;
}

bool header_copy(struct lws *wsi, enum lws_token_indexes token, char *out, size_t room)
{
	return lws_hdr_copy(wsi, out, (int)room, token) > 0;
}

bool origin_allowed(const struct front *front, struct lws *wsi)
{
	char origin[300], host[300];

	if (lws_hdr_total_length(wsi, WSI_TOKEN_ORIGIN) <= 0)
		return true;
	if (!header_copy(wsi, WSI_TOKEN_ORIGIN, origin, sizeof origin))
		return false;
	if (header_copy(wsi, WSI_TOKEN_HOST, host, sizeof host) && origin_is_host(origin, host))
		return true;
	return front->config.origins && word_listed(front->config.origins, origin);
}

/* --- what libwebsockets tells us ----------------------------------------------------------- */

static int tls_prepare(struct lws *wsi, SSL_CTX *tls)
{
	struct front *front = lws_context_user(lws_get_context(wsi));

	if (!tls || !SSL_CTX_get0_certificate(tls) || SSL_CTX_check_private_key(tls) != 1)
		return -1;
	SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION);
	SSL_CTX_set_options(tls, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
	SSL_CTX_set_mode(tls, SSL_MODE_RELEASE_BUFFERS);    /* 16 KiB less for each quiet link */
	front->tls_ok = true;
	return 0;
}

static int conn_event(struct conn *conn, enum lws_callback_reasons reason, void *in,
                        size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_HTTP:
		if (conn_pipelines(conn))
			return -1;
		http_begin(conn, in, len);
		return 0;
	case LWS_CALLBACK_HTTP_BODY:
		http_take(conn, in, len);
		return 0;
	case LWS_CALLBACK_HTTP_BODY_COMPLETION:
		http_complete(conn);
		return 0;
	case LWS_CALLBACK_HTTP_WRITEABLE:
		http_pump(conn);
		return 0;
	case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
		return conn_pipelines(conn) ? -1 : link_confirm(conn);
	case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
		return conn->link ? 0 : -1;
	case LWS_CALLBACK_ESTABLISHED:
		link_established(conn);
		return 0;
	case LWS_CALLBACK_RECEIVE:
		link_receive(conn, in, len);
		return 0;
	case LWS_CALLBACK_RECEIVE_PONG:
		if (conn->link)
			conn->link->heard = loop_ms(conn->front->loop);
		return 0;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		link_writeable(conn);
		return 0;
	case LWS_CALLBACK_CLOSED:
	case LWS_CALLBACK_CLOSED_HTTP:
		conn->doomed = true;
		if (conn->link)
			link_closed(conn);
		return 0;
	default:
		return 0;
	}
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                    size_t len)
{
	struct conn *conn;
	bool inside;
	int result;

	switch (reason) {
	case LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS:
		return tls_prepare(wsi, user);
	case LWS_CALLBACK_RAW_ADOPT:
	case LWS_CALLBACK_RAW_CONNECTED:
	case LWS_CALLBACK_RAW_RX:
		return -1;
	case LWS_CALLBACK_PROTOCOL_INIT:
	case LWS_CALLBACK_PROTOCOL_DESTROY:
		return 0;
	default:
		break;
	}
	conn = wsi ? lws_get_opaque_user_data(wsi) : NULL;
	if (!conn)
		return 0;
	if (reason == LWS_CALLBACK_WSI_DESTROY) {
		lws_set_opaque_user_data(wsi, NULL);
		conn_free(conn);
		return 0;
	}
	inside = conn->inside;
	conn->inside = true;
	result = conn_event(conn, reason, in, len);
	conn->inside = inside;
	return conn->doomed ? -1 : result;
}

/* A subprotocol is asked for by name; nobody can ask for the first, which is plain HTTP. The
 * receive buffer lasts as long as the link: small ones keep 10,000 quiet consoles small. */
static const struct lws_protocols protocols[] = {
	{.name = "-", .callback = on_event, .tx_packet_size = 1 << 20},
	{.name = WS_PROTOCOL, .callback = on_event, .rx_buffer_size = 2048,
	 .tx_packet_size = 1 << 20},
	{.name = NULL}
};

static void on_library_line(int level, const char *line)
{
	static time_t second;
	static int lines;
	time_t now = time(NULL);
	size_t len = strcspn(line, "\n");

	if (now != second)
		second = now, lines = 0;
	if (lines++ < NOTES_PER_TICK)
		log_text(level & LLL_ERR ? LOG_WARN : LOG_INFO, "lws", "%.*s", (int)len, line);
}

/* --- opening and closing ------------------------------------------------------------------- */

static void front_free(struct front *front)
{
	free(front->slots);
	free(front->free_slots);
	free(front->out);
	free(front->frame);
	free(front->static_root);
	free(front);
}

static void on_after(void *context)
{
	links_see_off(context);
}

static bool file_readable(const char *path, const char *what)
{
	if (!access(path, R_OK))
		return true;
	log_line(LOG_ERROR, "front", "cannot read a TLS file; check the setting and its rights",
	         "setting", what, "path", path, "error", strerror(errno), NULL);
	return false;
}

/* libwebsockets sizes its tables by the limit: too low refuses connections, too high eats memory. */
static void descriptors_fit(const struct front *front)
{
	rlim_t want = (rlim_t)front->conn_limit + 256;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	if (limit.rlim_cur < want || limit.rlim_cur > 1 << 20) {
		limit.rlim_cur = want < limit.rlim_max ? want : limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	if (limit.rlim_cur < want)
		log_text(LOG_WARN, "front", "only %llu file descriptors; max_links needs %llu",
		         (unsigned long long)limit.rlim_cur, (unsigned long long)want);
}

static bool library_open(struct front *front)
{
	const struct front_config *config = &front->config;
	void *foreign[] = {loop_native(front->loop)};
	struct lws_context_creation_info info = {
		.port = CONTEXT_PORT_NO_LISTEN_SERVER, .protocols = protocols, .gid = (gid_t)-1,
		.uid = (uid_t)-1, .user = front, .foreign_loops = foreign, .count_threads = 1,
		.alpn = "http/1.1", .retry_and_idle_policy = &no_validity,
		.timeout_secs = PATIENCE_BODY / 1000, .keepalive_timeout = PATIENCE_BODY / 1000,
		.max_http_header_data = 8192, .server_string = "hotline12345",
		.options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS
		         | LWS_SERVER_OPTION_VALIDATE_UTF8
	};

	if (config->tls_cert) {
		if (!file_readable(config->tls_cert, "tls_cert")
		    || !config->tls_key || !file_readable(config->tls_key, "tls_key"))
			return false;
		info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	}
	lws_set_log_level(LLL_ERR | LLL_WARN, on_library_line);
	front->context = lws_create_context(&info);
	if (!front->context) {
		log_line(LOG_ERROR, "front", "libwebsockets does not start; is its libuv plugin "
		         "(package libwebsockets-evlib-uv) installed?", NULL);
		return false;
	}
	info.ssl_cert_filepath = config->tls_cert;
	info.ssl_private_key_filepath = config->tls_key;
	front->vhost = lws_create_vhost(front->context, &info);
	if (front->vhost && (!config->tls_cert || front->tls_ok))
		return true;
	log_line(LOG_ERROR, "front", config->tls_cert
	         ? "TLS certificate and key do not fit together or are no PEM files"
	         : "libwebsockets refuses the virtual host", NULL);
	return false;
}

static void front_prepare(struct front *front)
{
	int i, limit = front->config.max_links;

	front->listener = -1;
	front->conn_limit = limit + limit / 4 + 256;
	front->slots = front_alloc((size_t)limit * sizeof *front->slots);
	front->free_slots = front_alloc((size_t)limit * sizeof *front->free_slots);
	for (i = 0; i < limit; i++)
		front->free_slots[i] = limit - 1 - i;
	front->free_count = limit;
	front->frame = front_alloc((size_t)front->config.max_frame + 1);
	front_out(front, 1);
	if (front->config.static_dir && *front->config.static_dir) {
		front->static_root = realpath(front->config.static_dir, NULL);
		if (!front->static_root)
			log_line(LOG_WARN, "front", "static_dir is not there; serving no console",
			         "path", front->config.static_dir, NULL);
	}
}

struct front *front_open(struct loop *loop, const struct front_config *config)
{
	struct front *front = front_alloc(sizeof *front);

	front->loop = loop;
	front->config = *config;
	if (config->tls_cert && !*config->tls_cert)
		front->config.tls_cert = front->config.tls_key = NULL;
	front_prepare(front);
	descriptors_fit(front);
	front->tick = loop_timer(loop, conns_tick, front);
	front->after = loop_timer(loop, on_after, front);
	timer_start(front->tick, TICK_MS, TICK_MS);
	if (!library_open(front) || !listener_open(front)) {
		front_close(front);
		return NULL;
	}
	return front;
}

int front_port(const struct front *front)
{
	return front->port;
}

static void on_drain_look(void *context)
{
	struct front *front = context;
	struct conn *conn, *next;

	for (conn = front->conns; conn; conn = next) {
		next = conn->next;
		if (conn->phase == PHASE_HEADERS)
			conn_close(conn);
	}
	if (front->conns && loop_ms(front->loop) < front->drain_until)
		return;
	timer_end(front->drain);
	front->drain = NULL;
	front->drained(front->drained_context);
}

void front_drain(struct front *front, void (*drained)(void *), void *context)
{
	int i;

	if (front->draining)
		return;
	front->draining = true;
	front->drained = drained;
	front->drained_context = context;
	front->drain_until = loop_ms(front->loop) + PATIENCE_DRAIN;
	listener_close(front);
	for (i = 0; i < front->slots_used; i++)
		if (front->slots[i].link)
			link_leave(front->slots[i].link, CLOSE_GOING_AWAY, "server restarts");
	front->drain = loop_timer(front->loop, on_drain_look, front);
	timer_start(front->drain, 0, DRAIN_LOOK_MS);
}

/* libwebsockets closes its handles at the end of a turn and keeps the rest of its memory until it
 * is destroyed once more after that. */
static void on_closing_turn(void *context)
{
	struct front *front = context;

	if (front->conns || ++front->closing_turns < CLOSING_TURNS)
		return;
	timer_end(front->last);
	if (front->context)
		lws_context_destroy(front->context);
	front_free(front);
}

void front_close(struct front *front)
{
	listener_close(front);
	timer_end(front->tick);
	timer_end(front->after);
	if (front->drain)
		timer_end(front->drain);
	front->closing = true;
	if (front->context)
		lws_context_destroy(front->context);
	front->last = loop_timer(front->loop, on_closing_turn, front);
	timer_start(front->last, 1, 1);
}
