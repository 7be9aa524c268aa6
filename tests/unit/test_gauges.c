#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#include "skip.h"

#include "base/procfile.h"
#include "sample/system.h"

#define CAPACITY (1 << 16)

struct bench {
	struct gauges gauges;
	struct ring *ring;
	uint64_t cursor;
	char text[PROCFILE_MAX];
};

static int
setup(void **state)
{
	static struct bench bench;

	*state = &bench;
	bench.ring = aligned_alloc(64, ring_bytes(CAPACITY));
	if (bench.ring == NULL || gauges_open(&bench.gauges) == -1)
		return -1;
	memset(bench.ring, 0, ring_bytes(CAPACITY));
	ring_init(bench.ring, CAPACITY);
	bench.cursor = ring_tail(bench.ring);
	return 0;
}

static int
teardown(void **state)
{
	struct bench *bench = *state;

	gauges_close(&bench->gauges);
	free(bench->ring);
	return 0;
}

/* In place of the kernel's file. */
static void
set_text(struct bench *bench, const char *text)
{
	if (bench->gauges.fd != -1)
		close(bench->gauges.fd);
	bench->gauges.fd = memfd_create("slabinfo", MFD_CLOEXEC);
	assert_int_equal(write(bench->gauges.fd, text, strlen(text)), strlen(text));
}

/* The record pushed for the tick, or NULL. */
static const struct gauges_record *
read_tick(struct bench *bench, int64_t tick)
{
	struct ring_record record;
	const struct gauges_record *gauges;

	gauges_read(&bench->gauges, tick, tick * 100, bench->ring, bench->text,
		    sizeof(bench->text));
	if (!ring_next(bench->ring, &bench->cursor, &record))
		return NULL;
	gauges = record.data;
	assert_int_equal(record.kind, RECORD_GAUGES);
	assert_int_equal(record.length,
			 sizeof(*gauges) + gauges->count * sizeof(gauges->gauge[0]));
	assert_int_equal(gauges->tick, tick);
	assert_int_equal(gauges->t_us, tick * 100);
	return gauges;
}

static void
caches_are_read_anew_at_each_tick(void **state)
{
	struct bench *bench = *state;
	const struct gauges_record *gauges;

	set_text(bench, "slabinfo - version: 2.1\n"
			"TCP    100 120 2304 14 8 : tunables\n"
			"filp   700 720  256 16 1\n");
	gauges = read_tick(bench, 1);
	assert_int_equal(gauges->count, 2);
	assert_string_equal(gauges->gauge[0].name, "slab TCP");
	assert_int_equal(gauges->gauge[0].value, 100);
	assert_int_equal(gauges->gauge[1].value, 700);
	set_text(bench, "filp   9 9  256 16 1\n");
	gauges = read_tick(bench, 2);
	assert_int_equal(gauges->count, 1);
	assert_string_equal(gauges->gauge[0].name, "slab filp");
	assert_int_equal(gauges->gauge[0].value, 9);
}

/* A record of nothing would be a row of nothing. */
static void
without_caches_there_is_no_record(void **state)
{
	struct bench *bench = *state;

	set_text(bench, "slabinfo - version: 2.1\nkmalloc-96 4 4 96 42 1\n");
	assert_null(read_tick(bench, 1));
	set_text(bench, "");
	assert_null(read_tick(bench, 2));
	/* As for a plain user. */
	close(bench->gauges.fd);
	bench->gauges.fd = -1;
	assert_null(read_tick(bench, 3));
	assert_int_equal(bench->ring->dropped, 0);
}

/* The file is the kernel's, but the room is ours. */
static void
more_lines_than_room_are_left_out(void **state)
{
	struct bench *bench = *state;
	const struct gauges_record *gauges;
	char text[8192] = "";

	for (int i = 0; i < 400; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "TCP %d\n", i);
	set_text(bench, text);
	gauges = read_tick(bench, 1);
	assert_in_range(gauges->count, 1, 64);
	for (uint32_t i = 0; i < gauges->count; i++)
		assert_int_equal(gauges->gauge[i].value, i);
}

/* Root may read it: a host's own caches are then in the record. */
static void
the_kernels_caches_are_there_for_root(void **state)
{
	struct bench *bench = *state;
	const struct gauges_record *gauges;
	bool filp = false;

	if (bench->gauges.fd == -1)
		skip_because("only root may read /proc/slabinfo");
	gauges = read_tick(bench, 5);
	assert_non_null(gauges);
	for (uint32_t i = 0; i < gauges->count; i++) {
		assert_memory_equal(gauges->gauge[i].name, "slab ", 5);
		assert_true(gauges->gauge[i].value >= 0);
		filp |= strcmp(gauges->gauge[i].name, "slab filp") == 0 &&
			gauges->gauge[i].value > 0;
	}
	assert_true(filp);
}

#define GAUGES_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		GAUGES_TEST(caches_are_read_anew_at_each_tick),
		GAUGES_TEST(without_caches_there_is_no_record),
		GAUGES_TEST(more_lines_than_room_are_left_out),
		GAUGES_TEST(the_kernels_caches_are_there_for_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
