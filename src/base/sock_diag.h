/*
 * The TCP sockets of this network namespace, asked of the kernel: see sock_diag(7).
 */
#ifndef BRINK_BASE_SOCK_DIAG_H
#define BRINK_BASE_SOCK_DIAG_H

#include <linux/inet_diag.h>
#include <stdbool.h>
#include <stdint.h>

/* Since Linux 6.8 sockets are told of that are bound and do nothing yet. */
#define TCP_BOUND_INACTIVE 13

#define SOCK_DIAG_ALL      (0xfffU | 1U << TCP_BOUND_INACTIVE)

/* Which sockets: their own port from low to high, in a state of which the bit is set. */
struct sock_diag_range {
	int low, high;
	uint32_t states;
	uint8_t ext;         /* attributes wanted: a bit for each INET_DIAG_* less 1 */
	int64_t patience_us; /* each answer is waited for; 0: two seconds */
};

/* Packets that a socket has dropped, where SKMEMINFO was asked for; -1: not told. To be called
 * in each() alone, whose message it stands behind. */
int64_t sock_diag_drops(const struct inet_diag_msg *socket);

/* Calls each() for every such socket, of IPv4 and of IPv6. Some 2 us a socket. False where the
 * kernel does not answer in time. */
bool sock_diag_each(const struct sock_diag_range *range,
		    void (*each)(const struct inet_diag_msg *socket, void *arg),
		    void *arg);

/* A unix socket that listens. */
struct sock_diag_unix {
	const char *path;
	uint32_t inode;
	int64_t queue, backlog;
};

/* Calls each() for every unix socket of this network namespace that listens and has a path:
 * see unix(7). False where the kernel does not answer in time. */
bool sock_diag_unix_listeners(int64_t patience_us,
			      void (*each)(const struct sock_diag_unix *socket,
					   void *arg),
			      void *arg);

#endif
