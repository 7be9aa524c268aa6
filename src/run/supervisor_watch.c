#include <errno.h>

#include "run/abort_on.h"
#include "run/supervisor_parts.h"

int64_t
supervisor_count_hard(struct supervisor *s, int32_t *acceptors_failing)
{
	static const int soft[] = { ETIMEDOUT, ECONNREFUSED, ECONNRESET, ECONNABORTED,
				    EPIPE };
	int64_t hard = 0;

	*acceptors_failing = 0;
	for (int32_t w = 0; w < s->ledger->worker_count; w++) {
		const struct worker *worker = &s->ledger->workers[w];
		int64_t own = 0;

		for (int i = 0; i < LEDGER_FAILURES; i++) {
			const struct failure *failure = &worker->failures[i];
			int64_t count = (int64_t)atomic_load(&failure->count);
			bool explained = count > 0;

			if (count == 0)
				break;
			for (size_t e = 0; e < sizeof(soft) / sizeof(soft[0]); e++)
				explained &= failure_error(failure) != soft[e];
			if (explained && worker->role != ROLE_CANARY)
				own += count;
		}
		if (w >= s->ledger->acceptors) {
			hard += own;
			continue;
		}
		*acceptors_failing += own > s->acceptor_failures[w];
		s->acceptor_failures[w] = own;
	}
	return hard;
}

void
supervisor_look(struct supervisor *s, const struct counts *totals)
{
	struct counts canary;
	struct breaking_view view = {
		.now_us = ledger_now_us(s->ledger),
		.totals = *totals,
		.acceptors = children_alive(&s->children, ROLE_ACCEPTOR),
		.apart = s->plan->listener == LISTENER_GROUP ||
			 s->plan->handler == HANDLER_FORK,
		.ramp_ended = s->ramp_ended,
		.acceptor_died = s->acceptor_died,
		.oom_deaths = atomic_load(&s->ledger->oom.deaths) - s->oom_before,
	};

	worker_counts(ledger_canary(s->ledger), &canary);
	view.canary_failed = canary.failed;
	view.canary_served = canary.served;
	view.hard = supervisor_count_hard(s, &view.acceptors_failing) - s->hard_before;
	s->ramp_ended = false;
	enum breaking_reason reason = breaking_check(&s->breaking, &view);
	if (reason == BREAKING_NOT || s->broken)
		return;
	s->broken = true;
	journal_event(&s->journal, EVENT_FINDING, "broken", "run",
		      "%s, with %lld established and %lld accepted",
		      breaking_text(reason), (long long)totals->established,
		      (long long)totals->accepted);
}

void
supervisor_guard(struct supervisor *s)
{
	int64_t available = atomic_load(&s->ledger->board.available_bytes);

	if (s->guarded || s->plan->guard_bytes == 0 || available == 0 ||
	    available >= s->plan->guard_bytes)
		return;
	s->guarded = true;
	s->stop = true;
	journal_event(
	    &s->journal, EVENT_FINDING, "guard", "host",
	    "%lld bytes of memory are available, under the guard of %lld: letting go",
	    (long long)available, (long long)s->plan->guard_bytes);
}

void
supervisor_disk(struct supervisor *s)
{
	if (s->disk_full || atomic_load(&s->ledger->board.disk_full) == 0)
		return;
	s->disk_full = true;
	s->stop = true;
	journal_event(
	    &s->journal, EVENT_WARNING, "disk-full", "recorder",
	    "the disk of the database is full: its reserve is given up, and the "
	    "run ends");
}

void
supervisor_abort_on(struct supervisor *s, const struct counts *totals)
{
	char text[EXPECTATION_TEXT_SIZE], seen[FIGURE_TEXT_SIZE];
	const struct expectation *e;
	double value;

	if (s->stop || s->course.phase >= PHASE_RECOVERY)
		return;
	e = abort_on_check(s->ledger, totals, &value);
	if (e == NULL)
		return;
	s->stop = true;
	journal_event(&s->journal, EVENT_FINDING, "aborted", "run",
		      "--abort-on '%s': %s is %s; letting go", expectation_text(e, text),
		      e->figure->name, figure_format(e->figure->unit, value, seen));
}
