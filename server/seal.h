/* seal.h — contact data at rest, session tokens and passwords.
 *
 * The key file (setting key_file, mode 0600, made by `hotlined key`) stands outside the database:
 *   algorithm aes-256-gcm-sha256        or sm4-ctr-hmac-sm3 where 密评 (GB/T 39786) asks for it
 *   seal  <hex>                         encryption key
 *   index <hex>                         key of the blind index
 * A sealed value is text: "1:" + base64(nonce ‖ ciphertext ‖ tag). The blind index is the hex
 * HMAC of the normalised value: equal values, equal index, nothing else to learn. */
#ifndef SERVER_SEAL_H
#define SERVER_SEAL_H

#include <stdbool.h>
#include <stddef.h>

struct seal;

struct seal *seal_open(const char *key_file);        /* NULL: logged why */
void seal_close(struct seal *seal);                  /* wipes the keys */
bool seal_make_key_file(const char *path, const char *algorithm);   /* never overwrites */

/* malloc'ed text, caller frees; NULL when the crypto library fails (unseal: also when the text
 * was changed or made with another key). */
char *seal_text(const struct seal *seal, const char *plain);
char *unseal_text(const struct seal *seal, const char *sealed);
void seal_index(const struct seal *seal, const char *plain, char out[65]);

/* What lets a citizen see a ticket without a login; neither is stored, both come from the index key.
 * 查询码: six digits that go with a ticket's number. Rating link: "<number>.<round>.<32 hex digits>",
 * good for one handling round. */
enum { CODE_ROOM = 7, NUMBER_ROOM = 19, LINK_ROOM = 64 };
void seal_code(const struct seal *seal, const char *number, char out[CODE_ROOM]);
/* In a time that tells nothing about the right one. */
bool seal_code_fits(const struct seal *seal, const char *number, const char *code);
void seal_link(const struct seal *seal, const char *number, int round, char out[LINK_ROOM]);
/* false: not a link that this house made. */
bool seal_link_check(const struct seal *seal, const char *link, char ret_number[NUMBER_ROOM], int *ret_round);

/* argon2id (libsodium, interactive limits). Slow on purpose: run on a worker thread. */
bool password_hash(const char *password, char out[128]);
bool password_matches(const char *hash, const char *password);

void token_make(char out[65]);                        /* 256 random bits, hex */
void token_digest(const char *token, char out[65]);   /* SHA-256, hex: what the database keeps */
void uuid_make(char out[37]);

#endif
