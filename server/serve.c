/* serve.c — builds the room in the order of its ranks, runs it, and takes it down without loss. */
#include "serve.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "board.h"
#include "bulletin.h"
#include "call.h"
#include "command_frame.h"
#include "command_table.h"
#include "config.h"
#include "dispatcher.h"
#include "erase.h"
#include "export.h"
#include "feed.h"
#include "files.h"
#include "front.h"
#include "health.h"
#include "intake.h"
#include "law.h"
#include "likeness.h"
#include "search.h"
#include "log.h"
#include "model.h"
#include "loop.h"
#include "open311.h"
#include "police.h"
#include "public.h"
#include "queues.h"
#include "redis.h"
#include "room.h"
#include "rules.h"
#include "seal.h"
#include "session.h"
#include "sms.h"
#include "store.h"
#include "system.h"
#include "timers.h"
#include "trial.h"
#include "units.h"
#include "warning.h"
#include "webhook.h"

enum { REQUEUE_MS = 1000, DRAIN_LOOK_MS = 10, DRAIN_MOST_MS = 10000 };

struct house {
	struct room room;
	struct http_route routes[HEALTH_ROUTES + SESSION_ROUTES + CALL_ROUTES + FILES_ROUTES + SMS_ROUTES +
		PUBLIC_ROUTES + POLICE_ROUTES + OPEN311_ROUTES + INTAKE_ROUTES + BULLETIN_ROUTES + EXPORT_ROUTES];
	struct files *files;        /* these four: NULL in a process without consoles */
	struct visitors *visitors;
	struct open311 *open311;
	struct intake *intake;
	bool console;               /* whether this process serves consoles */
	bool open;                  /* the front is open */
	bool ended;                 /* nothing may be asked of the store any more */
	bool reloading;
	int exit_code;
	struct timer *drain, *requeue;
	int64_t drain_until;        /* 0 = not draining */
	bool front_drained, front_draining;
	struct units *units;
	struct bulletins *bulletins;    /* NULL: not this process's role */
	struct exports *exports;        /* likewise */
};

static void give_up(struct house *house, const char *why)
{
	log_line(LOG_ERROR, "serve", why, NULL);
	house->exit_code = 1;
	loop_stop(house->room.loop);
}

/* ---- what the front hands up -------------------------------------------------------------------- */

/* While the house ends nothing new is begun: the link stays for the answers that are still to come,
 * and its close with 1001 tells the console to ask again elsewhere. */
static void on_frame(void *context, link_id link, const char *text, size_t len)
{
	struct house *house = context;

	if (!house->console)
		link_close(house->room.front, link, CLOSE_POLICY, "no consoles here");
	else if (house->drain_until == 0)
		command_frame(&house->room, link, text, len);
}

static void on_gone(void *context, link_id link, const struct seat *seat)
{
	struct house *house = context;

	if (house->ended)
		return;
	feed_link_gone(house->room.feed, link);
	session_link_gone(&house->room, link, seat);
}

/* ---- what the feed tells ------------------------------------------------------------------------- */

/* PostgreSQL may be away at the same time; if it is Redis that went, its return calls again. */
static void on_rebuilt(void *context, bool ok)
{
	struct house *house = context;

	if (!ok && !house->ended && redis_is_up(house->room.redis))
		timer_start(house->requeue, REQUEUE_MS, 0);
}

static void requeue(void *context)
{
	struct house *house = context;

	queues_rebuild(&house->room, on_rebuilt, house);
}

static void on_emptied(struct room *room)
{
	requeue(room);   /* the first member of its house */
}

/* Somebody edited a limit, the calendar, a precedent or the dispatch rules, or another model is in force. */
static void on_rules_changed(struct room *room)
{
	rules_load(room, NULL, NULL);
	model_touch(room);
}

static void on_arrived(struct room *room)
{
	board_touch(room);
	calls_touch(room);
	webhooks_touch(room->webhooks);
}

static void on_redis_up(void *context)
{
	struct house *house = context;

	if (house->room.feed)
		feed_awake(house->room.feed);
}

static void on_redis_down(void *context)
{
	(void)context;
	log_line(LOG_WARN, "serve", "Redis is away: tickets are taken down as always, the live view waits", NULL);
}

/* ---- opening, rank by rank ------------------------------------------------------------------------ */

static const char *given(const char *text)
{
	return *text ? text : NULL;
}

