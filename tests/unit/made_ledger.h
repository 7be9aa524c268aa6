/*
 * A run that is under way without its workers: a ledger that a test counts in, the ends of
 * the order pipe, and recorders.
 */
#ifndef BRINK_TESTS_MADE_LEDGER_H
#define BRINK_TESTS_MADE_LEDGER_H

#include <stdint.h>
#include <sys/types.h>

#include "made_store.h"
#include "run/ledger.h"
#include "run/record.h"

#define MADE_ACCEPTORS 2
#define MADE_FORKERS   2
#define MADE_CLIENTS   4 /* of both forkers */

struct made_ledger {
	const struct made_store *store;
	struct plan plan;
	struct ledger *ledger;
	int64_t run_id;
	int pipe[2];
	int64_t ticks; /* pushed so far */
};

/* Makes the run in the store, which it makes where there is none. Everything that fails
 * fails the test. */
void made_ledger_begin(struct made_ledger *made, const struct made_store *store);
void made_ledger_end(struct made_ledger *made);

/* Forks a recorder; returns its pid. */
pid_t made_recorder_start(struct made_ledger *made);
/* Its exit status, or -1 where a signal ended it. */
int made_recorder_wait(pid_t recorder);
/* Orders all to quit and waits for the recorder; returns its exit status. */
int made_recorder_quit(struct made_ledger *made, pid_t recorder);

/* The run's clock jumps forward to us before its next full second. */
void made_ledger_near_second(struct made_ledger *made, int64_t us);

/*
 * Pushes the next tick: reading i of subject s of kind k at tick t is made_reading(k, s, t,
 * i), but for the last reading of the host, which could not be made. The subjects are the
 * host, netns, cgroup, listener 0, processes 0..processes - 1, the workers without the
 * clients, and all groups.
 */
void made_tick_push(struct made_ledger *made, uint32_t processes);
int64_t made_reading(enum subject_kind kind, uint32_t index, int64_t tick, int reading);

void made_phase_push(struct made_ledger *made, int64_t seq, const char *name,
		     int64_t from_us);
void made_event_push(struct made_ledger *made, int64_t seq, const char *kind);

#endif
