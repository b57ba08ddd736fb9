/* fuzz_http.c — throws bytes at the readers of header fields.
 *
 * The first byte picks the reader ("0" to "8" in order); the rest is the field, and what follows
 * its first newline is the second operand (a name, a tag, a host). */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../server/http_parse.h"
#include "fuzz.h"

static void read_field(unsigned which, const char *field, size_t size, const char *other)
{
	char out[16];
	char address[64];
	uint64_t length;

	memset(out, 'x', sizeof out);
	switch (which % 9) {
	case 0:
		if (cookie_find(field, other, out, sizeof out))
			assert(memchr(out, 0, sizeof out));
		break;
	case 1:
		if (argument_find(field, size, other, out, sizeof out))
			assert(memchr(out, 0, sizeof out));
		break;
	case 2:
		if (length_read(field, &length))
			assert(length < 1000000000000000);
		break;
	case 3: encoding_accepted(field, other); break;
	case 4: etag_listed(field, other); break;
	case 5:
		token_listed(field, other);
		word_listed(field, other);
		break;
	case 6: origin_is_host(field, other); break;
	case 7:
		if (path_is_plain(field))
			assert(*field == '/' && !strstr(field, "/..") && !strchr(field, '\\'));
		break;
	default:
		snprintf(address, sizeof address, "%s", field);
		address_normalise(address);
		assert(strlen(address) <= strlen(field));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const unsigned char *newline = size ? memchr(data, '\n', size) : NULL;
	size_t field_size = newline ? (size_t)(newline - data) : size;
	char *field, *other;

	if (!field_size)
		return 0;
	field = malloc(field_size);
	other = calloc(1, size - field_size + 1);
	if (!field || !other)
		abort();
	memcpy(field, data + 1, field_size - 1);
	field[field_size - 1] = '\0';
	if (newline)
		memcpy(other, newline + 1, size - field_size - 1);
	read_field((unsigned)(data[0] + 54 - '0'), field, field_size, other);
	free(field);
	free(other);
	return 0;
}
