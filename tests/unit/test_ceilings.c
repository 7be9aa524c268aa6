#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "skip.h"

#include "base/procfile.h"
#include "made_tree.h"
#include "plan/host.h"
#include "run/record.h"
#include "sample/ceilings.h"

#define SOURCES 3
#define PAGES   4096

static const struct plan plan = {
	.clients = 10,
	.per_client = 10,
	.acceptors = 1,
	.forkers = 1,
	.sources = SOURCES,
	.uid = -1,
};

static int
setup(void **state)
{
	*state = ledger_map(&plan);
	return *state == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	ledger_unmap(*state);
	return 0;
}

/* Ceilings of the subject on record; *value receives the last with that source. */
static int
find(const struct ledger *ledger, enum subject_kind kind, uint32_t index,
     const char *resource, const char *source, int64_t *value)
{
	uint64_t cursor = ring_tail(ledger->ticks);
	struct ring_record record;
	int found = 0;

	while (ring_next(ledger->ticks, &cursor, &record)) {
		const struct limit_record *limit = record.data;

		assert_int_equal(record.kind, RECORD_LIMIT);
		assert_int_equal(record.length, sizeof(*limit));
		if (limit->subject != kind || limit->index != index ||
		    strcmp(limit->resource, resource) != 0 ||
		    strcmp(limit->source, source) != 0)
			continue;
		*value = limit->value;
		found++;
	}
	return found;
}

static void
a_queue_holds_one_more_than_its_backlog(void **state)
{
	struct ledger *ledger = *state;
	int64_t value;

	ceilings_of_listener(ledger, 2, 16);
	assert_int_equal(find(ledger, SUBJECT_LISTENER, 2, "queue",
			      "listen(2), net.core.somaxconn", &value),
			 1);
	assert_int_equal(value, 17);
}

/* The soft limit is what is met; what has no limit has no ceiling. */
static void
a_process_has_its_own_limits(void **state)
{
	const struct rlimit nofile = { 123, 456 }, lower = { 77, 456 },
			    space = { 1 << 30, RLIM_INFINITY };
	struct ledger *ledger = *state;
	int64_t value, said[3][RESOURCE_BOUNDS] = { 0 };
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	assert_int_equal(prlimit(pid, RLIMIT_NOFILE, &nofile, NULL), 0);
	ceilings_of_process(ledger, 7, pid, said[0]);
	assert_int_equal(find(ledger, SUBJECT_PROCESS, 7, "fds", "RLIMIT_NOFILE", &value),
			 1);
	assert_int_equal(value, 123);
	assert_int_equal(
	    find(ledger, SUBJECT_PROCESS, 7, "vm_bytes", "RLIMIT_AS", &value), 0);
	assert_int_equal(prlimit(pid, RLIMIT_AS, &space, NULL), 0);
	ceilings_of_process(ledger, 8, pid, said[1]);
	assert_int_equal(
	    find(ledger, SUBJECT_PROCESS, 8, "vm_bytes", "RLIMIT_AS", &value), 1);
	assert_int_equal(value, 1 << 30);
	/* What was said is not said again, but for what another has changed. */
	assert_int_equal(prlimit(pid, RLIMIT_NOFILE, &lower, NULL), 0);
	ceilings_of_process(ledger, 8, pid, said[1]);
	assert_int_equal(find(ledger, SUBJECT_PROCESS, 8, "fds", "RLIMIT_NOFILE", &value),
			 2);
	assert_int_equal(value, 77);
	assert_int_equal(
	    find(ledger, SUBJECT_PROCESS, 8, "vm_bytes", "RLIMIT_AS", &value), 1);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	/* Of one that is gone, nothing is known. */
	ceilings_of_process(ledger, 9, pid, said[2]);
	assert_int_equal(find(ledger, SUBJECT_PROCESS, 9, "fds", "RLIMIT_NOFILE", &value),
			 0);
}

static int64_t
sysctl(const char *path)
{
	int64_t value;

	assert_int_equal(procfile_read_i64(path, &value), 0);
	return value;
}

static void
the_hosts_ceilings_are_its_sysctls(void **state)
{
	struct ledger *ledger = *state;
	int64_t value, files = sysctl("/proc/sys/fs/file-max");
	char text[128];
	long long words[3];

	ceilings_of_host(ledger);
	assert_int_equal(
	    find(ledger, SUBJECT_HOST, 0, "process_ids", "kernel.pid_max", &value), 1);
	assert_int_equal(value, sysctl("/proc/sys/kernel/pid_max"));
	/* The largest number there is means none; who is not held to it has none. */
	assert_int_equal(find(ledger, SUBJECT_HOST, 0, "files", "fs.file-max", &value),
			 files != INT64_MAX && !host_is_exempt(-1));
	if (files != INT64_MAX && !host_is_exempt(-1))
		assert_int_equal(value, files);
	/* The third word, in pages. */
	assert_true(procfile_read("/proc/sys/net/ipv4/tcp_mem", text, sizeof(text)) > 0);
	assert_int_equal(sscanf(text, "%lld %lld %lld", &words[0], &words[1], &words[2]),
			 3);
	assert_int_equal(
	    find(ledger, SUBJECT_HOST, 0, "tcp_memory_bytes", "net.ipv4.tcp_mem", &value),
	    1);
	assert_int_equal(value, words[2] * PAGES);
}

