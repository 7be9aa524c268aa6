#include "base/procfile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
close_keeping_errno(int fd)
{
	int saved = errno;

	close(fd);
	errno = saved;
}

ssize_t
procfile_pread(int fd, char *buf, size_t size)
{
	size_t used = 0;

	/* The kernel hands out long files about a page at a time. */
	while (used < size - 1) {
		size_t room = size - 1 - used;
		ssize_t got =
		    pread(fd, buf + used, room < PROCFILE_MAX ? room : PROCFILE_MAX,
			  (off_t)used);

		if (got == -1)
			return -1;
		if (got == 0)
			break;
		used += (size_t)got;
	}
	buf[used] = '\0';
	return (ssize_t)used;
}

ssize_t
procfile_read(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length;

	if (fd == -1)
		return -1;
	length = procfile_pread(fd, buf, size);
	close_keeping_errno(fd);
	if (length > 0 && buf[length - 1] == '\n')
		buf[--length] = '\0';
	return length;
}

int
procfile_read_i64(const char *path, int64_t *value)
{
	char buf[PROCFILE_MAX];
	const char *text = buf;

	if (procfile_read(path, buf, sizeof(buf)) == -1)
		return -1;
	if (strncmp(text, "max", 3) == 0) {
		*value = INT64_MAX;
		return 0;
	}
	text += strcspn(text, "0123456789");
	if (*text == '\0') {
		errno = EINVAL;
		return -1;
	}
	if (text > buf && text[-1] == '-')
		text--;
	*value = strtoll(text, NULL, 10);
	return 0;
}

char *
procfile_sysctl_path(const char *name, char *buf, size_t size)
{
	static const char root[] = "/proc/sys/";

	snprintf(buf, size, "%s%s", root, name);
	for (char *c = buf + strlen(root); *c != '\0'; c++)
		if (*c == '.')
			*c = '/';
	return buf;
}

ssize_t
procfile_sysctl(const char *name, char *buf, size_t size)
{
	char path[128];
	ssize_t length;

	length = procfile_read(procfile_sysctl_path(name, path, sizeof(path)), buf, size);
	for (ssize_t i = 0; i < length; i++)
		if (buf[i] == '\t')
			buf[i] = ' ';
	return length;
}

pid_t
procfile_parent(pid_t pid)
{
	char path[64], text[PROCFILE_MAX];
	const char *behind;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (procfile_read(path, text, sizeof(text)) <= 0)
		return 0;
	/* "PID (COMMAND) STATE PPID": the command may hold anything. */
	behind = strrchr(text, ')');
	return behind != NULL && strlen(behind) > 4 ? atoi(behind + 4) : 0;
}

int
procfile_rlimit(pid_t pid, const char *line, int64_t *value)
{
	char path[64], text[4096], *at, *end;

	/* prlimit(2) would need CAP_SYS_RESOURCE for the process of another user. */
	snprintf(path, sizeof(path), "/proc/%d/limits", pid);
	if (procfile_read(path, text, sizeof(text)) == -1)
		return -1;
	at = strstr(text, line);
	if (at != NULL) {
		at += strlen(line);
		*value = strtoll(at, &end, 10);
		if (end != at)
			return 0;
	}
	errno = EINVAL;
	return -1;
}

int
procfile_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	size_t length = strlen(text);
	ssize_t written;

	if (fd == -1)
		return -1;
	written = write(fd, text, length);
	close_keeping_errno(fd);
	if (written == -1)
		return -1;
	if ((size_t)written != length) {
		errno = EIO;
		return -1;
	}
	return 0;
}

int64_t
procfile_count_fds(int directory, char *buf, size_t size)
{
	int64_t count = 0;
	ssize_t got;

	if (lseek(directory, 0, SEEK_SET) == -1)
		return -1;
	while ((got = getdents64(directory, buf, size)) > 0)
		for (ssize_t at = 0; at < got;) {
			const struct dirent64 *entry = (const void *)(buf + at);

			count += entry->d_name[0] != '.';
			at += entry->d_reclen;
		}
	return got == 0 ? count : -1;
}
