/* fetch.h — HTTP requests to other servers, on the loop: libcurl does the protocol, nothing here blocks. */
#ifndef SERVER_FETCH_H
#define SERVER_FETCH_H

#include <stdbool.h>
#include <stddef.h>

struct loop;
struct fetch;
struct sockaddr;

struct fetch *fetch_open(struct loop *loop);
/* What is under way is dropped; its callbacks do not come. */
void fetch_close(struct fetch *fetch);

/* From now on only addresses of which allowed() says so are connected to, whatever a name resolves to. */
typedef bool fetch_allowed_fn(void *context, const struct sockaddr *address);
void fetch_guard(struct fetch *fetch, fetch_allowed_fn *allowed, void *context);

/* What came back; valid during the call. status 0: nothing did, and fault (never NULL) says why. */
struct fetched { int status; const char *body; size_t len; const char *fault; };
typedef void fetched_fn(void *context, const struct fetched *fetched);

/* POST a JSON body (copied) with one Authorization header. Only http and https, no redirects, answers of at most
 * FETCH_MOST bytes. done comes once, later in the loop. false: it could not even be begun (done does not come). */
enum { FETCH_MOST = 262144 };
bool fetch_post(struct fetch *fetch, const char *url, const char *authorization, const char *body, size_t len,
                int timeout_ms, fetched_fn *done, void *context);

#endif
