#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <cmocka.h>

#include "model/limit.h"
#include "plan/checkup.h"
#include "plan/remedy.h"
#include "plan_try.h"

static const struct host_net fresh = {
	.somaxconn = 128,
	.syn_backlog = 512,
	.reserved_ports = 0,
	.time_wait = { 3, 4096 },
	.tcp_bytes = { 4096, INT64_C(1) << 30 },
	.conntrack = { 0, 262144 },
};

static const struct host_ceiling disk = { INT64_C(1) << 30, INT64_C(4) << 30 };

static void
make(const char *line, const struct host *host, const struct host_net *net,
     struct plan *plan, struct checkup *checkup)
{
	plan_try_good(plan, line);
	checkup_make(plan, host, net, &disk, checkup);
}

static const struct ceiling *
row_of(const struct checkup *checkup, const char *id)
{
	for (size_t i = 0; i < checkup->count; i++)
		if (strcmp(checkup->list[i].id, id) == 0)
			return &checkup->list[i];
	fail_msg("no row %s", id);
	return NULL;
}

/* Whatever a run can name as a cause, the doctor speaks of. */
static void
every_cause_is_looked_at(void **state)
{
	struct checkup checkup;
	struct plan plan;

	(void)state;
	make("", &plan_try_host, &fresh, &plan, &checkup);
	assert_true(checkup.count <= CHECKUP_MAX);
	for (size_t i = 0; i < limit_rule_count; i++)
		if (limit_rules[i].blind == NULL)
			row_of(&checkup, limit_rules[i].id);
	plan_free(&plan);
}

static void
those_met_first_come_first(void **state)
{
	struct checkup checkup;
	struct plan plan;
	uint64_t before = 0;
	char line[256];
	const struct ceiling *first;

	(void)state;
	make("--isolate --limit ports=1000 --limit pids=500", &plan_try_host, &fresh,
	     &plan, &checkup);
	for (size_t i = 0; i < checkup.count; i++) {
		assert_true((uint64_t)checkup.list[i].low >= before);
		before = (uint64_t)checkup.list[i].low;
	}
	/* Half of the ports is no ceiling. */
	assert_string_equal(checkup.list[0].id, "port-search");
	assert_int_equal(checkup.list[0].low, 500);
	first = checkup_first(checkup.list, checkup.count);
	assert_string_equal(first->id, "ephemeral-ports");
	checkup_first_line(&plan, first, line, sizeof(line));
	assert_string_equal(line,
			    "first would be met: ephemeral ports (ephemeral-ports), at "
			    "1,000 connections; before the target of 20,000");
	checkup_first_line(&plan, NULL, line, sizeof(line));
	assert_string_equal(line, "no limit that is known would be met");
	plan_free(&plan);
}

/* The kernel holds handshakes under way against the backlog too. */
static void
the_syn_queue_has_no_more_room_than_the_backlog(void **state)
{
	struct host_net net = fresh;
	struct checkup checkup;
	struct plan plan;

	(void)state;
	make("", &plan_try_host, &net, &plan, &checkup);
	assert_int_equal(row_of(&checkup, "syn-queue")->of.max, 128);
	plan_free(&plan);
	make("--backlog 16", &plan_try_host, &net, &plan, &checkup);
	assert_int_equal(row_of(&checkup, "syn-queue")->of.max, 16);
	plan_free(&plan);
	net.somaxconn = 4096;
	make("", &plan_try_host, &net, &plan, &checkup);
	assert_int_equal(row_of(&checkup, "syn-queue")->of.max, 512);
	plan_free(&plan);
}

