/*
 * http: a client asks for "/" (HTTP/1.1, RFC 9112), reads the answer to its end and keeps the
 * connection.
 */
#include "protocol/http.h"

#include <assert.h>
#include <string.h>

/* What of an answer comes next; of exchange.stage. */
enum stage {
	STATUS, /* "HTTP/1.1 200", exchange.match bytes of which came */
	REASON, /* the rest of that line */
	FIELD, /* a field's name, exchange.match bytes of which came; or the head's end */
	FIELD_REST,  /* what of a line says nothing to us */
	LENGTH,      /* Content-Length */
	CODING,      /* Transfer-Encoding; exchange.match bytes of "chunked" came */
	BODY,        /* exchange.left bytes */
	CHUNK_SIZE,  /* in exchange.left; exchange.match is 1 once there is a digit */
	CHUNK_REST,  /* the rest of that line */
	CHUNK,       /* exchange.left bytes */
	CHUNK_END,   /* the end of the line behind them */
	TRAILER,     /* a line behind the last chunk; exchange.match bytes of it came */
	UNTIL_CLOSE, /* all that comes */
	STAGES
};
static_assert(STAGES <= HTTP_STAGES, "a stage of another protocol");

/* What is known of an answer; of exchange.flags. */
enum {
	REFUSES = 1,     /* the status is none that serves, or it is no HTTP */
	INTERIM = 2,     /* another answer follows: 1xx */
	NO_BODY = 4,     /* the status has none, whatever the head says */
	HAS_LENGTH = 8,  /* exchange.left is that of the body */
	CHUNKED = 16,    /* or it comes in chunks */
	MALFORMED = 32,  /* a length that is no number, or one of 4 GiB and more */
	MAY_LENGTH = 64, /* so far the field's name is that of the length */
	MAY_CODING = 128,
};

static const char start[] = "HTTP/1.";
static const char length_field[] = "content-length";
static const char coding_field[] = "transfer-encoding";
static const char chunked[] = "chunked";

/* Digits of the status begin there. */
#define STATUS_AT    (sizeof(start) + 1)
#define STATUS_BYTES (STATUS_AT + 3)

static bool
is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static char
lower(char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (char)(byte | 0x20) : byte;
}

/* The value with a digit more; it is malformed where that is too much. */
static void
add_digit(struct exchange *exchange, unsigned int digit, unsigned int base)
{
	uint64_t value = (uint64_t)exchange->left * base + digit;

	if (value > UINT32_MAX)
		exchange->flags |= MALFORMED;
	exchange->left = (uint32_t)value;
}

static void
judge_status(struct exchange *exchange, uint32_t status, bool upgrade)
{
	if (upgrade)
		exchange->flags |= status == 101 ? NO_BODY : REFUSES;
	else if (status < 200)
		exchange->flags |= status == 101 ? REFUSES : INTERIM;
	else if (status >= 400)
		exchange->flags |= REFUSES;
	else if (status == 204 || status == 304)
		exchange->flags |= NO_BODY;
}

/* True where the byte may stand there in a status line. */
static bool
status_allows(size_t at, char byte)
{
	if (at < sizeof(start) - 1)
		return byte == start[at];
	return at == STATUS_AT - 1 ? byte == ' ' : is_digit(byte);
}

static void
begin_line(struct exchange *exchange)
{
	exchange->stage = FIELD;
	exchange->match = 0;
	exchange->flags |= MAY_LENGTH | MAY_CODING;
}

static enum exchange_state
hear_reason(struct exchange *exchange, char byte)
{
	if (byte != '\n')
		return EXCHANGE_WAITS;
	if ((exchange->flags & REFUSES) != 0)
		return EXCHANGE_REFUSED;
	exchange->left = 0;
	begin_line(exchange);
	return EXCHANGE_WAITS;
}

static enum exchange_state
hear_status(struct exchange *exchange, char byte, bool upgrade)
{
	if (!status_allows(exchange->match, byte)) {
		exchange->flags |= REFUSES;
		exchange->stage = REASON;
		return hear_reason(exchange, byte);
	}
	if (exchange->match++ >= STATUS_AT)
		add_digit(exchange, (unsigned int)(byte - '0'), 10);
	if (exchange->match == STATUS_BYTES) {
		judge_status(exchange, exchange->left, upgrade);
		exchange->stage = REASON;
	}
	return EXCHANGE_WAITS;
}

