#include "run/supervisor.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/log.h"
#include "base/watch.h"
#include "run/control.h"
#include "run/forker.h"
#include "run/supervisor_parts.h"

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
	s->hard_before = supervisor_count_hard(s, &failing);
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
		supervisor_stood_still(s);
		supervisor_stops(s, &totals);
		supervisor_port(s);
		supervisor_guard(s);
		supervisor_disk(s);
		supervisor_abort_on(s, &totals);
		struct phases_view view = {
			.now_us = ledger_now_us(s->ledger),
			.ready = ledger_listening(s->ledger),
			.slots = totals.attempted + totals.missed,
			.in_doubt = breaking_in_doubt(&s->breaking, &totals),
			.stop = s->stop,
			.recovered = atomic_load(&s->ledger->board.recovered) != 0,
			.hurry = s->hurry,
			.spent = s->acceptor_died || s->replacing,
		};
		supervisor_stuck(s, &view);
		s->ramp_ended |= phases_is_decided(&s->phases, &view);
		/* An acceptor that died in the baseline never comes to listen. */
		if (before < PHASE_EXHAUSTED &&
		    (before > PHASE_BASELINE || s->acceptor_died))
			supervisor_look(s, &totals);
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
