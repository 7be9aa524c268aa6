#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "made_run.h"
#include "report/findings.h"
#include "report/report.h"

static const char outcome_sql[] =
    "SELECT outcome, coalesce(b.limit_id, '-'), coalesce(b.confidence, '-')"
    " FROM run LEFT JOIN breaking_point b USING (run_id)";
static const char verdict_sql[] = "SELECT text FROM finding WHERE kind = 'verdict'";

/* What is done to a run of 2,000 connections that nothing disturbs: at 1,000/s from 3 s on,
 * all of them held from 8 s to the release at 14 s. */
struct disturbance {
	const char *sql;     /* the run's id is 1 */
	const char *outcome; /* outcome|limit|confidence */
	const char *says;    /* within the verdict */
};

static void
assert_outcome(const struct disturbance *d, const struct made_model *model)
{
	struct made_run made;
	const char *text;

	made_run_begin(&made, model);
	if (d->sql != NULL)
		made_sql(&made, "%s", d->sql);
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", outcome_sql), d->outcome);
	text = made_row(&made, "%s", verdict_sql);
	if (strstr(text, d->says) == NULL)
		fail_msg("'%s' is not in '%s'", d->says, text);
	made_run_end(&made);
}

static void
assert_outcomes(const struct disturbance *cases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_outcome(&cases[i], &made_model_default);
}

#define ASSERT_OUTCOMES(cases) assert_outcomes(cases, sizeof(cases) / sizeof((cases)[0]))

#define PROCESS(role, end, code, to_us)                                               \
	"INSERT INTO process (run_id, process_id, pid, role, slot, parent, from_us, " \
	"to_us,"                                                                      \
	" end, code) VALUES (1, 100, 5000, '" role "', 1, 1, 0, " #to_us ", '" end    \
	"', " #code ");"
#define LOST(n)                                                         \
	"UPDATE worker_sample SET lost_total = " #n " WHERE run_id = 1" \
	" AND tick >= 100 AND subject = 1;"
#define STOP(t_us, seq, kind)                                                          \
	"INSERT OR IGNORE INTO process (run_id, process_id, pid, role, slot, parent, " \
	"from_us)"                                                                     \
	" VALUES (1, 100, 5000, 'client', 1, 1, 0);"                                   \
	"INSERT INTO event VALUES (1, " #seq ", " #t_us ", 'warning', '" kind          \
	"', 'client 1', 'client 1 is " kind "');"
#define HALT(letter, from, to)                                                           \
	"INSERT INTO subject (run_id, kind, subject, name)"                              \
	" VALUES (1, 'process', 77, 'client 1');"                                        \
	"INSERT INTO process_sample (run_id, tick, subject, state) SELECT run_id, tick," \
	" 77, CASE WHEN tick BETWEEN " #from " AND " #to " THEN unicode(" letter         \
	") ELSE 83 END FROM tick;"
#define EVENT(t_us, kind)                                               \
	"INSERT INTO event VALUES (1, 90, " #t_us ", 'finding', '" kind \
	"', 'run', 'it is so')"
#define FAILURE(worker, call, code, error, first_us, last_us)                            \
	"INSERT INTO failure (run_id, worker, call, errno, error, count, first_us, "     \
	"last_us,"                                                                       \
	" first_held, first_attempted, first_established, first_accepted, first_served," \
	" first_own) VALUES (1, '" worker "', '" call "', " #code ", '" error            \
	"', 453, " #first_us ", " #last_us ", 2000, 2000, 2000, 2000, 2000, 2000);"

