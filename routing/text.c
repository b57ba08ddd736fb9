/* Reads Chinese text as the machine compares it: UTF-8, folding, telephone numbers, masks. */
#include "text.h"

#include <string.h>

/* Well-formed sequences by first byte (Unicode 15, table 3-7): how many bytes follow and the
 * range of the second; the rest are 80…BF. */
static const struct lead {
	unsigned char from, to, more, low, high;
} leads[] = {
	{ 0x00, 0x7f, 0, 0, 0 },       { 0xc2, 0xdf, 1, 0x80, 0xbf }, { 0xe0, 0xe0, 2, 0xa0, 0xbf },
	{ 0xe1, 0xec, 2, 0x80, 0xbf }, { 0xed, 0xed, 2, 0x80, 0x9f }, { 0xee, 0xef, 2, 0x80, 0xbf },
	{ 0xf0, 0xf0, 3, 0x90, 0xbf }, { 0xf1, 0xf3, 3, 0x80, 0xbf }, { 0xf4, 0xf4, 3, 0x80, 0x8f },
};

static const struct lead *lead_of(unsigned char byte) {
	for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++)
		if (byte >= leads[i].from && byte <= leads[i].to)
			return &leads[i];
	return NULL;
}

int32_t text_next(const char **at, const char *end) {
	const unsigned char *s = (const unsigned char *)*at;
	const struct lead *lead = lead_of(s[0]);
	(*at)++;
	if (!lead || end - (const char *)s <= lead->more)
		return -1;
	if (!lead->more)
		return s[0];
	if (s[1] < lead->low || s[1] > lead->high)
		return -1;
	int32_t point = s[0] & (0x3f >> lead->more);
	for (int i = 1; i <= lead->more; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return -1;
		point = point << 6 | (s[i] & 0x3f);
	}
	*at = (const char *)s + 1 + lead->more;
	return point;
}

bool text_is_valid(const char *text, size_t len, size_t *ret_chars) {
	size_t chars = 0;
	for (const char *at = text, *end = text + len; at < end; chars++) {
		int32_t point = text_next(&at, end);
		if (point < 0)
			return false;
		if (point < 0x20 && point != '\t' && point != '\r' && point != '\n')
			return false;
	}
	if (ret_chars)
		*ret_chars = chars;
	return true;
}

static int32_t half_width(int32_t point) {
	if (point == 0x3000)
		return ' ';
	return point >= 0xff01 && point <= 0xff5e ? point - 0xfee0 : point;
}

/* Code points that tell nothing when texts are compared, beyond ASCII. 々 and 〇 stand inside
 * the punctuation block but are written in words. */
static bool is_noise(int32_t point) {
	static const struct { int32_t from, to; } blocks[] = {
		{ 0x80, 0xbf }, { 0xd7, 0xd7 }, { 0xf7, 0xf7 },   /* Latin-1 controls and signs */
		{ 0x2000, 0x206f },                               /* general punctuation, joiners */
		{ 0x2190, 0x23ff }, { 0x2500, 0x27bf },           /* arrows, technical, boxes, dingbats */
		{ 0x3000, 0x3004 }, { 0x3008, 0x3020 }, { 0x3030, 0x3030 }, { 0x303d, 0x303f },
		{ 0x30fb, 0x30fb },                               /* ・ in names */
		{ 0xe000, 0xf8ff },                               /* private use */
		{ 0xfe00, 0xfe6f }, { 0xfeff, 0xfeff }, { 0xff5f, 0xff65 }, { 0xffe0, 0xffff },
		{ 0x1f000, 0x1faff },                             /* pictures */
	};
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		if (point >= blocks[i].from && point <= blocks[i].to)
			return true;
	return false;
}

static bool is_ascii_word(int32_t point) {
	return (point >= '0' && point <= '9') || (point >= 'a' && point <= 'z');
}

