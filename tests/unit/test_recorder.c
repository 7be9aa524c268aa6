#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "model/resource.h"
#include "made_ledger.h"
#include "store/histogram_pack.h"

#define PROCESSES 30

/* Columns of the first row, as text: "a|b|-", "-" for NULL. Valid until the next call. */
static const char *
row(struct db *db, const char *sql)
{
	static char text[1024];
	struct db_statement *s = db_prepare(db, sql);
	size_t used = 0;

	if (s == NULL)
		fail_msg("%s: %s", sql, db_error(db));
	text[0] = '\0';
	if (db_step(s) == 1)
		for (int i = 0; i < db_columns(s); i++)
			used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s",
						 i > 0 ? "|" : "",
						 db_is_null(s, i) ? "-" : db_text(s, i));
	db_finish(s);
	return text;
}

static int64_t
number(struct db *db, const char *sql)
{
	return db_query_int(db, sql, 0, -1);
}

/* Every reading of every tick is there, once. */
static void
assert_ticks_complete(struct db *db, const struct made_ledger *made, int processes)
{
	const struct {
		const char *sql;
		int64_t rows;
	} counts[] = {
		{ "SELECT count(*) FROM tick WHERE run_id = ?1", 1 },
		{ "SELECT max(tick) + 1 FROM tick WHERE run_id = ?1", 1 },
		{ "SELECT count(*) FROM host_sample WHERE run_id = ?1", 1 },
		{ "SELECT count(*) FROM netns_sample WHERE run_id = ?1", 1 },
		{ "SELECT count(*) FROM cgroup_sample WHERE run_id = ?1", 1 },
		{ "SELECT count(*) FROM listener_sample WHERE run_id = ?1", 1 },
		{ "SELECT count(*) FROM process_sample WHERE run_id = ?1", processes },
		{ "SELECT count(*) FROM worker_sample WHERE run_id = ?1",
		  MADE_ACCEPTORS + MADE_FORKERS + 1 },
		{ "SELECT count(*) FROM group_sample WHERE run_id = ?1",
		  GROUPS_BUILT_IN },
	};

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		assert_int_equal(db_query_int(db, counts[i].sql, made->run_id, -1),
				 made->ticks * counts[i].rows);
}

static void
assert_kind_as_pushed(struct db *db, enum subject_kind kind)
{
	char sql[128];
	struct db_statement *s;
	size_t count;

	resource_of(kind, &count);
	snprintf(sql, sizeof(sql), "SELECT * FROM %s_sample", subject_kind_name(kind));
	s = db_prepare(db, sql);
	assert_non_null(s);
	while (db_step(s) == 1)
		for (int i = 0; i < (int)count; i++) {
			if (kind == SUBJECT_HOST && i == (int)count - 1)
				assert_true(db_is_null(s, i + 3));
			else
				assert_int_equal(db_int(s, i + 3),
						 made_reading(kind,
							      (uint32_t)db_int(s, 2),
							      db_int(s, 1), i));
		}
	db_finish(s);
}

static void
samples_are_stored_as_they_were_read(void **state)
{
	struct made_ledger made;
	struct db *db;

	made_ledger_begin(&made, *state);
	for (int i = 0; i < 20; i++)
		made_tick_push(&made, PROCESSES);
	assert_int_equal(made_recorder_quit(&made, made_recorder_start(&made)), 0);
	db = made_store_open(*state, DB_READ);
	assert_ticks_complete(db, &made, PROCESSES);
	for (int kind = SUBJECT_HOST; kind < SUBJECT_KINDS; kind++)
		assert_kind_as_pushed(db, (enum subject_kind)kind);
	assert_string_equal(
	    row(db, "SELECT t_us, late_us, took_us FROM tick WHERE tick = 7"),
	    "700007|7|157");
	assert_string_equal(
	    row(db, "SELECT group_concat(name, ',') FROM subject WHERE kind = 'worker'"),
	    "acceptor 0,acceptor 1,forker 0,forker 1,canary");
	assert_string_equal(
	    row(db, "SELECT group_concat(name, ',') FROM subject WHERE kind = 'group'"),
	    "acceptors,handlers,forkers,clients,observers");
	db_close(db);
	made_ledger_end(&made);
}

