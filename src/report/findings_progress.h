/*
 * The moments of a run that tell its course.
 */
#ifndef BRINK_REPORT_FINDINGS_PROGRESS_H
#define BRINK_REPORT_FINDINGS_PROGRESS_H

#include <stddef.h>
#include <stdint.h>

#include "store/db.h"

#define PROGRESS_ROWS 12

struct findings_progress {
	int64_t t_us;
	char phase[16];
	int64_t attempted, established, accepted, held;
	int64_t fds, rss_bytes, processes; /* -1: not known */
};

/*
 * About PROGRESS_ROWS moments from v_progress, in time order: the first, the last of every
 * phase, the break, and between those more where the time is longest. The caller frees
 * them. NULL where the store cannot be read; *count receives how many.
 */
struct findings_progress *findings_progress_load(struct db *db, int64_t run_id,
						 size_t *count);

#endif
