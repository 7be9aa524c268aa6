#include <math.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "made_run.h"

#define SECOND INT64_C(1000000)
#define MB     1e6

static void
assert_near(double got, double wanted, double tolerance)
{
	if (!(fabs(got - wanted) <= tolerance))
		fail_msg("%.9g is not %.9g", got, wanted);
}

static double
leak(struct made_run *made, const char *column, const char *subject, const char *resource)
{
	return made_real(made,
			 "SELECT %s FROM leak WHERE subject = '%s' AND resource = '%s'",
			 column, subject, resource);
}

/* What was found of acceptor 0: "per-time|-|-", the last being the seconds needed. */
static const char *
class_of(struct made_run *made, const char *resource)
{
	return made_row(made,
			"SELECT class, pattern, round(needed_s) FROM leak"
			" WHERE subject = 'acceptor 0' AND resource = '%s'",
			resource);
}

static void
levels_of_a_plain_run(void **state)
{
	struct made_run made;

	(void)state;
	made_run_begin(&made, &made_model_default);
	made_analyse(&made);
	assert_near(leak(&made, "base", "acceptor 0", "fds"), 7, 0);
	assert_near(leak(&made, "peak", "acceptor 0", "fds"), 2007, 0);
	assert_near(leak(&made, "final", "acceptor 0", "fds"), 2007, 0);
	assert_near(leak(&made, "leaked", "acceptor 0", "fds"), 2000, 0);
	/* From the first attempt at 3 s to the release at 14 s. */
	assert_near(leak(&made, "per_second", "acceptor 0", "fds"), 2000 / 11.0, 1e-9);
	assert_near(leak(&made, "per_connection", "acceptor 0", "fds"), 1, 1e-9);
	assert_near(leak(&made, "per_connection_low", "acceptor 0", "fds"), 1, 1e-9);
	assert_near(leak(&made, "per_connection_high", "acceptor 0", "fds"), 1, 1e-9);
	assert_near(leak(&made, "per_connection", "acceptor 0", "rss_bytes"), 4096, 1e-6);
	assert_near(leak(&made, "over_time", "acceptor 0", "rss_bytes"), 0, 1e-9);
	assert_near(leak(&made, "per_connection", "netns", "sockets"), 2, 1e-9);
	made_run_end(&made);
}

/*
 * The classic leak test: 500 connections stand for five minutes while memory rises by
 * 0.4 MB/s. That is growth over time, and no cost of a connection.
 */
static void
growth_over_time_is_no_cost_of_a_connection(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.clients = 500;
	model.rate = 2000;
	model.steps = 1;
	model.leak_bytes_per_s = 400000;
	model.bytes_per_connection = 14000;
	model.release_us = 303 * SECOND;
	model.end_us = 310 * SECOND;
	made_run_begin(&made, &model);
	made_analyse(&made);
	assert_near(leak(&made, "over_time", "acceptor 0", "rss_bytes"), 0.4 * MB, 1);
	assert_near(leak(&made, "over_time_low", "acceptor 0", "rss_bytes"), 0.4 * MB,
		    100);
	assert_string_equal(class_of(&made, "rss_bytes"), "both|-|-");
	assert_string_equal(class_of(&made, "fds"), "per-connection|-|-");
	assert_near(leak(&made, "per_connection", "acceptor 0", "rss_bytes"), 14000, 200);
	/* Descriptive only: what the report it is named after divided by 500. */
	assert_true(leak(&made, "leaked", "acceptor 0", "rss_bytes") / 500 > 240000);
	assert_near(leak(&made, "over_time", "acceptor 0", "fds"), 0, 1e-9);
	assert_near(leak(&made, "per_connection", "acceptor 0", "fds"), 1, 1e-9);
	made_run_end(&made);
}

/* Time and connections grow together on every ramp: only plateaus tell them apart. */
static void
both_at_once_are_told_apart(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.steps = 4;
	model.leak_bytes_per_s = 1000000;
	model.bytes_per_connection = 10000;
	model.release_us = 25 * SECOND;
	model.end_us = 30 * SECOND;
	made_run_begin(&made, &model);
	made_analyse(&made);
	assert_near(leak(&made, "over_time", "acceptor 0", "rss_bytes"), 1e6, 1);
	assert_near(leak(&made, "per_connection", "acceptor 0", "rss_bytes"), 10000, 1);
	made_run_end(&made);
}

/* In a tenth of a second there are two numbers of connections: none, and some. What their
 * clients take to be there at all is no cost of each of them. */
static void
what_comes_with_the_load_is_no_cost_of_a_connection(void **state)
{
	struct made_run made;

	(void)state;
	made_run_broken(&made, 150);
	made_analyse(&made);
	assert_near(leak(&made, "per_connection", "acceptor 0", "fds"), 1, 1e-6);
	assert_int_equal(made_int(&made, "SELECT count(*) FROM leak WHERE subject ="
					 " 'clients' AND per_connection IS NOT NULL"),
			 0);
	assert_int_equal(made_int(&made, "SELECT count(*) FROM leak WHERE subject ="
					 " 'clients' AND leaked IS NOT NULL") > 0,
			 1);
	assert_int_equal(made_int(&made, "SELECT count(*) FROM v_cost_per_connection"
					 " WHERE side IN ('client', 'total')"),
			 0);
	made_run_end(&made);
}

