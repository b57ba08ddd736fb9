/* password.c — passwords, session tokens and identifiers: all that must not be guessed. */
#include <sodium.h>
#include <string.h>
#include <uuid/uuid.h>

#include "log.h"
#include "seal.h"

enum { TOKEN_BYTES = 32 };

/* Without its random numbers nothing here may go on. */
static void sodium_need(void)
{
	if (sodium_init() >= 0)
		return;
	log_text(LOG_ERROR, "seal", "libsodium finds no source of random numbers");
	sodium_misuse();
}

bool password_hash(const char *password, char out[128])
{
	_Static_assert(crypto_pwhash_STRBYTES == 128, "the hash fits its field");
	sodium_need();
	return crypto_pwhash_str(out, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
	                         crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0;
}

bool password_matches(const char *hash, const char *password)
{
	sodium_need();
	return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}

void token_make(char out[65])
{
	unsigned char bytes[TOKEN_BYTES];

	sodium_need();
	randombytes_buf(bytes, sizeof bytes);
	sodium_bin2hex(out, 65, bytes, sizeof bytes);
	sodium_memzero(bytes, sizeof bytes);
}

void token_digest(const char *token, char out[65])
{
	unsigned char digest[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(digest, (const unsigned char *)token, strlen(token));
	sodium_bin2hex(out, 65, digest, sizeof digest);
}

void uuid_make(char out[37])
{
	uuid_t uuid;

	uuid_generate_random(uuid);
	uuid_unparse_lower(uuid, out);
}
