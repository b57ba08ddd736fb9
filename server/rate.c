/* rate.c — how often one address may do something. */
#include <stdlib.h>
#include <string.h>
#include "rate.h"

/* Two addresses may share a place; the newer one takes it over with a full bucket. That lets a
 * few attempts more through, never fewer, and needs no sweeping. */
enum { PLACES = 4096 };

struct bucket { char address[48]; double tokens; int64_t at; };

struct rate {
	int count;
	int64_t period_ms;
	struct bucket buckets[PLACES];
};

struct rate *rate_new(int count, int64_t period_ms)
{
	struct rate *rate = calloc(1, sizeof *rate);

	if (rate) {
		rate->count = count;
		rate->period_ms = period_ms;
	}
	return rate;
}

void rate_free(struct rate *rate)
{
	free(rate);
}

static struct bucket *bucket_of(struct rate *rate, const char *address, int64_t now_ms)
{
	unsigned hash = 2166136261u;
	struct bucket *bucket;

	for (const char *at = address; *at; at++)
		hash = (hash ^ (unsigned char)*at) * 16777619u;
	bucket = &rate->buckets[hash % PLACES];
	if (strncmp(bucket->address, address, sizeof bucket->address - 1) != 0) {
		*bucket = (struct bucket){ .tokens = rate->count, .at = now_ms };
		strncpy(bucket->address, address, sizeof bucket->address - 1);
	}
	return bucket;
}

bool rate_take(struct rate *rate, const char *address, int64_t now_ms)
{
	struct bucket *bucket = bucket_of(rate, address, now_ms);

	bucket->tokens += (double)(now_ms - bucket->at) * rate->count / (double)rate->period_ms;
	if (bucket->tokens > rate->count)
		bucket->tokens = rate->count;
	bucket->at = now_ms;
	if (bucket->tokens < 1)
		return false;
	bucket->tokens -= 1;
	return true;
}
