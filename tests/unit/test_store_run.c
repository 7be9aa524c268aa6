#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "model/resource.h"
#include "made_store.h"
#include "plan_try.h"
#include "store/host.h"
#include "store/run.h"

#define STARTED_US INT64_C(1770000000123456)

static int64_t
create(struct db *db, char *label, pid_t supervisor)
{
	struct plan plan = { .clients = 20000, .rate = 2000, .label = label };
	char command[] = "brink";
	char *argv[] = { command };
	int64_t run_id = run_create(db, &plan, 1, argv, STARTED_US, supervisor, stderr);

	assert_true(run_id > 0);
	return run_id;
}

static char *
query_text(struct db *db, const char *sql)
{
	struct db_statement *s = db_prepare(db, sql);
	char *text;

	assert_non_null(s);
	assert_int_equal(db_step(s), 1);
	text = strdup(db_text(s, 0));
	db_finish(s);
	return text;
}

static void
assert_text(struct db *db, const char *sql, const char *expected)
{
	char *text = query_text(db, sql);

	assert_string_equal(text, expected);
	free(text);
}

static void
a_run_is_stored_with_its_plan_and_host(void **state)
{
	struct db *db = made_store_open(*state, DB_CREATE);
	char label[] = "night";
	struct utsname uts;
	int64_t id = create(db, label, getpid());

	assert_text(db, "SELECT label || state || started_unix_us FROM run",
		    "nightrunning1770000000123456");
	assert_int_equal(
	    db_query_int(db,
			 "SELECT outcome IS NULL AND ended_us IS NULL AND"
			 " json_valid(plan) AND supervisor_pid > 1"
			 " AND supervisor_start > 0 FROM run WHERE run_id = ?1",
			 id, 0),
	    1);
	assert_int_equal(db_query_int(db,
				      "SELECT json_extract(plan, '$.clients')"
				      " FROM run WHERE run_id = ?1",
				      id, 0),
			 20000);
	assert_int_equal(uname(&uts), 0);
	assert_text(db, "SELECT name FROM host", uts.nodename);
	assert_text(db, "SELECT kernel FROM host", uts.release);
	assert_int_equal(db_query_int(db, "SELECT memory_bytes FROM host", 0, 0),
			 sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE));
	assert_int_equal(db_query_int(db, "SELECT cpus FROM host", 0, 0),
			 sysconf(_SC_NPROCESSORS_ONLN));
	db_close(db);
}

static void
runs_on_one_machine_share_its_row(void **state)
{
	struct db *db = made_store_open(*state, DB_CREATE);

	create(db, NULL, getpid());
	create(db, NULL, getpid());
	assert_int_equal(db_query_int(db, "SELECT count(*) FROM host", 0, 0), 1);
	assert_int_equal(db_query_int(db,
				      "SELECT count(*) FROM run WHERE label IS NULL"
				      " AND host_id = (SELECT host_id FROM host)",
				      0, 0),
			 2);
	/* Another kernel: another row. */
	assert_int_equal(db_exec(db, "UPDATE host SET kernel = 'older'"), 0);
	create(db, NULL, getpid());
	assert_int_equal(db_query_int(db, "SELECT count(*) FROM host", 0, 0), 2);
	db_close(db);
}

static void
the_resource_table_is_stored_where_it_changed(void **state)
{
	struct db *db = made_store_open(*state, DB_CREATE);

	create(db, NULL, getpid());
	assert_int_equal(db_query_int(db, "SELECT count(*) FROM resource", 0, 0),
			 resource_count);
	assert_text(db,
		    "SELECT unit || type || resolution || help FROM resource"
		    " WHERE kind = 'process' AND name = 'fds'",
		    "1gauge1open file descriptors");
	assert_int_equal(db_exec(db, "UPDATE resource SET help = 'old', unit = 'x'"), 0);
	create(db, NULL, getpid());
	assert_int_equal(db_query_int(db,
				      "SELECT count(*) FROM resource"
				      " WHERE help = 'old' OR unit = 'x'",
				      0, -1),
			 0);
	db_close(db);
}

