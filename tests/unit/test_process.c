#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/procfile.h"
#include "sample/process.h"

#define READINGS 32
#define MIB      (1 << 20)

/* A child that does what it is told, a letter at a time, and answers each with one. */
struct child {
	pid_t pid;
	int to, from;
	struct process_files files;
	struct process_reader reader;
	int64_t readings[READINGS];
	char buf[PROCFILE_MAX];
};

static void
open_hundred(void)
{
	for (int i = 0; i < 100; i++)
		if (open("/dev/null", O_RDONLY) == -1)
			_exit(1);
}

static void
touch_memory(void)
{
	char *memory = mmap(NULL, 16 * MIB, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (memory == MAP_FAILED)
		_exit(1);
	memset(memory, 1, 16 * MIB);
}

static void
spin(void)
{
	clock_t until = clock() + CLOCKS_PER_SEC / 5;

	while (clock() < until)
		continue;
}

static void
child_main(int from, int to)
{
	char order;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "a) Z (b) c");
	while (read(from, &order, 1) == 1) {
		if (order == 'f')
			open_hundred();
		if (order == 'm')
			touch_memory();
		if (order == 'c')
			spin();
		if (write(to, &order, 1) != 1)
			break;
	}
	_exit(0);
}

static void
tell(const struct child *child, char order)
{
	char answer = 0;

	assert_int_equal(write(child->to, &order, 1), 1);
	assert_int_equal(read(child->from, &answer, 1), 1);
	assert_int_equal(answer, order);
}

static int
setup(void **state)
{
	struct child *child = calloc(1, sizeof(*child));
	int orders[2], answers[2];

	if (child == NULL || pipe2(orders, O_CLOEXEC) == -1 ||
	    pipe2(answers, O_CLOEXEC) == -1)
		return -1;
	child->pid = fork();
	if (child->pid == 0) {
		close(orders[1]);
		close(answers[0]);
		child_main(orders[0], answers[1]);
	}
	close(orders[0]);
	close(answers[1]);
	child->to = orders[1];
	child->from = answers[0];
	process_reader_init(&child->reader, child->buf, sizeof(child->buf));
	tell(child, 'h');
	*state = child;
	return process_open(&child->files, child->pid) ? 0 : -1;
}

static int
teardown(void **state)
{
	struct child *child = *state;

	process_close(&child->files);
	close(child->to);
	close(child->from);
	if (child->pid != 0)
		waitpid(child->pid, NULL, 0);
	free(child);
	return 0;
}

static int64_t
reading(const struct child *child, const char *name)
{
	return child->readings[resource_position(resource_find(SUBJECT_PROCESS, name))];
}

/* The command holds parentheses: all that follows is still read right. */
static void
stat_is_read_behind_the_command(void **state)
{
	struct child *child = *state;

	/* It said that it is there, and may be on its way to sleep yet. */
	for (int i = 0; i < 10000; i++) {
		assert_true(
		    process_read(&child->reader, &child->files, true, child->readings));
		if (reading(child, "state") == 'S')
			break;
		sched_yield();
	}
	assert_int_equal(reading(child, "threads"), 1);
	assert_int_equal(reading(child, "state"), 'S');
	assert_int_equal(reading(child, "major_faults_total"), 0);
	assert_true(reading(child, "minor_faults_total") > 0);
}

static void
descriptors_are_counted_exactly(void **state)
{
	struct child *child = *state;
	int64_t before;

	assert_true(process_read(&child->reader, &child->files, false, child->readings));
	before = reading(child, "fds");
	assert_true(before >= 2);
	tell(child, 'f');
	assert_true(process_read(&child->reader, &child->files, false, child->readings));
	assert_int_equal(reading(child, "fds"), before + 100);
}

