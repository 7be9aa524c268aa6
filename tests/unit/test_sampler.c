#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "model/resource.h"
#include "listen_anywhere.h"
#include "run/control.h"
#include "run/record.h"
#include "sample/system.h"
#include "sample/process.h"
#include "sample/sampler.h"

#define INTERVAL_US 20000
#define ACCEPTORS   2
#define FORKERS     2
#define CLIENTS     40 /* more than are sampled one by one */
#define CHILDREN    64
#define BACKLOG     16
#define SOURCES     3
#define PATIENCE_US (30 * US_PER_S)

/* A run without workers: children that only wait stand for them. */
struct stage {
	struct plan plan;
	struct ledger *ledger;
	int orders[2], hold[2]; /* children end once hold[1] is closed */
	int listener;
	pid_t sampler;
	pid_t children[CHILDREN];
	size_t count;
	uint64_t cursor;
	struct tick_record *tick; /* the last one read */
};

static void
list(struct stage *stage, enum role role, int32_t slot, pid_t pid)
{
	ledger_process_started(stage->ledger,
			       ledger_process_add(stage->ledger, role, slot), pid);
}

/* Forks a child that waits for its end; its RLIMIT_NOFILE is 100 + slot. */
static pid_t
hire(struct stage *stage, enum role role, int32_t slot)
{
	pid_t pid = fork();
	char end;

	if (pid == 0) {
		struct rlimit limit;

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(stage->hold[1]);
		close(stage->orders[1]);
		getrlimit(RLIMIT_NOFILE, &limit);
		limit.rlim_cur = (rlim_t)(100 + slot);
		setrlimit(RLIMIT_NOFILE, &limit);
		while (read(stage->hold[0], &end, 1) == -1 && errno == EINTR)
			continue;
		_exit(0);
	}
	assert_true(pid > 0 && stage->count < CHILDREN);
	stage->children[stage->count++] = pid;
	list(stage, role, slot, pid);
	return pid;
}

static void
start_sampler(struct stage *stage)
{
	stage->sampler = fork();
	if (stage->sampler == 0) {
		const struct worker_context context = {
			.plan = &stage->plan,
			.ledger = stage->ledger,
			.role = ROLE_SAMPLER,
			.orders = stage->orders[0],
			.listener = -1,
		};

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(stage->orders[1]);
		close(stage->hold[1]);
		_exit(sampler_main(&context));
	}
	assert_true(stage->sampler > 0);
	list(stage, ROLE_SAMPLER, 0, stage->sampler);
}

static int
setup(void **state)
{
	struct stage *stage = calloc(1, sizeof(*stage));

	stage->plan = (struct plan){
		.clients = CLIENTS * 10,
		.per_client = 10,
		.acceptors = ACCEPTORS,
		.forkers = FORKERS,
		.sources = SOURCES,
		.interval_us = INTERVAL_US,
	};
	stage->listener = listen_anywhere(BACKLOG, &stage->plan.port);
	stage->ledger = ledger_map(&stage->plan);
	assert_non_null(stage->ledger);
	assert_int_equal(stage->ledger->clients, CLIENTS);
	assert_int_equal(control_pipe(stage->orders), 0);
	assert_int_equal(pipe(stage->hold), 0);
	stage->cursor = ring_tail(stage->ledger->ticks);
	list(stage, ROLE_SUPERVISOR, 0, getpid());
	ledger_acceptor(stage->ledger, 0)->listener_fd = stage->listener;
	ledger_acceptor(stage->ledger, 0)->pid = getpid();
	for (int32_t i = 0; i < ACCEPTORS; i++)
		hire(stage, ROLE_ACCEPTOR, i);
	for (int32_t i = 0; i < FORKERS; i++)
		hire(stage, ROLE_FORKER, i);
	hire(stage, ROLE_CANARY, 0);
	*state = stage;
	return 0;
}

