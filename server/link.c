/* link.c — WebSocket links: who may open one, frames in and out, and the goodbye. */
#include "front_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "http_parse.h"

/* A link's number: the slot in the low bits finds it, the generation above makes it unique. */
enum { SLOT_BITS = 24, SLOT_MASK = (1 << SLOT_BITS) - 1 };
enum { CLOSE_NOT_TEXT = 1003, COOKIE_ROOM = 200, THOUSAND = 1000 };
enum { HELLO_MS = 30000 };    /* who has not said hello by then holds a place for nothing */

static struct link *link_find(const struct front *front, link_id id)
{
	size_t slot = id & SLOT_MASK;
	struct link *link;

	if (slot >= (size_t)front->config.max_links)
		return NULL;
	link = front->slots[slot].link;
	return link && link->id == id ? link : NULL;
}

/* --- the door ------------------------------------------------------------------------------- */

static int turn_away(struct conn *conn, int status, const char *headers, const char *message)
{
	front_note(conn->front, conn, "link refused", message);
	http_turn_away(conn, status, headers, message);
	return 1;
}

static bool crowded(const struct conn *conn)
{
	const struct front *front = conn->front;

	return front->links_held >= front->config.max_links || front->draining;
}

/* Check what libwebsockets does not: path, version, subprotocol, Origin and room. */
int link_confirm(struct conn *conn)
{
	struct lws *wsi = conn->wsi;
	char text[300], cookies[4096], session[COOKIE_ROOM] = "";
	struct link *link;

	if (!header_copy(wsi, WSI_TOKEN_UPGRADE, text, sizeof text) || conn->link)
		return -1;
	if (strcasecmp(text, "websocket"))
		return turn_away(conn, 400, NULL, "只能升级到 WebSocket");
	if (!header_copy(wsi, WSI_TOKEN_GET_URI, text, sizeof text) || strcmp(text, WS_PATH))
		return turn_away(conn, 404, NULL, "WebSocket 只在 " WS_PATH " 开放");
	if (!header_copy(wsi, WSI_TOKEN_VERSION, text, sizeof text) || strcmp(text, "13"))
		return turn_away(conn, 426, "Sec-WebSocket-Version: 13\r\n",
		                 "只支持 WebSocket 版本 13");
	if (!header_copy(wsi, WSI_TOKEN_PROTOCOL, text, sizeof text)
	    || !token_listed(text, WS_PROTOCOL))
		return turn_away(conn, 400, NULL, "请用子协议 " WS_PROTOCOL);
	if (!origin_allowed(conn->front, wsi))
		return turn_away(conn, 403, NULL, "此来源不允许连接，请在设置 origins 中登记");
	if (crowded(conn))
		return turn_away(conn, 503, "Retry-After: 5\r\n", "连接数已满，请稍后再试");
	if (conn->peer->links >= conn->front->config.max_links_per_ip)
		return turn_away(conn, 429, "Retry-After: 5\r\n", "同一地址的连接过多");
	link = front_alloc(sizeof *link);
	link->conn = conn;
	link->last = &link->first;
	if (header_copy(wsi, WSI_TOKEN_HTTP_COOKIE, cookies, sizeof cookies))
		cookie_find(cookies, "sid", session, sizeof session);
	link->cookie = strdup(session);
	conn->link = link;
	conn->peer->links++;
	conn->front->links_held++;
	return 0;
}

void link_established(struct conn *conn)
{
	struct front *front = conn->front;
	struct link *link = conn->link;
	int slot = front->free_slots[--front->free_count];

	link->id = ++front->slots[slot].generation << SLOT_BITS | (link_id)slot;
	link->opened = link->heard = link->refilled = loop_ms(front->loop);
	link->tokens = 2 * THOUSAND * front->config.frames_per_second;
	front->slots[slot].link = link;
	if (slot >= front->slots_used)
		front->slots_used = slot + 1;
	front->link_count++;
	conn_patience(conn, PHASE_LINK, 0);
}

/* --- leaving -------------------------------------------------------------------------------- */

static void parcels_free(struct link *link)
{
	struct parcel *parcel;

	while ((parcel = link->first)) {
		link->first = parcel->next;
		free(parcel);
	}
	link->last = &link->first;
	link->queued = 0;
}

static void incoming_free(struct link *link)
{
	free(link->in);
	link->in = NULL;
	link->in_len = link->in_room = 0;
}

/* Nobody can find the link by its number from now on. */
static void link_vacate(struct link *link)
{
	struct front *front = link->conn->front;
	int slot = (int)(link->id & SLOT_MASK);

	if (!link->id || front->slots[slot].link != link)
		return;
	front->slots[slot].link = NULL;
	front->free_slots[front->free_count++] = slot;
	front->link_count--;
}

