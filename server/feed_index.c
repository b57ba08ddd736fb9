/* feed_index.c — who listens: links by number, and in groups by department, account and topic. */
#include <stdlib.h>
#include <string.h>
#include "feed_parts.h"

struct group {
	enum group_kind kind;
	int key;
	struct subscriber **members;
	size_t count, room;
	struct group *next;
};

enum { LINK_BUCKETS = 16384, GROUP_BUCKETS = 1024 };

struct feed_index {
	struct subscriber *links[LINK_BUCKETS];
	struct group *groups[GROUP_BUCKETS];
	struct subscriber *graves;
};

struct feed_index *index_new(void)
{
	return calloc(1, sizeof(struct feed_index));
}

static struct subscriber **link_slot(struct feed_index *index, link_id link)
{
	struct subscriber **slot = &index->links[link % LINK_BUCKETS];

	while (*slot && (*slot)->link != link)
		slot = &(*slot)->next;
	return slot;
}

struct subscriber *index_find(struct feed_index *index, link_id link)
{
	return *link_slot(index, link);
}

static struct group **group_slot(struct feed_index *index, enum group_kind kind, int key)
{
	struct group **slot = &index->groups[((unsigned)key * 4 + (unsigned)kind) % GROUP_BUCKETS];

	while (*slot && ((*slot)->kind != kind || (*slot)->key != key))
		slot = &(*slot)->next;
	return slot;
}

static struct group *group_make(struct feed_index *index, enum group_kind kind, int key)
{
	struct group **slot = group_slot(index, kind, key);

	if (!*slot && (*slot = calloc(1, sizeof **slot))) {
		(*slot)->kind = kind;
		(*slot)->key = key;
	}
	return *slot;
}

static bool join(struct feed_index *index, struct subscriber *subscriber, enum group_kind kind, int key)
{
	struct group *group = group_make(index, kind, key);

	if (!group)
		return false;
	if (group->count == group->room) {
		size_t room = group->room * 2 + 4;
		struct subscriber **more = realloc(group->members, room * sizeof *more);
		if (!more)
			return false;
		group->members = more;
		group->room = room;
	}
	subscriber->in[subscriber->in_count].group = group;
	subscriber->in[subscriber->in_count++].place = group->count;
	group->members[group->count++] = subscriber;
	return true;
}

/* The last member takes the place of the one that leaves. */
static void leave(struct group *group, size_t place)
{
	struct subscriber *last = group->members[--group->count];

	group->members[place] = last;
	for (int i = 0; i < last->in_count; i++)
		if (last->in[i].group == group)
			last->in[i].place = place;
}

static void leave_all(struct subscriber *subscriber)
{
	while (subscriber->in_count > 0) {
		int i = subscriber->in_count - 1;
		leave(subscriber->in[i].group, subscriber->in[i].place);
		subscriber->in_count--;
	}
}

static bool join_topic(struct feed_index *index, struct subscriber *subscriber, unsigned topic)
{
	return !(subscriber->seat.topics & topic) || join(index, subscriber, GROUP_TOPIC, (int)topic);
}

static bool join_all(struct feed_index *index, struct subscriber *subscriber)
{
	const struct seat *seat = &subscriber->seat;

	if (seat->topics & TOPIC_dept && !join(index, subscriber, GROUP_DEPT, seat->dept))
		return false;
	if (seat->topics & TOPIC_mine && !join(index, subscriber, GROUP_ACCOUNT, seat->account))
		return false;
	return join_topic(index, subscriber, TOPIC_callback) && join_topic(index, subscriber, TOPIC_all) &&
	       join_topic(index, subscriber, TOPIC_agents) && join_topic(index, subscriber, TOPIC_board);
}

struct subscriber *index_put(struct feed_index *index, link_id link, const struct seat *seat)
{
	struct subscriber **slot = link_slot(index, link);

	if (!*slot) {
		*slot = calloc(1, sizeof **slot);
		if (!*slot)
			return NULL;
		(*slot)->link = link;
		(*slot)->first_pick = (*slot)->last_pick = -1;
	}
	leave_all(*slot);
	(*slot)->seat = *seat;
	if (join_all(index, *slot))
		return *slot;
	index_drop(index, link, false);
	return NULL;
}

void held_clear(struct subscriber *subscriber)
{
	for (size_t i = 0; i < subscriber->held_count; i++)
		free(subscriber->held[i].event);
	free(subscriber->held);
	subscriber->held = NULL;
	subscriber->held_count = subscriber->held_room = 0;
	subscriber->too_much = false;
}

static void subscriber_free(struct subscriber *subscriber)
{
	held_clear(subscriber);
	free(subscriber);
}

void index_drop(struct feed_index *index, link_id link, bool later)
{
	struct subscriber **slot = link_slot(index, link), *gone = *slot;

	if (!gone)
		return;
	*slot = gone->next;
	leave_all(gone);
	if (!later) {
		subscriber_free(gone);
		return;
	}
	gone->dead = true;
	gone->next = index->graves;
	index->graves = gone;
}

void index_bury(struct feed_index *index)
{
	while (index->graves) {
		struct subscriber *gone = index->graves;
		index->graves = gone->next;
		subscriber_free(gone);
	}
}

void index_each(struct feed_index *index, enum group_kind kind, int key, subscriber_fn *fn, void *context)
{
	struct group *group = *group_slot(index, kind, key);

	/* Backwards: a member that drops out is replaced by one already visited. */
	for (size_t i = group ? group->count : 0; i-- > 0;)
		fn(context, group->members[i]);
}

void index_all(struct feed_index *index, subscriber_fn *fn, void *context)
{
	for (size_t i = 0; i < LINK_BUCKETS; i++)
		for (struct subscriber *at = index->links[i], *next; at; at = next) {
			next = at->next;
			fn(context, at);
		}
}

void index_free(struct feed_index *index)
{
	index_bury(index);
	for (size_t i = 0; i < LINK_BUCKETS; i++)
		while (index->links[i])
			index_drop(index, index->links[i]->link, false);
	for (size_t i = 0; i < GROUP_BUCKETS; i++)
		for (struct group *at = index->groups[i], *next; at; at = next) {
			next = at->next;
			free(at->members);
			free(at);
		}
	free(index);
}

bool held_add(struct subscriber *subscriber, const struct entry *entry)
{
	struct bytes event = { .text = NULL };

	if (subscriber->held_count == subscriber->held_room) {
		size_t room = subscriber->held_room * 2 + 16;
		struct held *more = realloc(subscriber->held, room * sizeof *more);
		if (!more)
			return false;
		subscriber->held = more;
		subscriber->held_room = room;
	}
	if (!bytes_add_event(&event, entry)) {
		bytes_free(&event);
		return false;
	}
	subscriber->held[subscriber->held_count++] =
		(struct held){ .event = event.text, .len = event.len, .id = entry->id };
	return true;
}
