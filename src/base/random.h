/*
 * Random numbers that are the same on every machine for the same seed, which those of the C
 * library are not: splitmix64 (Steele, Lea and Flood, OOPSLA 2014). Not for secrets.
 */
#ifndef BRINK_BASE_RANDOM_H
#define BRINK_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* The next 64 bits; *state is the seed at first. */
uint64_t random_next(uint64_t *state);

/* From 0 to below bound, each as likely as the others. */
size_t random_below(uint64_t *state, size_t bound);

#endif
