/*
 * epoll(7), as every process of a run waits with it. The events carry the descriptor.
 */
#ifndef BRINK_BASE_WATCH_H
#define BRINK_BASE_WATCH_H

#include <errno.h>
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

/* Waits for that long, for ever where us is below 0; before Linux 5.11 up to the next whole
 * millisecond. The number of events, or -1. */
static inline int
watch_wait(int epoll, struct epoll_event *events, int capacity, int64_t us)
{
	struct timespec timeout = clock_timespec(us);
	int got = epoll_pwait2(epoll, events, capacity, us < 0 ? NULL : &timeout, NULL);

	if (got == -1 && errno == ENOSYS)
		got = epoll_wait(epoll, events, capacity,
				 us < 0 ? -1 : (int)((us + US_PER_MS - 1) / US_PER_MS));
	return got;
}

#endif