/* Code that runs for the first time, and the first growth of a heap: in a ramp so short that
 * it shows two numbers of connections they come with all of these at once. */
static void
what_the_first_connections_take_is_no_cost_of_each(void **state)
{
	static const struct {
		int64_t leak_bytes_per_s;
		const char *class;
	} cases[] = { { 0, "none|-|-" },
		      { 20000, "per-time|-|-" },
		      { 400000, "per-time|-|-" } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct made_model model = made_model_default;
		struct made_run made;

		model.clients = 500;
		model.rate = 2000;
		model.steps = 1;
		model.bytes_per_connection = 0;
		model.leak_bytes_per_s = cases[i].leak_bytes_per_s;
		made_run_begin(&made, &model);
		made_sql(&made, "UPDATE process_sample SET rss_bytes = rss_bytes + 120000"
				" WHERE tick > 31");
		made_analyse(&made);
		assert_string_equal(class_of(&made, "rss_bytes"), cases[i].class);
		assert_true(
		    leak(&made, "per_connection_low", "acceptor 0", "rss_bytes") <= 0);
		made_run_end(&made);
	}
}

/* A page now and then in a whole plateau is under three times the resolution. */
static void
growth_under_the_resolution_is_not_taken_out(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.leak_bytes_per_s = 1000;
	made_run_begin(&made, &model);
	made_analyse(&made);
	assert_near(leak(&made, "over_time", "acceptor 0", "rss_bytes"), 1000, 1);
	/* 2,000 connections in 8 s with 1,000 B/s: what was not taken out shows here. */
	assert_true(leak(&made, "per_connection", "acceptor 0", "rss_bytes") > 4096);
	made_run_end(&made);
}

/* After the break connections wait in the queue and cost the acceptor nothing: samples
 * from there on must not dilute the cost. */
static void
slopes_end_at_the_break(void **state)
{
	struct made_run made;

	(void)state;
	made_run_broken(&made, 505);
	made_analyse(&made);
	assert_near(leak(&made, "per_connection", "acceptor 0", "fds"), 1, 1e-6);
	made_run_end(&made);
}

/* 500 connections that cost the acceptor nothing but its descriptors. */
static void
growth_in_still_water_is_per_time(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.bytes_per_connection = 0;
	model.leak_bytes_per_s = 400000;
	model.release_us = 40 * SECOND;
	model.end_us = 45 * SECOND;
	made_run_begin(&made, &model);
	made_analyse(&made);
	assert_string_equal(class_of(&made, "rss_bytes"), "per-time|-|-");
	made_run_end(&made);
}

static void
nothing_that_grows_is_no_leak(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.bytes_per_connection = 0;
	made_run_begin(&made, &model);
	made_analyse(&made);
	assert_string_equal(class_of(&made, "rss_bytes"), "none|-|-");
	made_run_end(&made);
}

/* 1,000 B/s in 3 s are less than three pages: those take 12 s. */
static void
a_short_look_at_slow_growth_is_inconclusive(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.bytes_per_connection = 0;
	model.leak_bytes_per_s = 1000;
	made_run_begin(&made, &model);
	made_analyse(&made);
	assert_string_equal(class_of(&made, "rss_bytes"), "inconclusive|-|12.0");
	made_run_end(&made);
}

/* 1 MB/s for the first 5 s of the hold, then nothing. */
static void
growth_that_ends_by_itself_is_a_warm_up(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.bytes_per_connection = 0;
	model.release_us = 25 * SECOND;
	model.end_us = 30 * SECOND;
	made_run_begin(&made, &model);
	made_sql(&made, "UPDATE process_sample SET rss_bytes = rss_bytes"
			" + 100000 * max(0, min(tick, 170) - 80)");
	made_analyse(&made);
	assert_string_equal(class_of(&made, "rss_bytes"), "warm-up|-|-");
	made_run_end(&made);
}

/* Every connection costs more than the one before. */
static void
costs_that_rise_bend_upwards(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.steps = 5;
	model.release_us = 40 * SECOND;
	model.end_us = 45 * SECOND;
	made_run_begin(&made, &model);
	made_sql(&made, "UPDATE process_sample SET rss_bytes = 39 * 1048576"
			" + 4 * (fds - 7) * (fds - 7)");
	made_analyse(&made);
	assert_string_equal(class_of(&made, "rss_bytes"), "per-connection|bending up|-");
	assert_string_equal(class_of(&made, "fds"), "per-connection|linear|-");
	made_run_end(&made);
}

