#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "run/phases.h"

#define TICK_US 100000

/* A run whose phases last long enough to be told apart. */
static const struct plan steady = {
	.clients = 1000,
	.rate = 100,
	.steps = 4,
	.baseline_us = 2 * US_PER_S,
	.plateau_us = 3 * US_PER_S,
	.hold_us = 5 * US_PER_S,
	.linger_us = 4 * US_PER_S,
	.duration_us = 100 * US_PER_S,
	.release = RELEASE_CLOSE,
	.recovery_timeout_us = 10 * US_PER_S,
};

struct walk {
	struct plan plan;
	struct phases phases;
	struct phases_view view;
};

static struct walk
walk_begin(const struct plan *plan)
{
	struct walk walk = { .plan = *plan, .view = { .ready = true, .sampled = true } };

	return walk;
}

/* What is known does not change within us, and neither does the phase. Then it does. */
static void
changes_after(struct walk *walk, int64_t us, enum phase phase)
{
	int64_t at_us = walk->view.now_us + us;

	if (us > 0) {
		walk->view.now_us = at_us - 1;
		assert_false(phases_advance(&walk->phases, &walk->view));
	}
	walk->view.now_us = at_us;
	assert_true(phases_advance(&walk->phases, &walk->view));
	assert_string_equal(phase_name(walk->phases.phase), phase_name(phase));
	assert_int_equal(walk->phases.from_us, at_us);
}

static void
stays_for(struct walk *walk, int64_t us)
{
	walk->view.now_us += us;
	assert_false(phases_advance(&walk->phases, &walk->view));
}

/* Uses up the slots of the ramp that is on. */
static void
climb(struct walk *walk)
{
	int64_t target = walk->phases.target;

	walk->view.slots = target - 1;
	stays_for(walk, US_PER_S);
	walk->view.slots = target;
	changes_after(walk, 0, PHASE_PLATEAU);
	assert_int_equal(walk->phases.target, target);
}

/* The shortest way to a phase before recovery. */
static void
walk_to(struct walk *walk, enum phase phase)
{
	phases_init(&walk->phases, &walk->plan);
	if (phase == PHASE_BASELINE)
		return;
	changes_after(walk, walk->plan.baseline_us, PHASE_RAMP);
	if (phase == PHASE_RAMP)
		return;
	if (phase == PHASE_EXHAUSTED) {
		walk->view.broken = true;
		changes_after(walk, 0, PHASE_EXHAUSTED);
		return;
	}
	climb(walk);
	while (phase == PHASE_HOLD && walk->phases.phase != PHASE_HOLD) {
		walk->view.now_us += walk->plan.plateau_us;
		assert_true(phases_advance(&walk->phases, &walk->view));
		if (walk->phases.phase == PHASE_RAMP)
			climb(walk);
	}
}

static void
a_run_climbs_its_staircase_and_comes_down(void **state)
{
	struct walk walk = walk_begin(&steady);

	(void)state;
	phases_init(&walk.phases, &walk.plan);
	assert_int_equal(walk.phases.phase, PHASE_BASELINE);
	assert_int_equal(walk.phases.target, 0);
	changes_after(&walk, 2 * US_PER_S, PHASE_RAMP);
	for (int64_t step = 0; step < 4; step++) {
		assert_int_equal(walk.phases.step, step);
		assert_int_equal(walk.phases.target, 250 * (step + 1));
		climb(&walk);
		changes_after(&walk, 3 * US_PER_S, step < 3 ? PHASE_RAMP : PHASE_HOLD);
	}
	assert_int_equal(walk.phases.target, 1000);
	changes_after(&walk, 5 * US_PER_S, PHASE_RECOVERY);
	assert_int_equal(walk.phases.target, 0);
	stays_for(&walk, US_PER_S);
	walk.view.recovered = true;
	changes_after(&walk, 0, PHASE_END);
	assert_false(phases_advance(&walk.phases, &walk.view));
}

