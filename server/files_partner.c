/* files_partner.c — attachments of systems: the hash of the file is signed, so that nobody need hold the file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "files_parts.h"
#include "intake_parts.h"
#include "rest.h"
#include "seal.h"

struct sending { struct files *files; char number[NUMBER_ROOM], sha256[FILE_HASH_ROOM]; };

static void on_proven(void *context, struct http_request *request, const struct partner *partner,
                      const struct proof *proof)
{
	struct sending *sending = context;

	files_partner_begin(sending->files, request, &(struct files_partner){ .key = partner->key,
		.number = sending->number, .uuid = proof_request(proof), .sha256 = sending->sha256 });
	free(sending);
}

void files_partner_take(void *context, struct http_request *request)
{
	static const char path[] = "/api/v1/attachments/";
	struct sending *sending = calloc(1, sizeof *sending);
	const char *number = http_path(request) + sizeof path - 1;

	if (sending == NULL)
		abort();
	sending->files = context;
	if (strlen(number) != NUMBER_ROOM - 1 || strspn(number, "0123456789") != NUMBER_ROOM - 1) {
		rest_refuse(request, REFUSE_not_found, NULL, NULL);
		free(sending);
		return;
	}
	strcpy(sending->number, number);
	if (!http_header(request, "x-content-sha256", sending->sha256, sizeof sending->sha256)
	    || strspn(sending->sha256, "0123456789abcdef") != FILE_HASH_ROOM - 1) {
		rest_refuse(request, REFUSE_bad_params, NULL, json_pack("{s:s}", "X-Content-SHA256",
			"应为文件内容的 SHA-256，64 位小写十六进制"));
		free(sending);
		return;
	}
	proof_check(((struct files *)context)->room, request, "attach", sending->sha256, FILE_HASH_ROOM - 1, true,
	            on_proven, sending);
}
