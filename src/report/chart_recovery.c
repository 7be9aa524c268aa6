#include "report/chart_recovery.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/display_name.h"
#include "analyse/rows.h"
#include "base/clock.h"
#include "report/frame_load.h"

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

int
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
