/* Gathers arriving texts into incidents: likeness to the middle of each, found by an inverted index. */
#include "cluster.h"

#include <math.h>
#include <string.h>

enum {
	MIDDLE_MOST = 256,          /* grams of a middle: the heaviest */
	BUCKET = 8,                 /* incidents remembered for a slot of the index: the newest */
	SEEN = 2048,                /* slots to add up candidates: more than twice GRAM_VECTOR_MOST × BUCKET */
	CANDIDATES = 24,            /* compared exactly */
	KEPT = 6                    /* texts of an incident that are kept as they are: the newest */
};

struct kept { uint64_t caller; uint32_t count; struct gram grams[GRAM_VECTOR_MOST]; };

struct incident {
	uint32_t size, caller_count, middle_count, ticket_count;
	int64_t began, last;
	uint64_t area;
	float square;               /* length of the middle, squared */
	struct gram middle[MIDDLE_MOST];
	uint64_t callers[CLUSTER_CALLERS_MOST];
	int64_t tickets[CLUSTER_TICKETS_MOST];
	struct kept kept[KEPT];     /* a ring: the text of number n, from 0, at n % KEPT */
};

struct bucket { uint32_t incidents[BUCKET]; uint32_t next; };   /* place + 1 */

struct clusters {
	struct cluster_size size;
	struct cluster_tuning tuning;
	struct gram_book book;
	struct incident *incidents;
	uint32_t *serials;          /* of each place; beside the incidents, so that looking through them is quick */
	int64_t *touched;           /* number of the text, not a time: forgetting needs no clock */
	struct bucket *index;
	uint32_t used, serial;
	int64_t texts;
};

static size_t rounded(size_t bytes) {
	return (bytes + 63) / 64 * 64;
}

size_t cluster_bytes(const struct cluster_size *size) {
	return rounded(sizeof(struct clusters)) + rounded(gram_book_bytes(size->book_bits)) +
	       rounded(sizeof(struct incident) * size->incidents) + rounded(sizeof(uint32_t) * size->incidents) +
	       rounded(sizeof(int64_t) * size->incidents) + (sizeof(struct bucket) << size->index_bits);
}

struct clusters *cluster_begin(void *memory, const struct cluster_size *size, const struct cluster_tuning *tuning) {
	char *at = memory;
	struct clusters *clusters = memory;
	*clusters = (struct clusters){ .size = *size, .tuning = *tuning };
	at += rounded(sizeof(struct clusters));
	clusters->book = gram_book_begin(at, size->book_bits, size->book_most);
	at += rounded(gram_book_bytes(size->book_bits));
	clusters->incidents = (void *)at;
	at += rounded(sizeof(struct incident) * size->incidents);
	clusters->serials = (void *)at;
	at += rounded(sizeof(uint32_t) * size->incidents);
	clusters->touched = (void *)at;
	at += rounded(sizeof(int64_t) * size->incidents);
	clusters->index = (void *)at;
	return clusters;
}

void cluster_tune(struct clusters *clusters, const struct cluster_tuning *tuning) {
	clusters->tuning = *tuning;
}

void cluster_number(struct clusters *clusters, uint32_t last) {
	if (last > clusters->serial)
		clusters->serial = last;
}

/* ---- the index ------------------------------------------------------------------------------- */

static struct bucket *bucket_of(struct clusters *clusters, uint32_t hash) {
	return &clusters->index[hash >> (32 - clusters->size.index_bits)];
}

static void index_add(struct clusters *clusters, const struct gram *grams, size_t count, uint32_t place) {
	for (size_t i = 0; i < count; i++) {
		struct bucket *bucket = bucket_of(clusters, grams[i].hash);
		bool known = false;
		for (int k = 0; k < BUCKET; k++)
			known = known || bucket->incidents[k] == place + 1;
		if (!known)
			bucket->incidents[bucket->next++ % BUCKET] = place + 1;
	}
}

struct candidate { uint32_t place; float weight; };

