/* Reads good and broken UTF-8, folds, normalises telephone numbers and masks what is private. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "../../routing/text.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Writes a code point the plain way; returns its bytes. */
static size_t encode(int32_t c, char *out) {
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

static void every_code_point_is_read_back_and_surrogates_are_not(void **unused) {
	(void)unused;
	for (int32_t point = 0; point <= 0x10ffff; point++) {
		char bytes[4];
		size_t len = encode(point, bytes);
		const char *at = bytes;
		int32_t got = text_next(&at, bytes + len);
		bool surrogate = point >= 0xd800 && point <= 0xdfff;
		assert_int_equal(got, surrogate ? -1 : point);
		assert_int_equal(at - bytes, surrogate ? 1 : (int)len);
	}
}

static void a_character_cut_short_is_malformed_at_every_length(void **unused) {
	(void)unused;
	static const char *const whole[] = { "é", "暖", "𠮷" };
	for (size_t i = 0; i < COUNT(whole); i++)
		for (size_t len = 1; len < strlen(whole[i]); len++) {
			const char *at = whole[i];
			assert_int_equal(text_next(&at, whole[i] + len), -1);
			assert_int_equal(at - whole[i], 1);
		}
}

static void malformed_overlong_surrogate_and_out_of_range_sequences_step_one_byte(void **unused) {
	(void)unused;
	static const char *const bad[] = {
		"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xf0\x80\x80\x80",
		"\xf0\x8f\xbf\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
		"\xff", "\xfe", "\xc3(", "\xe6\x9a(", "\xf0\xa0\xae(", "\xe6(\x96",
	};
	for (size_t i = 0; i < COUNT(bad); i++) {
		const char *at = bad[i];
		assert_int_equal(text_next(&at, bad[i] + strlen(bad[i])), -1);
		assert_int_equal(at - bad[i], 1);
		assert_false(text_is_valid(bad[i], strlen(bad[i]), NULL));
	}
}

static void reading_never_stands_still_and_never_passes_the_end(void **unused) {
	(void)unused;
	uint32_t dice = 7;
	for (int round = 0; round < 20000; round++) {
		char bytes[24];
		for (size_t i = 0; i < sizeof(bytes); i++) {
			dice = dice * 1664525u + 1013904223u;
			bytes[i] = (char)(dice >> 24);
		}
		for (const char *at = bytes, *end = bytes + sizeof(bytes); at < end;) {
			const char *before = at;
			text_next(&at, end);
			assert_true(at > before && at <= end);
		}
	}
}

static void text_is_counted_in_characters_and_control_characters_are_refused(void **unused) {
	(void)unused;
	size_t chars = 0;
	assert_true(text_is_valid("暖气\t不热\r\nA𠮷", strlen("暖气\t不热\r\nA𠮷"), &chars));
	assert_int_equal(chars, 9);
	assert_true(text_is_valid("", 0, &chars));
	assert_int_equal(chars, 0);
	for (int c = 0; c < 0x20; c++) {
		char byte = (char)c;
		assert_int_equal(text_is_valid(&byte, 1, NULL), c == '\t' || c == '\r' || c == '\n');
	}
	assert_false(text_is_valid("a\0b", 3, NULL));
}

static void folds_to(const char *text, const char *want) {
	uint32_t points[64];
	char got[64 * 4 + 1];
	size_t used = 0, count = text_fold(text, strlen(text), points, COUNT(points));
	for (size_t i = 0; i < count; i++)
		used += encode((int32_t)points[i], got + used);
	got[used] = '\0';
	assert_string_equal(got, want);
}

static void folding_makes_texts_comparable(void **unused) {
	(void)unused;
	folds_to("ＡＢＣ１２３", "abc123");
	folds_to("KTV 噪音，太吵！！", "ktv噪音太吵");
	folds_to("　《供热》（室温：１６度）…\r\n", "供热室温16度");
	folds_to("“一件事”·办理", "一件事办理");
	folds_to("二〇二五年 时时々", "二〇二五年时时々");
	folds_to("停水😀了\xff\xe6", "停水了");
	folds_to("", "");
	folds_to("。，、；：？！", "");
}

static void folding_stops_when_the_room_is_full(void **unused) {
	(void)unused;
	uint32_t points[3] = { 0, 0, 99 };
	assert_int_equal(text_fold("一二三", strlen("一二三"), points, 2), 2);
	assert_int_equal(points[1], 0x4e8c);
	assert_int_equal(points[2], 99);
	assert_int_equal(text_fold("一", 3, points, 0), 0);
}

static void telephone_numbers_are_brought_to_one_form(void **unused) {
	(void)unused;
	static const char *const good[][2] = {
		{ "13800001111", "13800001111" },       { " 138 0000-1111 ", "13800001111" },
		{ "+86 138 0000 1111", "13800001111" }, { "+86-13800001111", "13800001111" },
		{ "008613800001111", "13800001111" },   { "１３８００００１１１１", "13800001111" },
		{ "0457-2120000", "04572120000" },      { "（0457）2120000", "04572120000" },
		{ "110", "110" },                       { "12345", "12345" },
		{ "8613800001111", "8613800001111" },   { "123456789012345", "123456789012345" },
		{ "+79160000000", "79160000000" },
	};
	for (size_t i = 0; i < COUNT(good); i++) {
		char digits[16];
		assert_true(text_phone(good[i][0], digits));
		assert_string_equal(digits, good[i][1]);
	}
}

static void what_cannot_be_dialled_is_no_telephone_number(void **unused) {
	(void)unused;
	static const char *const bad[] = {
		"", "12", "+86 12", "1234567890123456", "00861234567890123456", "138x0000", "电话13800001111",
		"138++0000", "1+38000", "\xff" "138000", "- ()", "138.0000",
	};
	for (size_t i = 0; i < COUNT(bad); i++) {
		char digits[16] = "old";
		assert_false(text_phone(bad[i], digits));
		assert_string_equal(digits, "");
	}
}

typedef void mask_fn(const char *text, char *out, size_t room);

static void masks_to(mask_fn *mask, const char *text, const char *want) {
	char out[100];
	mask(text, out, sizeof(out));
	assert_string_equal(out, want);
}

static void masks_hide_what_identifies_a_person(void **unused) {
	(void)unused;
	masks_to(text_mask_phone, "13812345678", "138****5678");
	masks_to(text_mask_phone, "04572120000", "045****0000");
	masks_to(text_mask_phone, "2120000", "2*****0");
	masks_to(text_mask_phone, "12345", "1***5");
	masks_to(text_mask_phone, "110", "110");
	masks_to(text_mask_phone, "", "");
	masks_to(text_mask_name, "张三", "张*");
	masks_to(text_mask_name, "欧阳修", "欧**");
	masks_to(text_mask_name, "𠮷田", "𠮷*");
	masks_to(text_mask_name, "", "");
	masks_to(text_mask_id, "232701199001011234", "2327**********1234");
	masks_to(text_mask_id, "E12345678", "E1*****78");
	masks_to(text_mask_id, "123", "***");
}

static void masks_star_malformed_bytes_and_stay_valid(void **unused) {
	(void)unused;
	masks_to(text_mask_name, "\xff张", "**");
	masks_to(text_mask_name, "张\xe4", "张*");
	masks_to(text_mask_phone, "\x80" "10", "*10");
}

static void masks_never_write_past_their_room_nor_cut_a_character(void **unused) {
	(void)unused;
	mask_fn *const masks[] = { text_mask_phone, text_mask_name, text_mask_id };
	for (size_t m = 0; m < COUNT(masks); m++)
		for (size_t room = 0; room < 12; room++) {
			char out[16];
			memset(out, '#', sizeof(out));
			masks[m]("欧阳修先生", out, room);
			if (room > 0) {
				assert_true(strlen(out) < room);
				assert_true(text_is_valid(out, strlen(out), NULL));
			}
			for (size_t i = room; i < sizeof(out); i++)
				assert_int_equal(out[i], '#');
		}
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_point_is_read_back_and_surrogates_are_not),
		cmocka_unit_test(a_character_cut_short_is_malformed_at_every_length),
		cmocka_unit_test(malformed_overlong_surrogate_and_out_of_range_sequences_step_one_byte),
		cmocka_unit_test(reading_never_stands_still_and_never_passes_the_end),
		cmocka_unit_test(text_is_counted_in_characters_and_control_characters_are_refused),
		cmocka_unit_test(folding_makes_texts_comparable),
		cmocka_unit_test(folding_stops_when_the_room_is_full),
		cmocka_unit_test(telephone_numbers_are_brought_to_one_form),
		cmocka_unit_test(what_cannot_be_dialled_is_no_telephone_number),
		cmocka_unit_test(masks_hide_what_identifies_a_person),
		cmocka_unit_test(masks_star_malformed_bytes_and_stay_valid),
		cmocka_unit_test(masks_never_write_past_their_room_nor_cut_a_character),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
