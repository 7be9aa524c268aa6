/*
 * Whose a connection is: every port that a client of this run connects from is claimed in the
 * ledger, by source address, so that an acceptor knows its own from strangers.
 *
 * A client knows its port only once connect(2) has chosen one, and by then the connection may
 * be accepted. So an acceptor takes every newcomer for its own, and looks again a moment
 * later: what nobody has claimed by then is a stranger's. What is claimed later still is taken
 * back. A claim costs its client a getsockname(2) and a byte, and outlives it.
 */
#ifndef BRINK_RUN_CLAIMS_H
#define BRINK_RUN_CLAIMS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "run/ledger.h"

/* A newcomer that nobody has claimed by then is counted as a stranger. */
#define CLAIMS_GRACE_US 500000

/* Claims the port of a socket that connect(2) was called for. Returns it, 0 where that is not
 * known. */
uint16_t claims_add(struct ledger *ledger, int fd);

/* True if somebody claimed the address since the cycle began. */
bool claims_has(const struct ledger *ledger, const struct sockaddr_in *address);

struct newcomer {
	int64_t accepted_us;
	uint32_t place; /* of its byte among the claims */
	int32_t fd;     /* -1: a handler has it */
	bool counted;   /* as a stranger */
};

/* What an acceptor took and nobody has claimed yet. */
struct newcomers {
	struct ledger *ledger;
	struct worker *row;
	struct newcomer *waiting;
	int32_t count;
	int64_t look_us; /* when to look again */
};

/* Bytes that newcomers_init() maps. */
size_t newcomers_bytes(void);

/* Takes all the memory that it will ever take. 0, or -1 with errno. */
int newcomers_init(struct newcomers *newcomers, struct ledger *ledger,
		   struct worker *row);

/* Counts a connection as accepted in the acceptor's row, or as a stranger's where its address
 * is none of this run's. */
void newcomers_add(struct newcomers *newcomers, const struct sockaddr_in *peer, int fd,
		   int64_t now_us);

/* The descriptor is closed: clients do not close before they have claimed, and the port may
 * be claimed for another connection from now on. */
void newcomers_closed(struct newcomers *newcomers, int fd);

/* Tells own from strangers among those that wait, once it is time. */
void newcomers_look(struct newcomers *newcomers, int64_t now_us);

/* Microseconds until it is time; -1: nobody waits. */
int64_t newcomers_wait_us(const struct newcomers *newcomers, int64_t now_us);

#endif
