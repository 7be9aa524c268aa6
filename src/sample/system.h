/*
 * What is read of the host and the network namespace as a whole.
 */
#ifndef BRINK_SAMPLE_SYSTEM_H
#define BRINK_SAMPLE_SYSTEM_H

#include "run/ledger.h"
#include "run/record.h"
#include "sample/keyed.h"

/* ----------------------------------------------------------------------------- files */

/*
 * The files about the host and the network namespace, kept open.
 */

struct system_file {
	int fd;
	size_t size; /* of the buffer to read it with */
	struct keyed keyed;
};

struct system {
	size_t count;
	struct system_file files[SOURCE_COUNT];
};

/*
 * Opens the file of every source that the resource table names for the host and the
 * calling process's network namespace. A file that is not there gives READING_NONE for
 * ever. Close with system_close().
 */
void system_open(struct system *system);
void system_close(struct system *system);

/* Reads each file once; buf should hold PROCFILE_MAX bytes. */
void system_read(struct system *system, char *buf, size_t size,
		 const readings_by_kind readings);

/* --------------------------------------------------------------------- object caches */

/*
 * The kernel's object caches that grow with connections and processes: objects in use, by
 * /proc/slabinfo (slabinfo(5)). Only root may read it: others have no such readings.
 */

struct gauges {
	int fd; /* -1: not readable here */
	struct gauges_record *record;
};

/* 0, or -1 with errno where memory is short. Close with gauges_close(). */
int gauges_open(struct gauges *gauges);
void gauges_close(struct gauges *gauges);

/* Fills the record from the text: the caches that are wanted, those of them that exist. */
void gauges_parse(struct gauges *gauges, const char *text);

/* Reads the caches and pushes a RECORD_GAUGES for the tick; nothing where there are none. */
void gauges_read(struct gauges *gauges, int64_t tick, int64_t t_us, struct ring *ring,
		 char *buf, size_t size);

/* ------------------------------------------------------------------ processes of all */

/*
 * What is counted over all processes of the host, whosever they are: the threads of the
 * workers' user, which RLIMIT_NPROC limits, and the process ids, which kernel.pid_max does.
 */

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

/* The user that the server runs as: of a target, once it is found, that of its first process;
 * else the plan's, -1 where that is whoever started brink. */
int64_t users_of_server(struct ledger *ledger);

/*
 * Sets the two readings of the host, whose threads are read already. All of /proc is
 * read only where the user has a limit, at the ticks at which more is read (all) and in no
 * more than a fiftieth of the time, but always at the first tick after a fork was refused:
 * READING_NONE in between.
 */
void users_read(struct users *users, bool all, int64_t *host);

#endif
