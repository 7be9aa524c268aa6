#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "model/resource.h"
#include "sample/group.h"

#define ACCEPTORS 2
#define FORKERS   2
#define CLIENTS   5 /* three of forker 0, two of forker 1 */
#define CANARY    (ACCEPTORS + FORKERS)

static const struct plan plan = {
	.clients = 41,
	.per_client = 10,
	.acceptors = ACCEPTORS,
	.forkers = FORKERS,
};

struct bench {
	struct ledger *ledger;
	struct workers workers;
	struct workers_sums sums;
	struct tick tick;
};

static int
setup(void **state)
{
	static struct bench bench;
	size_t subjects[SUBJECT_KINDS] = { 0 };

	*state = &bench;
	bench.ledger = ledger_map(&plan);
	if (bench.ledger == NULL)
		return -1;
	workers_init(&bench.workers, bench.ledger, NULL);
	subjects[SUBJECT_WORKER] = bench.workers.subjects;
	return tick_init(&bench.tick, subjects);
}

static int
teardown(void **state)
{
	struct bench *bench = *state;

	tick_free(&bench->tick);
	ledger_unmap(bench->ledger);
	return 0;
}

static void
read_workers(struct bench *bench)
{
	tick_begin(&bench->tick, 0, 0, 0);
	workers_read(&bench->workers, &bench->tick, &bench->sums);
}

/* A reading of the subject with that index, which must be there. */
static int64_t
reading(const struct bench *bench, uint32_t index, const char *name)
{
	const struct resource *resource = resource_find(SUBJECT_WORKER, name);
	const char *at = (const char *)(bench->tick.record + 1);

	assert_non_null(resource);
	for (uint32_t i = 0; i < bench->tick.record->subjects; i++) {
		const struct subject_sample *sample = (const void *)at;

		assert_int_equal(sample->kind, SUBJECT_WORKER);
		if (sample->index == index)
			return sample->reading[resource_position(resource)];
		at += sizeof(*sample) + sample->count * sizeof(sample->reading[0]);
	}
	fail_msg("no worker %u", index);
	return 0;
}

static void
there_is_a_subject_for_each_but_the_clients(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(bench->ledger->clients, CLIENTS);
	read_workers(bench);
	assert_int_equal(bench->tick.record->subjects, ACCEPTORS + FORKERS + 1);
	for (uint32_t i = 0; i <= CANARY; i++)
		assert_int_equal(reading(bench, i, "attempted_total"), 0);
}

/* Each under its own name: with two swapped, every figure would be another's. */
static void
every_counter_is_read_under_its_name(void **state)
{
	struct bench *bench = *state;
	struct counters *c = &ledger_canary(bench->ledger)->counters;

	c->attempted = 1;
	c->established = 2;
	c->accepted = 3;
	c->served = 4;
	c->held = 5;
	c->in_flight = 6;
	c->missed = 7;
	c->failed = 8;
	c->transient = 9;
	c->lost = 10;
	c->released = 11;
	c->processes = 12;
	c->messages = 13;
	c->sent_bytes = 14;
	c->received_bytes = 15;
	read_workers(bench);
	assert_int_equal(reading(bench, CANARY, "attempted_total"), 1);
	assert_int_equal(reading(bench, CANARY, "established_total"), 2);
	assert_int_equal(reading(bench, CANARY, "accepted_total"), 3);
	assert_int_equal(reading(bench, CANARY, "served_total"), 4);
	assert_int_equal(reading(bench, CANARY, "held"), 5);
	assert_int_equal(reading(bench, CANARY, "in_flight"), 6);
	assert_int_equal(reading(bench, CANARY, "missed_total"), 7);
	assert_int_equal(reading(bench, CANARY, "failed_total"), 8);
	assert_int_equal(reading(bench, CANARY, "transient_total"), 9);
	assert_int_equal(reading(bench, CANARY, "lost_total"), 10);
	assert_int_equal(reading(bench, CANARY, "released_total"), 11);
	assert_int_equal(reading(bench, CANARY, "processes"), 12);
	assert_int_equal(reading(bench, CANARY, "messages_total"), 13);
	assert_int_equal(reading(bench, CANARY, "sent_bytes_total"), 14);
	assert_int_equal(reading(bench, CANARY, "received_bytes_total"), 15);
}

static void
a_forker_is_read_with_its_clients(void **state)
{
	struct bench *bench = *state;

	for (int32_t i = 0; i < CLIENTS; i++)
		ledger_client(bench->ledger, i)->counters.held = 1 << i;
	ledger_forker(bench->ledger, 1)->counters.missed = 9;
	ledger_acceptor(bench->ledger, 1)->counters.held = 77;
	read_workers(bench);
	assert_int_equal(reading(bench, 0, "held"), 0);
	assert_int_equal(reading(bench, 1, "held"), 77);
	assert_int_equal(reading(bench, ACCEPTORS, "held"), 1 + 2 + 4);
	assert_int_equal(reading(bench, ACCEPTORS + 1, "held"), 8 + 16);
	assert_int_equal(reading(bench, ACCEPTORS + 1, "missed_total"), 9);
}

/* Sockets under way are descriptors as well; the acceptors' ends are not the clients'. */
static void
sums_are_over_all_of_a_side(void **state)
{
	struct bench *bench = *state;

	for (int32_t i = 0; i < ACCEPTORS; i++) {
		ledger_acceptor(bench->ledger, i)->counters.processes = 10 + i;
		ledger_acceptor(bench->ledger, i)->counters.held = 1000;
	}
	for (int32_t i = 0; i < FORKERS; i++)
		ledger_forker(bench->ledger, i)->counters.processes = 2 + i;
	for (int32_t i = 0; i < CLIENTS; i++) {
		ledger_client(bench->ledger, i)->counters.held = 10;
		ledger_client(bench->ledger, i)->counters.in_flight = 1;
	}
	read_workers(bench);
	assert_int_equal(bench->sums.handlers, 21);
	assert_int_equal(bench->sums.clients, 5);
	assert_int_equal(bench->sums.client_sockets, 11 * CLIENTS);
	/* Of this tick, not of all so far. */
	read_workers(bench);
	assert_int_equal(bench->sums.handlers, 21);
}

#define WORKERS_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WORKERS_TEST(there_is_a_subject_for_each_but_the_clients),
		WORKERS_TEST(every_counter_is_read_under_its_name),
		WORKERS_TEST(a_forker_is_read_with_its_clients),
		WORKERS_TEST(sums_are_over_all_of_a_side),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
