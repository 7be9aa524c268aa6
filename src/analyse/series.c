#include "analyse/series.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/resource.h"
#include "analyse/rows.h"

/* Only names of the table may become part of a statement. */
static bool
is_known(const char *kind, const char *resource)
{
	for (size_t i = 0; i < resource_count; i++)
		if (strcmp(subject_kind_name(resources[i].subject), kind) == 0 &&
		    strcmp(resources[i].name, resource) == 0)
			return true;
	return false;
}

static void
fill_point(struct db_statement *s, void *row)
{
	struct point *p = row;

	p->t_us = db_measure(s, 0);
	p->value = (double)db_measure(s, 1);
}

static enum side
side_of(const struct facts *f, const char *kind, int64_t subject)
{
	struct db_statement *s =
	    db_prepare(f->db, "SELECT role FROM subject WHERE run_id = ?1 AND kind = ?2"
			      " AND subject = ?3");
	enum side side = SIDE_BOTH;

	if (s == NULL)
		return side;
	db_bind_int(s, 1, f->run_id);
	db_bind_text(s, 2, kind);
	db_bind_int(s, 3, subject);
	if (db_step(s) == 1 && !db_is_null(s, 0)) {
		enum role role = role_find(db_text(s, 0));

		if (role == ROLE_ACCEPTOR || role == ROLE_HANDLER || role == ROLE_TARGET)
			side = SIDE_SERVER;
		else if (role == ROLE_CLIENT || role == ROLE_FORKER)
			side = SIDE_CLIENT;
	}
	db_finish(s);
	return side;
}

int64_t
side_load(enum side side, const struct counts_at *counts)
{
	switch (side) {
	case SIDE_SERVER:
		return counts->serving;
	case SIDE_CLIENT:
		return counts->held + counts->in_flight;
	case SIDE_BOTH:
		break;
	}
	return counts->held > counts->serving ? counts->held : counts->serving;
}

void
series_take_side(struct series *series, const struct facts *f, enum side side)
{
	series->side = side;
	for (size_t i = 0, k = 0; i < series->count; i++) {
		while (k < f->counts_count && f->counts[k].t_us < series->points[i].t_us)
			k++;
		if (k < f->counts_count)
			series->points[i].held =
			    (double)side_load(series->side, &f->counts[k]);
	}
}

int
series_load(struct series *series, const struct facts *f, const char *kind,
	    int64_t subject, const char *resource)
{
	struct rows rows = { 0 };
	char sql[512];
	int error;

	*series = (struct series){ 0 };
	if (!is_known(kind, resource))
		return -1;
	/* The ticks lead: a subject is found in each by key, however many others there are. */
	snprintf(sql, sizeof(sql),
		 "SELECT t.t_us + t.took_us, x.%s FROM tick t CROSS JOIN %s_sample x"
		 " ON x.run_id = t.run_id AND x.tick = t.tick AND x.subject = %lld"
		 " WHERE t.run_id = ?1 AND x.%s IS NOT NULL"
		 " AND t.t_us + t.took_us BETWEEN %lld AND %lld ORDER BY t.tick",
		 resource, kind, (long long)subject, resource, (long long)f->from_us,
		 (long long)f->phases_end_us);
	error = rows_load(&rows, sizeof(struct point), f->db, sql, f->run_id, NULL,
			  fill_point);
	series->points = rows.data;
	series->count = rows.count;
	series_take_side(series, f, side_of(f, kind, subject));
	return error;
}

void
series_free(struct series *series)
{
	free(series->points);
	*series = (struct series){ 0 };
}

const struct point *
series_last(const struct series *series, int64_t t_us)
{
	const struct point *last = NULL;

	for (size_t i = 0; i < series->count && series->points[i].t_us <= t_us; i++)
		last = &series->points[i];
	return last;
}

double
series_at(const struct series *series, int64_t t_us, double fallback)
{
	const struct point *last = series_last(series, t_us);

	return last != NULL ? last->value : fallback;
}

double
series_peak(const struct series *series, int64_t from_us, int64_t to_us, double fallback,
	    int64_t *t_us)
{
	bool found = false;

	for (size_t i = 0; i < series->count; i++) {
		const struct point *p = &series->points[i];

		if (p->t_us < from_us || p->t_us > to_us ||
		    (found && p->value <= fallback))
			continue;
		fallback = p->value;
		found = true;
		if (t_us != NULL)
			*t_us = p->t_us;
	}
	return fallback;
}

static struct point
block_median(const struct point *points, size_t n, double *scratch)
{
	struct point middle = { .t_us = points[n / 2].t_us };

	for (size_t i = 0; i < n; i++)
		scratch[i] = points[i].value;
	middle.value = stats_median(scratch, n);
	for (size_t i = 0; i < n; i++)
		scratch[i] = points[i].held;
	middle.held = stats_median(scratch, n);
	return middle;
}

size_t
series_thin(const struct series *series, int64_t from_us, int64_t to_us, size_t wanted,
	    struct point *out)
{
	size_t first = 0, end, n, blocks;
	double *scratch;

	while (first < series->count && series->points[first].t_us < from_us)
		first++;
	for (end = first; end < series->count && series->points[end].t_us < to_us; end++)
		;
	n = end - first;
	blocks = n < wanted ? n : wanted;
	scratch = rows_alloc(n, sizeof(*scratch));
	for (size_t i = 0; i < blocks; i++) {
		size_t from = first + i * n / blocks, to = first + (i + 1) * n / blocks;

		out[i] = block_median(&series->points[from], to - from, scratch);
	}
	free(scratch);
	return blocks;
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
series_base(const struct series *s, const struct facts *f, double *noise)
{
	double *values = rows_alloc(s->count, sizeof(*values));
	int64_t end = f->attempt_us;
	int64_t settle = f->cycle == 0 ? FACTS_SETTLE : 0;
	size_t n = values_between(s, f->from_us + settle, end, values);
	double base;

	if (n == 0)
		n = values_between(s, f->from_us, end, values);
	if (n == 0)
		values[n++] = s->points[0].value;
	base = stats_median(values, n);
	if (noise != NULL)
		*noise = stats_mad(values, n);
	free(values);
	return base;
}
