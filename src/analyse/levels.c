#include "analyse/levels.h"

#include <stdlib.h>
#include <string.h>

#include "analyse/followed.h"
#include "analyse/leak_class.h"
#include "analyse/rows.h"
#include "analyse/slopes.h"
#include "base/clock.h"

static double
seconds(int64_t us)
{
	return (double)us / (double)US_PER_S;
}

static void
measure(struct level *level, const struct facts *f, const struct series *s)
{
	int64_t end = facts_load_end(f), last = s->points[0].t_us;

	level->base = series_base(s, f, NULL);
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

/* The kernel's memory is of all that runs on the host: what grows there while the
 * connections stand still may be somebody else's. */
static bool
is_shared(const struct followed *followed)
{
	return strcmp(followed->kind, "host") == 0;
}

/* The recorder's memory grows with what it stores: that is not for the server to answer. */
static bool
is_of_brink(const struct followed *followed)
{
	return strcmp(followed->name, "observers") == 0;
}

/* The clients themselves come with the load, and the kernel's memory for their processes:
 * from a cost of connections that can be told only where there are enough numbers of them. */
static bool
cost_is_known(const struct followed *followed, const struct slopes *slopes)
{
	bool comes_once = is_shared(followed) || strcmp(followed->name, "clients") == 0;

	return !comes_once || !slopes->has_once;
}

static bool grows_with_time(enum leak_class class)
{
	return class == LEAK_PER_TIME || class == LEAK_BOTH || class == LEAK_WARM_UP;
}

static int
store_one(const struct facts *f, const struct followed *followed, const struct series *s,
	  void *arg)
{
	const struct leak_job *job = arg;
	double resolution = (double)followed->resource->resolution, needed_s;
	struct level level = { 0 };
	struct slopes slopes;
	enum leak_class class;

	measure(&level, f, s);
	slopes_find(&slopes, f, s, resolution, job->until_us);
	slopes.has_per_connection &= cost_is_known(followed, &slopes);
	class = leak_classify(&slopes, resolution, &needed_s);
	if (is_shared(followed) && grows_with_time(class))
		class = LEAK_INCONCLUSIVE;
	db_bind_int(job->insert, 1, f->run_id);
	db_bind_text(job->insert, 2, followed->kind);
	db_bind_text(job->insert, 3, followed->resource->name);
	db_bind_text(job->insert, 4, followed->name);
	db_bind_real(job->insert, 5, level.base);
	db_bind_real(job->insert, 6, level.peak);
	db_bind_real(job->insert, 7, level.final);
	db_bind_real(job->insert, 8, level.leaked);
	db_bind_real(job->insert, 9, level.per_second);
	bind_slope(job->insert, 10, slopes.has_per_connection, &slopes.per_connection);
	bind_slope(job->insert, 13, slopes.has_over_time, &slopes.over_time);
	db_bind_int(job->insert, 16, (int64_t)s->count);
	if (!is_of_brink(followed))
		db_bind_text(job->insert, 17, leak_class_name(class));
	db_bind_text(job->insert, 18,
		     leak_pattern_name(leak_pattern(&slopes, resolution)));
	if (slopes.has_over_time) {
		db_bind_real(job->insert, 19, slopes.trend.p);
		db_bind_real(job->insert, 20, slopes.still_s);
	}
	if (needed_s > 0)
		db_bind_real(job->insert, 21, needed_s);
	db_bind_int(job->insert, 22, f->weak);
	db_bind_int(job->insert, 23, f->cycle);
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
	    " leaked, per_second, per_connection, per_connection_low,"
	    " per_connection_high, over_time, over_time_low, over_time_high, n, class,"
	    " pattern, trend_p, still_s, needed_s, weak)"
	    " VALUES (?1, ?23, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,"
	    " ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)");
	if (job.insert == NULL)
		return -1;
	error = followed_each(f, store_one, &job);
	db_finish(job.insert);
	return error;
}
