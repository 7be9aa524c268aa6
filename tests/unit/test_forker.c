#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "listen_anywhere.h"
#include "plan_try.h"
#include "run/control.h"
#include "run/forker.h"
#include "run/spawn.h"

#define FORKERS     3
#define CLIENTS     47 /* connections: 16, 16 and 15 of a forker */
#define PER_CLIENT  5
#define PATIENCE_US (30 * US_PER_S)

extern char **environ;

struct bench {
	struct plan plan;
	struct ledger *ledger;
	int pipe[2];
	int listener;
	pid_t forker;
};

/* The kernel completes handshakes: nobody needs to accept. */
static int
setup(void **state)
{
	static struct bench bench;

	bench.forker = 0;
	plan_try_good(&bench.plan,
		      "--clients 47 --per-client 5 --acceptors 1 --forkers 3 "
		      "--sources 1 --messages 0");
	bench.listener = listen_anywhere(4096, &bench.plan.port);
	bench.ledger = ledger_map(&bench.plan);
	*state = &bench;
	return bench.ledger == NULL ? -1 : control_pipe(bench.pipe);
}

static int
teardown(void **state)
{
	struct bench *bench = *state;

	/* Its clients follow a forker that is killed. */
	if (bench->forker > 0)
		kill(bench->forker, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0)
		continue;
	close(bench->listener);
	close(bench->pipe[0]);
	close(bench->pipe[1]);
	ledger_unmap(bench->ledger);
	plan_free(&bench->plan);
	return 0;
}

/* The client that connection k of the run belongs to. */
static struct worker *
client_of(struct bench *bench, int64_t k)
{
	int32_t first = ledger_first_client(bench->ledger, (int32_t)(k % FORKERS));

	return ledger_client(bench->ledger, first + (int32_t)(k / FORKERS / PER_CLIENT));
}

static int64_t
slots_of(const struct worker *client)
{
	return client->counters.attempted + client->counters.missed;
}

static int64_t
slots_of_all(struct bench *bench)
{
	int64_t slots = 0;

	for (int32_t i = 0; i < bench->ledger->clients; i++)
		slots += slots_of(ledger_client(bench->ledger, i));
	return slots;
}

static int64_t
missed_by_all(struct bench *bench)
{
	struct counts totals;

	ledger_totals(bench->ledger, &totals);
	return totals.missed;
}

static void
what_a_dead_client_held_is_lost(void **state)
{
	struct bench *bench = *state;
	struct worker *client = ledger_client(bench->ledger, 0);

	client->pid = 4711;
	client->counters.held = 4;
	client->counters.in_flight = 1;
	client->forker->under_way = 3;
	client->counters.lost = 2;
	client->counters.established = 6;
	forker_settle(client, false);
	assert_int_equal(client->counters.lost, 6);
	assert_int_equal(client->counters.released, 0);
	assert_int_equal(client->counters.held, 0);
	assert_int_equal(client->counters.in_flight, 0);
	assert_int_equal(client->forker->under_way, 2);
	assert_int_equal(client->counters.established, 6);
	assert_int_equal(client->pid, 0);
	assert_int_equal(client->gone, 1);
	/* Whoever comes second, the supervisor or the forker, changes nothing. */
	forker_settle(client, false);
	assert_int_equal(client->counters.lost, 6);
	assert_int_equal(client->forker->under_way, 2);
}

static void
a_client_knows_its_forker(void **state)
{
	struct bench *bench = *state;

	for (int32_t f = 0; f < FORKERS; f++)
		for (int32_t c = ledger_first_client(bench->ledger, f);
		     c < ledger_first_client(bench->ledger, f + 1); c++)
			assert_ptr_equal(ledger_client(bench->ledger, c)->forker,
					 ledger_forker(bench->ledger, f));
}

static void
what_a_released_client_held_is_released(void **state)
{
	struct bench *bench = *state;
	struct worker *client = ledger_client(bench->ledger, 0);

	client->counters.held = 4;
	client->counters.released = 1;
	forker_settle(client, true);
	assert_int_equal(client->counters.released, 5);
	assert_int_equal(client->counters.lost, 0);
	assert_int_equal(client->gone, 0);
}