size_t text_fold(const char *text, size_t len, uint32_t *out, size_t room) {
	size_t count = 0;
	for (const char *at = text, *end = text + len; at < end && count < room;) {
		int32_t point = text_next(&at, end);
		if (point < 0)
			continue;
		point = half_width(point);
		if (point >= 'A' && point <= 'Z')
			point += 'a' - 'A';
		if (point < 0x80 ? is_ascii_word(point) : !is_noise(point))
			out[count++] = (uint32_t)point;
	}
	return count;
}

/* Signs that people put between the digits of a number. */
static bool is_phone_gap(int32_t point) {
	return point == ' ' || point == '-' || point == '\t' || point == '(' || point == ')' ||
	       point == 0xa0 || (point >= 0x2010 && point <= 0x2015);
}

size_t text_encode(uint32_t point, char out[4]) {
	if (point < 0x80) {
		out[0] = (char)point;
		return 1;
	}
	size_t more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
	static const unsigned char lead[] = { 0, 0xc0, 0xe0, 0xf0 };
	for (size_t i = more; i > 0; i--, point >>= 6)
		out[i] = (char)(0x80 | (point & 0x3f));
	out[0] = (char)(lead[more] | point);
	return more + 1;
}

void text_unfold(const uint32_t *chars, size_t len, char *out, size_t room) {
	size_t used = 0;
	for (size_t i = 0; i < len && used + 5 <= room; i++)
		used += text_encode(chars[i], out + used);
	out[used] = '\0';
}

bool text_phone(const char *text, char out[16]) {
	char digits[20];   /* 15 and the longest prefix, 0086 */
	size_t count = 0;
	bool plus = false;
	out[0] = '\0';
	for (const char *at = text, *end = text + strlen(text); at < end;) {
		int32_t point = half_width(text_next(&at, end));
		if (point == '+' && count == 0 && !plus)
			plus = true;
		else if (point >= '0' && point <= '9' && count < sizeof(digits) - 1)
			digits[count++] = (char)point;
		else if (!is_phone_gap(point))
			return false;
	}
	digits[count] = '\0';
	const char *prefix = plus ? "86" : "0086";
	const char *number = digits;
	if (strncmp(digits, prefix, strlen(prefix)) == 0)
		number += strlen(prefix);
	count = strlen(number);
	if (count < 3 || count > 15)
		return false;
	memcpy(out, number, count + 1);
	return true;
}

/* Copies text with all but the first and the last characters turned into stars; a malformed
 * byte counts as one character and is starred wherever it stands. */
static void mask(const char *text, size_t chars, size_t front, size_t back, char *out, size_t room) {
	const char *at = text, *end = text + strlen(text);
	size_t used = 0;
	if (room == 0)
		return;
	for (size_t i = 0; at < end; i++) {
		const char *from = at;
		int32_t point = text_next(&at, end);
		bool shown = point >= 0 && (i < front || i + back >= chars);
		size_t size = shown ? (size_t)(at - from) : 1;
		if (used + size >= room)
			break;
		memcpy(out + used, shown ? from : "*", size);
		used += size;
	}
	out[used] = '\0';
}

static size_t chars_in(const char *text) {
	size_t chars = 0;
	for (const char *at = text, *end = text + strlen(text); at < end; chars++)
		text_next(&at, end);
	return chars;
}

void text_mask_phone(const char *digits, char *out, size_t room) {
	size_t chars = chars_in(digits);
	if (chars >= 11)
		mask(digits, chars, 3, 4, out, room);
	else if (chars > 3)
		mask(digits, chars, chars / 4, chars / 4, out, room);
	else
		mask(digits, chars, chars, 0, out, room);   /* 110, 119: nobody's own number */
}

void text_mask_name(const char *name, char *out, size_t room) {
	mask(name, chars_in(name), 1, 0, out, room);
}

void text_mask_id(const char *id, char *out, size_t room) {
	size_t chars = chars_in(id), shown = chars / 4 < 4 ? chars / 4 : 4;
	mask(id, chars, shown, shown, out, room);
}
