/*
 * The connections of one client, by descriptor: 32 bytes each, in memory that is touched
 * only as far as descriptors go.
 */
#ifndef BRINK_RUN_CONNECTIONS_H
#define BRINK_RUN_CONNECTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "protocol/protocol.h"

enum connection_state {
	CONNECTION_NONE, /* no such descriptor */
	CONNECTION_CONNECTING,
	CONNECTION_TALKING, /* a message is on its way */
	CONNECTION_HELD,
};

/* Exchanges of a connection: more than a plan's messages may be. */
#define CONNECTION_LEFT_BITS 20
#define CONNECTION_LEFT_MAX  ((1U << CONNECTION_LEFT_BITS) - 1)

struct connection {
	int64_t begun_us; /* connecting: when connect(2) was called; talking: when the
			     message was begun */
	union {
		struct {                      /* while connecting */
			int32_t late_us;      /* begun less due */
			int32_t older, newer; /* neighbours in the queue, -1: none */
			uint32_t number;      /* of the connection, from 1 */
		};
		struct exchange exchange; /* while talking */
	};
	/* Exchanges that are not over, this one included. */
	uint32_t left : CONNECTION_LEFT_BITS;
	uint32_t state : 4; /* enum connection_state */
	uint32_t served : 1;
};

struct connections {
	struct connection *by_fd;
	size_t capacity;
	int32_t highest;        /* highest descriptor ever used, -1: none */
	int32_t oldest, newest; /* of those connecting, -1: none */
};

/* Room for descriptors below capacity. 0, or -1 with errno. */
int connections_init(struct connections *connections, int32_t capacity);

/* Has room for the descriptor from then on: pointers into by_fd are no longer valid. 0, or -1
 * with errno. */
int connections_make_room(struct connections *connections, int fd);

/* Starts a connection as the newest of those connecting. */
struct connection *connections_add(struct connections *connections, int fd);

/* Takes it from the queue of those connecting. */
void connections_connected(struct connections *connections, int fd);

/* Forgets it, whatever its state. */
void connections_remove(struct connections *connections, int fd);

#endif
