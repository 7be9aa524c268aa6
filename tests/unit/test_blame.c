#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "analyse/proof.h"
#include "base/clock.h"
#include "made_run.h"

#define SECOND INT64_C(1000000)

static const char break_sql[] =
    "SELECT limit_id, subject, side, confidence, held FROM breaking_point";
static const char outcome_sql[] = "SELECT outcome, state FROM run";

/* Nothing but notes and what was ruled out. */
static void
assert_names_nothing(struct made_run *made)
{
	assert_string_equal(made_row(made, "SELECT count(*) FROM breaking_point"), "0");
	assert_string_equal(made_row(made,
				     "SELECT count(*) FROM finding"
				     " WHERE kind IN ('consequence', 'recommendation')"
				     " AND text NOT LIKE 'set an alarm at 80 %%'"
				     " OR (kind = 'verdict' AND limit_id IS NOT NULL)"),
			    "0");
}

/* 99 % of it, or all of it; no less, and of what has no ceiling nothing. */
static void
a_limit_is_met_from_99_percent_on(void **state)
{
	(void)state;
	assert_true(proof_is_at(1000, 1000));
	assert_true(proof_is_at(990, 1000));
	assert_false(proof_is_at(989, 1000));
	assert_false(proof_is_at(900, 1000));
	assert_true(proof_is_at(3, 3));
	assert_false(proof_is_at(2, 3));
	assert_false(proof_is_at(0, 0));
	assert_false(proof_is_at(INT64_MAX, INT64_MAX));
}

/* What the workers let go of when they exit was held as long as they were to hold it. */
static void
without_a_release_the_load_lasts_until_the_hold_ends(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.release_us = MADE_NEVER;
	made_run_begin(&made, &model);
	made_sql(&made,
		 "UPDATE phase SET to_us = %lld WHERE run_id = %lld AND name = 'hold'",
		 (long long)(model.end_us - US_PER_S), (long long)made.run_id);
	made_sql(&made,
		 "UPDATE worker_sample SET held = 0 WHERE run_id = %lld AND tick > %lld",
		 (long long)made.run_id,
		 (long long)((model.end_us - US_PER_S) / MADE_TICK_US));
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", outcome_sql), "survived|done");
	assert_non_null(
	    strstr(made_row(&made, "SELECT text FROM finding WHERE kind = 'verdict'"),
		   "2,000 of 2,000 connections held for "));
	made_run_end(&made);
}

static void
survived_names_nothing(void **state)
{
	struct made_run made;

	(void)state;
	made_run_begin(&made, &made_model_default);
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", outcome_sql), "survived|done");
	assert_names_nothing(&made);
	assert_string_equal(
	    made_row(&made, "SELECT text FROM finding WHERE kind = 'verdict'"),
	    "2,000 of 2,000 connections held for 6.0 s, nothing gave way");
	assert_string_equal(made_row(&made,
				     "SELECT text FROM finding WHERE kind = 'ruled-out'"
				     " AND limit_id = 'acceptor-nofile'"),
			    "open files of acceptor 0: at most 2,007 of 20,000");
	assert_string_equal(made_row(&made,
				     "SELECT text FROM finding WHERE kind = 'ruled-out'"
				     " AND limit_id = 'accept-queue'"),
			    "accept queue of listener 0: at most 0 of 4,097");
	made_run_end(&made);
}

static void
analysis_is_repeatable(void **state)
{
	static const char sql[] =
	    "SELECT (SELECT group_concat(text) FROM finding), (SELECT count(*) FROM "
	    "evidence),"
	    " (SELECT sum(peak) FROM leak), (SELECT sum(at_connections) FROM forecast),"
	    " (SELECT count(*) FROM recovery)";
	struct made_run made;
	char first[1024];

	(void)state;
	made_run_begin(&made, &made_model_default);
	made_analyse(&made);
	snprintf(first, sizeof(first), "%s", made_row(&made, "%s", sql));
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", sql), first);
	made_run_end(&made);
}

static const struct made_failure acceptor_full = {
	.worker = "acceptor 0",
	.call = "accept4",
	.error = "EMFILE",
	.code = EMFILE,
	.count = 480,
	.first_us = 3505 * SECOND / 1000,
	.last_us = 8 * SECOND,
	.attempted = 506,
	.established = 506,
	.accepted = 505,
	.held = 506,
	.own = 505,
	.fds = 512,
	.limit = 512,
	.own_fds = 7,
};

static void
acceptor_nofile_is_named(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.nofile = 512;
	model.accepted_max = 505;
	made_run_begin(&made, &model);
	/* It waits for a descriptor and has nothing to do: that is not stuck. */
	made_sql(&made, "UPDATE process_sample SET cpu_user_us_total = 0");
	made_fail(&made, &acceptor_full);
	made_event(&made, 8600000, "broken", "acceptors", "failures go on");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", break_sql),
			    "acceptor-nofile|acceptor 0|server|proven|505");
	assert_string_equal(made_row(&made, "%s", outcome_sql), "broke|done");
	assert_string_equal(made_row(&made,
				     "SELECT t_us, since_attempt_us, established, usage,"
				     " limit_value, call, errno FROM breaking_point"),
			    "3505000|505000|506|512|512|accept4|24");
	assert_string_equal(
	    made_row(&made, "SELECT text FROM finding WHERE kind = 'verdict'"),
	    "open files of acceptor 0: 512 of 512 (RLIMIT_NOFILE)");
	assert_int_equal(
	    made_int(&made, "SELECT max(established_total) FROM worker_sample"), 2000);
	assert_int_equal(made_int(&made, "SELECT count(*) FROM finding"
					 " WHERE kind = 'consequence'"),
			 0);
	made_run_end(&made);
}

/* In a shared listener the others take over: the last to fill is the breaking point. */
static void
acceptor_nofile_waits_for_the_last(void **state)
{
	struct made_model model = made_model_default;
	struct made_failure second = acceptor_full;
	struct made_run made;

	(void)state;
	model.nofile = 512;
	model.acceptors = 2;
	model.accepted_max = 1010;
	made_run_begin(&made, &model);
	made_fail(&made, &acceptor_full);
	made_event(&made, 5000000, "broken", "acceptors", "failures go on");
	second.worker = "acceptor 1";
	second.first_us = 4100000;
	second.accepted = second.held = 1010;
	made_fail(&made, &second);
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", break_sql),
			    "acceptor-nofile|acceptors|server|proven|1010");
	made_run_end(&made);
}

