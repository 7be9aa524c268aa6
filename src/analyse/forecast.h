/*
 * Where each limit would be met: N = (limit - base) / cost of a connection. The base is what
 * the line through the plateaus says there is without a connection: some is taken once.
 */
#ifndef BRINK_ANALYSE_FORECAST_H
#define BRINK_ANALYSE_FORECAST_H

#include "analyse/facts.h"

/*
 * Writes the run's rows of forecast: for every ceiling that connections move towards, as
 * it was known at the end of each plateau and hold, the nearest first. Samples after
 * broke_us (FACTS_NEVER: nothing broke) are left out. 0, or -1.
 */
int forecast_store(const struct facts *facts, int64_t broke_us);

#endif