static void
the_baseline_lasts_until_all_acceptors_listen(void **state)
{
	struct walk walk = walk_begin(&steady);

	(void)state;
	phases_init(&walk.phases, &walk.plan);
	walk.view.ready = false;
	stays_for(&walk, 20 * US_PER_S);
	walk.view.ready = true;
	changes_after(&walk, 0, PHASE_RAMP);
}

/* Of a host that starts slowly nothing else would say what there was before the load. */
static void
the_baseline_lasts_until_it_is_sampled(void **state)
{
	struct walk walk = walk_begin(&steady);

	(void)state;
	phases_init(&walk.phases, &walk.plan);
	walk.view.sampled = false;
	stays_for(&walk, 20 * US_PER_S);
	walk.view.sampled = true;
	changes_after(&walk, 0, PHASE_RAMP);
}

static void
a_break_leads_to_exhausted_then_recovery(void **state)
{
	static const enum phase loads[] = { PHASE_RAMP, PHASE_PLATEAU, PHASE_HOLD };

	(void)state;
	for (size_t i = 0; i < sizeof(loads) / sizeof(loads[0]); i++) {
		struct walk walk = walk_begin(&steady);

		walk_to(&walk, loads[i]);
		stays_for(&walk, US_PER_S);
		walk.view.broken = true;
		changes_after(&walk, 0, PHASE_EXHAUSTED);
		/* Newcomers go on being tried. */
		assert_true(walk.phases.target > 0);
		changes_after(&walk, 4 * US_PER_S, PHASE_RECOVERY);
		changes_after(&walk, 10 * US_PER_S, PHASE_END);
	}
}

/* An acceptor that died then never listens again: there is nothing to wait for. */
static void
a_break_in_the_baseline_ends_the_run(void **state)
{
	struct walk walk = walk_begin(&steady);

	(void)state;
	phases_init(&walk.phases, &walk.plan);
	walk.view.ready = false;
	stays_for(&walk, US_PER_S);
	walk.view.broken = true;
	changes_after(&walk, 0, PHASE_END);
}

static void
a_stop_releases_what_is_held(void **state)
{
	static const enum phase loads[] = { PHASE_RAMP, PHASE_PLATEAU, PHASE_HOLD,
					    PHASE_EXHAUSTED };

	(void)state;
	for (size_t i = 0; i < sizeof(loads) / sizeof(loads[0]); i++) {
		struct walk walk = walk_begin(&steady);

		walk_to(&walk, loads[i]);
		stays_for(&walk, US_PER_S);
		walk.view.stop = true;
		/* Also where it breaks at the same instant. */
		walk.view.broken = true;
		changes_after(&walk, 0, PHASE_RECOVERY);
		/* The recovery is measured all the same. */
		changes_after(&walk, 10 * US_PER_S, PHASE_END);
	}
}

static void
a_stop_in_the_baseline_has_nothing_to_release(void **state)
{
	struct walk walk = walk_begin(&steady);

	(void)state;
	phases_init(&walk.phases, &walk.plan);
	stays_for(&walk, US_PER_S);
	walk.view.stop = true;
	changes_after(&walk, 0, PHASE_END);
}

/* From the first attempt on: a long baseline takes nothing from it. */
static void
the_duration_begins_with_the_first_ramp(void **state)
{
	static const enum phase loads[] = { PHASE_RAMP, PHASE_PLATEAU, PHASE_HOLD,
					    PHASE_EXHAUSTED };

	(void)state;
	for (size_t i = 0; i < sizeof(loads) / sizeof(loads[0]); i++) {
		struct walk walk = walk_begin(&steady);
		int64_t ramp_us = 60 * US_PER_S;

		walk.plan.baseline_us = ramp_us;
		walk.plan.hold_us = walk.plan.plateau_us = walk.plan.linger_us =
		    200 * US_PER_S;
		walk.plan.steps = 1;
		walk.plan.duration_us = 300 * US_PER_S;
		walk_to(&walk, loads[i]);
		if (loads[i] == PHASE_EXHAUSTED)
			walk.plan.linger_us = 400 * US_PER_S;
		if (loads[i] == PHASE_RAMP)
			walk.view.slots = walk.phases.target - 1;
		walk.plan.plateau_us = walk.plan.hold_us = 400 * US_PER_S;
		changes_after(&walk, ramp_us + walk.plan.duration_us - walk.view.now_us,
			      PHASE_RECOVERY);
		/* It does not count against the recovery. */
		changes_after(&walk, 10 * US_PER_S, PHASE_END);
	}
}

