/* Files under /proc and /sys/fs/cgroup. */
#include <sys/mman.h>
#include <unistd.h>

#include "base/cgroup_path.h"
#include "base/procfile.h"
#include "fuzz.h"
#include "sample/keyed.h"
#include "sample/process.h"

static int64_t values[SUBJECT_KINDS][256];

/* Of the host and the namespace. */
static const enum source sources[] = { SOURCE_MEMINFO, SOURCE_VMSTAT,  SOURCE_CPU,
				       SOURCE_LOADAVG, SOURCE_FILE_NR, SOURCE_SOCKSTAT,
				       SOURCE_SNMP,    SOURCE_NETSTAT, SOURCE_CONNTRACK };

/* Each may meet any text, and then another: the second time it knows where the first had
 * its numbers. */
static void
try_sources(const char *text, const char *changed)
{
	readings_by_kind readings;

	for (int kind = 0; kind < SUBJECT_KINDS; kind++)
		readings[kind] = values[kind];
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		struct keyed keyed;

		keyed_init(&keyed, 0);
		keyed_want_source(&keyed, sources[i]);
		keyed_parse(&keyed, text, readings);
		keyed_parse(&keyed, changed, readings);
	}
	keyed_has(text, "TCP inuse");
	keyed_has(text, "cpu 3");
}

static int
file_of(const uint8_t *data, size_t size)
{
	int fd = memfd_create("proc", MFD_CLOEXEC);

	PROMISED(fd != -1 && write(fd, data, size) == (ssize_t)size);
	return fd;
}

static void
try_process(const uint8_t *data, size_t size)
{
	static struct process_reader reader;
	static char buf[PROCFILE_MAX];
	int fd = file_of(data, size);
	struct process_files files = { .stat = fd, .statm = fd, .rollup = fd, .fds = -1 };

	process_reader_init(&reader, buf, sizeof(buf));
	process_read(&reader, &files, true, values[SUBJECT_PROCESS]);
	close(fd);
}

/* The memberships of a process, and behind a NUL the mounts. */
static void
try_cgroup(const char *cgroups, const char *mounts)
{
	static const char *const controllers[] = { NULL, "memory", "pids", "cpu" };
	const struct cgroup_map map = { cgroups, mounts };

	for (size_t i = 0; i < sizeof(controllers) / sizeof(controllers[0]); i++) {
		struct cgroup_directory directory;

		if (!cgroup_find(&map, controllers[i], &directory))
			continue;
		PROMISED(strlen(directory.path) < CGROUP_PATH);
		PROMISED(directory.root <= strlen(directory.path));
		while (cgroup_parent(&directory))
			PROMISED(strlen(directory.path) >= directory.root);
	}
}

static void
try_file(const uint8_t *data, size_t size)
{
	static char buf[512];
	char path[64];
	int fd = file_of(data, size);
	int64_t value;
	ssize_t got;

	got = procfile_pread(fd, buf, sizeof(buf));
	PROMISED(got >= 0 && (size_t)got < sizeof(buf) && buf[got] == '\0');
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	procfile_read(path, buf, sizeof(buf));
	procfile_read_i64(path, &value);
	close(fd);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	size_t first = strlen(text);
	const char *second = first < size ? text + first + 1 : "";

	try_sources(text, second);
	try_cgroup(text, second);
	try_process(data, size);
	try_file(data, size);
	free(text);
	return 0;
}
