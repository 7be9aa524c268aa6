/*
 * Samples as columns over one axis, for the charts.
 */
#ifndef BRINK_REPORT_FRAME_H
#define BRINK_REPORT_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "store/db.h"

#define FRAME_NONE INT64_MIN /* not known at that point */

enum frame_derive {
	FRAME_VALUE,
	FRAME_RATE, /* of a counter: the mean over the last second or more, in 1/1000 a
		     * second; what goes down counts as 0 */
};

/* Which samples make a column: the sum of all the resources on all the subjects. */
struct frame_want {
	const char *kind;      /* of the subjects */
	const char *subjects;  /* fnmatch(3) pattern of their names, with FNM_EXTMATCH */
	const char *resources; /* columns of KIND_sample with '+' between */
	enum frame_derive derive;
};

struct frame {
	size_t rows;       /* points of each column */
	size_t read;       /* ticks behind them; more than rows where they were thinned */
	int64_t *x;        /* rows: microseconds, not descending */
	int64_t **columns; /* count columns of rows values each */
	size_t count;
};

/* Makes an empty frame of rows with count columns, all FRAME_NONE. */
void frame_begin(struct frame *frame, size_t rows, size_t count);

void frame_free(struct frame *frame);

/* Row of the last point up to x, or rows where there is none. */
size_t frame_row(const struct frame *frame, int64_t x);

/* The last known value of a column up to a row, or FRAME_NONE. */
int64_t frame_at(const struct frame *frame, size_t column, size_t row);

/* Lowest and highest known value in the rows [from, to). -1 where there is none. */
int frame_range(const struct frame *frame, size_t column, size_t from, size_t to,
		int64_t *low, int64_t *high);

/* More points than this a column, and only the lowest and highest of each few ticks are
 * kept, in the order in which they came. */
#define FRAME_POINTS 200000

/*
 * Reads the ticks of a run from from_us to to_us, and a column for every want, in their
 * order.
 * Resources must be of the resource table. 0, or -1 (see db_error); frame_free() in either
 * case.
 */
int frame_load(struct frame *frame, struct db *db, int64_t run_id, int64_t from_us,
	       int64_t to_us, const struct frame_want *wants, size_t count);

#endif
