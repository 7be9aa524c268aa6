#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "run/ledger.h"

#define ACCEPTORS 3
#define FORKERS   2
#define CLIENTS   5 /* three of one forker, two of the other */
#define WRITERS   6

static const struct plan plan = {
	.clients = 41,
	.per_client = 10,
	.acceptors = ACCEPTORS,
	.forkers = FORKERS,
};

static int
setup(void **state)
{
	*state = ledger_map(&plan);
	return *state == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	ledger_unmap(*state);
	return 0;
}

static void
every_worker_has_a_row_of_its_own(void **state)
{
	struct ledger *ledger = *state;
	struct worker *rows[ACCEPTORS + FORKERS + 1 + CLIENTS];
	size_t n = 0;

	for (int32_t i = 0; i < ACCEPTORS; i++, n++) {
		rows[n] = ledger_acceptor(ledger, i);
		assert_int_equal(rows[n]->role, ROLE_ACCEPTOR);
		assert_int_equal(rows[n]->slot, i);
		assert_int_equal(rows[n]->listener_fd, -1);
	}
	for (int32_t i = 0; i < FORKERS; i++, n++) {
		rows[n] = ledger_forker(ledger, i);
		assert_int_equal(rows[n]->role, ROLE_FORKER);
		assert_int_equal(rows[n]->slot, i);
	}
	rows[n++] = ledger_canary(ledger);
	assert_int_equal(rows[n - 1]->role, ROLE_CANARY);
	assert_int_equal(ledger->clients, CLIENTS);
	for (int32_t i = 0; i < CLIENTS; i++, n++) {
		rows[n] = ledger_client(ledger, i);
		assert_int_equal(rows[n]->role, ROLE_CLIENT);
		assert_int_equal(rows[n]->slot, i);
	}
	assert_int_equal(ledger->worker_count, n);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < i; j++)
			assert_ptr_not_equal(rows[i], rows[j]);
}

/* Writers that share a line slow each other down a hundredfold. */
static void
no_two_writers_share_a_cache_line(void **state)
{
	struct ledger *ledger = *state;

	for (int32_t i = 0; i < ledger->worker_count; i++)
		assert_int_equal((uintptr_t)&ledger->workers[i] % 64, 0);
	assert_int_equal(sizeof(struct worker) % 64, 0);
	assert_true((uintptr_t)ledger->processes % _Alignof(struct process) == 0);
}

/* The last row ends with the mapping, and nothing before it overlaps. */
static void
the_parts_do_not_overlap(void **state)
{
	struct ledger *ledger = *state;
	const char *end = (const char *)ledger + ledger->bytes;

	assert_true((const char *)ledger->ticks >= (const char *)(ledger + 1));
	assert_true((const char *)ledger->events >=
		    (const char *)ledger->ticks + ring_bytes(ledger->ticks->capacity));
	assert_true((const char *)ledger->processes >=
		    (const char *)ledger->events + ring_bytes(ledger->events->capacity));
	assert_true((const char *)ledger->workers >=
		    (const char *)(ledger->processes + ledger->process_capacity));
	assert_true((const char *)(ledger->workers + ledger->worker_count) <= end);
}

/* A worker must not need a page that a full host does not have. */
static void
every_page_is_there_from_the_start(void **state)
{
	struct ledger *ledger = *state;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t pages = (ledger->bytes + page - 1) / page;
	unsigned char *resident = malloc(pages);

	assert_non_null(resident);
	assert_int_equal(mincore(ledger, ledger->bytes, resident), 0);
	for (size_t i = 0; i < pages; i++)
		assert_true(resident[i] & 1);
	free(resident);
}

static void
clients_belong_to_their_forkers(void **state)
{
	struct ledger *ledger = *state;

	assert_int_equal(ledger_first_client(ledger, 0), 0);
	assert_int_equal(ledger_first_client(ledger, 1), 3);
	assert_int_equal(ledger_first_client(ledger, 2), CLIENTS);
}

