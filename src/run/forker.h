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
 * Settles the row of a dead client: what it held was released, or is lost. For whoever
 * reaps it: the forker, or the supervisor where the forker is dead too.
 */
void forker_settle(struct worker *client, bool released);

/*
 * Counts as missed what a forker's dead clients, or all its clients where it is dead
 * itself, did not use of the schedule up to target connections of the run.
 */
void forker_miss(struct ledger *ledger, int32_t forker, int64_t target);

#endif
