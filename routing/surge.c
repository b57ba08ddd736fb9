/* Counts calls per matter and place in sliding windows and says how rare the count is. */
#include "surge.h"

#include <math.h>
#include <string.h>

enum {
	CELL_WEIGHT = 4,            /* weeks of the mean cell that stand beside a cell's own history */
	HOUR_WEIGHT = 40            /* calls of the hotline's week that stand beside a cell's own hours */
};

double surge_expected(const struct surge_history *history, const uint8_t *hours, size_t count, double first, double last) {
	double week = (history->cell + CELL_WEIGHT * (double)history->cells_mean) / (history->weeks + CELL_WEIGHT);
	double sum = 0;
	for (size_t i = 0; i < count; i++) {
		double own = history->cell_hours[hours[i]] + HOUR_WEIGHT * (double)history->share[hours[i]];
		sum += own / (history->cell + HOUR_WEIGHT) * (i == 0 ? first : 1) *
		       (i + 1 == count ? last : 1);
	}
	return week * sum;
}

/* log of the probability of exactly k. */
static double log_mass(double k, double expected, double dispersion) {
	if (dispersion <= 0)
		return k * log(expected) - expected - lgamma(k + 1);
	double size = 1 / dispersion;
	return lgamma(k + size) - lgamma(size) - lgamma(k + 1) + size * log(size / (size + expected)) +
	       k * log(expected / (size + expected));
}

double surge_score(uint32_t count, double expected, double dispersion) {
	enum { TERMS = 2000, SURE = 300 };
	if (count == 0 || expected <= 0)
		return count == 0 ? 0 : SURE;
	double most = log_mass(count, expected, dispersion), sum = 0;
	for (uint32_t k = count; k < count + TERMS; k++) {
		double term = exp(log_mass(k, expected, dispersion) - most);
		sum += term;
		if (k > expected && term < sum * 1e-12)
			break;
	}
	double score = -(most + log(sum)) / log(10);
	return score < 0 ? 0 : score > SURE ? SURE : score;
}

struct arrival { int64_t at, ticket; uint64_t caller; };
struct cell {
	uint64_t key;
	int64_t touched;
	uint32_t next, kept;
	struct arrival arrivals[SURGE_KEPT];
};
struct surges { unsigned size, used; int64_t taken; struct cell cells[]; };

size_t surge_bytes(unsigned cells) {
	return sizeof(struct surges) + sizeof(struct cell) * cells;
}

struct surges *surge_begin(void *memory, unsigned cells) {
	struct surges *surges = memory;
	surges->size = cells;
	return surges;
}

static struct cell *cell_of(struct surges *surges, uint64_t key) {
	struct cell *oldest = surges->cells;
	for (unsigned i = 0; i < surges->used; i++) {
		if (surges->cells[i].key == key)
			return &surges->cells[i];
		if (surges->cells[i].touched < oldest->touched)
			oldest = &surges->cells[i];
	}
	if (surges->used < surges->size)
		oldest = &surges->cells[surges->used++];
	*oldest = (struct cell){ .key = key };
	return oldest;
}

/* Whether the same caller stands earlier among those counted. */
static bool counted_before(const struct arrival *list, size_t count, uint64_t caller) {
	for (size_t i = 0; caller != 0 && i < count; i++)
		if (list[i].caller == caller)
			return true;
	return false;
}

static void window_count(const struct cell *cell, int64_t from, int64_t to, uint32_t *ret_count, uint32_t *ret_callers) {
	struct arrival inside[SURGE_KEPT];
	size_t count = 0;
	*ret_callers = 0;
	for (uint32_t i = 0; i < cell->kept; i++) {
		const struct arrival *arrival = &cell->arrivals[i];
		if (arrival->at <= from || arrival->at > to)
			continue;
		if (!counted_before(inside, count, arrival->caller))
			++*ret_callers;
		inside[count++] = *arrival;
	}
	*ret_count = (uint32_t)count;
}

void surge_take(struct surges *surges, const struct surge_ask *ask, const int64_t windows[SURGE_WINDOWS],
                struct surge_answer *ret_answer) {
	struct cell *cell = cell_of(surges, ask->cell);
	int64_t longest = 0;
	cell->touched = ++surges->taken;
	cell->arrivals[cell->next] = (struct arrival){ ask->at, ask->ticket, ask->caller };
	cell->next = (cell->next + 1) % SURGE_KEPT;
	cell->kept += cell->kept < SURGE_KEPT;
	for (int i = 0; i < SURGE_WINDOWS; i++) {
		window_count(cell, ask->at - windows[i], ask->at, &ret_answer->counts[i], &ret_answer->callers[i]);
		longest = windows[i] > longest ? windows[i] : longest;
	}
	ret_answer->ticket_count = 0;
	for (uint32_t i = 0; i < cell->kept; i++) {
		const struct arrival *arrival = &cell->arrivals[(cell->next + SURGE_KEPT - cell->kept + i) % SURGE_KEPT];
		if (arrival->at > ask->at - longest && arrival->at <= ask->at)
			ret_answer->tickets[ret_answer->ticket_count++] = arrival->ticket;
	}
}
