/*
 * Who listens and connects where: everything of brink's own is on the loopback network.
 */
#ifndef BRINK_RUN_ADDRESS_H
#define BRINK_RUN_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "plan/plan.h"

/* Where the server of the plan listens, if that is an IPv4 address. */
struct sockaddr_in address_server(const struct plan *plan);

/* The source address of connection k, port 0: 127.0.0.1 where the plan has one source,
 * else 127.0.1.1 and on, in turn, so that every tuple fills at the same pace. */
struct sockaddr_in address_source(const struct plan *plan, int64_t k);

/* Which of the plan's sources an address is, from 0; the canary's comes after them. -1: none of
 * them. */
int64_t address_index(const struct plan *plan, const struct sockaddr_in *address);

/* How many there are, the canary's included. */
int64_t address_count(const struct plan *plan);

/* The canary's own source, so that it takes no port from the clients. */
struct sockaddr_in address_canary(void);
bool address_is_canary(const struct sockaddr_in *address);

/* Connections that a listener queues: the plan's backlog, but no more than
 * net.core.somaxconn, listen(2). */
int64_t address_queue_room(const struct plan *plan);

/* A bound, listening, nonblocking socket with SO_REUSEPORT; -1 with errno. */
int address_listen(const struct plan *plan);

/* Binds fd to a source, leaving the choice of the port to connect(2), which then only
 * needs it to be free towards this destination (IP_BIND_ADDRESS_NO_PORT, ip(7)). */
int address_bind(int fd, const struct sockaddr_in *source);

#endif
