#include "base/sandbox.h"

#include <asm/ioctls.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ----------------------------------------------------------------------------- files */

/* As linux/landlock.h has them. They are here because the program may run on a kernel that
 * is newer than the headers it was built with. */
#define FS_TRUNCATE         (UINT64_C(1) << 14)
#define FS_IOCTL_DEV        (UINT64_C(1) << 15)
#define NET_BIND_TCP        (UINT64_C(1) << 0)
#define NET_CONNECT_TCP     (UINT64_C(1) << 1)
#define SCOPE_ABSTRACT_UNIX (UINT64_C(1) << 0)
#define SCOPE_SIGNAL        (UINT64_C(1) << 1)

/* struct landlock_ruleset_attr of version 6. A kernel takes one that is longer than its own
 * where the rest is zero. */
struct ruleset {
	uint64_t fs, net, scoped;
};

enum { ABI_REFER = 2, ABI_TRUNCATE = 3, ABI_NET = 4, ABI_IOCTL = 5, ABI_SCOPE = 6 };

/* All but reading. */
#define HANDLED                                                           \
	(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |     \
	 LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE | \
	 LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |     \
	 LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |     \
	 LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |   \
	 LANDLOCK_ACCESS_FS_MAKE_SYM)

/* A rename within a folder is removing and making. */
#define FOLDER_RIGHTS                                                     \
	(LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE | \
	 LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | FS_TRUNCATE)
#define FILE_RIGHTS (LANDLOCK_ACCESS_FS_WRITE_FILE | FS_TRUNCATE | FS_IOCTL_DEV)

/* What the version knows: a right that it does not know would be refused. */
static struct ruleset
ruleset_of(int abi)
{
	struct ruleset ruleset = { .fs = HANDLED };

	if (abi >= ABI_REFER)
		ruleset.fs |= LANDLOCK_ACCESS_FS_REFER;
	if (abi >= ABI_TRUNCATE)
		ruleset.fs |= FS_TRUNCATE;
	if (abi >= ABI_NET)
		ruleset.net = NET_BIND_TCP | NET_CONNECT_TCP;
	if (abi >= ABI_IOCTL)
		ruleset.fs |= FS_IOCTL_DEV;
	if (abi >= ABI_SCOPE)
		ruleset.scoped = SCOPE_ABSTRACT_UNIX | SCOPE_SIGNAL;
	return ruleset;
}

/* A pipe in /proc/self/fd cannot be in a rule, and needs none. 0, or -1. */
static int
allow(int fd, uint64_t handled, const char *path)
{
	struct landlock_path_beneath_attr rule = { 0 };
	struct stat st;
	int rc = 0;

	rule.parent_fd = path != NULL ? open(path, O_PATH | O_CLOEXEC) : -1;
	if (rule.parent_fd == -1)
		return 0;
	if (fstat(rule.parent_fd, &st) == 0) {
		rule.allowed_access =
		    handled & (S_ISDIR(st.st_mode) ? FOLDER_RIGHTS : FILE_RIGHTS);
		rc = (int)syscall(SYS_landlock_add_rule, fd, LANDLOCK_RULE_PATH_BENEATH,
				  &rule, 0);
	}
	close(rule.parent_fd);
	return rc == -1 && errno != EBADFD ? -1 : 0;
}

static bool
gives_up_privileges(void)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

/* 0, or -1 where the process is as it was. */
static int
restrict_to(const struct ruleset *ruleset, const char *const *writable, size_t count)
{
	int fd = (int)syscall(SYS_landlock_create_ruleset, ruleset, sizeof(*ruleset), 0);
	int rc = 0;

	if (fd == -1)
		return -1;
	for (size_t i = 0; i < count && rc == 0; i++)
		rc = allow(fd, ruleset->fs, writable[i]);
	if (rc == 0)
		rc = (int)syscall(SYS_landlock_restrict_self, fd, 0);
	close(fd);
	return rc;
}

