#include "run/control.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

int
control_pipe(int fds[2])
{
	return pipe2(fds, O_CLOEXEC | O_NONBLOCK);
}

void
control_order(struct ledger *ledger, int fd, const struct order *order)
{
	ledger_order(ledger, order);
	/* LEDGER_ORDERS bytes are fewer than a pipe holds, so this never blocks or fails. */
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
	if (*seen >= atomic_load_explicit(&ledger->order_count, memory_order_acquire))
		return NULL;
	return &ledger->orders[(*seen)++];
}
