#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "analyse/figure_value.h"
#include "analyse/growth.h"
#include "made_run.h"

#define SECOND INT64_C(1000000)

static void
begin(struct made_run *made, int64_t leak_bytes_per_s, int64_t release_us)
{
	struct made_model model = made_model_default;

	model.bytes_per_connection = 0;
	model.leak_bytes_per_s = leak_bytes_per_s;
	model.release_us = release_us;
	model.end_us = release_us + 6 * SECOND;
	made_run_begin(made, &model);
}

/* What a recommendation that begins like this rests on: "leak|memory of acceptors ...". */
static const char *
reason_for(struct made_run *made, const char *beginning)
{
	return made_row(made,
			"SELECT f.kind, f.text FROM finding r JOIN finding f"
			" ON f.run_id = r.run_id AND f.rank = r.rests_on"
			" WHERE r.kind = 'recommendation' AND r.text LIKE '%s%%'",
			beginning);
}

static void
a_leak_is_a_finding_with_what_to_do(void **state)
{
	struct made_run made;

	(void)state;
	begin(&made, 1 << 20, 40 * SECOND);
	made_sql(&made, "INSERT INTO host_sample (run_id, tick, subject, available_bytes)"
			" VALUES (1, 100, 0, 1073741824 * 36 / 10)");
	made_analyse(&made);
	assert_string_equal(
	    reason_for(&made, "find what keeps memory in acceptors"),
	    "leak|memory of acceptors grows by 1.0 MiB/s (1.0 MiB .. 1.0 MiB) while the"
	    " connections stand still: a leak over time, no cost of connections");
	assert_non_null(strstr(made_row(&made, "SELECT text FROM finding"
					       " WHERE text LIKE 'find what keeps%%'"),
			       "the host's memory lasts 1.0 hours"));
	made_run_end(&made);
}

/* 4 KiB of each connection, and 1 MiB/s: neither is said not to be. */
static void
a_leak_beside_a_cost_denies_no_cost(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.leak_bytes_per_s = 1 << 20;
	model.release_us = 40 * SECOND;
	model.end_us = 46 * SECOND;
	made_run_begin(&made, &model);
	made_analyse(&made);
	assert_string_equal(made_row(&made, "SELECT class FROM leak WHERE subject ="
					    " 'acceptors' AND resource = 'rss_bytes'"),
			    "both");
	assert_string_equal(
	    reason_for(&made, "find what keeps memory in acceptors"),
	    "leak|memory of acceptors grows by 1.0 MiB/s (1.0 MiB .. 1.0 MiB) while the"
	    " connections stand still: a leak over time, beside the 4.0 KiB that each"
	    " connection costs");
	made_run_end(&made);
}

/* Far below a twentieth of the leak, which is then called one over time, yet certain. */
static void
a_small_cost_beside_a_leak_is_not_denied(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.leak_bytes_per_s = 32 << 20;
	model.bytes_per_connection = 8192;
	model.release_us = 60 * SECOND;
	model.end_us = 66 * SECOND;
	made_run_begin(&made, &model);
	made_analyse(&made);
	assert_string_equal(made_row(&made, "SELECT class, per_connection_low > 0 FROM"
					    " leak WHERE subject = 'acceptors' AND"
					    " resource = 'rss_bytes'"),
			    "per-time|1");
	assert_non_null(strstr(reason_for(&made, "find what keeps memory in acceptors"),
			       "a leak over time, beside the 8.0 KiB that each connection"
			       " costs"));
	made_run_end(&made);
}

