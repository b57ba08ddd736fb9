/* Reads a request into what can be compared: weighed characters, places with their numbers, shingles. */
#include "duplicate.h"

#include <string.h>

#include "duplicate_hash.h"
#include "duplicate_words.h"
#include "text.h"

/* What a character says. Tuned on petitions of which it is known which belong together (docs/DUPLICATES.md). */
#define POLITE_WEIGHT  0.1f
#define GRAMMAR_WEIGHT 0.4f
#define DATE_WEIGHT    0.2f
#define AMOUNT_WEIGHT  0.5f
#define PLAIN_WEIGHT   1.0f
#define TITLE_WEIGHT   1.2f   /* of the title: it says what the body is about */
#define FIELD_WEIGHT   DUPLICATE_NAMED   /* of the field “详细地址”, where no place was recognised */
#define PLACE_WEIGHT   1.5f
#define NUMBER_WEIGHT  1.5f   /* a number of a house as one thing */
#define NAME_WEIGHT    2.0f   /* a place as one thing */
#define ADDRESS_WEIGHT 2.5f   /* a place with its number as one thing */
#define LEAST_WEIGHT   0.02f

enum {
	NAME_MOST = 8,        /* characters of a name before what it is */
	NAME_LEAST = 2,
	TAIL_NAME = 2,        /* of which the last so many tell it */
	TAIL_FIELD = 4,
	NEAR = 1,             /* characters between a place and its number */
	PLACE_FIELD = 200, TITLE_FIELD = 60
};

/* ---- characters ------------------------------------------------------------------------------------ */

/* A blank parts nothing: “6 号楼”. Signs and ends of lines do. */
static bool is_blank(int32_t point) {
	return point == ' ' || point == '\t' || point == 0xa0 || point == 0x3000;
}

static void field_add(struct duplicate_text *text, const char *field, size_t most) {
	size_t end_at = text->len + most < DUPLICATE_CHARS - 1 ? text->len + most : DUPLICATE_CHARS - 1;
	for (const char *at = field, *end = field + strlen(field); at < end && text->len < end_at;) {
		const char *from = at;
		uint32_t folded = 0;
		if (is_blank(text_next(&at, end)))
			continue;
		text_fold(from, (size_t)(at - from), &folded, 1);
		if (folded || (text->len > 0 && text->chars[text->len - 1]))
			text->chars[text->len++] = folded;
	}
	if (text->len > 0 && text->chars[text->len - 1])
		text->chars[text->len++] = 0;
}

static void weigh(struct duplicate_text *text, size_t at, size_t len, float weight) {
	for (size_t i = at; i < at + len; i++)
		text->weights[i] = weight;
}

static void weigh_words(const struct duplicate_lists *lists, struct duplicate_text *text, size_t from, size_t to,
                        float usual) {
	for (size_t i = from; i < to;) {
		size_t left = to - i, polite = duplicate_word_at(&lists->polite, text->chars + i, left, NULL);
		bool grammar = !polite && duplicate_word_at(&lists->grammar, text->chars + i, left, NULL);
		float plain = text->chars[i] ? usual : 0.0f;
		weigh(text, i, polite ? polite : 1, polite ? POLITE_WEIGHT : grammar ? GRAMMAR_WEIGHT : plain);
		text->is_wide = text->is_wide || duplicate_word_at(&lists->wide, text->chars + i, left, NULL);
		i += polite ? polite : 1;
	}
}

/* ---- numbers --------------------------------------------------------------------------------------- */

static int chinese_digit(uint32_t point) {
	static const char32_t digits[] = U"零一二三四五六七八九";
	for (int i = 0; digits[i]; i++)
		if (digits[i] == point)
			return i;
	return point == U'〇' ? 0 : point == U'两' ? 2 : -1;
}

/* 十二, 二十, 一百零八, 三〇一; as much as is a number. Returns its length, 0 for none. */
static size_t chinese_number(const uint32_t *chars, size_t len, uint32_t *ret_value) {
	uint32_t total = 0, digit = 0;
	size_t i = 0;
	bool open = false;   /* a digit waits for 十 or 百 */
	for (; i < len && total < 100000 && digit < 100000; i++) {
		int value = chinese_digit(chars[i]);
		uint32_t unit = chars[i] == U'十' ? 10 : chars[i] == U'百' ? 100 : 0;
		if (value >= 0)
			digit = digit * 10 + (uint32_t)value;
		else if (unit)
			total += (open ? digit : 1) * unit;
		else
			break;
		if (unit)
			digit = 0;
		open = value >= 0;
	}
	*ret_value = total + digit;
	return i;
}

/* Long runs of digits are no house: they saturate. */
static size_t digits_number(const uint32_t *chars, size_t len, uint32_t *ret_value) {
	uint32_t value = 0;
	size_t i = 0;
	for (; i < len && chars[i] >= '0' && chars[i] <= '9'; i++)
		value = value < 100000000 ? value * 10 + (chars[i] - '0') : value;
	*ret_value = value;
	return i;
}

