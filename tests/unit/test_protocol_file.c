/* A protocol of the user's own: what its file may say, and what is done of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include "protocol/script_file.h"

/* What the file tells, NULL with the sentence, in which the file's name is FILE. */
static struct protocol *
load(const char *text, size_t bytes, char **sentence)
{
	char path[] = "/tmp/brink-protocol-XXXXXX", *name;
	int fd = mkstemp(path);
	struct protocol *protocol;
	size_t size;
	FILE *why = open_memstream(sentence, &size);

	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, text, bytes), bytes);
	close(fd);
	protocol = script_file_load(path, why);
	fclose(why);
	unlink(path);
	name = strstr(*sentence, path);
	if (name != NULL) {
		memcpy(name, "FILE", 4);
		memmove(name + 4, name + strlen(path), strlen(name + strlen(path)) + 1);
	}
	return protocol;
}

static struct protocol *
good(const char *text)
{
	char *sentence;
	struct protocol *protocol = load(text, strlen(text), &sentence);

	assert_string_equal(sentence, "");
	assert_non_null(protocol);
	free(sentence);
	return protocol;
}

struct conversation {
	struct protocol_client client;
	struct exchange exchange;
	struct protocol *protocol;
	int fd, server;
};

static void
converse(struct conversation *c, const char *file)
{
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
	*c = (struct conversation){ .protocol = good(file),
				    .fd = fds[0],
				    .server = fds[1] };
	c->exchange.number = 4711;
	assert_int_equal(protocol_client_init(&c->client, c->protocol, 64), 0);
}

static void
end(struct conversation *c)
{
	close(c->server);
	close(c->fd);
	free(c->protocol);
	free(c->client.message);
	free(c->client.heads);
}

static enum exchange_state
begin(struct conversation *c)
{
	return protocol_begin(&c->client, c->fd, &c->exchange);
}

static enum exchange_state
answered(struct conversation *c, const char *text)
{
	assert_int_equal(send(c->server, text, strlen(text), 0), strlen(text));
	return protocol_readable(&c->client, c->fd, &c->exchange);
}

static void
assert_said(struct conversation *c, const char *expected, size_t bytes)
{
	char text[8192];

	if (bytes == 0) {
		assert_int_equal(recv(c->server, text, sizeof(text), 0), -1);
		return;
	}
	assert_int_equal(recv(c->server, text, sizeof(text), 0), bytes);
	assert_memory_equal(text, expected, bytes);
}

static void
a_conversation_goes_step_by_step(void **state)
{
	struct conversation c;

	(void)state;
	converse(&c, "# a greeting, a login, and PING every half minute\n"
		     "\n"
		     "  expect \"HELLO\"\n"
		     "refuse \"BUSY\"   # whenever it is said\n"
		     "send \"I am {n}, \"\n"
		     "send\t\"or {n}\\r\\n\"\n"
		     "expect \"OK\"\n"
		     "expect \"WELCOME\"\r\n"
		     "every 30s send \"PING {n}\\n\"");
	assert_int_equal(c.client.protocol->every_us, 30000000);
	assert_int_equal(begin(&c), EXCHANGE_WAITS);
	assert_said(&c, "", 0);
	assert_int_equal(answered(&c, "HEL"), EXCHANGE_WAITS);
	assert_int_equal(answered(&c, "LO\n"), EXCHANGE_WAITS);
	assert_said(&c, "I am 4711, or 4711\r\n", 20);
	assert_int_equal(answered(&c, "please wait\n"), EXCHANGE_WAITS);
	assert_int_equal(answered(&c, "WELCOME\n"), EXCHANGE_SERVED);
	/* What keeps it open needs no answer. */
	assert_int_equal(begin(&c), EXCHANGE_SERVED);
	assert_said(&c, "PING 4711\n", 10);
	assert_int_equal(begin(&c), EXCHANGE_SERVED);
	assert_said(&c, "PING 4711\n", 10);
	end(&c);
}

static void
a_refusal_is_known_at_every_step(void **state)
{
	static const char file[] = "send \"a\"\nexpect \"b\"\nsend \"c\"\nexpect \"d\"\n"
				   "refuse \"BUSY\"\nrefuse \"GO\"\n";
	struct conversation c;

	(void)state;
	converse(&c, file);
	assert_int_equal(begin(&c), EXCHANGE_WAITS);
	assert_int_equal(answered(&c, "line\nBUSY: 500 are here\r\n"), EXCHANGE_REFUSED);
	assert_int_equal(c.client.words_bytes, strlen("BUSY: 500 are here"));
	assert_memory_equal(c.client.words, "BUSY: 500 are here", c.client.words_bytes);
	end(&c);

	converse(&c, file);
	assert_int_equal(begin(&c), EXCHANGE_WAITS);
	assert_int_equal(answered(&c, "b\n"), EXCHANGE_WAITS);
	assert_int_equal(answered(&c, "GO away\n"), EXCHANGE_REFUSED);
	assert_int_equal(c.exchange.again, 0);
	end(&c);
}