/* What a run cannot tell from 0, or not at all, is not said not to be. */
static void
a_cost_that_is_undecided_is_not_denied(void **state)
{
	static const struct {
		const char *cost, *text;
	} cases[] = {
		{ "per_connection_low = -900, per_connection_high = 4500",
		  "a leak over time, no cost of connections that this run can tell from 0"
		  " (-900 B .. 4.4 KiB)" },
		{ "per_connection_low = NULL, per_connection_high = NULL",
		  "a leak over time, whether connections cost any is not known" },
		{ "per_connection_low = -9, per_connection_high = 12",
		  "a leak over time, no cost of connections" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct finding_writer w;
		struct made_run made;
		struct facts facts;

		begin(&made, 1 << 20, 40 * SECOND);
		made_analyse(&made);
		made_sql(&made,
			 "UPDATE leak SET %s; DELETE FROM evidence;"
			 " DELETE FROM finding",
			 cases[i].cost);
		assert_int_equal(facts_load(&facts, made.db, made.run_id), 0);
		assert_int_equal(finding_begin(&w, made.db, made.run_id, false), 0);
		assert_int_equal(growth_store(&w, &facts), 0);
		finding_end(&w);
		facts_free(&facts);
		assert_string_equal(
		    strstr(reason_for(&made, "find what keeps memory in acceptors"),
			   "a leak over time"),
		    cases[i].text);
		made_run_end(&made);
	}
}

/* The verdict is on a cycle that broke before it could be told. */
static void
a_leak_is_told_by_an_earlier_cycle(void **state)
{
	struct finding_writer w;
	struct made_run made;
	struct facts facts;

	(void)state;
	begin(&made, 1 << 20, 40 * SECOND);
	made_analyse(&made);
	made_sql(
	    &made,
	    "CREATE TEMP TABLE t AS SELECT * FROM leak; UPDATE t SET cycle = 1, class ="
	    " 'inconclusive'; INSERT INTO leak SELECT * FROM t;"
	    " DELETE FROM evidence; DELETE FROM finding");
	assert_int_equal(facts_load(&facts, made.db, made.run_id), 0);
	facts.cycle = 1;
	assert_int_equal(finding_begin(&w, made.db, made.run_id, false), 0);
	assert_int_equal(growth_store(&w, &facts), 0);
	finding_end(&w);
	facts_free(&facts);
	assert_string_equal(
	    reason_for(&made, "find what keeps memory in acceptors"),
	    "leak|memory of acceptors grows by 1.0 MiB/s (1.0 MiB .. 1.0 MiB) while the"
	    " connections stand still: a leak over time, no cost of connections, as "
	    "cycle 1"
	    " shows");
	assert_int_equal(made_int(&made, "SELECT count(*) FROM finding WHERE text LIKE"
					 " 'memory of acceptors may grow%%'"),
			 0);
	made_run_end(&made);
}

/* A hold of less than two seconds is none of one. */
static void
a_hold_is_said_in_its_unit(void **state)
{
	struct made_run made;

	(void)state;
	begin(&made, 1000, 14 * SECOND);
	made_sql(&made, "UPDATE run SET plan = json_set(plan, '$.hold', 1500000)");
	made_analyse(&made);
	assert_int_equal(made_int(&made, "SELECT text LIKE '%%--hold 14s instead of"
					 " 1500ms' FROM finding WHERE text LIKE"
					 " 'hold the%%'"),
			 1);
	made_run_end(&made);
}

/* 1,000 B/s come to three pages after 12.3 s only. */
static void
a_look_that_was_too_short_says_how_long_it_takes(void **state)
{
	struct made_run made;

	(void)state;
	begin(&made, 1000, 14 * SECOND);
	made_analyse(&made);
	assert_non_null(strstr(reason_for(&made, "hold the connections for longer"),
			       "note|memory of acceptors may grow by"));
	assert_int_equal(made_int(&made, "SELECT text LIKE '%%--hold 14s instead of 3s'"
					 " FROM finding WHERE text LIKE 'hold the%%'"),
			 1);
	made_run_end(&made);
}

static void
without_growth_there_is_no_leak(void **state)
{
	struct made_run made;

	(void)state;
	begin(&made, 0, 14 * SECOND);
	made_analyse(&made);
	assert_int_equal(
	    made_int(&made, "SELECT count(*) FROM finding WHERE kind = 'leak'"), 0);
	assert_string_equal(
	    made_row(&made, "SELECT recovered, remains, settled_s FROM v_cycle"),
	    "full|-|0.1");
	made_run_end(&made);
}

/* The canary is served at 0.7 s after the release, and as fast as ever at 2 s. */
static void
service_is_back_when_the_canary_is_served(void **state)
{
	struct made_run made;

	(void)state;
	begin(&made, 0, 14 * SECOND);
	made_sql(
	    &made,
	    "INSERT INTO subject VALUES (1, 'worker', 9, 'canary', 'canary', 0);"
	    "INSERT INTO worker_sample (run_id, tick, subject, served_total)"
	    " SELECT 1, tick, 9, CASE WHEN tick < 147 THEN 28 ELSE 29 END FROM tick;"
	    "INSERT INTO latency SELECT 1, 'canary', 1000000 * value, 2,"
	    " CASE WHEN value BETWEEN 4 AND 15 THEN 201 ELSE 100 END, 1, 1, 1, 1, x'00'"
	    " FROM json_each('[1, 2, 3, 5, 14, 15, 16, 17]')");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "SELECT service_s, latency_s FROM v_cycle"),
			    "0.7|2.0");
	assert_non_null(
	    strstr(made_row(&made, "SELECT text FROM finding WHERE kind = 'recovery'"),
		   "newcomers had service after 0.7 s"));
	made_run_end(&made);
}

