/*
 * A server that is not brink's own, seen from outside: its listeners, its processes, and what
 * it has accepted.
 *
 * Its listeners are those on its address and port in this network namespace (sock_diag(7)).
 * Its processes are those that hold one of them, with all of their descendants; the first of
 * them is the topmost holder. They are listed in the ledger, as those of role target, so that
 * they are sampled like any other. A server-side socket counts as accepted once it has left
 * the listener's queue: established, less what is queued.
 */
#ifndef BRINK_SAMPLE_TARGET_WATCH_H
#define BRINK_SAMPLE_TARGET_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "run/ledger.h"
#include "sample/keyed.h"

/* Processes of a target that are sampled one by one, most. */
#define TARGET_PROCESSES 256
/* Listening sockets of it, most: a SO_REUSEPORT group has one a process. */
#define TARGET_LISTENERS 256

struct target_process {
	pid_t pid;
	int pidfd;     /* -1: none */
	int32_t index; /* in the ledger's processes */
	bool ended;    /* at the look before; the supervisor may know how */
};

/* What the listeners are like together. */
struct target_listeners {
	size_t count;
	uint32_t inodes[TARGET_LISTENERS];
	int64_t queued;                /* in all */
	int64_t queue, backlog, drops; /* of the fullest; drops -1: not told */
};

struct target_watch {
	struct ledger *ledger;
	struct endpoint at;
	struct target_listeners listeners; /* at the look before */
	struct target_process processes[TARGET_PROCESSES];
	size_t count;
	uint32_t held_inode;          /* whose holders were looked for, 0: none yet */
	int32_t slots;                /* given to processes so far */
	bool named;                   /* those that a person named are listed */
	bool seen;                    /* its listener, ever */
	int closed_looks;             /* in a row without a listener */
	int64_t forks;                /* of the host at the last look at the tree */
	size_t queue, backlog, drops; /* positions of the readings of a listener */
	struct keyed passive;         /* what counts handshakes, in its file */
	size_t passive_opens;         /* its position */
	int64_t passive_before;       /* the count before the first of the load */
};

void target_watch_init(struct target_watch *watch, struct ledger *ledger);
void target_watch_close(struct target_watch *watch);

/* Looks for its processes, where there may be new ones (all: in any case), and notes which
 * are gone. */
void target_watch_look(struct target_watch *watch, bool all);

/* Sets the readings of the listener: the fullest of several. READING_NONE: none is seen. */
void target_watch_read(struct target_watch *watch, int64_t *readings);

/* Counts in the ledger what has been accepted by now. What was established up to the call is
 * counted once it has left the queue, so it may be short by a tick and is never too much. */
void target_watch_count(struct target_watch *watch);

#endif
