/* dispatch.h — 快速分派: who must deal with this, who helps, how sure that is, and why.
 *
 * Three things are handed in and never changed by a decision:
 *   book    what is so: matters, units, who holds which duty where, rulings, what became of earlier
 *           tickets, who is absent, how much each unit has on its desk
 *   policy  what the house has decided: its rules, thresholds and fallbacks, one version of them
 *   ask     one request, with the moment at which it is decided
 * dispatch_decide() allocates nothing and takes no clock. Units are decided in this order, and the first
 * that speaks is followed: the policy's rule, a ruling (裁定先例), clear local practice, the duty of the
 * catalogue, the policy's fallback, the superior unit. docs/DISPATCH.md tells it with an example.
 * Police and emergency are no matter of this file: they are told before anybody asks here. */
#ifndef ROUTING_DISPATCH_H
#define ROUTING_DISPATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- the book ------------------------------------------------------------------------------------ */

struct dispatch_book;   /* owned by the caller: dispatch_book_free() */

struct dispatch_matter {
	const char *code;        /* "0101" */
	const char *name;        /* 室温不达标 */
	const char *group;       /* first level: 供热供暖 */
	const char *words;       /* examples, separated by | */
	const char *duty;        /* duty code of the lead unit, "heating" */
	int level;               /* who is asked first: 0 county, 1 prefecture, 2 township */
};

struct dispatch_unit {
	int id;
	const char *name;        /* 漠河市住房和城乡建设局 */
	const char *duty;        /* one duty code; a unit with several duties comes several times */
	const char *region;      /* "232701" */
};

struct dispatch_region { const char *code, *parent, *name; };   /* parent NULL at the top */
struct dispatch_duty { const char *code, *name; };              /* "heating" 供热 */

/* 协办: the holder of this duty helps with this matter. */
struct dispatch_co {
	const char *matter, *duty;
	int level;               /* as of a matter */
	bool send;               /* gets a 承办单 with the dispatch; else it is only proposed */
};

struct dispatch_catalogue {
	const struct dispatch_matter *matters; size_t matter_count;
	const struct dispatch_unit *units; size_t unit_count;
	const struct dispatch_region *regions; size_t region_count;
	const struct dispatch_duty *duties; size_t duty_count;
	const struct dispatch_co *cos; size_t co_count;
};

/* Copies everything it needs. NULL only when memory is out. */
struct dispatch_book *dispatch_book_new(const struct dispatch_catalogue *catalogue);
void dispatch_book_free(struct dispatch_book *book);

/* Each of the following replaces what the book had of its kind and copies everything; rows of units or
 * matters that the book does not know are left out. false: memory is out, the book is as it was. */

/* 裁定先例: for this matter in this county a ruling named the unit. It goes before practice and duty. */
struct dispatch_precedent {
	const char *matter;      /* code */
	const char *region;      /* county-level code */
	int unit;
	const char *why;         /* 工单…：… */
};
bool dispatch_book_rule(struct dispatch_book *book, const struct dispatch_precedent *precedents, size_t count);

/* 本地惯例: of `total` tickets of this matter in this county within a year, `count` were handled by the
 * unit. The most frequent unit only, one row a matter and county. */
struct dispatch_practice { const char *matter, *region; int unit, count, total; };
bool dispatch_book_practise(struct dispatch_book *book, const struct dispatch_practice *rows, size_t count);

/* 缺岗: from from_ms until before to_ms another unit stands in. */
struct dispatch_absence { int unit, stand_in; int64_t from_ms, to_ms; const char *why; };
bool dispatch_book_excuse(struct dispatch_book *book, const struct dispatch_absence *rows, size_t count);

/* What a unit has on its desk. usual: open at once on average (0 = not known); staffed: somebody can log in. */
struct dispatch_load { int unit, open, usual; bool staffed; };
bool dispatch_book_weigh(struct dispatch_book *book, const struct dispatch_load *rows, size_t count);

/* The unit that holds `duty` for `region`, climbing to the parent regions; 0 if none. */
int dispatch_unit_for(const struct dispatch_book *book, const char *duty, const char *region, int level);

/* ---- the policy ---------------------------------------------------------------------------------- */

struct dispatch_policy;  /* owned by the caller: dispatch_policy_free() */

enum { DISPATCH_COS = 4 };

