/*
 * What a plan needs to know of this host: read once, before anything is started.
 */
#ifndef BRINK_PLAN_HOST_H
#define BRINK_PLAN_HOST_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/cgroup_path.h"

/* Ephemeral ports of a network namespace just made: 32768 to 60999, as
 * inet_init_net() of the kernel sets them, whatever the host's own range is. */
#define HOST_FRESH_PORTS 28232

/* What a process counts against. */
enum host_process_limit {
	HOST_PID_MAX,     /* kernel.pid_max */
	HOST_THREADS_MAX, /* kernel.threads-max */
	HOST_NPROC,       /* RLIMIT_NPROC, not enforced for root */
	HOST_CGROUP_PIDS, /* pids.max of the cgroup around this process with least room */
	HOST_PROCESS_LIMITS
};

/* A ceiling and what is taken of it now. max is INT64_MAX where there is none, or where it
 * cannot be read. */
struct host_ceiling {
	int64_t used, max;
};

/* The tightest of a limit over a cgroup and its ancestors. */
struct host_cgroup {
	struct host_ceiling of;
	char file[CGROUP_PATH + 32]; /* that the limit is in, "" where there is none */
};

struct host {
	int64_t uid;    /* of this process */
	int64_t cpus;   /* that this process may use */
	int64_t nofile; /* of this process: see host_nofile() */
	int64_t
	    ports; /* ip_local_port_range less what ip_local_reserved_ports takes of it */
	int64_t ports_bound; /* of those, what listeners and bound sockets have taken */
	int64_t memory_bytes, available_bytes; /* MemTotal, MemAvailable */
	struct host_ceiling files; /* fs.file-nr and fs.file-max, of which root is free */
	struct host_ceiling processes[HOST_PROCESS_LIMITS];
	struct host_cgroup cgroup_pids, cgroup_memory; /* around this process */
	int64_t address_space; /* hard RLIMIT_AS, INT64_MAX where there is none */
};

/* "kernel.pid_max", … */
const char *host_process_limit_name(enum host_process_limit limit);

/* Never fails: what cannot be read is no ceiling, and no usage. The processes of a user are
 * those of uid, or with -1 of this process's own. */
void host_read(struct host *host, int64_t uid);

/* The highest soft RLIMIT_NOFILE that may be set: the hard one, or fs.nr_open where that is
 * less. INT64_MAX where neither is a limit. */
int64_t host_nofile(void);

/* The file system of a path, or of the nearest directory above it that is there, in
 * bytes. */
void host_disk_read(const char *path, struct host_ceiling *disk);

/* True where the kernel holds workers of uid (-1: of this process's own) neither to
 * RLIMIT_NPROC nor to fs.file-max: those with CAP_SYS_ADMIN of the host itself, not of a
 * user namespace. Root has it, and is not held to the first without it either. */
bool host_is_exempt(int64_t uid);

/* What the kernel may promise to processes, and has (proc_meminfo(5)): a limit only with
 * vm.overcommit_memory at 2. */
struct host_ceiling host_commit(void);

/* Threads on the whole host whose real user is uid, as the kernel counts them for
 * RLIMIT_NPROC: from all of /proc. */
int64_t host_user_threads(uid_t uid);

/* False where /proc does not show the processes of all: a process namespace, hidepid. */
bool host_shows_all(void);

/* How many ports of ip_local_port_range ip_local_reserved_ports takes of it. */
int64_t host_reserved_ports(void);

/* How many others of it are bound, by a listener or (since Linux 6.8) a socket that does
 * nothing yet, on whatever address: connect(2) passes over them. 0 where the kernel does not
 * say. port is counted as if it were. */
int64_t host_bound_ports(int64_t port);

#endif
