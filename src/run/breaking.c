#include "run/breaking.h"

static const char *const texts[BREAKING_REASONS] = {
	[BREAKING_NOT] = "not broken",
	[BREAKING_FAILURES] = "failures go on",
	[BREAKING_RAMP] = "a ramp ended with failed connections",
	[BREAKING_STALL] = "progress has stopped although connections wait for it",
	[BREAKING_DEATH] = "the server died",
	[BREAKING_MEMORY] = "the kernel killed a worker for want of memory",
	[BREAKING_CANARY] =
	    "newcomers get no service: the canary failed three times in a row",
};

const char *
breaking_text(enum breaking_reason reason)
{
	return texts[reason];
}

void
breaking_init(struct breaking *breaking, const struct plan *plan)
{
	*breaking = (struct breaking){
		.stall_us = plan->stall_us,
		.messages = plan->messages > 0,
	};
}

static int64_t
progress(const struct breaking *breaking, const struct counts *totals)
{
	return breaking->messages ? totals->served : totals->accepted;
}

int64_t
breaking_waiting(const struct breaking *breaking, const struct counts *totals)
{
	return totals->established - totals->lost - progress(breaking, totals);
}

/* Failures must go on: some in nearly every look of a second, and at least as many as
 * there are connections made meanwhile in a hundred. */
static bool
failures_go_on(struct breaking *breaking, const struct breaking_view *view)
{
	int64_t failed = view->totals.failed - breaking->last.totals.failed;
	int64_t hard = view->hard - breaking->last.hard;
	int64_t made = view->totals.established - breaking->last.totals.established;

	if (failed + hard > 0 && (failed + hard) * 100 >= made)
		breaking->failing_looks++;
	else
		breaking->failing_looks = 0;
	return breaking->failing_looks >= BREAKING_WINDOW;
}

/* With one shared listener the others take over until the last acceptor is full; in a
 * group each one's own queue starves, and so do the connections that it took but cannot
 * fork a handler for. */
static bool
acceptors_refuse(struct breaking *breaking, const struct breaking_view *view)
{
	bool all = view->acceptors_failing >= view->acceptors;
	bool enough = view->apart ? view->acceptors_failing > 0 : all;

	if (enough && view->acceptors_failing > 0 &&
	    breaking_waiting(breaking, &view->totals) > 0)
		breaking->acceptor_looks++;
	else
		breaking->acceptor_looks = 0;
	return breaking->acceptor_looks >= BREAKING_WINDOW;
}

bool
breaking_in_doubt(const struct breaking *breaking, const struct counts *totals)
{
	return breaking_waiting(breaking, totals) + totals->in_flight > 0;
}

/* Over the stall time, progress below 1 % of what was called for: of the attempts made
 * meanwhile, or of all where connections wait. */
static bool
stalled(struct breaking *breaking, const struct breaking_view *view)
{
	int64_t now = progress(breaking, &view->totals);
	int64_t wait = breaking_waiting(breaking, &view->totals) + view->totals.in_flight;

	/* Less than 1 % may be what fails now and then. */
	if (wait <= 0 || wait * 100 < view->totals.attempted ||
	    breaking->stall_from_us == 0 ||
	    (now - breaking->stall_progress) * 100 >= wait) {
		breaking->stall_from_us = view->now_us;
		breaking->stall_progress = now;
		return false;
	}
	return view->now_us - breaking->stall_from_us >= breaking->stall_us;
}

/*
 * A ramp is judged when its slots are used, and again when the connects that were under way
 * then have been decided. The next begins with the first attempt after that.
 */
static bool
ramp_failed(struct breaking *breaking, const struct breaking_view *view)
{
	if (view->totals.attempted > breaking->judged.attempted) {
		breaking->ramp_from = breaking->judged;
		breaking->ramp_hard_from = breaking->judged_hard;
	}
	if (!view->ramp_ended)
		return false;
	int64_t attempted = view->totals.attempted - breaking->ramp_from.attempted;
	int64_t failed = view->totals.failed - breaking->ramp_from.failed;
	int64_t hard = view->hard - breaking->ramp_hard_from;
	/* However short the ramp, one that failed where others did not is a transient. */
	bool lone = failed == 1 && attempted > 1;

	breaking->judged = view->totals;
	breaking->judged_hard = view->hard;
	return failed > 0 && (hard > 0 || (failed * 100 > attempted && !lone));
}

static bool
canary_fails(struct breaking *breaking, const struct breaking_view *view)
{
	if (view->canary_served > breaking->last.canary_served)
		breaking->canary_failures = 0;
	else
		breaking->canary_failures +=
		    (int)(view->canary_failed - breaking->last.canary_failed);
	return breaking->canary_failures >= 3;
}

enum breaking_reason
breaking_check(struct breaking *breaking, const struct breaking_view *view)
{
	enum breaking_reason reason = BREAKING_NOT;

	if (!breaking->begun) {
		breaking->begun = true;
		breaking->last = *view;
	}
	/* Every check keeps a state of its own, so every one is made. */
	if (stalled(breaking, view))
		reason = BREAKING_STALL;
	if (canary_fails(breaking, view))
		reason = BREAKING_CANARY;
	if (ramp_failed(breaking, view))
		reason = BREAKING_RAMP;
	if (failures_go_on(breaking, view) || acceptors_refuse(breaking, view))
		reason = BREAKING_FAILURES;
	if (view->oom_deaths > 0)
		reason = BREAKING_MEMORY;
	if (view->server_died)
		reason = BREAKING_DEATH;
	breaking->last = *view;
	return reason;
}
