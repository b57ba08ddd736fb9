/* Decides which unit must deal with a ticket, how sure that is, and says why. */
#include "dispatch.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "dispatch_book.h"
#include "text.h"

/* Confidence is the logistic of margin (0…1) and lead (score above the rival's). Set so that at
 * 60 % about every second request goes straight through, at least four in five of those to the
 * right place, and two near-equal candidates never do. */
#define SURE_BASE   0.38
#define SURE_MARGIN 1.80
#define SURE_LEAD   0.60

enum { RIVALS_MAX = 8 };

/* --- the sentence ------------------------------------------------------------------------ */

/* Adds to the sentence; what does not fit is left out from a whole character on. */
static void why_add(struct dispatch_answer *ret, const char *format, ...) {
	size_t used = strlen(ret->why), room = sizeof(ret->why) - used;
	va_list list;
	va_start(list, format);
	int need = vsnprintf(ret->why + used, room, format, list);
	va_end(list);
	if (need < 0 || (size_t)need < room)
		return;
	const char *at = ret->why, *end = ret->why + strlen(ret->why), *whole = at;
	while (at < end && text_next(&at, end) >= 0)
		whole = at;
	ret->why[whole - ret->why] = '\0';
}

/* Back from code points to UTF-8. */
static void utf8_write(const uint32_t *chars, size_t len, char *out, size_t room) {
	size_t used = 0;
	for (size_t i = 0; i < len && used + 5 <= room; i++) {
		uint32_t c = chars[i];
		int more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
		static const unsigned char lead[] = { 0x00, 0xc0, 0xe0, 0xf0 };
		out[used++] = (char)(lead[more] | c >> (6 * more));
		while (more-- > 0)
			out[used++] = (char)(0x80 | (c >> (6 * more) & 0x3f));
	}
	out[used] = '\0';
}

static int percent(double confidence) {
	return (int)(confidence * 100);
}

static void why_unit(struct dispatch_answer *ret, const struct dispatch_unit *unit,
                     const char *region) {
	if (strcmp(unit->region, region) == 0)
		why_add(ret, "由%s承办", unit->name);
	else
		why_add(ret, "由上级主管单位%s承办", unit->name);
}

static void why_words(struct dispatch_answer *ret, const struct dispatch_book *book,
                      const struct words_text *text, size_t matter) {
	enum { SPANS = 3, SPAN_CHARS = 12 };
	struct words_span spans[SPANS];
	size_t count = words_evidence(book->words, text, matter, spans, SPANS);
	for (size_t i = 0; i < count && spans[i].weight > spans[0].weight / 4; i++) {
		char word[4 * SPAN_CHARS + 5];
		size_t len = spans[i].len < SPAN_CHARS ? spans[i].len : SPAN_CHARS;
		utf8_write(spans[i].chars, len, word, sizeof(word));
		why_add(ret, "“%s”", word);
	}
}

/* --- the decision ------------------------------------------------------------------------ */

/* Who deals with a matter here: who a ruling named, else who holds its duty. */
static const struct dispatch_unit *unit_of(const struct dispatch_book *book,
                                           const struct dispatch_matter *matter, const char *region,
                                           const struct dispatch_precedent **ret_ruling) {
	*ret_ruling = book_precedent(book, matter->code, region);
	if (*ret_ruling)
		return book_unit_by_id(book, (*ret_ruling)->unit);
	return book_unit(book, matter->duty, region, matter->level);
}

static bool is_barred(const struct dispatch_ask *ask, const struct dispatch_unit *unit) {
	for (size_t i = 0; i < ask->not_count; i++)
		if (ask->not_units[i] == unit->id)
			return true;
	return false;
}

/* The last step of both ways: the unit, and why it is this one. */
static void choose_unit(const struct dispatch_book *book, const struct dispatch_matter *matter,
                        const struct dispatch_ask *ask, struct dispatch_answer *ret) {
	const struct dispatch_precedent *ruling;
	const struct dispatch_unit *unit = unit_of(book, matter, ask->region, &ruling);
	if (!unit) {
		why_add(ret, "但本辖区及上级都没有对应的承办单位，请人工派单");
	} else if (is_barred(ask, unit)) {
		why_add(ret, "但%s的退单已经同意，请人工派单", unit->name);
	} else if (ruling) {
		ret->unit = unit->id;
		why_add(ret, "按裁定先例由%s承办（%s）", unit->name, ruling->why);
	} else {
		ret->unit = unit->id;
		why_unit(ret, unit, ask->region);
	}
}

static void decide_given(const struct dispatch_book *book, const struct dispatch_matter *matter,
                         const struct dispatch_ask *ask, struct dispatch_answer *ret) {
	ret->matter = matter->code;
	why_add(ret, "事项“%s”由话务员选定，", matter->name);
	choose_unit(book, matter, ask, ret);
	ret->confidence = ret->unit != 0;
}

