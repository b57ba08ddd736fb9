/* file_store.c — attachments on disk, named by the SHA-256 of their content. */
#include "file_store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "log.h"

enum { HASH_BYTES = 32, HASH_LETTERS = 64, TAIL_LETTERS = 7 };   /* "-XXXXXX" */

static void failed(const char *what, const char *path)
{
	log_line(LOG_ERROR, "file", what, "path", path, "error", strerror(errno), NULL);
}

static bool dir_make(const char *path)
{
	if (mkdir(path, 0700) == 0 || errno == EEXIST)
		return true;
	failed("a directory for attachments cannot be made; see the setting files_dir", path);
	return false;
}

bool file_store_make(const char *dir)
{
	char inner[FILE_PATH_ROOM];

	if (snprintf(inner, sizeof inner, "%s/new", dir) >= (int)sizeof inner - HASH_LETTERS - TAIL_LETTERS - 8)
		return false;
	if (!dir_make(dir) || !dir_make(inner))
		return false;
	if (access(inner, W_OK | X_OK) == 0)
		return true;
	failed("the directory for attachments cannot be written to; see the setting files_dir", inner);
	return false;
}

static bool hash(const unsigned char *bytes, size_t size, char out[FILE_HASH_ROOM])
{
	unsigned char digest[HASH_BYTES];

	if (EVP_Digest(bytes, size, digest, NULL, EVP_sha256(), NULL) != 1)
		return false;
	for (size_t i = 0; i < HASH_BYTES; i++)
		snprintf(out + 2 * i, 3, "%02x", digest[i]);
	return true;
}

static enum file_checked content_check(int fd, enum file_type *ret_type, char ret_sha256[FILE_HASH_ROOM])
{
	struct stat stat;
	unsigned char *bytes;
	bool hashed;

	if (fstat(fd, &stat) != 0)
		return FILE_BROKEN;
	if (stat.st_size == 0)
		return FILE_UNKNOWN;
	bytes = mmap(NULL, (size_t)stat.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		return FILE_BROKEN;
	*ret_type = file_type_find(bytes, (size_t)stat.st_size);
	hashed = *ret_type == FILE_NONE || hash(bytes, (size_t)stat.st_size, ret_sha256);
	munmap(bytes, (size_t)stat.st_size);
	return *ret_type == FILE_NONE ? FILE_UNKNOWN : hashed ? FILE_GOOD : FILE_BROKEN;
}

static bool dir_sync(const char *path)
{
	char dir[FILE_PATH_ROOM];
	int fd;
	bool synced;

	snprintf(dir, sizeof dir, "%.*s", (int)(strrchr(path, '/') - path), path);
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	synced = fd >= 0 && fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	return synced;
}

/* The letters that mkstemp() chose make the new name unique as well. */
static bool wait_name(char path[FILE_PATH_ROOM], const char *sha256)
{
	char name[FILE_PATH_ROOM];
	size_t base = (size_t)(strrchr(path, '/') - path), len = strlen(path);

	if (snprintf(name, sizeof name, "%.*s/%s%s", (int)base, path, sha256, path + len - TAIL_LETTERS)
	    >= (int)sizeof name || rename(path, name) != 0)
		return false;
	strcpy(path, name);
	return true;
}

enum file_checked file_store_check(char path[FILE_PATH_ROOM], enum file_type *ret_type,
                                   char ret_sha256[FILE_HASH_ROOM])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	enum file_checked checked = fd < 0 ? FILE_BROKEN : content_check(fd, ret_type, ret_sha256);

	if (checked == FILE_GOOD && (fsync(fd) != 0 || !wait_name(path, ret_sha256) || !dir_sync(path)))
		checked = FILE_BROKEN;
	if (checked == FILE_BROKEN)
		failed("an attachment cannot be kept", path);
	if (fd >= 0)
		close(fd);
	if (checked != FILE_GOOD)
		unlink(path);
	return checked;
}

static bool place_path(const char *dir, const char *sha256, char out[FILE_PATH_ROOM])
{
	return snprintf(out, FILE_PATH_ROOM, "%s/%.2s/%s", dir, sha256, sha256) < FILE_PATH_ROOM;
}

bool file_store_place(const char *dir, const char *waiting, const char *sha256)
{
	char place[FILE_PATH_ROOM], folder[FILE_PATH_ROOM];

	if (!place_path(dir, sha256, place))
		return false;
	snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(place, '/') - place), place);
	if (!dir_make(folder))
		return false;
	if (rename(waiting, place) == 0)
		return true;
	failed("an attachment cannot be put in its place", place);
	return false;
}

int file_store_open(const char *dir, const char *sha256)
{
	char place[FILE_PATH_ROOM];

	return place_path(dir, sha256, place) ? open(place, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
}

bool file_store_fits(const char *dir, const char *sha256, long long size)
{
	char found[FILE_HASH_ROOM];
	enum file_type type;
	struct stat stat;
	int fd = file_store_open(dir, sha256);
	bool fits = fd >= 0 && fstat(fd, &stat) == 0 && stat.st_size == size
		&& content_check(fd, &type, found) == FILE_GOOD && strcmp(found, sha256) == 0;

	if (fd >= 0)
		close(fd);
	return fits;
}

bool file_store_remove(const char *dir, const char *sha256)
{
	char place[FILE_PATH_ROOM];

	if (!place_path(dir, sha256, place))
		return false;
	if (unlink(place) == 0 || errno == ENOENT)
		return true;
	failed("an attachment cannot be removed", place);
	return false;
}

/* "<sha256>-XXXXXX" */
static bool hash_of(const char *name, char sha256[FILE_HASH_ROOM])
{
	*sha256 = '\0';
	if (strlen(name) != HASH_LETTERS + TAIL_LETTERS || strspn(name, "0123456789abcdef") != HASH_LETTERS
	    || name[HASH_LETTERS] != '-')
		return false;
	memcpy(sha256, name, HASH_LETTERS);
	sha256[HASH_LETTERS] = '\0';
	return true;
}

void file_store_waiting(const char *dir, long age_s, file_waiting_fn *fn, void *context)
{
	char path[FILE_PATH_ROOM], sha256[FILE_HASH_ROOM];
	const struct dirent *entry;
	struct stat stat;
	DIR *waiting;

	snprintf(path, sizeof path, "%s/new", dir);
	waiting = opendir(path);
	while (waiting != NULL && (entry = readdir(waiting)) != NULL) {
		if (snprintf(path, sizeof path, "%s/new/%s", dir, entry->d_name) >= (int)sizeof path
		    || (!hash_of(entry->d_name, sha256) && strncmp(entry->d_name, "body-", 5) != 0))
			continue;
		if (lstat(path, &stat) == 0 && S_ISREG(stat.st_mode) && time(NULL) - stat.st_mtime >= age_s)
			fn(context, path, sha256);
	}
	if (waiting != NULL)
		closedir(waiting);
}
