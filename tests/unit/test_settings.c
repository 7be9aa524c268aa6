#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/procfile.h"
#include "run/record.h"
#include "sample/settings.h"

/* No namespace of its own may be had here. */
#define APART_REFUSED 77

static const struct plan plan = {
	.clients = 10,
	.per_client = 10,
	.acceptors = 1,
	.forkers = 1,
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

/* The setting of that name on record, which is there once at most. */
static const struct setting_record *
find(const struct ledger *ledger, const char *name)
{
	uint64_t cursor = ring_tail(ledger->ticks);
	const struct setting_record *found = NULL;
	struct ring_record record;

	while (ring_next(ledger->ticks, &cursor, &record)) {
		const struct setting_record *setting = record.data;

		assert_int_equal(record.kind, RECORD_SETTING);
		assert_int_equal(record.length, sizeof(*setting));
		if (strcmp(setting->name, name) != 0)
			continue;
		assert_null(found);
		found = setting;
	}
	return found;
}

/* In the store a setting of the namespace must not pass for one of the host. */
static void
settings_are_of_what_they_belong_to(void **state)
{
	static const struct {
		const char *name;
		enum subject_kind subject;
	} cases[] = {
		{ "net.core.somaxconn", SUBJECT_NETNS },
		{ "net.ipv4.tcp_syn_retries", SUBJECT_NETNS },
		{ "kernel.pid_max", SUBJECT_HOST },
		{ "fs.file-max", SUBJECT_HOST },
		{ "RLIMIT_NOFILE", SUBJECT_HOST },
	};
	struct ledger *ledger = *state;

	settings_record(ledger);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct setting_record *setting = find(ledger, cases[i].name);

		assert_non_null(setting);
		assert_int_equal(setting->subject, cases[i].subject);
		assert_int_equal(setting->index, 0);
	}
	assert_null(find(ledger, "net.ipv4.no_such_name"));
}

/* By a process of its own, whose limits are known and whose namespace is. */
static void
values_are_those_of_the_process(void **state)
{
	struct ledger *ledger = *state;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		const struct rlimit nofile = { 123, 456 },
				    space = { RLIM_INFINITY, RLIM_INFINITY };
		cpu_set_t here;

		CPU_ZERO(&here);
		CPU_SET(sched_getcpu(), &here);
		if (sched_setaffinity(0, sizeof(here), &here) == -1 ||
		    setrlimit(RLIMIT_NOFILE, &nofile) == -1 ||
		    (setrlimit(RLIMIT_AS, &space) == -1 && errno != EPERM))
			_exit(1);
		bool apart = unshare(CLONE_NEWNET) == 0;
		if (apart && procfile_write("/proc/sys/net/core/somaxconn", "17") == -1)
			_exit(2);
		settings_record(ledger);
		_exit(apart ? 0 : APART_REFUSED);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_true(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == APART_REFUSED);
	assert_string_equal(find(ledger, "RLIMIT_NOFILE")->value, "123");
	assert_string_equal(find(ledger, "RLIMIT_NOFILE hard")->value, "456");
	assert_string_equal(find(ledger, "RLIMIT_AS")->value, "unlimited");
	assert_string_equal(find(ledger, SETTING_PROCESSORS)->value, "1");
	if (WEXITSTATUS(status) == 0)
		assert_string_equal(find(ledger, "net.core.somaxconn")->value, "17");
}

#define SETTINGS_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SETTINGS_TEST(settings_are_of_what_they_belong_to),
		SETTINGS_TEST(values_are_those_of_the_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