static void
one_full_acceptor_of_two_is_no_break(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.acceptors = 2;
	made_run_begin(&made, &model);
	made_fail(&made, &acceptor_full);
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", outcome_sql), "survived|done");
	assert_names_nothing(&made);
	made_run_end(&made);
}

/* The other had room until it died: its death is the break. */
static void
full_acceptor_does_not_explain_the_death_of_the_other(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.acceptors = 2;
	model.accept_stops_us = 7500000;
	made_run_begin(&made, &model);
	made_fail(&made, &acceptor_full);
	made_sql(&made, "UPDATE process SET \"end\" = 'exit', code = 1, to_us = 7500000"
			" WHERE slot = 1");
	made_event(&made, 7550000, "broken", "acceptor 1", "an acceptor died");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", break_sql),
			    "acceptor-died|acceptor 1|server|proven|1500");
	made_run_end(&made);
}

/* EMFILE, but the process was not at its limit: something else is wrong. */
static void
files_below_the_limit_are_not_blamed(void **state)
{
	struct made_model model = made_model_default;
	struct made_failure failure = acceptor_full;
	struct made_run made;

	(void)state;
	model.accepted_max = 505;
	made_run_begin(&made, &model);
	failure.fds = 511;
	made_fail(&made, &failure);
	made_event(&made, 4600000, "broken", "acceptors", "failures go on");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "SELECT limit_id, confidence, call"
					    " FROM breaking_point"),
			    "-|unexplained|accept4");
	made_run_end(&made);
}

/* As long as the acceptor gets on through a full queue, the queue is not the break. */
static void
queue_that_is_always_full_is_not_the_cause(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.nofile = 512;
	model.accepted_max = 505;
	model.backlog = 16;
	made_run_begin(&made, &model);
	made_sql(&made, "UPDATE listener_sample SET queue = 17 WHERE tick >= 31");
	made_fail(&made, &acceptor_full);
	made_event(&made, 5600000, "broken", "acceptors", "failures go on");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", break_sql),
			    "acceptor-nofile|acceptor 0|server|proven|505");
	assert_string_equal(
	    made_row(&made, "SELECT limit_id FROM finding WHERE kind = 'consequence'"),
	    "accept-queue");
	made_run_end(&made);
}

/* In a group the first to fill starves its own queue. */
static void
acceptor_nofile_in_a_group_is_the_first(void **state)
{
	struct made_model model = made_model_default;
	struct made_failure first = acceptor_full;
	struct made_run made;

	(void)state;
	model.nofile = 512;
	model.acceptors = 2;
	model.accepted_max = 1800;
	model.listener = "group";
	made_run_begin(&made, &model);
	first.worker = "acceptor 1";
	first.accepted = 990;
	made_fail(&made, &first);
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", break_sql),
			    "acceptor-nofile|acceptor 1|server|proven|990");
	made_run_end(&made);
}

static void
client_nofile_is_inconclusive(void **state)
{
	/* The limit, and what it was lowered to under 256 open files (prlimit(2)). */
	static const int64_t limits[] = { 256, 150 };
	struct made_failure failure = {
		.worker = "client 3",
		.call = "socket",
		.error = "EMFILE",
		.code = EMFILE,
		.count = 900,
		.first_us = 4100000,
		.last_us = 5000000,
		.attempted = 1100,
		.established = 1100,
		.accepted = 1098,
		.held = 1100,
		.own = 250,
		.fds = 256,
		.limit = 256,
		.own_fds = 6,
	};
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.established_max = 1100;
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		failure.limit = limits[i];
		made_run_begin(&made, &model);
		made_fail(&made, &failure);
		made_event(&made, 5200000, "broken", "clients", "failures go on");
		made_analyse(&made);
		assert_string_equal(made_row(&made, "%s", break_sql),
				    "client-nofile|client 3|client|proven|1100");
		assert_string_equal(made_row(&made, "%s", outcome_sql),
				    "inconclusive|done");
		made_run_end(&made);
	}
}

static const struct made_failure no_port = {
	.worker = "client 0",
	.call = "connect",
	.error = "EADDRNOTAVAIL",
	.code = EADDRNOTAVAIL,
	.count = 1000,
	.first_us = 4000000,
	.last_us = 9000000,
	.attempted = 1001,
	.established = 1000,
	.accepted = 1000,
	.held = 1000,
	.own = 1000,
	.fds = 1006,
	.limit = 20000,
	.own_fds = 6,
};

static void
ephemeral_ports_are_named(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.established_max = 1000;
	made_run_begin(&made, &model);
	made_sql(&made, "UPDATE resource_limit SET value = 1000 WHERE resource = 'held'");
	made_fail(&made, &no_port);
	made_event(&made, 5000000, "broken", "clients", "failures go on");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", break_sql),
			    "ephemeral-ports|clients|client|proven|1000");
	assert_string_equal(made_row(&made, "%s", outcome_sql), "inconclusive|done");
	made_run_end(&made);
}

/* A limit that was not at its ceiling is never named. */
static void
ports_that_are_free_are_not_blamed(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.established_max = 1000;
	made_run_begin(&made, &model);
	/* Idle, because nothing comes: that is not stuck. */
	made_sql(&made, "UPDATE process_sample SET cpu_user_us_total = 0");
	made_fail(&made, &no_port);
	made_event(&made, 8500000, "broken", "clients", "failures go on");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", break_sql),
			    "-|clients|unknown|unexplained|1000");
	assert_string_equal(made_row(&made, "%s", outcome_sql), "broke|done");
	assert_int_equal(made_int(&made, "SELECT count(*) FROM finding"
					 " WHERE kind = 'ruled-out'"
					 " AND limit_id = 'ephemeral-ports'"),
			 1);
	made_run_end(&made);
}

/* While clients hold what they have, only the canary comes: what it waits for is known by the
 * state of the acceptor. */
