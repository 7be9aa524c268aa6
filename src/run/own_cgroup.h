/*
 * A cgroup of the run's own: its workers are in it, its observers are not; and whom the
 * kernel killed for want of memory, there or on the host.
 */
#ifndef BRINK_RUN_OWN_CGROUP_H
#define BRINK_RUN_OWN_CGROUP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/cgroup_path.h"
#include "plan/plan.h"

enum own_controller { OWN_MEMORY, OWN_PIDS, OWN_CONTROLLERS };

struct own_cgroup {
	/* By controller, "" where there is none. Version 2 has one directory for both. */
	char path[OWN_CONTROLLERS][CGROUP_PATH];
	int lock[OWN_CONTROLLERS]; /* held while the run lasts, -1: none */
};

/*
 * Finds where a cgroup with the controller can be made. Version 2: the nearest of the map's
 * cgroup and its ancestors whose children have the controller; one with processes of its
 * own has no such children, and to give it some would change what is not the run's. Else
 * the cgroup of version 1's hierarchy. False where there is none.
 */
bool own_cgroup_parent(const struct cgroup_map *map, const char *controller,
		       struct cgroup_directory *parent, int *version);

/*
 * Makes a cgroup below that of the map (version 2: beside it, where it may not have
 * children with controllers) for each controller that is to be had, and sets the plan's
 * limits on them; removes those of runs that are dead. 0, or -1 after one sentence on err:
 * only where a limit of the plan calls for what cannot be had. Either way it is ended by
 * own_cgroup_remove() and own_cgroup_close(); where this process dies, the next run
 * removes it.
 */
int own_cgroup_make(struct own_cgroup *own, const struct cgroup_map *map,
		    const struct plan *plan, FILE *err);

/* Moves this process into it. 0, or -1 with errno. */
int own_cgroup_enter(const struct own_cgroup *own);

/* Removes it once its last process is gone, for which it waits up to patience_us. 0, or -1
 * with errno where it is still there. */
int own_cgroup_remove(const struct own_cgroup *own, int64_t patience_us);

/* Gives up the lock that tells others that the run lives. For the process that made it. */
void own_cgroup_close(struct own_cgroup *own);

/* The file that counts the processes killed for want of its memory, in a line "oom_kill N".
 * "" where there is none. */
void own_cgroup_oom_file(const struct own_cgroup *own, char *path, size_t size);

/* Lies in shared memory: any process that reaps may claim. */
struct oom {
	char file[CGROUP_PATH];          /* where the kernel counts its kills */
	_Atomic int64_t claimed, deaths; /* known of, and those that were workers */
};

/* Counts from now on: in the file of a cgroup, or where that is "" on the whole host
 * (/proc/vmstat). To be called before the first worker is started. */
void oom_watch(struct oom *oom, const char *file);

/* True where more processes have been killed than were claimed so far; claims one. To be
 * called for a process that signal 9 ended although brink did not send it. */
bool oom_claim(struct oom *oom);

#endif
