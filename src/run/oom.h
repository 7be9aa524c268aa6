/*
 * Was it the kernel, for want of memory, that killed a process? A signal 9 alone does not
 * tell; the counter of such kills does.
 */
#ifndef BRINK_RUN_OOM_H
#define BRINK_RUN_OOM_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/cgroup_path.h"

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
