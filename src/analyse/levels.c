#include "analyse/levels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/rows.h"
#include "analyse/slopes.h"
#include "analyse/tracked.h"
#include "base/clock.h"

enum leak_class {
	LEAK_NONE,
	LEAK_PER_CONNECTION, /* each connection costs some */
	LEAK_PER_TIME,       /* grows although the connections stand still */
	LEAK_BOTH,
	LEAK_WARM_UP,      /* grew with time at first, and slowed down by itself */
	LEAK_INCONCLUSIVE, /* no stretch was still for long enough to say */
	LEAK_CLASSES
};

/* How it grows with the connections. */
enum leak_pattern { PATTERN_NONE, PATTERN_LINEAR, PATTERN_UP, PATTERN_DOWN };

/* Where there was no stretch to look at: two seconds, and what is left out at its start. */
#define SHORTEST_S 3.0
/* As many as it takes for a trend to be significant, and a few more. */
#define ENOUGH_POINTS 12
/* Beside a leak over time, a cost of all connections below this part of it, 1 in N, may be
 * what was taken once. */
#define ONCE 20

static const char *const class_names[LEAK_CLASSES] = {
	[LEAK_NONE] = "none",         [LEAK_PER_CONNECTION] = "per-connection",
	[LEAK_PER_TIME] = "per-time", [LEAK_BOTH] = "both",
	[LEAK_WARM_UP] = "warm-up",   [LEAK_INCONCLUSIVE] = "inconclusive",
};

static const char *const pattern_names[] = {
	[PATTERN_NONE] = NULL,
	[PATTERN_LINEAR] = "linear",
	[PATTERN_UP] = "bending up",
	[PATTERN_DOWN] = "bending down",
};

static const char *leak_class_name(enum leak_class class)
{
	return class_names[class];
}

static const char *
leak_pattern_name(enum leak_pattern pattern)
{
	return pattern_names[pattern];
}

/* What all connections cost together. */
static double
cost_of_all(const struct slopes *s)
{
	return s->has_per_connection && s->per_connection.low > 0
		   ? s->per_connection.value * s->held
		   : 0;
}

static bool
is_warm_up(const struct slopes *s)
{
	return s->early > 0 && s->late < s->early / 3;
}

/* Some resources are read at every tenth tick only. */
static double
time_for_points(const struct slopes *s)
{
	double needed_s = s->still_points > 0
			      ? ENOUGH_POINTS * s->still_s / (double)s->still_points
			      : SHORTEST_S;

	return needed_s > SHORTEST_S ? needed_s : SHORTEST_S;
}

/* What grows between two samples: when in between a connection came is not known, so that
 * no less can be laid to the connections. */
static double
growth_of_a_sample(const struct slopes *s, double resolution)
{
	if (!slopes_grow(s, resolution) || s->still_points == 0)
		return 0;
	return fabs(s->over_time.value) * s->still_s / (double)s->still_points;
}

/* once: of the cost, what may have been taken once. */
static enum leak_class
leak_classify(const struct slopes *s, double resolution, double once, double *needed_s)
{
	double threshold = slopes_threshold(s, resolution);
	bool costs =
	    cost_of_all(s) > threshold + growth_of_a_sample(s, resolution) + once;
	double growth = fabs(s->over_time.value) * s->still_s;

	*needed_s = 0;
	if (!s->has_over_time) {
		*needed_s = time_for_points(s);
		return LEAK_INCONCLUSIVE;
	}
	if (slopes_grow(s, resolution) && s->over_time.value > 0) {
		if (is_warm_up(s))
			return LEAK_WARM_UP;
		/* What is taken once, with the first connections, is no leak beside it. */
		return costs && cost_of_all(s) * ONCE > growth ? LEAK_BOTH
							       : LEAK_PER_TIME;
	}
	if (slopes_have_trend(s) && s->over_time.value > 0 &&
	    growth * 100 > cost_of_all(s)) {
		*needed_s = threshold / s->over_time.value;
		return LEAK_INCONCLUSIVE;
	}
	return costs ? LEAK_PER_CONNECTION : LEAK_NONE;
}

static enum leak_pattern
leak_pattern(const struct slopes *s, double resolution)
{
	double difference = s->upper.value - s->lower.value;
	bool apart = s->lower.high < s->upper.low || s->upper.high < s->lower.low;

	if (cost_of_all(s) <= slopes_threshold(s, resolution) || !s->has_halves)
		return PATTERN_NONE;
	if (!apart || fabs(difference) * 20 <= fabs(s->lower.value) ||
	    fabs(difference) * s->held / 2 <= slopes_threshold(s, resolution))
		return PATTERN_LINEAR;
	return difference > 0 ? PATTERN_UP : PATTERN_DOWN;
}

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

