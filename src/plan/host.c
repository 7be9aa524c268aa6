#include "plan/host.h"

#include <ctype.h>
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/procfile.h"

/* Where pids.max and pids.current of a cgroup are, by the start of its line in
 * /proc/self/cgroup: see cgroups(7). */
static const struct {
	const char *line, *root;
} hierarchies[] = {
	{ "0::", "/sys/fs/cgroup" },
	{ ":pids:", "/sys/fs/cgroup/pids" },
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

/* A line "key:  value kB" of /proc/meminfo in bytes, 0 where it is not there. */
static int64_t
meminfo_bytes(const char *text, const char *key)
{
	const char *line = strstr(text, key);

	return line ? strtoll(line + strlen(key), NULL, 10) * 1024 : 0;
}

/* Ports of low..high in a list such as "8080,9148-9150". */
static int64_t
reserved_count(const char *list, int64_t low, int64_t high)
{
	int64_t count = 0;
	char *end;

	while (isdigit((unsigned char)*list)) {
		int64_t first = strtoll(list, &end, 10), last = first;

		if (*end == '-')
			last = strtoll(end + 1, &end, 10);
		if (first < low)
			first = low;
		if (last > high)
			last = high;
		if (last >= first)
			count += last - first + 1;
		list = *end == ',' ? end + 1 : end;
	}
	return count;
}

static int64_t
ports_read(void)
{
	static const char range[] = "/proc/sys/net/ipv4/ip_local_port_range";
	static const char reserved[] = "/proc/sys/net/ipv4/ip_local_reserved_ports";
	char text[PROCFILE_MAX], *end;
	int64_t low, high;

	if (procfile_read(range, text, sizeof(text)) <= 0)
		return HOST_FRESH_PORTS;
	low = strtoll(text, &end, 10);
	high = strtoll(end, NULL, 10);
	if (procfile_read(reserved, text, sizeof(text)) <= 0)
		text[0] = '\0';
	return high - low + 1 - reserved_count(text, low, high);
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

/* Threads of a user: the links of /proc/PID/task are its threads and two. */
static int64_t
user_threads_read(uid_t uid)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	struct stat task;
	char path[280];
	int64_t threads = 0;

	while (proc && (entry = readdir(proc)) != NULL) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		snprintf(path, sizeof(path), "/proc/%s/task", entry->d_name);
		if (stat(path, &task) == 0 && task.st_uid == uid && task.st_nlink > 2)
			threads += (int64_t)task.st_nlink - 2;
	}
	if (proc)
		closedir(proc);
	return threads;
}

/* Takes pids.current and pids.max in folder where they leave less room than *ceiling. */
static void
cgroup_narrow(const char *folder, struct host_ceiling *ceiling)
{
	char path[PATH_MAX + 16];
	int64_t used, max;

	snprintf(path, sizeof(path), "%s/pids.max", folder);
	max = read_or(path, INT64_MAX);
	snprintf(path, sizeof(path), "%s/pids.current", folder);
	used = read_or(path, 0);
	if (max < INT64_MAX && max - used < ceiling->max - ceiling->used)
		*ceiling = (struct host_ceiling){ used, max };
}

/* From the cgroup at path (as in /proc/self/cgroup) up to its root: each of them counts. */
static void
cgroup_walk(const char *root, const char *path, struct host_ceiling *ceiling)
{
	char folder[PATH_MAX];
	char *slash;

	snprintf(folder, sizeof(folder), "%s%.*s", root, (int)strcspn(path, "\n"), path);
	while (strlen(folder) >= strlen(root)) {
		cgroup_narrow(folder, ceiling);
		slash = strrchr(folder, '/');
		*slash = '\0';
	}
}

static void
cgroup_read(struct host_ceiling *ceiling)
{
	char text[PROCFILE_MAX / 4];

	*ceiling = (struct host_ceiling){ 0, INT64_MAX };
	if (procfile_read("/proc/self/cgroup", text, sizeof(text)) <= 0)
		return;
	for (size_t i = 0; i < sizeof(hierarchies) / sizeof(hierarchies[0]); i++) {
		const char *line = strstr(text, hierarchies[i].line);

		if (line)
			cgroup_walk(hierarchies[i].root,
				    line + strlen(hierarchies[i].line), ceiling);
	}
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

	host->uid = getuid();
	if (uid < 0)
		uid = host->uid;
	host->cpus = sysconf(_SC_NPROCESSORS_ONLN);
	host->nofile = rlimit_hard(RLIMIT_NOFILE);
	host->ports = ports_read();
	memory_read(host);
	host->files.used = read_or("/proc/sys/fs/file-nr", 0);
	host->files.max = read_or("/proc/sys/fs/file-max", INT64_MAX);
	host->processes[HOST_PID_MAX] =
	    (struct host_ceiling){ threads,
				   read_or("/proc/sys/kernel/pid_max", INT64_MAX) };
	host->processes[HOST_THREADS_MAX] =
	    (struct host_ceiling){ threads,
				   read_or("/proc/sys/kernel/threads-max", INT64_MAX) };
	*nproc = (struct host_ceiling){ 0, INT64_MAX };
	if (uid != 0) {
		nproc->max = rlimit_hard(RLIMIT_NPROC);
		nproc->used = user_threads_read((uid_t)uid);
	}
	cgroup_read(&host->processes[HOST_CGROUP_PIDS]);
}
