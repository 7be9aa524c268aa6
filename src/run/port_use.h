/*
 * Who holds the ports of a source address when connect(2) finds none: EADDRNOTAVAIL moves no
 * counter of the kernel, so that only a look at the sockets, at once, can tell.
 */
#ifndef BRINK_RUN_PORT_USE_H
#define BRINK_RUN_PORT_USE_H

#include <netinet/in.h>

#include "run/ledger.h"

/*
 * Notes in the ledger how the ports from a source to the server are taken now, at the first
 * call in a cycle. To be called by the process whose connect(2) failed, once it has closed the
 * socket. Asks the kernel for every TCP socket that has a port of the range (sock_diag(7)):
 * some 2 us a socket. Where it does not answer, nothing is noted.
 */
void port_use_note(struct ledger *ledger, const struct sockaddr_in *source);

/* How many sockets listen on the server's very address and port, this run's included: they are
 * a SO_REUSEPORT group, and share what comes. -1: the kernel does not tell, or not in 50 ms. */
int32_t port_use_listeners(const struct plan *plan);

#endif
