/* download.h — files made for somebody at a console, given out to be saved under a Chinese name. */
#ifndef SERVER_DOWNLOAD_H
#define SERVER_DOWNLOAD_H

#include "front.h"

#define DOWNLOAD_XLSX "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#define DOWNLOAD_CSV "text/csv; charset=utf-8"

/* Answers with the file, which is taken, named as RFC 6266 and RFC 8187 say: `name` is UTF-8, and programs that know
 * neither get "download" with its ending. Nothing keeps a copy on the way. */
void download_send(struct http_request *request, const char *name, const char *type, int fd);

#endif
