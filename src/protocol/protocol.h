/*
 * What is said on a connection: what a client sends, which answer means that it was served,
 * and, where it is brink's own server that answers, what that says.
 *
 * A protocol is one file with one struct protocol, and a line here and in protocol.c. It
 * has no descriptor, no clock and no counter of its own, and waits for nothing: clients and
 * the canary speak it, the acceptors and handlers of the built-in server answer by it, and
 * each of them counts for itself. So this layer stands right of plan and left of run: it
 * includes nothing of run, or what follows it.
 */
#ifndef BRINK_PROTOCOL_PROTOCOL_H
#define BRINK_PROTOCOL_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "plan/plan.h"
#include "model/call.h"

/* A message and its answer, of one connection. The protocol's alone; it need not be set
 * before begin(). Kept small: a client holds one for each of its connections. */
struct exchange {
	uint32_t unsent;     /* bytes of the message that are still to be sent */
	uint32_t unanswered; /* bytes of the answer that are still to come */
};

/* What an exchange waits for, or what came of it. */
enum exchange_state {
	EXCHANGE_SENDS,  /* until the socket takes more: writable() */
	EXCHANGE_WAITS,  /* until something comes: readable() */
	EXCHANGE_SERVED, /* answered whole: another may begin */
	EXCHANGE_REFUSED, /* answered, but not so that it was served: client->words say how */
	EXCHANGE_FAILED, /* the connection is of no use any more: call and error say why */
};

struct protocol;

/* Bytes of an answer that are kept to be quoted. */
#define PROTOCOL_WORDS 120

/* A process that speaks the protocol as a client, on any number of connections. */
struct protocol_client {
	const struct protocol *protocol;
	char *message; /* message_bytes, and as many to receive into */
	size_t message_bytes;
	int64_t sent_bytes, received_bytes; /* so far, over all connections */
	/* Of the exchange that failed last; error 0: end-of-file. */
	enum call call;
	int error;
	/* Of the exchange that was refused last: how the answer began, as it came. */
	char words[PROTOCOL_WORDS];
	size_t words_bytes;
};

struct protocol {
	const char *name;
	/* A connection is served once, by a greeting or a login: no more messages are sent. */
	bool once;

	/* The side of the client, on a nonblocking socket. begin() starts an exchange on a
	 * connection that is established and has none; the others go on with it when the
	 * socket is ready. */
	enum exchange_state (*begin)(struct protocol_client *client, int fd,
				     struct exchange *exchange);
	enum exchange_state (*writable)(struct protocol_client *client, int fd,
					struct exchange *exchange);
	enum exchange_state (*readable)(struct protocol_client *client, int fd,
					struct exchange *exchange);

	/* The side of the built-in server. What it says to a newcomer: writes at most size
	 * bytes to buffer and returns how many. NULL: the client speaks first. */
	size_t (*greet)(char *buffer, size_t size);
	/* What it answers to the bytes that came: written over them, at most size. Returns
	 * how many; 0: nothing yet. */
	size_t (*answer)(char *buffer, size_t came, size_t size);
};

extern const struct protocol protocol_echo;

/* The protocol that the connections of a plan speak. */
const struct protocol *protocol_of(const struct plan *plan);

/* The protocol of a name, or NULL. */
const struct protocol *protocol_find(const char *name);

/* For protocols: keeps how an answer that is refused began. */
void protocol_keep_words(struct protocol_client *client, const char *data, size_t bytes);

/* For messages of that many bytes, all 0. 0, or -1 without memory. */
int protocol_client_init(struct protocol_client *client, const struct protocol *protocol,
			 size_t message_bytes);

/* For protocols, and for a connection that is held in silence: what came on it, in the
 * second half of client->message, at most message_bytes. 0: nothing, for now; -1: it is at
 * its end, or broken, and client->call and error are set. */
ssize_t protocol_receive(struct protocol_client *client, int fd);

/* For protocols: how many of the bytes the socket took, which may be 0; -1: it is broken,
 * and client->call and error are set. */
ssize_t protocol_send(struct protocol_client *client, int fd, const char *data,
		      size_t bytes);

#endif
