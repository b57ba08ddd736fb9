/* seal_key.h — the keys that a seal holds, and the file that they come from.
 *
 * Internal to the seal: seal_key.c reads and makes key files, seal.c uses the keys. */
#ifndef SERVER_SEAL_KEY_H
#define SERVER_SEAL_KEY_H

#include <openssl/evp.h>

#include "seal.h"

enum {
	DIGEST_BYTES = 32,         /* of SHA-256 and of SM3 */
	INDEX_KEY_BYTES = 32,
	SEAL_KEY_BYTES_MAX = 48,
	GCM_TAG_BYTES = 16
};

/* AES-256-GCM carries its own tag. SM4-CTR does not: its key is followed by an HMAC-SM3 key, and
 * the tag is taken over nonce and ciphertext (encrypt, then MAC). Sizes in bytes. */
struct algorithm {
	const char *name;
	const char *cipher;
	const char *digest;
	size_t cipher_key, mac_key, nonce, tag;
};

struct seal {
	const struct algorithm *algorithm;
	EVP_CIPHER *cipher;
	EVP_MD *digest;
	unsigned char key[SEAL_KEY_BYTES_MAX];
	unsigned char index[INDEX_KEY_BYTES];
};

void hex_write(const unsigned char *bytes, size_t size, char *out);

#endif