static void
doubt_prolongs_the_hold(void **state)
{
	struct walk walk = walk_begin(&steady);

	(void)state;
	walk.plan.connect_timeout_us = 40 * US_PER_S;
	walk_to(&walk, PHASE_HOLD);
	walk.view.in_doubt = true;
	stays_for(&walk, 30 * US_PER_S);
	assert_false(phases_is_decided(&walk.phases, &walk.view));
	walk.view.in_doubt = false;
	assert_true(phases_is_decided(&walk.phases, &walk.view));
	changes_after(&walk, 0, PHASE_RECOVERY);
}

/* All that is to be held is there when the hold begins, or will never be. */
static void
doubt_keeps_the_hold_from_beginning(void **state)
{
	struct walk walk = walk_begin(&steady);

	(void)state;
	walk.plan.steps = 1;
	walk.plan.connect_timeout_us = 7 * US_PER_S;
	walk_to(&walk, PHASE_RAMP);
	climb(&walk);
	walk.view.in_doubt = true;
	stays_for(&walk, walk.plan.plateau_us + 7 * US_PER_S);
	walk.view.in_doubt = false;
	changes_after(&walk, 0, PHASE_HOLD);
	changes_after(&walk, walk.plan.hold_us, PHASE_RECOVERY);
}

/* A connect is over within its timeout, and what is not served within the stall time will
 * not be: doubt that lasts longer keeps nothing up. */
static void
doubt_is_waited_for_no_longer_than_it_may_take(void **state)
{
	struct walk walk = walk_begin(&steady);
	int64_t patience_us;

	(void)state;
	walk.plan.steps = 1;
	walk.plan.connect_timeout_us = 7 * US_PER_S;
	walk.plan.stall_us = 3 * US_PER_S;
	patience_us = 11 * US_PER_S;
	walk_to(&walk, PHASE_RAMP);
	climb(&walk);
	walk.view.in_doubt = true;
	changes_after(&walk, walk.plan.plateau_us + patience_us, PHASE_HOLD);
	changes_after(&walk, walk.plan.hold_us + patience_us, PHASE_RECOVERY);
}

static void
a_recovery_can_be_cut_short(void **state)
{
	struct walk walk = walk_begin(&steady);

	(void)state;
	walk.plan.cycles = 3;
	walk_to(&walk, PHASE_HOLD);
	changes_after(&walk, walk.plan.hold_us, PHASE_RECOVERY);
	stays_for(&walk, US_PER_S);
	walk.view.stop = walk.view.hurry = true;
	changes_after(&walk, 0, PHASE_END);
}

static void
doubt_ends_with_a_break_or_with_the_duration(void **state)
{
	struct walk walk = walk_begin(&steady);

	(void)state;
	walk.plan.connect_timeout_us = 40 * US_PER_S;
	walk_to(&walk, PHASE_HOLD);
	walk.view.in_doubt = true;
	stays_for(&walk, 30 * US_PER_S);
	walk.view.broken = true;
	changes_after(&walk, 0, PHASE_EXHAUSTED);

	walk = walk_begin(&steady);
	walk.plan.connect_timeout_us = 100 * US_PER_S;
	walk_to(&walk, PHASE_HOLD);
	walk.view.in_doubt = true;
	changes_after(&walk, 102 * US_PER_S - walk.view.now_us, PHASE_RECOVERY);
}

