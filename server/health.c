/* health.c — how the server is, for a load balancer, for Prometheus and for the administrator. */
#include "health.h"
#include <dirent.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include "command_frame.h"
#include "command_table.h"
#include "config.h"
#include "dispatcher.h"
#include "feed.h"
#include "loop.h"
#include "model.h"
#include "police.h"
#include "redis.h"
#include "room.h"
#include "store.h"
#include "webhook.h"

static const char *const lane_names[LANE_COUNT] = { "write", "read", "slow", "long" };

/* ---- /healthz ------------------------------------------------------------------------------- */

static bool database_up(const struct room *room)
{
	for (int lane = 0; lane < LANE_COUNT; lane++)
		if (!store_is_up(room->store, lane))
			return false;
	return true;
}

/* Without Redis tickets are taken down as always; only the live view waits. */
static void healthz_handle(void *context, struct http_request *request)
{
	struct room *room = context;
	bool database = database_up(room), redis = redis_is_up(room->redis);
	json_t *body = json_pack("{s:s, s:s, s:b, s:b}", "status", !database ? "down" : redis ? "ok" : "degraded",
	                         "version", HOTLINE_VERSION, "database", database, "redis", redis);
	char *text = json_dumps(body, JSON_COMPACT);

	http_reply(request, database ? 200 : 503, "application/json", "Cache-Control: no-store\r\n",
	           text, strlen(text));
	free(text);
	json_decref(body);
}

/* ---- /metrics ------------------------------------------------------------------------------- */

static void head(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void print_histogram(FILE *out, const char *name, const struct command_counter *counter)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < COMMAND_BUCKETS - 1; i++) {
		sum += counter->buckets[i];
		fprintf(out, "hotline_command_seconds_bucket{command=\"%s\",le=\"%g\"} %" PRIu64 "\n", name,
		        (double)command_bounds[i] / 1e6, sum);
	}
	fprintf(out, "hotline_command_seconds_bucket{command=\"%s\",le=\"+Inf\"} %" PRIu64 "\n"
	        "hotline_command_seconds_sum{command=\"%s\"} %.6f\n"
	        "hotline_command_seconds_count{command=\"%s\"} %" PRIu64 "\n", name, counter->calls,
	        name, (double)counter->microseconds / 1e6, name, counter->calls);
}

static void print_commands(FILE *out)
{
	const struct command *table;
	size_t count = command_table(&table);

	head(out, "hotline_commands_total", "counter", "Commands answered, by outcome.");
	for (size_t i = 0; i < count; i++) {
		const struct command_counter *counter = command_counters(i);
		fprintf(out, "hotline_commands_total{command=\"%s\",outcome=\"ok\"} %" PRIu64 "\n"
		        "hotline_commands_total{command=\"%s\",outcome=\"refused\"} %" PRIu64 "\n", table[i].name,
		        counter->calls - counter->refused, table[i].name, counter->refused);
	}
	head(out, "hotline_command_seconds", "histogram", "Time from a command's frame to its answer.");
	for (size_t i = 0; i < count; i++)
		if (command_counters(i)->calls > 0)
			print_histogram(out, table[i].name, command_counters(i));
}

static void print_lanes(FILE *out, const struct room *room)
{
	head(out, "hotline_store_up", "gauge", "Whether every connection of the lane is usable.");
	for (int lane = 0; lane < LANE_COUNT; lane++)
		fprintf(out, "hotline_store_up{lane=\"%s\"} %d\n", lane_names[lane], store_is_up(room->store, lane));
	head(out, "hotline_store_pending", "gauge", "Calls to PostgreSQL that wait or are in flight.");
	for (int lane = 0; lane < LANE_COUNT; lane++)
		fprintf(out, "hotline_store_pending{lane=\"%s\"} %zu\n", lane_names[lane],
		        store_pending(room->store, lane));
	head(out, "hotline_store_calls_total", "counter", "Calls to PostgreSQL.");
	for (int lane = 0; lane < LANE_COUNT; lane++)
		fprintf(out, "hotline_store_calls_total{lane=\"%s\"} %llu\n", lane_names[lane],
		        store_counters(room->store, lane).calls);
	head(out, "hotline_store_syncs_total", "counter", "Round trips (on the write lane: commits).");
	for (int lane = 0; lane < LANE_COUNT; lane++)
		fprintf(out, "hotline_store_syncs_total{lane=\"%s\"} %llu\n", lane_names[lane],
		        store_counters(room->store, lane).syncs);
	head(out, "hotline_store_failures_total", "counter", "Statements that raised an error.");
	for (int lane = 0; lane < LANE_COUNT; lane++)
		fprintf(out, "hotline_store_failures_total{lane=\"%s\"} %llu\n", lane_names[lane],
		        store_counters(room->store, lane).failures);
	head(out, "hotline_store_reconnects_total", "counter", "Connections made again.");
	for (int lane = 0; lane < LANE_COUNT; lane++)
		fprintf(out, "hotline_store_reconnects_total{lane=\"%s\"} %llu\n", lane_names[lane],
		        store_counters(room->store, lane).reconnects);
}

static void gauge(FILE *out, const char *name, const char *help, double value)
{
	head(out, name, "gauge", help);
	fprintf(out, "%s %.17g\n", name, value);
}