static void
push_limits_settings_gauges(struct made_ledger *made)
{
	struct limit_record limit = { .subject = SUBJECT_WORKER,
				      .index = 1,
				      .resource = "held",
				      .value = 57,
				      .source = "RLIMIT_NOFILE" };
	struct setting_record setting = { .subject = SUBJECT_NETNS,
					  .name = "net.ipv4.tcp_mem",
					  .value = "1 2 3" };
	char data[sizeof(struct gauges_record) + 2 * sizeof(struct gauge)] = { 0 };
	struct gauges_record *gauges = (void *)data;

	gauges->tick = 3;
	gauges->count = 2;
	gauges->gauge[0] = (struct gauge){ "slab TCP", 11 };
	gauges->gauge[1] = (struct gauge){ "slab none", READING_NONE };
	assert_true(ring_push(made->ledger->ticks, RECORD_LIMIT, &limit, sizeof(limit)));
	assert_true(
	    ring_push(made->ledger->ticks, RECORD_SETTING, &setting, sizeof(setting)));
	assert_true(ring_push(made->ledger->ticks, RECORD_GAUGES, data, sizeof(data)));
	gauges->tick = 4;
	gauges->gauge[1].value = 12;
	assert_true(ring_push(made->ledger->ticks, RECORD_GAUGES, data, sizeof(data)));
}

static void
other_records_become_rows(void **state)
{
	struct made_ledger made;
	struct db *db;

	made_ledger_begin(&made, *state);
	push_limits_settings_gauges(&made);
	made_phase_push(&made, 0, "baseline", 0);
	made_phase_push(&made, 1, "ramp", 3000);
	made_phase_push(&made, 2, "end", 9000);
	made_event_push(&made, 0, "broken");
	assert_int_equal(made_recorder_quit(&made, made_recorder_start(&made)), 0);
	db = made_store_open(*state, DB_READ);
	assert_string_equal(row(db, "SELECT kind, subject, resource, value, source"
				    " FROM resource_limit"),
			    "worker|1|held|57|RLIMIT_NOFILE");
	assert_string_equal(row(db, "SELECT name FROM subject"), "acceptor 1");
	assert_string_equal(row(db, "SELECT subject, name, value FROM setting"),
			    "netns|net.ipv4.tcp_mem|1 2 3");
	assert_string_equal(row(db,
				"SELECT group_concat(tick || ' ' || name || ' ' || value)"
				" FROM gauge_sample JOIN gauge USING (gauge_id)"),
			    "3 slab TCP 11,4 slab TCP 11,4 slab none 12");
	assert_string_equal(
	    row(db, "SELECT group_concat(seq || name || from_us || '-' || to_us || ' ' ||"
		    " target) FROM phase"),
	    "0baseline0-3000 0,1ramp3000-9000 10");
	assert_string_equal(
	    row(db, "SELECT seq, t_us, level, kind, subject, text FROM event"),
	    "0|0|finding|broken|acceptor 1|something");
	db_close(db);
	made_ledger_end(&made);
}

static void
count_in(struct ledger *ledger)
{
	atomic_store(&ledger_acceptor(ledger, 1)->counters.accepted, 21);
	atomic_store(&ledger_forker(ledger, 1)->counters.missed, 3);
	for (int32_t client = 0; client < MADE_CLIENTS; client++) {
		atomic_store(&ledger_client(ledger, client)->counters.attempted, 10);
		atomic_store(&ledger_client(ledger, client)->counters.established,
			     10 - client);
	}
	atomic_store(&ledger_canary(ledger)->counters.established, 99);
}

