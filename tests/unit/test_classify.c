/* Learns from made-up texts, and asks what was learned: right, sure, the same every time, and within bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../../routing/classify.h"
#include "../../routing/learn.h"
#include "../../routing/learn_keywords.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct { const char *label, *words[4]; } topics[] = {
	{ "0101", { "家里暖气不热", "室温只有十三度", "供热站不给升温", "暖气片是凉的" } },
	{ "0404", { "电梯停运三天", "电梯把人困住了", "电梯按钮失灵", "电梯异响掉层" } },
	{ "0901", { "老板拖欠工资", "工钱一直没发", "农民工讨薪", "工地欠薪两个月" } },
	{ "1101", { "孩子转学办不了", "学区划分不合理", "小学报名被拒", "学籍转不过来" } },
};

enum { TEXTS = 400 };

/* Text number n of the made-up history. */
static void text_make(size_t n, char *title, char *body, size_t room) {
	const char *const *words = topics[n % COUNT(topics)].words;
	snprintf(title, room, "%s反映%s", n % 3 ? "塔河镇" : "东山街道", words[n / 4 % 4]);
	snprintf(body, room, "您好，我住在%zu号楼，%s，%s，希望尽快处理。", n % 17, words[n / 4 % 4], words[n / 16 % 4]);
}

static struct learn *history_learn(size_t count) {
	struct learn *learn = learn_new();
	char title[256], body[512];
	for (size_t n = 0; n < count; n++) {
		text_make(n, title, body, sizeof(title));
		assert_true(learn_add(learn, topics[n % COUNT(topics)].label, title, body));
	}
	return learn;
}

static unsigned char *bytes;
static size_t bytes_len;
static struct classify_model *model;

static int model_open(void **unused) {
	(void)unused;
	char fault[CLASSIFY_FAULT_ROOM];
	struct learn *learn = history_learn(TEXTS);
	bool ok = learn_model(learn, 0, TEXTS, NULL, NULL, &bytes, &bytes_len);
	learn_free(learn);
	model = ok ? classify_model_read(bytes, bytes_len, fault) : NULL;
	return model == NULL;
}

static int model_close(void **unused) {
	(void)unused;
	classify_model_free(model);
	free(bytes);
	return 0;
}

static size_t ask(const char *title, const char *text, struct classify_guess guesses[CLASSIFY_TOP]) {
	size_t count = classify(model, title, text, guesses);
	double sum = 0;
	assert_true(count <= CLASSIFY_TOP);
	for (size_t i = 0; i < count; i++) {
		assert_true(guesses[i].probability >= 0 && guesses[i].probability <= 1);
		assert_true(i == 0 || guesses[i - 1].probability >= guesses[i].probability);
		sum += guesses[i].probability;
	}
	assert_true(sum <= 1.0001);
	if (count == classify_label_count(model))
		assert_true(sum > 0.9999);
	return count;
}

static void texts_it_has_not_seen_get_their_label(void **unused) {
	(void)unused;
	static const struct { const char *label, *title, *text; } asked[] = {
		{ "0101", "供热问题", "暖气片摸着是凉的，室温很低" },
		{ "0404", "", "小区电梯又停运了，按钮失灵" },
		{ "0901", "讨要工资", "" },
		{ "1101", "咨询", "想给孩子转学，学籍怎么办" },
	};
	struct classify_guess guesses[CLASSIFY_TOP];
	for (size_t i = 0; i < COUNT(asked); i++) {
		assert_int_equal(ask(asked[i].title, asked[i].text, guesses), COUNT(topics));
		assert_string_equal(guesses[0].label, asked[i].label);
		assert_true(guesses[0].probability > 0.5);
	}
}

