/* duplicate.h — whether two requests tell of the same thing (重复诉求), and what a person is told about it.
 *
 * A text is read once into a struct of the caller's; comparing two of them allocates nothing. Politeness
 * counts next to nothing, everyday words count, the names of places and the numbers of houses count most.
 * docs/DUPLICATES.md has the figures behind the weights. Pure. */
#ifndef ROUTING_DUPLICATE_H
#define ROUTING_DUPLICATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	DUPLICATE_CHARS = 1024,   /* characters of a request that are looked at: place, title, body */
	DUPLICATE_SLOTS = 2048,   /* a power of two above DUPLICATE_CHARS and its numbers */
	DUPLICATE_PLACES = 6,
	DUPLICATE_NUMBERS = 4,    /* of one place: "6号楼2单元301室" has three */
	DUPLICATE_KEYS = 16,
	DUPLICATE_WHY = 512       /* bytes of a reason, NUL included */
};

/* From this weight on a character is of a place or of the field for the address. */
#define DUPLICATE_NAMED 1.4f

/* What a number belongs to, told by the word after it. The first four say where. */
enum duplicate_kind {
	DUPLICATE_BUILDING,       /* 6号楼, 3栋 */
	DUPLICATE_DOOR,           /* 朝阳路12号 */
	DUPLICATE_ROUTE,          /* 12路 (a bus), 2号线 */
	DUPLICATE_UNIT,           /* 2单元, 301室 */
	DUPLICATE_DATE,           /* 3月5日, 8点, 三天: tells nothing of the place */
	DUPLICATE_AMOUNT          /* 16度, 300元 */
};

struct duplicate_number {
	uint16_t at, len;         /* with its word, in characters of the text */
	uint32_t value;
	enum duplicate_kind kind;
};

struct duplicate_place {
	uint16_t at, len;         /* name with what it is: 朝阳小区 */
	uint16_t tail;            /* its last characters that tell it from others, without 加格达奇区 and the like */
	struct duplicate_number numbers[DUPLICATE_NUMBERS];
	size_t number_count;
};

/* A request as it is compared. Big (some 24 KiB): keep it in what you own, not in passing. */
struct duplicate_text {
	uint32_t chars[DUPLICATE_CHARS];      /* folded (text.h); 0 where a sign or a field ends */
	float weights[DUPLICATE_CHARS];       /* what each says */
	size_t len;
	struct duplicate_place places[DUPLICATE_PLACES];
	size_t place_count;
	bool is_wide;                         /* speaks of what befalls a whole area: 停水, 全小区 */
	struct { uint32_t hash; float weight; } grams[DUPLICATE_SLOTS];   /* open addressing; hash 0 = free */
	size_t gram_count;
	double square;                        /* sum of the squared weights */
};

/* place, title, body: UTF-8, malformed bytes are passed over, any length; "" where there is none. */
void duplicate_read(struct duplicate_text *text, const char *place, const char *title, const char *body);

/* Keys by which near-same requests of a region find each other: what is rare and heavy in the text, and its
 * places. Two alike texts share several, two others seldom one. The odd ones are addresses (a place with its number):
 * who looks for candidates takes those first (sql/functions/likeness.sql). Returns how many were written. */
size_t duplicate_keys(const struct duplicate_text *text, const char *region, int64_t keys[DUPLICATE_KEYS]);

enum duplicate_where {
	DUPLICATE_WHERE_UNKNOWN,  /* one of them names no place */
	DUPLICATE_WHERE_SAME,     /* the same place and number */
	DUPLICATE_WHERE_NAME,     /* the same place; at least one gives no number */
	DUPLICATE_WHERE_NUMBER,   /* the same place, another number */
	DUPLICATE_WHERE_OTHER     /* each names a place, and none is the same */
};

struct duplicate_likeness {
	double score;             /* 0…1; the same both ways; 1 for the same text */
	enum duplicate_where where;
	size_t place_a, place_b;  /* which places that is about, unless UNKNOWN */
	size_t number_a, number_b;    /* which numbers differ, for NUMBER */
};
void duplicate_compare(const struct duplicate_text *a, const struct duplicate_text *b,
                       struct duplicate_likeness *ret);

/* What else is known of the pair; minutes since the other was accepted. */
struct duplicate_facts { bool same_caller, same_matter; int64_t minutes; };

/* Whether a person should be shown the other request. */
bool duplicate_is_worth(const struct duplicate_likeness *likeness, const struct duplicate_facts *facts);

/* One sentence for people: caller, place or what differs, likeness, the longest stretch they share, age. */
void duplicate_why(const struct duplicate_text *a, const struct duplicate_text *b,
                   const struct duplicate_likeness *likeness, const struct duplicate_facts *facts,
                   char out[DUPLICATE_WHY]);

#endif
