/*
 * Files under /proc, /sys/fs/cgroup: small, textual, made anew at each read.
 */
#ifndef BRINK_BASE_PROCFILE_H
#define BRINK_BASE_PROCFILE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Reading a file under /proc/sys with megabytes of buffer fails with ENOMEM; nothing
 * that brink reads is longer than this. */
#define PROCFILE_MAX 65536

/*
 * Reads the file from its start into buf and ends it with a NUL. Returns the bytes read
 * (without the NUL, at most size - 1), or -1 with errno.
 */
ssize_t procfile_pread(int fd, char *buf, size_t size);

/* The same by path; a trailing newline is removed. */
ssize_t procfile_read(const char *path, char *buf, size_t size);

/* The first decimal number in the file; "max" and what is larger give INT64_MAX. 0, or -1
 * with errno, EINVAL where there is no number. */
int procfile_read_i64(const char *path, int64_t *value);

/* Where a sysctl is by its dotted name: "net.core.somaxconn" is
 * /proc/sys/net/core/somaxconn. buf is returned. */
char *procfile_sysctl_path(const char *name, char *buf, size_t size);

/* Its text: words parted by single blanks, no newline. Returns its length, or -1 with
 * errno. */
ssize_t procfile_sysctl(const char *name, char *buf, size_t size);

/* The parent of a process, 0 where there is none or it cannot be read. */
pid_t procfile_parent(pid_t pid);

/* The soft limit of a process by the beginning of its line in /proc/PID/limits (proc(5)).
 * 0, or -1 with errno, EINVAL where it is unlimited or there is no such line. */
int procfile_rlimit(pid_t pid, const char *line, int64_t *value);

/* Writes text to an existing file in one write(2). 0, or -1 with errno. */
int procfile_write(const char *path, const char *text);

/* Entries of an open /proc/PID/fd, counted one by one, by pieces of size bytes. -1 with
 * errno. */
int64_t procfile_count_fds(int directory, char *buf, size_t size);

#endif
