#include "report/frame_column.h"

#include <math.h>

#include "base/clock.h"

void
column_builder_begin(struct column_builder *f, const struct frame_want *want,
		     int64_t *values, const struct instant *instants, size_t each)
{
	*f = (struct column_builder){
		.want = want,
		.values = values,
		.instants = instants,
		.each = each,
		.row = SIZE_MAX,
		.bucket = SIZE_MAX,
		.last = FRAME_NONE,
	};
}

static void
store_bucket(struct column_builder *f)
{
	bool low_first = f->low_row <= f->high_row;

	if (f->bucket == SIZE_MAX)
		return;
	if (f->each == 1) {
		f->values[f->bucket] = f->low;
		return;
	}
	f->values[2 * f->bucket] = low_first ? f->low : f->high;
	f->values[2 * f->bucket + 1] = low_first ? f->high : f->low;
}

static void
put_value(struct column_builder *f, int64_t value)
{
	if (f->row / f->each != f->bucket) {
		store_bucket(f);
		f->bucket = f->row / f->each;
		f->low = f->high = value;
		f->low_row = f->high_row = f->row;
	} else if (value < f->low) {
		f->low = value;
		f->low_row = f->row;
	} else if (value > f->high) {
		f->high = value;
		f->high_row = f->row;
	}
}

/* The rate since a second ago, where that has passed. */
static bool
derive_rate(struct column_builder *f, int64_t t_us, int64_t *value)
{
	bool first = f->last == FRAME_NONE;
	int64_t past_us = t_us - f->last_us, grown = first ? 0 : f->sum - f->last;
	double rate;

	/* Ticks come a little early or late. */
	if (!first && past_us < US_PER_S - 50 * US_PER_MS)
		return false;
	f->last = f->sum;
	f->last_us = t_us;
	if (first || past_us <= 0)
		return false;
	rate = (double)grown * 1e9 / (double)past_us;
	*value = grown > 0 ? (int64_t)fmin(rate, (double)DB_MEASURE_MAX) : 0;
	return true;
}

/* Ends the sum of a row. */
static void
close_row(struct column_builder *f)
{
	int64_t value = f->sum;

	if (f->row == SIZE_MAX || !f->known)
		return;
	if (f->want->derive == FRAME_VALUE ||
	    derive_rate(f, f->instants[f->row].t_us, &value))
		put_value(f, value);
}

/* Of measures, and a measure itself: sums of a damaged file stay where they can be added. */
static int64_t
add(int64_t a, int64_t b)
{
	int64_t sum = a + b;

	if (sum > DB_MEASURE_MAX)
		return DB_MEASURE_MAX;
	return sum < -DB_MEASURE_MAX ? -DB_MEASURE_MAX : sum;
}

void
column_builder_add(struct column_builder *f, struct db_statement *s, size_t row)
{
	int64_t sum = 0;

	for (size_t i = 0; i < f->sources; i++) {
		if (db_is_null(s, (int)f->source[i]))
			return;
		sum = add(sum, db_measure(s, (int)f->source[i]));
	}
	if (row != f->row) {
		close_row(f);
		f->row = row;
		f->sum = 0;
	}
	f->known = true;
	f->sum = add(f->sum, sum);
}

void
column_builder_end(struct column_builder *f)
{
	close_row(f);
	store_bucket(f);
}
