/*
 * epoll(7), as every process of a run waits with it. The events carry the descriptor.
 */
#ifndef BRINK_BASE_WATCH_H
#define BRINK_BASE_WATCH_H

#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>

#include "base/clock.h"

/* op: EPOLL_CTL_ADD, _MOD or _DEL. 0, or -1 with errno. */
static inline int
watch_fd(int epoll, int op, int fd, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.fd = fd };

	return epoll_ctl(epoll, op, fd, &event);
}

/* Waits for that long, for ever where us is below 0. The number of events, or -1. */
static inline int
watch_wait(int epoll, struct epoll_event *events, int capacity, int64_t us)
{
	struct timespec timeout = clock_timespec(us);

	return epoll_pwait2(epoll, events, capacity, us < 0 ? NULL : &timeout, NULL);
}

#endif
