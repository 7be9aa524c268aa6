#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "model/resource.h"
#include "sample/process.h"

#define CLIENTS 1000 /* far more than are sampled */

static const struct plan plan = {
	.clients = CLIENTS,
	.per_client = 1,
	.cycles = 1,
	.acceptors = 2,
	.forkers = 1,
};

struct bench {
	struct ledger *ledger;
	struct process_set process_set;
	struct process_reader reader;
	struct tick tick;
	char text[PROCFILE_MAX];
	pid_t child; /* that waits to be killed, 0: none */
};

static int
setup(void **state)
{
	static struct bench bench;
	size_t subjects[SUBJECT_KINDS] = { 0 };

	memset(&bench, 0, sizeof(bench));
	*state = &bench;
	bench.ledger = ledger_map(&plan);
	if (bench.ledger == NULL ||
	    process_set_init(&bench.process_set, bench.ledger) == -1)
		return -1;
	process_reader_init(&bench.reader, bench.text, sizeof(bench.text));
	subjects[SUBJECT_PROCESS] = bench.process_set.capacity;
	return tick_init(&bench.tick, subjects);
}

static int
teardown(void **state)
{
	struct bench *bench = *state;

	if (bench->child != 0) {
		kill(bench->child, SIGKILL);
		waitpid(bench->child, NULL, 0);
	}
	process_set_free(&bench->process_set);
	tick_free(&bench->tick);
	ledger_unmap(bench->ledger);
	return 0;
}

static int32_t
list(struct bench *bench, enum role role, int32_t slot, pid_t pid)
{
	int32_t index = ledger_process_add(bench->ledger, role, slot);

	ledger_process_started(bench->ledger, index, pid);
	return index;
}

/* This process stands for most that are listed. */
static int32_t
list_self(struct bench *bench, enum role role, int32_t slot)
{
	return list(bench, role, slot, getpid());
}

