#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/embed.h"
#include "model/resource.h"
#include "made_ledger.h"

/* The rows that a query gives as text, "a|b|-" a line, "-" for NULL. Valid until the next
 * call. */
static const char *
rows(struct db *db, const char *sql)
{
	static char text[4096];
	struct db_statement *s = db_prepare(db, sql);
	FILE *out = fmemopen(text, sizeof(text), "w");

	assert_non_null(out);
	text[0] = '\0';
	if (s == NULL)
		fail_msg("%s: %s", sql, db_error(db));
	while (db_step(s) == 1) {
		for (int i = 0; i < db_columns(s); i++)
			fprintf(out, "%s%s", i > 0 ? "|" : "",
				db_is_null(s, i) ? "-" : db_text(s, i));
		fputc('\n', out);
	}
	db_finish(s);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void
sql(struct db *db, const char *statements)
{
	if (db_exec(db, statements) == -1)
		fail_msg("%s: %s", statements, db_error(db));
}

/* The columns of KIND_sample behind its key are the kind's resources, in order. */
static void
assert_table_matches(struct db *db, enum subject_kind kind)
{
	char query[256];
	struct db_statement *s;
	size_t count, i = 0;
	const struct resource *r = resource_of(kind, &count);

	assert_true(count > 0);
	snprintf(query, sizeof(query),
		 "SELECT name, type, \"notnull\" FROM pragma_table_info('%s_sample')"
		 " WHERE cid >= 3 ORDER BY cid",
		 subject_kind_name(kind));
	s = db_prepare(db, query);
	assert_non_null(s);
	for (; db_step(s) == 1; i++) {
		assert_true(i < count);
		assert_string_equal(db_text(s, 0), r[i].name);
		assert_string_equal(db_text(s, 1), "INTEGER");
		assert_int_equal(db_int(s, 2), 0);
	}
	db_finish(s);
	assert_int_equal(i, count);
}

static void
sample_tables_are_the_resource_table(void **state)
{
	struct db *db = made_store_open(*state, DB_CREATE);

	for (int kind = SUBJECT_HOST; kind < SUBJECT_KINDS; kind++)
		assert_table_matches(db, (enum subject_kind)kind);
	/* And there is no table of a kind that is not there. */
	assert_int_equal(db_query_int(db,
				      "SELECT count(*) FROM sqlite_schema"
				      " WHERE type = 'table' AND name GLOB '*_sample'"
				      " AND name <> 'gauge_sample'",
				      0, -1),
			 SUBJECT_KINDS - SUBJECT_HOST);
	db_close(db);
}

/* A comment stands before every table and every view. */
static void
assert_commented(const char *text, const char *statement)
{
	int found = 0;

	for (const char *p = text; (p = strstr(p, statement)) != NULL; p++) {
		const char *line = p;

		/* The line before, or the one before "DROP VIEW …". */
		for (int back = 0; back < 2 && strncmp(line, "-- ", 3) != 0; back++)
			for (line--; line > text && line[-1] != '\n'; line--)
				;
		if (strncmp(line, "-- ", 3) != 0)
			fail_msg("no comment: %.60s", p);
		found++;
	}
	assert_true(found > 10);
}

static void
views_are_commented(void **state)
{
	(void)state;
	assert_commented(embedded_sql_views, "CREATE VIEW ");
}

static void
tables_are_strict(void **state)
{
	struct db *db = made_store_open(*state, DB_CREATE);

	assert_string_equal(
	    rows(db, "SELECT name FROM pragma_table_list WHERE schema = 'main'"
		     " AND type = 'table' AND NOT strict"
		     " AND name NOT GLOB 'sqlite_*'"),
	    "");
	db_close(db);
}

/* Calls each() with the name of every table or view; returns how many there are. */
static int
each_object(struct db *db, const char *type,
	    void (*each)(struct db *db, const char *name))
{
	struct db_statement *s = db_prepare(db, "SELECT name FROM sqlite_schema"
						" WHERE type = ?1");
	int count = 0;

	assert_non_null(s);
	db_bind_text(s, 1, type);
	for (; db_step(s) == 1; count++)
		each(db, db_text(s, 0));
	db_finish(s);
	return count;
}

/* A run with everything: 20 ticks by the recorder, and an analysis. */
static void
fill(const struct made_store *store)
{
	struct made_ledger made;
	struct ledger *ledger;
	struct db *db;

	made_ledger_begin(&made, store);
	ledger = made.ledger;
	made_phase_push(&made, 0, "baseline", 0);
	made_phase_push(&made, 1, "ramp", 1000000);
	made_phase_push(&made, 2, "end", 2500000);
	for (int i = 0; i < 20; i++)
		made_tick_push(&made, 30);
	made_event_push(&made, 0, "broken");
	histogram_add(ledger_latency(ledger, LATENCY_ECHO, ledger_client(ledger, 0)), 77);
	atomic_store(&ledger_acceptor(ledger, 0)->counters.accepted, 30);
	atomic_store(&ledger_acceptor(ledger, 1)->counters.accepted, 10);
	atomic_store(&ledger_client(ledger, 0)->counters.attempted, 41);
	atomic_store(&ledger_client(ledger, 0)->counters.established, 39);
	atomic_store(&ledger_client(ledger, 3)->counters.missed, 9);
	atomic_store(&ledger_canary(ledger)->counters.attempted, 1000);
	ledger_failure(ledger, ledger_acceptor(ledger, 0), CALL_ACCEPT, 24);
	ledger->port_uses[0] = (struct port_use){
		.t_us = 2000000,
		.source = 0x7f000101,
		.low = 50000,
		.high = 50059,
		.own = 59,
		.bound = 1,
		.listener = 1,
	};
	atomic_store(&ledger->port_use_count, 1);
	int32_t index = ledger_process_add(ledger, ROLE_ACCEPTOR, 0);
	ledger_process_started(ledger, index, 4711);
	assert_int_equal(made_recorder_quit(&made, made_recorder_start(&made)), 0);
	made_ledger_end(&made);

	db = made_store_open(store, DB_WRITE);
	sql(db,
	    "INSERT INTO breaking_point VALUES (1, 0, 2500000, 1500000, 41, 39, 40, 0, "
	    "40,"
	    " 'acceptor-nofile', 'acceptor 0', 'server', 'proven', 64, 64, 'accept4', "
	    "24),"
	    " (1, 1, 9000000, 10, 1, 1, 1, 1, 1, NULL, 'host', 'kernel', 'unexplained',"
	    " NULL, NULL, NULL, NULL);"
	    "INSERT INTO phase VALUES (1, 7, 1, 'ramp', 9000000, 9500000, 30, 2400000),"
	    " (1, 8, 1, 'plateau', 9500000, NULL, 40, 9400000);"
	    "INSERT INTO leak SELECT 1, 0, kind, resource, subject, 0, 10, 10, 10, 1, "
	    "cost,"
	    " cost - 1, cost + 1, 0, 0, 0, 'per-connection', 20, 'linear', 1,"
	    " 9, NULL, 0 FROM"
	    " (SELECT 'group' AS kind, 'private_bytes' AS resource, 'clients' AS subject,"
	    "   100 AS cost"
	    "  UNION ALL VALUES ('group', 'rss_bytes', 'clients', 999),"
	    "   ('group', 'rss_bytes', 'acceptors', 30), ('group', 'fds', 'clients', 1),"
	    "   ('group', 'private_bytes', 'acceptors', NULL),"
	    "   ('host', 'slab_unreclaimable_bytes', 'host', 5000),"
	    "   ('host', 'tcp_memory_bytes', 'host', 7));"
	    "INSERT INTO forecast VALUES (1, 2000000, 20, 0, 'fds', 'acceptor 0', 64, 57,"
	    " 56, 58);"
	    "INSERT INTO recovery VALUES"
	    " (1, 0, 'group', 'fds', 'clients', 8, 48, 0, 1, 100000, 200000, 300000, "
	    "400000),"
	    " (1, 0, 'netns', 'sockets', 'netns', 8, 48, 2, 0.95, 1, 2, NULL, NULL);"
	    "INSERT INTO cycle VALUES (1, 0, 1, 2, 3, 'partial', 'fds: 2', NULL, 50000, "
	    "90000,"
	    " NULL, 41, 39, 40, 0, 0, 9, 0, 0, 0);"
	    "INSERT INTO cycle_trend VALUES (1, 'group', 'fds', 'clients', 3, 1, 1, 1, "
	    "'leak');"
	    "UPDATE run SET state = 'done', outcome = 'broke'");
	sql(db, "INSERT INTO expectation VALUES"
		" (1, 0, 'held >= 15k', 'held', 'count', 15000, 40, NULL, NULL, 0)");
	sql(db, "INSERT INTO resource_limit VALUES (1, 'worker', 0, 'held', 57, 'here');"
		"INSERT INTO setting VALUES (1, 'host', 'fs.file-max', '9');"
		"INSERT INTO tag VALUES (1, 'colour', 'blue');"
		"INSERT INTO gauge VALUES (1, 'slab TCP');"
		"INSERT INTO gauge_sample VALUES (1, 1, 0, 5);"
		"INSERT INTO finding VALUES (1, 1, 0, 'verdict', NULL, NULL, NULL, NULL, "
		"NULL,"
		" 0, 'nothing', NULL);"
		"INSERT INTO evidence VALUES (1, 0, NULL, 'fds', 1, 2);"
		"INSERT INTO run_health VALUES (1, 20, 0, 9, 9, 159);"
		"INSERT INTO sweep VALUES (1, 1, NULL, 1, 2, 7, 'brink sweep', '[]', "
		"'{}', '0.1.0');"
		"INSERT INTO sweep_value VALUES (1, 0, 0, 0, 'acceptors', '4');"
		"INSERT INTO sweep_point VALUES (1, 0, 0, 0, 1, 0);"
		/* a block without rows */
		"INSERT INTO packed VALUES (1, 'netns', 0, 0, 0, "
		"x'03000000789c636460000000060002')");
	db_close(db);
}

static void
assert_table_filled(struct db *db, const char *table)
{
	char query[128];

	snprintf(query, sizeof(query), "SELECT count(*) FROM %s", table);
	if (db_query_int(db, query, 0, 0) == 0)
		fail_msg("%s has no row", table);
}

/* Of every table: false alarms of SQLite's own check are as bad as true ones. */
static void
a_filled_store_passes_the_integrity_check(void **state)
{
	struct db *db;

	fill(*state);
	db = made_store_open(*state, DB_READ);
	assert_true(each_object(db, "table", assert_table_filled) > 20);
	assert_string_equal(rows(db, "PRAGMA integrity_check"), "ok\n");
	assert_string_equal(rows(db, "PRAGMA foreign_key_check"), "");
	db_close(db);
}

/* By the run, as views are meant to be used, or by the sweep; every column is worked out. */
static int64_t
view_rows(struct db *db, const char *view)
{
	char query[128];
	struct db_statement *s;
	int64_t count = 0;
	int rc;

	snprintf(query, sizeof(query), "SELECT * FROM %s WHERE %s = 1", view,
		 strcmp(view, "v_sweep") == 0 ? "sweep_id" : "run_id");
	s = db_prepare(db, query);
	if (s == NULL)
		fail_msg("%s: %s", query, db_error(db));
	while ((rc = db_step(s)) == 1)
		count++;
	if (rc == -1)
		fail_msg("%s: %s", query, db_error(db));
	db_finish(s);
	return count;
}

static void
assert_view_empty(struct db *db, const char *view)
{
	assert_int_equal(view_rows(db, view), 0);
}

static void
assert_view_filled(struct db *db, const char *view)
{
	if (view_rows(db, view) <= 0)
		fail_msg("%s has no row", view);
}

static void
every_view_selects(void **state)
{
	struct db *db = made_store_open(*state, DB_CREATE);

	assert_int_equal(each_object(db, "view", assert_view_empty), 21);
	db_close(db);
	fill(*state);
	db = made_store_open(*state, DB_READ);
	assert_int_equal(each_object(db, "view", assert_view_filled), 21);
	assert_string_equal(rows(db,
				 "SELECT source, port_low, port_high, own, bound, free,"
				 " listener FROM v_port_use"),
			    "127.0.1.1|50000|50059|59|1|0|1\n");
	db_close(db);
}

static void
views_have_the_columns_that_others_rely_on(void **state)
{
	static const char *const selects[] = {
		"SELECT run_id, label, started_at, epoch_s, duration_s, state, outcome, "
		"clients,"
		" rate, acceptors, forkers, held_peak, broke_at_s, broke_held, limit_id, "
		"subject,"
		" confidence FROM v_run",
		"SELECT run_id, cycle, t_s, attempted, established, accepted, served, "
		"held,"
		" limit_id, subject, side, confidence, usage, limit_value, call, errno"
		" FROM v_breaking_point",
		"SELECT run_id, cycle, resource, subject, unit, base, peak, final, "
		"leaked,"
		" per_second, per_connection, per_connection_low, per_connection_high,"
		" over_time, over_time_low, over_time_high, class, n FROM v_leak_rate",
		"SELECT run_id, made_at_s, made_at_held, rank, resource, subject, "
		"limit_value,"
		" at_connections, low, high FROM v_forecast",
		"SELECT run_id, cycle, resource, subject, base, peak, residual, "
		"recovered,"
		" t50_s, t90_s, t99_s, settled_s FROM v_recovery",
		"SELECT run_id, cycle, attempted, established, accepted, served, failed, "
		"missed"
		" FROM v_funnel",
		"SELECT run_id, t_s, phase, attempted, established, accepted, held, fds,"
		" rss_bytes, kernel_bytes, processes, sockets FROM v_progress",
		"SELECT run_id, ticks, missed_ticks, late_p99_us, late_max_us, "
		"took_p99_us,"
		" slots, missed_slots, gaps FROM v_run_health",
		"SELECT run_id, t_s, subject, resource, value, unit FROM v_sample",
	};
	struct db *db = made_store_open(*state, DB_CREATE);

	for (size_t i = 0; i < sizeof(selects) / sizeof(selects[0]); i++)
		assert_string_equal(rows(db, selects[i]), "");
	db_close(db);
}

/* Every entry of the resource table is in the long form with what its column holds. */
static void
v_sample_has_every_resource(void **state)
{
	struct db *db;
	struct db_statement *s;

	fill(*state);
	db = made_store_open(*state, DB_READ);
	s = db_prepare(db,
		       "SELECT value, unit, subject, count(*) OVER () FROM v_sample"
		       " WHERE run_id = 1 AND tick = 7 AND kind = ?1 AND resource = ?2");
	assert_non_null(s);
	for (size_t i = 0; i < resource_count; i++) {
		const struct resource *r = &resources[i];
		bool unread = r->subject == SUBJECT_HOST &&
			      (i + 1 == resource_count || r[1].subject != SUBJECT_HOST);

		db_bind_text(s, 1, subject_kind_name(r->subject));
		db_bind_text(s, 2, r->name);
		assert_int_equal(db_step(s), 1);
		assert_int_equal(db_is_null(s, 0), unread);
		if (!unread)
			assert_int_equal(db_int(s, 0) % 100, resource_position(r));
		assert_string_equal(db_text(s, 1), units_name(r->unit));
		if (r->subject != SUBJECT_PROCESS && r->subject != SUBJECT_WORKER &&
		    r->subject != SUBJECT_GROUP)
			assert_int_equal(db_int(s, 3), 1);
		db_reset(s);
	}
	db_finish(s);
	assert_int_equal(db_query_int(db,
				      "SELECT count(*) FROM v_sample WHERE run_id = ?1"
				      " AND resource = 'fds' AND kind = 'process'",
				      1, -1),
			 20 * 30);
	db_close(db);
}

static int64_t
reading(enum subject_kind kind, uint32_t index, const char *name)
{
	return made_reading(kind, index, 7,
			    (int)resource_position(resource_find(kind, name)));
}

static void
v_progress_adds_up_workers_and_groups(void **state)
{
	static const char *const kernel[] = { "slab_unreclaimable_bytes",
					      "kernel_stack_bytes", "page_table_bytes",
					      "tcp_memory_bytes" };
	char expected[512];
	int64_t fds = 0, rss = 0, processes = 0, kernel_bytes = 0;
	struct db *db;

	for (uint32_t group = GROUP_ACCEPTORS; group <= GROUP_CLIENTS; group++) {
		fds += reading(SUBJECT_GROUP, group, "fds");
		rss += reading(SUBJECT_GROUP, group, "rss_bytes");
		processes += reading(SUBJECT_GROUP, group, "processes");
	}
	for (size_t i = 0; i < sizeof(kernel) / sizeof(kernel[0]); i++)
		kernel_bytes += reading(SUBJECT_HOST, 0, kernel[i]);
#define WORKERS(first, name)                               \
	(long long)(reading(SUBJECT_WORKER, first, name) + \
		    reading(SUBJECT_WORKER, first + 1, name))
	snprintf(expected, sizeof(expected),
		 "0.700007|baseline|%lld|%lld|%lld|%lld|%lld|%lld|%lld|%lld|%lld|%lld\n",
		 WORKERS(MADE_ACCEPTORS, "attempted_total"),
		 WORKERS(MADE_ACCEPTORS, "established_total"),
		 WORKERS(0, "accepted_total"), WORKERS(MADE_ACCEPTORS, "held"),
		 WORKERS(MADE_ACCEPTORS, "served_total"), (long long)fds, (long long)rss,
		 (long long)kernel_bytes, (long long)processes,
		 (long long)reading(SUBJECT_NETNS, 0, "sockets"));
	fill(*state);
	db = made_store_open(*state, DB_READ);
	assert_string_equal(
	    rows(db,
		 "SELECT t_s, phase, attempted, established, accepted, held, served, fds,"
		 " rss_bytes, kernel_bytes, processes, sockets FROM v_progress"
		 " WHERE run_id = 1 AND tick = 7"),
	    expected);
	assert_string_equal(rows(db, "SELECT phase, count(*) FROM v_progress GROUP BY 1"),
			    "baseline|10\nramp|10\n");
	db_close(db);
}

/* A sum of what is known of some would pass for the whole. */
static void
v_progress_says_no_sum_where_a_group_is_not_known(void **state)
{
	struct db *db;

	fill(*state);
	db = made_store_open(*state, DB_WRITE);
	sql(db, "UPDATE main.group_sample SET fds = NULL WHERE tick = 7 AND subject = 0");
	assert_string_equal(rows(db, "SELECT tick, fds IS NULL, rss_bytes IS NULL"
				     " FROM v_progress WHERE tick BETWEEN 6 AND 7"),
			    "6|0|0\n7|1|0\n");
	db_close(db);
}

static void
views_of_the_analysis_say_what_it_found(void **state)
{
	struct db *db;

	fill(*state);
	db = made_store_open(*state, DB_WRITE);
	sql(db,
	    "UPDATE run SET started_unix_us = 1770000000123456, ended_us = 9500000,"
	    " plan = '{\"clients\": \"unlimited\", \"rate\": 2000, \"acceptors\": 2}'");
	assert_string_equal(
	    rows(db,
		 "SELECT run_id, label, started_at, epoch_s, duration_s, state, outcome,"
		 " clients, rate, acceptors, forkers, broke_at_s, broke_held, limit_id,"
		 " subject, confidence FROM v_run"),
	    "1|a "
	    "name|2026-02-02T02:40:00Z|1770000000.12346|9.5|done|broke|unlimited|2000|2"
	    "|-|2.5|40|acceptor-nofile|acceptor 0|proven\n");
	assert_string_equal(
	    rows(db, "SELECT side, bytes, bytes_low, bytes_high, rests_on"
		     " FROM v_cost_per_connection WHERE side <> 'total'"),
	    "client|100.0|99.0|101.0|clients private_bytes\n"
	    "kernel|5007.0|5005.0|5009.0|host slab_unreclaimable_bytes, host "
	    "tcp_memory_bytes\n"
	    "server|30.0|29.0|31.0|acceptors rss_bytes\n");
	assert_string_equal(rows(db, "SELECT bytes, bytes_low, bytes_high"
				     " FROM v_cost_per_connection WHERE side = 'total'"),
			    "5137.0|5133.0|5141.0\n");
	assert_string_equal(
	    rows(db, "SELECT resource, unit FROM v_leak_rate WHERE subject = 'clients'"),
	    "fds|1\nprivate_bytes|bytes\nrss_bytes|bytes\n");
	assert_string_equal(rows(db,
				 "SELECT t50_s, t90_s, t99_s, settled_s FROM v_recovery"
				 " WHERE resource = 'fds'"),
			    "0.1|0.2|0.3|0.4\n");
	/* Sockets were not back: 99 % of everything never was. */
	assert_string_equal(
	    rows(db, "SELECT outcome, bytes_per_connection, t99_s, attempted, accepted"
		     " FROM v_history"),
	    "broke|5137.0|-|41|40\n");
	sql(db, "UPDATE recovery SET t99_us = 200000 WHERE resource = 'sockets'");
	assert_string_equal(rows(db, "SELECT t99_s FROM v_history"), "0.3\n");
	db_close(db);
}

static void
views_of_the_counts_leave_the_canary_out(void **state)
{
	struct db *db;

	fill(*state);
	db = made_store_open(*state, DB_READ);
	assert_string_equal(rows(db,
				 "SELECT cycle, attempted, established, accepted, served,"
				 " failed, missed FROM v_funnel"),
			    "0|41|39|40|0|0|9\n");
	assert_string_equal(rows(db, "SELECT worker, role, connections, share"
				     " FROM v_worker_balance ORDER BY worker"),
			    "acceptor 0|acceptor|30|1.5\nacceptor 1|acceptor|10|0.5\n"
			    "forker 0|forker|39|2.0\nforker 1|forker|0|0.0\n");
	assert_string_equal(
	    rows(db, "SELECT worker, call, error, count, pid FROM v_failure"),
	    "acceptor 0|accept4|EMFILE|1|4711\n");
	assert_string_equal(rows(db, "SELECT kind, count, p50_us, max_us FROM v_latency"),
			    "echo|1|77|77\n");
	assert_string_equal(
	    rows(db, "SELECT slots, missed_slots, gaps FROM v_run_health"), "50|9|0\n");
	db_close(db);
}

static void
v_run_health_ranks_lateness(void **state)
{
	struct db *db;

	fill(*state);
	db = made_store_open(*state, DB_WRITE);
	/* 200 ticks, 1 to 200 us late, taking 1000 to 801 us; three are missing. */
	sql(db, "DELETE FROM tick;"
		"DELETE FROM run_health;"
		"WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n"
		" WHERE i < 200)"
		"INSERT INTO tick SELECT 1, i + 5 + 3 * (i > 50), i * 1000, i, 1001 - i "
		"FROM n;"
		"INSERT INTO run (run_id, started_unix_us, state, plan, command, version,"
		" host_id, boot_id, supervisor_pid) SELECT 2, 0, 'running', '{}', '', '',"
		" host_id, '', 1 FROM host");
	assert_string_equal(
	    rows(db, "SELECT ticks, missed_ticks, late_p99_us, late_max_us, took_p99_us"
		     " FROM v_run_health WHERE run_id = 1"),
	    "200|3|198|200|998\n");
	assert_string_equal(rows(db, "SELECT * FROM v_run_health WHERE run_id = 2"),
			    "2|0|0|-|-|-|-|-|0|-|-|-|-\n");
	assert_string_equal(rows(db, "SELECT run_id FROM v_run_health ORDER BY 1"),
			    "1\n2\n");
	db_close(db);
}

#define SCHEMA_TEST(function) \
	cmocka_unit_test_setup_teardown(function, made_store_setup, made_store_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCHEMA_TEST(sample_tables_are_the_resource_table),
		cmocka_unit_test(views_are_commented),
		SCHEMA_TEST(tables_are_strict),
		SCHEMA_TEST(a_filled_store_passes_the_integrity_check),
		SCHEMA_TEST(every_view_selects),
		SCHEMA_TEST(views_have_the_columns_that_others_rely_on),
		SCHEMA_TEST(v_sample_has_every_resource),
		SCHEMA_TEST(v_progress_adds_up_workers_and_groups),
		SCHEMA_TEST(v_progress_says_no_sum_where_a_group_is_not_known),
		SCHEMA_TEST(views_of_the_analysis_say_what_it_found),
		SCHEMA_TEST(views_of_the_counts_leave_the_canary_out),
		SCHEMA_TEST(v_run_health_ranks_lateness),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
