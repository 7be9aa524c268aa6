#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "run/breaking.h"

#define STALL_US  (5 * US_PER_S)
#define ACCEPTORS 4

/* A run told look by look. */
struct tale {
	struct breaking breaking;
	struct breaking_view view;
};

static struct tale
tale_begin(int64_t messages)
{
	struct plan plan = { .stall_us = STALL_US, .messages = messages };
	struct tale tale = { .view.acceptors = ACCEPTORS };

	breaking_init(&tale.breaking, &plan);
	return tale;
}

static enum breaking_reason
look(struct tale *tale)
{
	enum breaking_reason reason;

	tale->view.now_us += BREAKING_TICK_US;
	reason = breaking_check(&tale->breaking, &tale->view);
	tale->view.ramp_ended = false;
	return reason;
}

/* n more connections that get all the way. */
static void
serve(struct tale *tale, int64_t n)
{
	tale->view.totals.attempted += n;
	tale->view.totals.established += n;
	tale->view.totals.accepted += n;
	tale->view.totals.served += n;
	tale->view.totals.held += n;
}

/* n more attempts that come to nothing, by a timeout. */
static void
refuse(struct tale *tale, int64_t n)
{
	tale->view.totals.attempted += n;
	tale->view.totals.failed += n;
}

/* n more that the client sees as established, and that wait for service. */
static void
queue(struct tale *tale, int64_t n)
{
	tale->view.totals.attempted += n;
	tale->view.totals.established += n;
	tale->view.totals.held += n;
}

/* A second's looks at a healthy ramp of 100 connections each. */
static void
healthy_second(struct tale *tale)
{
	for (int i = 0; i < 10; i++) {
		serve(tale, 100);
		assert_int_equal(look(tale), BREAKING_NOT);
	}
}

static void
a_healthy_run_is_not_broken(void **state)
{
	struct tale tale = tale_begin(1);

	(void)state;
	for (int second = 0; second < 20; second++) {
		healthy_second(&tale);
		tale.view.ramp_ended = second % 5 == 4;
	}
	/* Nor while it holds still. */
	for (int i = 0; i < 200; i++)
		assert_int_equal(look(&tale), BREAKING_NOT);
}

static void
one_lone_timeout_is_a_transient(void **state)
{
	static const int64_t ramps[] = { 2, 10, 99, 100, 5000 };

	(void)state;
	for (size_t i = 0; i < sizeof(ramps) / sizeof(ramps[0]); i++) {
		struct tale tale = tale_begin(1);

		assert_int_equal(look(&tale), BREAKING_NOT);
		serve(&tale, ramps[i] - 1);
		assert_int_equal(look(&tale), BREAKING_NOT);
		refuse(&tale, 1);
		assert_int_equal(look(&tale), BREAKING_NOT);
		tale.view.ramp_ended = true;
		for (int wait = 0; wait < 100; wait++)
			assert_int_equal(look(&tale), BREAKING_NOT);
	}
}

/* Nobody was served: there is no service it could be an exception to. */
static void
the_only_attempt_that_fails_is_a_break(void **state)
{
	struct tale tale = tale_begin(1);

	(void)state;
	assert_int_equal(look(&tale), BREAKING_NOT);
	refuse(&tale, 1);
	assert_int_equal(look(&tale), BREAKING_NOT);
	tale.view.ramp_ended = true;
	assert_int_equal(look(&tale), BREAKING_RAMP);
}

/* A retransmitted SYN, and a handful of timeouts, while thousands come through. */
static void
transients_are_not_a_break(void **state)
{
	struct tale tale = tale_begin(1);

	(void)state;
	for (int second = 0; second < 20; second++) {
		healthy_second(&tale);
		tale.view.totals.transient += 3;
		refuse(&tale, 5);
		tale.view.ramp_ended = second % 5 == 4;
		assert_int_equal(look(&tale), BREAKING_NOT);
	}
}

static void
failures_that_go_on_are_a_break(void **state)
{
	struct tale tale = tale_begin(1);

	(void)state;
	healthy_second(&tale);
	for (int i = 1; i < BREAKING_WINDOW; i++) {
		refuse(&tale, 1);
		assert_int_equal(look(&tale), BREAKING_NOT);
	}
	/* A pause within the second, and it begins again. */
	assert_int_equal(look(&tale), BREAKING_NOT);
	for (int i = 1; i < BREAKING_WINDOW; i++) {
		refuse(&tale, 1);
		assert_int_equal(look(&tale), BREAKING_NOT);
	}
	refuse(&tale, 1);
	assert_int_equal(look(&tale), BREAKING_FAILURES);
}