static void
forecast_is_made_at_each_plateau(void **state)
{
	struct made_run made;

	(void)state;
	made_run_begin(&made, &made_model_default);
	made_sql(&made, "INSERT INTO resource_limit VALUES (1, 'group', 0, 'rss_bytes',"
			" 39 * 1048576 + 4096 * 5000, 'made up')");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "SELECT group_concat(made_at_us || ' ' ||"
					    " made_at_held, ', ')"
					    " FROM forecast WHERE rank = 0"),
			    "7000000 1000, 14000000 2000");
	assert_string_equal(made_row(&made,
				     "SELECT resource, subject, at_connections, low,"
				     " high FROM forecast WHERE made_at_us = 7000000"
				     " AND rank = 0"),
			    "rss_bytes|acceptors|5000.0|5000.0|5000.0");
	assert_string_equal(made_row(&made, "SELECT resource, subject, at_connections"
					    " FROM forecast WHERE made_at_us = 14000000"
					    " AND rank = 1"),
			    "fds|acceptor 0|19993.0");
	assert_string_equal(made_row(&made, "SELECT resource, subject, at_connections"
					    " FROM forecast WHERE made_at_us = 14000000"
					    " AND rank = 2"),
			    "held|clients|28232.0");
	made_run_end(&made);
}

static void
recovery_of_a_plain_run(void **state)
{
	struct made_run made;

	(void)state;
	made_run_begin(&made, &made_model_default);
	made_analyse(&made);
	/* The first tick after the release shows all of it back. */
	assert_string_equal(
	    made_row(&made,
		     "SELECT base, peak, residual, recovered, t50_us, t90_us, t99_us,"
		     " settled_us FROM recovery WHERE subject = 'acceptor 0'"
		     " AND resource = 'fds'"),
	    "7.0|2007.0|0.0|1.0|100000|100000|100000|100000");
	made_run_end(&made);
}

/* Sockets in TIME_WAIT are born by the release and last for a minute. */
static void
recovery_of_what_the_release_itself_takes(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.end_us = 80 * SECOND;
	made_run_begin(&made, &model);
	made_sql(&made, "UPDATE netns_sample SET tcp_time_wait = 2000"
			" WHERE tick BETWEEN 141 AND 740");
	made_analyse(&made);
	assert_string_equal(made_row(&made,
				     "SELECT base, peak, residual, recovered, t50_us,"
				     " settled_us FROM recovery"
				     " WHERE resource = 'tcp_time_wait'"),
			    "0.0|2000.0|0.0|1.0|60100000|60100000");
	made_run_end(&made);
}

static void
recovery_that_is_partial(void **state)
{
	struct made_run made;

	(void)state;
	made_run_begin(&made, &made_model_default);
	made_sql(&made, "UPDATE process_sample SET rss_bytes = 39 * 1048576 + 2048000"
			" WHERE tick > 160");
	made_sql(&made, "UPDATE process_sample SET rss_bytes = 39 * 1048576 + 8192000"
			" WHERE tick BETWEEN 141 AND 160");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "SELECT residual, recovered, t50_us, t90_us,"
					    " settled_us FROM recovery"
					    " WHERE subject = 'acceptor 0'"
					    " AND resource = 'rss_bytes'"),
			    "2048000.0|0.75|2100000|-|-");
	made_run_end(&made);
}

/* The kernel's memory on a host that does something else: slab of 6,000 bytes a connection,
 * and page tables of other programs, which go away or come as the case says. */
static void
make_host(struct made_run *made, const char *slab, const char *page_tables)
{
	made_run_begin(made, &made_model_default);
	made_sql(
	    made,
	    "DELETE FROM host_sample;"
	    "INSERT OR IGNORE INTO subject (run_id, kind, subject, name) VALUES (1, "
	    "'host', 0, 'host'),"
	    " (1, 'netns', 0, 'netns'), (1, 'cgroup', 0, 'cgroup');"
	    "DELETE FROM netns_sample;"
	    "CREATE TEMP TABLE held AS SELECT tick, sum(held) AS n FROM worker_sample"
	    " WHERE subject IN (SELECT subject FROM subject WHERE kind = 'worker'"
	    " AND role = 'forker') GROUP BY tick;"
	    "INSERT INTO netns_sample (run_id, tick, subject, sockets)"
	    " SELECT 1, tick, 0, 2 * n FROM held;"
	    "INSERT INTO host_sample (run_id, tick, subject, slab_unreclaimable_bytes,"
	    " page_table_bytes, kernel_stack_bytes, tcp_memory_bytes)"
	    " SELECT 1, tick, 0, 5e7 + %s, 2e7 + %s, 0, 0 FROM held",
	    slab, page_tables);
}

static double
kernel_cost(struct made_run *made, const char *column)
{
	return made_real(
	    made, "SELECT %s FROM v_cost_per_connection WHERE side = 'kernel'", column);
}

