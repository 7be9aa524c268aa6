/*
 * What is counted over all processes of the host, whosever they are: the threads of the
 * workers' user, which RLIMIT_NPROC limits, and the process ids, which kernel.pid_max does.
 */
#ifndef BRINK_SAMPLE_USERS_H
#define BRINK_SAMPLE_USERS_H

#include "run/ledger.h"

struct users {
	struct ledger *ledger;
	uid_t uid;         /* the workers' */
	bool all;          /* /proc shows the whole host */
	int64_t rest_us;   /* /proc is not read before */
	int64_t kept_back; /* ids under 300 that are free and not given; -1: not known */
	bool refused;      /* a fork has failed before */
	size_t user_threads, process_ids, threads; /* positions of the readings */
};

void users_init(struct users *users, struct ledger *ledger);

/*
 * Sets the two readings of the host, whose threads are read already. Reading all of /proc
 * is let take no more than one part in fifty of the time, but it is done at the first tick
 * after a fork was refused: READING_NONE in between. all: this is a tick at which more is
 * read.
 */
void users_read(struct users *users, bool all, int64_t *host);

#endif