static bool
is_bytes(const struct tracked *tracked)
{
	return tracked->resource->unit == UNIT_BYTES;
}

/* The kernel's memory is of all that runs on the host: what grows there while the
 * connections stand still may be somebody else's. So may be what a cgroup is charged, which
 * need not be the run's own, and in which it is returned late. */
static bool
is_shared(const struct tracked *tracked)
{
	return strcmp(tracked->kind, "host") == 0 ||
	       (strcmp(tracked->kind, "cgroup") == 0 && is_bytes(tracked));
}

/* The recorder's memory grows with what it stores: that is not for the server to answer. */
static bool
is_of_brink(const struct tracked *tracked)
{
	return strcmp(tracked->name, "observers") == 0;
}

/* The clients themselves come with the load, and the kernel's memory for their processes:
 * from a cost of connections that can be told only where there are enough numbers of them. */
static bool
cost_is_known(const struct tracked *tracked, const struct slopes *slopes)
{
	bool comes_once = is_shared(tracked) || strcmp(tracked->name, "clients") == 0;

	return !comes_once || !slopes->has_once;
}

/* What a process may take with its first connections, and never again: pages of code that run
 * for the first time, and the first growth of its heap, which is of 128 KiB (mallopt(3),
 * M_TOP_PAD). */
#define ONCE_BYTES (128 * 1024)

/* Where there are too few numbers of connections to tell it from their cost; else 0. */
static double
taken_once(const struct facts *f, const struct tracked *tracked,
	   const struct slopes *slopes)
{
	if (!slopes->has_once || !is_bytes(tracked) || is_shared(tracked))
		return 0;
	if (strcmp(tracked->kind, "process") == 0)
		return ONCE_BYTES;
	return strcmp(tracked->name, "acceptors") == 0
		   ? ONCE_BYTES * (double)f->acceptor_count
		   : 0;
}

static bool grows_with_time(enum leak_class class)
{
	return class == LEAK_PER_TIME || class == LEAK_BOTH || class == LEAK_WARM_UP;
}

/* The distance between its lowest and its highest value in a stretch. */
static double
range_in(const struct series *s, int64_t from_us, int64_t to_us)
{
	double low = 0, high = 0;
	bool found = false;

	for (size_t i = 0; i < s->count; i++) {
		double value = s->points[i].value;

		if (s->points[i].t_us < from_us || s->points[i].t_us >= to_us)
			continue;
		low = found ? fmin(low, value) : value;
		high = found ? fmax(high, value) : value;
		found = true;
	}
	return high - low;
}

/* When all connections were made. */
static int64_t
made_by(const struct facts *f)
{
	int64_t made_us = f->attempt_us;

	for (size_t i = 0; i < f->phase_span_count; i++)
		if (phase_span_is_still(&f->phase_spans[i]))
			made_us = f->phase_spans[i].from_us;
	return made_us;
}

/* How far it may have moved of itself from the first attempt to until_us, by how far it did in
 * as much time in the baseline, or on a plateau or hold, wherever that was farthest. */
static double
wander(const struct facts *f, const struct series *s, int64_t until_us)
{
	double most = 0;

	for (size_t i = 0; i <= f->phase_span_count; i++) {
		bool baseline = i == f->phase_span_count;
		const struct phase_span *still = baseline ? NULL : &f->phase_spans[i];
		int64_t from = baseline ? f->from_us : still->from_us;
		int64_t to = baseline ? f->attempt_us : still->to_us;
		double times;

		if ((still != NULL && !phase_span_is_still(still)) || to <= from)
			continue;
		to = to < f->end_us ? to : f->end_us;
		times = seconds(until_us - f->attempt_us) / seconds(to - from);
		most = fmax(most, range_in(s, from, to) * fmax(times, 1));
	}
	return most;
}

/* Of each socket, the kernel's own part alone; see struct tcp_sock, on 64 bits. */
#define SOCKET_BYTES 2048

/* No connection is made of less than its sockets. */
static double
least_cost(const struct facts *f, const struct tracked *tracked, int64_t until_us)
{
	struct series sockets = { 0 };
	struct slopes slopes = { 0 };
	double least = 0;

	if (strcmp(tracked->resource->name, "slab_unreclaimable_bytes") != 0)
		return 0;
	if (series_load(&sockets, f, "netns", facts_subject(f, "netns", "netns"),
			"sockets") == 0 &&
	    sockets.count > 0) {
		slopes_find(&slopes, f, &sockets, 1, until_us);
		if (slopes.has_per_connection && slopes.per_connection.low > 0)
			least = slopes.per_connection.low * SOCKET_BYTES;
	}
	series_free(&sockets);
	return least;
}

/* Memory comes in pages, and what is shared moves with what others do: a line through it
 * is no more certain than that, however well it fits. Nothing costs less than nothing. */
