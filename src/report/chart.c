#include "report/chart.h"

#include <fnmatch.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/limit.h"
#include "analyse/rows.h"
#include "base/clock.h"
#include "report/amount.h"
#include "report/frame.h"

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

bool
chart_value(const struct chart_set *set, const struct chart_series *series, size_t row,
	    double *value)
{
	int64_t stored = set->frames[series->frame].columns[series->column][row];

	*value = (double)stored * series->scale;
	return stored != FRAME_NONE;
}

char *
chart_amount(enum chart_unit unit, double value, char *buf)
{
	char number[AMOUNT_SIZE];

	switch (unit) {
	case CHART_BYTES:
		return amount(UNIT_BYTES, value, buf);
	case CHART_US:
		return amount(UNIT_US, value, buf);
	case CHART_PERCENT:
		snprintf(buf, AMOUNT_SIZE, fabs(value) < 10 ? "%.1f %%" : "%.0f %%",
			 value);
		return buf;
	case CHART_RATE:
		snprintf(buf, AMOUNT_SIZE, "%s/s", amount(UNIT_COUNT, value, number));
		return buf;
	case CHART_COUNT:
		break;
	}
	return amount(UNIT_COUNT, value, buf);
}

char *
chart_time(double us, double span_us, char *buf)
{
	long long s = llround(fabs(us) / (double)US_PER_S);

	if (fabs(us) < 5e4)
		us = 0; /* without a sign */
	if (span_us < 600 * (double)US_PER_S)
		snprintf(buf, AMOUNT_SIZE, "%.*f s",
			 fabs(us - (double)s * (double)US_PER_S) < 5e4 ? 0 : 1,
			 us / (double)US_PER_S);
	else
		snprintf(buf, AMOUNT_SIZE, "%s%lld:%02lld:%02lld", us < 0 ? "-" : "",
			 s / 3600, s / 60 % 60, s % 60);
	return buf;
}

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

double
chart_step(enum chart_unit unit, double least)
{
	static const double parts[] = { 1, 2, 5, 10, 20, 50, 100, 200, 500 };
	double power = 1;

	if (unit == CHART_BYTES) {
		while (power * 512 < least)
			power *= 1024;
		for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
			if (parts[i] * power >= least)
				return parts[i] * power;
		return 1024 * power;
	}
	power = pow(10, floor(log10(least > 0 ? least : 1)));
	for (size_t i = 0; i < 3; i++)
		if (parts[i] * power >= least * 0.999)
			return parts[i] * power;
	return 10 * power;
}

/* ---------------------------------------------------------- how long newcomers waited */

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

/* False where there is no room for another second: of a run that goes on there may be more by
 * now than were counted. */
static bool
take_latency(struct frame *frame, size_t room, struct db_statement *s)
{
	bool is_new = frame->rows == 0 || frame->x[frame->rows - 1] != db_int(s, 0);

	if (is_new && frame->rows == room)
		return false;
	if (is_new)
		frame->x[frame->rows++] = db_int(s, 0);
	for (size_t i = 0; i < LATENCIES; i++)
		if (strcmp(latencies[i].kind, db_text(s, 1)) == 0)
			frame->columns[i][frame->rows - 1] =
			    db_int(s, latencies[i].column);
	return true;
}

static int
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
		if (!take_latency(frame, (size_t)seconds, s)) {
			got = 0;
			break;
		}
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

/* --------------------------------------------------------------------- what came back */

/* What was there just before the release is shown too. */
#define BEFORE_US (200 * US_PER_MS)

/* A line that every cycle's chart draws alike. */
struct curve {
	const struct findings_recovery *first; /* of the cycles */
	double recovered;                      /* least of the cycles */
};

/* The memory of processes is drawn as what is resident, which every tick has. */
static bool
is_drawn(const struct findings_recovery *r)
{
	return r->cycle < CHART_CYCLES && findings_was_taken(r) &&
	       findings_is_load(r->kind, r->subject) && r->peak > r->base &&
	       strcmp(r->resource, "private_bytes") != 0 &&
	       strcmp(r->resource, "processes") != 0;
}

static bool
is_of(const struct findings_recovery *r, const struct curve *curve)
{
	return strcmp(r->kind, curve->first->kind) == 0 &&
	       strcmp(r->subject, curve->first->subject) == 0 &&
	       strcmp(r->resource, curve->first->resource) == 0;
}

static void
gather_curve(struct rows *rows, const struct findings_recovery *r)
{
	struct curve *curves = rows->data;

	for (size_t i = 0; i < rows->count; i++)
		if (is_of(r, &curves[i])) {
			if (r->recovered < curves[i].recovered)
				curves[i].recovered = r->recovered;
			return;
		}
	*(struct curve *)rows_add(rows, sizeof(*curves)) =
	    (struct curve){ r, r->recovered };
}

