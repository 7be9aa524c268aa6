#include "cmd/http.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/budget.h"
#include "base/clock.h"
#include "base/log.h"

/* More wait in the listener's queue. */
#define CONNECTIONS  32
#define REQUEST_SIZE 8192
/* For a whole request, and for an answer without a byte that was taken. */
#define REQUEST_US (5 * US_PER_S)
#define STALLED_US (20 * US_PER_S)

struct connection {
	int fd; /* -1: free */
	char request[REQUEST_SIZE + 1];
	size_t used;
	char header[1024];
	size_t header_size, sent; /* sent: of header and body together */
	struct http_body *body;
	size_t body_size; /* 0 for HEAD */
	bool answers;
	int64_t until_us;
};

/* ------------------------------------------------------------------------------- bodies */

struct http_body *
http_body(char *text, size_t size)
{
	struct http_body *body = malloc(sizeof(*body));

	if (body == NULL)
		fatal("cannot hold an answer");
	*body = (struct http_body){ text, size, 1 };
	return body;
}

void
http_body_leave(struct http_body *body)
{
	if (body == NULL || --body->users > 0)
		return;
	free(body->text);
	free(body);
}

/* --------------------------------------------------------------------------- the request */

/* The value of a header field, its length in *length, or NULL. The request ends with an empty
 * line. */
static const char *
field(const char *request, const char *name, size_t *length)
{
	size_t size = strlen(name);

	for (const char *line = strstr(request, "\r\n"); line != NULL;
	     line = strstr(line, "\r\n")) {
		line += 2;
		if (strncasecmp(line, name, size) != 0 || line[size] != ':')
			continue;
		line += size + 1;
		line += strspn(line, " \t");
		*length = strcspn(line, "\r\n");
		return line;
	}
	return NULL;
}

static bool
is_text(const char *text, size_t length, const char *wanted)
{
	return strlen(wanted) == length && strncasecmp(text, wanted, length) == 0;
}

/* The names under which a browser reaches the server: a name that was bound to its address later
 * is none of them. */
static bool
is_own_host(const struct http_server *server, const char *text, size_t length)
{
	static const char *const names[] = { "127.0.0.1", "localhost", "[::1]" };
	char host[HTTP_HOST_SIZE];

	if (is_text(text, length, server->host))
		return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(host, sizeof(host), "%s:%s", names[i], server->port);
		if (is_text(text, length, host))
			return true;
	}
	return false;
}

static bool
comes_from_here(const struct http_server *server, const char *request)
{
	static const char scheme[] = "http://";
	size_t length, skip = strlen(scheme);
	const char *host = field(request, "Host", &length), *origin;

	if (host == NULL || !is_own_host(server, host, length))
		return false;
	origin = field(request, "Origin", &length);
	return origin == NULL ||
	       (length > skip && strncasecmp(origin, scheme, skip) == 0 &&
		is_own_host(server, origin + skip, length - skip));
}

/* In a time that tells nothing of the token. */
static bool
is_token(const struct http_server *server, const char *text, size_t length)
{
	unsigned char differs = 0;

	if (length != strlen(server->token))
		return false;
	for (size_t i = 0; i < length; i++)
		differs |= (unsigned char)(text[i] ^ server->token[i]);
	return differs == 0;
}

static bool
has_cookie(const struct http_server *server, const char *request)
{
	size_t length, size;
	const char *cookies = field(request, "Cookie", &length), *end;
	char name[32];

	snprintf(name, sizeof(name), "brink-%s=", server->port);
	size = strlen(name);
	for (end = cookies + length; cookies != NULL && cookies < end;) {
		size_t part = strcspn(cookies, ";\r\n");

		if (part > size && strncmp(cookies, name, size) == 0 &&
		    is_token(server, cookies + size, part - size))
			return true;
		cookies += part;
		cookies += strspn(cookies, "; ");
		if (part == 0)
			break;
	}
	return false;
}

