/* backoff.h — how long to wait before trying to connect or to send again. */
#ifndef SERVER_BACKOFF_H
#define SERVER_BACKOFF_H

#include <stdint.h>
#include <stdlib.h>

enum { BACKOFF_FIRST_MS = 100, BACKOFF_MOST_MS = 5000 };

/* Doubles *step from 100 ms to 5 s (0 = start again) and returns half of it plus a random half, so
 * that many processes do not come back in the same moment. */
static inline uint64_t backoff_next(uint32_t *step)
{
	*step = *step == 0 ? BACKOFF_FIRST_MS : *step * 2;
	if (*step > BACKOFF_MOST_MS)
		*step = BACKOFF_MOST_MS;
	return *step / 2 + arc4random_uniform(*step / 2 + 1);
}

/* The pause after so many tries in milliseconds: doubles from `first` to `most`; half of it is chance. */
static inline int64_t backoff_pause(int64_t first, int64_t most, int tries)
{
	int64_t pause = first;

	while (tries-- > 0 && pause < most)
		pause *= 2;
	if (pause > most)
		pause = most;
	return pause / 2 + arc4random_uniform((uint32_t)(pause / 2 + 1));
}

#endif
