#include "run/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/procfile.h"
#include "run/address.h"

#define TICK_RING_BYTES  (16U << 20)
#define EVENT_RING_BYTES (1U << 20)

/* Restarted helpers, acceptors and the like; handlers and clients are counted apart. */
#define SPARE_PROCESSES 256

/* No host runs more handlers than this beside their acceptors. */
#define HANDLERS_MAX  65536
#define PROCESSES_MAX 262144

/* Of a target, over the whole run: most of those that come and go. */
#define TARGET_PROCESSES_MAX 16384

static const char *const latency_names[LATENCY_KINDS] = {
	"connect", "connect_raw", "echo", "canary", "idle",
};

const char *
latency_name(enum latency_kind kind)
{
	return latency_names[kind];
}

static size_t
aligned(size_t bytes)
{
	return (bytes + 63) & ~(size_t)63;
}

static int32_t
process_capacity(const struct plan *plan, int32_t clients)
{
	int64_t handlers = 0;

	if (plan->handler == HANDLER_FORK)
		handlers =
		    plan_target(plan) < HANDLERS_MAX ? plan_target(plan) : HANDLERS_MAX;
	int64_t once = clients + handlers + plan->acceptors;
	int64_t all = once * plan->cycles;

	/* Beyond, processes are only counted. */
	if (all > PROCESSES_MAX)
		all = once > PROCESSES_MAX ? once : PROCESSES_MAX;
	/* A target may have a process a connection. */
	if (plan_is_external(plan))
		all += TARGET_PROCESSES_MAX;
	return (int32_t)(SPARE_PROCESSES + plan->forkers + all);
}

static void
name_workers(struct ledger *ledger)
{
	for (int32_t i = 0; i < ledger->worker_count; i++) {
		struct worker *worker = &ledger->workers[i];
		int32_t canary = ledger->acceptors + ledger->forkers;

		worker->listener_fd = -1;
		if (i < ledger->acceptors) {
			worker->role =
			    plan_is_external(ledger->plan) ? ROLE_TARGET : ROLE_ACCEPTOR;
			worker->slot = i;
		} else if (i < canary) {
			worker->role = ROLE_FORKER;
			worker->slot = i - ledger->acceptors;
		} else if (i == canary) {
			worker->role = ROLE_CANARY;
		} else {
			worker->role = ROLE_CLIENT;
			worker->slot = i - canary - 1;
		}
	}
}

static void
name_forkers(struct ledger *ledger)
{
	int32_t client = 0;

	for (int32_t f = 0; f < ledger->forkers; f++) {
		int32_t end = client + (int32_t)plan_clients_of_forker(ledger->plan, f);

		for (; client < end; client++)
			ledger_client(ledger, client)->forker = ledger_forker(ledger, f);
	}
}

/* Where its parts are, and how many of each. */
struct layout {
	int32_t clients, workers, processes;
	int32_t chains;
	size_t ticks_at, events_at, processes_at, chains_at, workers_at, claims_at, bytes;
};

static struct layout
layout_of(const struct plan *plan)
{
	struct layout l = { .clients = (int32_t)plan_client_processes(plan) };

	l.workers = (int32_t)(plan->acceptors + plan->forkers + 1) + l.clients;
	l.processes = process_capacity(plan, l.clients);
	l.ticks_at = aligned(sizeof(struct ledger));
	l.events_at = l.ticks_at + aligned(ring_bytes(TICK_RING_BYTES));
	l.processes_at = l.events_at + aligned(ring_bytes(EVENT_RING_BYTES));
	l.chains = 1;
	while (l.chains < l.processes)
		l.chains *= 2;
	l.chains_at =
	    l.processes_at + aligned((size_t)l.processes * sizeof(struct process));
	l.workers_at = l.chains_at + aligned((size_t)l.chains * sizeof(int32_t));
	l.claims_at = l.workers_at + (size_t)l.workers * sizeof(struct worker);
	l.bytes = l.claims_at + (size_t)address_count(plan) * LEDGER_PORTS;
	return l;
}

