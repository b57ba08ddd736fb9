/* signature.c — makes, reads and checks the signatures of requests between platforms. */
#include "signature.h"

#include <inttypes.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

static const char SCHEME[] = "HMAC-SHA256 ";
static const char NAME_CHARS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

struct ring_key { char id[SIGN_KEY_ROOM], secret[SIGN_SECRET_ROOM]; };

/* Reads one key and steps over it: 1 = read, 0 = end, -1 = malformed. */
static int ring_next(const char **at, struct ring_key *ret)
{
	const char *text = *at + strspn(*at, " ");
	size_t id = strspn(text, NAME_CHARS), secret;

	if (*text == '\0')
		return 0;
	if (id == 0 || id >= SIGN_KEY_ROOM || text[id] != ':')
		return -1;
	memcpy(ret->id, text, id);
	ret->id[id] = '\0';
	text += id + 1;
	secret = strcspn(text, " \t\r\n");
	if (secret < SIGN_SECRET_LEAST || secret >= SIGN_SECRET_ROOM || (text[secret] != '\0' && text[secret] != ' '))
		return -1;
	memcpy(ret->secret, text, secret);
	ret->secret[secret] = '\0';
	*at = text + secret;
	return 1;
}

static bool ring_find(const char *ring, const char *id, struct ring_key *ret)
{
	while (ring_next(&ring, ret) > 0)
		if (strcmp(ret->id, id) == 0)
			return true;
	return false;
}

bool signature_ring_ok(const char *ring)
{
	struct ring_key key, other;
	int read;

	while ((read = ring_next(&ring, &key)) > 0)
		if (ring_find(ring, key.id, &other))
			return false;
	return read == 0;
}

static bool add(EVP_MAC_CTX *mac, const char *text)
{
	return EVP_MAC_update(mac, (const unsigned char *)text, strlen(text)) == 1 &&
	       EVP_MAC_update(mac, (const unsigned char *)"\n", 1) == 1;
}

static bool sign(const char *secret, const struct signing *signing, char out[SIGN_ROOM])
{
	EVP_MAC *algorithm = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *mac = algorithm ? EVP_MAC_CTX_new(algorithm) : NULL;
	OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string("digest", (char *)"SHA256", 0), OSSL_PARAM_construct_end() };
	unsigned char bytes[32];
	char time[24];
	size_t len = 0;
	bool good;

	snprintf(time, sizeof time, "%" PRId64, signing->time);
	good = mac && EVP_MAC_init(mac, (const unsigned char *)secret, strlen(secret), params) == 1 &&
	       add(mac, signing->method) && add(mac, signing->path) && add(mac, time) && add(mac, signing->nonce) &&
	       EVP_MAC_update(mac, (const unsigned char *)signing->body, signing->len) == 1 &&
	       EVP_MAC_final(mac, bytes, &len, sizeof bytes) == 1 && len == sizeof bytes;
	for (size_t i = 0; good && i < sizeof bytes; i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
	EVP_MAC_CTX_free(mac);
	EVP_MAC_free(algorithm);
	return good;
}

bool signature_header(const char *ring, const struct signing *signing, char out[SIGN_HEADER_ROOM])
{
	struct ring_key key;
	char made[SIGN_ROOM];
	bool good = ring_next(&ring, &key) > 0 && sign(key.secret, signing, made);

	if (good)
		snprintf(out, SIGN_HEADER_ROOM, "%skey=%s, time=%" PRId64 ", nonce=%s, sign=%s", SCHEME, key.id, signing->time,
		         signing->nonce, made);
	OPENSSL_cleanse(&key, sizeof key);
	return good;
}

/* "name=value" of these characters, then ", " or the end; steps over it. */
static bool member_read(const char **at, const char *name, const char *chars, char *out, size_t room)
{
	size_t len = strlen(name);

	if (strncmp(*at, name, len) != 0 || (*at)[len] != '=')
		return false;
	*at += len + 1;
	len = strspn(*at, chars);
	if (len == 0 || len >= room)
		return false;
	memcpy(out, *at, len);
	out[len] = '\0';
	*at += len;
	if (strncmp(*at, ", ", 2) == 0)
		*at += 2;
	else if (**at == ',')
		*at += 1;
	else
		return **at == '\0';
	return true;
}

static void lower(char *text)
{
	for (; *text; text++)
		if (*text >= 'A' && *text <= 'F')
			*text = (char)(*text - 'A' + 'a');
}

static bool nonce_ok(const char *nonce)
{
	if (strlen(nonce) != SIGN_NONCE_ROOM - 1)
		return false;
	for (size_t i = 0; nonce[i]; i++)
		if ((i == 8 || i == 13 || i == 18 || i == 23) != (nonce[i] == '-'))
			return false;
	return true;
}

bool signature_read(const char *header, struct signature *ret)
{
	static const char hex[] = "0123456789abcdefABCDEF";
	char time[16], nonce_chars[sizeof hex + 1];

	memset(ret, 0, sizeof *ret);
	snprintf(nonce_chars, sizeof nonce_chars, "%s-", hex);
	if (strncmp(header, SCHEME, sizeof SCHEME - 1) != 0)
		return false;
	header += sizeof SCHEME - 1;
	if (!member_read(&header, "key", NAME_CHARS, ret->key, sizeof ret->key) ||
	    !member_read(&header, "time", "0123456789", time, sizeof time) ||
	    !member_read(&header, "nonce", nonce_chars, ret->nonce, sizeof ret->nonce) ||
	    !member_read(&header, "sign", hex, ret->sign, sizeof ret->sign) || *header != '\0')
		return false;
	if (!nonce_ok(ret->nonce) || strlen(ret->sign) != SIGN_ROOM - 1 || sscanf(time, "%" SCNd64, &ret->time) != 1)
		return false;
	lower(ret->nonce);
	lower(ret->sign);
	return true;
}

enum signature_verdict signature_check(const char *ring, const struct signature *signature, struct signing signing,
                                       int64_t now_ms, int64_t window_ms)
{
	struct ring_key key;
	char made[SIGN_ROOM];
	bool right;

	if (!ring_find(ring, signature->key, &key))
		return SIGNATURE_UNKNOWN_KEY;
	signing.time = signature->time;
	signing.nonce = signature->nonce;
	right = sign(key.secret, &signing, made) && CRYPTO_memcmp(made, signature->sign, SIGN_ROOM - 1) == 0;
	OPENSSL_cleanse(&key, sizeof key);
	if (!right)
		return SIGNATURE_WRONG;
	return signature->time < now_ms - window_ms || signature->time > now_ms + window_ms ? SIGNATURE_STALE : SIGNATURE_OK;
}
