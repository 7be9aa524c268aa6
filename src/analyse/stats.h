/*
 * Robust statistics on small arrays, and the test for a trend. Pure: no state, no random
 * numbers.
 */
#ifndef BRINK_ANALYSE_STATS_H
#define BRINK_ANALYSE_STATS_H

#include <stdbool.h>
#include <stddef.h>

/* Two-sided 95 % of the normal distribution. */
#define STATS_Z95 1.959963984540054

/* The q-quantile (0..1) of n > 0 values, interpolated between order statistics (type 7 of
 * Hyndman and Fan 1996, the default of R and NumPy). Sorts v. */
double stats_quantile(double *v, size_t n, double q);

/* The median of n > 0 values. Sorts v. */
double stats_median(double *v, size_t n);

/* The median of the absolute deviations from the median, not scaled. Overwrites v. */
double stats_mad(double *v, size_t n);

struct slope {
	double value, low, high; /* of y for one unit of x */
	size_t n;                /* points it rests on */
};

/*
 * The median of the slopes of all pairs of points with different x (Theil 1950, Sen 1968),
 * with Sen's interval from the order statistics of those slopes; z is the normal quantile
 * of the wanted coverage. The variance is corrected for ties in x only, which is on the
 * careful side where y has ties too. Points must be independent for the coverage to
 * hold. False where fewer than two points differ in x. Needs memory for n * n / 2 slopes.
 */
bool stats_theil_sen(const double *x, const double *y, size_t n, double z,
		     struct slope *slope);

/* The variance of Kendall's S of n points if there is no trend, corrected for the ties
 * among v: Sen (1968), Kendall (1975). */
double stats_kendall_variance(const double *v, size_t n);

struct trend {
	double s;        /* Kendall's S: later points that are higher less those lower */
	double variance; /* of S if there is no trend, ties and correlation corrected */
	double factor;   /* of that, what serial correlation is to blame for; 1 or more */
	double z, p;     /* normal deviate and two-sided probability */
};

/*
 * The test of Mann (1945) and Kendall (1975) on n values in equal steps of time; slope is
 * their Sen slope a step. Samples that follow each other are alike, so that the plain test
 * sees trends that are none: the variance is multiplied as Hamed and Rao, A modified
 * Mann-Kendall trend test for autocorrelated data, Journal of Hydrology 204 (1998),
 * equation 14, from the correlations of the ranks of the detrended values that are
 * significant at 95 %. It is never made smaller. Under 4 values, p is 1.
 */
struct trend trend_test(const double *y, size_t n, double slope);

#endif