size_t
ledger_bytes(const struct plan *plan)
{
	return layout_of(plan).bytes;
}

struct ledger *
ledger_map(const struct plan *plan)
{
	struct layout l = layout_of(plan);

	/* MAP_POPULATE: a worker must never fault on memory that a full host cannot give. */
	void *map = mmap(NULL, l.bytes, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (map == MAP_FAILED)
		return NULL;

	struct ledger *ledger = map;
	ledger->bytes = l.bytes;
	ledger->plan = plan;
	ledger->supervisor = getpid();
	ledger->acceptors = (int32_t)plan->acceptors;
	ledger->forkers = (int32_t)plan->forkers;
	ledger->clients = l.clients;
	ledger->worker_count = l.workers;
	ledger->process_capacity = l.processes;
	ledger->ticks = (struct ring *)((char *)map + l.ticks_at);
	ledger->events = (struct ring *)((char *)map + l.events_at);
	ledger->processes = (struct process *)((char *)map + l.processes_at);
	ledger->chains = (_Atomic int32_t *)((char *)map + l.chains_at);
	ledger->chain_mask = l.chains - 1;
	ledger->workers = (struct worker *)((char *)map + l.workers_at);
	ledger->claims = (_Atomic uint8_t *)((char *)map + l.claims_at);
	ring_init(ledger->ticks, TICK_RING_BYTES);
	ring_init(ledger->events, EVENT_RING_BYTES);
	name_workers(ledger);
	name_forkers(ledger);
	strlcpy(ledger->cgroups[0], "cgroup", sizeof(ledger->cgroups[0]));
	ledger->started_unix_us = clock_unix_us();
	ledger->started_us = clock_us();
	return ledger;
}

void
ledger_unmap(struct ledger *ledger)
{
	if (ledger != NULL)
		munmap(ledger, ledger->bytes);
}

int64_t
ledger_now_us(const struct ledger *ledger)
{
	return clock_us() - ledger->started_us;
}

struct worker *
ledger_acceptor(struct ledger *ledger, int32_t slot)
{
	return &ledger->workers[slot];
}

struct worker *
ledger_forker(struct ledger *ledger, int32_t slot)
{
	return &ledger->workers[ledger->acceptors + slot];
}

struct worker *
ledger_canary(struct ledger *ledger)
{
	return &ledger->workers[ledger->acceptors + ledger->forkers];
}

struct worker *
ledger_client(struct ledger *ledger, int32_t slot)
{
	return &ledger->workers[ledger->acceptors + ledger->forkers + 1 + slot];
}

int32_t
ledger_first_client(const struct ledger *ledger, int32_t forker)
{
	int64_t first = 0;

	for (int32_t f = 0; f < forker; f++)
		first += plan_clients_of_forker(ledger->plan, f);
	return (int32_t)first;
}

bool
ledger_listening(struct ledger *ledger)
{
	if (plan_is_external(ledger->plan))
		return atomic_load_explicit(&ledger->target_ready,
					    memory_order_relaxed) != 0;
	for (int32_t i = 0; i < ledger->acceptors; i++)
		if (atomic_load_explicit(&ledger_acceptor(ledger, i)->listener_fd,
					 memory_order_relaxed) < 0)
			return false;
	return true;
}

struct histogram *
ledger_latency(struct ledger *ledger, enum latency_kind kind, const struct worker *worker)
{
	return &ledger->latency[kind][(worker - ledger->workers) % LEDGER_HISTOGRAMS];
}

static void
counts_add(struct counts *counts, const struct counters *counters)
{
#define X(name) \
	counts->name += atomic_load_explicit(&counters->name, memory_order_relaxed);
	LEDGER_COUNTERS(X)
#undef X
}

void
worker_count_held(struct worker *acceptor, bool canary, int64_t n)
{
	if (canary)
		WORKER_COUNT(acceptor, canary_held, n);
	else
		WORKER_COUNT(acceptor, held, n);
}

void
worker_counts(const struct worker *worker, struct counts *counts)
{
	memset(counts, 0, sizeof(*counts));
	counts_add(counts, &worker->counters);
}

void
ledger_forker_counts(struct ledger *ledger, int32_t forker, struct counts *counts)
{
	int32_t end = ledger_first_client(ledger, forker + 1);

	worker_counts(ledger_forker(ledger, forker), counts);
	for (int32_t c = ledger_first_client(ledger, forker); c < end; c++)
		counts_add(counts, &ledger_client(ledger, c)->counters);
}

void
ledger_totals(struct ledger *ledger, struct counts *totals)
{
	struct counts server = { 0 };

	memset(totals, 0, sizeof(*totals));
	for (int32_t f = 0; f < ledger->forkers; f++)
		counts_add(totals, &ledger_forker(ledger, f)->counters);
	for (int32_t c = 0; c < ledger->clients; c++)
		counts_add(totals, &ledger_client(ledger, c)->counters);
	for (int32_t a = 0; a < ledger->acceptors; a++)
		counts_add(&server, &ledger_acceptor(ledger, a)->counters);
	totals->accepted = server.accepted;
	totals->strangers = server.strangers;
	totals->canary_held = server.canary_held;
	totals->processes += server.processes;
}

int64_t
ledger_begun_us(struct ledger *ledger)
{
	int64_t newest = 0;

	for (int32_t c = 0; c < ledger->clients; c++) {
		int64_t begun = atomic_load_explicit(&ledger_client(ledger, c)->begun_us,
						     memory_order_relaxed);

		newest = begun > newest ? begun : newest;
	}
	return newest;
}

/* Each descriptor asked for: slow where there may be many, but takes none itself. */
static int64_t
probe_own_fds(int64_t limit)
{
	int64_t count = 0;

	for (int64_t fd = 0; fd < limit && fd <= INT_MAX; fd++)
		count += fcntl((int)fd, F_GETFD) != -1;
	return count;
}

/* stat(2) needs no descriptor, so it works at EMFILE. Before Linux 6.2 st_size is 0: the
 * descriptors are then counted only where they are what has run out. */
static int64_t
own_fds(int error, int64_t limit)
{
	struct stat st;

	if (stat("/proc/self/fd", &st) == 0 && st.st_size > 0)
		return st.st_size;
	return error == EMFILE ? probe_own_fds(limit) : -1;
}

static uint64_t
kind_of(enum call call, int error)
{
	return (uint64_t)call << 32 | (uint32_t)error;
}

enum call
failure_call(const struct ledger_failure *failure)
{
	return (enum call)(atomic_load(&failure->kind) >> 32);
}

int
failure_error(const struct ledger_failure *failure)
{
	return (int)(uint32_t)atomic_load(&failure->kind);
}

/* True where the row is, or now becomes, that of the kind. */
static bool
failure_take(struct ledger_failure *failure, uint64_t kind)
{
	uint64_t known = 0;

	return atomic_compare_exchange_strong(&failure->kind, &known, kind) ||
	       known == kind;
}

static struct ledger_failure *
failure_of(struct worker *worker, enum call call, int error)
{
	struct ledger_failure *failure = worker->failures;

	for (; failure < &worker->failures[LEDGER_FAILURES - 1]; failure++)
		if (failure_take(failure, kind_of(call, error)))
			return failure;
	failure_take(failure, kind_of(CALL_OTHER, 0));
	return failure;
}

static void
note_first(struct failure_note *note, struct ledger *ledger, const struct worker *worker,
	   int error, int64_t now_us)
{
	struct rlimit limit = { 0, 0 };

	getrlimit(RLIMIT_NOFILE, &limit);
	note->first_us = now_us;
	note->first_limit = (int64_t)limit.rlim_cur;
	note->first_fds = own_fds(error, note->first_limit);
	note->first_own =
	    atomic_load_explicit(&worker->counters.held, memory_order_relaxed);
	ledger_totals(ledger, &note->at_first);
}

/* The note of this cycle; made where it is the first time in it. */
static struct failure_note *
note_of(struct ledger_failure *failure, struct ledger *ledger,
	const struct worker *worker, int error, int64_t now_us)
{
	int64_t cycle = atomic_load_explicit(&ledger->cycle, memory_order_relaxed);
	/* In this order: handlers that share a row and come first together note the same. */
	uint64_t before = atomic_load_explicit(&failure->count, memory_order_acquire);
	uint32_t cycles = atomic_load_explicit(&failure->cycles, memory_order_relaxed);
	struct failure_note *note;

	if (cycles > 0) {
		note = &failure->notes[(cycles - 1) % FAILURE_NOTES];
		if (note->cycle == cycle)
			return note;
	}
	note = &failure->notes[cycles % FAILURE_NOTES];
	note_first(note, ledger, worker, error, now_us);
	note->cycle = cycle;
	note->before = before;
	atomic_store_explicit(&failure->cycles, cycles + 1, memory_order_release);
	return note;
}

void
ledger_failure(struct ledger *ledger, struct worker *worker, enum call call, int error)
{
	struct ledger_failure *failure = failure_of(worker, call, error);
	int64_t now_us = ledger_now_us(ledger);
	struct failure_note *note = note_of(failure, ledger, worker, error, now_us);

	atomic_store_explicit(&note->last_us, now_us, memory_order_relaxed);
	/* Release: who sees the count sees what was noted at the first. */
	atomic_fetch_add_explicit(&failure->count, 1, memory_order_release);
}

void
ledger_refused(struct ledger *ledger, const char *words, size_t bytes)
{
	struct refusal *refusal = &ledger->refusal;

	if (bytes == 0 || atomic_exchange(&refusal->taken, 1) != 0)
		return;
	refusal->bytes = (uint32_t)(bytes < PROTOCOL_WORDS ? bytes : PROTOCOL_WORDS);
	memcpy(refusal->words, words, refusal->bytes);
	atomic_store_explicit(&refusal->ready, 1, memory_order_release);
}

void
ledger_forget_refusal(struct ledger *ledger)
{
	atomic_store(&ledger->refusal.ready, 0);
	atomic_store(&ledger->refusal.taken, 0);
}

const struct failure_note *
failure_note(const struct ledger_failure *failure, uint32_t back, uint64_t *count)
{
	uint64_t end = atomic_load_explicit(&failure->count, memory_order_acquire);
	uint32_t cycles = atomic_load_explicit(&failure->cycles, memory_order_acquire);
	const struct failure_note *note;

	if (back >= cycles || back >= FAILURE_NOTES)
		return NULL;
	for (uint32_t i = 0; i < back; i++)
		end = failure->notes[(cycles - 1 - i) % FAILURE_NOTES].before;
	note = &failure->notes[(cycles - 1 - back) % FAILURE_NOTES];
	if (end <= note->before)
		return NULL;
	*count = end - note->before;
	return note;
}

/* The same by looking at each, which takes a descriptor: not counted itself. */
static int64_t
count_own_fds(void)
{
	char buf[1024];
	int64_t count;
	int fd = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd == -1)
		return -1;
	count = procfile_count_fds(fd, buf, sizeof(buf));
	close(fd);
	return count == -1 ? -1 : count - 1;
}