/* The acceptors' memory after the release, over what it was before the load. */
static void
leave(struct made_run *made, int64_t bytes)
{
	struct made_model model = made_model_default;

	model.bytes_per_connection = 16;
	model.release_us = 14 * SECOND;
	model.end_us = 20 * SECOND;
	made_run_begin(made, &model);
	made_sql(made,
		 "UPDATE group_sample SET rss_bytes = (SELECT min(rss_bytes) FROM"
		 " group_sample WHERE subject = 0) + %lld"
		 " WHERE subject = 0 AND tick > 140",
		 (long long)bytes);
	made_analyse(made);
}

/* A table of 16 bytes a connection that is kept for the next time is no failure to recover. */
static void
what_an_allocator_keeps_is_a_full_recovery(void **state)
{
	struct made_run made;

	(void)state;
	leave(&made, 32000);
	assert_string_equal(made_row(&made, "SELECT recovered, remains FROM v_cycle"),
			    "full|memory kept by the allocator: 31.2 KiB (16 B per"
			    " connection)");
	assert_non_null(strstr(
	    made_row(&made, "SELECT text FROM finding WHERE kind = 'recovery'"),
	    "recovery full, all back in 0.1 s; memory kept by the allocator:"
	    " 31.2 KiB (16 B per connection); --cycles 3 tells it apart from a leak"));
	assert_int_equal(made_int(&made, "SELECT count(*) FROM finding WHERE text LIKE"
					 " 'load and release%%'"),
			 0);
	made_run_end(&made);
	/* 1,000 bytes of each connection is none that an allocator keeps. */
	leave(&made, 2000000);
	assert_string_equal(made_row(&made, "SELECT recovered, remains FROM v_cycle"),
			    "partial|memory of acceptors: 1.9 MiB");
	made_run_end(&made);
}

static void
without_service_there_is_no_full_recovery(void **state)
{
	struct made_run made;

	(void)state;
	begin(&made, 0, 14 * SECOND);
	made_sql(&made,
		 "INSERT INTO subject VALUES (1, 'worker', 9, 'canary', 'canary', 0);"
		 "INSERT INTO worker_sample (run_id, tick, subject, served_total)"
		 " SELECT 1, tick, 9, 28 FROM tick");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "SELECT recovered, remains FROM v_cycle"),
			    "partial|-");
	made_run_end(&made);
}

/* In a hold of 3 s private memory, which is read at every tenth tick, has too few points: the
 * figure goes by what tells of the leak. */