static int
teardown(void **state)
{
	struct stage *stage = *state;

	close(stage->hold[0]);
	close(stage->hold[1]);
	if (stage->sampler != 0) {
		kill(stage->sampler, SIGKILL);
		waitpid(stage->sampler, NULL, 0);
	}
	for (size_t i = 0; i < stage->count; i++)
		if (stage->children[i] != 0)
			waitpid(stage->children[i], NULL, 0);
	for (int i = 0; i < 2; i++)
		if (stage->orders[i] != -1)
			close(stage->orders[i]);
	close(stage->listener);
	ledger_unmap(stage->ledger);
	free(stage->tick);
	free(stage);
	return 0;
}

static int
sampler_end(struct stage *stage)
{
	int status;

	assert_int_equal(waitpid(stage->sampler, &status, 0), stage->sampler);
	stage->sampler = 0;
	return status;
}

static void
quit(struct stage *stage)
{
	const struct order order = { .kind = ORDER_QUIT_SAMPLER };

	control_order(stage->ledger, stage->orders[1], &order);
	assert_int_equal(sampler_end(stage), 0);
}

/* The next record of a kind that is in the ring by now. */
static bool
next_record(struct stage *stage, uint32_t kind, struct ring_record *record)
{
	while (ring_next(stage->ledger->ticks, &stage->cursor, record))
		if (record->kind == kind)
			return true;
	return false;
}

static bool
next_tick(struct stage *stage)
{
	struct ring_record record;

	if (!next_record(stage, RECORD_TICK, &record))
		return false;
	free(stage->tick);
	stage->tick = malloc(record.length);
	memcpy(stage->tick, record.data, record.length);
	return true;
}

static void
wait_for_tick(struct stage *stage)
{
	int64_t until_us = clock_us() + PATIENCE_US;

	while (!next_tick(stage)) {
		assert_true(clock_us() < until_us);
		poll(NULL, 0, 1);
	}
}

static const struct subject_sample *
subject_at(const struct tick_record *tick, uint32_t n)
{
	const char *at = (const char *)(tick + 1);

	for (; n > 0; n--) {
		const struct subject_sample *sample = (const void *)at;

		at += sizeof(*sample) + sample->count * sizeof(sample->reading[0]);
	}
	return (const void *)at;
}

static const struct subject_sample *
find_subject(const struct stage *stage, enum subject_kind kind, uint32_t index)
{
	for (uint32_t i = 0; i < stage->tick->subjects; i++) {
		const struct subject_sample *sample = subject_at(stage->tick, i);

		if (sample->kind == kind && sample->index == index)
			return sample;
	}
	return NULL;
}

static int64_t
reading(const struct stage *stage, enum subject_kind kind, uint32_t index,
	const char *name)
{
	const struct subject_sample *sample = find_subject(stage, kind, index);
	const struct resource *resource = resource_find(kind, name);

	assert_non_null(sample);
	assert_non_null(resource);
	return sample->reading[resource_position(resource)];
}

static int64_t
group(const struct stage *stage, enum role_group index, const char *name)
{
	return reading(stage, SUBJECT_GROUP, index, name);
}

/* Each subject once, with the readings that the table gives it. */
static void
check_subjects(const struct stage *stage, size_t processes)
{
	size_t seen[SUBJECT_KINDS] = { 0 };

	for (uint32_t i = 0; i < stage->tick->subjects; i++) {
		const struct subject_sample *sample = subject_at(stage->tick, i);
		size_t count;

		resource_of((enum subject_kind)sample->kind, &count);
		assert_int_equal(sample->count, count);
		assert_ptr_equal(
		    find_subject(stage, (enum subject_kind)sample->kind, sample->index),
		    sample);
		seen[sample->kind]++;
	}
	assert_int_equal(seen[SUBJECT_HOST], 1);
	assert_int_equal(seen[SUBJECT_NETNS], 1);
	assert_int_equal(seen[SUBJECT_CGROUP], 1);
	assert_int_equal(seen[SUBJECT_LISTENER], 1);
	assert_int_equal(seen[SUBJECT_WORKER], ACCEPTORS + FORKERS + 1);
	assert_int_equal(seen[SUBJECT_GROUP], GROUPS_BUILT_IN);
	assert_int_equal(seen[SUBJECT_PROCESS], processes);
}