/* Every side counts another part: what one side sees must not be added to the other's. */
static void
totals_are_the_clients_and_accepted_the_acceptors(void **state)
{
	struct ledger *ledger = *state;
	struct counts totals;

	for (int32_t i = 0; i < ACCEPTORS; i++) {
		struct counters *c = &ledger_acceptor(ledger, i)->counters;

		c->accepted = 10;
		c->held = 9;
		c->processes = 2;
		c->canary_held = 1;
		c->messages = 1000;
		c->received_bytes = 1000;
	}
	for (int32_t i = 0; i < FORKERS; i++) {
		ledger_forker(ledger, i)->counters.missed = 100;
		ledger_forker(ledger, i)->counters.processes = 3;
	}
	for (int32_t i = 0; i < CLIENTS; i++) {
		struct counters *c = &ledger_client(ledger, i)->counters;

		c->attempted = 8;
		c->established = 7;
		c->served = 6;
		c->held = 5;
		c->in_flight = 1;
		c->failed = 4;
		c->lost = 3;
		c->messages = 2;
	}
	ledger_canary(ledger)->counters.attempted = 999;
	ledger_canary(ledger)->counters.failed = 999;
	ledger_totals(ledger, &totals);
	assert_int_equal(totals.attempted, 8 * CLIENTS);
	assert_int_equal(totals.established, 7 * CLIENTS);
	assert_int_equal(totals.accepted, 10 * ACCEPTORS);
	assert_int_equal(totals.served, 6 * CLIENTS);
	assert_int_equal(totals.held, 5 * CLIENTS);
	assert_int_equal(totals.in_flight, CLIENTS);
	assert_int_equal(totals.failed, 4 * CLIENTS);
	assert_int_equal(totals.lost, 3 * CLIENTS);
	assert_int_equal(totals.missed, 100 * FORKERS);
	assert_int_equal(totals.messages, 2 * CLIENTS);
	assert_int_equal(totals.received_bytes, 0);
	assert_int_equal(totals.canary_held, ACCEPTORS);
	assert_int_equal(totals.processes, 2 * ACCEPTORS + 3 * FORKERS);
}

static void
a_forker_counts_with_its_own_clients(void **state)
{
	struct ledger *ledger = *state;
	struct counts counts;

	for (int32_t i = 0; i < CLIENTS; i++)
		ledger_client(ledger, i)->counters.held = 1 << i;
	ledger_forker(ledger, 0)->counters.missed = 7;
	ledger_forker_counts(ledger, 0, &counts);
	assert_int_equal(counts.held, 1 + 2 + 4);
	assert_int_equal(counts.missed, 7);
	ledger_forker_counts(ledger, 1, &counts);
	assert_int_equal(counts.held, 8 + 16);
	assert_int_equal(counts.missed, 0);
}

static void
the_first_failure_is_noted_with_what_held(void **state)
{
	struct ledger *ledger = *state;
	struct worker *row = ledger_client(ledger, 2);
	const struct ledger_failure *failure = &row->failures[0];
	const struct failure_note *note = &failure->notes[0];
	struct rlimit limit;
	int64_t before_us = ledger_now_us(ledger), first_us;

	row->counters.held = 57;
	ledger_client(ledger, 0)->counters.held = 100;
	ledger_acceptor(ledger, 0)->counters.accepted = 33;
	ledger_failure(ledger, row, CALL_SOCKET, EMFILE);
	first_us = note->first_us;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_int_equal(failure->count, 1);
	assert_int_equal(failure_call(failure), CALL_SOCKET);
	assert_int_equal(failure_error(failure), EMFILE);
	assert_in_range(first_us, before_us, ledger_now_us(ledger));
	assert_int_equal(note->last_us, first_us);
	assert_true(note->first_fds >= 3);
	assert_int_equal(note->first_limit, limit.rlim_cur);
	assert_int_equal(note->first_own, 57);
	assert_int_equal(note->at_first.held, 157);
	assert_int_equal(note->at_first.accepted, 33);

	/* Later ones only count, and say when the last was. */
	row->counters.held = 500;
	while (ledger_now_us(ledger) == first_us)
		continue;
	ledger_failure(ledger, row, CALL_SOCKET, EMFILE);
	assert_int_equal(failure->count, 2);
	assert_int_equal(note->first_us, first_us);
	assert_int_equal(note->first_own, 57);
	assert_true(note->last_us > first_us);
}

