/* download.c — files made for somebody at a console, given out to be saved. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "download.h"
#include "file_type.h"
#include "log.h"
#include "rest.h"

enum { NAME_ROOM = 600, HEADERS_ROOM = 1000 };

void download_send(struct http_request *request, const char *name, const char *type, int fd)
{
	const char *ending = strrchr(name, '.');
	char encoded[NAME_ROOM], headers[HEADERS_ROOM];
	struct stat stat;

	if (fstat(fd, &stat) != 0) {
		close(fd);
		log_line(LOG_ERROR, "download", "a file cannot be read", "name", name, NULL);
		rest_refuse(request, REFUSE_internal, NULL, NULL);
		return;
	}
	file_name_encode(name, encoded, sizeof encoded);
	snprintf(headers, sizeof headers, "Content-Type: %s\r\n"
	         "Content-Disposition: attachment; filename=\"download%s\"; filename*=UTF-8''%s\r\n"
	         "Content-Security-Policy: default-src 'none'; sandbox\r\nCache-Control: private, no-store\r\n",
	         type, ending != NULL ? ending : "", encoded);
	http_reply_file(request, headers, fd, (uint64_t)stat.st_size);
}
