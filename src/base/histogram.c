#include "base/histogram.h"

#include <float.h>

#define SUBBUCKETS 64

size_t
histogram_index(int64_t value_us)
{
	int octave;

	if (value_us < 0)
		return 0;
	if (value_us < HISTOGRAM_LINEAR)
		return (size_t)value_us;
	/* The highest bit of the value: 7 for 128..255, which are octave 0. */
	octave = 63 - __builtin_clzll((unsigned long long)value_us) - 7;
	if (octave >= HISTOGRAM_OCTAVES)
		return HISTOGRAM_BUCKETS - 1;
	/* Its seven highest bits are 64..127. */
	return (size_t)(HISTOGRAM_LINEAR + SUBBUCKETS * octave +
			(int)(value_us >> (octave + 1)) - SUBBUCKETS);
}

int64_t
histogram_value(size_t index)
{
	size_t octave, sub;

	if (index < HISTOGRAM_LINEAR)
		return (int64_t)index;
	octave = (index - HISTOGRAM_LINEAR) / SUBBUCKETS;
	sub = (index - HISTOGRAM_LINEAR) % SUBBUCKETS;
	/* The lower end, and half of the width of 2^(octave + 1). */
	return (int64_t)((SUBBUCKETS + sub) << (octave + 1)) + (INT64_C(1) << octave);
}

void
histogram_add(struct histogram *h, int64_t value_us)
{
	atomic_fetch_add_explicit(&h->bucket[histogram_index(value_us)], 1,
				  memory_order_relaxed);
}

void
histogram_sum(const struct histogram *h, uint64_t *counts)
{
	for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
		counts[i] += atomic_load_explicit(&h->bucket[i], memory_order_relaxed);
}

uint64_t
histogram_count(const uint64_t *counts)
{
	uint64_t total = 0;

	for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
		total += counts[i];
	return total;
}

int64_t
histogram_quantile(const uint64_t *counts, double q)
{
	/* 0.07 * 100 is a little over 7 in binary: allow for the rounding of q. */
	double wanted = q * (double)histogram_count(counts) * (1 - 4 * DBL_EPSILON);
	uint64_t seen = 0;

	for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
		seen += counts[i];
		if (counts[i] != 0 && (double)seen >= wanted)
			return histogram_value(i);
	}
	return -1;
}
