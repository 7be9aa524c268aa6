/*
 * A server's port, for tests.
 */
#ifndef BRINK_TEST_LISTEN_ANYWHERE_H
#define BRINK_TEST_LISTEN_ANYWHERE_H

#include <stdint.h>

/* A socket that listens on 127.0.0.1, on a port that was free: *port receives it. The test
 * fails where there is none. */
int listen_anywhere(int backlog, int64_t *port);

#endif