static void
every_tick_has_every_subject(void **state)
{
	struct stage *stage = *state;
	int64_t before, ticks = 0;

	start_sampler(stage);
	wait_for_tick(stage);
	before = stage->tick->tick - 1;
	for (; ticks < 50; ticks++) {
		const struct tick_record *tick = stage->tick;

		/* A number may be missing where the host was too busy, none comes twice. */
		assert_true(tick->tick > before);
		assert_int_equal(tick->late_us, tick->t_us - tick->tick * INTERVAL_US);
		assert_true(tick->late_us >= 0 && tick->took_us > 0);
		if (ticks > 1)
			check_subjects(stage, 2 + ACCEPTORS + FORKERS + 1);
		before = tick->tick;
		wait_for_tick(stage);
	}
	quit(stage);
	while (next_tick(stage))
		ticks++;
	/* The last one is not waited for. */
	assert_true(stage->tick->tick > before);
	check_subjects(stage, 2 + ACCEPTORS + FORKERS + 1);
}

/* With an idle host, ticks follow each other without a gap. */
static void
ticks_are_consecutive(void **state)
{
	struct stage *stage = *state;
	int64_t first, ticks = 50;

	start_sampler(stage);
	wait_for_tick(stage);
	first = stage->tick->tick;
	for (int64_t i = 1; i < ticks; i++)
		wait_for_tick(stage);
	/* One in ten may be lost to other load. */
	assert_in_range(stage->tick->tick - first, ticks - 1, ticks + ticks / 10);
	quit(stage);
}

static void
readings_are_true(void **state)
{
	struct stage *stage = *state;
	struct counters *forker = &ledger_forker(stage->ledger, 1)->counters;

	ledger_acceptor(stage->ledger, 1)->counters.accepted = 1234;
	forker->attempted = 7;
	ledger_client(stage->ledger, CLIENTS - 1)->counters.attempted = 5;
	ledger_canary(stage->ledger)->counters.established = 3;
	start_sampler(stage);
	do
		wait_for_tick(stage);
	while (stage->tick->tick % 10 != 0);
	assert_true(reading(stage, SUBJECT_HOST, 0, "available_bytes") > 0);
	assert_true(reading(stage, SUBJECT_NETNS, 0, "sockets") > 0);
	assert_int_equal(reading(stage, SUBJECT_LISTENER, 0, "queue"), 0);
	assert_int_equal(reading(stage, SUBJECT_LISTENER, 0, "backlog"), BACKLOG);
	assert_int_equal(reading(stage, SUBJECT_WORKER, 1, "accepted_total"), 1234);
	assert_int_equal(reading(stage, SUBJECT_WORKER, ACCEPTORS + 1, "attempted_total"),
			 12);
	assert_int_equal(
	    reading(stage, SUBJECT_WORKER, ACCEPTORS + FORKERS, "established_total"), 3);
	assert_int_equal(reading(stage, SUBJECT_PROCESS, 1, "state"), 'S');
	assert_int_equal(group(stage, GROUP_ACCEPTORS, "processes"), ACCEPTORS);
	assert_int_equal(group(stage, GROUP_ACCEPTORS, "sampled"), ACCEPTORS);
	assert_int_equal(group(stage, GROUP_ACCEPTORS, "fds"),
			 reading(stage, SUBJECT_PROCESS, 1, "fds") +
			     reading(stage, SUBJECT_PROCESS, 2, "fds"));
	assert_int_equal(group(stage, GROUP_ACCEPTORS, "private_bytes"),
			 reading(stage, SUBJECT_PROCESS, 1, "private_bytes") +
			     reading(stage, SUBJECT_PROCESS, 2, "private_bytes"));
	/* Supervisor, sampler and canary. */
	assert_int_equal(group(stage, GROUP_OBSERVERS, "processes"), 3);
	assert_int_equal(group(stage, GROUP_HANDLERS, "processes"), 0);
	assert_int_equal(group(stage, GROUP_HANDLERS, "fds"), 0);
	quit(stage);
	/* What costs more is not read at the other ticks. */
	while (next_tick(stage))
		if (stage->tick->tick % 10 != 0)
			assert_int_equal(group(stage, GROUP_ACCEPTORS, "private_bytes"),
					 READING_NONE);
}

