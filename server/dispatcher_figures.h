/* dispatcher_figures.h — what the dispatcher counts, as Prometheus text. */
#ifndef SERVER_DISPATCHER_FIGURES_H
#define SERVER_DISPATCHER_FIGURES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { FIGURE_BUCKETS = 10 };

struct histogram { uint64_t buckets[FIGURE_BUCKETS + 1], sum; };   /* microseconds; the last: above all */

struct dispatcher_figures {
	uint64_t sent, pooled;       /* to a department; to the dispatchers' pool */
	uint64_t already;            /* somebody had moved it before */
	uint64_t failed, poison;     /* could not be moved; could not be read */
	uint64_t repaired;           /* found in the database without an entry in the stream */
	struct histogram decide, latency;
};

void dispatcher_figures_decided(struct dispatcher_figures *figures, int64_t micros);
/* latency: from accepted to dispatched, both committed. */
void dispatcher_figures_moved(struct dispatcher_figures *figures, bool sent, int64_t latency_micros);
void dispatcher_figures_print(const struct dispatcher_figures *figures, int in_flight, FILE *out);

#endif