static void
an_acceptor_that_halts_in_the_hold_is_stuck(void **state)
{
	static const struct {
		char state;
		const char *says;
	} halts[] = { { 'T', "was stopped by a signal: state T" },
		      { 't', "was stopped by a debugger: state t" },
		      { 'D', "was frozen, or waited for a device: state D" } };

	(void)state;
	for (size_t i = 0; i < sizeof(halts) / sizeof(halts[0]); i++) {
		struct made_run made;

		made_run_begin(&made, &made_model_default);
		made_sql(&made,
			 "UPDATE process_sample SET state = %d WHERE tick >= 100;"
			 "UPDATE listener_sample SET queue = 1 WHERE tick > 100;"
			 "INSERT INTO subject (run_id, kind, subject, name)"
			 " VALUES (1, 'worker', 9, 'canary');"
			 "INSERT INTO worker_sample (run_id, tick, subject, served_total,"
			 " attempted_total, failed_total) SELECT run_id, tick, 9,"
			 " min(tick, 100), tick, 0 FROM tick",
			 halts[i].state);
		made_event(&made, 12500000, "broken", "run", "newcomers get no service");
		made_analyse(&made);
		assert_string_equal(made_row(&made,
					     "SELECT limit_id, subject, confidence,"
					     " t_us FROM breaking_point"),
				    "acceptor-stuck|acceptor 0|proven|10000000");
		assert_non_null(strstr(
		    made_row(&made, "SELECT text FROM finding WHERE kind = 'verdict'"),
		    halts[i].says));
		made_run_end(&made);
	}
}

/* Of a group the canary may come to the other acceptor each time: what waits in a queue to the
 * end is not served for that, and what was taken from it is. */
static void
one_stopped_acceptor_of_a_group_is_stuck(void **state)
{
	static const struct {
		int64_t queue_until;
		const char *found;
	} cases[] = {
		{ 10000, "stalled|acceptor-stuck|acceptor 1|proven|10100000" },
		{ 118, "survived|-|-|-|-" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct made_model model = made_model_default;
		struct made_run made;

		model.acceptors = 2;
		model.listener = "group";
		made_run_begin(&made, &model);
		made_sql(
		    &made,
		    "UPDATE process_sample SET state = 84 WHERE tick >= 100 AND subject "
		    "= 1;"
		    "INSERT INTO subject (run_id, kind, subject, name)"
		    " VALUES (1, 'listener', 1, 'listener 1'), (1, 'worker', 9, "
		    "'canary');"
		    "INSERT INTO listener_sample (run_id, tick, subject, queue, backlog)"
		    " SELECT run_id, tick, 1, tick > 100 AND tick < %lld, 128 FROM tick;"
		    "INSERT INTO worker_sample (run_id, tick, subject, served_total,"
		    " attempted_total, failed_total) SELECT run_id, tick, 9,"
		    " tick, tick, 0 FROM tick",
		    (long long)cases[i].queue_until);
		made_analyse(&made);
		assert_string_equal(
		    made_row(&made, "SELECT r.outcome, b.limit_id, b.subject,"
				    " b.confidence, b.t_us FROM run AS r LEFT JOIN"
				    " breaking_point AS b USING (run_id)"),
		    cases[i].found);
		made_run_end(&made);
	}
}

/* Who is slowed for memory.high waits in the same state as for a device. */
static void
an_acceptor_that_is_slowed_is_not_stuck(void **state)
{
	struct made_run made;

	(void)state;
	made_run_begin(&made, &made_model_default);
	made_sql(&made,
		 "UPDATE process_sample SET state = %d WHERE tick >= 100;"
		 "UPDATE listener_sample SET queue = 1 WHERE tick > 100;"
		 "INSERT INTO cgroup_sample (run_id, tick, subject, memory_slowed_total)"
		 " SELECT run_id, tick, 0, max(0, tick - 90) FROM tick;"
		 "INSERT INTO subject (run_id, kind, subject, name)"
		 " VALUES (1, 'worker', 9, 'canary');"
		 "INSERT INTO worker_sample (run_id, tick, subject, served_total,"
		 " attempted_total, failed_total) SELECT run_id, tick, 9,"
		 " min(tick, 100), tick, 0 FROM tick",
		 'D');
	made_event(&made, 12500000, "broken", "run", "newcomers get no service");
	made_analyse(&made);
	assert_string_equal(
	    made_row(&made, "SELECT limit_id, subject, confidence FROM breaking_point"),
	    "memory-high|acceptor 0|likely");
	made_run_end(&made);
}

/* Half a second without a visit served is no stop. */
static void
an_acceptor_that_served_a_moment_ago_is_not_stuck(void **state)
{
	struct made_run made;

	(void)state;
	made_run_begin(&made, &made_model_default);
	made_sql(&made, "UPDATE process_sample SET state = 68 WHERE tick >= 120;"
			"UPDATE listener_sample SET queue = 1 WHERE tick > 120;"
			"INSERT INTO subject (run_id, kind, subject, name)"
			" VALUES (1, 'worker', 9, 'canary');"
			"INSERT INTO worker_sample (run_id, tick, subject, served_total,"
			" attempted_total, failed_total) SELECT run_id, tick, 9,"
			" min(tick, 120), tick, 0 FROM tick");
	made_event(&made, 12500000, "broken", "run", "newcomers get no service");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "SELECT limit_id FROM breaking_point"), "-");
	made_run_end(&made);
}

/* A client that runs out of files later does not do so because the server did. */
static void
what_does_not_follow_from_the_cause_is_not_its_consequence(void **state)
{
	static const struct made_failure client = {
		.worker = "client 0",
		.call = "socket",
		.error = "EMFILE",
		.code = EMFILE,
		.count = 9,
		.first_us = 7500000,
		.last_us = 8000000,
		.attempted = 1600,
		.established = 1600,
		.accepted = 1500,
		.held = 1600,
		.own = 1600,
		.fds = 1610,
		.limit = 1610,
		.own_fds = 10,
	};
	struct made_run made;

	(void)state;
	made_run_broken(&made, 1500);
	made_fail(&made, &client);
	made_analyse(&made);
	assert_string_equal(made_row(&made, "SELECT limit_id FROM v_breaking_point"),
			    "acceptor-nofile");
	assert_int_equal(made_int(&made, "SELECT count(*) FROM finding"
					 " WHERE kind = 'consequence'"),
			 0);
	assert_string_equal(
	    made_row(&made, "SELECT text FROM finding WHERE text LIKE 'also %%'"),
	    "also open files of client 0: 1,610 of 1,610 (RLIMIT_NOFILE), from 7.5 s on "
	    "(proven)");
	made_run_end(&made);
}