/* What a connection costs is not told from what others do, and never less than nothing. */
/* A leak of 1 MiB/s that met a cap: in the hold, or before anything stood still. */
static void
memory_at_a_cap_has_not_stopped_to_leak(void **state)
{
	static const struct {
		int64_t cap_us;
		const char *class;
	} cases[] = {
		{ 12000000, "per-time" },
		{ 7500000, "per-time" },
		{ 3600000, "inconclusive" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct made_model model = made_model_default;
		struct made_failure full = { .worker = "acceptor 0",
					     .call = "malloc",
					     .error = "ENOMEM",
					     .code = ENOMEM,
					     .count = 99,
					     .first_us = cases[i].cap_us,
					     .last_us = 14000000,
					     .fds = -1,
					     .limit = -1 };
		struct made_run made;

		model.leak_bytes_per_s = 1 << 20;
		model.bytes_per_connection = 0;
		made_run_begin(&made, &model);
		for (int k = 0; k < 2; k++)
			made_sql(
			    &made,
			    "UPDATE %s_sample SET rss_bytes = min(rss_bytes,"
			    " (SELECT max(x.rss_bytes) FROM %s_sample x JOIN tick t"
			    " USING (run_id, tick) WHERE x.subject = %s_sample.subject"
			    " AND t.t_us <= %lld))",
			    k ? "group" : "process", k ? "group" : "process",
			    k ? "group" : "process", (long long)cases[i].cap_us);
		made_fail(&made, &full);
		made_sql(&made, "INSERT OR REPLACE INTO resource_limit VALUES (1,"
				" 'process', (SELECT process_id FROM process"
				" WHERE role = 'acceptor'), 'vm_bytes', 60000000,"
				" 'RLIMIT_AS')");
		made_analyse(&made);
		assert_string_equal(
		    made_row(&made, "SELECT class FROM leak WHERE subject = 'acceptor 0'"
				    " AND resource = 'rss_bytes'"),
		    cases[i].class);
		assert_int_equal(
		    made_int(&made,
			     "SELECT count(*) FROM finding WHERE kind = 'note'"
			     " AND text LIKE 'memory of acceptor 0 grows no more from"
			     " %%RLIMIT_AS) of 57.2 MiB%%'"),
		    1);
		/* Of a ramp alone no cost of a connection is made. */
		assert_int_equal(made_int(&made,
					  "SELECT count(*) FROM leak WHERE subject ="
					  " 'acceptor 0' AND resource = 'rss_bytes'"
					  " AND per_connection > 1000"),
				 0);
		made_run_end(&made);
	}
}

/* One of four that is at its cap hides neither its own leak nor that of the others. */
static void
one_acceptor_at_a_cap_hides_no_leak(void **state)
{
	struct made_model model = made_model_default;
	struct made_failure full = { .worker = "acceptor 2",
				     .call = "malloc",
				     .error = "ENOMEM",
				     .code = ENOMEM,
				     .count = 99,
				     .first_us = 11000000,
				     .last_us = 14000000,
				     .fds = -1,
				     .limit = -1 };
	struct made_run made;

	(void)state;
	model.acceptors = 4;
	model.leak_bytes_per_s = 1 << 20;
	made_run_begin(&made, &model);
	made_sql(&made, "UPDATE process_sample SET rss_bytes = min(rss_bytes, (SELECT"
			" max(x.rss_bytes) FROM process_sample x JOIN tick t USING"
			" (run_id, tick) WHERE x.subject = process_sample.subject AND"
			" t.t_us <= 11000000)) WHERE subject = (SELECT process_id FROM"
			" process WHERE role = 'acceptor' AND slot = 2)");
	made_fail(&made, &full);
	made_analyse(&made);
	assert_int_equal(made_int(&made,
				  "SELECT count(*) FROM leak WHERE class IN"
				  " ('per-time', 'both') AND resource = 'rss_bytes'"
				  " AND subject GLOB 'acceptor [0-3]'"),
			 4);
	made_run_end(&made);
}

/* Which acceptor of a group gets a connection is chance: an early lead is no trend. */
static void
a_share_of_a_group_is_no_trend(void **state)
{
	static const char row[] = "SELECT at_connections, low, high FROM forecast"
				  " WHERE subject = 'acceptor 0' AND resource = 'fds'"
				  " AND made_at_us = 7000000";
	/* What acceptor 0 has more than its even share of 1,000. */
	static const int leads[] = { 0, 20, -20 };

	(void)state;
	for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++) {
		struct made_model model = made_model_default;
		struct made_run made;
		double at, low, high;

		model.acceptors = 4;
		model.listener = "group";
		model.nofile = 450;
		made_run_begin(&made, &model);
		made_sql(&made,
			 "UPDATE process_sample SET fds = 7 + (fds - 7) * %d / 250"
			 " WHERE subject = (SELECT process_id FROM process"
			 " WHERE role = 'acceptor' AND slot = 0)",
			 250 + leads[i]);
		made_analyse(&made);
		assert_int_equal(
		    sscanf(made_row(&made, row), "%lf|%lf|%lf", &at, &low, &high), 3);
		/* 443 of its own, a quarter of all */
		assert_true(low < 4 * 443 && 4 * 443 < high);
		assert_true(fabs(at - 4 * 443) <= 81);
		assert_true(high - low > 100 && high - low < 600);
		assert_true(low >= 1000);
		made_run_end(&made);
	}
}

static void
what_others_do_is_no_cost_of_a_connection(void **state)
{
	static const char *const others[] = {
		"CASE WHEN tick > 40 THEN -90000 * (tick - 40) ELSE 0 END", /* ends slowly */
		"CASE WHEN tick > 45 THEN -15e6 ELSE 0 END", /* ends on a ramp */
		"CASE WHEN tick > 100 THEN 90000 * (tick - 100) ELSE 0 END", /* in the hold */
		"90000 * (tick % 50)", /* comes and goes */
		"90000 * tick",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct made_run made;

		make_host(&made, "6000 * n", others[i]);
		made_analyse(&made);
		assert_true(kernel_cost(&made, "bytes_low") >= 2 * 2048 * 0.99);
		assert_true(kernel_cost(&made, "bytes_low") <= 6000);
		assert_true(kernel_cost(&made, "bytes_high") >= 6000);
		assert_true(kernel_cost(&made, "bytes") >= 2 * 2048 * 0.99);
		made_run_end(&made);
	}
}

