/* http_spool.c — bodies too big for memory: written to a file as they come. */
#include "front_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "log.h"

static const char no_room[] = "暂时不能保存附件，请稍后重试";

void spool_find(struct http_request *request)
{
	const struct front_config *config = &request->conn->front->config;
	size_t i;

	for (i = 0; request->route && i < config->spool_count; i++)
		if (!strcmp(config->spools[i].path, request->route->path)
		    && !strcmp(request->method, "POST"))
			request->spool = &config->spools[i];
}

static void write_failed(const struct http_request *request, const char *what)
{
	log_line(LOG_ERROR, "front", "a body cannot be written to its file", "dir", request->spool->dir,
	         "step", what, "error", strerror(errno), NULL);
}

bool spool_open(struct http_request *request)
{
	const struct http_spool *spool = request->spool;
	char path[PATH_MAX];

	if (!spool->admit(spool->context, request))
		return false;
	request->admitted = true;
	snprintf(path, sizeof path, "%s/body-XXXXXX", spool->dir);
	request->spool_fd = mkostemp(path, O_CLOEXEC);
	if (request->spool_fd < 0) {
		write_failed(request, "open");
		http_refuse(request, 503, "store_away", no_room);
		return false;
	}
	request->spool_path = strdup(path);
	if (!request->spool_path)
		abort();
	/* A photo from a telephone in the forest takes longer than a form. */
	conn_patience(request->conn, PHASE_BODY, PATIENCE_BODY + (int)(request->body_due / SPOOL_PACE));
	return true;
}

bool spool_write(struct http_request *request, const char *data, size_t len)
{
	while (len) {
		ssize_t wrote = write(request->spool_fd, data, len);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0) {
			write_failed(request, "write");
			http_refuse(request, 503, "store_away", no_room);
			return false;
		}
		data += wrote;
		len -= (size_t)wrote;
	}
	return true;
}

char *http_spool_take(struct http_request *request, uint64_t *ret_size)
{
	char *path = request->spool_path;

	request->spool_path = NULL;
	*ret_size = request->body_len;
	return path;
}

void spool_close(struct http_request *request)
{
	if (request->spool_fd >= 0)
		close(request->spool_fd);
	if (request->spool_path)
		unlink(request->spool_path);
	free(request->spool_path);
	if (request->admitted)
		request->spool->ended(request->spool->context, request);
}
