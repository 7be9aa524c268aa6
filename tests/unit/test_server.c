#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include "run/server.h"

#define GREETING "220 ready\r\n"

static size_t
greet(char *buffer, size_t size)
{
	memcpy(buffer, GREETING, sizeof(GREETING) - 1);
	return size >= sizeof(GREETING) ? sizeof(GREETING) - 1 : 0;
}

/* Answers with one byte, whatever came. */
static size_t
answer_ok(char *buffer, size_t came, size_t size)
{
	(void)came;
	(void)size;
	buffer[0] = '+';
	return 1;
}

static const struct protocol made_up = {
	.name = "made up",
	.greet = greet,
	.answer = answer_ok,
};

/* A server's end of a connection, and this test at the other. */
struct bench {
	struct plan plan;
	struct ledger *ledger;
	struct worker *row;
	struct retain retain;
	struct newcomers newcomers;
	struct server server;
	int epoll, fd, peer;
};

static void
serve(struct bench *bench, const struct protocol *protocol, bool canary)
{
	const struct server_parts parts = {
		.protocol = protocol,
		.ledger = bench->ledger,
		.row = bench->row,
		.retain = &bench->retain,
		.newcomers = &bench->newcomers,
		.epoll = bench->epoll,
	};

	assert_int_equal(server_init(&bench->server, &parts, 1024), 0);
	worker_count_held(bench->row, canary, 1);
	server_add(&bench->server, bench->fd, canary);
}

static int
setup(void **state)
{
	static struct bench bench;
	int fds[2];

	memset(&bench, 0, sizeof(bench));
	bench.plan = (struct plan){
		.clients = 1, .per_client = 1, .acceptors = 1, .forkers = 1, .sources = 1
	};
	bench.ledger = ledger_map(&bench.plan);
	bench.epoll = epoll_create1(EPOLL_CLOEXEC);
	assert_non_null(bench.ledger);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
	bench.fd = fds[0];
	bench.peer = fds[1];
	bench.row = ledger_acceptor(bench.ledger, 0);
	retain_init(&bench.retain, &bench.plan);
	assert_int_equal(newcomers_init(&bench.newcomers, bench.ledger, bench.row), 0);
	*state = &bench;
	return 0;
}

static int
teardown(void **state)
{
	struct bench *bench = *state;

	if (bench->peer != -1)
		close(bench->peer);
	close(bench->epoll);
	ledger_unmap(bench->ledger);
	return 0;
}

/* All that the server has to do now. */
static void
handle_events(struct bench *bench)
{
	struct epoll_event event;

	while (epoll_wait(bench->epoll, &event, 1, 0) == 1)
		server_handle(&bench->server, event.data.fd);
}

static void
peer_says(struct bench *bench, const char *text)
{
	assert_int_equal(send(bench->peer, text, strlen(text), 0), strlen(text));
	handle_events(bench);
}

static void
peer_hears(const struct bench *bench, const char *text)
{
	char heard[64];

	assert_int_equal(recv(bench->peer, heard, sizeof(heard), 0), strlen(text));
	assert_memory_equal(heard, text, strlen(text));
}

static void
it_answers_by_its_protocol(void **state)
{
	struct bench *bench = *state;

	serve(bench, &made_up, false);
	peer_hears(bench, GREETING);
	peer_says(bench, "anything");
	peer_hears(bench, "+");
	assert_int_equal(bench->row->counters.messages, 1);
	assert_int_equal(bench->row->counters.received_bytes, strlen("anything"));
	assert_int_equal(bench->row->counters.sent_bytes, strlen(GREETING "+"));
}

static void
what_the_canary_says_is_not_counted(void **state)
{
	struct bench *bench = *state;

	serve(bench, &protocol_echo, true);
	peer_says(bench, "tweet");
	peer_hears(bench, "tweet");
	assert_int_equal(bench->row->counters.canary_held, 1);
	assert_int_equal(bench->row->counters.messages, 0);
	assert_int_equal(bench->row->counters.sent_bytes, 0);
	assert_int_equal(bench->row->counters.received_bytes, 0);
}

static void
it_ends_only_after_the_other_side(void **state)
{
	struct bench *bench = *state;

	serve(bench, &protocol_echo, false);
	peer_says(bench, "once");
	assert_int_equal(bench->row->counters.held, 1);
	close(bench->peer);
	bench->peer = -1;
	handle_events(bench);
	assert_int_equal(bench->row->counters.held, 0);
	assert_false(bench->server.by_fd[bench->fd].open);
}

/* What a peer sends and does not read back: the server holds at most one answer for it. */
static void
an_answer_that_is_not_taken_waits(void **state)
{
	struct bench *bench = *state;
	static char block[32768];
	size_t sent = 0, back = 0;
	ssize_t n;

	serve(bench, &protocol_echo, false);
	while ((n = send(bench->peer, block, sizeof(block), 0)) > 0) {
		sent += (size_t)n;
		handle_events(bench);
	}
	assert_non_null(bench->server.by_fd[bench->fd].pending);
	while (back < sent) {
		n = recv(bench->peer, block, sizeof(block), 0);
		assert_true(n > 0);
		back += (size_t)n;
		handle_events(bench);
	}
	assert_null(bench->server.by_fd[bench->fd].pending);
	assert_int_equal(bench->row->counters.sent_bytes, sent);
}

int
main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(it_answers_by_its_protocol),
		CASE(what_the_canary_says_is_not_counted),
		CASE(it_ends_only_after_the_other_side),
		CASE(an_answer_that_is_not_taken_waits),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