/* Slab that shrinks while connections come is somebody else's: they need their sockets. */
static void
a_connection_costs_its_sockets_at_least(void **state)
{
	struct made_run made;

	(void)state;
	make_host(&made, "6000 * n - 250000 * tick", "0");
	made_analyse(&made);
	assert_true(kernel_cost(&made, "bytes") >= 2 * 2048 * 0.99);
	assert_true(kernel_cost(&made, "bytes_low") >= 2 * 2048 * 0.99);
	assert_true(kernel_cost(&made, "bytes_high") > kernel_cost(&made, "bytes"));
	made_run_end(&made);
}

/* Where the workers' cgroup is charged, that is what it is: like runs have like figures. */
static void
what_the_cgroup_is_charged_goes_before_the_hosts(void **state)
{
	struct made_run made;

	(void)state;
	make_host(&made, "9000 * n", "90000 * tick");
	made_sql(&made, "INSERT INTO cgroup_sample (run_id, tick, subject,"
			" kernel_memory_bytes, socket_memory_bytes)"
			" SELECT 1, tick, 0, 1e6 + 5736 * n, 0 FROM held");
	made_analyse(&made);
	assert_near(kernel_cost(&made, "bytes"), 5736, 10);
	assert_near(kernel_cost(&made, "bytes_high"), 5736, 40);
	assert_string_equal(made_row(&made, "SELECT recovered FROM v_cycle"), "full");
	made_run_end(&made);
}

/* Memory comes in pages: a line that fits the pages exactly is not certain to the byte. */
static void
no_cost_in_bytes_is_certain(void **state)
{
	struct made_run made;

	(void)state;
	made_run_begin(&made, &made_model_default);
	made_analyse(&made);
	assert_near(leak(&made, "per_connection", "acceptor 0", "rss_bytes"), 4096, 1);
	assert_near(leak(&made, "per_connection_low", "acceptor 0", "rss_bytes"),
		    4096 - 3 * 4096 / 2000.0, 0.1);
	made_run_end(&made);
}

/* Memory that falls below what it was before the load: all is back, and no more. */
static void
no_more_comes_back_than_was_taken(void **state)
{
	struct made_run made;

	(void)state;
	made_run_begin(&made, &made_model_default);
	made_sql(&made, "UPDATE process_sample SET rss_bytes = 39 * 1048576;"
			"UPDATE process_sample SET rss_bytes = 39 * 1048576 + 16384"
			" WHERE tick = 100;"
			"UPDATE process_sample SET rss_bytes = 37 * 1048576"
			" WHERE tick > 160");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "SELECT recovered, residual FROM recovery"
					    " WHERE subject = 'acceptor 0'"
					    " AND resource = 'rss_bytes'"),
			    "1.0|-2097152.0");
	made_run_end(&made);
}

/* The run again from 20 s on, as cycle 1: the ticks of the first are copied. */
static void
add_cycle(struct made_run *made, int64_t cycle, int64_t kept_bytes)
{
	long long shift = 200 * (long long)cycle, kept = kept_bytes * cycle;

	made_sql(
	    made,
	    "INSERT INTO phase SELECT run_id, seq + %lld, %lld, name,"
	    " from_us + %lld, to_us + %lld, target, begun_us FROM phase"
	    " WHERE cycle = 0 AND name <> 'baseline';"
	    "INSERT INTO tick SELECT run_id, tick + %lld, t_us + %lld, 0, 0 FROM tick"
	    " WHERE tick BETWEEN 1 AND 200;"
	    "INSERT INTO process_sample (run_id, tick, subject, fds, rss_bytes)"
	    " SELECT run_id, tick + %lld, subject, fds, rss_bytes + %lld"
	    " FROM process_sample WHERE tick BETWEEN 1 AND 200;"
	    "INSERT INTO group_sample (run_id, tick, subject, processes, fds, rss_bytes)"
	    " SELECT run_id, tick + %lld, subject, processes, fds, rss_bytes + %lld"
	    " FROM group_sample WHERE tick BETWEEN 1 AND 200;"
	    "INSERT INTO worker_sample (run_id, tick, subject, attempted_total,"
	    " established_total, accepted_total, served_total, held, missed_total,"
	    " failed_total) SELECT run_id, tick + %lld, subject, attempted_total + %lld,"
	    " established_total + %lld, accepted_total + %lld, served_total + %lld,"
	    " held, 0, 0 FROM worker_sample WHERE tick BETWEEN 1 AND 200",
	    10 * (long long)cycle, (long long)cycle, shift * 100000, shift * 100000,
	    shift, shift * 100000, shift, kept, shift, kept, shift, 2000LL * cycle,
	    2000LL * cycle, 2000LL * cycle, 2000LL * cycle);
}

