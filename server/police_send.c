/* police_send.c — sends what waits for the police platform: leased from the database, signed, tried again, or dead.
 *
 * The stream says that something waits; the database says what. A lease outlives one try: when this process dies in
 * between, another takes the message up again, and the platform knows it by its msg_id. */
#include "police.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "backoff.h"
#include "config.h"
#include "feed.h"
#include "fetch.h"
#include "log.h"
#include "loop.h"
#include "seal.h"
#include "signature.h"
#include "stream.h"
#include "system.h"

enum { TICK_MS = 1000, LEASE_BEYOND_MS = 5000, ANSWER_KEPT = 4000, URL_ROOM = 600, PATH_ROOM = 400 };

struct police {
	struct room *room;
	struct fetch *fetch;
	struct stream *stream;
	struct timer *tick;
	int in_flight, telling;            /* requests on their way; answers being written down */
	bool asking, again, stopping, due_asked, beating;
	int64_t beat_at;
	uint64_t sent, acked, failed, dead;
};

/* One message on its way. */
struct letter { struct police *police; long long message; int tries; char msg_id[37], kind[20]; };

static void take(struct police *police);

/* ---- what became of it ------------------------------------------------------------------------ */

static void on_told(void *context, enum store_status status, const struct rows *rows)
{
	struct police *police = context;

	police->telling--;
	if (status == STORE_OK)
		feed_publish(police->room, rows);
	take(police);
}

/* What no repetition mends: the platform read it and will not have it. */
static bool is_final(int status)
{
	return status >= 400 && status < 500 && status != 401 && status != 403 && status != 408 && status != 425 && status != 429;
}

/* An acknowledgement names the message; a page of some proxy does not. */
static json_t *ack_read(const struct letter *letter, const struct fetched *fetched)
{
	json_t *answer = fetched->status >= 200 && fetched->status < 300
		? json_loadb(fetched->body, fetched->len, JSON_REJECT_DUPLICATES, NULL) : NULL;
	const char *ack = json_string_value(json_object_get(answer, "ack"));

	if (ack != NULL && strcasecmp(ack, letter->msg_id) == 0)
		return answer;
	json_decref(answer);
	return NULL;
}

/* One line for people; never more of an answer than its code and sentence. */
static void fault_text(const struct fetched *fetched, char out[200])
{
	json_t *answer = fetched->status > 0 ? json_loadb(fetched->body, fetched->len, 0, NULL) : NULL;
	const char *said = json_string_value(json_object_get(json_object_get(answer, "error"), "message"));

	if (fetched->status == 0)
		snprintf(out, 200, "没有应答：%.150s", fetched->fault);
	else if (fetched->status < 300)
		snprintf(out, 200, "应答不是对本报文的确认（HTTP %d）", fetched->status);
	else
		snprintf(out, 200, "HTTP %d%s%.120s", fetched->status, said ? "：" : "", said ? said : "");
	json_decref(answer);
}

static void on_fetched(void *context, const struct fetched *fetched)
{
	struct letter *letter = context;
	struct police *police = letter->police;
	const struct config *config = police->room->config;
	json_t *answer = ack_read(letter, fetched), *params;
	int64_t now = wall_ms();
	bool dead = answer == NULL && (is_final(fetched->status) || letter->tries + 1 >= config->police_tries);
	char fault[200] = "", kept[ANSWER_KEPT] = "";

	if (answer == NULL)
		fault_text(fetched, fault);
	else
		snprintf(kept, sizeof kept, "%.*s", (int)(fetched->len < sizeof kept ? fetched->len : 0), fetched->body);
	police->in_flight--;
	police->acked += answer != NULL;
	police->failed += answer == NULL;
	police->dead += dead;
	log_line(answer ? LOG_INFO : LOG_WARN, "police", answer ? "acknowledged" : dead ? "given up" : "to be sent again",
	         "kind", letter->kind, "msg_id", letter->msg_id, "why", fault, NULL);
	params = json_pack("{s:I, s:I, s:b, s:i, s:b, s:I, s:o}", "message", (json_int_t)letter->message, "at", (json_int_t)now,
		"ok", answer != NULL, "status", fetched->status, "dead", dead, "next_at",
		(json_int_t)(now + backoff_pause(config->police_retry_ms, config->police_retry_most_ms, letter->tries)),
		"taken", police_taken_move(police->room, now));
	if (answer == NULL)
		json_object_set_new(params, "fault", json_string(fault));
	else if (*kept)
		json_object_set_new(params, "answer", json_string(kept));
	if (answer != NULL)
		json_object_set_new(params, "answered", answer);
	police->telling++;
	system_ask(police->room, STATEMENT_police_told, LANE_WRITE, (unsigned long)letter->message, params, on_told, police);
	free(letter);
}

