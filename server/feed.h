/* feed.h — what has happened, to the consoles that may see it and look at it.
 *
 * Writing: feed_publish() takes the outcome rows of a committed function, adds each to the Redis
 * stream <prefix>:feed (and 'dispatch' rows to <prefix>:dispatch), keeps the department queues
 * <prefix>:dept:<id> and forgets the outbox rows once Redis has them.
 * Reading: every process follows the stream and gives each entry to its own links. All entries of
 * one read that a link may see travel in one frame:
 *   {"jsonrpc":"2.0","method":"feed","params":{"epoch":"…","pos":"<last>","events":[{"k":"ticket","b":{…}},…]}}
 * Catching up: feed.open with epoch and since replays what was missed, or answers "resync" when
 * the stream no longer reaches back (emptied, trimmed): then the console asks for its lists. */
#ifndef SERVER_FEED_H
#define SERVER_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include "front.h"

struct room; struct rows; struct feed; struct ask;

enum topic {
	TOPIC_dept = 1,      /* handler: tickets of the own department */
	TOPIC_mine = 2,      /* agent: tickets taken down by the account, calls and seat of the account */
	TOPIC_callback = 4,  /* agent: tickets to tell and to rate */
	TOPIC_all = 8,       /* supervisor: all tickets of the own region */
	TOPIC_agents = 16,   /* supervisor: seats and calls */
	TOPIC_board = 32     /* supervisor: the figures, at most once a second */
};

/* Who may get an entry. Zero or "" where it does not apply. */
struct audience { const char *kind, *region; int dept, was_dept, owner, state, was; };
/* Pure; the law of who sees what live. */
int feed_may_see(const struct seat *seat, const struct audience *audience);

/* Topics that a role may ask for. */
unsigned feed_topics_of(unsigned role);

/* What the rooms above want to be told; NULL where nobody cares. */
struct feed_hooks {
	void (*emptied)(struct room *room);      /* Redis is new, was emptied or restarted: rebuild copies */
	void (*arrived)(struct room *room);      /* something was read from the stream */
	void (*rules)(struct room *room);        /* the rule book was changed: read it again */
};

struct feed *feed_open(struct room *room, const struct feed_hooks *hooks);
void feed_close(struct feed *feed);          /* after store_close() and redis_close(): no answer can come */
void feed_awake(struct feed *feed);          /* room->redis is connected (again) */
void feed_link_gone(struct feed *feed, link_id link);
void feed_publish(struct room *room, const struct rows *rows);
/* Whether rows are on their way to Redis or their outbox rows still to be forgotten; feed_flush()
 * asks for the latter at once. For a clean shutdown. */
bool feed_is_busy(const struct feed *feed);
void feed_flush(struct feed *feed);
/* Tell every link with TOPIC_board whose seat has this region the figures of it. */
void feed_board(struct room *room, const char *region, const char *body);
/* "" while Redis has not been reached yet. */
const char *feed_epoch(const struct feed *feed);
const char *feed_position(const struct feed *feed);
size_t feed_lag_entries(const struct feed *feed);

#endif
