#include "analyse/swept.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/figure_value.h"
#include "analyse/rows.h"
#include "analyse/stats.h"
#include "base/log.h"

#define COVERAGE 0.95

/* Runs of a point from which on they can be said to agree. */
#define AGREE_MIN 3

static char *
copy(const char *text)
{
	char *copied = strdup(text);

	if (copied == NULL)
		fatal("cannot hold a sweep");
	return copied;
}

/* ------------------------------------------------------------------------------ figures */

/* The probability that between the k-th value from either end of n lies the true median:
 * that of at least k on both sides. */
static double
median_coverage(size_t n, size_t k)
{
	double term = pow(0.5, (double)n), outside = 0;

	for (size_t i = 0; i < k; i++) {
		outside += term;
		term *= (double)(n - i) / (double)(i + 1);
	}
	return 1 - 2 * outside;
}

struct swept_figure
swept_median(double *v, size_t n)
{
	struct swept_figure figure = { .n = n, .median = stats_median(v, n) };
	size_t k = 1;

	while (2 * (k + 1) <= n && median_coverage(n, k + 1) >= COVERAGE)
		k++;
	figure.low = v[k - 1];
	figure.high = v[n - k];
	figure.coverage = n > 1 ? median_coverage(n, k) : 0;
	return figure;
}

const struct figure *
swept_told(size_t i)
{
	static const char *const told[SWEPT_TOLD] = {
		"breaking_point.held",
		"breaking_point.time",
		"memory_per_connection",
		"connect.p99",
		"echo.p99",
		"recovery.t99",
	};

	return figure_find(told[i], strlen(told[i]));
}

static bool
is_told(const struct figure *figure)
{
	for (size_t i = 0; i < SWEPT_TOLD; i++)
		if (swept_told(i) == figure)
			return true;
	return false;
}

static int
read_figures(struct swept_run *run, struct db *db, bool all)
{
	struct figure_value value;

	run->figures = rows_alloc(figure_count, sizeof(*run->figures));
	for (size_t i = 0; i < figure_count; i++) {
		run->figures[i] = NAN;
		if (!all && !is_told(&figures[i]))
			continue;
		if (figure_value_read_alone(&value, db, run->run_id, &figures[i]) == -1)
			return -1;
		if (value.known)
			run->figures[i] = value.value;
	}
	return 0;
}

static void
sum_up_figures(const struct swept *swept, struct swept_point *point)
{
	double *v = rows_alloc(point->runs, sizeof(*v));

	point->figures = rows_alloc(figure_count, sizeof(*point->figures));
	for (size_t i = 0; i < figure_count; i++) {
		size_t n = 0;

		for (size_t k = point->first; k < point->first + point->runs; k++)
			if (swept->runs[k].figures != NULL &&
			    !isnan(swept->runs[k].figures[i]))
				v[n++] = swept->runs[k].figures[i];
		if (n > 0)
			point->figures[i] = swept_median(v, n);
	}
	free(v);
}

/* ------------------------------------------------------------------------------- causes */

static int
more_frequent(const void *a, const void *b)
{
	const struct swept_cause *one = a, *other = b;

	if (one->runs != other->runs)
		return one->runs > other->runs ? -1 : 1;
	return strcmp(one->name, other->name);
}

static struct swept_cause *
find_cause(const struct swept_point *point, const char *name)
{
	for (size_t i = 0; i < point->cause_count; i++)
		if (strcmp(point->causes[i].name, name) == 0)
			return &point->causes[i];
	return NULL;
}

static void
sum_up_causes(const struct swept *swept, struct swept_point *point)
{
	struct rows causes = { 0 };

	for (size_t k = point->first; k < point->first + point->runs; k++) {
		const struct swept_run *run = &swept->runs[k];
		struct swept_cause *cause;

		point->done += run->done;
		if (!run->counts)
			continue;
		point->counted++;
		cause = find_cause(point, run->cause.name);
		if (cause == NULL) {
			cause = rows_add(&causes, sizeof(*cause));
			*cause = run->cause;
			point->causes = causes.data;
			point->cause_count = causes.count;
		}
		cause->runs++;
	}
	if (point->cause_count > 0)
		qsort(point->causes, point->cause_count, sizeof(*point->causes),
		      more_frequent);
}

/* The point that has the next value of the axis and is alike in all else, or the number of
 * points. */
static size_t
neighbour(const struct swept *swept, size_t point, size_t axis)
{
	size_t step = 1;

	if (swept->points[point].level[axis] + 1 >= swept->levels[axis])
		return swept->point_count;
	for (size_t i = axis + 1; i < swept->axis_count; i++)
		step *= swept->levels[i];
	return point + step;
}

