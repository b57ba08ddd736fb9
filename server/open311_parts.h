/* open311_parts.h — what the parts of the Open311 endpoint share. open311.c owns the room, the addresses and
 * the answers; open311_read.c what is read; open311_query.c and open311_form.c what a client sent, as pure
 * checks; open311_post.c new requests. */
#ifndef SERVER_OPEN311_PARTS_H
#define SERVER_OPEN311_PARTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include "front.h"
#include "store.h"

struct open311 { struct room *room; struct rate *all; char changeset[40]; };

/* One request, from its address to its answer. */
struct call311 {
	struct open311 *open311;
	struct http_request *request;
	bool xml;
	char id[64];                 /* what stands between the resource and the format, "" = nothing */
};

/* Answer and end the call. body is taken; root is the name of the XML document. */
void call311_answer(struct call311 *call, int status, const char *root, json_t *body);
/* One error; `code` may be more exact than the status, which the specification fixes. */
void call311_fail(struct call311 *call, int status, int code, const char *text);
/* 400 with one error for each fault {"field": "sentence"}; taken. */
void call311_fail_fields(struct call311 *call, json_t *faults);
/* What a function refused, or why the store failed. */
void call311_fail_outcome(struct call311 *call, enum store_status status, const struct rows *rows,
                          const char *not_found);

typedef void call311_fn(struct call311 *call);
call311_fn open311_services, open311_service, open311_list, open311_one, open311_token, open311_post;

/* ---- open311_query.c ----------------------------------------------------------------------------- */
enum { SPAN_DAYS = 90, PAGE_MOST = 1000 };
/* The value of an argument, or NULL. */
typedef const char *argument_fn(void *context, const char *name);
/* Parameters of SQL function open311_requests as GET requests asks for them; NULL: *ret_faults tells. */
json_t *open311_query(argument_fn *argument, void *context, int64_t now_ms, json_t **ret_faults);

/* ---- open311_form.c ------------------------------------------------------------------------------ */
/* The submission that a form makes, given the reply of open311_definition (kinds filled in): parameters of
 * open311_submit but for channel, key and clock. NULL: *ret_faults {"field": "sentence"} tells. */
json_t *open311_submission(const json_t *form, const json_t *definition, json_t **ret_faults);

/* Values of attributes of source kind come from terms.def; "source" goes. */
void open311_kinds(json_t *definition);

#endif
