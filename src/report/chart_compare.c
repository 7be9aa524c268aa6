#include "report/chart_compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/rows.h"
#include "report/chart_table.h"
#include "report/frame_load.h"

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
add_chart(struct chart_set *set, const struct chart_spec *spec, size_t column,
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
			add_chart(set, &chart_table[i], column++, runs, count);
	free(wants);
	return error;
}