/* What was accepted and lost since is not held any more. */
static void
what_was_lost_before_the_break_is_not_held_at_it(void **state)
{
	struct made_run made;

	(void)state;
	made_run_broken(&made, 1500);
	made_sql(&made, "UPDATE worker_sample SET lost_total = 200 WHERE subject = 1 AND"
			" tick >= 40");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "SELECT limit_id, accepted, held FROM"
					    " v_breaking_point"),
			    "acceptor-nofile|1500|1300");
	made_run_end(&made);
}

static void
killed_acceptor_is_a_crash(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.accept_stops_us = 4500000;
	made_run_begin(&made, &model);
	made_sql(&made,
		 "UPDATE process SET \"end\" = 'signal', code = 9, to_us = 4550000");
	made_event(&made, 4560000, "broken", "acceptor 0", "an acceptor died");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", break_sql),
			    "acceptor-died|acceptor 0|server|proven|1000");
	assert_string_equal(made_row(&made, "%s", outcome_sql), "crashed|done");
	assert_string_equal(
	    made_row(&made, "SELECT text FROM finding WHERE kind = 'verdict'"),
	    "acceptor 0 was killed by signal 9");
	made_run_end(&made);
}

/* Anyone can send signal 9: a full cgroup alone proves nothing. */
static void
full_cgroup_without_its_counter_is_not_blamed(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.accept_stops_us = 4500000;
	made_run_begin(&made, &model);
	made_sql(&made,
		 "UPDATE process SET \"end\" = 'signal', code = 9, to_us = 4550000;"
		 "INSERT INTO cgroup_sample (run_id, tick, subject, memory_bytes,"
		 " oom_kills_total) SELECT run_id, tick, 0, 20971520, 3 FROM tick;"
		 "INSERT INTO resource_limit VALUES (1, 'cgroup', 0, 'memory_bytes',"
		 " 20971520, 'memory.max')");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", break_sql),
			    "acceptor-died|acceptor 0|server|proven|1000");
	made_run_end(&made);
}

/* The same death, but the cgroup's counter moved: the cause is the memory limit. */
static void
oom_kill_is_the_memory_limit(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.accept_stops_us = 4500000;
	made_run_begin(&made, &model);
	made_sql(&made,
		 "UPDATE process SET \"end\" = 'signal', code = 9, to_us = 4550000;"
		 "INSERT INTO cgroup_sample (run_id, tick, subject, memory_bytes,"
		 " oom_kills_total) SELECT run_id, tick, 0, 20971520 - 4096,"
		 " t_us > 4500000 FROM tick;"
		 "INSERT INTO resource_limit VALUES (1, 'cgroup', 0, 'memory_bytes',"
		 " 20971520, 'memory.max')");
	made_event(&made, 4560000, "broken", "acceptor 0", "an acceptor died");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", break_sql),
			    "memory-cgroup|cgroup|server|proven|1000");
	assert_string_equal(made_row(&made, "%s", outcome_sql), "crashed|done");
	assert_string_equal(
	    made_row(&made, "SELECT limit_id FROM finding WHERE kind = 'consequence'"),
	    "acceptor-died");
	made_run_end(&made);
}

/* Memory that grows with time, met while the connections stood still: what a higher limit
 * buys is time, said in its own unit, and no number of connections. */
static void
more_memory_for_a_leak_buys_time(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.bytes_per_connection = 0;
	model.leak_bytes_per_s = 1 << 20;
	model.accept_stops_us = 38000000;
	model.release_us = 40000000;
	model.end_us = 45000000;
	made_run_begin(&made, &model);
	/* 39 MiB and 35 s at 1 MiB/s. */
	made_sql(
	    &made,
	    "UPDATE process SET \"end\" = 'signal', code = 9, to_us = 38000000;"
	    "INSERT INTO cgroup_sample (run_id, tick, subject, memory_bytes,"
	    " oom_kills_total) SELECT g.run_id, g.tick, 0, min(g.rss_bytes, 74 << 20),"
	    " t.t_us > 37900000 FROM group_sample AS g JOIN tick AS t USING (run_id,"
	    " tick) WHERE g.subject = 0;"
	    "INSERT INTO resource_limit VALUES (1, 'cgroup', 0, 'memory_bytes',"
	    " 74 << 20, 'memory.max')");
	made_event(&made, 38010000, "broken", "acceptor 0", "an acceptor died");
	made_analyse(&made);
	assert_non_null(strstr(
	    made_row(&made, "SELECT text FROM finding WHERE kind = 'recommendation' AND"
			    " limit_id = 'memory-cgroup'"),
	    "say 256.0 MiB: memory.max (version 2) or memory.limit_in_bytes (version 1);"
	    " it grows by 1.0 MiB/s while the connections stand still, so that this"
	    " lasts about 3 min 2 s longer"));
	assert_int_equal(made_int(&made, "SELECT count(*) FROM finding WHERE text LIKE"
					 " '%%moves this limit%%'"),
			 0);
	made_run_end(&made);
}

/* The acceptor runs, but takes only so much: trickling on through a full queue. */
static void
accept_queue_is_named(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.backlog = 16;
	model.accepted_max = 400;
	made_run_begin(&made, &model);
	/* It uses CPU all the time, so it is not stuck. */
	made_sql(&made, "UPDATE process_sample SET cpu_user_us_total = tick * 90000");
	made_event(&made, 8500000, "broken", "clients", "progress has stopped");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", break_sql),
			    "accept-queue|listener 0|server|proven|400");
	assert_string_equal(made_row(&made, "SELECT usage, limit_value, established"
					    " FROM breaking_point"),
			    "17|17|417");
	assert_string_equal(made_row(&made, "%s", outcome_sql), "broke|done");
	made_run_end(&made);
}

