#include "run/peers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fd_table.h"
#include "base/watch.h"

struct pending {
	size_t from, to;
	char data[PEERS_BUFFER_BYTES];
};

int
peers_init(struct peers *peers, struct ledger *ledger, struct worker *row,
	   struct retain *retain, int epoll, size_t capacity)
{
	peers->ledger = ledger;
	peers->row = row;
	peers->retain = retain;
	peers->epoll = epoll;
	peers->capacity = capacity;
	peers->by_fd = fd_table_new(capacity, sizeof(struct peer));
	return peers->by_fd == NULL ? -1 : 0;
}

void
peers_add(struct peers *peers, int fd, bool canary)
{
	void *table =
	    fd_table_make_room(peers->by_fd, &peers->capacity, sizeof(struct peer), fd);

	if (table == NULL) {
		ledger_failure(peers->ledger, peers->row, CALL_MEMORY, errno);
		worker_count_held(peers->row, canary, -1);
		newcomers_closed(peers->newcomers, fd);
		close(fd);
		return;
	}
	peers->by_fd = table;
	peers->by_fd[fd] = (struct peer){ .open = true, .canary = canary };
	if (watch_fd(peers->epoll, EPOLL_CTL_ADD, fd, EPOLLIN) == -1)
		ledger_failure(peers->ledger, peers->row, CALL_EPOLL, errno);
}

static void
close_peer(struct peers *peers, int fd)
{
	struct peer *peer = &peers->by_fd[fd];

	worker_count_held(peers->row, peer->canary, -1);
	newcomers_closed(peers->newcomers, fd);
	free(peer->pending);
	*peer = (struct peer){ 0 };
	close(fd);
}

/* Sends the rest of an echo; reading goes on once it is all gone. */
static void
send_pending(struct peers *peers, int fd)
{
	struct peer *peer = &peers->by_fd[fd];
	struct pending *pending = peer->pending;
	ssize_t sent = send(fd, pending->data + pending->from,
			    pending->to - pending->from, MSG_NOSIGNAL);

	if (sent == -1 && errno != EAGAIN) {
		close_peer(peers, fd);
		return;
	}
	if (sent > 0) {
		pending->from += (size_t)sent;
		WORKER_COUNT(peers->row, sent_bytes, sent);
	}
	if (pending->from == pending->to) {
		free(pending);
		peer->pending = NULL;
		watch_fd(peers->epoll, EPOLL_CTL_MOD, fd, EPOLLIN);
	}
}

static void
keep_pending(struct peers *peers, int fd, const char *data, size_t bytes)
{
	struct pending *pending = malloc(sizeof(*pending));

	if (pending == NULL) {
		ledger_failure(peers->ledger, peers->row, CALL_MEMORY, errno);
		close_peer(peers, fd);
		return;
	}
	pending->from = 0;
	pending->to = bytes;
	memcpy(pending->data, data, bytes);
	peers->by_fd[fd].pending = pending;
	watch_fd(peers->epoll, EPOLL_CTL_MOD, fd, EPOLLOUT);
}

static void
echo(struct peers *peers, int fd)
{
	ssize_t got = recv(fd, peers->buffer, sizeof(peers->buffer), 0);

	if (got <= 0) {
		if (got == 0 || errno != EAGAIN)
			close_peer(peers, fd);
		return;
	}
	ssize_t sent = send(fd, peers->buffer, (size_t)got, MSG_NOSIGNAL);
	if (sent == -1 && errno != EAGAIN) {
		close_peer(peers, fd);
		return;
	}
	if (sent < 0)
		sent = 0;
	if (!peers->by_fd[fd].canary) {
		WORKER_COUNT(peers->row, messages, 1);
		if (retain_count(peers->retain, RETAIN_MESSAGE, 1) == -1)
			ledger_failure(peers->ledger, peers->row, CALL_MEMORY, errno);
		WORKER_COUNT(peers->row, received_bytes, got);
		WORKER_COUNT(peers->row, sent_bytes, sent);
	}
	if (sent < got)
		keep_pending(peers, fd, peers->buffer + sent, (size_t)(got - sent));
}

void
peers_serve(struct peers *peers, int fd)
{
	if (peers->by_fd[fd].pending != NULL)
		send_pending(peers, fd);
	else if (peers->by_fd[fd].open)
		echo(peers, fd);
}
