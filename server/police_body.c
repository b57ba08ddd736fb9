/* police_body.c — tickets as the police platform reads them, incidents as tickets. Pure. */
#include "police.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "../routing/due.h"
#include "../routing/terms.h"
#include "../routing/text.h"

enum { TITLE_CHARS = 30, BODY_CHARS = 4000, TEXT_ROOM = 20000, REGION_LEN = 6 };

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

/* The first `most` characters; never cut inside one. */
static void copy_chars(char *out, size_t room, const char *text, size_t most, const char *stops)
{
	const char *at = text, *end = text + strlen(text), *whole = text;

	for (size_t n = 0; n < most && at < end; n++) {
		const char *from = at;

		text_next(&at, end);
		if ((size_t)(at - text) >= room)
			break;
		if (n > 0 && stops && (size_t)(at - from) == 3 && strstr(stops, (const char[]){ from[0], from[1], from[2], '\0' }))
			break;
		whole = at;
	}
	memcpy(out, text, (size_t)(whole - text));
	out[whole - text] = '\0';
}

/* ---- from us ---------------------------------------------------------------------------------- */

static json_t *moment(json_int_t ms)
{
	time_t seconds = (time_t)(ms / 1000) + 8 * 3600;
	struct tm tm;
	char text[32];

	gmtime_r(&seconds, &tm);
	strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &tm);
	return json_string(text);
}

/* Fields of a 警单, for a transfer. Empty ones are left out. */
static void push_add(json_t *body, const json_t *facts, const char *phone, const char *name)
{
	static const char *const levels[] = { "3", "2", "1" };
	json_int_t urgency = json_integer_value(json_object_get(facts, "urgency"));
	static const char *const kept[] = { "title", "BJNR", "AFDD", "ZDF_GXDWDM", "peer", "reason", "situation", "call" };

	for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
		if (*text_of(facts, kept[i]))
			json_object_set(body, kept[i], json_object_get(facts, kept[i]));
	if (json_object_get(facts, "words"))
		json_object_set(body, "words", json_object_get(facts, "words"));
	json_object_set(body, "way", json_object_get(facts, "way"));
	json_object_set_new(body, "EM_JQJB", json_string(levels[urgency >= 0 && urgency <= 2 ? urgency : 0]));
	json_object_set_new(body, "BJSJ", moment(json_integer_value(json_object_get(facts, "accepted"))));
	if (phone) {
		json_object_set_new(body, "BJDH", json_string(phone));
		json_object_set_new(body, "LXDH", json_string(phone));
	}
	if (name)
		json_object_set_new(body, "BJRXM", json_string(name));
}

json_t *police_body(const json_t *row, const char *phone, const char *name)
{
	json_t *body = json_pack("{s:s, s:s, s:s, s:s, s:O, s:O}", "msg_id", text_of(row, "msg_id"), "src", "12345", "dst", "110",
		"kind", text_of(row, "kind"), "version", json_object_get(row, "version"), "time", json_object_get(row, "sent"));
	const json_t *facts = json_object_get(row, "facts");

	if (!body)
		return NULL;
	if (*text_of(row, "number"))
		json_object_set_new(body, "ticket_no", json_string(text_of(row, "number")));
	if (*text_of(row, "police_no"))
		json_object_set_new(body, "police_no", json_string(text_of(row, "police_no")));
	if (facts)
		push_add(body, facts, phone, name);
	json_object_update_missing(body, json_object_get(row, "data"));
	return body;
}

/* ---- to us ------------------------------------------------------------------------------------ */

bool police_time_ok(const char *text)
{
	char day[11];
	int32_t number;
	int at[3], used = 0;

	if (strlen(text) != 19 || text[10] != ' ')
		return false;
	memcpy(day, text, 10);
	day[10] = '\0';
	for (size_t i = 11; i < 19; i++)
		if ((i == 13 || i == 16) != (text[i] == ':') || (text[i] != ':' && (text[i] < '0' || text[i] > '9')))
			return false;
	return day_parse(day, &number) && sscanf(text + 11, "%2d:%2d:%2d%n", &at[0], &at[1], &at[2], &used) == 3 && used == 8 &&
	       at[0] < 24 && at[1] < 60 && at[2] < 60;
}

static void degree_check(const json_t *message, const char *name, double least, double most, json_t *faults)
{
	const char *text = text_of(message, name);
	char *end;
	double value = strtod(text, &end);

	if (*text && (*end != '\0' || end == text || !(value >= least && value <= most)))
		json_object_set_new(faults, name, json_string("应为本地区范围内以度为单位的经纬度"));
}

static void body_set(const json_t *message, json_t *params)
{
	char *text = malloc(TEXT_ROOM), *cut = malloc(TEXT_ROOM), title[TITLE_CHARS * 4 + 1];

	if (!text || !cut)
		abort();
	copy_chars(title, sizeof title, text_of(message, "BJNR"), TITLE_CHARS, "。！？；，");
	snprintf(text, TEXT_ROOM, "%s%s%s", text_of(message, "BJNR"), *text_of(message, "ZLCZXX") ? "\n110处置信息：" : "",
	         text_of(message, "ZLCZXX"));
	copy_chars(cut, TEXT_ROOM, text, BODY_CHARS, NULL);
	json_object_set_new(params, "title", json_string(title));
	json_object_set_new(params, "body", json_string(cut));
	free(text);
	free(cut);
}

/* The first six digits of a police unit's code are those of its county (GA/T 380); without one: the prefecture. */
static void region_set(const json_t *message, json_t *params)
{
	char region[REGION_LEN + 1] = "232700";
	const char *unit = text_of(message, "ZDF_GXDWDM");

	if (strlen(unit) >= REGION_LEN)
		memcpy(region, unit, REGION_LEN);
	else if (*unit)
		snprintf(region, sizeof region, "%s", unit);
	json_object_set_new(params, "region", json_string(region));
}

static void move_text(const json_t *message, const char *from, json_t *params, const char *to)
{
	if (*text_of(message, from) && json_object_get(params, to) == NULL)
		json_object_set(params, to, json_object_get(message, from));
}

json_t *police_incident(const json_t *message, json_t *faults)
{
	static const char *const facts[] = { "ZDF_BJLBDM", "EM_JQJB", "ZDF_GXDWDM", "ZDF_ZLXDBMDM", "ZDF_ZLSJDWDM", "BJSJ", "BJDZJD",
		"BJDZWD" };
	json_t *params = json_object(), *kept = json_object();
	const char *level = text_of(message, "EM_JQJB");

	degree_check(message, "BJDZJD", 73, 136, faults);
	degree_check(message, "BJDZWD", 3, 54, faults);
	if (*text_of(message, "BJSJ") && !police_time_ok(text_of(message, "BJSJ")))
		json_object_set_new(faults, "BJSJ", json_string("应为时间，如 2026-11-25 20:44:18"));
	body_set(message, params);
	region_set(message, params);
	move_text(message, "AFDD", params, "place");
	move_text(message, "LXDH", params, "phone");
	move_text(message, "BJDH", params, "phone");
	move_text(message, "BJRXM", params, "name");
	move_text(message, "JQ_TYWYSBM", params, "police_no");
	for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
		move_text(message, facts[i], kept, facts[i]);
	json_object_set_new(params, "facts", kept);
	json_object_set_new(params, "kind", json_integer(KIND_help));
	json_object_set_new(params, "channel", json_integer(CHANNEL_police));
	json_object_set_new(params, "urgency", json_integer(*level == '1' ? URGENCY_critical : *level == '2' ? URGENCY_urgent
	                                                                                                : URGENCY_normal));
	return params;
}
