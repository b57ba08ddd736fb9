/* hotline_load.c — loads the server as agents and handlers do, and prints what it measured.
 *
 *   hotline_load intake  PORT SECONDS LINKS WINDOW AGENT          durable tickets a second
 *   hotline_load arrive  PORT SECONDS LINKS WINDOW AGENT HANDLER  tickets a second that reach the department
 *   hotline_load loop    PORT SECONDS LINKS WINDOW AGENT HANDLER SUPERVISOR  whole loops, moves a second
 *   hotline_load latency PORT SECONDS RATE AGENT HANDLER          submit → department's console
 *   hotline_load idle    PORT LINKS AGENT                         holds links until stdin ends
 *
 * AGENT, HANDLER and SUPERVISOR are session cookies. Output is "name value" lines. Bounded by SECONDS. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uuid/uuid.h>
#include "ws.h"

#define BODY "某小区旁边的工地每天晚上十一点以后还在施工，噪声很大，老人孩子无法休息，" \
	"希望有关部门尽快管一管，要求晚上十点以后停止施工并加强巡查。"
enum { LINKS_MOST = 16000, HANDLERS = 16, SUPERVISORS = 4, SLOTS = 1 << 20, SAMPLES_MOST = 1 << 21 };
/* What lets the next ticket of a closed load begin: the last one's number, its arrival, its end. */
enum next { NEXT_NEVER, NEXT_ON_ACK, NEXT_ON_ARRIVAL, NEXT_ON_CLOSE };

static struct ws links[LINKS_MOST];
static int agents;                         /* links[0…agents) are agents, then the handlers */
static struct ws *handlers;                /* NULL = none; the first listens, all send */
static struct ws *supervisors;
/* What a ticket goes through, in order; between the first two the server dispatches it. */
enum deed { DEED_none, DEED_submit, DEED_sign, DEED_contact, DEED_finish, DEED_pass, DEED_notify, DEED_rate, DEED_done };
static int64_t sent_at[SLOTS];             /* by request number */
static unsigned char sent_deed[SLOTS];
static int64_t submitted_at[SLOTS], arrived_at[SLOTS];   /* by ticket */
static int64_t samples[SAMPLES_MOST];
static size_t sample_count;
static uint32_t requests;
static uint64_t acks, moves, closed_loops, refused;
static enum next next;
static int submitting;
static int ready;                          /* links that have said hello and opened their feed */

static void ask(struct ws *ws, const char *method, const char *parameters, enum deed deed)
{
	char frame[4096], uuid[37];
	uuid_t binary;
	int len;

	uuid_generate_random(binary);
	uuid_unparse_lower(binary, uuid);
	sent_at[requests % SLOTS] = now_us();
	sent_deed[requests % SLOTS] = (unsigned char)deed;
	len = deed != DEED_none
		? snprintf(frame, sizeof(frame), "{\"jsonrpc\":\"2.0\",\"id\":%" PRIu32 ",\"method\":\"%s\","
		           "\"params\":{\"request\":\"%s\",%s}}", requests, method, uuid, parameters)
		: snprintf(frame, sizeof(frame), "{\"jsonrpc\":\"2.0\",\"id\":%" PRIu32 ",\"method\":\"%s\","
		           "\"params\":{%s}}", requests, method, parameters);
	requests++;
	ws_send(ws, frame, (size_t)len);
}

static void submit(struct ws *ws)
{
	char parameters[2048];

	snprintf(parameters, sizeof(parameters), "\"kind\":3,\"matter\":\"0501\",\"region\":\"232761\","
		"\"place\":\"曙光街道人民路%u号\",\"title\":\"夜间施工噪声扰民影响休息\",\"body\":\"" BODY "\","
		"\"phone\":\"138%08u\",\"name\":\"张先生\"", requests % 900, requests % 100000000);
	ask(ws, "ticket.submit", parameters, DEED_submit);
}

static long long field(const char *text, const char *name)
{
	const char *at = strstr(text, name);

	return at ? strtoll(at + strlen(name), NULL, 10) : -1;
}

