#include "report/chart.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/rows.h"
#include "report/chart_fill.h"
#include "report/frame_load.h"

bool
chart_value(const struct chart_set *set, const struct chart_series *series, size_t row,
	    double *value)
{
	int64_t stored = set->frames[series->frame].columns[series->column][row];

	*value = (double)stored * series->scale;
	return stored != FRAME_NONE;
}

/* ------------------------------------------------------------------------------- plans */

/* The lines to read, one a column of frame 0, and the chart that each belongs to. */
struct columns {
	struct frame_want *wants;
	struct column {
		size_t spec;
		char label[CHART_NAME], subject[FINDINGS_NAME];
	} * about;
	/* By chart: how many subjects have a line each, and which are drawn of too many. */
	struct each {
		size_t all;
		const char *chosen;
	} * each;
	size_t count;
};

static void
add_column(struct columns *c, size_t spec, const struct chart_line *line,
	   const char *subject)
{
	struct column *column = &c->about[c->count];

	*column = (struct column){ .spec = spec };
	strlcpy(column->label, line->label != NULL ? line->label : subject,
		sizeof(column->label));
	strlcpy(column->subject, subject, sizeof(column->subject));
	c->wants[c->count] = line->want;
	/* No pattern: names of brink's own subjects have no special characters. */
	c->wants[c->count].subjects = column->subject;
	c->count++;
}

/* A line for each subject: of many, those nearest to their limit. */
static void
add_each(struct columns *c, size_t spec, const struct chart_line *line,
	 const struct findings *f)
{
	struct each *each = &c->each[spec];
	size_t shown = 0;

	*each = (struct each){ .chosen = "the first" };
	for (size_t i = 0; i < f->subject_count; i++) {
		const struct findings_subject *subject = &f->subjects[i];

		if (strcmp(subject->kind, line->want.kind) != 0 ||
		    fnmatch(line->want.subjects, subject->name, 0) != 0)
			continue;
		each->all++;
		if (findings_level(f, line->want.kind, subject->name,
				   line->want.resources) != NULL)
			each->chosen = "those that came highest";
		if (shown < CHART_SERIES &&
		    chart_is_among(f, line, subject->name, CHART_SERIES)) {
			add_column(c, spec, line, subject->name);
			shown++;
		}
	}
}

static int64_t
file_limit(const struct findings *f, const char *process)
{
	for (size_t i = 0; i < f->limit_count; i++)
		if (strcmp(f->limits[i].kind, "process") == 0 &&
		    strcmp(f->limits[i].subject, process) == 0 &&
		    strcmp(f->limits[i].resource, "fds") == 0)
			return f->limits[i].value;
	return 0;
}

/* Columns of no chart, for the balance over the acceptors. */
static void
add_workers(struct chart_set *set, struct columns *c, const struct findings *f)
{
	static const struct chart_line held = { NULL,
						{ "worker", "", "held", FRAME_VALUE } };
	static const struct chart_line fds = { NULL,
					       { "process", "", "fds", FRAME_VALUE } };

	for (size_t i = 0; i < f->worker_count && set->worker_count < CHART_WORKERS;
	     i++) {
		const char *name = f->workers[i].name;
		struct chart_worker *worker = &set->workers[set->worker_count];

		if (strncmp(name, "acceptor ", strlen("acceptor ")) != 0)
			continue;
		*worker = (struct chart_worker){ .held = c->count,
						 .fds = c->count + 1,
						 .limit = file_limit(f, name) };
		strlcpy(worker->name, name, sizeof(worker->name));
		add_column(c, SIZE_MAX, &held, name);
		add_column(c, SIZE_MAX, &fds, name);
		set->worker_count++;
	}
}

static void
plan_columns(struct columns *c, struct chart_set *set, const struct findings *f)
{
	size_t room = chart_table_count * CHART_SERIES + 2 * CHART_WORKERS;

	*c = (struct columns){ .wants = rows_alloc(room, sizeof(*c->wants)),
			       .about = rows_alloc(room, sizeof(*c->about)),
			       .each = rows_alloc(chart_table_count, sizeof(*c->each)) };
	for (size_t i = 0; i < chart_table_count; i++)
		for (size_t k = 0; k < CHART_SERIES; k++) {
			const struct chart_line *line = &chart_table[i].lines[k];

			if (line->want.kind == NULL)
				break;
			if (line->label == NULL)
				add_each(c, i, line, f);
			else
				add_column(c, i, line, line->want.subjects);
		}
	add_workers(set, c, f);
}