/* Used slots are used, whatever came of them; those it will never use are missed. */
static void
the_slots_of_a_dead_client_are_missed(void **state)
{
	struct bench *bench = *state;
	struct worker *dead = client_of(bench, 0), *alive = client_of(bench, 1);

	dead->counters.attempted = 2;
	dead->gone = 1;
	alive->counters.attempted = 1;
	for (int32_t f = 0; f < FORKERS; f++)
		forker_miss(bench->ledger, f, CLIENTS);
	assert_int_equal(slots_of(dead), PER_CLIENT);
	assert_int_equal(dead->counters.missed, PER_CLIENT - 2);
	assert_int_equal(slots_of(alive), 1);
	assert_int_equal(missed_by_all(bench), PER_CLIENT - 2);
	/* Once only. */
	forker_miss(bench->ledger, 0, CLIENTS);
	assert_int_equal(missed_by_all(bench), PER_CLIENT - 2);
}

/* A ramp calls for the first connections: those of a later one are not missed yet. */
static void
slots_are_missed_as_far_as_the_ramp_calls_for_them(void **state)
{
	struct bench *bench = *state;
	struct worker *dead = client_of(bench, 0);

	dead->gone = 1;
	forker_miss(bench->ledger, 0, 0);
	assert_int_equal(dead->counters.missed, 0);
	/* Connections 0, 3 and 6 of the run are below 7. */
	forker_miss(bench->ledger, 0, 7);
	assert_int_equal(dead->counters.missed, 3);
	forker_miss(bench->ledger, 0, CLIENTS);
	assert_int_equal(dead->counters.missed, PER_CLIENT);
	/* A target that is lower again takes nothing back. */
	forker_miss(bench->ledger, 0, 1);
	assert_int_equal(dead->counters.missed, PER_CLIENT);
}

/* Else a ramp would wait for them for ever: it ends when all its slots are used. */
static void
without_forkers_every_slot_is_missed(void **state)
{
	struct bench *bench = *state;

	for (int32_t f = 0; f < FORKERS; f++)
		ledger_forker(bench->ledger, f)->gone = 1;
	for (int64_t target = 0; target <= CLIENTS; target++) {
		for (int32_t f = 0; f < FORKERS; f++)
			forker_miss(bench->ledger, f, target);
		assert_int_equal(missed_by_all(bench), target);
		assert_int_equal(slots_of_all(bench), target);
	}
}

static void
a_dead_forker_misses_its_own_slots_alone(void **state)
{
	struct bench *bench = *state;

	ledger_forker(bench->ledger, 2)->gone = 1;
	for (int32_t f = 0; f < FORKERS; f++)
		forker_miss(bench->ledger, f, CLIENTS);
	assert_int_equal(missed_by_all(bench), 15);
}

static void
forker_start(struct bench *bench)
{
	struct spawn spec = {
		.main = forker_main,
		.context = { .plan = &bench->plan,
			     .ledger = bench->ledger,
			     .role = ROLE_FORKER,
			     .orders = bench->pipe[0],
			     .listener = -1 },
		.keep = { bench->pipe[0], -1, -1, -1 },
	};

	bench->forker = spawn(&spec);
	assert_true(bench->forker > 0);
}

static void
order(struct bench *bench, enum order_kind kind, int64_t last, int64_t rate)
{
	struct order order = { .kind = (int32_t)kind,
			       .method = RELEASE_RESET,
			       .at_us = ledger_now_us(bench->ledger),
			       .last = last,
			       .rate = rate };

	control_order(bench->ledger, bench->pipe[1], &order);
}

static void
wait_for(const _Atomic int64_t *value, int64_t expected)
{
	int64_t until_us = clock_us() + PATIENCE_US;

	while (*value != expected) {
		assert_true(clock_us() < until_us);
		poll(NULL, 0, 1);
	}
}

static void
wait_for_slots(struct bench *bench, int64_t expected)
{
	int64_t until_us = clock_us() + PATIENCE_US;

	while (slots_of_all(bench) != expected) {
		assert_true(clock_us() < until_us);
		poll(NULL, 0, 1);
	}
}

/* A slot is used before its connection is held. */
static void
wait_for_held(struct bench *bench, int64_t expected)
{
	int64_t until_us = clock_us() + PATIENCE_US;
	struct counts counts;

	do {
		assert_true(clock_us() < until_us);
		poll(NULL, 0, 1);
		ledger_forker_counts(bench->ledger, 0, &counts);
	} while (counts.held != expected);
}

static void
forker_ends(struct bench *bench)
{
	int status;

	assert_int_equal(waitpid(bench->forker, &status, 0), bench->forker);
	bench->forker = 0;
	assert_int_equal(status, 0);
}

