#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "analyse/swept.h"
#include "analyse/swept_effect.h"
#include "base/random.h"
#include "made_run.h"
#include "made_store.h"
#include "plan/plan.h"
#include "plan/sweep_plan.h"
#include "report/swept_report.h"
#include "store/export.h"
#include "store/prune.h"
#include "store/sweep.h"

/* ---------------------------------------------------------------------------- points */

/* NULL, or why it is refused; valid until the next call. */
static const char *
refusal(struct sweep_plan *plan, const char *vary)
{
	static char why[256];
	FILE *out = fmemopen(why, sizeof(why), "w");
	int error;

	assert_non_null(out);
	error = sweep_plan_add(plan, &plan_options, vary, out);
	fclose(out);
	return error == 0 ? NULL : why;
}

static void
vary(struct sweep_plan *plan, const char *text)
{
	assert_null(refusal(plan, text));
}

static void
points_are_every_combination(void **state)
{
	static const char *const expected[] = {
		"1 512 10", "1 1024 20", "2 512 10", "2 1024 20", "4 512 10", "4 1024 20",
	};
	struct sweep_plan plan = { 0 };

	(void)state;
	assert_int_equal(sweep_plan_points(&plan), 1);
	vary(&plan, "acceptors=1..4*2");
	vary(&plan, "limit.nofile.acceptor,rate=512:10,1024:20");
	assert_int_equal(sweep_plan_points(&plan), 6);
	assert_int_equal(sweep_plan_settings(&plan), 3);
	for (size_t p = 0; p < 6; p++) {
		struct sweep_setting s[3];
		char got[64];

		for (size_t i = 0; i < 3; i++)
			s[i] = sweep_plan_setting(&plan, p, i);
		snprintf(got, sizeof(got), "%s %s %s", s[0].value, s[1].value,
			 s[2].value);
		assert_string_equal(got, expected[p]);
		assert_string_equal(s[1].name, "limit.nofile.acceptor");
		assert_int_equal(s[0].axis, 0);
		assert_int_equal(s[2].axis, 1);
	}
	sweep_plan_free(&plan);
}

static void
what_varies_twice_or_too_much_is_refused(void **state)
{
	struct sweep_plan plan = { 0 };

	(void)state;
	vary(&plan, "acceptors=1,2");
	assert_string_equal(refusal(&plan, "rate,acceptors=10:1"),
			    "\"acceptors\" varies already; give all of its values at "
			    "once");
	vary(&plan, "rate=1..100+1");
	assert_string_equal(refusal(&plan, "messages=1..100+1"),
			    "the values make more than 10000 points together");
	assert_int_equal(sweep_plan_points(&plan), 200);
	sweep_plan_free(&plan);
}

static void
argument_is(const char *name, const char *value, const char *expected)
{
	char *argument = sweep_setting_argument(name, value);

	assert_string_equal(argument, expected);
	free(argument);
}

static void
a_setting_is_an_argument_of_run(void **state)
{
	(void)state;
	argument_is("acceptors", "4", "--acceptors=4");
	argument_is("limit.nofile.acceptor", "512", "--limit=nofile.acceptor=512");
}

/* ----------------------------------------------------------------------------- store */

/* Begins a sweep of "--vary acceptors=1,2 --vary limit.nofile.acceptor=64,128". */
static int64_t
begin(struct db *db, int64_t repeats)
{
	char clients[] = "--clients", count[] = "10";
	char *shared[] = { clients, count };
	struct sweep_plan points = { 0 };
	struct plan plan;
	int64_t sweep_id;

	assert_int_equal(plan_default(&plan), 0);
	vary(&points, "acceptors=1,2");
	vary(&points, "limit.nofile.acceptor=64,128");
	const struct sweep_begin what = {
		.points = &points,
		.repeats = repeats,
		.seed = 7,
		.command = "brink sweep",
		.argc = 2,
		.argv = shared,
		.plan = &plan,
	};
	sweep_id = sweep_create(db, &what);
	assert_int_not_equal(sweep_id, -1);
	sweep_plan_free(&points);
	plan_free(&plan);
	return sweep_id;
}

