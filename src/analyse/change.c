#include "analyse/change.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/rows.h"

/* On each side of a change: less is no level, but an outlier. */
#define STRETCH_MIN 2
/* Candidates need to be so much less certain than what is kept: a change that lies beside
 * another is seen clearly only once both are there. */
#define CANDIDATE_P    10

#define FRACTION_STEPS 300
#define FRACTION_EXACT 1e-14

/* The continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's
 * method. */
static double
beta_fraction(double a, double b, double x)
{
	const double tiny = 1e-300;
	double c = 1, d = 1 - (a + b) * x / (a + 1), result;

	d = 1 / (fabs(d) < tiny ? tiny : d);
	result = d;
	for (int m = 1; m <= FRACTION_STEPS; m++) {
		double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
		double step;

		d = 1 + even * d;
		c = 1 + even / c;
		d = 1 / (fabs(d) < tiny ? tiny : d);
		result *= d * c;
		d = 1 + odd * d;
		c = 1 + odd / c;
		d = 1 / (fabs(d) < tiny ? tiny : d);
		step = d * c;
		result *= step;
		if (fabs(step - 1) < FRACTION_EXACT)
			break;
	}
	return result;
}

/* The regularized incomplete beta function I_x(a, b). */
static double
beta_share(double a, double b, double x)
{
	double front;

	if (x <= 0 || x >= 1)
		return x <= 0 ? 0 : 1;
	front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
	if (x < (a + 1) / (a + b + 2))
		return front * beta_fraction(a, b, x) / a;
	return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

static double
mean_of(const double *v, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += v[i];
	return sum / (double)n;
}

/* The sum of the squared deviations from the mean. */
static double
squares_of(const double *v, size_t n, double mean)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (v[i] - mean) * (v[i] - mean);
	return sum;
}

double
student_test(const double *a, size_t a_count, const double *b, size_t b_count)
{
	double freedom = (double)a_count + (double)b_count - 2, a_mean, b_mean, variance;
	double t2;

	if (a_count == 0 || b_count == 0 || freedom < 1)
		return 1;
	a_mean = mean_of(a, a_count);
	b_mean = mean_of(b, b_count);
	variance =
	    (squares_of(a, a_count, a_mean) + squares_of(b, b_count, b_mean)) / freedom;
	variance *= 1 / (double)a_count + 1 / (double)b_count;
	if (!(variance > 0))
		return a_mean < b_mean || a_mean > b_mean ? 0 : 1;
	t2 = (a_mean - b_mean) * (a_mean - b_mean) / variance;
	return beta_share(freedom / 2, 0.5, freedom / (freedom + t2));
}

static double
mean_within(double sum, size_t n)
{
	return n < 2 ? 0 : 2 * sum / ((double)n * (double)(n - 1));
}

/* Values in their order of size, and how many of those that were added, and what sum of
 * them, is no larger: binary indexed trees, where position i is at i + 1. */
struct ranks {
	double *sorted, *below, *sums;
	size_t *counts, n, added;
	double total; /* of what was added */
	double
	    centre; /* what all values are taken from, so that sums keep their digits */
};