static bool precedes(const struct duplicate_text *text, size_t at, const char32_t word[2]) {
	return at >= 2 && text->chars[at - 2] == word[0] && text->chars[at - 1] == word[1];
}

/* The number that begins here, with the word that says what it counts. A Chinese numeral without one is a
 * word like any other (一直, 三角), and before 路 it is a name (五一路) unless a bus is meant. */
static bool number_at(const struct duplicate_lists *lists, const struct duplicate_text *text, size_t at, bool after_month,
                      struct duplicate_number *ret) {
	const uint32_t *chars = text->chars + at;
	size_t left = text->len - at, len = digits_number(chars, left, &ret->value);
	bool arabic = len > 0;
	int kind = DUPLICATE_AMOUNT;
	if (!arabic)
		len = chinese_number(chars, left, &ret->value);
	if (len == 0)
		return false;
	size_t unit = duplicate_word_at(&lists->units, chars + len, left - len, &kind);
	if (!arabic && (unit == 0 || (chars[len] == U'路' && !precedes(text, at, U"公交"))))
		return false;
	if (unit == 0)
		kind = DUPLICATE_AMOUNT;
	else if (after_month && kind == DUPLICATE_DOOR)
		kind = DUPLICATE_DATE;
	ret->at = (uint16_t)at;
	ret->len = (uint16_t)(len + unit);
	ret->kind = (enum duplicate_kind)kind;
	return true;
}

/* ---- places ---------------------------------------------------------------------------------------- */

static bool is_among(const char32_t *list, uint32_t point) {
	for (; *list; list++)
		if (*list == point)
			return true;
	return false;
}

/* Where the name before an ending begins: not before `from`, a sign, grammar, politeness or 加格达奇区. */
static size_t name_begin(const struct duplicate_text *text, size_t from, size_t end) {
	size_t at = end;
	while (at > from && end - at < NAME_MOST && text->weights[at - 1] >= PLAIN_WEIGHT &&
	       !is_among(U"区市县省盟旗", text->chars[at - 1]))
		at--;
	return at;
}

/* The place already read that has the same tail: NULL for none. */
static struct duplicate_place *place_known(struct duplicate_text *text, const struct duplicate_place *place) {
	for (size_t i = 0; i < text->place_count; i++) {
		struct duplicate_place *known = &text->places[i];
		if (known->tail == place->tail &&
		    memcmp(text->chars + known->at + known->len - known->tail,
		           text->chars + place->at + place->len - place->tail, place->tail * sizeof(uint32_t)) == 0)
			return known;
	}
	return NULL;
}

static struct duplicate_place *place_add(struct duplicate_text *text, size_t at, size_t len, size_t tail) {
	struct duplicate_place place = { (uint16_t)at, (uint16_t)len, (uint16_t)tail, { { 0 } }, 0 };
	struct duplicate_place *known = place_known(text, &place);
	if (known)
		return known;
	if (text->place_count == DUPLICATE_PLACES)
		return NULL;
	text->places[text->place_count] = place;
	return &text->places[text->place_count++];
}

/* The place whose ending stands here, its name not before `from`; *ret_end gets where it ends. */
static struct duplicate_place *place_at(const struct duplicate_lists *lists, struct duplicate_text *text, size_t from, size_t at,
                                        size_t *ret_end) {
	int alone = 0;
	size_t ending = duplicate_word_at(&lists->endings, text->chars + at, text->len - at, &alone);
	if (ending == 0)
		return NULL;
	size_t begin = name_begin(text, from, at), name = at - begin;
	if (name < NAME_LEAST)
		return NULL;
	/* 道路 is any road, 二道街 a street of many towns. */
	bool common = is_among(duplicate_before, text->chars[at - 1]) &&
		!(text->chars[at - 1] == U'道' && text->chars[at] == U'街');
	if (alone && (common ||
	              is_among(duplicate_after, text->chars[at + ending])))
		return NULL;
	*ret_end = at + ending;
	weigh(text, begin, name + ending, PLACE_WEIGHT);
	return place_add(text, begin, name + ending, (name < TAIL_NAME ? name : TAIL_NAME) + ending);
}

static void number_take(struct duplicate_place *place, const struct duplicate_number *number) {
	for (size_t i = 0; i < place->number_count; i++)
		if (place->numbers[i].kind == number->kind)
			return;
	if (place->number_count < DUPLICATE_NUMBERS)
		place->numbers[place->number_count++] = *number;
}

/* What is being read, left to right. */
struct reading {
	struct duplicate_place *place;   /* the last one */
	size_t end;                      /* where the last place or number of it ended */
	bool after_month;
};

