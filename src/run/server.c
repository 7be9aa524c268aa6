#include "run/server.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fd_table.h"
#include "base/watch.h"

/* A handler holds one connection in a process of its own: its buffer is on the stack. */
#define HANDLER_BUFFER_BYTES 16384

struct pending {
	size_t from, to;
	char data[SERVER_BUFFER_BYTES];
};

int
server_init(struct server *server, const struct server_parts *parts, size_t capacity)
{
	server->protocol = parts->protocol;
	server->ledger = parts->ledger;
	server->row = parts->row;
	server->retain = parts->retain;
	server->newcomers = parts->newcomers;
	server->epoll = parts->epoll;
	server->capacity = capacity;
	server->by_fd = fd_table_new(capacity, sizeof(struct server_connection));
	return server->by_fd == NULL ? -1 : 0;
}

static void
close_connection(struct server *server, int fd)
{
	struct server_connection *c = &server->by_fd[fd];

	worker_count_held(server->row, c->canary, -1);
	newcomers_closed(server->newcomers, fd);
	free(c->pending);
	*c = (struct server_connection){ 0 };
	close(fd);
}

/* Sends the rest of an answer; reading goes on once it is all gone. */
static void
send_pending(struct server *server, int fd)
{
	struct server_connection *c = &server->by_fd[fd];
	struct pending *pending = c->pending;
	ssize_t sent = send(fd, pending->data + pending->from,
			    pending->to - pending->from, MSG_NOSIGNAL);

	if (sent == -1 && errno != EAGAIN) {
		close_connection(server, fd);
		return;
	}
	if (sent > 0) {
		pending->from += (size_t)sent;
		if (!c->canary)
			WORKER_COUNT(server->row, sent_bytes, sent);
	}
	if (pending->from == pending->to) {
		free(pending);
		c->pending = NULL;
		watch_fd(server->epoll, EPOLL_CTL_MOD, fd, EPOLLIN);
	}
}

/* False without memory for it: then the connection is closed. */
static bool
keep_pending(struct server *server, int fd, const char *data, size_t bytes)
{
	struct pending *pending = malloc(sizeof(*pending));

	if (pending == NULL) {
		ledger_failure(server->ledger, server->row, CALL_MEMORY, errno);
		close_connection(server, fd);
		return false;
	}
	pending->from = 0;
	pending->to = bytes;
	memcpy(pending->data, data, bytes);
	server->by_fd[fd].pending = pending;
	watch_fd(server->epoll, EPOLL_CTL_MOD, fd, EPOLLOUT);
	return true;
}

/* Sends what is in the buffer, now or later. False where the connection is broken, and
 * closed. */
static bool
send_buffer(struct server *server, int fd, size_t bytes)
{
	ssize_t sent = bytes > 0 ? send(fd, server->buffer, bytes, MSG_NOSIGNAL) : 0;

	if (sent == -1 && errno != EAGAIN) {
		close_connection(server, fd);
		return false;
	}
	if (sent < 0)
		sent = 0;
	if (!server->by_fd[fd].canary)
		WORKER_COUNT(server->row, sent_bytes, sent);
	return (size_t)sent == bytes ||
	       keep_pending(server, fd, server->buffer + sent, bytes - (size_t)sent);
}

void
server_add(struct server *server, int fd, bool canary)
{
	const struct protocol *protocol = server->protocol;
	void *table = fd_table_make_room(server->by_fd, &server->capacity,
					 sizeof(struct server_connection), fd);

	if (table == NULL) {
		ledger_failure(server->ledger, server->row, CALL_MEMORY, errno);
		worker_count_held(server->row, canary, -1);
		newcomers_closed(server->newcomers, fd);
		close(fd);
		return;
	}
	server->by_fd = table;
	server->by_fd[fd] = (struct server_connection){ .open = true, .canary = canary };
	if (watch_fd(server->epoll, EPOLL_CTL_ADD, fd, EPOLLIN) == -1)
		ledger_failure(server->ledger, server->row, CALL_EPOLL, errno);
	if (protocol->greet != NULL)
		send_buffer(server, fd,
			    protocol->greet(server->buffer, sizeof(server->buffer)));
}

/* The canary's messages are not the load's. */
static void
count_message(struct server *server, ssize_t came)
{
	WORKER_COUNT(server->row, messages, 1);
	if (retain_count(server->retain, RETAIN_MESSAGE, 1) == -1)
		ledger_failure(server->ledger, server->row, CALL_MEMORY, errno);
	WORKER_COUNT(server->row, received_bytes, came);
}

static void
answer(struct server *server, int fd)
{
	bool canary = server->by_fd[fd].canary;
	ssize_t came = recv(fd, server->buffer, sizeof(server->buffer), 0);
	size_t bytes;

	if (came <= 0) {
		if (came == 0 || errno != EAGAIN)
			close_connection(server, fd);
		return;
	}
	bytes = server->protocol->answer(server->buffer, (size_t)came,
					 sizeof(server->buffer));
	if (send_buffer(server, fd, bytes) && !canary)
		count_message(server, came);
}

void
server_handle(struct server *server, int fd)
{
	if (server->by_fd[fd].pending != NULL)
		send_pending(server, fd);
	else if (server->by_fd[fd].open)
		answer(server, fd);
}

static bool
send_all(int fd, const char *data, size_t bytes)
{
	while (bytes > 0) {
		ssize_t sent = send(fd, data, bytes, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		data += sent;
		bytes -= (size_t)sent;
	}
	return true;
}

static void
count_handled(const struct handler_job *job, int64_t messages, ssize_t came, size_t sent)
{
	if (job->canary)
		return;
	WORKER_COUNT(job->acceptor, messages, messages);
	WORKER_COUNT(job->acceptor, received_bytes, came);
	WORKER_COUNT(job->acceptor, sent_bytes, (int64_t)sent);
}

int
handler_main(const struct worker_context *context)
{
	const struct protocol *protocol = protocol_of(context->plan);
	const struct handler_job *job = context->extra;
	char buffer[HANDLER_BUFFER_BYTES];
	size_t bytes = 0;
	ssize_t came;

	if (protocol->greet != NULL)
		bytes = protocol->greet(buffer, sizeof(buffer));
	if (!send_all(job->fd, buffer, bytes))
		return 0;
	if (bytes > 0)
		count_handled(job, 0, 0, bytes);
	while ((came = recv(job->fd, buffer, sizeof(buffer), 0)) > 0) {
		bytes = protocol->answer(buffer, (size_t)came, sizeof(buffer));
		if (!send_all(job->fd, buffer, bytes))
			break;
		count_handled(job, 1, came, bytes);
	}
	return 0;
}
