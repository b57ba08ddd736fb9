/* fetch.c — libcurl's multi interface behind the loop's watches and timers. */
#include "fetch.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "log.h"
#include "loop.h"

struct fetch {
	struct loop *loop;
	CURLM *multi;
	struct timer *timer;
	struct post *posts;
	fetch_allowed_fn *allowed;           /* NULL: every address */
	void *allowed_context;
};

/* One request on its way. */
struct post {
	struct fetch *fetch;
	struct post *next, **link;
	CURL *easy;
	struct curl_slist *headers;
	char *body, *answer;
	size_t len, room;
	char fault[CURL_ERROR_SIZE], denied[80];
	fetched_fn *done;
	void *context;
};

/* A descriptor that libcurl wants watched. */
struct socket_watch { struct fetch *fetch; struct watch *watch; curl_socket_t fd; };

static void post_free(struct post *post)
{
	*post->link = post->next;
	if (post->next)
		post->next->link = post->link;
	curl_multi_remove_handle(post->fetch->multi, post->easy);
	curl_easy_cleanup(post->easy);
	curl_slist_free_all(post->headers);
	free(post->body);
	free(post->answer);
	free(post);
}

static void post_end(struct post *post, CURLcode code)
{
	struct fetched fetched = { .body = post->answer ? post->answer : "", .len = post->len,
		.fault = *post->denied ? post->denied : *post->fault ? post->fault : curl_easy_strerror(code) };
	fetched_fn *done = post->done;
	void *context = post->context;
	long status = 0;

	if (code == CURLE_OK)
		curl_easy_getinfo(post->easy, CURLINFO_RESPONSE_CODE, &status);
	fetched.status = (int)status;
	done(context, &fetched);
	post_free(post);
}

static void finished_read(struct fetch *fetch)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(fetch->multi, &left)) != NULL) {
		struct post *post = NULL;
		CURLcode code = message->data.result;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&post);
		post_end(post, code);
	}
}

/* ---- what libcurl asks of the loop ------------------------------------------------------------ */

static void on_ready(void *context, int ready)
{
	struct socket_watch *watch = context;
	struct fetch *fetch = watch->fetch;
	int running, what = (ready & LOOP_READ ? CURL_CSELECT_IN : 0) | (ready & LOOP_WRITE ? CURL_CSELECT_OUT : 0);

	curl_multi_socket_action(fetch->multi, watch->fd, what, &running);
	finished_read(fetch);
}

static void on_timer(void *context)
{
	struct fetch *fetch = context;
	int running;

	curl_multi_socket_action(fetch->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	finished_read(fetch);
}

static int want_timer(CURLM *multi, long ms, void *context)
{
	struct fetch *fetch = context;

	(void)multi;
	if (ms < 0)
		timer_stop(fetch->timer);
	else
		timer_start(fetch->timer, (uint64_t)ms, 0);
	return 0;
}

static int want_socket(CURL *easy, curl_socket_t fd, int what, void *context, void *assigned)
{
	struct fetch *fetch = context;
	struct socket_watch *watch = assigned;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (watch)
			watch_end(watch->watch);
		free(watch);
		return 0;
	}
	if (!watch) {
		watch = malloc(sizeof *watch);
		if (!watch)
			abort();
		*watch = (struct socket_watch){ .fetch = fetch, .fd = fd };
		watch->watch = loop_watch(fetch->loop, fd, on_ready, watch);
		curl_multi_assign(fetch->multi, fd, watch);
	}
	watch_want(watch->watch, (what & CURL_POLL_IN ? LOOP_READ : 0) | (what & CURL_POLL_OUT ? LOOP_WRITE : 0));
	return 0;
}

/* ---- one request ------------------------------------------------------------------------------ */

static size_t take(char *bytes, size_t size, size_t count, void *context)
{
	struct post *post = context;
	size_t len = size * count;

	if (post->len + len > FETCH_MOST)
		return 0;   /* libcurl ends it with an error */
	if (post->len + len + 1 > post->room) {
		size_t room = post->room * 2 + len + 1;
		char *more = realloc(post->answer, room);

		if (!more)
			return 0;
		post->answer = more;
		post->room = room;
	}
	memcpy(post->answer + post->len, bytes, len);
	post->len += len;
	post->answer[post->len] = '\0';
	return len;
}

static curl_socket_t socket_open(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct post *post = context;
	struct fetch *fetch = post->fetch;

	(void)purpose;
	if (fetch->allowed && !fetch->allowed(fetch->allowed_context, &address->addr)) {
		snprintf(post->denied, sizeof post->denied, "不允许连接到这个地址");
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype, address->protocol);
}

static bool post_set(struct post *post, const char *url, size_t len, int timeout_ms)
{
	CURL *easy = post->easy;

	/* A connection of its own: on a kept one that has died libcurl sends the same request again by itself, and the
	 * peer, who may have taken the first, must refuse the second as a replay. */
	return curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)len) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_POSTFIELDS, post->body) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_HTTPHEADER, post->headers) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, post->fault) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_WRITEDATA, post) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, socket_open) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, post) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_PRIVATE, post) == CURLE_OK;
}

static struct curl_slist *headers_new(const char *authorization)
{
	struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json; charset=utf-8");
	char line[512];

	snprintf(line, sizeof line, "Authorization: %s", authorization);
	headers = curl_slist_append(headers, line);
	return curl_slist_append(headers, "Expect:");
}

bool fetch_post(struct fetch *fetch, const char *url, const char *authorization, const char *body, size_t len,
                int timeout_ms, fetched_fn *done, void *context)
{
	struct post *post = calloc(1, sizeof *post);

	if (!post)
		abort();
	*post = (struct post){ .fetch = fetch, .done = done, .context = context, .next = fetch->posts, .link = &fetch->posts,
		.easy = curl_easy_init(), .headers = headers_new(authorization), .body = malloc(len + 1) };
	if (!post->easy || !post->headers || !post->body)
		abort();
	if (post->next)
		post->next->link = &post->next;
	fetch->posts = post;
	memcpy(post->body, body, len);
	post->body[len] = '\0';
	if (post_set(post, url, len, timeout_ms) && curl_multi_add_handle(fetch->multi, post->easy) == CURLM_OK)
		return true;
	post_free(post);
	return false;
}

/* ---- the room --------------------------------------------------------------------------------- */

struct fetch *fetch_open(struct loop *loop)
{
	struct fetch *fetch = calloc(1, sizeof *fetch);

	if (!fetch || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || !(fetch->multi = curl_multi_init())) {
		log_line(LOG_ERROR, "fetch", "libcurl cannot be used", NULL);
		abort();
	}
	fetch->loop = loop;
	fetch->timer = loop_timer(loop, on_timer, fetch);
	curl_multi_setopt(fetch->multi, CURLMOPT_SOCKETFUNCTION, want_socket);
	curl_multi_setopt(fetch->multi, CURLMOPT_SOCKETDATA, fetch);
	curl_multi_setopt(fetch->multi, CURLMOPT_TIMERFUNCTION, want_timer);
	curl_multi_setopt(fetch->multi, CURLMOPT_TIMERDATA, fetch);
	return fetch;
}

void fetch_guard(struct fetch *fetch, fetch_allowed_fn *allowed, void *context)
{
	fetch->allowed = allowed;
	fetch->allowed_context = context;
}

void fetch_close(struct fetch *fetch)
{
	if (!fetch)
		return;
	while (fetch->posts)
		post_free(fetch->posts);
	curl_multi_cleanup(fetch->multi);
	timer_end(fetch->timer);
	free(fetch);
	curl_global_cleanup();
}
