/*
 * echo: a client sends a message of a fixed size, and is served once as many bytes came back.
 */
#include "protocol/protocol.h"

static size_t
say(struct protocol_client *client, struct exchange *exchange)
{
	/* Asked again for the rest of a message, an answer may have begun. */
	if (exchange->unsent == 0)
		exchange->left = (uint32_t)client->message_bytes;
	return client->message_bytes;
}

static enum exchange_state
hear(struct protocol_client *client, struct exchange *exchange, const struct heard *heard)
{
	(void)client;
	exchange->left -=
	    (uint32_t)(heard->bytes < exchange->left ? heard->bytes : exchange->left);
	return exchange->left > 0 ? EXCHANGE_WAITS : EXCHANGE_SERVED;
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
	.say = say,
	.hear = hear,
	.answer = answer,
};
