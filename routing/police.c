/* police.c — judges a text by the rows of police.def: danger now, a matter of the police, or neither. */
#include "police.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "terms.h"
#include "text.h"

enum { SIGNS_MOST = 64, WORD_CHARS = 16, BUCKETS = 2048, HITS_MOST = 768 };
enum { HEAD_BEGINS = 1, HEAD_SINGLE = 2 };
enum { DANGER = POLICE_LEVEL_DANGER, POLICE = POLICE_LEVEL_POLICE };

/* Classes of words, as bits. */
enum { CLASS_MASK = 1, CLASS_NOW = 2, CLASS_PAST = 4, CLASS_ASK = 8, CLASS_HABIT = 16, CLASS_REPORTED = 32,
	CLASS_NOT = 64 };

/* ---- the rows --------------------------------------------------------------------------------- */

static const struct situation { const char *name, *term; int level; unsigned numbers; bool firm; } situations[] = {
#define SITUATION(name, term, level, numbers, firm) { #name, term, level, numbers, firm },
#include "police.def"
};

static const struct sign { enum police_situation situation; const char *any, *with, *unless; } signs[] = {
#define SIGN(situation, any, with, unless) { SITUATION_##situation, any, with, unless },
#include "police.def"
};
enum { SIGN_COUNT = sizeof signs / sizeof signs[0] };

static const struct words_row { unsigned class; const char *words; } words_rows[] = {
#define WORDS(class, words) { CLASS_##class, words },
#include "police.def"
};

static const struct police_ours ours[] = {
#define OURS(code, term, to) { #code, term, to },
#include "police.def"
};

static const char *const numbers[POLICE_NUMBERS] = { "110", "119", "12119", "120", "122" };

/* ---- the book --------------------------------------------------------------------------------- */

/* One word with all that it means: bits of signs, and classes. */
struct word {
	uint32_t chars[WORD_CHARS];
	size_t len;
	uint64_t any, with, unless;
	unsigned classes;
	int next;                        /* in its bucket, -1 = last */
};

struct police_book {
	struct word *words;
	size_t count, room;
	int buckets[BUCKETS];            /* by the first two characters */
	uint8_t heads[0x10000 / 4];      /* two bits a character: begins a word, is a word of its own */
	uint64_t bare;                   /* signs that need no `with` */
	uint64_t signs_of[SITUATION_COUNT];   /* where added words go: a sign of its own for each situation */
	uint8_t situation_of[SIGNS_MOST];
	size_t sign_count;
};

static unsigned bucket_of(const uint32_t *chars)
{
	return (chars[0] * 2654435761u ^ chars[1] * 40503u * 65537u) >> 7 & (BUCKETS - 1);
}

static struct word *word_find(const struct police_book *book, const uint32_t *chars, size_t len)
{
	for (int at = book->buckets[bucket_of(chars)]; at >= 0; at = book->words[at].next)
		if (book->words[at].len == len && memcmp(book->words[at].chars, chars, len * sizeof *chars) == 0)
			return &book->words[at];
	return NULL;
}

/* The word, made when it is new. Words of one character get a bucket by a second one that never comes; NULL: no
 * memory, or not a word. */
static struct word *word_take(struct police_book *book, const char *text, size_t bytes)
{
	uint32_t chars[WORD_CHARS] = { 0 };
	size_t len = text_fold(text, bytes, chars, WORD_CHARS);
	unsigned bucket = bucket_of(chars);
	struct word *word;

	if (len == 0)
		return NULL;
	if (len == 1)
		bucket = bucket_of((const uint32_t[]){ chars[0], 0 });
	word = word_find(book, chars, len);
	if (word)
		return word;
	if (book->count == book->room) {
		size_t room = book->room * 2 + 512;
		struct word *more = realloc(book->words, room * sizeof *more);

		if (!more)
			return NULL;
		book->words = more;
		book->room = room;
	}
	word = &book->words[book->count];
	*word = (struct word){ .len = len, .next = book->buckets[bucket] };
	memcpy(word->chars, chars, sizeof chars);
	book->heads[(chars[0] & 0xffff) / 4] |= (uint8_t)((len == 1 ? HEAD_SINGLE : HEAD_BEGINS) << (chars[0] & 3) * 2);
	book->buckets[bucket] = (int)book->count++;
	return word;
}

