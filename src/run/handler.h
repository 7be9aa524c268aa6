/*
 * A handler: the process of one connection, with --handler fork. It echoes until the peer
 * closes.
 */
#ifndef BRINK_RUN_HANDLER_H
#define BRINK_RUN_HANDLER_H

#include "run/worker.h"

/* context->extra of a handler; what it echoes is counted in its acceptor's row. */
struct handler_job {
	struct worker *acceptor;
	int fd;      /* the connection, blocking */
	bool canary; /* nothing is counted */
};

int handler_main(const struct worker_context *context);

#endif
