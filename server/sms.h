/* sms.h — the SMS gateway's interface (docs/SMS.md): it takes what citizens are to be told, and tells what
 * became of it. */
#ifndef SERVER_SMS_H
#define SERVER_SMS_H

#include <stddef.h>
#include "front.h"

struct room;

enum { SMS_ROUTES = 2 };
/* For front_open(); returns how many, 0 while the setting sms_key is empty. */
size_t sms_routes(struct room *room, struct http_route routes[SMS_ROUTES]);

#endif