static void
a_load_whose_processes_were_killed_says_nothing_of_the_server(void **state)
{
	static const struct disturbance cases[] = {
		{ PROCESS("client", "signal", 9, 10000000) LOST(300), "inconclusive|-|-",
		  "client 1 was killed by signal 9 (SIGKILL) at 10.0 s; 300 of 2,000 "
		  "connections were lost" },
		{ PROCESS("forker", "exit", 1, 10000000), "inconclusive|-|-",
		  "forker 1 exited with status 1" },
		{ PROCESS("canary", "signal", 15, 10000000), "inconclusive|-|-",
		  "canary was killed by signal 15 (SIGTERM)" },
		{ STOP(10000000, 80, "worker-stopped"), "inconclusive|-|-",
		  "client 1 is worker-stopped, to the end of the load" },
		{ STOP(10000000, 80, "worker-stopped")
		      STOP(12000000, 81, "worker-continued"),
		  "survived|-|-", "2,000" },
		/* What no signal did is seen in its state: frozen to the end, or for a while,
		 * or as processes wait. */
		{ HALT("'D'", 120, 150), "inconclusive|-|-",
		  "client 1 was frozen, or waited for a device (state D) from 12.0 s "
		  "to" },
		{ HALT("'t'", 120, 150), "inconclusive|-|-",
		  "client 1 was stopped by a debugger (state t) from 12.0 s to" },
		{ HALT("'D'", 100, 125), "survived|-|-", "2,000" },
		/* What it did long before is another matter. */
		{ HALT("'D'", 120, 150) "UPDATE process_sample SET state = 68 WHERE"
					" subject = 77 AND tick BETWEEN 60 AND 62;",
		  "inconclusive|-|-",
		  "client 1 was frozen, or waited for a device (state D) from 12.0 s "
		  "to" },
		{ HALT("'D'", 138, 142), "survived|-|-", "2,000" },
		/* After the release it takes nothing from what was held. */
		{ PROCESS("client", "signal", 9, 15000000), "survived|-|-", "2,000" },
	};

	(void)state;
	ASSERT_OUTCOMES(cases);
}

#define LATE(us)                                                                        \
	"UPDATE phase SET begun_us = (SELECT p.from_us + 999000 + " #us " FROM phase p" \
	" WHERE p.seq = phase.seq - 1 AND p.name = 'ramp');"

/* A schedule is kept in time: that all slots were used is not enough. */
static void
a_load_that_came_late_says_nothing_of_the_server(void **state)
{
	static const struct disturbance cases[] = {
		{ LATE(9000), "survived|-|-", "2,000" },
		/* A host that had no time for once. */
		{ LATE(0) "UPDATE phase SET begun_us = begun_us + 60000 WHERE seq = 2",
		  "survived|-|-", "2,000" },
		{ LATE(60000), "survived|-|-", "2,000" },
		{ LATE(3000000), "inconclusive|-|-",
		  "the client side opened 250 connections a second of 1,000 asked, late "
		  "by "
		  "6.0 s" },
	};

	(void)state;
	ASSERT_OUTCOMES(cases);
}

/* Another process on the port took some, and answered. */
static void
a_server_that_is_not_the_runs_alone_is_not_judged(void **state)
{
	static const struct disturbance cases[] = {
		{ "UPDATE run SET plan = json_set(plan, '$.messages', 5) WHERE run_id = "
		  "1;"
		  "UPDATE worker_sample SET accepted_total = min(accepted_total, 400)"
		  " WHERE run_id = 1 AND subject = 0",
		  "inconclusive|-|-",
		  "connections were served by another process, which listens on the "
		  "port" },
	};

	(void)state;
	ASSERT_OUTCOMES(cases);
}

#define SHARED(t_us)                                                                    \
	"INSERT INTO event VALUES (1, 91, " #t_us ", 'warning', 'port-shared', 'port'," \
	" '1 socket of others listens on port 10013 too');"

/* What was accepted here, and then lost, another listener never had. */
static void
what_was_lost_is_not_laid_to_another_listener(void **state)
{
	static const struct disturbance cases[] = {
		{ SHARED(10200000) LOST(109), "broke|-|unexplained",
		  "109 were ended by the other side" },
		{ SHARED(10000000) PROCESS("acceptor", "signal", 9, 10000000) LOST(109),
		  "crashed|acceptor-died|proven", "acceptor 1 was killed by signal 9" },
		/* Nor what waited before it came. */
		{ SHARED(12000000) "UPDATE worker_sample SET accepted_total = 1500 WHERE"
				   " run_id = 1 AND accepted_total > 1500",
		  "stalled|-|unexplained", "500 were never accepted" },
		{ SHARED(3300000) "UPDATE worker_sample SET accepted_total ="
				  " accepted_total / 2 WHERE run_id = 1",
		  "inconclusive|shared-port|proven",
		  "1 socket of others listens on port 10013 too" },
	};

	(void)state;
	ASSERT_OUTCOMES(cases);
}

