/* surge.h — more calls about one matter in one place than the hour of the week explains. Pure; bounded memory, handed in.
 *
 * A cell is a matter in a county, or in a town of it. What is usual there is a rate for each hour of the
 * week, counted from history; a cell with little history leans on the hotline as a whole. Calls vary more
 * than by chance alone (weather, news), so the tail is of a negative binomial distribution. */
#ifndef ROUTING_SURGE_H
#define ROUTING_SURGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SURGE_WINDOWS = 3,          /* an hour, a day, a week */
	SURGE_KEPT = 64,            /* newest arrivals remembered of a cell */
	SURGE_HOURS = 168           /* hours of a week, Monday 0:00 first */
};

/* What is usual, of one cell. Counts are of `weeks` weeks. */
struct surge_history {
	uint32_t weeks;
	uint32_t cell;              /* calls of the cell */
	uint32_t cell_hours[SURGE_HOURS];
	float cells_mean;           /* calls of a cell a week, mean over all cells */
	float share[SURGE_HOURS];   /* of the whole hotline's calls in this hour of the week; sums to 1 */
};

/* Calls to expect in the hours listed (hour of the week of each, as the calendar has it: a holiday is a
 * Sunday); of the first and the last only these parts (0…1) count. */
double surge_expected(const struct surge_history *history, const uint8_t *hours, size_t count, double first, double last);

/* How rare so many or more are where `expected` are usual: -log10 of the probability, 0…300. dispersion: how
 * many times the variance of a Poisson distribution is exceeded at an expectation of one (0: Poisson). */
double surge_score(uint32_t count, double expected, double dispersion);

struct surges;
size_t surge_bytes(unsigned cells);
/* memory: zeroed, surge_bytes() long; owned by the caller. The cell quiet for longest is forgotten. */
struct surges *surge_begin(void *memory, unsigned cells);

struct surge_ask { uint64_t cell, caller; int64_t at, ticket; };   /* cell not 0; caller 0: somebody else each time */
struct surge_answer {
	uint32_t callers[SURGE_WINDOWS];     /* different ones within each window that ends at `at` */
	uint32_t counts[SURGE_WINDOWS];
	int64_t tickets[SURGE_KEPT];         /* of the longest window, oldest first */
	size_t ticket_count;
};
void surge_take(struct surges *surges, const struct surge_ask *ask, const int64_t windows[SURGE_WINDOWS],
                struct surge_answer *ret_answer);

#endif
