/* terms.h — the words of the hotline (terms.def) as enums and lists: number, name in code, term
 * on screen. Pure constant data. Roles live in flow.h as ROLE_*. */
#ifndef ROUTING_TERMS_H
#define ROUTING_TERMS_H

#include <stdbool.h>
#include <stddef.h>

enum kind {
#define KIND(number, name, term, limit) KIND_##name = (number),
#include "terms.def"
};

enum urgency {
#define URGENCY(number, name, term) URGENCY_##name = (number),
#include "terms.def"
};

enum secrecy {
#define SECRECY(number, name, term) SECRECY_##name = (number),
#include "terms.def"
};

enum channel {
#define CHANNEL(number, name, term) CHANNEL_##name = (number),
#include "terms.def"
};

enum grade {
#define GRADE(number, name, term) GRADE_##name = (number),
#include "terms.def"
};

enum seat_state {
#define SEAT(number, name, term) SEAT_##name = (number),
#include "terms.def"
};

enum part_kind {
#define PART(number, name, term) PART_##name = (number),
#include "terms.def"
};

enum part_state {
#define PART_STATE(number, name, term) PART_STATE_##name = (number),
#include "terms.def"
};

enum refuse_cause {
#define CAUSE(number, name, term) CAUSE_##name = (number),
#include "terms.def"
};

enum blame {
#define BLAME(number, name, term) BLAME_##name = (number),
#include "terms.def"
};

enum pause_cause {
#define PAUSE(number, name, term) PAUSE_##name = (number),
#include "terms.def"
};

enum order_level {
#define ORDER(number, name, term) ORDER_##name = (number),
#include "terms.def"
};

enum fault {
#define FAULT(number, name, term) FAULT_##name = (number),
#include "terms.def"
};

enum fact {
#define FACT(number, name, term) FACT_##name = (number),
#include "terms.def"
};

enum alarm_level {
#define ALARM(number, name, term) ALARM_##name = (number),
#include "terms.def"
};

enum handoff_way {
#define HANDOFF_WAY(number, name, term) HANDOFF_WAY_##name = (number),
#include "terms.def"
};

enum handoff_state {
#define HANDOFF(number, name, term) HANDOFF_##name = (number),
#include "terms.def"
};

enum handoff_cause {
#define HANDOFF_CAUSE(number, name, term) HANDOFF_CAUSE_##name = (number),
#include "terms.def"
};

enum term_list {
	TERMS_KIND, TERMS_URGENCY, TERMS_SECRECY, TERMS_CHANNEL, TERMS_GRADE, TERMS_ROLE, TERMS_SEAT,
	TERMS_PART, TERMS_PART_STATE, TERMS_CAUSE, TERMS_BLAME, TERMS_PAUSE, TERMS_ORDER, TERMS_FAULT,
	TERMS_FACT, TERMS_ALARM, TERMS_HANDOFF_WAY, TERMS_HANDOFF, TERMS_HANDOFF_CAUSE,
	TERMS_COUNT
};

struct term {
	int number;              /* stored in the database and sent on the wire */
	const char *name;        /* "complaint" */
	const char *term;        /* "投诉" */
};

/* All words of a list in the order of terms.def; returns how many. */
size_t terms_all(enum term_list list, const struct term **ret_terms);

/* "kind", "urgency", … as a word for code; "诉求类型", "紧急程度", … for people. */
const char *terms_list_name(enum term_list list);
const char *terms_list_term(enum term_list list);

/* The list that bears this name ("cause"); false if there is none. */
bool terms_list_find(const char *name, enum term_list *ret_list);

/* Name and term of one number; NULL if the list has no such number. */
const char *term_name(enum term_list list, int number);
const char *term_text(enum term_list list, int number);

/* The number that bears this name; false if there is none. */
bool term_find(enum term_list list, const char *name, int *ret_number);

/* The key in table time_limit for handling a normal ticket of this kind: "handle_complaint";
 * NULL for an unknown kind. */
const char *kind_limit(int kind);

#endif
