/* Writes the reasons of a dispatch as sentences for people. */
#include "dispatch_why.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

static void cut_whole(char *text) {
	const char *at = text, *end = text + strlen(text), *whole = at;
	while (at < end && text_next(&at, end) >= 0)
		whole = at;
	text[whole - text] = '\0';
}

void why_add(char why[DISPATCH_WHY], const char *format, ...) {
	size_t used = strlen(why), room = DISPATCH_WHY - used;
	va_list list;
	va_start(list, format);
	int need = vsnprintf(why + used, room, format, list);
	va_end(list);
	if (need < 0 || (size_t)need >= room)
		cut_whole(why);
}

char *why_new(struct dispatch_answer *answer) {
	if (answer->reason_count == DISPATCH_REASONS)
		return NULL;
	char *why = answer->reasons[answer->reason_count++];
	why[0] = '\0';
	return why;
}

void why_add_word(char why[DISPATCH_WHY], const uint32_t *chars, size_t len) {
	enum { MOST = 12 };
	char word[4 * MOST + 5];
	text_unfold(chars, len < MOST ? len : MOST, word, sizeof(word));
	why_add(why, "“%s”", word);
}

void dispatch_note(const struct dispatch_answer *answer, char *out, size_t room) {
	size_t used = 0;
	out[0] = '\0';
	for (size_t i = 0; i < answer->reason_count && used + 1 < room; i++) {
		int need = snprintf(out + used, room - used, "%s%s", i > 0 ? "；" : "", answer->reasons[i]);
		used += need > 0 ? (size_t)need : 0;
	}
	if (used >= room)
		cut_whole(out);
}
