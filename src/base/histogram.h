/*
 * A latency histogram of fixed size, log-linear as in HdrHistogram: values below 128 us
 * have a bucket each, above that every power of two is cut into 64, so that the middle of
 * a bucket is within 0.8 % of every value in it.
 *
 * Lives in shared memory: many processes may add at once (relaxed atomics), and a writer
 * killed at any instruction leaves it consistent.
 */
#ifndef BRINK_BASE_HISTOGRAM_H
#define BRINK_BASE_HISTOGRAM_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#define HISTOGRAM_LINEAR  128
#define HISTOGRAM_OCTAVES 21 /* up to 2^28 us, four and a half minutes; more is clamped */
#define HISTOGRAM_BUCKETS (HISTOGRAM_LINEAR + 64 * HISTOGRAM_OCTAVES)

struct histogram {
	_Atomic uint32_t bucket[HISTOGRAM_BUCKETS];
};

/* The bucket of a value in microseconds; negative counts as 0, too large as the last. */
size_t histogram_index(int64_t value_us);

/* The middle of a bucket, in microseconds. */
int64_t histogram_value(size_t index);

void histogram_add(struct histogram *h, int64_t value_us);

/* Adds the counts of h to counts[HISTOGRAM_BUCKETS]. */
void histogram_sum(const struct histogram *h, uint64_t *counts);

/* The number of values in counts[HISTOGRAM_BUCKETS]. */
uint64_t histogram_count(const uint64_t *counts);

/*
 * The smallest bucket value that at least the fraction q (0..1] of all values do not
 * exceed; q = 1 gives the maximum. Returns -1 where counts is empty.
 */
int64_t histogram_quantile(const uint64_t *counts, double q);

#endif
