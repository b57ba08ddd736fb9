/* login.h — the password door: POST /api/login, slow on purpose and limited per address. */
#ifndef SERVER_LOGIN_H
#define SERVER_LOGIN_H

#include <stdbool.h>
#include <stdint.h>
#include "front.h"

struct room; struct logins;

struct logins *logins_new(struct room *room);
void logins_free(struct logins *logins);     /* when none is under way */
bool logins_busy(const struct logins *logins);
/* context is the struct logins. */
http_fn login_handle;

/* A token bucket per address, in a fixed number of places. now in milliseconds. */
struct login_rate;
struct login_rate *login_rate_new(int per_minute);
void login_rate_free(struct login_rate *rate);
bool login_rate_take(struct login_rate *rate, const char *ip, int64_t now_ms);

#endif
