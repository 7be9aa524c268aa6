#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "analyse/figure_value.h"
#include "base/histogram.h"
#include "made_run.h"
#include "report/findings.h"
#include "report/report.h"
#include "store/histogram_pack.h"

/* A run of 2,000 connections that held, with these expectations: a JSON array. */
static void
begin(struct made_run *made, const char *expect)
{
	made_run_begin(made, &made_model_default);
	made_sql(made,
		 "UPDATE run SET plan = json_set(plan, '$.expect', json('%s'))"
		 " WHERE run_id = 1",
		 expect);
	made_sql(made,
		 "INSERT INTO worker_total VALUES"
		 " (1, 'acceptor 0', 0, 0, 2000, 0, 2000, 0, 0, 0, 0, 0, 0, 0, 0, 0,"
		 " 'acceptor', 0),"
		 " (1, 'forker 0', 2000, 2000, 0, 1990, 2000, 3, 2, 0, 1, 0, 0, 0,"
		 " 0, 0, 'forker', 0),"
		 " (1, 'canary', 40, 40, 0, 39, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0,"
		 " 'canary', 0)");
	made_analyse(made);
}

static int
exit_code(struct made_run *made)
{
	struct findings findings;
	int code;

	assert_int_equal(findings_load(&findings, made->db, made->run_id), 0);
	code = report_exit_code(&findings);
	findings_free(&findings);
	return code;
}

static void
each_is_held_against_what_was_seen(void **state)
{
	struct made_run made;

	(void)state;
	begin(&made, "[\"served >= 1990\", \"served > 1990\", \"failed <= 2\","
		     " \"canary.failed == 0\"]");
	assert_string_equal(
	    made_row(&made, "SELECT group_concat(expression || ' ' || bound || ' ' ||"
			    " value || ' ' || passed, '|') FROM v_expectation"),
	    "served >= 1990 1990.0 1990.0 1|served > 1990 1990.0 1990.0 0|"
	    "failed <= 2 2.0 2.0 1|canary.failed == 0 0.0 1.0 0");
	assert_int_equal(exit_code(&made), 99);
	made_run_end(&made);
}

static void
all_that_pass_exit_0(void **state)
{
	struct made_run made;

	(void)state;
	begin(&made, "[\"established == 2k\", \"fds_per_connection <= 1.01\"]");
	assert_int_equal(
	    made_int(&made, "SELECT sum(passed) FROM expectation WHERE run_id = 1"), 2);
	assert_int_equal(made_int(&made, "SELECT value_low <= value AND value <="
					 " value_high FROM expectation WHERE seq = 1"),
			 1);
	assert_int_equal(exit_code(&made), 0);
	/* Another analysis makes the same rows. */
	made_analyse(&made);
	assert_int_equal(made_int(&made, "SELECT count(*) FROM expectation"), 2);
	made_run_end(&made);
}

/* Nothing gave way: the breaking point is not below what was held, and its time unknown. */
static void
what_is_not_known_does_not_pass(void **state)
{
	struct made_run made;

	(void)state;
	begin(&made, "[\"breaking_point.held >= 2000\", \"breaking_point.time < 1h\","
		     " \"echo.p99 < 1h\", \"luck > 5\"]");
	assert_string_equal(
	    made_row(&made, "SELECT group_concat(coalesce(value, '-') || ' ' || passed,"
			    " '|') FROM expectation"),
	    "2000.0 1|- 0|- 0|- 0");
	assert_int_equal(
	    made_int(&made, "SELECT figure IS NULL FROM expectation WHERE seq = 3"), 1);
	assert_int_equal(exit_code(&made), 99);
	made_run_end(&made);
}

/* SQL with a mistake in it would show only when somebody asks. */
static void
every_figure_can_be_read(void **state)
{
	struct made_run made;
	struct figure_value value;

	(void)state;
	begin(&made, "[]");
	for (size_t i = 0; i < figure_count; i++)
		if (figure_value_read(&value, made.db, made.run_id, &figures[i]) == -1)
			fail_msg("%s: %s", figures[i].name, db_error(made.db));
	made_run_end(&made);
}

/* A second of connects that all took us. */
static void
add_second(struct made_run *made, int64_t second, int64_t us)
{
	struct packer *packer = packer_new();
	struct db_statement *s = db_prepare(
	    made->db, "INSERT INTO latency VALUES (1, 'connect', ?1, 100, ?2, ?2, ?2, ?2,"
		      " ?2, ?3)");
	static uint64_t counts[HISTOGRAM_BUCKETS];
	const void *packed;
	size_t bytes;

	assert_non_null(packer);
	assert_non_null(s);
	memset(counts, 0, sizeof(counts));
	counts[histogram_index(us)] = 100;
	packed = packer_pack(packer, counts, &bytes);
	db_bind_int(s, 1, second * 1000000);
	db_bind_int(s, 2, us);
	db_bind_blob(s, 3, packed, bytes);
	assert_int_equal(db_run(s), 0);
	db_finish(s);
	packer_free(packer);
}

static void
a_quantile_has_an_interval_where_the_run_is_long_enough(void **state)
{
	const struct figure *median = figure_find("connect.p50", 11);
	const struct figure *rare = figure_find("connect.p99", 11);
	const struct figure *longest = figure_find("connect.max", 11);
	struct figure_value value;
	struct made_run made;

	(void)state;
	begin(&made, "[]");
	for (int64_t i = 0; i < 9; i++)
		add_second(&made, i, 100);
	assert_int_equal(figure_value_read(&value, made.db, 1, median), 0);
	assert_true(value.known);
	assert_false(value.has_interval);
	for (int64_t i = 9; i < 20; i++)
		add_second(&made, i, i % 4 < 2 ? 100 : 120);
	assert_int_equal(figure_value_read(&value, made.db, 1, median), 0);
	assert_true(value.has_interval);
	assert_true(value.low < value.value && value.value < value.high);
	assert_true(value.high - value.low < 20);
	/* Of 200 values in a stretch, 2 are beyond this one. */
	assert_int_equal(figure_value_read(&value, made.db, 1, rare), 0);
	assert_true(value.known);
	assert_false(value.has_interval);
	assert_int_equal(figure_value_read(&value, made.db, 1, longest), 0);
	assert_true(value.known && value.value >= 120);
	assert_false(value.has_interval);
	made_run_end(&made);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_held_against_what_was_seen),
		cmocka_unit_test(all_that_pass_exit_0),
		cmocka_unit_test(what_is_not_known_does_not_pass),
		cmocka_unit_test(every_figure_can_be_read),
		cmocka_unit_test(a_quantile_has_an_interval_where_the_run_is_long_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