struct counts
failure_at_first(const struct failure_note *note)
{
	struct counts at = note->at_first;

	/* Its client holds what it has not looked at yet. */
	if (at.established < at.accepted) {
		at.held += at.accepted - at.established;
		at.established = at.accepted;
	}
	if (at.attempted < at.established)
		at.attempted = at.established;
	return at;
}

static void
recount(struct ledger_failure *failure, int64_t from_us, int64_t n)
{
	uint32_t cycles = atomic_load_explicit(&failure->cycles, memory_order_acquire);

	for (uint32_t i = 0; i < cycles && i < FAILURE_NOTES; i++)
		if (failure->notes[i].first_us >= from_us)
			__atomic_fetch_add(&failure->notes[i].at_first.accepted, n,
					   __ATOMIC_RELAXED);
}

void
ledger_recount_accepted(struct ledger *ledger, int64_t from_us, int64_t n)
{
	for (int32_t a = 0; a < ledger->acceptors; a++)
		for (int i = 0; i < LEDGER_FAILURES; i++)
			recount(&ledger_acceptor(ledger, a)->failures[i], from_us, n);
}

void
ledger_worker_ready(struct worker *worker)
{
	worker->own_fds = (int16_t)count_own_fds();
	atomic_store_explicit(&worker->pid, getpid(), memory_order_release);
}

