/* Feeds any bytes, cut into petitions, to the reader of grams and to the incidents of early warning. A petition
 * ends at a byte 0: its first bytes are caller, county and hours since the one before. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../routing/cluster.h"
#include "../../routing/text.h"
#include "fuzz.h"

enum { HEAD = 3, SHARED_ROOM = 256, WORDS_MOST = 4, HOUR = 3600000 };

/* Small, so that forgetting and shared slots happen. */
static const struct cluster_size SIZE = { .incidents = 8, .book_bits = 8, .index_bits = 6, .book_most = 16 };
static const struct cluster_tuning TUNING = { .gram = { 3, 1.5f, 400 }, .join = 0.12f, .recent = 0.3f, .fades = 168LL * HOUR };
static const struct incident_rule RULE = { .petitions = 3, .callers = 2, .alike = 0.2f, .cohesion = 0.14f,
	.slow_cohesion = 0.17f, .quick = 720LL * HOUR, .window = 17520LL * HOUR };

static void must(bool true_always) {
	if (!true_always)
		abort();
}

static void check_vector(struct gram_book *book, const struct gram_text *text) {
	struct gram grams[GRAM_VECTOR_MOST];
	char shared[SHARED_ROOM];
	size_t count = gram_vector(book, text, &TUNING.gram, grams);
	must(count <= GRAM_VECTOR_MOST && book->texts <= book->most);
	for (size_t i = 0; i < count; i++)
		must(isfinite(grams[i].weight) && grams[i].weight >= 0 && (i == 0 || grams[i].hash > grams[i - 1].hash));
	float self = gram_product(grams, count, grams, count);
	must(fabsf(self - 1) < 1e-3f || self == 0);
	size_t used = gram_shared(text, grams, count, WORDS_MOST, shared, sizeof(shared));
	must(used < sizeof(shared) && strlen(shared) == used && text_is_valid(shared, used, NULL));
	must(gram_shared(text, grams, count, WORDS_MOST, shared, 1) == 0 && shared[0] == '\0');
}

static void check_answer(const struct cluster_answer *answer, uint32_t last, int64_t at) {
	must(answer->incident > 0 && answer->incident <= last + 1);
	must(answer->size > 0 && answer->callers > 0 && answer->callers <= answer->size);
	must(answer->likeness >= 0 && answer->likeness <= 1.5f && isfinite(answer->cohesion));
	must(answer->ticket_count > 0 && answer->ticket_count <= CLUSTER_TICKETS_MOST);
	must(answer->shared_count <= GRAM_VECTOR_MOST);
	if (answer->size < RULE.petitions || answer->callers < RULE.callers)
		must(!incident_alarms(&RULE, answer, at));
}

/* One petition: what stands before the first line end is its title. */
static struct gram_text petition(const char *bytes, size_t size) {
	const char *line = memchr(bytes, '\n', size);
	size_t title = line ? (size_t)(line - bytes) : size;
	return (struct gram_text){ bytes, bytes + title, title, size - title };
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	struct clusters *clusters = cluster_begin(calloc(1, cluster_bytes(&SIZE)), &SIZE, &TUNING);
	struct gram_book book = gram_book_begin(calloc(1, gram_book_bytes(SIZE.book_bits)), SIZE.book_bits, SIZE.book_most);
	static struct cluster_answer answer;
	int64_t at = 0, ticket = 0;
	uint32_t last = 0;
	for (const uint8_t *from = data, *end = data + size; (size_t)(end - from) > HEAD;) {
		const uint8_t *stop = memchr(from + HEAD, 0, (size_t)(end - from) - HEAD);
		size_t len = (size_t)((stop ? stop : end) - from) - HEAD;
		struct cluster_ask ask = { .text = petition((const char *)from + HEAD, len), .ticket = ++ticket,
			.at = at += (int64_t)(int8_t)from[2] * HOUR, .caller = from[0], .area = from[1] % 4,
			.incident = from[1] % 16 == 15 ? from[0] + 1u : 0 };
		check_vector(&book, &ask.text);
		cluster_take(clusters, &ask, &answer);
		/* One that was judged before brings its own number, and new ones go on behind it. */
		if (ask.incident > last)
			last = ask.incident;
		check_answer(&answer, last, at);
		if (answer.incident > last)
			last = answer.incident;
		from = stop ? stop + 1 : end;
	}
	free(book.counts);
	free(clusters);
	return 0;
}
