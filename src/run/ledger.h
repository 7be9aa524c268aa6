/*
 * The ledger: the shared memory that all workers count in, and in which the supervisor
 * leaves its orders.
 *
 * Anonymous, shared and pre-faulted before the first fork. Counters are relaxed atomics
 * with one writer a cache line; nothing here waits for anyone, so that SIGKILL at any
 * instruction loses nothing and blocks nobody.
 */
#ifndef BRINK_RUN_LEDGER_H
#define BRINK_RUN_LEDGER_H

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/histogram.h"
#include "base/ring.h"
#include "model/call.h"
#include "model/role.h"
#include "plan/plan.h"
#include "protocol/protocol.h"
#include "run/own_cgroup.h"

/* What a worker counts. Counters only grow but for held, in_flight, processes and
 * canary_held, and for those that are told apart later accepted and strangers. An acceptor,
 * with its handlers, counts accepted, strangers, its side of held, processes, canary_held, messages and bytes; a forker processes; a client the others, and
 * messages and bytes of its own; the canary attempted, established, served and failed. */
#define LEDGER_COUNTERS(X)                                                               \
	X(attempted)   /* connect(2) begun */                                            \
	X(established) /* handshake done as the client sees it */                        \
	X(accepted)    /* taken before the release, the canary's and strangers' not */   \
	X(strangers)   /* likewise, but opened by nobody of this run: run/claims.h */    \
	X(served) /* first message echoed before the release; without messages: never */ \
	X(held)   /* connections open now */                                             \
	X(in_flight) /* connects under way now */                                        \
	X(missed)    /* schedule slots that could not be started */                      \
	X(failed)    /* attempts that came to nothing */                                 \
	X(transient) /* connects that succeeded after a retransmitted SYN */             \
	X(lost)      /* held connections that the other side ended, or that died with \
			   their process */  \
	X(released)  /* connections closed by order */                                   \
	X(processes) /* live children: handlers of an acceptor, clients of a forker */   \
	X(canary_held) /* the canary's connections open now in an acceptor */            \
	X(messages)    /* sent by a client, echoed by an acceptor */                     \
	X(sent_bytes)                                                                    \
	X(received_bytes)

struct counters {
#define X(name) _Atomic int64_t name;
	LEDGER_COUNTERS(X)
#undef X
};

/* The same at one instant, or summed over workers. */
struct counts {
#define X(name) int64_t name;
	LEDGER_COUNTERS(X)
#undef X
};

/* A failure in one cycle, with what held at its first occurrence there. */
struct failure_note {
	int64_t cycle;
	uint64_t before;         /* of the count: in earlier cycles */
	_Atomic int64_t last_us; /* since the run's start */
	int64_t first_us;
	int64_t first_fds;      /* open descriptors of this process then, or -1 */
	int64_t first_limit;    /* its RLIMIT_NOFILE then */
	int64_t first_own;      /* this worker's own held then */
	struct counts at_first; /* of the whole run */
};

/* The newest cycle in which it occurred, and the one of those before it. */
#define FAILURE_NOTES 2

/* One (call, errno) of one worker. The first note, and each later one, is complete before
 * what it is about is counted. */
struct ledger_failure {
	_Atomic uint64_t count; /* in all cycles */
	/* See failure_call() and failure_error(); 0: free. One word, for the handlers of an
	 * acceptor may take a row at the same instant. */
	_Atomic uint64_t kind;
	_Atomic uint32_t cycles; /* in which it occurred: notes that were made */
	struct failure_note notes[FAILURE_NOTES]; /* in turn */
};

/* Rows for a worker's kinds of failure. The last is CALL_OTHER's, errno 0: it counts all
 * kinds that came after the others were taken, under no name of theirs. */
#define LEDGER_FAILURES 9

/* What one worker writes. Workers are numbered acceptors first, then forkers, the canary,
 * and all clients, forker by forker. A client's row has its forker as the writer before
 * it starts and after it is dead. */
struct worker {
	alignas(64) struct counters counters;
	alignas(64) _Atomic int64_t heartbeat_us; /* last time round its loop */
	_Atomic int64_t begun_us;                 /* of a client: its newest connect */
	_Atomic int32_t pid;                      /* 0: not running */
	_Atomic int32_t listener_fd;              /* of an acceptor, -1 else */
	_Atomic int64_t
	    nofile; /* of an acceptor: its RLIMIT_NOFILE when it looked last */
	_Atomic int64_t
	    slots_before;     /* of the schedule, used by a client before this cycle */
	_Atomic int32_t gone; /* 1: a client or forker that ended before it was told to */
	int16_t role, own_fds; /* descriptors it had before its first connection */
	int32_t slot;          /* within its role */
	/* Of a forker: connects under way of all its clients, against its share of --inflight.
	 * Of a client: that forker's row. */
	_Atomic int64_t under_way;
	struct worker *forker;
	struct ledger_failure failures[LEDGER_FAILURES];
};

