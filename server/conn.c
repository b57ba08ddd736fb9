/* conn.c — accepts connections, counts them by address, and drops the ones that dawdle. */
#include "front_internal.h"

#include <errno.h>
#include <linux/tcp.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "http_parse.h"
#include "log.h"

enum { ACCEPTS_PER_TURN = 64 };

/* --- peers -------------------------------------------------------------------------------- */

static struct peer **peer_bucket(struct front *front, const char *ip)
{
	uint32_t hash = 2166136261u;

	for (; *ip; ip++)
		hash = (hash ^ (unsigned char)*ip) * 16777619u;
	return &front->peers[hash % PEER_BUCKETS];
}

static struct peer *peer_get(struct front *front, const char *ip)
{
	struct peer **bucket = peer_bucket(front, ip);
	struct peer *peer;

	for (peer = *bucket; peer; peer = peer->next)
		if (!strcmp(peer->ip, ip))
			return peer;
	peer = front_alloc(sizeof *peer);
	strcpy(peer->ip, ip);
	peer->next = *bucket;
	*bucket = peer;
	return peer;
}

static void peer_drop(struct front *front, struct peer *peer)
{
	struct peer **at;

	if (--peer->conns > 0)
		return;
	for (at = peer_bucket(front, peer->ip); *at != peer; at = &(*at)->next)
		;
	*at = peer->next;
	free(peer);
}

/* --- connections ------------------------------------------------------------------------------ */

void conn_patience(struct conn *conn, enum phase phase, int milliseconds)
{
	conn->phase = phase;
	conn->deadline = milliseconds ? loop_ms(conn->front->loop) + milliseconds : 0;
}

void conn_close(struct conn *conn)
{
	if (conn->doomed)
		return;
	conn->doomed = true;
	conn_patience(conn, PHASE_LEAVING, PATIENCE_CLOSE);
	if (!conn->inside)
		lws_set_timeout(conn->wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_SYNC);
}

void conn_kill(struct conn *conn)
{
	/* With a dead socket the unsent rest fails at once instead of being waited for. */
	shutdown(conn->fd, SHUT_RDWR);
	conn->deadline = 0;
	conn->doomed = true;
	if (!conn->inside)
		lws_set_timeout(conn->wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_SYNC);
}

void conn_free(struct conn *conn)
{
	struct front *front = conn->front;

	if (conn->request)
		http_orphan(conn->request);
	if (conn->link) {
		link_closed(conn);
		link_free(conn->link);
	}
	*conn->self = conn->next;
	if (conn->next)
		conn->next->self = conn->self;
	peer_drop(front, conn->peer);
	free(conn);
	front->conn_count--;
}

void conn_reading(struct conn *conn, bool on)
{
	if (conn->paused != on)
		return;
	conn->paused = !on;
	lws_rx_flow_control(conn->wsi, on);
}

void conn_bytes_note(struct conn *conn)
{
	struct tcp_info info;
	socklen_t size = sizeof info;
	int waiting = 0;

	memset(&info, 0, sizeof info);
	if (!getsockopt(conn->fd, IPPROTO_TCP, TCP_INFO, &info, &size)
	    && !ioctl(conn->fd, FIONREAD, &waiting) && info.tcpi_bytes_received)
		conn->bytes = info.tcpi_bytes_received - (uint64_t)waiting;
	else
		conn->bytes = UINT64_MAX - 1;     /* unknown: one request a connection */
}

/* libwebsockets 4.1 keeps a second request that came in the same read in a buffer, and parses a
 * body behind it wrongly or loops for ever. No browser and no proxy pipelines, so whoever does
 * is cut off. A hang-up counts as one byte. */
bool conn_pipelines(struct conn *conn)
{
	uint64_t before = conn->bytes;

	conn_bytes_note(conn);
	return before && (conn->bytes <= before + 1 || before == UINT64_MAX - 1);
}

static void conn_new(struct front *front, int fd, const char *ip)
{
	struct conn *conn = front_alloc(sizeof *conn);
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	conn->front = front;
	conn->fd = fd;
	conn->peer = peer_get(front, ip);
	conn->peer->conns++;
	conn->next = front->conns;
	conn->self = &front->conns;
	if (conn->next)
		conn->next->self = &conn->next;
	front->conns = conn;
	front->conn_count++;
	conn_patience(conn, PHASE_HEADERS, PATIENCE_HEADERS);
	conn->wsi = lws_adopt_socket_vhost(front->vhost, fd);
	if (conn->wsi)
		lws_set_opaque_user_data(conn->wsi, conn);
	else
		conn_free(conn);
}

/* --- the listening socket ----------------------------------------------------------------- */

