#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "run/control.h"

#define READERS 8
#define ORDERS  200

static const struct plan plan = {
	.clients = 10, .per_client = 10, .acceptors = 1, .forkers = 1
};

struct bench {
	struct ledger *ledger;
	int pipe[2];
	int answers[2]; /* readers say here what they saw */
	pid_t readers[READERS];
};

static int
setup(void **state)
{
	static struct bench bench;

	bench = (struct bench){ .ledger = ledger_map(&plan) };
	*state = &bench;
	if (bench.ledger == NULL || control_pipe(bench.pipe) == -1)
		return -1;
	return pipe(bench.answers);
}

static int
teardown(void **state)
{
	struct bench *bench = *state;

	for (int i = 0; i < READERS; i++)
		if (bench->readers[i] > 0) {
			kill(bench->readers[i], SIGKILL);
			waitpid(bench->readers[i], NULL, 0);
		}
	for (int i = 0; i < 2; i++) {
		if (bench->pipe[i] != -1)
			close(bench->pipe[i]);
		close(bench->answers[i]);
	}
	ledger_unmap(bench->ledger);
	return 0;
}

static void
order(struct bench *bench, enum order_kind kind, int64_t last)
{
	struct order order = { .kind = (int32_t)kind, .last = last };

	control_order(bench->ledger, bench->pipe[1], &order);
}

static void
say(struct bench *bench, int64_t answer)
{
	if (write(bench->answers[1], &answer, sizeof(answer)) != sizeof(answer))
		_exit(2);
}

/* As every worker does: watches the pipe and never reads it. Answers each order with its
 * last, and the end of the supervisor with -1. */
static void
reader_main(struct bench *bench)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	const struct order *next;
	int epoll = epoll_create1(0), seen = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close(bench->pipe[1]);
	epoll_ctl(epoll, EPOLL_CTL_ADD, bench->pipe[0], &event);
	for (;;) {
		while ((next = control_next(bench->ledger, &seen)) != NULL)
			say(bench, next->last);
		if (epoll_wait(epoll, &event, 1, -1) == 1 &&
		    (event.events & EPOLLHUP) != 0) {
			say(bench, -1);
			_exit(control_orphaned(bench->pipe[0]) ? 0 : 1);
		}
	}
}

static void
readers_start(struct bench *bench)
{
	for (int i = 0; i < READERS; i++) {
		bench->readers[i] = fork();
		assert_int_not_equal(bench->readers[i], -1);
		if (bench->readers[i] == 0)
			reader_main(bench);
	}
}

/* Each of the readers gives this answer. */
static void
all_answer(struct bench *bench, int64_t expected)
{
	int64_t answer;

	for (int i = 0; i < READERS; i++) {
		assert_int_equal(read(bench->answers[0], &answer, sizeof(answer)),
				 sizeof(answer));
		assert_int_equal(answer, expected);
	}
}

/* One write wakes them all, also when the bytes before it were never read. */
static void
every_reader_gets_every_order(void **state)
{
	struct bench *bench = *state;

	readers_start(bench);
	for (int64_t i = 1; i <= ORDERS; i++) {
		order(bench, ORDER_RAMP, i);
		all_answer(bench, i);
	}
}

static void
readers_see_the_end_of_the_supervisor(void **state)
{
	struct bench *bench = *state;
	int status;

	readers_start(bench);
	order(bench, ORDER_RAMP, 1);
	all_answer(bench, 1);
	assert_false(control_orphaned(bench->pipe[0]));
	close(bench->pipe[1]);
	bench->pipe[1] = -1;
	all_answer(bench, -1);
	assert_true(control_orphaned(bench->pipe[0]));
	for (int i = 0; i < READERS; i++) {
		assert_int_equal(waitpid(bench->readers[i], &status, 0),
				 bench->readers[i]);
		bench->readers[i] = 0;
		assert_int_equal(status, 0);
	}
}

/* A client that is forked late has to know what was ordered before. */
static void
orders_are_there_for_those_who_come_late(void **state)
{
	struct bench *bench = *state;
	const struct order *next;
	int seen = 0;

	assert_null(control_next(bench->ledger, &seen));
	order(bench, ORDER_RAMP, 100);
	order(bench, ORDER_RELEASE, 0);
	next = control_next(bench->ledger, &seen);
	assert_int_equal(next->kind, ORDER_RAMP);
	assert_int_equal(next->last, 100);
	next = control_next(bench->ledger, &seen);
	assert_int_equal(next->kind, ORDER_RELEASE);
	assert_null(control_next(bench->ledger, &seen));
	order(bench, ORDER_QUIT_WORKERS, 0);
	assert_int_equal(control_next(bench->ledger, &seen)->kind, ORDER_QUIT_WORKERS);
	assert_null(control_next(bench->ledger, &seen));
}

/* A night of small steps: the release and the end must come through whatever was before. */
static void
there_is_always_room_for_an_order(void **state)
{
	struct bench *bench = *state;
	const struct order *next, *last = NULL;
	int follower = 0, late = 0;

	for (int64_t i = 1; i <= 100 * LEDGER_ORDERS; i++) {
		order(bench, ORDER_RAMP, i);
		next = control_next(bench->ledger, &follower);
		assert_non_null(next);
		assert_int_equal(next->last, i);
		assert_null(control_next(bench->ledger, &follower));
	}
	order(bench, ORDER_RELEASE, 0);
	assert_int_equal(control_next(bench->ledger, &follower)->kind, ORDER_RELEASE);
	/* Who comes now sees the newest, in order. */
	for (int64_t before = 0; (next = control_next(bench->ledger, &late)) != NULL;
	     last = next)
		if (next->kind == ORDER_RAMP) {
			assert_true(before == 0 || next->last == before + 1);
			before = next->last;
		}
	assert_non_null(last);
	assert_int_equal(last->kind, ORDER_RELEASE);
}

/* However many bytes nobody reads. */
static void
the_last_order_wakes_as_the_first(void **state)
{
	struct bench *bench = *state;

	for (int64_t i = 1; i <= 100 * LEDGER_ORDERS; i++)
		order(bench, ORDER_RAMP, i);
	readers_start(bench);
	for (int i = 0; i < READERS; i++) {
		int64_t answer = 0;

		/* All are awake once each has said what it found. */
		while (answer != 100 * LEDGER_ORDERS)
			assert_int_equal(read(bench->answers[0], &answer, sizeof(answer)),
					 sizeof(answer));
	}
	for (int64_t i = 1; i <= 10; i++) {
		order(bench, ORDER_RAMP, -i);
		all_answer(bench, -i);
	}
}

#define CONTROL_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CONTROL_TEST(every_reader_gets_every_order),
		CONTROL_TEST(readers_see_the_end_of_the_supervisor),
		CONTROL_TEST(orders_are_there_for_those_who_come_late),
		CONTROL_TEST(there_is_always_room_for_an_order),
		CONTROL_TEST(the_last_order_wakes_as_the_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