enum call failure_call(const struct ledger_failure *failure);
int failure_error(const struct ledger_failure *failure); /* errno */

/* Adds n to a counter of a worker's row. */
#define WORKER_COUNT(row, counter, n) \
	atomic_fetch_add_explicit(&(row)->counters.counter, (n), memory_order_relaxed)

/* END_GONE: of a target's process, that it ended, and nobody knows how. */
enum process_end { END_RUNNING, END_EXIT, END_SIGNAL, END_OOM, END_STOPPED, END_GONE };

/* One process of the run, written by the parent; never reused. */
struct process {
	_Atomic int32_t pid; /* 0 until complete */
	int16_t role;
	_Atomic int16_t end;  /* enum process_end */
	int32_t slot;         /* within its role */
	int32_t parent;       /* pid */
	int32_t next;         /* the one before in its chain: ledger->chains */
	_Atomic int32_t code; /* exit status or signal number; valid once end is not 0 */
	int64_t from_us;
	_Atomic int64_t to_us; /* 0: running */
	/* Since when a signal has it stopped; 0: it runs. told_us is the supervisor's: the
	 * stop that it has an event for. */
	_Atomic int64_t stopped_us;
	int64_t told_us;
	char name[32]; /* of a target's process: its command, "" else */
};

enum order_kind {
	ORDER_RAMP,         /* start connections [first, last) at rate from at_us on */
	ORDER_RELEASE,      /* stop attempting and let go, as method says */
	ORDER_QUIT_WORKERS, /* acceptors, handlers, forkers, clients and the canary exit */
	ORDER_QUIT_SAMPLER, /* all workers are gone */
	ORDER_QUIT,         /* the recorder ends the run: everybody else is gone */
};

/* An order is not changed until LEDGER_ORDERS others have been published. */
struct order {
	int32_t kind;
	int32_t method; /* enum release_mode */
	int64_t at_us;
	int64_t first, last; /* connections, over all forkers */
	int64_t rate;        /* a second; 0: as fast as the server accepts */
};

#define LEDGER_ORDERS 16384

enum latency_kind {
	LATENCY_CONNECT,
	LATENCY_CONNECT_RAW,
	LATENCY_ECHO,
	LATENCY_CANARY,
	LATENCY_IDLE, /* with --target: of held connections that the server ended */
	LATENCY_KINDS
};

const char *latency_name(enum latency_kind kind); /* "connect", "connect_raw", … */

/* Workers share this many histograms of each kind, by worker number. */
#define LEDGER_HISTOGRAMS 16

/* The disk of the database. */
enum disk_state {
	DISK_FINE,
	DISK_FULL,   /* and the reserve is given up */
	DISK_SPENT,  /* full, and there was no reserve any more */
	DISK_SILENT, /* it cannot be written for another reason, for long */
};

/* What has become of a target. */
enum target_loss {
	TARGET_THERE,
	TARGET_ENDED,  /* all of its processes have */
	TARGET_CLOSED, /* nobody listens on its address any more */
};

/* What the sampler last saw, for the guard, the progress line and the verdict on the
 * way: never the source of a stored figure. */
struct board {
	_Atomic int64_t tick_us;            /* time of the last tick; 0: none yet */
	_Atomic int64_t available_bytes;    /* host memory */
	_Atomic int64_t fds;                /* of all workers */
	_Atomic int64_t rss_bytes;          /* of all workers */
	_Atomic int64_t queue, queue_limit; /* fullest listener */
	_Atomic int64_t time_wait;          /* sockets of the namespace */
	/* 1 once every tracked level is back within its resolution of its baseline */
	_Atomic int64_t recovered;
	_Atomic int64_t disk;        /* enum disk_state, as the recorder finds it */
	_Atomic int64_t target_lost; /* enum target_loss */
};

/* Cgroups that are sampled, most: the workers', and those around it that have a limit. */
#define LEDGER_CGROUPS 12

