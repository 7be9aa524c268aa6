/*
 * The resource table: everything the sampler reads, one entry a resource.
 *
 * An entry is at once a column of its subject's wide sample table (name), a reading in the
 * tick record (its position among its subject's entries), a line of "brink resources" and
 * a definition in the report.
 */
#ifndef BRINK_MODEL_RESOURCE_H
#define BRINK_MODEL_RESOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/units.h"

/* Every Linux that brink runs on has pages of 4 KiB; sampler_main() refuses others rather
 * than store wrong figures. */
#define RESOURCE_PAGE_BYTES 4096

/* What a resource is measured on. A subject is a kind and an index within it. */
enum subject_kind {
	SUBJECT_HOST = 1,
	SUBJECT_NETNS,
	SUBJECT_CGROUP,
	SUBJECT_LISTENER, /* index: the acceptor whose listener it is; shared: 0 */
	SUBJECT_PROCESS,  /* index into the ledger's processes */
	SUBJECT_WORKER,   /* index into the ledger's workers; a forker with its clients */
	SUBJECT_GROUP,    /* index: enum role_group, model/role.h */
	SUBJECT_KINDS
};

/* A reading that could not be made: NULL in the store. */
#define READING_NONE INT64_MIN

enum resource_kind { RESOURCE_GAUGE, RESOURCE_COUNTER };

/* Where a reading comes from: a file and how its text is laid out, or a call. */
enum source {
	SOURCE_MEMINFO,     /* /proc/meminfo: "key: value kB" */
	SOURCE_VMSTAT,      /* /proc/vmstat: "key value" */
	SOURCE_CPU,         /* /proc/stat: "cpu" line by position, others "key value" */
	SOURCE_LOADAVG,     /* /proc/loadavg: by position */
	SOURCE_FILE_NR,     /* /proc/sys/fs/file-nr: by position */
	SOURCE_SOCKSTAT,    /* /proc/net/sockstat: "group: key value key value" */
	SOURCE_SNMP,        /* /proc/net/snmp: a line of keys, a line of values */
	SOURCE_NETSTAT,     /* /proc/net/netstat: likewise */
	SOURCE_CONNTRACK,   /* /proc/sys/net/netfilter/nf_conntrack_count */
	SOURCE_USERS,       /* all of /proc: sample/system.c */
	SOURCE_CGROUP,      /* the cgroup's files, v2 or v1: sample/cgroup.c */
	SOURCE_LISTENER,    /* TCP_INFO and SO_MEMINFO of the listening socket */
	SOURCE_PROC_STAT,   /* /proc/PID/stat: by position, as numbered in proc(5) */
	SOURCE_PROC_STATM,  /* /proc/PID/statm: by position */
	SOURCE_PROC_FD,     /* fstat(2) of /proc/PID/fd: st_size, since Linux 6.2 */
	SOURCE_PROC_ROLLUP, /* /proc/PID/smaps_rollup, every tenth tick */
	SOURCE_LEDGER,      /* a counter of struct counts, by name */
	SOURCE_GROUP,       /* a sum over processes of the resource named in key */
	SOURCE_COUNT
};

/* Where the configured limit of a resource is read. */
enum bound_from {
	BOUND_NONE, /* it has none */
	BOUND_SYSCTL,
	BOUND_RLIMIT, /* of each process: /proc/PID/limits */
	BOUND_USER, /* likewise, of a worker: what its user may have on the whole host */
	BOUND_CGROUP,  /* of each cgroup */
	BOUND_BACKLOG, /* the backlog of the listener, as the kernel has it */
	BOUND_COMMIT,  /* /proc/meminfo, where the kernel promises no more than it has */
	BOUND_GUARD    /* the plan's: what is kept free */
};

struct bound {
	enum bound_from from;
	/* Where it was read, as it is stored: "RLIMIT_NOFILE", the name of a sysctl. NULL: a
	 * cgroup's, the file that had it. */
	const char *name;
	/* Of an rlimit its line in /proc/PID/limits; of a cgroup the file of version 2, then
	 * that of version 1. */
	const char *key;
	int word;          /* of a sysctl with several numbers: which, from 0 */
	int64_t scale;     /* the limit is the number there * scale; 0: as it is */
	bool not_for_root; /* the kernel does not hold root to it */
};

/* The most resources of one kind that have a bound of each subject. */
#define RESOURCE_BOUNDS 2

struct resource {
	enum subject_kind subject;
	const char *name; /* the column: unit in it where it has one */
	enum unit unit;   /* UNIT_COUNT, UNIT_BYTES or UNIT_US */
	enum resource_kind kind;
	enum source source;
	const char *key; /* within the source */
	int64_t scale;   /* reading = value in the source * scale */
	/* The smallest step that means something. Not 0: a resource that leaks and recovers,
	 * followed by the analysis. */
	int64_t resolution;
	const char *help;
	/* "open files", what a person calls it; NULL: what the limit on it is called, else
	 * its name. Of resources of one name the first that has one speaks for all. */
	const char *display_name;
	struct bound bound;
};

extern const struct resource resources[];
extern const size_t resource_count;

/* The entries of one subject, which stand together; *count receives how many. */
const struct resource *resource_of(enum subject_kind subject, size_t *count);

/* The entry by subject and name, or NULL. */
const struct resource *resource_find(enum subject_kind subject, const char *name);

/* Position of an entry among its subject's: its place in a subject_sample. */
size_t resource_position(const struct resource *resource);

/* "host", "netns", …: what the subject kind is called; its table is NAME_sample. */
const char *subject_kind_name(enum subject_kind subject);

#endif