static bool
have_cause_in_common(const struct swept_point *one, const struct swept_point *other)
{
	for (size_t i = 0; i < one->cause_count; i++)
		if (find_cause(other, one->causes[i].name) != NULL)
			return true;
	return false;
}

static bool
agrees(const struct swept_point *point)
{
	return point->cause_count == 1 && point->counted >= AGREE_MIN;
}

static void
find_changes(struct swept *swept)
{
	struct rows changes = { 0 };

	for (size_t axis = 0; axis < swept->axis_count; axis++)
		for (size_t i = 0; i < swept->point_count; i++) {
			size_t next = neighbour(swept, i, axis);
			const struct swept_point *one = &swept->points[i], *other;

			if (next >= swept->point_count)
				continue;
			other = &swept->points[next];
			if (one->counted == 0 || other->counted == 0 ||
			    have_cause_in_common(one, other))
				continue;
			*(struct swept_change *)rows_add(&changes,
							 sizeof(struct swept_change)) =
			    (struct swept_change){ axis, i, next,
						   agrees(one) && agrees(other) };
		}
	swept->changes = changes.data;
	swept->change_count = changes.count;
}

/* --------------------------------------------------------------------------- the store */

static int
load_sweep(struct swept *swept, struct db *db)
{
	struct db_statement *s = db_prepare(
	    db, "SELECT repeats, seed, ended_epoch_s IS NOT NULL, started_at, command"
		" FROM v_sweep WHERE sweep_id = ?1");
	int got = -1;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, swept->sweep_id);
	got = db_step(s);
	if (got == 1) {
		swept->repeats = db_int(s, 0);
		swept->seed = db_int(s, 1);
		swept->is_complete = db_int(s, 2) != 0;
		swept->started = copy(db_text(s, 3));
		swept->command = copy(db_text(s, 4));
	}
	db_finish(s);
	return got == 1 ? 0 : -1;
}

struct value_row {
	int64_t point, axis;
	char *name, *value;
};

static void
fill_value(struct db_statement *s, void *row)
{
	struct value_row *value = row;

	value->point = db_int(s, 0);
	value->axis = db_int(s, 1);
	value->name = copy(db_text(s, 2));
	value->value = copy(db_text(s, 3));
}

/* The settings of the first point are those of all. */
static void
take_settings(struct swept *swept, const struct value_row *values, size_t count)
{
	while (swept->setting_count < count &&
	       values[swept->setting_count].point == values[0].point)
		swept->setting_count++;
	swept->names = rows_alloc(swept->setting_count, sizeof(*swept->names));
	swept->axis_of = rows_alloc(swept->setting_count, sizeof(*swept->axis_of));
	for (size_t i = 0; i < swept->setting_count; i++) {
		swept->names[i] = copy(values[i].name);
		if (i > 0)
			swept->axis_of[i] = swept->axis_of[i - 1] +
					    (values[i].axis != values[i - 1].axis);
	}
	if (swept->setting_count > 0)
		swept->axis_count = swept->axis_of[swept->setting_count - 1] + 1;
}

/* How many values an axis has: the first axis keeps its values longest, so that those of each
 * repeat where all axes behind it have had theirs. */
static void
count_levels(struct swept *swept)
{
	size_t step = 1;

	swept->levels = rows_alloc(swept->axis_count, sizeof(*swept->levels));
	for (size_t axis = swept->axis_count; axis-- > 0;) {
		size_t level = 1;

		for (size_t p = step; p < swept->point_count; p += step, level++) {
			bool same = true;

			for (size_t i = 0; i < swept->setting_count; i++)
				same &= swept->axis_of[i] != axis ||
					strcmp(swept->points[p].values[i],
					       swept->points[0].values[i]) == 0;
			if (same)
				break;
		}
		swept->levels[axis] = level;
		step *= level;
	}
	for (size_t p = 0; p < swept->point_count; p++) {
		size_t rest = p;

		swept->points[p].level =
		    rows_alloc(swept->axis_count, sizeof(*swept->points[p].level));
		for (size_t axis = swept->axis_count; axis-- > 0;) {
			swept->points[p].level[axis] = rest % swept->levels[axis];
			rest /= swept->levels[axis];
		}
	}
}