static void a_text_that_says_nothing_is_not_guessed_at(void **unused) {
	(void)unused;
	struct classify_guess guesses[CLASSIFY_TOP];
	assert_int_equal(ask("", "", guesses), 0);
	assert_int_equal(ask("，。！", " \n\t…", guesses), 0);
	assert_int_equal(ask("\xff\xfe", "\x80\x80", guesses), 0);
	assert_int_equal(classify(NULL, "暖气", "不热", guesses), 0);
	assert_int_equal(ask("鹽", "", guesses), COUNT(topics));   /* one unknown character: everything is possible */
	assert_true(guesses[0].probability < 0.9);
}

static void any_bytes_and_any_length_are_borne(void **unused) {
	(void)unused;
	enum { HUGE_BYTES = 300000 };
	struct classify_guess guesses[CLASSIFY_TOP];
	struct classify_span spans[3];
	char *text = malloc(HUGE_BYTES + 1);
	uint64_t dice = 1;
	for (int round = 0; round < 20; round++) {
		for (size_t i = 0; i < HUGE_BYTES; i++) {
			dice = dice * UINT64_C(6364136223846793005) + 1442695040888963407U;
			text[i] = (char)(dice >> 56 ? dice >> 56 : 1);
		}
		if (round % 2)   /* many different characters, well-formed */
			for (size_t i = 0; i + 3 <= HUGE_BYTES; i += 3) {
				text[i] = (char)(0xe4 + (unsigned char)text[i] % 5);
				text[i + 1] = (char)(0x80 | (text[i + 1] & 0x3f));
				text[i + 2] = (char)(0x80 | (text[i + 2] & 0x3f));
			}
		text[HUGE_BYTES] = '\0';
		ask(text, text, guesses);
		classify_evidence(model, text, text, "0101", spans, COUNT(spans));
	}
	free(text);
}

static void the_same_texts_make_the_same_model(void **unused) {
	(void)unused;
	struct learn *learn = history_learn(TEXTS);
	unsigned char *again;
	size_t len;
	assert_true(learn_model(learn, 0, TEXTS, NULL, NULL, &again, &len));
	assert_int_equal(len, bytes_len);
	assert_memory_equal(again, bytes, len);
	free(again);
	learn_free(learn);
}

static void only_the_texts_that_were_asked_for_are_learned_from(void **unused) {
	(void)unused;
	char fault[CLASSIFY_FAULT_ROOM];
	struct learn *learn = learn_new();
	unsigned char *own;
	size_t len;
	for (int i = 0; i < 10; i++) {
		assert_true(learn_add(learn, "水", "停水", "自来水停了"));
		assert_true(learn_add(learn, "电", "停电", "电闸跳了"));
	}
	assert_true(learn_add(learn, "气", "停气", "燃气没了"));
	assert_int_equal(learn_count(learn), 21);
	assert_int_equal(learn_label_count(learn), 3);
	assert_true(learn_model(learn, 0, 20, NULL, NULL, &own, &len));
	struct classify_model *two = classify_model_read(own, len, fault);
	assert_int_equal(classify_label_count(two), 2);
	assert_string_equal(classify_label(two, 0), "水");
	classify_model_free(two);
	free(own);
	assert_false(learn_model(learn, 5, 5, NULL, NULL, &own, &len));
	assert_false(learn_model(learn, 0, 22, NULL, NULL, &own, &len));
	learn_free(learn);
}

static void labels_have_a_length_and_a_number(void **unused) {
	(void)unused;
	struct learn *learn = learn_new();
	char label[CLASSIFY_LABEL_ROOM + 1];
	memset(label, 'x', sizeof(label));
	label[CLASSIFY_LABEL_ROOM] = '\0';
	assert_false(learn_add(learn, label, "a", "b"));
	assert_false(learn_add(learn, "", "a", "b"));
	label[CLASSIFY_LABEL_ROOM - 1] = '\0';
	assert_true(learn_add(learn, label, "a", "b"));
	for (int i = 1; i < CLASSIFY_LABELS_MAX; i++) {
		snprintf(label, sizeof(label), "%d", i);
		assert_true(learn_add(learn, label, "a", "b"));
	}
	assert_false(learn_add(learn, "one more", "a", "b"));
	assert_true(learn_add(learn, "7", "a", "b"));
	learn_free(learn);
}