/* Nothing comes back that was not let go. */
static void
without_a_release_there_is_no_recovery(void **state)
{
	struct walk walk = walk_begin(&steady);

	(void)state;
	walk.plan.release = RELEASE_NONE;
	walk_to(&walk, PHASE_HOLD);
	changes_after(&walk, 5 * US_PER_S, PHASE_END);
	assert_int_equal(walk.phases.target, 0);

	walk = walk_begin(&steady);
	walk.plan.release = RELEASE_NONE;
	walk_to(&walk, PHASE_EXHAUSTED);
	changes_after(&walk, 4 * US_PER_S, PHASE_END);

	walk = walk_begin(&steady);
	walk.plan.release = RELEASE_NONE;
	walk_to(&walk, PHASE_RAMP);
	walk.view.stop = true;
	changes_after(&walk, 0, PHASE_END);
}

/* A plateau's time of the rate a step, on and on, up to what can be held at all. */
static void
unlimited_clients_climb_until_something_gives_way(void **state)
{
	struct walk walk = walk_begin(&steady);

	(void)state;
	walk.plan.clients = 0;
	walk.plan.steps = 1;
	walk.plan.duration_us = INT64_MAX;
	walk_to(&walk, PHASE_RAMP);
	for (int64_t step = 1; step <= 20; step++) {
		assert_int_equal(walk.phases.target, step * 300);
		climb(&walk);
		changes_after(&walk, 3 * US_PER_S, PHASE_RAMP);
	}
	walk.view.broken = true;
	changes_after(&walk, 0, PHASE_EXHAUSTED);
}

static void
unlimited_clients_end_where_the_ledger_does(void **state)
{
	struct walk walk = walk_begin(&steady);
	int64_t steps = 0;

	(void)state;
	walk.plan.clients = 0;
	walk.plan.rate = 1000000;
	walk.plan.duration_us = INT64_MAX;
	walk_to(&walk, PHASE_RAMP);
	while (walk.phases.phase != PHASE_HOLD) {
		climb(&walk);
		walk.view.now_us += walk.plan.plateau_us;
		assert_true(phases_advance(&walk.phases, &walk.view));
		steps++;
	}
	assert_int_equal(steps, 2);
	assert_int_equal(walk.phases.target, PLAN_CLIENTS_MAX);
}

static void
steps_without_an_end_are_a_plateau_of_the_rate(void **state)
{
	static const struct {
		int64_t rate, plateau_us, first;
	} cases[] = {
		{ 100, 3 * US_PER_S, 300 },
		{ 100, 1500000, 150 },
		{ 2000, 500000, 1000 },
		{ 1, 2 * US_PER_S, 2 },
		/* With nothing to go by, a step of some size. */
		{ 0, 3 * US_PER_S, 20000 },
		{ 100, 0, 20000 },
		{ 1000000, 24 * INT64_C(3600) * US_PER_S, PLAN_CLIENTS_MAX },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct plan plan = { .rate = cases[i].rate,
				     .plateau_us = cases[i].plateau_us };

		assert_int_equal(phases_step_target(&plan, 0), cases[i].first);
	}
}

/* Climbs the whole staircase and holds, from the ramp that is on. */
static void
load(struct walk *walk)
{
	for (int64_t step = 0; step < walk->plan.steps; step++) {
		assert_int_equal(walk->phases.step, step);
		assert_int_equal(walk->phases.target, 250 * (step + 1));
		climb(walk);
		walk->view.now_us += walk->plan.plateau_us;
		assert_true(phases_advance(&walk->phases, &walk->view));
	}
	assert_int_equal(walk->phases.phase, PHASE_HOLD);
	changes_after(walk, walk->plan.hold_us, PHASE_RECOVERY);
	walk->view.slots = 0;
}

/* Each is as long as the first, and without another baseline. */
static void
cycles_repeat_the_load_and_the_recovery(void **state)
{
	struct walk walk = walk_begin(&steady);

	(void)state;
	walk.plan.cycles = 3;
	walk_to(&walk, PHASE_RAMP);
	load(&walk);
	walk.view.recovered = true;
	changes_after(&walk, 0, PHASE_RAMP);
	assert_int_equal(walk.phases.cycle, 1);
	walk.view.recovered = false;
	load(&walk);
	/* One that did not recover is no reason to stop. */
	changes_after(&walk, walk.plan.recovery_timeout_us, PHASE_RAMP);
	assert_int_equal(walk.phases.cycle, 2);
	load(&walk);
	changes_after(&walk, walk.plan.recovery_timeout_us, PHASE_END);
}

