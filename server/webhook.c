/* webhook.c — sends what is due to whoever asked to be told; the stream wakes it, the database says what.
 *
 * A lease outlives one try: when this process dies in between, the delivery goes again, and the receiver knows it by
 * its event id. A slow receiver holds up nobody else: at most so many are on their way, each with its time. */
#include "webhook.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "address.h"
#include "backoff.h"
#include "config.h"
#include "fetch.h"
#include "log.h"
#include "loop.h"
#include "room.h"
#include "seal.h"
#include "signature.h"
#include "system.h"

enum { TICK_MS = 1000, SOON_MS = 50, PURGE_TICKS = 60, LEASE_BEYOND_MS = 5000, FAULT_ROOM_HOOK = 200, URL_MOST = 500,
	RING_ROOM = SIGN_KEY_ROOM + SIGN_SECRET_ROOM + 2 };

struct webhooks {
	struct room *room;
	struct fetch *fetch;
	struct timer *tick, *soon;
	unsigned ticks;
	struct letter *letters;            /* on their way */
	int in_flight, telling;
	uint64_t delivered, failed, dead;
	bool asking, again, awake, purge, stopping;
};

/* One delivery on its way. */
struct letter {
	struct webhooks *webhooks;
	struct letter *next, **link;
	long long delivery;
	int tries;
	char key[SIGN_KEY_ROOM];
};

static void take(struct webhooks *webhooks);

static struct letter *letter_new(struct webhooks *webhooks, const json_t *row)
{
	struct letter *letter = calloc(1, sizeof *letter);

	if (letter == NULL)
		abort();
	*letter = (struct letter){ .webhooks = webhooks, .next = webhooks->letters, .link = &webhooks->letters,
		.delivery = json_integer_value(json_object_get(row, "delivery")),
		.tries = (int)json_integer_value(json_object_get(row, "tries")) };
	snprintf(letter->key, sizeof letter->key, "%s", json_string_value(json_object_get(row, "key")));
	if (letter->next != NULL)
		letter->next->link = &letter->next;
	webhooks->letters = letter;
	webhooks->in_flight++;
	return letter;
}

static void letter_free(struct letter *letter)
{
	*letter->link = letter->next;
	if (letter->next != NULL)
		letter->next->link = letter->link;
	letter->webhooks->in_flight--;
	free(letter);
}

/* ---- what became of it --------------------------------------------------------------------------- */

static void on_told(void *context, enum store_status status, const struct rows *rows)
{
	struct webhooks *webhooks = context;

	(void)status, (void)rows;
	webhooks->telling--;
	take(webhooks);
}

static void on_fetched(void *context, const struct fetched *fetched)
{
	struct letter *letter = context;
	struct webhooks *webhooks = letter->webhooks;
	const struct config *config = webhooks->room->config;
	bool ok = fetched->status >= 200 && fetched->status < 300;
	bool dead = !ok && letter->tries + 1 >= config->webhook_tries;
	char fault[FAULT_ROOM_HOOK] = "", number[24];
	int64_t now = wall_ms();
	json_t *params;

	if (!ok && fetched->status > 0)
		snprintf(fault, sizeof fault, "HTTP %d", fetched->status);
	else if (!ok)
		snprintf(fault, sizeof fault, "没有应答：%.150s", fetched->fault);
	snprintf(number, sizeof number, "%lld", letter->delivery);
	log_line(ok ? LOG_INFO : LOG_WARN, "webhook", ok ? "delivered" : dead ? "given up" : "to be sent again",
	         "key", letter->key, "delivery", number, "why", fault, NULL);
	params = json_pack("{s:I, s:I, s:b, s:b, s:s?, s:I}", "delivery", (json_int_t)letter->delivery,
		"at", (json_int_t)now, "ok", ok, "dead", dead, "fault", ok ? NULL : fault,
		"due", (json_int_t)(now + backoff_pause(config->webhook_retry_ms, config->webhook_retry_most_ms, letter->tries)));
	*(ok ? &webhooks->delivered : dead ? &webhooks->dead : &webhooks->failed) += 1;
	webhooks->telling++;
	system_ask(webhooks->room, STATEMENT_hook_told, LANE_WRITE, (unsigned long)letter->delivery, params, on_told,
	           webhooks);
	letter_free(letter);
}

