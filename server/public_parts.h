/* public_parts.h — what the parts of the citizen's door share. public.c owns the requests about a ticket,
 * public_submit.c new tickets, the form's reference data and the door itself. */
#ifndef SERVER_PUBLIC_PARTS_H
#define SERVER_PUBLIC_PARTS_H

#include <jansson.h>
#include <stdbool.h>
#include "front.h"
#include "room.h"

struct visitors {
	struct room *room;
	struct rate *all, *tickets, *dangers;      /* per address: requests, new tickets, texts judged while typing */
};

/* Pages of other sites and addresses in a hurry are refused; false: answered. */
bool public_admitted(struct visitors *visitors, struct http_request *request);
/* POST /api/public/… about a ticket. */
http_fn public_deed_take;

/* A new ticket, whose params (taken) were checked: filled, handed to this function and answered. */
void public_submit(struct room *room, struct http_request *request, enum statement statement,
                   const char *uuid, json_t *params);

/* A deed ("look", "urge" …) of the system of this key on one of its own tickets; params (taken) are the body
 * without proof, NULL where there is none. digest: of the body, which the request id is bound to. */
struct public_partner { const char *key, *number, *deed, *uuid, *digest; };
/* What a deed's body must be like; NULL: a system has no such deed. */
const char *public_partner_spec(const char *deed);
void public_partner_take(struct visitors *visitors, struct http_request *request,
                         const struct public_partner *partner, json_t *params);

#endif