static int
compare_values(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
ranks_begin(struct ranks *r, const double *v, size_t n)
{
	*r = (struct ranks){ .n = n,
			     .sorted = rows_alloc(n, sizeof(double)),
			     .below = rows_alloc(n + 1, sizeof(double)),
			     .sums = rows_alloc(n + 1, sizeof(double)),
			     .counts = rows_alloc(n + 1, sizeof(size_t)) };
	memcpy(r->sorted, v, n * sizeof(*v));
	qsort(r->sorted, n, sizeof(*r->sorted), compare_values);
	r->centre = r->sorted[n / 2];
	for (size_t i = 0; i < n; i++) {
		r->sorted[i] -= r->centre;
		r->below[i + 1] = r->below[i] + r->sorted[i];
	}
}

static void
ranks_end(struct ranks *r)
{
	free(r->sorted);
	free(r->below);
	free(r->sums);
	free(r->counts);
}

/* The place of the last of those that are no larger, from 1. */
static size_t
ranks_place(const struct ranks *r, double value)
{
	size_t low = 0, high = r->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (r->sorted[middle] <= value)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
ranks_add(struct ranks *r, double value)
{
	for (size_t i = ranks_place(r, value); i <= r->n; i += i & -i) {
		r->sums[i] += value;
		r->counts[i]++;
	}
	r->added++;
	r->total += value;
}

/* The sum of the distances to those that were added. */
static double
ranks_to_added(const struct ranks *r, double value)
{
	double sum = 0, count = 0;

	for (size_t i = ranks_place(r, value); i > 0; i -= i & -i) {
		sum += r->sums[i];
		count += (double)r->counts[i];
	}
	return value * count - sum + (r->total - sum) -
	       value * ((double)r->added - count);
}

/* The sum of the distances to all. */
static double
ranks_to_all(const struct ranks *r, double value)
{
	size_t place = ranks_place(r, value);

	return value * (double)place - r->below[place] + r->below[r->n] -
	       r->below[place] - value * (double)(r->n - place);
}

/*
 * Where to split n values so that the energy distance of the parts (Matteson and James,
 * equation 5) is largest; 0 where they are too few. The sums of the distances within the
 * parts and between them change by those of one value from a split to the next.
 */
static size_t
best_split(const double *v, size_t n)
{
	double left = 0, right = 0, between = 0, best = -1;
	struct ranks ranks;
	size_t at = 0;

	ranks_begin(&ranks, v, n);
	for (size_t i = 0; i < n; i++)
		right += ranks_to_all(&ranks, v[i] - ranks.centre) / 2;
	for (size_t i = 1; i + STRETCH_MIN <= n; i++) {
		double value = v[i - 1] - ranks.centre;
		double to_left = ranks_to_added(&ranks, value);
		double to_right = ranks_to_all(&ranks, value) - to_left;
		double weight = (double)i * (double)(n - i), energy;

		ranks_add(&ranks, value);
		left += to_left;
		right -= to_right;
		between += to_right - to_left;
		energy = 2 * between / weight - mean_within(left, i) -
			 mean_within(right, n - i);
		energy *= weight / (double)n;
		if (i >= STRETCH_MIN && energy > best) {
			best = energy;
			at = i;
		}
	}
	ranks_end(&ranks);
	return at;
}

/* Splits values[from, to) as often as the parts differ at p; changes receives where, in
 * order. Returns how many. */
static size_t
split(const double *values, size_t from, size_t to, double p, struct change *changes)
{
	size_t at =
	    to - from < 2 * STRETCH_MIN ? 0 : best_split(values + from, to - from);
	size_t count;

	if (at == 0 ||
	    student_test(values + from, at, values + from + at, to - from - at) > p)
		return 0;
	at += from;
	count = split(values, from, at, p, changes);
	changes[count++].at = at;
	return count + split(values, at, to, p, changes + count);
}

/* Means and p of change i, from the changes beside it. */
static void
weigh(const double *values, size_t n, struct change *changes, size_t count, size_t i)
{
	size_t from = i > 0 ? changes[i - 1].at : 0;
	size_t to = i + 1 < count ? changes[i + 1].at : n;
	struct change *c = &changes[i];

	c->before = mean_of(values + from, c->at - from);
	c->after = mean_of(values + c->at, to - c->at);
	c->p = student_test(values + from, c->at - from, values + c->at, to - c->at);
}

size_t
change_points(const double *values, size_t n, double p, struct change *changes)
{
	size_t count = split(values, 0, n, CANDIDATE_P * p, changes);

	for (size_t i = 0; i < count; i++)
		weigh(values, n, changes, count, i);
	while (count > 0) {
		size_t weakest = 0;

		for (size_t i = 1; i < count; i++)
			if (changes[i].p > changes[weakest].p)
				weakest = i;
		if (changes[weakest].p <= p)
			break;
		count--;
		memmove(&changes[weakest], &changes[weakest + 1],
			(count - weakest) * sizeof(*changes));
		/* Only those beside it have other stretches now. */
		if (weakest > 0)
			weigh(values, n, changes, count, weakest - 1);
		if (weakest < count)
			weigh(values, n, changes, count, weakest);
	}
	return count;
}