/* Those of the namespace that the run is in, as --limit sets them there. */
static void
the_namespaces_ceilings_are_its_own(void **state)
{
	struct ledger *ledger = *state;
	int64_t value;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (unshare(CLONE_NEWNET) == -1)
			_exit(77);
		if (procfile_write("/proc/sys/net/ipv4/tcp_max_tw_buckets", "50") == -1 ||
		    procfile_write("/proc/sys/net/ipv4/ip_local_port_range",
				   "50000 50099") == -1)
			_exit(1);
		ceilings_of_host(ledger);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WEXITSTATUS(status) == 77)
		skip_because("only root may make a namespace for the asking");
	assert_int_equal(status, 0);
	assert_int_equal(find(ledger, SUBJECT_NETNS, 0, "tcp_time_wait",
			      "net.ipv4.tcp_max_tw_buckets", &value),
			 1);
	assert_int_equal(value, 50);
	/* The whole range for each source address. */
	assert_int_equal(find(ledger, SUBJECT_GROUP, GROUP_CLIENTS, "held",
			      "net.ipv4.ip_local_port_range", &value),
			 1);
	assert_int_equal(value, 100 * SOURCES);
}

/* Workers of another user are held to what root is not. */
static void
a_plain_users_ceilings_are_the_hosts_files_and_processes(void **state)
{
	struct plan plain = plan;
	struct ledger *ledger;
	int64_t value, files = sysctl("/proc/sys/fs/file-max");

	(void)state;
	plain.uid = 54321;
	ledger = ledger_map(&plain);
	assert_non_null(ledger);
	assert_false(host_is_exempt(54321));
	ceilings_of_host(ledger);
	ceilings_of_user(ledger, getpid());
	assert_int_equal(find(ledger, SUBJECT_HOST, 0, "files", "fs.file-max", &value),
			 files != INT64_MAX);
	assert_int_equal(
	    find(ledger, SUBJECT_HOST, 0, "user_threads", "RLIMIT_NPROC", &value),
	    procfile_rlimit(getpid(), "Max processes", &value) == 0);
	ledger_unmap(ledger);
}

/* Said of each cgroup by itself, once and again where it was changed. */
static void
cgroups_have_their_own(void **state)
{
	struct ledger *ledger = *state;
	struct cgroups *cgroups = calloc(1, sizeof(*cgroups));
	struct made_tree tree;
	char mounts[256], buf[4096];
	struct cgroup_map map = { "0::/a/run\n", mounts };
	int64_t value;

	assert_non_null(cgroups);
	made_tree_begin(&tree);
	snprintf(mounts, sizeof(mounts),
		 "30 1 0:26 / %s rw - cgroup2 cgroup2 rw,nsdelegate\n", tree.root);
	made_tree_directory(&tree, "a");
	made_tree_directory(&tree, "a/run");
	made_tree_file(&tree, "a/pids.max", "200\n");
	made_tree_file(&tree, "a/run/memory.max", "20971520\n");
	made_tree_file(&tree, "a/run/pids.max", "max\n");
	cgroups_init(cgroups, ledger);
	for (int i = 0; i < 2; i++) {
		cgroups_take(cgroups, &map, buf, sizeof(buf));
		ceilings_of_cgroups(cgroups);
	}
	assert_int_equal(
	    find(ledger, SUBJECT_CGROUP, 0, "memory_bytes", "memory.max", &value), 1);
	assert_int_equal(value, 20971520);
	assert_int_equal(find(ledger, SUBJECT_CGROUP, 0, "pids", "pids.max", &value), 0);
	assert_int_equal(find(ledger, SUBJECT_CGROUP, 1, "pids", "pids.max", &value), 1);
	assert_int_equal(value, 200);
	made_tree_file(&tree, "a/pids.max", "100\n");
	ceilings_of_cgroups(cgroups);
	assert_int_equal(find(ledger, SUBJECT_CGROUP, 1, "pids", "pids.max", &value), 2);
	assert_int_equal(value, 100);
	cgroups_close(cgroups);
	free(cgroups);
	made_tree_end(&tree);
}

#define CEILINGS_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CEILINGS_TEST(a_queue_holds_one_more_than_its_backlog),
		CEILINGS_TEST(a_process_has_its_own_limits),
		CEILINGS_TEST(the_hosts_ceilings_are_its_sysctls),
		CEILINGS_TEST(the_namespaces_ceilings_are_its_own),
		CEILINGS_TEST(a_plain_users_ceilings_are_the_hosts_files_and_processes),
		CEILINGS_TEST(cgroups_have_their_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
