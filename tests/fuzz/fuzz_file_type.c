/* Feeds any bytes to the readers of attachments, links and names. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../routing/text.h"
#include "../../server/file_type.h"
#include "../../server/public_view.h"
#include "../../server/sms_text.h"
#include "fuzz.h"

static void must(bool true_always) {
	if (!true_always)
		abort();
}

static void check_names(const char *text) {
	char out[64], encoded[64];
	for (enum file_type type = FILE_JPEG; type <= FILE_PDF; type++)
		if (file_name_fit(text, type, out, sizeof(out)))
			must(*out && !strchr(out, '/') && !strchr(out, '\\') && *out != '.');
	file_name_encode(text, encoded, sizeof(encoded));
	must(strspn(encoded, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%")
	     == strlen(encoded));
}

static void check_words(const char *text, size_t size) {
	static const char *const kinds[] = {"accepted", "told", "need_info", "extended", "paused", "refused"};
	const char *secrets[] = {text + strlen(text) / 2};
	char out[SMS_ROOM];
	for (size_t i = 0; i < 6; i++) {
		struct sms sms = {.kind = kinds[i], .number = "232720260112000017", .code = "000000",
		                  .text = text, .page = i & 1 ? "https://x/" : "", .link = "1.1.0"};
		must(sms_text(&sms, out) && strlen(out) < sizeof(out));
		must(!text_is_valid(text, size, NULL) || text_is_valid(out, strlen(out), NULL));
	}
	char *redacted = public_redact(text, secrets, 1);
	must(strlen(redacted) <= strlen(text));
	must(strlen(secrets[0]) < 6 || strchr(secrets[0], '*') || !strstr(redacted, secrets[0]));
	free(redacted);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	unsigned char *exact = malloc(size ? size : 1);
	if (!text || !exact)
		abort();
	if (size) {
		memcpy(text, data, size);
		memcpy(exact, data, size);
	}
	text[size] = '\0';
	enum file_type type = file_type_find(exact, size);
	must(type == FILE_NONE || file_type_mime(type));
	check_names(text);
	check_words(text, strlen(text));
	free(exact);
	free(text);
	return 0;
}
