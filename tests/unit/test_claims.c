#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include "listen_anywhere.h"
#include "run/address.h"
#include "run/claims.h"

#define NOW   INT64_C(5000000)
#define HOUR  INT64_C(3600000000)
#define LATER (NOW + CLAIMS_GRACE_US)

struct bench {
	struct plan plan;
	struct ledger *ledger;
	struct worker *row;
	struct newcomers newcomers;
};

static int
setup(void **state)
{
	static struct bench bench;

	bench.plan = (struct plan){
		.clients = 10,
		.per_client = 10,
		.acceptors = 2,
		.forkers = 1,
		.sources = 2,
	};
	bench.ledger = ledger_map(&bench.plan);
	assert_non_null(bench.ledger);
	bench.row = ledger_acceptor(bench.ledger, 0);
	assert_int_equal(newcomers_init(&bench.newcomers, bench.ledger, bench.row), 0);
	*state = &bench;
	return 0;
}

static int
teardown(void **state)
{
	struct bench *bench = *state;

	munmap(bench->newcomers.waiting, newcomers_bytes());
	ledger_unmap(bench->ledger);
	return 0;
}

/* A client's end of connection k; *peer is what an acceptor sees of it. */
static int
connection(const struct bench *bench, int64_t k, struct sockaddr_in *peer)
{
	struct sockaddr_in source = address_source(&bench->plan, k);
	socklen_t length = sizeof(*peer);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	/* As connect(2) would, choose a port. */
	assert_int_equal(bind(fd, (struct sockaddr *)&source, sizeof(source)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)peer, &length), 0);
	return fd;
}

static void
counted(const struct bench *bench, int64_t accepted, int64_t strangers)
{
	struct counts counts;

	worker_counts(bench->row, &counts);
	assert_int_equal(counts.accepted, accepted);
	assert_int_equal(counts.strangers, strangers);
}

static void
what_a_client_claims_is_accepted(void **state)
{
	struct bench *bench = *state;
	struct sockaddr_in peer;
	int fd = connection(bench, 0, &peer);

	/* The acceptor is faster than the client. */
	newcomers_add(&bench->newcomers, &peer, 7, NOW);
	counted(bench, 1, 0);
	assert_true(newcomers_wait_us(&bench->newcomers, NOW) > 0);
	assert_int_equal(claims_add(bench->ledger, fd), ntohs(peer.sin_port));
	newcomers_look(&bench->newcomers, LATER);
	counted(bench, 1, 0);
	assert_int_equal(newcomers_wait_us(&bench->newcomers, LATER), -1);
	close(fd);
}

static void
what_nobody_claims_is_a_strangers(void **state)
{
	struct bench *bench = *state;
	struct sockaddr_in own, other;
	int fds[2] = { connection(bench, 0, &own), connection(bench, 1, &other) };

	claims_add(bench->ledger, fds[0]);
	/* The same port of another source is not claimed with it. */
	other.sin_port = own.sin_port;
	newcomers_add(&bench->newcomers, &own, 7, NOW);
	newcomers_add(&bench->newcomers, &other, 8, NOW);
	newcomers_look(&bench->newcomers, LATER - 1);
	counted(bench, 2, 0);
	newcomers_look(&bench->newcomers, LATER + CLAIMS_GRACE_US);
	counted(bench, 1, 1);
	close(fds[0]);
	close(fds[1]);
}

static void
what_is_claimed_late_is_taken_back(void **state)
{
	struct bench *bench = *state;
	struct sockaddr_in peer;
	int fd = connection(bench, 0, &peer);

	newcomers_add(&bench->newcomers, &peer, 7, NOW);
	newcomers_look(&bench->newcomers, LATER);
	counted(bench, 0, 1);
	claims_add(bench->ledger, fd);
	newcomers_look(&bench->newcomers, LATER + 10 * CLAIMS_GRACE_US);
	counted(bench, 1, 0);
	close(fd);
}

/* A stranger is gone, and then a client gets the port that it had. */
static void
a_port_that_a_stranger_had_is_not_claimed_for_it(void **state)
{
	struct bench *bench = *state;
	struct sockaddr_in peer;
	int fd = connection(bench, 0, &peer);

	newcomers_add(&bench->newcomers, &peer, 7, NOW);
	newcomers_closed(&bench->newcomers, 7);
	counted(bench, 0, 1);
	claims_add(bench->ledger, fd);
	newcomers_add(&bench->newcomers, &peer, 7, NOW);
	newcomers_look(&bench->newcomers, LATER);
	counted(bench, 1, 1);
	close(fd);
}

static void
an_address_that_is_none_of_the_runs_is_a_strangers(void **state)
{
	struct bench *bench = *state;
	struct sockaddr_in peer = { .sin_family = AF_INET,
				    .sin_port = htons(40000),
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	newcomers_add(&bench->newcomers, &peer, 7, NOW);
	counted(bench, 0, 1);
	assert_false(claims_has(bench->ledger, &peer));
}

static void
a_claim_ends_with_its_cycle(void **state)
{
	struct bench *bench = *state;
	struct sockaddr_in peer;
	int fd = connection(bench, 1, &peer);

	claims_add(bench->ledger, fd);
	assert_true(claims_has(bench->ledger, &peer));
	/* The same number comes again only after 255. */
	for (int cycle = 1; cycle < 255; cycle++) {
		atomic_store(&bench->ledger->cycle, cycle);
		assert_false(claims_has(bench->ledger, &peer));
	}
	close(fd);
}

/* What was accepted at a failure is known for sure only when the strangers are. */
static void
a_failure_does_not_count_strangers(void **state)
{
	struct bench *bench = *state;
	struct sockaddr_in peer;
	struct ledger_failure *failure = &bench->row->failures[0];
	int fd = connection(bench, 0, &peer);

	newcomers_add(&bench->newcomers, &peer, 7, 0);
	newcomers_add(&bench->newcomers, &peer, 8, NOW + HOUR);
	ledger_failure(bench->ledger, bench->row, CALL_ACCEPT, EMFILE);
	assert_int_equal(failure_at_first(&failure->notes[0]).accepted, 2);
	newcomers_look(&bench->newcomers, NOW + 2 * HOUR);
	counted(bench, 0, 2);
	/* One of them came after the failure. */
	assert_int_equal(failure_at_first(&failure->notes[0]).accepted, 1);
	close(fd);
}

/* More than there is room for: those who wait longest are judged. */
static void
a_flood_of_strangers_is_counted(void **state)
{
	struct bench *bench = *state;
	struct sockaddr_in peer;
	int fd = connection(bench, 0, &peer);

	for (int i = 1; i <= 20000; i++) {
		peer.sin_port = htons((uint16_t)(40000 + i));
		newcomers_add(&bench->newcomers, &peer, i, NOW + i);
	}
	newcomers_look(&bench->newcomers, LATER + 20000);
	counted(bench, 0, 20000);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define CLAIMS_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		CLAIMS_TEST(what_a_client_claims_is_accepted),
		CLAIMS_TEST(what_nobody_claims_is_a_strangers),
		CLAIMS_TEST(what_is_claimed_late_is_taken_back),
		CLAIMS_TEST(a_port_that_a_stranger_had_is_not_claimed_for_it),
		CLAIMS_TEST(an_address_that_is_none_of_the_runs_is_a_strangers),
		CLAIMS_TEST(a_claim_ends_with_its_cycle),
		CLAIMS_TEST(a_failure_does_not_count_strangers),
		CLAIMS_TEST(a_flood_of_strangers_is_counted),
	};

	return cmocka_run_group_tests_name("claims", tests, NULL, NULL);
}
