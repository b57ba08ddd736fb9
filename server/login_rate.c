/* login_rate.c — how often one address may try a password. */
#include <stdlib.h>
#include <string.h>
#include "login.h"

/* Two addresses may share a place; the newer one takes it over with a full bucket. That lets a
 * few attempts more through, never fewer, and needs no sweeping. */
enum { PLACES = 4096 };

struct bucket { char ip[48]; double tokens; int64_t at; };

struct login_rate {
	int per_minute;
	struct bucket buckets[PLACES];
};

struct login_rate *login_rate_new(int per_minute)
{
	struct login_rate *rate = calloc(1, sizeof *rate);

	if (rate)
		rate->per_minute = per_minute;
	return rate;
}

void login_rate_free(struct login_rate *rate)
{
	free(rate);
}

static struct bucket *bucket_of(struct login_rate *rate, const char *ip, int64_t now_ms)
{
	unsigned hash = 2166136261u;
	struct bucket *bucket;

	for (const char *at = ip; *at; at++)
		hash = (hash ^ (unsigned char)*at) * 16777619u;
	bucket = &rate->buckets[hash % PLACES];
	if (strncmp(bucket->ip, ip, sizeof bucket->ip - 1) != 0) {
		*bucket = (struct bucket){ .tokens = rate->per_minute, .at = now_ms };
		strncpy(bucket->ip, ip, sizeof bucket->ip - 1);
	}
	return bucket;
}

bool login_rate_take(struct login_rate *rate, const char *ip, int64_t now_ms)
{
	struct bucket *bucket = bucket_of(rate, ip, now_ms);

	bucket->tokens += (double)(now_ms - bucket->at) * rate->per_minute / 60000;
	if (bucket->tokens > rate->per_minute)
		bucket->tokens = rate->per_minute;
	bucket->at = now_ms;
	if (bucket->tokens < 1)
		return false;
	bucket->tokens -= 1;
	return true;
}
