#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "analyse/stats.h"

#define COUNT_OF(table) (sizeof(table) / sizeof(*(table)))

static void
assert_near(double got, double wanted, double tolerance)
{
	if (!(fabs(got - wanted) <= tolerance))
		fail_msg("%.9g is not %.9g", got, wanted);
}

static void
median_of_odd_and_even(void **state)
{
	double odd[] = { 5, -1, 3 }, even[] = { 4, 1, 3, 2 }, one[] = { 7 };

	(void)state;
	assert_near(stats_median(odd, 3), 3, 0);
	assert_near(stats_median(even, 4), 2.5, 0);
	assert_near(stats_median(one, 1), 7, 0);
}

/* The values of R's quantile(c(1, 2, 4, 8, 16), …, type = 7). */
static void
quantile_is_of_type_7(void **state)
{
	static const struct {
		double q, value;
	} cases[] = { { 0, 1 },     { 0.1, 1.4 },  { 0.25, 2 },
		      { 0.6, 5.6 }, { 0.9, 12.8 }, { 1, 16 } };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		double v[] = { 16, 1, 8, 2, 4 };

		assert_near(stats_quantile(v, 5, cases[i].q), cases[i].value, 1e-12);
	}
}

static void
mad_is_not_moved_by_an_outlier(void **state)
{
	double v[] = { 1, 1, 2, 2, 4, 6, 9 }, far[] = { 1, 1, 2, 2, 4, 6, 9e9 };

	(void)state;
	assert_near(stats_mad(v, 7), 1, 0);
	assert_near(stats_mad(far, 7), 1, 0);
}

/* The example of Sen (1968): slope 4, 93 % interval 3.71 to 4.38. */
static void
theil_sen_gives_the_published_example(void **state)
{
	static const double x[] = { 1, 2, 3, 4, 10, 12, 18 };
	static const double y[] = { 9, 15, 19, 20, 45, 55, 78 };
	struct slope slope;

	(void)state;
	assert_true(stats_theil_sen(x, y, 7, 1.8119106729525978, &slope));
	assert_near(slope.value, 4, 1e-12);
	assert_near(slope.low, 3.71, 0.005);
	assert_near(slope.high, 4.38, 0.005);
	assert_int_equal(slope.n, 7);
}

/* Hollander and Wolfe (1973), table 9.1, cloud seeding: -0.056. */
static void
theil_sen_gives_the_textbook_example(void **state)
{
	static const double x[] = { 1, 2, 3, 4, 5 };
	static const double y[] = { 1.26, 1.27, 1.12, 1.16, 1.03 };
	struct slope slope;

	(void)state;
	assert_true(stats_theil_sen(x, y, 5, STATS_Z95, &slope));
	assert_near(slope.value, -0.05625, 1e-12);
	assert_true(slope.low <= -0.13 && slope.high >= 0.01);
}

static void
theil_sen_keeps_to_the_line_in_spite_of_outliers(void **state)
{
	double x[50], y[50];
	struct slope slope;

	(void)state;
	for (size_t i = 0; i < 50; i++) {
		x[i] = (double)i;
		y[i] = 3 + 0.5 * x[i] + (i % 5 == 0 ? 1e6 : 0);
	}
	assert_true(stats_theil_sen(x, y, 50, STATS_Z95, &slope));
	assert_near(slope.value, 0.5, 1e-9);
}

static void
theil_sen_needs_two_different_x(void **state)
{
	static const double x[] = { 2, 2, 2 }, y[] = { 1, 2, 3 };
	struct slope slope;

	(void)state;
	assert_false(stats_theil_sen(x, y, 3, STATS_Z95, &slope));
	assert_false(stats_theil_sen(x, y, 1, STATS_Z95, &slope));
	assert_false(stats_theil_sen(x, y, 0, STATS_Z95, &slope));
}

/* Many points at one x, as on a plateau: only pairs across count, and Sen's correction
 * narrows the interval: 16 slopes, variance (8*7*21 - 2*4*3*13) / 18 = 48, so from the
 * fifth to the twelfth at one standard deviation (without it, the fourth to the 13th). */
static void
theil_sen_with_ties_in_x(void **state)
{
	static const double x[] = { 0, 0, 0, 0, 10, 10, 10, 10 };
	static const double y[] = { 0, 1, 3, 7, 100, 120, 150, 190 };
	struct slope slope;

	(void)state;
	assert_true(stats_theil_sen(x, y, 8, 1, &slope));
	assert_near(slope.value, 13.15, 1e-9);
	assert_near(slope.low, 11.3, 1e-9);
	assert_near(slope.high, 15, 1e-9);
	assert_true(stats_theil_sen(x, y, 8, STATS_Z95, &slope));
	assert_near(slope.low, 9.3, 1e-9);
	assert_near(slope.high, 19, 1e-9);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(median_of_odd_and_even),
		cmocka_unit_test(quantile_is_of_type_7),
		cmocka_unit_test(mad_is_not_moved_by_an_outlier),
		cmocka_unit_test(theil_sen_gives_the_published_example),
		cmocka_unit_test(theil_sen_gives_the_textbook_example),
		cmocka_unit_test(theil_sen_keeps_to_the_line_in_spite_of_outliers),
		cmocka_unit_test(theil_sen_needs_two_different_x),
		cmocka_unit_test(theil_sen_with_ties_in_x),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