/* A run that ended so, at held connections; limit NULL: it did not break. */
static int64_t
add_run(struct made_run *made, const char *outcome, const char *limit, int64_t held)
{
	int64_t run_id = made_int(made, "SELECT 1 + max(run_id) FROM run");

	made_sql(made,
		 "INSERT INTO run (run_id, started_unix_us, ended_us, state, outcome, "
		 "plan, command, version, host_id, boot_id, supervisor_pid, held_peak)"
		 " SELECT %lld, started_unix_us, ended_us, 'done', '%s', plan, command,"
		 " version, host_id, boot_id, supervisor_pid, %lld FROM run"
		 " WHERE run_id = 1",
		 (long long)run_id, outcome, (long long)held);
	if (limit != NULL)
		made_sql(made,
			 "INSERT INTO breaking_point (run_id, cycle, t_us, "
			 "since_attempt_us, attempted, established, accepted, served, "
			 "held, limit_id, subject, side, confidence) VALUES (%lld, 0, 1, "
			 "1, 1, 1, 1, 1, %lld, '%s', 'acceptor 0', 'server', 'proven')",
			 (long long)run_id, (long long)held, limit);
	return run_id;
}

/* Makes every run that is yet to be made, as the point would have it: one acceptor's files give
 * way at their limit less 6, but ports at 200; of the last round noise more are held. */
static void
make_all(struct made_run *made, int64_t sweep_id, int64_t noise)
{
	struct sweep_next next;

	while (sweep_next(made->db, sweep_id, &next) == 1) {
		int64_t files = (next.point % 2 == 0 ? 58 : 122) * (1 + next.point / 2);
		int64_t held = files < 200 ? files : 200;
		int64_t run_id = add_run(
		    made, "broke", files < 200 ? "acceptor-nofile" : "ephemeral-ports",
		    held + noise * next.repeat);

		assert_int_equal(sweep_link(made->db, &next.place, run_id), 0);
		assert_int_equal(sweep_note_exit(made->db, &next.place, 0), 0);
	}
	assert_int_equal(sweep_end(made->db, sweep_id), 0);
}

static void
every_run_is_made_once(void **state)
{
	struct made_run made;
	struct sweep_next next;
	int64_t sweep_id, first;

	(void)state;
	made_run_begin(&made, &made_model_default);
	sweep_id = begin(made.db, 3);
	assert_int_equal(sweep_newest_open(made.db), sweep_id);
	assert_int_equal(sweep_next(made.db, sweep_id, &next), 1);
	assert_int_equal(next.runs, 12);
	assert_int_equal(next.done, 0);

	/* Its supervisor died: it is made again. */
	first = add_run(&made, "interrupted", NULL, 5);
	assert_int_equal(sweep_link(made.db, &next.place, first), 0);
	assert_int_equal(sweep_next(made.db, sweep_id, &next), 1);
	assert_int_equal(next.place.position, 0);

	/* So it is where that happened while it recovered. */
	first = add_run(&made, "broke", "acceptor-nofile", 5);
	made_sql(&made,
		 "INSERT INTO event VALUES (%lld, 0, 9, 'warning', "
		 "'interrupted-by-user', 'supervisor', 'SIGTERM')",
		 (long long)first);
	assert_int_equal(sweep_link(made.db, &next.place, first), 0);
	assert_int_equal(sweep_next(made.db, sweep_id, &next), 1);
	assert_int_equal(next.place.position, 0);

	/* It was done, but nobody could note it any more: it is not made again. */
	first = add_run(&made, "survived", NULL, 5);
	assert_int_equal(sweep_link(made.db, &next.place, first), 0);
	assert_int_equal(sweep_next(made.db, sweep_id, &next), 1);
	assert_int_equal(next.place.position, 1);
	assert_int_equal(next.done, 1);

	make_all(&made, sweep_id, 0);
	assert_int_equal(sweep_newest_open(made.db), -1);
	assert_string_equal(made_row(&made, "SELECT count(*), count(DISTINCT run_id),"
					    " count(DISTINCT point || '.' || repeat)"
					    " FROM v_sweep_point WHERE is_done"),
			    "12|12|12");
	/* Each round has each point: a drift of the host falls on all of them. */
	assert_int_equal(made_int(&made, "SELECT count(DISTINCT point) FROM sweep_point"
					 " WHERE position BETWEEN 4 AND 7"),
			 4);

	/* A run that is deleted was made. */
	made_sql(&made, "DELETE FROM run WHERE run_id = %lld", (long long)first);
	assert_int_equal(sweep_next(made.db, sweep_id, &next), 1);
	assert_int_equal(sweep_note_exit(made.db, &next.place, 0), 0);
	assert_int_equal(sweep_next(made.db, sweep_id, &next), 0);
	made_run_end(&made);
}