static void
growth_of_memory_is_known_where_a_leak_is(void **state)
{
	const struct figure *figure =
	    figure_find("growth.memory", strlen("growth.memory"));
	struct figure_value value;
	struct made_run made;

	(void)state;
	begin(&made, 1 << 20, 14 * SECOND);
	made_sql(&made, "UPDATE group_sample SET private_bytes = rss_bytes"
			" WHERE subject = 0 AND tick %% 10 = 0");
	made_analyse(&made);
	assert_int_equal(
	    made_int(&made, "SELECT count(*) FROM finding WHERE kind = 'leak'"), 1);
	assert_int_equal(figure_value_read(&value, made.db, made.run_id, figure), 0);
	assert_true(value.known);
	assert_true(value.value > 1e6 && value.value < 1.1e6);
	made_run_end(&made);
}

static void
held_is_no_less_than_at_the_break(void **state)
{
	const struct figure *figure = figure_find("held", strlen("held"));
	struct figure_value value;
	struct made_run made;

	(void)state;
	begin(&made, 0, 14 * SECOND);
	made_analyse(&made);
	made_sql(&made,
		 "INSERT INTO breaking_point (run_id, cycle, t_us, since_attempt_us,"
		 " attempted, established, accepted, served, held, subject, side,"
		 " confidence) VALUES (1, 0, 3505000, 505000, 2010, 2010, 2005, 2005,"
		 " 2005, 'acceptor 0', 'server', 'likely')");
	assert_int_equal(figure_value_read(&value, made.db, made.run_id, figure), 0);
	assert_int_equal(value.value, 2005);
	made_run_end(&made);
}

static void
alarms_are_at_four_fifths(void **state)
{
	struct made_run made;

	(void)state;
	begin(&made, 0, 14 * SECOND);
	made_analyse(&made);
	assert_string_equal(made_row(&made, "SELECT group_concat(text, '; ') FROM finding"
					    " WHERE text LIKE 'set an alarm%%'"),
			    "set an alarm at 80 %: open files of acceptor 0 at 16,000 of"
			    " 20,000, which is at about 15,994 connections; set an alarm"
			    " at 80 %: ephemeral ports of clients at 22,585 of 28,232,"
			    " which is at about 22,585 connections");
	made_run_end(&made);
}

/* Acceptors of a group have a forecast each, but one limit of open files. */
static void
one_alarm_is_for_all_acceptors(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.acceptors = 3;
	model.listener = "group";
	made_run_begin(&made, &model);
	made_analyse(&made);
	assert_int_equal(made_int(&made, "SELECT count(*) FROM forecast WHERE resource ="
					 " 'fds' AND subject GLOB 'acceptor [0-2]' AND"
					 " made_at_us = 14000000"),
			 3);
	assert_string_equal(
	    made_row(&made, "SELECT count(*), min(text) FROM finding WHERE"
			    " text LIKE 'set an alarm%%acceptor%%'"),
	    "1|set an alarm at 80 %: open files of each acceptor at 16,000"
	    " of 20,000, which is at about 47,984 connections");
	made_run_end(&made);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_leak_is_a_finding_with_what_to_do),
		cmocka_unit_test(a_leak_beside_a_cost_denies_no_cost),
		cmocka_unit_test(a_small_cost_beside_a_leak_is_not_denied),
		cmocka_unit_test(a_cost_that_is_undecided_is_not_denied),
		cmocka_unit_test(a_leak_is_told_by_an_earlier_cycle),
		cmocka_unit_test(a_hold_is_said_in_its_unit),
		cmocka_unit_test(a_look_that_was_too_short_says_how_long_it_takes),
		cmocka_unit_test(without_growth_there_is_no_leak),
		cmocka_unit_test(service_is_back_when_the_canary_is_served),
		cmocka_unit_test(what_an_allocator_keeps_is_a_full_recovery),
		cmocka_unit_test(without_service_there_is_no_full_recovery),
		cmocka_unit_test(growth_of_memory_is_known_where_a_leak_is),
		cmocka_unit_test(held_is_no_less_than_at_the_break),
		cmocka_unit_test(alarms_are_at_four_fifths),
		cmocka_unit_test(one_alarm_is_for_all_acceptors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
