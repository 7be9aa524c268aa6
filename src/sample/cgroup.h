/*
 * The cgroup of the workers, of version 2 or 1: each file is taken from the hierarchy that
 * has it (Documentation/admin-guide/cgroup-v2.rst, cgroup-v1/).
 */
#ifndef BRINK_SAMPLE_CGROUP_H
#define BRINK_SAMPLE_CGROUP_H

#include <sys/types.h>

#include "sample/keyed.h"

#define CGROUP_PATH 1024

/* A cgroup in one hierarchy. */
struct cgroup_directory {
	char path[CGROUP_PATH]; /* "" where there is no such hierarchy */
	size_t root;            /* bytes of path that are the hierarchy's mount point */
};

struct cgroup_file {
	int fd;
	char path[CGROUP_PATH];
	struct keyed keyed;
};

#define CGROUP_FILES 16

struct cgroup {
	size_t count;
	struct cgroup_file files[CGROUP_FILES];
};

/* The text of /proc/PID/cgroup and of /proc/self/mountinfo. */
struct cgroup_map {
	const char *cgroups, *mounts;
};

/*
 * Finds where the cgroup is in the file system. controller is "memory", "pids", … for its
 * version 1 hierarchy, NULL for the version 2 hierarchy. False where there is none.
 */
bool cgroup_find(const struct cgroup_map *map, const char *controller,
		 struct cgroup_directory *directory);

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
 * The tightest of a limit over the cgroup and its ancestors. files is "v2 file|v1 file";
 * source receives the file's name, and where it is an ancestor's, its path. False where
 * none of them has a finite limit.
 */
bool cgroup_limit(const struct cgroup_map *map, const char *files, int64_t *value,
		  char *source, size_t size);

#endif
