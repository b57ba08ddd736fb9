/* front_internal.h — what the parts of the front share: connections, links and requests.
 *
 * conn.c owns connections (one accepted socket each, from accept to libwebsockets' last word) and
 * peers (one per address). link.c owns links, http*.c own requests.
 * Callers die only in LWS_CALLBACK_WSI_DESTROY, which libuv delivers in a later turn, so a
 * conn at hand stays valid through any call made here. */
#ifndef SERVER_FRONT_INTERNAL_H
#define SERVER_FRONT_INTERNAL_H

#include <libwebsockets.h>
#include "front.h"
#include "loop.h"

#define WS_PATH "/ws"
#define WS_PROTOCOL "jsonrpc.12345.v1"
#define ADDRESS_ROOM 46

enum { NOTES_PER_TICK = 20 };

/* How long a conn may take; milliseconds. */
enum {
	PATIENCE_HEADERS = 10000,   /* from accept to the first complete request */
	PATIENCE_IDLE = 15000,      /* between two requests */
	PATIENCE_BODY = 30000,      /* for the whole body */
	SPOOL_PACE = 32,            /* bytes a millisecond that a body going to a file should bring */
	PATIENCE_REPLY = 120000,    /* for a handler of ours to answer */
	PATIENCE_SEND = 20000,      /* for each piece of a file to leave */
	PATIENCE_CLOSE = 5000,      /* for a goodbye to be read */
	PATIENCE_DRAIN = 5000       /* for everybody to leave */
};

struct peer {                   /* one address; freed with its last conn */
	struct peer *next;
	int conns, links;
	char ip[ADDRESS_ROOM];
};

enum phase {
	PHASE_HEADERS, PHASE_BODY, PHASE_WAITING, PHASE_SENDING, PHASE_LEAVING, PHASE_LINK
};

struct conn {
	struct conn *next, **self;
	struct front *front;
	struct lws *wsi;
	struct peer *peer;
	struct http_request *request;
	struct link *link;
	int64_t deadline;           /* loop_ms() when patience ends; 0 = no hurry */
	uint64_t bytes;             /* read up to the end of the last request; 0 = none yet */
	enum phase phase;
	int fd;
	bool inside;                /* libwebsockets is calling us about this conn */
	bool doomed;                /* tell libwebsockets to close when it calls, or already told */
	bool paused;                /* reading is off while a request waits for its reply */
};

struct parcel {                 /* one outbound frame that has to wait */
	struct parcel *next;
	size_t len;
	unsigned char data[];       /* LWS_PRE bytes of head room, then the text */
};

struct link {
	struct conn *conn;
	link_id id;                 /* 0 before the WebSocket is established */
	struct seat seat;
	char *cookie;
	int64_t opened, heard, refilled;   /* loop_ms() */
	int tokens;                 /* thousandths of a frame that may still come */
	bool leaving;               /* closed by us; nothing goes in or out any more */
	bool parted;                /* the goodbye is in libwebsockets' hands */
	bool told;                  /* on_gone() was called, or never will be */
	struct link *next_leaving, **self_leaving;
	char *in;                   /* a message that arrives in pieces */
	size_t in_len, in_room;
	struct parcel *first, **last;
	size_t queued;              /* bytes in parcels */
	size_t stuck;               /* at most so many bytes wait inside libwebsockets */
	int close_code;
	char close_reason[64];
};

struct http_request {
	struct conn *conn;          /* NULL once it has hung up */
	const struct http_route *route;
	const char *method;
	char *path;
	char *arguments; size_t arguments_size;
	char *body;
	size_t body_len, body_room, body_due;
	char ip[ADDRESS_ROOM];
	bool head_only, origin_ok;
	bool held;                  /* a handler has it and will reply */
	bool part;                  /* close after the reply: what follows would confuse */
	bool reads_on;              /* libwebsockets will take what follows for a body */
	const struct http_spool *spool; /* NULL: the body is kept in memory */
	char *spool_path;           /* NULL once taken */
	int spool_fd;               /* -1 = none */
	bool admitted;              /* its spool is to be told of the end */
	int fd;                     /* file being sent, -1 = none */
	uint64_t left;              /* bytes of it still to be sent */
};

struct slot { struct link *link; uint64_t generation; };

#define PEER_BUCKETS 4096

