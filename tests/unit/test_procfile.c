#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <setjmp.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/procfile.h"

/* A file of the test's own. */
struct scratch {
	char directory[32];
	char path[48];
};

static int
setup(void **state)
{
	struct scratch *scratch = calloc(1, sizeof(*scratch));

	if (scratch == NULL)
		return -1;
	strlcpy(scratch->directory, "/tmp/procfile.XXXXXX", sizeof(scratch->directory));
	if (mkdtemp(scratch->directory) == NULL)
		return -1;
	snprintf(scratch->path, sizeof(scratch->path), "%s/file", scratch->directory);
	*state = scratch;
	return 0;
}

static int
teardown(void **state)
{
	struct scratch *scratch = *state;

	unlink(scratch->path);
	rmdir(scratch->directory);
	free(scratch);
	return 0;
}

static void
scratch_fill(const struct scratch *scratch, const char *text)
{
	FILE *file = fopen(scratch->path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void
read_drops_one_newline(void **state)
{
	const struct scratch *scratch = *state;
	char buf[16];

	scratch_fill(scratch, "one\ntwo\n");
	assert_int_equal(procfile_read(scratch->path, buf, sizeof(buf)), 7);
	assert_string_equal(buf, "one\ntwo");
	scratch_fill(scratch, "");
	assert_int_equal(procfile_read(scratch->path, buf, sizeof(buf)), 0);
	assert_string_equal(buf, "");
}

static void
read_is_cut_at_the_size(void **state)
{
	const struct scratch *scratch = *state;
	char buf[5];

	scratch_fill(scratch, "123456789\n");
	assert_int_equal(procfile_read(scratch->path, buf, sizeof(buf)), 4);
	assert_string_equal(buf, "1234");
}

static void
read_of_no_file_says_why(void **state)
{
	const struct scratch *scratch = *state;
	char buf[16];
	int64_t value = 42;

	errno = 0;
	assert_int_equal(procfile_read(scratch->path, buf, sizeof(buf)), -1);
	assert_int_equal(errno, ENOENT);
	errno = 0;
	assert_int_equal(procfile_read_i64(scratch->path, &value), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(value, 42);
}

/* The kernel makes the text anew at each read from the start. */
static void
kept_descriptor_reads_anew(void **state)
{
	char path[64], buf[256], comm[16];
	int fd;

	(void)state;
	snprintf(path, sizeof(path), "/proc/%d/comm", (int)getpid());
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_int_not_equal(fd, -1);
	for (int i = 0; i < 3; i++) {
		snprintf(comm, sizeof(comm), "name-%d", i);
		assert_int_equal(procfile_write(path, comm), 0);
		assert_true(procfile_pread(fd, buf, sizeof(buf)) > 0);
		assert_int_equal(strncmp(buf, comm, strlen(comm)), 0);
	}
	assert_int_equal(close(fd), 0);
}

/* /proc/self/smaps comes in pieces of about a page: all of them are to be read. */
static void
long_file_is_read_whole(void **state)
{
	static char buf[4 * PROCFILE_MAX];
	ssize_t length = procfile_read("/proc/self/smaps", buf, sizeof(buf));

	(void)state;
	assert_true(length > 4096);
	assert_int_equal(strlen(buf), length);
	assert_non_null(strstr(buf, "[stack]"));
}

static void
sysctl_is_read_with_a_large_buffer(void **state)
{
	static char buf[64 * PROCFILE_MAX];

	(void)state;
	assert_true(procfile_read("/proc/sys/kernel/random/boot_id", buf, sizeof(buf)) ==
		    36);
}

static void
number_is_the_first_one(void **state)
{
	static const struct {
		const char *text;
		int64_t value;
	} cases[] = {
		{ "0\n", 0 },
		{ "4096\t131072\t6291456\n", 4096 },
		{ "-1\n", -1 },
		{ "oom_kill 3\nother 4\n", 3 },
		{ "max\n", INT64_MAX },
		{ "max 100000\n", INT64_MAX },
		{ "9223372036854771712\n", INT64_C(9223372036854771712) },
		{ "18446744073709551615\n", INT64_MAX },
	};
	const struct scratch *scratch = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t value = 42;

		scratch_fill(scratch, cases[i].text);
		assert_int_equal(procfile_read_i64(scratch->path, &value), 0);
		assert_int_equal(value, cases[i].value);
	}
}

static void
file_without_a_number_is_invalid(void **state)
{
	const struct scratch *scratch = *state;
	int64_t value = 42;

	scratch_fill(scratch, "none\n");
	errno = 0;
	assert_int_equal(procfile_read_i64(scratch->path, &value), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(value, 42);
}

static void
write_needs_an_existing_file(void **state)
{
	const struct scratch *scratch = *state;
	char buf[16];

	errno = 0;
	assert_int_equal(procfile_write(scratch->path, "1"), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(access(scratch->path, F_OK), -1);
	scratch_fill(scratch, "0");
	assert_int_equal(procfile_write(scratch->path, "1"), 0);
	assert_int_equal(procfile_read(scratch->path, buf, sizeof(buf)), 1);
	assert_string_equal(buf, "1");
}

static void
refused_write_says_why(void **state)
{
	(void)state;
	errno = 0;
	assert_int_equal(procfile_write("/proc/self/oom_score_adj", "many"), -1);
	assert_int_equal(errno, EINVAL);
}

#define FILE_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

static void
a_sysctl_is_read_by_its_dotted_name(void **state)
{
	char text[64];
	int64_t value;

	(void)state;
	assert_true(procfile_sysctl("kernel.pid_max", text, sizeof(text)) > 0);
	assert_int_equal(procfile_read_i64("/proc/sys/kernel/pid_max", &value), 0);
	assert_int_equal(strtoll(text, NULL, 10), value);
}

/* The kernel parts them by tabs: a query for a text would have to know. */
static void
words_are_parted_by_blanks(void **state)
{
	char text[128];
	long long low, high, end;
	ssize_t length;

	(void)state;
	length = procfile_sysctl("net.ipv4.ip_local_port_range", text, sizeof(text));
	assert_int_equal(length, strlen(text));
	assert_int_equal(sscanf(text, "%lld %lld %lld", &low, &high, &end), 2);
	assert_true(low < high);
	assert_null(strpbrk(text, "\t\n"));
}

static void
a_sysctl_that_is_not_there_is_an_error(void **state)
{
	char text[64];

	(void)state;
	assert_int_equal(procfile_sysctl("net.ipv4.no_such_name", text, sizeof(text)),
			 -1);
	assert_int_equal(errno, ENOENT);
}

/* Rather than to run over the buffer. */
static void
a_long_value_is_cut(void **state)
{
	char text[] = "........", whole[128];

	(void)state;
	assert_true(procfile_sysctl("net.ipv4.tcp_mem", whole, sizeof(whole)) > 4);
	procfile_sysctl("net.ipv4.tcp_mem", text, 5);
	assert_int_equal(strlen(text), 4);
	assert_memory_equal(text, whole, 4);
	assert_string_equal(text + 5, "...");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FILE_TEST(read_drops_one_newline),
		FILE_TEST(read_is_cut_at_the_size),
		FILE_TEST(read_of_no_file_says_why),
		cmocka_unit_test(kept_descriptor_reads_anew),
		cmocka_unit_test(long_file_is_read_whole),
		cmocka_unit_test(sysctl_is_read_with_a_large_buffer),
		FILE_TEST(number_is_the_first_one),
		FILE_TEST(file_without_a_number_is_invalid),
		FILE_TEST(write_needs_an_existing_file),
		cmocka_unit_test(refused_write_says_why),
		cmocka_unit_test(a_sysctl_is_read_by_its_dotted_name),
		cmocka_unit_test(words_are_parted_by_blanks),
		cmocka_unit_test(a_sysctl_that_is_not_there_is_an_error),
		cmocka_unit_test(a_long_value_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
