#include "report/chart_fill.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/rows.h"
#include "base/clock.h"

void
chart_add_series(struct chart *chart, const char *label, size_t frame, size_t column,
		 double scale, unsigned slot, bool spans)
{
	struct chart_series *series = &chart->series[chart->series_count];

	if (chart->series_count == CHART_SERIES)
		return;
	*series = (struct chart_series){ .frame = frame,
					 .column = column,
					 .scale = scale,
					 .slot = slot,
					 .spans = spans };
	strlcpy(series->label, label, sizeof(series->label));
	chart->series_count++;
}

void
chart_add_limit(struct chart *chart, const struct findings_limit *limit)
{
	struct chart_limit *added = &chart->limits[chart->limit_count];

	for (size_t i = 0; i < chart->limit_count; i++)
		if (chart->limits[i].value == (double)limit->value)
			return;
	if (chart->limit_count == CHART_LIMITS || limit->value == INT64_MAX)
		return;
	added->value = (double)limit->value;
	strlcpy(added->label, limit->source, sizeof(added->label));
	chart->limit_count++;
}

bool
chart_is_among(const struct findings *f, const struct chart_line *line,
	       const char *subject, size_t count)
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

int64_t
chart_release_us(const struct findings *f)
{
	for (size_t i = 0; i < f->phase_count; i++)
		if (strcmp(f->phases[i].name, "recovery") == 0)
			return f->phases[i].from_us;
	return f->run.ended_us >= 0 ? f->run.ended_us : INT64_MAX;
}

/* ------------------------------------------------------------------------------ latency */

/* Lines of the chart: a kind of latency, and the column of its quantile. */
static const struct {
	const char *label, *kind;
	int column;
} latencies[] = {
	{ "canary, median", "canary", 2 },   { "canary, 99 %", "canary", 3 },
	{ "echo, median", "echo", 2 },       { "echo, 99 %", "echo", 3 },
	{ "connect, median", "connect", 2 }, { "connect, 99 %", "connect", 3 },
};

#define LATENCIES (sizeof(latencies) / sizeof(latencies[0]))

static const char latency_sql[] = "SELECT t_us, kind, p50_us, p99_us FROM latency"
				  " WHERE run_id = ?1 ORDER BY t_us, kind";

static void
take_latency(struct frame *frame, struct db_statement *s)
{
	if (frame->rows == 0 || frame->x[frame->rows - 1] != db_int(s, 0))
		frame->x[frame->rows++] = db_int(s, 0);
	for (size_t i = 0; i < LATENCIES; i++)
		if (strcmp(latencies[i].kind, db_text(s, 1)) == 0)
			frame->columns[i][frame->rows - 1] =
			    db_int(s, latencies[i].column);
}

int
chart_add_latency(struct chart_set *set, struct db *db, const struct findings *f,
		  size_t number)
{
	struct frame *frame = &set->frames[number];
	struct chart *chart = &set->charts[set->count];
	int64_t seconds =
	    db_query_int(db, "SELECT count(DISTINCT t_us) FROM latency WHERE run_id = ?1",
			 f->run.run_id, 0);
	struct db_statement *s = db_prepare(db, latency_sql);
	int64_t low, high;
	int got = -1;

	frame_begin(frame, (size_t)seconds, LATENCIES);
	frame->rows = 0;
	if (s != NULL)
		db_bind_int(s, 1, f->run.run_id);
	while (s != NULL && (got = db_step(s)) == 1)
		take_latency(frame, s);
	db_finish(s);
	frame->read = frame->rows;
	*chart = (struct chart){
		.id = "latency",
		.title = "Latency",
		.about =
		    "How long a newcomer waits: the canary from connect to echo, the "
		    "echo of a message, and connects from the time they were due.",
		.unit = CHART_US,
	};
	for (size_t i = 0; i < LATENCIES; i++)
		if (frame_range(frame, i, 0, frame->rows, &low, &high) == 0)
			chart_add_series(chart, latencies[i].label, number, i, 1,
					 (unsigned)i, false);
	set->count += chart->series_count > 0;
	return got;
}

/* ---------------------------------------------------------------------- bands and marks */

void
chart_add_bands(struct chart_set *set, const struct findings *f)
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

void
chart_add_marks(struct chart_set *set, const struct findings *f)
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
