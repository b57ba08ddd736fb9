/* sms_text.c — what a citizen reads on the telephone. */
#include "sms_text.h"

#include <stdio.h>
#include <string.h>

/* Four to six parts of a long message; the whole stands on the page. */
enum { TEXT_CHARS_MOST = 120, TEXT_ROOM = 4 * TEXT_CHARS_MOST + 8, TAIL_ROOM = 500 };

/* Sentences are ended here, not by who wrote the text. */
static void end_open(char *text)
{
	static const char stop[] = "。";
	size_t len = strlen(text);

	while (len >= sizeof stop - 1 && strcmp(text + len - (sizeof stop - 1), stop) == 0)
		text[len -= sizeof stop - 1] = '\0';
}

/* One line, cut between characters with an ellipsis. */
static void shorten(const char *text, char out[TEXT_ROOM])
{
	size_t used = 0, chars = 0;

	for (; *text != '\0'; text++) {
		bool begins = ((unsigned char)*text & 0xC0) != 0x80;

		if (begins && ++chars > TEXT_CHARS_MOST) {
			memcpy(out + used, "…", sizeof "…" - 1);
			used += sizeof "…" - 1;
			break;
		}
		if (used + 8 > TEXT_ROOM)
			break;
		out[used++] = strchr("\r\n\t", *text) != NULL ? ' ' : *text;
	}
	out[used] = '\0';
	end_open(out);
}

/* Where to go on, on the page or by telephone. */
static void tail_write(const struct sms *sms, const char *what, char out[TAIL_ROOM])
{
	if (*sms->page != '\0')
		snprintf(out, TAIL_ROOM, "%s：%.300s", what, sms->page);
	else
		snprintf(out, TAIL_ROOM, "%s请拨打12345", what);
}

static void told_write(const struct sms *sms, const char *text, char out[SMS_ROOM])
{
	int len = snprintf(out, SMS_ROOM, "【12345热线】您的诉求（%s）已有办理结果", sms->number);

	if (!sms->secret && *text != '\0')
		len += snprintf(out + len, SMS_ROOM - (size_t)len, "：%s", text);
	if (*sms->page != '\0')
		snprintf(out + len, SMS_ROOM - (size_t)len, "。查看并评价：%.300s#/rate/%s", sms->page, sms->link);
	else
		snprintf(out + len, SMS_ROOM - (size_t)len, "。请拨打12345作出评价");
}

bool sms_text(const struct sms *sms, char out[SMS_ROOM])
{
	/* What stands between the number and the text, and what to do next. */
	static const struct { const char *kind, *says, *next; } kinds[] = {
		{ "need_info", "需要您补充", "补充" },
		{ "extended", "办理期限已延至", "查询" },
		{ "paused", "已暂停办理至", "查询" },
		{ "refused", "不予受理，原因和建议途径", "查询" },
	};
	char text[TEXT_ROOM], tail[TAIL_ROOM];

	shorten(sms->text, text);
	if (strcmp(sms->kind, "accepted") == 0) {
		tail_write(sms, "查询进度", tail);
		snprintf(out, SMS_ROOM, "【12345热线】您的诉求已受理，工单编号%s，查询码%s。%s", sms->number, sms->code, tail);
		return true;
	}
	if (strcmp(sms->kind, "told") == 0) {
		told_write(sms, text, out);
		return true;
	}
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(sms->kind, kinds[i].kind) == 0) {
			bool open = !sms->secret && *text != '\0';

			tail_write(sms, kinds[i].next, tail);
			snprintf(out, SMS_ROOM, "【12345热线】您的诉求（%s）%s%s%s。%s", sms->number, kinds[i].says,
			         open ? "：" : "，请凭查询码查看", open ? text : "", tail);
			return true;
		}
	return false;
}
