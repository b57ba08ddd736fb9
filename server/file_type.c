/* file_type.c — what an attachment is, told by its content. */
#include "file_type.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct { const char *mime, *ending, *other_ending; } types[] = {
	[FILE_JPEG] = { "image/jpeg", ".jpg", ".jpeg" },
	[FILE_PNG] = { "image/png", ".png", NULL },
	[FILE_WEBP] = { "image/webp", ".webp", NULL },
	[FILE_PDF] = { "application/pdf", ".pdf", NULL },
};

static uint32_t big_16(const unsigned char *at)
{
	return (uint32_t)at[0] << 8 | at[1];
}

static uint32_t big_32(const unsigned char *at)
{
	return big_16(at) << 16 | big_16(at + 2);
}

static uint32_t little_32(const unsigned char *at)
{
	return (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[1] << 8 | at[0];
}

/* SOF0 to SOF15 tell the picture's size; three numbers between them mean something else. */
static bool is_frame(unsigned char marker)
{
	return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/* Segments, each with its length, up to the start of the data; one of them is the frame. What a
 * telephone appends behind the picture (a film, a second picture) is not looked at. */
static bool is_jpeg(const unsigned char *bytes, size_t size)
{
	size_t at = 2;
	bool framed = false;

	if (size < 4 || memcmp(bytes, "\xFF\xD8\xFF", 3) != 0)
		return false;
	while (size - at >= 4 && bytes[at] == 0xFF) {
		unsigned char marker = bytes[at + 1];
		size_t length = big_16(bytes + at + 2);

		if (marker == 0xFF) {        /* filling */
			at++;
			continue;
		}
		if (marker < 0xC0 || length < 2 || length > size - at - 2)
			return false;
		if (marker == 0xDA)
			return framed;
		if (is_frame(marker)) {
			if (length < 8 || big_16(bytes + at + 5) == 0 || big_16(bytes + at + 7) == 0)
				return false;
			framed = true;
		}
		at += 2 + length;
	}
	return false;
}

/* Chunks from IHDR to IEND, with data between them. */
static bool is_png(const unsigned char *bytes, size_t size)
{
	size_t at = 8;
	bool data = false;

	if (size < 33 || memcmp(bytes, "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR", 16) != 0
	    || big_32(bytes + 16) == 0 || big_32(bytes + 20) == 0)
		return false;
	while (size - at >= 12) {
		size_t length = big_32(bytes + at);

		if (length > size - at - 12)
			return false;
		if (memcmp(bytes + at + 4, "IEND", 4) == 0)
			return data;
		data = data || memcmp(bytes + at + 4, "IDAT", 4) == 0;
		at += 12 + length;
	}
	return false;
}

static bool is_webp(const unsigned char *bytes, size_t size)
{
	size_t whole, chunk;

	if (size < 30 || memcmp(bytes, "RIFF", 4) != 0 || memcmp(bytes + 8, "WEBPVP8", 7) != 0
	    || strchr(" LX", bytes[15]) == NULL || bytes[15] == '\0')
		return false;
	whole = little_32(bytes + 4);
	chunk = little_32(bytes + 16);
	return whole <= size - 8 && whole >= 22 && chunk > 0 && chunk <= whole - 12;
}

/* Readers accept a trailer somewhere in the last kilobyte; what writes after it is no more than that. */
static bool is_pdf(const unsigned char *bytes, size_t size)
{
	enum { TAIL = 1024 };
	size_t tail = size < TAIL ? size : TAIL;

	return size >= 16 && memcmp(bytes, "%PDF-", 5) == 0 && (bytes[5] == '1' || bytes[5] == '2')
		&& bytes[6] == '.' && memmem(bytes + size - tail, tail, "%%EOF", 5) != NULL
		&& memmem(bytes, size, "startxref", 9) != NULL;
}

enum file_type file_type_find(const unsigned char *bytes, size_t size)
{
	if (is_jpeg(bytes, size))
		return FILE_JPEG;
	if (is_png(bytes, size))
		return FILE_PNG;
	if (is_webp(bytes, size))
		return FILE_WEBP;
	return is_pdf(bytes, size) ? FILE_PDF : FILE_NONE;
}

const char *file_type_mime(enum file_type type)
{
	return types[type].mime;
}

bool file_type_is_picture(const char *mime)
{
	return strncmp(mime, "image/", 6) == 0;
}

static bool ends_with(const char *name, const char *ending)
{
	size_t len = strlen(name), ending_len = ending ? strlen(ending) : 0;

	return ending && len > ending_len && strcasecmp(name + len - ending_len, ending) == 0;
}

bool file_name_fit(const char *name, enum file_type type, char *out, size_t room)
{
	const char *base = name;
	bool fits;

	for (const char *at = name; *at; at++)
		if (*at == '/' || *at == '\\')
			base = at + 1;
	base += strspn(base, ". ");
	fits = ends_with(base, types[type].ending) || ends_with(base, types[type].other_ending);
	return *base && snprintf(out, room, "%s%s", base, fits ? "" : types[type].ending) < (int)room;
}

void file_name_encode(const char *name, char *out, size_t room)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
	static const char hex[] = "0123456789ABCDEF";
	size_t used = 0;

	for (; *name && used + 4 <= room; name++) {
		unsigned char byte = (unsigned char)*name;

		if (strchr(plain, byte)) {
			out[used++] = *name;
		} else {
			out[used++] = '%';
			out[used++] = hex[byte >> 4];
			out[used++] = hex[byte & 15];
		}
	}
	out[used] = '\0';
}
