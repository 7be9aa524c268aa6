#include "analyse/trend.h"

#include <math.h>
#include <stdlib.h>

#include "analyse/rows.h"
#include "analyse/stats.h"

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