/* Whether a run is broken is for the supervisor to say: a full queue alone does not. */
static void
full_queue_alone_is_not_the_cause(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.backlog = 16;
	model.accepted_max = 400;
	made_run_begin(&made, &model);
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", break_sql),
			    "-|run|unknown|unexplained|417");
	assert_string_equal(made_row(&made, "%s", outcome_sql), "broke|done");
	made_run_end(&made);
}

/* SIGSTOP: the queue fills afterwards, and is a consequence. */
static void
stopped_acceptor_is_stuck(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.backlog = 16;
	model.accept_stops_us = 3400000;
	model.acceptor_state = 84;
	made_run_begin(&made, &model);
	made_event(&made, 8500000, "broken", "clients", "progress has stopped");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", break_sql),
			    "acceptor-stuck|acceptor 0|server|proven|400");
	assert_string_equal(made_row(&made, "%s", outcome_sql), "stalled|done");
	assert_string_equal(
	    made_row(&made, "SELECT limit_id FROM finding WHERE kind = 'consequence'"),
	    "accept-queue");
	made_run_end(&made);
}

/* The first error is not the limit: failures that were made up for are a note. */
static void
transients_are_a_note(void **state)
{
	static const struct made_failure failure = {
		.worker = "client 0",
		.call = "connect",
		.error = "ETIMEDOUT",
		.code = ETIMEDOUT,
		.count = 17,
		.first_us = 3200000,
		.last_us = 3300000,
		.attempted = 300,
		.established = 280,
		.accepted = 280,
		.held = 280,
		.own = 280,
		.fds = 286,
		.limit = 20000,
		.own_fds = 6,
	};
	struct made_run made;

	(void)state;
	made_run_begin(&made, &made_model_default);
	made_fail(&made, &failure);
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", outcome_sql), "survived|done");
	assert_names_nothing(&made);
	assert_string_equal(
	    made_row(&made, "SELECT text FROM finding WHERE kind = 'note'"),
	    "17 transient failures: connect() → ETIMEDOUT, first of client 0 at 3.2 s");
	made_run_end(&made);
}

static void
closed_port_is_a_failed_run(void **state)
{
	static const struct made_failure failure = {
		.worker = "client 0",
		.call = "connect",
		.error = "ECONNREFUSED",
		.code = ECONNREFUSED,
		.count = 2000,
		.first_us = 3000100,
		.last_us = 5000000,
		.attempted = 1,
		.fds = 6,
		.limit = 20000,
		.own_fds = 6,
	};
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.established_max = 0;
	made_run_begin(&made, &model);
	made_sql(&made, "DELETE FROM listener_sample;"
			"UPDATE netns_sample SET out_resets_total = tick");
	made_fail(&made, &failure);
	made_event(&made, 4100000, "broken", "clients", "failures go on");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", break_sql),
			    "closed-port|host|server|proven|0");
	assert_string_equal(made_row(&made, "%s", outcome_sql), "failed|done");
	made_run_end(&made);
}

static const struct made_failure fork_denied = {
	.worker = "forker 0",
	.call = "fork",
	.error = "EAGAIN",
	.code = EAGAIN,
	.count = 12,
	.first_us = 3800000,
	.last_us = 8000000,
	.attempted = 800,
	.established = 800,
	.accepted = 800,
	.held = 800,
	.fds = 9,
	.limit = 20000,
	.own_fds = 9,
};

static void
pids_of_the_cgroup_are_named(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.established_max = 800;
	made_run_begin(&made, &model);
	made_fail(&made, &fork_denied);
	made_sql(&made, "INSERT INTO cgroup_sample (run_id, tick, subject, pids,"
			" pids_denied_total) SELECT run_id, tick, 0, 30, t_us > 3800000"
			" FROM tick;"
			"INSERT INTO resource_limit VALUES (1, 'cgroup', 0, 'pids', 30,"
			" 'pids.max')");
	made_event(&made, 4900000, "broken", "clients", "failures go on");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", break_sql),
			    "pids-cgroup|cgroup|client|proven|800");
	made_run_end(&made);
}

/* A run of fork_denied, with cgroups: the workers' own, numbered 0, and what is around it. */
static void
make_denied(struct made_run *made, const char *sql)
{
	struct made_model model = made_model_default;

	model.established_max = 800;
	made_run_begin(made, &model);
	made_fail(made, &fork_denied);
	made_sql(made, "%s", sql);
	made_event(made, 4900000, "broken", "clients", "failures go on");
	made_analyse(made);
}

/* 95 of the 200 are the workers'; the others are in a cgroup beside them. */
static void
pids_of_a_parent_are_read_from_the_parent(void **state)
{
	struct made_run made;

	(void)state;
	make_denied(&made,
		    "INSERT INTO subject (run_id, kind, subject, name) VALUES (1, "
		    "'cgroup', 1, 'cgroup /a'),"
		    " (1, 'cgroup', 2, 'cgroup /a/b');"
		    "INSERT INTO cgroup_sample (run_id, tick, subject, pids,"
		    " pids_denied_total) SELECT run_id, tick, 0, 95, t_us > 3800000"
		    " FROM tick UNION ALL SELECT run_id, tick, 1, 200, 0 FROM tick"
		    " UNION ALL SELECT run_id, tick, 2, 120, 0 FROM tick;"
		    "INSERT INTO resource_limit VALUES"
		    " (1, 'cgroup', 1, 'pids', 200, 'pids.max'),"
		    " (1, 'cgroup', 2, 'pids', 300, 'pids.max')");
	assert_string_equal(made_row(&made, "%s", break_sql),
			    "pids-cgroup|cgroup /a|client|proven|800");
	assert_string_equal(
	    made_row(&made, "SELECT usage, limit_value FROM breaking_point"), "200|200");
	assert_string_equal(
	    made_row(&made, "SELECT text FROM finding WHERE kind = 'verdict'"),
	    "processes of the cgroup /a: 200 of 200 (pids.max)");
	made_run_end(&made);
}

