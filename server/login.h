/* login.h — the password door: POST /api/login, slow on purpose and limited per address. */
#ifndef SERVER_LOGIN_H
#define SERVER_LOGIN_H

#include <stdbool.h>
#include "front.h"

struct room; struct logins;

struct logins *logins_new(struct room *room);
void logins_free(struct logins *logins);     /* when none is under way */
bool logins_busy(const struct logins *logins);
/* context is the struct logins. */
http_fn login_handle;

#endif
