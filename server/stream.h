/* stream.h — a consumer group on a stream of work in Redis: entries say that something waits, the database says what.
 *
 * Its own connection, for its reads block. The group is made anew whenever Redis was emptied; entries that a dead
 * process took and did not acknowledge are claimed. */
#ifndef SERVER_STREAM_H
#define SERVER_STREAM_H

#include "redis.h"

struct room;
struct stream;

/* name: what follows the prefix in the key, also the group's name. arrived() when entries came: the owner looks into
 * the database and then calls stream_ack() for all that had come until it looked. */
struct stream *stream_open(struct room *room, const char *name, void (*arrived)(void *context), void *context);
/* Entries taken and not yet acknowledged; hand back the number that was there when the database was asked. */
size_t stream_taken(const struct stream *stream);
void stream_ack(struct stream *stream, size_t count);
/* Read on, claim what others left. To be called about once a second. */
void stream_tick(struct stream *stream);
void stream_stop(struct stream *stream);
void stream_close(struct stream *stream);    /* after stream_stop() */

#endif
