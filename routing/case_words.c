/* Tells whether a complaint speaks of a “一件事” or a matter of it, by pairs of characters. */
#include "case_words.h"

#include <string.h>

#include "text.h"

enum { NAME_MOST = 128, TEXT_MOST = 4096 };

static int pair_stands(const uint32_t *text, size_t len, const uint32_t *pair) {
	for (size_t i = 0; i + 1 < len; i++)
		if (text[i] == pair[0] && text[i + 1] == pair[1])
			return 1;
	return 0;
}

/* Without the words that every name ends in. */
static size_t name_fold(const char *name, uint32_t *out) {
	static const uint32_t common[] = { 0x4e00, 0x4ef6, 0x4e8b };    /* 一件事 */
	size_t len = text_fold(name, strlen(name), out, NAME_MOST), tail = sizeof common / sizeof common[0];
	if (len >= tail && memcmp(out + len - tail, common, sizeof common) == 0)
		len -= tail;
	return len;
}

int case_words_found(const char *text, const char *name) {
	uint32_t chars[TEXT_MOST], word[NAME_MOST];
	size_t len = text_fold(text, strlen(text), chars, TEXT_MOST), name_len = name_fold(name, word);
	int found = 0;
	if (name_len < 2)
		return 0;
	for (size_t i = 0; i + 1 < name_len; i++)
		found += pair_stands(chars, len, word + i);
	return found * 100 / (int)(name_len - 1);
}