/* As Prometheus has it. */
static bool
has_bearer(const struct http_server *server, const char *request)
{
	static const char scheme[] = "Bearer ";
	size_t length, skip = strlen(scheme);
	const char *value = field(request, "Authorization", &length);

	return value != NULL && length > skip && strncasecmp(value, scheme, skip) == 0 &&
	       is_token(server, value + skip, length - skip);
}

/* What is asked for. */
struct target {
	char path[HTTP_PATH_SIZE];
	const char *query; /* behind "?", NULL: none */
	size_t query_length;
	bool head;
};

/* 0, or the status that says what is wrong. */
static int
read_target(struct target *target, const char *request)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789/.-_";
	size_t skip = 0, length;

	if (strncmp(request, "GET ", 4) == 0)
		skip = 4;
	else if (strncmp(request, "HEAD ", 5) == 0)
		skip = 5;
	if (skip == 0)
		return 405;
	target->head = skip == 5;
	request += skip;
	length = strspn(request, plain);
	if (request[0] != '/' || strchr(" ?", request[length]) == NULL ||
	    request[length] == '\0')
		return 400;
	if (length >= sizeof(target->path))
		return 414;
	memcpy(target->path, request, length);
	target->path[length] = '\0';
	request += length;
	target->query = *request == '?' ? request + 1 : NULL;
	target->query_length =
	    target->query != NULL ? strcspn(target->query, " \r\n") : 0;
	if (target->query != NULL)
		request = target->query + target->query_length;
	return strncmp(request, " HTTP/1.", 8) == 0 ? 0 : 400;
}

/* The token is in the first address that is opened; from there on it is a cookie, so that no
 * address that is passed on has it. */
static bool
brings_token(const struct http_server *server, const struct target *target)
{
	static const char name[] = "token=";
	size_t skip = strlen(name);

	return target->query_length > skip && strncmp(target->query, name, skip) == 0 &&
	       is_token(server, target->query + skip, target->query_length - skip);
}

/* ---------------------------------------------------------------------------- the answer */

static const char *
reason_of(int status)
{
	static const struct {
		int status;
		const char *reason;
	} reasons[] = {
		{ 200, "OK" },
		{ 303, "See Other" },
		{ 400, "Bad Request" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 414, "URI Too Long" },
		{ 431, "Request Header Fields Too Large" },
		{ 500, "Internal Server Error" },
	};

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Internal Server Error";
}

/* A status without a page is said in a line. */
static struct http_body *
status_body(int status)
{
	char *text;
	int size;

	if (status == 403)
		size =
		    asprintf(&text, "403 Forbidden: open the address that \"brink serve\""
				    " printed\n");
	else
		size = asprintf(&text, "%d %s\n", status, reason_of(status));
	if (size == -1)
		fatal("cannot hold an answer");
	return http_body(text, (size_t)size);
}

/* more: further header fields, each with its end. */
static void
begin_answer(struct connection *c, struct http_response *response, bool head,
	     const char *more)
{
	char refresh[32] = "";

	if (response->body == NULL) {
		response->body = status_body(response->status);
		response->type = "text/plain; charset=utf-8";
	}
	if (response->refresh_s > 0)
		snprintf(refresh, sizeof(refresh), "Refresh: %d\r\n",
			 response->refresh_s);
	c->header_size =
	    (size_t)snprintf(c->header, sizeof(c->header),
			     "HTTP/1.1 %d %s\r\n"
			     "Content-Type: %s\r\n"
			     "Content-Length: %zu\r\n"
			     "Connection: close\r\n"
			     "Cache-Control: no-store\r\n"
			     "Content-Security-Policy: frame-ancestors 'none'\r\n"
			     "Cross-Origin-Resource-Policy: same-origin\r\n"
			     "Referrer-Policy: no-referrer\r\n"
			     "X-Content-Type-Options: nosniff\r\n"
			     "%s%s\r\n",
			     response->status, reason_of(response->status),
			     response->type, response->body->size, refresh, more);
	c->body = response->body;
	c->body_size = head ? 0 : response->body->size;
	c->answers = true;
}

