#include "analyse/recovery.h"

#include <math.h>
#include <stdlib.h>

#include "analyse/tracked.h"
#include "analyse/rows.h"
#include "base/clock.h"

#define SETTLED_US (3 * US_PER_S)

/* The first instant from peak_us on at which the fraction has come back. */
static int64_t
time_to(const struct comeback *c, const struct facts *f, const struct series *s,
	int64_t peak_us, double fraction)
{
	double level = c->peak - fraction * (c->peak - c->base);

	for (size_t i = 0; i < s->count; i++) {
		const struct point *p = &s->points[i];

		if (p->t_us >= f->release_us && p->t_us >= peak_us && p->value <= level)
			return p->t_us - f->release_us;
	}
	return -1;
}

/* Start of the first stretch within bounds that lasts long enough, or to the end. */
static int64_t
time_to_settle(const struct comeback *c, const struct facts *f, const struct series *s,
	       int64_t peak_us, double resolution)
{
	double near = fmax(0.01 * (c->peak - c->base), resolution);
	int64_t since = -1;

	for (size_t i = 0; i < s->count; i++) {
		const struct point *p = &s->points[i];

		if (p->t_us < f->release_us || p->t_us < peak_us)
			continue;
		if (fabs(p->value - c->base) > near)
			since = -1;
		else if (since == -1)
			since = p->t_us;
		if (since != -1 && p->t_us - since >= SETTLED_US)
			break;
	}
	return since == -1 ? -1 : since - f->release_us;
}

static double
last_level(const struct facts *f, const struct series *s)
{
	double *values = rows_alloc(s->count, sizeof(*values)), level;
	int64_t end = s->points[s->count - 1].t_us;
	size_t n = 0;

	for (size_t i = s->count; i-- > 0;) {
		int64_t t = s->points[i].t_us;

		if (n > 0 && (t < f->release_us || t < end - SETTLED_US))
			break;
		values[n++] = s->points[i].value;
	}
	level = stats_median(values, n);
	free(values);
	return level;
}

void
recovery_measure(struct comeback *c, const struct facts *f, const struct series *s,
		 double resolution)
{
	const struct point *last = &s->points[s->count - 1];
	int64_t peak_us = 0;

	c->base = series_base(s, f, NULL);
	c->peak = series_peak(s, 0, FACTS_NEVER, c->base, &peak_us);
	c->residual = last_level(f, s) - c->base;
	c->taken = c->peak - c->base > resolution;
	/* What falls below the base gives back no more than was taken. */
	c->recovered =
	    c->taken ? fmin((c->peak - last->value) / (c->peak - c->base), 1) : 0;
	c->t50_us = c->taken ? time_to(c, f, s, peak_us, 0.5) : -1;
	c->t90_us = c->taken ? time_to(c, f, s, peak_us, 0.9) : -1;
	c->t99_us = c->taken ? time_to(c, f, s, peak_us, 0.99) : -1;
	c->settled_us = time_to_settle(c, f, s, c->taken ? peak_us : 0, resolution);
}

static void
bind_time(struct db_statement *s, int parameter, int64_t us)
{
	if (us >= 0)
		db_bind_int(s, parameter, us);
}

static int
store_one(const struct facts *f, const struct tracked *tracked, const struct series *s,
	  void *arg)
{
	struct db_statement *insert = arg;
	struct comeback c;

	if (s->points[s->count - 1].t_us < f->release_us)
		return 0;
	recovery_measure(&c, f, s, (double)tracked->resource->resolution);
	db_bind_int(insert, 1, f->run_id);
	db_bind_text(insert, 2, tracked->kind);
	db_bind_text(insert, 3, tracked->resource->name);
	db_bind_text(insert, 4, tracked->name);
	db_bind_real(insert, 5, c.base);
	db_bind_real(insert, 6, c.peak);
	db_bind_real(insert, 7, c.residual);
	if (c.taken)
		db_bind_real(insert, 8, c.recovered);
	bind_time(insert, 9, c.t50_us);
	bind_time(insert, 10, c.t90_us);
	bind_time(insert, 11, c.t99_us);
	bind_time(insert, 12, c.settled_us);
	db_bind_int(insert, 13, f->cycle);
	return db_run(insert);
}

int
recovery_store(const struct facts *f)
{
	struct db_statement *insert;
	int error;

	if (f->release_us == FACTS_NEVER)
		return 0;
	insert = db_prepare(
	    f->db,
	    "INSERT INTO recovery (run_id, cycle, kind, resource, subject, base, peak,"
	    " residual, recovered, t50_us, t90_us, t99_us, settled_us)"
	    " VALUES (?1, ?13, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)");
	if (insert == NULL)
		return -1;
	error = tracked_each(f, store_one, insert);
	db_finish(insert);
	return error;
}
