#include "protocol/script.h"

#include <string.h>

#define TEXT(text)                                          \
	{                                                   \
		.bytes = (text), .length = sizeof(text) - 1 \
	}

static const struct script_step *
step_of(const struct script *script, const struct exchange *exchange)
{
	return exchange->again ? &script->again : &script->steps[exchange->match];
}

/* Writes the number where its place is. The new length of what is written. */
static size_t
expand(const struct script_text *text, uint32_t number, char *to, size_t size)
{
	static const char place[] = "{n}";
	size_t at = 0, used = 0;

	while (at < text->length && used < size) {
		const char *from = text->bytes + at;

		if (text->length - at >= strlen(place) &&
		    memcmp(from, place, strlen(place)) == 0) {
			int written = snprintf(to + used, size - used, "%u", number);

			used +=
			    (size_t)written < size - used ? (size_t)written : size - used;
			at += strlen(place);
		} else {
			to[used++] = *from;
			at++;
		}
	}
	return used;
}

size_t
script_say(struct protocol_client *client, struct exchange *exchange)
{
	const struct script_step *step = step_of(client->protocol->own, exchange);

	if (step->expects == 0)
		exchange->answered = 1;
	return expand(&step->send, exchange->number, client->message,
		      client->message_size);
}

/* True where the line at text begins with one of them. */
static bool
begins_with(const char *text, size_t bytes, const struct script_text *choices,
	    size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (bytes >= choices[i].length &&
		    memcmp(text, choices[i].bytes, choices[i].length) == 0)
			return true;
	return false;
}

/* The beginning of the next line, or NULL where this one is the last that is known. */
static const char *
next_line(const char *text, const char *end)
{
	const char *newline = memchr(text, '\n', (size_t)(end - text));

	return newline != NULL ? newline + 1 : NULL;
}

/* An expected answer came: the next step, or all is done. */
static enum exchange_state
step_done(const struct script *script, struct exchange *exchange)
{
	if (exchange->again || exchange->match + 1U >= script->count)
		return EXCHANGE_SERVED;
	exchange->match++;
	return EXCHANGE_SENDS;
}

enum exchange_state
script_hear(struct protocol_client *client, struct exchange *exchange,
	    const struct heard *heard)
{
	const struct script *script = client->protocol->own;
	const struct script_step *step = step_of(script, exchange);
	const char *text = heard->head, *end = text + heard->head_bytes, *next;
	bool full = heard->head_bytes == PROTOCOL_HEAD_BYTES;

	for (; text != NULL && text < end; text = next) {
		size_t bytes = (size_t)(end - text);

		next = next_line(text, end);
		if (begins_with(text, bytes, script->refuse, script->refuses) &&
		    (full || next != NULL || !script->lines)) {
			protocol_keep_words(client, text, bytes);
			return EXCHANGE_REFUSED;
		}
		if (begins_with(text, bytes, step->expect, step->expects))
			return step_done(script, exchange);
		if (script->line && next != NULL)
			return EXCHANGE_REFUSED;
	}
	return full ? EXCHANGE_REFUSED : EXCHANGE_WAITS;
}

/* The protocol of that name, which a script of that name tells. */
#define SCRIPT(title, ...)                                              \
	const struct protocol protocol_##title = { .name = #title,      \
						   .say = script_say,   \
						   .hear = script_hear, \
						   .own = &title,       \
						   __VA_ARGS__ }

static const struct script none = { .count = 1 };

SCRIPT(none, .once = true, );

#define REDIS_PING                                                         \
	{                                                                  \
		.send = TEXT("*1\r\n$4\r\nPING\r\n"),                      \
		.expect = { TEXT("+PONG"), TEXT("-NOAUTH") }, .expects = 2 \
	}

/* A server that asks for a password has answered, and holds the connection as any other. */
static const struct script redis = {
	.steps = { REDIS_PING },
	.count = 1,
	.again = REDIS_PING,
	.line = true,
};

SCRIPT(redis, );

#define MEMCACHED_VERSION                                                    \
	{                                                                    \
		.send = TEXT("version\r\n"), .expect = { TEXT("VERSION ") }, \
		.expects = 1                                                 \
	}

static const struct script memcached = {
	.steps = { MEMCACHED_VERSION },
	.count = 1,
	.again = MEMCACHED_VERSION,
	.line = true,
};

SCRIPT(memcached, );

static const struct script smtp = {
	.steps = { { .expect = { TEXT("220") }, .expects = 1 } },
	.count = 1,
	.again = { .send = TEXT("NOOP\r\n"), .expect = { TEXT("250") }, .expects = 1 },
	.line = true,
};

SCRIPT(smtp, );

/* Before the login, which brink has no name for, NOOP is answered so. */
static const struct script ftp = {
	.steps = { { .expect = { TEXT("220") }, .expects = 1 } },
	.count = 1,
	.again = { .send = TEXT("NOOP\r\n"),
		   .expect = { TEXT("200"), TEXT("530") },
		   .expects = 2 },
	.line = true,
};

SCRIPT(ftp, );

/* RFC 4253, section 4.2: other lines may come before the version. */
static const struct script ssh = {
	.steps = { { .expect = { TEXT("SSH-") }, .expects = 1 } },
	.count = 1,
	.refuse = { TEXT("Exceeded MaxStartups"), TEXT("Not allowed at this time") },
	.refuses = 2,
	.lines = true,
};

SCRIPT(ssh, .once = true, );

static const struct script banner = {
	.steps = { { .expect = { TEXT("220"), TEXT("SSH-"), TEXT("+OK"), TEXT("* OK") },
		     .expects = 4 } },
	.count = 1,
	.line = true,
};

SCRIPT(banner, .once = true, );
