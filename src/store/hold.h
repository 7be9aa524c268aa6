/*
 * Locks on the store's file that the kernel drops when the process is gone, whatever ended
 * it: who runs what.
 */
#ifndef BRINK_STORE_HOLD_H
#define BRINK_STORE_HOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

enum hold_kind { HOLD_RUN, HOLD_SWEEP };

/*
 * Holds a run or a sweep for this process and those that it forks. Returns a descriptor that
 * is to be open as long as it goes on, and to be closed with no store open in this process, or
 * -1 where the file cannot be opened; *locked says whether it is held: not where another
 * process holds it, nor where the filesystem has no locks.
 */
int hold_take(struct db *db, enum hold_kind kind, int64_t id, bool *locked);

/* True while a process holds it, here or in another namespace or container. */
bool hold_is_taken(struct db *db, enum hold_kind kind, int64_t id);

#endif