/* The incidents that share most weight with the text, at most CANDIDATES. */
static size_t candidates(struct clusters *clusters, const struct gram *grams, size_t count,
                         struct candidate out[CANDIDATES]) {
	struct candidate seen[SEEN] = { { 0, 0 } };   /* place + 1 */
	size_t found = 0;
	for (size_t i = 0; i < count; i++) {
		const struct bucket *bucket = bucket_of(clusters, grams[i].hash);
		for (int k = 0; k < BUCKET && bucket->incidents[k] != 0; k++) {
			uint32_t at = bucket->incidents[k] * 2654435761u % SEEN;
			while (seen[at].place != 0 && seen[at].place != bucket->incidents[k])
				at = (at + 1) % SEEN;
			seen[at].place = bucket->incidents[k];
			seen[at].weight += grams[i].weight * grams[i].weight;
		}
	}
	for (size_t i = 0; i < SEEN; i++) {
		if (seen[i].place == 0 || (found == CANDIDATES && out[found - 1].weight >= seen[i].weight))
			continue;
		size_t at = found < CANDIDATES ? found++ : found - 1;
		for (; at > 0 && out[at - 1].weight < seen[i].weight; at--)
			out[at] = out[at - 1];
		out[at] = (struct candidate){ seen[i].place - 1, seen[i].weight };
	}
	return found;
}

/* ---- incidents ------------------------------------------------------------------------------- */

static float likeness(const struct incident *incident, const struct gram *grams, size_t count) {
	if (incident->square <= 0)
		return 0;
	return gram_product(grams, count, incident->middle, incident->middle_count) / sqrtf(incident->square);
}

static uint32_t place_new(struct clusters *clusters, uint32_t serial, int64_t at) {
	uint32_t place = 0;
	if (clusters->used < clusters->size.incidents) {
		place = clusters->used++;
	} else {
		for (uint32_t i = 1; i < clusters->used; i++)
			if (clusters->touched[i] < clusters->touched[place])
				place = i;
	}
	cluster_number(clusters, serial);
	clusters->serials[place] = serial != 0 ? serial : ++clusters->serial;
	clusters->incidents[place] = (struct incident){ .began = at };
	return place;
}

/* The place of an incident by its number; false when it was forgotten. */
static bool place_find(const struct clusters *clusters, uint32_t serial, uint32_t *ret_place) {
	for (uint32_t i = clusters->used; i-- > 0;)
		if (clusters->serials[i] == serial) {
			*ret_place = i;
			return true;
		}
	return false;
}

static size_t lightest(const struct gram *grams, size_t count) {
	size_t least = 0;
	for (size_t i = 1; i < count; i++)
		if (grams[i].weight < grams[least].weight)
			least = i;
	return least;
}

/* Adds the text's grams to the middle; the lightest fall out. */
static void middle_add(struct incident *incident, const struct gram *grams, size_t count) {
	struct gram sum[MIDDLE_MOST + GRAM_VECTOR_MOST];
	size_t n = 0, i = 0, j = 0;
	while (i < incident->middle_count || j < count) {
		if (j == count || (i < incident->middle_count && incident->middle[i].hash < grams[j].hash))
			sum[n++] = incident->middle[i++];
		else if (i == incident->middle_count || incident->middle[i].hash > grams[j].hash)
			sum[n++] = grams[j++];
		else {
			sum[n] = incident->middle[i++];
			sum[n++].weight += grams[j++].weight;
		}
	}
	for (; n > MIDDLE_MOST; n--) {
		size_t least = lightest(sum, n);
		memmove(sum + least, sum + least + 1, (n - 1 - least) * sizeof(*sum));
	}
	memcpy(incident->middle, sum, n * sizeof(*sum));
	incident->middle_count = (uint32_t)n;
	incident->square = gram_product(sum, n, sum, n);
}

static void caller_add(struct incident *incident, uint64_t caller) {
	uint32_t kept = incident->caller_count < CLUSTER_CALLERS_MOST ? incident->caller_count : CLUSTER_CALLERS_MOST;
	for (uint32_t i = 0; i < kept && caller != 0; i++)
		if (incident->callers[i] == caller)
			return;
	if (kept < CLUSTER_CALLERS_MOST)
		incident->callers[kept] = caller;
	incident->caller_count++;
}

static void ticket_add(struct incident *incident, int64_t ticket) {
	if (incident->ticket_count == CLUSTER_TICKETS_MOST) {
		memmove(incident->tickets, incident->tickets + 1, sizeof(incident->tickets) - sizeof(int64_t));
		incident->ticket_count--;
	}
	incident->tickets[incident->ticket_count++] = ticket;
}

/* Likenesses of pairs, added up. What one citizen told twice is no agreement. */
struct agreement { float sum; int pairs; };

static void agree(struct agreement *agreement, const struct kept *a, const struct kept *b, float likeness) {
	if (a->caller != 0 && a->caller == b->caller)
		return;
	agreement->sum += likeness;
	agreement->pairs++;
}

/* How alike the new text and two kept ones are among themselves, for the two that it agrees with best: an incident
 * that gathered several troubles of one place has its place in common, but no three texts that tell the same. */