/* A container sees no cgroup above its own, yet the kernel counts what that refused. */
static void
pids_of_an_ancestor_out_of_sight_are_likely(void **state)
{
	struct made_run made;

	(void)state;
	make_denied(&made, "INSERT INTO cgroup_sample (run_id, tick, subject, pids,"
			   " pids_denied_total) SELECT run_id, tick, 0, 95,"
			   " t_us > 3800000 FROM tick");
	assert_string_equal(made_row(&made, "%s", break_sql),
			    "pids-cgroup|cgroup|client|likely|800");
	assert_string_equal(made_row(&made, "SELECT usage FROM breaking_point"), "-");
	made_run_end(&made);
}

/* Both are at 40 of 40: the cgroup would have counted what it refused. */
static void
a_counter_that_did_not_move_tells_nproc_from_pids(void **state)
{
	static const char both[] =
	    "INSERT INTO cgroup_sample (run_id, tick, subject, pids, pids_denied_total)"
	    " SELECT run_id, tick, 0, 40, %s FROM tick;"
	    "INSERT INTO host_sample (run_id, tick, subject, user_threads)"
	    " SELECT run_id, tick, 0, 40 FROM tick;"
	    "INSERT INTO resource_limit VALUES (1, 'cgroup', 0, 'pids', 40, 'pids.max'),"
	    " (1, 'host', 0, 'user_threads', 40, 'RLIMIT_NPROC')";
	static const char *const cases[][2] = {
		{ "7", "nproc|host|client|proven|800" },
		{ "t_us > 3800000", "pids-cgroup|cgroup|client|proven|800" },
		/* Not read: the usage alone makes it likely, and nproc is proven. */
		{ "NULL", "nproc|host|client|proven|800" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct made_run made;
		char sql[1024];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(sql, sizeof(sql), both, cases[i][0]);
#pragma GCC diagnostic pop
		make_denied(&made, sql);
		assert_string_equal(made_row(&made, "%s", break_sql), cases[i][1]);
		made_run_end(&made);
	}
}

/* 30 others run under the same user: brink's own 29 alone rule nothing out. */
static void
nproc_takes_in_the_threads_of_others(void **state)
{
	struct made_run made;

	(void)state;
	make_denied(&made, "UPDATE group_sample SET processes = 29 WHERE subject = 3;"
			   "INSERT INTO host_sample (run_id, tick, subject, user_threads)"
			   " SELECT run_id, tick, 0, CASE WHEN tick % 10 = 0 THEN 60 END"
			   " FROM tick;"
			   "INSERT INTO resource_limit VALUES"
			   " (1, 'host', 0, 'user_threads', 60, 'RLIMIT_NPROC')");
	assert_string_equal(made_row(&made, "%s", break_sql),
			    "nproc|host|client|proven|800");
	assert_string_equal(
	    made_row(&made, "SELECT usage, limit_value FROM breaking_point"), "60|60");
	made_run_end(&made);
}

/* Where /proc does not show all of the user's processes, or they were not counted. */
static void
nproc_is_not_ruled_out_by_a_part(void **state)
{
	static const struct {
		const char *sql;
		int64_t ruled_out;
	} cases[] = {
		{ "INSERT INTO setting VALUES (1, 'host', 'RLIMIT_NPROC of workers',"
		  " '60')",
		  0 },
		{ "INSERT INTO resource_limit VALUES (1, 'host', 0, 'user_threads', 60,"
		  " 'RLIMIT_NPROC');"
		  "INSERT INTO host_sample (run_id, tick, subject, user_threads)"
		  " SELECT run_id, tick, 0, 30 FROM tick;"
		  "INSERT INTO setting VALUES (1, 'host', 'processes seen', 'a part')",
		  0 },
		{ "INSERT INTO resource_limit VALUES (1, 'host', 0, 'user_threads', 60,"
		  " 'RLIMIT_NPROC');"
		  "INSERT INTO host_sample (run_id, tick, subject, user_threads)"
		  " SELECT run_id, tick, 0, 30 FROM tick;"
		  "INSERT INTO setting VALUES (1, 'host', 'processes seen',"
		  " 'all of the host')",
		  1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct made_run made;

		make_denied(&made, cases[i].sql);
		assert_int_equal(made_int(&made, "SELECT count(*) FROM finding WHERE"
						 " kind = 'ruled-out' AND"
						 " limit_id = 'nproc'"),
				 cases[i].ruled_out);
		made_run_end(&made);
	}
}

/* A worker was killed, and its cgroup's count of such kills moved: by whom? */
static void
make_killed(struct made_run *made, const char *sql)
{
	struct made_model model = made_model_default;

	model.accept_stops_us = 4500000;
	made_run_begin(made, &model);
	made_sql(made, "UPDATE process SET \"end\" = 'oom', code = 9, to_us = 4550000;"
		       "INSERT INTO subject (run_id, kind, subject, name) VALUES (1, "
		       "'cgroup', 1, 'cgroup /a/b')");
	made_sql(made, "%s", sql);
	made_event(made, 4560000, "broken", "acceptor 0", "an acceptor died");
	made_analyse(made);
}

#define CGROUP_KILLS                                                                \
	"INSERT INTO cgroup_sample (run_id, tick, subject, memory_bytes,"           \
	" oom_kills_total, memory_refused_total) SELECT run_id, tick, 0, 52428800," \
	" t_us > 4500000, %s FROM tick;"
#define HOST_KILLS                                                            \
	"INSERT INTO host_sample (run_id, tick, subject, available_bytes,"    \
	" oom_kills_total) SELECT run_id, tick, 0, 100000000, t_us > 4500000" \
	" FROM tick;"

/* The host killed it: version 2 counts that in the cgroup too. */
static void
a_kill_by_the_host_is_not_blamed_on_a_cgroup(void **state)
{
	static const char *const cgroups[] = {
		/* without a limit; with one that was not near; full, and yet not asked for
		 * more */
		"",
		"INSERT INTO resource_limit VALUES (1, 'cgroup', 0, 'memory_bytes',"
		" 209715200, 'memory.max')",
		"INSERT INTO resource_limit VALUES (1, 'cgroup', 0, 'memory_bytes',"
		" 52428800, 'memory.max');UPDATE cgroup_sample SET memory_refused_total"
		" = 3",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cgroups) / sizeof(cgroups[0]); i++) {
		struct made_run made;
		char sql[1024];

		snprintf(sql, sizeof(sql), CGROUP_KILLS HOST_KILLS "%s", "NULL",
			 cgroups[i]);
		make_killed(&made, sql);
		assert_string_equal(made_row(&made, "%s", break_sql),
				    "memory-host|host|server|proven|1000");
		assert_int_equal(made_int(&made, "SELECT count(*) FROM finding WHERE"
						 " limit_id = 'memory-cgroup' AND"
						 " kind <> 'ruled-out' AND"
						 " kind <> 'note'"),
				 0);
		made_run_end(&made);
	}
}

/* The workers' own cgroup is said with its path, where it is not made for the run alone. */
static void
the_workers_cgroup_is_said_with_its_path(void **state)
{
	static const char *const texts[] = {
		"memory of the cgroup /app.slice/a.service ran out: the kernel killed"
		" acceptor 0",
		"memory of the cgroup ran out: the kernel killed acceptor 0",
	};

	(void)state;
	for (int isolate = 0; isolate < 2; isolate++) {
		struct made_run made;
		char sql[1024];

		snprintf(
		    sql, sizeof(sql),
		    CGROUP_KILLS HOST_KILLS
		    "INSERT INTO resource_limit VALUES (1, 'cgroup', 0, 'memory_bytes',"
		    " 52428800, 'memory.max');"
		    "INSERT INTO setting VALUES (1, 'cgroup', 'cgroup',"
		    " '/app.slice/a.service');"
		    "UPDATE run SET plan = json_set(plan, '$.isolate',"
		    " json('%s'))",
		    "t_us > 4500000", isolate ? "true" : "false");
		make_killed(&made, sql);
		assert_string_equal(
		    made_row(&made, "SELECT text FROM finding WHERE kind = 'verdict'"),
		    texts[isolate]);
		made_run_end(&made);
	}
}

/* A kill for want of memory on a host that has enough of it is some cgroup's, also where none can
 * be read: never the host's. One by a signal alone is nobody's limit. */
static void
a_kill_beside_free_memory_is_not_the_hosts(void **state)
{
	static const struct {
		const char *sql, *cause;
	} cases[] = {
		{ HOST_KILLS "UPDATE host_sample SET available_bytes = 7 << 30;",
		  "memory-cgroup|cgroup|server|likely|1000" },
		{ HOST_KILLS "UPDATE host_sample SET available_bytes = 7 << 30;"
			     "UPDATE process SET role = 'client';",
		  "memory-cgroup|cgroup|client|likely|1000" },
		{ HOST_KILLS "UPDATE host_sample SET available_bytes = 7 << 30;"
			     "UPDATE process SET \"end\" = 'signal';",
		  "acceptor-died|acceptor 0|server|proven|1000" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct made_run made;

		make_killed(&made, cases[i].sql);
		assert_string_equal(made_row(&made, "%s", break_sql), cases[i].cause);
		made_run_end(&made);
	}
}

/* The parent's limit, its usage, and its path. */
static void
memory_of_a_parent_is_the_parents(void **state)
{
	struct made_run made;
	char sql[1024];

	(void)state;
	snprintf(sql, sizeof(sql),
		 CGROUP_KILLS HOST_KILLS
		 "INSERT INTO cgroup_sample (run_id, tick, subject, memory_bytes,"
		 " memory_refused_total) SELECT run_id, tick, 1, 134217728,"
		 " t_us > 4500000 FROM tick;"
		 "INSERT INTO resource_limit VALUES (1, 'cgroup', 1, 'memory_bytes',"
		 " 134217728, 'memory.max')",
		 "0");
	make_killed(&made, sql);
	assert_string_equal(made_row(&made, "%s", break_sql),
			    "memory-cgroup|cgroup /a/b|server|proven|1000");
	assert_string_equal(
	    made_row(&made, "SELECT usage, limit_value FROM breaking_point"),
	    "134217728|134217728");
	made_run_end(&made);
}

static void
nproc_is_named(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.established_max = 800;
	made_run_begin(&made, &model);
	made_fail(&made, &fork_denied);
	made_sql(
	    &made,
	    "UPDATE group_sample SET processes = 39 WHERE subject = 3;"
	    "INSERT INTO setting VALUES (1, 'host', 'RLIMIT_NPROC of workers', '40')");
	made_event(&made, 4900000, "broken", "clients", "failures go on");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", break_sql),
			    "nproc|host|client|proven|800");
	assert_string_equal(made_row(&made, "%s", outcome_sql), "inconclusive|done");
	made_run_end(&made);
}

/* The host has so many files at most. */
static void
assert_system_files_are_named(int64_t most)
{
	struct made_failure failure = acceptor_full;
	struct made_model model = made_model_default;
	struct made_run made;

	model.accepted_max = 505;
	made_run_begin(&made, &model);
	failure.error = "ENFILE";
	failure.code = ENFILE;
	made_fail(&made, &failure);
	made_sql(&made,
		 "INSERT INTO host_sample (run_id, tick, subject, files)"
		 " SELECT run_id, tick, 0, least FROM (SELECT run_id, tick,"
		 " min(4000 + tick * 100, %lld) AS least FROM tick);"
		 "INSERT INTO resource_limit VALUES (1, 'host', 0, 'files', 8000,"
		 " 'fs.file-max')",
		 (long long)most);
	made_event(&made, 4600000, "broken", "acceptors", "failures go on");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", break_sql),
			    "system-files|host|kernel|proven|506");
	assert_string_equal(made_row(&made, "%s", outcome_sql), "broke|done");
	made_run_end(&made);
}

