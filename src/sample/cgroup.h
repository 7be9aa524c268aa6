/*
 * The cgroup of the workers, of version 2 or 1: each file is taken from the hierarchy that
 * has it (Documentation/admin-guide/cgroup-v2.rst, cgroup-v1/).
 */
#ifndef BRINK_SAMPLE_CGROUP_H
#define BRINK_SAMPLE_CGROUP_H

#include <sys/types.h>

#include "base/cgroup_path.h"
#include "sample/keyed.h"

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