/* The next deed of a ticket on its way round the loop. */
static void move(enum deed deed, long long id, long long ver)
{
	static const struct { const char *method; int state; const char *more; } deeds[DEED_done] = {
		[DEED_sign] = { "ticket.sign", 35, "" },
		[DEED_contact] = { "ticket.contact", 40, ",\"result\":\"reached\",\"text\":\"已联系，约定今晚查看\"" },
		[DEED_finish] = { "ticket.finish", 40, ",\"text\":\"已责令停工整改\",\"solved\":true" },
		[DEED_pass] = { "ticket.pass", 50, "" },
		[DEED_notify] = { "ticket.notify", 55, ",\"way\":\"phone\",\"text\":\"已电话告知\"" },
		[DEED_rate] = { "ticket.rate", 60, ",\"grade\":5,\"solved\":true" },
	};
	struct ws *ws = deed <= DEED_finish ? &handlers[id % HANDLERS]
		: deed == DEED_pass ? &supervisors[id % SUPERVISORS] : &links[id % agents];
	char parameters[512];

	snprintf(parameters, sizeof(parameters), "\"id\":%lld,\"seen\":{\"ver\":%lld,\"state\":%d,"
		"\"kind\":3,\"urgency\":0,\"matter\":\"0501\"}%s", id, ver, deeds[deed].state, deeds[deed].more);
	ask(ws, deeds[deed].method, parameters, deed);
}

static void submit_another(enum next reason)
{
	if (submitting && next == reason)
		submit(&links[requests % (uint32_t)agents]);
}

static void sample(long long ticket)
{
	int64_t *from = &submitted_at[ticket % SLOTS], *to = &arrived_at[ticket % SLOTS];

	if (*from == 0 || *to == 0)
		return;
	if (sample_count < SAMPLES_MOST)
		samples[sample_count++] = *to - *from;
	*from = *to = 0;
	submit_another(NEXT_ON_ARRIVAL);
}

static void on_reply(const char *text)
{
	const char *result = strstr(text, "\"result\":{");
	long long request = field(text, "\"id\":"), ticket;
	enum deed deed = (enum deed)sent_deed[request % SLOTS];

	if (strstr(text, "\"error\":") != NULL) {
		if (refused++ == 0)
			fprintf(stderr, "load: first refusal: %.300s\n", text);
		return;
	}
	if (deed == DEED_none) {                   /* hello or feed.open */
		ready++;
		return;
	}
	ticket = field(result, "\"id\":");
	if (deed == DEED_submit) {
		acks++;
		moves += 2;                            /* taken down, and dispatched by the server */
		submitted_at[ticket % SLOTS] = sent_at[request % SLOTS];
		sample(ticket);
		submit_another(NEXT_ON_ACK);
		return;
	}
	moves++;
	if (deed == DEED_rate) {
		closed_loops++;
		submit_another(NEXT_ON_CLOSE);
	} else {
		move(deed + 1, ticket, field(result, "\"ver\":"));
	}
}

static void on_feed(char *text)
{
	static const char head[] = "\"k\":\"ticket\",\"b\":{\"id\":";
	char *at = text;

	while ((at = strstr(at, head)) != NULL) {
		long long ticket = strtoll(at + sizeof(head) - 1, NULL, 10);

		if (field(at, "\"state\":") == 35) {
			arrived_at[ticket % SLOTS] = now_us();
			sample(ticket);
			if (next == NEXT_ON_CLOSE)
				move(DEED_sign, ticket, field(at, "\"ver\":"));
		}
		at += sizeof(head);
	}
}

static void on_frame(struct ws *ws, char *text, size_t len)
{
	(void)len;
	if (strncmp(text, "{\"jsonrpc\":\"2.0\",\"id\"", 21) == 0)
		on_reply(text);
	else if (ws == handlers)
		on_feed(text);
}

static void wait_ready(int count)
{
	int64_t until = now_us() + 30000000;

	while (ready < count) {
		if (now_us() > until)
			die("only %d of %d answers to hello", ready, count);
		ws_poll(100);
	}
}

static struct ws *open_desks(int port, int first, int count, const char *cookie)
{
	int i;

	for (i = first; i < first + count; i++) {
		links[i].number = i;
		ws_open(&links[i], port, cookie, on_frame);
		ask(&links[i], "session.hello", "", DEED_none);
	}
	wait_ready(first + count);
	return &links[first];
}

