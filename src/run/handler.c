#include "run/handler.h"

#include <sys/socket.h>

/* A handler holds one connection in a process of its own: its buffer is on the stack. */
#define BUFFER_BYTES 16384

static bool
send_all(int fd, const char *data, ssize_t bytes)
{
	while (bytes > 0) {
		ssize_t sent = send(fd, data, (size_t)bytes, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		data += sent;
		bytes -= sent;
	}
	return true;
}

int
handler_main(const struct worker_context *context)
{
	const struct handler_job *job = context->extra;
	struct counters *counters = &job->acceptor->counters;
	char buffer[BUFFER_BYTES];
	ssize_t got;

	while ((got = recv(job->fd, buffer, sizeof(buffer), 0)) > 0) {
		if (!send_all(job->fd, buffer, got))
			break;
		if (job->canary)
			continue;
		atomic_fetch_add_explicit(&counters->messages, 1, memory_order_relaxed);
		atomic_fetch_add_explicit(&counters->received_bytes, got,
					  memory_order_relaxed);
		atomic_fetch_add_explicit(&counters->sent_bytes, got,
					  memory_order_relaxed);
	}
	return 0;
}
