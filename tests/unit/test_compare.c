#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "analyse/compare.h"
#include "analyse/plan_history.h"
#include "made_run.h"
#include "report/compared.h"

/* A contrast of a figure, judged; intervals of half a width each, 0: none. */
static enum judgement
judge(const char *name, double before, double after, double half)
{
	struct contrast c = {
		.figure = figure_find(name, strlen(name)),
		.before = { true, half > 0, before, before - half, before + half },
		.after = { true, half > 0, after, after - half, after + half },
	};

	assert_non_null(c.figure);
	contrast_judge(&c);
	assert_true(c.known);
	return c.judgement;
}

static void
an_interval_that_leaves_out_0_is_a_difference(void **state)
{
	(void)state;
	assert_int_equal(judge("memory_per_connection", 100, 150, 10), JUDGED_WORSE);
	assert_int_equal(judge("memory_per_connection", 150, 100, 10), JUDGED_BETTER);
	assert_int_equal(judge("recovered.fds", 0.5, 0.9, 0.1), JUDGED_BETTER);
	/* 50 is less than the width of the difference, sqrt(2) * 40. */
	assert_int_equal(judge("memory_per_connection", 100, 150, 40), JUDGED_UNSURE);
	/* Certain, but of no account. */
	assert_int_equal(judge("memory_per_connection", 1000, 1010, 1), JUDGED_SAME);
	assert_int_equal(judge("memory_per_connection", 1000, 1010, 500), JUDGED_UNSURE);
	/* No difference was seen: that is the news, whatever could have been. */
	assert_int_equal(judge("memory_per_connection", 1000, 1000, 500), JUDGED_SAME);
	assert_int_equal(judge("growth.memory", 0, 0, 8192), JUDGED_SAME);
}

static void
without_an_interval_only_counts_are_certain(void **state)
{
	(void)state;
	assert_int_equal(judge("breaking_point.held", 57, 113, 0), JUDGED_BETTER);
	assert_int_equal(judge("breaking_point.held", 113, 57, 0), JUDGED_WORSE);
	assert_int_equal(judge("breaking_point.held", 20000, 19990, 0), JUDGED_SAME);
	assert_int_equal(judge("failed", 0, 0, 0), JUDGED_SAME);
	assert_int_equal(judge("recovery.t99", 1e6, 2e6, 0), JUDGED_UNSURE);
	assert_int_equal(judge("recovery.t99", 1e6, 1.01e6, 0), JUDGED_SAME);
}

/* Twenty pairs of runs with the same chance of failure: none is news; ten times it is. */
static void
chance_is_no_news(void **state)
{
	static const int pairs[][2] = { { 0, 1 },   { 2, 0 },   { 0, 3 },     { 5, 9 },
					{ 12, 20 }, { 40, 31 }, { 100, 125 }, { 1, 4 } };

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		assert_int_equal(judge("failed", pairs[i][0], pairs[i][1], 0),
				 JUDGED_UNSURE);
		assert_int_equal(judge("canary.failed", pairs[i][1], pairs[i][0], 0),
				 JUDGED_UNSURE);
	}
	assert_int_equal(judge("failed", 10, 100, 0), JUDGED_WORSE);
	assert_int_equal(judge("lost", 300, 0, 0), JUDGED_BETTER);
	/* Like runs differ in their latencies, whatever the seconds of each say. */
	assert_int_equal(judge("connect.p99", 700, 1200, 50), JUDGED_SAME);
	assert_int_equal(judge("connect.p99", 700, 1800, 50), JUDGED_WORSE);
	assert_int_equal(judge("echo.p50", 150, 100, 5), JUDGED_SAME);
	/* Of the measurement, not of the server. */
	assert_int_equal(figure_find("ticks.missed", 12)->better, BETTER_NEITHER);
	assert_int_equal(figure_find("ticks.late", 10)->better, BETTER_NEITHER);
	assert_int_equal(figure_find("recovered.slab", 14)->better, BETTER_NEITHER);
}

/* Latencies of a host that did something else meanwhile are not the server's. */
static void
latencies_beside_other_programs_are_not_judged(void **state)
{
	struct contrast c = {
		.figure = figure_find("connect.p99", 11),
		.before = { true, true, 100, 90, 110 },
		.after = { true, true, 900, 850, 950 },
		.disturbed = true,
	};

	(void)state;
	contrast_judge(&c);
	assert_int_equal(c.judgement, JUDGED_UNSURE);
	c.disturbed = false;
	contrast_judge(&c);
	assert_int_equal(c.judgement, JUDGED_WORSE);
}

