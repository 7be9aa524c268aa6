/*
 * What the workers count, read from the ledger: a subject for each acceptor, each forker
 * with its clients, and the canary.
 */
#ifndef BRINK_SAMPLE_WORKERS_H
#define BRINK_SAMPLE_WORKERS_H

#include "run/ledger.h"
#include "sample/tick.h"

/* Sums that are exact however many processes there are. */
struct workers_sums {
	int64_t handlers, clients; /* live processes */
	int64_t client_sockets;    /* held by the clients or being connected */
};

#define WORKERS_READINGS 32 /* most that a worker has */

struct workers {
	struct ledger *ledger;
	size_t subjects;                  /* that workers_read() adds */
	size_t count;                     /* readings of each */
	size_t offsets[WORKERS_READINGS]; /* of each, in struct counts */
};

void workers_init(struct workers *workers, struct ledger *ledger);

/* Adds the subjects to the tick. */
void workers_read(const struct workers *workers, struct tick *tick,
		  struct workers_sums *sums);

#endif