/* ---- sending ------------------------------------------------------------------------------------- */

static bool part_of(CURLU *parts, CURLUPart part, char **ret)
{
	return curl_url_get(parts, part, ret, 0) == CURLUE_OK;
}

bool webhook_url_ok(const char *url)
{
	CURLU *parts = curl_url();
	char *scheme = NULL, *host = NULL, *user = NULL;
	bool good = parts != NULL && strlen(url) <= URL_MOST
		&& curl_url_set(parts, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK
		&& part_of(parts, CURLUPART_SCHEME, &scheme) && part_of(parts, CURLUPART_HOST, &host)
		&& !part_of(parts, CURLUPART_USER, &user)
		&& (strcmp(scheme, "https") == 0 || strcmp(scheme, "http") == 0);

	curl_free(scheme);
	curl_free(host);
	curl_free(user);
	curl_url_cleanup(parts);
	return good;
}

/* The path as it is sent and signed, without the query. */
static void path_of(const char *url, char *out, size_t size)
{
	CURLU *parts = curl_url();
	char *path = NULL;

	if (parts != NULL && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK)
		part_of(parts, CURLUPART_PATH, &path);
	snprintf(out, size, "%s", path != NULL ? path : "/");
	curl_free(path);
	curl_url_cleanup(parts);
}

static bool letter_post(struct letter *letter, const char *url, const char *secret, const char *body)
{
	char ring[RING_ROOM], header[SIGN_HEADER_ROOM], nonce[37], path[URL_MOST + 1];
	bool begun;

	path_of(url, path, sizeof path);
	uuid_make(nonce);
	snprintf(ring, sizeof ring, "%s:%s", letter->key, secret);
	begun = signature_header(ring, &(struct signing){ .method = "POST", .path = path, .time = wall_ms(), .nonce = nonce,
			.body = body, .len = strlen(body) }, header)
		&& fetch_post(letter->webhooks->fetch, url, header, body, strlen(body),
		              letter->webhooks->room->config->webhook_timeout_ms, on_fetched, letter);
	explicit_bzero(ring, sizeof ring);
	return begun;
}

static void letter_send(struct webhooks *webhooks, const json_t *row)
{
	struct letter *letter = letter_new(webhooks, row);
	char *secret = unseal_text(webhooks->room->seal, json_string_value(json_object_get(row, "secret")));
	char *body = json_dumps(json_object_get(row, "event"), JSON_COMPACT);

	if (body == NULL)
		abort();
	if (secret == NULL)
		on_fetched(letter, &(struct fetched){ .body = "", .fault = "密钥不能解密，请核对密钥文件" });
	else if (!letter_post(letter, json_string_value(json_object_get(row, "url")), secret, body))
		on_fetched(letter, &(struct fetched){ .body = "", .fault = "地址不可用" });
	if (secret != NULL)
		explicit_bzero(secret, strlen(secret));
	free(secret);
	free(body);
}

static void on_taken(void *context, enum store_status status, const struct rows *rows)
{
	struct webhooks *webhooks = context;
	json_t *reply = outcome_reply_json(status, rows), *row;
	size_t i;

	webhooks->asking = false;
	json_array_foreach(json_object_get(reply, "rows"), i, row)
		letter_send(webhooks, row);
	json_decref(reply);
	if (webhooks->again)
		take(webhooks);
}

static void take(struct webhooks *webhooks)
{
	const struct config *config = webhooks->room->config;

	webhooks->again = webhooks->asking;
	if (webhooks->asking || webhooks->stopping || webhooks->in_flight >= config->webhook_in_flight)
		return;
	webhooks->asking = true;
	system_ask(webhooks->room, STATEMENT_hook_take, LANE_WRITE, 0, json_pack("{s:b, s:I, s:i, s:i}",
		"purge", webhooks->purge, "at", (json_int_t)wall_ms(), "limit", config->webhook_in_flight - webhooks->in_flight,
		"lease_ms", config->webhook_timeout_ms + LEASE_BEYOND_MS), on_taken, webhooks);
	webhooks->purge = false;
}

/* ---- its life ------------------------------------------------------------------------------------ */

/* Whoever may name an address must not reach what only this machine can. */
static bool may_reach(void *context, const struct sockaddr *address)
{
	const struct webhooks *webhooks = context;

	return address_is_public(address) || address_listed(address, webhooks->room->config->webhook_allow);
}

static void tick(void *context)
{
	struct webhooks *webhooks = context;

	webhooks->purge = webhooks->purge || webhooks->ticks++ % PURGE_TICKS == 0;
	take(webhooks);
}

static void on_soon(void *context)
{
	struct webhooks *webhooks = context;

	webhooks->awake = false;
	take(webhooks);
}

struct webhooks *webhooks_open(struct room *room)
{
	struct webhooks *webhooks = calloc(1, sizeof *webhooks);

	if (webhooks == NULL)
		abort();
	webhooks->room = room;
	webhooks->fetch = fetch_open(room->loop);
	fetch_guard(webhooks->fetch, may_reach, webhooks);
	webhooks->tick = loop_timer(room->loop, tick, webhooks);
	webhooks->soon = loop_timer(room->loop, on_soon, webhooks);
	timer_start(webhooks->tick, TICK_MS, TICK_MS);
	return webhooks;
}

/* The stream may bring thousands a second: they are asked about together. */
void webhooks_touch(struct webhooks *webhooks)
{
	if (webhooks == NULL || webhooks->awake || webhooks->stopping)
		return;
	webhooks->awake = true;
	timer_start(webhooks->soon, SOON_MS, 0);
}

void webhooks_stop(struct webhooks *webhooks)
{
	if (webhooks == NULL || webhooks->stopping)
		return;
	webhooks->stopping = true;
	timer_stop(webhooks->tick);
	timer_stop(webhooks->soon);
}

/* A request on its way is not waited for: its lease runs out and it goes again. */
bool webhooks_busy(const struct webhooks *webhooks)
{
	return webhooks != NULL && webhooks->telling > 0;
}

void webhooks_close(struct webhooks *webhooks)
{
	if (webhooks == NULL)
		return;
	fetch_close(webhooks->fetch);
	while (webhooks->letters != NULL)
		letter_free(webhooks->letters);
	timer_end(webhooks->tick);
	timer_end(webhooks->soon);
	free(webhooks);
}

void webhooks_metrics(const struct webhooks *webhooks, FILE *out)
{
	if (webhooks == NULL)
		return;
	fprintf(out, "# HELP hotline_webhook_deliveries_total Tries to tell another system, by what became of them.\n"
	        "# TYPE hotline_webhook_deliveries_total counter\n"
	        "hotline_webhook_deliveries_total{outcome=\"delivered\"} %" PRIu64 "\n"
	        "hotline_webhook_deliveries_total{outcome=\"failed\"} %" PRIu64 "\n"
	        "hotline_webhook_deliveries_total{outcome=\"dead\"} %" PRIu64 "\n"
	        "# HELP hotline_webhook_in_flight Deliveries on their way.\n"
	        "# TYPE hotline_webhook_in_flight gauge\nhotline_webhook_in_flight %d\n",
	        webhooks->delivered, webhooks->failed, webhooks->dead, webhooks->in_flight);
}

enum judged judge_webhook(struct room *room, struct ask *ask)
{
	if (webhook_url_ok(json_string_value(json_object_get(ask->params, "url"))))
		return JUDGE_PASS;
	ask_refuse(room, ask, REFUSE_bad_params, NULL, json_pack("{s:{s:s}}", "fields", "url", "应为 http 或 https 地址，不含用户名"));
	return JUDGE_DONE;
}
