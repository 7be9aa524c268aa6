#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "listen_anywhere.h"
#include "made_store.h"
#include "skip.h"

#include "base/sandbox.h"

enum { ABI_TRUNCATE = 3, ABI_NET = 4, ABI_SCOPE = 6 };

/* Two folders, one of which may be written to, and a file in each. */
struct place {
	char inside[64], outside[64], in_file[80], out_file[80], in_new[80], out_new[80];
	int64_t port; /* where somebody listens */
	int listener;
};

static struct place place;

static int
place_setup(void **state)
{
	const struct made_store *store;

	assert_int_equal(made_store_setup(state), 0);
	store = *state;
	snprintf(place.inside, sizeof(place.inside), "%s/inside", store->dir);
	snprintf(place.outside, sizeof(place.outside), "%s/outside", store->dir);
	assert_int_equal(mkdir(place.inside, 0700), 0);
	assert_int_equal(mkdir(place.outside, 0700), 0);
	snprintf(place.in_file, sizeof(place.in_file), "%s/file", place.inside);
	snprintf(place.out_file, sizeof(place.out_file), "%s/file", place.outside);
	snprintf(place.in_new, sizeof(place.in_new), "%s/new", place.inside);
	snprintf(place.out_new, sizeof(place.out_new), "%s/new", place.outside);
	made_file_write(place.in_file, "text", 4);
	made_file_write(place.out_file, "text", 4);
	place.listener = listen_anywhere(1, &place.port);
	return 0;
}

static int
place_teardown(void **state)
{
	close(place.listener);
	return made_store_teardown(state);
}

/* As the kernel says it, so that a sandbox that does nothing is no reason to skip. */
static int
landlock_abi(void)
{
	return (int)syscall(SYS_landlock_create_ruleset, NULL, 0,
			    LANDLOCK_CREATE_RULESET_VERSION);
}

static bool
has_filters(void)
{
#if defined(__x86_64__) || defined(__aarch64__)
	return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) != -1;
#else
	return false;
#endif
}

static void
confine_files(void)
{
	const char *const writable[] = { place.inside, NULL, "/nowhere/at/all" };

	if (sandbox_files(writable, 3) != landlock_abi())
		_exit(255);
}

static void
confine_calls(void)
{
	if (!sandbox_calls())
		_exit(255);
}

/* What errno an attempt ends with in a child that is confined, 0 where it succeeds, -1 where
 * a signal ends it. */
static int
errno_in(void (*confine)(void), int (*attempt)(void))
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	assert_int_not_equal(pid, -1);
	if (pid == 0) {
		confine();
		errno = 0;
		_exit(attempt() == -1 ? errno : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* ----------------------------------------------------------------------------- files */

static int
write_to(const char *path, int flags)
{
	int fd = open(path, flags | O_WRONLY | O_CLOEXEC, 0600);

	return fd == -1 || write(fd, "more", 4) != 4 ? -1 : 0;
}

static int
write_outside(void)
{
	return write_to(place.out_file, 0);
}

static int
make_outside(void)
{
	return write_to(place.out_new, O_CREAT | O_EXCL);
}

static int
make_folder_outside(void)
{
	return mkdir(place.out_new, 0700);
}

static int
link_outside(void)
{
	return symlink("/etc/passwd", place.out_new);
}

static int
remove_outside(void)
{
	return unlink(place.out_file);
}

static int
rename_outside(void)
{
	return rename(place.out_file, place.out_new);
}

static int
truncate_outside(void)
{
	return truncate(place.out_file, 0);
}

/* Cut short, made, renamed over another and removed: what a store and its log need. */
static int
work_inside(void)
{
	return write_to(place.in_new, O_CREAT | O_EXCL) == -1 ||
		       truncate(place.in_new, 2) == -1 ||
		       rename(place.in_new, place.in_file) == -1 ||
		       unlink(place.in_file) == -1
		   ? -1
		   : 0;
}

static int
read_outside(void)
{
	char text[8];
	int fd = open(place.out_file, O_RDONLY | O_CLOEXEC);

	return fd == -1 || read(fd, text, sizeof(text)) != 4 ? -1 : 0;
}

static int
execute(void)
{
	static char name[] = "true";
	char *arguments[] = { name, NULL };

	return execv("/bin/true", arguments);
}

static void
nothing_is_written_outside(void **state)
{
	static int (*const attempts[])(void) = {
		write_outside, make_outside,   make_folder_outside,
		link_outside,  remove_outside, rename_outside,
	};

	(void)state;
	if (landlock_abi() < 1)
		skip_because("this kernel has no Landlock");
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++)
		assert_int_equal(errno_in(confine_files, attempts[i]), EACCES);
	if (landlock_abi() >= ABI_TRUNCATE)
		assert_int_equal(errno_in(confine_files, truncate_outside), EACCES);
	assert_int_equal(access(place.out_file, F_OK), 0);
	assert_int_equal(access(place.out_new, F_OK), -1);
}

static void
everything_is_read_and_the_folder_written(void **state)
{
	(void)state;
	if (landlock_abi() < 1)
		skip_because("this kernel has no Landlock");
	assert_int_equal(errno_in(confine_files, read_outside), 0);
	assert_int_equal(errno_in(confine_files, work_inside), 0);
}

static void
files_are_not_executed(void **state)
{
	(void)state;
	if (landlock_abi() < 1)
		skip_because("this kernel has no Landlock");
	assert_int_equal(errno_in(confine_files, execute), EACCES);
}

static void
confine_to_file(void)
{
	const char *const writable[] = { place.out_file };

	sandbox_files(writable, 1);
}

/* A file, such as a device, is written itself, and nothing beside it. */
static void
a_file_is_allowed_alone(void **state)
{
	(void)state;
	if (landlock_abi() < 1)
		skip_because("this kernel has no Landlock");
	assert_int_equal(errno_in(confine_to_file, write_outside), 0);
	assert_int_equal(errno_in(confine_to_file, make_outside), EACCES);
	assert_int_equal(errno_in(confine_to_file, remove_outside), EACCES);
}

/* Standard output may be a pipe that is opened again by its name. */
static void
confine_to_pipe(void)
{
	const char *const writable[] = { "/dev/stdout" };
	int ends[2];

	if (pipe(ends) == -1 || dup2(ends[1], STDOUT_FILENO) == -1 ||
	    sandbox_files(writable, 1) < 1)
		_exit(255);
}

static int
write_to_stdout(void)
{
	return write_to("/dev/stdout", 0);
}

static void
a_pipe_is_opened_again(void **state)
{
	(void)state;
	if (landlock_abi() < 1)
		skip_because("this kernel has no Landlock");
	assert_int_equal(errno_in(confine_to_pipe, write_to_stdout), 0);
}

static int
connect_to_listener(void)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)place.port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	return fd == -1 ? -1 : connect(fd, (struct sockaddr *)&address, sizeof(address));
}

