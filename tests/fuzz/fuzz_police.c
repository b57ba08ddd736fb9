/* fuzz_police.c — throws bytes at what the police platform sends: the signature's header, an incident, a caller's
 * words. The first byte picks the reader. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "../../routing/police.h"
#include "../../routing/text.h"
#include "../../server/police.h"
#include "../../server/signature.h"
#include "fuzz.h"

static void read_incident(const char *text, size_t size)
{
	json_t *message = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL), *faults = json_object(), *params;

	if (json_is_object(message)) {
		params = police_incident(message, faults);
		assert(text_is_valid(json_string_value(json_object_get(params, "title")),
		                     json_string_length(json_object_get(params, "title")), NULL) || json_object_size(message) > 0);
		json_decref(params);
	}
	json_decref(faults);
	json_decref(message);
}

static void judge(const char *text)
{
	static struct police_book *book;
	struct police_verdict verdict;

	if (book == NULL)
		book = police_book_new(NULL, 0);
	assert(book != NULL);
	police_judge(book, text, text, 0, &verdict);
	assert((verdict.level == POLICE_LEVEL_NONE) == (verdict.word_count == 0));
	for (size_t i = 0; i < verdict.word_count; i++)
		assert(text_is_valid(verdict.words[i], strlen(verdict.words[i]), NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct signature signature;
	char *text;

	if (size == 0)
		return 0;
	text = malloc(size);
	if (text == NULL)
		abort();
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	switch (data[0] % 4) {
	case 0:
		if (signature_read(text, &signature))
			assert(strlen(signature.sign) == SIGN_ROOM - 1 && strlen(signature.nonce) == SIGN_NONCE_ROOM - 1);
		break;
	case 1: read_incident(text, size - 1); break;
	case 2: police_time_ok(text); break;
	default: judge(text);
	}
	free(text);
	return 0;
}
