/*
 * A run, as "brink run" makes it, for a sweep.
 */
#ifndef BRINK_CMD_RUN_FOR_H
#define BRINK_CMD_RUN_FOR_H

#include "store/sweep.h"

/* Does what "brink run" does with the arguments, of which the first is the command's name, and
 * returns its exit code. The run that it makes is noted as that of the place; NULL: of none. */
int run_for(const struct sweep_place *place, int argc, char **argv);

#endif