/* ---- sending ---------------------------------------------------------------------------------- */

static bool post(struct police *police, const char *kind, const char *body, fetched_fn *done, void *context)
{
	const struct config *config = police->room->config;
	char url[URL_ROOM], header[SIGN_HEADER_ROOM], nonce[37];
	const char *host, *path;

	snprintf(url, sizeof url, "%.500s/%s", config->police_url, kind);
	host = strstr(url, "://");
	path = host ? strchr(host + 3, '/') : NULL;
	uuid_make(nonce);
	return path && signature_header(config->police_keys, &(struct signing){ .method = "POST", .path = path, .time = wall_ms(),
			.nonce = nonce, .body = body, .len = strlen(body) }, header) &&
	       fetch_post(police->fetch, url, header, body, strlen(body), config->police_timeout_ms, done, context);
}

/* What it tells of a person is opened here and nowhere kept. */
static char *body_text(const struct police *police, const json_t *row)
{
	const char *phone = json_string_value(json_object_get(row, "phone"));
	const char *name = json_string_value(json_object_get(row, "name"));
	char *open_phone = phone ? unseal_text(police->room->seal, phone) : NULL;
	char *open_name = name ? unseal_text(police->room->seal, name) : NULL;
	json_t *body = police_body(row, open_phone && *open_phone ? open_phone : NULL, open_name);
	char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;

	json_decref(body);
	free(open_phone);
	free(open_name);
	return text;
}

static void letter_send(struct police *police, const json_t *row)
{
	struct letter *letter = calloc(1, sizeof *letter);
	char *text = body_text(police, row);

	if (letter == NULL || text == NULL)
		abort();
	letter->police = police;
	letter->message = json_integer_value(json_object_get(row, "message"));
	letter->tries = (int)json_integer_value(json_object_get(row, "tries"));
	snprintf(letter->msg_id, sizeof letter->msg_id, "%s", json_string_value(json_object_get(row, "msg_id")));
	snprintf(letter->kind, sizeof letter->kind, "%s", json_string_value(json_object_get(row, "kind")));
	police->in_flight++;
	police->sent++;
	if (!post(police, letter->kind, text, on_fetched, letter))
		on_fetched(letter, &(struct fetched){ .body = "", .fault = "police_url 不是可用的地址" });
	free(text);
}

struct asking { struct police *police; size_t entries; };

static void on_taken(void *context, enum store_status status, const struct rows *rows)
{
	struct asking asking = *(struct asking *)context;
	struct police *police = asking.police;
	json_t *reply = outcome_reply_json(status, rows), *row;
	size_t i;

	free(context);
	police->asking = false;
	if (reply != NULL && police->stream != NULL)
		stream_ack(police->stream, asking.entries);
	json_array_foreach(json_object_get(reply, "rows"), i, row)
		letter_send(police, row);
	json_decref(reply);
	if (police->again)
		take(police);
}

static void take(struct police *police)
{
	const struct config *config = police->room->config;
	struct asking *asking;

	police->again = police->asking;
	if (police->asking || police->stopping || police->in_flight >= config->police_in_flight)
		return;
	asking = malloc(sizeof *asking);
	if (asking == NULL)
		abort();
	*asking = (struct asking){ police, stream_taken(police->stream) };
	police->asking = true;
	system_ask(police->room, STATEMENT_police_take, LANE_WRITE, 0, json_pack("{s:I, s:i, s:i}", "at", (json_int_t)wall_ms(),
		"limit", config->police_in_flight - police->in_flight, "lease_ms", config->police_timeout_ms + LEASE_BEYOND_MS),
		on_taken, asking);
}

static void on_arrived(void *context)
{
	take(context);
}

/* ---- the clock -------------------------------------------------------------------------------- */

