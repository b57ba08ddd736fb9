/* seal_key.c — reads the key file of the seal, and makes one. */
#define _DEFAULT_SOURCE
#include "seal_key.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"

enum { KEY_FILE_BYTES_MAX = 4096 };

static const struct algorithm algorithms[] = {
	{ "aes-256-gcm-sha256", "AES-256-GCM", "SHA256", 32, 0, 12, GCM_TAG_BYTES },
	{ "sm4-ctr-hmac-sm3", "SM4-CTR", "SM3", 16, 32, 16, DIGEST_BYTES },
};

static const struct algorithm *algorithm_find(const char *name)
{
	for (size_t i = 0; i < sizeof algorithms / sizeof algorithms[0]; i++)
		if (strcmp(algorithms[i].name, name) == 0)
			return &algorithms[i];
	return NULL;
}

static size_t seal_key_size(const struct algorithm *algorithm)
{
	return algorithm->cipher_key + algorithm->mac_key;
}

static void key_file_wrong(const char *path, const char *problem)
{
	log_line(LOG_ERROR, "seal", "key file cannot be used", "file", path, "error", problem, NULL);
}

/* Exactly `size` bytes in hex, or false. */
static bool hex_read(const char *text, unsigned char *out, size_t size)
{
	static const char digits[] = "0123456789abcdef";

	if (strlen(text) != 2 * size)
		return false;
	for (size_t i = 0; i < size; i++) {
		const char *high = strchr(digits, text[2 * i]);
		const char *low = strchr(digits, text[2 * i + 1]);

		if (high == NULL || low == NULL)
			return false;
		out[i] = (unsigned char)((high - digits) << 4 | (low - digits));
	}
	return true;
}

void hex_write(const unsigned char *bytes, size_t size, char *out)
{
	for (size_t i = 0; i < size; i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
	out[2 * size] = '\0';
}

/* Returns what is wrong with the text of a key file, NULL when the keys have been read. */
static const char *keys_parse(struct seal *seal, char *text)
{
	const char *key = NULL, *index = NULL;
	char *rest = NULL;

	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		char *blank = NULL;
		const char *name = strtok_r(line, " \t\r", &blank);
		const char *value = strtok_r(NULL, " \t\r", &blank);

		if (name == NULL || name[0] == '#')
			continue;
		if (value == NULL)
			return "a line has a name without a value";
		if (strcmp(name, "algorithm") == 0)
			seal->algorithm = algorithm_find(value);
		else if (strcmp(name, "seal") == 0)
			key = value;
		else if (strcmp(name, "index") == 0)
			index = value;
		else
			return "a line is neither algorithm, seal nor index";
	}
	if (seal->algorithm == NULL)
		return "algorithm is missing or unknown: aes-256-gcm-sha256 or sm4-ctr-hmac-sm3";
	if (key == NULL || !hex_read(key, seal->key, seal_key_size(seal->algorithm)))
		return "seal is missing or not a key of this algorithm in hex";
	if (index == NULL || !hex_read(index, seal->index, sizeof seal->index))
		return "index is missing or not 32 bytes in hex";
	return NULL;
}

/* Reads the whole file, which must be its owner's alone. Returns what is wrong, or NULL. */
static const char *key_file_read(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	const char *problem = NULL;
	struct stat status;
	ssize_t length;

	if (fd < 0)
		return errno == ENOENT ? "there is none; make one with: hotlined key" : strerror(errno);
	length = read(fd, text, size - 1);
	if (fstat(fd, &status) != 0 || length < 0)
		problem = strerror(errno);
	else if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		problem = "others may read it; close it with: chmod 600";
	close(fd);
	text[length > 0 ? length : 0] = '\0';
	return problem;
}

static const char *crypto_load(struct seal *seal)
{
	seal->cipher = EVP_CIPHER_fetch(NULL, seal->algorithm->cipher, NULL);
	seal->digest = EVP_MD_fetch(NULL, seal->algorithm->digest, NULL);
	if (seal->cipher == NULL || seal->digest == NULL)
		return "this machine's OpenSSL does not have the algorithm";
	return NULL;
}

struct seal *seal_open(const char *key_file)
{
	struct seal *seal = calloc(1, sizeof *seal);
	char text[KEY_FILE_BYTES_MAX];
	const char *problem;

	if (seal == NULL)
		return NULL;
	problem = key_file_read(key_file, text, sizeof text);
	if (problem == NULL)
		problem = keys_parse(seal, text);
	OPENSSL_cleanse(text, sizeof text);
	if (problem == NULL)
		problem = crypto_load(seal);
	if (problem == NULL)
		return seal;
	key_file_wrong(key_file, problem);
	seal_close(seal);
	return NULL;
}

void seal_close(struct seal *seal)
{
	if (seal == NULL)
		return;
	EVP_CIPHER_free(seal->cipher);
	EVP_MD_free(seal->digest);
	OPENSSL_cleanse(seal, sizeof *seal);
	free(seal);
}

static bool key_file_write(int fd, const struct algorithm *algorithm)
{
	unsigned char keys[SEAL_KEY_BYTES_MAX + INDEX_KEY_BYTES];
	char key[2 * SEAL_KEY_BYTES_MAX + 1], index[2 * INDEX_KEY_BYTES + 1];
	int wrote;

	if (RAND_priv_bytes(keys, sizeof keys) != 1) {
		errno = EIO;
		return false;
	}
	hex_write(keys, seal_key_size(algorithm), key);
	hex_write(keys + SEAL_KEY_BYTES_MAX, INDEX_KEY_BYTES, index);
	wrote = dprintf(fd, "# Without this file no contact data can be read again: keep a copy apart\n"
	                "# from the database and its backups.\n"
	                "algorithm %s\nseal  %s\nindex %s\n", algorithm->name, key, index);
	OPENSSL_cleanse(keys, sizeof keys);
	OPENSSL_cleanse(key, sizeof key);
	OPENSSL_cleanse(index, sizeof index);
	return wrote > 0 && fsync(fd) == 0;
}

bool seal_make_key_file(const char *path, const char *algorithm)
{
	const struct algorithm *known = algorithm_find(algorithm);
	bool good;
	int fd;

	if (known == NULL) {
		key_file_wrong(path, "algorithms are aes-256-gcm-sha256 and sm4-ctr-hmac-sm3");
		return false;
	}
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
	if (fd < 0) {
		key_file_wrong(path, errno == EEXIST ? "it exists and is never overwritten"
		                                     : strerror(errno));
		return false;
	}
	good = key_file_write(fd, known);
	if (!good) {
		key_file_wrong(path, strerror(errno));
		unlink(path);
	}
	close(fd);
	return good;
}
