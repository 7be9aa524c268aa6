/* No two findings of a run contradict each other, and advice agrees with what is there. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "analyse/agreement.h"
#include "made_run.h"

static int64_t
find(struct made_run *made, char *why, size_t size)
{
	why[0] = '\0';
	return agreement_find(made->db, made->run_id, why, size);
}

/* The weaker one, and what it is held against; both are made up beside a whole analysis. */
static const struct {
	const char *sql, *by;
} contradictions[] = {
	/* 200 of 200, "yet nothing failed for it", beside 414 times EMFILE */
	{ "INSERT INTO finding (run_id, rank, kind, limit_id, text) VALUES (1, 90, "
	  "'note',"
	  " 'client-nofile', 'x');"
	  "INSERT INTO failure (run_id, worker, call, errno, error, count, first_us,"
	  " last_us, first_held, first_attempted, first_established, first_accepted,"
	  " first_served, first_own) VALUES (1, 'client 3', 'socket', 24, 'EMFILE', 414,"
	  " 5000000, 6000000, 1, 1, 1, 1, 1, 1)",
	  "socket() that failed with EMFILE" },
	{ "INSERT INTO finding (run_id, rank, kind, limit_id, text) VALUES (1, 90,"
	  " 'ruled-out', 'acceptor-nofile', 'x')",
	  "a verdict or a consequence of the same limit" },
	/* fs.file-max for root: 77,632 of 45,344 */
	{ "INSERT INTO finding (finding_id, run_id, rank, kind, limit_id, text) VALUES"
	  " (900, 1, 90, 'note', 'system-files', 'x');"
	  "INSERT INTO evidence VALUES (900, 0, NULL, 'files', 77632, 45344)",
	  "a usage above the limit" },
	{ "INSERT INTO finding (finding_id, run_id, rank, kind, limit_id, text) VALUES"
	  " (900, 1, 90, 'ruled-out', 'threads-max', 'x');"
	  "INSERT INTO evidence VALUES (900, 0, NULL, 'threads', 4000, 4000)",
	  "a usage at the limit" },
	{ "INSERT INTO finding (run_id, rank, kind, limit_id, text) VALUES (1, 90,"
	  " 'ruled-out', 'acceptor-died', 'x');"
	  "UPDATE process SET \"end\" = 'signal', code = 11, to_us = 6000000",
	  "an acceptor that ended" },
};

static void
what_is_contradicted_is_found_and_taken_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(contradictions) / sizeof(contradictions[0]); i++) {
		struct made_run made;
		char why[512];
		int64_t before;

		made_run_broken(&made, 505);
		made_analyse(&made);
		before = made_int(&made, "SELECT count(*) FROM finding");
		made_sql(&made, "DELETE FROM finding WHERE kind = 'ruled-out' AND"
				" limit_id = 'acceptor-died'");
		before -= made_int(&made, "SELECT %lld - count(*) FROM finding",
				   (long long)before);
		made_sql(&made, "%s", contradictions[i].sql);
		assert_true(find(&made, why, sizeof(why)) > 0);
		assert_non_null(strstr(why, contradictions[i].by));
		assert_int_equal(agreement_settle(made.db, made.run_id), 0);
		assert_int_equal(find(&made, why, sizeof(why)), 0);
		/* It alone, and its evidence. */
		assert_int_equal(made_int(&made, "SELECT count(*) FROM finding"), before);
		assert_int_equal(made_int(&made, "SELECT count(*) FROM evidence WHERE"
						 " finding_id NOT IN (SELECT finding_id"
						 " FROM finding)"),
				 0);
		made_run_end(&made);
	}
}

