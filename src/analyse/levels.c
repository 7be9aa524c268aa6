#include "analyse/levels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/followed.h"
#include "analyse/rows.h"
#include "base/clock.h"

/* A ramp shows many numbers of connections, a plateau one. Points are shared out among
 * all of them, because the number of slopes grows with the square of the points. */
#define RAMP_POINTS    240
#define PLATEAU_POINTS 40
#define BASE_POINTS    8
#define STILL_POINTS   256
/* With fewer different numbers of connections than this the baseline is needed too. */
#define ENOUGH_LEVELS 8

static double
seconds(int64_t us)
{
	return (double)us / (double)US_PER_S;
}

/* Copies the values in [from_us, to_us). */
static size_t
values_between(const struct series *s, int64_t from_us, int64_t to_us, double *values)
{
	size_t n = 0;

	for (size_t i = 0; i < s->count; i++)
		if (s->points[i].t_us >= from_us && s->points[i].t_us < to_us)
			values[n++] = s->points[i].value;
	return n;
}

double
level_base(const struct facts *f, const struct series *s, double *noise)
{
	double *values = rows_alloc(s->count, sizeof(*values));
	int64_t end = f->attempt_us;
	size_t n = values_between(s, FACTS_SETTLE, end, values);
	double base;

	if (n == 0)
		n = values_between(s, 0, end, values);
	if (n == 0)
		values[n++] = s->points[0].value;
	base = stats_median(values, n);
	if (noise != NULL)
		*noise = stats_mad(values, n);
	free(values);
	return base;
}

bool
level_grows(const struct level *level, double span_s, double resolution, double noise)
{
	const struct slope *b = &level->over_time;

	return level->has_over_time && (b->low > 0 || b->high < 0) &&
	       fabs(b->value) * span_s > 3 * fmax(resolution, noise);
}

/* The slope of value on time, or on the connections held. */
static bool
slope_of(const struct point *points, size_t n, bool on_time, struct slope *slope)
{
	double *x = rows_alloc(2 * n, sizeof(*x)), *y = x + n;
	bool known;

	for (size_t i = 0; i < n; i++) {
		x[i] = on_time ? seconds(points[i].t_us) : points[i].held;
		y[i] = points[i].value;
	}
	known = n > 2 && stats_theil_sen(x, y, n, STATS_Z95, slope);
	free(x);
	return known;
}

static int
compare_held(const void *a, const void *b)
{
	const struct point *x = a, *y = b;

	return (x->held > y->held) - (x->held < y->held);
}

/* How many different numbers of connections there are. Sorts the points. */
static size_t
count_levels(struct point *points, size_t n)
{
	size_t levels = n > 0;

	qsort(points, n, sizeof(*points), compare_held);
	for (size_t i = 1; i < n; i++)
		levels += points[i].held > points[i - 1].held;
	return levels;
}

static size_t
count_stretches(const struct facts *f, bool ramps)
{
	size_t n = 0;

	for (size_t i = 0; i < f->stretch_count; i++)
		n += (strcmp(f->stretches[i].name, "ramp") == 0) == ramps;
	return n;
}

/* A part of all points for one of n stretches. */
static size_t
share(size_t all, size_t n)
{
	return n * 2 < all ? all / n : 2;
}

/* Points of every ramp and plateau that begins before until_us, in a new array. */
static struct point *
load_points(const struct facts *f, const struct series *s, int64_t until_us,
	    size_t *count)
{
	size_t ramps = count_stretches(f, true), others = count_stretches(f, false),
	       n = 0;
	size_t ramp_share = share(RAMP_POINTS, ramps + 1);
	size_t plateau_share = share(PLATEAU_POINTS, others + 1);
	struct point *points = rows_alloc(
	    ramps * ramp_share + others * plateau_share + BASE_POINTS, sizeof(*points));

	for (size_t i = 0; i < f->stretch_count; i++) {
		const struct stretch *stretch = &f->stretches[i];
		int64_t to = stretch->to_us < until_us ? stretch->to_us : until_us;

		if (strcmp(stretch->name, "ramp") == 0)
			n += series_thin(s, stretch->from_us, to, ramp_share, points + n);
		else if (strcmp(stretch->name, "plateau") == 0 ||
			 strcmp(stretch->name, "hold") == 0)
			n += series_thin(s, stretch->from_us, to, plateau_share,
					 points + n);
	}
	if (count_levels(points, n) < ENOUGH_LEVELS)
		n += series_thin(s, 0, f->attempt_us, BASE_POINTS, points + n);
	*count = n;
	return points;
}