static void
clients_that_were_killed_before_the_break_are_said_first(void **state)
{
	struct made_run made;

	(void)state;
	made_run_broken(&made, 1500);
	made_sql(&made, "%s", PROCESS("client", "signal", 9, 3200000));
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", outcome_sql),
			    "inconclusive|acceptor-nofile|proven");
	assert_non_null(
	    strstr(made_row(&made, "%s", verdict_sql),
		   "client 1 was killed by signal 9 (SIGKILL) at 3.2 s; then: "
		   "open files of acceptor 0: 1,507 of 1,507"));
	/* After it too they leave open what the server would have done. */
	made_sql(&made, "UPDATE process SET to_us = 9000000 WHERE process_id = 100");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", outcome_sql),
			    "inconclusive|acceptor-nofile|proven");
	assert_non_null(strstr(made_row(&made, "%s", verdict_sql),
			       "open files of acceptor 0: 1,507 of 1,507 "
			       "(RLIMIT_NOFILE); then: client 1 was killed by signal 9"));
	/* But not after the release. */
	made_sql(&made, "UPDATE process SET to_us = 15000000 WHERE process_id = 100");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", outcome_sql),
			    "broke|acceptor-nofile|proven");
	made_run_end(&made);
}

/* What stops one of many stops them all: a line says so. */
static void
many_that_are_stopped_are_one_note(void **state)
{
	struct made_run made;

	(void)state;
	made_run_begin(&made, &made_model_default);
	for (int i = 0; i < 30; i++)
		made_sql(&made,
			 "INSERT INTO event VALUES (1, %d, 9000000, 'warning',"
			 " 'worker-stopped', 'handler %d', 'handler %d is stopped')",
			 100 + i, i, i);
	made_analyse(&made);
	assert_string_equal(made_row(&made, "SELECT count(*), min(text) FROM finding"
					    " WHERE text LIKE '%%is stopped%%'"),
			    "1|handler 0 is stopped; and so 29 others");
	made_run_end(&made);
}

static void
a_handler_that_ended_is_named_with_its_acceptor(void **state)
{
	struct made_run made;

	(void)state;
	made_run_begin(&made, &made_model_default);
	made_sql(&made,
		 "INSERT INTO process (run_id, process_id, pid, role, slot, parent,"
		 " from_us, to_us, \"end\", code) VALUES (1, 200, 6000, 'handler', 7,"
		 " 1000, 0, 9000000, 'signal', 9)");
	made_analyse(&made);
	assert_string_equal(
	    made_row(&made, "SELECT text FROM finding WHERE kind = 'note' AND text LIKE"
			    " 'handler 7%%'"),
	    "handler 7 of acceptor 0 was killed by signal 9 (SIGKILL)");
	made_run_end(&made);
}

/* The server is to live on after the release. */
static void
an_acceptor_that_dies_in_the_recovery_is_a_crash(void **state)
{
	static const struct disturbance cases[] = {
		{ "UPDATE process SET \"end\" = 'signal', code = 9, to_us = 16000000"
		  " WHERE role = 'acceptor'",
		  "crashed|acceptor-died|proven",
		  "acceptor 0 was killed by signal 9, after the release" },
		{ "UPDATE process SET \"end\" = 'exit', code = 3, to_us = 16000000"
		  " WHERE role = 'acceptor'",
		  "crashed|acceptor-died|proven",
		  "acceptor 0 ended with exit status 3, after the release" },
		{ "UPDATE process SET \"end\" = 'oom', code = 9, to_us = 16000000"
		  " WHERE role = 'acceptor'",
		  "crashed|acceptor-died|proven",
		  "acceptor 0 was killed for want of memory, after the release" },
	};

	(void)state;
	ASSERT_OUTCOMES(cases);
}