/* What goes together is left alone: other limits, other calls, what was after the release. */
static void
what_agrees_is_kept(void **state)
{
	static const char *const texts[] = {
		"INSERT INTO finding (run_id, rank, kind, limit_id, text) VALUES (1, 90,"
		" 'ruled-out', 'conntrack', 'x')",
		/* Several limits refuse a fork. */
		"INSERT INTO finding (run_id, rank, kind, limit_id, text) VALUES (1, 90,"
		" 'ruled-out', 'nproc', 'x');"
		"UPDATE failure SET call = 'fork', errno = 11, error = 'EAGAIN'",
		"INSERT INTO finding (run_id, rank, kind, limit_id, text) VALUES (1, 90,"
		" 'recommendation', 'acceptor-nofile', 'x')",
		"INSERT INTO finding (run_id, rank, kind, limit_id, text) VALUES (1, 90,"
		" 'ruled-out', 'client-nofile', 'x');"
		"UPDATE failure SET worker = 'client 0', call = 'socket',"
		" first_us = 19000000",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct made_run made;
		char why[512];

		made_run_broken(&made, 505);
		made_analyse(&made);
		made_sql(&made, "DELETE FROM finding WHERE kind = 'ruled-out'");
		made_sql(&made, "%s", texts[i]);
		find(&made, why, sizeof(why));
		assert_string_equal(why, "");
		made_run_end(&made);
	}
}

static const char *
advice_of(struct made_run *made)
{
	return made_row(made, "SELECT text FROM finding WHERE kind = 'recommendation' AND"
			      " limit_id IS NOT NULL");
}

/* 512 - 7 connections now; of 4,096 descriptors again 7 are its own. */
static void
a_raised_limit_gives_what_is_left_beside_its_base(void **state)
{
	struct made_run made;

	(void)state;
	made_run_broken(&made, 505);
	made_analyse(&made);
	assert_non_null(strstr(advice_of(&made), "ulimit -n 4096 "));
	assert_non_null(
	    strstr(advice_of(&made), "moves this limit from 505 to about 4,089"));
	made_run_end(&made);
}

/* One acceptor of four had 64, the others 20,000: 128 for all would harm. */
static void
advice_lowers_nobodys_limit(void **state)
{
	struct made_model model = made_model_default;
	const struct made_failure full = { .worker = "acceptor 2",
					   .call = "accept4",
					   .error = "EMFILE",
					   .code = EMFILE,
					   .count = 100,
					   .first_us = 3300000,
					   .last_us = 8000000,
					   .attempted = 228,
					   .established = 228,
					   .accepted = 228,
					   .held = 228,
					   .own = 57,
					   .fds = 64,
					   .limit = 64,
					   .own_fds = 7 };
	struct made_run made;

	(void)state;
	model.acceptors = 4;
	model.listener = "group";
	made_run_begin(&made, &model);
	made_sql(&made, "UPDATE resource_limit SET value = 64 WHERE kind = 'process' AND"
			" subject = 2");
	made_fail(&made, &full);
	made_event(&made, 4600000, "broken", "acceptors", "failures go on");
	made_analyse(&made);
	assert_non_null(strstr(advice_of(&made), "ulimit -n 20000 "));
	made_run_end(&made);
}

/* A forecast of what everybody has counts what the run itself takes: other programs open
 * files meanwhile. */
static void
only_what_the_run_takes_is_forecast(void **state)
{
	struct made_run made;

	(void)state;
	made_run_begin(&made, &made_model_default);
	made_sql(
	    &made,
	    "INSERT INTO host_sample (run_id, tick, subject, files, threads)"
	    " SELECT t.run_id, t.tick, 0, 10000 + 50 * t.tick + coalesce((SELECT"
	    " sum(fds) FROM group_sample AS g WHERE g.run_id = t.run_id AND g.tick ="
	    " t.tick), 0), 150 + t.tick FROM tick AS t;"
	    "INSERT INTO resource_limit VALUES (1, 'host', 0, 'files', 100000,"
	    " 'fs.file-max'), (1, 'host', 0, 'threads', 4000, 'kernel.threads-max')");
	made_analyse(&made);
	/* Two descriptors a connection are brink's own, 16,000 and some are others'. */
	assert_in_range(made_int(&made, "SELECT cast(at_connections AS INTEGER) FROM"
					" forecast WHERE resource = 'files' ORDER BY"
					" made_at_us DESC LIMIT 1"),
			41000, 43000);
	/* More and more threads, but none for a connection. */
	assert_int_equal(made_int(&made, "SELECT count(*) FROM forecast WHERE resource ="
					 " 'threads'"),
			 0);
	assert_int_equal(made_int(&made, "SELECT count(*) FROM finding WHERE text LIKE"
					 " '%%alarm%%threads%%'"),
			 0);
	made_run_end(&made);
}