static void
hire_clients(struct stage *stage)
{
	for (int32_t i = 0; i < CLIENTS; i++) {
		hire(stage, ROLE_CLIENT, i);
		ledger_client(stage->ledger, i)->own_fds = 6;
		ledger_client(stage->ledger, i)->counters.held = 10;
		ledger_forker(stage->ledger, i % FORKERS)->counters.processes++;
	}
	ledger_client(stage->ledger, 0)->counters.in_flight = 2;
}

/* The count is exact, and so are the descriptors; memory is extrapolated. */
static void
many_clients_are_sampled_in_part(void **state)
{
	struct stage *stage = *state;
	int64_t one;

	hire_clients(stage);
	start_sampler(stage);
	wait_for_tick(stage);
	wait_for_tick(stage);
	assert_int_equal(group(stage, GROUP_CLIENTS, "processes"), CLIENTS);
	assert_int_equal(group(stage, GROUP_CLIENTS, "sampled"), PROCESS_SET_MANY);
	assert_int_equal(group(stage, GROUP_CLIENTS, "fds"), CLIENTS * (6 + 10) + 2);
	one = reading(stage, SUBJECT_PROCESS, 1, "rss_bytes");
	assert_in_range(group(stage, GROUP_CLIENTS, "rss_bytes"), CLIENTS * one / 2,
			CLIENTS * one * 2);
	quit(stage);
}

static void
end_child(struct stage *stage, size_t which, int32_t index)
{
	int status;

	assert_int_equal(kill(stage->children[which], SIGKILL), 0);
	assert_int_equal(waitpid(stage->children[which], &status, 0),
			 stage->children[which]);
	stage->children[which] = 0;
	ledger_process_ended(stage->ledger, index, status, false);
}

/* A dead one leaves a last line without readings, and its place to another. */
static void
the_dead_are_replaced(void **state)
{
	struct stage *stage = *state;
	const size_t first = ACCEPTORS + FORKERS + 1;
	const int32_t index = 1 + (int32_t)first;
	int lines = 0;

	hire_clients(stage);
	start_sampler(stage);
	wait_for_tick(stage);
	assert_non_null(find_subject(stage, SUBJECT_PROCESS, (uint32_t)index));
	end_child(stage, first, index);
	ledger_forker(stage->ledger, 0)->counters.processes--;
	do {
		wait_for_tick(stage);
		if (find_subject(stage, SUBJECT_PROCESS, (uint32_t)index) != NULL &&
		    reading(stage, SUBJECT_PROCESS, (uint32_t)index, "fds") ==
			READING_NONE)
			lines++;
	} while (find_subject(stage, SUBJECT_PROCESS, (uint32_t)index) != NULL);
	assert_int_equal(lines, 1);
	assert_int_equal(group(stage, GROUP_CLIENTS, "processes"), CLIENTS - 1);
	assert_int_equal(group(stage, GROUP_CLIENTS, "sampled"), PROCESS_SET_MANY);
	quit(stage);
}

static bool
limit_is(struct stage *stage, enum subject_kind kind, uint32_t index,
	 const char *resource, const char *source, int64_t *value)
{
	struct ring_record record;

	stage->cursor = ring_tail(stage->ledger->ticks);
	while (next_record(stage, RECORD_LIMIT, &record)) {
		const struct limit_record *limit = record.data;

		*value = limit->value;
		if (limit->subject == kind && limit->index == index &&
		    strcmp(limit->resource, resource) == 0 &&
		    strcmp(limit->source, source) == 0)
			return true;
	}
	return false;
}

