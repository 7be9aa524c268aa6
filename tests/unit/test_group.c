#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "model/resource.h"
#include "sample/group.h"

#define MEMBERS  8
#define READINGS 32
#define MIB      INT64_C(1048576)

static const struct plan plan = {
	.clients = 100,
	.per_client = 10,
	.acceptors = 2,
	.forkers = 1,
};

/* A roster whose members were read already. */
struct bench {
	struct ledger *ledger;
	struct groups groups;
	struct workers_sums sums;
	struct process_set process_set;
	struct member members[MEMBERS];
	int64_t readings[MEMBERS][READINGS];
	struct tick tick;
};

static int
setup(void **state)
{
	static struct bench bench;
	const size_t subjects[SUBJECT_KINDS] = { [SUBJECT_GROUP] = GROUP_COUNT };

	memset(&bench, 0, sizeof(bench));
	bench.ledger = ledger_map(&plan);
	bench.process_set.members = bench.members;
	*state = &bench;
	if (bench.ledger == NULL || tick_init(&bench.tick, subjects) == -1)
		return -1;
	groups_init(&bench.groups, bench.ledger);
	return 0;
}

static int
teardown(void **state)
{
	struct bench *bench = *state;

	tick_free(&bench->tick);
	ledger_unmap(bench->ledger);
	return 0;
}

static size_t
of_process(const char *name)
{
	return resource_position(resource_find(SUBJECT_PROCESS, name));
}

/* A live member that was read: fds, and a MiB of memory for each of them. */
static struct member *
add(struct bench *bench, enum role role, int32_t slot, int64_t fds)
{
	size_t n = bench->process_set.count++;
	struct member *member = &bench->members[n];

	for (size_t i = 0; i < READINGS; i++)
		bench->readings[n][i] = READING_NONE;
	bench->readings[n][of_process("fds")] = fds;
	bench->readings[n][of_process("rss_bytes")] =
	    fds == READING_NONE ? fds : fds * MIB;
	*member =
	    (struct member){ .role = role, .slot = slot, .readings = bench->readings[n] };
	return member;
}

static void
read_groups(struct bench *bench)
{
	tick_begin(&bench->tick, 0, 0, 0);
	groups_read(&bench->groups, &bench->process_set, &bench->sums, &bench->tick);
}

static int64_t
reading(const struct bench *bench, enum role_group group, const char *name)
{
	const struct resource *resource = resource_find(SUBJECT_GROUP, name);

	return bench->groups.readings[group][resource_position(resource)];
}

static void
members_are_summed_by_group(void **state)
{
	struct bench *bench = *state;

	add(bench, ROLE_ACCEPTOR, 0, 7);
	add(bench, ROLE_CANARY, 0, 100);
	add(bench, ROLE_ACCEPTOR, 1, 8);
	add(bench, ROLE_RECORDER, 0, 200);
	read_groups(bench);
	assert_int_equal(reading(bench, GROUP_ACCEPTORS, "processes"), 2);
	assert_int_equal(reading(bench, GROUP_ACCEPTORS, "sampled"), 2);
	assert_int_equal(reading(bench, GROUP_ACCEPTORS, "fds"), 15);
	assert_int_equal(reading(bench, GROUP_ACCEPTORS, "rss_bytes"), 15 * MIB);
	assert_int_equal(reading(bench, GROUP_OBSERVERS, "fds"), 300);
	/* Nobody: that is nothing, not unknown. */
	assert_int_equal(reading(bench, GROUP_HANDLERS, "processes"), 0);
	assert_int_equal(reading(bench, GROUP_HANDLERS, "fds"), 0);
	assert_int_equal(bench->tick.record->subjects, GROUPS_BUILT_IN);
}

/* Of two members, one could be read: its reading stands for both. */
static void
what_one_member_lacks_is_taken_from_the_others(void **state)
{
	struct bench *bench = *state;

	add(bench, ROLE_ACCEPTOR, 0, 10);
	add(bench, ROLE_ACCEPTOR, 1, READING_NONE);
	read_groups(bench);
	assert_int_equal(reading(bench, GROUP_ACCEPTORS, "fds"), 20);
	/* What none could read is unknown. */
	assert_int_equal(reading(bench, GROUP_ACCEPTORS, "private_bytes"), READING_NONE);
}

/* Its descriptors are closed: it must not be counted as holding them still. */
static void
the_dead_are_not_counted(void **state)
{
	struct bench *bench = *state;
	struct member *dead = add(bench, ROLE_ACCEPTOR, 0, 10);

	dead->readings = NULL;
	dead->dead = true;
	add(bench, ROLE_ACCEPTOR, 1, 4);
	read_groups(bench);
	assert_int_equal(reading(bench, GROUP_ACCEPTORS, "processes"), 1);
	assert_int_equal(reading(bench, GROUP_ACCEPTORS, "fds"), 4);
}

static void
many_handlers_are_extrapolated(void **state)
{
	struct bench *bench = *state;

	add(bench, ROLE_HANDLER, 1, 5);
	add(bench, ROLE_HANDLER, 2, 6);
	bench->sums.handlers = 1000;
	read_groups(bench);
	assert_int_equal(reading(bench, GROUP_HANDLERS, "processes"), 1000);
	assert_int_equal(reading(bench, GROUP_HANDLERS, "sampled"), 2);
	assert_int_equal(reading(bench, GROUP_HANDLERS, "fds"), 5500);
}

/* Own descriptors, times clients, and every socket of the ledger's: no extrapolation can
 * be as exact, since clients hold unequal shares. */
static void
descriptors_of_many_clients_are_exact(void **state)
{
	struct bench *bench = *state;

	ledger_client(bench->ledger, 3)->own_fds = 6;
	add(bench, ROLE_CLIENT, 3, 17);
	bench->sums.clients = 10;
	bench->sums.client_sockets = 83;
	read_groups(bench);
	assert_int_equal(reading(bench, GROUP_CLIENTS, "processes"), 10);
	assert_int_equal(reading(bench, GROUP_CLIENTS, "fds"), 6 * 10 + 83);
	/* Memory is extrapolated. */
	assert_int_equal(reading(bench, GROUP_CLIENTS, "rss_bytes"), 170 * MIB);
}

static void
descriptors_of_few_clients_are_read(void **state)
{
	struct bench *bench = *state;

	ledger_client(bench->ledger, 3)->own_fds = 6;
	add(bench, ROLE_CLIENT, 3, 17);
	bench->sums.clients = 1;
	bench->sums.client_sockets = 10;
	read_groups(bench);
	assert_int_equal(reading(bench, GROUP_CLIENTS, "fds"), 17);
}

/* Its row says how many only once it is set up. */
static void
clients_that_are_not_ready_say_nothing_exact(void **state)
{
	struct bench *bench = *state;

	add(bench, ROLE_CLIENT, 3, 17);
	bench->sums.clients = 2;
	read_groups(bench);
	assert_int_equal(reading(bench, GROUP_CLIENTS, "fds"), 34);
}

#define GROUP_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		GROUP_TEST(members_are_summed_by_group),
		GROUP_TEST(what_one_member_lacks_is_taken_from_the_others),
		GROUP_TEST(the_dead_are_not_counted),
		GROUP_TEST(many_handlers_are_extrapolated),
		GROUP_TEST(descriptors_of_many_clients_are_exact),
		GROUP_TEST(descriptors_of_few_clients_are_read),
		GROUP_TEST(clients_that_are_not_ready_say_nothing_exact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
