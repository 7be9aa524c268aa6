#include "base/random.h"

uint64_t
random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

size_t
random_below(uint64_t *state, size_t bound)
{
	uint64_t excess = -(uint64_t)bound % bound, value;

	do
		value = random_next(state);
	while (value < excess);
	return (size_t)(value % bound);
}