static void
the_ledgers_counts_become_rows(void **state)
{
	struct made_ledger made;
	struct ledger *ledger;
	struct db *db;

	made_ledger_begin(&made, *state);
	ledger = made.ledger;
	count_in(ledger);
	int32_t exited = ledger_process_add(ledger, ROLE_ACCEPTOR, 1);
	ledger_process_started(ledger, exited, 1001);
	ledger_process_ended(ledger, exited, 7 << 8, false);
	int32_t running = ledger_process_add(ledger, ROLE_CLIENT, 2);
	ledger_process_started(ledger, running, 1002);
	ledger_process_add(ledger, ROLE_CLIENT, 3); /* fork has not returned yet */
	ledger_client(ledger, 2)->own_fds = 6;
	for (int i = 0; i < 5; i++)
		ledger_failure(ledger, ledger_client(ledger, 2), CALL_SOCKET, EMFILE);
	ledger_failure(ledger, ledger_acceptor(ledger, 0), CALL_ACCEPT, 9999);
	assert_int_equal(made_recorder_quit(&made, made_recorder_start(&made)), 0);

	db = made_store_open(*state, DB_READ);
	assert_string_equal(
	    row(db,
		"SELECT group_concat(process_id || ' ' || pid || ' ' || role || ' ' ||"
		" slot || ' ' || coalesce(end, '-') || ' ' || coalesce(code, '-') ||"
		" ' ' || (to_us IS NULL)) FROM process"),
	    "0 1001 acceptor 1 exit 7 0,1 1002 client 2 - - 1");
	assert_string_equal(
	    row(db,
		"SELECT worker, process_id, call, errno, error, count, first_attempted,"
		" first_accepted, own_fds, first_fds > 0, first_limit > 0 FROM failure"
		" WHERE worker = 'client 2'"),
	    "client 2|1|socket|24|EMFILE|5|40|21|6|1|1");
	assert_string_equal(row(db, "SELECT process_id, call, errno, error FROM failure"
				    " WHERE worker = 'acceptor 0'"),
			    "-|accept4|9999|unknown");
	assert_string_equal(
	    row(db,
		"SELECT group_concat(worker || ' ' || attempted || ' ' || established ||"
		" ' ' || accepted || ' ' || missed) FROM worker_total"),
	    "acceptor 0 0 0 0 0,acceptor 1 0 0 21 0,canary 0 99 0 0,forker 0 20 19 0 0,"
	    "forker 1 20 15 0 3");
	db_close(db);
	made_ledger_end(&made);
}

/* The last failures of a cycle are stored though the next has begun meanwhile. */
static void
failures_are_stored_by_cycle(void **state)
{
	struct made_ledger made;
	struct ledger *ledger;
	struct db *db;

	made_ledger_begin(&made, *state);
	ledger = made.ledger;
	for (int64_t cycle = 0; cycle < 2; cycle++) {
		ledger->cycle = cycle;
		atomic_store(&ledger_acceptor(ledger, 0)->counters.accepted,
			     250 + 260 * cycle);
		for (int64_t i = 0; i < 3 - cycle; i++)
			ledger_failure(ledger, ledger_acceptor(ledger, 0), CALL_ACCEPT,
				       EMFILE);
	}
	assert_int_equal(made_recorder_quit(&made, made_recorder_start(&made)), 0);
	db = made_store_open(*state, DB_READ);
	assert_string_equal(row(db, "SELECT group_concat(cycle || ' ' || count || ' ' ||"
				    " first_accepted) FROM v_failure"),
			    "0 3 250,1 2 510");
	db_close(db);
	made_ledger_end(&made);
}

/* Until the recorder has given the space of all records back: they are committed. */
static void
wait_committed(const struct made_ledger *made)
{
	const struct ring *ring = made->ledger->ticks;
	int64_t deadline_us = clock_us() + 10 * US_PER_S;

	while (ring_tail(ring) != atomic_load(&ring->head)) {
		assert_true(clock_us() < deadline_us);
		poll(NULL, 0, 1);
	}
}

