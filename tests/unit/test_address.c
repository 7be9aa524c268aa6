#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include "run/address.h"

#define BACKLOG     16
#define SOURCES_MAX 250 /* as --sources allows */

/* A plan for a port that was free a moment ago. */
static struct plan
plan_of(int64_t sources)
{
	struct plan plan = { .sources = sources, .backlog = BACKLOG };
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&address, length), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
	close(fd);
	plan.port = ntohs(address.sin_port);
	return plan;
}

static const char *
text(const struct sockaddr_in *address)
{
	return inet_ntoa(address->sin_addr);
}

static void
the_server_is_on_loopback(void **state)
{
	struct plan plan = { .port = 9099 };
	struct sockaddr_in server = address_server(&plan);

	(void)state;
	assert_int_equal(server.sin_family, AF_INET);
	assert_string_equal(text(&server), "127.0.0.1");
	assert_int_equal(ntohs(server.sin_port), 9099);
}

static void
one_source_is_the_servers_own_address(void **state)
{
	struct plan plan = { .sources = 1 };

	(void)state;
	for (int64_t k = 0; k < 3; k++) {
		struct sockaddr_in source = address_source(&plan, k);

		assert_string_equal(text(&source), "127.0.0.1");
		assert_int_equal(source.sin_port, 0);
	}
}

/* A tuple that fills faster than the others is a limit met too early. */
static void
sources_take_turns(void **state)
{
	struct plan plan = { .sources = 3 };
	static const char *const turns[] = { "127.0.1.1", "127.0.1.2", "127.0.1.3" };

	(void)state;
	for (int64_t k = 0; k < 9; k++) {
		struct sockaddr_in source = address_source(&plan, k);

		assert_string_equal(text(&source), turns[k % 3]);
	}
}

/* Its ports are its own, and the acceptors tell it by its address. */
static void
the_canarys_address_is_nobody_elses(void **state)
{
	struct sockaddr_in canary = address_canary();

	(void)state;
	assert_true(address_is_canary(&canary));
	assert_int_equal(ntohl(canary.sin_addr.s_addr) >> 24, 127);
	canary.sin_port = htons(50000);
	assert_true(address_is_canary(&canary));
	for (int64_t sources = 1; sources <= SOURCES_MAX; sources++) {
		struct plan plan = { .sources = sources };

		for (int64_t k = 0; k < sources; k++) {
			struct sockaddr_in source = address_source(&plan, k);

			assert_false(address_is_canary(&source));
			assert_int_equal(ntohl(source.sin_addr.s_addr) >> 24, 127);
		}
	}
}

static void
a_listener_has_the_backlog_and_does_not_block(void **state)
{
	struct plan plan = plan_of(1);
	struct tcp_info info;
	socklen_t length = sizeof(info);
	int fd = address_listen(&plan);

	(void)state;
	assert_int_not_equal(fd, -1);
	assert_int_equal(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length), 0);
	assert_int_equal(info.tcpi_sacked, BACKLOG);
	assert_int_equal(accept(fd, NULL, NULL), -1);
	assert_int_equal(errno, EAGAIN);
	assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	close(fd);
}

static void
the_kernel_cuts_a_backlog(void **state)
{
	struct plan plan = plan_of(1);
	struct tcp_info info;
	socklen_t length = sizeof(info);
	int fd;

	(void)state;
	assert_int_equal(address_queue_room(&plan), BACKLOG);
	plan.backlog = INT32_MAX;
	fd = address_listen(&plan);
	assert_int_not_equal(fd, -1);
	assert_int_equal(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length), 0);
	assert_int_equal(address_queue_room(&plan), info.tcpi_sacked);
	close(fd);
}

static void
acceptors_of_a_group_listen_on_one_port(void **state)
{
	struct plan plan = plan_of(1);
	int first = address_listen(&plan), second = address_listen(&plan);

	(void)state;
	assert_int_not_equal(first, -1);
	assert_int_not_equal(second, -1);
	close(first);
	close(second);
}

/* Somebody else's server: the run must not start, and leaves nothing open. */
static void
a_port_that_is_taken_is_refused(void **state)
{
	struct plan plan = plan_of(1);
	struct sockaddr_in server = address_server(&plan);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	(void)state;
	assert_int_equal(bind(fd, (struct sockaddr *)&server, sizeof(server)), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(address_listen(&plan), -1);
	assert_int_equal(errno, EADDRINUSE);
	assert_int_equal(dup(0), fd + 1);
	close(fd + 1);
	close(fd);
}

static int
connect_from(const struct plan *plan, struct sockaddr_in source)
{
	struct sockaddr_in server = address_server(plan), bound;
	socklen_t length = sizeof(bound);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(address_bind(fd, &source), 0);
	/* The port is chosen at the connect: till then it is free for other tuples. */
	assert_int_equal(getsockname(fd, (struct sockaddr *)&bound, &length), 0);
	assert_int_equal(bound.sin_port, 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&server, sizeof(server)), 0);
	return fd;
}

static void
the_server_sees_the_source(void **state)
{
	struct plan plan = plan_of(2);
	int listener = address_listen(&plan);
	struct sockaddr_in sources[] = { address_source(&plan, 0),
					 address_source(&plan, 1), address_canary() };

	(void)state;
	assert_int_not_equal(listener, -1);
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		struct sockaddr_in peer;
		socklen_t length = sizeof(peer);
		int client = connect_from(&plan, sources[i]);
		int fd = accept(listener, (struct sockaddr *)&peer, &length);

		assert_int_not_equal(fd, -1);
		assert_int_equal(peer.sin_addr.s_addr, sources[i].sin_addr.s_addr);
		assert_int_equal(address_is_canary(&peer), i == 2);
		close(client);
		close(fd);
	}
	close(listener);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_server_is_on_loopback),
		cmocka_unit_test(one_source_is_the_servers_own_address),
		cmocka_unit_test(sources_take_turns),
		cmocka_unit_test(the_canarys_address_is_nobody_elses),
		cmocka_unit_test(a_listener_has_the_backlog_and_does_not_block),
		cmocka_unit_test(the_kernel_cuts_a_backlog),
		cmocka_unit_test(acceptors_of_a_group_listen_on_one_port),
		cmocka_unit_test(a_port_that_is_taken_is_refused),
		cmocka_unit_test(the_server_sees_the_source),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