static void
what_is_sent_last_needs_no_answer(void **state)
{
	struct conversation c;

	(void)state;
	converse(&c, "send \"hello\"");
	assert_int_equal(begin(&c), EXCHANGE_SERVED);
	assert_said(&c, "hello", 5);
	assert_int_equal(begin(&c), EXCHANGE_SERVED);
	assert_said(&c, "", 0);
	end(&c);
}

static void
escapes_are_those_of_c(void **state)
{
	static const char expected[] = "\n\r\t\a\b\f\v\x1b\\\"\x00\xff\x07\x0d{n";
	struct conversation c;

	(void)state;
	converse(&c, "send \"\\n\\r\\t\\a\\b\\f\\v\\e\\\\\\\"\\0\\xfF\\7\\015{n\"");
	assert_int_equal(begin(&c), EXCHANGE_SERVED);
	assert_said(&c, expected, sizeof(expected) - 1);
	end(&c);
}

/* Without an end and without what is expected, it is no service. */
static void
an_answer_of_other_words_is_refused_once_it_is_long(void **state)
{
	enum exchange_state came = EXCHANGE_WAITS;
	struct conversation c;
	int lines = 0;

	(void)state;
	converse(&c, "send \"x\"\nexpect \"OK\"\n");
	assert_int_equal(begin(&c), EXCHANGE_WAITS);
	while (came == EXCHANGE_WAITS && lines < 1000) {
		came = answered(&c, "ninebytes");
		lines++;
	}
	assert_int_equal(came, EXCHANGE_REFUSED);
	assert_int_equal(lines, (PROTOCOL_HEAD_BYTES + 8) / 9);
	end(&c);
}

static const struct {
	const char *file, *sentence;
} refused[] = {
	{ "", "FILE: nothing is sent and nothing expected; give a send or an expect" },
	{ "# x\n\n",
	  "FILE: nothing is sent and nothing expected; give a send or an expect" },
	{ "refuse \"x\"\n",
	  "FILE: nothing is sent and nothing expected; give a send or an expect" },
	{ "\nsnd \"x\"\n",
	  "FILE:2: \"snd\": a line begins with send, expect, refuse, every or #" },
	{ "\"x\"\n",
	  "FILE:1: \"\": a line begins with send, expect, refuse, every or #" },
	{ "send x\n", "FILE:1: send: give a text in double quotes, as in send \"OK\"" },
	{ "expect", "FILE:1: expect: give a text in double quotes, as in expect \"OK\"" },
	{ "send \"x\n", "FILE:1: send: the text has no closing quote" },
	{ "send \"x\\\"", "FILE:1: send: the text has no closing quote" },
	{ "send \"x\" \"y\"\n", "FILE:1: send: nothing may follow the text" },
	{ "send \"\\q\"\n",
	  "FILE:1: \\q is no escape; there are \\n, \\r, \\t, \\a, \\b, \\f, \\v, \\e, "
	  "\\xHH, \\OOO, \\\\ and \\\"" },
	{ "send \"\\xg0\"\n", "FILE:1: \\xg0: give two hexadecimal digits, as in \\x1b" },
	{ "send \"\\x", "FILE:1: \\x: give two hexadecimal digits, as in \\x1b" },
	{ "expect \"\"\n", "FILE:1: expect: give a text of 1 to 200 bytes" },
	{ "every send \"x\"\n",
	  "FILE:1: every: give a time and what is sent, as in every 30s send "
	  "\"PING\\r\\n\"" },
	{ "every 30 send \"x\"\n",
	  "FILE:1: every 30: give a time such as 100ms, 5s, 5m or 8h" },
	{ "every 1ms send \"x\"\n", "FILE:1: every 1ms: give 100ms or more" },
	{ "send \"a\"\nexpect \"\x1b[31m\xff\"\nbad\n",
	  "FILE:3: \"bad\": a line begins with send, expect, refuse, every or #" },
	{ "\x1b[31m\n",
	  "FILE:1: \"^[[31m\": a line begins with send, expect, refuse, every or #" },
};

