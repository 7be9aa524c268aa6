/*
 * The answers of HTTP/1.1, in whatever pieces they come: for http and websocket.
 */
#ifndef BRINK_PROTOCOL_HTTP_H
#define BRINK_PROTOCOL_HTTP_H

#include <stdbool.h>

#include "protocol/protocol.h"

/* exchange.stage is below that while an answer is read. */
#define HTTP_STAGES 32

/* An answer begins: at the beginning of an exchange. */
void http_begin(struct exchange *exchange);

/* Reads an answer as far as it came, from *at. EXCHANGE_WAITS: all is read, and more is to come;
 * _SERVED: it is whole; _REFUSED: it says something else, or is no HTTP. With upgrade, what is
 * waited for is 101 and the end of its head. *at is then where what was read ends. */
enum exchange_state http_hear(struct exchange *exchange, const char **at, const char *end,
			      bool upgrade);

/* True where what is answered ends with the connection. */
bool http_ends(const struct exchange *exchange);

#endif