/* Every look has one, and 150 that come through. */
static void
few_failures_among_many_are_no_break(void **state)
{
	struct tale tale = tale_begin(1);

	(void)state;
	for (int i = 0; i < 100; i++) {
		serve(&tale, 150);
		refuse(&tale, 1);
		assert_int_equal(look(&tale), BREAKING_NOT);
	}
	/* At one in a hundred it is. */
	for (int i = 1; i < BREAKING_WINDOW; i++) {
		serve(&tale, 100);
		refuse(&tale, 1);
		assert_int_equal(look(&tale), BREAKING_NOT);
	}
	serve(&tale, 100);
	refuse(&tale, 1);
	assert_int_equal(look(&tale), BREAKING_FAILURES);
}

/* Such as EADDRNOTAVAIL: the schedule's slots fail at once, nobody waits. */
static void
a_limit_that_is_met_is_a_break(void **state)
{
	struct tale tale = tale_begin(1);

	(void)state;
	healthy_second(&tale);
	for (int i = 1; i <= BREAKING_WINDOW; i++) {
		refuse(&tale, 20);
		tale.view.hard += 20;
		assert_int_equal(look(&tale),
				 i == BREAKING_WINDOW ? BREAKING_FAILURES : BREAKING_NOT);
	}
}

/* It looks again every 10 ms, while the others take every connection. */
static void
one_full_acceptor_of_four_is_no_break(void **state)
{
	struct tale tale = tale_begin(1);

	(void)state;
	healthy_second(&tale);
	tale.view.acceptors_failing = 1;
	for (int i = 0; i < 300; i++) {
		tale.view.ramp_ended = i % 100 == 99;
		/* One is on its way in the queue at every look. */
		serve(&tale, i % 100 < 50 ? 100 : 0);
		queue(&tale, 1);
		assert_int_equal(look(&tale), BREAKING_NOT);
		tale.view.totals.accepted++;
		tale.view.totals.served++;
	}
}

static void
four_full_acceptors_of_four_are_a_break(void **state)
{
	struct tale tale = tale_begin(1);

	(void)state;
	healthy_second(&tale);
	tale.view.acceptors_failing = ACCEPTORS;
	queue(&tale, 50);
	for (int i = 1; i <= BREAKING_WINDOW; i++)
		assert_int_equal(look(&tale),
				 i == BREAKING_WINDOW ? BREAKING_FAILURES : BREAKING_NOT);
}

/* With an empty queue too, accept4(2) at its limit says EMFILE. */
static void
full_acceptors_that_nobody_waits_for_are_no_break(void **state)
{
	struct tale tale = tale_begin(1);

	(void)state;
	healthy_second(&tale);
	tale.view.acceptors_failing = ACCEPTORS;
	for (int i = 0; i < 100; i++)
		assert_int_equal(look(&tale), BREAKING_NOT);
}

/* Where each has a listener of its own, what waits for one is served by no other. */
static void
one_full_acceptor_of_a_group_is_a_break(void **state)
{
	struct tale tale = tale_begin(1);

	(void)state;
	tale.view.apart = true;
	healthy_second(&tale);
	tale.view.acceptors_failing = 1;
	for (int i = 1; i <= BREAKING_WINDOW; i++) {
		serve(&tale, 75);
		queue(&tale, 25);
		assert_int_equal(look(&tale),
				 i == BREAKING_WINDOW ? BREAKING_FAILURES : BREAKING_NOT);
	}
}

static void
a_ramp_with_failures_is_a_break(void **state)
{
	struct tale tale = tale_begin(1);

	(void)state;
	healthy_second(&tale);
	serve(&tale, 970);
	refuse(&tale, 30);
	assert_int_equal(look(&tale), BREAKING_NOT);
	tale.view.ramp_ended = true;
	assert_int_equal(look(&tale), BREAKING_RAMP);
}

/* One per cent of this ramp's, not of all that came before it. */
static void
each_ramp_is_judged_by_itself(void **state)
{
	struct tale tale = tale_begin(1);

	(void)state;
	assert_int_equal(look(&tale), BREAKING_NOT);
	serve(&tale, 100000);
	tale.view.ramp_ended = true;
	assert_int_equal(look(&tale), BREAKING_NOT);
	serve(&tale, 980);
	refuse(&tale, 20);
	tale.view.ramp_ended = true;
	assert_int_equal(look(&tale), BREAKING_RAMP);
	/* What failed in one ramp is not held against the next. */
	serve(&tale, 1000);
	tale.view.ramp_ended = true;
	assert_int_equal(look(&tale), BREAKING_NOT);
}

/* One client met its descriptors at the very end of a ramp: no transient. */
static void
a_ramp_that_ends_at_a_limit_is_a_break(void **state)
{
	struct tale tale = tale_begin(1);

	(void)state;
	assert_int_equal(look(&tale), BREAKING_NOT);
	serve(&tale, 9999);
	refuse(&tale, 1);
	tale.view.hard++;
	tale.view.ramp_ended = true;
	assert_int_equal(look(&tale), BREAKING_RAMP);
}