static void
a_bad_file_gets_one_clear_sentence(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		char *sentence;

		assert_null(load(refused[i].file, strlen(refused[i].file), &sentence));
		assert_string_equal(sentence, refused[i].sentence);
		free(sentence);
	}
}

/* A file of so many times the line. */
static void
assert_refused_times(const char *line, int times, const char *expected)
{
	size_t length = strlen(line);
	char *text = malloc(length * (size_t)times), *sentence;

	assert_non_null(text);
	for (int i = 0; i < times; i++)
		memcpy(text + length * (size_t)i, line, length);
	assert_null(load(text, length * (size_t)times, &sentence));
	assert_string_equal(sentence, expected);
	free(sentence);
	free(text);
}

static void
what_is_too_much_is_refused(void **state)
{
	char *sentence, line[400];

	(void)state;
	assert_refused_times("send \"x\"\nexpect \"y\"\n", 9,
			     "FILE:17: send: there may be 8 messages at most");
	assert_refused_times("refuse \"y\"\n", 9,
			     "FILE:9: refuse: there may be 8 of them at most");
	assert_refused_times("send \"{n}{n}{n}\"\n", 200,
			     "FILE:106: send: the message is longer than 4096 bytes");
	assert_refused_times(
	    "x", 9000, "FILE:1: the line is longer than 8190 bytes, or has a NUL in it");
	snprintf(line, sizeof(line), "expect \"%0201d\"\n", 0);
	assert_refused_times(line, 1, "FILE:1: expect: give a text of 1 to 200 bytes");
	assert_null(load("send \"x\0\"\n", 10, &sentence));
	assert_string_equal(
	    sentence, "FILE:1: the line is longer than 8190 bytes, or has a NUL in it");
	free(sentence);
}

static void
assert_loads(const char *name, int expected, const char *expected_sentence)
{
	char *sentence;
	size_t size;
	FILE *why = open_memstream(&sentence, &size);

	assert_int_equal(protocol_load(name, why), expected);
	fclose(why);
	assert_string_equal(sentence, expected_sentence);
	free(sentence);
}

static void
a_protocol_is_loaded_by_name_or_from_a_file(void **state)
{
	(void)state;
	assert_loads("redis", 0, "");
	assert_ptr_equal(protocol_of(NULL), &protocol_redis);
	assert_loads("gopher", -1,
		     "neither a file nor one of none, echo, http, websocket, redis, "
		     "memcached, postgres, mqtt, smtp, ftp, ssh and banner");
	assert_loads("/nowhere/x", -1, "/nowhere/x: No such file or directory");
	assert_loads("/", -1, "/: Is a directory");
}

/* The page has the protocols that protocol_load() lists, and the lines of a file. */
static void
the_manual_page_has_every_protocol(void **state)
{
	static const char *const lines[] = { "send", "expect", "refuse", "every" };
	const char *root = getenv("srcdir");
	char path[4096], item[64], page[16384], *list, *names;
	size_t size;
	FILE *file, *why = open_memstream(&list, &size);

	(void)state;
	snprintf(path, sizeof(path), "%s/man/brink-protocol.5", root ? root : ".");
	file = fopen(path, "r");
	assert_non_null(file);
	page[fread(page, 1, sizeof(page) - 1, file)] = '\0';
	fclose(file);
	assert_int_equal(protocol_load("gopher", why), -1);
	fclose(why);
	names = strstr(list, "one of ");
	assert_non_null(names);
	names += strlen("one of ");
	for (char *rest, *name = strtok_r(names, ", ", &rest); name != NULL;
	     name = strtok_r(NULL, ", ", &rest)) {
		if (strcmp(name, "and") == 0)
			continue;
		snprintf(item, sizeof(item), "\n.It Cm %s\n", name);
		if (strstr(page, item) == NULL)
			fail_msg("%s is not in the page", name);
	}
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		snprintf(item, sizeof(item), "\n.It Cm %s ", lines[i]);
		assert_non_null(strstr(page, item));
	}
	free(list);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_conversation_goes_step_by_step),
		cmocka_unit_test(a_refusal_is_known_at_every_step),
		cmocka_unit_test(what_is_sent_last_needs_no_answer),
		cmocka_unit_test(escapes_are_those_of_c),
		cmocka_unit_test(an_answer_of_other_words_is_refused_once_it_is_long),
		cmocka_unit_test(a_bad_file_gets_one_clear_sentence),
		cmocka_unit_test(what_is_too_much_is_refused),
		cmocka_unit_test(a_protocol_is_loaded_by_name_or_from_a_file),
		cmocka_unit_test(the_manual_page_has_every_protocol),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
