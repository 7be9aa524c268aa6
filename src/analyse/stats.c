#include "analyse/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/rows.h"

static int
compare_doubles(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

double
stats_quantile(double *v, size_t n, double q)
{
	double position = q * (double)(n - 1);
	size_t below = (size_t)position;

	qsort(v, n, sizeof(*v), compare_doubles);
	if (below + 1 >= n)
		return v[n - 1];
	return v[below] + (position - (double)below) * (v[below + 1] - v[below]);
}

double
stats_median(double *v, size_t n)
{
	return stats_quantile(v, n, 0.5);
}

double
stats_mad(double *v, size_t n)
{
	double median = stats_median(v, n);

	for (size_t i = 0; i < n; i++)
		v[i] = fabs(v[i] - median);
	return stats_median(v, n);
}

/* n(n-1)(2n+5): 18 times the variance of Kendall's S for n points without ties. */
static double
kendall_term(double n)
{
	return n * (n - 1) * (2 * n + 5);
}

double
stats_kendall_variance(const double *v, size_t n)
{
	double *sorted = rows_alloc(n, sizeof(*sorted));
	double variance = kendall_term((double)n);

	memcpy(sorted, v, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), compare_doubles);
	for (size_t i = 0, next; i < n; i = next) {
		for (next = i + 1; next < n && !(sorted[next] > sorted[i]); next++)
			;
		variance -= kendall_term((double)(next - i));
	}
	free(sorted);
	return variance / 18;
}

bool
stats_theil_sen(const double *x, const double *y, size_t n, double z, struct slope *slope)
{
	double *slopes, spread, low, high;
	size_t count = 0;

	if (n < 2)
		return false;
	slopes = rows_alloc(n * (n - 1) / 2, sizeof(*slopes));
	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1; k < n; k++)
			if (x[k] > x[i] || x[k] < x[i])
				slopes[count++] = (y[k] - y[i]) / (x[k] - x[i]);
	if (count == 0) {
		free(slopes);
		return false;
	}
	spread = z * sqrt(stats_kendall_variance(x, n));
	low = fmax(round(((double)count - spread) / 2) - 1, 0);
	high = fmin(round(((double)count + spread) / 2), (double)(count - 1));
	slope->value = stats_median(slopes, count);
	slope->low = slopes[(size_t)low];
	slope->high = slopes[(size_t)high];
	slope->n = n;
	free(slopes);
	return true;
}

static double
kendall_s(const double *y, size_t n)
{
	double s = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1; k < n; k++)
			s += (y[k] > y[i]) - (y[k] < y[i]);
	return s;
}

/* Each value's rank among all, from 1; equal ones have the mean of theirs. */
static void
rank_values(const double *v, size_t n, double *ranks)
{
	for (size_t i = 0; i < n; i++) {
		double below = 0, same = 0;

		for (size_t k = 0; k < n; k++) {
			below += v[k] < v[i];
			same += !(v[k] < v[i]) && !(v[k] > v[i]);
		}
		ranks[i] = below + (same + 1) / 2;
	}
}

/* The sum in equation 14 over the lags whose correlation is significant. */
static double
weigh_correlations(const double *ranks, size_t n)
{
	double mean = ((double)n + 1) / 2, sum = 0, variance = 0;
	double significant = STATS_Z95 / sqrt((double)n);

	for (size_t i = 0; i < n; i++)
		variance += (ranks[i] - mean) * (ranks[i] - mean);
	for (size_t lag = 1; lag < n && variance > 0; lag++) {
		double left = (double)(n - lag), r = 0;

		for (size_t i = 0; i + lag < n; i++)
			r += (ranks[i] - mean) * (ranks[i + lag] - mean);
		r /= variance;
		if (fabs(r) > significant)
			sum += left * (left - 1) * (left - 2) * r;
	}
	return sum;
}

static double
correlation_factor(const double *y, size_t n, double slope)
{
	double *detrended = rows_alloc(2 * n, sizeof(*detrended)), *ranks = detrended + n;
	double all = (double)n * (double)(n - 1) * (double)(n - 2), factor;

	for (size_t i = 0; i < n; i++)
		detrended[i] = y[i] - slope * (double)i;
	rank_values(detrended, n, ranks);
	factor = 1 + 2 / all * weigh_correlations(ranks, n);
	free(detrended);
	return factor > 1 ? factor : 1;
}

struct trend
trend_test(const double *y, size_t n, double slope)
{
	struct trend trend = { .factor = 1, .p = 1 };

	if (n < 4)
		return trend;
	trend.s = kendall_s(y, n);
	trend.factor = correlation_factor(y, n, slope);
	trend.variance = stats_kendall_variance(y, n) * trend.factor;
	/* S is a whole number: half of its step of 2 is taken off. */
	if (trend.variance > 0 && fabs(trend.s) > 0)
		trend.z = copysign(fabs(trend.s) - 1, trend.s) / sqrt(trend.variance);
	trend.p = erfc(fabs(trend.z) / sqrt(2));
	return trend;
}
