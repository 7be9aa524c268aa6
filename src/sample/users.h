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
	bool limited;      /* the kernel holds them to RLIMIT_NPROC */
	int64_t rest_us;   /* /proc is not read before */
	int64_t kept_back; /* ids under 300 that are free and not given; -1: not known */
	bool refused;      /* a fork has failed before */
	size_t user_threads, process_ids, threads; /* positions of the readings */
};

void users_init(struct users *users, struct ledger *ledger);

/*
 * Sets the two readings of the host, whose threads are read already. All of /proc is
 * read only where the user has a limit, at the ticks at which more is read (all) and in no
 * more than a fiftieth of the time, but always at the first tick after a fork was refused:
 * READING_NONE in between.
 */
void users_read(struct users *users, bool all, int64_t *host);

#endif
