/* ws.c — a WebSocket client for loads: many connections, one epoll. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "ws.h"

enum { EVENTS_MOST = 256, DIRTY_MOST = 65536 };
static int epoll_fd = -1;
static struct ws *dirty[DIRTY_MOST];      /* with queued output */
static size_t dirty_count;

int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fprintf(stderr, "load: ");
	vfprintf(stderr, format, args);
	fprintf(stderr, "\n");
	va_end(args);
	exit(1);
}

static void *grown(void *memory, size_t *room, size_t need)
{
	while (*room < need)
		*room = *room ? *room * 2 : 4096;
	memory = realloc(memory, *room);
	if (memory == NULL)
		die("out of memory");
	return memory;
}

static void handshake(struct ws *ws, int port, const char *cookie)
{
	char request[1024], answer[4096];
	size_t got = 0;
	int len = snprintf(request, sizeof(request),
		"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
		"Sec-WebSocket-Protocol: jsonrpc.12345.v1\r\nCookie: sid=%s\r\n\r\n", port, cookie);

	if (write(ws->fd, request, (size_t)len) != len)
		die("handshake: %s", strerror(errno));
	do {
		ssize_t n = read(ws->fd, answer + got, 1);

		if (n <= 0 || ++got >= sizeof(answer) - 1)
			die("handshake: no answer");
		answer[got] = '\0';
	} while (strstr(answer, "\r\n\r\n") == NULL);
	if (strncmp(answer, "HTTP/1.1 101", 12) != 0)
		die("handshake refused: %.60s", answer);
}

void ws_open(struct ws *ws, int port, const char *cookie, ws_frame_fn *on_frame)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = ws };
	int one = 1;

	if (epoll_fd < 0)
		epoll_fd = epoll_create1(0);
	*ws = (struct ws){ .fd = socket(AF_INET, SOCK_STREAM, 0), .number = ws->number, .on_frame = on_frame };
	if (ws->fd < 0 || connect(ws->fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		die("connect: %s", strerror(errno));
	setsockopt(ws->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	handshake(ws, port, cookie);
	fcntl(ws->fd, F_SETFL, O_NONBLOCK);
	if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, ws->fd, &event) < 0)
		die("epoll: %s", strerror(errno));
}

/* The mask is zero: legal, and the payload stays as it is. */
void ws_send(struct ws *ws, const char *text, size_t len)
{
	unsigned char head[8] = { 0x81, (unsigned char)(0x80 | (len < 126 ? len : 126)) };
	size_t head_len = 2;

	if (len > 65535)
		die("frame too long");
	if (len >= 126) {
		head[2] = (unsigned char)(len >> 8);
		head[3] = (unsigned char)len;
		head_len = 4;
	}
	head_len += 4;
	ws->out = grown(ws->out, &ws->out_room, ws->out_len + head_len + len);
	if (ws->out_len == 0 && dirty_count < DIRTY_MOST)
		dirty[dirty_count++] = ws;
	memcpy(ws->out + ws->out_len, head, head_len);
	memcpy(ws->out + ws->out_len + head_len, text, len);
	ws->out_len += head_len + len;
}

static void flush_all(void)
{
	size_t i, kept = 0;

	for (i = 0; i < dirty_count; i++) {
		struct ws *ws = dirty[i];
		ssize_t n = write(ws->fd, ws->out, ws->out_len);

		if (n < 0 && errno != EAGAIN)
			die("write on link %d: %s", ws->number, strerror(errno));
		if (n > 0) {
			ws->out_len -= (size_t)n;
			memmove(ws->out, ws->out + n, ws->out_len);
		}
		if (ws->out_len > 0)
			dirty[kept++] = ws;
	}
	dirty_count = kept;
}

static size_t frame_take(struct ws *ws, size_t at)
{
	const unsigned char *head = (const unsigned char *)ws->in + at;
	size_t left = ws->in_len - at, head_len = 2, len;
	char saved, *text;

	if (left < 2)
		return 0;
	len = head[1] & 0x7f;
	if (len == 126) {
		head_len = 4;
		if (left < 4)
			return 0;
		len = (size_t)head[2] << 8 | head[3];
	} else if (len == 127) {
		head_len = 10;
		if (left < 10)
			return 0;
		len = (size_t)head[6] << 24 | (size_t)head[7] << 16 | (size_t)head[8] << 8 | head[9];
	}
	if (left < head_len + len)
		return 0;
	if ((head[0] & 0x0f) == 8)
		die("link %d was closed by the server: %d", ws->number, head[2] << 8 | head[3]);
	if ((head[0] & 0x0f) == 9) {              /* ping: answered without its payload's mask */
		ws_send(ws, "", 0);
		ws->out[ws->out_len - 6] = (char)0x8a;
	} else if ((head[0] & 0x0f) == 1) {
		text = ws->in + at + head_len;
		saved = text[len];
		text[len] = '\0';
		ws->on_frame(ws, text, len);
		text[len] = saved;
	}
	return head_len + len;
}

static void read_frames(struct ws *ws)
{
	size_t at = 0, taken;
	ssize_t n;

	ws->in = grown(ws->in, &ws->in_room, ws->in_len + 65536 + 1);
	n = read(ws->fd, ws->in + ws->in_len, ws->in_room - ws->in_len - 1);
	if (n == 0 || (n < 0 && errno != EAGAIN))
		die("link %d lost", ws->number);
	if (n < 0)
		return;
	ws->in_len += (size_t)n;
	while ((taken = frame_take(ws, at)) > 0)
		at += taken;
	ws->in_len -= at;
	memmove(ws->in, ws->in + at, ws->in_len);
}

void ws_poll(int timeout_ms)
{
	struct epoll_event events[EVENTS_MOST];
	int i, n;

	flush_all();
	n = epoll_wait(epoll_fd, events, EVENTS_MOST, dirty_count > 0 ? 0 : timeout_ms);
	for (i = 0; i < n; i++)
		read_frames(events[i].data.ptr);
	flush_all();
}

void ws_close(struct ws *ws)
{
	close(ws->fd);
	free(ws->in);
	free(ws->out);
}
