/* What each protocol says, and what it makes of an answer: whole, and byte by byte. */
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

#define BYTES(text) (text), sizeof(text) - 1

struct conversation {
	struct protocol_client client;
	struct exchange exchange;
	int fd, server;
};

static void
converse(struct conversation *c, const struct protocol *protocol)
{
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
	*c = (struct conversation){ .fd = fds[0], .server = fds[1] };
	c->exchange.number = 7;
	assert_int_equal(protocol_client_init(&c->client, protocol, 64), 0);
}

static enum exchange_state
readable(struct conversation *c)
{
	return protocol_readable(&c->client, c->fd, &c->exchange);
}

static void
answer(struct conversation *c, const char *data, size_t bytes)
{
	assert_int_equal(send(c->server, data, bytes, MSG_NOSIGNAL), bytes);
}

/* What the client had said: its length, and a NUL behind it. */
static size_t
said(struct conversation *c, char *text, size_t size)
{
	ssize_t got = recv(c->server, text, size - 1, 0);

	if (got == -1 && errno == EAGAIN)
		got = 0;
	assert_true(got >= 0);
	text[got] = '\0';
	return (size_t)got;
}

/* The server takes what was said, and ends the connection: with FIN, where it is TCP. */
static void
hang_up(struct conversation *c)
{
	char text[1024];

	if (c->server == -1)
		return;
	said(c, text, sizeof(text));
	close(c->server);
	c->server = -1;
}

static void
end(struct conversation *c)
{
	hang_up(c);
	close(c->fd);
	free(c->client.message);
	free(c->client.heads);
}

/* An exchange, its answer in pieces of that many bytes, until it is over. */
static enum exchange_state
exchange_in_pieces(struct conversation *c, const char *data, size_t bytes, size_t piece)
{
	enum exchange_state state = protocol_begin(&c->client, c->fd, &c->exchange);

	for (size_t at = 0; at < bytes && state == EXCHANGE_WAITS; at += piece) {
		answer(c, data + at, bytes - at < piece ? bytes - at : piece);
		state = readable(c);
	}
	return state;
}

struct answer_case {
	const struct protocol *protocol;
	const char *answer;
	size_t bytes;
	enum exchange_state state;
	const char *words; /* of what is refused */
};

#define SERVED(name, text)                                         \
	{                                                          \
		&protocol_##name, BYTES(text), EXCHANGE_SERVED, "" \
	}
#define WAITS(name, text)                                         \
	{                                                         \
		&protocol_##name, BYTES(text), EXCHANGE_WAITS, "" \
	}
#define REFUSED(name, text, words)                                     \
	{                                                              \
		&protocol_##name, BYTES(text), EXCHANGE_REFUSED, words \
	}

#define UPGRADED                                                                 \
	"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: " \
	"Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
#define TOO_MANY                                                                \
	"E\0\0\0\x42SFATAL\0VFATAL\0C53300\0Msorry, too many clients already\0" \
	"Fx.c\0L9\0\0"
#define LINE_OF_64 "----------------------------------------------------------------"

