#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "skip.h"

#include "base/procfile.h"
#include "run/isolate.h"

#define NOBODY         65534
#define SOMAXCONN_PATH "/proc/sys/net/core/somaxconn"
#define RANGE_PATH     "/proc/sys/net/ipv4/ip_local_port_range"
#define TW_PATH        "/proc/sys/net/ipv4/tcp_max_tw_buckets"

/* What a child that isolates itself finds, in memory that it shares with the test. */
struct report {
	int result;
	ino_t netns;
	int64_t somaxconn, tw_buckets;
	char range[64];
	bool lo_up;
	uid_t uid;
	char err[512];
};

static struct report *report;

static ino_t
netns(void)
{
	struct stat st;

	return stat("/proc/self/ns/net", &st) == -1 ? 0 : st.st_ino;
}

/* As a process of that user has it from its start: its /proc files are its own. */
static void
become(uid_t uid)
{
	if (uid == getuid())
		return;
	if (setresuid(uid, uid, uid) == -1 || prctl(PR_SET_DUMPABLE, 1) == -1)
		_exit(1);
}

/* A namespace may be had here, as root or by a user namespace. */
static bool
is_allowed(uid_t uid)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		become(uid);
		_exit(unshare(CLONE_NEWNET) == 0 ||
			      unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0
			  ? 0
			  : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status == 0;
}

static bool
loopback_works(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	int client = socket(AF_INET, SOCK_STREAM, 0);

	return bind(listener, (struct sockaddr *)&address, length) == 0 &&
	       listen(listener, 1) == 0 &&
	       getsockname(listener, (struct sockaddr *)&address, &length) == 0 &&
	       connect(client, (struct sockaddr *)&address, length) == 0;
}

/* isolate() in a child of that user. */
static void
isolate_as(uid_t uid, const struct plan *plan)
{
	int status;
	pid_t pid;

	memset(report, 0, sizeof(*report));
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		FILE *err = fmemopen(report->err, sizeof(report->err), "w");

		become(uid);
		report->result = isolate(plan, err);
		fflush(err);
		report->netns = netns();
		procfile_read_i64(SOMAXCONN_PATH, &report->somaxconn);
		procfile_read_i64(TW_PATH, &report->tw_buckets);
		procfile_read(RANGE_PATH, report->range, sizeof(report->range));
		report->lo_up = loopback_works();
		report->uid = getuid();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static struct plan
plan_isolated(void)
{
	struct plan plan = { .isolate = 1, .port = 9099 };

	for (int i = 0; i < LIMIT_COUNT; i++)
		plan.limit[i] = -1;
	return plan;
}

static int64_t
sysctl(const char *path)
{
	int64_t value;

	assert_int_equal(procfile_read_i64(path, &value), 0);
	return value;
}

static void
without_isolate_nothing_changes(void **state)
{
	struct plan plan = plan_isolated();
	int64_t somaxconn = sysctl(SOMAXCONN_PATH);

	(void)state;
	plan.isolate = 0;
	plan.limit[LIMIT_SOMAXCONN] = somaxconn + 1;
	isolate_as(getuid(), &plan);
	assert_int_equal(report->result, 0);
	assert_int_equal(report->netns, netns());
	assert_int_equal(report->somaxconn, somaxconn);
	assert_int_equal(sysctl(SOMAXCONN_PATH), somaxconn);
}

static void
a_namespace_of_its_own_has_loopback(void **state)
{
	struct plan plan = plan_isolated();

	(void)state;
	if (!is_allowed(getuid()))
		skip_because("no namespace may be made here");
	isolate_as(getuid(), &plan);
	assert_int_equal(report->result, 0);
	assert_string_equal(report->err, "");
	assert_int_not_equal(report->netns, netns());
	assert_true(report->lo_up);
	assert_int_equal(report->uid, getuid());
}

/* Each by the name of its sysctl; what is not asked for stays as the namespace has it. */
static void
limits_hold_inside_and_nowhere_else(void **state)
{
	struct plan plan = plan_isolated();
	int64_t somaxconn = sysctl(SOMAXCONN_PATH), tw_buckets = sysctl(TW_PATH);
	char range[64];
	int low, high;

	(void)state;
	if (!is_allowed(getuid()))
		skip_because("no namespace may be made here");
	procfile_read(RANGE_PATH, range, sizeof(range));
	plan.limit[LIMIT_SOMAXCONN] = 17;
	plan.limit[LIMIT_PORTS] = 100;
	isolate_as(getuid(), &plan);
	assert_int_equal(report->result, 0);
	assert_string_equal(report->err, "");
	assert_int_equal(report->somaxconn, 17);
	assert_int_equal(sscanf(report->range, "%d %d", &low, &high), 2);
	assert_int_equal(high - low + 1, 100);
	assert_true(plan.port < low || plan.port > high);
	assert_int_not_equal(report->tw_buckets, 17);

	plan = plan_isolated();
	plan.limit[LIMIT_TW_BUCKETS] = 50;
	isolate_as(getuid(), &plan);
	assert_int_equal(report->tw_buckets, 50);
	assert_int_not_equal(report->somaxconn, 17);

	assert_int_equal(sysctl(SOMAXCONN_PATH), somaxconn);
	assert_int_equal(sysctl(TW_PATH), tw_buckets);
	procfile_read(RANGE_PATH, report->range, sizeof(report->range));
	assert_string_equal(report->range, range);
}

static void
a_limit_that_cannot_be_set_is_named(void **state)
{
	struct plan plan = plan_isolated();

	(void)state;
	if (!is_allowed(getuid()))
		skip_because("no namespace may be made here");
	plan.limit[LIMIT_SOMAXCONN] = INT64_MAX;
	isolate_as(getuid(), &plan);
	assert_int_equal(report->result, -1);
	assert_non_null(strstr(report->err, "--limit somaxconn: net.core.somaxconn "
					    "cannot be set to 9223372036854775807"));
	assert_ptr_equal(strchr(report->err, '\n'),
			 report->err + strlen(report->err) - 1);

	plan = plan_isolated();
	plan.limit[LIMIT_PORTS] = 64511;
	isolate_as(getuid(), &plan);
	assert_int_equal(report->result, -1);
	assert_non_null(strstr(report->err, "no range beside port 9099"));
}

/* A plain user keeps his uid, or is told why not. */
static void
a_plain_user_isolates_where_the_system_permits(void **state)
{
	struct plan plan = plan_isolated();
	uid_t user = getuid() == 0 ? NOBODY : getuid();

	(void)state;
	plan.limit[LIMIT_PORTS] = 100;
	isolate_as(user, &plan);
	assert_int_equal(report->uid, user);
	if (is_allowed(user)) {
		assert_int_equal(report->result, 0);
		assert_int_not_equal(report->netns, netns());
		assert_true(report->lo_up);
	} else {
		assert_int_equal(report->result, -1);
		assert_int_equal(report->netns, netns());
		assert_non_null(strstr(report->err, "--isolate: no network namespace"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_isolate_nothing_changes),
		cmocka_unit_test(a_namespace_of_its_own_has_loopback),
		cmocka_unit_test(limits_hold_inside_and_nowhere_else),
		cmocka_unit_test(a_limit_that_cannot_be_set_is_named),
		cmocka_unit_test(a_plain_user_isolates_where_the_system_permits),
	};

	report = mmap(NULL, sizeof(*report), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (report == MAP_FAILED)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
