/*
 * One column of a frame while the samples come in: sums them over the subjects of a tick,
 * makes rates of counters, and thins what is more than a chart can show.
 */
#ifndef BRINK_REPORT_FRAME_COLUMN_BUILDER_H
#define BRINK_REPORT_FRAME_COLUMN_BUILDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/frame.h"
#include "store/db.h"

/* Resources that one column may be the sum of. */
#define COLUMN_BUILDER_SOURCES 8

struct instant {
	int64_t tick, t_us;
};

struct column_builder {
	const struct frame_want *want;
	size_t
	    source[COLUMN_BUILDER_SOURCES]; /* columns of the statement that are summed */
	size_t sources;
	const struct instant *instants; /* by row of the ticks */
	int64_t *values;                /* of the frame */
	size_t each;                    /* ticks a bucket; of more than one, two values */
	size_t row, bucket;             /* of the ticks; SIZE_MAX: none yet */
	int64_t sum;                    /* of row so far */
	bool known;                     /* sum: of readings */
	int64_t last, last_us;          /* of a rate */
	int64_t low, high;              /* of bucket */
	size_t low_row, high_row;
};

/* Empty; its sources are to be set before a reading is added. Nothing is copied. */
void column_builder_begin(struct column_builder *column_builder,
			  const struct frame_want *want, int64_t *values,
			  const struct instant *instants, size_t each);

/* Adds what the statement's row says of a subject at a row of the ticks, which do not
 * descend; where one of the sources is not known, nothing. */
void column_builder_add(struct column_builder *column_builder, struct db_statement *s,
			size_t row);

/* Stores what was not yet complete. */
void column_builder_end(struct column_builder *column_builder);

#endif
