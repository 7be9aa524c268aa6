/*
 * A small server of HTTP/1.1 (RFC 9112) for one person's browser: it answers GET and HEAD, one
 * request a connection, to whoever has the token.
 *
 * Nobody holds it up: connections, the size and the time of a request, and the time of an answer
 * are bounded, and an answer is sent while others are asked for. A page of another site reaches
 * nothing: Host and Origin have to be the server's own, which rebound names are not, and the
 * cookie is sent to its own pages alone.
 */
#ifndef BRINK_CMD_HTTP_H
#define BRINK_CMD_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define HTTP_PATH_SIZE  128
#define HTTP_TOKEN_SIZE 33
#define HTTP_HOST_SIZE  64

/* What is sent, by as many as want it: the last one frees it. */
struct http_body {
	char *text;
	size_t size;
	size_t users;
};

/* Takes the text, which is freed with it. One user. */
struct http_body *http_body(char *text, size_t size);
void http_body_leave(struct http_body *body); /* takes NULL */

struct http_response {
	int status;
	const char *type;       /* Content-Type */
	int refresh_s;          /* to be asked for again so soon; 0: not */
	struct http_body *body; /* of which this is a user; NULL: the status alone */
};

/* Answers a request for a path, which begins with "/" and is of letters, digits, "/", ".", "-"
 * and "_". */
typedef void http_answer(const char *path, struct http_response *response, void *arg);

struct http_server {
	int listener;
	char host[HTTP_HOST_SIZE]; /* "127.0.0.1:8017" */
	char port[8];
	char token[HTTP_TOKEN_SIZE];
	http_answer *answer;
	void *arg;
};

/* Listens at "ADDRESS:PORT" or "[ADDRESS]:PORT", both as numbers, port 0: any, and chooses a token.
 * 0, or -1 after one sentence on err. */
int http_listen(struct http_server *server, const char *where, FILE *err);

/* Answers until it is ended by a signal, or poll(2) fails: -1 with errno. */
int http_serve(struct http_server *server);

#endif
