/*
 * websocket: a client upgrades (RFC 6455) and pings, and is served once the server has switched
 * protocols and answered: some switch, and then say by a frame that they have no room.
 */
#include <string.h>

#include "protocol/http.h"

/* Of a frame's first byte. */
#define OPCODE       0x0f
#define OPCODE_CLOSE 0x8
#define OPCODE_PING  0x9
#define OPCODE_PONG  0xa
/* Of its second. */
#define MASKED        0x80
#define LENGTH_NEXT_2 126
#define LENGTH_NEXT_8 127

#define CONTROL_MAX   125 /* bytes of a ping */

/* What of a frame comes next: in exchange.stage, behind those of HTTP, once the connection is
 * upgraded. The opcode is in exchange.flags, the bytes of the length that are still to come in
 * exchange.match. */
enum stage { FIRST = HTTP_STAGES, SECOND, LENGTH, PAYLOAD };

static bool
is_upgraded(const struct exchange *exchange)
{
	return exchange->stage >= FIRST;
}

static size_t
say(struct protocol_client *client, struct exchange *exchange)
{
	/* The key of the RFC's example (section 1.3): it proves nothing here. */
	static const char upgrade[] = "GET / HTTP/1.1\r\n"
				      "Host: localhost\r\n"
				      "Upgrade: websocket\r\n"
				      "Connection: Upgrade\r\n"
				      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
				      "Sec-WebSocket-Version: 13\r\n"
				      "\r\n";
	/* Without a payload, so that there is nothing to mask. */
	static const char ping[] = { (char)0x89, (char)MASKED, 'b', 'r', 'n', 'k' };
	bool pings = is_upgraded(exchange);
	const char *message = pings ? ping : upgrade;
	size_t bytes = pings ? sizeof(ping) : sizeof(upgrade) - 1;

	if (!pings && exchange->unsent == 0)
		http_begin(exchange);
	memcpy(client->message, message, bytes);
	return bytes;
}

/* A server masks nothing (section 5.1). */
static enum exchange_state
begin_length(struct exchange *exchange, unsigned char byte)
{
	if ((byte & MASKED) != 0)
		return EXCHANGE_REFUSED;
	exchange->match = byte == LENGTH_NEXT_2 ? 2 : byte == LENGTH_NEXT_8 ? 8 : 0;
	exchange->left = exchange->match > 0 ? 0 : byte;
	exchange->stage = exchange->match > 0 ? LENGTH : PAYLOAD;
	return EXCHANGE_WAITS;
}

static enum exchange_state
add_length(struct exchange *exchange, unsigned char byte)
{
	if (exchange->left >> 24 != 0)
		return EXCHANGE_REFUSED;
	exchange->left = exchange->left << 8 | byte;
	if (--exchange->match == 0)
		exchange->stage = PAYLOAD;
	return EXCHANGE_WAITS;
}

static enum exchange_state
hear_byte(struct exchange *exchange, unsigned char byte)
{
	if (exchange->stage == SECOND)
		return begin_length(exchange, byte);
	if (exchange->stage == LENGTH)
		return add_length(exchange, byte);
	exchange->flags = byte & OPCODE;
	exchange->stage = SECOND;
	return EXCHANGE_WAITS;
}

/* A pong carries what its ping did, masked, as all that a client sends. */
static void
answer_ping(struct protocol_client *client, const char *payload, size_t bytes)
{
	static const char mask[] = { 'b', 'r', 'n', 'k' };
	char *to = client->message;

	*to++ = (char)0x8a;
	*to++ = (char)(MASKED | bytes);
	to = mempcpy(to, mask, sizeof(mask));
	for (size_t i = 0; i < bytes; i++)
		*to++ = (char)(payload[i] ^ mask[i % sizeof(mask)]);
	client->reply_bytes = (size_t)(to - client->message);
}

/* "close 1013: try again later" (section 5.5.1). */
static void
quote_close(struct protocol_client *client, const char *payload, size_t bytes)
{
	const unsigned char *code = (const unsigned char *)payload;
	char words[PROTOCOL_WORDS + 1];
	int length;

	if (bytes < 2) {
		protocol_keep_words(client, "close", strlen("close"));
		return;
	}
	length = snprintf(words, sizeof(words), "close %d: %.*s", code[0] << 8 | code[1],
			  (int)(bytes - 2), payload + 2);
	protocol_keep_words(client, words,
			    (size_t)length < sizeof(words) ? (size_t)length
							   : sizeof(words) - 1);
}

/* A frame is whole; payload: NULL where it came in pieces. One that pings or closes has at most
 * 125 bytes, which come at once as a rule: in pieces its payload is not kept for an answer. */
static enum exchange_state
frame_over(struct protocol_client *client, struct exchange *exchange, const char *payload,
	   size_t bytes)
{
	exchange->stage = FIRST;
	if (exchange->flags == OPCODE_CLOSE) {
		quote_close(client, payload, payload != NULL ? bytes : 0);
		return EXCHANGE_REFUSED;
	}
	if (exchange->flags == OPCODE_PING && payload != NULL && bytes <= CONTROL_MAX)
		answer_ping(client, payload, bytes);
	return exchange->flags == OPCODE_PONG ? EXCHANGE_SERVED : EXCHANGE_WAITS;
}

static enum exchange_state
hear_frames(struct protocol_client *client, struct exchange *exchange, const char *at,
	    const char *end)
{
	enum exchange_state state = EXCHANGE_WAITS;
	const char *payload = NULL;

	while (at < end && state == EXCHANGE_WAITS) {
		if (exchange->stage == PAYLOAD) {
			size_t bytes = (size_t)(end - at);

			if (bytes > exchange->left)
				bytes = exchange->left;
			at += bytes;
			exchange->left -= (uint32_t)bytes;
		} else {
			state = hear_byte(exchange, (unsigned char)*at++);
			payload = at;
		}
		if (exchange->stage == PAYLOAD && exchange->left == 0) {
			state = frame_over(client, exchange, payload,
					   payload != NULL ? (size_t)(at - payload) : 0);
			payload = NULL;
		}
	}
	return state;
}

static enum exchange_state
hear(struct protocol_client *client, struct exchange *exchange, const struct heard *heard)
{
	const char *at = heard->data, *end = at + heard->bytes;
	enum exchange_state state;

	if (is_upgraded(exchange))
		return hear_frames(client, exchange, at, end);
	state = http_hear(exchange, &at, end, true);
	if (state != EXCHANGE_SERVED)
		return state;
	/* Frames may follow at once. */
	exchange->stage = FIRST;
	state = hear_frames(client, exchange, at, end);
	return state == EXCHANGE_WAITS ? EXCHANGE_SENDS : state;
}

const struct protocol protocol_websocket = {
	.name = "websocket",
	.say = say,
	.hear = hear,
	.overhears = true,
};