/* Root is let past fs.file-max, so that the host may have more. */
static void
system_files_are_named(void **state)
{
	(void)state;
	assert_system_files_are_named(8000);
	assert_system_files_are_named(8090);
}

static void
missed_slots_are_inconclusive(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.missed = 21;
	made_run_begin(&made, &model);
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", outcome_sql), "inconclusive|done");
	made_sql(&made,
		 "UPDATE worker_sample SET missed_total = 20 WHERE missed_total > 0");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", outcome_sql), "survived|done");
	made_run_end(&made);
}

static void
guard_is_said(void **state)
{
	struct made_run made;

	(void)state;
	made_run_begin(&made, &made_model_default);
	made_event(&made, 8000000, "guard", "host",
		   "only 400 MiB of memory are available");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", outcome_sql), "guarded|done");
	assert_string_equal(
	    made_row(&made, "SELECT text FROM finding WHERE kind = 'verdict'"),
	    "only 400 MiB of memory are available");
	made_run_end(&made);
}

static void
a_full_disk_of_the_store_is_said(void **state)
{
	struct made_run made;

	(void)state;
	made_run_begin(&made, &made_model_default);
	made_event(&made, 8000000, "disk-full", "recorder", "the disk is full");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", outcome_sql), "interrupted|done");
	assert_string_equal(
	    made_row(&made, "SELECT text FROM finding WHERE kind = 'verdict'"),
	    "the disk is full");
	made_run_end(&made);
}

