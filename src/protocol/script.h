/*
 * Protocols that are told by texts: what is sent, and how an answer begins that is a service
 * or a refusal. For protocol.c and the file of a user's own protocol.
 */
#ifndef BRINK_PROTOCOL_SCRIPT_H
#define BRINK_PROTOCOL_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "protocol/protocol.h"

#define SCRIPT_STEPS   8
#define SCRIPT_CHOICES 8

/* Bytes, NULs among them. In one that is sent, "{n}" is the connection's number. */
struct script_text {
	const char *bytes;
	size_t length;
};

/* A message, and what its answer begins with: the answer, or a line of it. */
struct script_step {
	struct script_text send;
	struct script_text expect[SCRIPT_CHOICES]; /* none: no answer is waited for */
	size_t expects;
};

struct script {
	struct script_step steps[SCRIPT_STEPS];
	size_t count;
	struct script_text refuse[SCRIPT_CHOICES];
	size_t refuses;
	/* Of a connection that was served: further messages, and what keeps it open. */
	struct script_step again;
	/* An answer is one line: it is quoted whole, and one that is not expected refuses. */
	bool line;
	/* An answer has lines: what refuses is quoted to the end of its line. */
	bool lines;
};

/* For a struct protocol whose own is a struct script. */
size_t script_say(struct protocol_client *client, struct exchange *exchange);
enum exchange_state script_hear(struct protocol_client *client, struct exchange *exchange,
				const struct heard *heard);

#endif