static void
what_changes_is_stored_again(void **state)
{
	struct made_ledger made;
	struct ledger *ledger;
	struct db *db;
	pid_t recorder;

	made_ledger_begin(&made, *state);
	ledger = made.ledger;
	int32_t index = ledger_process_add(ledger, ROLE_ACCEPTOR, 0);
	ledger_process_started(ledger, index, 1001);
	ledger_failure(ledger, ledger_acceptor(ledger, 0), CALL_ACCEPT, EMFILE);
	count_in(ledger);
	made_tick_push(&made, 1);
	made_ledger_near_second(&made, 50000);
	recorder = made_recorder_start(&made);
	wait_committed(&made);
	db = made_store_open(*state, DB_READ);
	assert_string_equal(row(db, "SELECT state, ended_us FROM run"), "running|-");
	assert_string_equal(row(db, "SELECT end, code FROM process"), "-|-");
	assert_int_equal(number(db, "SELECT count FROM failure"), 1);
	assert_int_equal(number(db, "SELECT sum(accepted) FROM worker_total"), 21);

	ledger_process_ended(ledger, index, SIGKILL, false);
	ledger_failure(ledger, ledger_acceptor(ledger, 0), CALL_ACCEPT, EMFILE);
	atomic_store(&ledger_acceptor(ledger, 1)->counters.accepted, 22);
	assert_int_equal(made_recorder_quit(&made, recorder), 0);
	assert_string_equal(row(db, "SELECT end, code, to_us >= from_us FROM process"),
			    "signal|9|1");
	assert_int_equal(number(db, "SELECT count FROM failure"), 2);
	assert_int_equal(number(db, "SELECT sum(accepted) FROM worker_total"), 22);
	assert_string_equal(row(db, "SELECT state, outcome, ended_us > 0 FROM run"),
			    "recorded|-|1");
	/* held is reading 4 of a worker; the forkers are workers 2 and 3. */
	assert_int_equal(number(db, "SELECT held_peak FROM run"),
			 made_reading(SUBJECT_WORKER, 2, 0, 4) +
			     made_reading(SUBJECT_WORKER, 3, 0, 4));
	db_close(db);
	made_ledger_end(&made);
}

static void
latencies_are_stored_by_the_second(void **state)
{
	struct made_ledger made;
	struct ledger *ledger;
	struct db *db;
	struct db_statement *s;
	uint64_t counts[HISTOGRAM_BUCKETS] = { 0 };
	const void *packed;
	size_t bytes;
	pid_t recorder;

	made_ledger_begin(&made, *state);
	ledger = made.ledger;
	for (int i = 1; i <= 100; i++)
		histogram_add(ledger_latency(ledger, LATENCY_ECHO,
					     ledger_client(ledger, i % MADE_CLIENTS)),
			      i);
	made_tick_push(&made, 1);
	made_ledger_near_second(&made, 50000);
	recorder = made_recorder_start(&made);
	wait_committed(&made);
	histogram_add(ledger_latency(ledger, LATENCY_ECHO, ledger_client(ledger, 0)), 7);
	assert_int_equal(made_recorder_quit(&made, recorder), 0);
	db = made_store_open(*state, DB_READ);
	assert_string_equal(
	    row(db, "SELECT kind, count, p50_us, p90_us, p99_us, p999_us, max_us"
		    " FROM latency ORDER BY t_us"),
	    "echo|100|50|90|99|100|100");
	assert_string_equal(
	    row(db, "SELECT kind, count, p50_us, max_us FROM latency ORDER BY t_us DESC"),
	    "echo|1|7|7");
	assert_int_equal(number(db, "SELECT count(*) FROM latency"), 2);
	s = db_prepare(db, "SELECT histogram FROM latency ORDER BY t_us");
	assert_int_equal(db_step(s), 1);
	packed = db_blob(s, 0, &bytes);
	assert_int_equal(histogram_unpack(packed, bytes, counts), 0);
	for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
		assert_int_equal(counts[i], i >= 1 && i <= 100);
	assert_int_equal(histogram_unpack(packed, bytes - 5, counts), -1);
	db_finish(s);
	db_close(db);
	made_ledger_end(&made);
}

/* Waits until the clock is at_us; counts an echo now and then meanwhile. */
static int64_t
echo_until(struct ledger *ledger, int64_t at_us)
{
	const struct timespec pause = clock_timespec(100);
	int64_t echoes = 0;

	do {
		histogram_add(
		    ledger_latency(ledger, LATENCY_ECHO, ledger_client(ledger, 0)),
		    echoes++ % 300);
		nanosleep(&pause, NULL);
	} while (clock_us() < at_us);
	return echoes;
}

/*
 * A recorder is killed around the commit of each second: as soon as its commit shows, and
 * at instants that lie the denser the nearer to it. Nothing of what was pushed before,
 * while and after is missing or there twice.
 */
