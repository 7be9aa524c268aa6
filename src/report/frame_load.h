/*
 * Frames from the store: read in one pass a table, thinned while they are read.
 */
#ifndef BRINK_REPORT_FRAME_LOAD_H
#define BRINK_REPORT_FRAME_LOAD_H

#include <stddef.h>
#include <stdint.h>

#include "report/frame.h"
#include "store/db.h"

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