static bool front_begin(struct house *house)
{
	const struct config *config = house->room.config;
	size_t count = health_routes(&house->room, house->routes);

	if (house->console) {
		count += sessions_routes(&house->room, house->routes + count);
		count += calls_routes(&house->room, house->routes + count);
		count += files_routes(house->files, house->routes + count);
		count += sms_routes(&house->room, house->routes + count);
		count += police_routes(&house->room, house->routes + count);
		count += visitors_routes(house->visitors, house->routes + count);
		count += open311_routes(house->open311, house->routes + count);
		count += intake_routes(house->intake, house->routes + count);
		count += bulletin_routes(&house->room, house->routes + count);
		count += export_routes(&house->room, house->routes + count);
	}
	house->room.front = front_open(house->room.loop, &(struct front_config){
		.host = config->host, .port = config->port, .static_dir = config->static_dir,
		.tls_cert = given(config->tls_cert), .tls_key = given(config->tls_key), .origins = config->origins,
		.max_frame = config->max_frame, .max_links = config->max_links,
		.max_links_per_ip = config->max_links_per_ip, .frames_per_second = config->frames_per_second,
		.link_budget = config->link_budget, .max_body = config->max_body,
		.ping_seconds = config->ping_seconds, .routes = house->routes, .route_count = count,
		.spools = house->console ? files_spools(house->files) : NULL,
		.spool_count = house->console ? FILES_SPOOLS : 0,
		.on_frame = on_frame, .on_gone = on_gone, .context = house });
	return house->room.front != NULL;
}

/* The doors beside the console. */
static bool doors_open(struct house *house)
{
	if (!house->console)
		return true;
	house->visitors = visitors_open(&house->room);
	house->open311 = open311_open(&house->room);
	house->intake = intake_open(&house->room, house->visitors);
	house->files = files_open(&house->room);
	return house->files != NULL;
}

static void open_for_business(struct house *house)
{
	struct room *room = &house->room;
	char port[16];

	sessions_open(room);
	calls_open(room);
	if (!doors_open(house)) {
		give_up(house, "attachments cannot be kept: see the line above; setting files_dir");
		return;
	}
	if (!front_begin(house)) {
		give_up(house, "the front cannot open: see the line above; settings host, port, tls_cert, tls_key");
		return;
	}
	house->open = true;
	room->feed = feed_open(room, &(struct feed_hooks){
		.emptied = on_emptied, .arrived = on_arrived, .rules = on_rules_changed });
	sessions_start(room);
	board_open(room);
	house->units = units_open(room);
	if (config_has_role(room->config, "dispatch")) {
		dispatcher_open(room);
		likeness_open(room);
		search_open(room);
		police_open(room);
	}
	if (config_has_role(room->config, "timers")) {
		timers_open(room);
		house->bulletins = bulletins_open(room);
		house->exports = exports_open(room);
	}
	if (config_has_role(room->config, "warning"))
		warning_open(room);
	if (config_has_role(room->config, "dispatch"))
		room->webhooks = webhooks_open(room);
	snprintf(port, sizeof port, "%d", front_port(room->front));
	log_line(LOG_INFO, "serve", "ready", "version", HOTLINE_VERSION, "host", room->config->host,
	         "port", port, "roles", room->config->roles, "instance", room->instance, NULL);
}

static void on_model(void *context)
{
	open_for_business(context);
}

static void on_rules(void *context, bool ok)
{
	struct house *house = context;

	if (ok)
		model_open(&house->room, on_model, house);
	else
		give_up(house, "the rule book cannot be read: run `hotlined migrate`");
}

static void on_law(void *context, enum store_status status, const struct rows *rows)
{
	struct house *house = context;

	if (law_matches(outcome_reply(status, rows)))
		rules_load(&house->room, on_rules, house);
	else
		give_up(house, "the database's closed loop is not this binary's");
}

static void on_store(void *context, bool usable)
{
	struct house *house = context;

	if (usable)
		system_ask(&house->room, STATEMENT_flow_load, LANE_SLOW, 0, json_object(), on_law, house);
	else
		give_up(house, "the database does not fit this binary: run `hotlined migrate`");
}

static struct redis *redis_begin(struct house *house)
{
	const struct config *config = house->room.config;

	return redis_open(house->room.loop, &(struct redis_config){
		.path = given(config->redis_socket), .host = config->redis_host, .port = config->redis_port,
		.password = given(config->redis_password), .up = on_redis_up, .down = on_redis_down,
		.context = house });
}

static struct store *store_begin(struct house *house)
{
	const struct config *config = house->room.config;
	struct store_config store = { .conninfo = config->database, .group = config->store_group,
		.queue = config->store_queue, .connections = { config->write_lanes, config->read_lanes, 1, 1 } };

	store.statement_count = statement_table(&store.statements);
	return store_open(house->room.loop, &store, on_store, house);
}

/* ---- ending ---------------------------------------------------------------------------------------- */

static void on_front_drained(void *context)
{
	struct house *house = context;

	house->front_drained = true;
}

static bool store_is_idle(const struct store *store)
{
	for (int lane = 0; lane < LANE_COUNT; lane++)
		if (store_pending(store, lane) > 0)
			return false;
	return true;
}

/* What the end still waits for, in words for the log. */
static const char *left_behind(const struct house *house)
{
	const struct room *room = &house->room;

	return command_under_way() > 0 ? "commands" : !house->front_drained ? "links" : sessions_busy(room) ? "sessions"
		: files_busy(house->files) ? "files" : police_busy(room) ? "police" : webhooks_busy(room->webhooks) ? "webhooks"
		: !store_is_idle(room->store) ? "store" : "feed";
}

