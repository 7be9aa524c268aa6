/*
 * The accept queues of the listeners.
 *
 * A listener is looked at through a copy of the acceptor's descriptor that lives for two
 * system calls only, so that it closes when its acceptor dies (pidfd_getfd(2), and
 * TCP_INFO of tcp(7): of a listening socket tcpi_unacked is the queue, tcpi_sacked its
 * backlog; SO_MEMINFO of socket(7): its drops are the handshake packets that found its accept
 * queue or its SYN queue full). Where the kernel refuses the copy, sock_diag(7) answers for
 * the port.
 */
#ifndef BRINK_SAMPLE_LISTENER_H
#define BRINK_SAMPLE_LISTENER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "run/ledger.h"

/* An acceptor's process, kept from one tick to the next. */
struct listener_holder {
	int32_t pid;
	int pidfd; /* -1: none */
};

struct listeners {
	struct ledger *ledger;
	int32_t count; /* subjects: 1 where the listener is shared, else the acceptors */
	struct listener_holder *holders; /* one an acceptor */
	bool refused;                    /* descriptors may not be copied here */
	int diag;                        /* socket for sock_diag, -1: none */
	size_t queue, backlog, drops;    /* positions of the readings */
};

/* READING_NONE: not known. */
struct listener_state {
	int64_t queue, backlog, drops;
};

/* 0, or -1 with errno where memory is short. Close with listeners_close(). */
int listeners_open(struct listeners *listeners, struct ledger *ledger);
void listeners_close(struct listeners *listeners);

/* Sets the readings of one subject: READING_NONE where no acceptor lives that has it. */
void listener_read(struct listeners *listeners, int32_t index, int64_t *readings);

/* The state of the socket that listens on an IPv4 address and port, both in network order,
 * asked of an open NETLINK_SOCK_DIAG socket. False where there is none. */
bool listener_ask(int diag, uint32_t address, uint16_t port,
		  struct listener_state *state);

#endif
