/*
 * Is the run broken? Judged from the ledger alone, at every control tick.
 *
 * A lone failure is a transient: a break is confirmed only where failures go on, or where
 * progress has stopped although connections wait for it. When it began, and why, is for
 * the analysis to say from what is stored.
 */
#ifndef BRINK_RUN_BREAKING_H
#define BRINK_RUN_BREAKING_H

#include <stdbool.h>
#include <stdint.h>

#include "run/ledger.h"

#define BREAKING_TICK_US 100000 /* between two looks */
#define BREAKING_WINDOW  10     /* looks that failures must go on for: a second */

enum breaking_reason {
	BREAKING_NOT,
	BREAKING_FAILURES, /* attempts or accepts go on failing */
	BREAKING_RAMP,     /* a ramp ended with failures that were no transients */
	BREAKING_STALL,    /* nothing grows although it should */
	BREAKING_DEATH,    /* an acceptor died */
	BREAKING_CANARY,   /* newcomers get no service */
	BREAKING_MEMORY,   /* the kernel killed a worker for want of memory */
	BREAKING_REASONS
};

/* A clause that says it. */
const char *breaking_text(enum breaking_reason reason);

/* What is seen at one look. */
struct breaking_view {
	int64_t now_us;
	struct counts totals;
	int64_t hard; /* failures of forkers' and clients' calls that a limit explains */
	int64_t canary_failed, canary_served;
	int32_t acceptors;         /* alive */
	int32_t acceptors_failing; /* of those, with a new failed accept or fork */
	bool apart; /* what one acceptor cannot take, no other takes over */
	bool
	    ramp_ended; /* every slot was used: since the last look; or what followed it is
			    over, and its connects were decided */
	bool server_died;   /* an acceptor, or the target */
	int64_t oom_deaths; /* workers that the kernel killed for want of memory, in this
			       cycle */
};

struct breaking {
	int64_t stall_us;
	bool messages;             /* progress is served, else accepted */
	struct breaking_view last; /* the look before */
	bool begun;
	int failing_looks;   /* of the last ones in a row, with a new failure */
	int acceptor_looks;  /* in a row with acceptors failing and connections waiting */
	int canary_failures; /* in a row */
	int64_t stall_from_us;   /* since when progress is too slow; 0: it is not */
	int64_t stall_progress;  /* counted then */
	struct counts ramp_from; /* totals when the ramp began */
	int64_t ramp_hard_from;
	struct counts judged; /* totals when a ramp was judged last */
	int64_t judged_hard;
};

void breaking_init(struct breaking *breaking, const struct plan *plan);

/* To be called every BREAKING_TICK_US while the load lasts. */
enum breaking_reason breaking_check(struct breaking *breaking,
				    const struct breaking_view *view);

/* Connections that clients see as established and that nobody has served. */
int64_t breaking_waiting(const struct breaking *breaking, const struct counts *totals);

/* True while anything that was attempted waits: for its handshake, which is over within
 * --connect-timeout, or for service. What is not served within the stall time will not be. */
bool breaking_in_doubt(const struct breaking *breaking, const struct counts *totals);

#endif
