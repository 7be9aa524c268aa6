#include "plan/host.h"

#include <ctype.h>
#include <dirent.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/cgroup_path.h"
#include "base/processors.h"
#include "base/procfile.h"
#include "base/sock_diag.h"

/* Files of version 2, then of version 1. */
struct cgroup_files {
	const char *controller, *used[2], *max[2];
};

static const struct cgroup_files pids_files = {
	.controller = "pids",
	.used = { "pids.current", "pids.current" },
	.max = { "pids.max", "pids.max" },
};
static const struct cgroup_files memory_files = {
	.controller = "memory",
	.used = { "memory.current", "memory.usage_in_bytes" },
	.max = { "memory.max", "memory.limit_in_bytes" },
};

static const char *const process_limit_names[] = {
	[HOST_PID_MAX] = "kernel.pid_max",
	[HOST_THREADS_MAX] = "kernel.threads-max",
	[HOST_NPROC] = "RLIMIT_NPROC of this user",
	[HOST_CGROUP_PIDS] = "pids.max of this cgroup",
};

const char *
host_process_limit_name(enum host_process_limit limit)
{
	return process_limit_names[limit];
}

static int64_t
read_or(const char *path, int64_t fallback)
{
	int64_t value;

	return procfile_read_i64(path, &value) == 0 ? value : fallback;
}

static int64_t
rlimit_hard(int resource)
{
	struct rlimit limit;

	if (getrlimit(resource, &limit) != 0 || limit.rlim_max > INT64_MAX)
		return INT64_MAX;
	return (int64_t)limit.rlim_max;
}

int64_t
host_nofile(void)
{
	int64_t most;

	if (procfile_read_i64("/proc/sys/fs/nr_open", &most) == -1)
		most = INT64_MAX;
	int64_t hard = rlimit_hard(RLIMIT_NOFILE);
	return hard < most ? hard : most;
}

/* A line "key:  value kB" of /proc/meminfo in bytes, 0 where it is not there. */
static int64_t
meminfo_bytes(const char *text, const char *key)
{
	const char *line = strstr(text, key);

	return line ? strtoll(line + strlen(key), NULL, 10) * 1024 : 0;
}

struct host_ceiling
host_commit(void)
{
	struct host_ceiling commit = { 0, INT64_MAX };
	char text[PROCFILE_MAX / 8];

	if (procfile_read("/proc/meminfo", text, sizeof(text)) <= 0)
		return commit;
	commit.used = meminfo_bytes(text, "Committed_AS:");
	if (read_or("/proc/sys/vm/overcommit_memory", 0) == 2)
		commit.max = meminfo_bytes(text, "CommitLimit:");
	return commit;
}

/* The ports of ip_local_port_range, one bit of what is known of each. */
enum { PORT_RESERVED = 1, PORT_BOUND = 2 };

struct ports {
	int64_t low, high;
	uint8_t marks[UINT16_MAX + 1];
};

/* A list such as "8080,9148-9150". */
static void
mark_reserved(struct ports *ports, const char *list)
{
	char *end;

	while (isdigit((unsigned char)*list)) {
		int64_t first = strtoll(list, &end, 10), last = first;

		if (*end == '-')
			last = strtoll(end + 1, &end, 10);
		for (int64_t i = first; i <= last && i <= UINT16_MAX; i++)
			ports->marks[i] |= PORT_RESERVED;
		list = *end == ',' ? end + 1 : end;
	}
}

static void
ports_read(struct ports *ports)
{
	static const char range[] = "/proc/sys/net/ipv4/ip_local_port_range";
	static const char reserved[] = "/proc/sys/net/ipv4/ip_local_reserved_ports";
	char text[PROCFILE_MAX], *end;

	*ports = (struct ports){ .low = 1, .high = HOST_FRESH_PORTS };
	if (procfile_read(range, text, sizeof(text)) <= 0)
		return;
	ports->low = strtoll(text, &end, 10);
	ports->high = strtoll(end, NULL, 10);
	if (procfile_read(reserved, text, sizeof(text)) > 0)
		mark_reserved(ports, text);
}