static void
refuse(struct connection *c, int status, bool head)
{
	struct http_response response = { .status = status };

	begin_answer(c, &response, head, status == 405 ? "Allow: GET, HEAD\r\n" : "");
}

static void
answer(struct http_server *server, struct connection *c)
{
	struct http_response response = { .status = 404 };
	struct target target = { .head = false };
	char more[256];
	int wrong = read_target(&target, c->request);

	if (wrong != 0) {
		refuse(c, wrong, target.head);
		return;
	}
	if (!comes_from_here(server, c->request)) {
		refuse(c, 403, target.head);
		return;
	}
	if (brings_token(server, &target)) {
		response.status = 303;
		snprintf(more, sizeof(more),
			 "Location: %s\r\nSet-Cookie: brink-%s=%s; Path=/; HttpOnly;"
			 " SameSite=Strict\r\n",
			 target.path, server->port, server->token);
		begin_answer(c, &response, target.head, more);
		return;
	}
	if (!has_cookie(server, c->request) && !has_bearer(server, c->request)) {
		refuse(c, 403, target.head);
		return;
	}
	server->answer(target.path, &response, server->arg);
	begin_answer(c, &response, target.head, "");
}

/* ------------------------------------------------------------------------ the connections */

static void
close_connection(struct connection *c)
{
	close(c->fd);
	http_body_leave(c->body);
	c->fd = -1;
	c->body = NULL;
}

