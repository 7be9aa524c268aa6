#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "model/resource.h"
#include "sample/group.h"
#include "sample/recovery.h"

#define READINGS 64
#define TICK_US  INT64_C(100000)

/* A run told tick by tick. */
struct tale {
	struct recovery recovery;
	int64_t t_us, ramp_us, release_us;
	int64_t netns[READINGS];
	int64_t values[GROUP_COUNT][READINGS];
	int64_t *groups[GROUP_COUNT];
};

static size_t
group_position(const char *name)
{
	return resource_position(resource_find(SUBJECT_GROUP, name));
}

static size_t
netns_position(const char *name)
{
	return resource_position(resource_find(SUBJECT_NETNS, name));
}

static int
setup(void **state)
{
	struct tale *tale = calloc(1, sizeof(*tale));

	if (tale == NULL)
		return -1;
	recovery_init(&tale->recovery);
	for (int g = 0; g < GROUP_COUNT; g++)
		tale->groups[g] = tale->values[g];
	*state = tale;
	return 0;
}

static int
teardown(void **state)
{
	free(*state);
	return 0;
}

/* What a load of that many connections takes. */
static void
load(struct tale *tale, int64_t held)
{
	tale->netns[netns_position("sockets")] = 40 + 2 * held;
	tale->netns[netns_position("tcp_in_use")] = 8 + 2 * held;
	tale->values[GROUP_ACCEPTORS][group_position("fds")] = 1000 + held;
	tale->values[GROUP_ACCEPTORS][group_position("processes")] = 4;
	tale->values[GROUP_ACCEPTORS][group_position("rss_bytes")] = 1 << 20;
	tale->values[GROUP_CLIENTS][group_position("fds")] = held;
	tale->values[GROUP_CLIENTS][group_position("processes")] = held > 0 ? 20 : 0;
}

static bool
tick(struct tale *tale)
{
	tale->t_us += TICK_US;
	return recovery_tick(&tale->recovery, tale->t_us, tale->ramp_us, tale->release_us,
			     tale->netns, tale->groups);
}

/* Baseline and load, up to the release. */
static void
until_release(struct tale *tale)
{
	load(tale, 0);
	for (int i = 0; i < 30; i++)
		assert_false(tick(tale));
	tale->ramp_us = tale->t_us;
	/* Never before the release, even while nothing is taken. */
	for (int i = 0; i < 50; i++)
		assert_false(tick(tale));
	load(tale, 20000);
	for (int i = 0; i < 50; i++)
		assert_false(tick(tale));
	tale->release_us = tale->t_us;
	assert_false(tick(tale));
}

/* Ticks until recovered, at most limit. */
static int
ticks_to_recovery(struct tale *tale, int limit)
{
	int ticks = 0;

	while (ticks < limit)
		if (ticks++, tick(tale))
			return ticks;
	return -1;
}

static void
back_for_three_seconds_is_recovered(void **state)
{
	struct tale *tale = *state;

	until_release(tale);
	assert_int_equal(ticks_to_recovery(tale, 60), -1);
	load(tale, 0);
	assert_int_equal(ticks_to_recovery(tale, 60), 31);
}

static void
a_relapse_starts_the_three_seconds_again(void **state)
{
	struct tale *tale = *state;

	until_release(tale);
	load(tale, 0);
	assert_int_equal(ticks_to_recovery(tale, 25), -1);
	load(tale, 500);
	assert_false(tick(tale));
	load(tale, 0);
	assert_int_equal(ticks_to_recovery(tale, 60), 31);
}

static void
ports_in_time_wait_are_waited_for(void **state)
{
	struct tale *tale = *state;

	until_release(tale);
	load(tale, 0);
	tale->netns[netns_position("tcp_time_wait")] = 20000;
	assert_int_equal(ticks_to_recovery(tale, 100), -1);
	tale->netns[netns_position("tcp_time_wait")] = 0;
	assert_int_equal(ticks_to_recovery(tale, 60), 31);
}

/* Allocators keep memory: it is not waited for. */
static void
memory_is_not_waited_for(void **state)
{
	struct tale *tale = *state;

	until_release(tale);
	load(tale, 0);
	tale->values[GROUP_ACCEPTORS][group_position("rss_bytes")] = 1 << 30;
	assert_int_equal(ticks_to_recovery(tale, 60), 31);
}

/* One per cent of 1,000 descriptors, and the canary's two. */
static void
a_level_is_back_within_a_hundredth(void **state)
{
	struct tale *tale = *state;
	int64_t *fds = &tale->values[GROUP_ACCEPTORS][group_position("fds")];

	until_release(tale);
	load(tale, 0);
	*fds = 1013;
	assert_int_equal(ticks_to_recovery(tale, 60), -1);
	*fds = 1012;
	assert_int_equal(ticks_to_recovery(tale, 60), 31);
	/* Less than at the start is back too. */
	*fds = 3;
	assert_true(tick(tale));
}

/* One odd tick of the baseline does not move it. */
static void
the_baseline_is_a_median(void **state)
{
	struct tale *tale = *state;

	load(tale, 20000);
	assert_false(tick(tale));
	until_release(tale);
	load(tale, 400);
	assert_int_equal(ticks_to_recovery(tale, 60), -1);
	load(tale, 0);
	assert_int_equal(ticks_to_recovery(tale, 60), 31);
}

static void
what_cannot_be_read_is_where_it_was(void **state)
{
	struct tale *tale = *state;
	int64_t *fds = &tale->values[GROUP_ACCEPTORS][group_position("fds")];

	until_release(tale);
	load(tale, 0);
	*fds = READING_NONE;
	assert_int_equal(ticks_to_recovery(tale, 60), -1);
	*fds = 1000;
	assert_false(tick(tale));
	*fds = READING_NONE;
	assert_int_equal(ticks_to_recovery(tale, 60), 30);
}

/* As a sampler that was started in place of a killed one. */
static void
without_a_baseline_nothing_is_said(void **state)
{
	struct tale *tale = *state;

	tale->ramp_us = 1;
	tale->release_us = 2;
	assert_int_equal(ticks_to_recovery(tale, 100), -1);
}

static void
sums_are_extrapolated(void **state)
{
	(void)state;
	assert_int_equal(group_extrapolate(320, 32, 32), 320);
	assert_int_equal(group_extrapolate(320, 32, 1000), 10000);
	assert_int_equal(group_extrapolate(320, 32, 31), 320);
	assert_int_equal(group_extrapolate(0, 0, 5), READING_NONE);
	assert_int_equal(group_extrapolate(0, 0, 0), 0);
	/* Petabytes times thousands do not overflow on the way. */
	assert_int_equal(group_extrapolate(INT64_C(1) << 50, 32, 32000),
			 (INT64_C(1) << 50) * 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(back_for_three_seconds_is_recovered,
						setup, teardown),
		cmocka_unit_test_setup_teardown(a_relapse_starts_the_three_seconds_again,
						setup, teardown),
		cmocka_unit_test_setup_teardown(ports_in_time_wait_are_waited_for, setup,
						teardown),
		cmocka_unit_test_setup_teardown(memory_is_not_waited_for, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_level_is_back_within_a_hundredth, setup,
						teardown),
		cmocka_unit_test_setup_teardown(the_baseline_is_a_median, setup,
						teardown),
		cmocka_unit_test_setup_teardown(what_cannot_be_read_is_where_it_was,
						setup, teardown),
		cmocka_unit_test_setup_teardown(without_a_baseline_nothing_is_said, setup,
						teardown),
		cmocka_unit_test(sums_are_extrapolated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