static void
columns_free(struct columns *c)
{
	free(c->wants);
	free(c->about);
	free(c->each);
}

/* ------------------------------------------------------------------------------ filling */

static bool
has_news(const struct frame *frame, size_t column)
{
	int64_t low, high;

	return frame_range(frame, column, 0, frame->rows, &low, &high) == 0 &&
	       (low != 0 || high != 0);
}

static void
add_limits(struct chart *chart, const struct findings *f, const struct frame_want *want,
	   const char *subject)
{
	for (size_t i = 0; i < f->limit_count; i++) {
		const struct findings_limit *limit = &f->limits[i];

		if (strcmp(limit->kind, want->kind) == 0 &&
		    strcmp(limit->resource, want->resources) == 0 &&
		    fnmatch(subject, limit->subject, FNM_EXTMATCH) == 0)
			chart_add_limit(chart, limit);
	}
}

static void
add_chart(struct chart_set *set, const struct findings *f, const struct columns *c,
	  size_t spec)
{
	const struct chart_spec *from = &chart_table[spec];
	struct chart *chart = &set->charts[set->count];
	unsigned slot = 0;

	*chart = (struct chart){ .about = from->about,
				 .unit = from->unit,
				 .all = c->each[spec].all,
				 .chosen = c->each[spec].chosen };
	strlcpy(chart->id, from->id, sizeof(chart->id));
	strlcpy(chart->title, from->title, sizeof(chart->title));
	for (size_t i = 0; i < c->count; i++) {
		if (c->about[i].spec != spec)
			continue;
		if (has_news(&set->frames[0], i)) {
			chart_add_series(
			    chart, c->about[i].label, 0, i, from->scale, slot,
			    c->wants[i].derive == FRAME_RATE ||
				strstr(c->wants[i].resources, "private") != NULL);
			add_limits(chart, f, &c->wants[i], c->about[i].subject);
		}
		slot++;
	}
	set->count += chart->series_count > 0;
}

static void
set_held(struct chart_set *set, const struct findings *f)
{
	const struct frame *frame = &set->frames[0];
	int64_t low, high;

	set->held = 0; /* the first line of the table */
	set->held_to = chart_release_us(f);
	set->has_held =
	    frame_range(frame, set->held, 0, frame->rows, &low, &high) == 0 && high > 1;
}

int
chart_set_load(struct chart_set *set, struct db *db, const struct findings *f)
{
	struct columns columns;
	int error;

	*set = (struct chart_set){ 0 };
	set->frames = rows_alloc(2 + CHART_CYCLES, sizeof(*set->frames));
	set->charts =
	    rows_alloc(chart_table_count + 1 + CHART_CYCLES, sizeof(*set->charts));
	set->frame_count = 2;
	set->workers = rows_alloc(CHART_WORKERS, sizeof(*set->workers));
	plan_columns(&columns, set, f);
	error = frame_load(&set->frames[0], db, f->run.run_id, 0, INT64_MAX,
			   columns.wants, columns.count);
	if (error == 0) {
		for (size_t i = 0; i < chart_table_count; i++)
			add_chart(set, f, &columns, i);
		set_held(set, f);
		error = chart_add_latency(set, db, f, 1);
		error |= chart_add_recovery(set, db, f);
		chart_add_bands(set, f);
		chart_add_marks(set, f);
	}
	columns_free(&columns);
	return error;
}

void
chart_set_free(struct chart_set *set)
{
	for (size_t i = 0; i < set->frame_count; i++)
		frame_free(&set->frames[i]);
	free(set->frames);
	free(set->charts);
	free(set->bands);
	free(set->marks);
	free(set->workers);
	*set = (struct chart_set){ 0 };
}
