/* rest.h — what the HTTP doors share: bodies as checked objects, refusals as status codes, bearer keys. */
#ifndef SERVER_REST_H
#define SERVER_REST_H

#include <jansson.h>
#include <stdbool.h>
#include "command.h"
#include "front.h"
#include "store.h"

/* The body as an object that fits spec (server/parameters.h); NULL when it does not and has been
 * refused. With uuid, its member "request" must be a UUID and is moved there, in small letters. */
json_t *rest_body(struct http_request *request, const char *spec, char uuid[37]);

void rest_reply(struct http_request *request, int status, json_t *body);     /* takes body */
/* {"error":{"code","message","fields"?}} with the status of that refusal. sentence NULL: its own;
 * fields (taken) NULL: none. */
void rest_refuse(struct http_request *request, enum refusal why, const char *sentence, json_t *fields);
/* The same of what a function answered that did not reply: its refusal, or why the store failed. */
void rest_refuse_outcome(struct http_request *request, enum store_status status, const struct rows *rows);

/* The digest of the login that the request carries; false (answered): none. */
bool rest_digest(struct http_request *request, char digest[65]);
/* The number that the path has after `prefix` bytes, 1…15 digits; 0 (answered): none. */
long long rest_number(struct http_request *request, size_t prefix);

/* Whether the request has "Authorization: Bearer <key>". */
bool rest_key_fits(const struct http_request *request, const char *key);

#endif