static void
make_cycles(struct made_run *made, int64_t kept_bytes)
{
	struct made_model model = made_model_default;

	made_run_begin(made, &model);
	add_cycle(made, 1, kept_bytes);
	add_cycle(made, 2, kept_bytes);
	made_sql(made, "UPDATE process SET to_us = 60000000;"
		       "UPDATE run SET ended_us = 60000000");
}

static void
cycles_are_analysed_one_by_one(void **state)
{
	struct made_run made;

	(void)state;
	make_cycles(&made, 0);
	made_analyse(&made);
	for (int cycle = 0; cycle < 3; cycle++) {
		assert_string_equal(
		    made_row(&made,
			     "SELECT base, peak, leaked, per_connection, class FROM leak"
			     " WHERE subject = 'acceptor 0' AND resource = 'fds'"
			     " AND cycle = %d",
			     cycle),
		    "7.0|2007.0|2000.0|1.0|per-connection");
		assert_string_equal(
		    made_row(&made,
			     "SELECT release_s - from_s, recovered, remains, settled_s"
			     " FROM v_cycle WHERE cycle = %d",
			     cycle),
		    "11.0|full|-|0.1");
	}
	assert_string_equal(made_row(&made, "SELECT DISTINCT class FROM cycle_trend"),
			    "none");
	made_run_end(&made);
}

static void
what_each_cycle_leaves_behind_is_a_leak(void **state)
{
	struct made_run made;

	(void)state;
	make_cycles(&made, 1 << 20);
	made_sql(&made, "UPDATE group_sample SET rss_bytes = rss_bytes + 1048576"
			" WHERE tick %% 200 = 0 OR tick %% 200 > 140");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "SELECT class, per_cycle FROM cycle_trend"
					    " WHERE subject = 'acceptors'"
					    " AND resource = 'rss_bytes'"),
			    "leak|1048576.0");
	assert_string_equal(
	    made_row(&made, "SELECT group_concat(recovered) FROM v_cycle"),
	    "partial,partial,partial");
	made_run_end(&made);
}

/* Whether it broke or not, and whichever it is: what a cycle left counts. */
static void
every_cycle_counts_in_what_is_left(void **state)
{
	static const struct {
		int kib[3];
		const char *trend;
	} cases[] = {
		{ { 1024, 2048, 2048 }, "leak|1747626.0|1048576.0|2097152.0" },
		{ { 2048, 1024, 2048 }, "leak|1747626.0|1048576.0|2097152.0" },
		{ { 2048, 2048, 1024 }, "leak|1747626.0|1048576.0|2097152.0" },
		/* but for what memory keeps for the next time, beside it */
		{ { 8192, 1024, 1024 }, "leak|1048576.0|1048576.0|1048576.0" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct made_run made;
		int before = 0;

		make_cycles(&made, 0);
		for (int cycle = 0; cycle < 3; cycle++) {
			made_sql(&made,
				 "UPDATE group_sample SET rss_bytes = rss_bytes + %d"
				 " WHERE tick BETWEEN %d AND %d + 140",
				 before * 1024, 200 * cycle + 1, 200 * cycle);
			before += cases[i].kib[cycle];
			made_sql(&made,
				 "UPDATE group_sample SET rss_bytes = rss_bytes + %d"
				 " WHERE tick BETWEEN %d + 141 AND %d + 200",
				 before * 1024, 200 * cycle, 200 * cycle);
		}
		made_analyse(&made);
		assert_string_equal(
		    made_row(&made, "SELECT class, cast(per_cycle AS INTEGER) + 0.0,"
				    " per_cycle_low, per_cycle_high FROM cycle_trend"
				    " WHERE subject = 'acceptors'"
				    " AND resource = 'rss_bytes'"),
		    cases[i].trend);
		made_run_end(&made);
	}
}

static void
what_only_the_first_cycle_leaves_is_a_high_water_mark(void **state)
{
	struct made_run made;

	(void)state;
	make_cycles(&made, 0);
	made_sql(
	    &made,
	    "UPDATE group_sample SET rss_bytes = rss_bytes + 1048576 WHERE tick > 140");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "SELECT class FROM cycle_trend"
					    " WHERE subject = 'acceptors'"
					    " AND resource = 'rss_bytes'"),
			    "high-water");
	made_run_end(&made);
}

/* Each connection of the run brings a stranger's along, which takes a descriptor of the
 * acceptor too: both are connections, and take the acceptor's room. */
static void
strangers_are_connections_of_the_acceptors(void **state)
{
	struct made_run made;

	(void)state;
	made_run_begin(&made, &made_model_default);
	made_sql(&made,
		 "UPDATE worker_sample SET strangers_total = held, held = 2 * held"
		 " WHERE subject = 0;"
		 "UPDATE process_sample SET fds = 7 + 2 * (fds - 7);"
		 "UPDATE group_sample SET fds = 7 + 2 * (fds - 7) WHERE subject = 0");
	made_analyse(&made);
	assert_string_equal(made_row(&made,
				     "SELECT per_connection FROM leak WHERE"
				     " subject = 'acceptors' AND resource = 'fds'"),
			    "1.0");
	/* 19,993 fit, of which 2,000 are taken by strangers. */
	assert_string_equal(made_row(&made, "SELECT at_connections FROM forecast WHERE"
					    " subject = 'acceptor 0' AND"
					    " made_at_us = 14000000"),
			    "17993.0");
	made_run_end(&made);
}