static void
a_point_has_the_arguments_of_run(void **state)
{
	static const char *const expected[] = { "run",
						"--clients",
						"10",
						"--acceptors=2",
						"--limit=nofile.acceptor=64",
						"--quiet",
						"--",
						"serve",
						"--" };
	static const char *const more[] = { "--quiet", NULL };
	struct made_run made;
	int64_t sweep_id;
	char **argv, *setting;
	int argc;

	(void)state;
	made_run_begin(&made, &made_model_default);
	sweep_id = begin(made.db, 1);
	argv = sweep_arguments(made.db, sweep_id, 2, more, &argc);
	assert_non_null(argv);
	assert_int_equal(argc, 6);
	for (int i = 0; i < 6; i++)
		assert_string_equal(argv[i], expected[i]);
	assert_null(argv[6]);
	sweep_arguments_free(argv);
	argv = sweep_arguments(made.db, sweep_id, -1, more + 1, &argc);
	assert_int_equal(argc, 3);
	sweep_arguments_free(argv);

	/* A command of the user's own, which may have an option of any name. */
	made_sql(&made, "UPDATE sweep SET arguments ="
			" '[\"--clients\", \"10\", \"--\", \"serve\", \"--\"]'");
	argv = sweep_arguments(made.db, sweep_id, 2, more, &argc);
	assert_non_null(argv);
	assert_int_equal(argc, 9);
	for (int i = 0; i < 9; i++)
		assert_string_equal(argv[i], expected[i]);
	sweep_arguments_free(argv);
	setting = sweep_setting_text(made.db, sweep_id, 2);
	assert_string_equal(setting, "acceptors=2 limit.nofile.acceptor=64");
	free(setting);
	made_run_end(&made);
}

static void
a_sweep_is_named_by_its_letter(void **state)
{
	struct made_run made;
	char said[256] = "";
	FILE *err = fmemopen(said, sizeof(said), "w");

	(void)state;
	made_run_begin(&made, &made_model_default);
	assert_int_equal(begin(made.db, 1), 1);
	assert_true(sweep_is_meant(made.db, "s1"));
	assert_true(sweep_is_meant(made.db, "s2"));
	assert_false(sweep_is_meant(made.db, "1"));
	assert_false(sweep_is_meant(made.db, "s"));
	assert_false(sweep_is_meant(made.db, "s1x"));
	assert_int_equal(sweep_find(made.db, "s1", err), 1);
	assert_int_equal(sweep_find(made.db, "s2", err), -1);
	fclose(err);
	assert_string_equal(said, "brink: there is no sweep \"s2\" in this database: "
				  "\"brink list --sweeps\" shows them\n");
	/* A label was there before there were sweeps. */
	made_sql(&made, "UPDATE run SET label = 's1' WHERE run_id = %lld",
		 (long long)made.run_id);
	assert_false(sweep_is_meant(made.db, "s1"));
	made_run_end(&made);
}