static void
a_killed_recorder_loses_and_doubles_nothing(void **state)
{
	enum { KILLS = 40, TICKS = 20 };
	struct made_ledger made;
	int64_t echoes = 0, killed_busy = 0;
	struct db *db;

	made_ledger_begin(&made, *state);
	for (int64_t round = 0; round < KILLS; round++) {
		made_ledger_near_second(&made, 30000);
		pid_t recorder = made_recorder_start(&made);
		int64_t due_us = clock_us() + 30000;

		for (int i = 0; i < TICKS; i++)
			made_tick_push(&made, PROCESSES);
		made_event_push(&made, round, "released");
		made_phase_push(&made, round, "ramp", round);
		echoes += echo_until(made.ledger, due_us - 1000 + round * round * 20);
		if (round % 4 == 3)
			wait_committed(&made);
		assert_int_equal(kill(recorder, SIGKILL), 0);
		assert_int_equal(made_recorder_wait(recorder), -1);
		killed_busy += ring_tail(made.ledger->ticks) !=
			       atomic_load(&made.ledger->ticks->head);
	}
	/* Else the instants were badly chosen, and nothing was tested. */
	assert_true(killed_busy > 0 && killed_busy < KILLS);
	assert_int_equal(made_recorder_quit(&made, made_recorder_start(&made)), 0);

	db = made_store_open(*state, DB_READ);
	assert_int_equal(made.ledger->ticks->dropped, 0);
	assert_ticks_complete(db, &made, PROCESSES);
	assert_int_equal(number(db, "SELECT sum(count) FROM latency"), echoes);
	assert_int_equal(number(db, "SELECT count(*) FROM event"), KILLS);
	assert_int_equal(number(db, "SELECT count(*) FROM phase"), KILLS);
	assert_string_equal(row(db, "PRAGMA integrity_check"), "ok");
	db_close(db);
	made_ledger_end(&made);
}

/* As it is left by one that was killed between its commit and all that follows. */
static void
a_commit_that_was_not_noted_is_not_doubled(void **state)
{
	struct made_ledger made;
	struct ledger *ledger;
	struct db *db;
	pid_t recorder;

	made_ledger_begin(&made, *state);
	ledger = made.ledger;
	for (int i = 0; i < 20; i++)
		made_tick_push(&made, PROCESSES);
	push_limits_settings_gauges(&made);
	made_phase_push(&made, 0, "baseline", 0);
	made_event_push(&made, 0, "broken");
	echo_until(ledger, 0);
	made_ledger_near_second(&made, 50000);
	recorder = made_recorder_start(&made);
	wait_committed(&made);
	assert_int_equal(kill(recorder, SIGKILL), 0);
	assert_int_equal(made_recorder_wait(recorder), -1);
	atomic_store(&ledger->ticks->tail, 0);
	atomic_store(&ledger->events->tail, 0);
	memset(ledger->recorded, 0, sizeof(ledger->recorded));
	assert_int_equal(made_recorder_quit(&made, made_recorder_start(&made)), 0);

	db = made_store_open(*state, DB_READ);
	assert_ticks_complete(db, &made, PROCESSES);
	assert_int_equal(number(db, "SELECT count(*) FROM gauge_sample"), 3);
	assert_int_equal(number(db, "SELECT count(*) FROM event"), 1);
	assert_int_equal(number(db, "SELECT count(*) FROM phase"), 1);
	assert_int_equal(number(db, "SELECT sum(count) FROM latency"), 1);
	db_close(db);
	made_ledger_end(&made);
}

static void
a_run_without_its_supervisor_ends_as_interrupted(void **state)
{
	struct made_ledger made;
	struct db *db;
	pid_t recorder;
	int64_t from_us;

	made_ledger_begin(&made, *state);
	made_phase_push(&made, 0, "baseline", 0);
	made_tick_push(&made, PROCESSES);
	made_ledger_near_second(&made, 50000);
	recorder = made_recorder_start(&made);
	wait_committed(&made);
	for (int i = 0; i < 10; i++)
		made_tick_push(&made, PROCESSES);
	from_us = clock_us();
	close(made.pipe[1]);
	made.pipe[1] = -1;
	assert_int_equal(made_recorder_wait(recorder), 0);
	assert_true(clock_us() - from_us < US_PER_S);
	db = made_store_open(*state, DB_READ);
	assert_ticks_complete(db, &made, PROCESSES);
	assert_string_equal(row(db, "SELECT state, outcome FROM run"),
			    "interrupted|interrupted");
	assert_int_equal(number(db, "SELECT to_us = ended_us FROM phase, run"), 1);
	db_close(db);
	made_ledger_end(&made);
}

