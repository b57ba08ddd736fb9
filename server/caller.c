/* caller.c — accepts callers, counts them by address, and drops the ones that dawdle. */
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

	if (--peer->callers > 0)
		return;
	for (at = peer_bucket(front, peer->ip); *at != peer; at = &(*at)->next)
		;
	*at = peer->next;
	free(peer);
}

/* --- callers ------------------------------------------------------------------------------ */

void caller_patience(struct caller *caller, enum phase phase, int milliseconds)
{
	caller->phase = phase;
	caller->deadline = milliseconds ? loop_ms(caller->front->loop) + milliseconds : 0;
}

void caller_close(struct caller *caller)
{
	if (caller->doomed)
		return;
	caller->doomed = true;
	caller_patience(caller, PHASE_LEAVING, PATIENCE_CLOSE);
	if (!caller->inside)
		lws_set_timeout(caller->wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_SYNC);
}

void caller_kill(struct caller *caller)
{
	/* With a dead socket the unsent rest fails at once instead of being waited for. */
	shutdown(caller->fd, SHUT_RDWR);
	caller->deadline = 0;
	caller->doomed = true;
	if (!caller->inside)
		lws_set_timeout(caller->wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_SYNC);
}

void caller_free(struct caller *caller)
{
	struct front *front = caller->front;

	if (caller->request)
		http_orphan(caller->request);
	if (caller->link) {
		link_closed(caller);
		link_free(caller->link);
	}
	*caller->self = caller->next;
	if (caller->next)
		caller->next->self = caller->self;
	peer_drop(front, caller->peer);
	free(caller);
	front->caller_count--;
}

void caller_reading(struct caller *caller, bool on)
{
	if (caller->paused != on)
		return;
	caller->paused = !on;
	lws_rx_flow_control(caller->wsi, on);
}

void caller_bytes_note(struct caller *caller)
{
	struct tcp_info info;
	socklen_t size = sizeof info;
	int waiting = 0;

	memset(&info, 0, sizeof info);
	if (!getsockopt(caller->fd, IPPROTO_TCP, TCP_INFO, &info, &size)
	    && !ioctl(caller->fd, FIONREAD, &waiting) && info.tcpi_bytes_received)
		caller->bytes = info.tcpi_bytes_received - (uint64_t)waiting;
	else
		caller->bytes = UINT64_MAX - 1;     /* unknown: one request a connection */
}

/* libwebsockets 4.1 keeps a second request that came in the same read in a buffer, and parses a
 * body behind it wrongly or loops for ever. No browser and no proxy pipelines, so whoever does
 * is cut off. A hang-up counts as one byte. */
bool caller_pipelines(struct caller *caller)
{
	uint64_t before = caller->bytes;

	caller_bytes_note(caller);
	return before && (caller->bytes <= before + 1 || before == UINT64_MAX - 1);
}

static void caller_new(struct front *front, int fd, const char *ip)
{
	struct caller *caller = front_alloc(sizeof *caller);
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	caller->front = front;
	caller->fd = fd;
	caller->peer = peer_get(front, ip);
	caller->peer->callers++;
	caller->next = front->callers;
	caller->self = &front->callers;
	if (caller->next)
		caller->next->self = &caller->next;
	front->callers = caller;
	front->caller_count++;
	caller_patience(caller, PHASE_HEADERS, PATIENCE_HEADERS);
	caller->wsi = lws_adopt_socket_vhost(front->vhost, fd);
	if (caller->wsi)
		lws_set_opaque_user_data(caller->wsi, caller);
	else
		caller_free(caller);
}

/* --- the listening socket ----------------------------------------------------------------- */

static bool caller_welcome(struct front *front, const char *ip)
{
	struct peer *peer;

	if (front->caller_count >= front->caller_limit)
		return false;
	for (peer = *peer_bucket(front, ip); peer; peer = peer->next)
		if (!strcmp(peer->ip, ip))
			return peer->callers < 2 * front->config.max_links_per_ip + 64;
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
		if (caller_welcome(front, ip)) {
			caller_new(front, fd, ip);
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
 * caller go (and be woken by it for ever): look ourselves. */
static bool caller_hung_up(const struct caller *caller)
{
	struct pollfd look = {.fd = caller->fd, .events = POLLRDHUP};

	return poll(&look, 1, 0) > 0;
}

void callers_tick(void *context)
{
	struct front *front = context;
	int64_t now = loop_ms(front->loop);
	struct caller *caller, *next;

	front->ticks++;
	front->notes = 0;
	if (front->accept_paused && front->watch) {
		front->accept_paused = false;
		watch_want(front->watch, LOOP_READ);
	}
	for (caller = front->callers; caller; caller = next) {
		next = caller->next;
		if (caller->phase == PHASE_LINK)
			link_tick(caller->link, now);
		else if (caller->deadline && now >= caller->deadline)
			caller_kill(caller);
		else if (caller->phase != PHASE_LEAVING && caller_hung_up(caller))
			caller_kill(caller);
	}
}
