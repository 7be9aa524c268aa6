/*
 * Orders from the supervisor to all its processes.
 *
 * An order is a row in the ledger's log of orders; a byte written to the order pipe says
 * that there is a new one. Every process holds the same read end, watches it
 * edge-triggered and never reads it, so that one write wakes all of them, a client needs
 * no descriptor but this one, and end-of-file says that the supervisor is gone.
 */
#ifndef BRINK_RUN_CONTROL_H
#define BRINK_RUN_CONTROL_H

#include <stdbool.h>

#include "run/ledger.h"

/* Makes the pipe: fds[0] for everyone, fds[1] for the supervisor alone. 0, or -1. */
int control_pipe(int fds[2]);

/* Publishes the order and wakes everyone. */
void control_order(struct ledger *ledger, int fd, const struct order *order);

/* True once the supervisor's end is closed. */
bool control_orphaned(int fd);

/*
 * The next order that the caller has not seen, or NULL. *seen starts at 0. Of more than
 * CONTROL_KEPT that were not seen the older are passed over: who comes late needs the
 * newest only. The order lives until as many others have been given.
 */
#define CONTROL_KEPT (LEDGER_ORDERS / 2)
const struct order *control_next(const struct ledger *ledger, int *seen);

#endif