static int64_t
number_in(const char *path, int word)
{
	FILE *file = fopen(path, "r");
	long long value = -1;

	assert_non_null(file);
	for (; word >= 0; word--)
		assert_int_equal(fscanf(file, "%lld", &value), 1);
	fclose(file);
	return value;
}

static void
ceilings_are_on_record(void **state)
{
	static const char range[] = "/proc/sys/net/ipv4/ip_local_port_range";
	struct stage *stage = *state;
	int64_t value, ports = number_in(range, 1) - number_in(range, 0) + 1;

	start_sampler(stage);
	for (int i = 0; i < 3; i++)
		wait_for_tick(stage);
	quit(stage);
	for (int32_t i = 0; i < ACCEPTORS; i++) {
		assert_true(limit_is(stage, SUBJECT_PROCESS, (uint32_t)(1 + i), "fds",
				     "RLIMIT_NOFILE", &value));
		assert_int_equal(value, 100 + i);
	}
	assert_true(limit_is(stage, SUBJECT_LISTENER, 0, "queue",
			     "listen(2), net.core.somaxconn", &value));
	assert_int_equal(value, BACKLOG + 1);
	assert_true(
	    limit_is(stage, SUBJECT_HOST, 0, "threads", "kernel.threads-max", &value));
	assert_int_equal(value, number_in("/proc/sys/kernel/threads-max", 0));
	assert_true(limit_is(stage, SUBJECT_HOST, 0, "tcp_memory_bytes",
			     "net.ipv4.tcp_mem", &value));
	assert_int_equal(value, number_in("/proc/sys/net/ipv4/tcp_mem", 2) * 4096);
	assert_true(limit_is(stage, SUBJECT_GROUP, GROUP_CLIENTS, "held",
			     "net.ipv4.ip_local_port_range", &value));
	assert_in_range(value, 1, ports * SOURCES);
	assert_int_equal(value % SOURCES, 0);
}

static void
settings_are_on_record(void **state)
{
	struct stage *stage = *state;
	struct ring_record record;
	bool somaxconn = false, nofile = false, mem = false;

	start_sampler(stage);
	wait_for_tick(stage);
	quit(stage);
	stage->cursor = ring_tail(stage->ledger->ticks);
	while (next_record(stage, RECORD_SETTING, &record)) {
		const struct setting_record *setting = record.data;

		assert_true(*setting->name != '\0');
		assert_null(strpbrk(setting->value, "\t\n"));
		if (strcmp(setting->name, "net.core.somaxconn") == 0) {
			somaxconn = setting->subject == SUBJECT_NETNS &&
				    strtoll(setting->value, NULL, 10) ==
					number_in("/proc/sys/net/core/somaxconn", 0);
		}
		nofile |= strcmp(setting->name, "RLIMIT_NOFILE") == 0;
		mem |= strcmp(setting->name, "net.ipv4.tcp_mem") == 0;
	}
	assert_true(somaxconn && nofile && mem);
}

static void
the_board_shows_the_last_tick(void **state)
{
	struct stage *stage = *state;
	const struct board *board = &stage->ledger->board;

	start_sampler(stage);
	wait_for_tick(stage);
	quit(stage);
	while (next_tick(stage))
		continue;
	assert_int_equal(board->tick_us, stage->tick->t_us);
	assert_int_equal(board->available_bytes,
			 reading(stage, SUBJECT_HOST, 0, "available_bytes"));
	assert_int_equal(board->fds, group(stage, GROUP_ACCEPTORS, "fds") +
					 group(stage, GROUP_FORKERS, "fds"));
	assert_int_equal(board->rss_bytes, group(stage, GROUP_ACCEPTORS, "rss_bytes") +
					       group(stage, GROUP_FORKERS, "rss_bytes"));
	assert_int_equal(board->queue_limit, BACKLOG + 1);
	assert_int_equal(board->queue, 0);
	assert_int_equal(board->recovered, 0);
}

