#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "run/supervisor_staff.h"

#define CAPACITY 6

static int
setup(void **state)
{
	static struct children children;

	*state = &children;
	return children_init(&children, CAPACITY);
}

static int
teardown(void **state)
{
	children_free(*state);
	return 0;
}

static void
take(struct children *children, pid_t pid, enum role role, int32_t slot)
{
	struct child child;

	assert_true(children_take(children, pid, &child));
	assert_int_equal(child.pid, pid);
	assert_int_equal(child.role, role);
	assert_int_equal(child.slot, slot);
}

static void
each_is_taken_once_as_it_was_added(void **state)
{
	struct children *children = *state;
	struct child child;

	children_add(children, 101, ROLE_ACCEPTOR, 0);
	children_add(children, 102, ROLE_ACCEPTOR, 1);
	children_add(children, 103, ROLE_FORKER, 0);
	take(children, 102, ROLE_ACCEPTOR, 1);
	assert_false(children_take(children, 102, &child));
	assert_false(children_take(children, 999, &child));
	take(children, 103, ROLE_FORKER, 0);
	take(children, 101, ROLE_ACCEPTOR, 0);
	assert_int_equal(children_alive(children, ROLE_NONE), 0);
}

/* Helpers are started again and again: their number over a run has no bound. */
static void
the_places_of_the_dead_are_used_again(void **state)
{
	struct children *children = *state;

	for (pid_t pid = 1; pid <= CAPACITY; pid++)
		children_add(children, pid, ROLE_ACCEPTOR, pid);
	for (pid_t pid = 1; pid <= 1000; pid++) {
		take(children, pid, ROLE_ACCEPTOR, pid);
		children_add(children, pid + CAPACITY, ROLE_ACCEPTOR, pid + CAPACITY);
		assert_int_equal(children_alive(children, ROLE_ACCEPTOR), CAPACITY);
	}
}

static void
workers_are_counted_without_sampler_and_recorder(void **state)
{
	struct children *children = *state;

	children_add(children, 101, ROLE_RECORDER, 0);
	children_add(children, 102, ROLE_SAMPLER, 0);
	children_add(children, 103, ROLE_ACCEPTOR, 0);
	children_add(children, 104, ROLE_ACCEPTOR, 1);
	children_add(children, 105, ROLE_CANARY, 0);
	assert_int_equal(children_alive(children, ROLE_NONE), 3);
	assert_int_equal(children_alive(children, ROLE_ACCEPTOR), 2);
	assert_int_equal(children_alive(children, ROLE_RECORDER), 1);
	assert_int_equal(children_alive(children, ROLE_FORKER), 0);
	take(children, 103, ROLE_ACCEPTOR, 0);
	assert_int_equal(children_alive(children, ROLE_NONE), 2);
	assert_int_equal(children_alive(children, ROLE_ACCEPTOR), 1);
}

#define STAFF 4
static const enum role staff[STAFF] = { ROLE_ACCEPTOR, ROLE_FORKER, ROLE_SAMPLER,
					ROLE_RECORDER };

static pid_t
hire(struct children *children, enum role role)
{
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	assert_true(pid > 0);
	children_add(children, pid, role, 0);
	return pid;
}

/* The recorder must live on to write what the killed workers left. */
static void
only_those_of_the_role_are_killed(void **state)
{
	static const struct {
		enum role role;
		bool killed[STAFF];
	} cases[] = {
		{ ROLE_ACCEPTOR, { true, false, false, false } },
		{ ROLE_NONE, { true, true, false, false } },
		{ ROLE_SAMPLER, { false, false, true, false } },
		{ ROLE_RECORDER, { false, false, false, true } },
	};
	struct children *children = *state;
	pid_t pids[STAFF];
	int status;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (int s = 0; s < STAFF; s++)
			pids[s] = hire(children, staff[s]);
		children_kill(children, cases[i].role);
		/* Who was not killed ends by this instead. */
		for (int s = 0; s < STAFF; s++) {
			assert_int_equal(kill(pids[s], SIGTERM), 0);
			assert_int_equal(waitpid(pids[s], &status, 0), pids[s]);
			assert_true(WIFSIGNALED(status));
			assert_int_equal(WTERMSIG(status),
					 cases[i].killed[s] ? SIGKILL : SIGTERM);
			take(children, pids[s], staff[s], 0);
		}
	}
}

/* Its pid may be another process by now. */
static void
the_dead_are_not_killed_again(void **state)
{
	struct children *children = *state;
	pid_t pid = hire(children, ROLE_ACCEPTOR);
	int status;

	take(children, pid, ROLE_ACCEPTOR, 0);
	children_kill(children, ROLE_ACCEPTOR);
	children_kill(children, ROLE_NONE);
	assert_int_equal(kill(pid, SIGTERM), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WTERMSIG(status), SIGTERM);
}

#define CHILDREN_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CHILDREN_TEST(each_is_taken_once_as_it_was_added),
		CHILDREN_TEST(the_places_of_the_dead_are_used_again),
		CHILDREN_TEST(workers_are_counted_without_sampler_and_recorder),
		CHILDREN_TEST(only_those_of_the_role_are_killed),
		CHILDREN_TEST(the_dead_are_not_killed_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