static void
an_exported_run_keeps_its_sweep(void **state)
{
	struct made_run made;
	char path[128];
	int64_t sweep_id, run_id;
	struct db *db;

	(void)state;
	made_run_begin(&made, &made_model_default);
	sweep_id = begin(made.db, 1);
	make_all(&made, sweep_id, 0);
	run_id = made_int(&made, "SELECT max(run_id) FROM run");
	snprintf(path, sizeof(path), "%s/out.db", made.dir);
	assert_int_equal(export_runs(made.db, &run_id, 1, path, stderr), 0);
	db = db_open(path, DB_READ, stderr);
	assert_non_null(db);
	assert_int_equal(db_query_int(db,
				      "SELECT run_id FROM v_sweep_point"
				      " WHERE setting LIKE 'acceptors=%'",
				      0, -1),
			 run_id);
	db_close(db);
	unlink(path);
	made_run_end(&made);
}

/* With its last run a complete sweep goes; one that is not complete stays. */
static void
a_sweep_is_pruned_with_its_runs(void **state)
{
	const struct prune all = { .keep = 0, .before_unix_us = -1 };
	struct made_run made;
	int64_t complete;

	(void)state;
	made_run_begin(&made, &made_model_default);
	complete = begin(made.db, 1);
	make_all(&made, complete, 0);
	begin(made.db, 1);
	made_sql(&made, "UPDATE run SET state = 'running' WHERE run_id = 3");
	assert_true(prune_delete(made.db, &all) > 0);
	assert_int_equal(made_int(&made, "SELECT count(*) FROM sweep"), 2);
	made_sql(&made, "UPDATE run SET state = 'done' WHERE run_id = 3");
	assert_int_equal(prune_delete(made.db, &all), 1);
	assert_string_equal(
	    made_row(&made, "SELECT (SELECT group_concat(sweep_id) FROM sweep),"
			    " (SELECT count(*) FROM sweep_value WHERE sweep_id = 1),"
			    " (SELECT count(*) FROM sweep_point WHERE sweep_id = 1)"),
	    "2|0|0");
	made_run_end(&made);
}

/* ---------------------------------------------------------------------------- figures */

static void
an_interval_is_as_sure_as_it_says(void **state)
{
	double v[20];
	struct swept_figure f;

	(void)state;
	for (int i = 0; i < 20; i++)
		v[i] = 20 - i;
	f = swept_median(v, 1);
	assert_true(f.coverage == 0 && f.median == 20);
	/* Of three, all lie on one side of the median with 1/4. */
	for (int i = 0; i < 3; i++)
		v[i] = 3 - i;
	f = swept_median(v, 3);
	assert_true(f.median == 2 && f.low == 1 && f.high == 3);
	assert_true(fabs(f.coverage - 0.75) < 1e-12);
	for (int i = 0; i < 6; i++)
		v[i] = i;
	f = swept_median(v, 6);
	assert_true(f.low == 0 && f.high == 5);
	assert_true(fabs(f.coverage - 0.96875) < 1e-12);
	/* Of 20 the sixth from either end: tables of the sign test. */
	for (int i = 0; i < 20; i++)
		v[i] = i + 1;
	f = swept_median(v, 20);
	assert_true(f.low == 6 && f.high == 15);
	assert_true(fabs(f.coverage - 0.9586) < 1e-4);
}

static const struct swept_figure *
held_of(const struct swept *swept, size_t point)
{
	const struct figure *held =
	    figure_find("breaking_point.held", strlen("breaking_point.held"));

	return &swept->points[point].figures[held - figures];
}

