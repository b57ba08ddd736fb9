/* Says in a sentence why two requests may be one. */
#include "duplicate.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <uchar.h>

#include "duplicate_hash.h"
#include "text.h"

enum {
	STRETCH_LEAST = 4,    /* characters of a stretch that is worth telling */
	STRETCH_MOST = 24,
	STRETCH_NEAR = 4,     /* so many characters are given up for a better beginning */
	HOUR = 60, DAY = 24 * HOUR
};

/* What weighs less is grammar, politeness or a date. */
#define LIGHT 0.5f

/* The sentence so far; what does not fit is left out whole. */
struct words { char *out; size_t used; };

__attribute__((format(printf, 2, 3)))
static void say(struct words *words, const char *format, ...) {
	char piece[DUPLICATE_WHY];
	va_list list;
	va_start(list, format);
	int len = vsnprintf(piece, sizeof(piece), format, list);
	va_end(list);
	if (len <= 0 || (size_t)len >= sizeof(piece) || words->used + (size_t)len >= DUPLICATE_WHY)
		return;
	memcpy(words->out + words->used, piece, (size_t)len + 1);
	words->used += (size_t)len;
}

static void say_part(struct words *words, const char *part) {
	say(words, "%s%s", words->used ? "、" : "", part);
}

enum { PIECE_ROOM = STRETCH_MOST * 4 + 1 };

/* Characters of the text as UTF-8, at most STRETCH_MOST. */
static const char *piece(const struct duplicate_text *text, size_t at, size_t len, char out[PIECE_ROOM]) {
	size_t used = 0;
	for (size_t i = at; i < at + len && i < at + STRETCH_MOST; i++)
		if (text->chars[i])
			used += text_encode(text->chars[i], out + used);
	out[used] = '\0';
	return out;
}

/* Letters and digits alone are part of something else; a telephone number must not be told. */
static bool is_said(const struct duplicate_text *text, size_t at, size_t len) {
	size_t ascii = 0;
	for (size_t i = at; i < at + len; i++)
		ascii += text->chars[i] < 0x80;
	return ascii * 2 < len && ascii < 6;
}

static bool stands_in(const struct duplicate_text *text, const uint32_t *chars, size_t len) {
	for (size_t i = 0; i + len <= text->len; i++)
		if (memcmp(text->chars + i, chars, len * sizeof(*chars)) == 0)
			return true;
	return false;
}

static bool gram_in(const struct duplicate_text *text, const uint32_t *chars) {
	uint32_t hash = hash_chars(chars, 2), slot = hash & (DUPLICATE_SLOTS - 1);
	while (text->grams[slot].hash && text->grams[slot].hash != hash)
		slot = (slot + 1) & (DUPLICATE_SLOTS - 1);
	return text->grams[slot].hash == hash;
}

static bool is_numeral(uint32_t c) {
	static const char32_t numerals[] = U"〇零一二三四五六七八九十百千";
	for (size_t i = 0; numerals[i]; i++)
		if (c == numerals[i])
			return true;
	return c >= '0' && c <= '9';
}

static bool is_light(const struct duplicate_text *text, size_t at) {
	return text->weights[at] < LIGHT;
}

/* Whether the text goes on across `at` as one number: 13|2号. */
static bool splits_number(const struct duplicate_text *text, size_t at) {
	return at > 0 && at < text->len && is_numeral(text->chars[at - 1]) && is_numeral(text->chars[at]);
}

/* The stretch as people read it: without a piece of a number at its ends or grammar (的, 了) at its beginning, and where
 * it begins inside of a clause, from behind the next grammar on if that is near. Returns its length; 0: too little is left. */
static size_t stretch_fit(const struct duplicate_text *a, size_t *at, size_t len) {
	size_t start = *at, end = start + len, near;
	while (start < end && (splits_number(a, start) || is_light(a, start)))
		start++;
	while (end > start && splits_number(a, end))
		end--;
	if (start > 0 && a->chars[start - 1] && !is_light(a, start - 1))
		for (near = start + 1; near <= start + STRETCH_NEAR && near + STRETCH_LEAST <= end; near++)
			if (is_light(a, near - 1) && !is_light(a, near)) {
				start = near;
				break;
			}
	*at = start;
	return end - start >= STRETCH_LEAST ? end - start : 0;
}

/* The heaviest stretch of a that also stands in b, outside of places, which are told anyway. Found by
 * shingles, then made sure of. */
