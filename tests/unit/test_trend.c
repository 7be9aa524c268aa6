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

/* The yearly flow of the Nile at Aswan, 1871 to 1970: Cobb (1978), "Nile" in R. */
static const double nile[] = {
	1120, 1160, 963,  1210, 1160, 1160, 813,  1230, 1370, 1140, 995,  935,  1110,
	994,  1020, 960,  1180, 799,  958,  1140, 1100, 1210, 1150, 1250, 1260, 1220,
	1030, 1100, 774,  840,  874,  694,  940,  833,  701,  916,  692,  1020, 1050,
	969,  831,  726,  456,  824,  702,  1120, 1100, 832,  764,  821,  768,  845,
	864,  862,  698,  845,  744,  796,  1040, 759,  781,  865,  845,  944,  984,
	897,  822,  1010, 771,  676,  649,  846,  812,  742,  801,  1040, 860,  874,
	848,  890,  744,  749,  838,  1050, 918,  986,  797,  923,  975,  815,  1020,
	906,  901,  1170, 912,  746,  919,  718,  714,  740,
};

/* As pyMannKendall 1.4 (Hussain and Mahmud 2019) has it: original_test gives S -1387 and
 * variance 112728.33; hamed_rao_modification_test 241565.36, z -2.81998, p 0.0048027. */
static void
serial_correlation_is_corrected_as_by_the_reference(void **state)
{
	struct trend trend = trend_test(nile, COUNT_OF(nile), -2.6);

	(void)state;
	assert_near(trend.s, -1387, 0);
	assert_near(trend.variance / trend.factor, 112728.33333, 1e-4);
	assert_near(trend.variance, 241565.35692, 1e-4);
	assert_near(trend.z, -2.81997920, 1e-7);
	assert_near(trend.p, 0.00480267631, 1e-10);
}

/* Gilbert (1987), Statistical Methods for Environmental Pollution Monitoring, 16.4.1:
 * 10, 15, 14, 20 give S = 4. Variance and z by pyMannKendall. */
static void
four_points_of_the_textbook(void **state)
{
	static const double y[] = { 10, 15, 14, 20 };
	struct trend trend = trend_test(y, 4, 2.916666667);

	(void)state;
	assert_near(trend.s, 4, 0);
	assert_near(trend.variance, 8.6666667, 1e-6);
	assert_near(trend.z, 1.0190493307, 1e-9);
	assert_near(trend.p, 0.3081795475, 1e-9);
}

/* By pyMannKendall's original_test: S 58, variance 203.333, z 3.99734. */
static void
ties_lower_the_variance(void **state)
{
	static const double y[] = { 1, 1, 2, 2, 2, 3, 5, 5, 6, 9, 9, 9 };
	struct trend trend = trend_test(y, 12, 0.8);

	(void)state;
	assert_near(trend.s, 58, 0);
	assert_near(trend.variance, 203.3333333, 1e-6);
	assert_near(trend.z, 3.9973351779, 1e-9);
}

static void
a_constant_has_no_trend(void **state)
{
	static const double y[20] = { 0 };
	struct trend trend = trend_test(y, 20, 0);

	(void)state;
	assert_near(trend.p, 1, 0);
	assert_near(trend.z, 0, 0);
	assert_near(trend_test(y, 3, 0).p, 1, 0);
}

/* A slow wave rises for as long as one looks: the plain test is sure of a trend. */
static void
a_wave_is_no_trend(void **state)
{
	double y[60];
	struct trend trend;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(y); i++)
		y[i] = sin((double)i / 7) + ((double)(i % 3) - 1) / 10;
	trend = trend_test(y, COUNT_OF(y), 0);
	assert_true(trend.factor > 3);
	assert_true(trend.p > 0.05);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(serial_correlation_is_corrected_as_by_the_reference),
		cmocka_unit_test(four_points_of_the_textbook),
		cmocka_unit_test(ties_lower_the_variance),
		cmocka_unit_test(a_constant_has_no_trend),
		cmocka_unit_test(a_wave_is_no_trend),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