static bool conn_welcome(struct front *front, const char *ip)
{
	struct peer *peer;

	if (front->conn_count >= front->conn_limit)
		return false;
	for (peer = *peer_bucket(front, ip); peer; peer = peer->next)
		if (!strcmp(peer->ip, ip))
			return peer->conns < 2 * front->config.max_links_per_ip + 64;
	return true;
}

/* Out of descriptors or memory the listener would stay readable and spin; the tick looks again. */
static void accept_failed(struct front *front, int error)
{
	if (error != EMFILE && error != ENFILE && error != ENOBUFS && error != ENOMEM)
		return;
	watch_want(front->watch, 0);
	front->accept_paused = true;
	log_line(LOG_WARN, "front", "cannot accept; trying again in a second",
	         "error", strerror(error), NULL);
}

static void on_connection(void *context, int ready)
{
	struct front *front = context;
	struct sockaddr_storage address;
	char ip[NI_MAXHOST];
	int count;

	(void)ready;
	for (count = 0; count < ACCEPTS_PER_TURN; count++) {
		socklen_t size = sizeof address;
		int fd = accept4(front->listener, (struct sockaddr *)&address, &size,
		                 SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd < 0) {
			accept_failed(front, errno);
			return;
		}
		if (getnameinfo((struct sockaddr *)&address, size, ip, sizeof ip, NULL, 0,
		                NI_NUMERICHOST))
			strcpy(ip, "unknown");
		address_normalise(ip);
		ip[ADDRESS_ROOM - 1] = '\0';
		if (conn_welcome(front, ip)) {
			conn_new(front, fd, ip);
		} else {
			close(fd);
			if (front->notes++ < NOTES_PER_TICK)
				log_line(LOG_WARN, "front", "too many connections", "ip", ip, NULL);
		}
	}
}

static int listener_bind(const struct addrinfo *choice)
{
	int fd = socket(choice->ai_family, choice->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int on = 1, off = 0;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (choice->ai_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
	if (bind(fd, choice->ai_addr, choice->ai_addrlen) || listen(fd, SOMAXCONN)) {
		int error = errno;

		close(fd);
		errno = error;
		return -1;
	}
	return fd;
}

bool listener_open(struct front *front)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
	                         .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
	struct addrinfo *choices, *choice;
	struct sockaddr_storage bound;
	socklen_t size = sizeof bound;
	char port[16];
	int failure;

	snprintf(port, sizeof port, "%d", front->config.port);
	failure = getaddrinfo(front->config.host, port, &hints, &choices);
	if (failure) {
		log_line(LOG_ERROR, "front", "host is no address to listen on; check the setting",
		         "host", front->config.host, "error", gai_strerror(failure), NULL);
		return false;
	}
	for (choice = choices; choice && front->listener < 0; choice = choice->ai_next)
		front->listener = listener_bind(choice);
	freeaddrinfo(choices);
	if (front->listener < 0) {
		log_line(LOG_ERROR, "front", "cannot listen; is another process on this port?",
		         "host", front->config.host, "port", port, "error", strerror(errno), NULL);
		return false;
	}
	getsockname(front->listener, (struct sockaddr *)&bound, &size);
	getnameinfo((struct sockaddr *)&bound, size, NULL, 0, port, sizeof port, NI_NUMERICSERV);
	front->port = atoi(port);
	front->watch = loop_watch(front->loop, front->listener, on_connection, front);
	watch_want(front->watch, LOOP_READ);
	return true;
}

void listener_close(struct front *front)
{
	if (front->watch)
		watch_end(front->watch);
	if (front->listener >= 0)
		close(front->listener);
	front->watch = NULL;
	front->listener = -1;
}

/* --- the tick ------------------------------------------------------------------------------ */

/* While a request waits or its reply is stuck, libwebsockets does not read and would not see its
 * conn go (and be woken by it for ever): look ourselves. */
static bool conn_hung_up(const struct conn *conn)
{
	struct pollfd look = {.fd = conn->fd, .events = POLLRDHUP};

	return poll(&look, 1, 0) > 0;
}

void conns_tick(void *context)
{
	struct front *front = context;
	int64_t now = loop_ms(front->loop);
	struct conn *conn, *next;

	front->ticks++;
	front->notes = 0;
	if (front->accept_paused && front->watch) {
		front->accept_paused = false;
		watch_want(front->watch, LOOP_READ);
	}
	for (conn = front->conns; conn; conn = next) {
		next = conn->next;
		if (conn->phase == PHASE_LINK)
			link_tick(conn->link, now);
		else if (conn->deadline && now >= conn->deadline)
			conn_kill(conn);
		else if (conn->phase != PHASE_LEAVING && conn_hung_up(conn))
			conn_kill(conn);
	}
}
