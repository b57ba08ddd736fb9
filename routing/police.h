/* police.h — 报警求助 or not: what must be connected to 110, 119, 12119, 120 or 122 at once, by rules that nothing
 * overrules.
 *
 * The rows are routing/police.def. The book is built once and then only read; police_judge() allocates nothing and
 * takes no clock. It reads the first POLICE_CHARS characters of title and body together. */
#ifndef ROUTING_POLICE_H
#define ROUTING_POLICE_H

#include <stdbool.h>
#include <stddef.h>

enum police_level { POLICE_LEVEL_NONE, POLICE_LEVEL_POLICE, POLICE_LEVEL_DANGER };

/* Whom to connect, as bits. */
enum police_number { N110 = 1, N119 = 2, N12119 = 4, N120 = 8, N122 = 16 };
enum { POLICE_NUMBERS = 5 };

enum police_situation {
#define SITUATION(name, term, level, numbers, firm) SITUATION_##name,
#include "police.def"
	SITUATION_COUNT
};

struct police_book;   /* owned by the caller: police_book_free() */

/* A word that an administrator added to a situation, "" or an unknown situation is left out. */
struct police_word { const char *situation, *word; };

/* The base rows and these words beside them. NULL only when memory is out. */
struct police_book *police_book_new(const struct police_word *words, size_t count);
void police_book_free(struct police_book *book);

enum { POLICE_CHARS = 4400, POLICE_WORDS = 6, POLICE_WORD_ROOM = 64 };

struct police_verdict {
	enum police_level level;
	unsigned numbers;                 /* bits of enum police_number, 0 when the level is NONE */
	enum police_situation situation;  /* of the first word; SITUATION_COUNT when the level is NONE */
	size_t word_count;                /* the evidence, in the order of the text, each once */
	char words[POLICE_WORDS][POLICE_WORD_ROOM];
};

/* title and body are UTF-8, may be ""; kind as in terms.def, 0 when not known yet. Kinds that report nothing
 * (咨询, 建议, 表扬) speak against a POLICE matter, never against DANGER. */
void police_judge(const struct police_book *book, const char *title, const char *body, int kind,
                  struct police_verdict *ret);

/* "110", … of the bit's place 0…POLICE_NUMBERS-1. */
const char *police_number_text(size_t place);
/* The bit of "119"; 0 when there is no such number. */
unsigned police_number_find(const char *text);
const char *police_situation_name(enum police_situation situation);
const char *police_situation_term(enum police_situation situation);
enum police_level police_situation_level(enum police_situation situation);
/* SITUATION_COUNT when there is none of this name. */
enum police_situation police_situation_find(const char *name);

/* P01…P26: what the police hand to the hotline; place from 0, false beyond the last. */
struct police_ours { const char *code, *term, *to; };
bool police_ours(size_t place, struct police_ours *ret);

#endif
