/*
 * Makes a system call of brink fail, for tests: to be loaded by LD_PRELOAD.
 *
 * BRINK_FAIL is ROLE:CALL:ERRNO:FIRST:COUNT: from the FIRST call on (from 1) after a process
 * took its role, COUNT calls fail with ERRNO. ROLE is the first word of its title, or
 * supervisor before it has one, or any; CALL is fork, malloc (calloc and realloc too), mmap,
 * open, epoll_create or epoll_pwait2.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <unistd.h>

void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t n, size_t bytes);
void *__libc_realloc(void *old, size_t bytes);
int __open_2(const char *path, int flags);

static char role[32] = "supervisor";
static long calls; /* of the call, since the role was taken */

/* The environment is read at each call: a process may be asked before main(). */
static bool
fails(const char *call)
{
	const char *spec = getenv("BRINK_FAIL");
	char wanted[32], name[32];
	int error;
	long first, count;

	if (spec == NULL ||
	    sscanf(spec, "%31[^:]:%31[^:]:%d:%ld:%ld", wanted, name, &error, &first,
		   &count) != 5 ||
	    (strcmp(wanted, role) != 0 && strcmp(wanted, "any") != 0) ||
	    strcmp(name, call) != 0)
		return false;
	calls++;
	if (calls < first || calls >= first + count)
		return false;
	errno = error;
	return true;
}

static void *
real(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

void
setproctitle(const char *format, ...)
{
	void (*next)(const char *, ...) = real("setproctitle");
	char title[64];
	va_list ap;

	va_start(ap, format);
	vsnprintf(title, sizeof(title), format, ap);
	va_end(ap);
	next("%s", title);
	snprintf(role, sizeof(role), "%.*s", (int)strcspn(title, " "), title);
	calls = 0;
}

pid_t
fork(void)
{
	pid_t (*next)(void) = real("fork");

	return fails("fork") ? -1 : next();
}

void *
malloc(size_t bytes)
{
	return fails("malloc") ? NULL : __libc_malloc(bytes);
}

void *
calloc(size_t n, size_t bytes)
{
	return fails("malloc") ? NULL : __libc_calloc(n, bytes);
}

void *
realloc(void *old, size_t bytes)
{
	return fails("malloc") ? NULL : __libc_realloc(old, bytes);
}

void *
mmap(void *address, size_t bytes, int protection, int flags, int fd, off_t offset)
{
	void *(*next)(void *, size_t, int, int, int, off_t) = real("mmap");

	return fails("mmap") ? MAP_FAILED
			     : next(address, bytes, protection, flags, fd, offset);
}

int
open(const char *path, int flags, ...)
{
	int (*next)(const char *, int, ...) = real("open");
	va_list ap;

	va_start(ap, flags);
	mode_t mode = va_arg(ap, mode_t);
	va_end(ap);
	return fails("open") ? -1 : next(path, flags, mode);
}

/* SQLite is built for large files, which here are all. */
int open64(const char *path, int flags, ...) __attribute__((alias("open")));

/* What open() becomes where _FORTIFY_SOURCE sees no mode. */
int
__open_2(const char *path, int flags)
{
	return open(path, flags, 0);
}

int
epoll_create1(int flags)
{
	int (*next)(int) = real("epoll_create1");

	return fails("epoll_create") ? -1 : next(flags);
}

int
epoll_pwait2(int fd, struct epoll_event *events, int capacity,
	     const struct timespec *timeout, const sigset_t *mask)
{
	int (*next)(int, struct epoll_event *, int, const struct timespec *,
		    const sigset_t *) = real("epoll_pwait2");

	return fails("epoll_pwait2") ? -1 : next(fd, events, capacity, timeout, mask);
}