static void
points_have_medians_and_what_gave_way(void **state)
{
	static const struct {
		double held;
		const char *cause;
	} expected[] = {
		{ 58, "acceptor-nofile" },
		{ 122, "acceptor-nofile" },
		{ 116, "acceptor-nofile" },
		{ 200, "ephemeral-ports" },
	};
	struct made_run made;
	struct swept swept;
	int64_t sweep_id;

	(void)state;
	made_run_begin(&made, &made_model_default);
	sweep_id = begin(made.db, 3);
	make_all(&made, sweep_id, 1);
	assert_int_equal(swept_load(&swept, made.db, sweep_id, true), 0);
	assert_true(swept.is_complete);
	assert_int_equal(swept.point_count, 4);
	assert_int_equal(swept.axis_count, 2);
	assert_int_equal(swept.levels[0], 2);
	assert_int_equal(swept.levels[1], 2);
	for (size_t i = 0; i < 4; i++) {
		const struct swept_figure *held = held_of(&swept, i);

		assert_int_equal(held->n, 3);
		assert_true(held->median == expected[i].held + 1);
		assert_true(held->low == expected[i].held);
		assert_true(held->high == expected[i].held + 2);
		assert_int_equal(swept.points[i].cause_count, 1);
		assert_string_equal(swept.points[i].causes[0].name, expected[i].cause);
	}
	/* Towards two acceptors with 128 files, from either side. */
	assert_int_equal(swept.change_count, 2);
	assert_int_equal(swept.changes[0].before, 1);
	assert_int_equal(swept.changes[0].after, 3);
	assert_int_equal(swept.changes[1].before, 2);
	assert_int_equal(swept.changes[1].after, 3);
	assert_true(swept.changes[0].is_sure);
	swept_free(&swept);
	made_run_end(&made);
}

/* Where runs of two neighbours met the same limit, nothing is said to change between them. */
static void
points_that_share_a_cause_do_not_change(void **state)
{
	struct made_run made;
	struct swept swept;
	int64_t sweep_id;

	(void)state;
	made_run_begin(&made, &made_model_default);
	sweep_id = begin(made.db, 3);
	make_all(&made, sweep_id, 0);
	made_sql(&made,
		 "UPDATE breaking_point SET limit_id = 'acceptor-nofile' WHERE run_id ="
		 " (SELECT run_id FROM sweep_point WHERE point = 3 AND repeat = 1)");
	assert_int_equal(swept_load(&swept, made.db, sweep_id, false), 0);
	assert_int_equal(swept.change_count, 0);
	assert_int_equal(swept.points[3].cause_count, 2);
	assert_string_equal(swept.points[3].causes[0].name, "ephemeral-ports");
	assert_int_equal(swept.points[3].causes[0].runs, 2);
	swept_free(&swept);
	made_run_end(&made);
}

/* What failed is told, but measured nothing; what is yet to be made is neither. */
static void
failed_and_missing_runs_give_no_figures(void **state)
{
	struct made_run made;
	struct sweep_next next;
	struct swept swept;
	int64_t sweep_id;

	(void)state;
	made_run_begin(&made, &made_model_default);
	sweep_id = begin(made.db, 1);
	assert_int_equal(sweep_next(made.db, sweep_id, &next), 1);
	assert_int_equal(
	    sweep_link(made.db, &next.place, add_run(&made, "failed", NULL, 0)), 0);
	assert_int_equal(sweep_note_exit(made.db, &next.place, 1), 0);
	assert_int_equal(swept_load(&swept, made.db, sweep_id, false), 0);
	assert_false(swept.is_complete);
	assert_int_equal(swept.done, 1);
	assert_int_equal(swept.points[next.point].counted, 1);
	assert_string_equal(swept.points[next.point].causes[0].name, "failed");
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(held_of(&swept, i)->n, 0);
	assert_int_equal(swept.change_count, 0);
	swept_free(&swept);
	made_run_end(&made);
}