static void
connections_that_are_missing_are_counted(void **state)
{
	static const struct disturbance cases[] = {
		/* Ended by the other side, whoever that was. */
		{ LOST(109), "broke|-|unexplained",
		  "1,891 of 2,000 connections were held, 109 were ended by the other "
		  "side" },
		/* Of an error nobody knows whose it was. */
		{ LOST(
		      109) "INSERT INTO failure (run_id, worker, role, slot, call, errno,"
			   " error, count, first_us, last_us, first_held, "
			   "first_attempted,"
			   " first_established, first_accepted, first_served, first_own)"
			   " VALUES (1, 'client 0', 'client', 0, 'recv', 104,"
			   " 'ECONNRESET', 109, 10000000, 10000000, 1, 1, 1, 1, 1, 1);",
		  "broke|-|unexplained", "109 were lost (recv() → ECONNRESET)" },
		{ LOST(1), "broke|-|unexplained", "1,999 of 2,000" },
		/* Nothing is let go: what ends with its process is not lost. */
		{ "DELETE FROM phase WHERE name = 'recovery';"
		  "UPDATE worker_sample SET lost_total = 2000 WHERE subject = 1"
		  " AND tick > 140;",
		  "survived|-|-", "2,000 of 2,000" },
		/* One that failed was not tried again. */
		{ "UPDATE worker_sample SET failed_total = 1, established_total ="
		  " established_total - 1, held = held - 1, served_total = served_total "
		  "- 1"
		  " WHERE run_id = 1 AND subject = 1 AND tick >= 80;"
		  "UPDATE worker_sample SET accepted_total = 1999 WHERE run_id = 1 AND"
		  " subject = 0 AND tick >= 80;" FAILURE("client 0", "connect", 110,
							 "ETIMEDOUT", 8000000, 8000000),
		  "broke|-|unexplained",
		  "1,999 of 2,000 connections were held, 1 failed (connect() → "
		  "ETIMEDOUT)" },
		{ "UPDATE worker_sample SET accepted_total = 1990 WHERE run_id = 1 AND"
		  " accepted_total > 1990",
		  "broke|-|unexplained", "10 were never accepted" },
		{ "UPDATE worker_sample SET accepted_total = 1500 WHERE run_id = 1 AND"
		  " accepted_total > 1500",
		  "stalled|-|unexplained", "500 were never accepted" },
		{ "UPDATE worker_sample SET accepted_total = 1970 WHERE run_id = 1 AND"
		  " accepted_total > 1970;" LOST(10),
		  "stalled|-|unexplained", "20 were never accepted" },
		/* Slots that were never used are brink's. */
		{ "UPDATE worker_sample SET missed_total = 5, established_total = 1995,"
		  " attempted_total = 1995, served_total = 1995 WHERE run_id = 1 AND"
		  " subject = 1 AND tick >= 80;"
		  "UPDATE worker_sample SET accepted_total = 1995 WHERE run_id = 1 AND"
		  " subject = 0 AND tick >= 80",
		  "inconclusive|-|-",
		  "the client side missed 5 of 2,000 schedule slots" },
		{ PROCESS("handler", "signal", 9, 10000000) LOST(1),
		  "broke|-|unexplained",
		  "handler 1 was killed by signal 9 (SIGKILL) at 10.0 s; 1 of 2,000" },
		{ PROCESS("handler", "exit", 0, 10000000), "survived|-|-", "2,000" },
	};

	(void)state;
	ASSERT_OUTCOMES(cases);
}

static void
a_failure_is_transient_only_if_it_came_to_an_end(void **state)
{
	static const struct disturbance cases[] = {
		{ FAILURE("acceptor 0", "malloc", 12, "ENOMEM", 9000000, 13900000),
		  "broke|-|unexplained",
		  "malloc() → ENOMEM of acceptor 0 went on to the end of the load, 453 "
		  "times" },
		{ FAILURE("acceptor 0", "malloc", 12, "ENOMEM", 9000000, 11000000),
		  "survived|-|-", "2,000 of 2,000" },
		/* Another took over what this one could not: nothing is missing. */
		{ FAILURE("acceptor 1", "accept4", 24, "EMFILE", 9000000, 13900000),
		  "survived|-|-", "2,000 of 2,000" },
		/* There was no other, */
		{ FAILURE("acceptor 0", "accept4", 24, "EMFILE", 9000000, 13900000),
		  "broke|-|unexplained",
		  "accept4() → EMFILE of acceptor 0 went on to the end of the load" },
		/* or it had a queue of its own. */
		{ "UPDATE run SET plan = json_set(plan, '$.listener', 'group');" FAILURE(
		      "acceptor 1", "accept4", 24, "EMFILE", 9000000, 13900000),
		  "broke|-|unexplained",
		  "accept4() → EMFILE of acceptor 1 went on to the end of the load" },
	};

	(void)state;
	ASSERT_OUTCOMES(cases);
}

