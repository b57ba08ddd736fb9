/* log.h — one line an occurrence on stderr, logfmt, machine-readable:
 *   ts=2026-11-22T21:00:00.123+08:00 level=info at=ticket req=… link=7 msg="…"
 * Values are quoted and escaped here; secrets and contact data are never passed in. From 100 lines a
 * second of one message on, further ones are left out; left_out=N on its next line tells how many. */
#ifndef SERVER_LOG_H
#define SERVER_LOG_H

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };
void log_level_set(enum log_level least);

/* `at`: the room that speaks ("store", "front"). Pairs are name, value strings ended by NULL:
 *   log_line(LOG_WARN, "store", "connection lost", "lane", "write", "error", text, NULL); */
void log_line(enum log_level level, const char *at, const char *message, ...)
	__attribute__((sentinel));
/* The same with a printf-like message and no pairs. */
void log_text(enum log_level level, const char *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