/* What each cycle broke at is its own: neither of the cycles before hides it. */
static void
a_failure_is_noted_anew_in_each_cycle(void **state)
{
	struct ledger *ledger = *state;
	struct worker *row = ledger_acceptor(ledger, 0);
	const struct ledger_failure *failure = &row->failures[0];
	const struct failure_note *note;
	uint64_t count;

	assert_null(failure_note(failure, 0, &count));
	for (int64_t cycle = 0; cycle < 4; cycle++) {
		if (cycle == 2) /* nothing fails in that one */
			continue;
		ledger->cycle = cycle;
		row->counters.held = 250 + cycle;
		row->counters.accepted = 1000 * cycle + 250;
		for (int64_t i = 0; i <= cycle; i++, row->counters.held = 7)
			ledger_failure(ledger, row, CALL_ACCEPT, EMFILE);
		note = failure_note(failure, 0, &count);
		assert_int_equal(note->cycle, cycle);
		assert_int_equal(count, cycle + 1);
		assert_int_equal(note->first_own, 250 + cycle);
		assert_int_equal(note->at_first.accepted, 1000 * cycle + 250);
		assert_true(note->last_us >= note->first_us);
	}
	note = failure_note(failure, 1, &count);
	assert_int_equal(note->cycle, 1);
	assert_int_equal(count, 2);
	assert_null(failure_note(failure, 2, &count));
	assert_int_equal(failure->count, 1 + 2 + 4);
	assert_int_equal(row->failures[1].count, 0);
}

/* Connections that the server has accepted were established, and attempted. */
static void
the_funnel_at_a_failure_does_not_widen(void **state)
{
	struct ledger *ledger = *state;
	struct worker *row = ledger_acceptor(ledger, 0);
	struct counts at;

	row->counters.accepted = 20;
	ledger_client(ledger, 0)->counters.attempted = 18;
	ledger_client(ledger, 0)->counters.established = 17;
	ledger_client(ledger, 0)->counters.held = 17;
	ledger_failure(ledger, row, CALL_ACCEPT, EMFILE);
	at = failure_at_first(&row->failures[0].notes[0]);
	assert_int_equal(at.accepted, 20);
	assert_int_equal(at.established, 20);
	assert_int_equal(at.held, 20);
	assert_int_equal(at.attempted, 20);
}

static void
kinds_of_failure_are_told_apart(void **state)
{
	struct ledger *ledger = *state;
	struct worker *row = ledger_acceptor(ledger, 1);

	ledger_failure(ledger, row, CALL_ACCEPT, EMFILE);
	ledger_failure(ledger, row, CALL_ACCEPT, ENFILE);
	ledger_failure(ledger, row, CALL_SEND, EMFILE);
	ledger_failure(ledger, row, CALL_ACCEPT, ENFILE);
	assert_int_equal(row->failures[0].count, 1);
	assert_int_equal(row->failures[1].count, 2);
	assert_int_equal(failure_call(&row->failures[1]), CALL_ACCEPT);
	assert_int_equal(failure_error(&row->failures[1]), ENFILE);
	assert_int_equal(row->failures[2].count, 1);
	assert_int_equal(failure_call(&row->failures[2]), CALL_SEND);
	assert_int_equal(row->failures[3].count, 0);
	/* Another worker's are its own. */
	assert_int_equal(ledger_acceptor(ledger, 0)->failures[0].count, 0);
}

/* Kinds of failure of a worker, and how many failures of each. */
static void
fail_in_kinds(struct ledger *ledger, struct worker *row, int kinds, int times)
{
	for (int i = 0; i < times; i++)
		for (int error = 1; error <= kinds; error++)
			ledger_failure(ledger, row, CALL_RECV, error);
}