/* What another program wrote there is refused, not believed. */
static void
a_sweep_that_brink_did_not_make_is_refused(void **state)
{
	struct made_run made;
	struct swept swept;
	int64_t sweep_id;

	(void)state;
	made_run_begin(&made, &made_model_default);
	sweep_id = begin(made.db, 1);
	made_sql(&made, "UPDATE sweep_point SET point = 99 WHERE position = 0");
	assert_int_equal(swept_load(&swept, made.db, sweep_id, false), -1);
	swept_free(&swept);
	made_sql(&made, "DELETE FROM sweep_value WHERE point = 1 AND seq = 0");
	assert_int_equal(swept_load(&swept, made.db, sweep_id, false), -1);
	swept_free(&swept);
	made_sql(&made, "DELETE FROM sweep_value");
	assert_int_equal(swept_load(&swept, made.db, sweep_id, false), -1);
	swept_free(&swept);
	made_run_end(&made);
}

/* A sweep without a store: acceptors 1, 2, 3 by three values of something else, repeats runs
 * each, whose first figure value() says from the two and a random number from 0 to 1. */
struct made_sweep {
	struct swept swept;
	struct swept_run runs[9 * 230];
	struct swept_point points[9];
	size_t level[9][2], levels[2];
};

static void
make_sweep(struct made_sweep *made, size_t repeats, uint64_t seed,
	   double (*value)(size_t acceptors, size_t other, double random))
{
	size_t figure = (size_t)(swept_told(0) - figures);

	memset(made, 0, sizeof(*made));
	made->levels[0] = made->levels[1] = 3;
	made->swept = (struct swept){ .axis_count = 2,
				      .levels = made->levels,
				      .points = made->points,
				      .point_count = 9,
				      .runs = made->runs,
				      .run_count = 9 * repeats,
				      .seed = (int64_t)seed };
	for (size_t p = 0; p < 9; p++) {
		made->level[p][0] = p / 3;
		made->level[p][1] = p % 3;
		made->points[p].level = made->level[p];
	}
	for (size_t i = 0; i < 9 * repeats; i++) {
		struct swept_run *run = &made->runs[i];

		run->point = (int64_t)(i / repeats);
		run->figures = calloc(figure_count, sizeof(*run->figures));
		assert_non_null(run->figures);
		for (size_t f = 0; f < figure_count; f++)
			run->figures[f] = NAN;
		run->figures[figure] = value(i / repeats / 3, i / repeats % 3,
					     (double)random_below(&seed, 1000000) / 1e6);
	}
}

static void
free_sweep(struct made_sweep *made)
{
	for (size_t i = 0; i < made->swept.run_count; i++)
		free(made->runs[i].figures);
}

/* The classes of the two axes, which must be all that is tested: "found, not significant". */
static const char *
effects_of(struct made_sweep *made)
{
	static char text[64];
	struct swept_effects effects;

	swept_effects_find(&effects, &made->swept);
	assert_int_equal(effects.count, 2);
	snprintf(text, sizeof(text), "%s, %s", effect_class_name(effects.all[0].class),
		 effect_class_name(effects.all[1].class));
	swept_effects_free(&effects);
	return text;
}

/* Only the second option does anything, and it does a lot; values are as skew as latencies. */
static double
by_the_other(size_t acceptors, size_t other, double random)
{
	(void)acceptors;
	return 100 * pow(10, (double)other) / (1 - random * 0.999);
}

static double
by_acceptors_a_little(size_t acceptors, size_t other, double random)
{
	return 1000 * (double)other + 3 * (double)acceptors + 4 * random;
}

/* In 100 sweeps, not one is to be found where there is none: in 1,000 there is one. */
static void
what_does_nothing_is_called_nothing(void **state)
{
	static struct made_sweep made;

	(void)state;
	for (uint64_t seed = 0; seed < 100; seed++) {
		make_sweep(&made, 3, seed, by_the_other);
		assert_memory_equal(effects_of(&made), "not significant, ", 17);
		free_sweep(&made);
	}
}