static int64_t
ports_count(const struct ports *ports, uint8_t mark)
{
	int64_t count = 0;

	for (int64_t i = ports->low; i <= ports->high && i <= UINT16_MAX; i++)
		count += ports->marks[i] == mark;
	return count;
}

int64_t
host_reserved_ports(void)
{
	struct ports ports;

	ports_read(&ports);
	return ports_count(&ports, PORT_RESERVED);
}

static void
mark_bound(const struct inet_diag_msg *socket, void *arg)
{
	struct ports *ports = arg;

	ports->marks[ntohs(socket->id.idiag_sport)] |= PORT_BOUND;
}

int64_t
host_bound_ports(int64_t port)
{
	struct sock_diag_range range = { .states = 1U << TCP_LISTEN |
						   1U << TCP_BOUND_INACTIVE };
	struct ports ports;

	ports_read(&ports);
	range.low = (int)ports.low;
	range.high = (int)ports.high;
	(void)sock_diag_each(&range, mark_bound, &ports);
	if (port >= 0 && port <= UINT16_MAX)
		ports.marks[port] |= PORT_BOUND;
	/* What is reserved besides is no port of the range in any case. */
	return ports_count(&ports, PORT_BOUND);
}

/* Threads of the whole host: the number after the slash in "0.00 0.01 0.05 1/123 4567". */
static int64_t
threads_read(void)
{
	char text[128];
	const char *slash = NULL;

	if (procfile_read("/proc/loadavg", text, sizeof(text)) > 0)
		slash = strchr(text, '/');
	return slash ? strtoll(slash + 1, NULL, 10) : 0;
}

/* A number in a line "Key:	1 2 3" of /proc/PID/status, -1 where it is not there. */
static int64_t
status_number(const char *status, const char *key, int base)
{
	const char *line = strstr(status, key);

	return line != NULL ? (int64_t)strtoull(line + strlen(key), NULL, base) : -1;
}

int64_t
host_user_threads(uid_t uid)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	char path[280], status[4096];
	int64_t threads = 0;

	while (proc != NULL && (entry = readdir(proc)) != NULL) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		snprintf(path, sizeof(path), "/proc/%s/status", entry->d_name);
		if (procfile_read(path, status, sizeof(status)) > 0 &&
		    status_number(status, "\nUid:", 10) == (int64_t)uid)
			threads += status_number(status, "\nThreads:", 10);
	}
	if (proc != NULL)
		closedir(proc);
	return threads;
}

/* The number in the name of the first process namespace: PROC_PID_INIT_INO. */
#define FIRST_PID_NAMESPACE "pid:[4026531836]"

bool
host_shows_all(void)
{
	char text[64] = "", mounts[PROCFILE_MAX];

	if (readlink("/proc/self/ns/pid", text, sizeof(text) - 1) <= 0 ||
	    strcmp(text, FIRST_PID_NAMESPACE) != 0)
		return false;
	/* Who may see all of them sees the first. */
	return procfile_read("/proc/self/mounts", mounts, sizeof(mounts)) > 0 &&
	       (strstr(mounts, "hidepid=") == NULL ||
		access("/proc/1/status", R_OK) == 0);
}

#define CAP_SYS_ADMIN_BIT 21 /* linux/capability.h */

bool
host_is_exempt(int64_t uid)
{
	char map[64], status[4096];
	long long inside, outside, count;
	int64_t capabilities = 0;

	/* The capabilities of a user namespace do not count: it maps less than all. */
	if (procfile_read("/proc/self/uid_map", map, sizeof(map)) > 0 &&
	    sscanf(map, "%lld %lld %lld", &inside, &outside, &count) == 3 &&
	    (inside != 0 || outside != 0 || count != UINT32_MAX))
		return false;
	if (uid >= 0 && uid != (int64_t)getuid())
		return uid == 0;
	if (procfile_read("/proc/self/status", status, sizeof(status)) > 0)
		capabilities = status_number(status, "\nCapEff:", 16);
	return (capabilities >> CAP_SYS_ADMIN_BIT & 1) != 0;
}

/* Takes what the cgroup has where it leaves less room than *ceiling. */
static void
cgroup_narrow(const char *folder, const char *used_file, const char *max_file,
	      struct host_cgroup *ceiling)
{
	char path[CGROUP_PATH + 32];
	int64_t used, max, room = ceiling->of.max - ceiling->of.used;