int32_t
ledger_process_add(struct ledger *ledger, enum role role, int32_t slot)
{
	int32_t index =
	    atomic_fetch_add_explicit(&ledger->process_count, 1, memory_order_relaxed);

	if (index >= ledger->process_capacity)
		return -1;
	struct process *process = &ledger->processes[index];
	process->role = (int16_t)role;
	process->slot = slot;
	process->parent = getpid();
	process->from_us = ledger_now_us(ledger);
	return index;
}

/* Whoever starts a process writes here, several at a time. */
void
ledger_process_started(struct ledger *ledger, int32_t index, pid_t pid)
{
	_Atomic int32_t *chain = &ledger->chains[pid & ledger->chain_mask];

	if (index < 0)
		return;
	struct process *process = &ledger->processes[index];
	atomic_store_explicit(&process->pid, pid, memory_order_release);
	process->next = atomic_load_explicit(chain, memory_order_relaxed);
	while (!atomic_compare_exchange_weak_explicit(
	    chain, &process->next, index + 1, memory_order_release, memory_order_relaxed))
		continue;
}

int32_t
ledger_process_count(const struct ledger *ledger)
{
	int32_t count =
	    atomic_load_explicit(&ledger->process_count, memory_order_acquire);

	return count < ledger->process_capacity ? count : ledger->process_capacity;
}

