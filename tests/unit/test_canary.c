#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "run/address.h"
#include "run/canary.h"
#include "run/control.h"

#define PATIENCE_MS 20000

/* A canary, and this process as its server. */
struct bench {
	struct plan plan;
	struct ledger *ledger;
	int pipe[2];
	int listener;
	pid_t canary;
};

static void
listen_anywhere(struct bench *bench)
{
	struct sockaddr_in address;
	socklen_t length = sizeof(address);

	/* Port 0 is any that is free. */
	bench->listener = address_listen(&bench->plan);
	assert_int_not_equal(bench->listener, -1);
	assert_int_equal(
	    getsockname(bench->listener, (struct sockaddr *)&address, &length), 0);
	bench->plan.port = ntohs(address.sin_port);
}

static int
setup(void **state)
{
	static struct bench bench;

	bench = (struct bench){ .plan = { .clients = 10,
					  .per_client = 10,
					  .acceptors = 1,
					  .forkers = 1,
					  .backlog = 16 } };
	listen_anywhere(&bench);
	bench.ledger = ledger_map(&bench.plan);
	*state = &bench;
	if (bench.ledger == NULL)
		return -1;
	/* It begins once every acceptor listens. */
	atomic_store(&ledger_acceptor(bench.ledger, 0)->listener_fd, 3);
	return control_pipe(bench.pipe);
}

static int
teardown(void **state)
{
	struct bench *bench = *state;

	if (bench->canary > 0) {
		kill(bench->canary, SIGKILL);
		waitpid(bench->canary, NULL, 0);
	}
	if (bench->listener != -1)
		close(bench->listener);
	close(bench->pipe[0]);
	if (bench->pipe[1] != -1)
		close(bench->pipe[1]);
	ledger_unmap(bench->ledger);
	return 0;
}

static void
canary_start(struct bench *bench)
{
	const struct worker_context context = {
		.plan = &bench->plan,
		.ledger = bench->ledger,
		.role = ROLE_CANARY,
		.orders = bench->pipe[0],
		.listener = -1,
	};

	bench->canary = fork();
	if (bench->canary == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(bench->pipe[1]);
		close(bench->listener);
		_exit(canary_main(&context));
	}
	assert_true(bench->canary > 0);
}

static void
canary_ends(struct bench *bench)
{
	int status;

	assert_int_equal(waitpid(bench->canary, &status, 0), bench->canary);
	bench->canary = 0;
	assert_int_equal(status, 0);
}

static const struct counters *
counters(const struct bench *bench)
{
	return &ledger_canary(bench->ledger)->counters;
}

static void
ready(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };

	assert_int_equal(poll(&pfd, 1, PATIENCE_MS), 1);
}

/* Accepts the canary's next connection. */
static int
accept_canary(struct bench *bench)
{
	struct sockaddr_in peer;
	socklen_t length = sizeof(peer);
	int fd;

	ready(bench->listener);
	fd = accept(bench->listener, (struct sockaddr *)&peer, &length);
	assert_int_not_equal(fd, -1);
	assert_true(address_is_canary(&peer));
	return fd;
}

static void
wait_for(const _Atomic int64_t *value, int64_t expected)
{
	int64_t until_us = clock_us() + PATIENCE_MS * US_PER_MS;

	while (*value < expected) {
		assert_true(clock_us() < until_us);
		poll(NULL, 0, 1);
	}
	assert_int_equal(*value, expected);
}

/* Sends back what comes, a byte at a time, until the canary closes. */
static void
echo_slowly(int fd)
{
	char byte;
	ssize_t got;

	for (ready(fd); (got = recv(fd, &byte, 1, 0)) == 1; ready(fd))
		assert_int_equal(send(fd, &byte, 1, MSG_NOSIGNAL), 1);
	/* It closed with a reset: no TIME_WAIT stays behind on either side. */
	assert_int_equal(got, -1);
	assert_int_equal(errno, ECONNRESET);
	close(fd);
}