int
sandbox_files(const char *const *writable, size_t count)
{
	int saved = errno;
	int abi = (int)syscall(SYS_landlock_create_ruleset, NULL, 0,
			       LANDLOCK_CREATE_RULESET_VERSION);
	struct ruleset ruleset = ruleset_of(abi);

	if (abi < 1 || !gives_up_privileges() ||
	    restrict_to(&ruleset, writable, count) == -1)
		abi = 0;
	errno = saved;
	return abi;
}

/* ---------------------------------------------------------------------- system calls */

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#ifndef ARCHITECTURE

bool
sandbox_calls(void)
{
	return false;
}

#else

/* x32's calls have this bit: other numbers for the same calls. */
#define X32_BIT UINT32_C(0x40000000)

#define LOAD(member) \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
#define ALLOW_ALL        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define REFUSE_ALL       BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)
#define SKIP_IF(value)   BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 1, 0)
#define REFUSE_IF(value) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1), REFUSE_ALL
#define REFUSE(call)     REFUSE_IF(SYS_##call)

/* The kernel remembers which calls are always allowed: reading and writing do not pass
 * through here. */
/* clang-format off */
static struct sock_filter program[] = {
	LOAD(arch),
	SKIP_IF(ARCHITECTURE),
	REFUSE_ALL,

	LOAD(nr),
#ifdef __x86_64__
	BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_BIT, 0, 1),
	REFUSE_ALL,
#endif

	/* programs and processes; there are no threads either */
	REFUSE(execve), REFUSE(execveat),
#ifdef SYS_fork
	REFUSE(fork), REFUSE(vfork),
#endif
#ifndef SANDBOX_IS_SANITIZED
	REFUSE(clone), REFUSE(clone3), REFUSE(ptrace),
#endif
	REFUSE(process_vm_readv), REFUSE(process_vm_writev), REFUSE(pidfd_open),
	REFUSE(pidfd_getfd), REFUSE(kcmp),

	/* sockets; io_uring would open them unseen */
	REFUSE(socket), REFUSE(socketpair), REFUSE(connect), REFUSE(bind), REFUSE(listen),
	REFUSE(io_uring_setup), REFUSE(io_uring_enter), REFUSE(io_uring_register),

	/* namespaces and mounts */
	REFUSE(unshare), REFUSE(setns), REFUSE(mount), REFUSE(umount2),
	REFUSE(pivot_root), REFUSE(chroot), REFUSE(open_tree), REFUSE(move_mount),
	REFUSE(fsopen), REFUSE(fsconfig), REFUSE(fsmount), REFUSE(fspick),
	REFUSE(mount_setattr), REFUSE(open_by_handle_at),

	/* the kernel */
	REFUSE(bpf), REFUSE(perf_event_open), REFUSE(userfaultfd), REFUSE(kexec_load),
	REFUSE(kexec_file_load), REFUSE(init_module), REFUSE(finit_module),
	REFUSE(delete_module), REFUSE(add_key), REFUSE(request_key), REFUSE(keyctl),
	REFUSE(reboot), REFUSE(acct), REFUSE(swapon), REFUSE(swapoff), REFUSE(quotactl),
	REFUSE(sethostname), REFUSE(setdomainname), REFUSE(settimeofday),
	REFUSE(clock_settime), REFUSE(adjtimex), REFUSE(clock_adjtime),
#ifdef SYS_iopl
	REFUSE(iopl), REFUSE(ioperm),
#endif

	/* typing into a terminal, for the shell to obey: ioctl_tty(2), ioctl_console(2) */
	SKIP_IF(SYS_ioctl),
	ALLOW_ALL,
	LOAD(args[1]),
	REFUSE_IF(TIOCSTI), REFUSE_IF(TIOCLINUX),
	ALLOW_ALL,
};
/* clang-format on */

bool
sandbox_calls(void)
{
	const struct sock_fprog filter = { sizeof(program) / sizeof(program[0]),
					   program };
	int saved = errno;
	bool done = gives_up_privileges() &&
		    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;

	errno = saved;
	return done;
}

#endif
