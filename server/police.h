/* police.h — 12345 ↔ 110 (docs/POLICE.md): the platform's signed door, the judges of transfers, and the sender. */
#ifndef SERVER_POLICE_H
#define SERVER_POLICE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include "command.h"
#include "front.h"

struct room; struct config;

/* police.c: the door. */
enum { POLICE_ROUTES = 1 };
/* For front_open(); returns how many, 0 while the setting police_keys is empty. */
size_t police_routes(struct room *room, struct http_route routes[POLICE_ROUTES]);

/* police_judge.c */
judge_fn judge_hand_over, judge_intake_hand_over, judge_police_platform, judge_police_word;
finish_fn finish_police_words;   /* adds the situations, their terms and levels */
/* Whether transfers to 110 go by message: both settings are there. */
bool police_has_platform(const struct config *config);
/* The edge `taken` as the server fills it, for functions that may need it. */
json_t *police_taken_move(const struct room *room, int64_t now_ms);

/* police_body.c: pure. */
/* The body of one message as police_take gives it; phone and name are opened, may be NULL. The caller owns it. */
json_t *police_body(const json_t *row, const char *phone, const char *name);
/* An incident of the police platform (its fields already checked) as the parameters of a new ticket: title, body,
 * place, phone, name, region, urgency, channel, police_no, facts. Fields that do not fit go into faults (taken from the
 * caller, grows). */
json_t *police_incident(const json_t *message, json_t *faults);
/* "2026-11-25 20:44:18" of Beijing; the form in which the police write times. */
bool police_time_ok(const char *text);

/* police_send.c: the sender; only where the process has the role dispatch and there is a platform. */
void police_open(struct room *room);
void police_drain(struct room *room);
bool police_busy(const struct room *room);
void police_close(struct room *room);
void police_metrics(const struct room *room, FILE *out);

#endif
