/* feed_parts.h — what the files of the feed share: stream ids, subscribers, the reader's state. */
#ifndef SERVER_FEED_PARTS_H
#define SERVER_FEED_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "feed.h"

struct redis; struct redisReply; struct timer;

/* The name of a stream entry, "ms-seq". */
struct stream_id { uint64_t ms, seq; };
enum { STREAM_ID_TEXT = 44 };
bool stream_id_parse(const char *text, struct stream_id *ret);
void stream_id_print(struct stream_id id, char out[STREAM_ID_TEXT]);
int stream_id_compare(struct stream_id a, struct stream_id b);

/* What XINFO STREAM tells; all zero for a stream that does not exist. */
struct stream_facts { struct stream_id first, last; long long length, added; };
bool stream_facts_read(const struct redisReply *reply, struct stream_facts *ret);

/* One entry of the stream; texts belong to the reply it was read from. */
struct entry {
	struct stream_id id;
	struct audience audience;
	const char *body;
	size_t body_len;
};
bool entry_read(const struct redisReply *reply, struct entry *ret);

/* Bytes gathered for a frame; kept between frames. */
struct bytes { char *text; size_t len, room; };
bool bytes_add(struct bytes *bytes, const char *text, size_t len);
void bytes_free(struct bytes *bytes);
/* {"k":…,"b":…} of an entry. */
bool bytes_add_event(struct bytes *bytes, const struct entry *entry);

/* ---- feed_index.c: who listens --------------------------------------------------------- */
enum group_kind { GROUP_DEPT, GROUP_ACCOUNT, GROUP_TOPIC };
struct group;
enum { MEMBERSHIPS_MOST = 6 };       /* one a topic */

struct held { char *event; size_t len; struct stream_id id; };

struct subscriber {
	link_id link;
	struct seat seat;                 /* with the topics it asked for */
	struct stream_id after;           /* entries up to here it has */
	uint64_t mark;                    /* last entry it was considered for */
	int first_pick, last_pick;        /* entries of this read that it gets, -1 = none */
	uint64_t told;                    /* entries read when it last got a position */
	bool holding;                     /* catching up: live entries wait in held */
	bool too_much;                    /* more waited than may be held */
	bool dead;                        /* gone while a read was being delivered */
	struct held *held; size_t held_count, held_room;
	struct { struct group *group; size_t place; } in[MEMBERSHIPS_MOST];
	int in_count;
	struct subscriber *next;
};

struct feed_index;
struct feed_index *index_new(void);
void index_free(struct feed_index *index);
struct subscriber *index_find(struct feed_index *index, link_id link);
/* Find or make, and place anew in the groups that seat and topics ask for. NULL: no memory. */
struct subscriber *index_put(struct feed_index *index, link_id link, const struct seat *seat);
/* Out of the index; freed at once, or by index_bury() when `later`. */
void index_drop(struct feed_index *index, link_id link, bool later);
void index_bury(struct feed_index *index);
/* Visit the members; fn may drop the subscriber it is given. */
typedef void subscriber_fn(void *context, struct subscriber *subscriber);
void index_each(struct feed_index *index, enum group_kind kind, int key, subscriber_fn *fn, void *context);
void index_all(struct feed_index *index, subscriber_fn *fn, void *context);
bool held_add(struct subscriber *subscriber, const struct entry *entry);
void held_clear(struct subscriber *subscriber);

/* ---- feed_read.c: from the stream to the links ------------------------------------------ */
enum { EVENTS_PER_FRAME = 64, REPLAY_MOST = 5000, READ_MOST = 500 };

struct reader {
	struct feed *feed;
	struct redis *redis;              /* its own connection: XREAD blocks */
	bool reading, positioned, reset;  /* reset: position anew, then tell every console */
	struct stream_id last;
	char position[STREAM_ID_TEXT];
	uint64_t entries;                 /* read since the stream began, as XINFO counts */
	uint64_t serial;
	bool delivering, rules_changed;
	struct pick { int entry, next; } *picks; size_t pick_count, pick_room;
	struct subscriber **dirty; size_t dirty_count, dirty_room;
	struct bytes frame;
};

void reader_open(struct feed *feed);
void reader_close(struct feed *feed);
/* Start a read if none is under way. */
void reader_go(struct reader *reader);
/* Consoles that see little learn how far the stream has come, so that they can resume near it. */
void reader_tell_positions(struct feed *feed);
/* Send one frame of events (JSON objects separated by commas) up to position id. */
void feed_send_events(struct feed *feed, struct subscriber *subscriber, const char *events, size_t len,
                      struct stream_id id);

/* ---- feed_publish.c: into Redis ------------------------------------------------------------ */
/* Send again what was committed a while ago and is not known to be in Redis. */
void feed_ask_stale(struct feed *feed);

/* Whether the epoch's key in Redis is the one that feed->epoch was made from. */
bool feed_epoch_is(const struct feed *feed, const char *key);

/* ---- feed.c: what all share ---------------------------------------------------------------- */
enum { EPOCH_TEXT = 40 };

struct feed {
	struct room *room;
	struct feed_hooks hooks;
	struct feed_index *index;
	struct reader reader;
	char stream[80], dispatch[80], police[80], epoch_key[80];    /* keys in Redis */
	char epoch[EPOCH_TEXT], run[16];          /* name of this life of the stream; run of the Redis server */
	long long added;                  /* entries that the stream has had, by the last look */
	long long *done; size_t done_count, done_room;   /* outbox rows that Redis has */
	size_t adding, forgetting;        /* XADDs and outbox_done calls under way */
	bool asking_stale;
	struct timer *look, *second, *soon;
	unsigned ticks;
};

#endif