static void on_due(void *context, enum store_status status, const struct rows *rows)
{
	struct police *police = context;

	police->due_asked = false;
	if (status == STORE_OK)
		feed_publish(police->room, rows);
}

static void on_beat_told(void *context, enum store_status status, const struct rows *rows)
{
	struct police *police = context;

	(void)status, (void)rows;
	police->telling--;
}

static void on_beat(void *context, const struct fetched *fetched)
{
	struct police *police = context;
	bool ok = fetched->status >= 200 && fetched->status < 300;
	char fault[200] = "";
	json_t *params;

	if (!ok)
		fault_text(fetched, fault);
	police->beating = false;
	police->telling++;
	params = json_pack("{s:I, s:b, s:s}", "at", (json_int_t)wall_ms(), "ok", ok, "fault", fault);
	system_ask(police->room, STATEMENT_police_beat, LANE_WRITE, 0, params, on_beat_told, police);
}

static void beat(struct police *police)
{
	char msg_id[37], body[200];

	if (police->beating || loop_ms(police->room->loop) < police->beat_at)
		return;
	police->beat_at = loop_ms(police->room->loop) + (int64_t)police->room->config->police_beat_seconds * 1000;
	uuid_make(msg_id);
	snprintf(body, sizeof body, "{\"msg_id\":\"%s\",\"src\":\"12345\",\"dst\":\"110\",\"kind\":\"heartbeat\",\"version\":0,"
	         "\"time\":%" PRId64 "}", msg_id, wall_ms());
	police->beating = post(police, "heartbeat", body, on_beat, police);
}

static void tick(void *context)
{
	struct police *police = context;

	if (police->stopping)
		return;
	if (!police->due_asked) {
		police->due_asked = true;
		system_ask(police->room, STATEMENT_police_due, LANE_WRITE, 0, json_pack("{s:I, s:b}", "at", (json_int_t)wall_ms(),
			"recon", police->fetch != NULL), on_due, police);
	}
	if (police->fetch == NULL)
		return;
	stream_tick(police->stream);
	take(police);
	beat(police);
}

/* ---- its life --------------------------------------------------------------------------------- */

/* Without a platform only the clock runs: transfers by telephone have their limits too. */
void police_open(struct room *room)
{
	struct police *police = calloc(1, sizeof *police);

	if (police == NULL)
		abort();
	police->room = room;
	police->tick = loop_timer(room->loop, tick, police);
	timer_start(police->tick, TICK_MS, TICK_MS);
	room->police = police;
	if (police_has_platform(room->config) && signature_ring_ok(room->config->police_keys)) {
		police->fetch = fetch_open(room->loop);
		police->stream = stream_open(room, "110", on_arrived, police);
	} else {
		log_line(LOG_INFO, "police", "no police platform: transfers to 110 are made by telephone only; "
		         "settings police_keys, police_url", NULL);
	}
}

void police_drain(struct room *room)
{
	if (room->police == NULL)
		return;
	room->police->stopping = true;
	timer_stop(room->police->tick);
	if (room->police->stream != NULL)
		stream_stop(room->police->stream);
}

/* A request on its way is not waited for: its lease runs out and it goes again. */
bool police_busy(const struct room *room)
{
	return room->police != NULL && room->police->telling > 0;
}

void police_close(struct room *room)
{
	struct police *police = room->police;

	if (police == NULL)
		return;
	police_drain(room);
	if (police->stream != NULL)
		stream_close(police->stream);
	fetch_close(police->fetch);
	timer_end(police->tick);
	free(police);
	room->police = NULL;
}

void police_metrics(const struct room *room, FILE *out)
{
	const struct police *police = room->police;

	if (police == NULL)
		return;
	fprintf(out, "# HELP hotline_police_messages_total Messages to the police platform, by what became of the try.\n"
	        "# TYPE hotline_police_messages_total counter\n"
	        "hotline_police_messages_total{outcome=\"acked\"} %" PRIu64 "\n"
	        "hotline_police_messages_total{outcome=\"failed\"} %" PRIu64 "\n"
	        "hotline_police_messages_total{outcome=\"dead\"} %" PRIu64 "\n"
	        "# HELP hotline_police_in_flight Messages on their way to the police platform.\n"
	        "# TYPE hotline_police_in_flight gauge\nhotline_police_in_flight %d\n",
	        police->acked, police->failed, police->dead, police->in_flight);
}
