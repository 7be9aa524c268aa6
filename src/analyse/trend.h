/*
 * Is there a trend at all? Mann-Kendall, with the correction for serial correlation.
 */
#ifndef BRINK_ANALYSE_TREND_H
#define BRINK_ANALYSE_TREND_H

#include <stddef.h>

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