/* One rule. Every condition that is given must hold; lists of words are separated by |. */
struct dispatch_rule {
	int id;                  /* its number, for people */
	const char *name;
	const char *any, *all, *none;   /* words of title and text: one of them, all, none; "" = no condition */
	const char *place;       /* one of these words in the place, title or text */
	const char *matter, *group;     /* code of a matter; first level */
	int kind;                /* 0 = any */
	const char *region, *town;
	unsigned months;         /* bit 0 = January; 0 = all the year */
	/* What it says. The matter is set only where the agent chose none. */
	const char *set_matter;
	int unit;                /* 0 = by duty */
	const char *duty;        /* its holder; "" = as the matter says */
	bool pool;               /* people decide */
	int cos[DISPATCH_COS];   /* each gets a 承办单; 0 = no more */
	const char *basis;       /* by what right */
};

/* A county without the department. region, duty "" = every one. The most particular row holds. */
enum dispatch_way { WAY_UNIT, WAY_GOVERNMENT, WAY_SUPERIOR };
struct dispatch_fallback { const char *region, *duty; enum dispatch_way way; int unit; };

/* most: open tickets from which a unit counts as overloaded (0 = twice its usual); phone: outside hours. */
struct dispatch_desk { int unit, most; const char *phone; };

struct dispatch_terms {
	int version;
	double straight, suggest;   /* least confidence to go straight through, to be suggested */
	int practice_least;         /* tickets from which practice speaks */
	double practice_share;      /* and the part of them that one unit must have handled */
	bool balance;               /* several units of one duty in one region: the less loaded */
	const struct dispatch_rule *rules; size_t rule_count;      /* first that holds, speaks */
	const struct dispatch_fallback *fallbacks; size_t fallback_count;
	const struct dispatch_desk *desks; size_t desk_count;
};

enum { DISPATCH_RULES = 500 };   /* rules beyond are refused by who reads them */

/* Copies everything. NULL only when memory is out. */
struct dispatch_policy *dispatch_policy_new(const struct dispatch_terms *terms);
void dispatch_policy_free(struct dispatch_policy *policy);

/* ---- the decision -------------------------------------------------------------------------------- */

/* What a learned classifier takes the text for; probability calibrated. */
struct dispatch_guess { const char *matter; double probability; };

struct dispatch_ask {
	const char *matter;      /* code chosen by a person, or NULL/"" when unknown */
	const char *region;      /* county-level code, never NULL */
	const char *town, *place;   /* code or NULL/""; free text or NULL */
	const char *title, *text;   /* UTF-8, may be "" */
	int kind, urgency;
	int64_t now_ms;          /* months and absences are told by it */
	bool office_open;        /* whether the offices work at that moment */
	const int *not_units;    /* units whose 退单 was agreed to: never chosen again by the program */
	size_t not_count;
	const struct dispatch_guess *guesses;   /* most probable first; none while no model is in force */
	size_t guess_count;
	int model;               /* its version, for the reasons */
};

enum dispatch_band { BAND_pool, BAND_suggest, BAND_straight };
enum dispatch_ground { GROUND_none, GROUND_rule, GROUND_ruling, GROUND_practice, GROUND_duty, GROUND_fallback };

enum { DISPATCH_WHY = 320, DISPATCH_REASONS = 8, DISPATCH_CANDIDATES = 3 };

/* Who it might be: one row a unit. */
struct dispatch_candidate {
	const char *matter;      /* code in the book */
	int unit;                /* 0: nobody is there for it */
	double confidence;
	char why[DISPATCH_WHY];
};

struct dispatch_answer {
	enum dispatch_band band;
	int unit;                /* the lead, 0 = nobody; only BAND_straight goes there by itself */
	const char *matter;      /* code in the book, NULL if none was found */
	double confidence;       /* 0…1 */
	enum dispatch_ground ground;
	int rule;                /* the rule that decided the unit, 0 = none */
	int level;               /* of the lead: 0 county, 1 prefecture, 2 township */
	bool outside_hours;      /* urgent, and the offices are shut: the duty telephone must ring */
	int cos[DISPATCH_COS];   /* 协办 that get a 承办单 */
	size_t co_count;
	int proposed[DISPATCH_COS];   /* 协办 that a person may add */
	size_t proposed_count;
	struct dispatch_candidate candidates[DISPATCH_CANDIDATES];   /* best first; the first is the answer */
	size_t candidate_count;
	char reasons[DISPATCH_REASONS][DISPATCH_WHY];   /* Chinese, for people, never cut inside a character */
	size_t reason_count;
};

void dispatch_decide(const struct dispatch_book *book, const struct dispatch_policy *policy,
                     const struct dispatch_ask *ask, struct dispatch_answer *ret);

/* The reasons as one line, for the timeline; cut at a whole character. */
void dispatch_note(const struct dispatch_answer *answer, char *out, size_t room);

#endif
