/* duplicate_hash.h — the hashes of shingles and keys. Inside of duplicate.c only.
 *
 * They are kept in the database (table likeness): changed, every row must be made again. */
#ifndef ROUTING_DUPLICATE_HASH_H
#define ROUTING_DUPLICATE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* splitmix64's finish: every bit of the input moves every bit of the result. */
static inline uint64_t hash_finish(uint64_t hash) {
	hash = (hash ^ hash >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	hash = (hash ^ hash >> 27) * UINT64_C(0x94d049bb133111eb);
	return hash ^ hash >> 31;
}

/* Never 0, which marks a free slot. */
static inline uint32_t hash_mix(uint32_t a, uint32_t b) {
	return (uint32_t)hash_finish((uint64_t)a << 32 | b) | 1;
}

static inline uint64_t hash_long(uint64_t seed, const uint32_t *chars, size_t len) {
	for (size_t i = 0; i < len; i++)
		seed = hash_finish((seed ^ chars[i]) + UINT64_C(0x9e3779b97f4a7c15));
	return seed;
}

static inline uint32_t hash_chars(const uint32_t *chars, size_t len) {
	return (uint32_t)hash_long(0, chars, len) | 1;
}

#endif
