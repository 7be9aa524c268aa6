/*
 * An acceptor: accepts, echoes, holds, and never closes first.
 */
#ifndef BRINK_RUN_ACCEPTOR_H
#define BRINK_RUN_ACCEPTOR_H

#include <stddef.h>

#include "run/worker.h"

/* context->listener is the shared one; where it is -1 the acceptor binds its own into the
 * SO_REUSEPORT group. Returns on ORDER_QUIT_WORKERS. */
int acceptor_main(const struct worker_context *context);

/* Address space that it may take at its start beside that of its parent. */
size_t acceptor_bytes(void);

#endif
