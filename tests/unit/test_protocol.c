#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include "protocol/protocol.h"

#define MESSAGE 64

/* A client of the protocol at one end, this test at the other. */
struct pair {
	struct protocol_client client;
	struct exchange exchange;
	int fd, server;
};

static void
pair_open(struct pair *pair, size_t message_bytes)
{
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
	pair->fd = fds[0];
	pair->server = fds[1];
	pair->exchange = (struct exchange){ 0 };
	assert_int_equal(
	    protocol_client_init(&pair->client, &protocol_echo, message_bytes), 0);
}

static int
setup(void **state)
{
	static struct pair pair;

	pair_open(&pair, MESSAGE);
	*state = &pair;
	return 0;
}

static int
teardown(void **state)
{
	struct pair *pair = *state;

	free(pair->client.message);
	free(pair->client.heads);
	close(pair->fd);
	if (pair->server != -1)
		close(pair->server);
	return 0;
}

static enum exchange_state
begin(struct pair *pair)
{
	return protocol_begin(&pair->client, pair->fd, &pair->exchange);
}

static enum exchange_state
readable(struct pair *pair)
{
	return protocol_readable(&pair->client, pair->fd, &pair->exchange);
}

static void
a_message_that_came_back_whole_is_served(void **state)
{
	struct pair *pair = *state;
	char message[MESSAGE + 1];

	for (int64_t i = 1; i <= 2; i++) {
		assert_int_equal(begin(pair), EXCHANGE_WAITS);
		assert_int_equal(recv(pair->server, message, sizeof(message), 0),
				 MESSAGE);
		assert_int_equal(readable(pair), EXCHANGE_WAITS);
		assert_int_equal(send(pair->server, message, MESSAGE - 1, 0),
				 MESSAGE - 1);
		assert_int_equal(readable(pair), EXCHANGE_WAITS);
		assert_int_equal(send(pair->server, message, 1, 0), 1);
		assert_int_equal(readable(pair), EXCHANGE_SERVED);
		assert_int_equal(pair->client.sent_bytes, i * MESSAGE);
		assert_int_equal(pair->client.received_bytes, i * MESSAGE);
	}
}

static void
an_end_before_the_answer_is_a_failure_without_an_error(void **state)
{
	struct pair *pair = *state;
	char message[MESSAGE];

	assert_int_equal(begin(pair), EXCHANGE_WAITS);
	assert_int_equal(recv(pair->server, message, sizeof(message), 0), MESSAGE);
	close(pair->server);
	pair->server = -1;
	assert_int_equal(readable(pair), EXCHANGE_FAILED);
	assert_int_equal(pair->client.call, CALL_RECV);
	assert_int_equal(pair->client.error, 0);
}

static void
a_connection_that_takes_nothing_has_failed(void **state)
{
	struct pair *pair = *state;

	close(pair->server);
	pair->server = -1;
	assert_int_equal(begin(pair), EXCHANGE_FAILED);
	assert_int_equal(pair->client.call, CALL_SEND);
	assert_int_equal(pair->client.error, EPIPE);
}

/* The server takes all of the message, while the client sends what is left of it. What the
 * client's exchange came to. */
static enum exchange_state
take_message(struct pair *pair, char *message, size_t size, enum exchange_state sends)
{
	size_t came = 0;

	while (came < size) {
		ssize_t got = recv(pair->server, message + came, size - came, 0);

		assert_true(got > 0);
		came += (size_t)got;
		if (sends == EXCHANGE_SENDS)
			sends =
			    protocol_writable(&pair->client, pair->fd, &pair->exchange);
	}
	return sends;
}

/* The server answers with as much, and the client reads it all. */
static enum exchange_state
answer_whole(struct pair *pair, const char *message, size_t size)
{
	enum exchange_state state = EXCHANGE_WAITS;
	size_t back = 0;

	while (back < size) {
		ssize_t sent = send(pair->server, message + back, size - back, 0);

		assert_true(sent > 0);
		back += (size_t)sent;
		while (pair->client.received_bytes < (int64_t)back)
			state = readable(pair);
	}
	return state;
}

/* A server that does not wait for the whole message: the rest is still to be sent. */
static void
an_answer_before_its_message_has_left_is_not_the_end(void **state)
{
	const size_t size = 4U << 20;
	enum exchange_state sends;
	struct pair *pair = *state;
	char *message = malloc(size);

	assert_non_null(message);
	teardown(state);
	pair_open(pair, size);
	sends = begin(pair);
	sends = answer_whole(pair, message, size);
	assert_int_equal(sends, EXCHANGE_SENDS);
	sends = take_message(pair, message, size, sends);
	assert_int_equal(sends, EXCHANGE_SERVED);
	free(message);
}

/* Of a message of some MiB a socket takes only a part at once. */
static void
what_the_socket_does_not_take_is_sent_later(void **state)
{
	const size_t size = 4U << 20;
	enum exchange_state sends;
	struct pair *pair = *state;
	char *message = malloc(size);

	assert_non_null(message);
	teardown(state);
	pair_open(pair, size);
	sends = begin(pair);
	assert_int_equal(sends, EXCHANGE_SENDS);
	sends = take_message(pair, message, size, sends);
	assert_int_equal(sends, EXCHANGE_WAITS);
	sends = answer_whole(pair, message, size);
	assert_int_equal(sends, EXCHANGE_SERVED);
	free(message);
}

static void
the_server_answers_with_what_came(void **state)
{
	char buffer[16] = "as it came";

	(void)state;
	assert_null(protocol_echo.greet);
	assert_int_equal(protocol_echo.answer(buffer, 10, sizeof(buffer)), 10);
	assert_string_equal(buffer, "as it came");
}

int
main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(a_message_that_came_back_whole_is_served),
		CASE(an_end_before_the_answer_is_a_failure_without_an_error),
		CASE(a_connection_that_takes_nothing_has_failed),
		CASE(what_the_socket_does_not_take_is_sent_later),
		CASE(an_answer_before_its_message_has_left_is_not_the_end),
		CASE(the_server_answers_with_what_came),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