static void evidence_is_a_stretch_of_what_was_given(void **unused) {
	(void)unused;
	static const char title[] = "【求助】电梯停运", text[] = "您好，小区的电 梯三天没修，老人下不了楼！";
	struct classify_span spans[4];
	size_t count = classify_evidence(model, title, text, "0404", spans, COUNT(spans));
	bool lift = false;
	assert_true(count >= 1 && count <= COUNT(spans));
	for (size_t i = 0; i < count; i++) {
		const struct classify_span *one = &spans[i];
		bool in_title = one->at >= title && one->at + one->len <= title + strlen(title);
		bool in_text = one->at >= text && one->at + one->len <= text + strlen(text);
		assert_true((in_title || in_text) && one->len >= 2 && one->weight > 0);
		assert_true(i == 0 || spans[i - 1].weight >= one->weight);
		lift = lift || memmem(one->at, one->len, "梯", strlen("梯")) != NULL;
		for (size_t j = 0; j < i; j++)
			assert_true(spans[j].at + spans[j].len <= one->at || one->at + one->len <= spans[j].at);
	}
	assert_true(lift);
	assert_int_equal(classify_evidence(model, title, text, "9999", spans, COUNT(spans)), 0);
	assert_int_equal(classify_evidence(model, "", "", "0404", spans, COUNT(spans)), 0);
	assert_int_equal(classify_evidence(model, title, text, "0404", spans, 1), 1);
	assert_int_equal(classify_evidence(NULL, title, text, "0404", spans, COUNT(spans)), 0);
}

static void damaged_bytes_are_no_model(void **unused) {
	(void)unused;
	char fault[CLASSIFY_FAULT_ROOM];
	unsigned char *copy = malloc(bytes_len + 1);
	memcpy(copy, bytes, bytes_len);
	copy[bytes_len] = 0;
	for (size_t at = 0; at < bytes_len; at += bytes_len / 200 + 1) {
		copy[at] ^= 0x10;
		assert_null(classify_model_read(copy, bytes_len, fault));
		assert_true(fault[0] != '\0');
		copy[at] ^= 0x10;
		assert_null(classify_model_read(copy, at, fault));
	}
	assert_null(classify_model_read(copy, bytes_len + 1, fault));
	free(copy);
}

static void the_keyword_router_finds_what_is_plain(void **unused) {
	(void)unused;
	struct learn *learn = history_learn(TEXTS);
	struct keywords *keywords = keywords_new(learn, 0, TEXTS);
	struct classify_guess guesses[CLASSIFY_TOP];
	assert_true(keywords_choose(keywords, "电梯", "电梯停运", guesses) >= 1);
	assert_string_equal(guesses[0].label, "0404");
	assert_int_equal(keywords_choose(keywords, "", "鹽鹽", guesses), 1);
	assert_string_equal(guesses[0].label, keywords_commonest(keywords).label);
	assert_true(keywords_commonest(keywords).probability == 0.25);
	keywords_free(keywords);
	learn_free(learn);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_it_has_not_seen_get_their_label),
		cmocka_unit_test(a_text_that_says_nothing_is_not_guessed_at),
		cmocka_unit_test(any_bytes_and_any_length_are_borne),
		cmocka_unit_test(the_same_texts_make_the_same_model),
		cmocka_unit_test(only_the_texts_that_were_asked_for_are_learned_from),
		cmocka_unit_test(labels_have_a_length_and_a_number),
		cmocka_unit_test(evidence_is_a_stretch_of_what_was_given),
		cmocka_unit_test(damaged_bytes_are_no_model),
		cmocka_unit_test(the_keyword_router_finds_what_is_plain),
	};
	return cmocka_run_group_tests(tests, model_open, model_close);
}
