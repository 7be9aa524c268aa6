#include "report/chart_load.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/rows.h"
#include "report/chart_latency.h"
#include "report/chart_recovery.h"
#include "report/chart_table.h"
#include "report/frame_load.h"

/* ------------------------------------------------------------------------------- plans */

/* The lines to read, one a column of frame 0, and the chart that each belongs to. */
struct columns {
	struct frame_want *wants;
	struct chart_column {
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
	struct chart_column *column = &c->about[c->count];

	*column = (struct chart_column){ .spec = spec };
	strlcpy(column->label, line->label != NULL ? line->label : subject,
		sizeof(column->label));
	strlcpy(column->subject, subject, sizeof(column->subject));
	c->wants[c->count] = line->want;
	/* No pattern: names of brink's own subjects have no special characters. */
	c->wants[c->count].subjects = column->subject;
	c->count++;
}

/* True where the subject is one of the count whose level of the line's resource has the
 * highest peak, or nothing is known of their levels. */
static bool
is_among(const struct findings *f, const struct chart_line *line, const char *subject,
	 size_t count)
{
	const struct findings_level *own =
	    findings_level(f, line->want.kind, subject, line->want.resources);
	size_t higher = 0;

	for (size_t i = 0; own != NULL && i < f->level_count; i++)
		higher += strcmp(f->levels[i].kind, own->kind) == 0 &&
			  strcmp(f->levels[i].resource, own->resource) == 0 &&
			  f->levels[i].cycle == own->cycle &&
			  f->levels[i].peak > own->peak;
	return higher < count;
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
		    is_among(f, line, subject->name, CHART_SERIES)) {
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

		if (f->workers[i].role != ROLE_ACCEPTOR)
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

/* When the connections were let go, or the end of the run. */
static int64_t
release_us(const struct findings *f)
{
	for (size_t i = 0; i < f->phase_count; i++)
		if (strcmp(f->phases[i].name, "recovery") == 0)
			return f->phases[i].from_us;
	return f->run.ended_us >= 0 ? f->run.ended_us : INT64_MAX;
}

static void
set_held(struct chart_set *set, const struct findings *f)
{
	const struct frame *frame = &set->frames[0];
	int64_t low, high;

	set->held = 0; /* the first line of the table */
	set->held_to = release_us(f);
	set->has_held =
	    frame_range(frame, set->held, 0, frame->rows, &low, &high) == 0 && high > 1;
}

/* ---------------------------------------------------------------------- bands and marks */

/* With the range of the x axis. */
static void
add_bands(struct chart_set *set, const struct findings *f)
{
	const struct frame *frame = &set->frames[0];

	set->bands = rows_alloc(f->phase_count, sizeof(*set->bands));
	if (frame->rows > 0) {
		set->x_from = frame->x[0];
		set->x_to = frame->x[frame->rows - 1];
	}
	for (size_t i = 0; i < f->phase_count; i++) {
		const struct findings_phase *phase = &f->phases[i];
		struct chart_band *band = &set->bands[set->band_count];

		*band = (struct chart_band){ .from = phase->from_us,
					     .to = phase->to_us >= 0 ? phase->to_us
								     : set->x_to };
		if (band->from >= set->x_to)
			break;
		strlcpy(band->name, phase->name, sizeof(band->name));
		set->band_count++;
	}
}

/* Breaking point and first failures. */
static void
add_marks(struct chart_set *set, const struct findings *f)
{
	set->marks = rows_alloc(f->failure_count + 1, sizeof(*set->marks));
	for (size_t i = 0; i < f->failure_count; i++) {
		const struct findings_failure *failure = &f->failures[i];
		struct chart_mark *mark = &set->marks[set->mark_count++];

		mark->x = failure->first_us;
		snprintf(mark->label, sizeof(mark->label), "%s() → %s of %s",
			 failure->call, failure->error, failure->worker);
	}
	if (f->broke) {
		struct chart_mark *mark = &set->marks[set->mark_count++];

		*mark = (struct chart_mark){ .x = f->breaking.t_us, .broke = true };
		strlcpy(mark->label, "breaking point", sizeof(mark->label));
	}
}

/* --------------------------------------------------------------------------- the charts */

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
		add_bands(set, f);
		add_marks(set, f);
	}
	columns_free(&columns);
	return error;
}
