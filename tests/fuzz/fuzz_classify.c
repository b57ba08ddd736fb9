/* Feeds any bytes to the reader of models, with the checksum put right so that it looks further, and asks what it takes
 * for one. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../routing/classify.h"
#include "../../routing/classify_model.h"
#include "fuzz.h"

static void must(bool true_always)
{
	if (!true_always)
		abort();
}

static void model_ask(const struct classify_model *model)
{
	static const char title[] = "电梯停运", text[] = "小区的电梯 stopped 三天，aab 没人修。";
	struct classify_guess guesses[CLASSIFY_TOP];
	struct classify_span spans[3];
	size_t count = classify(model, title, text, guesses), i;

	must(count >= 1 && count <= CLASSIFY_TOP);
	for (i = 0; i < count; i++)
		must(guesses[i].probability >= 0 && guesses[i].probability <= 1);
	count = classify_evidence(model, title, text, guesses[0].label, spans, 3);
	for (i = 0; i < count; i++)
		must((spans[i].at >= title && spans[i].at + spans[i].len < title + sizeof(title)) ||
		     (spans[i].at >= text && spans[i].at + spans[i].len < text + sizeof(text)));
}

static void bytes_read(const uint8_t *data, size_t size)
{
	char fault[CLASSIFY_FAULT_ROOM];
	struct classify_model *model = classify_model_read(data, size, fault);

	must((model == NULL) == (fault[0] != '\0'));
	if (model != NULL)
		model_ask(model);
	classify_model_free(model);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size + 1);
	uint64_t sum;
	int i;

	must(copy != NULL);
	bytes_read(data, size);
	memcpy(copy, data, size);
	if (size > 16) {
		sum = model_checksum(copy + 16, size - 16);
		for (i = 0; i < 8; i++)
			copy[8 + i] = (uint8_t)(sum >> 8 * i);
		bytes_read(copy, size);
	}
	free(copy);
	return 0;
}
