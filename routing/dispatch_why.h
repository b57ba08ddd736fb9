/* dispatch_why.h — Chinese sentences that never end inside a character. For the files dispatch*.c only. */
#ifndef ROUTING_DISPATCH_WHY_H
#define ROUTING_DISPATCH_WHY_H

#include "dispatch.h"

/* Adds to a sentence; what does not fit is left out from a whole character on. */
void why_add(char why[DISPATCH_WHY], const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A sentence of its own at the end of the reasons; NULL when there are too many. */
char *why_new(struct dispatch_answer *answer);
/* The same characters as UTF-8, in quotation marks. */
void why_add_word(char why[DISPATCH_WHY], const uint32_t *chars, size_t len);

#endif
