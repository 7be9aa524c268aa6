/*
 * What grows that should not, and what did not come back, as findings; and what to do about
 * each.
 */
#ifndef BRINK_ANALYSE_GROWTH_H
#define BRINK_ANALYSE_GROWTH_H

#include "analyse/facts.h"
#include "analyse/finding.h"

/*
 * Writes the leaks of the cycle, the leaks over all cycles and the cycle's recovery, each
 * followed by the recommendation that rests on it. Reads leak, cycle and cycle_trend. 0, or
 * -1.
 */
int growth_store(struct finding_writer *writer, const struct facts *facts);

#endif