static void
doubt(struct slope *cost, double by, double least)
{
	cost->low = fmax(cost->low - by, least);
	cost->value = fmax(cost->value, least);
	cost->high = fmax(cost->high, least) + by;
}

static void
doubt_cost(struct slopes *slopes, const struct facts *f, const struct tracked *tracked,
	   const struct series *s, int64_t until_us)
{
	double by = 3 * (double)tracked->resource->resolution;

	if (!slopes->has_per_connection || slopes->held <= 0 || !is_bytes(tracked))
		return;
	if (is_shared(tracked))
		doubt(&slopes->per_connection,
		      fmax(by, wander(f, s, made_by(f))) / slopes->held,
		      least_cost(f, tracked, until_us));
	else if (!slopes->has_over_time) /* what grew in time is not known to be none */
		doubt(&slopes->per_connection,
		      fmax(by, wander(f, s, until_us)) / slopes->held, -INFINITY);
	else
		doubt(&slopes->per_connection, by / slopes->held, -INFINITY);
	slopes->per_connection.low -= taken_once(f, tracked, slopes) / slopes->held;
}

/* Memory that met a cap stands still from then on, and says no more of its growth, of time
 * or of connections. NULL: it met none. */
static const struct failure *
cap_of(const struct facts *f, const struct tracked *tracked)
{
	bool one = strcmp(tracked->kind, "process") == 0;

	if (!is_bytes(tracked) || (!one && strcmp(tracked->name, "acceptors") != 0))
		return NULL;
	return facts_out_of_memory(f, one ? tracked->name : NULL);
}

/* What a server of others does for seconds after it was loaded, collecting its garbage or
 * filling its caches, is no leak. */
#define TARGET_STILL_S 10

/* Of its processes, or of all together: no others are tracked beside a target. */
static bool
is_of_target(const struct facts *f, const struct tracked *tracked)
{
	return plan_is_external(&f->plan) &&
	       (strcmp(tracked->kind, "process") == 0 ||
		strcmp(tracked->name, group_name(GROUP_TARGET)) == 0);
}

static int
store_one(const struct facts *f, const struct tracked *tracked, const struct series *s,
	  void *arg)
{
	const struct leak_job *job = arg;
	double resolution = (double)tracked->resource->resolution, needed_s;
	const struct failure *cap = cap_of(f, tracked);
	int64_t until_us = job->until_us;
	struct level level = { 0 };
	struct slopes slopes;
	enum leak_pattern pattern;
	enum leak_class class;

	if (cap != NULL && cap->first_us < until_us)
		until_us = cap->first_us;
	measure(&level, f, s);
	slopes_find(&slopes, f, s, resolution, until_us);
	slopes.has_per_connection &= cost_is_known(tracked, &slopes);
	/* What grows with time would pass for a cost of connections. */
	if (strcmp(tracked->resource->name, "private_bytes") == 0 &&
	    !slopes.has_over_time)
		slopes.has_per_connection &=
		    slopes_of_resident(f, tracked->kind, tracked->subject, until_us) == 0;
	/* Nothing stood still before: time and connections are not told apart. */
	slopes.has_per_connection &= cap == NULL || slopes.has_over_time;
	class = leak_classify(&slopes, resolution, taken_once(f, tracked, &slopes),
			      &needed_s);
	if (is_shared(tracked) && grows_with_time(class))
		class = LEAK_INCONCLUSIVE;
	if (is_of_target(f, tracked) && grows_with_time(class) &&
	    slopes.still_s < TARGET_STILL_S) {
		class = LEAK_INCONCLUSIVE;
		needed_s = TARGET_STILL_S;
	}
	pattern = leak_pattern(&slopes, resolution);
	doubt_cost(&slopes, f, tracked, s, until_us);
	db_bind_int(job->insert, 1, f->run_id);
	db_bind_text(job->insert, 2, tracked->kind);
	db_bind_text(job->insert, 3, tracked->resource->name);
	db_bind_text(job->insert, 4, tracked->name);
	db_bind_real(job->insert, 5, level.base);
	db_bind_real(job->insert, 6, level.peak);
	db_bind_real(job->insert, 7, level.final);
	db_bind_real(job->insert, 8, level.leaked);
	db_bind_real(job->insert, 9, level.per_second);
	bind_slope(job->insert, 10, slopes.has_per_connection, &slopes.per_connection);
	bind_slope(job->insert, 13, slopes.has_over_time, &slopes.over_time);
	db_bind_int(job->insert, 16, (int64_t)s->count);
	if (!is_of_brink(tracked))
		db_bind_text(job->insert, 17, leak_class_name(class));
	db_bind_text(job->insert, 18, leak_pattern_name(pattern));
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
	error = tracked_each(f, store_one, &job);
	db_finish(job.insert);
	return error;
}