static void
the_interval_of_a_difference_is_that_of_both(void **state)
{
	struct contrast c = {
		.figure = figure_find("growth.fds", 10),
		.before = { true, true, 10, 7, 12 },
		.after = { true, true, 30, 26, 34 },
	};

	(void)state;
	contrast_judge(&c);
	assert_true(fabs(c.difference - 20) < 1e-12);
	assert_true(fabs(c.low - (20 - sqrt(16 + 4))) < 1e-12);
	assert_true(fabs(c.high - (20 + 5)) < 1e-12);
}

static void
what_one_run_does_not_have_is_unsure(void **state)
{
	struct contrast c = {
		.figure = figure_find("growth.fds", 10),
		.before = { true, true, 10, 7, 12 },
	};

	(void)state;
	contrast_judge(&c);
	assert_false(c.known);
	assert_int_equal(c.judgement, JUDGED_UNSURE);
}

/* A copy of run 1 and of its counts, with another number of accepted connections. */
static void
add_run(struct made_run *made, int64_t run_id, int64_t accepted)
{
	char sql[1024];

	snprintf(
	    sql, sizeof(sql),
	    "INSERT INTO run (run_id, started_unix_us, ended_us, state, outcome, label,"
	    " plan, command, version, host_id, boot_id, supervisor_pid,"
	    " supervisor_start, held_peak)"
	    " SELECT %lld, started_unix_us, ended_us, 'done',"
	    " 'survived', 'night', plan, command, version, host_id, boot_id,"
	    " supervisor_pid, supervisor_start, 2000 FROM run WHERE run_id = 1;"
	    "INSERT INTO worker_total VALUES"
	    " (%lld, 'acceptor 0', 0, 0, %lld, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,"
	    " 'acceptor', 0),"
	    " (%lld, 'forker 0', 2000, 2000, 0, 2000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,"
	    " 'forker', 0)",
	    (long long)run_id, (long long)run_id, (long long)accepted, (long long)run_id);
	assert_int_equal(db_exec(made->db, sql), 0);
}

static void
begin(struct made_run *made)
{
	made_run_begin(made, &made_model_default);
	made_analyse(made);
	add_run(made, 2, 2000);
	add_run(made, 3, 1000);
}

static char *
text_of(const struct comparison *c)
{
	const struct report_options options = { 0 };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	compared_text(c, &options, out);
	compared_markdown(c, out);
	fclose(out);
	return text;
}

static void
assert_contains(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("\"%s\" is not in:\n%s", part, text);
}

/* A brink that has more options makes no other plan of those that were stored before it. */
static void
an_option_that_was_not_there_yet_has_its_default(void **state)
{
	struct made_run made;
	struct comparison c;
	char *key[2];

	(void)state;
	begin(&made);
	assert_int_equal(
	    db_exec(made.db,
		    "UPDATE run SET plan = json_remove(plan, '$.protocol', '$.ready',"
		    " '$.every', '$.\"target-pid\"', '$.target') WHERE run_id = 2;"
		    "INSERT INTO setting VALUES"
		    " (2, 'cgroup', 'cgroup of memory', '/a/brink.Ab12Cd'),"
		    " (3, 'cgroup', 'cgroup of memory', '/a/brink.Ef34Gh')"),
	    0);
	assert_int_equal(comparison_load(&c, made.db, 2, 3), 0);
	assert_int_equal(c.difference_count, 0);
	comparison_free(&c);
	for (int i = 0; i < 2; i++) {
		key[i] = compare_plan_key(made.db, 2 + i);
		assert_non_null(key[i]);
	}
	assert_string_equal(key[0], key[1]);
	free(key[0]);
	free(key[1]);
	made_run_end(&made);
}

static void
a_change_of_plan_or_host_is_said_first(void **state)
{
	struct made_run made;
	struct comparison c;
	char *text;

	(void)state;
	begin(&made);
	assert_int_equal(
	    db_exec(made.db,
		    "UPDATE run SET plan = json_set(plan, '$.hold', 8000000, '$.label',"
		    " 'x', '$.\"no-guard\"', json('true')) WHERE run_id = 3;"
		    "INSERT INTO host SELECT host_id + 1, name, '9.9', machine,"
		    " distribution, cpu_model, cpus, memory_bytes, container FROM host;"
		    "UPDATE run SET host_id = host_id + 1 WHERE run_id = 3;"
		    "INSERT INTO setting VALUES (2, 'netns', 'net.core.somaxconn', '16'),"
		    " (3, 'netns', 'net.core.somaxconn', '4096'),"
		    " (3, 'host', 'fs.nr_open', '5')"),
	    0);
	assert_int_equal(comparison_load(&c, made.db, 2, 3), 0);
	assert_int_equal(c.difference_count, 5);
	assert_string_equal(c.differences[0].kind, "plan");
	assert_string_equal(c.differences[0].name, "hold");
	assert_string_equal(c.differences[0].after, "8s");
	assert_string_equal(c.differences[1].name, "no-guard");
	assert_string_equal(c.differences[1].after, "yes");
	assert_string_equal(c.differences[2].name, "kernel");
	assert_string_equal(c.differences[2].after, "9.9");
	assert_string_equal(c.differences[3].name, "host fs.nr_open");
	assert_string_equal(c.differences[3].before, "");
	assert_string_equal(c.differences[4].before, "16");
	text = text_of(&c);
	assert_true(strstr(text, "kernel") < strstr(text, "Differences that matter"));
	assert_contains(text, "| plan | hold |");
	free(text);
	comparison_free(&c);
	made_run_end(&made);
}