static enum exchange_state
head_over(struct exchange *exchange)
{
	uint8_t flags = exchange->flags;

	exchange->match = 0;
	if ((flags & INTERIM) != 0) {
		http_begin(exchange);
		return EXCHANGE_WAITS;
	}
	if ((flags & NO_BODY) != 0)
		return EXCHANGE_SERVED;
	if ((flags & CHUNKED) != 0) {
		exchange->stage = CHUNK_SIZE;
		exchange->left = 0;
		exchange->flags = 0;
		return EXCHANGE_WAITS;
	}
	if ((flags & MALFORMED) != 0)
		return EXCHANGE_REFUSED;
	exchange->stage = (flags & HAS_LENGTH) != 0 ? BODY : UNTIL_CLOSE;
	return exchange->stage == BODY && exchange->left == 0 ? EXCHANGE_SERVED
							      : EXCHANGE_WAITS;
}

/* The name of a field is whole: what its value tells. */
static enum stage
value_of(struct exchange *exchange)
{
	if ((exchange->flags & MAY_LENGTH) != 0 &&
	    exchange->match == sizeof(length_field) - 1) {
		exchange->left = 0;
		exchange->flags |= HAS_LENGTH;
		return LENGTH;
	}
	if ((exchange->flags & MAY_CODING) != 0 &&
	    exchange->match == sizeof(coding_field) - 1) {
		exchange->match = 0;
		return CODING;
	}
	return FIELD_REST;
}

/* True where a name of so many bytes goes on so. */
static bool
goes_on(const char *name, size_t length, size_t at, char byte)
{
	return at < length && name[at] == lower(byte);
}

static enum exchange_state
hear_field(struct exchange *exchange, char byte, bool upgrade)
{
	(void)upgrade;
	if (byte == '\r')
		return EXCHANGE_WAITS;
	if (byte == '\n') {
		if (exchange->match == 0)
			return head_over(exchange);
		begin_line(exchange);
		return EXCHANGE_WAITS;
	}
	if (byte == ':') {
		exchange->stage = (uint8_t)value_of(exchange);
		return EXCHANGE_WAITS;
	}
	if (!goes_on(length_field, sizeof(length_field) - 1, exchange->match, byte))
		exchange->flags &= (uint8_t)~MAY_LENGTH;
	if (!goes_on(coding_field, sizeof(coding_field) - 1, exchange->match, byte))
		exchange->flags &= (uint8_t)~MAY_CODING;
	if ((exchange->flags & (MAY_LENGTH | MAY_CODING)) == 0)
		exchange->stage = FIELD_REST;
	exchange->match++;
	return EXCHANGE_WAITS;
}

static enum exchange_state
hear_field_rest(struct exchange *exchange, char byte, bool upgrade)
{
	(void)upgrade;
	if (byte == '\n')
		begin_line(exchange);
	return EXCHANGE_WAITS;
}

static enum exchange_state
hear_length(struct exchange *exchange, char byte, bool upgrade)
{
	if (is_digit(byte))
		add_digit(exchange, (unsigned int)(byte - '0'), 10);
	else if (strchr(" \t\r\n", byte) == NULL)
		exchange->flags |= MALFORMED;
	return hear_field_rest(exchange, byte, upgrade);
}

static enum exchange_state
hear_coding(struct exchange *exchange, char byte, bool upgrade)
{
	if (goes_on(chunked, sizeof(chunked) - 1, exchange->match, byte)) {
		if (++exchange->match == sizeof(chunked) - 1)
			exchange->flags |= CHUNKED;
	} else
		exchange->match = lower(byte) == chunked[0];
	return hear_field_rest(exchange, byte, upgrade);
}

static enum exchange_state
hear_chunk_rest(struct exchange *exchange, char byte, bool upgrade)
{
	(void)upgrade;
	if (byte == '\n') {
		exchange->match = 0;
		exchange->stage = exchange->left > 0 ? CHUNK : TRAILER;
	}
	return EXCHANGE_WAITS;
}

/* The value of a hexadecimal digit, or -1. */
static int
hex_digit(char byte)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = byte != '\0' ? strchr(digits, lower(byte)) : NULL;

	return at != NULL ? (int)(at - digits) : -1;
}

