#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"

#include "plan_try.h"

#define COUNT_OF(table) (sizeof(table) / sizeof(*(table)))

#define S               INT64_C(1000000)
#define MIB             (INT64_C(1) << 20)

static void
workers_follow_the_cpus(void **state)
{
	static const struct {
		int64_t cpus, acceptors, forkers;
	} cases[] = { { 1, 4, 2 }, { 3, 4, 3 }, { 16, 16, 16 }, { 1000, 256, 256 } };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct host host = plan_try_host;
		struct plan plan;
		char *sentence;

		host.cpus = cases[i].cpus;
		assert_int_equal(plan_try_resolve(&plan, "", &host, &sentence), 0);
		assert_int_equal(plan.acceptors, cases[i].acceptors);
		assert_int_equal(plan.forkers, cases[i].forkers);
		free(sentence);
		plan_free(&plan);
	}
}

/* Seven eighths of 19,984 descriptors are 17,486 connections an acceptor. */
static void
acceptors_have_room_for_the_target(void **state)
{
	static const struct {
		const char *line;
		int64_t acceptors;
	} cases[] = {
		{ "", 4 },
		{ "--clients 69944", 4 },
		{ "--clients 69945", 5 },
		{ "--clients 1M", 58 },
		/* what these cannot hold is what the run is to find */
		{ "--clients unlimited", 4 },
		{ "--clients 1M --acceptors 3", 3 },
		{ "--clients 1M --limit nofile.acceptor=512", 4 },
		{ "--clients 100000 --handler fork", 4 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct plan plan;

		plan_try_good(&plan, cases[i].line);
		if (plan.acceptors != cases[i].acceptors)
			fail_msg("%s: %lld acceptors", cases[i].line,
				 (long long)plan.acceptors);
		plan_free(&plan);
	}
}

static void
given_numbers_are_kept(void **state)
{
	struct plan plan;

	(void)state;
	plan_try_good(&plan, "--acceptors 1 --forkers 3 --per-client 7 --sources 9 "
			     "--inflight 11 --guard-memory 20Mi");
	assert_int_equal(plan.acceptors, 1);
	assert_int_equal(plan.forkers, 3);
	assert_int_equal(plan.per_client, 7);
	assert_int_equal(plan.sources, 9);
	assert_int_equal(plan.inflight, 11);
	assert_int_equal(plan.guard_bytes, 20 * MIB);
	plan_free(&plan);
}

static void
auto_is_as_documented(void **state)
{
	static const struct {
		const char *line;
		int64_t per_client, sources, inflight, guard_bytes;
	} cases[] = {
		/* 5 % of 16 GiB; 5 s of 2,000/s and one more */
		{ "", 10000, 2, 12000, (INT64_C(16) << 30) / 20 },
		/* as many as fit in 20,000 descriptors */
		{ "--clients 100000", 19968, 8, 12000, (INT64_C(16) << 30) / 20 },
		{ "--clients unlimited", 19968, 250, 12000, (INT64_C(16) << 30) / 20 },
		{ "--clients 14116", 7058, 1, 12000, (INT64_C(16) << 30) / 20 },
		{ "--clients 14117", 7059, 2, 12000, (INT64_C(16) << 30) / 20 },
		{ "--rate max --clients 1", 1, 1, 1024, (INT64_C(16) << 30) / 20 },
		{ "--rate 10 --no-guard", 10000, 2, 1000, 0 },
		{ "--rate 1000 --connect-timeout 1.5s --guard-memory 1%", 10000, 2, 2500,
		  512 * MIB },
		/* whoever injects a limit wants to see it hit */
		{ "--limit nofile.client=64", 10000, 2, 12000, (INT64_C(16) << 30) / 20 },
		{ "--isolate --limit ports=1000", 10000, 1, 12000,
		  (INT64_C(16) << 30) / 20 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct plan plan;

		plan_try_good(&plan, cases[i].line);
		if (plan.per_client != cases[i].per_client ||
		    plan.sources != cases[i].sources ||
		    plan.inflight != cases[i].inflight ||
		    plan.guard_bytes != cases[i].guard_bytes)
			fail_msg("%s: per-client %lld, sources %lld, inflight %lld, "
				 "guard %lld",
				 cases[i].line, (long long)plan.per_client,
				 (long long)plan.sources, (long long)plan.inflight,
				 (long long)plan.guard_bytes);
		plan_free(&plan);
	}
}

/* A fresh namespace has the kernel's own port range, not the host's. */
static void
sources_follow_the_ports_of_the_namespace(void **state)
{
	struct host host = plan_try_host;
	struct plan plan;
	char *sentence;

	(void)state;
	host.ports = 1000;
	assert_int_equal(plan_try_resolve(&plan, "", &host, &sentence), 0);
	assert_int_equal(plan.sources, 40);
	free(sentence);
	plan_free(&plan);
	assert_int_equal(plan_try_resolve(&plan, "--isolate", &host, &sentence), 0);
	assert_int_equal(plan.sources, 2);
	free(sentence);
	plan_free(&plan);
}

static void
an_injected_backlog_replaces_the_option(void **state)
{
	struct plan plan;

	(void)state;
	plan_try_good(&plan, "--limit backlog=16");
	assert_int_equal(plan.backlog, 16);
	plan_free(&plan);
}

/* A client's limit may be under what it is told to open: that is a test of the limit. */
static void
injected_limits_may_be_exceeded(void **state)
{
	struct plan plan;

	(void)state;
	plan_try_good(&plan,
		      "--limit nofile.client=256 --per-client 1000 --forkers 1 --clients "
		      "1000");
	assert_int_equal(plan.per_client, 1000);
	plan_free(&plan);
	plan_try_good(&plan, "--limit nofile.client=256 --per-client 30000");
	assert_int_equal(plan.per_client, 30000);
	plan_free(&plan);
	/* Breaking is what it is for: 80,000 descriptors for a million connections. */
	plan_try_good(&plan, "--clients 1M --acceptors 4");
	plan_free(&plan);
	plan_try_good(&plan, "--duration 1s --hold 8h --clients unlimited");
	plan_free(&plan);
}

/* Else a night's hold would end after five minutes. */
static void
the_duration_follows_from_the_plan(void **state)
{
	static const struct {
		const char *line;
		int64_t duration_us;
	} cases[] = {
		/* 2 s, 2 x 1 s, 8 h and 5 minutes. */
		{ "--clients 2000 --rate 1000 --steps 2 --plateau 1s --hold 8h",
		  29104 * US_PER_S },
		{ "--clients 2000 --rate max --steps 2 --plateau 1s --hold 8h",
		  29102 * US_PER_S },
		{ "--clients unlimited --hold 8h", 300 * US_PER_S },
		{ "--clients 2000 --rate 1000 --steps 2 --plateau 1s --hold 8h "
		  "--duration 9h",
		  9 * 3600 * US_PER_S },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct plan plan;

		plan_try_good(&plan, cases[i].line);
		assert_int_equal(plan.duration_us, cases[i].duration_us);
		plan_free(&plan);
	}
}

static void
contradictions_are_refused(void **state)
{
	static const struct {
		const char *line, *sentence;
	} cases[] = {
		{ "--duration 5m --hold 8h --clients 2000 --rate 1000 --steps 2 "
		  "--plateau "
		  "1s",
		  "brink run: --duration 5 min 0 s would end the run before its plan "
		  "does: "
		  "the ramps, plateaus and the hold of 8 h 0 min take 8 h 0 min; give "
		  "--duration auto, or less to do\n" },
		{ "--limit ports=1000",
		  "brink run: --limit ports=1000 needs --isolate: the port range belongs "
		  "to a network namespace\n" },
		{ "--limit somaxconn=16",
		  "brink run: --limit somaxconn=16 needs --isolate: the largest backlog "
		  "belongs to a network namespace\n" },
		{ "--limit syn-backlog=16",
		  "brink run: --limit syn-backlog=16 needs --isolate: the SYN queue's "
		  "length belongs to a network namespace\n" },
		{ "--limit tw-buckets=16",
		  "brink run: --limit tw-buckets=16 needs --isolate: the TIME_WAIT table "
		  "belongs to a network namespace\n" },
		{ "--isolate --limit ports=64511 --port 20000",
		  "brink run: --limit ports=64511: every range of so many ports from "
		  "1024 "
		  "on has --port 20000 in it; give less\n" },
		{ "--limit nofile.acceptor=20001",
		  "brink run: --limit nofile.acceptor=20001: the hard RLIMIT_NOFILE is "
		  "20,000; give less, or raise it (ulimit -Hn)\n" },
		{ "--limit nofile.client=20001",
		  "brink run: --limit nofile.client=20001: the hard RLIMIT_NOFILE is "
		  "20,000; give less, or raise it (ulimit -Hn)\n" },
		{ "--limit pids=100",
		  "brink run: --limit pids=100 needs --isolate: it is set on a cgroup of "
		  "the run's own\n" },
		{ "--limit memory=20Mi",
		  "brink run: --limit memory=20Mi needs --isolate: it is set on a cgroup "
		  "of the run's own\n" },
		{ "--isolate --limit pids=6", "brink run: --limit pids=6: brink itself "
					      "needs 7 processes (4 acceptors, "
					      "2 forkers and what serves one "
					      "connection), and 0 are in use; give more, "
					      "or fewer --acceptors and --forkers\n" },
		{ "--isolate --limit pids=7 --handler fork",
		  "brink run: --limit pids=7: brink itself needs 8 processes (4 "
		  "acceptors, "
		  "2 forkers and what serves one connection), and 0 are in use; give "
		  "more, "
		  "or fewer --acceptors and --forkers\n" },
		{ "--user 4711 --limit nproc=6",
		  "brink run: --limit nproc=6: brink itself needs 7 processes (4 "
		  "acceptors, "
		  "2 forkers and what serves one connection), and 0 are in use; give "
		  "more, "
		  "or fewer --acceptors and --forkers\n" },
		{ "--limit nproc=40", "brink run: --limit nproc=40 needs --user: the "
				      "kernel does not hold root "
				      "to it\n" },
		{ "--user 4711 --port 80 --listener group",
		  "brink run: --user 4711: with --listener group each acceptor binds "
		  "--port "
		  "80 itself, and below 1024 only root may\n" },
		{ "--isolate --limit memory=4Mi --acceptors 8",
		  "brink run: --limit memory=4Mi: brink's 11 workers alone need 5.5 MiB; "
		  "give more, or fewer --acceptors and --forkers\n" },
		{ "--isolate --limit memory=12Gi",
		  "brink run: --limit memory=12Gi: it would never be met, as 12.0 GiB of "
		  "the host's memory are available and the guard keeps 819.2 MiB of "
		  "them; "
		  "give less\n" },
		{ "--limit nofile.acceptor.4=64",
		  "brink run: --limit nofile.acceptor.4=64: there are 4 acceptors; give "
		  "a "
		  "number from 0 to 3, or more --acceptors\n" },
		{ "--limit nofile.acceptor.0=20001",
		  "brink run: --limit nofile.acceptor.0=20001: the hard RLIMIT_NOFILE is "
		  "20,000; give less, or raise it (ulimit -Hn)\n" },
		{ "--backlog 16 --limit backlog=32",
		  "brink run: --backlog 16 and --limit backlog=32 contradict each other; "
		  "give one\n" },
		{ "--per-client 19969",
		  "brink run: --per-client 19969: 19,969 connections and 32 other open "
		  "files are more than the hard RLIMIT_NOFILE of 20,000; give at most "
		  "19968, or raise it (ulimit -Hn)\n" },
		{ "--clients 200k --per-client 1",
		  "brink run: 200,018 processes are needed (12 acceptors, 2 forkers, "
		  "200,000 "
		  "clients, 0 handlers, 4 of brink's own), but of the 127,000 that "
		  "kernel.threads-max allows 100 are in use\n" },
		{ "--clients 126k --handler fork --acceptors 256 --forkers 256 "
		  "--per-client "
		  "250",
		  "brink run: 127,028 processes are needed (256 acceptors, 256 forkers, "
		  "512 "
		  "clients, 126,000 handlers, 4 of brink's own), but of the 127,000 that "
		  "kernel.threads-max allows 100 are in use\n" },
	};
	struct plan plan;
	char *sentence;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(
		    plan_try_resolve(&plan, cases[i].line, &plan_try_host, &sentence),
		    -1);
		assert_string_equal(sentence, cases[i].sentence);
		free(sentence);
		plan_free(&plan);
	}
}

/* Each ceiling on processes refuses the plan that is one over it, and not the one at it. */
static void
every_process_ceiling_counts(void **state)
{
	static const char line[] = "--clients 10 --per-client 1 --handler fork";
	static const int64_t needed = 4 + 2 + 10 + 10 + 4;

	(void)state;
	for (int i = 0; i < HOST_PROCESS_LIMITS; i++) {
		struct host host = plan_try_host;
		struct plan plan;
		char *sentence;

		host.processes[i] = (struct host_ceiling){ 5, needed + 5 };
		assert_int_equal(plan_try_resolve(&plan, line, &host, &sentence), 0);
		free(sentence);
		plan_free(&plan);
		host.processes[i].used++;
		assert_int_equal(plan_try_resolve(&plan, line, &host, &sentence), -1);
		assert_non_null(strstr(sentence, host_process_limit_name(i)));
		free(sentence);
		plan_free(&plan);
	}
}

/* Handlers beyond the limit of the run's own cgroup never are: they need no place. */
static void
an_injected_limit_of_processes_comes_first(void **state)
{
	static const char line[] = "--isolate --limit pids=40 --handler fork "
				   "--clients 300";
	struct host host = plan_try_host;
	struct plan plan;
	char *sentence;

	(void)state;
	host.processes[HOST_CGROUP_PIDS] = (struct host_ceiling){ 2, 46 };
	assert_int_equal(plan_try_resolve(&plan, line, &host, &sentence), 0);
	free(sentence);
	plan_free(&plan);
	host.processes[HOST_CGROUP_PIDS].used++;
	assert_int_equal(plan_try_resolve(&plan, line, &host, &sentence), -1);
	free(sentence);
	plan_free(&plan);
}

/* Where half a GiB is all that there is, a share of it is enough. */
static void
a_small_host_keeps_an_eighth_of_its_memory(void **state)
{
	static const struct {
		int64_t memory_mib, guard_mib;
	} cases[] = { { 512, 64 }, { 1024, 128 }, { 4096, 512 }, { 8192, 512 } };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct host host = plan_try_host;
		struct plan plan;
		char *sentence;

		host.memory_bytes = cases[i].memory_mib * MIB;
		assert_int_equal(plan_try_resolve(&plan, "", &host, &sentence), 0);
		assert_int_equal(plan.guard_bytes, cases[i].guard_mib * MIB);
		free(sentence);
		plan_free(&plan);
	}
}

