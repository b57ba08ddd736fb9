/* w3date.c — instants as the W3C note on date and time writes them. */
#include "w3date.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include "../routing/due.h"

#define BEIJING_MS INT64_C(28800000)
/* The last millisecond of 9999 in Beijing. */
#define LAST_MS INT64_C(253402271999999)
enum { DAY_TEXT = 10, MINUTE_MS = 60000, BEIJING_MINUTES = 480 };

/* Exactly two digits up to `most`; steps over them. */
static bool pair_read(const char **at, int most, int *ret)
{
	const char *text = *at;

	if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
		return false;
	*ret = (text[0] - '0') * 10 + (text[1] - '0');
	*at += 2;
	return *ret <= most;
}

static bool letter_read(const char **at, char letter)
{
	if (**at != letter)
		return false;
	++*at;
	return true;
}

/* ":ss" and ".s…" are optional; milliseconds are kept. */
static bool second_read(const char **at, int64_t *ret_ms)
{
	int second, digits = 0, scale = 100;

	if (!letter_read(at, ':'))
		return true;
	if (!pair_read(at, 59, &second))
		return false;
	*ret_ms += second * INT64_C(1000);
	if (!letter_read(at, '.'))
		return true;
	for (; **at >= '0' && **at <= '9' && digits < 9; ++*at, digits++, scale /= 10)
		*ret_ms += (**at - '0') * scale;
	return digits > 0;
}

/* Z, +hh:mm or -hh:mm, to the end. */
static bool zone_read(const char *at, int *ret_minutes)
{
	int sign = *at == '-' ? -1 : 1, hour, minute;

	*ret_minutes = 0;
	if (*at == 'Z')
		return at[1] == '\0';
	if (*at != '+' && *at != '-')
		return false;
	at++;
	if (!pair_read(&at, 14, &hour) || !letter_read(&at, ':') || !pair_read(&at, 59, &minute))
		return false;
	*ret_minutes = sign * (hour * 60 + minute);
	return *at == '\0';
}

bool w3date_parse(const char *text, int64_t *ret_ms)
{
	char day_text[DAY_TEXT + 1];
	const char *at = text + DAY_TEXT;
	int32_t day;
	int hour, minute, zone = BEIJING_MINUTES;
	int64_t ms;

	if (strnlen(text, DAY_TEXT) < DAY_TEXT)
		return false;
	memcpy(day_text, text, DAY_TEXT);
	day_text[DAY_TEXT] = '\0';
	if (!day_parse(day_text, &day) || day < 0)
		return false;
	ms = day * INT64_C(86400000);
	if (*at != '\0') {
		if (!letter_read(&at, 'T') || !pair_read(&at, 23, &hour) || !letter_read(&at, ':')
		    || !pair_read(&at, 59, &minute))
			return false;
		ms += (hour * 60 + minute) * (int64_t)MINUTE_MS;
		if (!second_read(&at, &ms) || !zone_read(at, &zone))
			return false;
	}
	*ret_ms = ms - zone * (int64_t)MINUTE_MS;
	return *ret_ms >= -BEIJING_MS && *ret_ms <= LAST_MS;
}

void w3date_print(int64_t ms, char out[W3DATE_ROOM])
{
	time_t seconds = (time_t)((ms + BEIJING_MS) / 1000);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(out, W3DATE_ROOM, "%Y-%m-%dT%H:%M:%S+08:00", &tm);
}
