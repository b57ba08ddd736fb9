/* Feeds any bytes to the text functions and to the dispatcher. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../routing/dispatch.h"
#include "../../routing/text.h"
#include "fuzz.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct dispatch_matter matters[] = {
	{ "0101", "室温不达标", "供热供暖", "暖气不热|屋里冷|室温低", "heating", 0 },
	{ "0305", "市政设施", "城市管理", "井盖缺失|路灯不亮|道路破损", "housing", 0 },
	{ "1002", "急救与突发疾病", "卫生健康", "急救车|120", "health", 1 },
	{ "1604", "文化市场", "文体旅游", "网吧|KTV", "culture", 0 },
};
static const struct dispatch_unit units[] = {
	{ 10, "漠河供热公司", "heating", "232701" }, { 11, "漠河市住房和城乡建设局", "housing", "232701" },
	{ 20, "地区卫生健康委", "health", "232700" },
};
static const struct dispatch_region regions[] = { { "232700", NULL, "地区" }, { "232701", "232700", "漠河市" } };

static void must(bool true_always) {
	if (!true_always)
		abort();
}

static void check_reading(const char *text, size_t len) {
	size_t steps = 0, chars = 0;
	bool broken = false;
	for (const char *at = text; at < text + len; steps++)
		broken = text_next(&at, text + len) < 0 || broken;
	bool valid = text_is_valid(text, len, &chars);
	must(!valid || (!broken && chars == steps));
	uint32_t folded[64];
	size_t count = text_fold(text, len, folded, COUNT(folded));
	must(count <= COUNT(folded) && count <= steps);
}

static void check_phone_and_masks(const char *text) {
	void (*const masks[])(const char *, char *, size_t) = {
		text_mask_phone, text_mask_name, text_mask_id,
	};
	char digits[16];
	if (text_phone(text, digits))
		must(strlen(digits) >= 3 && strspn(digits, "0123456789") == strlen(digits));
	for (size_t i = 0; i < COUNT(masks); i++) {
		char out[24];
		masks[i](text, out, sizeof(out));
		for (const char *at = out, *end = out + strlen(out); at < end;)
			must(text_next(&at, end) >= 0);
	}
}

static const struct dispatch_catalogue catalogue = { matters, COUNT(matters), units, COUNT(units),
	regions, COUNT(regions), NULL, 0, NULL, 0 };

static void check_answer(const struct dispatch_answer *answer) {
	must(answer->confidence >= 0 && answer->confidence <= 1);
	must(answer->reason_count <= DISPATCH_REASONS);
	must(answer->band == BAND_pool || answer->unit != 0);
	for (size_t i = 0; i < answer->reason_count; i++)
		must(memchr(answer->reasons[i], '\0', DISPATCH_WHY) != NULL);
}

static void check_decision(const struct dispatch_book *book, const char *title, const char *body) {
	const struct dispatch_terms terms = { .straight = 0.5, .suggest = 0.3 };
	struct dispatch_policy *policy = dispatch_policy_new(&terms);
	struct dispatch_ask ask = { .region = "232701", .place = body, .title = title, .text = body };
	struct dispatch_answer answer;
	char note[97];
	if (!policy)
		abort();
	dispatch_decide(book, policy, &ask, &answer);
	check_answer(&answer);
	for (size_t i = 0; i < answer.reason_count; i++)
		must(text_is_valid(answer.reasons[i], strlen(answer.reasons[i]), NULL));
	dispatch_note(&answer, note, sizeof(note));
	must(text_is_valid(note, strlen(note), NULL));
	dispatch_policy_free(policy);
}

/* The bytes also serve as a catalogue and as rules: people type those too. */
static void check_book(const char *text) {
	const struct dispatch_matter matter = { "1", text, text, text, "heating", 0 };
	const struct dispatch_catalogue one = { &matter, 1, units, COUNT(units), regions, COUNT(regions), NULL, 0, NULL, 0 };
	const struct dispatch_rule rule = { .id = 1, .name = text, .any = text, .all = text, .none = "x", .place = text,
		.matter = "", .group = "", .region = "", .town = "", .set_matter = "1", .duty = "", .basis = text };
	const struct dispatch_terms terms = { .rules = &rule, .rule_count = 1 };
	struct dispatch_book *book = dispatch_book_new(&one);
	struct dispatch_policy *policy = dispatch_policy_new(&terms);
	struct dispatch_ask ask = { .region = "232701", .place = text, .title = text, .text = text };
	struct dispatch_answer answer;
	if (!book || !policy)
		abort();
	dispatch_decide(book, policy, &ask, &answer);
	check_answer(&answer);
	dispatch_book_free(book);
	dispatch_policy_free(policy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct dispatch_book *book;
	if (!book)
		book = dispatch_book_new(&catalogue);
	char *text = malloc(size + 1);
	if (!book || !text)
		abort();
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	check_reading(text, size);
	check_phone_and_masks(text);
	check_decision(book, text, text + strlen(text) / 2);
	check_book(text);
	free(text);
	return 0;
}
