/* command.c — the way of every command from its frame to its reply. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "command_frame.h"
#include "command_table.h"
#include "config.h"
#include "feed.h"
#include "log.h"
#include "loop.h"
#include "parameters.h"
#include "room.h"

/* What an ask is inside this file; others see its first member. */
struct errand {
	struct ask ask;
	struct room *room;
};

/* As many as the table has. */
enum { COMMANDS_MOST = 0
#define COMMAND(...) + 1
#include "commands.def"
#undef COMMAND
};
/* Commands of one link that may wait for their answers, so that none fills the queues of all; nobody
 * needs more than a hello before it is known who sits there. */
enum { WAITING_MOST = 128, WAITING_UNKNOWN = 2 };
static struct command_counter counters[COMMANDS_MOST];
static size_t under_way;

const int64_t command_bounds[COMMAND_BUCKETS - 1] = {
	250, 500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 1000000 };

const struct command_counter *command_counters(size_t command)
{
	return &counters[command];
}

size_t command_under_way(void)
{
	return under_way;
}

static int64_t monotonic_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static const struct command *command_of(const struct ask *ask)
{
	const struct command *table;

	command_table(&table);
	return &table[ask->command];
}

static void count(const struct ask *ask, bool refused)
{
	struct command_counter *counter = &counters[ask->command];
	int64_t took = monotonic_us() - ask->began;
	size_t bucket = 0;

	while (bucket < COMMAND_BUCKETS - 1 && took > command_bounds[bucket])
		bucket++;
	counter->calls++;
	counter->refused += refused;
	counter->microseconds += (uint64_t)took;
	counter->buckets[bucket]++;
}

static void ask_free(struct ask *ask)
{
	struct seat *seat = link_seat(((struct errand *)ask)->room->front, ask->link);

	under_way--;
	if (seat)
		seat->under_way--;
	json_decref(ask->params);
	free(ask->id);
	free(ask);
}

static void ask_log(const struct ask *ask, enum log_level level, const char *message, const char *code)
{
	char link[24];

	snprintf(link, sizeof link, "%" PRIu64, ask->link);
	log_line(level, "command", message, "code", code, "link", link,
	         "command", command_of(ask)->name, "req", ask->request, NULL);
}

static void send_parts(struct room *room, link_id link, const char *const parts[], size_t part_count)
{
	size_t len = 0, at = 0, lengths[5];
	char *frame;

	for (size_t i = 0; i < part_count; i++)
		len += lengths[i] = strlen(parts[i]);
	frame = malloc(len + 1);
	if (!frame) {
		log_line(LOG_ERROR, "command", "no memory for a reply", NULL);
		link_close(room->front, link, CLOSE_GOING_AWAY, "no memory");
		return;
	}
	for (size_t i = 0; i < part_count; i++) {
		memcpy(frame + at, parts[i], lengths[i]);
		at += lengths[i];
	}
	link_send(room->front, link, frame, at);
	free(frame);
}

void ask_answer(struct room *room, struct ask *ask, const char *result)
{
	if (ask->id)
		send_parts(room, ask->link, (const char *const[]){
			"{\"jsonrpc\":\"2.0\",\"id\":", ask->id, ",\"result\":", result, "}" }, 5);
	count(ask, false);
	ask_log(ask, LOG_DEBUG, "done", "ok");
	ask_free(ask);
}

void ask_answer_json(struct room *room, struct ask *ask, json_t *result)
{
	char *text = json_dumps(result, JSON_COMPACT | JSON_ENCODE_ANY);

	json_decref(result);
	if (text)
		ask_answer(room, ask, text);
	else
		ask_refuse(room, ask, REFUSE_internal, NULL, NULL);
	free(text);
}

/* data (taken) gets the refusal's name and whether to try again. */
static void send_refusal(struct room *room, link_id link, const char *id, enum refusal why,
                         const char *sentence, json_t *data)
{
	char *text;
	json_t *error;

	if (!json_is_object(data)) {
		json_decref(data);
		data = json_object();
	}
	json_object_set_new(data, "name", json_string(refusal_name(why)));
	json_object_set_new(data, "retry", json_boolean(refusal_retry(why)));
	error = json_pack("{s:i, s:s, s:o}", "code", refusal_number(why),
	                  "message", sentence ? sentence : refusal_sentence(why), "data", data);
	text = json_dumps(error, JSON_COMPACT);
	json_decref(error);
	if (text)
		send_parts(room, link, (const char *const[]){
			"{\"jsonrpc\":\"2.0\",\"id\":", id ? id : "null", ",\"error\":", text, "}" }, 5);
	free(text);
}