/* What has no row of its own is counted as such, and never as something else. */
static void
no_kind_is_counted_under_the_name_of_another(void **state)
{
	static const int kinds[] = { LEDGER_FAILURES - 1, LEDGER_FAILURES,
				     LEDGER_FAILURES + 1, 2 * LEDGER_FAILURES + 2 };
	struct ledger *ledger = *state;

	for (int32_t i = 0; i < 4; i++) {
		struct worker *row = ledger_client(ledger, i);
		const struct ledger_failure *other = &row->failures[LEDGER_FAILURES - 1];
		int rest = kinds[i] - (LEDGER_FAILURES - 1);

		fail_in_kinds(ledger, row, kinds[i], 3);
		for (int k = 0; k < LEDGER_FAILURES - 1; k++) {
			assert_int_equal(failure_error(&row->failures[k]), k + 1);
			assert_int_equal(row->failures[k].count, 3);
		}
		assert_int_equal(other->count, 3 * rest);
		if (rest == 0)
			continue;
		assert_int_equal(failure_call(other), CALL_OTHER);
		assert_string_equal(call_name(failure_call(other)), "other");
		assert_int_equal(failure_error(other), 0);
		assert_true(other->notes[0].first_us > 0 &&
			    other->notes[0].first_fds > 0);
	}
	/* The row behind is not touched. */
	assert_int_equal(ledger_client(ledger, 4)->counters.attempted, 0);
	assert_int_equal(ledger_client(ledger, 4)->failures[0].count, 0);
}

/* With no descriptor left, what holds must still be seen: it is what proves the limit. */
static void
a_failure_at_the_last_descriptor_is_noted_in_full(void **state)
{
	struct ledger *ledger = *state;
	struct worker *row = ledger_acceptor(ledger, 0);
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		struct rlimit limit = { 40, 40 };

		close_range(3, ~0U, 0);
		setrlimit(RLIMIT_NOFILE, &limit);
		while (open("/dev/null", O_RDONLY) >= 0)
			continue;
		ledger_failure(ledger, row, CALL_ACCEPT, errno);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(failure_error(&row->failures[0]), EMFILE);
	assert_int_equal(row->failures[0].notes[0].first_limit, 40);
	assert_int_equal(row->failures[0].notes[0].first_fds, 40);
}

/* What a writer has begun to count, and what it is done with, in memory that outlives it. */
struct tally {
	_Atomic int64_t begun, done;
};

