#include "sample/system.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/procfile.h"

/* The kernel zeroes a buffer as large as is asked for before it writes a sysctl there: ten
 * times the cost of the number itself. */
#define SYSCTL_SIZE 256

/* proc(5); /proc/self/net is of the network namespace that the file is opened in. */
static const struct {
	enum source source;
	const char *path;
	size_t size;
} paths[] = {
	{ SOURCE_MEMINFO, "/proc/meminfo", PROCFILE_MAX },
	{ SOURCE_VMSTAT, "/proc/vmstat", PROCFILE_MAX },
	{ SOURCE_CPU, "/proc/stat", PROCFILE_MAX },
	{ SOURCE_LOADAVG, "/proc/loadavg", PROCFILE_MAX },
	{ SOURCE_FILE_NR, "/proc/sys/fs/file-nr", SYSCTL_SIZE },
	{ SOURCE_SOCKSTAT, "/proc/self/net/sockstat", PROCFILE_MAX },
	{ SOURCE_SNMP, "/proc/self/net/snmp", PROCFILE_MAX },
	{ SOURCE_NETSTAT, "/proc/self/net/netstat", PROCFILE_MAX },
	{ SOURCE_CONNTRACK, "/proc/sys/net/netfilter/nf_conntrack_count", SYSCTL_SIZE },
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
		file->size = paths[i].size;
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
	for (size_t i = 0; i < system->count; i++) {
		struct system_file *file = &system->files[i];

		keyed_read(&file->keyed, file->fd, buf,
			   file->size < size ? file->size : size, readings);
	}
}
