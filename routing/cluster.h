/* cluster.h — many citizens, one event: texts are gathered into incidents as they arrive. Pure; bounded memory, handed in.
 *
 * Each text joins the incident whose middle it is most like, or begins one, and stays there: nothing is
 * revised with hindsight. The incident untouched for longest is forgotten when a new one needs its place.
 * A process that starts again takes the texts of before once more, each with the incident it was given. */
#ifndef ROUTING_CLUSTER_H
#define ROUTING_CLUSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "gram.h"

enum {
	CLUSTER_CALLERS_MOST = 64,  /* different callers remembered of an incident; beyond that they are only counted */
	CLUSTER_TICKETS_MOST = 16   /* newest tickets remembered of an incident: the evidence */
};

struct cluster_size { unsigned incidents, book_bits, index_bits; uint32_t book_most; };
struct cluster_tuning {
	struct gram_tuning gram;
	float join;                 /* likeness (0…1) from which a text joins */
	float recent;               /* so much less is enough, as a share of it, for an incident that moved just now … */
	int64_t fades;              /* … fading within so many milliseconds: what happens now is told by many at once */
};

struct clusters;

size_t cluster_bytes(const struct cluster_size *size);
/* memory: zeroed, cluster_bytes() long, aligned for any type; owned by the caller, who frees it. */
struct clusters *cluster_begin(void *memory, const struct cluster_size *size, const struct cluster_tuning *tuning);
/* Other numbers from now on; what has been gathered stays. */
void cluster_tune(struct clusters *clusters, const struct cluster_tuning *tuning);
/* Numbers of new incidents go on after this one. */
void cluster_number(struct clusters *clusters, uint32_t last);

struct cluster_ask {
	struct gram_text text;
	int64_t ticket, at;         /* at: epoch milliseconds; need not rise */
	uint64_t caller;            /* hash of who calls; 0: not known, counts as somebody else each time */
	uint64_t area;              /* county: texts of different ones are never of one event; 0: not known, fits all */
	uint32_t incident;          /* not 0: it was judged before and belongs to this one */
};
struct cluster_answer {
	uint32_t incident;          /* counts up, never used twice */
	uint32_t size, callers;     /* texts and different callers, this one included */
	float likeness;             /* to the middle that was joined; 0: it begins the incident */
	float cohesion;             /* mean likeness, pairs of one caller left out, of the text and the two newer ones of its
	                             * incident that it agrees with best; 0 while there is one */
	int64_t began;              /* at of the first text */
	const int64_t *tickets;     /* the newest, oldest first; valid until the next call */
	size_t ticket_count;
	struct gram shared[GRAM_VECTOR_MOST];   /* what the text had in common with the others, for gram_shared() */
	size_t shared_count;
};

void cluster_take(struct clusters *clusters, const struct cluster_ask *ask, struct cluster_answer *ret_answer);

/* When an incident is worth an alert (table time_limit, keys incident_*). */
struct incident_rule {
	uint32_t petitions, callers;
	float alike;                /* the text that raises it is at least so like the middle */
	float cohesion, slow_cohesion;   /* least cohesion; what took longer than `quick` must be more alike */
	int64_t quick, window;      /* milliseconds from the first text; after `window` it is no incident but a topic */
};
bool incident_alarms(const struct incident_rule *rule, const struct cluster_answer *answer, int64_t at);

#endif
