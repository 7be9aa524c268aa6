#include "run/supervisor.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/watch.h"
#include "run/abort_on.h"
#include "run/control.h"
#include "run/forker.h"
#include "run/port_use.h"
#include "run/supervisor_staff.h"

/* What a signal stops for less is none of anybody's business. */
#define STOP_LEAST_US (US_PER_S / 2)

/* This process looks ten times a second. */
#define STILL_US (US_PER_S / 2)

/* Between two looks at the port. */
#define PORT_LOOK_US (US_PER_S / 2)

/* Failures that a limit explains, of forkers and clients in all cycles; and how many
 * acceptors had a new one since the last look. */
static int64_t
count_hard(struct supervisor *s, int32_t *acceptors_failing)
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

/* A break that is confirmed is in s->broken. */
static void
look_for_break(struct supervisor *s, const struct counts *totals)
{
	struct counts canary;
	struct breaking_view view = {
		.now_us = ledger_now_us(s->ledger),
		.totals = *totals,
		.acceptors = children_alive(&s->children, ROLE_ACCEPTOR),
		.apart = s->plan->listener == LISTENER_GROUP ||
			 s->plan->handler == HANDLER_FORK,
		.ramp_ended = s->ramp_ended,
		.server_died = s->server_died,
		.oom_deaths = atomic_load(&s->ledger->oom.deaths) - s->oom_before,
	};

	worker_counts(ledger_canary(s->ledger), &canary);
	view.canary_failed = canary.failed;
	view.canary_served = canary.served;
	view.hard = count_hard(s, &view.acceptors_failing) - s->hard_before;
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

/* Orders the release where the host has no more memory to give than --guard-memory. */
static void
look_at_memory(struct supervisor *s)
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

/* Orders the release where the disk of the database is full or cannot be written. */
static void
look_at_disk(struct supervisor *s)
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

/* How it refused, once. While it starts, that is no refusal under load. */
static void
look_at_refusal(struct supervisor *s)
{
	char *words = NULL;

	if (!s->refusal_said && ledger_listening(s->ledger))
		words = target_refusal(s->ledger);
	if (words == NULL)
		return;
	s->refusal_said = true;
	event_log_add(&s->event_log, EVENT_FINDING, "refused", "target",
		      "a connection was answered \"%s\"", words);
	free(words);
}

static void
look_for_target(struct supervisor *s)
{
	char *words;

	if (ledger_listening(s->ledger) || ledger_now_us(s->ledger) <= s->plan->ready_us)
		return;
	words = target_refusal(s->ledger);
	supervisor_give_up(
	    s, "target", "the target did not serve within %.1f s (--ready)%s%s%s",
	    (double)s->plan->ready_us / 1e6, words != NULL ? ": it answered \"" : "",
	    words != NULL ? words : "", words != NULL ? "\"" : "");
	free(words);
}

/* What became of a target. */
static void
look_at_target(struct supervisor *s)
{
	int64_t lost = atomic_load(&s->ledger->board.target_lost);

	if (!plan_is_external(s->plan))
		return;
	look_for_target(s);
	look_at_refusal(s);
	if (lost == TARGET_THERE || s->server_died)
		return;
	s->server_died = true;
	event_log_add(&s->event_log, EVENT_FINDING, "target-died", "target", "%s%s%s%s%s",
		      lost == TARGET_ENDED ? "no process of it is left, on "
					   : "nobody listens any more on ",
		      s->plan->target, s->target_end[0] != '\0' ? ": " : "",
		      s->target_end[0] != '\0' ? "its command " : "", s->target_end);
	target_quote_output(s->target.output, &s->event_log);
}

/* Orders the release where an --abort-on holds. */
static void
look_at_abort_on(struct supervisor *s, const struct counts *totals)
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

/* Of acceptors, handlers, forkers and clients there are many. */
static void
name_process(const struct process *process, char *buf, size_t size)
{
	const char *role = role_name((enum role)process->role);
	bool one = process->role == ROLE_SAMPLER || process->role == ROLE_RECORDER ||
		   process->role == ROLE_CANARY || process->role == ROLE_TARGET;

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
	       process->role == ROLE_HANDLER || process->role == ROLE_TARGET;
}

static void
look_at_process(struct supervisor *s, struct process *process)
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

/* Says which processes of the run a signal has stopped, and what came of it. One of brink's
 * own that stays so ends the run: the load, or the samples, would not be the plan's. */
static void
look_at_stops(struct supervisor *s, const struct counts *totals)
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
	for (int32_t i = 0; i < ledger_process_count(s->ledger); i++)
		look_at_process(s, &s->ledger->processes[i]);
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

/* Ends the run where clients or sampler have not moved for the stall time although they
 * should, whatever keeps them: a freezer, a debugger, a disk. */
static void
look_for_stall(struct supervisor *s, const struct phases_view *view)
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

/* Says so where this process itself stood still since its last look. */
static void
look_at_itself(struct supervisor *s)
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

/* Looks now and then whether others listen on the port: they share what comes. */
static void
look_at_port(struct supervisor *s)
{
	int64_t now_us = ledger_now_us(s->ledger), cycle = atomic_load(&s->ledger->cycle);
	int32_t own =
	    s->plan->listener == LISTENER_SHARED ? 1 : (int32_t)s->plan->acceptors;
	int32_t others;

	if (plan_is_external(s->plan) || now_us - s->port_looked_us < PORT_LOOK_US ||
	    s->port_is_silent || s->phases.phase >= PHASE_RECOVERY)
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

/* How long a baseline waits for its first sample, beyond two intervals. */
#define SAMPLE_PATIENCE_US INT64_C(5000000)

static void
order_ramp(struct supervisor *s, int64_t first)
{
	struct order order = {
		.kind = ORDER_RAMP,
		.at_us = ledger_now_us(s->ledger),
		.first = first,
		.last = s->phases.target,
		.rate = s->plan->rate,
	};

	s->ramp_first = first;
	if (atomic_load(&s->ledger->ramp_us) == 0)
		atomic_store(&s->ledger->ramp_us, order.at_us);
	control_order(s->ledger, s->orders[1], &order);
	for (int32_t i = 0; i < s->ledger->forkers; i++)
		if (atomic_load(&ledger_forker(s->ledger, i)->gone) != 0)
			forker_miss(s->ledger, i, order.last);
}

static void
order_release(struct supervisor *s)
{
	struct order order = {
		.kind = ORDER_RELEASE,
		.method = (int32_t)s->plan->release,
		.at_us = ledger_now_us(s->ledger),
	};

	atomic_store(&s->ledger->release_us, order.at_us);
	supervisor_continue(s, false);
	control_order(s->ledger, s->orders[1], &order);
	if (s->plan->release == RELEASE_KILL_ACCEPTORS)
		supervisor_replace_acceptors(s);
	event_log_add(&s->event_log, EVENT_INFO, "released", "clients",
		      "every connection is let go");
}

/* What the cycles before counted is not this one's. */
static void
begin_cycle(struct supervisor *s)
{
	struct counts *before = &s->counted_before;
	int32_t failing;

	atomic_store(&s->ledger->cycle, s->phases.cycle);
	ledger_totals(s->ledger, before);
	s->hard_before = count_hard(s, &failing);
	s->oom_before = atomic_load(&s->ledger->oom.deaths);
	s->broken = false;
	breaking_init(&s->breaking, s->plan);
	atomic_store(&s->ledger->release_us, 0);
	atomic_store(&s->ledger->board.recovered, 0);
	atomic_store(&s->ledger->never_accepted, before->established - before->accepted);
}

/* All workers' counts, without those of the cycles before. */
static void
count_cycle(struct supervisor *s, struct counts *totals)
{
	const struct counts *before = &s->counted_before;

	ledger_totals(s->ledger, totals);
	totals->attempted -= before->attempted;
	totals->established -= before->established;
	totals->accepted -= before->accepted;
	totals->served -= before->served;
	totals->missed -= before->missed;
	totals->failed -= before->failed;
	totals->transient -= before->transient;
	totals->lost -= before->lost;
	totals->released -= before->released;
}

static void
enter_phase(struct supervisor *s, enum phase before, int64_t target_before)
{
	enum phase phase = s->phases.phase;

	s->ramp_ended = before == PHASE_RAMP && phase == PHASE_PLATEAU;
	event_log_phase(&s->event_log, s->phases.cycle, phase_name(phase),
			s->phases.target);
	if (before == PHASE_RECOVERY && phase == PHASE_RAMP)
		begin_cycle(s);
	if (phase == PHASE_RAMP)
		order_ramp(s, target_before);
	if (phase == PHASE_RECOVERY) {
		if (before < PHASE_HOLD && !s->stop)
			event_log_add(&s->event_log, EVENT_INFO, "duration", "supervisor",
				      "the time allowed by --duration is up");
		order_release(s);
	}
}

/* True once a tick was taken after every acceptor listened: what is measured later is
 * measured against it, however slowly a host starts. A sampler that does not come is not
 * waited for for ever. */
static bool
is_sampled(struct supervisor *s)
{
	int64_t now_us = ledger_now_us(s->ledger);

	if (!ledger_listening(s->ledger))
		return false;
	if (s->listening_us == 0)
		s->listening_us = now_us;
	return atomic_load(&s->ledger->board.tick_us) >= s->listening_us ||
	       now_us >= s->listening_us + SAMPLE_PATIENCE_US + 2 * s->plan->interval_us;
}

static void
run_phases(struct supervisor *s)
{
	/* Half way between the ticks of the sampler at its usual interval, so that a change
	 * of phase falls into none. */
	int64_t next_us = BREAKING_TICK_US / 2;

	event_log_phase(&s->event_log, 0, phase_name(PHASE_BASELINE), 0);
	while (s->phases.phase != PHASE_END && !s->abort) {
		enum phase before = s->phases.phase;
		int64_t target = s->phases.target;
		struct counts totals;

		count_cycle(s, &totals);
		look_at_itself(s);
		look_at_stops(s, &totals);
		look_at_port(s);
		look_at_memory(s);
		look_at_disk(s);
		look_at_target(s);
		look_at_abort_on(s, &totals);
		struct phases_view view = {
			.now_us = ledger_now_us(s->ledger),
			.ready = ledger_listening(s->ledger),
			.sampled = is_sampled(s),
			.slots = totals.attempted + totals.missed,
			.in_doubt = breaking_in_doubt(&s->breaking, &totals),
			.stop = s->stop,
			.recovered = atomic_load(&s->ledger->board.recovered) != 0,
			.hurry = s->hurry,
			.spent = s->server_died || s->replacing,
		};
		look_for_stall(s, &view);
		s->ramp_ended |= phases_is_decided(&s->phases, &view);
		/* An acceptor that died in the baseline never comes to listen. */
		if (before < PHASE_EXHAUSTED &&
		    (before > PHASE_BASELINE || s->server_died))
			look_for_break(s, &totals);
		view.broken = s->broken;
		view.stop = s->stop;
		if (phases_advance(&s->phases, &view))
			enter_phase(s, before, target);
		progress_show(&s->progress, s->ledger, &s->phases, &totals);
		/* Looks that were missed are not made up for: what is counted in looks lasts
		 * as long as they should have taken. */
		do
			next_us += BREAKING_TICK_US;
		while (next_us < ledger_now_us(s->ledger));
		while (ledger_now_us(s->ledger) < next_us && !s->abort)
			supervisor_wait(s, next_us);
	}
}

static int
supervisor_init(struct supervisor *s, const struct supervisor_job *job, sigset_t *before)
{
	sigset_t set;

	memset(s, 0, sizeof(*s));
	s->job = job;
	s->plan = job->plan;
	s->ledger = job->ledger;
	s->event_log.ledger = job->ledger;
	s->target.output = -1;
	phases_init(&s->phases, s->plan);
	breaking_init(&s->breaking, s->plan);
	progress_init(&s->progress, s->plan);
	log_set_quiet(s->plan->quiet != 0);

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP); /* a closed terminal does not end a night's run */
	sigprocmask(SIG_BLOCK, &set, before);
	/* Children of a dead worker come here to be reaped. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	s->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	s->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (s->signals == -1 || s->epoll == -1 || control_pipe(s->orders) == -1 ||
	    watch_fd(s->epoll, EPOLL_CTL_ADD, s->signals, EPOLLIN) == -1 ||
	    children_init(&s->children, s->ledger->acceptors + s->ledger->forkers + 8) ==
		-1) {
		log_warn("the supervisor cannot start");
		return -1;
	}
	ledger_process_started(
	    s->ledger, ledger_process_add(s->ledger, ROLE_SUPERVISOR, 0), getpid());
	return 0;
}

int
supervisor_run(const struct supervisor_job *job)
{
	struct supervisor s;
	sigset_t before;
	bool started = false;

	if (supervisor_init(&s, job, &before) == 0) {
		started = supervisor_start(&s) == 0;
		if (started)
			run_phases(&s);
		supervisor_shut_down(&s);
		progress_end(&s.progress);
	}
	children_free(&s.children);
	close(s.orders[0]);
	close(s.orders[1]);
	close(s.epoll);
	close(s.signals);
	prctl(PR_SET_CHILD_SUBREAPER, 0);
	sigprocmask(SIG_SETMASK, &before, NULL);
	log_set_quiet(false);
	if (!started || s.recorder_failed)
		return -1;
	return s.signal;
}