static enum exchange_state
hear_chunk_size(struct exchange *exchange, char byte, bool upgrade)
{
	int digit = hex_digit(byte);

	if (digit >= 0) {
		add_digit(exchange, (unsigned int)digit, 16);
		exchange->match = 1;
		return EXCHANGE_WAITS;
	}
	if (exchange->match == 0 || (exchange->flags & MALFORMED) != 0)
		return EXCHANGE_REFUSED;
	exchange->stage = CHUNK_REST;
	return hear_chunk_rest(exchange, byte, upgrade);
}

static enum exchange_state
hear_chunk_end(struct exchange *exchange, char byte, bool upgrade)
{
	(void)upgrade;
	if (byte != '\r' && byte != '\n')
		return EXCHANGE_REFUSED;
	if (byte == '\n') {
		exchange->stage = CHUNK_SIZE;
		exchange->match = 0;
	}
	return EXCHANGE_WAITS;
}

static enum exchange_state
hear_trailer(struct exchange *exchange, char byte, bool upgrade)
{
	(void)upgrade;
	if (byte == '\n' && exchange->match == 0)
		return EXCHANGE_SERVED;
	if (byte != '\r')
		exchange->match = byte != '\n';
	return EXCHANGE_WAITS;
}

static enum exchange_state
hear_rest_of_status(struct exchange *exchange, char byte, bool upgrade)
{
	(void)upgrade;
	return hear_reason(exchange, byte);
}

/* Stages that are read byte by byte; the others pass over what comes. */
static enum exchange_state (*const hear_byte[STAGES])(struct exchange *exchange,
						      char byte, bool upgrade) = {
	[STATUS] = hear_status,         [REASON] = hear_rest_of_status,
	[FIELD] = hear_field,           [FIELD_REST] = hear_field_rest,
	[LENGTH] = hear_length,         [CODING] = hear_coding,
	[CHUNK_SIZE] = hear_chunk_size, [CHUNK_REST] = hear_chunk_rest,
	[CHUNK_END] = hear_chunk_end,   [TRAILER] = hear_trailer,
};

/* A body, as far as it came. */
static enum exchange_state
pass_over(struct exchange *exchange, const char **at, const char *end)
{
	size_t bytes = (size_t)(end - *at);

	if (exchange->stage == UNTIL_CLOSE) {
		*at = end;
		return EXCHANGE_WAITS;
	}
	if (bytes > exchange->left)
		bytes = exchange->left;
	*at += bytes;
	exchange->left -= (uint32_t)bytes;
	if (exchange->left > 0)
		return EXCHANGE_WAITS;
	if (exchange->stage == BODY)
		return EXCHANGE_SERVED;
	exchange->stage = CHUNK_END;
	return EXCHANGE_WAITS;
}

void
http_begin(struct exchange *exchange)
{
	exchange->stage = STATUS;
	exchange->match = 0;
	exchange->flags = 0;
	exchange->left = 0;
}

enum exchange_state
http_hear(struct exchange *exchange, const char **at, const char *end, bool upgrade)
{
	enum exchange_state state = EXCHANGE_WAITS;

	while (*at < end && state == EXCHANGE_WAITS) {
		if (hear_byte[exchange->stage] != NULL) {
			char byte = *(*at)++;

			state = hear_byte[exchange->stage](exchange, byte, upgrade);
		} else
			state = pass_over(exchange, at, end);
	}
	return state;
}

bool
http_ends(const struct exchange *exchange)
{
	return exchange->stage == UNTIL_CLOSE;
}

static size_t
say(struct protocol_client *client, struct exchange *exchange)
{
	static const char request[] = "GET / HTTP/1.1\r\n"
				      "Host: localhost\r\n"
				      "User-Agent: brink\r\n"
				      "Accept: */*\r\n"
				      "\r\n";

	if (exchange->unsent == 0)
		http_begin(exchange);
	memcpy(client->message, request, sizeof(request) - 1);
	return sizeof(request) - 1;
}

static enum exchange_state
hear(struct protocol_client *client, struct exchange *exchange, const struct heard *heard)
{
	const char *at = heard->data;

	(void)client;
	return http_hear(exchange, &at, at + heard->bytes, false);
}

const struct protocol protocol_http = {
	.name = "http",
	.say = say,
	.hear = hear,
	.ends = http_ends,
};
