/*
 * How the built-in server serves what it accepted: the connections that an acceptor holds
 * itself, and the handler, a process of one connection with --handler fork. Both answer by
 * the plan's protocol, and end a connection only after the other side did, or where it is
 * broken.
 */
#ifndef BRINK_RUN_SERVER_H
#define BRINK_RUN_SERVER_H

#include <stdbool.h>
#include <stddef.h>

#include "protocol/protocol.h"
#include "run/claims.h"
#include "run/spawn.h"
#include "run/retain.h"

#define SERVER_BUFFER_BYTES 65536

/* An answer that the socket would not take at once. */
struct pending;

struct server_connection {
	struct pending *pending;
	bool open, canary;
};

struct server {
	const struct protocol *protocol;
	struct ledger *ledger;
	struct worker *row;
	struct retain *retain;
	struct newcomers *newcomers;     /* to be told of what is closed */
	struct server_connection *by_fd; /* see base/fd_table.h */
	size_t capacity;
	int epoll;
	char buffer[SERVER_BUFFER_BYTES];
};

/* What a server is made with: its row counts, retain grows with each message, newcomers
 * hears of what is closed, and epoll watches. All of it outlives the server. */
struct server_parts {
	const struct protocol *protocol;
	struct ledger *ledger;
	struct worker *row;
	struct retain *retain;
	struct newcomers *newcomers;
	int epoll;
};

/* Room for descriptors below capacity. 0, or -1 with errno. */
int server_init(struct server *server, const struct server_parts *parts, size_t capacity);

/* Takes charge of an accepted connection, which is counted as held by now. What the kernel
 * refuses to watch is a failure in the row, and held all the same. */
void server_add(struct server *server, int fd, bool canary);

/* An event came for the descriptor: sends what of an answer is left, else answers what there
 * is. While an answer is not sent whole, nothing more is received. A descriptor that is no
 * connection any more is passed over. */
void server_handle(struct server *server, int fd);

/* context->extra of a handler; what it answers is counted in its acceptor's row. */
struct handler_job {
	struct worker *acceptor;
	int fd;      /* the connection, blocking */
	bool canary; /* nothing is counted */
};

/* Serves until the peer closes. */
int handler_main(const struct worker_context *context);

#endif
