/* feed_stream.c — stream entries of Redis as values: ids, facts, entries, and bytes for frames. */
#include <hiredis/hiredis.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "feed_parts.h"

/* Digits only, no sign, no overflow; steps over them. */
static bool number_parse(const char **at, uint64_t *ret)
{
	uint64_t number = 0;

	if (**at < '0' || **at > '9')
		return false;
	for (; **at >= '0' && **at <= '9'; ++*at) {
		uint64_t digit = (uint64_t)(**at - '0');
		if (number > (UINT64_MAX - digit) / 10)
			return false;
		number = number * 10 + digit;
	}
	*ret = number;
	return true;
}

bool stream_id_parse(const char *text, struct stream_id *ret)
{
	return number_parse(&text, &ret->ms) && *text++ == '-' && number_parse(&text, &ret->seq) && *text == '\0';
}

void stream_id_print(struct stream_id id, char out[STREAM_ID_TEXT])
{
	snprintf(out, STREAM_ID_TEXT, "%" PRIu64 "-%" PRIu64, id.ms, id.seq);
}

int stream_id_compare(struct stream_id a, struct stream_id b)
{
	if (a.ms != b.ms)
		return a.ms < b.ms ? -1 : 1;
	return a.seq < b.seq ? -1 : a.seq > b.seq;
}

static bool is_text(const struct redisReply *reply)
{
	return reply && (reply->type == REDIS_REPLY_STRING || reply->type == REDIS_REPLY_STATUS);
}

/* first-entry is [id, fields] or nil. */
static void fact_read(const char *name, const struct redisReply *value, struct stream_facts *ret)
{
	if (strcmp(name, "length") == 0)
		ret->length = value->integer;
	else if (strcmp(name, "entries-added") == 0)
		ret->added = value->integer;
	else if (strcmp(name, "last-generated-id") == 0 && is_text(value))
		stream_id_parse(value->str, &ret->last);
	else if (strcmp(name, "first-entry") == 0 && value->type == REDIS_REPLY_ARRAY &&
	         value->elements > 0 && is_text(value->element[0]))
		stream_id_parse(value->element[0]->str, &ret->first);
}

bool stream_facts_read(const struct redisReply *reply, struct stream_facts *ret)
{
	*ret = (struct stream_facts){ .length = 0 };
	if (reply && reply->type == REDIS_REPLY_ERROR)
		return strstr(reply->str, "no such key") != NULL;
	if (!reply || reply->type != REDIS_REPLY_ARRAY)
		return false;
	for (size_t i = 0; i + 1 < reply->elements; i += 2)
		if (is_text(reply->element[i]))
			fact_read(reply->element[i]->str, reply->element[i + 1], ret);
	return true;
}

static void field_read(char name, const struct redisReply *value, struct entry *ret)
{
	switch (name) {
	case 'k': ret->audience.kind = value->str; break;
	case 'g': ret->audience.region = value->str; break;
	case 'd': ret->audience.dept = atoi(value->str); break;
	case 'w': ret->audience.was_dept = atoi(value->str); break;
	case 'o': ret->audience.owner = atoi(value->str); break;
	case 's': ret->audience.state = atoi(value->str); break;
	case 'a': ret->audience.was = atoi(value->str); break;
	case 'b': ret->body = value->str; ret->body_len = (size_t)value->len; break;
	default: break;
	}
}

bool entry_read(const struct redisReply *reply, struct entry *ret)
{
	const struct redisReply *fields;

	*ret = (struct entry){ .audience = { .kind = "", .region = "" } };
	if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 2 || !is_text(reply->element[0]))
		return false;
	fields = reply->element[1];
	if (fields->type != REDIS_REPLY_ARRAY || !stream_id_parse(reply->element[0]->str, &ret->id))
		return false;
	for (size_t i = 0; i + 1 < fields->elements; i += 2)
		if (is_text(fields->element[i]) && is_text(fields->element[i + 1]))
			field_read(fields->element[i]->str[0], fields->element[i + 1], ret);
	return ret->body != NULL;
}

bool bytes_add(struct bytes *bytes, const char *text, size_t len)
{
	if (bytes->len + len > bytes->room) {
		size_t room = (bytes->len + len) * 2;
		char *more = realloc(bytes->text, room);
		if (!more)
			return false;
		bytes->text = more;
		bytes->room = room;
	}
	memcpy(bytes->text + bytes->len, text, len);
	bytes->len += len;
	return true;
}

void bytes_free(struct bytes *bytes)
{
	free(bytes->text);
	*bytes = (struct bytes){ .text = NULL };
}

bool bytes_add_event(struct bytes *bytes, const struct entry *entry)
{
	return bytes_add(bytes, "{\"k\":\"", 6) &&
	       bytes_add(bytes, entry->audience.kind, strlen(entry->audience.kind)) &&
	       bytes_add(bytes, "\",\"b\":", 6) && bytes_add(bytes, entry->body, entry->body_len) &&
	       bytes_add(bytes, "}", 1);
}