static void
a_small_effect_beside_a_large_one_is_found(void **state)
{
	static struct made_sweep made;

	(void)state;
	for (uint64_t seed = 0; seed < 10; seed++) {
		make_sweep(&made, 5, seed, by_acceptors_a_little);
		assert_string_equal(effects_of(&made), "found, found");
		free_sweep(&made);
	}
}

/* So many runs that a part of them is looked at. */
static void
many_runs_give_the_same_answer(void **state)
{
	static struct made_sweep made;

	(void)state;
	make_sweep(&made, 230, 3, by_the_other);
	assert_string_equal(effects_of(&made), "not significant, found");
	free_sweep(&made);
}

/* A run a point, in three blocks of three: 46,656 / 6 ways are not enough to be sure. */
static void
too_few_runs_are_called_so(void **state)
{
	static struct made_sweep made;

	(void)state;
	make_sweep(&made, 1, 1, by_acceptors_a_little);
	assert_string_equal(effects_of(&made), "too few runs, too few runs");
	free_sweep(&made);
}

static void
it_is_written_as_a_table(void **state)
{
	struct report_options options = { 0 };
	struct swept_effects effects;
	struct made_run made;
	struct swept swept;
	char *text, *markdown;
	size_t size;
	int64_t sweep_id;
	FILE *out;

	(void)state;
	made_run_begin(&made, &made_model_default);
	sweep_id = begin(made.db, 3);
	make_all(&made, sweep_id, 1);
	made_sql(&made, "UPDATE sweep_value SET value = '1\x1b[2J|' WHERE value = '1'");
	assert_int_equal(swept_load(&swept, made.db, sweep_id, false), 0);
	out = open_memstream(&text, &size);
	swept_effects_find(&effects, &swept);
	swept_text(&swept, &effects, false, &options, out);
	fclose(out);
	assert_null(strchr(text, '\x1b'));
	assert_non_null(strstr(text, "sweep s1: 4 points, 3 runs each"));
	assert_non_null(strstr(text, "201  200 .. 202"));
	assert_non_null(strstr(text, "true median with 75 %"));
	assert_non_null(strstr(
	    text, "limit.nofile.acceptor=64 to limit.nofile.acceptor=128, at "
		  "acceptors=2: open files (acceptor-nofile), then ephemeral ports "
		  "(ephemeral-ports)\n"));
	out = open_memstream(&markdown, &size);
	swept_markdown(&swept, &effects, out);
	fclose(out);
	assert_non_null(strstr(markdown, "## sweep s1"));
	assert_null(strchr(markdown, '\x1b'));
	assert_non_null(strstr(
	    markdown,
	    "- too few runs to tell a difference by acceptors: breaking_point.held"));
	free(text);
	free(markdown);
	swept_effects_free(&effects);
	swept_free(&swept);
	made_run_end(&made);
}

/* The page of a sweep, to be freed. */
static char *
page_of(const struct swept *swept, const struct swept_effects *effects)
{
	char *page;
	size_t size;
	FILE *out = open_memstream(&page, &size);

	assert_non_null(out);
	assert_int_equal(swept_html(swept, effects, "brink-", out), 0);
	fclose(out);
	return page;
}