static void leaving_append(struct link *link)
{
	struct front *front = link->conn->front;

	if (link->self_leaving)
		return;
	link->next_leaving = front->leaving;
	link->self_leaving = &front->leaving;
	if (link->next_leaving)
		link->next_leaving->self_leaving = &link->next_leaving;
	front->leaving = link;
	timer_start(front->after, 0, 0);
}

static void leaving_remove(struct link *link)
{
	if (!link->self_leaving)
		return;
	*link->self_leaving = link->next_leaving;
	if (link->next_leaving)
		link->next_leaving->self_leaving = link->self_leaving;
	link->self_leaving = NULL;
}

static void link_tell_gone(struct link *link)
{
	struct front *front = link->conn->front;

	if (link->told || !link->id)
		return;
	link->told = true;
	if (!front->closing)
		front->config.on_gone(front->config.context, link->id, &link->seat);
}

/* Send the goodbye, behind what libwebsockets still holds. Only outside its callbacks: Debian's
 * build closes twice after a callback that asks for it, which drops the close frame. */
static void goodbye_send(struct link *link)
{
	struct lws *wsi = link->conn->wsi;

	if (link->parted || link->conn->doomed || lws_partial_buffered(wsi))
		return;
	link->parted = true;
	lws_close_reason(wsi, (enum lws_close_status)link->close_code,
	                 (unsigned char *)link->close_reason, strlen(link->close_reason));
	lws_set_timeout(wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_SYNC);
}

void links_see_off(struct front *front)
{
	struct link *link;

	while ((link = front->leaving)) {
		leaving_remove(link);
		link_tell_gone(link);
		goodbye_send(link);
	}
}

/* Out of sight at once; on_gone() and the goodbye follow in the next turn, because the conn
 * of link_close() may be in the middle of something. */
void link_leave(struct link *link, int code, const char *reason)
{
	if (link->leaving)
		return;
	link->leaving = true;
	link->close_code = code;
	snprintf(link->close_reason, sizeof link->close_reason, "%s", reason ? reason : "");
	parcels_free(link);
	incoming_free(link);
	link_vacate(link);
	leaving_append(link);
	conn_patience(link->conn, PHASE_LEAVING, PATIENCE_CLOSE);
	lws_callback_on_writable(link->conn->wsi);
}

void link_closed(struct conn *conn)
{
	struct link *link = conn->link;

	link->leaving = true;
	parcels_free(link);
	incoming_free(link);
	link_vacate(link);
	if (conn->phase == PHASE_LINK)
		conn_patience(conn, PHASE_LEAVING, PATIENCE_CLOSE);
	leaving_remove(link);
	link_tell_gone(link);
}

void link_free(struct link *link)
{
	link->conn->peer->links--;
	link->conn->front->links_held--;
	link->conn->link = NULL;
	free(link->cookie);
	free(link);
}

/* --- frames in ------------------------------------------------------------------------------ */

static bool token_take(struct link *link)
{
	const struct front *front = link->conn->front;
	int64_t now = loop_ms(front->loop), most = 2LL * THOUSAND * front->config.frames_per_second;
	int64_t tokens = link->tokens + (now - link->refilled) * front->config.frames_per_second;

	link->refilled = now;
	link->tokens = (int)(tokens < most ? tokens : most);
	if (link->tokens < THOUSAND)
		return false;
	link->tokens -= THOUSAND;
	return true;
}

static void incoming_append(struct link *link, const char *data, size_t len, size_t expected)
{
	if (link->in_len + len + 1 > link->in_room) {
		size_t room = 2 * link->in_room;
		char *bigger;

		if (room < link->in_len + len + expected + 1)
			room = link->in_len + len + expected + 1;
		bigger = front_alloc(room);
		memcpy(bigger, link->in ? link->in : "", link->in_len);
		free(link->in);
		link->in = bigger;
		link->in_room = room;
	}
	if (len)
		memcpy(link->in + link->in_len, data, len);
	link->in_len += len;
	link->in[link->in_len] = '\0';
}

static void message_deliver(struct link *link, const char *data, size_t len)
{
	struct front *front = link->conn->front;

	memcpy(front->frame, data, len);
	front->frame[len] = '\0';
	incoming_free(link);
	front->config.on_frame(front->config.context, link->id, front->frame, len);
}

void link_receive(struct conn *conn, const char *data, size_t len)
{
	struct link *link = conn->link;
	struct lws *wsi = conn->wsi;
	size_t more = lws_remaining_packet_payload(wsi);
	size_t most = (size_t)conn->front->config.max_frame;

	if (!link || link->leaving)
		return;
	link->heard = loop_ms(conn->front->loop);
	if (lws_is_first_fragment(wsi))
		incoming_free(link);
	if (lws_frame_is_binary(wsi))
		link_leave(link, CLOSE_NOT_TEXT, "text frames only");
	else if (len > most || more > most || link->in_len + len + more > most)
		link_leave(link, CLOSE_TOO_BIG, "message too big");
	else if (!more && !token_take(link))
		link_leave(link, CLOSE_TOO_FAST, "too many messages");
	if (link->leaving)
		return;
	if (!lws_is_final_fragment(wsi)) {
		incoming_append(link, data, len, more);
	} else if (!link->in) {
		message_deliver(link, len ? data : "", len);
	} else {
		incoming_append(link, data, len, 0);
		message_deliver(link, link->in, link->in_len);
	}
}

