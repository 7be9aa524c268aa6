#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <setjmp.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/histogram.h"

#define LARGEST ((INT64_C(1) << 28) - 1)

static void
small_values_have_a_bucket_each(void **state)
{
	(void)state;
	for (int64_t value = 0; value < HISTOGRAM_LINEAR; value++) {
		assert_int_equal(histogram_index(value), value);
		assert_int_equal(histogram_value((size_t)value), value);
	}
}

static void
middle_is_within_0_8_percent(void **state)
{
	(void)state;
	for (int64_t value = 1; value <= LARGEST; value += 1 + value / 1000) {
		int64_t off = llabs(histogram_value(histogram_index(value)) - value);

		if (off * 1000 > value * 8)
			fail_msg("%lld us is off by %lld", (long long)value,
				 (long long)off);
	}
}

/* Every bucket begins where the one before it ends, and its middle is in it. */
static void
buckets_join(void **state)
{
	size_t last = 0;

	(void)state;
	for (int64_t value = 0; value < 1 << 16; value++) {
		size_t index = histogram_index(value);

		assert_in_range(index, last, last + 1);
		last = index;
	}
	for (size_t index = 0; index < HISTOGRAM_BUCKETS; index++)
		assert_int_equal(histogram_index(histogram_value(index)), index);
}

static void
values_outside_are_clamped(void **state)
{
	(void)state;
	assert_int_equal(histogram_index(-1), 0);
	assert_int_equal(histogram_index(INT64_MIN), 0);
	assert_int_equal(histogram_index(LARGEST), HISTOGRAM_BUCKETS - 1);
	assert_int_equal(histogram_index(LARGEST + 1), HISTOGRAM_BUCKETS - 1);
	assert_int_equal(histogram_index(INT64_MAX), HISTOGRAM_BUCKETS - 1);
}

static void
quantiles_count_values(void **state)
{
	uint64_t counts[HISTOGRAM_BUCKETS] = { 0 };

	(void)state;
	for (size_t value = 1; value <= 100; value++)
		counts[value] = 1;
	assert_int_equal(histogram_count(counts), 100);
	for (int percent = 1; percent <= 100; percent++)
		assert_int_equal(histogram_quantile(counts, percent / 100.0), percent);
	assert_int_equal(histogram_quantile(counts, 0.001), 1);
	assert_int_equal(histogram_quantile(counts, 0.985), 99);
}

static void
quantile_of_nothing_is_minus_1(void **state)
{
	uint64_t counts[HISTOGRAM_BUCKETS] = { 0 };

	(void)state;
	assert_int_equal(histogram_quantile(counts, 0.5), -1);
	assert_int_equal(histogram_quantile(counts, 1), -1);
	counts[7] = 1;
	assert_int_equal(histogram_quantile(counts, 0.5), 7);
	assert_int_equal(histogram_quantile(counts, 1), 7);
}

static void
sum_adds_to_what_is_there(void **state)
{
	static struct histogram h;
	uint64_t counts[HISTOGRAM_BUCKETS] = { 0 };

	(void)state;
	histogram_add(&h, 5);
	histogram_add(&h, 5);
	histogram_add(&h, 1000);
	histogram_sum(&h, counts);
	histogram_sum(&h, counts);
	assert_int_equal(counts[5], 4);
	assert_int_equal(counts[histogram_index(1000)], 2);
	assert_int_equal(histogram_count(counts), 6);
}

#define WRITERS   4
#define ADDS_EACH 20000

static void
no_value_is_lost_between_processes(void **state)
{
	struct histogram *h = mmap(NULL, sizeof(*h), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t counts[HISTOGRAM_BUCKETS] = { 0 };
	pid_t pids[WRITERS];

	(void)state;
	assert_true(h != MAP_FAILED);
	for (int w = 0; w < WRITERS; w++) {
		pids[w] = fork();
		assert_int_not_equal(pids[w], -1);
		if (pids[w] == 0) {
			for (int i = 0; i < ADDS_EACH; i++)
				histogram_add(h, 42);
			_exit(0);
		}
	}
	for (int w = 0; w < WRITERS; w++)
		assert_int_equal(waitpid(pids[w], NULL, 0), pids[w]);
	histogram_sum(h, counts);
	assert_int_equal(counts[42], WRITERS * ADDS_EACH);
	munmap(h, sizeof(*h));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_values_have_a_bucket_each),
		cmocka_unit_test(middle_is_within_0_8_percent),
		cmocka_unit_test(buckets_join),
		cmocka_unit_test(values_outside_are_clamped),
		cmocka_unit_test(quantiles_count_values),
		cmocka_unit_test(quantile_of_nothing_is_minus_1),
		cmocka_unit_test(sum_adds_to_what_is_there),
		cmocka_unit_test(no_value_is_lost_between_processes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
