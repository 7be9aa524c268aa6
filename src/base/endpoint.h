/*
 * The address of a server: IPv4, IPv6 or a unix socket, as a person writes it.
 */
#ifndef BRINK_BASE_ENDPOINT_H
#define BRINK_BASE_ENDPOINT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

struct endpoint {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
		struct sockaddr_un un;
	} at;
	socklen_t length;
};

/* Room for an address as it is written, a unix socket's path included. */
#define ENDPOINT_TEXT 128

/*
 * Reads "HOST:PORT", "[ADDRESS]:PORT", ":PORT" (of 127.0.0.1) or "unix:PATH". A name is looked
 * up (getaddrinfo(3)), IPv4 first. 0, or -1 with a clause in why that says what is wrong and
 * what is allowed.
 */
int endpoint_parse(struct endpoint *endpoint, const char *text, char *why, size_t size);

/* Writes it as endpoint_parse() reads it, with the address as a number. Returns buf. */
const char *endpoint_format(const struct endpoint *endpoint, char buf[ENDPOINT_TEXT]);

/* The port; 0 of a unix socket. */
int endpoint_port(const struct endpoint *endpoint);

/* True of the loopback network: its addresses need no interface of their own. */
bool endpoint_is_loopback(const struct endpoint *endpoint);

/* True where what is sent there stays on this host: the loopback network, a unix socket, or
 * an address of one of its interfaces in this network namespace. */
bool endpoint_is_local(const struct endpoint *endpoint);

/* Connects once, within timeout_us: 0, or -1 with errno. The connection is closed again. */
int endpoint_try(const struct endpoint *endpoint, int64_t timeout_us);

#endif