/* What another program may have left there is no sweep that brink makes. */
static bool
take_points(struct swept *swept, const struct value_row *values, size_t count)
{
	size_t settings = swept->setting_count, points = 1;

	if (settings == 0 || count % settings != 0)
		return false;
	swept->point_count = count / settings;
	swept->points = rows_alloc(swept->point_count, sizeof(*swept->points));
	for (size_t p = 0; p < swept->point_count; p++) {
		swept->points[p].values =
		    rows_alloc(settings, sizeof(*swept->points[p].values));
		for (size_t i = 0; i < settings; i++)
			swept->points[p].values[i] = copy(values[p * settings + i].value);
	}
	count_levels(swept);
	for (size_t axis = 0; axis < swept->axis_count; axis++)
		points *= swept->levels[axis];
	return points == swept->point_count;
}

static int
load_points(struct swept *swept, struct db *db)
{
	struct rows rows = { 0 };
	struct value_row *values;
	int error = rows_load(&rows, sizeof(*values), db,
			      "SELECT point, axis, name, value FROM sweep_value"
			      " WHERE sweep_id = ?1 ORDER BY point, seq",
			      swept->sweep_id, NULL, fill_value);

	values = rows.data;
	if (error == 0) {
		take_settings(swept, values, rows.count);
		if (!take_points(swept, values, rows.count))
			error = db_refuse(db, "its points are not complete");
	}
	for (size_t i = 0; i < rows.count; i++) {
		free(values[i].name);
		free(values[i].value);
	}
	free(rows.data);
	return error;
}

static void
fill_run(struct db_statement *s, void *row)
{
	struct swept_run *run = row;
	const char *outcome = db_text(s, 5);
	bool broke = strcmp(outcome, "broke") == 0, is_limit = !db_is_null(s, 6);

	run->point = db_int(s, 0);
	run->repeat = db_int(s, 1);
	run->run_id = db_is_null(s, 2) ? -1 : db_int(s, 2);
	run->exit_code = db_is_null(s, 3) ? -1 : db_int(s, 3);
	run->done = db_int(s, 4) != 0;
	run->counts = outcome[0] != '\0' && strcmp(outcome, "interrupted") != 0;
	if (!run->counts)
		return;
	run->cause.is_limit = is_limit;
	strlcpy(run->cause.name,
		is_limit ? db_text(s, 6)
		: broke  ? "unexplained"
			 : outcome,
		sizeof(run->cause.name));
}

static int
load_runs(struct swept *swept, struct db *db, bool all)
{
	struct rows rows = { 0 };
	int error = rows_load(&rows, sizeof(struct swept_run), db,
			      "SELECT point, repeat, run_id, exit_code, is_done, outcome,"
			      " limit_id FROM v_sweep_point WHERE sweep_id = ?1"
			      " ORDER BY point, repeat",
			      swept->sweep_id, NULL, fill_run);

	swept->runs = rows.data;
	swept->run_count = rows.count;
	for (size_t i = 0; i < rows.count && error == 0; i++) {
		struct swept_run *run = &swept->runs[i];

		if (run->point < 0 || (size_t)run->point >= swept->point_count)
			return db_refuse(db, "a run of it is of no point");
		if (swept->points[run->point].runs++ == 0)
			swept->points[run->point].first = i;
		swept->done += run->done;
		if (run->counts && strcmp(run->cause.name, "failed") != 0)
			error = read_figures(run, db, all);
	}
	return error;
}

int
swept_load(struct swept *swept, struct db *db, int64_t sweep_id, bool all_figures)
{
	int error;

	*swept = (struct swept){ .sweep_id = sweep_id };
	/* One state of the store. */
	if (db_begin_reading(db) == -1)
		return -1;
	error = load_sweep(swept, db);
	if (error == 0)
		error = load_points(swept, db);
	if (error == 0)
		error = load_runs(swept, db, all_figures);
	db_end_reading(db);
	if (error == -1)
		return -1;
	for (size_t i = 0; i < swept->point_count; i++) {
		sum_up_causes(swept, &swept->points[i]);
		sum_up_figures(swept, &swept->points[i]);
	}
	find_changes(swept);
	return 0;
}

static void
free_texts(char **texts, size_t count)
{
	for (size_t i = 0; texts != NULL && i < count; i++)
		free(texts[i]);
	free(texts);
}

void
swept_free(struct swept *swept)
{
	for (size_t i = 0; i < swept->run_count; i++)
		free(swept->runs[i].figures);
	for (size_t i = 0; i < swept->point_count; i++) {
		free_texts(swept->points[i].values, swept->setting_count);
		free(swept->points[i].level);
		free(swept->points[i].causes);
		free(swept->points[i].figures);
	}
	free_texts(swept->names, swept->setting_count);
	free(swept->axis_of);
	free(swept->levels);
	free(swept->points);
	free(swept->runs);
	free(swept->changes);
	free(swept->started);
	free(swept->command);
}