/* What a sampler that is started again has to know of the one before. */
#define LEDGER_SAMPLER_STATE 8192

/* Ports of a source address. */
#define LEDGER_PORTS    65536

#define CANARY_CONNECTS 1

/* How the ports of the range were taken, from a source to the server, when connect(2) found
 * none: each port is counted once. */
struct port_use {
	int64_t t_us, cycle;
	uint32_t source;     /* IPv4 address, host order */
	int32_t low, high;   /* net.ipv4.ip_local_port_range */
	int32_t own;         /* connected to the server by clients of this run */
	int32_t strangers;   /* likewise by others */
	int32_t time_wait;   /* of closed connections to the server */
	int32_t bound;       /* listeners and bound sockets, on whatever address */
	int32_t other;       /* connections elsewhere, in the way if they were bound */
	int32_t reserved;    /* net.ipv4.ip_local_reserved_ports */
	int32_t unreachable; /* by the way that connect(2) searches */
	int32_t free;
	int32_t listener; /* 1: one of those bound is the server's own port */
};

/* How a server that is not brink's own answered whom it refused first. */
struct refusal {
	_Atomic int32_t taken, ready; /* 1: a client writes the words; they are there */
	uint32_t bytes;
	char words[PROTOCOL_WORDS];
};

#define LEDGER_PORT_USES 8 /* cycles that one is noted for */

struct ledger {
	int64_t started_us;      /* clock_us() at the run's start: time 0 */
	int64_t started_unix_us; /* clock_unix_us() then */
	pid_t supervisor;
	int32_t acceptors, forkers, clients; /* worker rows of each; the canary has one */
	int32_t worker_count;
	int32_t process_capacity;
	const struct plan *plan;

	alignas(64) _Atomic int32_t
	    process_count; /* may exceed the capacity: see ledger_process_count() */
	_Atomic int32_t stop_count; /* processes that were stopped or went on, in all */
	alignas(64) _Atomic int32_t order_count;
	/* When the phase changed last, for the sampler: baseline until the first ramp of the
	 * run, recovery from the release on (0: not yet in this cycle). */
	_Atomic int64_t ramp_us, release_us;
	/* From 0; the next begins with its first ramp. */
	_Atomic int64_t cycle;
	/* Connections that were established and never accepted in the cycles before. */
	_Atomic int64_t never_accepted;
	/* The newest cycle that has a port_use, from 1; how many are complete. */
	_Atomic int64_t port_use_cycles;
	_Atomic int32_t port_use_count;
	struct port_use port_uses[LEDGER_PORT_USES];
	struct refusal refusal;
	/* The process group of the target's command, 0: none; 1: brink has ended it. */
	_Atomic int32_t target_group, target_stopped;
	_Atomic int32_t target_ready; /* 1: a target was there for the canary */
	/* The canary's visit: 0: none, CANARY_CONNECTS: it calls connect(2), else its port. */
	_Atomic int32_t canary_visit;
	/* Until then one acceptor has the shared queue to itself: run/acceptor.h. */
	alignas(64) _Atomic int64_t accept_lease_us;
	alignas(64) struct oom oom;         /* kills for want of memory */
	struct order orders[LEDGER_ORDERS]; /* the newest, by number, in turn */
	alignas(64) struct board board;
	alignas(64) unsigned char sampler_state[LEDGER_SAMPLER_STATE]; /* zero at first */

	/* Their names as subjects, "cgroup" and "cgroup /a/b": the sampler adds to them. */
	_Atomic int32_t cgroup_count;
	char cgroups[LEDGER_CGROUPS][64];

	/* Counts up to which the recorder has stored the latencies; it alone writes them. */
	uint64_t recorded[LATENCY_KINDS][HISTOGRAM_BUCKETS];
	struct histogram latency[LATENCY_KINDS][LEDGER_HISTOGRAMS];

	struct ring *ticks;  /* sampler to recorder: enum record_kind, run/record.h */
	struct ring *events; /* supervisor to recorder */
	struct process *processes; /* process_capacity */
	_Atomic int32_t *chains;   /* by pid: index + 1 of the newest process, 0: none */
	int32_t chain_mask;        /* their number, a power of two, less one */
	struct worker *workers;    /* worker_count */
	_Atomic uint8_t *claims;   /* by source and port, see run/claims.h */
	size_t bytes;              /* of the whole mapping */
};

/*
 * Maps and pre-faults a ledger for the plan and starts the run's clock. Returns NULL with
 * errno where the memory is not to be had. The plan must outlive it. Unmap with
 * ledger_unmap(), which takes NULL.
 */
