/* intake_parts.h — what the parts of the intake share. intake_proof.c checks who asks, intake.c knows the addresses
 * and what is asked there. */
#ifndef SERVER_INTAKE_PARTS_H
#define SERVER_INTAKE_PARTS_H

#include <jansson.h>
#include "channel.h"
#include "front.h"
#include "signature.h"

/* One signed request, from its header to the answer. */
struct proof;
/* Called when the signature is right and the key may do this now; the request is then the callee's to answer. */
typedef void proven_fn(void *context, struct http_request *request, const struct partner *partner, const struct proof *proof);
/* Refuses by itself where there is no right signature, and then frees the context, which is malloc'ed. signed_body:
 * what stands for the body in the signature, copied by nobody (it must live as long as the request or the context);
 * writes: whether an Idempotency-Key is needed. */
void proof_check(struct room *room, struct http_request *request, const char *scope, const char *signed_body, size_t len,
                 bool writes, proven_fn *proven, void *context);
/* The request id of this key, path and Idempotency-Key; "" where none is needed. SHA-256 of what was signed as body. */
const char *proof_request(const struct proof *proof);
const char *proof_digest(const struct proof *proof);

#endif
