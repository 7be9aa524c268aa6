#include "run/phases.h"

#include "base/clock.h"

/* With neither a target nor a rate, connections a step. */
#define UNPACED_STEP 20000

static const char *const phase_names[PHASE_COUNT] = {
	"baseline", "ramp", "plateau", "hold", "exhausted", "recovery", "end",
};

const char *
phase_name(enum phase phase)
{
	return phase_names[phase];
}

int64_t
phases_step_target(const struct plan *plan, int64_t step)
{
	int64_t increment = plan->rate * plan->plateau_us / US_PER_S;
	int64_t target;

	if (plan->clients > 0)
		return plan_step_target(plan, step);
	target = (step + 1) * (increment > 0 ? increment : UNPACED_STEP);
	return target < plan_target(plan) ? target : plan_target(plan);
}

void
phases_init(struct phases *phases, const struct plan *plan)
{
	*phases = (struct phases){ .plan = plan };
}

static bool
last_step(const struct phases *phases)
{
	if (phases->plan->clients > 0)
		return phases->step + 1 >= phases->plan->steps;
	return phases->target >= plan_target(phases->plan);
}

static bool
last_cycle(const struct phases *phases, const struct phases_view *view)
{
	return phases->cycle + 1 >= phases->plan->cycles || view->stop || view->spent;
}

static enum phase
after_recovery(const struct phases *phases, const struct phases_view *view)
{
	if (!view->recovered && !view->hurry &&
	    view->now_us - phases->from_us < phases->plan->recovery_timeout_us)
		return PHASE_RECOVERY;
	if (last_cycle(phases, view))
		return PHASE_END;
	return view->ready ? PHASE_RAMP : PHASE_RECOVERY;
}

/* What is attempted is decided within --connect-timeout, or --stall later: the hold begins
 * with all connections, and ends when it is known that they are there. */
static bool
is_over(const struct phases *phases, const struct phases_view *view, int64_t planned_us)
{
	const struct plan *plan = phases->plan;
	int64_t in_us = view->now_us - phases->from_us;

	if (in_us < planned_us)
		return false;
	return !view->in_doubt ||
	       in_us >= planned_us + plan->connect_timeout_us + plan->stall_us + US_PER_S;
}

/* The phase that follows for want of anything special. */
static enum phase
next_phase(const struct phases *phases, const struct phases_view *view)
{
	const struct plan *plan = phases->plan;
	int64_t in_us = view->now_us - phases->from_us;

	switch (phases->phase) {
	case PHASE_BASELINE:
		return in_us >= plan->baseline_us && view->ready && view->sampled
			   ? PHASE_RAMP
			   : PHASE_BASELINE;
	case PHASE_RAMP:
		return view->slots >= phases->target ? PHASE_PLATEAU : PHASE_RAMP;
	case PHASE_PLATEAU:
		if (!last_step(phases))
			return in_us < plan->plateau_us ? PHASE_PLATEAU : PHASE_RAMP;
		return is_over(phases, view, plan->plateau_us) ? PHASE_HOLD
							       : PHASE_PLATEAU;
	case PHASE_HOLD:
		return is_over(phases, view, plan->hold_us) ? PHASE_RECOVERY : PHASE_HOLD;
	case PHASE_EXHAUSTED:
		return in_us >= plan->linger_us ? PHASE_RECOVERY : PHASE_EXHAUSTED;
	case PHASE_RECOVERY:
		return after_recovery(phases, view);
	default:
		return PHASE_END;
	}
}

bool
phases_is_decided(const struct phases *phases, const struct phases_view *view)
{
	return (phases->phase == PHASE_PLATEAU || phases->phase == PHASE_HOLD) &&
	       next_phase(phases, view) != phases->phase;
}

static enum phase
decide(const struct phases *phases, const struct phases_view *view)
{
	const struct plan *plan = phases->plan;
	bool loading = phases->phase < PHASE_EXHAUSTED;
	bool time_is_up = phases->first_ramp_us > 0 &&
			  view->now_us - phases->first_ramp_us >= plan->duration_us;

	if (phases->phase == PHASE_BASELINE && (view->stop || view->broken))
		return PHASE_END; /* nothing to let go */
	if (phases->phase < PHASE_RECOVERY && (view->stop || time_is_up))
		return PHASE_RECOVERY;
	if (loading && view->broken)
		return PHASE_EXHAUSTED;
	return next_phase(phases, view);
}

bool
phases_advance(struct phases *phases, const struct phases_view *view)
{
	enum phase phase = decide(phases, view);

	/* Nothing is let go, so there is nothing to see coming back. */
	if (phase == PHASE_RECOVERY && phases->plan->release == RELEASE_NONE)
		phase = PHASE_END;
	if (phase == phases->phase)
		return false;
	if (phase == PHASE_RAMP) {
		if (phases->phase == PHASE_RECOVERY) {
			phases->cycle++;
			phases->first_ramp_us = phases->step = 0;
		}
		if (phases->first_ramp_us == 0)
			phases->first_ramp_us = view->now_us;
		else
			phases->step++;
		phases->target = phases_step_target(phases->plan, phases->step);
	}
	if (phase >= PHASE_RECOVERY)
		phases->target = 0;
	phases->phase = phase;
	phases->from_us = view->now_us;
	return true;
}
