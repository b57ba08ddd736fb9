/* fuzz_frame.c — any bytes as a frame, and its parameters against a row of the command table.
 *
 * The first byte chooses the row, the rest is the frame. */
#include <stdlib.h>
#include <string.h>
#include "../../server/command_frame.h"
#include "../../server/command_table.h"
#include "../../server/parameters.h"
#include "fuzz.h"

/* What passed once passes again and stays as it is: trimming and normalising are final. */
static void check_twice(const char *spec, json_t *params)
{
	json_t *before, *faults = NULL;

	if (parameters_check(spec, params, &faults)) {
		before = json_deep_copy(params);
		if (!parameters_check(spec, params, &faults) || !json_equal(before, params))
			abort();
		json_decref(before);
	} else if (json_object_size(faults) == 0) {
		abort();
	}
	json_decref(faults);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct command *table;
	size_t count = command_table(&table);
	struct frame frame;
	enum refusal why;
	const char *wrong;
	char *text;

	if (size == 0)
		return 0;
	text = malloc(size);
	if (!text)
		return 0;
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	if (frame_read(text, size - 1, 8, &frame, &why, &wrong)) {
		uuid_is_valid(frame.method);
		check_twice(table[data[0] % count].parameters, frame.params);
	}
	frame_clear(&frame);
	free(text);
	return 0;
}
