#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "plan_try.h"
#include "run/abort_on.h"

/* A ledger for two conditions, given as one would type them. */
static struct ledger *
begin(struct plan *plan, const char *first, const char *second)
{
	const char *const texts[] = { first, second };
	struct ledger *ledger;

	plan_try_good(plan, "--clients 4 --forkers 1 --acceptors 1");
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(
		    expectation_parse(&plan->abort_on.all[i], texts[i], stderr), 0);
		plan->abort_on.count++;
	}
	ledger = ledger_map(plan);
	assert_non_null(ledger);
	return ledger;
}

static void
end(struct plan *plan, struct ledger *ledger)
{
	ledger_unmap(ledger);
	plan_free(plan);
}

static void
nothing_holds_until_it_does(void **state)
{
	struct plan plan;
	struct ledger *ledger = begin(&plan, "held > 2", "failed >= 1");
	struct counts totals = { .held = 2 };
	double value;

	(void)state;
	assert_null(abort_on_check(ledger, &totals, &value));
	totals.failed = 1;
	assert_ptr_equal(abort_on_check(ledger, &totals, &value), &plan.abort_on.all[1]);
	assert_int_equal((int64_t)value, 1);
	totals.held = 3;
	assert_ptr_equal(abort_on_check(ledger, &totals, &value), &plan.abort_on.all[0]);
	assert_int_equal((int64_t)value, 3);
	end(&plan, ledger);
}

/* Before the sampler has looked, a zero on its board means nothing. */
static void
the_board_counts_once_it_is_filled(void **state)
{
	struct plan plan;
	struct ledger *ledger = begin(&plan, "available_memory < 1Gi", "queue > 100");
	struct counts totals = { 0 };
	double value;

	(void)state;
	assert_null(abort_on_check(ledger, &totals, &value));
	atomic_store(&ledger->board.available_bytes, INT64_C(2) << 30);
	atomic_store(&ledger->board.queue, 101);
	assert_null(abort_on_check(ledger, &totals, &value));
	atomic_store(&ledger->board.tick_us, 100);
	assert_ptr_equal(abort_on_check(ledger, &totals, &value), &plan.abort_on.all[1]);
	assert_int_equal((int64_t)value, 101);
	atomic_store(&ledger->board.available_bytes, INT64_C(1) << 29);
	assert_ptr_equal(abort_on_check(ledger, &totals, &value), &plan.abort_on.all[0]);
	end(&plan, ledger);
}

/* Each figure that says it is known meanwhile is, and shows its own counter. */
static void
every_live_figure_is_seen(void **state)
{
	struct plan plan;
	struct ledger *ledger = begin(&plan, "held > 2", "duration > 1h");
	struct counts totals = { .attempted = 1,
				 .established = 2,
				 .accepted = 3,
				 .served = 4,
				 .held = 5,
				 .failed = 6,
				 .missed = 7,
				 .lost = 8 };
	static const struct {
		const char *name;
		int64_t value;
	} cases[] = {
		{ "attempted", 1 },     { "established", 2 },
		{ "accepted", 3 },      { "served", 4 },
		{ "held", 5 },          { "failed", 6 },
		{ "missed", 7 },        { "lost", 8 },
		{ "canary.failed", 9 }, { "available_memory", 10 },
		{ "fds", 11 },          { "memory", 12 },
		{ "queue", 13 },        { "time_wait", 14 },
	};
	double value;
	size_t live = 0;

	(void)state;
	atomic_store(&ledger_canary(ledger)->counters.failed, 9);
	atomic_store(&ledger->board.tick_us, 1);
	atomic_store(&ledger->board.available_bytes, 10);
	atomic_store(&ledger->board.fds, 11);
	atomic_store(&ledger->board.rss_bytes, 12);
	atomic_store(&ledger->board.queue, 13);
	atomic_store(&ledger->board.time_wait, 14);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct figure *figure =
		    figure_find(cases[i].name, strlen(cases[i].name));

		assert_true(figure_now(figure, ledger, &totals, &value));
		assert_int_equal((int64_t)value, cases[i].value);
	}
	assert_true(figure_now(figure_find("duration", 8), ledger, &totals, &value) &&
		    value >= 0);
	for (size_t i = 0; i < figure_count; i++) {
		bool seen = figure_now(&figures[i], ledger, &totals, &value);

		assert_int_equal(seen, figures[i].live != LIVE_NOT);
		live += seen;
	}
	assert_int_equal(live, sizeof(cases) / sizeof(cases[0]) + 1);
	end(&plan, ledger);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_holds_until_it_does),
		cmocka_unit_test(the_board_counts_once_it_is_filled),
		cmocka_unit_test(every_live_figure_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