void ask_refuse(struct room *room, struct ask *ask, enum refusal why, const char *sentence, json_t *data)
{
	if (ask->id)
		send_refusal(room, ask->link, ask->id, why, sentence, data);
	else
		json_decref(data);
	count(ask, true);
	ask_log(ask, why == REFUSE_internal ? LOG_ERROR : LOG_INFO, "refused", refusal_name(why));
	ask_free(ask);
}

/* {"code":"stale","sentence":"…",…}: what SQL functions say when they refuse. */
static void refuse_by_body(struct room *room, struct ask *ask, const char *body)
{
	json_t *data = json_loads(body ? body : "", JSON_REJECT_DUPLICATES, NULL);
	const char *code = json_string_value(json_object_get(data, "code"));
	const char *own = json_string_value(json_object_get(data, "sentence"));
	enum refusal why = refusal_find(code ? code : "");
	char *sentence = own ? strdup(own) : NULL;

	if (why == REFUSE_internal)
		log_line(LOG_ERROR, "command", "unknown refusal", "command", command_of(ask)->name,
		         "body", body ? body : "", NULL);
	json_object_del(data, "code");
	json_object_del(data, "sentence");
	ask_refuse(room, ask, why, sentence, data);
	free(sentence);
}

static void refuse_by_status(struct room *room, struct ask *ask, enum store_status status)
{
	static const enum refusal why[] = {
		[STORE_OK] = REFUSE_internal, [STORE_LOST] = REFUSE_store_lost, [STORE_AWAY] = REFUSE_store_away,
		[STORE_BUSY] = REFUSE_store_busy, [STORE_FAILED] = REFUSE_internal };

	ask_refuse(room, ask, why[status], NULL, NULL);
}

void ask_refuse_outcome(struct room *room, struct ask *ask, enum store_status status, const struct rows *rows)
{
	const char *kind = status == STORE_OK && rows_count(rows) > 0 ? rows_text(rows, 0, 0) : NULL;

	if (kind && strcmp(kind, "refused") == 0)
		refuse_by_body(room, ask, rows_text(rows, 0, 1));
	else
		refuse_by_status(room, ask, status);
}

/* The caller sees its own result first, then everybody sees what happened. */
static void on_result(void *context, enum store_status status, const struct rows *rows)
{
	struct ask *ask = context;
	struct room *room = ((struct errand *)context)->room;
	finish_fn *finish = command_of(ask)->finish;
	const char *kind = status == STORE_OK && rows_count(rows) > 0 ? rows_text(rows, 0, 0) : NULL;

	if (!kind || strcmp(kind, "refused") == 0)
		ask_refuse_outcome(room, ask, status, rows);
	else if (finish)
		finish(room, ask, rows_text(rows, 0, 1));
	else
		ask_answer(room, ask, rows_text(rows, 0, 1));
	if (kind)
		feed_publish(room, rows);
}

/* Calls and seats are decided together: on one connection, where also the sweep and the switch's
 * reports go, they see each other's results and their locks never cross. */
static bool is_of_calls(const struct command *command)
{
	return command->lane == LANE_WRITE &&
	       (strncmp(command->name, "call.", 5) == 0 || strncmp(command->name, "seat.", 5) == 0);
}

/* One ticket's writes go down one connection, in order; everything else is spread. */
static unsigned long route_of(const struct ask *ask)
{
	json_t *id = json_object_get(ask->params, "id");
	unsigned long hash = 2166136261u;

	if (is_of_calls(command_of(ask)))
		return 0;
	if (id)
		return (unsigned long)json_integer_value(id);
	if (!*ask->request)
		return (unsigned long)ask->link;
	for (const char *at = ask->request; *at; at++)
		hash = (hash ^ (unsigned char)*at) * 16777619u;
	return hash;
}

static void to_store(struct room *room, struct ask *ask)
{
	char account[16];
	char *params = json_dumps(ask->params, JSON_COMPACT);

	if (!params) {
		ask_refuse(room, ask, REFUSE_internal, NULL, NULL);
		return;
	}
	snprintf(account, sizeof account, "%d", ask->seat.account);
	store_call(room->store, (enum store_lane)command_of(ask)->lane, command_statement(ask->command),
	           route_of(ask), (const char *const[]){ account, *ask->request ? ask->request : NULL, params },
	           on_result, ask);
	free(params);
}

