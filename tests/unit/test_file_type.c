/* test_file_type.c — attachments are what their content is, whatever they are called. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "../../server/file_type.h"

#define BYTES(text) (const unsigned char *)(text), sizeof(text) - 1

/* One white dot each, as short as the formats allow. */
#define PNG_HEAD "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0\x3A\x7E\x9B\x55"
#define PNG_DATA "\0\0\0\x0AIDAT\x78\x9C\x63\xF8\x0F\0\1\1\1\0\x1B\xB6\xEE\x56"
#define PNG_TAIL "\0\0\0\0IEND\xAE\x42\x60\x82"
#define JPEG_HEAD "\xFF\xD8\xFF\xE0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"
#define JPEG_FRAME "\xFF\xC0\0\x0B\x08\0\1\0\1\1\1\x11\0"
#define JPEG_SCAN "\xFF\xDA\0\x08\1\1\0\0\x3F\0\x7F\xFF\xD9"
#define WEBP "RIFF\x1A\0\0\0WEBPVP8L\x0D\0\0\0\x2F\0\0\0\x10\x07\x10\x11\x11\x88\x88\xFE\x07\0"
#define PDF "%PDF-1.4\n1 0 obj<<>>endobj\nstartxref\n9\n%%EOF\n"

static void whole_files_are_recognised(void **state)
{
	(void)state;
	assert_int_equal(file_type_find(BYTES(PNG_HEAD PNG_DATA PNG_TAIL)), FILE_PNG);
	assert_int_equal(file_type_find(BYTES(JPEG_HEAD JPEG_FRAME JPEG_SCAN)), FILE_JPEG);
	assert_int_equal(file_type_find(BYTES(JPEG_HEAD "\xFF\xFF\xC2\0\x0B\x08\0\1\0\1\1\1\x11\0" JPEG_SCAN "film")), FILE_JPEG);
	assert_int_equal(file_type_find(BYTES(WEBP)), FILE_WEBP);
	assert_int_equal(file_type_find(BYTES(PDF)), FILE_PDF);
}

static void what_only_begins_like_one_is_not(void **state)
{
	(void)state;
	assert_int_equal(file_type_find(BYTES("")), FILE_NONE);
	assert_int_equal(file_type_find(BYTES(PNG_HEAD)), FILE_NONE);
	assert_int_equal(file_type_find(BYTES(PNG_HEAD PNG_TAIL)), FILE_NONE);
	assert_int_equal(file_type_find(BYTES(PNG_HEAD PNG_DATA)), FILE_NONE);
	assert_int_equal(file_type_find(BYTES(PNG_HEAD "\xFF\xFF\xFF\xFFIDATxxxxxxxxxxxx")), FILE_NONE);
	assert_int_equal(file_type_find(BYTES(JPEG_HEAD JPEG_SCAN)), FILE_NONE);
	assert_int_equal(file_type_find(BYTES(JPEG_HEAD "<script>alert(1)</script>")), FILE_NONE);
	assert_int_equal(file_type_find(BYTES("\xFF\xD8\xFF")), FILE_NONE);
	assert_int_equal(file_type_find(BYTES("RIFF\xFF\xFF\xFF\xFFWEBPVP8L\x0D\0\0\0aaaaaaaaaaaaaaaa")), FILE_NONE);
	assert_int_equal(file_type_find(BYTES("RIFF\x1A\0\0\0WAVEfmt \x0D\0\0\0aaaaaaaaaaaaaaaa")), FILE_NONE);
	assert_int_equal(file_type_find(BYTES("%PDF-1.4 and then nothing at all")), FILE_NONE);
}

static void programs_and_pages_have_no_type(void **state)
{
	(void)state;
	assert_int_equal(file_type_find(BYTES("<!doctype html><script>1</script>")), FILE_NONE);
	assert_int_equal(file_type_find(BYTES("<svg xmlns='http://www.w3.org/2000/svg' onload='1'/>")), FILE_NONE);
	assert_int_equal(file_type_find(BYTES("MZ\x90\0\3\0\0\0\4\0\0\0\xFF\xFF\0\0\xB8\0\0\0")), FILE_NONE);
	assert_int_equal(file_type_find(BYTES("PK\3\4 a document of an office")), FILE_NONE);
	assert_int_equal(file_type_find(BYTES("GIF89a\1\0\1\0\0\0\0;")), FILE_NONE);
}

static void a_file_cut_anywhere_is_no_crash_and_no_whole_file(void **state)
{
	static const char png[] = PNG_HEAD PNG_DATA PNG_TAIL;

	(void)state;
	for (size_t size = 0; size < sizeof png - 1; size++)
		assert_int_equal(file_type_find((const unsigned char *)png, size), FILE_NONE);
}

static void names_lose_their_folders_and_get_their_ending(void **state)
{
	char out[40];

	(void)state;
	assert_true(file_name_fit("现场.jpg", FILE_JPEG, out, sizeof out));
	assert_string_equal(out, "现场.jpg");
	assert_true(file_name_fit("A.JPEG", FILE_JPEG, out, sizeof out));
	assert_string_equal(out, "A.JPEG");
	assert_true(file_name_fit("C:\\secret\\a.html", FILE_PNG, out, sizeof out));
	assert_string_equal(out, "a.html.png");
	assert_true(file_name_fit("../../etc/passwd", FILE_PDF, out, sizeof out));
	assert_string_equal(out, "passwd.pdf");
	assert_true(file_name_fit(".pdf", FILE_PDF, out, sizeof out));
	assert_string_equal(out, "pdf.pdf");
	assert_false(file_name_fit("a/", FILE_PDF, out, sizeof out));
	assert_false(file_name_fit("...", FILE_PDF, out, sizeof out));
	assert_false(file_name_fit("0123456789012345678901234567890123456789", FILE_PDF, out, sizeof out));
}

static void names_travel_in_a_header_as_ascii(void **state)
{
	char out[32];

	(void)state;
	file_name_encode("a b\".jpg", out, sizeof out);
	assert_string_equal(out, "a%20b%22.jpg");
	file_name_encode("照.png", out, sizeof out);
	assert_string_equal(out, "%E7%85%A7.png");
	file_name_encode("照照照照照照照照", out, sizeof out);
	assert_true(strlen(out) < sizeof out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_files_are_recognised),
		cmocka_unit_test(what_only_begins_like_one_is_not),
		cmocka_unit_test(programs_and_pages_have_no_type),
		cmocka_unit_test(a_file_cut_anywhere_is_no_crash_and_no_whole_file),
		cmocka_unit_test(names_lose_their_folders_and_get_their_ending),
		cmocka_unit_test(names_travel_in_a_header_as_ascii),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