static const struct answer_case answers[] = {
	SERVED(none, ""),
	/* http: bodies of a known length, in chunks, and none. */
	SERVED(http, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
	SERVED(http, "HTTP/1.0 200 OK\ncontent-LENGTH:5\n\nhello"),
	SERVED(http, "HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n"),
	SERVED(http, "HTTP/1.1 204 No Content\r\n\r\n"),
	SERVED(http, "HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n"),
	SERVED(http, "HTTP/1.1 200\r\nX-Content-Length: 9\r\nContent-Length: 1\r\n\r\nx"),
	SERVED(http,
	       "HTTP/1.1 200 OK\r\nContent-Lengthy: 9\r\nContent-Length:1\r\n\r\nx"),
	SERVED(http, "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n"
		     "5\r\nhello\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n"),
	SERVED(http, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3"
		     "\r\n\r\n1\r\nx\r\n0\r\nTrailer: 1\r\n\r\n"),
	SERVED(http, "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
		     "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
	WAITS(http, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell"),
	WAITS(http, "HTTP/1.1 200 OK\r\n\r\nuntil the connection ends"),
	WAITS(http,
	      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"),
	REFUSED(http, "HTTP/1.1 503 Service Unavailable\r\n\r\n",
		"HTTP/1.1 503 Service Unavailable"),
	REFUSED(http, "HTTP/1.0 429 Too Many Requests\n",
		"HTTP/1.0 429 Too Many Requests"),
	REFUSED(http, "HTTP/1.1 404 Not Found\r\n", "HTTP/1.1 404 Not Found"),
	REFUSED(http, "HTTP/1.1 101 Switching Protocols\r\n",
		"HTTP/1.1 101 Switching Protocols"),
	REFUSED(http, "SSH-2.0-OpenSSH_9.2\r\n", "SSH-2.0-OpenSSH_9.2"),
	REFUSED(http, "HTTP/1.1 2000 OK\r\nContent-Length: x\r\n\r\n",
		"HTTP/1.1 2000 OK"),
	REFUSED(http, "HTTP/1.1 200 OK\r\nContent-Length: 4294967296\r\n\r\n",
		"HTTP/1.1 200 OK"),
	REFUSED(http, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhello",
		"HTTP/1.1 200 OK"),

	SERVED(websocket, UPGRADED "\x8a\0"),
	SERVED(websocket, UPGRADED "\x89\0\x81\2hi\x8a\0"),
	WAITS(websocket, UPGRADED),
	REFUSED(websocket, UPGRADED "\x88\0", "close"),
	REFUSED(websocket, UPGRADED "\x81\x80", NULL),
	REFUSED(websocket, "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK"),
	REFUSED(websocket, "HTTP/1.1 503 Busy\r\n", "HTTP/1.1 503 Busy"),

	SERVED(redis, "+PONG\r\n"),
	SERVED(redis, "-NOAUTH Authentication required.\r\n"),
	WAITS(redis, "+PON"),
	REFUSED(redis, "-ERR max number of clients reached\r\n",
		"-ERR max number of clients reached"),
	REFUSED(redis, "HTTP/1.1 400 Bad Request\r\n", "HTTP/1.1 400 Bad Request"),

	SERVED(memcached, "VERSION 1.6.18\r\n"),
	REFUSED(memcached, "ERROR Too many open connections\r\n",
		"ERROR Too many open connections"),

	SERVED(smtp, "220 mail.example ESMTP\r\n"),
	SERVED(smtp, "220-wait\r\n220 mail.example ESMTP\r\n"),
	REFUSED(smtp, "421 4.7.0 too many connections\r\n",
		"421 4.7.0 too many connections"),
	REFUSED(smtp, "554 no SMTP service here\r\n", "554 no SMTP service here"),
	SERVED(ftp, "220 ready\r\n"),
	REFUSED(ftp, "421 There are too many connected users.\r\n",
		"421 There are too many connected users."),
	SERVED(ssh, "SSH-2.0-OpenSSH_9.2\r\n"),
	SERVED(ssh, "Welcome.\r\nSSH-2.0-OpenSSH_9.2\r\n"),
	WAITS(ssh, "Welcome.\r\nto SSH-2.0\r\n"),
	REFUSED(ssh, "Exceeded MaxStartups\r\n", "Exceeded MaxStartups"),
	REFUSED(ssh, "Hello.\nNot allowed at this time\r\n", "Not allowed at this time"),
	REFUSED(ssh, LINE_OF_64 LINE_OF_64 LINE_OF_64 LINE_OF_64,
		LINE_OF_64 "--------------------------------------------------------"),
	SERVED(banner, "+OK POP3\r\n"),
	SERVED(banner, "* OK IMAP4rev1\r\n"),
	REFUSED(banner, "* BYE too many\r\n", "* BYE too many"),

	SERVED(mqtt, "\x20\2\0\0"),
	WAITS(mqtt, "\x20\2\0"),
	REFUSED(mqtt, "\x20\2\0\3", "CONNACK 3: server unavailable"),
	REFUSED(mqtt, "\x20\2\0\x7f", "CONNACK 127: unknown"),
	REFUSED(mqtt, "HTTP/1.1 400\r\n", NULL),

	SERVED(postgres,
	       "R\0\0\0\x08\0\0\0\0S\0\0\0\x0bnam\0va\0K\0\0\0\x0c\0\0\0\1\0\0\0\2"
	       "Z\0\0\0\5I"),
	SERVED(postgres, "R\0\0\0\x0c\0\0\0\5salt"),
	WAITS(postgres, "R\0\0\0\x08\0\0\0\0Z\0\0\0\5"),
	REFUSED(postgres, TOO_MANY, "FATAL 53300: sorry, too many clients already"),
	REFUSED(postgres, "R\0\0\0\x08\0\0\0\0" TOO_MANY,
		"FATAL 53300: sorry, too many clients already"),
	REFUSED(postgres, "SSH-2.0-OpenSSH_9.2\r\n", NULL),
	REFUSED(postgres, "-ERR unknown\r\n", NULL),
	REFUSED(postgres, "E\0\0\0\4", NULL),
};

static void
check_answer(const struct answer_case *row, size_t piece)
{
	struct conversation c;
	enum exchange_state state;

	converse(&c, row->protocol);
	state = exchange_in_pieces(&c, row->answer, row->bytes, piece);
	if (state != row->state)
		fail_msg("%s, pieces of %zu: %.60s: state %d, expected %d",
			 row->protocol->name, piece, row->answer, state, row->state);
	if (row->state == EXCHANGE_REFUSED && row->words != NULL) {
		if (c.client.words_bytes != strlen(row->words) ||
		    memcmp(c.client.words, row->words, c.client.words_bytes) != 0)
			fail_msg("%s, pieces of %zu: words \"%.*s\", expected \"%s\"",
				 row->protocol->name, piece, (int)c.client.words_bytes,
				 c.client.words, row->words);
	}
	assert_int_equal(c.exchange.again, row->state == EXCHANGE_SERVED);
	if (row->state != EXCHANGE_WAITS)
		assert_int_equal(c.exchange.head, 0);
	end(&c);
}

static void
an_answer_is_judged_whole_and_in_pieces(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		check_answer(&answers[i], answers[i].bytes + 1);
		check_answer(&answers[i], 1);
		check_answer(&answers[i], 3);
	}
}

/* What is said first and then, of a connection that was served, and its second answer. */
static const struct {
	const struct protocol *protocol;
	const char *first;
	size_t first_bytes;
	const char *greeting;
	size_t greeting_bytes;
	const char *then;
	size_t then_bytes;
	const char *answer;
	size_t answer_bytes;
} messages[] = {
	{ &protocol_none, BYTES(""), BYTES(""), BYTES(""), BYTES("") },
	{ &protocol_http, BYTES("GET / HTTP/1.1\r\nHost: "),
	  BYTES("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"),
	  BYTES("GET / HTTP/1.1\r\nHost: "),
	  BYTES("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") },
	{ &protocol_websocket, BYTES("GET / HTTP/1.1\r\nHost: "),
	  BYTES(UPGRADED "\x8a\0"), BYTES("\x89\x80"),
	  BYTES("\x81\3abc\x82\x7e\0\4data\x8a\0") },
	{ &protocol_redis, BYTES("*1\r\n$4\r\nPING\r\n"), BYTES("+PONG\r\n"),
	  BYTES("*1\r\n$4\r\nPING\r\n"), BYTES("+PONG\r\n") },
	{ &protocol_memcached, BYTES("version\r\n"), BYTES("VERSION 1\r\n"),
	  BYTES("version\r\n"), BYTES("VERSION 1\r\n") },
	{ &protocol_smtp, BYTES(""), BYTES("220 x\r\n"), BYTES("NOOP\r\n"),
	  BYTES("250 Ok\r\n") },
	{ &protocol_ftp, BYTES(""), BYTES("220 x\r\n"), BYTES("NOOP\r\n"),
	  BYTES("530 Please login with USER and PASS.\r\n") },
	{ &protocol_ssh, BYTES(""), BYTES("SSH-2.0-x\r\n"), BYTES(""), BYTES("") },
	{ &protocol_banner, BYTES(""), BYTES("220 x\r\n"), BYTES(""), BYTES("") },
	{ &protocol_mqtt, BYTES("\x10"), BYTES("\x20\2\0\0"), BYTES("\xc0\0"),
	  BYTES("\xd0\0") },
	{ &protocol_postgres, BYTES("\0\0\0"), BYTES("R\0\0\0\x08\0\0\0\0Z\0\0\0\5I"),
	  BYTES("S\0\0\0\4"), BYTES("Z\0\0\0\5I") },
	{ &protocol_postgres, BYTES("\0\0\0"), BYTES("R\0\0\0\x08\0\0\0\3"), BYTES(""),
	  BYTES("") },
};

static void
assert_said(struct conversation *c, const char *expected, size_t bytes)
{
	char text[1024];
	size_t got = said(c, text, sizeof(text));

	assert_true(got >= bytes);
	assert_true(bytes > 0 || got == 0);
	assert_memory_equal(text, expected, bytes);
}

static void
a_served_connection_goes_on(void **state)
{
	struct conversation c;

	(void)state;
	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		print_message("# %s\n", messages[i].protocol->name);
		converse(&c, messages[i].protocol);
		assert_int_equal(exchange_in_pieces(&c, messages[i].greeting,
						    messages[i].greeting_bytes, 1000),
				 EXCHANGE_SERVED);
		assert_said(&c, messages[i].first, messages[i].first_bytes);
		for (size_t piece = 1; piece <= 1000; piece += 999) {
			assert_int_equal(exchange_in_pieces(&c, messages[i].answer,
							    messages[i].answer_bytes,
							    piece),
					 EXCHANGE_SERVED);
			assert_said(&c, messages[i].then, messages[i].then_bytes);
		}
		end(&c);
	}
}

/* Whoever refuses closes at once: what it said is read, though nothing can be sent any more. */
static void
a_refusal_is_read_behind_a_broken_pipe(void **state)
{
	static const char words[] = "-ERR max number of clients reached";
	struct conversation c;

	(void)state;
	converse(&c, &protocol_redis);
	answer(&c, words, strlen(words));
	answer(&c, "\r\n", 2);
	hang_up(&c);
	assert_int_equal(protocol_begin(&c.client, c.fd, &c.exchange), EXCHANGE_REFUSED);
	assert_int_equal(c.client.words_bytes, strlen(words));
	assert_memory_equal(c.client.words, words, strlen(words));
	end(&c);
}

static void
an_answer_that_ends_in_the_middle_has_failed_and_is_quoted(void **state)
{
	struct conversation c;

	(void)state;
	converse(&c, &protocol_http);
	assert_int_equal(exchange_in_pieces(&c, BYTES("HTTP/1.1 200 OK\r\nContent"), 5),
			 EXCHANGE_WAITS);
	hang_up(&c);
	assert_int_equal(readable(&c), EXCHANGE_FAILED);
	assert_int_equal(c.client.error, 0);
	assert_int_equal(c.client.words_bytes, 15);
	assert_memory_equal(c.client.words, "HTTP/1.1 200 OK", 15);
	assert_int_equal(c.exchange.again, 0);
	end(&c);
}

static void
an_answer_that_ends_with_its_connection_is_whole(void **state)
{
	struct conversation c;

	(void)state;
	converse(&c, &protocol_http);
	assert_int_equal(exchange_in_pieces(&c, BYTES("HTTP/1.0 200 OK\r\n\r\nhello"), 4),
			 EXCHANGE_WAITS);
	hang_up(&c);
	assert_int_equal(readable(&c), EXCHANGE_SERVED);
	assert_int_equal(protocol_overhear(&c.client, c.fd, &c.exchange), -1);
	end(&c);
}

/* Nothing grows with an answer, be it long or without an end. */
static void
an_answer_of_10_mb_is_read_in_bounded_memory(void **state)
{
	static const char head[] = "HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n";
	enum exchange_state came = EXCHANGE_WAITS;
	char piece[10000] = { 0 };
	struct conversation c;

	(void)state;
	converse(&c, &protocol_http);
	assert_int_equal(exchange_in_pieces(&c, BYTES(head), 1000), EXCHANGE_WAITS);
	for (int i = 0; i < 1000; i++) {
		assert_int_equal(came, EXCHANGE_WAITS);
		answer(&c, piece, sizeof(piece));
		came = readable(&c);
	}
	assert_int_equal(came, EXCHANGE_SERVED);
	assert_int_equal(c.client.heads_size, 16);
	assert_int_equal(c.client.received_bytes, strlen(head) + 10000000);
	end(&c);
}

static void
a_given_up_exchange_says_what_had_come_and_keeps_nothing(void **state)
{
	struct conversation c;

	(void)state;
	converse(&c, &protocol_ssh);
	assert_int_equal(exchange_in_pieces(&c, BYTES("Please wait"), 3), EXCHANGE_WAITS);
	assert_int_not_equal(c.exchange.head, 0);
	protocol_abandon(&c.client, &c.exchange);
	assert_int_equal(c.exchange.head, 0);
	assert_int_equal(c.client.words_bytes, strlen("Please wait"));
	assert_memory_equal(c.client.words, "Please wait", c.client.words_bytes);
	protocol_abandon(&c.client, &c.exchange);
	assert_int_equal(c.client.words_bytes, 0);
	end(&c);
}

/* Many connections whose answers come in pieces, in turn: each is judged by its own. */
static void
answers_in_pieces_are_kept_apart(void **state)
{
	enum { MANY = 100 };
	struct conversation all[MANY];
	struct protocol_client client;

	(void)state;
	for (int i = 0; i < MANY; i++)
		converse(&all[i], &protocol_redis);
	client = all[0].client;
	for (int i = 0; i < MANY; i++) {
		assert_int_equal(protocol_begin(&client, all[i].fd, &all[i].exchange),
				 EXCHANGE_WAITS);
		answer(&all[i], i % 2 == 0 ? "+PO" : "-ER", 3);
		assert_int_equal(protocol_readable(&client, all[i].fd, &all[i].exchange),
				 EXCHANGE_WAITS);
	}
	for (int i = MANY - 1; i >= 0; i--) {
		answer(&all[i], i % 2 == 0 ? "NG\r\n" : "R no\r\n", i % 2 == 0 ? 4 : 6);
		assert_int_equal(protocol_readable(&client, all[i].fd, &all[i].exchange),
				 i % 2 == 0 ? EXCHANGE_SERVED : EXCHANGE_REFUSED);
		if (i % 2 != 0)
			assert_memory_equal(client.words, "-ERR no", 7);
	}
	all[0].client = client;
	for (int i = 0; i < MANY; i++)
		end(&all[i]);
}

/* No two connections, nor runs, have the same name: a broker would end the older one. */
static void
an_mqtt_client_has_a_name_of_its_own(void **state)
{
	struct conversation c;
	char text[256], expected[64];
	size_t got;

	(void)state;
	converse(&c, &protocol_mqtt);
	assert_int_equal(protocol_begin(&c.client, c.fd, &c.exchange), EXCHANGE_WAITS);
	got = said(&c, text, sizeof(text));
	snprintf(expected, sizeof(expected), "brink-%d-7", getpid());
	assert_int_equal(got, 14 + strlen(expected));
	assert_int_equal(text[1], got - 2);
	assert_string_equal(text + 14, expected);
	end(&c);
}

static void
a_websocket_ping_is_answered_in_a_held_connection(void **state)
{
	struct conversation c;
	char text[1024];

	(void)state;
	converse(&c, &protocol_websocket);
	assert_int_equal(exchange_in_pieces(&c, BYTES(UPGRADED "\x8a\0"), 1000),
			 EXCHANGE_SERVED);
	said(&c, text, sizeof(text));
	/* The head of a text frame, whose rest comes with a ping behind it. */
	answer(&c, "\x81\5he", 4);
	assert_int_equal(protocol_overhear(&c.client, c.fd, &c.exchange), 4);
	assert_int_equal(said(&c, text, sizeof(text)), 0);
	answer(&c, "llo\x89\4\0\1\2\3", 9);
	assert_int_equal(protocol_overhear(&c.client, c.fd, &c.exchange), 9);
	assert_int_equal(said(&c, text, sizeof(text)), 10);
	assert_memory_equal(text,
			    "\x8a\x84"
			    "brnk"
			    "\x62\x73\x6c\x68",
			    10);
	/* Closed by a frame: the other side ended it. */
	answer(&c, "\x88\x08\x03\xf5later!", 10);
	assert_int_equal(protocol_overhear(&c.client, c.fd, &c.exchange), -1);
	assert_int_equal(c.client.error, 0);
	assert_int_equal(c.client.words_bytes, strlen("close 1013: later!"));
	assert_memory_equal(c.client.words, "close 1013: later!", c.client.words_bytes);
	end(&c);
}

/* The first ping of the server comes with the upgrade: it is answered, and then it is pinged. */
static void
a_websocket_ping_behind_the_upgrade_is_answered_first(void **state)
{
	static const char expected[] = "\x8a\x82"
				       "brnk\x0a\x1b"
				       "\x89\x80"
				       "brnk";
	struct conversation c;
	char text[1024];

	(void)state;
	converse(&c, &protocol_websocket);
	assert_int_equal(protocol_begin(&c.client, c.fd, &c.exchange), EXCHANGE_WAITS);
	said(&c, text, sizeof(text));
	answer(&c, BYTES(UPGRADED "\x89\2hi"));
	assert_int_equal(readable(&c), EXCHANGE_WAITS);
	assert_int_equal(said(&c, text, sizeof(text)), sizeof(expected) - 1);
	assert_memory_equal(text, expected, sizeof(expected) - 1);
	answer(&c, BYTES("\x8a\0"));
	assert_int_equal(readable(&c), EXCHANGE_SERVED);
	end(&c);
}

static void
every_protocol_is_found_by_its_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		assert_ptr_equal(protocol_find(answers[i].protocol->name),
				 answers[i].protocol);
	assert_null(protocol_find("gopher"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_is_judged_whole_and_in_pieces),
		cmocka_unit_test(a_served_connection_goes_on),
		cmocka_unit_test(a_refusal_is_read_behind_a_broken_pipe),
		cmocka_unit_test(
		    an_answer_that_ends_in_the_middle_has_failed_and_is_quoted),
		cmocka_unit_test(an_answer_that_ends_with_its_connection_is_whole),
		cmocka_unit_test(an_answer_of_10_mb_is_read_in_bounded_memory),
		cmocka_unit_test(
		    a_given_up_exchange_says_what_had_come_and_keeps_nothing),
		cmocka_unit_test(answers_in_pieces_are_kept_apart),
		cmocka_unit_test(an_mqtt_client_has_a_name_of_its_own),
		cmocka_unit_test(a_websocket_ping_is_answered_in_a_held_connection),
		cmocka_unit_test(a_websocket_ping_behind_the_upgrade_is_answered_first),
		cmocka_unit_test(every_protocol_is_found_by_its_name),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
