/* Ranks the units that a text may have to go to: catalogue words and learned guesses, blended. */
#include "dispatch_rank.h"

#include <math.h>
#include <stdlib.h>

/* The words' confidence is the logistic of margin (0…1) and lead (score above the rival's). Set so that
 * at 60 % about every second request goes straight through, at least four in five of those to the right
 * place, and two near-equal candidates never do. */
#define SURE_BASE   0.38
#define SURE_MARGIN 1.80
#define SURE_LEAD   0.60

/* The part of the model where both speak: it knows this house's tickets, the words know its catalogue. */
#define MODEL_SHARE 0.6

enum { SCORED_MOST = 16 };   /* matters looked at by their words */

static int unit_id(const struct choice *choice) {
	return choice->unit ? choice->unit->id : 0;
}

/* The row of this choice's unit, new at the end if there is none; NULL when the list is full. */
static struct ranked *row_of(struct ranking *ranking, const struct choice *choice) {
	for (size_t i = 0; i < ranking->count; i++)
		if (choice->unit && unit_id(&ranking->list[i].choice) == choice->unit->id)
			return &ranking->list[i];
	if (ranking->count == RANK_MOST)
		return NULL;
	struct ranked *row = &ranking->list[ranking->count++];
	*row = (struct ranked){ .choice = *choice };
	return row;
}

/* ---- words ------------------------------------------------------------------------------------------ */

/* The matters with the highest scores, best first. */
static size_t best_scores(const float *scores, size_t count, size_t best[SCORED_MOST]) {
	size_t found = 0;
	for (size_t i = 0; i < count; i++) {
		if (scores[i] <= 0 || (found == SCORED_MOST && scores[i] <= scores[best[found - 1]]))
			continue;
		size_t place = found < SCORED_MOST ? found++ : SCORED_MOST - 1;
		for (; place > 0 && scores[best[place - 1]] < scores[i]; place--)
			best[place] = best[place - 1];
		best[place] = i;
	}
	return found;
}

static double words_confidence(double best, double rival) {
	double lead = best - rival;
	if (lead <= 0)
		return 0;
	return 1 / (1 + exp(-(SURE_BASE + SURE_MARGIN * lead / best + SURE_LEAD * log(lead))));
}

/* What the best unit leaves is shared by the others by their scores, none above its proportion to the best. */
static void share_words(struct ranking *ranking, const double *scores) {
	double rest = 0;
	for (size_t i = 1; i < ranking->count; i++)
		rest += scores[i];
	double sure = ranking->count > 0 ? words_confidence(scores[0], ranking->count > 1 ? scores[1] : 0) : 0;
	for (size_t i = 0; i < ranking->count; i++)
		ranking->list[i].by_words = i == 0 ? sure
			: fmin((1 - sure) * scores[i] / rest, sure * scores[i] / scores[0]);
}

static void rank_by_words(const struct sight *sight, struct ranking *ret) {
	float scores[WORDS_MATTERS];
	double of_row[RANK_MOST] = { 0 };
	size_t best[SCORED_MOST], count = sight->book->matter_count;
	if (count > WORDS_MATTERS)
		count = WORDS_MATTERS;
	words_score(sight->book->words, &sight->text, scores);
	size_t found = best_scores(scores, count, best);
	for (size_t i = 0; i < found; i++) {
		struct choice choice = unit_choose(sight, &sight->book->matters[best[i]]);
		struct ranked *row = row_of(ret, &choice);
		if (row && !row->named) {
			row->named = true;
			of_row[row - ret->list] = scores[best[i]];
		}
	}
	share_words(ret, of_row);
}

/* ---- model ------------------------------------------------------------------------------------------ */

static void rank_by_model(const struct sight *sight, struct ranking *ret) {
	for (size_t i = 0; i < sight->ask->guess_count; i++) {
		const struct dispatch_guess *guess = &sight->ask->guesses[i];
		const struct dispatch_matter *matter = book_matter(sight->book, guess->matter);
		if (!matter)
			continue;
		struct choice choice = unit_choose(sight, matter);
		struct ranked *row = row_of(ret, &choice);
		if (!row)
			continue;
		row->by_model += guess->probability;
		/* The unit's matter is the one that is more probable than what the words alone say. */
		if (guess->probability > row->strongest) {
			row->strongest = guess->probability;
			if (guess->probability > row->by_words)
				row->choice = choice;
		}
	}
}

static size_t first_by(const struct ranking *ranking, bool model) {
	size_t best = 0;
	for (size_t i = 1; i < ranking->count; i++)
		if (model ? ranking->list[i].by_model > ranking->list[best].by_model
		          : ranking->list[i].by_words > ranking->list[best].by_words)
			best = i;
	return best;
}

/* One alone is taken as it is. Both: their weighted mean; where they name the same unit first, at least the
 * surer of the two, for they look at different things. */
static void rank_blend(struct ranking *ranking, bool words, bool model) {
	bool agree = words && model && first_by(ranking, false) == first_by(ranking, true);
	for (size_t i = 0; i < ranking->count; i++) {
		struct ranked *row = &ranking->list[i];
		row->chance = !model ? row->by_words : !words ? row->by_model
			: MODEL_SHARE * row->by_model + (1 - MODEL_SHARE) * row->by_words;
		if (agree && i == first_by(ranking, true))
			row->chance = fmax(row->chance, fmax(row->by_words, row->by_model));
		row->chance = fmin(row->chance, 1);
	}
}

/* Stable, so that equal chances keep the order of the words. */
static void rank_sort(struct ranking *ranking) {
	for (size_t i = 1; i < ranking->count; i++)
		for (size_t j = i; j > 0 && ranking->list[j].chance > ranking->list[j - 1].chance; j--) {
			struct ranked above = ranking->list[j - 1];
			ranking->list[j - 1] = ranking->list[j];
			ranking->list[j] = above;
		}
}

void rank_matters(const struct sight *sight, struct ranking *ret) {
	ret->count = 0;
	rank_by_words(sight, ret);
	bool words = ret->count > 0 && ret->list[0].by_words > 0;
	rank_by_model(sight, ret);
	bool model = ret->count > 0 && ret->list[first_by(ret, true)].by_model > 0;
	rank_blend(ret, words, model);
	rank_sort(ret);
}