/* What is asked for is what the arithmetic of the ceiling gives back as the target. */
static void
the_value_to_raise_to_reaches_the_target(void **state)
{
	static const struct {
		const char *line, *id;
		int64_t low, raise;
	} cases[] = {
		{ "--clients 1000 --limit nofile.acceptor=64", "acceptor-nofile", 232,
		  256 },
		{ "--clients 1000 --limit nofile.client=64 --forkers 1 --per-client 1000",
		  "client-nofile", 59, 1005 },
		{ "--clients 4000 --isolate --limit ports=1000", "ephemeral-ports", 1000,
		  4000 },
		{ "--clients 1000 --isolate --limit pids=100 --handler fork",
		  "pids-cgroup", 92, 1008 },
		{ "--clients 1000 --per-client 1 --user 4711 --limit nproc=40", "nproc",
		  34, 1006 },
		{ "--clients 4096 --isolate --limit memory=20Mi --acceptors 4",
		  "memory-cgroup", 2048, 40 << 20 },
		/* Not in the way: twice. */
		{ "--clients 10 --limit nofile.acceptor=64", "acceptor-nofile", 232,
		  128 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct ceiling *row;
		struct checkup checkup;
		struct plan plan;

		make(cases[i].line, &plan_try_host, &fresh, &plan, &checkup);
		row = row_of(&checkup, cases[i].id);
		assert_int_equal(row->low, cases[i].low);
		assert_int_equal(checkup_raise_to(&plan, row), cases[i].raise);
		plan_free(&plan);
	}
}

static void
what_others_use_counts(void **state)
{
	struct host host = plan_try_host;
	struct host_net net = fresh;
	struct checkup checkup;
	struct plan plan;

	(void)state;
	host.cgroup_memory.of =
	    (struct host_ceiling){ INT64_C(10) << 20, INT64_C(20) << 20 };
	net.conntrack.used = 262000;
	net.reserved_ports = 50;
	make("", &host, &net, &plan, &checkup);
	assert_int_equal(row_of(&checkup, "memory-cgroup")->low, 1024);
	assert_int_equal(row_of(&checkup, "conntrack")->low, 144);
	assert_int_equal(row_of(&checkup, "reserved-ports")->of.used, 50);
	assert_int_equal(row_of(&checkup, "accept-queue")->of.max, 129);
	assert_int_equal(row_of(&checkup, "time-wait")->of.used, 3);
	assert_int_equal(row_of(&checkup, "disk-results")->of.max, INT64_C(4) << 30);
	/* Root is not held to it. */
	assert_int_equal(row_of(&checkup, "nproc")->of.max, INT64_MAX);
	assert_int_equal(row_of(&checkup, "nproc")->low, -1);
	plan_free(&plan);

	/* In a namespace of its own nothing is tracked nor reserved. */
	make("--isolate", &host, &net, &plan, &checkup);
	assert_int_equal(row_of(&checkup, "conntrack")->low, -1);
	assert_int_equal(row_of(&checkup, "reserved-ports")->of.used, 0);
	plan_free(&plan);
}

static void
remedies_are_commands(void **state)
{
	static const struct {
		const char *id, *file;
		int64_t value;
		size_t count;
		const char *first, *last;
	} cases[] = {
		{ "system-files", "", 5000, 2, "sysctl -w fs.file-max=5000",
		  "echo 'fs.file-max = 5000' >>/etc/sysctl.d/90-brink.conf" },
		{ "tcp-memory", "", 40960, 2, "sysctl -w net.ipv4.tcp_mem='10 10 10'",
		  "echo 'net.ipv4.tcp_mem = 10 10 10' >>/etc/sysctl.d/90-brink.conf" },
		{ "acceptor-nofile", "", 5008, 2, "ulimit -Hn 5008",
		  "echo '* - nofile 5008' >>/etc/security/limits.d/90-brink.conf" },
		{ "address-space", "", 1025, 2, "ulimit -Hv 2",
		  "echo '* - as 2' >>/etc/security/limits.d/90-brink.conf" },
		{ "pids-cgroup", "/sys/fs/cgroup/a/pids.max", 64, 2,
		  "echo 64 >/sys/fs/cgroup/a/pids.max",
		  "systemctl set-property UNIT TasksMax=64" },
		{ "memory-cgroup", "", 64, 1, "systemctl set-property UNIT MemoryMax=64",
		  "systemctl set-property UNIT MemoryMax=64" },
	};
	struct remedy list[REMEDY_MAX];
	struct plan plan;

	(void)state;
	plan_try_good(&plan, "");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct ceiling row = { .id = cases[i].id };

		assert_int_equal(
		    remedy_list(&plan, &row, cases[i].value, cases[i].file, list),
		    cases[i].count);
		assert_string_equal(list[0].command, cases[i].first);
		assert_string_equal(list[cases[i].count - 1].command, cases[i].last);
		for (size_t k = 0; k < cases[i].count; k++)
			assert_non_null(list[k].lasts);
	}
	assert_int_equal(
	    remedy_list(&plan, &(struct ceiling){ .id = "memory-host" }, 1, "", list), 0);
	plan_free(&plan);
}