static struct tally *
tallies_map(void)
{
	struct tally *tallies =
	    mmap(NULL, WRITERS * sizeof(*tallies), PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(tallies, MAP_FAILED);
	return tallies;
}

/* Counts for ever, in a row that may be others' too. */
static pid_t
writer_start(struct ledger *ledger, struct worker *row, struct tally *tally, int error)
{
	pid_t pid = fork();

	assert_int_not_equal(pid, -1);
	if (pid > 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		tally->begun++;
		atomic_fetch_add_explicit(&row->counters.attempted, 1,
					  memory_order_relaxed);
		atomic_fetch_add_explicit(&row->counters.held, 1, memory_order_relaxed);
		histogram_add(ledger_latency(ledger, LATENCY_ECHO, row), 100);
		if (error != 0)
			ledger_failure(ledger, row, CALL_RECV, error);
		tally->done++;
	}
}

static void
writers_kill(const pid_t *pids)
{
	for (int i = 0; i < WRITERS; i++) {
		assert_int_equal(kill(pids[i], SIGKILL), 0);
		assert_int_equal(waitpid(pids[i], NULL, 0), pids[i]);
	}
}

/* Every writer counts in a row of its own and is killed wherever it is. */
static void
killed_writers_lose_no_count(void **state)
{
	struct ledger *ledger = *state;
	struct tally *tallies = tallies_map();
	struct counts totals, before = { 0 };

	for (int round = 0; round < 30; round++) {
		int64_t begun = 0, done = 0;
		pid_t pids[WRITERS];

		for (int i = 0; i < WRITERS; i++)
			pids[i] = writer_start(ledger,
					       i < CLIENTS ? ledger_client(ledger, i)
							   : ledger_forker(ledger, 0),
					       &tallies[i], 1 + round % 5);
		/* A reader on the way never sees a total fall. */
		for (int i = 0; i < 200 + round * 7; i++) {
			ledger_totals(ledger, &totals);
			assert_true(totals.attempted >= before.attempted);
			before = totals;
		}
		writers_kill(pids);
		for (int i = 0; i < WRITERS; i++) {
			begun += tallies[i].begun;
			done += tallies[i].done;
		}
		ledger_totals(ledger, &totals);
		assert_in_range(totals.attempted, done, begun);
		assert_in_range(totals.held, done, begun);
	}
	assert_int_equal(munmap(tallies, WRITERS * sizeof(*tallies)), 0);
}

/* A successor that fails in the same way goes on counting, and the first stays the first;
 * one that was killed before its first was complete has not counted it. */
static void
killed_writers_leave_whole_failures(void **state)
{
	struct ledger *ledger = *state;
	struct tally *tallies = tallies_map();

	for (int32_t i = 0; i < WRITERS; i++) {
		struct worker *row =
		    i < CLIENTS ? ledger_client(ledger, i) : ledger_forker(ledger, 0);
		const struct ledger_failure *failure = &row->failures[0];
		const struct failure_note *note = &failure->notes[0];
		int64_t first_us = 0;

		for (int round = 0; round < 20; round++) {
			pid_t pid = writer_start(ledger, row, &tallies[i], ENOBUFS);

			for (int spin = 0; spin < round * 500; spin++)
				sched_yield();
			assert_int_equal(kill(pid, SIGKILL), 0);
			assert_int_equal(waitpid(pid, NULL, 0), pid);
			assert_in_range(failure->count, tallies[i].done,
					tallies[i].begun);
			if (failure->count == 0)
				continue;
			assert_int_equal(failure_call(failure), CALL_RECV);
			assert_int_equal(failure_error(failure), ENOBUFS);
			assert_true(note->first_fds > 0 && note->first_limit > 0);
			if (first_us == 0)
				first_us = note->first_us;
			assert_int_equal(note->first_us, first_us);
			assert_true(note->last_us >= first_us);
		}
		assert_true(failure->count > 0);
	}
	assert_int_equal(munmap(tallies, WRITERS * sizeof(*tallies)), 0);
}

/* The handlers of an acceptor all count in its row. */
static void
writers_of_one_row_lose_no_count(void **state)
{
	struct ledger *ledger = *state;
	struct worker *row = ledger_acceptor(ledger, 0);
	struct tally *tallies = tallies_map();
	int64_t begun = 0, done = 0;
	uint64_t recorded[HISTOGRAM_BUCKETS] = { 0 };
	pid_t pids[WRITERS];

	for (int i = 0; i < WRITERS; i++)
		pids[i] = writer_start(ledger, row, &tallies[i], 0);
	for (int i = 0; i < WRITERS; i++)
		while (tallies[i].done < 10000)
			sched_yield();
	writers_kill(pids);
	for (int i = 0; i < WRITERS; i++) {
		begun += tallies[i].begun;
		done += tallies[i].done;
	}
	assert_in_range(row->counters.attempted, done, begun);
	histogram_sum(ledger_latency(ledger, LATENCY_ECHO, row), recorded);
	assert_in_range(histogram_count(recorded), done, begun);
	assert_int_equal(munmap(tallies, WRITERS * sizeof(*tallies)), 0);
}

/* Handlers that fail in ways of their own in one row, all at once. */
static void
kinds_that_come_at_one_instant_keep_their_names(void **state)
{
	struct ledger *ledger = *state;
	struct tally *tallies = tallies_map();

	for (int32_t a = 0; a < ACCEPTORS; a++) {
		struct worker *row = ledger_acceptor(ledger, a);
		pid_t pids[WRITERS];

		memset(tallies, 0, WRITERS * sizeof(*tallies));
		for (int i = 0; i < WRITERS; i++)
			pids[i] = writer_start(ledger, row, &tallies[i], i + 1);
		for (int i = 0; i < WRITERS; i++)
			while (tallies[i].done < 100)
				sched_yield();
		writers_kill(pids);
		for (int i = 0; i < WRITERS; i++) {
			const struct ledger_failure *failure = &row->failures[i];
			const struct tally *tally = &tallies[failure_error(failure) - 1];

			assert_in_range(failure->count, tally->done, tally->begun);
		}
		assert_int_equal(row->failures[WRITERS].count, 0);
	}
	assert_int_equal(munmap(tallies, WRITERS * sizeof(*tallies)), 0);
}

static void
a_process_is_listed_until_its_end(void **state)
{
	struct ledger *ledger = *state;
	int32_t index = ledger_process_add(ledger, ROLE_ACCEPTOR, 2);
	const struct process *process = &ledger->processes[index];

	assert_int_equal(ledger_process_find(ledger, 4711), -1);
	ledger_process_started(ledger, index, 4711);
	assert_int_equal(ledger_process_find(ledger, 4711), index);
	assert_int_equal(process->role, ROLE_ACCEPTOR);
	assert_int_equal(process->slot, 2);
	assert_int_equal(process->parent, getpid());
	ledger_process_ended(ledger, index, 3 << 8, false);
	assert_int_equal(process->end, END_EXIT);
	assert_int_equal(process->code, 3);
	assert_true(process->to_us >= process->from_us);
	assert_int_equal(ledger_process_find(ledger, 4711), -1);
	/* The pid comes again, for another process. */
	index = ledger_process_add(ledger, ROLE_CLIENT, 0);
	ledger_process_started(ledger, index, 4711);
	assert_int_equal(ledger_process_find(ledger, 4711), index);
	assert_int_equal(process->end, END_EXIT);
}

static void
an_end_has_its_cause(void **state)
{
	static const struct {
		int status;
		bool stopped;
		enum process_end end;
		int code;
	} cases[] = {
		{ 0, false, END_EXIT, 0 },
		{ 7 << 8, false, END_EXIT, 7 },
		{ SIGKILL, false, END_SIGNAL, SIGKILL },
		{ SIGSEGV | 0x80, false, END_SIGNAL, SIGSEGV },
		{ SIGKILL, true, END_STOPPED, SIGKILL },
		{ 0, true, END_STOPPED, 0 },
	};
	struct ledger *ledger = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int32_t index = ledger_process_add(ledger, ROLE_CLIENT, 0);

		ledger_process_started(ledger, index, (pid_t)(100 + i));
		ledger_process_ended(ledger, index, cases[i].status, cases[i].stopped);
		assert_int_equal(ledger->processes[index].end, cases[i].end);
		assert_int_equal(ledger->processes[index].code, cases[i].code);
	}
	/* One that is not listed is nobody's. */
	ledger_process_ended(ledger, -1, 0, false);
}

