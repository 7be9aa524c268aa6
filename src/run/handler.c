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
	char buffer[BUFFER_BYTES];
	ssize_t got;

	while ((got = recv(job->fd, buffer, sizeof(buffer), 0)) > 0) {
		if (!send_all(job->fd, buffer, got))
			break;
		if (job->canary)
			continue;
		WORKER_COUNT(job->acceptor, messages, 1);
		WORKER_COUNT(job->acceptor, received_bytes, got);
		WORKER_COUNT(job->acceptor, sent_bytes, got);
	}
	return 0;
}
