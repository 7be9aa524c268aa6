#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/endpoint.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static void
addresses_are_read_and_written(void **state)
{
	static const struct {
		const char *text, *written;
		int family, port;
		bool loopback;
	} cases[] = {
		{ ":80", "127.0.0.1:80", AF_INET, 80, true },
		{ "127.0.0.1:65535", "127.0.0.1:65535", AF_INET, 65535, true },
		{ "127.9.9.9:1", "127.9.9.9:1", AF_INET, 1, true },
		{ "192.0.2.1:8080", "192.0.2.1:8080", AF_INET, 8080, false },
		{ "[::1]:443", "[::1]:443", AF_INET6, 443, true },
		{ "[2001:db8::1]:443", "[2001:db8::1]:443", AF_INET6, 443, false },
		{ "unix:/run/a b", "unix:/run/a b", AF_UNIX, 0, false },
		{ "unix:rel", "unix:rel", AF_UNIX, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char text[ENDPOINT_TEXT], why[256];
		struct endpoint endpoint;

		assert_int_equal(
		    endpoint_parse(&endpoint, cases[i].text, why, sizeof(why)), 0);
		assert_int_equal(endpoint.at.any.sa_family, cases[i].family);
		assert_int_equal(endpoint_port(&endpoint), cases[i].port);
		assert_int_equal(endpoint_is_loopback(&endpoint), cases[i].loopback);
		assert_string_equal(endpoint_format(&endpoint, text), cases[i].written);
	}
}

static void
what_is_no_address_is_said(void **state)
{
	static const struct {
		const char *text, *part;
	} cases[] = {
		{ "80", "the port is missing" },   { "localhost", "the port is missing" },
		{ "", "the port is missing" },     { ":", "'' is not a port" },
		{ ":0", "'0' is not a port" },     { ":65536", "'65536' is not a port" },
		{ ":80x", "'80x' is not a port" }, { ":-1", "'-1' is not a port" },
		{ ": 80", "' 80' is not a port" }, { "::1:80", "in brackets" },
		{ "[::1:80", "in brackets" },      { "[]:80", "in brackets" },
		{ "unix:", "1 to 107 bytes" },
	};
	char path[256] = "unix:", why[256];
	struct endpoint endpoint;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(
		    endpoint_parse(&endpoint, cases[i].text, why, sizeof(why)), -1);
		if (strstr(why, cases[i].part) == NULL)
			fail_msg("%s: %s", cases[i].text, why);
	}
	memset(path + strlen(path), 'x', 108);
	assert_int_equal(endpoint_parse(&endpoint, path, why, sizeof(why)), -1);
}

/* Documentation's addresses are nobody's: RFC 5737. */
static void
local_is_what_stays_on_this_host(void **state)
{
	static const struct {
		const char *text;
		bool local;
	} cases[] = {
		{ ":80", true },
		{ "[::1]:80", true },
		{ "unix:/x", true },
		{ "192.0.2.1:80", false },
		{ "[2001:db8::1]:80", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct endpoint endpoint;
		char why[256];

		assert_int_equal(
		    endpoint_parse(&endpoint, cases[i].text, why, sizeof(why)), 0);
		assert_int_equal(endpoint_is_local(&endpoint), cases[i].local);
	}
}

static void
a_try_says_whether_somebody_listens(void **state)
{
	struct endpoint endpoint = {
		.at.v4 = { .sin_family = AF_INET,
			   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) },
		.length = sizeof(struct sockaddr_in),
	};
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)state;
	assert_int_equal(bind(listener, &endpoint.at.any, endpoint.length), 0);
	assert_int_equal(getsockname(listener, &endpoint.at.any, &endpoint.length), 0);
	assert_int_equal(endpoint_try(&endpoint, 1000000), -1);
	assert_int_equal(errno, ECONNREFUSED);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(endpoint_try(&endpoint, 1000000), 0);
	close(listener);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_read_and_written),
		cmocka_unit_test(what_is_no_address_is_said),
		cmocka_unit_test(local_is_what_stays_on_this_host),
		cmocka_unit_test(a_try_says_whether_somebody_listens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
