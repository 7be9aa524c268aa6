#include "sample/process.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/procfile.h"

/* Since Linux 6.2 stat(2) of /proc/PID/fd gives the number of open descriptors. */
static bool
fds_are_sized(void)
{
	struct stat st;

	return stat("/proc/self/fd", &st) == 0 && st.st_size > 0;
}

void
process_reader_init(struct process_reader *reader, char *buf, size_t size)
{
	/* proc(5) numbers the words of both files from 1; stat is read from behind the
	 * command, the second word, on. */
	keyed_init(&reader->stat, 3);
	keyed_init(&reader->statm, 1);
	keyed_init(&reader->rollup, 0);
	keyed_want_source(&reader->stat, SOURCE_PROC_STAT);
	keyed_want_source(&reader->statm, SOURCE_PROC_STATM);
	keyed_want_source(&reader->rollup, SOURCE_PROC_ROLLUP);
	reader->fds = resource_position(resource_find(SUBJECT_PROCESS, "fds"));
	reader->state = resource_position(resource_find(SUBJECT_PROCESS, "state"));
	reader->fds_sized = fds_are_sized();
	reader->buf = buf;
	reader->size = size;
}

static int
file_open(pid_t pid, const char *name, int flags)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	return open(path, O_RDONLY | O_CLOEXEC | flags);
}

bool
process_open(struct process_files *files, pid_t pid)
{
	files->statm = files->rollup = files->fds = -1;
	files->stat = file_open(pid, "stat", 0);
	if (files->stat == -1)
		return false;
	files->statm = file_open(pid, "statm", 0);
	files->rollup = file_open(pid, "smaps_rollup", 0);
	files->fds = file_open(pid, "fd", O_DIRECTORY);
	return true;
}

void
process_close(struct process_files *files)
{
	int *fds[] = { &files->stat, &files->statm, &files->rollup, &files->fds };

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		if (*fds[i] != -1)
			close(*fds[i]);
		*fds[i] = -1;
	}
}

/* The command may hold anything, parentheses too: what follows begins after the last. */
static bool
stat_read(struct process_reader *reader, int fd, const readings_by_kind readings)
{
	const char *rest;

	if (fd == -1 || procfile_pread(fd, reader->buf, reader->size) <= 0)
		return false;
	rest = strrchr(reader->buf, ')');
	if (rest == NULL)
		return false;
	keyed_parse(&reader->stat, rest + 1, readings);
	int64_t state = readings[SUBJECT_PROCESS][reader->state];
	return state != 'Z' && state != 'X';
}

static int64_t
fds_read(const struct process_reader *reader, int fd, bool all)
{
	struct stat st;
	int64_t count;

	if (fd == -1)
		return READING_NONE;
	/* Only a process that is about to be gone has none at all. */
	if (reader->fds_sized)
		return fstat(fd, &st) == 0 && st.st_size > 0 ? st.st_size : READING_NONE;
	if (!all)
		return READING_NONE;
	count = procfile_count_fds(fd, reader->buf, reader->size);
	return count == -1 ? READING_NONE : count;
}

bool
process_read(struct process_reader *reader, const struct process_files *files, bool all,
	     int64_t *readings)
{
	readings_by_kind by_kind = { [SUBJECT_PROCESS] = readings };
	size_t count;

	resource_of(SUBJECT_PROCESS, &count);
	for (size_t i = 0; i < count; i++)
		readings[i] = READING_NONE;
	if (!stat_read(reader, files->stat, by_kind)) {
		for (size_t i = 0; i < count; i++)
			readings[i] = READING_NONE;
		return false;
	}
	readings[reader->fds] = fds_read(reader, files->fds, all);
	keyed_read(&reader->statm, files->statm, reader->buf, reader->size, by_kind);
	if (all)
		keyed_read(&reader->rollup, files->rollup, reader->buf, reader->size,
			   by_kind);
	return true;
}