static void
a_newcomer_that_is_echoed_is_served(void **state)
{
	struct bench *bench = *state;
	uint64_t latencies[HISTOGRAM_BUCKETS] = { 0 };
	int64_t from_us = clock_us();

	canary_start(bench);
	for (int64_t visit = 1; visit <= 3; visit++) {
		echo_slowly(accept_canary(bench));
		wait_for(&counters(bench)->served, visit);
		assert_int_equal(counters(bench)->established, visit);
	}
	assert_int_equal(counters(bench)->failed, 0);
	/* At its cadence, not as fast as it goes. */
	assert_true(clock_us() - from_us >= 2 * CANARY_INTERVAL_US - US_PER_S / 10);
	histogram_sum(
	    ledger_latency(bench->ledger, LATENCY_CANARY, ledger_canary(bench->ledger)),
	    latencies);
	assert_in_range(histogram_count(latencies), 2, 3);
}

static void
a_newcomer_without_an_echo_has_failed(void **state)
{
	struct bench *bench = *state;
	const struct ledger_failure *failure = &ledger_canary(bench->ledger)->failures[0];
	int64_t from_us = clock_us();
	int fd;

	canary_start(bench);
	fd = accept_canary(bench);
	wait_for(&counters(bench)->failed, 1);
	assert_true(clock_us() - from_us >= CANARY_TIMEOUT_US);
	assert_int_equal(counters(bench)->established, 1);
	assert_int_equal(counters(bench)->served, 0);
	assert_int_equal(failure_call(failure), CALL_RECV);
	assert_int_equal(failure_error(failure), ETIMEDOUT);
	close(fd);
	/* It comes again, and is served. */
	echo_slowly(accept_canary(bench));
	wait_for(&counters(bench)->served, 1);
}

/* A server that hangs up on it serves it no more than one that is silent. */
static void
a_newcomer_that_is_hung_up_on_has_failed(void **state)
{
	struct bench *bench = *state;
	const struct ledger_failure *failure = &ledger_canary(bench->ledger)->failures[0];
	char message[64];
	int fd;

	canary_start(bench);
	fd = accept_canary(bench);
	ready(fd);
	/* All of it, so that the end is no reset. */
	assert_true(recv(fd, message, sizeof(message), 0) > 0);
	close(fd);
	wait_for(&counters(bench)->failed, 1);
	assert_int_equal(failure_call(failure), CALL_RECV);
	assert_int_equal(failure_error(failure), ECONNRESET);
}

static void
a_newcomer_to_a_closed_port_has_failed(void **state)
{
	struct bench *bench = *state;
	const struct ledger_failure *failure = &ledger_canary(bench->ledger)->failures[0];

	close(bench->listener);
	bench->listener = -1;
	canary_start(bench);
	wait_for(&counters(bench)->failed, 1);
	assert_int_equal(counters(bench)->established, 0);
	assert_int_equal(failure_call(failure), CALL_CONNECT);
	assert_int_equal(failure_error(failure), ECONNREFUSED);
}

static void
it_leaves_when_it_is_told_to(void **state)
{
	const struct order ramp = { .kind = ORDER_RAMP },
			   quit = { .kind = ORDER_QUIT_WORKERS };
	struct bench *bench = *state;

	canary_start(bench);
	echo_slowly(accept_canary(bench));
	/* Other orders are not for it. */
	control_order(bench->ledger, bench->pipe[1], &ramp);
	echo_slowly(accept_canary(bench));
	control_order(bench->ledger, bench->pipe[1], &quit);
	canary_ends(bench);
}

static void
it_leaves_with_the_supervisor(void **state)
{
	struct bench *bench = *state;

	canary_start(bench);
	echo_slowly(accept_canary(bench));
	close(bench->pipe[1]);
	bench->pipe[1] = -1;
	canary_ends(bench);
}

#define CANARY_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CANARY_TEST(a_newcomer_that_is_echoed_is_served),
		CANARY_TEST(a_newcomer_without_an_echo_has_failed),
		CANARY_TEST(a_newcomer_that_is_hung_up_on_has_failed),
		CANARY_TEST(a_newcomer_to_a_closed_port_has_failed),
		CANARY_TEST(it_leaves_when_it_is_told_to),
		CANARY_TEST(it_leaves_with_the_supervisor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