struct front {
	struct loop *loop;
	struct front_config config;
	struct lws_context *context;
	struct lws_vhost *vhost;
	int listener, port;
	struct watch *watch;
	bool accept_paused;
	struct timer *tick, *after, *drain, *last;
	unsigned ticks;
	struct conn *conns;
	int conn_count, conn_limit;
	struct peer *peers[PEER_BUCKETS];
	struct slot *slots;
	int *free_slots, free_count, slots_used;
	size_t link_count;          /* live links */
	int links_held;             /* links in memory: live, arriving or leaving */
	struct link *leaving;
	unsigned char *out; size_t out_room;        /* LWS_PRE + what is being written */
	char *frame;                /* max_frame + 1: the message being handed to on_frame */
	char *static_root;          /* resolved static_dir, NULL = none */
	int notes;                  /* log lines about conns in this second */
	bool tls_ok, draining;
	bool closing;               /* front_close() was called: nobody is told anything more */
	int closing_turns;
	int64_t drain_until;
	void (*drained)(void *);
	void *drained_context;
};

/* conn.c */
bool listener_open(struct front *front);        /* false: logged why */
void listener_close(struct front *front);
void conns_tick(void *context);               /* context is the front; once a second */
void conn_free(struct conn *conn);        /* libwebsockets has let go of it */
/* Ask libwebsockets to close: at once from outside, by return value from inside. */
void conn_close(struct conn *conn);
/* The same without waiting for what is still unsent. */
void conn_kill(struct conn *conn);
/* Let libwebsockets read from this conn or not. */
void conn_reading(struct conn *conn, bool on);
/* Note how much was read from the socket up to here. */
void conn_bytes_note(struct conn *conn);
/* Whether the request at hand had come together with the one before. Notes as well. */
bool conn_pipelines(struct conn *conn);
void conn_patience(struct conn *conn, enum phase phase, int milliseconds);

/* front.c */
/* A buffer with LWS_PRE head room and len bytes behind it; valid until the next call. */
unsigned char *front_out(struct front *front, size_t len);
/* One log line about a conn, but not more than a few in a second. */
void front_note(struct front *front, const struct conn *conn, const char *message,
                const char *detail);
void *front_alloc(size_t size);         /* zeroed; ends the process when there is no memory */
/* Copy a header of libwebsockets' list; false: absent or too long. */
bool header_copy(struct lws *wsi, enum lws_token_indexes token, char *out, size_t room);
/* Whether the Origin that wsi came with (or none) may use this server. */
bool origin_allowed(const struct front *front, struct lws *wsi);

/* link.c */
int link_confirm(struct conn *conn);        /* 0: upgrade, 1: refused with a reply, -1: drop */
void link_established(struct conn *conn);
void link_receive(struct conn *conn, const char *data, size_t len);
void link_writeable(struct conn *conn);
void link_closed(struct conn *conn);        /* the socket has gone */
void link_free(struct link *link);
void link_tick(struct link *link, int64_t now);
void link_leave(struct link *link, int code, const char *reason);
void links_see_off(struct front *front);        /* on_gone() and goodbye for those that leave */

/* http.c */
void http_begin(struct conn *conn, const char *path, size_t len);
void http_take(struct conn *conn, const char *data, size_t len);
void http_complete(struct conn *conn);

/* http_spool.c */
/* Which spool the request's route has, if any. */
void spool_find(struct http_request *request);
bool spool_open(struct http_request *request);        /* false: the request was refused */
bool spool_write(struct http_request *request, const char *data, size_t len);   /* the same */
void spool_close(struct http_request *request);       /* at the end of the request */

/* http_reply.c */
/* http_refuse() with further header lines. */
void http_refuse_with(struct http_request *request, int status, const char *headers,
                      const char *code, const char *message);
void http_pump(struct conn *conn);          /* the socket takes more of a file */
void http_orphan(struct http_request *request); /* its conn has gone */
/* Refuse a WebSocket upgrade, which has no request object. */
void http_turn_away(struct conn *conn, int status, const char *headers, const char *message);
/* Send an open file of size bytes as the reply; takes fd. */
void http_send_file(struct http_request *request, const char *headers, int fd, uint64_t size);

/* static.c */
void static_serve(struct http_request *request);

#endif
