/* static.c — the built console: files below static_dir, compressed beforehand, cached by rule. */
#include "front_internal.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "http_parse.h"

struct file {
	int fd;
	struct stat stat;
	const char *type;
	bool compressible;
	bool gzip;
};

static const struct kind { const char *ending, *type; bool compressible; } kinds[] = {
	{"html", "text/html; charset=utf-8", true},
	{"js", "text/javascript; charset=utf-8", true},
	{"mjs", "text/javascript; charset=utf-8", true},
	{"css", "text/css; charset=utf-8", true},
	{"json", "application/json; charset=utf-8", true},
	{"map", "application/json; charset=utf-8", true},
	{"webmanifest", "application/manifest+json; charset=utf-8", true},
	{"svg", "image/svg+xml", true},
	{"txt", "text/plain; charset=utf-8", true},
	{"png", "image/png", false},
	{"ico", "image/x-icon", false},
	{"woff2", "font/woff2", false}
};

static void kind_set(struct file *file, const char *path)
{
	const char *dot = strrchr(path, '.');
	size_t i;

	file->type = "application/octet-stream";
	file->compressible = false;
	for (i = 0; dot && i < sizeof kinds / sizeof *kinds; i++) {
		if (!strcmp(dot + 1, kinds[i].ending)) {
			file->type = kinds[i].type;
			file->compressible = kinds[i].compressible;
		}
	}
}

/* Open path below root if it is a regular file there, links followed; -1 otherwise. */
static int file_below(const char *root, const char *path, struct stat *ret_stat)
{
	char wanted[PATH_MAX], real[PATH_MAX];
	size_t root_len = strlen(root);
	int fd;

	if (snprintf(wanted, sizeof wanted, "%s%s", root, path) >= (int)sizeof wanted
	    || !realpath(wanted, real) || strncmp(real, root, root_len) || real[root_len] != '/')
		return -1;
	fd = open(real, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd >= 0 && (fstat(fd, ret_stat) || !S_ISREG(ret_stat->st_mode))) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Open path or, where the conn understands it, the .gz beside it. */
static bool file_open(const struct http_request *request, const char *path, struct file *ret_file)
{
	const char *root = request->conn->front->static_root;
	char packed[PATH_MAX], encodings[200];
	struct stat packed_stat;
	int fd;

	kind_set(ret_file, path);
	ret_file->gzip = false;
	ret_file->fd = file_below(root, path, &ret_file->stat);
	if (ret_file->fd < 0)
		return false;
	if (!ret_file->compressible
	    || !http_header(request, "accept-encoding", encodings, sizeof encodings)
	    || !encoding_accepted(encodings, "gzip")
	    || snprintf(packed, sizeof packed, "%s.gz", path) >= (int)sizeof packed)
		return true;
	fd = file_below(root, packed, &packed_stat);
	if (fd < 0)
		return true;
	close(ret_file->fd);
	ret_file->fd = fd;
	ret_file->stat = packed_stat;
	ret_file->gzip = true;
	return true;
}

/* The file that answers this path: itself, the citizens' page, or the console's page for the
 * addresses that only its own router knows (they have no ending). */
static const char *file_find(const struct http_request *request, struct file *ret_file)
{
	static const char index[] = "/index.html", public_index[] = "/public.html";
	const char *path = request->path, *last = strrchr(path, '/');

	if (!path_is_plain(path))
		return NULL;
	if (!strcmp(path, "/public") || !strcmp(path, "/public/"))
		return file_open(request, public_index, ret_file) ? public_index : NULL;
	if (last[1] && file_open(request, path, ret_file))
		return path;
	if (!strchr(last, '.') && file_open(request, index, ret_file))
		return index;
	return NULL;
}

/* Names below /assets/ change with their content; pages must be the newest ones. */
static const char *cache_rule(const char *path, const struct file *file)
{
	if (!strncmp(path, "/assets/", 8))
		return "public, max-age=31536000, immutable";
	return !strncmp(file->type, "text/html", 9) ? "no-store" : "no-cache";
}

void static_serve(struct http_request *request)
{
	struct file file;
	char headers[600], etag[80], known[400];
	const char *path = request->conn->front->static_root ? file_find(request, &file) : NULL;

	if (!path) {
		http_refuse(request, 404, "not_found", "没有这个文件");
		return;
	}
	snprintf(etag, sizeof etag, "\"%llx-%llx%s\"",
	         (unsigned long long)file.stat.st_mtim.tv_sec * 1000000000ULL
	         + (unsigned long long)file.stat.st_mtim.tv_nsec,
	         (unsigned long long)file.stat.st_size, file.gzip ? "-gz" : "");
	snprintf(headers, sizeof headers,
	         "Content-Type: %s\r\nCache-Control: %s\r\nETag: %s\r\n%s%s",
	         file.type, cache_rule(path, &file), etag,
	         file.compressible ? "Vary: Accept-Encoding\r\n" : "",
	         file.gzip ? "Content-Encoding: gzip\r\n" : "");
	if (http_header(request, "if-none-match", known, sizeof known)
	    && etag_listed(known, etag)) {
		close(file.fd);
		http_reply(request, 304, NULL, headers, "", 0);
		return;
	}
	http_send_file(request, headers, file.fd, (uint64_t)file.stat.st_size);
}