/* Forker 0's part of a ramp: 16 connections by four clients. */
static void
a_forker_holds_and_lets_go(void **state)
{
	struct bench *bench = *state;
	const struct counters *row = &ledger_forker(bench->ledger, 0)->counters;
	struct counts counts;

	forker_start(bench);
	order(bench, ORDER_RAMP, CLIENTS, 2000);
	wait_for_held(bench, 16);
	ledger_forker_counts(bench->ledger, 0, &counts);
	assert_int_equal(counts.attempted, 16);
	assert_int_equal(counts.established, 16);
	assert_int_equal(counts.missed, 0);
	assert_int_equal(row->processes, 4);
	order(bench, ORDER_RELEASE, 0, 0);
	wait_for(&row->processes, 0);
	ledger_forker_counts(bench->ledger, 0, &counts);
	assert_int_equal(counts.held, 0);
	assert_int_equal(counts.released, 16);
	assert_int_equal(counts.lost, 0);
	order(bench, ORDER_QUIT_WORKERS, 0, 0);
	forker_ends(bench);
}

/* Connects that begin late took the whole time since they were due, however fast the call
 * was: what waits before it is told in no other figure. */
static void
latency_counts_from_the_time_that_was_due(void **state)
{
	struct bench *bench = *state;
	struct order late = { .kind = ORDER_RAMP, .last = CLIENTS, .rate = 1000000 };
	uint64_t due[HISTOGRAM_BUCKETS] = { 0 }, raw[HISTOGRAM_BUCKETS] = { 0 };
	int64_t wait_us = 60 * US_PER_S;

	forker_start(bench);
	late.at_us = ledger_now_us(bench->ledger) - wait_us;
	control_order(bench->ledger, bench->pipe[1], &late);
	wait_for_held(bench, 16);
	for (int i = 0; i < LEDGER_HISTOGRAMS; i++) {
		histogram_sum(&bench->ledger->latency[LATENCY_CONNECT][i], due);
		histogram_sum(&bench->ledger->latency[LATENCY_CONNECT_RAW][i], raw);
	}
	assert_int_equal(histogram_count(due), 16);
	assert_int_equal(histogram_count(raw), 16);
	/* A bucket is 1 % wide. */
	assert_true(histogram_quantile(due, 0) >= wait_us - wait_us / 50);
	assert_true(histogram_quantile(raw, 0) < wait_us / 2);
	order(bench, ORDER_QUIT_WORKERS, 0, 0);
	forker_ends(bench);
}

/* Its connections are lost, the slots it would have used are missed, and others go on. */
static void
a_ramp_ends_although_a_client_is_killed(void **state)
{
	struct bench *bench = *state;
	struct worker *victim = client_of(bench, 0);
	struct counts counts;
	int64_t used;

	forker_start(bench);
	order(bench, ORDER_RAMP, CLIENTS, 200);
	while (slots_of(victim) == 0)
		poll(NULL, 0, 1);
	assert_int_equal(kill(victim->pid, SIGKILL), 0);
	wait_for_slots(bench, 16);
	wait_for_held(bench, 16 - PER_CLIENT);
	ledger_forker_counts(bench->ledger, 0, &counts);
	used = PER_CLIENT - victim->counters.missed;
	assert_in_range(used, 1, PER_CLIENT);
	assert_int_equal(counts.missed, victim->counters.missed);
	assert_int_equal(counts.attempted + counts.missed, 16);
	/* The last may have been under way. */
	assert_in_range(counts.lost, used - 1, used);
	assert_int_equal(victim->gone, 1);
	order(bench, ORDER_QUIT_WORKERS, 0, 0);
	forker_ends(bench);
}

#define FORKER_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		FORKER_TEST(what_a_dead_client_held_is_lost),
		FORKER_TEST(a_client_knows_its_forker),
		FORKER_TEST(what_a_released_client_held_is_released),
		FORKER_TEST(the_slots_of_a_dead_client_are_missed),
		FORKER_TEST(slots_are_missed_as_far_as_the_ramp_calls_for_them),
		FORKER_TEST(without_forkers_every_slot_is_missed),
		FORKER_TEST(a_dead_forker_misses_its_own_slots_alone),
		FORKER_TEST(a_forker_holds_and_lets_go),
		FORKER_TEST(latency_counts_from_the_time_that_was_due),
		FORKER_TEST(a_ramp_ends_although_a_client_is_killed),
	};

	setproctitle_init(argc, argv, environ);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