	snprintf(path, sizeof(path), "%s/%s", folder, max_file);
	max = read_or(path, INT64_MAX);
	snprintf(path, sizeof(path), "%s/%s", folder, used_file);
	used = read_or(path, 0);
	if (max >= CGROUP_UNLIMITED || max - used >= room)
		return;
	ceiling->of = (struct host_ceiling){ used, max };
	snprintf(ceiling->file, sizeof(ceiling->file), "%s/%s", folder, max_file);
}

/* From the cgroup of this process up to the root: each of them counts. */
static void
cgroup_read(const struct cgroup_map *map, const struct cgroup_files *files,
	    struct host_cgroup *ceiling)
{
	struct cgroup_directory at;

	*ceiling = (struct host_cgroup){ .of = { 0, INT64_MAX } };
	for (int i = 0; i < 2; i++) {
		if (!cgroup_find(map, i == 0 ? NULL : files->controller, &at))
			continue;
		do
			cgroup_narrow(at.path, files->used[i], files->max[i], ceiling);
		while (cgroup_parent(&at));
	}
}

static void
cgroups_read(struct host *host)
{
	struct cgroup_text text;
	struct cgroup_map map = cgroup_map_read(getpid(), &text);

	cgroup_read(&map, &pids_files, &host->cgroup_pids);
	cgroup_read(&map, &memory_files, &host->cgroup_memory);
	host->processes[HOST_CGROUP_PIDS] = host->cgroup_pids.of;
}

static void
memory_read(struct host *host)
{
	char text[PROCFILE_MAX / 8];

	if (procfile_read("/proc/meminfo", text, sizeof(text)) <= 0)
		text[0] = '\0';
	host->memory_bytes = meminfo_bytes(text, "MemTotal:");
	host->available_bytes = meminfo_bytes(text, "MemAvailable:");
}

void
host_read(struct host *host, int64_t uid)
{
	struct host_ceiling *nproc = &host->processes[HOST_NPROC];
	int64_t threads = threads_read();
	struct ports ports;

	host->uid = getuid();
	if (uid < 0)
		uid = (int64_t)getuid();
	host->cpus = processors_allowed();
	host->nofile = host_nofile();
	ports_read(&ports);
	host->ports = ports.high - ports.low + 1 - ports_count(&ports, PORT_RESERVED);
	host->ports_bound = host_bound_ports(-1);
	memory_read(host);
	host->files.used = read_or("/proc/sys/fs/file-nr", 0);
	host->files.max =
	    host_is_exempt(uid) ? INT64_MAX : read_or("/proc/sys/fs/file-max", INT64_MAX);
	host->processes[HOST_PID_MAX] =
	    (struct host_ceiling){ threads,
				   read_or("/proc/sys/kernel/pid_max", INT64_MAX) };
	host->processes[HOST_THREADS_MAX] =
	    (struct host_ceiling){ threads,
				   read_or("/proc/sys/kernel/threads-max", INT64_MAX) };
	*nproc = (struct host_ceiling){ 0, INT64_MAX };
	if (uid != 0 && !host_is_exempt(uid)) {
		nproc->max = rlimit_hard(RLIMIT_NPROC);
		nproc->used = host_user_threads((uid_t)uid);
	}
	host->address_space = rlimit_hard(RLIMIT_AS);
	cgroups_read(host);
}

void
host_disk_read(const char *path, struct host_ceiling *disk)
{
	struct statvfs st;
	char at[PATH_MAX];
	char *slash;

	*disk = (struct host_ceiling){ 0, INT64_MAX };
	strlcpy(at, path, sizeof(at));
	while (statvfs(at, &st) == -1) {
		slash = strrchr(at, '/');
		if (slash == NULL || slash == at) {
			strlcpy(at, slash == at ? "/" : ".", sizeof(at));
			if (statvfs(at, &st) == -1)
				return;
			break;
		}
		*slash = '\0';
	}
	disk->max = (int64_t)(st.f_blocks * st.f_frsize);
	disk->used = disk->max - (int64_t)(st.f_bavail * st.f_frsize);
}
