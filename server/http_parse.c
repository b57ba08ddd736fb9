/* http_parse.c — reads cookies, arguments, lists and paths that callers send. */
#include "http_parse.h"

#include <string.h>
#include <strings.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Cut blanks from both ends of text[0..*len) and return its new start. */
static const char *trimmed(const char *text, size_t *len)
{
	while (*len && is_blank(*text))
		text++, (*len)--;
	while (*len && is_blank(text[*len - 1]))
		(*len)--;
	return text;
}

/* The next piece of a list up to the separator, trimmed; NULL at the end. */
static const char *list_next(const char **cursor, char separator, size_t *ret_len)
{
	const char *start = *cursor;
	const char *end;

	if (!start)
		return NULL;
	end = strchr(start, separator);
	*ret_len = end ? (size_t)(end - start) : strlen(start);
	*cursor = end ? end + 1 : NULL;
	return trimmed(start, ret_len);
}

static bool copy_out(const char *text, size_t len, char *out, size_t room)
{
	if (len >= room)
		return false;
	memcpy(out, text, len);
	out[len] = '\0';
	return true;
}

bool cookie_find(const char *header, const char *name, char *out, size_t room)
{
	size_t name_len = strlen(name), len;
	const char *piece;

	while ((piece = list_next(&header, ';', &len))) {
		if (len <= name_len || memcmp(piece, name, name_len) || piece[name_len] != '=')
			continue;
		piece += name_len + 1;
		len -= name_len + 1;
		if (len >= 2 && piece[0] == '"' && piece[len - 1] == '"')
			piece++, len -= 2;
		return copy_out(piece, len, out, room);
	}
	return false;
}

bool argument_find(const char *arguments, size_t size, const char *name, char *out, size_t room)
{
	size_t name_len = strlen(name);
	const char *end = arguments + size;

	while (arguments < end) {
		size_t len = strnlen(arguments, (size_t)(end - arguments));

		if (len >= name_len && !memcmp(arguments, name, name_len)) {
			if (len == name_len)
				return copy_out("", 0, out, room);
			if (arguments[name_len] == '=')
				return copy_out(arguments + name_len + 1, len - name_len - 1,
				                out, room);
		}
		arguments += len + 1;
	}
	return false;
}

bool length_read(const char *text, uint64_t *ret_length)
{
	size_t len = strlen(text);
	uint64_t value = 0;

	if (!len || len > 15)
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return false;
		value = value * 10 + (uint64_t)(*text - '0');
	}
	*ret_length = value;
	return true;
}

/* Whether the parameters behind a coding (";q=0.5") leave it allowed. */
static bool quality_positive(const char *parameters, size_t len)
{
	const char *q = memchr(parameters, '=', len);

	if (!q)
		return true;
	for (q++; q < parameters + len; q++)
		if (*q >= '1' && *q <= '9')
			return true;
	return false;
}

bool encoding_accepted(const char *header, const char *coding)
{
	bool any = false;
	const char *piece;
	size_t len;

	while ((piece = list_next(&header, ',', &len))) {
		const char *semicolon = memchr(piece, ';', len);
		size_t name_len = semicolon ? (size_t)(semicolon - piece) : len;
		bool allowed = !semicolon
			|| quality_positive(semicolon, len - (size_t)(semicolon - piece));

		trimmed(piece, &name_len);
		if (name_len == strlen(coding) && !strncasecmp(piece, coding, name_len))
			return allowed;
		if (name_len == 1 && *piece == '*')
			any = allowed;
	}
	return any;
}

bool etag_listed(const char *header, const char *etag)
{
	const char *piece;
	size_t len;

	while ((piece = list_next(&header, ',', &len))) {
		if (len == 1 && *piece == '*')
			return true;
		if (len > 2 && !memcmp(piece, "W/", 2))
			piece += 2, len -= 2;
		if (len == strlen(etag) && !memcmp(piece, etag, len))
			return true;
	}
	return false;
}

static bool piece_listed(const char *list, char separator, const char *wanted)
{
	const char *piece;
	size_t len;

	while ((piece = list_next(&list, separator, &len)))
		if (len && len == strlen(wanted) && !memcmp(piece, wanted, len))
			return true;
	return false;
}

bool token_listed(const char *header, const char *token)
{
	return piece_listed(header, ',', token);
}

bool word_listed(const char *words, const char *word)
{
	return piece_listed(words, ' ', word);
}

bool origin_is_host(const char *origin, const char *host)
{
	if (!strncmp(origin, "https://", 8))
		origin += 8;
	else if (!strncmp(origin, "http://", 7))
		origin += 7;
	else
		return false;
	return *origin && !strcasecmp(origin, host);
}

bool path_is_plain(const char *path)
{
	const char *c;

	if (*path != '/')
		return false;
	for (c = path; *c; c++) {
		if (*c == '\\' || (unsigned char)*c < 0x20 || *c == 0x7f)
			return false;
		if (*c == '/' && c[1] == '.')
			return false;
	}
	return true;
}

void address_normalise(char *address)
{
	if (!strncasecmp(address, "::ffff:", 7) && strchr(address, '.'))
		memmove(address, address + 7, strlen(address + 7) + 1);
}