/* What a shell makes of the stored command line: a line a word. */
static char *
shell_words(const char *command)
{
	char *script = NULL, *words = calloc(1, 1024);
	FILE *pipe;

	assert_non_null(words);
	assert_true(asprintf(&script, "printf '%%s\\n' %s", command) > 0);
	pipe = popen(script, "r");
	assert_non_null(pipe);
	words[fread(words, 1, 1023, pipe)] = '\0';
	assert_int_equal(pclose(pipe), 0);
	free(script);
	return words;
}

static void
the_command_line_can_be_given_to_a_shell(void **state)
{
	char words[][32] = { "brink", "run",   "--label",    "it's $HOME; `x`",
			     "",      "a\nb*", "--rate=2k/s" };
	char *argv[sizeof(words) / sizeof(words[0])], *command, *read;
	struct plan plan = { .clients = 1 };
	struct db *db = made_store_open(*state, DB_CREATE);

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		argv[i] = words[i];
	assert_int_equal(run_create(db, &plan, 7, argv, STARTED_US, getpid(), stderr), 1);
	command = query_text(db, "SELECT command FROM run");
	assert_int_equal(strncmp(command, "brink run --label 'it", 21), 0);
	read = shell_words(command);
	assert_string_equal(
	    read, "brink\nrun\n--label\nit's $HOME; `x`\n\na\nb*\n--rate=2k/s\n");
	free(read);
	free(command);
	db_close(db);
}

/* What a run is for is known before it is over. */
static void
a_run_begins_with_its_tags(void **state)
{
	struct db *db = made_store_open(*state, DB_CREATE);
	char command[] = "brink", *argv[] = { command }, *tags;
	struct plan plan;

	plan_try_good(&plan, "--tag ticket=4711 --tag nightly --tag ticket=4712");
	assert_int_equal(run_create(db, &plan, 1, argv, STARTED_US, getpid(), stderr), 1);
	tags = query_text(db, "SELECT group_concat(name || '=' || value) FROM tag");
	assert_string_equal(tags, "nightly=,ticket=4712");
	free(tags);
	plan_free(&plan);
	db_close(db);
}

static void
assert_found(struct db *db, const char *operand, int64_t run_id)
{
	int64_t found = run_find(db, operand, stderr);

	if (found != run_id)
		fail_msg("%s: run %lld, not %lld", operand, (long long)found,
			 (long long)run_id);
}

static void
assert_not_found(struct db *db, const char *operand, const char *reason)
{
	char text[256] = "";
	FILE *err = fmemopen(text, sizeof(text), "w");

	assert_non_null(err);
	assert_int_equal(run_find(db, operand, err), -1);
	assert_int_equal(fclose(err), 0);
	if (strstr(text, reason) == NULL)
		fail_msg("\"%s\" is not in: %s", reason, text);
}

static void
a_run_is_found_by_every_operand(void **state)
{
	struct db *db = made_store_open(*state, DB_CREATE);
	char night[] = "night", digits[] = "12";

	assert_not_found(db, "last", "there are no runs");
	for (int i = 0; i < 30; i++)
		create(db, i == 5 || i == 7 ? night : i == 9 ? digits : NULL, getpid());
	assert_int_equal(db_exec(db, "UPDATE run SET run_id = 400 WHERE run_id = 30;"
				     "UPDATE run SET label = '13' WHERE run_id = 13;"
				     "UPDATE run SET label = '40' WHERE run_id = 14;"
				     "DELETE FROM run WHERE run_id = 3"),
			 0);
	assert_found(db, "1", 1);
	assert_found(db, "29", 29);
	assert_found(db, "last", 400);
	assert_found(db, "last-0", 400);
	assert_found(db, "last-2", 28);
	assert_found(db, "night", 8);
	assert_found(db, "12", 12); /* the id, not the label */
	assert_found(db, "40", 14); /* the label, not the prefix of 400 */
	assert_found(db, "400", 400);
	assert_int_equal(db_exec(db, "UPDATE run SET label = NULL WHERE run_id = 14"), 0);
	assert_found(db, "40", 400); /* now the prefix */
	assert_not_found(db, "3", "there is no run \"3\"");
	assert_int_equal(db_exec(db, "DELETE FROM run WHERE run_id IN (1, 4)"), 0);
	assert_not_found(db, "1", "is the beginning of 10 run ids");
	assert_not_found(db, "last-28", "there are only 27 runs");
	assert_not_found(db, "last-", "there is no run");
	assert_not_found(db, "latest", "there is no run");
	assert_not_found(db, "", "there is no run");
	assert_not_found(db, "*", "there is no run");
	assert_not_found(db, "1 OR 1", "there is no run");
	db_close(db);
}

