/* What a server answers: the name of a protocol, and from the next line on two answers, as they
 * come. They are judged alike in whatever pieces. */
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"
#include "protocol/protocol.h"

struct outcome {
	enum exchange_state states[2];
	size_t used; /* as far as the pieces were needed */
};

static void
discard(int fd)
{
	char text[8192];

	while (recv(fd, text, sizeof(text), MSG_DONTWAIT) > 0)
		;
}

/* The answers in pieces of that many bytes: what came of each exchange. */
static struct outcome
converse(const struct protocol *protocol, const uint8_t *data, size_t size, size_t piece)
{
	struct exchange exchange = { .number = 1 };
	struct protocol_client client;
	struct outcome outcome = { { EXCHANGE_WAITS, EXCHANGE_WAITS }, 0 };
	int fds[2];

	PROMISED(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) == 0);
	PROMISED(protocol_client_init(&client, protocol, 64) == 0);
	for (int i = 0; i < 2; i++) {
		enum exchange_state state = protocol_begin(&client, fds[0], &exchange);

		while (state == EXCHANGE_WAITS && outcome.used < size) {
			size_t bytes = size - outcome.used;

			bytes = bytes < piece ? bytes : piece;
			PROMISED(send(fds[1], data + outcome.used, bytes, 0) ==
				 (ssize_t)bytes);
			outcome.used += bytes;
			state = protocol_readable(&client, fds[0], &exchange);
			discard(fds[1]);
		}
		outcome.states[i] = state;
		PROMISED(state != EXCHANGE_FAILED && state != EXCHANGE_SENDS);
		PROMISED(client.words_bytes <= PROTOCOL_WORDS);
		PROMISED((state == EXCHANGE_WAITS) || exchange.head == 0);
		if (state != EXCHANGE_SERVED)
			break;
	}
	protocol_abandon(&client, &exchange);
	close(fds[0]);
	close(fds[1]);
	free(client.message);
	free(client.heads);
	return outcome;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *newline = size > 0 ? memchr(data, '\n', size) : NULL;
	const struct protocol *protocol;
	struct outcome by_byte, by_three, whole;
	char *name;

	if (newline == NULL)
		return 0;
	name = fuzz_text(data, (size_t)(newline - data));
	protocol = protocol_find(name);
	free(name);
	if (protocol == NULL)
		return 0;
	size -= (size_t)(newline + 1 - data);
	data = newline + 1;
	by_byte = converse(protocol, data, size, 1);
	by_three = converse(protocol, data, size, 3);
	PROMISED(by_byte.states[0] == by_three.states[0]);
	/* As much as the first exchange took byte by byte, at once. */
	if (by_byte.states[0] != EXCHANGE_SERVED || by_byte.used == size) {
		whole = converse(protocol, data, size, size + 1);
		PROMISED(whole.states[0] == by_byte.states[0]);
	}
	return 0;
}