/* A connect that is under way has a descriptor of its client. */
static void
connects_under_way_are_no_cost_of_the_others(void **state)
{
	struct made_run made;

	(void)state;
	made_run_begin(&made, &made_model_default);
	made_sql(&made,
		 "UPDATE worker_sample SET in_flight = held / 2"
		 " WHERE attempted_total IS NOT NULL;"
		 "UPDATE group_sample SET fds = 6 + 1.5 * (fds - 6) WHERE subject = 3");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "SELECT per_connection FROM leak WHERE"
					    " subject = 'clients' AND resource = 'fds'"),
			    "1.0");
	made_run_end(&made);
}

/* A stranger that comes while the clients stand still is no leak over time. */
static void
strangers_that_come_are_no_leak(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.release_us = 40 * SECOND;
	model.end_us = 45 * SECOND;
	made_run_begin(&made, &model);
	made_sql(&made,
		 "UPDATE worker_sample SET strangers_total = tick, held = held + tick"
		 " WHERE subject = 0;"
		 "UPDATE process_sample SET fds = fds + tick;"
		 "UPDATE group_sample SET fds = fds + tick WHERE subject = 0");
	made_analyse(&made);
	assert_int_equal(made_int(&made,
				  "SELECT count(*) FROM leak WHERE resource = 'fds'"
				  " AND class IN ('per-time', 'both')"),
			 0);
	made_run_end(&made);
}

/* 64 MiB that a cgroup may have, 1 MiB/s that is never given back: a number of connections
 * meets that limit at no time, and a higher one buys time. */
static void
what_grows_with_time_is_forecast_in_time(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.bytes_per_connection = 0;
	model.leak_bytes_per_s = 1 << 20;
	model.release_us = 40 * SECOND;
	model.end_us = 45 * SECOND;
	made_run_begin(&made, &model);
	made_sql(&made,
		 "INSERT INTO cgroup_sample (run_id, tick, subject, memory_bytes)"
		 " SELECT 1, tick, 0, rss_bytes FROM group_sample WHERE subject = 0;"
		 "INSERT INTO resource_limit VALUES (1, 'cgroup', 0, 'memory_bytes',"
		 " 1073741824, 'memory.max'), (1, 'host', 0, 'available_bytes',"
		 " 1048576, 'the guard');"
		 "INSERT INTO host_sample (run_id, tick, subject, available_bytes)"
		 " SELECT 1, tick, 0, 1099511627776 FROM tick");
	made_analyse(&made);
	assert_string_equal(made_row(&made,
				     "SELECT group_concat(resource, ' ') FROM (SELECT"
				     " DISTINCT resource FROM forecast WHERE made_at_us"
				     " = 40000000 ORDER BY resource)"),
			    "fds held");
	assert_int_equal(made_int(&made, "SELECT count(*) FROM finding WHERE text LIKE"
					 " 'set an alarm%%memory%%'"),
			 0);
	/* From the 39 MiB it has at first to 1 GiB. */
	assert_non_null(strstr(made_row(&made, "SELECT text FROM finding"
					       " WHERE text LIKE 'find what keeps%%'"),
			       "; at this rate memory charged of cgroup (1.0 GiB) lasts"
			       " about 16 min 25 s from the start of the load"));
	made_run_end(&made);
}

/* Of each of two source addresses' ports 60 are bound, by whomever. */
static void
ports_that_are_bound_are_not_forecast(void **state)
{
	struct made_run made;

	(void)state;
	made_run_begin(&made, &made_model_default);
	made_sql(&made, "UPDATE run SET plan = json_set(plan, '$.sources', 2);"
			"INSERT INTO setting VALUES (1, 'netns', 'ephemeral ports bound',"
			" '60')");
	made_analyse(&made);
	assert_string_equal(made_row(&made,
				     "SELECT limit_value, at_connections FROM forecast"
				     " WHERE resource = 'held' AND made_at_us ="
				     " 14000000"),
			    "28232|28112.0");
	made_run_end(&made);
}

/* Private memory, read at every tenth tick, has too few points in a short hold to show a leak
 * over time, which all resident memory shows: then it is no cost of a connection. */
static void
a_leak_is_no_cost_where_private_memory_shows_none(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;

	(void)state;
	model.bytes_per_connection = 0;
	model.leak_bytes_per_s = 1 << 20;
	made_run_begin(&made, &model);
	made_sql(&made, "UPDATE group_sample SET private_bytes = rss_bytes"
			" WHERE subject = 0 AND tick %% 10 = 0");
	made_analyse(&made);
	assert_string_equal(class_of(&made, "rss_bytes"), "per-time|-|-");
	assert_string_equal(made_row(&made,
				     "SELECT per_connection FROM leak WHERE subject ="
				     " 'acceptors' AND resource = 'private_bytes'"),
			    "-");
	assert_true(made_real(&made,
			      "SELECT bytes FROM v_cost_per_connection WHERE side ="
			      " 'server'") < 100);
	made_run_end(&made);
}