/* Its address space was at its limit, and every connection was there. */
static void
a_limit_that_is_met_only_in_the_hold_is_the_cause(void **state)
{
	static const struct disturbance met = {
		FAILURE("acceptor 0", "malloc", 12, "ENOMEM", 9000000,
			13900000) "INSERT INTO resource_limit VALUES (1, 'process', 0, "
				  "'vm_bytes',"
				  " 50331648, 'RLIMIT_AS');"
				  "UPDATE process_sample SET vm_bytes = 50331648 WHERE "
				  "run_id = 1",
		"broke|address-space|proven",
		"address space of acceptor 0: 48.0 MiB of 48.0 MiB (RLIMIT_AS)"
	};

	(void)state;
	assert_outcome(&met, &made_model_default);
}

/* One that counts a visit a tick, the last at a tick, and notes a failure at 13 s. */
#define CANARY(last) CANARY_UNTIL(last, 13000000)
#define CANARY_UNTIL(last, last_us)                                                     \
	"INSERT INTO subject (run_id, kind, subject, name)"                             \
	" VALUES (1, 'worker', 9, 'canary');"                                           \
	"INSERT INTO worker_sample (run_id, tick, subject, served_total, failed_total," \
	" attempted_total) SELECT run_id, tick, 9, min(tick, " #last                    \
	"), (tick > 135) + (tick > " #last "), min(tick, " #last ") + (tick > " #last   \
	") + (tick > 135) FROM tick;" FAILURE("canary", "recv", 110, "ETIMEDOUT",       \
					      9000000, last_us)
/* The last visit is at a tick, and gets no answer. */
#define CANARY_WAITS(since)                                                             \
	"INSERT INTO subject (run_id, kind, subject, name)"                             \
	" VALUES (1, 'worker', 9, 'canary');"                                           \
	"INSERT INTO worker_sample (run_id, tick, subject, served_total, failed_total," \
	" attempted_total) SELECT run_id, tick, 9, min(tick, " #since                   \
	"), 0, min(tick, " #since ") + (tick > " #since ") FROM tick;"

static void
newcomers_must_be_served_at_the_end(void **state)
{
	static const struct disturbance cases[] = {
		{ CANARY(110), "broke|-|unexplained",
		  "the canary was not served any more at the end of the load: "
		  "recv() → ETIMEDOUT at 13.0 s" },
		{ CANARY(135), "survived|-|-", "2,000 of 2,000" },
		/* It went on failing after the release, which has the last of them. */
		{ CANARY_UNTIL(110, 15000000), "broke|-|unexplained",
		  "the canary was not served any more at the end of the load: "
		  "recv() → ETIMEDOUT at 15.0 s" },
		{ CANARY_WAITS(130), "broke|-|unexplained",
		  "its last visit was without an answer for half a second" },
		{ CANARY_WAITS(138), "survived|-|-", "2,000 of 2,000" },
	};

	(void)state;
	ASSERT_OUTCOMES(cases);
}

static void
a_run_that_was_cut_short_did_not_survive(void **state)
{
	static const struct disturbance cases[] = {
		{ "UPDATE run SET plan = json_set(plan, '$.hold', 8 * 3600 * 1000000)"
		  " WHERE run_id = 1;" EVENT(14000000, "duration"),
		  "inconclusive|-|-", "the hold lasted 6.0 s of 8 h 0 min: it is so" },
		{ "UPDATE run SET plan = json_set(plan, '$.cycles', 3) WHERE run_id = "
		  "1",
		  "inconclusive|-|-", "1 of 3 cycles were run" },
		{ "UPDATE phase SET name = 'plateau' WHERE name = 'hold' AND run_id = "
		  "1",
		  "inconclusive|-|-",
		  "the run ended in its plateau with 2,000 of 2,000 connections" },
		{ EVENT(9000000, "gave-up"), "inconclusive|-|-", "it is so" },
		{ EVENT(9000000, "interrupted-by-user"), "interrupted|-|-",
		  "stopped by hand" },
		/* What was to be held had been. */
		{ EVENT(15000000, "interrupted-by-user"), "survived|-|-",
		  "nothing gave way; the recovery was cut short" },
		{ "UPDATE run SET plan = json_set(plan, '$.cycles', 3) WHERE run_id = "
		  "1;" EVENT(15000000, "interrupted-by-user"),
		  "interrupted|-|-", "stopped by hand" },
	};

	(void)state;
	ASSERT_OUTCOMES(cases);
}