static size_t stretch_find(const struct duplicate_text *a, const struct duplicate_text *b, size_t *ret_at) {
	float best = 0;
	size_t best_len = 0;
	for (size_t i = 0; i + 1 < a->len;) {
		size_t end = i + 1;
		float weight = 0;
		while (end < a->len && a->chars[end] && a->weights[end - 1] < DUPLICATE_NAMED && end - i < STRETCH_MOST &&
		       gram_in(b, a->chars + end - 1))
			weight += a->weights[end++];
		size_t at = i, len = end - i;
		while (len >= STRETCH_LEAST && !stands_in(b, a->chars + i, len))
			len--;
		/* Grammar has no shingles of its own: 严重 is not cut in two. */
		while (len >= STRETCH_LEAST && len < STRETCH_MOST && i + len < a->len && a->chars[i + len] && a->weights[i + len] < LIGHT &&
		       stands_in(b, a->chars + i, len + 1))
			len++;
		len = len >= STRETCH_LEAST ? stretch_fit(a, &at, len) : 0;
		if (len > 0 && weight > best && is_said(a, at, len)) {
			best = weight;
			best_len = len;
			*ret_at = at;
		}
		i = end;
	}
	return best_len;
}

static void say_number(const struct duplicate_text *text, const struct duplicate_place *place, size_t number,
                       char out[PIECE_ROOM]) {
	piece(text, place->numbers[number].at, place->numbers[number].len, out);
}

static void say_where(struct words *words, const struct duplicate_text *a, const struct duplicate_text *b,
                      const struct duplicate_likeness *likeness) {
	const struct duplicate_place *x = &a->places[likeness->place_a], *y = &b->places[likeness->place_b];
	char name[PIECE_ROOM], one[PIECE_ROOM], two[PIECE_ROOM], part[DUPLICATE_WHY];
	const char *pause = words->used ? "、" : "";
	piece(a, x->at, x->len, name);
	switch (likeness->where) {
		case DUPLICATE_WHERE_SAME:
			one[0] = '\0';
			for (size_t i = 0; i < x->number_count; i++) {
				say_number(a, x, i, two);
				if (strlen(one) + strlen(two) < sizeof(one))
					strcat(one, two);
			}
			say(words, "%s同一地点（%s%s）", pause, name, one);
			break;
		case DUPLICATE_WHERE_NAME:
			say(words, "%s同一地点（%s）", pause, name);
			break;
		case DUPLICATE_WHERE_NUMBER:
			say_number(a, x, likeness->number_a, one);
			say_number(b, y, likeness->number_b, two);
			snprintf(part, sizeof(part), "同在%s但号不同（本件%s、该单%s）%s", name, one, two,
			         a->is_wide && b->is_wide ? "，像是片区性问题，可能是同一件事" : "，请核对是否同一处");
			say_part(words, part);
			break;
		case DUPLICATE_WHERE_OTHER:
			say(words, "%s地点不同（本件%s、该单%s）", pause, name, piece(b, y->at, y->len, one));
			break;
		case DUPLICATE_WHERE_UNKNOWN:
			break;
	}
}

static void say_age(struct words *words, int64_t minutes) {
	if (minutes < HOUR)
		say(words, "，%lld 分钟前", (long long)(minutes > 0 ? minutes : 0));
	else if (minutes < DAY)
		say(words, "，%lld 小时前", (long long)(minutes / HOUR));
	else
		say(words, "，%lld 天前", (long long)(minutes / DAY));
}

void duplicate_why(const struct duplicate_text *a, const struct duplicate_text *b,
                   const struct duplicate_likeness *likeness, const struct duplicate_facts *facts,
                   char out[DUPLICATE_WHY]) {
	struct words words = { out, 0 };
	char stretch[PIECE_ROOM];
	size_t at = 0, len = stretch_find(a, b, &at);
	out[0] = '\0';
	if (facts->same_caller)
		say_part(&words, "同一来电号码");
	if (facts->same_matter)
		say_part(&words, "同一事项");
	say_where(&words, a, b, likeness);
	say(&words, "%s内容相近 %d%%", words.used ? "、" : "", (int)(likeness->score * 100 + 0.5));
	if (len > 0)
		say(&words, "，都说到“%s”", piece(a, at, len, stretch));
	say_age(&words, facts->minutes);
}