enum part { PART_ANY, PART_WITH, PART_UNLESS, PART_CLASS };

static bool words_add(struct police_book *book, const char *list, enum part part, uint64_t bits)
{
	for (const char *at = list; *at;) {
		size_t len = strcspn(at, "|");
		struct word *word = word_take(book, at, len);

		if (!word)
			return false;
		word->any |= part == PART_ANY ? bits : 0;
		word->with |= part == PART_WITH ? bits : 0;
		word->unless |= part == PART_UNLESS ? bits : 0;
		word->classes |= part == PART_CLASS ? (unsigned)bits : 0;
		at += len + (at[len] == '|');
	}
	return true;
}

static bool rows_add(struct police_book *book)
{
	for (size_t i = 0; i < SIGN_COUNT; i++) {
		uint64_t bit = UINT64_C(1) << i;

		book->situation_of[i] = (uint8_t)signs[i].situation;
		book->bare |= *signs[i].with == '\0' ? bit : 0;
		if (!words_add(book, signs[i].any, PART_ANY, bit) || !words_add(book, signs[i].with, PART_WITH, bit) ||
		    !words_add(book, signs[i].unless, PART_UNLESS, bit))
			return false;
	}
	book->sign_count = SIGN_COUNT;
	for (size_t i = 0; i < sizeof words_rows / sizeof words_rows[0]; i++)
		if (!words_add(book, words_rows[i].words, PART_CLASS, words_rows[i].class))
			return false;
	return true;
}

/* Added words stand under a bare sign of their own, so that no `unless` of a base row speaks against them. */
static bool added_add(struct police_book *book, const struct police_word *added, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		enum police_situation situation = police_situation_find(added[i].situation);

		if (situation == SITUATION_COUNT || *added[i].word == '\0' || strchr(added[i].word, '|'))
			continue;
		if (book->signs_of[situation] == 0) {
			if (book->sign_count == SIGNS_MOST)
				continue;
			book->situation_of[book->sign_count] = (uint8_t)situation;
			book->signs_of[situation] = UINT64_C(1) << book->sign_count++;
			book->bare |= book->signs_of[situation];
		}
		if (!words_add(book, added[i].word, PART_ANY, book->signs_of[situation]))
			return false;
	}
	return true;
}

struct police_book *police_book_new(const struct police_word *added, size_t count)
{
	struct police_book *book = calloc(1, sizeof *book);

	_Static_assert(SIGN_COUNT + SITUATION_COUNT <= SIGNS_MOST, "more signs than bits");
	if (!book)
		return NULL;
	memset(book->buckets, -1, sizeof book->buckets);
	if (rows_add(book) && added_add(book, added, count))
		return book;
	police_book_free(book);
	return NULL;
}

void police_book_free(struct police_book *book)
{
	if (!book)
		return;
	free(book->words);
	free(book);
}

/* ---- the text --------------------------------------------------------------------------------- */

/* Folded characters, each with the number of its sentence and of the part between two commas. */
struct reading {
	uint32_t chars[POLICE_CHARS + 2];
	uint16_t clause[POLICE_CHARS], sentence[POLICE_CHARS];
	bool masked[POLICE_CHARS];
	size_t len;
	uint16_t clauses, sentences;
};

static bool ends_sentence(int32_t c)
{
	return c == '\n' || c == '!' || c == '?' || c == ';' || c == 0x3002 || c == 0xff01 || c == 0xff1f || c == 0xff1b;
}

static bool ends_clause(int32_t c)
{
	return c == ',' || c == ':' || c == 0xff0c || c == 0x3001 || c == 0xff1a;
}

/* Folds to itself: most of every text, and spared the folding. */
static bool is_han(int32_t c)
{
	return c >= 0x4e00 && c <= 0x9fff;
}

static void text_take(struct reading *reading, const char *text)
{
	const char *end = text + strlen(text);

	while (text < end && reading->len < POLICE_CHARS) {
		const char *from = text;
		int32_t c = text_next(&text, end);
		uint32_t folded;

		if (ends_sentence(c)) {
			reading->sentences++;
			reading->clauses++;
		} else if (ends_clause(c)) {
			reading->clauses++;
		} else if (is_han(c) ? (folded = (uint32_t)c, true)
		                     : c >= 0 && text_fold(from, (size_t)(text - from), &folded, 1) == 1) {
			reading->clause[reading->len] = reading->clauses;
			reading->sentence[reading->len] = reading->sentences;
			reading->chars[reading->len++] = folded;
		}
	}
	reading->sentences++;
	reading->clauses++;
}

