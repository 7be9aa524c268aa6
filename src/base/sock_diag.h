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
	int64_t patience_us; /* each answer is waited for; 0: two seconds */
};

/* Calls each() for every such socket, of IPv4 and of IPv6. Some 2 us a socket. False where the
 * kernel does not answer in time. */
bool sock_diag_each(const struct sock_diag_range *range,
		    void (*each)(const struct inet_diag_msg *socket, void *arg),
		    void *arg);

#endif
