/*
 * mqtt: a client connects (MQTT 3.1.1), and is served once the broker acknowledges it; then it
 * pings.
 */
#include <string.h>
#include <unistd.h>

#include "protocol/protocol.h"

/* Of the packets' first byte (MQTT 3.1.1, section 2.2.1). */
#define CONNECT       0x10
#define CONNACK       0x20
#define PINGREQ       0xc0
#define PINGRESP      0xd0

#define CONNACK_BYTES 4
#define CLIENT_ID_MAX 23 /* as much as every broker takes (section 3.1.3.1) */

/* By the return code of a CONNACK (section 3.2.2.3). */
static const char *const refusals[] = {
	"",
	"unacceptable protocol version",
	"identifier rejected",
	"server unavailable",
	"bad user name or password",
	"not authorized",
};

/* A broker ends the connection of one that has the same name: no two may have it, nor those of
 * another run. */
static size_t
client_id(char id[CLIENT_ID_MAX + 1], uint32_t number)
{
	int length = snprintf(id, CLIENT_ID_MAX + 1, "brink-%d-%u", getpid(), number);

	return (size_t)length < CLIENT_ID_MAX ? (size_t)length : CLIENT_ID_MAX;
}

static size_t
say(struct protocol_client *client, struct exchange *exchange)
{
	/* A clean session, kept without pings for as long as it lasts. */
	static const char header[] = { 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0 };
	char id[CLIENT_ID_MAX + 1];
	size_t length = client_id(id, exchange->number);
	char *to = client->message;

	if (exchange->again) {
		*to++ = (char)PINGREQ;
		*to++ = 0;
		return 2;
	}
	*to++ = CONNECT;
	*to++ = (char)(sizeof(header) + 2 + length);
	to = mempcpy(to, header, sizeof(header));
	*to++ = 0;
	*to++ = (char)length;
	to = mempcpy(to, id, length);
	return (size_t)(to - client->message);
}

static enum exchange_state
refuse(struct protocol_client *client, unsigned char code)
{
	const char *why =
	    code < sizeof(refusals) / sizeof(refusals[0]) ? refusals[code] : "unknown";
	char words[PROTOCOL_WORDS];
	int length = snprintf(words, sizeof(words), "CONNACK %u: %s", code, why);

	protocol_keep_words(client, words, (size_t)length);
	return EXCHANGE_REFUSED;
}

static enum exchange_state
hear(struct protocol_client *client, struct exchange *exchange, const struct heard *heard)
{
	const unsigned char *packet = (const unsigned char *)heard->head;

	if (packet[0] != (exchange->again ? PINGRESP : CONNACK))
		return EXCHANGE_REFUSED;
	if (exchange->again)
		return heard->head_bytes >= 2 ? EXCHANGE_SERVED : EXCHANGE_WAITS;
	if (heard->head_bytes < CONNACK_BYTES)
		return EXCHANGE_WAITS;
	return packet[3] == 0 ? EXCHANGE_SERVED : refuse(client, packet[3]);
}

const struct protocol protocol_mqtt = {
	.name = "mqtt",
	.say = say,
	.hear = hear,
};
