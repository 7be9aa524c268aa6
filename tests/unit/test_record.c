#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "run/record.h"

static const struct plan plan = {
	.clients = 30, .per_client = 10, .acceptors = 3, .forkers = 1
};

static const char *
name_of(const struct ledger *ledger, enum subject_kind kind, uint32_t index)
{
	static char name[RECORD_NAME];

	subject_name(ledger, kind, index, name, sizeof(name));
	return name;
}

/* These are what a user selects by in the store. */
static void
subjects_have_the_names_they_are_stored_under(void **state)
{
	struct ledger *ledger = ledger_map(&plan);

	(void)state;
	assert_non_null(ledger);
	assert_string_equal(name_of(ledger, SUBJECT_HOST, 0), "host");
	assert_string_equal(name_of(ledger, SUBJECT_NETNS, 0), "netns");
	assert_string_equal(name_of(ledger, SUBJECT_CGROUP, 0), "cgroup");
	assert_string_equal(name_of(ledger, SUBJECT_LISTENER, 2), "listener 2");
	assert_string_equal(name_of(ledger, SUBJECT_GROUP, GROUP_ACCEPTORS), "acceptors");
	assert_string_equal(name_of(ledger, SUBJECT_GROUP, GROUP_HANDLERS), "handlers");
	assert_string_equal(name_of(ledger, SUBJECT_GROUP, GROUP_FORKERS), "forkers");
	assert_string_equal(name_of(ledger, SUBJECT_GROUP, GROUP_CLIENTS), "clients");
	assert_string_equal(name_of(ledger, SUBJECT_GROUP, GROUP_OBSERVERS), "observers");
	ledger_unmap(ledger);
}

/* The slot, not the row: acceptors, forkers and clients each count from 0. */
static void
workers_are_named_by_role_and_slot(void **state)
{
	struct ledger *ledger = ledger_map(&plan);

	(void)state;
	assert_non_null(ledger);
	assert_string_equal(name_of(ledger, SUBJECT_WORKER, 2), "acceptor 2");
	assert_string_equal(name_of(ledger, SUBJECT_WORKER, 3), "forker 0");
	assert_string_equal(name_of(ledger, SUBJECT_WORKER, 4), "canary");
	assert_string_equal(name_of(ledger, SUBJECT_WORKER, 7), "client 2");
	ledger_unmap(ledger);
}

static void
processes_are_named_as_they_were_listed(void **state)
{
	struct ledger *ledger = ledger_map(&plan);

	(void)state;
	assert_non_null(ledger);
	ledger_process_add(ledger, ROLE_SUPERVISOR, 0);
	ledger_process_add(ledger, ROLE_RECORDER, 0);
	ledger_process_add(ledger, ROLE_HANDLER, 17);
	ledger_process_add(ledger, ROLE_CLIENT, 1);
	assert_string_equal(name_of(ledger, SUBJECT_PROCESS, 0), "supervisor");
	assert_string_equal(name_of(ledger, SUBJECT_PROCESS, 1), "recorder");
	assert_string_equal(name_of(ledger, SUBJECT_PROCESS, 2), "handler 17");
	assert_string_equal(name_of(ledger, SUBJECT_PROCESS, 3), "client 1");
	ledger_unmap(ledger);
}

static void
a_name_that_is_too_long_is_cut(void **state)
{
	struct ledger *ledger = ledger_map(&plan);
	char name[8];

	(void)state;
	assert_non_null(ledger);
	subject_name(ledger, SUBJECT_LISTENER, 12, name, sizeof(name));
	assert_string_equal(name, "listene");
	ledger_unmap(ledger);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(subjects_have_the_names_they_are_stored_under),
		cmocka_unit_test(workers_are_named_by_role_and_slot),
		cmocka_unit_test(processes_are_named_as_they_were_listed),
		cmocka_unit_test(a_name_that_is_too_long_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
