#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "run/abort_on.h"
#include "run/port_use.h"
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
			const struct ledger_failure *failure = &worker->failures[i];
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
	event_log_add(&s->event_log, EVENT_FINDING, "broken", "run",
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
	event_log_add(
	    &s->event_log, EVENT_FINDING, "guard", "host",
	    "%lld bytes of memory are available, under the guard of %lld: letting go",
	    (long long)available, (long long)s->plan->guard_bytes);
}

void
supervisor_disk(struct supervisor *s)
{
	static const struct {
		const char *kind, *text;
	} ends[] = {
		[DISK_FULL] = { "disk-full",
				"the disk of the database is full: its reserve is given "
				"up, and the run ends" },
		[DISK_SPENT] = { "disk-full",
				 "the disk of the database is full, and its reserve was "
				 "gone: the run ends" },
		[DISK_SILENT] = { "unwritable", "the database could not be written for a "
						"minute: the run "
						"ends" },
	};
	int64_t disk = atomic_load(&s->ledger->board.disk);

	if (s->disk_full || disk == DISK_FINE)
		return;
	s->disk_full = true;
	s->stop = true;
	event_log_add(&s->event_log, EVENT_WARNING, ends[disk].kind, "recorder", "%s",
		      ends[disk].text);
}

void
supervisor_abort_on(struct supervisor *s, const struct counts *totals)
{
	char text[EXPECTATION_TEXT_SIZE], seen[FIGURE_TEXT_SIZE];
	const struct expectation *e;
	double value;

	if (s->stop || s->phases.phase >= PHASE_RECOVERY)
		return;
	e = abort_on_check(s->ledger, totals, &value);
	if (e == NULL)
		return;
	s->stop = true;
	event_log_add(&s->event_log, EVENT_FINDING, "aborted", "run",
		      "--abort-on '%s': %s is %s; letting go", expectation_text(e, text),
		      e->figure->name, figure_format(e->figure->unit, value, seen));
}

/* What a signal stops for less is none of anybody's business. */
#define STOP_LEAST_US (US_PER_S / 2)

/* This process looks ten times a second. */
#define STILL_US (US_PER_S / 2)

void
supervisor_give_up(struct supervisor *s, const char *subject, const char *fmt, ...)
{
	struct counts totals;
	char why[160];
	va_list args;

	if (s->stop)
		return;
	s->stop = true;
	va_start(args, fmt);
	vsnprintf(why, sizeof(why), fmt, args);
	va_end(args);
	ledger_totals(s->ledger, &totals);
	event_log_add(&s->event_log, EVENT_FINDING, "gave-up", subject,
		      "%s; the run was ended with %lld connections held", why,
		      (long long)totals.held);
}

/* Of acceptors, handlers, forkers and clients there are many. */
static void
name_process(const struct process *process, char *buf, size_t size)
{
	const char *role = role_name((enum role)process->role);
	bool one = process->role == ROLE_SAMPLER || process->role == ROLE_RECORDER ||
		   process->role == ROLE_CANARY;

	if (one)
		strlcpy(buf, role, size);
	else
		snprintf(buf, size, "%s %d", role, process->slot);
}

/* Each acceptor counts its handlers from 0: " of acceptor 1", else "". */
static const char *
name_parent(const struct supervisor *s, const struct process *process, char *buf,
	    size_t size)
{
	int32_t parent = process->role == ROLE_HANDLER
			     ? ledger_process_find(s->ledger, process->parent)
			     : -1;

	buf[0] = '\0';
	if (parent != -1)
		snprintf(buf, size, " of acceptor %d", s->ledger->processes[parent].slot);
	return buf;
}

static void
tell_stop(struct supervisor *s, struct process *process, int64_t stopped_us)
{
	char name[RECORD_NAME], parent[RECORD_NAME];

	name_process(process, name, sizeof(name));
	process->told_us = stopped_us;
	event_log_add(&s->event_log, EVENT_WARNING, "worker-stopped", name,
		      "%s%s is stopped (state T) since %.1f s", name,
		      name_parent(s, process, parent, sizeof(parent)),
		      (double)stopped_us / 1e6);
}

/* So far: what the watch of the run saw last may be of before the stop. */
static int64_t
visits_failed(struct supervisor *s)
{
	struct counts counts;

	worker_counts(ledger_canary(s->ledger), &counts);
	return counts.failed;
}

/* Newcomers are the clients', and the canary. */
static void
tell_continued(struct supervisor *s, struct process *process)
{
	char name[RECORD_NAME], parent[RECORD_NAME];

	name_process(process, name, sizeof(name));
	event_log_add(
	    &s->event_log, EVENT_WARNING, "worker-continued", name,
	    "%s%s went on after %.1f s; meanwhile at most %lld connections waited "
	    "for service, and %lld visits of the canary failed",
	    name, name_parent(s, process, parent, sizeof(parent)),
	    (double)(ledger_now_us(s->ledger) - process->told_us) / 1e6,
	    (long long)s->waiting_most,
	    (long long)(visits_failed(s) - s->stop_canary_failed));
	process->told_us = 0;
}

/* An acceptor that stands still is what a run may find; but without it no run begins. */
static bool
may_stay_stopped(const struct supervisor *s, const struct process *process)
{
	return (process->role == ROLE_ACCEPTOR && s->phases.phase != PHASE_BASELINE) ||
	       process->role == ROLE_HANDLER;
}

