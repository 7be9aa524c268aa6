#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "plan_try.h"
#include "run/ledger.h"
#include "run/progress.h"

/* A ramp to 1,000 of 2,000 connections at 100/s, of which 700 are there. */
struct bench {
	struct plan plan;
	struct ledger *ledger;
	struct phases phases;
	struct progress progress;
	struct counts totals;
	char text[PROGRESS_WIDTH_MAX + 1];
};

static int
setup(void **state)
{
	static struct bench bench;

	plan_try_good(&bench.plan, "--clients 2000 --rate 100 --steps 2 --hold 30s");
	bench.ledger = ledger_map(&bench.plan);
	bench.phases = (struct phases){ .plan = &bench.plan,
					.phase = PHASE_RAMP,
					.from_us = 3 * US_PER_S,
					.target = 1000 };
	bench.progress =
	    (struct progress){ .nearest = { .name = "ephemeral ports", .low = 1800 },
			       .last_held = 600,
			       .last_us = 9 * US_PER_S };
	bench.totals = (struct counts){ .attempted = 700,
					.established = 700,
					.accepted = 650,
					.served = 640,
					.held = 700,
					.failed = 2 };
	*state = &bench;
	return bench.ledger == NULL ? -1 : 0;
}

static const char *
line(struct bench *bench, size_t width)
{
	progress_line(&bench->progress, bench->ledger, &bench->phases, &bench->totals,
		      10 * US_PER_S, bench->text, width);
	return bench->text;
}

static void
what_matters_most_comes_first(void **state)
{
	struct bench *bench = *state;

	assert_string_equal(line(bench, PROGRESS_WIDTH_MAX),
			    "  10.0 s ramp, 3.0 s left | 700 of 2,000 held, 50 not "
			    "accepted | canary 0 of 0 | next ephemeral ports at 1,800 in "
			    "11.0 s | 2 failed | 0.00 fds, 0 B per connection | 700 "
			    "attempted, 700 established, 650 accepted, 640 served");
}

static void
what_does_not_fit_is_left_out_whole(void **state)
{
	struct bench *bench = *state;

	assert_string_equal(line(bench, 79),
			    "  10.0 s ramp, 3.0 s left | 700 of 2,000 held, 50 not "
			    "accepted | canary 0 of 0");
	assert_string_equal(line(bench, 20), "  10.0 s ramp");
	for (size_t width = 1; width < PROGRESS_WIDTH_MAX; width++)
		assert_true(strlen(line(bench, width)) <= width);
}

static void
the_hold_says_how_long_it_lasts(void **state)
{
	struct bench *bench = *state;

	bench->phases.phase = PHASE_HOLD;
	assert_string_equal(line(bench, 28), "  10.0 s hold, 23.0 s left");
}

static void
no_more_is_next_once_something_gave_way(void **state)
{
	struct bench *bench = *state;

	bench->phases.phase = PHASE_RECOVERY;
	assert_null(strstr(line(bench, PROGRESS_WIDTH_MAX), "next"));
	assert_null(strstr(bench->text, "left"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_matters_most_comes_first),
		cmocka_unit_test(what_does_not_fit_is_left_out_whole),
		cmocka_unit_test(the_hold_says_how_long_it_lasts),
		cmocka_unit_test(no_more_is_next_once_something_gave_way),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