static void
the_duration_is_that_of_a_cycle(void **state)
{
	struct walk walk = walk_begin(&steady);

	(void)state;
	walk.plan.cycles = 2;
	walk_to(&walk, PHASE_RAMP);
	changes_after(&walk, walk.plan.duration_us, PHASE_RECOVERY);
	changes_after(&walk, walk.plan.recovery_timeout_us, PHASE_RAMP);
	changes_after(&walk, walk.plan.duration_us, PHASE_RECOVERY);
	changes_after(&walk, walk.plan.recovery_timeout_us, PHASE_END);
}

static void
a_broken_cycle_is_followed_by_the_next(void **state)
{
	struct walk walk = walk_begin(&steady);

	(void)state;
	walk.plan.cycles = 2;
	walk_to(&walk, PHASE_EXHAUSTED);
	changes_after(&walk, walk.plan.linger_us, PHASE_RECOVERY);
	/* What broke in one cycle is not held against the next, see begin_cycle(). */
	walk.view.broken = false;
	changes_after(&walk, walk.plan.recovery_timeout_us, PHASE_RAMP);
	assert_int_equal(walk.phases.step, 0);
	assert_int_equal(walk.phases.target, 250);
}

/* Those that were killed to release take a moment to be there again. */
static void
the_next_cycle_waits_for_the_acceptors(void **state)
{
	struct walk walk = walk_begin(&steady);

	(void)state;
	walk.plan.cycles = 2;
	walk_to(&walk, PHASE_RAMP);
	load(&walk);
	walk.view.recovered = true;
	walk.view.ready = false;
	stays_for(&walk, US_PER_S);
	walk.view.ready = true;
	changes_after(&walk, 0, PHASE_RAMP);
}

static void
no_cycle_follows_a_stop_or_a_server_that_is_spent(void **state)
{
	(void)state;
	for (int spent = 0; spent < 2; spent++) {
		struct walk walk = walk_begin(&steady);

		walk.plan.cycles = 5;
		walk_to(&walk, PHASE_RAMP);
		load(&walk);
		walk.view.stop = spent == 0;
		walk.view.spent = spent == 1;
		/* It never listens again. */
		walk.view.ready = false;
		changes_after(&walk, walk.plan.recovery_timeout_us, PHASE_END);
	}
}

static int64_t
any(unsigned int *seed, int64_t below)
{
	return rand_r(seed) % below;
}

static struct plan
any_plan(unsigned int *seed)
{
	struct plan plan = {
		.clients = any(seed, 3) * any(seed, 5000),
		.rate = any(seed, 2) * any(seed, 3000),
		.steps = 1 + any(seed, 100),
		.cycles = any(seed, 4),
		.baseline_us = any(seed, 5 * US_PER_S),
		.plateau_us = any(seed, 5 * US_PER_S),
		.hold_us = any(seed, 10 * US_PER_S),
		.linger_us = any(seed, 10 * US_PER_S),
		.duration_us = US_PER_S + any(seed, 300 * US_PER_S),
		.release = any(seed, RELEASE_NONE + 1),
		.recovery_timeout_us = any(seed, 30 * US_PER_S),
	};

	return plan;
}

/* What must hold of a move to a phase that comes before the one it follows. */
static void
check_return(const struct plan *plan, const struct phases *before,
	     const struct phases *after)
{
	assert_int_equal(after->phase, PHASE_RAMP);
	if (before->phase == PHASE_RECOVERY) {
		assert_int_equal(after->cycle, before->cycle + 1);
		assert_true(after->cycle < plan->cycles);
		assert_int_equal(after->step, 0);
		return;
	}
	assert_int_equal(before->phase, PHASE_PLATEAU);
	/* Higher, unless there are more steps than connections. */
	if (plan->clients == 0 || plan->clients >= plan->steps)
		assert_true(after->target > before->target);
}

