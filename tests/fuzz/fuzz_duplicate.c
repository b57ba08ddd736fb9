/* Feeds any bytes to the reader of places and numbers and to the comparison. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../routing/duplicate.h"
#include "../../routing/text.h"
#include "fuzz.h"

static struct duplicate_text whole, half, known;

static void must(bool true_always) {
	if (!true_always)
		abort();
}

static void check_places(const struct duplicate_text *text) {
	must(text->len <= DUPLICATE_CHARS && text->place_count <= DUPLICATE_PLACES);
	must(text->gram_count < DUPLICATE_SLOTS && text->square >= 0);
	for (size_t p = 0; p < text->place_count; p++) {
		const struct duplicate_place *place = &text->places[p];
		must(place->len > 0 && (size_t)place->at + place->len <= text->len && place->tail <= place->len);
		must(place->number_count <= DUPLICATE_NUMBERS);
		for (size_t n = 0; n < place->number_count; n++)
			must((size_t)place->numbers[n].at + place->numbers[n].len <= text->len);
	}
}

static void check_pair(const struct duplicate_text *a, const struct duplicate_text *b) {
	const struct duplicate_facts facts = { true, true, -5 };
	struct duplicate_likeness there, back;
	char why[DUPLICATE_WHY];
	duplicate_compare(a, b, &there);
	duplicate_compare(b, a, &back);
	must(there.score >= 0 && there.score <= 1 && fabs(there.score - back.score) < 1e-9);
	must(there.where == back.where);
	duplicate_why(a, b, &there, &facts, why);
	must(text_is_valid(why, strlen(why), NULL));
}

static void check_keys(const struct duplicate_text *text) {
	int64_t keys[DUPLICATE_KEYS], again[DUPLICATE_KEYS];
	size_t count = duplicate_keys(text, "232761", keys);
	must(count <= DUPLICATE_KEYS && duplicate_keys(text, "232761", again) == count);
	must(memcmp(keys, again, count * sizeof(*keys)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	if (!text)
		abort();
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	const char *rest = text + strlen(text) / 2;
	duplicate_read(&whole, text, text, text);
	duplicate_read(&half, rest, "", text);
	duplicate_read(&known, "朝阳小区6号楼2单元", "停水", "人民路12号三天没有水，12路公交车绕行。");
	check_places(&whole);
	check_places(&half);
	check_keys(&whole);
	check_pair(&whole, &half);
	check_pair(&whole, &known);
	check_pair(&whole, &whole);
	free(text);
	return 0;
}
