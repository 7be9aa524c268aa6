/*
 * The connections that an acceptor holds itself: it echoes what comes on them, and ends
 * one only after the other side did, or where it is broken.
 */
#ifndef BRINK_RUN_PEERS_H
#define BRINK_RUN_PEERS_H

#include <stdbool.h>
#include <stddef.h>

#include "run/ledger.h"
#include "run/claims.h"
#include "run/retain.h"

#define PEERS_BUFFER_BYTES 65536

/* An echo that the socket would not take at once. */
struct pending;

struct peer {
	struct pending *pending;
	bool open, canary;
};

struct peers {
	struct ledger *ledger;
	struct worker *row;
	struct retain *retain;
	struct newcomers *newcomers; /* to be told of what is closed */
	struct peer *by_fd;          /* see base/fd_table.h */
	size_t capacity;
	int epoll;
	char buffer[PEERS_BUFFER_BYTES];
};

/* Room for descriptors below capacity, which are watched by epoll and counted in the
 * acceptor's row, with what each message is to retain. 0, or -1 with errno. */
int peers_init(struct peers *peers, struct ledger *ledger, struct worker *row,
	       struct retain *retain, int epoll, size_t capacity);

/* Takes charge of an accepted connection, which is counted as held by now. What the kernel
 * refuses to watch is a failure in the row, and held all the same. */
void peers_add(struct peers *peers, int fd, bool canary);

/* An event came for the descriptor: sends what of an echo is left, else echoes what there
 * is. While an echo is not sent whole, nothing more is received. A descriptor that is no
 * peer any more is passed over. */
void peers_serve(struct peers *peers, int fd);

#endif