/* ---- what stands in it ------------------------------------------------------------------------ */

struct hit { const struct word *word; uint16_t at; };
struct hits { struct hit list[HITS_MOST]; size_t count; };

/* 110 in 1101 is no 110. */
static bool stands_alone(const struct reading *reading, const struct word *word, size_t at)
{
	size_t end = at + word->len;
	uint32_t first = word->chars[0], last = word->chars[word->len - 1];

	if (first >= '0' && first <= '9' && at > 0 && reading->chars[at - 1] >= '0' && reading->chars[at - 1] <= '9')
		return false;
	return !(last >= '0' && last <= '9' && end < reading->len && reading->chars[end] >= '0' && reading->chars[end] <= '9');
}

static bool word_stands(const struct reading *reading, const struct word *word, size_t at)
{
	return at + word->len <= reading->len && reading->sentence[at] == reading->sentence[at + word->len - 1] &&
	       memcmp(word->chars, reading->chars + at, word->len * sizeof *word->chars) == 0 &&
	       stands_alone(reading, word, at);
}

static void bucket_look(const struct police_book *book, const struct reading *reading, size_t at, unsigned bucket,
                        struct hits *hits)
{
	for (int i = book->buckets[bucket]; i >= 0 && hits->count < HITS_MOST; i = book->words[i].next)
		if (word_stands(reading, &book->words[i], at))
			hits->list[hits->count++] = (struct hit){ &book->words[i], (uint16_t)at };
}

static void words_look(const struct police_book *book, const struct reading *reading, struct hits *hits)
{
	hits->count = 0;
	for (size_t at = 0; at < reading->len; at++) {
		const uint32_t single[2] = { reading->chars[at], 0 };
		unsigned head = book->heads[(single[0] & 0xffff) / 4] >> (single[0] & 3) * 2 & 3;
		unsigned pair = bucket_of(reading->chars + at), one = bucket_of(single);

		if (head & HEAD_BEGINS)
			bucket_look(book, reading, at, pair, hits);
		if (head & HEAD_SINGLE && (one != pair || !(head & HEAD_BEGINS)))
			bucket_look(book, reading, at, one, hits);
	}
}

static void masks_set(struct reading *reading, const struct hits *hits)
{
	for (size_t i = 0; i < hits->count; i++)
		if (hits->list[i].word->classes & CLASS_MASK)
			memset(reading->masked + hits->list[i].at, true, hits->list[i].word->len);
}

static bool is_masked(const struct reading *reading, const struct hit *hit)
{
	return memchr(reading->masked + hit->at, true, hit->word->len) != NULL;
}

/* Whether a NOT stands right before the word, in the same part of the sentence: 没有着火, 未发生火灾. */
static bool is_denied(const struct reading *reading, const struct hits *hits, size_t place)
{
	const struct hit *hit = &hits->list[place];

	for (size_t i = place; i-- > 0 && hits->list[i].at + WORD_CHARS >= hit->at;) {
		size_t end = hits->list[i].at + hits->list[i].word->len;

		if (hits->list[i].word->classes & CLASS_NOT && end == hit->at &&
		    reading->clause[hits->list[i].at] == reading->clause[hit->at])
			return true;
	}
	return false;
}

/* ---- judging ---------------------------------------------------------------------------------- */

/* What speaks for and against in one sentence, one part of it, and the whole text. */
struct scope { uint64_t with, unless; unsigned sentence, clause, text; };

static void scope_read(const struct reading *reading, const struct hits *hits, const struct hit *of, struct scope *ret)
{
	*ret = (struct scope){ 0 };
	for (size_t i = 0; i < hits->count; i++) {
		const struct hit *hit = &hits->list[i];

		ret->text |= hit->word->classes;
		if (reading->sentence[hit->at] != reading->sentence[of->at])
			continue;
		ret->with |= hit->word->with;
		ret->unless |= hit->word->unless;
		ret->sentence |= hit->word->classes;
		if (reading->clause[hit->at] == reading->clause[of->at])
			ret->clause |= hit->word->classes;
	}
}

