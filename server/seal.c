/* seal.c — encrypts contact data for the database and makes its blind index. */
#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "seal_key.h"

enum { PLAIN_BYTES_MAX = 1 << 20, LINK_BYTES = 16, CODE_TEXT_ROOM = 64 };

/* What is stored begins with the version of its form. */
static const char version[] = "1:";
enum { VERSION_LENGTH = sizeof version - 1 };

/* A sealed value before base64: nonce, ciphertext, tag, one after the other. */
struct parts {
	unsigned char *nonce, *body, *tag;
	size_t body_size;
};

static struct parts parts_of(const struct seal *seal, unsigned char *bytes, size_t body_size)
{
	const struct algorithm *a = seal->algorithm;

	return (struct parts){ bytes, bytes + a->nonce, bytes + a->nonce + body_size, body_size };
}

static size_t overhead(const struct seal *seal)
{
	return seal->algorithm->nonce + seal->algorithm->tag;
}

static bool mac(const struct seal *seal, const struct parts *parts, unsigned char out[DIGEST_BYTES])
{
	const struct algorithm *a = seal->algorithm;

	return HMAC(seal->digest, seal->key + a->cipher_key, (int)a->mac_key, parts->nonce,
	            a->nonce + parts->body_size, out, NULL) != NULL;
}

static bool encrypt(const struct seal *seal, const struct parts *parts, const char *plain)
{
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	int length = 0, last = 0;
	bool good = context != NULL && RAND_bytes(parts->nonce, (int)seal->algorithm->nonce) == 1
	     && EVP_EncryptInit_ex2(context, seal->cipher, seal->key, parts->nonce, NULL) == 1
	     && EVP_EncryptUpdate(context, parts->body, &length, (const unsigned char *)plain,
	                          (int)parts->body_size) == 1
	     && EVP_EncryptFinal_ex(context, parts->body + length, &last) == 1;

	if (good && seal->algorithm->mac_key > 0)
		good = mac(seal, parts, parts->tag);
	else if (good)
		good = EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, GCM_TAG_BYTES,
		                           parts->tag) == 1;
	EVP_CIPHER_CTX_free(context);
	return good;
}

static bool mac_is_right(const struct seal *seal, const struct parts *parts)
{
	unsigned char expected[DIGEST_BYTES];

	return mac(seal, parts, expected) && CRYPTO_memcmp(expected, parts->tag, DIGEST_BYTES) == 0;
}

static bool decrypt(const struct seal *seal, const struct parts *parts, char *plain)
{
	bool separate_mac = seal->algorithm->mac_key > 0;
	EVP_CIPHER_CTX *context;
	int length = 0, last = 0;
	bool good;

	if (separate_mac && !mac_is_right(seal, parts))
		return false;
	context = EVP_CIPHER_CTX_new();
	good = context != NULL
	    && EVP_DecryptInit_ex2(context, seal->cipher, seal->key, parts->nonce, NULL) == 1
	    && (separate_mac || EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, GCM_TAG_BYTES,
	                                            parts->tag) == 1)
	    && EVP_DecryptUpdate(context, (unsigned char *)plain, &length, parts->body,
	                         (int)parts->body_size) == 1
	    && EVP_DecryptFinal_ex(context, (unsigned char *)plain + length, &last) == 1;
	EVP_CIPHER_CTX_free(context);
	return good;
}

static char *armour(const unsigned char *bytes, size_t size)
{
	char *text = malloc(VERSION_LENGTH + (size + 2) / 3 * 4 + 1);

	if (text == NULL)
		return NULL;
	memcpy(text, version, VERSION_LENGTH);
	EVP_EncodeBlock((unsigned char *)text + VERSION_LENGTH, bytes, (int)size);
	return text;
}

/* Whether these bytes are written as this text and no other way. */
static bool armour_is(const char *text, const unsigned char *bytes, size_t size)
{
	char *expected = armour(bytes, size);
	bool same = expected != NULL && strcmp(expected, text) == 0;

	free(expected);
	return same;
}

/* malloc'ed bytes of "1:" + base64, or NULL when the text is not of that form. EVP_DecodeBlock
 * counts the padding as bytes, and it overlooks blanks and stray bits: writing the bytes again
 * shows whether there were any. */
