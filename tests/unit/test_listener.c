#include <arpa/inet.h>
#include <errno.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "listen_anywhere.h"
#include "run/record.h"
#include "sample/listener.h"

#define BACKLOG 16
#define QUEUED  5

/* Two acceptors' rows, and one process that listens and never accepts. */
struct bench {
	struct plan plan;
	struct ledger *ledger;
	struct listeners listeners;
	pid_t acceptor;
	int alive; /* closing it ends the acceptor */
	int listener;
	int clients[QUEUED];
	int64_t readings[8];
};

static int
try_connect(int64_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	int saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

/* Forks the one process that has the listener. */
static void
start_acceptor(struct bench *bench)
{
	int pipe_fds[2];
	char end;

	assert_int_equal(pipe(pipe_fds), 0);
	bench->acceptor = fork();
	if (bench->acceptor == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
		close(pipe_fds[1]);
		while (read(pipe_fds[0], &end, 1) == -1 && errno == EINTR)
			continue;
		_exit(0);
	}
	assert_true(bench->acceptor > 0);
	close(pipe_fds[0]);
	bench->alive = pipe_fds[1];
}

static void
end_acceptor(struct bench *bench)
{
	close(bench->alive);
	assert_int_equal(waitpid(bench->acceptor, NULL, 0), bench->acceptor);
	bench->acceptor = 0;
}

static int
setup_mode(void **state, enum listener_mode mode)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	bench->plan = (struct plan){ .clients = 10,
				     .per_client = 10,
				     .acceptors = 2,
				     .forkers = 1,
				     .listener = mode };
	int fd = listen_anywhere(BACKLOG, &bench->plan.port);
	bench->ledger = ledger_map(&bench->plan);
	assert_non_null(bench->ledger);
	assert_int_equal(listeners_open(&bench->listeners, bench->ledger), 0);
	start_acceptor(bench);
	bench->listener = fd;
	close(fd);
	for (int i = 0; i < QUEUED; i++)
		bench->clients[i] = try_connect(bench->plan.port);
	*state = bench;
	return 0;
}

static int
setup_shared(void **state)
{
	return setup_mode(state, LISTENER_SHARED);
}

static int
setup_group(void **state)
{
	return setup_mode(state, LISTENER_GROUP);
}

static int
teardown(void **state)
{
	struct bench *bench = *state;

	if (bench->acceptor != 0)
		end_acceptor(bench);
	for (int i = 0; i < QUEUED; i++)
		if (bench->clients[i] != -1)
			close(bench->clients[i]);
	listeners_close(&bench->listeners);
	ledger_unmap(bench->ledger);
	free(bench);
	return 0;
}

static void
appoint(struct bench *bench, int32_t slot)
{
	struct worker *row = ledger_acceptor(bench->ledger, slot);

	row->pid = bench->acceptor;
	row->listener_fd = bench->listener;
}

static void
reads(struct bench *bench, int32_t index, int64_t queue, int64_t backlog)
{
	listener_read(&bench->listeners, index, bench->readings);
	assert_int_equal(bench->readings[bench->listeners.queue], queue);
	assert_int_equal(bench->readings[bench->listeners.backlog], backlog);
}

/* The first acceptor is not there: the second has the same listener. */
static void
a_shared_listener_is_seen_through_any_acceptor(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(bench->listeners.count, 1);
	reads(bench, 0, READING_NONE, READING_NONE);
	appoint(bench, 1);
	reads(bench, 0, QUEUED, BACKLOG);
	close(bench->clients[0]);
	bench->clients[0] = -1;
	/* Dead clients still fill the queue. */
	reads(bench, 0, QUEUED, BACKLOG);
}

static void
listeners_of_a_group_are_told_apart(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(bench->listeners.count, 2);
	appoint(bench, 1);
	reads(bench, 0, READING_NONE, READING_NONE);
	reads(bench, 1, QUEUED, BACKLOG);
}