static void
no_connection_is_made(void **state)
{
	(void)state;
	if (landlock_abi() < ABI_NET)
		skip_because("this kernel's Landlock knows nothing of TCP");
	assert_int_equal(errno_in(confine_files, connect_to_listener), EACCES);
}

static int
signal_parent(void)
{
	return kill(getppid(), 0);
}

static void
nobody_else_is_signalled(void **state)
{
	(void)state;
	if (landlock_abi() < ABI_SCOPE)
		skip_because("this kernel's Landlock knows nothing of signals");
	assert_int_equal(errno_in(confine_files, signal_parent), EPERM);
}

/* ---------------------------------------------------------------------- system calls */

static int
fork_once(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return pid == -1 ? -1 : 0;
}

static int
open_unix_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static int
open_packet_socket(void)
{
	return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0);
}

static int
trace_parent(void)
{
	return (int)ptrace(PTRACE_SEIZE, getppid(), NULL, NULL);
}

static int
make_namespace(void)
{
	return (int)syscall(SYS_unshare, 0);
}

static int
set_up_ring(void)
{
	return (int)syscall(SYS_io_uring_setup, 1, NULL);
}

static int
type_into_terminal(void)
{
	char key = 'x';

	return ioctl(STDIN_FILENO, TIOCSTI, &key);
}

#ifdef __x86_64__
static int
call_x32(void)
{
	return (int)syscall(0x40000000 | SYS_getpid);
}

#endif

static void
no_call_leads_out(void **state)
{
	static int (*const attempts[])(void) = {
		execute,
		connect_to_listener,
		open_unix_socket,
		open_packet_socket,
		make_namespace,
		set_up_ring,
		type_into_terminal,
#ifdef __x86_64__
		call_x32,
#endif
	};

	(void)state;
	if (!has_filters())
		skip_because("there are no filters of system calls here");
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++)
		assert_int_equal(errno_in(confine_calls, attempts[i]), EPERM);
}

#ifdef __x86_64__
/* getpid(2) as a program of 32 bits calls it. */
static int
call_i386(void)
{
	int rc;

	__asm__ volatile("int $0x80"
			 : "=a"(rc)
			 : "a"(20)
			 : "r8", "r9", "r10", "r11", "memory");
	errno = rc < 0 ? -rc : 0;
	return rc < 0 ? -1 : 0;
}

static void
confine_nothing(void)
{
}

static void
no_other_numbers_of_calls_lead_out(void **state)
{
	(void)state;
	if (errno_in(confine_nothing, call_i386) != 0)
		skip_because("this kernel runs no programs of 32 bits");
	assert_int_equal(errno_in(confine_calls, call_i386), EPERM);
}
#endif

static void
nothing_is_forked_or_traced(void **state)
{
	(void)state;
	if (!has_filters())
		skip_because("there are no filters of system calls here");
#ifdef SANDBOX_IS_SANITIZED
	skip_because("a sanitizer looks for leaks that way");
#endif
	assert_int_equal(errno_in(confine_calls, fork_once), EPERM);
	assert_int_equal(errno_in(confine_calls, trace_parent), EPERM);
}

static int
ask_for_terminal(void)
{
	struct winsize size;

	return ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == -1 && errno != ENOTTY ? -1 : 0;
}

static void
the_rest_goes_on(void **state)
{
	(void)state;
	if (!has_filters())
		skip_because("there are no filters of system calls here");
	assert_int_equal(errno_in(confine_calls, read_outside), 0);
	assert_int_equal(errno_in(confine_calls, work_inside), 0);
	assert_int_equal(errno_in(confine_calls, ask_for_terminal), 0);
}

#define PLACE_TEST(function) \
	cmocka_unit_test_setup_teardown(function, place_setup, place_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		PLACE_TEST(nothing_is_written_outside),
		PLACE_TEST(everything_is_read_and_the_folder_written),
		PLACE_TEST(files_are_not_executed),
		PLACE_TEST(a_file_is_allowed_alone),
		PLACE_TEST(a_pipe_is_opened_again),
		PLACE_TEST(no_connection_is_made),
		PLACE_TEST(nobody_else_is_signalled),
		PLACE_TEST(no_call_leads_out),
#ifdef __x86_64__
		PLACE_TEST(no_other_numbers_of_calls_lead_out),
#endif
		PLACE_TEST(nothing_is_forked_or_traced),
		PLACE_TEST(the_rest_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