/* A backlog that net.core.somaxconn would cut is raised with it, and --sources, which is auto
 * already, is told by number. */
static void
options_are_given_what_helps(void **state)
{
	static const struct {
		const char *line;
		struct ceiling row;
		int64_t value;
		size_t count;
		const char *first, *second;
	} cases[] = {
		{ "",
		  { .id = "accept-queue", .cap = 4096 },
		  129,
		  1,
		  "brink run --backlog 128",
		  NULL },
		{ "",
		  { .id = "accept-queue", .cap = 4096 },
		  8194,
		  3,
		  "brink run --backlog 8193",
		  "sysctl -w net.core.somaxconn=8193" },
		{ "--isolate",
		  { .id = "accept-queue", .cap = 4096 },
		  8194,
		  1,
		  "brink run --backlog 8193 --isolate --limit somaxconn=8193",
		  NULL },
		{ "",
		  { .id = "ephemeral-ports", .of = { 0, 28232 } },
		  56464,
		  3,
		  "brink run --sources 4",
		  "sysctl -w net.ipv4.ip_local_port_range='1024 65535'" },
		/* 40 of 100 are left in one address: 100 connections take three. */
		{ "--sources 1",
		  { .id = "ephemeral-ports", .of = { 60, 100 } },
		  160,
		  3,
		  "brink run --sources 3",
		  "sysctl -w net.ipv4.ip_local_port_range='1024 65535'" },
	};
	struct remedy list[REMEDY_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct plan plan;

		plan_try_good(&plan, cases[i].line);
		assert_int_equal(
		    remedy_list(&plan, &cases[i].row, cases[i].value, "", list),
		    cases[i].count);
		assert_string_equal(list[0].command, cases[i].first);
		if (cases[i].second != NULL)
			assert_string_equal(list[1].command, cases[i].second);
		plan_free(&plan);
	}
}

/* What the run sets itself is not raised on the host. */
static void
remedies_of_what_is_injected_are_options(void **state)
{
	static const struct {
		const char *line, *id, *command;
	} cases[] = {
		{ "--limit nofile.acceptor=64 --clients 1000", "acceptor-nofile",
		  "brink run --limit nofile.acceptor=256" },
		{ "--isolate --limit pids=100 --handler fork --clients 1000",
		  "pids-cgroup", "brink run --isolate --limit pids=1008" },
		{ "--isolate --limit memory=20Mi --clients 4096", "memory-cgroup",
		  "brink run --isolate --limit memory=40Mi" },
		{ "--isolate", "somaxconn", "brink run --isolate --limit somaxconn=256" },
		{ "", "somaxconn", "sysctl -w net.core.somaxconn=256" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct remedy list[REMEDY_MAX];
		const struct ceiling *row;
		struct checkup checkup;
		struct plan plan;

		make(cases[i].line, &plan_try_host, &fresh, &plan, &checkup);
		row = row_of(&checkup, cases[i].id);
		assert_true(
		    remedy_list(&plan, row, checkup_raise_to(&plan, row), "", list) > 0);
		assert_string_equal(list[0].command, cases[i].command);
		plan_free(&plan);
	}
}

static void
a_disk_is_found_above_what_is_not_there(void **state)
{
	struct host_ceiling found, above;
	struct statvfs st;

	(void)state;
	assert_int_equal(statvfs("/", &st), 0);
	host_disk_read("/", &above);
	host_disk_read("/no-such-directory/brink/brink.db", &found);
	assert_int_equal(found.max, (int64_t)(st.f_blocks * st.f_frsize));
	assert_int_equal(found.max, above.max);
	host_disk_read("no-such-file", &found);
	assert_true(found.max < INT64_MAX);
	assert_true(found.used <= found.max);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cause_is_looked_at),
		cmocka_unit_test(those_met_first_come_first),
		cmocka_unit_test(the_syn_queue_has_no_more_room_than_the_backlog),
		cmocka_unit_test(the_value_to_raise_to_reaches_the_target),
		cmocka_unit_test(what_others_use_counts),
		cmocka_unit_test(remedies_are_commands),
		cmocka_unit_test(options_are_given_what_helps),
		cmocka_unit_test(remedies_of_what_is_injected_are_options),
		cmocka_unit_test(a_disk_is_found_above_what_is_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
