/* channel.h — the systems that bring tickets in (docs/CHANNELS.md): whether a request is from the one
 * whose key it names, and whether that one may ask for this now. */
#ifndef SERVER_CHANNEL_H
#define SERVER_CHANNEL_H

#include <stdbool.h>
#include "command.h"

enum { KEY_ROOM = 25, IDEMPOTENCY_MOST = 100 };

struct partner { char key[KEY_ROOM]; int number; };    /* number: routing/terms.def CHANNEL */

/* Whether the request was made by who knows this secret; called at most once. */
typedef bool channel_proof_fn(void *context, const char *secret);
/* partner NULL: refused, `why` says for what and sentence, where not NULL, how. Called once, later. */
typedef void channel_admitted_fn(void *context, const struct partner *partner, enum refusal why,
                                 const char *sentence);

struct channel_ask {
	const char *key, *scope;     /* copied */
	const char *nonce;           /* of a signature; NULL: the secret itself was sent */
	channel_proof_fn *proof;
	channel_admitted_fn *admitted;
	void *context;
};
void channel_admit(struct room *room, const struct channel_ask *ask);

/* The request id that belongs to an idempotency key of this system; NULL: a new one. */
void channel_request(const char *key, const char *idempotency, char out[37]);

/* Administration: a new secret for a new key or an old one, and its way to the screen, once. */
judge_fn judge_channel;
finish_fn finish_secret;

#endif
