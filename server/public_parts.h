/* public_parts.h — what the parts of the citizen's door share. public.c owns the requests about a ticket,
 * public_submit.c new tickets, the form's reference data and the door itself. */
#ifndef SERVER_PUBLIC_PARTS_H
#define SERVER_PUBLIC_PARTS_H

#include <stdbool.h>
#include "front.h"

struct visitors {
	struct room *room;
	struct rate *all, *tickets;      /* per address: requests, new tickets */
};

/* Pages of other sites and addresses in a hurry are refused; false: answered. */
bool public_admitted(struct visitors *visitors, struct http_request *request);
/* POST /api/public/… about a ticket. */
http_fn public_deed_take;

#endif
