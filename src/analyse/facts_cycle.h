/*
 * A run of several cycles, one cycle at a time: each is analysed as a run of its own, whose
 * baseline is the second before its first ramp.
 */
#ifndef BRINK_ANALYSE_FACTS_CYCLE_H
#define BRINK_ANALYSE_FACTS_CYCLE_H

#include "analyse/facts.h"

/*
 * What belongs to cycle 0 .. run->cycles - 1, its counts without those of the cycles before.
 * Of a run with one cycle that is all of it. It points into run, which must outlive it;
 * facts_cycle_free() frees the rest.
 */
void facts_cycle(struct facts *cycle, const struct facts *run, int64_t number);
void facts_cycle_free(struct facts *cycle);

#endif
