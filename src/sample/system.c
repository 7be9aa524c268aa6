#include "sample/system.h"

#include <fcntl.h>
#include <unistd.h>

/* proc(5); /proc/self/net is of the network namespace that the file is opened in. */
static const struct {
	enum source source;
	const char *path;
} paths[] = {
	{ SOURCE_MEMINFO, "/proc/meminfo" },
	{ SOURCE_VMSTAT, "/proc/vmstat" },
	{ SOURCE_CPU, "/proc/stat" },
	{ SOURCE_LOADAVG, "/proc/loadavg" },
	{ SOURCE_FILE_NR, "/proc/sys/fs/file-nr" },
	{ SOURCE_SOCKSTAT, "/proc/self/net/sockstat" },
	{ SOURCE_SOCKSTAT6, "/proc/self/net/sockstat6" },
	{ SOURCE_SNMP, "/proc/self/net/snmp" },
	{ SOURCE_NETSTAT, "/proc/self/net/netstat" },
	{ SOURCE_CONNTRACK, "/proc/sys/net/netfilter/nf_conntrack_count" },
};

void
system_open(struct system *system)
{
	system->count = 0;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct system_file *file = &system->files[system->count];

		keyed_init(&file->keyed, 0);
		keyed_want_source(&file->keyed, paths[i].source);
		if (file->keyed.count == 0)
			continue;
		file->fd = open(paths[i].path, O_RDONLY | O_CLOEXEC);
		system->count++;
	}
}

void
system_close(struct system *system)
{
	for (size_t i = 0; i < system->count; i++)
		if (system->files[i].fd != -1)
			close(system->files[i].fd);
	system->count = 0;
}

void
system_read(struct system *system, char *buf, size_t size,
	    const readings_by_kind readings)
{
	for (size_t i = 0; i < system->count; i++)
		keyed_read(&system->files[i].keyed, system->files[i].fd, buf, size,
			   readings);
}