/* A house belongs to the place before it, a door only where it follows at once, a bus is its own place. */
static void number_read(struct duplicate_text *text, struct reading *reading, const struct duplicate_number *number) {
	size_t end = number->at + number->len;
	bool near = reading->place && number->at <= reading->end + NEAR;
	if (number->kind == DUPLICATE_DATE || number->kind == DUPLICATE_AMOUNT) {
		weigh(text, number->at, number->len, number->kind == DUPLICATE_DATE ? DATE_WEIGHT : AMOUNT_WEIGHT);
	} else if (number->kind == DUPLICATE_ROUTE) {
		weigh(text, number->at, number->len, PLACE_WEIGHT);
		place_add(text, number->at, number->len, number->len);
	} else if (reading->place && (near || number->kind != DUPLICATE_DOOR)) {
		number_take(reading->place, number);
		reading->end = end;
	}
	reading->after_month = text->chars[end - 1] == U'月';
}

static void places_read(const struct duplicate_lists *lists, struct duplicate_text *text, size_t from, size_t to) {
	struct reading reading = { .end = from };
	struct duplicate_number number;
	for (size_t i = from; i < to;) {
		size_t end = i + 1;
		struct duplicate_place *place = place_at(lists, text, reading.end, i, &end);
		if (place) {
			reading.place = place;
			reading.end = end;
		} else if (text->chars[i] && number_at(lists, text, i, reading.after_month, &number)) {
			number_read(text, &reading, &number);
			end = i + number.len;
		} else {
			reading.after_month = false;
		}
		i = end;
	}
}

/* The field for the address is a place even where its name is of no known kind: up to its first number. */
static void field_read(const struct duplicate_lists *lists, struct duplicate_text *text, size_t to) {
	struct duplicate_number number;
	size_t len = 0;
	places_read(lists, text, 0, to);
	if (text->place_count > 0)
		return;
	while (len < to && text->chars[len] && !number_at(lists, text, len, false, &number))
		len++;
	if (len < NAME_LEAST)
		return;
	weigh(text, 0, len, FIELD_WEIGHT);
	struct duplicate_place *place = place_add(text, 0, len, len < TAIL_FIELD ? len : TAIL_FIELD);
	while (place && len < to && number_at(lists, text, len, false, &number) && number.kind <= DUPLICATE_UNIT) {
		number_take(place, &number);
		len += number.len;
	}
}

/* ---- shingles -------------------------------------------------------------------------------------- */

static void gram_add(struct duplicate_text *text, uint32_t hash, float weight) {
	uint32_t slot = hash & (DUPLICATE_SLOTS - 1);
	if (weight < LEAST_WEIGHT)
		return;
	while (text->grams[slot].hash && text->grams[slot].hash != hash)
		slot = (slot + 1) & (DUPLICATE_SLOTS - 1);
	if (!text->grams[slot].hash)
		text->gram_count++;
	text->grams[slot].hash = hash;
	if (weight > text->grams[slot].weight)
		text->grams[slot].weight = weight;
}

static void grams_fill(struct duplicate_text *text) {
	for (size_t i = 0; i + 1 < text->len; i++)
		gram_add(text, hash_chars(text->chars + i, 2), text->weights[i] * text->weights[i + 1]);
	for (size_t p = 0; p < text->place_count; p++) {
		const struct duplicate_place *place = &text->places[p];
		uint32_t name = hash_chars(text->chars + place->at + place->len - place->tail, place->tail);
		gram_add(text, hash_mix(name, 1), NAME_WEIGHT);
		for (size_t n = 0; n < place->number_count; n++) {
			uint32_t number = hash_mix(place->numbers[n].value, 2 + (uint32_t)place->numbers[n].kind);
			gram_add(text, number, NUMBER_WEIGHT);
			gram_add(text, hash_mix(name, number), ADDRESS_WEIGHT);
		}
	}
	for (size_t slot = 0; slot < DUPLICATE_SLOTS; slot++)
		text->square += (double)text->grams[slot].weight * (double)text->grams[slot].weight;
}

void duplicate_read(struct duplicate_text *text, const char *place, const char *title, const char *body) {
	struct duplicate_lists lists;
	duplicate_lists_make(&lists);
	memset(text, 0, sizeof(*text));
	field_add(text, place, PLACE_FIELD);
	size_t field_end = text->len;
	field_add(text, title, TITLE_FIELD);
	size_t title_end = text->len;
	field_add(text, body, DUPLICATE_CHARS);
	weigh_words(&lists, text, 0, field_end, PLAIN_WEIGHT);
	weigh_words(&lists, text, field_end, title_end, TITLE_WEIGHT);
	weigh_words(&lists, text, title_end, text->len, PLAIN_WEIGHT);
	field_read(&lists, text, field_end);
	places_read(&lists, text, field_end, text->len);
	grams_fill(text);
}