struct reaped {
	int64_t run_id[8];
	int count, fail_at;
};

static int
note_reaped(struct db *db, int64_t run_id, void *arg)
{
	struct reaped *reaped = arg;

	/* By then it is marked, and may be written to. */
	assert_int_equal(
	    db_query_int(db, "SELECT state = 'interrupted' FROM run WHERE run_id = ?1",
			 run_id, 0),
	    1);
	reaped->run_id[reaped->count++] = run_id;
	return reaped->count == reaped->fail_at ? -1 : 0;
}

static pid_t
fork_sleeper(void)
{
	pid_t pid = fork();

	assert_int_not_equal(pid, -1);
	if (pid == 0) {
		pause();
		_exit(0);
	}
	return pid;
}

static void
runs_without_a_supervisor_are_reaped(void **state)
{
	struct db *db = made_store_open(*state, DB_CREATE);
	struct reaped reaped = { 0 };
	pid_t dead = fork_sleeper(), zombie = fork_sleeper(), live = fork_sleeper();
	siginfo_t info;

	create(db, NULL, getpid());
	create(db, NULL, dead);
	create(db, NULL, zombie);
	create(db, NULL, live);
	create(db, NULL, live); /* whose machine was booted since */
	create(db, NULL, live); /* whose pid is another process's by now */
	create(db, NULL, dead); /* that was recorded in order */
	assert_int_equal(
	    db_exec(db, "UPDATE run SET boot_id = 'before' WHERE run_id = 5;"
			"UPDATE run SET supervisor_start = supervisor_start - 1"
			" WHERE run_id = 6;"
			"UPDATE run SET state = 'recorded' WHERE run_id = 7;"
			"INSERT INTO tick VALUES (2, 0, 10, 0, 0), (2, 1, 100010, 0, 0)"),
	    0);
	kill(dead, SIGKILL);
	kill(zombie, SIGKILL);
	assert_int_equal(waitpid(dead, NULL, 0), dead);
	assert_int_equal(waitid(P_PID, (id_t)zombie, &info, WEXITED | WNOWAIT), 0);

	assert_int_equal(run_reap(db, note_reaped, &reaped), 0);
	assert_int_equal(reaped.count, 4);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(reaped.run_id[i], 2 + i);
		assert_int_equal(reaped.run_id[2 + i], 5 + i);
	}
	assert_int_equal(
	    db_query_int(db, "SELECT ended_us FROM run WHERE run_id = 2", 0, -1), 100010);
	assert_int_equal(
	    db_query_int(db, "SELECT ended_us FROM run WHERE run_id = 3", 0, -1), 0);
	assert_text(db, "SELECT group_concat(state, ' ') FROM run",
		    "running interrupted interrupted running interrupted interrupted"
		    " recorded");
	/* Once is enough. */
	assert_int_equal(run_reap(db, note_reaped, &reaped), 0);
	assert_int_equal(reaped.count, 4);
	kill(live, SIGKILL);
	assert_int_equal(waitpid(live, NULL, 0), live);
	assert_int_equal(waitpid(zombie, NULL, 0), zombie);
	db_close(db);
}

static void
reaping_stops_where_the_caller_fails(void **state)
{
	struct db *db = made_store_open(*state, DB_CREATE);
	struct reaped reaped = { .fail_at = 1 };

	create(db, NULL, getpid());
	create(db, NULL, getpid());
	assert_int_equal(db_exec(db, "UPDATE run SET boot_id = 'before'"), 0);
	assert_int_equal(run_reap(db, note_reaped, &reaped), -1);
	assert_int_equal(reaped.count, 1);
	/* The other one is still to be done. */
	assert_int_equal(run_reap(db, note_reaped, &reaped), 0);
	assert_int_equal(reaped.count, 2);
	db_close(db);
}

