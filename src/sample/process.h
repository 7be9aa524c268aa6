/*
 * The processes that are sampled: how one is read, and which are.
 */
#ifndef BRINK_SAMPLE_PROCESS_H
#define BRINK_SAMPLE_PROCESS_H

#include <sys/types.h>

#include "plan/plan.h"
#include "run/ledger.h"
#include "sample/keyed.h"
#include "sample/tick.h"

/* ----------------------------------------------------------------------- one process */

/*
 * One process, read through files under /proc/PID that are kept open: they stay bound to
 * the process they were opened for, also when its pid is given to another one.
 */

/* What is common to all processes that are read. */
struct process_reader {
	struct keyed stat, statm, rollup;
	size_t fds, state; /* positions of their readings */
	bool fds_sized;    /* the kernel gives the number of fds as a size: Linux 6.2 */
	bool before_load;  /* no ramp has begun: set for each tick */
	char *buf;         /* for the text of a file */
	size_t size;
};

/* -1: not open. */
struct process_files {
	int stat, statm, rollup, fds;
};

/* buf is borrowed. */
void process_reader_init(struct process_reader *reader, char *buf, size_t size);

/* Opens the files of a process; what cannot be opened stays READING_NONE. False, with
 * nothing open, where not even its stat can be. */
bool process_open(struct process_files *files, pid_t pid);
void process_close(struct process_files *files);

/*
 * Sets all readings of the process. Those that cost more, the private memory and on
 * kernels before 6.2 the number of descriptors, are READING_NONE unless all is set; the
 * number is there before the load, too.
 * False, with READING_NONE everywhere, once the process is dead.
 */
bool process_read(struct process_reader *reader, const struct process_files *files,
		  bool all, int64_t *readings);

/* ----------------------------------------------------------------- which are sampled */

/*
 * Which processes are sampled one by one: all but the clients and the handlers, of which
 * there may be thousands. Of those a bounded number, the dead replaced by others.
 */

/* Most clients, and most handlers, that are sampled. */
#define PROCESS_SET_MANY PLAN_SAMPLED_EACH

struct member {
	int32_t index; /* in the ledger's processes */
	pid_t pid;
	enum role role;
	int32_t slot;
	struct process_files files;    /* stat is -1 while they cannot be opened */
	int64_t *readings;             /* of this tick, NULL: none */
	int64_t ticks;                 /* that it was read at */
	int64_t said[RESOURCE_BOUNDS]; /* limits on record: sample/ceilings.h */
	bool dead;                     /* and to be dropped */
};

struct process_set {
	const struct ledger *ledger;
	struct member *members;
	size_t count, capacity;
	size_t of_role[ROLE_COUNT];
	uint64_t *known; /* a bit for every process that is or was a member */
	int32_t fresh;   /* processes before it have been looked at */
	int32_t again;   /* where the next look at older ones goes on */
};

/* 0, or -1 with errno. Release with process_set_free(). */
int process_set_init(struct process_set *process_set, const struct ledger *ledger);
void process_set_free(struct process_set *process_set);

/* Drops the dead and takes in what has been started since. */
void process_set_update(struct process_set *process_set);

/* Reads every member, as process_read(), into a subject of the tick each. A process found
 * dead has READING_NONE this once. */
void process_set_read(struct process_set *process_set, struct process_reader *reader,
		      bool all, struct tick *tick);

#endif