/* The request id leaves the parameters; its letters become small, as PostgreSQL writes them. */
static bool take_request(struct ask *ask, json_t **ret_faults)
{
	const char *text = json_string_value(json_object_get(ask->params, "request"));

	if (!text || !uuid_is_valid(text)) {
		*ret_faults = json_pack("{s:s}", "request", "应为 UUID，同一操作重发时保持不变");
		return false;
	}
	for (size_t i = 0; i < sizeof ask->request - 1; i++)
		ask->request[i] = text[i] >= 'A' && text[i] <= 'F' ? (char)(text[i] - 'A' + 'a') : text[i];
	json_object_del(ask->params, "request");
	return true;
}

static bool check_parameters(struct ask *ask, const struct command *command, json_t **ret_faults)
{
	if (command->lane == LANE_WRITE && !take_request(ask, ret_faults))
		return false;
	return parameters_check(command->parameters, ask->params, ret_faults);
}

static void ask_go(struct room *room, struct ask *ask)
{
	const struct command *command = command_of(ask);
	json_t *faults = NULL;

	/* What is answered from memory waits behind nothing: the check for danger while a caller speaks. */
	if (command->lane >= 0 && ask->seat.under_way > (ask->seat.account ? WAITING_MOST : WAITING_UNKNOWN)) {
		ask_refuse(room, ask, REFUSE_too_fast, NULL, NULL);
		return;
	}
	if (command->who != 0 && ask->seat.account == 0) {
		ask_refuse(room, ask, REFUSE_not_logged_in, NULL, NULL);
		return;
	}
	if (command->who != 0 && !(command->who & ask->seat.role)) {
		ask_refuse(room, ask, REFUSE_not_allowed, NULL, NULL);
		return;
	}
	if (!check_parameters(ask, command, &faults)) {
		ask_refuse(room, ask, REFUSE_bad_params, NULL, json_pack("{s:o}", "fields", faults));
		return;
	}
	json_object_set_new(ask->params, "at", json_integer(wall_ms()));
	if (!command->judge || command->judge(room, ask) == JUDGE_PASS)
		to_store(room, ask);
}

void command_go_on(struct room *room, struct ask *ask)
{
	to_store(room, ask);
}

enum flow_action command_action(const struct ask *ask)
{
	const char *dot = strchr(command_of(ask)->name, '.');
	enum flow_action action = ACTION_COUNT;

	if (dot)
		flow_action_find(dot + 1, &action);
	return action;
}

static void refuse_frame(struct room *room, link_id link, const char *id, enum refusal why,
                         const char *sentence)
{
	char name[24];

	snprintf(name, sizeof name, "%" PRIu64, link);
	log_line(LOG_INFO, "command", "refused", "code", refusal_name(why), "link", name,
	         "why", sentence ? sentence : "", NULL);
	send_refusal(room, link, id, why, sentence, NULL);
}

static struct ask *ask_new(struct room *room, link_id link, struct frame *frame, size_t command)
{
	struct errand *errand = calloc(1, sizeof *errand);
	struct seat *seat = link_seat(room->front, link);

	if (!errand)
		return NULL;
	errand->room = room;
	errand->ask.link = link;
	errand->ask.command = command;
	errand->ask.began = monotonic_us();
	if (seat) {
		seat->under_way++;
		errand->ask.seat = *seat;
	}
	errand->ask.params = frame->params;
	errand->ask.id = frame->id;
	frame->params = NULL;
	frame->id = NULL;
	under_way++;
	return &errand->ask;
}

void command_frame(struct room *room, link_id link, const char *text, size_t len)
{
	struct frame frame;
	const struct command *table;
	const char *wrong;
	enum refusal why;
	size_t command;

	command_table(&table);
	if (!frame_read(text, len, room->config->max_depth, &frame, &why, &wrong)) {
		refuse_frame(room, link, frame.id, why, wrong);
	} else if (!command_find(frame.method, &command)) {
		refuse_frame(room, link, frame.id, REFUSE_no_method, NULL);
	} else if (!frame.id && table[command].lane == LANE_WRITE) {
		refuse_frame(room, link, NULL, REFUSE_bad_request, "写入命令必须带 id，以便回告结果");
	} else {
		struct ask *ask = ask_new(room, link, &frame, command);
		if (ask)
			ask_go(room, ask);
		else
			refuse_frame(room, link, frame.id, REFUSE_internal, NULL);
	}
	frame_clear(&frame);
}
