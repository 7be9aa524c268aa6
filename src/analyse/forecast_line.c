#include "analyse/forecast_line.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/resource.h"
#include "analyse/rows.h"
#include "analyse/slopes.h"
#include "base/clock.h"

/* What is everybody's, and of which resource of brink's groups the sum is its part. */
static const struct {
	const char *kind, *resource, *own;
} shared[] = {
	{ "host", "files", "fds" },
	{ "host", "threads", "processes" },
	{ "host", "user_threads", "processes" },
	{ "host", "process_ids", "processes" },
	{ "cgroup", "pids", "processes" },
};

/* Observers stay as many. */
static const char *const groups[] = { "acceptors", "handlers", "forkers", "clients" };

static double
resolution_of(const char *kind, const char *resource)
{
	for (size_t i = 0; i < resource_count; i++)
		if (strcmp(resources[i].name, resource) == 0 &&
		    strcmp(subject_kind_name(resources[i].subject), kind) == 0 &&
		    resources[i].resolution > 0)
			return (double)resources[i].resolution;
	return 1;
}

static const char *
own_of(const char *kind, const char *resource)
{
	for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++)
		if (strcmp(shared[i].kind, kind) == 0 &&
		    strcmp(shared[i].resource, resource) == 0)
			return shared[i].own;
	return NULL;
}

/* Adds what another series had at each point. */
static void
add_series(struct series *sum, const struct series *other)
{
	double value = 0;
	size_t k = 0;

	for (size_t i = 0; i < sum->count; i++) {
		for (; k < other->count && other->points[k].t_us <= sum->points[i].t_us;
		     k++)
			value = other->points[k].value;
		sum->points[i].value += value;
	}
}

/* The sum over brink's groups, at the ticks of the first of them. */
static void
load_groups(struct series *sum, const struct facts *f, const char *resource)
{
	*sum = (struct series){ 0 };
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		struct series one;

		if (series_load(&one, f, "group", facts_subject(f, "group", groups[i]),
				resource) == 0 &&
		    sum->count == 0) {
			series_free(sum);
			*sum = one;
			continue;
		}
		add_series(sum, &one);
		series_free(&one);
	}
	series_take_side(sum, f, SIDE_BOTH);
}

/* What others had: the median of the last second before until_us, or the last value. */
static double
others_at(const struct series *all, const struct series *own, const struct facts *f,
	  int64_t until_us)
{
	int64_t end = until_us < facts_load_end(f) ? until_us : facts_load_end(f);
	double *left = rows_alloc(all->count + 1, sizeof(*left)), others = 0;
	size_t n = 0;

	for (size_t i = 0; i < all->count && all->points[i].t_us <= end; i++) {
		const struct point *p = &all->points[i];

		others = p->value - series_at(own, p->t_us, 0);
		if (p->t_us > end - US_PER_S)
			left[n++] = others;
	}
	if (n > 0)
		others = stats_median(left, n);
	free(left);
	return others;
}

/* What grew with time since the load began, against what the connections took: beside less
 * than a tenth of it the connections still say when a limit is met. */
#define OF_TIME 10

static double
moved_by_time(const struct slopes *s, const struct facts *f, int64_t until_us)
{
	int64_t end = until_us < facts_load_end(f) ? until_us : facts_load_end(f);
	double grown = s->taken_out * (double)(end - f->attempt_us) / (double)US_PER_S;
	double cost = s->has_per_connection ? fmax(s->per_connection.value, 0) : 0;

	return grown * OF_TIME > cost * s->held ? s->taken_out : 0;
}

static bool
fit(struct forecast_line *line, const struct facts *f, const struct series *s,
    double resolution, int64_t until_us)
{
	struct slopes slopes;

	if (s->count == 0)
		return false;
	slopes_find(&slopes, f, s, resolution, until_us);
	line->per_second = fmax(moved_by_time(&slopes, f, until_us), 0);
	line->base = slopes.intercept;
	line->cost = slopes.per_connection.value;
	line->low = slopes.per_connection.low;
	line->high = slopes.per_connection.high;
	return slopes.has_per_connection && line->low > 0 && line->per_second == 0;
}

