/* w3date.h — instants as the W3C note on date and time writes them (a subset of ISO 8601). Pure. */
#ifndef SERVER_W3DATE_H
#define SERVER_W3DATE_H

#include <stdbool.h>
#include <stdint.h>

/* "2010-01-01T00:00:00Z", "2010-01-01T08:00+08:00", "2010-01-01T00:00:00.5Z"; a day alone is its Beijing
 * midnight. A time without zone is none. Milliseconds since 1970-01-01 UTC, years 1970 to 9999 in
 * Beijing. */
bool w3date_parse(const char *text, int64_t *ret_ms);

enum { W3DATE_ROOM = 40 };
/* One of those instants in Beijing time, to the second: "2010-01-01T08:00:00+08:00". */
void w3date_print(int64_t ms, char out[W3DATE_ROOM]);

#endif
