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
