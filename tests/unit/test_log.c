#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <setjmp.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/log.h"

/* Runs body in a child with its standard error in a pipe; gives what it wrote, at most
 * size - 1 bytes, and its exit status. */
static int
child_run(void (*body)(void), char *text, size_t size)
{
	int ends[2], status;
	size_t used = 0;
	ssize_t got;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_int_not_equal(pid, -1);
	if (pid == 0) {
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		close(ends[1]);
		body();
		_exit(0);
	}
	close(ends[1]);
	while (used < size - 1 && (got = read(ends[0], text + used, size - 1 - used)) > 0)
		used += (size_t)got;
	text[used] = '\0';
	close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
write_each_level(void)
{
	log_info("%d of %d", 1, 2);
	log_set_title("acceptor 2");
	errno = EMFILE;
	log_warn("accept4");
	log_warnx("no reason");
}

static void
lines_carry_title_and_reason(void **state)
{
	char text[256];

	(void)state;
	assert_int_equal(child_run(write_each_level, text, sizeof(text)), 0);
	assert_string_equal(text, "brink: 1 of 2\n"
				  "acceptor 2: accept4: Too many open files\n"
				  "acceptor 2: no reason\n");
}

static void
write_quietly(void)
{
	log_set_quiet(true);
	log_set_prefix("\r");
	log_info("dropped");
	log_warnx("kept");
}

static void
quiet_drops_information_only(void **state)
{
	char text[256];

	(void)state;
	assert_int_equal(child_run(write_quietly, text, sizeof(text)), 0);
	assert_string_equal(text, "\rbrink: kept\n");
}

/* Neither a descriptor nor a byte of heap is to be had; exits 3 if errno changed. */
static void
write_with_nothing_left(void)
{
	static const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_NOFILE, &none);
	setrlimit(RLIMIT_DATA, &none);
	errno = 12345;
	log_warn("%s", "still here");
	if (errno != 12345)
		_exit(3);
}

static void
line_needs_no_resource_and_keeps_errno(void **state)
{
	char text[256];

	(void)state;
	assert_int_equal(child_run(write_with_nothing_left, text, sizeof(text)), 0);
	assert_string_equal(text, "brink: still here: Unknown error 12345\n");
}

static void
write_too_much(void)
{
	char text[4096];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	log_set_title(text);
	log_warnx("%s", text);
}

static void
long_line_is_cut_and_ended(void **state)
{
	char text[8192];

	(void)state;
	assert_int_equal(child_run(write_too_much, text, sizeof(text)), 0);
	assert_int_equal(strlen(text), 1024);
	assert_int_equal(text[1023], '\n');
	assert_int_equal(strcspn(text, ":"), 31);
}

static void
never_called(void)
{
	log_warnx("atexit");
}

static void
end_fatally(void)
{
	atexit(never_called);
	errno = ENOENT;
	fatal("open");
}

static void
end_fatally_without_reason(void)
{
	fatalx("no plan");
}

static void
fatal_exits_1_without_handlers(void **state)
{
	char text[256];

	(void)state;
	assert_int_equal(child_run(end_fatally, text, sizeof(text)), 1);
	assert_string_equal(text, "brink: open: No such file or directory\n");
	assert_int_equal(child_run(end_fatally_without_reason, text, sizeof(text)), 1);
	assert_string_equal(text, "brink: no plan\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_carry_title_and_reason),
		cmocka_unit_test(quiet_drops_information_only),
		cmocka_unit_test(line_needs_no_resource_and_keeps_errno),
		cmocka_unit_test(long_line_is_cut_and_ended),
		cmocka_unit_test(fatal_exits_1_without_handlers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