static bool reports_nothing(int kind)
{
	return kind == KIND_consult || kind == KIND_suggest || kind == KIND_praise;
}

static bool holds(const struct situation *situation, const struct scope *scope, int kind)
{
	bool doubtful = !situation->firm && scope->clause & (CLASS_ASK | CLASS_HABIT);

	if (situation->level == DANGER)
		return scope->clause & CLASS_NOW || !(doubtful || scope->sentence & CLASS_PAST);
	return !(scope->clause & CLASS_ASK || scope->text & CLASS_REPORTED || reports_nothing(kind));
}

static void evidence_add(struct police_verdict *ret, const struct word *word)
{
	char text[POLICE_WORD_ROOM];

	text_unfold(word->chars, word->len, text, sizeof text);
	for (size_t i = 0; i < ret->word_count; i++)
		if (strcmp(ret->words[i], text) == 0)
			return;
	if (ret->word_count < POLICE_WORDS)
		memcpy(ret->words[ret->word_count++], text, sizeof text);
}

static void verdict_add(struct police_verdict *ret, enum police_situation situation, const struct word *word)
{
	const struct situation *found = &situations[situation];

	if ((int)ret->level > found->level)
		return;
	if ((int)ret->level < found->level) {
		memset(ret, 0, sizeof *ret);
		ret->level = (enum police_level)found->level;
		ret->situation = situation;
	}
	ret->numbers |= found->numbers;
	evidence_add(ret, word);
}

static void hit_judge(const struct police_book *book, const struct reading *reading, const struct hits *hits,
                      size_t place, int kind, struct police_verdict *ret)
{
	const struct hit *hit = &hits->list[place];
	struct scope scope;
	uint64_t open;

	if (hit->word->any == 0 || is_masked(reading, hit) || is_denied(reading, hits, place))
		return;
	scope_read(reading, hits, hit, &scope);
	open = hit->word->any & (book->bare | scope.with) & ~scope.unless;
	for (size_t sign = 0; open != 0; sign++, open >>= 1)
		if (open & 1 && holds(&situations[book->situation_of[sign]], &scope, kind))
			verdict_add(ret, (enum police_situation)book->situation_of[sign], hit->word);
}

void police_judge(const struct police_book *book, const char *title, const char *body, int kind,
                  struct police_verdict *ret)
{
	struct reading reading;
	struct hits hits;

	memset(ret, 0, sizeof *ret);
	ret->situation = SITUATION_COUNT;
	reading.len = reading.clauses = reading.sentences = 0;
	text_take(&reading, title);
	text_take(&reading, body);
	memset(reading.masked, 0, reading.len);
	reading.chars[reading.len] = reading.chars[reading.len + 1] = 0;
	words_look(book, &reading, &hits);
	masks_set(&reading, &hits);
	for (size_t i = 0; i < hits.count; i++)
		hit_judge(book, &reading, &hits, i, kind, ret);
}

/* ---- names ------------------------------------------------------------------------------------ */

const char *police_number_text(size_t place)
{
	return place < POLICE_NUMBERS ? numbers[place] : "";
}

unsigned police_number_find(const char *text)
{
	for (size_t i = 0; i < POLICE_NUMBERS; i++)
		if (strcmp(numbers[i], text) == 0)
			return 1u << i;
	return 0;
}

const char *police_situation_name(enum police_situation situation)
{
	return situation < SITUATION_COUNT ? situations[situation].name : "";
}

const char *police_situation_term(enum police_situation situation)
{
	return situation < SITUATION_COUNT ? situations[situation].term : "";
}

enum police_level police_situation_level(enum police_situation situation)
{
	return situation < SITUATION_COUNT ? (enum police_level)situations[situation].level : POLICE_LEVEL_NONE;
}

enum police_situation police_situation_find(const char *name)
{
	for (size_t i = 0; i < SITUATION_COUNT; i++)
		if (strcmp(situations[i].name, name) == 0)
			return (enum police_situation)i;
	return SITUATION_COUNT;
}

bool police_ours(size_t place, struct police_ours *ret)
{
	if (place >= sizeof ours / sizeof ours[0])
		return false;
	*ret = ours[place];
	return true;
}
