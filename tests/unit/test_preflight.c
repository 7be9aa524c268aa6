#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include "plan/preflight.h"
#include "plan_try.h"

#define MIB (INT64_C(1) << 20)

/* A socket bound to a free port of 127.0.0.1, which *port receives. */
static int
bound(int reuse_port, uint16_t *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(
	    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &reuse_port, sizeof(reuse_port)), 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, length), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
	*port = ntohs(address.sin_port);
	return fd;
}

/* preflight_on() for the command line with the port; the sentence is the caller's. */
static int
tried(const char *line, uint16_t port, const struct host *host, char **sentence)
{
	char with_port[128];
	struct plan plan;
	size_t size;
	FILE *err = open_memstream(sentence, &size);
	int result;

	assert_non_null(err);
	snprintf(with_port, sizeof(with_port), "%s --port %d", line, port);
	plan_try_good(&plan, with_port);
	result = preflight_on(&plan, host, err);
	fclose(err);
	plan_free(&plan);
	return result;
}

static void
refused(const char *line, uint16_t port, const struct host *host, const char *expected)
{
	char *sentence;

	assert_int_equal(tried(line, port, host, &sentence), -1);
	assert_string_equal(sentence, expected);
	free(sentence);
}

static void
passed(const char *line, uint16_t port, const struct host *host)
{
	char *sentence;

	if (tried(line, port, host, &sentence) != 0)
		fail_msg("%s", sentence);
	free(sentence);
}

static void
a_port_in_use_is_refused(void **state)
{
	uint16_t port;
	char expected[128];

	(void)state;
	for (int reuse_port = 0; reuse_port < 2; reuse_port++) {
		int fd = bound(reuse_port, &port);

		assert_int_equal(listen(fd, 5), 0);
		snprintf(expected, sizeof(expected),
			 "brink run: port %d on 127.0.0.1 is in use; choose another by "
			 "--port\n",
			 port);
		refused("", port, &plan_try_host, expected);
		close(fd);
		passed("", port, &plan_try_host);
	}
}

/* The server's end closes first, and its port lies in TIME_WAIT for a minute. */
static void
a_port_in_time_wait_is_free(void **state)
{
	uint16_t port;
	int listener = bound(1, &port), client, server;
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons(port),
				       .sin_addr = { htonl(INADDR_LOOPBACK) } };
	char byte;

	(void)state;
	assert_int_equal(listen(listener, 5), 0);
	client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(client, (struct sockaddr *)&address, sizeof(address)),
			 0);
	server = accept(listener, NULL, NULL);
	assert_true(server >= 0);
	close(listener);
	close(server);
	assert_int_equal(read(client, &byte, 1), 0);
	close(client);
	passed("", port, &plan_try_host);
}

static void
the_soft_limit_is_raised(void **state)
{
	struct rlimit limit, lowered;
	uint16_t port;

	(void)state;
	close(bound(0, &port));
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	lowered = limit;
	lowered.rlim_cur = limit.rlim_max / 2;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &lowered), 0);
	passed("", port, &plan_try_host);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &lowered), 0);
	assert_int_equal(lowered.rlim_cur, limit.rlim_max);
}

static void
the_memory_guard_must_leave_room(void **state)
{
	struct host host = plan_try_host;
	uint16_t port;

	(void)state;
	close(bound(0, &port));
	host.available_bytes = 164 * MIB;
	passed("--guard-memory 100Mi --clients 10", port, &host);
	host.available_bytes--;
	refused(
	    "--guard-memory 100Mi --clients 10", port, &host,
	    "brink run: 164.0 MiB of memory are available, but 164.0 MiB are needed to "
	    "begin: 64 MiB and the guard's 100.0 MiB; give a lower --guard-memory\n");
	host.available_bytes = 0;
	passed("--no-guard", port, &host);
}

static void
a_cgroup_must_have_room_for_brink_itself(void **state)
{
	struct host host = plan_try_host;
	uint16_t port;

	(void)state;
	close(bound(0, &port));
	host.cgroup_memory = (struct host_cgroup){ { 0, 36 * MIB }, "/cg/memory.max" };
	passed("--clients 10", port, &host);
	host.cgroup_memory.of.max = 32 * MIB;
	refused("--no-guard --clients 10", port, &host,
		"brink run: brink itself needs 36.0 MiB of memory, but /cg/memory.max "
		"allows 32.0 MiB; give the cgroup more\n");
}

/* 10 KiB a connection above the guard; without a target the guard is an end like any. */
static void
the_memory_must_carry_the_target(void **state)
{
	struct host host = plan_try_host;
	uint16_t port;

	(void)state;
	close(bound(0, &port));
	host.available_bytes = 100 * MIB + 20000 * INT64_C(10240);
	passed("--guard-memory 100Mi --clients 20000", port, &host);
	host.available_bytes--;
	refused("--guard-memory 100Mi --clients 20000", port, &host,
		"brink run: 20,000 connections need 195.3 MiB of memory, at about "
		"10.0 KiB each, but of the 295.3 MiB available 100.0 MiB are the "
		"guard's; give fewer --clients, or --no-guard\n");
	passed("--guard-memory 100Mi --clients unlimited", port, &host);
	passed("--no-guard --clients 20000", port, &host);
	passed("--guard-memory 100Mi --clients 20000 --limit nofile.acceptor=64", port,
	       &host);
}

/* Two descriptors a connection and 1,000 for others; with the ceilings of the plan's own
 * in mind, which an unlimited run will not pass. */
static void
the_files_of_the_host_must_suffice(void **state)
{
	struct host host = plan_try_host;
	uint16_t port;

	(void)state;
	close(bound(0, &port));
	host.files = (struct host_ceiling){ 1000, 42001 };
	passed("--clients 20000", port, &host);
	host.files.max--;
	refused("--clients 20000", port, &host,
		"brink run: 20,000 connections need 41,000 open files of the host (two "
		"each, and 1,000 for others), but fs.file-max leaves 41,000; give fewer "
		"--clients, or --no-guard\n");
	passed("--clients 20000 --no-guard", port, &host);
	passed("--clients unlimited --limit nofile.acceptor=5000", port, &host);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_port_in_use_is_refused),
		cmocka_unit_test(a_port_in_time_wait_is_free),
		cmocka_unit_test(the_soft_limit_is_raised),
		cmocka_unit_test(the_memory_guard_must_leave_room),
		cmocka_unit_test(a_cgroup_must_have_room_for_brink_itself),
		cmocka_unit_test(the_memory_must_carry_the_target),
		cmocka_unit_test(the_files_of_the_host_must_suffice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
