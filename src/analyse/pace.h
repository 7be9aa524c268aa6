/*
 * Who set the pace of the ramps: clients, acceptors, or the processors.
 */
#ifndef BRINK_ANALYSE_PACE_H
#define BRINK_ANALYSE_PACE_H

#include "analyse/facts.h"

/*
 * Says who was slow, in one sentence without its full stop: the connections made a second
 * over the ramps, the CPU time that acceptors and clients used for it, and which of them had
 * none left, or whether the processors that the run may use, or its quota, had none. False
 * where nobody asks, as the schedule was kept, and where no ramp was long enough to tell:
 * half a second.
 */
bool pace_describe(const struct facts *facts, char *text, size_t size);

#endif