static double resident_bytes(void)
{
	FILE *in = fopen("/proc/self/statm", "r");
	long pages = 0;

	if (in) {
		if (fscanf(in, "%*d %ld", &pages) != 1)
			pages = 0;
		fclose(in);
	}
	return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

static int open_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int count = -3;   /* ".", ".." and the directory's own */

	if (!dir)
		return 0;
	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

static void print_process(FILE *out)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	gauge(out, "process_resident_memory_bytes", "Resident memory size in bytes.", resident_bytes());
	head(out, "process_cpu_seconds_total", "counter", "User and system CPU time spent in seconds.");
	fprintf(out, "process_cpu_seconds_total %.6f\n",
	        (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	        (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6);
	gauge(out, "process_open_fds", "Number of open file descriptors.", open_fds());
}

static void metrics_print(FILE *out, const struct room *room)
{
	print_commands(out);
	print_lanes(out, room);
	gauge(out, "hotline_links", "Consoles connected.", (double)front_links(room->front));
	gauge(out, "hotline_commands_under_way", "Commands read and not yet answered.", (double)command_under_way());
	gauge(out, "hotline_redis_up", "Whether Redis is connected.", redis_is_up(room->redis));
	gauge(out, "hotline_model_version", "Version of the model that dispatches, 0 = the catalogue's words.", model_version(room));
	gauge(out, "hotline_feed_lag", "Events in the stream that were not read yet.",
	      (double)feed_lag_entries(room->feed));
	dispatcher_metrics(room, out);
	police_metrics(room, out);
	webhooks_metrics(room->webhooks, out);
	print_process(out);
}

static bool listed(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = list; *at; at += strcspn(at, " ")) {
		at += strspn(at, " ");
		if (strcspn(at, " ") == len && memcmp(at, word, len) == 0)
			return true;
	}
	return false;
}

static void metrics_handle(void *context, struct http_request *request)
{
	struct room *room = context;
	char *text = NULL;
	size_t len = 0;
	FILE *out;

	if (!listed(room->config->metrics_from, http_ip(request))) {
		http_refuse(request, 403, "not_allowed", "本地址无权读取运行指标，见设置 metrics_from");
		return;
	}
	out = open_memstream(&text, &len);
	if (!out) {
		http_refuse(request, 503, "internal", "内存不足");
		return;
	}
	metrics_print(out, room);
	fclose(out);
	http_reply(request, 200, "text/plain; version=0.0.4; charset=utf-8", "Cache-Control: no-store\r\n", text, len);
	free(text);
}

size_t health_routes(struct room *room, struct http_route routes[HEALTH_ROUTES])
{
	routes[0] = (struct http_route){ "GET", "/healthz", healthz_handle, room };
	routes[1] = (struct http_route){ "GET", "/metrics", metrics_handle, room };
	return HEALTH_ROUTES;
}

/* ---- server.show ---------------------------------------------------------------------------- */

static json_t *show_commands(void)
{
	const struct command *table;
	size_t count = command_table(&table);
	json_t *rows = json_array();

	for (size_t i = 0; i < count; i++) {
		const struct command_counter *counter = command_counters(i);
		json_array_append_new(rows, json_pack("{s:s, s:s, s:I, s:I, s:I}", "name", table[i].name,
			"sentence", table[i].sentence, "calls", (json_int_t)counter->calls,
			"refused", (json_int_t)counter->refused, "mean_us",
			(json_int_t)(counter->calls ? counter->microseconds / counter->calls : 0)));
	}
	return rows;
}

static json_t *show_lanes(const struct room *room)
{
	json_t *rows = json_array();

	for (int lane = 0; lane < LANE_COUNT; lane++) {
		struct store_counters counters = store_counters(room->store, lane);
		json_array_append_new(rows, json_pack("{s:s, s:b, s:I, s:I, s:I, s:I, s:I}", "lane", lane_names[lane],
			"up", store_is_up(room->store, lane), "pending", (json_int_t)store_pending(room->store, lane),
			"calls", (json_int_t)counters.calls, "syncs", (json_int_t)counters.syncs,
			"failures", (json_int_t)counters.failures, "reconnects", (json_int_t)counters.reconnects));
	}
	return rows;
}

static json_t *show_settings(const struct config *config)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	json_t *settings;

	if (!out)
		return json_null();
	config_print(config, out);
	fclose(out);
	settings = json_stringn(text, len);
	free(text);
	return settings;
}

enum judged judge_show(struct room *room, struct ask *ask)
{
	struct rusage usage;
	json_t *show;

	getrusage(RUSAGE_SELF, &usage);
	show = json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:b, s:I, s:I, s:s, s:o, s:o, s:o}",
		"version", HOTLINE_VERSION, "instance", room->instance, "now", (json_int_t)wall_ms(),
		"links", (json_int_t)front_links(room->front), "under_way", (json_int_t)command_under_way(),
		"feed_lag", (json_int_t)feed_lag_entries(room->feed), "redis", redis_is_up(room->redis),
		"memory", (json_int_t)resident_bytes(),
		"cpu_ms", (json_int_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 +
		          (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000,
		"epoch", feed_epoch(room->feed), "commands", show_commands(), "store", show_lanes(room),
		"settings", show_settings(room->config));
	ask_answer_json(room, ask, show);
	return JUDGE_DONE;
}