struct ledger *ledger_map(const struct plan *plan);
void ledger_unmap(struct ledger *ledger);

/* Bytes of the mapping that a plan calls for. */
size_t ledger_bytes(const struct plan *plan);

/* Microseconds since the run's start. */
int64_t ledger_now_us(const struct ledger *ledger);

/* The rows by role and slot (a client's slot counts over all forkers). */
struct worker *ledger_acceptor(struct ledger *ledger, int32_t slot);
struct worker *ledger_forker(struct ledger *ledger, int32_t slot);
struct worker *ledger_canary(struct ledger *ledger);
struct worker *ledger_client(struct ledger *ledger, int32_t slot);
/* Slot of the first client of a forker; forker == forkers gives the end. */
int32_t ledger_first_client(const struct ledger *ledger, int32_t forker);

/* True once every acceptor has its listener. */
bool ledger_listening(struct ledger *ledger);

/* The histogram that a worker adds its latencies of a kind to. */
struct histogram *ledger_latency(struct ledger *ledger, enum latency_kind kind,
				 const struct worker *worker);

/* An acceptor holds n connections more; the canary's are counted apart. */
void worker_count_held(struct worker *acceptor, bool canary, int64_t n);

/* One worker's counters now. */
void worker_counts(const struct worker *worker, struct counts *counts);

/* A forker's row with its clients' added: exact whatever their number. */
void ledger_forker_counts(struct ledger *ledger, int32_t forker, struct counts *counts);

/* When the newest connect of any client was begun; 0: none yet. */
int64_t ledger_begun_us(struct ledger *ledger);

/* All clients and acceptors: held and failed are the clients', accepted the acceptors'. */
void ledger_totals(struct ledger *ledger, struct counts *totals);

/*
 * Counts a failed call in the worker's row, and at its first occurrence in a cycle notes
 * the time, the run's counts, and this process's descriptors and limit. To be called by the
 * process that saw it, with the errno it saw.
 */
void ledger_failure(struct ledger *ledger, struct worker *worker, enum call call,
		    int error);

/* Keeps the words with which a server refused, unless some are kept already. */
void ledger_refused(struct ledger *ledger, const char *words, size_t bytes);

/* Forgets what was kept of before a target was there. Of its only canary. */
void ledger_forget_refusal(struct ledger *ledger);

/*
 * The note of the newest cycle in which a failure occurred (back: 0) or of the one before
 * that (1), and how often it occurred in that cycle. NULL: none, or not counted yet.
 */
const struct failure_note *failure_note(const struct ledger_failure *failure,
					uint32_t back, uint64_t *count);

/* The run's counts at the first. What was accepted is established, though its client may not
 * have looked yet; it may be known better than at the last time: run/claims.h. */
struct counts failure_at_first(const struct failure_note *note);

/* What was noted as accepted at failures of acceptors, from an instant on, is n more. */
void ledger_recount_accepted(struct ledger *ledger, int64_t from_us, int64_t n);

/* To be called by a worker once it is set up: notes its pid and the descriptors it has
 * before its first connection. */
void ledger_worker_ready(struct worker *worker);

/* Lists a process; returns its index, or -1 where the table is full (counted). The entry
 * is complete once process_started() gave its pid. */
int32_t ledger_process_add(struct ledger *ledger, enum role role, int32_t slot);
void ledger_process_started(struct ledger *ledger, int32_t index, pid_t pid);
/* Entries of the list so far: what it had no room for is not among them. */
int32_t ledger_process_count(const struct ledger *ledger);
/* The newest entry of a live process by pid, or -1: without a search through all of them. */
int32_t ledger_process_find(const struct ledger *ledger, pid_t pid);
/* Notes the end; status as from waitpid(2); stopped: brink itself ended it. A signal 9 that
 * came with a kill for want of memory is END_OOM. */
void ledger_process_ended(struct ledger *ledger, int32_t index, int status, bool stopped);
/* Notes that a process has ended that is nobody's child here. */
void ledger_process_gone(struct ledger *ledger, int32_t index, bool stopped);

/* Notes that a signal has stopped it, or that it goes on; status as from waitpid(2). */
void ledger_process_stopped(struct ledger *ledger, int32_t index, int status);

/* Publishes an order; wakes nobody (see run/control.h). */
void ledger_order(struct ledger *ledger, const struct order *order);

#endif