/* --- frames out ----------------------------------------------------------------------------- */

/* data has LWS_PRE bytes of head room. */
static void frame_write(struct link *link, unsigned char *data, size_t len)
{
	struct lws *wsi = link->conn->wsi;

	if (lws_write(wsi, data, len, LWS_WRITE_TEXT) < 0)
		link_leave(link, CLOSE_GOING_AWAY, "broken");
	else if (lws_partial_buffered(wsi))
		link->stuck = len;
}

static void parcel_append(struct link *link, const char *text, size_t len)
{
	struct parcel *parcel = front_alloc(sizeof *parcel + LWS_PRE + len);

	parcel->len = len;
	memcpy(parcel->data + LWS_PRE, text, len);
	*link->last = parcel;
	link->last = &parcel->next;
	link->queued += len;
	lws_callback_on_writable(link->conn->wsi);
}

bool link_send(struct front *front, link_id id, const char *text, size_t len)
{
	struct link *link = link_find(front, id);
	unsigned char *out;

	if (!link)
		return false;
	if (!link->first && !lws_partial_buffered(link->conn->wsi)) {
		out = front_out(front, len);
		memcpy(out, text, len);
		frame_write(link, out, len);
		return !link->leaving;
	}
	if (link->stuck + link->queued + len > (size_t)front->config.link_budget) {
		front_note(front, link->conn, "link too slow", "closed with 4408");
		link_leave(link, CLOSE_TOO_SLOW, "reading too slowly");
		return false;
	}
	parcel_append(link, text, len);
	return true;
}

void link_writeable(struct conn *conn)
{
	struct link *link = conn->link;
	struct parcel *parcel;

	if (!link)
		return;
	if (link->leaving) {
		if (!link->parted)
			leaving_append(link);
		return;
	}
	link->stuck = 0;
	while ((parcel = link->first) && !lws_partial_buffered(conn->wsi)) {
		link->first = parcel->next;
		if (!link->first)
			link->last = &link->first;
		link->queued -= parcel->len;
		frame_write(link, parcel->data + LWS_PRE, parcel->len);
		free(parcel);
	}
}

/* Each link is asked in its own second, so that 10,000 of them do not answer at once. */
void link_tick(struct link *link, int64_t now)
{
	static const char question[] = "alive";     /* an empty pong would not be reported */
	const struct front *front = link->conn->front;
	int period = front->config.ping_seconds;
	int64_t quiet = now - link->heard;
	int second = (int)(front->ticks % (unsigned)period);
	bool my_second = (int)(link->id & SLOT_MASK) % period == second;
	unsigned char *out;

	if (quiet >= 2000LL * period) {
		link_closed(link->conn);
		conn_kill(link->conn);
	} else if (link->seat.account == 0 && now - link->opened >= HELLO_MS) {
		link_leave(link, CLOSE_POLICY, "no hello");
	} else if (quiet >= 500LL * period && my_second
	           && !lws_partial_buffered(link->conn->wsi)) {
		out = front_out(link->conn->front, sizeof question);
		memcpy(out, question, sizeof question);
		if (lws_write(link->conn->wsi, out, sizeof question - 1, LWS_WRITE_PING) < 0)
			link_leave(link, CLOSE_GOING_AWAY, "broken");
	}
}

/* --- for everybody ---------------------------------------------------------------------------- */

struct seat *link_seat(struct front *front, link_id id)
{
	struct link *link = link_find(front, id);

	return link ? &link->seat : NULL;
}

const char *link_cookie(struct front *front, link_id id)
{
	struct link *link = link_find(front, id);

	return link ? link->cookie : "";
}

const char *link_ip(struct front *front, link_id id)
{
	struct link *link = link_find(front, id);

	return link ? link->conn->peer->ip : "";
}

void link_close(struct front *front, link_id id, int code, const char *reason)
{
	struct link *link = link_find(front, id);

	if (link)
		link_leave(link, code, reason);
}

void front_each(struct front *front, void (*fn)(void *context, link_id link, struct seat *seat),
                void *context)
{
	int i;

	for (i = 0; i < front->slots_used; i++) {
		struct link *link = front->slots[i].link;

		if (link)
			fn(context, link->id, &link->seat);
	}
}

size_t front_links(const struct front *front)
{
	return front->link_count;
}
