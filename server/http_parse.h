/* http_parse.h — what a caller wrote into HTTP header fields, read without trust.
 *
 * Pure: no I/O, no allocation, no clock. Every input is a NUL-terminated field value as the
 * HTTP parser left it; whatever is malformed simply does not match. Owns nothing. */
#ifndef SERVER_HTTP_PARSE_H
#define SERVER_HTTP_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Value of the cookie of exactly this name; the first one wins. false: absent or too long. */
bool cookie_find(const char *header, const char *name, char *out, size_t room);
/* Value of name= among decoded "name=value" strings that lie one behind the other, each ended
 * by NUL, size bytes in all. A bare "name" has the value "". false: absent or too long. */
bool argument_find(const char *arguments, size_t size, const char *name, char *out, size_t room);
/* A Content-Length: digits only. false for anything else, and from 10^15 on. */
bool length_read(const char *text, uint64_t *ret_length);
/* Whether an Accept-Encoding field allows this coding, by name or by "*", with q above 0. */
bool encoding_accepted(const char *header, const char *coding);
/* Whether an If-None-Match field names this entity tag (weak comparison) or is "*". */
bool etag_listed(const char *header, const char *etag);
/* Whether a comma-separated field holds this token, letter by letter. */
bool token_listed(const char *header, const char *token);
/* Whether a space-separated setting holds this word. */
bool word_listed(const char *words, const char *word);
/* Whether Origin "scheme://host[:port]" names the Host that the request was sent to. */
bool origin_is_host(const char *origin, const char *host);
/* Whether a decoded URL path may be looked up as a file: absolute, no "." or ".." or hidden
 * name between the slashes, no backslash, no control character. */
bool path_is_plain(const char *path);
/* IPv4 in IPv6 clothes ("::ffff:10.0.0.1") becomes plain IPv4, in place. */
void address_normalise(char *address);

#endif