/* A run may fork more than there is room for: they are counted, the list stays whole. */
static void
a_full_list_takes_no_more(void **state)
{
	struct ledger *ledger = *state;
	int32_t capacity = ledger->process_capacity;
	struct worker untouched = ledger->workers[0];

	for (int32_t i = 0; i < capacity; i++) {
		assert_int_equal(ledger_process_count(ledger), i);
		ledger_process_started(ledger, ledger_process_add(ledger, ROLE_CLIENT, i),
				       1000 + i);
	}
	for (int i = 0; i < 10; i++)
		assert_int_equal(ledger_process_add(ledger, ROLE_CLIENT, 0), -1);
	ledger_process_started(ledger, -1, 5);
	assert_int_equal(ledger->process_count, capacity + 10);
	assert_int_equal(ledger_process_count(ledger), capacity);
	assert_int_equal(ledger_process_find(ledger, 1000), 0);
	assert_int_equal(ledger_process_find(ledger, 1000 + capacity - 1), capacity - 1);
	assert_int_equal(ledger_process_find(ledger, 5), -1);
	assert_memory_equal(&untouched, &ledger->workers[0], sizeof(untouched));
}

/* Forkers list their clients at the same time. */
static void
processes_are_listed_by_many_at_once(void **state)
{
	struct ledger *ledger = *state;
	int64_t per_slot[WRITERS] = { 0 };
	int32_t each = ledger->process_capacity / WRITERS;
	pid_t pids[WRITERS];

	for (int w = 0; w < WRITERS; w++) {
		pids[w] = fork();
		assert_int_not_equal(pids[w], -1);
		if (pids[w] > 0)
			continue;
		for (int32_t i = 0; i < each; i++)
			ledger_process_started(
			    ledger, ledger_process_add(ledger, ROLE_CLIENT, w), 1 + i);
		_exit(0);
	}
	for (int w = 0; w < WRITERS; w++)
		assert_int_equal(waitpid(pids[w], NULL, 0), pids[w]);
	assert_int_equal(ledger->process_count, each * WRITERS);
	for (int32_t i = 0; i < each * WRITERS; i++) {
		assert_true(ledger->processes[i].pid > 0);
		assert_int_equal(ledger->processes[i].parent,
				 pids[ledger->processes[i].slot]);
		per_slot[ledger->processes[i].slot]++;
	}
	for (int w = 0; w < WRITERS; w++)
		assert_int_equal(per_slot[w], each);
}

