/* log.c — one occurrence, one line on stderr, written in one write. */
#define _DEFAULT_SOURCE
#include "log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LINE_BYTES = 4096, CHINA_OFFSET_SECONDS = 8 * 3600, KINDS = 256, LINES_A_SECOND = 100 };

struct line {
	char text[LINE_BYTES];
	size_t length;
};

static enum log_level least_level = LOG_INFO;

void log_level_set(enum log_level least)
{
	least_level = least;
}

static const char *level_name(enum log_level level)
{
	static const char *const names[] = { "debug", "info", "warn", "error" };

	return names[level];
}

/* What outsiders can provoke must not fill the disk, nor bury what else is said: each message has so
 * many lines a second, and its first line of a later second tells how many were left out. A message is
 * known by its address; more of them than fit here are not counted. */
struct kind {
	const char *at, *message;
	time_t second;
	unsigned lines, left_out;
};
static struct kind kinds[KINDS];

static struct kind *kind_find(const char *at, const char *message)
{
	for (struct kind *kind = kinds; kind < kinds + KINDS; kind++) {
		if (kind->message == NULL)
			*kind = (struct kind){ .at = at, .message = message };
		if (kind->message == message && kind->at == at)
			return kind;
	}
	return NULL;
}

static bool line_fits(enum log_level level, const char *at, const char *message, unsigned *ret_left_out)
{
	struct kind *kind = level == LOG_DEBUG ? NULL : kind_find(at, message);
	time_t now = time(NULL);

	*ret_left_out = 0;
	if (kind == NULL)
		return true;
	if (kind->second == now && kind->lines >= LINES_A_SECOND) {
		kind->left_out++;
		return false;
	}
	if (kind->second != now) {
		*ret_left_out = kind->left_out;
		*kind = (struct kind){ .at = at, .message = message, .second = now };
	}
	kind->lines++;
	return true;
}

/* The last byte stays free for the newline. What does not fit is cut between characters. */
static void line_add(struct line *line, const char *text, size_t length)
{
	size_t room = sizeof line->text - 1 - line->length;

	if (length > room) {
		length = room;
		while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80)
			length--;
	}
	memcpy(line->text + line->length, text, length);
	line->length += length;
}

static void line_put(struct line *line, const char *text)
{
	line_add(line, text, strlen(text));
}

static void line_put_quoted(struct line *line, const char *value)
{
	line_put(line, "\"");
	for (const char *at = value; *at != '\0';) {
		size_t plain = 0;
		char escaped[8];

		while ((unsigned char)at[plain] >= 0x20 && at[plain] != '"' && at[plain] != '\\'
		       && at[plain] != 0x7F)
			plain++;
		line_add(line, at, plain);
		at += plain;
		if (*at == '\0')
			break;
		if (*at == '\n')
			strcpy(escaped, "\\n");
		else if (*at == '"' || *at == '\\')
			snprintf(escaped, sizeof escaped, "\\%c", *at);
		else
			snprintf(escaped, sizeof escaped, "\\u%04x", (unsigned)*at & 0xFF);
		line_put(line, escaped);
		at++;
	}
	line_put(line, "\"");
}

static bool value_is_plain(const char *value)
{
	if (*value == '\0')
		return false;
	for (; *value != '\0'; value++)
		if ((unsigned char)*value <= 0x20 || strchr("\"=\\\x7F", *value) != NULL)
			return false;
	return true;
}

static void line_pair(struct line *line, const char *name, const char *value)
{
	line_put(line, " ");
	line_put(line, name);
	line_put(line, "=");
	if (value == NULL)
		value = "";
	if (value_is_plain(value))
		line_put(line, value);
	else
		line_put_quoted(line, value);
}

/* China has one time zone without summer time, whatever TZ the machine is set to. */
static void line_start(struct line *line, enum log_level level, const char *at)
{
	struct timespec now;
	struct tm tm;
	time_t local;
	char text[64];

	clock_gettime(CLOCK_REALTIME, &now);
	local = now.tv_sec + CHINA_OFFSET_SECONDS;
	gmtime_r(&local, &tm);
	strftime(text, sizeof text, "ts=%Y-%m-%dT%H:%M:%S", &tm);
	line->length = 0;
	line_put(line, text);
	snprintf(text, sizeof text, ".%03ld+08:00", now.tv_nsec / 1000000);
	line_put(line, text);
	line_pair(line, "level", level_name(level));
	line_pair(line, "at", at);
}

static void line_left_out(struct line *line, unsigned count)
{
	char text[16];

	if (count == 0)
		return;
	snprintf(text, sizeof text, "%u", count);
	line_pair(line, "left_out", text);
}

/* A log that cannot be written has nowhere to complain to. */
static void line_write(struct line *line)
{
	line->text[line->length++] = '\n';
	for (size_t done = 0; done < line->length;) {
		ssize_t wrote = write(STDERR_FILENO, line->text + done, line->length - done);

		if (wrote <= 0)
			return;
		done += (size_t)wrote;
	}
}

void log_line(enum log_level level, const char *at, const char *message, ...)
{
	struct line line;
	const char *name;
	va_list pairs;
	unsigned left_out;

	if (level < least_level || !line_fits(level, at, message, &left_out))
		return;
	line_start(&line, level, at);
	va_start(pairs, message);
	while ((name = va_arg(pairs, const char *)) != NULL)
		line_pair(&line, name, va_arg(pairs, const char *));
	va_end(pairs);
	line_left_out(&line, left_out);
	line_pair(&line, "msg", message);
	line_write(&line);
}

void log_text(enum log_level level, const char *at, const char *format, ...)
{
	struct line line;
	char message[LINE_BYTES / 2];
	va_list arguments;
	unsigned left_out;

	if (level < least_level || !line_fits(level, at, format, &left_out))
		return;
	va_start(arguments, format);
	vsnprintf(message, sizeof message, format, arguments);
	va_end(arguments);
	line_start(&line, level, at);
	line_left_out(&line, left_out);
	line_pair(&line, "msg", message);
	line_write(&line);
}
