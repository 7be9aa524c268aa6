#include "run/control.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

/* A byte an order that nobody reads: enough for one a second over eleven days. The most
 * that any user may ask for, see pipe(7). */
#define PIPE_BYTES (1 << 20)

int
control_pipe(int fds[2])
{
	if (pipe2(fds, O_CLOEXEC | O_NONBLOCK) == -1)
		return -1;
	/* Where it is refused, the usual size lasts for 65,536 orders. */
	fcntl(fds[1], F_SETPIPE_SZ, PIPE_BYTES);
	return 0;
}

void
control_order(struct ledger *ledger, int fd, const struct order *order)
{
	ledger_order(ledger, order);
	/* Nonblocking: what does not fit any more wakes nobody, and stops nobody. */
	ssize_t written = write(fd, "", 1);
	(void)written;
}

bool
control_orphaned(int fd)
{
	struct pollfd pfd = { .fd = fd };

	return poll(&pfd, 1, 0) == 1 && (pfd.revents & POLLHUP) != 0;
}

const struct order *
control_next(const struct ledger *ledger, int *seen)
{
	int32_t count = atomic_load_explicit(&ledger->order_count, memory_order_acquire);

	if (*seen >= count)
		return NULL;
	if (*seen < count - CONTROL_KEPT)
		*seen = count - CONTROL_KEPT;
	return &ledger->orders[(*seen)++ % LEDGER_ORDERS];
}