/* Not by chance what was there when the page was given. */
static void
a_worker_is_ready_with_its_own_descriptors(void **state)
{
	struct ledger *ledger = *state;
	struct worker *row = ledger_acceptor(ledger, 0);
	int status;
	pid_t pid = fork();

	assert_int_not_equal(pid, -1);
	if (pid == 0) {
		close_range(3, ~0U, 0);
		dup2(0, 3);
		dup2(0, 4);
		ledger_worker_ready(row);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(row->pid, pid);
	assert_int_equal(row->own_fds, 5);
}

static void
the_clock_starts_with_the_run(void **state)
{
	struct ledger *ledger = *state;
	int64_t now_us = ledger_now_us(ledger);

	assert_in_range(now_us, 0, 5 * US_PER_S);
	while (ledger_now_us(ledger) <= now_us)
		continue;
}

#define LEDGER_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LEDGER_TEST(every_worker_has_a_row_of_its_own),
		LEDGER_TEST(no_two_writers_share_a_cache_line),
		LEDGER_TEST(the_parts_do_not_overlap),
		LEDGER_TEST(every_page_is_there_from_the_start),
		LEDGER_TEST(clients_belong_to_their_forkers),
		LEDGER_TEST(totals_are_the_clients_and_accepted_the_acceptors),
		LEDGER_TEST(a_forker_counts_with_its_own_clients),
		LEDGER_TEST(the_first_failure_is_noted_with_what_held),
		LEDGER_TEST(a_failure_is_noted_anew_in_each_cycle),
		LEDGER_TEST(the_funnel_at_a_failure_does_not_widen),
		LEDGER_TEST(kinds_of_failure_are_told_apart),
		LEDGER_TEST(no_kind_is_counted_under_the_name_of_another),
		LEDGER_TEST(a_failure_at_the_last_descriptor_is_noted_in_full),
		LEDGER_TEST(killed_writers_lose_no_count),
		LEDGER_TEST(killed_writers_leave_whole_failures),
		LEDGER_TEST(writers_of_one_row_lose_no_count),
		LEDGER_TEST(kinds_that_come_at_one_instant_keep_their_names),
		LEDGER_TEST(a_process_is_listed_until_its_end),
		LEDGER_TEST(an_end_has_its_cause),
		LEDGER_TEST(a_full_list_takes_no_more),
		LEDGER_TEST(processes_are_listed_by_many_at_once),
		LEDGER_TEST(a_worker_is_ready_with_its_own_descriptors),
		LEDGER_TEST(the_clock_starts_with_the_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