/* A sampler that was held up takes its tick late, and skips those due in between. */
static void
ticks_that_are_due_too_late_are_skipped(void **state)
{
	struct stage *stage = *state;
	int64_t before, until_us, late_us = 0;

	start_sampler(stage);
	wait_for_tick(stage);
	before = stage->tick->tick;
	assert_int_equal(kill(stage->sampler, SIGSTOP), 0);
	assert_int_equal(waitpid(stage->sampler, NULL, WUNTRACED), stage->sampler);
	while (next_tick(stage))
		before = stage->tick->tick;
	until_us = (before + 10) * INTERVAL_US;
	while (ledger_now_us(stage->ledger) < until_us)
		poll(NULL, 0, 1);
	assert_int_equal(kill(stage->sampler, SIGCONT), 0);
	wait_for_tick(stage);
	assert_true(stage->tick->tick > before);
	late_us = stage->tick->late_us;
	assert_true(late_us > 5 * INTERVAL_US);
	wait_for_tick(stage);
	assert_true(stage->tick->tick >= before + 10);
	quit(stage);
}

static void
a_successor_goes_on_with_the_next_tick(void **state)
{
	struct stage *stage = *state;
	int64_t last = 0;

	start_sampler(stage);
	wait_for_tick(stage);
	assert_int_equal(kill(stage->sampler, SIGKILL), 0);
	assert_true(WIFSIGNALED(sampler_end(stage)));
	do
		last = stage->tick->tick;
	while (next_tick(stage));
	start_sampler(stage);
	wait_for_tick(stage);
	assert_true(stage->tick->tick > last);
	assert_true(stage->tick->tick <= ledger_now_us(stage->ledger) / INTERVAL_US);
	quit(stage);
}

static void
an_orphan_takes_one_last_tick(void **state)
{
	struct stage *stage = *state;
	int64_t last;

	start_sampler(stage);
	wait_for_tick(stage);
	last = stage->tick->tick;
	close(stage->orders[1]);
	stage->orders[1] = -1;
	assert_int_equal(sampler_end(stage), 0);
	assert_true(next_tick(stage));
	assert_true(stage->tick->tick > last);
}

static void
caches_are_found_by_name(void **state)
{
	struct gauges gauges;

	(void)state;
	assert_int_equal(gauges_open(&gauges), 0);
	gauges_parse(&gauges,
		     "slabinfo - version: 2.1\n"
		     "# name            <active_objs> <num_objs> <objsize>\n"
		     "TCPv6                 7     12   2496   12    8 : tunables    0\n"
		     "TCP               40013  40020   2304   14    8 : tunables    0\n"
		     "TCPX                  1      1   2304   14    8 : tunables    0\n"
		     "filp              80455  80480    256   16    1 : tunables    0\n"
		     "kmalloc-96            4      4     96   42    1");
	assert_int_equal(gauges.record->count, 3);
	assert_string_equal(gauges.record->gauge[0].name, "slab TCPv6");
	assert_int_equal(gauges.record->gauge[0].value, 7);
	assert_string_equal(gauges.record->gauge[1].name, "slab TCP");
	assert_int_equal(gauges.record->gauge[1].value, 40013);
	assert_string_equal(gauges.record->gauge[2].name, "slab filp");
	assert_int_equal(gauges.record->gauge[2].value, 80455);
	gauges_parse(&gauges, "");
	assert_int_equal(gauges.record->count, 0);
	gauges_close(&gauges);
}

int
main(void)
{
#define ON_STAGE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		ON_STAGE(every_tick_has_every_subject),
		ON_STAGE(ticks_are_consecutive),
		ON_STAGE(readings_are_true),
		ON_STAGE(many_clients_are_sampled_in_part),
		ON_STAGE(the_dead_are_replaced),
		ON_STAGE(ceilings_are_on_record),
		ON_STAGE(settings_are_on_record),
		ON_STAGE(the_board_shows_the_last_tick),
		ON_STAGE(ticks_that_are_due_too_late_are_skipped),
		ON_STAGE(a_successor_goes_on_with_the_next_tick),
		ON_STAGE(an_orphan_takes_one_last_tick),
		cmocka_unit_test(caches_are_found_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
