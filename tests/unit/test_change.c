#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "analyse/change.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static void
assert_near(double value, double expected, double within)
{
	if (!(fabs(value - expected) <= within))
		fail_msg("%.9g is not %.9g", value, expected);
}

/* Student's own example, the sleep data (Biometrika 1908), as R has it: t.test(extra ~
 * group, data = sleep, var.equal = TRUE) gives p = 0.07919. */
static void
the_test_gives_the_published_p(void **state)
{
	static const double first[] = { 0.7, -1.6, -0.2, -1.2, -0.1,
					3.4, 3.7,  0.8,  0.0,  2.0 };
	static const double second[] = {
		1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4
	};

	(void)state;
	assert_near(student_test(first, 10, second, 10), 0.07919, 0.000005);
	assert_near(student_test(second, 10, first, 10), 0.07919, 0.000005);
}

/* With two degrees of freedom p = 1 - t / sqrt(2 + t^2), with one 1 - 2 atan(t) / pi. */
static void
the_test_is_exact_where_there_is_a_formula(void **state)
{
	static const double low[] = { 0, 2 }, high[] = { 3, 5 }, one[] = { 4 };
	double t = 3 / sqrt(2), u = 3 / sqrt(2 * 1.5);

	(void)state;
	assert_near(student_test(low, 2, high, 2), 1 - t / sqrt(2 + t * t), 1e-12);
	assert_near(student_test(low, 2, one, 1), 1 - 2 * atan(u) / M_PI, 1e-12);
}

static void
the_test_knows_when_it_knows_nothing(void **state)
{
	static const double same[] = { 5, 5, 5 }, other[] = { 6, 6, 6 };

	(void)state;
	assert_near(student_test(same, 1, other, 1), 1, 0);
	assert_near(student_test(same, 0, other, 3), 1, 0);
	assert_near(student_test(same, 3, same, 3), 1, 0);
	assert_near(student_test(same, 3, other, 3), 0, 0);
}

/* Annual flow of the Nile at Aswan, 1871 to 1970: the level fell after 1898 (Cobb 1978,
 * and every text on change points since). */
static void
the_nile_changed_in_1899(void **state)
{
	static const double flow[] = {
		1120, 1160, 963,  1210, 1160, 1160, 813,  1230, 1370, 1140, 995,  935,
		1110, 994,  1020, 960,  1180, 799,  958,  1140, 1100, 1210, 1150, 1250,
		1260, 1220, 1030, 1100, 774,  840,  874,  694,  940,  833,  701,  916,
		692,  1020, 1050, 969,  831,  726,  456,  824,  702,  1120, 1100, 832,
		764,  821,  768,  845,  864,  862,  698,  845,  744,  796,  1040, 759,
		781,  865,  845,  944,  984,  897,  822,  1010, 771,  676,  649,  846,
		812,  742,  801,  1040, 860,  874,  848,  890,  744,  749,  838,  1050,
		918,  986,  797,  923,  975,  815,  1020, 906,  901,  1170, 912,  746,
		919,  718,  714,  740
	};
	struct change changes[COUNT_OF(flow)];

	(void)state;
	assert_int_equal(change_points(flow, COUNT_OF(flow), CHANGE_P, changes), 1);
	assert_int_equal(1871 + changes[0].at, 1899);
	assert_near(changes[0].before, 1097.75, 0.01);
	assert_near(changes[0].after, 849.97, 0.01);
	assert_true(changes[0].p < 1e-9);
}

/* The example of Hunter (now Apache Otava), the reference for the t-test variant. */
static void
the_reference_example_changes_at_10(void **state)
{
	static const double series[] = { 1.02, 0.95, 0.99, 1.00, 1.12, 1.00, 1.01,
					 0.98, 1.01, 0.96, 0.50, 0.51, 0.48, 0.48,
					 0.55, 0.50, 0.49, 0.51, 0.50, 0.49 };
	struct change changes[COUNT_OF(series)];

	(void)state;
	assert_int_equal(change_points(series, COUNT_OF(series), 0.0001, changes), 1);
	assert_int_equal(changes[0].at, 10);
}

static void
two_steps_are_two_changes(void **state)
{
	static const double series[] = { 10.1, 9.9,  10, 10.2, 9.8,  10, 14.1, 13.9, 14,
					 14.2, 13.8, 14, 11.1, 10.9, 11, 11.2, 10.8, 11 };
	struct change changes[COUNT_OF(series)];

	(void)state;
	assert_int_equal(change_points(series, COUNT_OF(series), CHANGE_P, changes), 2);
	assert_int_equal(changes[0].at, 6);
	assert_int_equal(changes[1].at, 12);
	assert_near(changes[0].before, 10, 1e-9);
	assert_near(changes[0].after, 14, 1e-9);
	assert_near(changes[1].after, 11, 1e-9);
}

