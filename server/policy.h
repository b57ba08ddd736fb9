/* policy.h — the house's dispatch rules as a document (JSON), checked and made ready for routing/dispatch.h.
 * The fields stand in docs/DISPATCH.md; what they name (units, matters) is checked by SQL. */
#ifndef SERVER_POLICY_H
#define SERVER_POLICY_H

#include <jansson.h>
#include "../routing/dispatch.h"

enum { POLICY_FAULT = 240 };

/* The same document with every field in place and nothing else in it; the caller owns it. NULL: fault says in
 * a sentence what is wrong, and in which row. */
json_t *policy_normal(const json_t *content, char fault[POLICY_FAULT]);

/* A policy from a document that policy_normal() made; NULL when memory is out or it is no such document. */
struct dispatch_policy *policy_read(const json_t *content, int version);

#endif
