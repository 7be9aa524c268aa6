#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "made_run.h"
#include "report/live.h"
#include "store/host.h"
#include "store/run.h"

/* The line of a run at its newest sample, or its events that were not seen yet; the caller frees
 * it. */
static char *
written(struct made_run *made, const struct live *live, struct live_events *seen)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	if (seen != NULL)
		assert_int_equal(live_write_events(made->db, made->run_id, seen, out), 0);
	else
		live_write_line(live, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void
the_newest_sample_is_shown(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;
	struct live live;
	char *text;

	(void)state;
	model.nofile = 4000;
	model.release_us = MADE_NEVER;
	made_run_begin(&made, &model);
	assert_int_equal(live_load(&live, made.db, made.run_id), 0);
	assert_string_equal(live.state, "recorded");
	assert_int_equal(live.held, 2000);
	assert_int_equal(live.accepted, 2000);
	assert_int_equal(live.established_per_s, 0);
	/* The resource of the acceptor, not one that has more room. */
	assert_string_equal(live.near_resource, "fds");
	assert_string_equal(live.near_subject, "acceptor 0");
	assert_int_equal(live.near_value, 2007);
	assert_int_equal(live.near_limit, 4000);
	text = written(&made, &live, NULL);
	/* What matters most comes first. */
	assert_non_null(strstr(
	    text, " | 2,000 of 2,000 held | next open files of acceptor 0: 2,007 of 4,000"
		  " (50.2 %) | 2,000 attempted, 2,000 established, 2,000 accepted, "));
	free(text);
	made_run_end(&made);
}

/* The limit of one that is gone says nothing of the one that took its name. */
static void
a_process_is_held_to_its_own_limit(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;
	struct live live;

	(void)state;
	model.nofile = 4000;
	model.release_us = MADE_NEVER;
	made_run_begin(&made, &model);
	made_sql(&made,
		 "INSERT INTO subject (run_id, kind, subject, name, role, slot)"
		 " SELECT run_id, kind, 9999, name, role, slot FROM subject"
		 " WHERE run_id = 1 AND kind = 'process' AND name = 'acceptor 0';"
		 "INSERT INTO resource_limit VALUES (1, 'process', 9999, 'fds', 10,"
		 " 'RLIMIT_NOFILE')");
	assert_int_equal(live_load(&live, made.db, made.run_id), 0);
	assert_string_equal(live.near_subject, "acceptor 0");
	assert_int_equal(live.near_limit, 4000);
	made_run_end(&made);
}

/* The memory that the guard keeps is a floor: 20 GiB above one of 1 GiB is no limit met. */
static void
the_memory_guard_is_a_floor(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;
	struct live live;
	char *text;

	(void)state;
	model.release_us = MADE_NEVER;
	made_run_begin(&made, &model);
	made_sql(&made,
		 "INSERT INTO resource_limit VALUES (1, 'host', 0, 'available_bytes',"
		 " 1 << 30, '--guard-memory');"
		 "INSERT INTO host_sample (run_id, tick, subject, available_bytes)"
		 " SELECT 1, tick, 0, 20 << 30 FROM tick");
	assert_int_equal(live_load(&live, made.db, made.run_id), 0);
	assert_string_equal(live.near_resource, "fds");
	made_sql(&made, "UPDATE host_sample SET available_bytes = 5 << 28");
	assert_int_equal(live_load(&live, made.db, made.run_id), 0);
	text = written(&made, &live, NULL);
	assert_non_null(strstr(text, "| next available memory of host: 1.2 GiB, no less"
				     " than 1.0 GiB (80.0 %) | "));
	free(text);
	made_run_end(&made);
}

static void
a_run_without_a_sample_is_shown_too(void **state)
{
	struct made_run made;
	struct live live;
	char *text;

	(void)state;
	made_run_begin(&made, &made_model_default);
	made_sql(&made, "DELETE FROM tick");
	assert_int_equal(live_load(&live, made.db, made.run_id), 0);
	assert_int_equal(live.tick, -1);
	assert_int_equal(live.held, -1);
	assert_int_equal(live.near_limit, 0);
	text = written(&made, &live, NULL);
	assert_null(strstr(text, "held"));
	free(text);
	made_run_end(&made);
}

static void
events_are_written_once_and_safely(void **state)
{
	struct made_run made;
	struct live_events seen = { 0 };
	char *text;

	(void)state;
	made_run_begin(&made, &made_model_default);
	made_event(&made, 1500000, "note", "run", "one\033[2J");
	text = written(&made, NULL, &seen);
	assert_non_null(strstr(text, "    1.5 s run: one^[[2J\n"));
	free(text);
	/* Recorder and sampler number theirs from far above: they hide none that comes. */
	made_sql(&made, "INSERT INTO event VALUES (1, 2000000000, 2000000, 'warning',"
			" 'gap', 'sampler', 'a gap')");
	text = written(&made, NULL, &seen);
	assert_string_equal(text, "    2.0 s sampler: a gap\n");
	free(text);
	made_event(&made, 2500000, "note", "run", "two");
	text = written(&made, NULL, &seen);
	assert_string_equal(text, "    2.5 s run: two\n");
	free(text);
	text = written(&made, NULL, &seen);
	assert_string_equal(text, "");
	free(text);
	made_run_end(&made);
}

static void
a_run_is_live_while_its_supervisor_is(void **state)
{
	struct made_run made;
	char boot_id[BOOT_ID_SIZE];

	(void)state;
	made_run_begin(&made, &made_model_default);
	assert_false(run_is_live(made.db, made.run_id));
	host_boot_id(boot_id);
	made_sql(&made,
		 "UPDATE run SET state = 'running', supervisor_pid = %lld,"
		 " supervisor_start = NULL, boot_id = '%s'",
		 (long long)getpid(), boot_id);
	assert_true(run_is_live(made.db, made.run_id));
	assert_false(run_is_live(made.db, made.run_id + 1));
	made_sql(&made, "UPDATE run SET boot_id = 'another'");
	assert_false(run_is_live(made.db, made.run_id));
	made_run_end(&made);
}

/* A process that holds the run of the file, until it is killed. */
static pid_t
fork_holder(const char *path, int64_t run_id)
{
	int ready[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		struct db *db = db_open(path, DB_WRITE, stderr);

		if (db == NULL || run_hold(db, run_id) == -1 ||
		    write(ready[1], "", 1) != 1)
			_exit(1);
		pause();
		_exit(1);
	}
	assert_int_equal(close(ready[1]), 0);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(close(ready[0]), 0);
	return pid;
}

static void
kill_and_reap(pid_t pid)
{
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* As it is seen from another pid namespace: the pid is nobody's here, or another's. */
static void
a_run_is_live_while_it_is_held(void **state)
{
	static const char *const pids[] = { "2147483647, supervisor_start = 1",
					    "1, supervisor_start = NULL" };
	char boot_id[BOOT_ID_SIZE];
	struct made_run made;
	pid_t holder;

	(void)state;
	host_boot_id(boot_id);
	for (size_t i = 0; i < sizeof(pids) / sizeof(pids[0]); i++) {
		made_run_begin(&made, &made_model_default);
		made_sql(&made,
			 "UPDATE run SET state = 'running', boot_id = '%s',"
			 " supervisor_pid = %s",
			 boot_id, pids[i]);
		holder = fork_holder(db_path(made.db), made.run_id);
		assert_true(run_is_held(made.db, made.run_id));
		assert_false(run_is_held(made.db, made.run_id + 1));
		assert_true(run_is_live(made.db, made.run_id));
		/* Nor does it matter what the machine seems to be. */
		made_sql(&made, "UPDATE run SET boot_id = 'another'");
		assert_true(run_is_live(made.db, made.run_id));
		made_sql(&made, "UPDATE run SET boot_id = '%s'", boot_id);
		kill_and_reap(holder);
		assert_false(run_is_held(made.db, made.run_id));
		assert_false(run_is_live(made.db, made.run_id));
		made_run_end(&made);
	}
}

/* Without a lock the pid of another namespace says nothing: samples do. */
static void
a_run_of_another_namespace_is_live_while_it_is_written(void **state)
{
	static const char *const namespaces[] = { "1", "NULL" };
	char boot_id[BOOT_ID_SIZE];
	struct made_run made;

	(void)state;
	host_boot_id(boot_id);
	for (size_t i = 0; i < sizeof(namespaces) / sizeof(namespaces[0]); i++) {
		made_run_begin(&made, &made_model_default);
		made_sql(&made,
			 "UPDATE run SET state = 'running', boot_id = '%s',"
			 " supervisor_pid = 2147483647, supervisor_lock = NULL,"
			 " supervisor_pid_namespace = %s,"
			 " started_unix_us = strftime('%%s') * 1000000",
			 boot_id, namespaces[i]);
		assert_true(run_is_live(made.db, made.run_id));
		made_sql(&made, "UPDATE run SET started_unix_us = started_unix_us - %lld",
			 3600 * 1000000LL);
		assert_false(run_is_live(made.db, made.run_id));
		made_run_end(&made);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_newest_sample_is_shown),
		cmocka_unit_test(a_process_is_held_to_its_own_limit),
		cmocka_unit_test(the_memory_guard_is_a_floor),
		cmocka_unit_test(a_run_without_a_sample_is_shown_too),
		cmocka_unit_test(events_are_written_once_and_safely),
		cmocka_unit_test(a_run_is_live_while_its_supervisor_is),
		cmocka_unit_test(a_run_is_live_while_it_is_held),
		cmocka_unit_test(a_run_of_another_namespace_is_live_while_it_is_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