static void
noise_and_short_series_have_no_change(void **state)
{
	static const double noise[] = {
		5.1, 4.9, 5.3, 5.0, 4.8, 5.2, 4.7, 5.1, 5.0, 4.9
	};
	static const double outlier[] = { 5.1, 4.9, 5.0, 5.2, 4.8, 5.0, 5.1, 9.0 };
	static const double flat[] = { 3, 3, 3, 3, 3, 3 };
	struct change changes[COUNT_OF(noise)];

	(void)state;
	assert_int_equal(change_points(noise, COUNT_OF(noise), CHANGE_P, changes), 0);
	assert_int_equal(change_points(outlier, COUNT_OF(outlier), CHANGE_P, changes), 0);
	assert_int_equal(change_points(flat, COUNT_OF(flat), CHANGE_P, changes), 0);
	for (size_t n = 0; n < 4; n++)
		assert_int_equal(change_points(noise, n, CHANGE_P, changes), 0);
}

/* Counts that are exact make two levels without any noise. */
static void
exact_levels_change(void **state)
{
	static const double exact[] = { 57, 57, 113, 113 };
	struct change changes[COUNT_OF(exact)];

	(void)state;
	assert_int_equal(change_points(exact, COUNT_OF(exact), CHANGE_P, changes), 1);
	assert_int_equal(changes[0].at, 2);
	assert_near(changes[0].p, 0, 0);
}

/* Where equation 5 of Matteson and James is largest, term by term. */
static size_t
split_by_the_book(const double *v, size_t n)
{
	double best = -1;
	size_t at = 0;

	for (size_t i = 2; i + 2 <= n; i++) {
		double within[2] = { 0 }, between = 0, left = (double)i;
		double right = (double)(n - i), energy;

		for (size_t a = 0; a < n; a++)
			for (size_t b = a + 1; b < n; b++)
				*(a < i && b >= i ? &between : &within[a >= i]) +=
				    fabs(v[a] - v[b]);
		energy = left * right / (left + right) *
			 (2 * between / left / right - 2 * within[0] / left / (left - 1) -
			  2 * within[1] / right / (right - 1));
		if (energy > best) {
			best = energy;
			at = i;
		}
	}
	return at;
}

/* The sums are not taken term by term, so that thousands of runs take no time. */
static void
the_best_split_is_that_of_the_book(void **state)
{
	enum { LENGTH = 40 };
	double series[LENGTH];
	struct change changes[LENGTH];
	uint32_t random = 1;
	int compared = 0;

	(void)state;
	for (int round = 0; round < 50; round++) {
		size_t n = LENGTH - (size_t)round % 30;

		for (size_t i = 0; i < n; i++) {
			random = random * 1664525 + 1013904223;
			series[i] = 1e12 + (double)(random >> 24) +
				    (i >= n / 3 ? 400 + 1000 * (round % 3) : 0);
		}
		/* At such a level there is one change: the first split that is made. */
		if (change_points(series, n, 1e-9, changes) == 1) {
			assert_int_equal(changes[0].at, split_by_the_book(series, n));
			compared++;
		}
	}
	assert_true(compared >= 20);
}

/* Where each value is of another level than the one before, all of them are candidates. */
static void
a_long_history_takes_no_time(void **state)
{
	enum { LENGTH = 20000 };
	double *series = calloc(LENGTH, sizeof(*series));
	struct change *changes = calloc(LENGTH, sizeof(*changes));

	(void)state;
	assert_non_null(series);
	assert_non_null(changes);
	for (size_t i = 0; i < LENGTH; i++)
		series[i] = (double)(i / 100);
	assert_int_equal(change_points(series, LENGTH, CHANGE_P, changes), 199);
	free(changes);
	free(series);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_test_gives_the_published_p),
		cmocka_unit_test(the_test_is_exact_where_there_is_a_formula),
		cmocka_unit_test(the_test_knows_when_it_knows_nothing),
		cmocka_unit_test(the_nile_changed_in_1899),
		cmocka_unit_test(the_reference_example_changes_at_10),
		cmocka_unit_test(two_steps_are_two_changes),
		cmocka_unit_test(noise_and_short_series_have_no_change),
		cmocka_unit_test(exact_levels_change),
		cmocka_unit_test(the_best_split_is_that_of_the_book),
		cmocka_unit_test(a_long_history_takes_no_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
