/*
 * A client's talk on its connections: message after message, each sent once the one before
 * was echoed whole, then silence.
 */
#ifndef BRINK_RUN_TALK_H
#define BRINK_RUN_TALK_H

#include <stdbool.h>
#include <stdint.h>

#include "run/connections.h"
#include "run/worker.h"

struct talk {
	const struct plan *plan;
	struct ledger *ledger;
	struct worker *row;
	struct histogram *echo;
	int epoll;
	char *message; /* message_bytes, and as many to receive into */
	/* Of the connection that was lost last; error 0: end-of-file. */
	enum call call;
	int error;
};

/* Of the client whose row it is, with its descriptors watched by epoll. 0, or -1 without
 * memory. */
int talk_init(struct talk *talk, const struct worker_context *context, struct worker *row,
	      int epoll);

/* Both false where the connection is lost: talk->call and talk->error say how, and closing
 * it is the caller's. */

/* Sends the first message on a connection that was just established and is watched. */
bool talk_begin(struct talk *talk, int fd, struct connection *c);

/* epoll's events came for an established connection: sends and receives what there is. */
bool talk_serve(struct talk *talk, int fd, struct connection *c, uint32_t events);

#endif
