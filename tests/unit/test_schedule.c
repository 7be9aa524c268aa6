#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/clock.h"
#include "run/schedule.h"

#define FORKERS    3
#define PER_CLIENT 7
#define TARGET     100

static struct schedule
client_of(int64_t forker, int64_t client)
{
	struct schedule schedule = {
		.forkers = FORKERS,
		.forker = forker,
		.next = client * PER_CLIENT,
		.last = (client + 1) * PER_CLIENT,
	};

	return schedule;
}

static struct order
ramp(int64_t first, int64_t last, int64_t rate)
{
	struct order order = { .kind = ORDER_RAMP,
			       .at_us = 5 * US_PER_S,
			       .first = first,
			       .last = last,
			       .rate = rate };

	return order;
}

static void
nothing_is_due_before_the_first_ramp(void **state)
{
	struct schedule schedule = client_of(0, 0);
	int64_t due_us;

	(void)state;
	assert_false(schedule_due(&schedule, &due_us));
}

/* Over all clients of all forkers: a connection more or less would move every count. */
static void
every_connection_is_somebodys_once(void **state)
{
	int started[TARGET] = { 0 };
	int64_t due_us;

	(void)state;
	for (int64_t forker = 0; forker < FORKERS; forker++)
		for (int64_t client = 0; client < TARGET; client++) {
			struct schedule schedule = client_of(forker, client);

			schedule.ramp = ramp(0, TARGET, 50);
			for (; schedule_due(&schedule, &due_us); schedule.next++) {
				int64_t k = schedule_connection(&schedule, schedule.next);

				assert_in_range(k, 0, TARGET - 1);
				assert_int_equal(due_us, 5 * US_PER_S + k * 20000);
				started[k]++;
			}
		}
	for (int k = 0; k < TARGET; k++)
		assert_int_equal(started[k], 1);
}

/* A rate whose interval is no whole number of microseconds does not drift. */
static void
the_pace_does_not_drift(void **state)
{
	struct schedule schedule = { .forkers = 1, .last = 4000000 };
	int64_t due_us;

	(void)state;
	schedule.ramp = ramp(0, 4000000, 2999);
	schedule.next = 2999 * 1000;
	assert_true(schedule_due(&schedule, &due_us));
	assert_int_equal(due_us, 5 * US_PER_S + 1000 * US_PER_S);
	schedule.next = 1;
	assert_true(schedule_due(&schedule, &due_us));
	assert_int_equal(due_us, 5 * US_PER_S + 333);
}

/* A ramp's time begins at its own first connection. */
static void
a_later_ramp_begins_anew(void **state)
{
	struct schedule schedule = client_of(1, 0);
	int64_t due_us;

	(void)state;
	schedule.ramp = ramp(4, 10, 10);
	schedule.next = 1; /* connection 4 */
	assert_true(schedule_due(&schedule, &due_us));
	assert_int_equal(due_us, 5 * US_PER_S);
	schedule.next = 2; /* connection 7 */
	assert_true(schedule_due(&schedule, &due_us));
	assert_int_equal(due_us, 5 * US_PER_S + 300 * US_PER_MS);
	schedule.next = 3; /* connection 10: of the next ramp */
	assert_false(schedule_due(&schedule, &due_us));
}

/* One left over from the ramp before is overdue, not forgotten. */
static void
what_is_left_over_is_due_at_once(void **state)
{
	struct schedule schedule = client_of(1, 0);
	int64_t due_us;

	(void)state;
	schedule.ramp = ramp(50, 100, 10);
	assert_true(schedule_due(&schedule, &due_us));
	assert_int_equal(due_us, 5 * US_PER_S);
}

static void
without_a_rate_all_is_due_at_once(void **state)
{
	struct schedule schedule = client_of(2, 1);
	int64_t due_us;

	(void)state;
	for (schedule.ramp = ramp(0, TARGET, 0); schedule.next < schedule.last;
	     schedule.next++) {
		assert_true(schedule_due(&schedule, &due_us));
		assert_int_equal(due_us, 5 * US_PER_S);
	}
	assert_false(schedule_due(&schedule, &due_us));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_due_before_the_first_ramp),
		cmocka_unit_test(every_connection_is_somebodys_once),
		cmocka_unit_test(the_pace_does_not_drift),
		cmocka_unit_test(a_later_ramp_begins_anew),
		cmocka_unit_test(what_is_left_over_is_due_at_once),
		cmocka_unit_test(without_a_rate_all_is_due_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
