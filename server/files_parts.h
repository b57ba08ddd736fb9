/* files_parts.h — what the parts of the attachments' room share. files.c owns the room and gives files
 * out, files_take.c takes them in, files_sweep.c looks after what was left between. */
#ifndef SERVER_FILES_PARTS_H
#define SERVER_FILES_PARTS_H

#include "file_store.h"
#include "files.h"

/* Bodies on their way in at once: from people logged in, from citizens, and from one address of each. */
enum { STAFF_MOST = 32, OFFICE_MOST = 16, CITIZENS_MOST = 16, ADDRESS_MOST = 4 };
enum { ADDRESS_ROOM_FILES = 64 };

struct files {
	struct room *room;
	const char *dir;
	char new_dir[FILE_PATH_ROOM];
	struct http_spool spools[FILES_SPOOLS];
	struct rate *citizens;                       /* uploads of an address of citizens */
	char staff[STAFF_MOST][ADDRESS_ROOM_FILES];  /* addresses of who sends now, "" = free */
	char public[CITIZENS_MOST][ADDRESS_ROOM_FILES];
	int under_way;                               /* uploads between the last byte and the answer */
	struct timer *sweep;
	bool sweeping;
};

http_fn files_staff_take, files_citizen_take;
bool files_staff_admit(void *context, struct http_request *request);
bool files_partner_admit(void *context, struct http_request *request);
bool files_citizen_admit(void *context, struct http_request *request);
void files_staff_ended(void *context, const struct http_request *request);
void files_citizen_ended(void *context, const struct http_request *request);

/* The same for a system that has shown who it is: its key, the number of its ticket, what the file is to be. */
struct files_partner { const char *key, *number, *uuid, *sha256; };
void files_partner_begin(struct files *files, struct http_request *request, const struct files_partner *partner);
/* POST /api/v1/attachments/{number}: files_partner.c. */
http_fn files_partner_take;

/* The number at the end of /api/files/{n}; 0 (answered): none. */
long long files_number(struct http_request *request);

void files_sweep(void *context);             /* context is the struct files */

#endif