static void
look_at_stop(struct supervisor *s, struct process *process)
{
	bool running = atomic_load(&process->end) == END_RUNNING;
	int64_t stopped_us = running ? atomic_load(&process->stopped_us) : 0;
	int64_t for_us = ledger_now_us(s->ledger) - stopped_us;
	char name[RECORD_NAME];

	if (stopped_us == 0) {
		if (process->told_us != 0 && running)
			tell_continued(s, process);
		return;
	}
	s->stopped++;
	if (process->told_us == 0 && for_us >= STOP_LEAST_US)
		tell_stop(s, process, stopped_us);
	if (for_us < s->plan->stall_us || may_stay_stopped(s, process))
		return;
	name_process(process, name, sizeof(name));
	supervisor_give_up(s, name, "%s was stopped (state T) for %.1f s", name,
			   (double)for_us / 1e6);
	kill(atomic_load(&process->pid), SIGCONT);
}

static int32_t
process_count(const struct ledger *ledger)
{
	int32_t count = atomic_load(&ledger->process_count);

	return count < ledger->process_capacity ? count : ledger->process_capacity;
}

void
supervisor_stops(struct supervisor *s, const struct counts *totals)
{
	int32_t seen = atomic_load(&s->ledger->stop_count);
	int64_t waiting = breaking_waiting(&s->breaking, totals);

	if (seen == s->stops_seen && s->stopped == 0)
		return;
	if (s->stopped == 0) {
		s->waiting_most = 0;
		s->stop_canary_failed = visits_failed(s);
	}
	if (waiting > s->waiting_most)
		s->waiting_most = waiting;
	s->stops_seen = seen;
	s->stopped = 0;
	for (int32_t i = 0; i < process_count(s->ledger); i++)
		look_at_stop(s, &s->ledger->processes[i]);
}

void
supervisor_continue(struct supervisor *s, bool with_acceptors)
{
	for (int32_t i = 0; i < process_count(s->ledger); i++) {
		const struct process *process = &s->ledger->processes[i];

		if (atomic_load(&process->stopped_us) != 0 &&
		    atomic_load(&process->end) == END_RUNNING &&
		    (with_acceptors || process->role != ROLE_ACCEPTOR))
			kill(atomic_load(&process->pid), SIGCONT);
	}
}

/* The next slot of the ramp is due, and nothing waits that could keep it back. */
static bool
slot_is_due(const struct supervisor *s, const struct phases_view *view)
{
	int64_t due_us = s->phases.from_us;

	if (s->phases.phase != PHASE_RAMP || view->in_doubt)
		return false;
	if (s->plan->rate > 0)
		due_us += (view->slots - s->ramp_first) * US_PER_S / s->plan->rate;
	return due_us < view->now_us;
}

/* Looks in a row that are too many for that time. */
static bool
is_too_long(int64_t looks, int64_t us)
{
	return looks * BREAKING_TICK_US > us;
}

void
supervisor_stuck(struct supervisor *s, const struct phases_view *view)
{
	int64_t tick_us = atomic_load(&s->ledger->board.tick_us);

	/* Counted in looks: while this process itself stood still, they did with it. */
	s->slot_looks =
	    view->slots == s->slots_seen && slot_is_due(s, view) ? s->slot_looks + 1 : 0;
	s->tick_looks = tick_us == s->tick_seen_us ? s->tick_looks + 1 : 0;
	s->slots_seen = view->slots;
	s->tick_seen_us = tick_us;
	if (is_too_long(s->slot_looks, s->plan->stall_us))
		supervisor_give_up(s, "clients",
				   "no connection was begun for %.1f s, though %lld of "
				   "%lld are not",
				   (double)s->plan->stall_us / 1e6,
				   (long long)(s->phases.target - view->slots),
				   (long long)s->phases.target);
	if (is_too_long(s->tick_looks, s->plan->stall_us + 2 * s->plan->interval_us))
		supervisor_give_up(s, "sampler", "no sample was taken after %.1f s",
				   (double)tick_us / 1e6);
}

void
supervisor_stood_still(struct supervisor *s)
{
	int64_t now_us = ledger_now_us(s->ledger), before_us = s->looked_us;

	s->looked_us = now_us;
	if (before_us == 0 || now_us - before_us < STILL_US)
		return;
	/* Nor did anything else have time to make progress. */
	s->breaking.stall_from_us = 0;
	event_log_add(&s->event_log, EVENT_WARNING, "gap", "brink",
		      "brink stood still for %.1f s, from %.1f s to %.1f s",
		      (double)(now_us - before_us) / 1e6, (double)before_us / 1e6,
		      (double)now_us / 1e6);
}

/* Between two looks at the port. */
#define PORT_LOOK_US (US_PER_S / 2)

void
supervisor_port(struct supervisor *s)
{
	int64_t now_us = ledger_now_us(s->ledger), cycle = atomic_load(&s->ledger->cycle);
	int32_t own =
	    s->plan->listener == LISTENER_SHARED ? 1 : (int32_t)s->plan->acceptors;
	int32_t others;

	if (now_us - s->port_looked_us < PORT_LOOK_US || s->port_is_silent ||
	    s->phases.phase >= PHASE_RECOVERY)
		return;
	s->port_looked_us = now_us;
	others = port_use_listeners(s->plan);
	if (others < 0) {
		s->port_is_silent = true;
		event_log_add(&s->event_log, EVENT_WARNING, "port-unseen", "port",
			      "the kernel does not say who listens on port %lld: another "
			      "listener would not be seen",
			      (long long)s->plan->port);
		return;
	}
	others -= own;
	if (others > 0 && (others != s->others_on_port || cycle != s->others_cycle)) {
		event_log_add(&s->event_log, EVENT_WARNING, "port-shared", "port",
			      "%d socket%s of others listen%s on port %lld too: "
			      "connections go there as well",
			      others, others == 1 ? "" : "s", others == 1 ? "s" : "",
			      (long long)s->plan->port);
		s->others_cycle = cycle;
	}
	s->others_on_port = others > 0 ? others : 0;
}