static void
a_process_is_known_by_its_start(void **state)
{
	pid_t pid = fork_sleeper();

	(void)state;
	assert_true(host_process_start(getpid()) > 0);
	assert_true(host_process_start(pid) >= host_process_start(getpid()));
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(host_process_start(pid), -1);
}

/* Every option comes back as it was stored, whatever its type. */
static void
a_stored_plan_is_read_as_it_was(void **state)
{
	static const char *const lines[] = {
		"",
		"--clients 4321 --rate max --steps 7 --hold 1h30m --listener group"
		" --handler fork --retain 4Ki/conn --retain 64Ki/s --limit"
		" nofile.acceptor=512 --limit nofile.acceptor.3=64 --limit memory=40Mi"
		" --guard-memory 64Mi --expect held>=400 --expect connect.p99<5ms"
		" --abort-on failed>10 --label night --user 54321 --release "
		"kill-acceptors"
		" --cycles 3 --isolate --tag ticket=4711 --tag it_is --connect-timeout "
		"800ms --summary full",
	};
	struct db *db = made_store_open(*state, DB_CREATE);

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct plan plan, again;
		char command[] = "brink", *argv[] = { command };
		char *wanted, *got;
		int64_t run_id;

		plan_try_good(&plan, lines[i]);
		run_id = run_create(db, &plan, 1, argv, STARTED_US, getpid(), stderr);
		assert_true(run_id > 0);
		assert_int_equal(run_plan(db, run_id, &again), 0);
		wanted = plan_json(&plan);
		got = plan_json(&again);
		assert_string_equal(got, wanted);
		free(wanted);
		free(got);
		plan_free(&plan);
		plan_free(&again);
	}
	db_close(db);
}

/* What an older or a newer brink stored, or somebody else. */
static void
a_strange_plan_has_the_defaults(void **state)
{
	static const char *const plans[] = {
		"{}",
		"[]",
		"7",
		"null",
		"{\"cycles\":null,\"hold\":-5,\"interval\":0,\"listener\":\"square\"}",
		"{\"clients\":\"many\",\"limit\":[1,2],\"retain\":{\"year\":1},\"x\":{}}",
		"{\"expect\":[\"moon>1\",5,null],\"user\":-9,\"hold\":{\"a\":1}}",
	};
	struct db *db = made_store_open(*state, DB_CREATE);
	int64_t run_id = create(db, NULL, getpid());
	struct plan plan;
	char *wanted, *got;

	assert_int_equal(plan_default(&plan), 0);
	/* What was spoken before it could be chosen. */
	assert_int_equal(plan_name_protocol(&plan), 0);
	wanted = plan_json(&plan);
	plan_free(&plan);
	for (size_t i = 0; i < sizeof(plans) / sizeof(plans[0]); i++) {
		struct db_statement *s = db_prepare(db, "UPDATE run SET plan = ?1");

		assert_non_null(s);
		db_bind_text(s, 1, plans[i]);
		assert_int_equal(db_run(s), 0);
		db_finish(s);
		assert_int_equal(run_plan(db, run_id, &plan), 0);
		got = plan_json(&plan);
		assert_string_equal(got, wanted);
		free(got);
		plan_free(&plan);
	}
	free(wanted);
	db_close(db);
}

#define RUN_TEST(function) \
	cmocka_unit_test_setup_teardown(function, made_store_setup, made_store_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RUN_TEST(a_run_is_stored_with_its_plan_and_host),
		RUN_TEST(runs_on_one_machine_share_its_row),
		RUN_TEST(the_resource_table_is_stored_where_it_changed),
		RUN_TEST(the_command_line_can_be_given_to_a_shell),
		RUN_TEST(a_run_is_found_by_every_operand),
		RUN_TEST(runs_without_a_supervisor_are_reaped),
		RUN_TEST(reaping_stops_where_the_caller_fails),
		RUN_TEST(a_stored_plan_is_read_as_it_was),
		RUN_TEST(a_strange_plan_has_the_defaults),
		RUN_TEST(a_run_begins_with_its_tags),
		cmocka_unit_test(a_process_is_known_by_its_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
