/* replay.c — gives the files named on the command line to a target, where there is no libFuzzer to do it. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include "fuzz.h"

/* The memory is as large as the file to the byte, so that a sanitizer sees a read past its end. */
static int replay(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct stat facts;
	uint8_t *data;
	int code = 1;

	if (file != NULL && fstat(fileno(file), &facts) == 0) {
		data = malloc((size_t)facts.st_size + (facts.st_size == 0));
		if (data != NULL && fread(data, 1, (size_t)facts.st_size, file) == (size_t)facts.st_size)
			code = LLVMFuzzerTestOneInput(data, (size_t)facts.st_size);
		free(data);
	}
	if (code != 0)
		perror(path);
	if (file != NULL)
		fclose(file);
	return code;
}

int main(int argc, char **argv)
{
	int failed = 0;

	for (int i = 1; i < argc; i++)
		failed |= replay(argv[i]);
	printf("%d inputs replayed\n", argc - 1);
	return failed;
}