static float cohesion(const struct incident *incident, const struct kept *text) {
	uint32_t count = incident->size < KEPT ? incident->size : KEPT;
	float like[KEPT], best = 0;
	for (uint32_t i = 0; i < count; i++) {
		const struct kept *one = &incident->kept[i];
		like[i] = gram_product(text->grams, text->count, one->grams, one->count);
		struct agreement pair = { 0, 0 };
		agree(&pair, text, one, like[i]);
		if (incident->size == 1 && pair.pairs > 0)
			best = pair.sum;
		for (uint32_t k = 0; k < i; k++) {
			const struct kept *two = &incident->kept[k];
			struct agreement three = pair;
			agree(&three, text, two, like[k]);
			agree(&three, one, two, gram_product(one->grams, one->count, two->grams, two->count));
			if (three.pairs > 0 && three.sum / (float)three.pairs > best)
				best = three.sum / (float)three.pairs;
		}
	}
	return best;
}

/* What a likeness counts for when the incident last moved so long ago. */
static float freshness(const struct cluster_tuning *tuning, int64_t quiet) {
	return 1 / (1 - tuning->recent * expf(-(float)(quiet > 0 ? quiet : 0) / (float)tuning->fades));
}

/* The incident the text is most like; of two equally like ones the one begun first. */
static float nearest(struct clusters *clusters, const struct gram *grams, size_t count, const struct cluster_ask *ask,
                     uint32_t *ret_place) {
	struct candidate near[CANDIDATES];
	size_t found = candidates(clusters, grams, count, near);
	float best = 0;
	for (size_t i = 0; i < found; i++) {
		const struct incident *incident = &clusters->incidents[near[i].place];
		if (ask->area != 0 && incident->area != 0 && ask->area != incident->area)
			continue;
		float like = likeness(incident, grams, count) * freshness(&clusters->tuning, ask->at - incident->last);
		if (like > best || (like == best && like > 0 && clusters->serials[near[i].place] < clusters->serials[*ret_place])) {
			best = like;
			*ret_place = near[i].place;
		}
	}
	return best;
}

static size_t common(const struct gram *a, size_t a_count, const struct gram *b, size_t b_count, struct gram *out) {
	size_t count = 0;
	for (size_t i = 0, j = 0; i < a_count && j < b_count;) {
		if (a[i].hash < b[j].hash)
			i++;
		else if (a[i].hash > b[j].hash)
			j++;
		else {
			out[count++] = a[i++];
			j++;
		}
	}
	return count;
}

void cluster_take(struct clusters *clusters, const struct cluster_ask *ask, struct cluster_answer *ret_answer) {
	struct kept text = { .caller = ask->caller };
	const struct gram *grams = text.grams;
	size_t count = gram_vector(&clusters->book, &ask->text, &clusters->tuning.gram, text.grams);
	uint32_t place = 0;
	float like = 0;
	bool known;
	if (ask->incident != 0) {
		known = place_find(clusters, ask->incident, &place);
	} else {
		like = nearest(clusters, grams, count, ask, &place);
		known = like > 0 && like >= clusters->tuning.join;
	}
	if (!known) {
		place = place_new(clusters, ask->incident, ask->at);
		clusters->incidents[place].area = ask->area;
		like = 0;
	}
	struct incident *incident = &clusters->incidents[place];
	ret_answer->shared_count = common(grams, count, incident->middle, incident->middle_count, ret_answer->shared);
	text.count = (uint32_t)count;
	ret_answer->cohesion = cohesion(incident, &text);
	incident->kept[incident->size++ % KEPT] = text;
	incident->last = ask->at > incident->last ? ask->at : incident->last;
	clusters->touched[place] = ++clusters->texts;
	middle_add(incident, grams, count);
	caller_add(incident, ask->caller);
	ticket_add(incident, ask->ticket);
	index_add(clusters, grams, count, place);
	ret_answer->incident = clusters->serials[place];
	ret_answer->size = incident->size;
	ret_answer->callers = incident->caller_count;
	ret_answer->likeness = like;
	ret_answer->began = incident->began;
	ret_answer->tickets = incident->tickets;
	ret_answer->ticket_count = incident->ticket_count;
}

bool incident_alarms(const struct incident_rule *rule, const struct cluster_answer *answer, int64_t at) {
	int64_t age = at - answer->began;
	float least = age <= rule->quick ? rule->cohesion : rule->slow_cohesion;
	return answer->size >= rule->petitions && answer->callers >= rule->callers && age <= rule->window &&
	       answer->likeness >= rule->alike && answer->cohesion >= least;
}