/* By the schedule, to the end of the last phase: whether others follow or not. */
static void
what_was_not_sampled_is_not_said_to_have_survived(void **state)
{
	static const struct {
		const char *sql, *says;
	} cases[] = {
		{ "DELETE FROM tick WHERE tick > 80",
		  "120 of 201 samples are missing, the most at once from 8.0 s to 20.0 "
		  "s" },
		{ "DELETE FROM tick WHERE tick BETWEEN 90 AND 170",
		  "81 of 201 samples are missing, the most at once from 8.9 s to 17.1 "
		  "s" },
		{ "DELETE FROM tick", "200 of 200 samples are missing" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct findings findings;
		struct made_run made;

		made_run_begin(&made, &made_model_default);
		made_sql(&made, "%s", cases[i].sql);
		made_analyse(&made);
		if (strstr(made_row(&made, "%s", verdict_sql), cases[i].says) == NULL &&
		    i < 2)
			fail_msg("%s", made_row(&made, "%s", verdict_sql));
		assert_int_equal(findings_load(&findings, made.db, made.run_id), 0);
		assert_string_not_equal(findings.run.outcome, "survived");
		assert_true(findings.health.missed_ticks > 50);
		if (i < 2)
			assert_int_equal(report_exit_code(&findings), 4);
		findings_free(&findings);
		made_run_end(&made);
	}
}

/* Where a break was seen, and no limit: it may have been met where nobody looked. A limit that a
 * failed call shows is proven whatever is missing. */
static void
a_break_beside_missing_samples_is_not_explained_away(void **state)
{
	static const struct disturbance cases[] = {
		{ "DELETE FROM tick WHERE tick BETWEEN 60 AND 120;" EVENT(12500000,
									  "broken"),
		  "inconclusive|-|unexplained",
		  "it is so; no limit was found at its ceiling, but 61 of 201 samples "
		  "are "
		  "missing: what happened is not known" },
		{ EVENT(12500000, "broken"), "broke|-|unexplained", "it is so" },
	};

	(void)state;
	ASSERT_OUTCOMES(cases);
}

/* The first of them held all that it was to hold. */
static void
a_later_cycle_that_is_short_is_the_verdict(void **state)
{
	static const struct disturbance second = {
		"UPDATE run SET plan = json_set(plan, '$.cycles', 2) WHERE run_id = 1;"
		"UPDATE phase SET to_us = 16000000 WHERE run_id = 1 AND name = "
		"'recovery';"
		"INSERT INTO phase (run_id, seq, cycle, name, from_us, to_us, target)"
		" VALUES (1, 20, 1, 'ramp', 16000000, 17000000, 2000),"
		" (1, 21, 1, 'recovery', 17000000, 20000000, 0)",
		"failed|-|-", "nothing was attempted"
	};

	(void)state;
	assert_outcome(&second, &made_model_default);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_that_are_stopped_are_one_note),
		cmocka_unit_test(a_handler_that_ended_is_named_with_its_acceptor),
		cmocka_unit_test(an_acceptor_that_dies_in_the_recovery_is_a_crash),
		cmocka_unit_test(
		    a_load_whose_processes_were_killed_says_nothing_of_the_server),
		cmocka_unit_test(
		    clients_that_were_killed_before_the_break_are_said_first),
		cmocka_unit_test(a_load_that_came_late_says_nothing_of_the_server),
		cmocka_unit_test(a_server_that_is_not_the_runs_alone_is_not_judged),
		cmocka_unit_test(what_was_lost_is_not_laid_to_another_listener),
		cmocka_unit_test(connections_that_are_missing_are_counted),
		cmocka_unit_test(a_failure_is_transient_only_if_it_came_to_an_end),
		cmocka_unit_test(a_limit_that_is_met_only_in_the_hold_is_the_cause),
		cmocka_unit_test(newcomers_must_be_served_at_the_end),
		cmocka_unit_test(a_run_that_was_cut_short_did_not_survive),
		cmocka_unit_test(what_was_not_sampled_is_not_said_to_have_survived),
		cmocka_unit_test(a_break_beside_missing_samples_is_not_explained_away),
		cmocka_unit_test(a_later_cycle_that_is_short_is_the_verdict),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
