/*
 * A client: opens its share of a forker's connections on schedule, sends its messages on
 * each, and holds them for ever. It never closes one before it is told to.
 */
#ifndef BRINK_RUN_CLIENT_H
#define BRINK_RUN_CLIENT_H

#include "run/worker.h"

/* context->extra of a client. */
struct client_share {
	int32_t forker;      /* slot of its forker */
	int64_t first, last; /* of the forker's connections: [first, last) */
};

/* Returns once everything is released, or on ORDER_QUIT_WORKERS. */
int client_main(const struct worker_context *context);

#endif
