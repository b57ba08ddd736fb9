/* rate.h — how often one address may do something: a token bucket each, in a fixed number of places. */
#ifndef SERVER_RATE_H
#define SERVER_RATE_H

#include <stdbool.h>
#include <stdint.h>

struct rate;

/* At most `count` at once and as many again in every period; NULL: no memory. */
struct rate *rate_new(int count, int64_t period_ms);
void rate_free(struct rate *rate);
/* Take one, at this moment of a monotonic clock; false: too fast. */
bool rate_take(struct rate *rate, const char *address, int64_t now_ms);

#endif