static pid_t
child_start(struct bench *bench)
{
	bench->child = fork();
	if (bench->child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	assert_true(bench->child > 0);
	return bench->child;
}

static void
child_end(struct bench *bench)
{
	assert_int_equal(kill(bench->child, SIGKILL), 0);
	assert_int_equal(waitpid(bench->child, NULL, 0), bench->child);
	bench->child = 0;
}

static void
ended(struct bench *bench, int32_t index)
{
	ledger_process_ended(bench->ledger, index, 0, false);
}

static void
read_process_set(struct bench *bench, bool all)
{
	tick_begin(&bench->tick, 0, 0, 0);
	process_set_read(&bench->process_set, &bench->reader, all, &bench->tick);
}

static const struct member *
find(const struct bench *bench, int32_t index)
{
	for (size_t i = 0; i < bench->process_set.count; i++)
		if (bench->process_set.members[i].index == index)
			return &bench->process_set.members[i];
	return NULL;
}

/* Whether the tick has a subject for the process. */
static bool
is_in_tick(const struct bench *bench, int32_t index)
{
	const char *at = (const char *)(bench->tick.record + 1);

	for (uint32_t i = 0; i < bench->tick.record->subjects; i++) {
		const struct subject_sample *sample = (const void *)at;

		if (sample->index == (uint32_t)index)
			return true;
		at += sizeof(*sample) + sample->count * sizeof(sample->reading[0]);
	}
	return false;
}

static void
few_processes_are_all_read(void **state)
{
	static const enum role roles[] = { ROLE_SUPERVISOR, ROLE_RECORDER, ROLE_ACCEPTOR,
					   ROLE_ACCEPTOR,   ROLE_FORKER,   ROLE_CANARY };
	struct bench *bench = *state;

	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		list_self(bench, roles[i], (int32_t)i);
	process_set_update(&bench->process_set);
	read_process_set(bench, true);
	assert_int_equal(bench->process_set.count, 6);
	assert_int_equal(bench->tick.record->subjects, 6);
	for (size_t i = 0; i < 6; i++) {
		const struct member *member = find(bench, (int32_t)i);

		assert_int_equal(member->pid, getpid());
		assert_int_equal(member->role, roles[i]);
		assert_int_equal(member->slot, i);
		assert_non_null(member->readings);
	}
}

/* Whatever their number, a tick's cost has a bound, and none is read twice. */
static void
of_many_clients_a_bounded_number_is_read(void **state)
{
	struct bench *bench = *state;

	for (int32_t i = 0; i < CLIENTS; i++)
		list_self(bench, ROLE_CLIENT, i);
	for (int i = 0; i < 10; i++) {
		process_set_update(&bench->process_set);
		assert_int_equal(bench->process_set.count, PROCESS_SET_MANY);
		read_process_set(bench, false);
		assert_int_equal(bench->tick.record->subjects, PROCESS_SET_MANY);
	}
	for (size_t i = 0; i < PROCESS_SET_MANY; i++)
		for (size_t j = 0; j < i; j++)
			assert_int_not_equal(bench->process_set.members[i].index,
					     bench->process_set.members[j].index);
	/* Others are not crowded out. */
	list_self(bench, ROLE_ACCEPTOR, 0);
	process_set_update(&bench->process_set);
	assert_non_null(find(bench, CLIENTS));
}

/* Clients that end are replaced by others, which are found in a few ticks wherever in the
 * list they are. */
static void
the_places_of_the_dead_go_to_others(void **state)
{
	struct bench *bench = *state;

	for (int32_t i = 0; i < CLIENTS; i++)
		list_self(bench, ROLE_CLIENT, i);
	process_set_update(&bench->process_set);
	for (int32_t i = 0; i < CLIENTS - 40; i++)
		ended(bench, i);
	/* They are seen to be dead, since this process is not one that ends. */
	for (size_t i = 0; i < bench->process_set.count; i++)
		bench->process_set.members[i].dead = true;
	for (int i = 0; i < 5; i++)
		process_set_update(&bench->process_set);
	assert_int_equal(bench->process_set.count, PROCESS_SET_MANY);
	for (size_t i = 0; i < bench->process_set.count; i++)
		assert_true(bench->process_set.members[i].index >= CLIENTS - 40);
}

/* It is listed before it is forked: its pid comes a moment later. */
static void
an_entry_that_is_not_complete_gets_its_turn(void **state)
{
	struct bench *bench = *state;
	int32_t index = ledger_process_add(bench->ledger, ROLE_ACCEPTOR, 0);

	list_self(bench, ROLE_ACCEPTOR, 1);
	process_set_update(&bench->process_set);
	assert_int_equal(bench->process_set.count, 1);
	ledger_process_started(bench->ledger, index, getpid());
	process_set_update(&bench->process_set);
	assert_int_equal(bench->process_set.count, 2);
	assert_non_null(find(bench, index));
}

/* By then its pid may be another process. */
static void
who_has_ended_is_not_taken_in(void **state)
{
	struct bench *bench = *state;

	ended(bench, list_self(bench, ROLE_ACCEPTOR, 0));
	process_set_update(&bench->process_set);
	assert_int_equal(bench->process_set.count, 0);
}

/* One last line without readings says that it was there no more. */
static void
a_death_is_seen_once(void **state)
{
	struct bench *bench = *state;
	int32_t index = list(bench, ROLE_ACCEPTOR, 0, child_start(bench));

	process_set_update(&bench->process_set);
	read_process_set(bench, false);
	assert_non_null(find(bench, index)->readings);
	child_end(bench);
	read_process_set(bench, false);
	assert_true(is_in_tick(bench, index));
	assert_null(find(bench, index)->readings);
	process_set_update(&bench->process_set);
	assert_null(find(bench, index));
	ended(bench, index);
	process_set_update(&bench->process_set);
	read_process_set(bench, false);
	assert_false(is_in_tick(bench, index));
}

/* By the second its limits are its own: that is when they are looked up. */
static void
ticks_are_counted_by_process(void **state)
{
	struct bench *bench = *state;
	int32_t index = list_self(bench, ROLE_ACCEPTOR, 0);

	process_set_update(&bench->process_set);
	for (int64_t ticks = 1; ticks < 4; ticks++) {
		read_process_set(bench, false);
		assert_int_equal(find(bench, index)->ticks, ticks);
	}
}

/* Helpers that are started again and again, faster than their dead are noticed. */
static void
a_full_process_set_takes_no_more(void **state)
{
	struct bench *bench = *state;

	for (int32_t i = 0; i < 300; i++)
		list_self(bench, ROLE_SAMPLER, i);
	process_set_update(&bench->process_set);
	assert_int_equal(bench->process_set.count, bench->process_set.capacity);
	read_process_set(bench, false);
	assert_int_equal(bench->tick.record->subjects, bench->process_set.capacity);
}

/* More may be forked than the ledger has room to list. */
static void
a_full_ledger_is_no_end(void **state)
{
	struct bench *bench = *state;

	while (list_self(bench, ROLE_CLIENT, 0) >= 0)
		continue;
	assert_true(bench->ledger->process_count > bench->ledger->process_capacity);
	for (int i = 0; i < 20; i++)
		process_set_update(&bench->process_set);
	assert_int_equal(bench->process_set.count, PROCESS_SET_MANY);
}

#define PROCESS_SET_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		PROCESS_SET_TEST(few_processes_are_all_read),
		PROCESS_SET_TEST(of_many_clients_a_bounded_number_is_read),
		PROCESS_SET_TEST(the_places_of_the_dead_go_to_others),
		PROCESS_SET_TEST(an_entry_that_is_not_complete_gets_its_turn),
		PROCESS_SET_TEST(who_has_ended_is_not_taken_in),
		PROCESS_SET_TEST(a_death_is_seen_once),
		PROCESS_SET_TEST(ticks_are_counted_by_process),
		PROCESS_SET_TEST(a_full_process_set_takes_no_more),
		PROCESS_SET_TEST(a_full_ledger_is_no_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