static void
what_matters_comes_first(void **state)
{
	struct made_run made;
	struct comparison c;
	char *text;

	(void)state;
	begin(&made);
	assert_int_equal(comparison_load(&c, made.db, 2, 3), 0);
	assert_int_equal(c.difference_count, 0);
	assert_true(c.contrast_count > 3);
	assert_int_equal(c.contrasts[0].judgement, JUDGED_WORSE);
	assert_string_equal(c.contrasts[0].figure->name, "accepted");
	assert_true(fabs(c.contrasts[0].difference + 1000) < 1e-9);
	for (size_t i = 1; i < c.contrast_count; i++)
		assert_true(c.contrasts[i - 1].judgement <= c.contrasts[i].judgement);
	text = text_of(&c);
	assert_contains(text, "run 3 (after) against run 2 (before)");
	assert_contains(text, "  worse  accepted                  2,000  1,000      "
			      "-1,000              -\n");
	assert_contains(text, "| worse | accepted | 2,000 | 1,000 | -1,000 | - |");
	free(text);
	comparison_free(&c);
	made_run_end(&made);
}

static void
a_run_is_the_same_as_itself(void **state)
{
	struct made_run made;
	struct comparison c;

	(void)state;
	begin(&made);
	assert_int_equal(comparison_load(&c, made.db, 2, 2), 0);
	assert_int_equal(c.difference_count, 0);
	for (size_t i = 0; i < c.contrast_count; i++)
		assert_int_equal(c.contrasts[i].judgement, JUDGED_SAME);
	comparison_free(&c);
	made_run_end(&made);
}

/* Four nights at one level and four at another, beside runs of another plan. */
static void
history_shows_when_a_level_moved(void **state)
{
	struct plan_histories list;
	struct made_run made;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	made_run_begin(&made, &made_model_default);
	made_analyse(&made);
	for (int64_t i = 0; i < 8; i++)
		add_run(&made, 10 + i, (i < 4 ? 2000 : 1500) + i % 2);
	add_run(&made, 20, 7);
	assert_int_equal(db_exec(made.db, "UPDATE run SET plan = json_set(plan, '$.hold',"
					  " 1) WHERE run_id = 20"),
			 0);
	assert_int_equal(plan_histories_load(&list, made.db, "night"), 0);
	assert_int_equal(list.count, 2);
	assert_int_equal(list.histories[0].run_count, 8);
	assert_int_equal(list.histories[1].run_count, 1);
	assert_true(list.histories[0].change_count >= 1);
	assert_string_equal(list.histories[0].changes[0].figure->name, "accepted");
	assert_int_equal(list.histories[0].changes[0].run_id, 14);
	assert_int_equal(list.histories[0].changes[0].judgement, JUDGED_WORSE);
	assert_true(fabs(list.histories[0].changes[0].after - 1500.5) < 1e-9);
	trended_text(&list, out);
	fclose(out);
	assert_contains(text, "night: 8 runs of one plan, 10 to 17\n");
	assert_contains(text, "worse         14  accepted");
	assert_contains(text, "night: 1 run of one plan, 20; a trend needs 4\n");
	free(text);
	plan_histories_free(&list);
	/* Without a label, run 1 is a plan of its own label: none. */
	assert_int_equal(plan_histories_load(&list, made.db, NULL), 0);
	assert_int_equal(list.count, 3);
	plan_histories_free(&list);
	made_run_end(&made);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_interval_that_leaves_out_0_is_a_difference),
		cmocka_unit_test(without_an_interval_only_counts_are_certain),
		cmocka_unit_test(chance_is_no_news),
		cmocka_unit_test(latencies_beside_other_programs_are_not_judged),
		cmocka_unit_test(the_interval_of_a_difference_is_that_of_both),
		cmocka_unit_test(what_one_run_does_not_have_is_unsure),
		cmocka_unit_test(an_option_that_was_not_there_yet_has_its_default),
		cmocka_unit_test(a_change_of_plan_or_host_is_said_first),
		cmocka_unit_test(what_matters_comes_first),
		cmocka_unit_test(a_run_is_the_same_as_itself),
		cmocka_unit_test(history_shows_when_a_level_moved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