static void
interrupted_with_two_ticks_has_what_figures_it_can(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.state = "interrupted";
	model.end_us = MADE_TICK_US;
	model.release_us = MADE_NEVER;
	made_run_begin(&made, &model);
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", outcome_sql),
			    "interrupted|interrupted");
	assert_names_nothing(&made);
	assert_string_equal(
	    made_row(&made,
		     "SELECT base, peak, final, per_connection, over_time, n FROM leak"
		     " WHERE resource = 'fds' AND subject = 'acceptor 0'"),
	    "7.0|7.0|7.0|-|-|2");
	assert_string_equal(made_row(&made, "SELECT count(*) FROM recovery"), "0");
	made_run_end(&made);
}

static void
empty_run_failed(void **state)
{
	static const char *const tables[] = {
		"tick",          "phase",         "subject",
		"process",       "worker_sample", "process_sample",
		"group_sample",  "netns_sample",  "listener_sample",
		"resource_limit"
	};
	struct made_run made;

	(void)state;
	made_run_begin(&made, &made_model_default);
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		made_sql(&made, "DELETE FROM %s", tables[i]);
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", outcome_sql), "failed|done");
	assert_string_equal(made_row(&made, "SELECT text, weak FROM finding"
					    " WHERE kind = 'verdict'"),
			    "nothing was attempted|1");
	made_run_end(&made);
}

static void
missing_ticks_make_the_verdict_weak(void **state)
{
	struct made_run made;

	(void)state;
	made_run_begin(&made, &made_model_default);
	made_analyse(&made);
	assert_int_equal(
	    made_int(&made, "SELECT weak FROM finding WHERE kind = 'verdict'"), 0);
	made_sql(&made, "DELETE FROM tick WHERE tick BETWEEN 100 AND 105");
	made_analyse(&made);
	assert_int_equal(
	    made_int(&made, "SELECT weak FROM finding WHERE kind = 'verdict'"), 1);
	made_run_end(&made);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_limit_is_met_from_99_percent_on),
		cmocka_unit_test(survived_names_nothing),
		cmocka_unit_test(without_a_release_the_load_lasts_until_the_hold_ends),
		cmocka_unit_test(analysis_is_repeatable),
		cmocka_unit_test(acceptor_nofile_is_named),
		cmocka_unit_test(acceptor_nofile_waits_for_the_last),
		cmocka_unit_test(one_full_acceptor_of_two_is_no_break),
		cmocka_unit_test(full_acceptor_does_not_explain_the_death_of_the_other),
		cmocka_unit_test(files_below_the_limit_are_not_blamed),
		cmocka_unit_test(queue_that_is_always_full_is_not_the_cause),
		cmocka_unit_test(acceptor_nofile_in_a_group_is_the_first),
		cmocka_unit_test(client_nofile_is_inconclusive),
		cmocka_unit_test(ephemeral_ports_are_named),
		cmocka_unit_test(ports_that_are_free_are_not_blamed),
		cmocka_unit_test(
		    what_does_not_follow_from_the_cause_is_not_its_consequence),
		cmocka_unit_test(an_acceptor_that_halts_in_the_hold_is_stuck),
		cmocka_unit_test(one_stopped_acceptor_of_a_group_is_stuck),
		cmocka_unit_test(an_acceptor_that_is_slowed_is_not_stuck),
		cmocka_unit_test(an_acceptor_that_served_a_moment_ago_is_not_stuck),
		cmocka_unit_test(what_was_lost_before_the_break_is_not_held_at_it),
		cmocka_unit_test(killed_acceptor_is_a_crash),
		cmocka_unit_test(full_cgroup_without_its_counter_is_not_blamed),
		cmocka_unit_test(oom_kill_is_the_memory_limit),
		cmocka_unit_test(more_memory_for_a_leak_buys_time),
		cmocka_unit_test(accept_queue_is_named),
		cmocka_unit_test(full_queue_alone_is_not_the_cause),
		cmocka_unit_test(stopped_acceptor_is_stuck),
		cmocka_unit_test(transients_are_a_note),
		cmocka_unit_test(closed_port_is_a_failed_run),
		cmocka_unit_test(pids_of_the_cgroup_are_named),
		cmocka_unit_test(pids_of_a_parent_are_read_from_the_parent),
		cmocka_unit_test(pids_of_an_ancestor_out_of_sight_are_likely),
		cmocka_unit_test(a_counter_that_did_not_move_tells_nproc_from_pids),
		cmocka_unit_test(nproc_takes_in_the_threads_of_others),
		cmocka_unit_test(nproc_is_not_ruled_out_by_a_part),
		cmocka_unit_test(a_kill_by_the_host_is_not_blamed_on_a_cgroup),
		cmocka_unit_test(a_kill_beside_free_memory_is_not_the_hosts),
		cmocka_unit_test(the_workers_cgroup_is_said_with_its_path),
		cmocka_unit_test(memory_of_a_parent_is_the_parents),
		cmocka_unit_test(nproc_is_named),
		cmocka_unit_test(system_files_are_named),
		cmocka_unit_test(missed_slots_are_inconclusive),
		cmocka_unit_test(guard_is_said),
		cmocka_unit_test(a_full_disk_of_the_store_is_said),
		cmocka_unit_test(interrupted_with_two_ticks_has_what_figures_it_can),
		cmocka_unit_test(empty_run_failed),
		cmocka_unit_test(missing_ticks_make_the_verdict_weak),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