int32_t
ledger_process_find(const struct ledger *ledger, pid_t pid)
{
	int32_t at = atomic_load_explicit(&ledger->chains[pid & ledger->chain_mask],
					  memory_order_acquire);

	while (at > 0) {
		const struct process *process = &ledger->processes[at - 1];

		if (atomic_load_explicit(&process->pid, memory_order_acquire) == pid &&
		    atomic_load_explicit(&process->end, memory_order_relaxed) ==
			END_RUNNING)
			return at - 1;
		at = process->next;
	}
	return -1;
}

void
ledger_process_ended(struct ledger *ledger, int32_t index, int status, bool stopped)
{
	if (index < 0)
		return;
	struct process *process = &ledger->processes[index];
	enum process_end end = END_EXIT;
	int code = WEXITSTATUS(status);

	if (WIFSIGNALED(status)) {
		code = WTERMSIG(status);
		end = code == SIGKILL && !stopped && oom_claim(&ledger->oom) ? END_OOM
									     : END_SIGNAL;
	}
	if (stopped)
		end = END_STOPPED;
	atomic_store_explicit(&process->code, code, memory_order_relaxed);
	atomic_store_explicit(&process->to_us, ledger_now_us(ledger),
			      memory_order_relaxed);
	atomic_store_explicit(&process->end, (int16_t)end, memory_order_release);
}

void
ledger_process_gone(struct ledger *ledger, int32_t index, bool stopped)
{
	struct process *process = &ledger->processes[index];

	atomic_store_explicit(&process->to_us, ledger_now_us(ledger),
			      memory_order_relaxed);
	atomic_store_explicit(&process->end, (int16_t)(stopped ? END_STOPPED : END_GONE),
			      memory_order_release);
}

void
ledger_process_stopped(struct ledger *ledger, int32_t index, int status)
{
	if (index < 0)
		return;
	atomic_store_explicit(&ledger->processes[index].stopped_us,
			      WIFSTOPPED(status) ? ledger_now_us(ledger) : 0,
			      memory_order_relaxed);
	atomic_fetch_add_explicit(&ledger->stop_count, 1, memory_order_release);
}

void
ledger_order(struct ledger *ledger, const struct order *order)
{
	int32_t count = atomic_load_explicit(&ledger->order_count, memory_order_relaxed);

	ledger->orders[count % LEDGER_ORDERS] = *order;
	atomic_store_explicit(&ledger->order_count, count + 1, memory_order_release);
}