static void
take_connection(struct http_server *server, struct connection *all)
{
	int fd = accept4(server->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	for (size_t i = 0; i < CONNECTIONS && fd != -1; i++) {
		struct connection *c = &all[i];

		if (c->fd != -1)
			continue;
		c->fd = fd;
		c->used = c->sent = c->header_size = c->body_size = 0;
		c->answers = false;
		c->until_us = clock_us() + REQUEST_US;
		return;
	}
	if (fd != -1)
		close(fd);
}

/* The head of a request is all that there is: a body is not read. */
static void
read_request(struct http_server *server, struct connection *c)
{
	ssize_t got = recv(c->fd, c->request + c->used, REQUEST_SIZE - c->used, 0);

	if (got == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		close_connection(c);
		return;
	}
	c->used += (size_t)got;
	c->request[c->used] = '\0';
	if (memchr(c->request, '\0', c->used) != NULL)
		refuse(c, 400, false);
	else if (strstr(c->request, "\r\n\r\n") != NULL)
		answer(server, c);
	else if (c->used == REQUEST_SIZE)
		refuse(c, 431, false);
	if (c->answers)
		c->until_us = clock_us() + STALLED_US;
}

static void
write_answer(struct connection *c)
{
	bool of_header = c->sent < c->header_size;
	const char *from =
	    of_header ? c->header + c->sent : c->body->text + (c->sent - c->header_size);
	size_t left = of_header ? c->header_size - c->sent
				: c->header_size + c->body_size - c->sent;
	ssize_t sent = left > 0 ? send(c->fd, from, left, MSG_NOSIGNAL) : 0;

	if (sent == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	if (sent == -1) {
		close_connection(c);
		return;
	}
	c->sent += (size_t)sent;
	c->until_us = clock_us() + STALLED_US;
	if (c->sent == c->header_size + c->body_size) {
		/* What was not read would make a reset of the end. */
		shutdown(c->fd, SHUT_WR);
		close_connection(c);
	}
}

static void
go_on(struct http_server *server, struct connection *c, short events)
{
	if (events == 0) {
		if (clock_us() > c->until_us)
			close_connection(c);
		return;
	}
	/* Each look has time of its own: no number of requests uses it up. */
	budget_renew();
	if (c->answers)
		write_answer(c);
	else
		read_request(server, c);
}

int
http_serve(struct http_server *server)
{
	struct connection *all = calloc(CONNECTIONS, sizeof(*all));
	struct pollfd polls[CONNECTIONS + 1];
	int ready = 0;

	if (all == NULL)
		fatal("cannot hold the connections");
	for (size_t i = 0; i < CONNECTIONS; i++)
		all[i].fd = -1;
	while (ready != -1 || errno == EINTR) {
		bool has_room = false;

		for (size_t i = 0; i < CONNECTIONS; i++) {
			polls[i] = (struct pollfd){
				.fd = all[i].fd,
				.events = all[i].answers ? POLLOUT : POLLIN,
			};
			has_room |= all[i].fd == -1;
		}
		polls[CONNECTIONS] = (struct pollfd){
			.fd = has_room ? server->listener : -1,
			.events = POLLIN,
		};
		ready = poll(polls, CONNECTIONS + 1, 1000);
		for (size_t i = 0; i < CONNECTIONS && ready >= 0; i++)
			if (all[i].fd != -1)
				go_on(server, &all[i], polls[i].revents);
		if (ready > 0 && polls[CONNECTIONS].revents != 0)
			take_connection(server, all);
	}
	for (size_t i = 0; i < CONNECTIONS; i++)
		if (all[i].fd != -1)
			close_connection(&all[i]);
	free(all);
	return -1;
}

/* --------------------------------------------------------------------------- the listener */

static void
choose_token(struct http_server *server)
{
	unsigned char bytes[(HTTP_TOKEN_SIZE - 1) / 2];

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		fatal("cannot choose a token");
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(server->token + 2 * i, 3, "%02x", bytes[i]);
}

/* The address as it is, with the port that it got. */
static int
name_host(struct http_server *server)
{
	struct sockaddr_storage own;
	socklen_t size = sizeof(own);
	char host[48];

	if (getsockname(server->listener, (struct sockaddr *)&own, &size) == -1 ||
	    getnameinfo((struct sockaddr *)&own, size, host, sizeof(host), server->port,
			sizeof(server->port), NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		return -1;
	snprintf(server->host, sizeof(server->host),
		 own.ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, server->port);
	return 0;
}

/* "127.0.0.1:8017" into its parts; false where it is none. */
static bool
split(const char *where, char *host, size_t size, const char **port)
{
	const char *colon = strrchr(where, ':');
	size_t length = colon != NULL ? (size_t)(colon - where) : 0;
	const char *problem;

	if (length > 2 && where[0] == '[' && where[length - 1] == ']') {
		where++;
		length -= 2;
	} else if (memchr(where, ':', length) != NULL)
		return false;
	if (length == 0 || length >= size)
		return false;
	memcpy(host, where, length);
	host[length] = '\0';
	*port = colon + 1;
	strtonum(*port, 0, UINT16_MAX, &problem);
	return problem == NULL;
}

static int
listen_at(const struct addrinfo *address)
{
	int fd =
	    socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int on = 1;

	if (fd == -1)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
	    bind(fd, address->ai_addr, address->ai_addrlen) == 0 &&
	    listen(fd, CONNECTIONS) == 0)
		return fd;
	close(fd);
	return -1;
}

int
http_listen(struct http_server *server, const char *where, FILE *err)
{
	const struct addrinfo hints = { .ai_flags =
					    AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
					.ai_socktype = SOCK_STREAM };
	struct addrinfo *address;
	const char *port;
	char host[48];

	if (!split(where, host, sizeof(host), &port) ||
	    getaddrinfo(host, port, &hints, &address) != 0) {
		fprintf(err,
			"brink serve: --listen %s: give an address and a port such as"
			" 127.0.0.1:8017 or [::1]:8017\n",
			where);
		return -1;
	}
	server->listener = listen_at(address);
	freeaddrinfo(address);
	if (server->listener == -1 || name_host(server) == -1) {
		fprintf(err, "brink serve: --listen %s: %s\n", where, strerror(errno));
		return -1;
	}
	choose_token(server);
	return 0;
}