static void
progress_that_has_stopped_is_a_break(void **state)
{
	struct tale tale = tale_begin(1);

	(void)state;
	healthy_second(&tale);
	queue(&tale, 200);
	for (int64_t us = BREAKING_TICK_US; us < STALL_US; us += BREAKING_TICK_US)
		assert_int_equal(look(&tale), BREAKING_NOT);
	assert_int_equal(look(&tale), BREAKING_STALL);
}

/* Connects that are under way wait as well: their SYNs are dropped. */
static void
connects_that_do_not_end_are_a_stall(void **state)
{
	struct tale tale = tale_begin(1);

	(void)state;
	healthy_second(&tale);
	tale.view.totals.attempted += 200;
	tale.view.totals.in_flight = 200;
	for (int64_t us = BREAKING_TICK_US; us < STALL_US; us += BREAKING_TICK_US)
		assert_int_equal(look(&tale), BREAKING_NOT);
	assert_int_equal(look(&tale), BREAKING_STALL);
}

/* The server needs four seconds for its first accept, and catches up. */
static void
a_slow_start_is_no_break(void **state)
{
	struct tale tale = tale_begin(1);

	(void)state;
	for (int i = 0; i < 40; i++) {
		queue(&tale, 100);
		assert_int_equal(look(&tale), BREAKING_NOT);
	}
	while (tale.view.totals.served < tale.view.totals.established) {
		tale.view.totals.accepted += 200;
		tale.view.totals.served += 200;
		assert_int_equal(look(&tale), BREAKING_NOT);
	}
	for (int i = 0; i < 100; i++)
		assert_int_equal(look(&tale), BREAKING_NOT);
}

/* At 2 % of what waits in every five seconds, it will end. */
static void
slow_progress_is_no_stall(void **state)
{
	struct tale tale = tale_begin(1);

	(void)state;
	queue(&tale, 10000);
	for (int i = 0; i < 400; i++) {
		if (i % 25 == 0) {
			tale.view.totals.accepted += 100;
			tale.view.totals.served += 100;
		}
		assert_int_equal(look(&tale), BREAKING_NOT);
	}
}

/* Where messages are sent, being accepted is not yet service; without, it is. */
static void
progress_is_service_where_there_are_messages(void **state)
{
	struct tale talking = tale_begin(1), silent = tale_begin(0);
	struct tale *tales[] = { &talking, &silent };
	enum breaking_reason reasons[2];

	(void)state;
	for (int t = 0; t < 2; t++) {
		queue(tales[t], 1000);
		tales[t]->view.totals.accepted = 1000;
		for (int64_t us = 0; us <= STALL_US; us += BREAKING_TICK_US)
			reasons[t] = look(tales[t]);
	}
	assert_int_equal(reasons[0], BREAKING_STALL);
	assert_int_equal(reasons[1], BREAKING_NOT);
}

static void
an_acceptors_death_is_a_break_at_once(void **state)
{
	struct tale tale = tale_begin(1);

	(void)state;
	healthy_second(&tale);
	tale.view.server_died = true;
	assert_int_equal(look(&tale), BREAKING_DEATH);
}

static void
a_kill_for_want_of_memory_is_a_break(void **state)
{
	struct tale tale = tale_begin(1);

	(void)state;
	healthy_second(&tale);
	tale.view.oom_deaths = 1;
	assert_int_equal(look(&tale), BREAKING_MEMORY);
	/* An acceptor's: the verdict has what killed it. */
	tale.view.server_died = true;
	assert_int_equal(look(&tale), BREAKING_DEATH);
}

static void
three_failures_of_the_canary_are_a_break(void **state)
{
	struct tale tale = tale_begin(1);

	(void)state;
	tale.view.canary_served = 10;
	healthy_second(&tale);
	tale.view.canary_failed = 2;
	assert_int_equal(look(&tale), BREAKING_NOT);
	/* Service in between: it was a transient. */
	tale.view.canary_served++;
	assert_int_equal(look(&tale), BREAKING_NOT);
	for (int i = 0; i < 2; i++) {
		tale.view.canary_failed++;
		assert_int_equal(look(&tale), BREAKING_NOT);
		/* Looks come faster than the canary: no news is neither. */
		assert_int_equal(look(&tale), BREAKING_NOT);
	}
	tale.view.canary_failed++;
	assert_int_equal(look(&tale), BREAKING_CANARY);
}

/* Failures from before the first look, of the baseline's canary, are no news. */
static void
what_was_before_the_first_look_does_not_count(void **state)
{
	struct tale tale = tale_begin(1);

	(void)state;
	tale.view.canary_failed = 50;
	tale.view.hard = 50;
	for (int i = 0; i < 50; i++)
		assert_int_equal(look(&tale), BREAKING_NOT);
}