/* First what was accepted is answered, then the consoles leave, then the rest goes to Redis. */
static void on_drain_look(void *context)
{
	struct house *house = context;
	struct room *room = &house->room;
	bool late = loop_ms(room->loop) >= house->drain_until;

	if (!house->front_draining && command_under_way() == 0) {
		house->front_draining = true;
		front_drain(room->front, on_front_drained, house);
	}
	feed_flush(room->feed);
	if (late) {
		/* Whoever still waits would hold up the closing of the rooms: the kernel closes them. */
		log_line(LOG_WARN, "serve", "not everything ended in time; the outbox keeps what is left",
		         "left", left_behind(house), NULL);
		_exit(1);
	}
	if (house->front_drained && !sessions_busy(room) && !files_busy(house->files) && !police_busy(room) &&
	    !webhooks_busy(room->webhooks) && !exports_busy(house->exports) && store_is_idle(room->store) &&
	    !feed_is_busy(room->feed))
		loop_stop(room->loop);
}

static void on_stop(void *context)
{
	struct house *house = context;
	struct room *room = &house->room;

	model_stop(room);
	if (!house->open) {
		loop_stop(room->loop);
		return;
	}
	if (house->drain_until != 0)
		return;
	log_line(LOG_INFO, "serve", "ending: finishing what was accepted", NULL);
	house->drain_until = loop_ms(room->loop) + DRAIN_MOST_MS;
	sessions_stop(room);
	files_stop(house->files);
	units_stop(house->units);
	trial_stop(room);
	webhooks_stop(room->webhooks);
	dispatcher_drain(room);
	likeness_drain(room);
	search_drain(room);
	police_drain(room);
	timers_drain(room);
	bulletins_stop(house->bulletins);
	exports_stop(house->exports);
	warning_drain(room);
	calls_drain(room);
	house->drain = loop_timer(room->loop, on_drain_look, house);
	timer_start(house->drain, 0, DRAIN_LOOK_MS);
}

static void on_reloaded(void *context, bool ok)
{
	struct house *house = context;

	house->reloading = false;
	log_line(ok ? LOG_INFO : LOG_ERROR, "serve",
	         ok ? "the rule book was read again" : "the rule book could not be read; the old one stays", NULL);
}

static void on_reload(void *context)
{
	struct house *house = context;

	if (!house->open || house->reloading)
		return;
	house->reloading = true;
	model_touch(&house->room);
	rules_load(&house->room, on_reloaded, house);
}

/* Closing store and Redis answers what waited there: the rooms that hear it are closed after them. */
static void house_close(struct house *house)
{
	struct room *room = &house->room;

	house->ended = true;
	webhooks_stop(room->webhooks);
	if (house->drain)
		timer_end(house->drain);
	timer_end(house->requeue);
	model_stop(room);
	store_close(room->store);
	erase_close(room);
	redis_close(room->redis);
	if (house->open) {
		units_close(house->units);
		dispatcher_close(room);
		likeness_close(room);
		search_close(room);
		police_close(room);
		timers_close(room);
		bulletins_close(house->bulletins);
		exports_close(house->exports);
		warning_close(room);
		board_close(room);
		webhooks_close(room->webhooks);
	}
	if (room->calls)
		calls_close(room);
	sessions_stop(room);
	files_stop(house->files);
	feed_close(room->feed);
	if (room->front)
		front_close(room->front);
	loop_run(room->loop);
	sessions_close(room);
	files_close(house->files);
	visitors_close(house->visitors);
	open311_close(house->open311);
	intake_close(house->intake);
	rules_free(room->rules);
	model_close(room);
	seal_close(room->seal);
	loop_free(room->loop);
}

/* Host, process and start: two lives of one process id differ. */
static void instance_name(char *out, size_t size)
{
	char host[16] = "";

	gethostname(host, sizeof host - 1);
	snprintf(out, size, "%s-%ld-%llx", host, (long)getpid(), (unsigned long long)wall_ms() & 0xffffff);
}

int serve_main(const struct config *config)
{
	struct house *house = calloc(1, sizeof *house);
	int exit_code;

	if (!house || !command_table_ok())
		return 1;
	house->room.config = config;
	house->console = config_has_role(config, "console");
	instance_name(house->room.instance, sizeof house->room.instance);
	house->room.seal = seal_open(config->key_file);
	if (!house->room.seal) {
		log_line(LOG_ERROR, "serve", "no key for contact data: make one with `hotlined key FILE`, "
		         "setting key_file", "key_file", config->key_file, NULL);
		free(house);
		return 1;
	}
	house->room.loop = loop_new();
	house->requeue = loop_timer(house->room.loop, requeue, house);
	loop_on_signal(house->room.loop, LOOP_STOP, on_stop, house);
	loop_on_signal(house->room.loop, LOOP_RELOAD, on_reload, house);
	house->room.store = store_begin(house);
	house->room.redis = redis_begin(house);
	loop_run(house->room.loop);
	house_close(house);
	exit_code = house->exit_code;
	free(house);
	return exit_code;
}
