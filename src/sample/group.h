/*
 * What the workers count, and processes taken together.
 */
#ifndef BRINK_SAMPLE_GROUP_H
#define BRINK_SAMPLE_GROUP_H

#include "run/ledger.h"
#include "sample/process.h"
#include "sample/target_watch.h"
#include "sample/tick.h"

/* --------------------------------------------------------------------------- workers */

/*
 * What the workers count, read from the ledger: a subject for each acceptor, each forker
 * with its clients, and the canary.
 */

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
	struct target_watch *target;      /* counts for a server that does not; or NULL */
};

/* target is borrowed; NULL where the acceptors are brink's own. */
void workers_init(struct workers *workers, struct ledger *ledger,
		  struct target_watch *target);

/* Adds the subjects to the tick. */
void workers_read(const struct workers *workers, struct tick *tick,
		  struct workers_sums *sums);

/* ---------------------------------------------------------------------------- groups */

/*
 * Processes taken together: sums over all members of a group, extrapolated where only some
 * of them are read one by one.
 */

#define GROUP_READINGS 16 /* most that a group has */

struct groups {
	struct ledger *ledger;
	size_t count;                   /* readings of each */
	size_t summed[GROUP_READINGS];  /* position of what is summed in a process's
					  readings; SIZE_MAX: counted, not summed */
	size_t processes, sampled, fds; /* positions in a group's readings */
	/* In the tick that was read last; NULL: the run has no such group. */
	int64_t *readings[GROUP_COUNT];
};

void groups_init(struct groups *groups, struct ledger *ledger);

/* Adds a subject for each group to the tick, from the members as read at this tick and the
 * exact sums of the ledger. */
void groups_read(struct groups *groups, const struct process_set *process_set,
		 const struct workers_sums *sums, struct tick *tick);

/*
 * A sum over known members as that of all: known of them have the sum together. Where none
 * is known it is READING_NONE, or 0 for a group that has none.
 */
int64_t group_extrapolate(int64_t sum, int64_t known, int64_t processes);

#endif
