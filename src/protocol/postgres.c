/*
 * postgres: a client starts a session (protocol 3.0), and is served once the server is ready
 * for its queries, or asks who it is; then it asks for nothing but to be answered (Sync).
 */
#include <stdlib.h>
#include <string.h>

#include "protocol/protocol.h"

#define VERSION      196608 /* 3.0 */
#define HEADER_BYTES 5      /* a type, and a length that counts itself */
#define LENGTH_BYTES 4
/* A server's message before it is ready; anything longer is another protocol's. */
#define LENGTH_MAX (1 << 20)

/* What of a message comes next; of a session that was served, whether it may go on. */
enum stage { HEADER, BODY, ASKED };

/* In exchange.flags, beside the type of the message: the server asks for a password. */
#define ASKS 0x80

static char *
put_length(char *to, size_t length)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		*to++ = (char)(length >> shift);
	return to;
}

static char *
put_setting(char *to, const char *name, const char *value, const char *otherwise)
{
	if (value == NULL || strlen(value) > 255)
		value = otherwise;
	to = stpcpy(to, name) + 1;
	return stpcpy(to, value) + 1;
}

static size_t
say_sync(struct protocol_client *client)
{
	client->message[0] = 'S';
	put_length(client->message + 1, LENGTH_BYTES);
	return HEADER_BYTES;
}

static size_t
say(struct protocol_client *client, struct exchange *exchange)
{
	char *to = client->message + LENGTH_BYTES;

	if (exchange->stage == ASKED) {
		exchange->answered = 1;
		return 0;
	}
	if (exchange->again)
		return say_sync(client);
	to = put_length(to, VERSION);
	to = put_setting(to, "user", getenv("PGUSER"), "postgres");
	to = put_setting(to, "database", getenv("PGDATABASE"), "postgres");
	to = put_setting(to, "application_name", NULL, "brink");
	*to++ = '\0';
	put_length(client->message, (size_t)(to - client->message));
	return (size_t)(to - client->message);
}

/* The field of that type of an error's fields, each a type and a text that a NUL ends; "" where
 * it has none. */
static const char *
field(const char *fields, const char *end, char type)
{
	for (const char *at = fields; at < end && *at != '\0';) {
		const char *next = memchr(at, '\0', (size_t)(end - at));

		if (*at == type)
			return at + 1;
		if (next == NULL)
			break;
		at = next + 1;
	}
	return "";
}

/* "FATAL 53300: sorry, too many clients already", of the error that is the last message of what
 * came from the beginning. */
static void
quote_error(struct protocol_client *client, const struct heard *heard)
{
	char text[PROTOCOL_HEAD_BYTES + 1], words[PROTOCOL_HEAD_BYTES + 8];
	const char *at = text, *end = text + heard->head_bytes;
	int length;

	memcpy(text, heard->head, heard->head_bytes);
	text[heard->head_bytes] = '\0';
	while (end - at > HEADER_BYTES && *at != 'E') {
		uint32_t bytes = 0;

		for (int i = 1; i < HEADER_BYTES; i++)
			bytes = bytes << 8 | (unsigned char)at[i];
		if (bytes >= (size_t)(end - at))
			return;
		at += 1 + bytes;
	}
	if (end - at <= HEADER_BYTES)
		return;
	at += HEADER_BYTES;
	length = snprintf(words, sizeof(words), "%s %s: %s", field(at, end, 'S'),
			  field(at, end, 'C'), field(at, end, 'M'));
	protocol_keep_words(client, words, (size_t)length);
}

/* A byte of a message's header. */
static enum exchange_state
hear_header(struct exchange *exchange, unsigned char byte)
{
	if (exchange->match == 0) {
		if (byte == '\0' || strchr("RESKZNv", byte) == NULL)
			return EXCHANGE_REFUSED;
		exchange->flags = byte;
		exchange->left = 0;
	} else
		exchange->left = exchange->left << 8 | byte;
	if (++exchange->match < HEADER_BYTES)
		return EXCHANGE_WAITS;
	if (exchange->left < LENGTH_BYTES || exchange->left > LENGTH_MAX) {
		exchange->flags = 0;
		return EXCHANGE_REFUSED;
	}
	exchange->left -= LENGTH_BYTES;
	exchange->match = 0;
	exchange->stage = BODY;
	return EXCHANGE_WAITS;
}

/* Of a message's body, as far as it came: how much. */
static size_t
hear_body(struct exchange *exchange, const char *data, size_t bytes)
{
	size_t used = bytes < exchange->left ? bytes : exchange->left;

	/* An authentication request begins with its kind, 0: none is needed. */
	for (size_t i = 0; i < used && exchange->match < 4; i++, exchange->match++)
		if (exchange->flags == 'R' && data[i] != 0)
			exchange->flags |= ASKS;
	exchange->left -= (uint32_t)used;
	return used;
}

static enum exchange_state
message_over(struct exchange *exchange)
{
	exchange->stage = HEADER;
	exchange->match = 0;
	if (exchange->flags == 'E')
		return EXCHANGE_REFUSED;
	if (exchange->flags == ('R' | ASKS)) {
		exchange->stage = ASKED;
		return EXCHANGE_SERVED;
	}
	return exchange->flags == 'Z' ? EXCHANGE_SERVED : EXCHANGE_WAITS;
}

static enum exchange_state
hear(struct protocol_client *client, struct exchange *exchange, const struct heard *heard)
{
	enum exchange_state state = EXCHANGE_WAITS;

	for (size_t i = 0; i < heard->bytes && state == EXCHANGE_WAITS;) {
		if (exchange->stage == HEADER)
			state = hear_header(exchange, (unsigned char)heard->data[i++]);
		else
			i += hear_body(exchange, heard->data + i, heard->bytes - i);
		if (exchange->stage == BODY && exchange->left == 0)
			state = message_over(exchange);
	}
	if (state == EXCHANGE_REFUSED && exchange->flags == 'E')
		quote_error(client, heard);
	return state;
}

const struct protocol protocol_postgres = {
	.name = "postgres",
	.say = say,
	.hear = hear,
};
