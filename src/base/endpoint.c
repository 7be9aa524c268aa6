#include "base/endpoint.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#define UNIX_PREFIX "unix:"
#define FORMS       "HOST:PORT, [ADDRESS]:PORT, :PORT or unix:PATH"

static int
parse_unix(struct endpoint *endpoint, const char *path, char *why, size_t size)
{
	struct sockaddr_un *un = &endpoint->at.un;

	if (path[0] == '\0' || strlen(path) >= sizeof(un->sun_path)) {
		snprintf(why, size, "the path of a unix socket has 1 to %zu bytes",
			 sizeof(un->sun_path) - 1);
		return -1;
	}
	un->sun_family = AF_UNIX;
	strlcpy(un->sun_path, path, sizeof(un->sun_path));
	endpoint->length = sizeof(*un);
	return 0;
}

static int
look_up(struct endpoint *endpoint, const char *host, int port, char *why, size_t size)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *list, *chosen;
	int error = getaddrinfo(host, NULL, &hints, &list);

	if (error != 0) {
		snprintf(why, size, "the host '%s' is not found: %s", host,
			 gai_strerror(error));
		return -1;
	}
	for (chosen = list; chosen != NULL && chosen->ai_family != AF_INET;)
		chosen = chosen->ai_next;
	if (chosen == NULL)
		chosen = list;
	memcpy(&endpoint->at, chosen->ai_addr, chosen->ai_addrlen);
	endpoint->length = chosen->ai_addrlen;
	freeaddrinfo(list);
	if (endpoint->at.any.sa_family == AF_INET6)
		endpoint->at.v6.sin6_port = htons((uint16_t)port);
	else
		endpoint->at.v4.sin_port = htons((uint16_t)port);
	return 0;
}

/* The number behind the last colon, or -1. */
static int
port_of(const char *colon)
{
	char *end;
	long port = colon != NULL ? strtol(colon + 1, &end, 10) : -1;

	if (port < 1 || port > 65535 || *end != '\0' || colon[1] < '0' || colon[1] > '9')
		return -1;
	return (int)port;
}

int
endpoint_parse(struct endpoint *endpoint, const char *text, char *why, size_t size)
{
	const char *colon = strrchr(text, ':');
	bool bracketed = text[0] == '[';
	char host[NI_MAXHOST];
	size_t length;
	int port;

	memset(endpoint, 0, sizeof(*endpoint));
	if (strncmp(text, UNIX_PREFIX, strlen(UNIX_PREFIX)) == 0)
		return parse_unix(endpoint, text + strlen(UNIX_PREFIX), why, size);
	if (colon == NULL) {
		snprintf(why, size, "the port is missing; allowed are %s", FORMS);
		return -1;
	}
	port = port_of(colon);
	if (port == -1) {
		snprintf(why, size, "'%s' is not a port; allowed are 1 to 65535",
			 colon + 1);
		return -1;
	}
	length = (size_t)(colon - text);
	if (bracketed ? length < 3 || colon[-1] != ']'
		      : memchr(text, ':', length) != NULL) {
		snprintf(why, size, "not an address; allowed are %s (IPv6 in brackets)",
			 FORMS);
		return -1;
	}
	if (length >= sizeof(host)) {
		snprintf(why, size, "the host's name is longer than %d bytes",
			 NI_MAXHOST - 1);
		return -1;
	}
	text += bracketed;
	length -= 2 * bracketed;
	memcpy(host, text, length);
	host[length] = '\0';
	return look_up(endpoint, length > 0 ? host : "127.0.0.1", port, why, size);
}

const char *
endpoint_format(const struct endpoint *endpoint, char buf[ENDPOINT_TEXT])
{
	char host[INET6_ADDRSTRLEN];

	if (endpoint->at.any.sa_family == AF_UNIX)
		snprintf(buf, ENDPOINT_TEXT, UNIX_PREFIX "%s", endpoint->at.un.sun_path);
	else if (endpoint->at.any.sa_family == AF_INET6) {
		inet_ntop(AF_INET6, &endpoint->at.v6.sin6_addr, host, sizeof(host));
		snprintf(buf, ENDPOINT_TEXT, "[%s]:%d", host, endpoint_port(endpoint));
	} else {
		inet_ntop(AF_INET, &endpoint->at.v4.sin_addr, host, sizeof(host));
		snprintf(buf, ENDPOINT_TEXT, "%s:%d", host, endpoint_port(endpoint));
	}
	return buf;
}

int
endpoint_port(const struct endpoint *endpoint)
{
	switch (endpoint->at.any.sa_family) {
	case AF_INET:
		return ntohs(endpoint->at.v4.sin_port);
	case AF_INET6:
		return ntohs(endpoint->at.v6.sin6_port);
	default:
		return 0;
	}
}

bool
endpoint_is_loopback(const struct endpoint *endpoint)
{
	if (endpoint->at.any.sa_family == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(&endpoint->at.v6.sin6_addr);
	return endpoint->at.any.sa_family == AF_INET &&
	       ntohl(endpoint->at.v4.sin_addr.s_addr) >> IN_CLASSA_NSHIFT ==
		   IN_LOOPBACKNET;
}

static bool
is_address_of(const struct endpoint *endpoint, const struct sockaddr *own)
{
	if (own == NULL || own->sa_family != endpoint->at.any.sa_family)
		return false;
	if (own->sa_family == AF_INET)
		return ((const struct sockaddr_in *)own)->sin_addr.s_addr ==
		       endpoint->at.v4.sin_addr.s_addr;
	return own->sa_family == AF_INET6 &&
	       IN6_ARE_ADDR_EQUAL(&((const struct sockaddr_in6 *)own)->sin6_addr,
				  &endpoint->at.v6.sin6_addr);
}

bool
endpoint_is_local(const struct endpoint *endpoint)
{
	struct ifaddrs *list;
	bool found = false;

	if (endpoint->at.any.sa_family == AF_UNIX || endpoint_is_loopback(endpoint))
		return true;
	if (getifaddrs(&list) == -1)
		return false;
	for (struct ifaddrs *i = list; i != NULL && !found; i = i->ifa_next)
		found = is_address_of(endpoint, i->ifa_addr);
	freeifaddrs(list);
	return found;
}

int
endpoint_try(const struct endpoint *endpoint, int64_t timeout_us)
{
	const struct timeval timeout = { .tv_sec = timeout_us / 1000000,
					 .tv_usec = timeout_us % 1000000 };
	int fd = socket(endpoint->at.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int error = 0;

	if (fd == -1)
		return -1;
	/* It bounds connect(2) too: socket(7). */
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
	if (connect(fd, &endpoint->at.any, endpoint->length) == -1)
		error = errno == EINPROGRESS || errno == EAGAIN ? ETIMEDOUT : errno;
	close(fd);
	errno = error;
	return error == 0 ? 0 : -1;
}