static void
whatever_waits_is_in_doubt(void **state)
{
	struct tale tale = tale_begin(1);
	struct counts *totals = &tale.view.totals;

	(void)state;
	assert_false(breaking_in_doubt(&tale.breaking, totals));
	serve(&tale, 9999);
	assert_false(breaking_in_doubt(&tale.breaking, totals));
	queue(&tale, 1);
	assert_true(breaking_in_doubt(&tale.breaking, totals));
	/* Under way, it waits too. */
	serve(&tale, 1);
	totals->served = totals->established;
	assert_false(breaking_in_doubt(&tale.breaking, totals));
	totals->in_flight = 1;
	assert_true(breaking_in_doubt(&tale.breaking, totals));
	/* A connection that was lost waits no longer. */
	totals->in_flight = 0;
	queue(&tale, 1);
	totals->lost = 1;
	assert_false(breaking_in_doubt(&tale.breaking, totals));
}

/* Its SYNs were dropped: when the slots are used, nothing has failed yet. */
static void
connects_that_time_out_after_the_ramp_are_held_against_it(void **state)
{
	struct tale tale = tale_begin(1);

	(void)state;
	assert_int_equal(look(&tale), BREAKING_NOT);
	serve(&tale, 200);
	tale.view.totals.attempted += 200;
	tale.view.totals.in_flight = 200;
	assert_int_equal(look(&tale), BREAKING_NOT);
	tale.view.ramp_ended = true;
	assert_int_equal(look(&tale), BREAKING_NOT);
	tale.view.totals.in_flight = 0;
	tale.view.totals.failed = 200;
	assert_int_equal(look(&tale), BREAKING_NOT);
	tale.view.ramp_ended = true;
	assert_int_equal(look(&tale), BREAKING_RAMP);
}

/* Nor is it a break for being judged twice. */
static void
a_lone_failure_stays_one_when_the_ramp_is_judged_again(void **state)
{
	struct tale tale = tale_begin(1);

	(void)state;
	assert_int_equal(look(&tale), BREAKING_NOT);
	serve(&tale, 50);
	tale.view.ramp_ended = true;
	assert_int_equal(look(&tale), BREAKING_NOT);
	tale.view.totals.attempted++;
	tale.view.totals.failed++;
	serve(&tale, 50);
	for (int i = 0; i < 3; i++) {
		tale.view.ramp_ended = true;
		assert_int_equal(look(&tale), BREAKING_NOT);
	}
}

static void
every_reason_has_a_text_of_its_own(void **state)
{
	(void)state;
	for (int i = 0; i < BREAKING_REASONS; i++) {
		assert_non_null(breaking_text((enum breaking_reason)i));
		for (int j = 0; j < i; j++)
			assert_string_not_equal(breaking_text((enum breaking_reason)i),
						breaking_text((enum breaking_reason)j));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_healthy_run_is_not_broken),
		cmocka_unit_test(one_lone_timeout_is_a_transient),
		cmocka_unit_test(the_only_attempt_that_fails_is_a_break),
		cmocka_unit_test(transients_are_not_a_break),
		cmocka_unit_test(failures_that_go_on_are_a_break),
		cmocka_unit_test(few_failures_among_many_are_no_break),
		cmocka_unit_test(a_limit_that_is_met_is_a_break),
		cmocka_unit_test(one_full_acceptor_of_four_is_no_break),
		cmocka_unit_test(four_full_acceptors_of_four_are_a_break),
		cmocka_unit_test(full_acceptors_that_nobody_waits_for_are_no_break),
		cmocka_unit_test(one_full_acceptor_of_a_group_is_a_break),
		cmocka_unit_test(a_ramp_with_failures_is_a_break),
		cmocka_unit_test(each_ramp_is_judged_by_itself),
		cmocka_unit_test(a_ramp_that_ends_at_a_limit_is_a_break),
		cmocka_unit_test(progress_that_has_stopped_is_a_break),
		cmocka_unit_test(connects_that_do_not_end_are_a_stall),
		cmocka_unit_test(a_slow_start_is_no_break),
		cmocka_unit_test(slow_progress_is_no_stall),
		cmocka_unit_test(progress_is_service_where_there_are_messages),
		cmocka_unit_test(an_acceptors_death_is_a_break_at_once),
		cmocka_unit_test(a_kill_for_want_of_memory_is_a_break),
		cmocka_unit_test(three_failures_of_the_canary_are_a_break),
		cmocka_unit_test(what_was_before_the_first_look_does_not_count),
		cmocka_unit_test(whatever_waits_is_in_doubt),
		cmocka_unit_test(
		    connects_that_time_out_after_the_ramp_are_held_against_it),
		cmocka_unit_test(a_lone_failure_stays_one_when_the_ramp_is_judged_again),
		cmocka_unit_test(every_reason_has_a_text_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
