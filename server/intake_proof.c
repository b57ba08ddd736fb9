/* intake_proof.c — who sends a signed request: its header, its time, its idempotency key, and then the key itself. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "intake_parts.h"
#include "loop.h"
#include "rest.h"
#include "seal.h"

enum { WINDOW_MS = 300000, RING_ROOM = SIGN_KEY_ROOM + SIGN_SECRET_ROOM + 2, PATH_MOST = 200 };

static const char NO_SIGNATURE[] = "需要请求头 Authorization: HMAC-SHA256 key=…, time=…, nonce=…, sign=…，见 docs/CHANNELS.md";

struct proof {
	struct room *room;
	struct http_request *request;
	struct signature signature;
	const char *body; size_t len;
	enum signature_verdict verdict;
	char uuid[37], digest[65];
	proven_fn *proven;
	void *context;
};

const char *proof_request(const struct proof *proof)
{
	return proof->uuid;
}

const char *proof_digest(const struct proof *proof)
{
	return proof->digest;
}

static void proof_drop(struct proof *proof)
{
	free(proof->context);
	free(proof);
}

static bool signature_fits(void *context, const char *secret)
{
	struct proof *proof = context;
	char ring[RING_ROOM];

	snprintf(ring, sizeof ring, "%s:%s", proof->signature.key, secret);
	proof->verdict = signature_check(ring, &proof->signature, (struct signing){
		.method = http_method(proof->request), .path = http_path(proof->request), .body = proof->body,
		.len = proof->len }, wall_ms(), WINDOW_MS);
	explicit_bzero(ring, sizeof ring);
	return proof->verdict == SIGNATURE_OK;
}

static void on_admitted(void *context, const struct partner *partner, enum refusal why, const char *sentence)
{
	struct proof *proof = context;

	if (partner != NULL) {
		proof->proven(proof->context, proof->request, partner, proof);
		free(proof);
		return;
	}
	rest_refuse(proof->request, why, proof->verdict == SIGNATURE_STALE
		? "签名的时间与服务器相差超过五分钟，请校准时钟" : sentence, NULL);
	proof_drop(proof);
}

/* The same key means another deed at another address. */
static bool idempotency_take(struct proof *proof)
{
	char given[IDEMPOTENCY_MOST + 1], bound[IDEMPOTENCY_MOST + PATH_MOST + 2], digest[65];

	if (!http_header(proof->request, "idempotency-key", given, sizeof given) || *given == '\0'
	    || strlen(http_path(proof->request)) > PATH_MOST) {
		rest_refuse(proof->request, REFUSE_bad_params, NULL, json_pack("{s:s}", "Idempotency-Key",
			"需要 1 到 100 个字符的请求头，同一操作重发时保持不变"));
		return false;
	}
	snprintf(bound, sizeof bound, "%s %s", http_path(proof->request), given);
	token_digest(bound, digest);
	channel_request(proof->signature.key, digest, proof->uuid);
	return true;
}

/* token_digest() ends at a NUL, which a body may hold: the whole is hashed. */
static void body_digest(const char *body, size_t len, char out[65])
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(hash, (const unsigned char *)body, len);
	sodium_bin2hex(out, 65, hash, sizeof hash);
}

void proof_check(struct room *room, struct http_request *request, const char *scope, const char *signed_body, size_t len,
                 bool writes, proven_fn *proven, void *context)
{
	struct proof *proof = calloc(1, sizeof *proof);
	char header[SIGN_HEADER_ROOM + 8];

	if (proof == NULL)
		abort();
	*proof = (struct proof){ .room = room, .request = request, .body = signed_body, .len = len, .proven = proven,
		.context = context };
	if (!http_header(request, "authorization", header, sizeof header) || !signature_read(header, &proof->signature)
	    || strlen(proof->signature.key) >= KEY_ROOM) {
		rest_refuse(request, REFUSE_bad_signature, NO_SIGNATURE, NULL);
		proof_drop(proof);
		return;
	}
	if (writes && !idempotency_take(proof)) {
		proof_drop(proof);
		return;
	}
	body_digest(signed_body, len, proof->digest);
	channel_admit(room, &(struct channel_ask){ .key = proof->signature.key, .scope = scope,
		.nonce = proof->signature.nonce, .proof = signature_fits, .admitted = on_admitted, .context = proof });
}
