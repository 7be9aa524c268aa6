/*
 * What a process gives up for the rest of its life, and that of its children, before it
 * reads what somebody else may have made.
 *
 * Both functions do what this kernel can, and say what they did: an older one is no error.
 * What is open already stays open, and can be written to. Neither allocates, both keep
 * errno, and both set PR_SET_NO_NEW_PRIVS: prctl(2).
 */
#ifndef BRINK_BASE_SANDBOX_H
#define BRINK_BASE_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

/* Defined in a build with AddressSanitizer: GCC's way to tell, and Clang's. */
#if defined(__SANITIZE_ADDRESS__)
#define SANDBOX_IS_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANDBOX_IS_SANITIZED
#endif
#endif

/*
 * From now on files and folders are made, written, renamed and removed only beneath these
 * folders; of a path that is no folder, such as a device, only itself is written. One that
 * is NULL or not there allows nothing. Everything may still be read, but nothing is
 * executed. With it comes, each since a version of the kernel's interface of its own:
 *
 *	1  files and folders
 *	3  truncating files
 *	4  no TCP connection is made or listened for
 *	5  no ioctl(2) of devices that are opened later, but of these paths
 *	6  no signal to processes outside, and no connection to their abstract sockets
 *
 * Returns that version, or 0 where the kernel has no Landlock and nothing changed: Linux
 * 5.13, Documentation/userspace-api/landlock.rst, landlock(7).
 */
int sandbox_files(const char *const *writable, size_t count);

/*
 * From now on system calls that no reader needs fail with EPERM: those that execute, fork,
 * open sockets, look into other processes, or change the kernel, its namespaces and its
 * mounts, and ioctls that type into a terminal. chmod(2) and its like are not among them.
 * A sanitizer forks and traces itself to look for leaks: in a sanitized build it may.
 *
 * Returns false where nothing changed: a kernel without filters, or a processor that is
 * neither x86-64 nor little-endian ARM64. Linux 3.5,
 * Documentation/userspace-api/seccomp_filter.rst, seccomp(2).
 */
bool sandbox_calls(void);

#endif
