/*
 * The canary: does a newcomer still get service? At a fixed cadence it opens a fresh
 * connection, speaks the clients' protocol until it is served once, and closes with a reset, so
 * that it leaves no TIME_WAIT and takes no port from the clients.
 */
#ifndef BRINK_RUN_CANARY_H
#define BRINK_RUN_CANARY_H

#include "run/worker.h"

#define CANARY_INTERVAL_US  500000
#define CANARY_IMPATIENT_US 20000 /* after the release, until it is served */
#define CANARY_TIMEOUT_US   1000000

/* Counts attempted, established, served and failed in its row. Returns on
 * ORDER_QUIT_WORKERS. */
int canary_main(const struct worker_context *context);

#endif