/* Being looked at does not keep a listener open. */
static void
a_listener_closes_with_its_acceptor(void **state)
{
	struct bench *bench = *state;

	appoint(bench, 0);
	reads(bench, 0, QUEUED, BACKLOG);
	end_acceptor(bench);
	assert_int_equal(try_connect(bench->plan.port), -1);
	assert_int_equal(errno, ECONNREFUSED);
	reads(bench, 0, READING_NONE, READING_NONE);
}

/* A number that is another kind of file over there is not mistaken for a listener. */
static void
only_a_listener_is_read(void **state)
{
	struct bench *bench = *state;

	appoint(bench, 0);
	ledger_acceptor(bench->ledger, 0)->listener_fd = STDERR_FILENO;
	reads(bench, 0, READING_NONE, READING_NONE);
	ledger_acceptor(bench->ledger, 0)->listener_fd = 9999;
	reads(bench, 0, READING_NONE, READING_NONE);
}

/* As where Yama forbids the copy. */
static void
the_kernel_is_asked_where_copies_are_refused(void **state)
{
	struct bench *bench = *state;

	bench->listeners.refused = true;
	reads(bench, 0, QUEUED, BACKLOG);
	end_acceptor(bench);
	reads(bench, 0, READING_NONE, READING_NONE);
}

/* What the namespace counts may be another listener's: each counts its own drops. */
static void
drops_are_told_apart_by_listener(void **state)
{
	struct bench *bench = *state;
	struct sockaddr_in there = { .sin_family = AF_INET,
				     .sin_port = htons((uint16_t)bench->plan.port),
				     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fds[2 * BACKLOG];
	struct listener_state other;
	int64_t port;
	int diag = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	int another = listen_anywhere(BACKLOG, &port);

	appoint(bench, 0);
	for (int i = 0; i < 2 * BACKLOG; i++) {
		fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		(void)connect(fds[i], (struct sockaddr *)&there, sizeof(there));
	}
	reads(bench, 0, BACKLOG + 1, BACKLOG);
	assert_true(bench->readings[bench->listeners.drops] > 0);
	int64_t drops = bench->readings[bench->listeners.drops];
	bench->listeners.refused = true;
	reads(bench, 0, BACKLOG + 1, BACKLOG);
	assert_true(bench->readings[bench->listeners.drops] >= drops);
	assert_true(
	    listener_ask(diag, htonl(INADDR_LOOPBACK), htons((uint16_t)port), &other));
	assert_int_equal(other.drops, 0);
	for (int i = 0; i < 2 * BACKLOG; i++)
		close(fds[i]);
	close(another);
	close(diag);
}

static void
a_port_without_listener_has_no_queue(void **state)
{
	int diag = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	struct listener_state seen;
	int64_t port;
	int fd = listen_anywhere(BACKLOG, &port);
	uint16_t number = htons((uint16_t)port);

	(void)state;
	assert_true(diag != -1);
	assert_true(listener_ask(diag, htonl(INADDR_LOOPBACK), number, &seen));
	assert_int_equal(seen.queue, 0);
	assert_int_equal(seen.backlog, BACKLOG);
	assert_int_equal(seen.drops, 0);
	close(fd);
	assert_false(listener_ask(diag, htonl(INADDR_LOOPBACK), number, &seen));
	close(diag);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    a_shared_listener_is_seen_through_any_acceptor, setup_shared,
		    teardown),
		cmocka_unit_test_setup_teardown(listeners_of_a_group_are_told_apart,
						setup_group, teardown),
		cmocka_unit_test_setup_teardown(a_listener_closes_with_its_acceptor,
						setup_shared, teardown),
		cmocka_unit_test_setup_teardown(only_a_listener_is_read, setup_shared,
						teardown),
		cmocka_unit_test_setup_teardown(
		    the_kernel_is_asked_where_copies_are_refused, setup_shared, teardown),
		cmocka_unit_test_setup_teardown(drops_are_told_apart_by_listener,
						setup_shared, teardown),
		cmocka_unit_test(a_port_without_listener_has_no_queue),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
