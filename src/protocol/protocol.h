/*
 * What is said on a connection: what a client sends, which answer means that it was served,
 * which that it was refused, and, where it is brink's own server that answers, what that says.
 *
 * A protocol is a struct protocol in the file of its kind, and a line in protocol.c. It has
 * no descriptor, no clock and no counter, and waits for nothing: it says what is to be sent
 * and judges what came, whatever the pieces. Clients and the canary speak it by the functions
 * below, the acceptors and handlers of the built-in server answer by it, and each of them
 * counts for itself. So this layer stands right of plan and left of run: it includes nothing
 * of run, or what follows it.
 */
#ifndef BRINK_PROTOCOL_PROTOCOL_H
#define BRINK_PROTOCOL_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "plan/plan.h"
#include "model/call.h"

/* A message and its answer, of one connection. All 0, but for the number, on a connection
 * that is new; from then on the protocol's alone. Kept small: a client holds one for each of
 * its connections. */
struct exchange {
	uint32_t unsent; /* bytes of the message that are still to be sent */
	uint32_t left;   /* bytes that are still to come of a part of the answer */
	uint32_t number; /* of the connection, from 1; what a message may carry */
	uint32_t
	    head; /* where the beginning of the answer is kept: 1 + index; 0: nowhere */
	uint8_t stage; /* the protocol's: what comes next, kept over exchanges */
	uint8_t match; /* the protocol's: how much of a word came, of a step the next */
	uint8_t flags; /* the protocol's */
	uint8_t answered : 1; /* served, once all of the message is sent */
	uint8_t again : 1;    /* an exchange of this connection was served before */
};

/* What an exchange waits for, or what came of it. */
enum exchange_state {
	EXCHANGE_SENDS,  /* until the socket takes more: protocol_writable() */
	EXCHANGE_WAITS,  /* until something comes: protocol_readable() */
	EXCHANGE_SERVED, /* answered whole: another may begin */
	EXCHANGE_REFUSED, /* answered otherwise: words say how; nothing more is to be said */
	EXCHANGE_FAILED, /* the connection is of no use any more: call and error say why,
			     and words, where an answer had begun */
};

/* Of an answer that comes in pieces, as much as is kept to be judged and quoted. */
#define PROTOCOL_HEAD_BYTES 256
/* Of an answer, as much as is quoted. */
#define PROTOCOL_WORDS 120
/* Longest message of a protocol whose messages are not of the plan's size. */
#define PROTOCOL_MESSAGE_MAX 4096

/* What came on a connection. */
struct heard {
	const char *head; /* the answer from its beginning, at most PROTOCOL_HEAD_BYTES */
	size_t head_bytes;
	const char *data; /* what is new, in full */
	size_t bytes;
};

struct protocol;
struct protocol_head;

/* A process that speaks the protocol as a client, on any number of connections. */
struct protocol_client {
	const struct protocol *protocol;
	char *message; /* what is sent: message_size, of which the plan's are all 0 */
	size_t message_size, message_bytes;
	size_t reply_bytes; /* of what hear() put there to be sent at once */
	char *buffer;       /* what is received */
	size_t buffer_size;
	struct protocol_head *heads; /* of answers that came in part */
	uint32_t heads_size, heads_free;
	int64_t sent_bytes, received_bytes; /* so far, over all connections */
	/* Of the exchange that failed last; error 0: end-of-file. */
	enum call call;
	int error;
	/* Of the exchange that was refused, failed or abandoned last: the first line that was
	 * answered, as it came; nothing where nothing was. */
	char words[PROTOCOL_WORDS];
	size_t words_bytes;
};

struct protocol {
	const char *name;
	/* A connection is served once, by a greeting: no more messages are sent. */
	bool once;

	/* The side of the client. */

	/* What the next exchange says: writes at most message_size bytes to client->message
	 * and returns how many; the same for the same exchange, as it is asked again where the
	 * socket takes only a part, with unsent above 0. Sets answered where no answer is
	 * waited for. */
	size_t (*say)(struct protocol_client *client, struct exchange *exchange);
	/* Judges what came: EXCHANGE_WAITS for more, _SERVED, _REFUSED, or _SENDS where the
	 * next is to be said, by say(), before the exchange is over. May keep words
	 * where the first line would not say it. An answer may come before its message has
	 * left; the exchange is over once both are. */
	enum exchange_state (*hear)(struct protocol_client *client,
				    struct exchange *exchange, const struct heard *heard);
	/* True where an answer that ends here with the connection is whole. NULL: never. */
	bool (*ends)(const struct exchange *exchange);

	/* What comes between exchanges is heard too, as a part of what follows; hear() may
	 * leave a short reply to it in client->message, and its size in reply_bytes. */
	bool overhears;
	/* What the functions of several protocols of a kind are told by. */
	const void *own;
	/* An exchange so often keeps an idle connection open; 0: none is needed. */
	int64_t every_us;

	/* The side of the built-in server, NULL where it does not speak this protocol. What it
	 * says to a newcomer: writes at most size bytes to buffer and returns how many. NULL:
	 * the client speaks first. */
	size_t (*greet)(char *buffer, size_t size);
	/* What it answers to the bytes that came: written over them, at most size. Returns
	 * how many; 0: nothing yet. */
	size_t (*answer)(char *buffer, size_t came, size_t size);
};

extern const struct protocol protocol_none, protocol_echo, protocol_http,
    protocol_websocket, protocol_redis, protocol_memcached, protocol_postgres,
    protocol_mqtt, protocol_smtp, protocol_ftp, protocol_ssh, protocol_banner;

/* The protocol that the connections of a plan speak. */
const struct protocol *protocol_of(const struct plan *plan);

/* 0 where the plan's protocol is one that its server speaks; -1 after one sentence on err. */
int protocol_check(const struct plan *plan, FILE *err);

/* The protocol of a name, or NULL. */
const struct protocol *protocol_find(const char *name);

/* The protocol of a name, or the one that a file of that name tells: protocol_of() knows it from
 * then on, also in processes that are forked. 0, or -1 after writing to why what is wrong and
 * what is allowed, without a full stop. */
int protocol_load(const char *name, FILE *why);

/* For messages of that many bytes, all 0, where they are of the plan's size. 0, or -1 without
 * memory; it lives as long as the process. */
int protocol_client_init(struct protocol_client *client, const struct protocol *protocol,
			 size_t message_bytes);

/* An exchange on a nonblocking socket that is connected. protocol_begin() starts one, on a
 * connection that has none; the others go on with it when the socket is ready. */
enum exchange_state protocol_begin(struct protocol_client *client, int fd,
				   struct exchange *exchange);
enum exchange_state protocol_writable(struct protocol_client *client, int fd,
				      struct exchange *exchange);
enum exchange_state protocol_readable(struct protocol_client *client, int fd,
				      struct exchange *exchange);

/* An exchange that is given up before it is over: frees what it keeps, and sets client->words
 * to what had come. */
void protocol_abandon(struct protocol_client *client, struct exchange *exchange);

/* For a connection that is held and has no exchange: how much came on it, in client->buffer. 0:
 * nothing, for now; -1: it is at its end, or broken, and client->call and error are set. */
ssize_t protocol_overhear(struct protocol_client *client, int fd,
			  struct exchange *exchange);

/* For protocols: keeps the first line of what was answered. */
void protocol_keep_words(struct protocol_client *client, const char *data, size_t bytes);

#endif
