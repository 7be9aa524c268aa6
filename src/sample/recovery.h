/*
 * Whether a run's resources are back, as far as can be told while it runs: the sockets of
 * the namespace, and the descriptors and processes of acceptors, handlers and clients.
 * Memory is not waited for: allocators keep it.
 */
#ifndef BRINK_SAMPLE_RECOVERY_H
#define BRINK_SAMPLE_RECOVERY_H

#include "run/record.h"

/* A level is back within this of its baseline, or within its resolution. */
#define RECOVERY_PERCENT  1
#define RECOVERY_US       INT64_C(3000000) /* and has to stay there as long */

#define RECOVERY_LEVELS   16
#define RECOVERY_BASELINE 31 /* last ticks of the baseline phase that count */

struct recovery_level {
	enum subject_kind subject;
	uint32_t index;
	size_t position;
	int64_t resolution;
	int64_t before[RECOVERY_BASELINE]; /* a ring */
	size_t seen;                       /* ever put in it */
	bool back;                         /* when last known */
};

struct recovery {
	size_t count;
	struct recovery_level levels[RECOVERY_LEVELS];
	int64_t back_us; /* since when all are back; -1: not */
};

/* Follows what the resource table gives a resolution. */
void recovery_init(struct recovery *recovery);

/*
 * Takes in the levels of a tick and says whether all are back and have been for
 * RECOVERY_US. Ticks before the first ramp (ramp_us is 0) are the baseline: a level's is
 * their median, and one that was never read then is left out. Never true before the
 * release (release_us is 0), nor where no level has a baseline.
 */
bool recovery_tick(struct recovery *recovery, int64_t t_us, int64_t ramp_us,
		   int64_t release_us, const int64_t *netns,
		   int64_t *const groups[GROUP_COUNT]);

#endif