/* Those of which most was left first, and else in the order of the store. */
static int
compare_curves(const void *a, const void *b)
{
	const struct curve *x = a, *y = b;

	if (x->recovered != y->recovered)
		return x->recovered < y->recovered ? -1 : 1;
	return (x->first > y->first) - (x->first < y->first);
}

static const struct findings_recovery *
recovery_of(const struct findings *f, int64_t cycle, const struct curve *curve)
{
	for (size_t i = 0; i < f->recovery_count; i++)
		if (f->recovery[i].cycle == cycle && is_drawn(&f->recovery[i]) &&
		    is_of(&f->recovery[i], curve))
			return &f->recovery[i];
	return NULL;
}

/* What is left of the taken, in 1/1000 of a percent. */
static int64_t
part_left(const struct findings_recovery *r, int64_t value)
{
	if (value == FRAME_NONE)
		return FRAME_NONE;
	return (int64_t)(((double)value - r->base) / (r->peak - r->base) * 1e5);
}

static void
begin_chart(struct chart *chart, const struct findings *f, int64_t cycle, size_t all)
{
	*chart = (struct chart){
		.id = "recovery-curves",
		.title = "What was still taken after the release",
		.about =
		    "100 % is the peak, 0 % the base: a line that does not come down "
		    "to 0 is something that was not given back.",
		.unit = CHART_PERCENT,
		.apart = true,
		.all = all,
		.chosen = "those of which most was left",
	};
	if (cycle > 0)
		snprintf(chart->id, sizeof(chart->id), "recovery-curves-%lld",
			 (long long)cycle + 1);
	if (f->cycle_count > 1)
		snprintf(chart->title, sizeof(chart->title),
			 "What was still taken after the release of cycle %lld",
			 (long long)cycle + 1);
}

static void
add_curve(struct chart *chart, struct frame *frame, size_t number, size_t column,
	  const struct findings_recovery *r, size_t slot)
{
	char label[CHART_NAME];

	for (size_t row = 0; row < frame->rows; row++)
		frame->columns[column][row] = part_left(r, frame->columns[column][row]);
	snprintf(label, sizeof(label), "%s of %s", display_name_of(r->resource),
		 r->subject);
	chart_add_series(chart, label, number, column, 1e-3, (unsigned)slot, true);
}

/* Behind the recovery the workers themselves go, or the next load comes. */
static int
draw_cycle(struct chart_set *set, struct db *db, const struct findings *f,
	   const struct findings_phase *phase, const struct rows *curves)
{
	const struct findings_recovery *drawn[CHART_SERIES];
	struct frame_want wants[CHART_SERIES];
	size_t slots[CHART_SERIES], count = 0, number = set->frame_count++;
	struct frame *frame = &set->frames[number];
	struct chart *chart = &set->charts[set->count];

	for (size_t i = 0; i < curves->count && i < CHART_SERIES; i++) {
		const struct findings_recovery *r = recovery_of(
		    f, phase->cycle, &((const struct curve *)curves->data)[i]);

		if (r == NULL)
			continue;
		wants[count] =
		    (struct frame_want){ r->kind, r->subject, r->resource, FRAME_VALUE };
		slots[count] = i;
		drawn[count++] = r;
	}
	if (frame_load(frame, db, f->run.run_id, phase->from_us - BEFORE_US,
		       phase->to_us >= 0 ? phase->to_us : INT64_MAX, wants, count) == -1)
		return -1;
	begin_chart(chart, f, phase->cycle, curves->count);
	for (size_t row = 0; row < frame->rows; row++)
		frame->x[row] -= phase->from_us;
	for (size_t i = 0; i < count; i++)
		add_curve(chart, frame, number, i, drawn[i], slots[i]);
	set->count += count > 0 && frame->rows > 1;
	return 0;
}

static int
chart_add_recovery(struct chart_set *set, struct db *db, const struct findings *f)
{
	struct rows curves = { 0 };
	size_t drawn = 0;
	int error = 0;

	for (size_t i = 0; i < f->recovery_count; i++)
		if (is_drawn(&f->recovery[i]))
			gather_curve(&curves, &f->recovery[i]);
	if (curves.count > 0)
		qsort(curves.data, curves.count, sizeof(struct curve), compare_curves);
	/* Only as many as there is room for, whatever the store says. */
	for (size_t i = 0; i < f->phase_count && curves.count > 0 && error == 0; i++)
		if (strcmp(f->phases[i].name, "recovery") == 0 && drawn++ < CHART_CYCLES)
			error = draw_cycle(set, db, f, &f->phases[i], &curves);
	free(curves.data);
	return error;
}

