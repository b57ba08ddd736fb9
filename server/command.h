/* command.h — from a frame to a reply: the table of commands and the way every one of them goes.
 *
 *   frame → find row → role → rate → parameters → judge → statement → publish → finish → reply
 *
 * An ask is one request on its way. It owns its parameters and is freed when it is answered; it
 * names its link by number, so a console that has gone in between costs nothing. */
#ifndef SERVER_COMMAND_H
#define SERVER_COMMAND_H

#include <jansson.h>
#include <stdint.h>
#include "../routing/flow.h"
#include "front.h"
#include "store.h"

struct room;   /* room.h: what the rooms of one process share */
struct ask;

enum refusal {
#define REFUSAL(name, number, retry, sentence) REFUSE_##name,
#include "refusals.def"
#undef REFUSAL
	REFUSAL_COUNT
};

/* DONE: the judge has answered or refused; LATER: it will, or will call command_go_on(). */
enum judged { JUDGE_PASS, JUDGE_DONE, JUDGE_LATER };
typedef enum judged judge_fn(struct room *room, struct ask *ask);
/* reply is the JSON text of the result; the finisher answers the ask, now or later. */
typedef void finish_fn(struct room *room, struct ask *ask, const char *reply);

struct command {
	const char *name;
	unsigned who;
	int lane;                 /* enum store_lane, -1 = NONE */
	const char *statement;    /* NULL for NONE */
	judge_fn *judge;
	finish_fn *finish;
	const char *parameters;
	const char *sentence;
};

/* The table of commands.def, in file order; its place in the table is the command's number. */
size_t command_table(const struct command **ret_table);

struct ask {
	link_id link;
	struct seat seat;             /* as it was when the frame came */
	size_t command;               /* number in the table */
	json_t *params;               /* object, owned; judges add to it, "at" is already there */
	char *id;                     /* JSON text of the request's id, owned; NULL = notification */
	char request[37];             /* UUID of a WRITE, "" otherwise */
	int64_t began;                /* monotonic microseconds, for the metrics */
};

/* A frame from a console: JSON-RPC 2.0, one object a frame (no batches). Anything wrong is
 * answered with the refusal that says so; nothing is ever dropped in silence. */
void command_frame(struct room *room, link_id link, const char *text, size_t len);

/* A judge that waited has passed it: on to its statement. */
void command_go_on(struct room *room, struct ask *ask);
/* The action of the closed loop that a command asks for: what follows the dot of its name. */
enum flow_action command_action(const struct ask *ask);

/* Answer with the JSON text of a result; frees the ask. */
void ask_answer(struct room *room, struct ask *ask, const char *result);
void ask_answer_json(struct room *room, struct ask *ask, json_t *result);   /* takes result */
/* Refuse with a row of refusals.def; data (taken, may be NULL) tells the details: for bad_params
 * {"fields":{"phone":"…"}}. sentence NULL: the row's own. Frees the ask. */
void ask_refuse(struct room *room, struct ask *ask, enum refusal why, const char *sentence, json_t *data);
/* Refuse as a function that did not reply did, or because the store failed. */
void ask_refuse_outcome(struct room *room, struct ask *ask, enum store_status status, const struct rows *rows);
enum refusal refusal_find(const char *name);      /* REFUSE_internal when unknown */
int refusal_number(enum refusal why);
const char *refusal_sentence(enum refusal why);
const char *refusal_name(enum refusal why);

/* Counters per command for /metrics and server.show. */
struct command_counter { uint64_t calls, refused; uint64_t microseconds; uint64_t buckets[12]; };
const struct command_counter *command_counters(size_t command);

#endif
