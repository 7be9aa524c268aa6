#include "analyse/slopes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/rows.h"
#include "base/clock.h"
#include "model/resource.h"

/* A ramp shows many numbers of connections, a plateau one. Points are shared out among
 * all of them, because the number of slopes grows with the square of the points. */
#define RAMP_POINTS    240
#define PLATEAU_POINTS 40
#define BASE_POINTS    8
#define STILL_POINTS   256
/* With fewer different numbers of connections than this the baseline is needed too. */
#define ENOUGH_LEVELS 4
/* Plateaus whose levels are enough by themselves. */
#define ENOUGH_PLATEAUS 3
/* In still water; with fewer no trend can be significant. */
#define ENOUGH_POINTS 8
/* Of the trend: many resources are looked at, and none may cry wolf. */
#define SIGNIFICANT 0.01

static double
seconds(int64_t us)
{
	return (double)us / (double)US_PER_S;
}

/* The slope of value on time, or on the connections held; z is of its interval. */
static bool
slope_of(const struct point *points, size_t n, bool on_time, double z,
	 struct slope *slope)
{
	double *x = rows_alloc(2 * n, sizeof(*x)), *y = x + n;
	bool known;

	for (size_t i = 0; i < n; i++) {
		x[i] = on_time ? seconds(points[i].t_us) : points[i].held;
		y[i] = points[i].value;
	}
	known = n > 2 && stats_theil_sen(x, y, n, z, slope);
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
count_phase_spans(const struct facts *f, bool ramps)
{
	size_t n = 0;

	for (size_t i = 0; i < f->phase_span_count; i++)
		n += (strcmp(f->phase_spans[i].name, "ramp") == 0) == ramps;
	return n;
}

/* A part of all points for one of n stretches. */
static size_t
share(size_t all, size_t n)
{
	return n * 2 < all ? all / n : 2;
}

/* Points of every ramp and plateau that begins before until_us, in a new array; where they
 * show too few numbers of connections, of the baseline too: *few. */
static struct point *
load_points(const struct facts *f, const struct series *s, int64_t until_us,
	    size_t *count, bool *few)
{
	size_t ramps = count_phase_spans(f, true), others = count_phase_spans(f, false),
	       n = 0;
	size_t ramp_share = share(RAMP_POINTS, ramps + 1);
	size_t plateau_share = share(PLATEAU_POINTS, others + 1);
	struct point *points = rows_alloc(
	    ramps * ramp_share + others * plateau_share + BASE_POINTS, sizeof(*points));

	for (size_t i = 0; i < f->phase_span_count; i++) {
		const struct phase_span *phase_span = &f->phase_spans[i];
		int64_t to = phase_span->to_us < until_us ? phase_span->to_us : until_us;

		if (strcmp(phase_span->name, "ramp") == 0)
			n += series_thin(s, phase_span->from_us, to, ramp_share,
					 points + n);
		else if (phase_span_is_still(phase_span))
			n += series_thin(s, phase_span->from_us, to, plateau_share,
					 points + n);
	}
	*few = count_levels(points, n) < ENOUGH_LEVELS;
	if (*few)
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

/* The median of the distances from the line through the medians. */
static double
noise_about(const struct point *points, size_t n, double per_second)
{
	double *left = rows_alloc(n, sizeof(*left)), noise;

	for (size_t i = 0; i < n; i++)
		left[i] = points[i].value - per_second * seconds(points[i].t_us);
	noise = stats_mad(left, n);
	free(left);
	return noise;
}

static struct trend
trend_of(const struct point *points, size_t n, double per_second, double still_s)
{
	double *y = rows_alloc(n, sizeof(*y));
	struct trend trend;

	for (size_t i = 0; i < n; i++)
		y[i] = points[i].value;
	trend = trend_test(y, n, per_second * still_s / (double)n);
	free(y);
	return trend;
}

/* The whole slope again, with the interval that its serial correlation calls for. */
static void
widen(struct slopes *s, const struct point *points, size_t n)
{
	double factor = sqrt(s->trend.factor);

	if (factor > 1)
		(void)slope_of(points, n, true, STATS_Z95 * factor, &s->over_time);
}

static void
find_over_time(struct slopes *s, const struct facts *f, const struct series *series,
	       int64_t until_us)
{
	struct point *points = rows_alloc(STILL_POINTS, sizeof(*points));
	int64_t from = 0, to = 0;
	struct slope half;
	size_t n = 0;
	bool known;

	if (facts_still(f, until_us, &from, &to))
		n = series_thin(series, from, to, STILL_POINTS, points);
	s->still_s = seconds(to - from);
	s->still_points = n;
	known = slope_of(points, n, true, STATS_Z95, &s->over_time);
	s->has_over_time = known && n >= ENOUGH_POINTS;
	s->is_rough = known && n < ENOUGH_POINTS;
	if (s->has_over_time) {
		s->trend = trend_of(points, n, s->over_time.value, s->still_s);
		widen(s, points, n);
		s->noise = fmax(s->noise, noise_about(points, n, s->over_time.value));
		if (slope_of(points, n / 2, true, STATS_Z95, &half))
			s->early = half.value;
		if (slope_of(points + n / 2, n - n / 2, true, STATS_Z95, &half))
			s->late = half.value;
	}
	free(points);
}

/* The level of each plateau and hold, b taken out, at its number of connections. Returns
 * how many; *different receives how many numbers of connections they have. */
static size_t
load_levels(const struct facts *f, const struct series *series, int64_t until_us,
	    struct point *levels, size_t *different)
{
	double last = -1;
	size_t n = 0;

	*different = 0;
	for (size_t i = 0; i < f->phase_span_count; i++) {
		const struct phase_span *phase_span = &f->phase_spans[i];
		int64_t to = phase_span->to_us < until_us ? phase_span->to_us : until_us;
		int64_t half = (to - phase_span->from_us) / 2;
		int64_t settle = half < FACTS_SETTLE ? half : FACTS_SETTLE;

		if (!phase_span_is_still(phase_span) || to <= phase_span->from_us ||
		    series_thin(series, phase_span->from_us + settle, to, 1,
				levels + n) == 0)
			continue;
		*different += levels[n].held > last;
		last = fmax(last, levels[n++].held);
	}
	return n;
}

/* Slopes below and above half of the connections. Sorted points, by connections. */
static void
find_halves(struct slopes *s, struct point *points, size_t n)
{
	size_t middle = 0;

	qsort(points, n, sizeof(*points), compare_held);
	while (middle < n && points[middle].held <= s->held / 2)
		middle++;
	/* Samples are alike those next to them: twice the interval of independent ones. */
	s->has_halves =
	    slope_of(points, middle, false, 2 * STATS_Z95, &s->lower) &&
	    slope_of(points + middle, n - middle, false, 2 * STATS_Z95, &s->upper);
}

/* The line through the points: its slope, and its median distance from them at 0. */
static void
fit(struct slopes *s, const struct point *points, size_t n)
{
	double *left;

	s->has_per_connection = slope_of(points, n, false, STATS_Z95, &s->per_connection);
	if (!s->has_per_connection)
		return;
	left = rows_alloc(n, sizeof(*left));
	for (size_t i = 0; i < n; i++)
		left[i] = points[i].value - s->per_connection.value * points[i].held;
	s->intercept = stats_median(left, n);
	free(left);
}

/* Too few points for a trend to be told, but all of them say so: not a finding, yet a cost
 * of connections it is not either. */
static bool
grows_roughly(const struct slopes *s, double resolution)
{
	return s->is_rough && (s->over_time.low > 0 || s->over_time.high < 0) &&
	       fabs(s->over_time.value) * s->still_s > slopes_threshold(s, resolution);
}

static void
find_per_connection(struct slopes *s, const struct facts *f, const struct series *series,
		    double resolution, int64_t until_us)
{
	struct point *levels = rows_alloc(f->phase_span_count, sizeof(*levels));
	size_t different, n, level_count;
	bool few;
	struct point *points = load_points(f, series, until_us, &n, &few);

	level_count = load_levels(f, series, until_us, levels, &different);
	if (slopes_grow(s, resolution) || grows_roughly(s, resolution)) {
		s->taken_out = s->over_time.value;
		take_out(points, n, s->over_time.value, f->attempt_us);
		take_out(levels, level_count, s->over_time.value, f->attempt_us);
	}
	for (size_t i = 0; i < n; i++)
		s->held = fmax(s->held, points[i].held);
	if (different >= ENOUGH_PLATEAUS)
		fit(s, levels, level_count);
	else
		fit(s, points, n);
	s->has_once = few && different < ENOUGH_PLATEAUS;
	find_halves(s, points, n);
	free(points);
	free(levels);
}

bool
slopes_have_trend(const struct slopes *s)
{
	return s->has_over_time && s->trend.p < SIGNIFICANT &&
	       (s->over_time.low > 0 || s->over_time.high < 0);
}

double
slopes_threshold(const struct slopes *s, double resolution)
{
	return 3 * fmax(resolution, s->noise);
}

bool
slopes_grow(const struct slopes *s, double resolution)
{
	return slopes_have_trend(s) &&
	       fabs(s->over_time.value) * s->still_s > slopes_threshold(s, resolution);
}

void
slopes_find(struct slopes *s, const struct facts *f, const struct series *series,
	    double resolution, int64_t until_us)
{
	*s = (struct slopes){ 0 };
	s->base = series_base(series, f, &s->noise);
	find_over_time(s, f, series, until_us);
	find_per_connection(s, f, series, resolution, until_us);
}

double
slopes_of_resident(const struct facts *f, const char *kind, int64_t subject,
		   int64_t until_us)
{
	struct slopes slopes = { 0 };
	struct series resident;

	if (series_load(&resident, f, kind, subject, "rss_bytes") == 0 &&
	    resident.count > 0)
		slopes_find(&slopes, f, &resident, RESOURCE_PAGE_BYTES, until_us);
	series_free(&resident);
	return slopes.taken_out;
}