/* The best matter, and the best one that another unit would have to deal with. */
struct rank {
	size_t best, rival;        /* SIZE_MAX = none */
	double best_score, rival_score;
	const struct dispatch_unit *unit;
};

static size_t best_of(const struct dispatch_book *book, const float *scores, size_t count,
                      const char *const *not_duties, size_t not_count) {
	size_t best = SIZE_MAX;
	for (size_t i = 0; i < count; i++) {
		if (scores[i] <= 0 || (best != SIZE_MAX && scores[i] <= scores[best]))
			continue;
		bool barred = false;
		for (size_t n = 0; n < not_count && !barred; n++)
			barred = strcmp(book->matters[i].duty, not_duties[n]) == 0;
		if (!barred)
			best = i;
	}
	return best;
}

static const struct dispatch_unit *matter_unit(const struct dispatch_book *book, size_t matter,
                                               const char *region) {
	const struct dispatch_precedent *ruling;
	return unit_of(book, &book->matters[matter], region, &ruling);
}

static struct rank rank_matters(const struct dispatch_book *book, const float *scores, size_t count,
                                const char *region) {
	struct rank rank = { SIZE_MAX, SIZE_MAX, 0, 0, NULL };
	const char *duties[RIVALS_MAX];
	rank.best = best_of(book, scores, count, NULL, 0);
	if (rank.best == SIZE_MAX)
		return rank;
	rank.best_score = scores[rank.best];
	rank.unit = matter_unit(book, rank.best, region);
	duties[0] = book->matters[rank.best].duty;
	for (size_t n = 1; n < RIVALS_MAX; n++) {
		size_t next = best_of(book, scores, count, duties, n);
		if (next == SIZE_MAX)
			break;
		const struct dispatch_unit *unit = matter_unit(book, next, region);
		if (!rank.unit || !unit || unit->id != rank.unit->id) {
			rank.rival = next;
			rank.rival_score = scores[next];
			break;
		}
		duties[n] = book->matters[next].duty;
	}
	return rank;
}

static double confidence_of(const struct rank *rank) {
	double lead = rank->best_score - rank->rival_score;
	if (lead <= 0)
		return 0;
	double sure = SURE_BASE + SURE_MARGIN * lead / rank->best_score + SURE_LEAD * log(lead);
	return 1 / (1 + exp(-sure));
}

static void why_pool(struct dispatch_answer *ret, const struct dispatch_book *book,
                     const struct rank *rank) {
	why_add(ret, "把握不足（%d%%）：可能是“%s”", percent(ret->confidence), book->matters[rank->best].name);
	if (rank->rival != SIZE_MAX)
		why_add(ret, "或“%s”", book->matters[rank->rival].name);
	why_add(ret, "，请人工派单");
}

static void decide_found(const struct dispatch_book *book, const struct words_text *text,
                         const struct dispatch_ask *ask, double threshold, struct dispatch_answer *ret) {
	float scores[WORDS_MATTERS];
	size_t count = book->matter_count < WORDS_MATTERS ? book->matter_count : WORDS_MATTERS;
	words_score(book->words, text, scores);
	struct rank rank = rank_matters(book, scores, count, ask->region);
	if (rank.best == SIZE_MAX) {
		why_add(ret, "文中没有事项目录里的用语，请人工派单");
		return;
	}
	ret->matter = book->matters[rank.best].code;
	ret->confidence = confidence_of(&rank);
	if (ret->confidence < threshold) {
		why_pool(ret, book, &rank);
		return;
	}
	why_add(ret, "文中");
	why_words(ret, book, text, rank.best);
	why_add(ret, "等用语指向事项“%s”（把握%d%%），", book->matters[rank.best].name, percent(ret->confidence));
	choose_unit(book, &book->matters[rank.best], ask, ret);
}

void dispatch_decide(const struct dispatch_book *book, const struct dispatch_ask *ask,
                     double threshold, struct dispatch_answer *ret) {
	ret->unit = 0;
	ret->matter = NULL;
	ret->confidence = 0;
	ret->why[0] = '\0';
	const struct dispatch_matter *given = book_matter(book, ask->matter);
	if (given) {
		decide_given(book, given, ask, ret);
		return;
	}
	struct words_text text;
	text.title_len = text_fold(ask->title, strlen(ask->title), text.title,
	                           sizeof(text.title) / sizeof(text.title[0]));
	text.body_len = text_fold(ask->text, strlen(ask->text), text.body,
	                          sizeof(text.body) / sizeof(text.body[0]));
	decide_found(book, &text, ask, threshold, ret);
}