static void
signals_do_not_end_it(void **state)
{
	static const int signals[] = { SIGINT, SIGHUP, SIGTERM };
	struct made_ledger made;
	pid_t recorder;

	made_ledger_begin(&made, *state);
	made_tick_push(&made, 1);
	made_ledger_near_second(&made, 50000);
	recorder = made_recorder_start(&made);
	wait_committed(&made);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		assert_int_equal(kill(recorder, signals[i]), 0);
	assert_int_equal(made_recorder_quit(&made, recorder), 0);
	made_ledger_end(&made);
}

/* Two runs at a time write one file. */
static void
two_recorders_share_a_store(void **state)
{
	struct made_ledger made[2];
	pid_t recorders[2];
	struct db *db;

	for (int i = 0; i < 2; i++) {
		made_ledger_begin(&made[i], *state);
		made_ledger_near_second(&made[i], 100000);
		recorders[i] = made_recorder_start(&made[i]);
	}
	for (int tick = 0; tick < 500; tick++)
		for (int i = 0; i < 2; i++)
			made_tick_push(&made[i], PROCESSES);
	for (int i = 0; i < 2; i++)
		assert_int_equal(made_recorder_quit(&made[i], recorders[i]), 0);
	db = made_store_open(*state, DB_READ);
	for (int i = 0; i < 2; i++)
		assert_ticks_complete(db, &made[i], PROCESSES);
	assert_int_equal(number(db, "SELECT count(*) FROM run WHERE state = 'recorded'"),
			 2);
	db_close(db);
	for (int i = 0; i < 2; i++)
		made_ledger_end(&made[i]);
}

/* Standard error goes to a file in the store's folder until stderr_restore(). */
static int
stderr_capture(const struct made_store *store, char *path, size_t size)
{
	int saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 10), fd;

	snprintf(path, size, "%s/stderr", store->dir);
	fd = open(path, O_CREAT | O_RDWR | O_APPEND | O_CLOEXEC, 0600);
	assert_true(saved != -1 && fd != -1);
	dup2(fd, STDERR_FILENO);
	close(fd);
	return saved;
}

static void
stderr_restore(int saved)
{
	dup2(saved, STDERR_FILENO);
	close(saved);
}

static int
occurrences(const char *path, const char *what)
{
	size_t size;
	char *text = made_file_read(path, &size);
	int count = 0;

	for (const char *p = text; (p = strstr(p, what)) != NULL; p++)
		count++;
	free(text);
	return count;
}

/* Files may not grow, as where the disk is full; then they may again. */
static void
a_full_disk_is_waited_out(void **state)
{
	struct rlimit none = { 4096, RLIM_INFINITY },
		      all = { RLIM_INFINITY, RLIM_INFINITY };
	struct made_store *store = *state;
	struct made_ledger made;
	char log[128];
	struct db *db;
	pid_t recorder;
	int saved;

	made_ledger_begin(&made, store);
	made_tick_push(&made, 1);
	made_ledger_near_second(&made, 50000);
	signal(SIGXFSZ, SIG_IGN);
	saved = stderr_capture(store, log, sizeof(log));
	recorder = made_recorder_start(&made);
	stderr_restore(saved);
	wait_committed(&made);
	assert_int_equal(prlimit(recorder, RLIMIT_FSIZE, &none, NULL), 0);
	/* What is stored once, and then only as it changes, is among what is rolled back. */
	int32_t index = ledger_process_add(made.ledger, ROLE_ACCEPTOR, 0);
	ledger_process_started(made.ledger, index, 1001);
	ledger_process_ended(made.ledger, index, 7 << 8, false);
	ledger_failure(made.ledger, ledger_acceptor(made.ledger, 0), CALL_ACCEPT, EMFILE);
	made_tick_push(&made, PROCESSES);
	made_ledger_near_second(&made, 50000);
	while (occurrences(log, "tried again") == 0)
		poll(NULL, 0, 10);
	for (int i = 1; i < 100; i++)
		made_tick_push(&made, PROCESSES);
	assert_int_equal(prlimit(recorder, RLIMIT_FSIZE, &all, NULL), 0);
	assert_int_equal(made_recorder_quit(&made, recorder), 0);
	assert_int_equal(occurrences(log, "samples are kept in memory"), 1);
	assert_int_equal(occurrences(log, "can be written again"), 1);
	db = made_store_open(store, DB_READ);
	assert_int_equal(number(db, "SELECT count(*) FROM tick"), made.ticks);
	assert_int_equal(number(db, "SELECT count(*) FROM process_sample"),
			 1 + (made.ticks - 1) * PROCESSES);
	assert_int_equal(
	    number(db, "SELECT count(*) FROM subject WHERE kind = 'process'"), PROCESSES);
	assert_string_equal(row(db, "SELECT pid, end, code FROM process"), "1001|exit|7");
	assert_string_equal(row(db, "SELECT worker, call, count FROM failure"),
			    "acceptor 0|accept4|1");
	assert_string_equal(row(db, "PRAGMA integrity_check"), "ok");
	db_close(db);
	made_ledger_end(&made);
}