/* -------------------------------------------------------------- the charts of one run */

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

/* A process that took the place of another has its name, and one line with it. */
static bool
is_named_before(const struct findings *f, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(f->subjects[k].name, f->subjects[i].name) == 0 &&
		    strcmp(f->subjects[k].kind, f->subjects[i].kind) == 0)
			return true;
	return false;
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
		    fnmatch(line->want.subjects, subject->name, 0) != 0 ||
		    is_named_before(f, i))
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

/* ---------------------------------------------------------- runs laid over each other */

/* The line of a chart that stands for a run, or NULL. */
static const struct chart_line *
line_of(const struct chart_spec *spec)
{
	for (size_t i = 0; i < CHART_SERIES && spec->compare != NULL; i++)
		if (spec->lines[i].label != NULL &&
		    strcmp(spec->lines[i].label, spec->compare) == 0)
			return &spec->lines[i];
	return NULL;
}

static size_t
plan_wants(struct frame_want *wants)
{
	size_t count = 0;

	for (size_t i = 0; i < chart_table_count; i++)
		if (line_of(&chart_table[i]) != NULL)
			wants[count++] = line_of(&chart_table[i])->want;
	return count;
}

/* When the first connection was attempted: the first ramp. */
static int64_t
attempt_us(const struct findings *f)
{
	for (size_t i = 0; i < f->phase_count; i++)
		if (strcmp(f->phases[i].name, "ramp") == 0)
			return f->phases[i].from_us;
	return 0;
}

static void
add_run(struct chart_set *set, const struct findings *f, size_t run)
{
	struct frame *frame = &set->frames[run];
	int64_t zero = attempt_us(f);

	for (size_t row = 0; row < frame->rows; row++)
		frame->x[row] -= zero;
	if (frame->rows > 0) {
		if (set->x_to == set->x_from || frame->x[0] < set->x_from)
			set->x_from = frame->x[0];
		if (frame->x[frame->rows - 1] > set->x_to)
			set->x_to = frame->x[frame->rows - 1];
	}
	if (f->broke) {
		struct chart_mark *mark = &set->marks[set->mark_count++];

		*mark =
		    (struct chart_mark){ .x = f->breaking.t_us - zero, .broke = true };
		snprintf(mark->label, sizeof(mark->label), "run %lld breaks",
			 (long long)f->run.run_id);
	}
}

static void
add_compared(struct chart_set *set, const struct chart_spec *spec, size_t column,
	     const struct findings *runs, size_t count)
{
	struct chart *chart = &set->charts[set->count];
	bool rate = line_of(spec)->want.derive == FRAME_RATE;

	*chart = (struct chart){ .about = "A line a run.", .unit = spec->unit };
	strlcpy(chart->id, spec->id, sizeof(chart->id));
	snprintf(chart->title, sizeof(chart->title), "%s: %s", spec->title,
		 spec->compare);
	for (size_t i = 0; i < count; i++) {
		int64_t low, high;
		char label[CHART_NAME];

		if (frame_range(&set->frames[i], column, 0, set->frames[i].rows, &low,
				&high) == -1)
			continue;
		snprintf(label, sizeof(label), "run %lld%s%s",
			 (long long)runs[i].run.run_id,
			 runs[i].run.label != NULL ? " · " : "",
			 runs[i].run.label != NULL ? runs[i].run.label : "");
		chart_add_series(chart, label, i, column, spec->scale, (unsigned)i, rate);
	}
	set->count += chart->series_count > 0;
}

int
chart_set_compare(struct chart_set *set, struct db *db, const struct findings *runs,
		  size_t count)
{
	struct frame_want *wants = rows_alloc(chart_table_count, sizeof(*wants));
	size_t columns = plan_wants(wants), column = 0;
	int error = 0;

	*set = (struct chart_set){ .frame_count = count };
	set->frames = rows_alloc(count, sizeof(*set->frames));
	set->marks = rows_alloc(count, sizeof(*set->marks));
	set->charts = rows_alloc(chart_table_count, sizeof(*set->charts));
	for (size_t i = 0; i < count && error == 0; i++) {
		error = frame_load(&set->frames[i], db, runs[i].run.run_id, 0, INT64_MAX,
				   wants, columns);
		if (error == 0)
			add_run(set, &runs[i], i);
	}
	for (size_t i = 0; i < chart_table_count && error == 0; i++)
		if (line_of(&chart_table[i]) != NULL)
			add_compared(set, &chart_table[i], column++, runs, count);
	free(wants);
	return error;
}