/* What must hold of every move. */
static void
check_move(const struct plan *plan, const struct phases *before,
	   const struct phases *after)
{
	assert_true(after->phase < PHASE_COUNT);
	if (after->phase < PHASE_RECOVERY) {
		assert_true(after->target >= before->target);
		assert_true(after->target <= plan_target(plan));
	} else
		assert_int_equal(after->target, 0);
	if (plan->clients > 0)
		assert_true(after->step < plan->steps);
	if (after->phase < before->phase)
		check_return(plan, before, after);
	if (plan->release == RELEASE_NONE)
		assert_int_not_equal(after->phase, PHASE_RECOVERY);
}

/* Whatever a host does, in whatever order, once its acceptors listen. */
static void
every_run_ends(void **state)
{
	unsigned int seed = 1;

	(void)state;
	for (int run = 0; run < 300; run++) {
		struct plan plan = any_plan(&seed);
		int64_t ready_us = any(&seed, 10 * US_PER_S);
		int64_t pace = any(&seed, 3) * any(&seed, 500);
		int64_t break_us = any(&seed, 600 * US_PER_S);
		int64_t cycle_us =
		    plan.duration_us + plan.recovery_timeout_us + 4 * TICK_US;
		int64_t limit_us = plan.baseline_us + ready_us +
				   (plan.cycles > 0 ? plan.cycles : 1) * cycle_us;
		struct phases phases, before;
		struct phases_view view = { .in_doubt = any(&seed, 2) == 0 };

		phases_init(&phases, &plan);
		while (phases.phase != PHASE_END) {
			assert_true(view.now_us <= limit_us);
			view.ready = view.now_us >= ready_us;
			view.sampled = view.ready;
			view.broken = view.now_us >= break_us && phases.target > 0;
			if (phases.phase == PHASE_RAMP)
				view.slots += pace;
			before = phases;
			if (phases_advance(&phases, &view))
				check_move(&plan, &before, &phases);
			if (phases.cycle > before.cycle)
				view.slots = 0;
			view.now_us += TICK_US;
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_run_climbs_its_staircase_and_comes_down),
		cmocka_unit_test(the_baseline_lasts_until_all_acceptors_listen),
		cmocka_unit_test(the_baseline_lasts_until_it_is_sampled),
		cmocka_unit_test(a_break_leads_to_exhausted_then_recovery),
		cmocka_unit_test(a_break_in_the_baseline_ends_the_run),
		cmocka_unit_test(a_stop_releases_what_is_held),
		cmocka_unit_test(a_stop_in_the_baseline_has_nothing_to_release),
		cmocka_unit_test(the_duration_begins_with_the_first_ramp),
		cmocka_unit_test(doubt_prolongs_the_hold),
		cmocka_unit_test(doubt_keeps_the_hold_from_beginning),
		cmocka_unit_test(doubt_is_waited_for_no_longer_than_it_may_take),
		cmocka_unit_test(a_recovery_can_be_cut_short),
		cmocka_unit_test(doubt_ends_with_a_break_or_with_the_duration),
		cmocka_unit_test(without_a_release_there_is_no_recovery),
		cmocka_unit_test(unlimited_clients_climb_until_something_gives_way),
		cmocka_unit_test(unlimited_clients_end_where_the_ledger_does),
		cmocka_unit_test(steps_without_an_end_are_a_plateau_of_the_rate),
		cmocka_unit_test(cycles_repeat_the_load_and_the_recovery),
		cmocka_unit_test(the_duration_is_that_of_a_cycle),
		cmocka_unit_test(a_broken_cycle_is_followed_by_the_next),
		cmocka_unit_test(the_next_cycle_waits_for_the_acceptors),
		cmocka_unit_test(no_cycle_follows_a_stop_or_a_server_that_is_spent),
		cmocka_unit_test(every_run_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
