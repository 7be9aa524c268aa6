/*
 * The course of a run through its phases: a state machine without side effects.
 *
 * baseline, ((ramp, plateau) x steps, hold, [exhausted], recovery) x cycles, end.
 */
#ifndef BRINK_RUN_PHASES_H
#define BRINK_RUN_PHASES_H

#include <stdbool.h>
#include <stdint.h>

#include "plan/plan.h"

enum phase {
	PHASE_BASELINE,
	PHASE_RAMP,
	PHASE_PLATEAU,
	PHASE_HOLD,
	PHASE_EXHAUSTED,
	PHASE_RECOVERY,
	PHASE_END,
	PHASE_COUNT
};

const char *phase_name(enum phase phase);

struct phases {
	const struct plan *plan;
	enum phase phase;
	int64_t cycle;         /* from 0 */
	int64_t step;          /* ramps of the cycle begun before this one */
	int64_t from_us;       /* when the phase began */
	int64_t first_ramp_us; /* of the cycle; 0: none yet */
	int64_t target;        /* connections to be held at the end of the phase */
};

/* What is known now. */
struct phases_view {
	int64_t now_us;
	bool ready;     /* every acceptor listens */
	bool sampled;   /* and was sampled since, before any connection */
	int64_t slots;  /* of the schedule, used: attempted, or missed */
	bool broken;    /* a breaking point is confirmed */
	bool in_doubt;  /* connections wait for what becomes of them */
	bool stop;      /* release now: ordered by the user, or by the guard */
	bool recovered; /* everything is back */
	bool hurry;     /* the recovery is cut short */
	bool spent;     /* there can be no further cycle: the server is not what it was */
};

void phases_init(struct phases *phases, const struct plan *plan);

/* True where a plateau or the hold is over: what came of its connections is known then, or
 * has been waited for as long as it may take. */
bool phases_is_decided(const struct phases *phases, const struct phases_view *view);

/* Moves to the next phase where it is time to; true if it did. */
bool phases_advance(struct phases *phases, const struct phases_view *view);

/* Connections to be held after ramp number step; without a target the staircase has no
 * end, a plateau's time of the rate a step. */
int64_t phases_step_target(const struct plan *plan, int64_t step);

#endif