/* As on a kernel that does not give their number as a size. */
static void
descriptors_are_counted_one_by_one(void **state)
{
	struct child *child = *state;
	int64_t sized;

	assert_true(process_read(&child->reader, &child->files, false, child->readings));
	sized = reading(child, "fds");
	tell(child, 'f');
	child->reader.fds_sized = false;
	assert_true(process_read(&child->reader, &child->files, false, child->readings));
	assert_int_equal(reading(child, "fds"), READING_NONE);
	assert_true(process_read(&child->reader, &child->files, true, child->readings));
	assert_int_equal(reading(child, "fds"), sized + 100);
	/* Before the load there are few of them. */
	child->reader.before_load = true;
	assert_true(process_read(&child->reader, &child->files, false, child->readings));
	assert_int_equal(reading(child, "fds"), sized + 100);
	/* The directory is read from its start each time, whatever the buffer. */
	assert_int_equal(procfile_count_fds(child->files.fds, child->buf, 256),
			 sized + 100);
}

static void
memory_grows_by_what_is_touched(void **state)
{
	struct child *child = *state;
	int64_t rss, private, vm;

	assert_true(process_read(&child->reader, &child->files, true, child->readings));
	rss = reading(child, "rss_bytes");
	private = reading(child, "private_bytes");
	vm = reading(child, "vm_bytes");
	assert_in_range(rss, 4096, 1024 * MIB);
	tell(child, 'm');
	assert_true(process_read(&child->reader, &child->files, true, child->readings));
	assert_in_range(reading(child, "rss_bytes") - rss, 15 * MIB, 18 * MIB);
	assert_in_range(reading(child, "private_bytes") - private, 16 * MIB, 17 * MIB);
	assert_in_range(reading(child, "vm_bytes") - vm, 16 * MIB, 18 * MIB);
}

static void
private_memory_is_read_when_asked_for(void **state)
{
	struct child *child = *state;

	assert_true(process_read(&child->reader, &child->files, false, child->readings));
	assert_int_equal(reading(child, "private_bytes"), READING_NONE);
	assert_true(reading(child, "rss_bytes") > 0);
}

static void
cpu_time_is_counted(void **state)
{
	struct child *child = *state;
	int64_t used;

	tell(child, 'c');
	assert_true(process_read(&child->reader, &child->files, false, child->readings));
	used =
	    reading(child, "cpu_user_us_total") + reading(child, "cpu_system_us_total");
	/* The kernel counts in hundredths of a second. */
	assert_in_range(used, 150000, 300000);
}

static void
assert_nothing_read(const struct child *child)
{
	size_t count;

	resource_of(SUBJECT_PROCESS, &count);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(child->readings[i], READING_NONE);
}

/* Dead already when its parent has not asked after it yet, and also afterwards. */
static void
the_dead_have_no_readings(void **state)
{
	struct child *child = *state;
	siginfo_t info;

	assert_int_equal(kill(child->pid, SIGKILL), 0);
	assert_int_equal(waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOWAIT), 0);
	assert_false(process_read(&child->reader, &child->files, true, child->readings));
	assert_nothing_read(child);
	assert_int_equal(waitpid(child->pid, NULL, 0), child->pid);
	assert_false(process_read(&child->reader, &child->files, true, child->readings));
	assert_nothing_read(child);
	process_close(&child->files);
	assert_false(process_open(&child->files, child->pid));
	child->pid = 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(stat_is_read_behind_the_command, setup,
						teardown),
		cmocka_unit_test_setup_teardown(descriptors_are_counted_exactly, setup,
						teardown),
		cmocka_unit_test_setup_teardown(descriptors_are_counted_one_by_one, setup,
						teardown),
		cmocka_unit_test_setup_teardown(memory_grows_by_what_is_touched, setup,
						teardown),
		cmocka_unit_test_setup_teardown(private_memory_is_read_when_asked_for,
						setup, teardown),
		cmocka_unit_test_setup_teardown(cpu_time_is_counted, setup, teardown),
		cmocka_unit_test_setup_teardown(the_dead_have_no_readings, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
