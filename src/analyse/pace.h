/*
 * Whether the clients kept the schedule of the ramps, and who set their pace: clients,
 * acceptors, or the processors.
 */
#ifndef BRINK_ANALYSE_PACE_H
#define BRINK_ANALYSE_PACE_H

#include "analyse/facts.h"

/* More than this part of the schedule's slots missed, 1 in N, and it was not kept. */
#define PACE_MISSED 100
/* Ramps that took longer than they should by more than this part, 1 in N, and by more than
 * this: of another rate than was asked for nothing can be said. What is less is said, but
 * a busy host makes it. */
#define PACE_BEHIND    10
#define PACE_BEHIND_US INT64_C(250000)

/* How the schedule was kept up to an instant. */
struct pace_schedule {
	int64_t slots, missed;
	double asked,
	    had; /* connections a second over the ramps that ended by then; 0: none
			      ended, or as fast as can be */
	int64_t behind_us; /* how much longer those took than they should */
	bool is_kept;      /* in count and in time: see v_ramp */
	bool is_missed;    /* by so much that the run was not the one asked for */
};

struct pace_schedule pace_schedule(const struct facts *facts, int64_t until_us);

/*
 * Says who was slow, in one sentence without its full stop: the connections made a second
 * over the ramps, the CPU time that acceptors and clients used for it, and which of them had
 * none left, or whether the processors that the run may use, or its quota, had none. False
 * where nobody asks, as the schedule was kept, and where no ramp was long enough to tell:
 * half a second.
 */
bool pace_describe(const struct facts *facts, char *text, size_t size);

#endif