/* handler, supervisor: NULL where the load has none. */
static void open_links(int port, int count, const char *agent, const char *handler, const char *supervisor)
{
	int i;

	agents = count;
	for (i = 0; i < count; i++) {
		links[i].number = i;
		ws_open(&links[i], port, agent, on_frame);
		ask(&links[i], "session.hello", "", DEED_none);
		if (i % 100 == 99)
			wait_ready(i + 1);                 /* a few at a time: the listen queue is finite */
	}
	wait_ready(count);
	if (handler == NULL)
		return;
	handlers = open_desks(port, count, HANDLERS, handler);
	if (supervisor != NULL)
		supervisors = open_desks(port, count + HANDLERS, SUPERVISORS, supervisor);
	ask(handlers, "feed.open", "\"topics\":[\"dept\"]", DEED_none);
	wait_ready(ready + 1);
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static double percentile(double share)
{
	return sample_count == 0 ? -1 : (double)samples[(size_t)(share * (double)(sample_count - 1))] / 1000;
}

static void print_samples(void)
{
	qsort(samples, sample_count, sizeof(samples[0]), by_size);
	printf("arrived %zu\np50_ms %.2f\np90_ms %.2f\np99_ms %.2f\nmax_ms %.2f\n", sample_count,
	       percentile(0.5), percentile(0.9), percentile(0.99), percentile(1));
}

/* Closed load: as many under way as LINKS × WINDOW, a new one for each that is done. */
static void run_closed(int seconds, int window)
{
	int64_t began = now_us(), until = began + (int64_t)seconds * 1000000, took;
	int i, w;

	submitting = 1;
	for (w = 0; w < window; w++)
		for (i = 0; i < agents; i++)
			submit(&links[i]);
	while (now_us() < until)
		ws_poll(50);
	took = now_us() - began;
	submitting = 0;
	printf("acks %" PRIu64 "\nacks_per_s %.0f\narrivals_per_s %.0f\nmoves_per_s %.0f\nloops_per_s %.0f\n"
	       "refused %" PRIu64 "\n", acks, (double)acks * 1e6 / (double)took, (double)sample_count * 1e6 / (double)took, (double)moves * 1e6 / (double)took,
	       (double)closed_loops * 1e6 / (double)took, refused);
}

/* Open load: RATE submits a second whatever comes back; late ones are sent as soon as possible. */
static void run_open(int seconds, double rate)
{
	int64_t began = now_us(), until = began + (int64_t)seconds * 1000000, quiet = until + 5000000;
	uint64_t sent = 0;

	while (now_us() < until) {
		uint64_t owed = (uint64_t)((double)(now_us() - began) * rate / 1e6);

		for (; sent < owed; sent++)
			submit(&links[sent % (uint64_t)agents]);
		ws_poll(1);
	}
	while (sample_count < sent && now_us() < quiet)
		ws_poll(50);
	printf("sent %" PRIu64 "\nrefused %" PRIu64 "\n", sent, refused);
	print_samples();
}

static void run_idle(void)
{
	char byte;

	printf("links %d\n", agents);
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";
	int port = argc > 2 ? atoi(argv[2]) : 0;

	if (strcmp(mode, "intake") == 0 && argc == 7) {
		next = NEXT_ON_ACK;
		open_links(port, atoi(argv[4]), argv[6], NULL, NULL);
		run_closed(atoi(argv[3]), atoi(argv[5]));
	} else if ((strcmp(mode, "loop") == 0 && argc == 9) || (strcmp(mode, "arrive") == 0 && argc == 8)) {
		next = *mode == 'l' ? NEXT_ON_CLOSE : NEXT_ON_ARRIVAL;
		open_links(port, atoi(argv[4]), argv[6], argv[7], argv[8]);
		run_closed(atoi(argv[3]), atoi(argv[5]));
		print_samples();
	} else if (strcmp(mode, "latency") == 0 && argc == 7) {
		open_links(port, 20, argv[5], argv[6], NULL);
		run_open(atoi(argv[3]), atof(argv[4]));
	} else if (strcmp(mode, "idle") == 0 && argc == 5) {
		open_links(port, atoi(argv[3]), argv[4], NULL, NULL);
		run_idle();
	} else {
		die("see the first lines of tests/load/hotline_load.c for its use");
	}
	return 0;
}
