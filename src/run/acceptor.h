/*
 * An acceptor: accepts, echoes, holds, and never closes first.
 */
#ifndef BRINK_RUN_ACCEPTOR_H
#define BRINK_RUN_ACCEPTOR_H

#include <stdio.h>

#include "run/worker.h"

/* context->listener is the shared one; where it is -1 the acceptor binds its own into the
 * SO_REUSEPORT group. Returns on ORDER_QUIT_WORKERS. */
int acceptor_main(const struct worker_context *context);

/*
 * Refuses an address space in which an acceptor could not begin: that of this process, of
 * which it will be a copy, and what the run maps. 0, or -1 after one sentence on err.
 */
int acceptor_check(const struct plan *plan, FILE *err);

#endif
