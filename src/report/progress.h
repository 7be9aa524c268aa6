/*
 * The moments of a run that tell its course.
 */
#ifndef BRINK_REPORT_PROGRESS_H
#define BRINK_REPORT_PROGRESS_H

#include "report/findings.h"

#define PROGRESS_ROWS 12

/*
 * About PROGRESS_ROWS moments from v_progress, in time order: the first, the last of every
 * phase, the break, and between those more where the time is longest. The caller frees
 * them. NULL where the store cannot be read; *count receives how many.
 */
struct findings_progress *progress_load(struct db *db, int64_t run_id, size_t *count);

#endif
