/* ws.h — a WebSocket client for loads: many connections, one epoll, no checks beyond what a load needs.
 *
 * Loopback and text frames only. Anything unexpected from the server ends the program with a message:
 * a load that went wrong must not print figures. */
#ifndef TESTS_LOAD_WS_H
#define TESTS_LOAD_WS_H

#include <stddef.h>
#include <stdint.h>

struct ws;
typedef void ws_frame_fn(struct ws *ws, char *text, size_t len);   /* text is NUL-terminated */

struct ws {
	int fd;
	int number;               /* the caller's */
	ws_frame_fn *on_frame;
	char *in; size_t in_len, in_room;
	char *out; size_t out_len, out_room;
};

int64_t now_us(void);
void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/* Connect to 127.0.0.1:port and shake hands with cookie sid=<cookie>; blocking, then non-blocking. */
void ws_open(struct ws *ws, int port, const char *cookie, ws_frame_fn *on_frame);
/* Queue a text frame; sent by the next ws_poll(). */
void ws_send(struct ws *ws, const char *text, size_t len);
/* Send what is queued, wait at most timeout_ms for frames and hand them out. */
void ws_poll(int timeout_ms);
void ws_close(struct ws *ws);

#endif
