/*
 * Where a cgroup of version 2 or 1 is in the file system: cgroups(7).
 */
#ifndef BRINK_BASE_CGROUP_PATH_H
#define BRINK_BASE_CGROUP_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/procfile.h"

/* Version 1 says "unlimited" as the largest number that is whole in pages. */
#define CGROUP_UNLIMITED (INT64_MAX / 4096 * 4096)

#define CGROUP_PATH      1024

/* A cgroup in one hierarchy. */
struct cgroup_directory {
	char path[CGROUP_PATH]; /* "" where there is no such hierarchy */
	size_t root;            /* bytes of path that are the hierarchy's mount point */
};

/* The text of /proc/PID/cgroup and of /proc/self/mountinfo. */
struct cgroup_map {
	const char *cgroups, *mounts;
};

/* Room for them. */
struct cgroup_text {
	char cgroups[4096], mounts[PROCFILE_MAX];
};

/* The map of a process, which lies in text; where they cannot be read it leads nowhere. */
struct cgroup_map cgroup_map_read(pid_t pid, struct cgroup_text *text);

/*
 * Finds where the cgroup is in the file system. controller is "memory", "pids", … for its
 * version 1 hierarchy, NULL for the version 2 hierarchy. False where there is none.
 */
bool cgroup_find(const struct cgroup_map *map, const char *controller,
		 struct cgroup_directory *directory);

/* Shortens the path to the parent's: false where it was the hierarchy's root. */
bool cgroup_parent(struct cgroup_directory *directory);

/* True where word is one of a list parted by commas, colons, blanks or newlines that ends
 * at end. */
bool cgroup_list_has(const char *list, const char *end, const char *word);

#endif