/* A run without a target may have processes run out: that is its breaking point. */
static void
unlimited_handlers_are_not_counted(void **state)
{
	struct plan plan;

	(void)state;
	plan_try_good(&plan, "--clients unlimited --handler fork");
	assert_int_equal(plan_processes(&plan), 4 + 2 + plan_client_processes(&plan) + 4);
	plan_free(&plan);
}

/* What "auto" cannot reach is refused, with the sum. */
static void
more_than_auto_can_reach_is_refused(void **state)
{
	static const struct {
		int64_t nofile, ports;
		const char *line, *sentence;
	} cases[] = {
		{ 1040, 28232, "--clients 1M",
		  "brink run: 1,000,000 connections need 1,117 acceptors of "
		  "RLIMIT_NOFILE 1040 filled to 7/8, but 256 are the most; raise it "
		  "(ulimit -Hn), or give fewer --clients or the --acceptors\n" },
		{ 20000, 3999, "--clients 1M",
		  "brink run: 1,000,000 connections need 251 source addresses of 3,999 "
		  "ephemeral ports, but 250 are the most; widen "
		  "net.ipv4.ip_local_port_range, or give fewer --clients or the "
		  "--sources\n" },
		{ 1040, 28232, "--clients 1M --acceptors 8", "" },
		{ 20000, 3999, "--clients 1M --sources 8", "" },
		{ 20000, 4000, "--clients 1M", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct host host = plan_try_host;
		struct plan plan;
		char *sentence;

		host.nofile = cases[i].nofile;
		host.ports = cases[i].ports;
		assert_int_equal(plan_try_resolve(&plan, cases[i].line, &host, &sentence),
				 cases[i].sentence[0] == '\0' ? 0 : -1);
		assert_string_equal(sentence, cases[i].sentence);
		free(sentence);
		plan_free(&plan);
	}
}

static void
no_room_for_descriptors_is_refused(void **state)
{
	struct host host = plan_try_host;
	struct plan plan;
	char *sentence;

	(void)state;
	host.nofile = 32;
	assert_int_equal(plan_try_resolve(&plan, "--clients 100", &host, &sentence), -1);
	assert_string_equal(
	    sentence, "brink run: the hard RLIMIT_NOFILE is 32, but a client needs "
		      "32 open files beside its connections; raise it (ulimit -Hn)\n");
	free(sentence);
	plan_free(&plan);
}

/* Connection k belongs to forker k % forkers: counted one by one. */
static void
clients_are_shared_out_exactly(void **state)
{
	static const char *const lines[] = {
		"--clients 1 --forkers 3",
		"--clients 10 --forkers 3 --per-client 2",
		"--clients 1001 --forkers 7 --per-client 13",
		"--clients 20000",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		struct plan plan;
		int64_t sum = 0;

		plan_try_good(&plan, lines[i]);
		for (int64_t slot = 0; slot < plan.forkers; slot++) {
			int64_t connections = 0, clients = 0;

			for (int64_t k = slot; k < plan_target(&plan); k += plan.forkers)
				clients += connections++ % plan.per_client == 0;
			assert_int_equal(plan_clients_of_forker(&plan, slot), clients);
			sum += clients;
		}
		assert_int_equal(plan_client_processes(&plan), sum);
		plan_free(&plan);
	}
}

static void
steps_end_at_the_target(void **state)
{
	struct plan plan;

	(void)state;
	plan_try_good(&plan, "--clients 10 --steps 3");
	assert_int_equal(plan_step_target(&plan, 0), 3);
	assert_int_equal(plan_step_target(&plan, 1), 6);
	assert_int_equal(plan_step_target(&plan, 2), 10);
	plan_free(&plan);
	plan_try_good(&plan, "--clients unlimited --steps 1");
	assert_int_equal(plan_step_target(&plan, 0), PLAN_CLIENTS_MAX);
	plan_free(&plan);
}

static void
the_schedule_is_ramps_plateaus_and_hold(void **state)
{
	struct plan plan;

	(void)state;
	plan_try_good(&plan, "");
	assert_int_equal(plan_schedule_us(&plan), (10 + 5 * 5 + 30) * S);
	plan_free(&plan);
	plan_try_good(&plan, "--rate max");
	assert_int_equal(plan_schedule_us(&plan), -1);
	plan_free(&plan);
}

/* Whatever this host is, what was read of it must make sense. */
static void
this_host_can_be_read(void **state)
{
	struct host host;

	(void)state;
	host_read(&host, -1);
	assert_true(host.cpus >= 1);
	assert_true(host.nofile >= 16);
	assert_true(host.ports >= 1 && host.ports <= 65535);
	assert_true(host.memory_bytes > 16 * MIB);
	assert_true(host.available_bytes > 0);
	assert_true(host.available_bytes <= host.memory_bytes);
	assert_true(host.files.used > 0 && host.files.used <= host.files.max);
	for (int i = 0; i < HOST_PROCESS_LIMITS; i++)
		assert_true(host.processes[i].used <= host.processes[i].max);
	assert_true(host.processes[HOST_PID_MAX].used > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(workers_follow_the_cpus),
		cmocka_unit_test(acceptors_have_room_for_the_target),
		cmocka_unit_test(given_numbers_are_kept),
		cmocka_unit_test(auto_is_as_documented),
		cmocka_unit_test(sources_follow_the_ports_of_the_namespace),
		cmocka_unit_test(an_injected_backlog_replaces_the_option),
		cmocka_unit_test(injected_limits_may_be_exceeded),
		cmocka_unit_test(the_duration_follows_from_the_plan),
		cmocka_unit_test(contradictions_are_refused),
		cmocka_unit_test(every_process_ceiling_counts),
		cmocka_unit_test(an_injected_limit_of_processes_comes_first),
		cmocka_unit_test(a_small_host_keeps_an_eighth_of_its_memory),
		cmocka_unit_test(unlimited_handlers_are_not_counted),
		cmocka_unit_test(more_than_auto_can_reach_is_refused),
		cmocka_unit_test(no_room_for_descriptors_is_refused),
		cmocka_unit_test(clients_are_shared_out_exactly),
		cmocka_unit_test(steps_end_at_the_target),
		cmocka_unit_test(the_schedule_is_ramps_plateaus_and_hold),
		cmocka_unit_test(this_host_can_be_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