/* A hold that is too short to tell growth with time: what the plateaus show of it may be all that
 * there is of a cost. One that they show none of stays a cost. */
static void
growth_in_a_short_hold_is_no_cost_of_a_connection(void **state)
{
	(void)state;
	for (int leaks = 0; leaks < 2; leaks++) {
		struct made_model model = made_model_default;
		struct made_run made;
		bool costs;

		model.clients = 500;
		model.rate = 500;
		model.plateau_us = 1500 * INT64_C(1000);
		model.release_us = 7 * SECOND;
		model.bytes_per_connection = leaks ? 0 : 4096;
		model.leak_bytes_per_s = leaks ? 50000 : 0;
		made_run_begin(&made, &model);
		made_analyse(&made);
		costs = leak(&made, "per_connection_low", "acceptor 0", "rss_bytes") > 0;
		assert_int_equal(costs, !leaks);
		assert_string_equal(
		    made_row(&made, "SELECT class FROM leak WHERE subject = 'acceptor 0'"
				    " AND resource = 'rss_bytes'"),
		    "inconclusive");
		made_run_end(&made);
	}
}

/* Memory that met a cap in one cycle left less than it would have: it says nothing against a leak
 * that the others show. */
static void
a_cycle_at_a_cap_hides_no_leak_over_cycles(void **state)
{
	static const char trend[] =
	    "SELECT class, cycles FROM cycle_trend WHERE subject ="
	    " 'acceptors' AND resource = 'rss_bytes'";
	struct made_run made;

	(void)state;
	make_cycles(&made, 0);
	add_cycle(&made, 3, 0);
	made_sql(&made, "UPDATE process SET to_us = 80000000;"
			"UPDATE run SET ended_us = 80000000;"
			"UPDATE group_sample SET rss_bytes = rss_bytes + 1048576"
			" * min(3, (tick + 59) / 200)");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", trend), "inconclusive|4");
	made_sql(&made,
		 "INSERT INTO failure (run_id, worker, role, slot, call, errno, error,"
		 " count, first_us, last_us, first_held, first_attempted,"
		 " first_established, first_accepted, first_served, first_own, cycle)"
		 " VALUES (1, 'acceptor 0', 'acceptor', 0, 'malloc', 12, 'ENOMEM', 9,"
		 " 65000000, 70000000, 1, 1, 1, 1, 1, 1, 3)");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "%s", trend), "leak|3");
	made_run_end(&made);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(levels_of_a_plain_run),
		cmocka_unit_test(growth_in_a_short_hold_is_no_cost_of_a_connection),
		cmocka_unit_test(a_cycle_at_a_cap_hides_no_leak_over_cycles),
		cmocka_unit_test(growth_over_time_is_no_cost_of_a_connection),
		cmocka_unit_test(both_at_once_are_told_apart),
		cmocka_unit_test(what_comes_with_the_load_is_no_cost_of_a_connection),
		cmocka_unit_test(growth_under_the_resolution_is_not_taken_out),
		cmocka_unit_test(slopes_end_at_the_break),
		cmocka_unit_test(growth_in_still_water_is_per_time),
		cmocka_unit_test(nothing_that_grows_is_no_leak),
		cmocka_unit_test(what_the_first_connections_take_is_no_cost_of_each),
		cmocka_unit_test(a_short_look_at_slow_growth_is_inconclusive),
		cmocka_unit_test(growth_that_ends_by_itself_is_a_warm_up),
		cmocka_unit_test(costs_that_rise_bend_upwards),
		cmocka_unit_test(forecast_is_made_at_each_plateau),
		cmocka_unit_test(recovery_of_a_plain_run),
		cmocka_unit_test(recovery_of_what_the_release_itself_takes),
		cmocka_unit_test(recovery_that_is_partial),
		cmocka_unit_test(memory_at_a_cap_has_not_stopped_to_leak),
		cmocka_unit_test(one_acceptor_at_a_cap_hides_no_leak),
		cmocka_unit_test(a_share_of_a_group_is_no_trend),
		cmocka_unit_test(what_others_do_is_no_cost_of_a_connection),
		cmocka_unit_test(a_connection_costs_its_sockets_at_least),
		cmocka_unit_test(what_the_cgroup_is_charged_goes_before_the_hosts),
		cmocka_unit_test(no_cost_in_bytes_is_certain),
		cmocka_unit_test(no_more_comes_back_than_was_taken),
		cmocka_unit_test(cycles_are_analysed_one_by_one),
		cmocka_unit_test(strangers_are_connections_of_the_acceptors),
		cmocka_unit_test(connects_under_way_are_no_cost_of_the_others),
		cmocka_unit_test(strangers_that_come_are_no_leak),
		cmocka_unit_test(a_leak_is_no_cost_where_private_memory_shows_none),
		cmocka_unit_test(ports_that_are_bound_are_not_forecast),
		cmocka_unit_test(what_grows_with_time_is_forecast_in_time),
		cmocka_unit_test(what_each_cycle_leaves_behind_is_a_leak),
		cmocka_unit_test(every_cycle_counts_in_what_is_left),
		cmocka_unit_test(what_only_the_first_cycle_leaves_is_a_high_water_mark),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
