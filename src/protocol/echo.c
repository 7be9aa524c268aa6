/*
 * echo: a client sends a message of a fixed size, and is served once as many bytes came back.
 */
#include "protocol/protocol.h"

/* An answer may come whole before the message has left: it is the other side's own then, and
 * the connection is not done before both are. */
static enum exchange_state
state_of(const struct exchange *exchange)
{
	if (exchange->unsent > 0)
		return EXCHANGE_SENDS;
	return exchange->unanswered > 0 ? EXCHANGE_WAITS : EXCHANGE_SERVED;
}

static enum exchange_state
writable(struct protocol_client *client, int fd, struct exchange *exchange)
{
	ssize_t sent = protocol_send(client, fd, client->message, exchange->unsent);

	if (sent == -1)
		return EXCHANGE_FAILED;
	exchange->unsent -= (uint32_t)sent;
	return state_of(exchange);
}

static enum exchange_state
begin(struct protocol_client *client, int fd, struct exchange *exchange)
{
	exchange->unsent = (uint32_t)client->message_bytes;
	exchange->unanswered = exchange->unsent;
	return writable(client, fd, exchange);
}

static enum exchange_state
readable(struct protocol_client *client, int fd, struct exchange *exchange)
{
	ssize_t got = protocol_receive(client, fd);

	if (got == -1)
		return EXCHANGE_FAILED;
	exchange->unanswered -=
	    (uint32_t)(got < exchange->unanswered ? got : exchange->unanswered);
	return state_of(exchange);
}

static size_t
answer(char *buffer, size_t came, size_t size)
{
	(void)buffer;
	(void)size;
	return came;
}

const struct protocol protocol_echo = {
	.name = "echo",
	.begin = begin,
	.writable = writable,
	.readable = readable,
	.answer = answer,
};