static unsigned char *disarm(const char *text, size_t *ret_size)
{
	size_t length = strlen(text);
	const char *body = text + VERSION_LENGTH;
	unsigned char *bytes;
	int size;

	if (length < VERSION_LENGTH + 4 || (length - VERSION_LENGTH) % 4 != 0
	    || length > 2 * PLAIN_BYTES_MAX || (bytes = malloc(length)) == NULL)
		return NULL;
	size = EVP_DecodeBlock(bytes, (const unsigned char *)body, (int)(length - VERSION_LENGTH));
	if (size >= 3)
		size -= (text[length - 1] == '=') + (text[length - 2] == '=');
	if (size < 0 || !armour_is(text, bytes, (size_t)size)) {
		free(bytes);
		return NULL;
	}
	*ret_size = (size_t)size;
	return bytes;
}

char *seal_text(const struct seal *seal, const char *plain)
{
	size_t size = strlen(plain), whole = overhead(seal) + size;
	unsigned char *bytes;
	struct parts parts;
	char *sealed = NULL;

	if (size > PLAIN_BYTES_MAX || (bytes = malloc(whole)) == NULL)
		return NULL;
	parts = parts_of(seal, bytes, size);
	if (encrypt(seal, &parts, plain))
		sealed = armour(bytes, whole);
	free(bytes);
	return sealed;
}

char *unseal_text(const struct seal *seal, const char *sealed)
{
	size_t size = 0;
	unsigned char *bytes = disarm(sealed, &size);
	char *plain = NULL;

	if (bytes != NULL && size >= overhead(seal)) {
		struct parts parts = parts_of(seal, bytes, size - overhead(seal));

		plain = calloc(1, parts.body_size + 1);
		if (plain != NULL && !decrypt(seal, &parts, plain)) {
			OPENSSL_cleanse(plain, parts.body_size);    /* not authenticated: nobody's business */
			free(plain);
			plain = NULL;
		}
	}
	free(bytes);
	return plain;
}

/* A wrong index or code would mix up people; going on is worse than ending. */
static void index_digest(const struct seal *seal, const char *plain, unsigned char digest[DIGEST_BYTES])
{
	if (HMAC(seal->digest, seal->index, INDEX_KEY_BYTES, (const unsigned char *)plain,
	         strlen(plain), digest, NULL) == NULL) {
		log_text(LOG_ERROR, "seal", "the crypto library cannot make an HMAC");
		abort();
	}
}

void seal_index(const struct seal *seal, const char *plain, char out[65])
{
	unsigned char digest[DIGEST_BYTES];

	index_digest(seal, plain, digest);
	hex_write(digest, sizeof digest, out);
}

void seal_code(const struct seal *seal, const char *number, char out[CODE_ROOM])
{
	unsigned char digest[DIGEST_BYTES];
	char text[CODE_TEXT_ROOM];
	uint64_t value = 0;

	snprintf(text, sizeof text, "code:%s", number);
	index_digest(seal, text, digest);
	for (int i = 0; i < 8; i++)
		value = value << 8 | digest[i];
	snprintf(out, CODE_ROOM, "%06u", (unsigned)(value % 1000000));
}

bool seal_code_fits(const struct seal *seal, const char *number, const char *code)
{
	char right[CODE_ROOM], given[CODE_ROOM] = "";

	seal_code(seal, number, right);
	snprintf(given, sizeof given, "%s", code);
	return CRYPTO_memcmp(given, right, sizeof right) == 0 && strlen(code) == CODE_ROOM - 1;
}

void seal_link(const struct seal *seal, const char *number, int round, char out[LINK_ROOM])
{
	unsigned char digest[DIGEST_BYTES];
	char text[CODE_TEXT_ROOM], hex[2 * LINK_BYTES + 1];

	snprintf(text, sizeof text, "rate:%s.%d", number, round);
	index_digest(seal, text, digest);
	hex_write(digest, LINK_BYTES, hex);
	snprintf(out, LINK_ROOM, "%.18s.%d.%s", number, round, hex);
}

bool seal_link_check(const struct seal *seal, const char *link, char ret_number[NUMBER_ROOM], int *ret_round)
{
	char right[LINK_ROOM];
	int end = 0;

	if (sscanf(link, "%18[0-9].%4d.%n", ret_number, ret_round, &end) != 2 || end == 0 || *ret_round < 1)
		return false;
	seal_link(seal, ret_number, *ret_round, right);
	return strlen(link) == strlen(right) && CRYPTO_memcmp(link, right, strlen(right)) == 0;
}
