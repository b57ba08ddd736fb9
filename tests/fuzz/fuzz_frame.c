/* fuzz_frame.c — any bytes as a frame, and its parameters against a row of the command table.
 *
 * The first byte chooses the row, the rest is the frame. With -DREPLAY: replays files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../server/command_frame.h"
#include "../../server/command_table.h"
#include "../../server/parameters.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

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

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
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

#ifdef REPLAY
static int replay(const char *path)
{
	static unsigned char data[1 << 20];
	FILE *in = fopen(path, "rb");
	size_t size;

	if (!in) {
		perror(path);
		return 1;
	}
	size = fread(data, 1, sizeof data, in);
	fclose(in);
	return LLVMFuzzerTestOneInput(data, size);
}

int main(int argc, char *argv[])
{
	for (int i = 1; i < argc; i++)
		if (replay(argv[i]) != 0)
			return 1;
	printf("%d inputs replayed\n", argc - 1);
	return 0;
}
#endif
