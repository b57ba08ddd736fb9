/* text.h — Chinese text as the machine compares it. Pure; no allocation. */
#ifndef ROUTING_TEXT_H
#define ROUTING_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decode one UTF-8 character at *at (not past end) and step *at over it. Returns the code point,
 * or -1 on a malformed, overlong, surrogate or out-of-range sequence (then *at steps one byte). */
int32_t text_next(const char **at, const char *end);

/* Whether the whole of text is well-formed UTF-8 without NUL and C0 control characters other
 * than tab, CR and LF. *ret_chars (may be NULL) gets the number of characters. */
bool text_is_valid(const char *text, size_t len, size_t *ret_chars);

/* Fold for comparing: full-width ASCII to half-width, upper to lower case, white space and
 * punctuation dropped. Writes code points, at most `room`; returns how many were written. */
size_t text_fold(const char *text, size_t len, uint32_t *out, size_t room);

/* One code point as UTF-8, without a NUL; returns its bytes, 1 to 4. */
size_t text_encode(uint32_t point, char out[4]);

/* Code points back to UTF-8, always NUL-terminated, never cut inside a character; room at least 1. */
void text_unfold(const uint32_t *chars, size_t len, char *out, size_t room);

/* A Chinese mobile or fixed telephone number: digits, spaces and dashes stripped, +86 / 0086
 * removed. Writes at most 15 digits and a NUL to out[16]; false if it is no dialable number
 * (3 to 15 digits: short codes such as 110 are allowed). */
bool text_phone(const char *text, char out[16]);

/* Masks for display, always NUL-terminated (GB/T 35273-2020 practice): "138****5678";
 * "张*", "欧阳*" stays "欧**" (first character kept); "2327**********1234". */
void text_mask_phone(const char *digits, char *out, size_t room);
void text_mask_name(const char *name, char *out, size_t room);
void text_mask_id(const char *id, char *out, size_t room);

#endif