/* Growth over time begins with the load. */
static void
take_out(struct point *points, size_t n, double per_second, int64_t from_us)
{
	for (size_t i = 0; i < n; i++)
		if (points[i].t_us > from_us)
			points[i].value -= per_second * seconds(points[i].t_us - from_us);
}

void
level_slopes(struct level *level, const struct facts *f, const struct series *s,
	     double resolution, int64_t until_us)
{
	struct point *points;
	int64_t from = 0, to = 0;
	double noise;
	size_t n;

	level->base = level_base(f, s, &noise);
	if (facts_still(f, until_us, &from, &to)) {
		points = rows_alloc(STILL_POINTS, sizeof(*points));
		n = series_thin(s, from, to, STILL_POINTS, points);
		level->has_over_time = slope_of(points, n, true, &level->over_time);
		free(points);
	}
	points = load_points(f, s, until_us, &n);
	if (level_grows(level, seconds(to - from), resolution, noise))
		take_out(points, n, level->over_time.value, f->attempt_us);
	level->has_per_connection = slope_of(points, n, false, &level->per_connection);
	free(points);
}

static void
measure(struct level *level, const struct facts *f, const struct series *s)
{
	int64_t end = facts_load_end(f), last = s->points[0].t_us;

	level->base = level_base(f, s, NULL);
	level->final = series_at(s, end, s->points[0].value);
	level->peak = series_peak(s, 0, end, level->final, NULL);
	level->leaked = level->final - level->base;
	for (size_t i = 0; i < s->count && s->points[i].t_us <= end; i++)
		last = s->points[i].t_us;
	if (last > f->attempt_us)
		level->per_second = level->leaked / seconds(last - f->attempt_us);
}

static void
bind_slope(struct db_statement *s, int parameter, bool known, const struct slope *slope)
{
	if (!known)
		return;
	db_bind_real(s, parameter, slope->value);
	db_bind_real(s, parameter + 1, slope->low);
	db_bind_real(s, parameter + 2, slope->high);
}

struct leak_job {
	struct db_statement *insert;
	int64_t until_us;
};

static int
store_one(const struct facts *f, const struct followed *followed, const struct series *s,
	  void *arg)
{
	const struct leak_job *job = arg;
	struct level level = { 0 };

	measure(&level, f, s);
	level_slopes(&level, f, s, (double)followed->resource->resolution, job->until_us);
	db_bind_int(job->insert, 1, f->run_id);
	db_bind_text(job->insert, 2, followed->kind);
	db_bind_text(job->insert, 3, followed->resource->name);
	db_bind_text(job->insert, 4, followed->name);
	db_bind_real(job->insert, 5, level.base);
	db_bind_real(job->insert, 6, level.peak);
	db_bind_real(job->insert, 7, level.final);
	db_bind_real(job->insert, 8, level.leaked);
	db_bind_real(job->insert, 9, level.per_second);
	bind_slope(job->insert, 10, level.has_per_connection, &level.per_connection);
	bind_slope(job->insert, 13, level.has_over_time, &level.over_time);
	db_bind_int(job->insert, 16, (int64_t)s->count);
	return db_run(job->insert);
}

int
levels_store(const struct facts *f, int64_t broke_us)
{
	int64_t end = facts_load_end(f);
	struct leak_job job = { .until_us = broke_us < end ? broke_us : end };
	int error;

	job.insert = db_prepare(
	    f->db,
	    "INSERT INTO leak (run_id, cycle, kind, resource, subject, base, peak, final,"
	    " leaked, per_second, per_connection, per_connection_low, "
	    "per_connection_high,"
	    " over_time, over_time_low, over_time_high, n)"
	    " VALUES (?1, 0, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, "
	    "?15,"
	    " ?16)");
	if (job.insert == NULL)
		return -1;
	error = followed_each(f, store_one, &job);
	db_finish(job.insert);
	return error;
}
