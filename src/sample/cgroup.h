/*
 * The cgroup of the workers, and those around it whose limits hold it too, of version 2 or
 * 1: each file is taken from the hierarchy that has it
 * (Documentation/admin-guide/cgroup-v2.rst, cgroup-v1/).
 */
#ifndef BRINK_SAMPLE_CGROUP_H
#define BRINK_SAMPLE_CGROUP_H

#include <sys/types.h>

#include "base/cgroup_path.h"
#include "run/ledger.h"
#include "sample/keyed.h"

struct cgroup_file {
	int fd;
	char path[CGROUP_PATH];
	struct keyed keyed;
};

#define CGROUP_FILES 16

/* Version 2, then those of version 1 that have limits. */
#define CGROUP_HIERARCHIES 4
struct cgroup {
	struct cgroup_directory at[CGROUP_HIERARCHIES]; /* by hierarchy, path "": none */
	size_t count;
	struct cgroup_file files[CGROUP_FILES];
	int64_t
	    said[RESOURCE_BOUNDS]; /* limits on record, for sample/ceilings.c; 0: none */
	int64_t said_period_us;    /* likewise, of its CPU quota */
};

/*
 * Opens the files that the resource table names, in the hierarchies of the map; buf is for
 * their text. What is not there gives READING_NONE for ever. Close with cgroup_close().
 */
void cgroup_open(struct cgroup *cgroup, const struct cgroup_map *map, char *buf,
		 size_t size);
void cgroup_close(struct cgroup *cgroup);

/* Sets all readings of the cgroup, each file read once. */
void cgroup_read(struct cgroup *cgroup, char *buf, size_t size,
		 const readings_by_kind readings);

/*
 * A limit of this very cgroup, its ancestors' left aside. files is "v2 file|v1 file";
 * source receives the name of the file. False where it has no finite limit.
 */
bool cgroup_limit(const struct cgroup *cgroup, const char *files, int64_t *value,
		  char *source, size_t size);

/* The period of its CPU quota. False where it has none. */
bool cgroup_quota_period(const struct cgroup *cgroup, int64_t *us);

/* Those that are sampled, by their number in the ledger's names. */
struct cgroups {
	struct ledger *ledger;
	struct cgroup cgroup[LEDGER_CGROUPS];
	struct cgroup_text text;
	char first[sizeof(
	    ((struct cgroup_text *)0)->cgroups)]; /* "": not looked for yet */
	int32_t next;                             /* acceptor to look at next */
};

/* None yet. Close with cgroups_close(). */
void cgroups_init(struct cgroups *cgroups, struct ledger *ledger);
void cgroups_close(struct cgroups *cgroups);

/*
 * Finds the workers' cgroup, that of the first acceptor once it is there, and all around it
 * that have a limit. To be called again and again: limits are set, and acceptors are moved,
 * while a run is on. buf is for text.
 */
void cgroups_look(struct cgroups *cgroups, char *buf, size_t size);

/* The same with the map of a worker. */
void cgroups_take(struct cgroups *cgroups, const struct cgroup_map *map, char *buf,
		  size_t size);

/* How many there are: 0 until the first is found. */
size_t cgroups_count(const struct cgroups *cgroups);

#endif
