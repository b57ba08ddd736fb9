/* export_file.c — the file of an export: what its worker thread does. */
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "export_parts.h"
#include "log.h"

enum { PIECE = 65536, HASH_BYTES = 32 };

static void page_begin(struct export_job *job, const json_t *page)
{
	job->sheet = sheet_open(job->format, job->part, job->dir);
	if (job->sheet != NULL)
		sheet_page(job->sheet, "工单", json_object_get(page, "columns"));
}

void export_page_write(void *context)
{
	struct export_job *job = context;
	json_t *page = json_loads(job->page, 0, NULL);
	const json_t *rows = json_object_get(page, "rows"), *row;
	const char *next = json_string_value(json_object_get(page, "next"));
	size_t i;

	free(job->page);
	job->page = NULL;
	if (job->sheet == NULL)
		page_begin(job, page);
	job->failed = job->sheet == NULL || !json_is_array(rows);
	if (!job->failed)
		json_array_foreach(rows, i, row)
			sheet_row(job->sheet, row);
	job->done += (long long)json_array_size(rows);
	snprintf(job->after, sizeof job->after, "%s", next != NULL ? next : "");
	job->about = json_incref(json_object_get(page, "about"));
	json_decref(page);
}

static bool hash(struct export_job *job)
{
	unsigned char digest[HASH_BYTES], *piece = malloc(PIECE);
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	int fd = open(job->part, O_RDONLY | O_CLOEXEC);
	ssize_t got = -1;
	bool hashed = piece != NULL && md != NULL && fd >= 0 && EVP_DigestInit_ex(md, EVP_sha256(), NULL) == 1;

	job->size = 0;
	while (hashed && (got = read(fd, piece, PIECE)) > 0) {
		hashed = EVP_DigestUpdate(md, piece, (size_t)got) == 1;
		job->size += got;
	}
	hashed = hashed && got == 0 && EVP_DigestFinal_ex(md, digest, NULL) == 1;
	for (size_t i = 0; hashed && i < HASH_BYTES; i++)
		snprintf(job->sha256 + 2 * i, 3, "%02x", digest[i]);
	EVP_MD_CTX_free(md);
	free(piece);
	if (fd >= 0)
		close(fd);
	return hashed;
}

static bool dir_sync(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool synced = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return synced;
}

void export_pack(void *context)
{
	struct export_job *job = context;
	json_t *columns = json_pack("[{s:s, s:s, s:i}, {s:s, s:s, s:i}]", "title", "项目", "kind", "text", "width", 24,
	                            "title", "说明", "kind", "long", "width", 90);
	const json_t *row;
	size_t i;

	sheet_page(job->sheet, "说明", columns);
	json_array_foreach(job->about, i, row)
		sheet_row(job->sheet, row);
	json_decref(columns);
	json_decref(job->about);
	job->about = NULL;
	job->failed = !sheet_close(job->sheet) || !hash(job) || rename(job->part, job->place) != 0 || !dir_sync(job->dir);
	job->sheet = NULL;
	if (job->failed)
		log_line(LOG_ERROR, "export", "a file cannot be kept", "path", job->place, "error", strerror(errno), NULL);
}

void export_drop_file(void *context)
{
	struct export_job *job = context;

	if (job->sheet != NULL)
		sheet_drop(job->sheet);
	job->sheet = NULL;
	unlink(job->part);
	unlink(job->place);
}
