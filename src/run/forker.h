/*
 * A forker: forks its clients when their first connections are due, reaps them, and
 * never connects by itself.
 */
#ifndef BRINK_RUN_FORKER_H
#define BRINK_RUN_FORKER_H

#include "run/worker.h"

/* Returns on ORDER_QUIT_WORKERS, after its clients are gone. */
int forker_main(const struct worker_context *context);

/*
 * Moves what a dead client held to its row's released or lost counter, for whoever reaps
 * it: the forker, or the supervisor where the forker is dead too.
 */
void forker_settle(struct worker *client, bool released);

#endif