static void
its_page_links_each_cell_to_its_runs(void **state)
{
	struct swept_effects effects;
	struct made_run made;
	struct swept swept;
	char *page, *again, *body, link[64];
	int64_t sweep_id;

	(void)state;
	made_run_begin(&made, &made_model_default);
	sweep_id = begin(made.db, 3);
	make_all(&made, sweep_id, 1);
	made_sql(&made, "UPDATE sweep_value SET value = '<b>1' WHERE value = '1'");
	made_sql(&made, "UPDATE sweep SET command = 'brink </dl><script>'");
	assert_int_equal(swept_load(&swept, made.db, sweep_id, false), 0);
	swept_effects_find(&effects, &swept);
	page = page_of(&swept, &effects);
	again = page_of(&swept, &effects);
	assert_string_equal(page, again);
	body = strstr(page, "<main");
	assert_non_null(body);
	for (size_t i = 0; i < swept.run_count; i++) {
		snprintf(link, sizeof(link), "<a href=\"brink-run-%lld.html\">",
			 (long long)swept.runs[i].run_id);
		assert_non_null(strstr(body, link));
	}
	/* By name and pattern, not by colour alone. */
	assert_non_null(
	    strstr(body, "<td class=\"k1\"><strong>ephemeral-ports</strong> 201 held"));
	assert_non_null(strstr(body, "class=\"whisker s1\""));
	assert_null(strstr(body, "<b>1"));
	assert_null(strstr(body, "</dl><script>"));
	/* Its policy allows neither. */
	assert_null(strstr(body, " style="));
	assert_null(strstr(body, "NaN"));
	free(page);
	free(again);
	swept_effects_free(&effects);
	swept_free(&swept);
	made_run_end(&made);
}

/* Three options make a map for each value of the third, and one a column. */
static void
a_page_has_all_points_whatever_varies(void **state)
{
	static const char *const grids[][3] = {
		{ "acceptors=1,2,3" },
		{ "acceptors=1,2", "rate=10,20", "messages=1,2,3" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(grids) / sizeof(grids[0]); i++) {
		struct sweep_plan points = { 0 };
		struct swept_effects effects;
		struct made_run made;
		struct swept swept;
		struct plan plan;
		size_t cells = 0;
		char *page;

		made_run_begin(&made, &made_model_default);
		assert_int_equal(plan_default(&plan), 0);
		for (size_t k = 0; k < 3 && grids[i][k] != NULL; k++)
			vary(&points, grids[i][k]);
		const struct sweep_begin what = { .points = &points,
						  .repeats = 1,
						  .command = "brink sweep",
						  .plan = &plan };
		int64_t sweep_id = sweep_create(made.db, &what);

		make_all(&made, sweep_id, 0);
		assert_int_equal(swept_load(&swept, made.db, sweep_id, false), 0);
		swept_effects_find(&effects, &swept);
		page = page_of(&swept, &effects);
		for (const char *at = page; (at = strstr(at, "<td class=\"k")); at++)
			cells++;
		assert_int_equal(cells, sweep_plan_points(&points));
		free(page);
		swept_effects_free(&effects);
		swept_free(&swept);
		sweep_plan_free(&points);
		plan_free(&plan);
		made_run_end(&made);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(points_are_every_combination),
		cmocka_unit_test(what_varies_twice_or_too_much_is_refused),
		cmocka_unit_test(a_setting_is_an_argument_of_run),
		cmocka_unit_test(every_run_is_made_once),
		cmocka_unit_test(a_point_has_the_arguments_of_run),
		cmocka_unit_test(a_sweep_is_named_by_its_letter),
		cmocka_unit_test(an_exported_run_keeps_its_sweep),
		cmocka_unit_test(a_sweep_is_pruned_with_its_runs),
		cmocka_unit_test(an_interval_is_as_sure_as_it_says),
		cmocka_unit_test(points_have_medians_and_what_gave_way),
		cmocka_unit_test(points_that_share_a_cause_do_not_change),
		cmocka_unit_test(failed_and_missing_runs_give_no_figures),
		cmocka_unit_test(a_sweep_that_brink_did_not_make_is_refused),
		cmocka_unit_test(what_does_nothing_is_called_nothing),
		cmocka_unit_test(a_small_effect_beside_a_large_one_is_found),
		cmocka_unit_test(many_runs_give_the_same_answer),
		cmocka_unit_test(too_few_runs_are_called_so),
		cmocka_unit_test(it_is_written_as_a_table),
		cmocka_unit_test(its_page_links_each_cell_to_its_runs),
		cmocka_unit_test(a_page_has_all_points_whatever_varies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