/* own is brink's part of the usage; it is freed. */
static bool
fit_shared(struct forecast_line *line, const struct facts *f, struct series *own,
	   const struct series *usage, int64_t until_us)
{
	bool known = usage->count > 0 && fit(line, f, own, 1, until_us);

	if (known)
		line->base += others_at(usage, own, f, until_us);
	series_free(own);
	return known;
}

static double
largest_step(const struct series *s, int64_t from_us, int64_t until_us)
{
	double step = 0;

	for (size_t i = 1; i < s->count; i++)
		if (s->points[i].t_us > from_us && s->points[i].t_us <= until_us)
			step = fmax(step, s->points[i].value - s->points[i - 1].value);
	return step;
}

/* As moved_by_time(), of what was filled, by what resident memory shows of it. */
static double
resident_by_time(const struct facts *f, int64_t subject, const struct series *filled,
		 int64_t until_us)
{
	double resident = slopes_of_resident(f, "process", subject, until_us);
	int64_t end = until_us < facts_load_end(f) ? until_us : facts_load_end(f);
	double grown = resident * (double)(end - f->attempt_us) / (double)US_PER_S;
	double taken = series_at(filled, end, 0) - series_base(filled, f, NULL);

	return resident > 0 && grown * OF_TIME > taken ? resident : 0;
}

/* Address space is mapped ahead, in steps, and filled as it is needed: what a connection
 * costs is what was filled for it. */
static bool
fit_mapped(struct forecast_line *line, const struct facts *f, int64_t subject,
	   const struct series *usage, int64_t until_us)
{
	struct series filled;
	bool known;

	if (series_load(&filled, f, "process", subject, "private_bytes") == -1 ||
	    usage->count == 0) {
		series_free(&filled);
		return false;
	}
	known = fit(line, f, &filled, RESOURCE_PAGE_BYTES, until_us);
	if (known && line->per_second == 0)
		line->per_second = resident_by_time(f, subject, &filled, until_us);
	known &= line->per_second == 0;
	if (known) {
		line->base = series_base(usage, f, NULL) +
			     fmax(0, line->base - series_base(&filled, f, NULL));
		line->step = largest_step(usage, f->attempt_us, until_us);
	}
	series_free(&filled);
	return known;
}

bool
forecast_line(struct forecast_line *line, const struct facts *f, const char *kind,
	      int64_t subject, const char *resource, const struct series *usage,
	      int64_t until_us)
{
	const char *part = own_of(kind, resource);
	struct series own;

	*line = (struct forecast_line){ 0 };
	if (part != NULL) {
		load_groups(&own, f, part);
		return fit_shared(line, f, &own, usage, until_us);
	}
	if (strcmp(kind, "process") == 0 && strcmp(resource, "vm_bytes") == 0)
		return fit_mapped(line, f, subject, usage, until_us);
	return fit(line, f, usage, resolution_of(kind, resource), until_us);
}

/* Private memory is read at every tenth tick only: whether it grows with time all resident
 * memory tells sooner. */
bool
forecast_memory(struct forecast_line *line, const struct facts *f, int64_t until_us)
{
	struct forecast_line resident = { 0 };
	struct series own;
	bool known;

	*line = (struct forecast_line){ 0 };
	load_groups(&own, f, "private_bytes");
	known = fit(line, f, &own, RESOURCE_PAGE_BYTES, until_us);
	series_free(&own);
	load_groups(&own, f, "rss_bytes");
	(void)fit(&resident, f, &own, RESOURCE_PAGE_BYTES, until_us);
	series_free(&own);
	line->per_second = fmax(line->per_second, resident.per_second);
	return known && line->per_second == 0;
}