/* 16 MiB are mapped ahead at a time, of which a connection fills 4 KiB: the space lasts for
 * more connections than its steps would say. */
static void
address_space_is_forecast_by_what_is_filled(void **state)
{
	struct made_run made;
	int64_t at;

	(void)state;
	made_run_begin(&made, &made_model_default);
	made_sql(&made,
		 "INSERT INTO resource_limit VALUES (1, 'process', 0, 'vm_bytes',"
		 " 104857600, 'RLIMIT_AS');"
		 "UPDATE process_sample SET private_bytes = 1000000 + 4096 * (fds - 7),"
		 " vm_bytes = 20971520 + (fds > 7) * 16777216");
	made_analyse(&made);
	/* (100 - 20) MiB of 4 KiB each */
	at = made_int(&made, "SELECT cast(at_connections AS INTEGER) FROM forecast WHERE"
			     " resource = 'vm_bytes' ORDER BY made_at_us DESC LIMIT 1");
	assert_in_range(at, 20000, 20960);
	assert_in_range(made_int(&made, "SELECT cast(low AS INTEGER) FROM forecast WHERE"
					" resource = 'vm_bytes' ORDER BY made_at_us DESC"
					" LIMIT 1"),
			15000, at - 1);
	made_run_end(&made);
}

/* The first client of a forker is given more than it has room for, or it is not. */
static void
open_files_of_clients_are_forecast(void **state)
{
	static const struct {
		int64_t per_client, forecasts;
	} cases[] = { { 5000, 2 }, { 500, 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct made_run made;

		made_run_begin(&made, &made_model_default);
		made_sql(
		    &made,
		    "UPDATE run SET plan = json_set(plan, '$.\"per-client\"', %lld);"
		    "INSERT INTO subject VALUES (1, 'process', 50, 'client 0', 'client', "
		    "0);"
		    "INSERT INTO process (run_id, process_id, pid, role, slot, parent,"
		    " from_us) VALUES (1, 50, 2000, 'client', 0, 1, 0);"
		    "INSERT INTO resource_limit VALUES (1, 'process', 50, 'fds', 4096,"
		    " 'RLIMIT_NOFILE');"
		    "INSERT INTO process_sample (run_id, tick, subject, fds)"
		    " SELECT run_id, tick, 50, 5 + min(%lld, sum(held)) FROM"
		    " worker_sample WHERE subject = 1 GROUP BY tick",
		    (long long)cases[i].per_client, (long long)cases[i].per_client);
		made_analyse(&made);
		assert_int_equal(made_int(&made, "SELECT count(*) FROM forecast WHERE"
						 " subject = 'client 0'"),
				 cases[i].forecasts);
		if (cases[i].forecasts > 0)
			assert_int_equal(
			    made_int(&made, "SELECT max(at_connections) FROM forecast"
					    " WHERE subject = 'client 0'"),
			    4096 - 5);
		made_run_end(&made);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_contradicted_is_found_and_taken_back),
		cmocka_unit_test(what_agrees_is_kept),
		cmocka_unit_test(a_raised_limit_gives_what_is_left_beside_its_base),
		cmocka_unit_test(advice_lowers_nobodys_limit),
		cmocka_unit_test(only_what_the_run_takes_is_forecast),
		cmocka_unit_test(address_space_is_forecast_by_what_is_filled),
		cmocka_unit_test(open_files_of_clients_are_forecast),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
