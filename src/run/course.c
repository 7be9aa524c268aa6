#include "run/course.h"

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
course_step_target(const struct plan *plan, int64_t step)
{
	int64_t increment = plan->rate * plan->plateau_us / US_PER_S;
	int64_t target;

	if (plan->clients > 0)
		return plan_step_target(plan, step);
	target = (step + 1) * (increment > 0 ? increment : UNPACED_STEP);
	return target < plan_target(plan) ? target : plan_target(plan);
}

void
course_init(struct course *course, const struct plan *plan)
{
	*course = (struct course){ .plan = plan };
}

static bool
last_step(const struct course *course)
{
	if (course->plan->clients > 0)
		return course->step + 1 >= course->plan->steps;
	return course->target >= plan_target(course->plan);
}

static bool
last_cycle(const struct course *course, const struct course_view *view)
{
	return course->cycle + 1 >= course->plan->cycles || view->stop || view->spent;
}

static enum phase
after_recovery(const struct course *course, const struct course_view *view)
{
	if (!view->recovered && !view->hurry &&
	    view->now_us - course->from_us < course->plan->recovery_timeout_us)
		return PHASE_RECOVERY;
	if (last_cycle(course, view))
		return PHASE_END;
	return view->ready ? PHASE_RAMP : PHASE_RECOVERY;
}

/* What is attempted is decided within --connect-timeout, or --stall later: the hold begins
 * with all connections, and ends when it is known that they are there. */
static bool
is_over(const struct course *course, const struct course_view *view, int64_t planned_us)
{
	const struct plan *plan = course->plan;
	int64_t in_us = view->now_us - course->from_us;

	if (in_us < planned_us)
		return false;
	return !view->in_doubt ||
	       in_us >= planned_us + plan->connect_timeout_us + plan->stall_us + US_PER_S;
}

/* The phase that follows for want of anything special. */
static enum phase
next_phase(const struct course *course, const struct course_view *view)
{
	const struct plan *plan = course->plan;
	int64_t in_us = view->now_us - course->from_us;

	switch (course->phase) {
	case PHASE_BASELINE:
		return in_us >= plan->baseline_us && view->ready ? PHASE_RAMP
								 : PHASE_BASELINE;
	case PHASE_RAMP:
		return view->slots >= course->target ? PHASE_PLATEAU : PHASE_RAMP;
	case PHASE_PLATEAU:
		if (!last_step(course))
			return in_us < plan->plateau_us ? PHASE_PLATEAU : PHASE_RAMP;
		return is_over(course, view, plan->plateau_us) ? PHASE_HOLD
							       : PHASE_PLATEAU;
	case PHASE_HOLD:
		return is_over(course, view, plan->hold_us) ? PHASE_RECOVERY : PHASE_HOLD;
	case PHASE_EXHAUSTED:
		return in_us >= plan->linger_us ? PHASE_RECOVERY : PHASE_EXHAUSTED;
	case PHASE_RECOVERY:
		return after_recovery(course, view);
	default:
		return PHASE_END;
	}
}

bool
course_is_decided(const struct course *course, const struct course_view *view)
{
	return (course->phase == PHASE_PLATEAU || course->phase == PHASE_HOLD) &&
	       next_phase(course, view) != course->phase;
}

static enum phase
decide(const struct course *course, const struct course_view *view)
{
	const struct plan *plan = course->plan;
	bool loading = course->phase < PHASE_EXHAUSTED;
	bool time_is_up = course->first_ramp_us > 0 &&
			  view->now_us - course->first_ramp_us >= plan->duration_us;

	if (course->phase == PHASE_BASELINE && (view->stop || view->broken))
		return PHASE_END; /* nothing to let go */
	if (course->phase < PHASE_RECOVERY && (view->stop || time_is_up))
		return PHASE_RECOVERY;
	if (loading && view->broken)
		return PHASE_EXHAUSTED;
	return next_phase(course, view);
}

bool
course_advance(struct course *course, const struct course_view *view)
{
	enum phase phase = decide(course, view);

	/* Nothing is let go, so there is nothing to see coming back. */
	if (phase == PHASE_RECOVERY && course->plan->release == RELEASE_NONE)
		phase = PHASE_END;
	if (phase == course->phase)
		return false;
	if (phase == PHASE_RAMP) {
		if (course->phase == PHASE_RECOVERY) {
			course->cycle++;
			course->first_ramp_us = course->step = 0;
		}
		if (course->first_ramp_us == 0)
			course->first_ramp_us = view->now_us;
		else
			course->step++;
		course->target = course_step_target(course->plan, course->step);
	}
	if (phase >= PHASE_RECOVERY)
		course->target = 0;
	course->phase = phase;
	course->from_us = view->now_us;
	return true;
}