static void
lost_records_are_said(void **state)
{
	struct made_ledger made;
	struct db *db;
	pid_t recorder;

	made_ledger_begin(&made, *state);
	atomic_store(&made.ledger->ticks->dropped, 12);
	made_tick_push(&made, 1);
	made_ledger_near_second(&made, 50000);
	recorder = made_recorder_start(&made);
	wait_committed(&made);
	kill(recorder, SIGKILL);
	made_recorder_wait(recorder);
	assert_int_equal(made_recorder_quit(&made, made_recorder_start(&made)), 0);
	db = made_store_open(*state, DB_READ);
	assert_int_equal(number(db, "SELECT count(*) FROM event"), 1);
	assert_string_equal(
	    row(db, "SELECT seq >= 1000000000, level, kind, subject,"
		    " text LIKE '12 samples lost since the start, the last between 0.0 s"
		    " and _._ s: the recorder could not keep up' FROM event"),
	    "1|warning|gap|sampler|1");
	assert_int_equal(number(db, "SELECT gaps FROM v_run_health"), 1);
	db_close(db);
	made_ledger_end(&made);
}

static void
a_store_that_went_away_is_an_error(void **state)
{
	struct made_store *store = *state;
	struct made_ledger made;
	char log[128];
	pid_t recorder;
	int saved;

	made_ledger_begin(&made, store);
	made_tick_push(&made, 1);
	made_ledger_near_second(&made, 50000);
	saved = stderr_capture(store, log, sizeof(log));
	recorder = made_recorder_start(&made);
	stderr_restore(saved);
	wait_committed(&made);
	assert_int_equal(unlink(store->path), 0);
	assert_int_equal(made_recorder_quit(&made, recorder), 1);
	assert_int_equal(occurrences(log, "deleted or replaced"), 1);

	saved = stderr_capture(store, log, sizeof(log));
	recorder = made_recorder_start(&made);
	stderr_restore(saved);
	assert_int_equal(made_recorder_wait(recorder), 1);
	assert_int_equal(occurrences(log, "there is no database"), 1);
	made_ledger_end(&made);
}

#define RECORDER_TEST(function) \
	cmocka_unit_test_setup_teardown(function, made_store_setup, made_store_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RECORDER_TEST(samples_are_stored_as_they_were_read),
		RECORDER_TEST(other_records_become_rows),
		RECORDER_TEST(the_ledgers_counts_become_rows),
		RECORDER_TEST(failures_are_stored_by_cycle),
		RECORDER_TEST(what_changes_is_stored_again),
		RECORDER_TEST(latencies_are_stored_by_the_second),
		RECORDER_TEST(a_killed_recorder_loses_and_doubles_nothing),
		RECORDER_TEST(a_commit_that_was_not_noted_is_not_doubled),
		RECORDER_TEST(a_run_without_its_supervisor_ends_as_interrupted),
		RECORDER_TEST(signals_do_not_end_it),
		RECORDER_TEST(two_recorders_share_a_store),
		RECORDER_TEST(a_full_disk_is_waited_out),
		RECORDER_TEST(lost_records_are_said),
		RECORDER_TEST(a_store_that_went_away_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
