/* signature.h — signed requests between platforms: HMAC-SHA256 over method, path, time, nonce and body.
 *
 *   Authorization: HMAC-SHA256 key=<id>, time=<epoch ms>, nonce=<uuid>, sign=<64 hex digits>
 *   sign = HMAC-SHA256(secret, method LF path LF time LF nonce LF body), the path without its query
 *
 * A key ring is the text of a setting: "id:secret id:secret …"; the first signs, all are known. Whether a nonce
 * comes a second time only the database can say. */
#ifndef SERVER_SIGNATURE_H
#define SERVER_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SIGN_KEY_ROOM = 33, SIGN_SECRET_ROOM = 129, SIGN_NONCE_ROOM = 37, SIGN_ROOM = 65, SIGN_HEADER_ROOM = 320 };
/* A secret shorter than this is none. */
enum { SIGN_SECRET_LEAST = 16 };

/* What is signed; nothing in it is owned. */
struct signing { const char *method, *path; int64_t time; const char *nonce; const char *body; size_t len; };

struct signature { char key[SIGN_KEY_ROOM]; int64_t time; char nonce[SIGN_NONCE_ROOM], sign[SIGN_ROOM]; };

enum signature_verdict { SIGNATURE_OK, SIGNATURE_MALFORMED, SIGNATURE_UNKNOWN_KEY, SIGNATURE_STALE, SIGNATURE_WRONG };

/* Every id 1–32 letters, digits, - or _; every secret 16–128 characters without white space; no id twice. */
bool signature_ring_ok(const char *ring);

/* The header's value with the ring's first key; false when the ring is empty or not well-formed. */
bool signature_header(const char *ring, const struct signing *signing, char out[SIGN_HEADER_ROOM]);

/* Reads a header's value; false when it is not of that form. Hex digits and the nonce may be large or small and
 * come out small. */
bool signature_read(const char *header, struct signature *ret);

/* Whether this signature fits what came: known key, no more than window_ms from now, right in every bit, compared
 * in a time that tells nothing. signing's time and nonce are taken from the signature. */
enum signature_verdict signature_check(const char *ring, const struct signature *signature, struct signing signing,
                                       int64_t now_ms, int64_t window_ms);

#endif
