#include "sample/sampler.h"

#include <assert.h>
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/procfile.h"
#include "base/watch.h"
#include "run/control.h"
#include "sample/ceilings.h"
#include "sample/tick.h"
#include "sample/system.h"
#include "sample/group.h"
#include "sample/listener.h"
#include "sample/recovery.h"
#include "sample/settings.h"
#include "sample/target_watch.h"

/* What costs more is read at every tick whose number is a multiple of this. */
#define SELDOM   10

#define NICENESS (-10)

/* Ticks missed in a row that are told, and from where on their events are numbered (see
 * sql/schema.sql). */
#define HOLE_LEAST 10
#define HOLE_SEQ   INT64_C(3000000000)

struct sampler {
	const struct plan *plan;
	struct ledger *ledger;
	int orders, orders_seen, epoll, timer;
	int64_t next;         /* number of the tick that is waited for */
	struct clocks clocks; /* at the tick before */

	struct system system;
	struct cgroups cgroups;
	struct users users;
	struct listeners listeners;
	struct target_watch *target; /* NULL: the server is brink's own */
	struct workers workers;
	struct process_set process_set;
	struct process_reader reader;
	struct groups groups;
	struct gauges gauges;
	struct recovery
	    *recovery; /* in the ledger: its baseline is not to be had again */
	struct tick tick;
	bool *queue_said; /* by listener: its ceiling is on record */

	/* Positions of what the board shows. */
	size_t available, time_wait, fds, rss;
	char text[PROCFILE_MAX];
};

/* One tick's readings that are used beyond it. */
struct seen {
	readings_by_kind readings;
	int64_t queue, queue_limit; /* of the fullest listener */
};

static void
find_positions(struct sampler *s)
{
	s->available = resource_position(resource_find(SUBJECT_HOST, "available_bytes"));
	s->time_wait = resource_position(resource_find(SUBJECT_NETNS, "tcp_time_wait"));
	s->fds = resource_position(resource_find(SUBJECT_GROUP, "fds"));
	s->rss = resource_position(resource_find(SUBJECT_GROUP, "rss_bytes"));
}

static int
take_memory(struct sampler *s)
{
	if (listeners_open(&s->listeners, s->ledger) == -1 ||
	    process_set_init(&s->process_set, s->ledger) == -1 ||
	    gauges_open(&s->gauges) == -1)
		return -1;
	if (plan_is_external(s->plan)) {
		s->target = calloc(1, sizeof(*s->target));
		if (s->target == NULL)
			return -1;
		target_watch_init(s->target, s->ledger);
	}
	workers_init(&s->workers, s->ledger, s->target);
	s->queue_said = calloc((size_t)s->listeners.count, sizeof(s->queue_said[0]));
	if (s->queue_said == NULL)
		return -1;
	const size_t subjects[SUBJECT_KINDS] = {
		[SUBJECT_HOST] = 1,
		[SUBJECT_NETNS] = 1,
		[SUBJECT_CGROUP] = LEDGER_CGROUPS,
		[SUBJECT_LISTENER] = (size_t)s->listeners.count,
		[SUBJECT_PROCESS] = s->process_set.capacity,
		[SUBJECT_WORKER] = s->workers.subjects,
		[SUBJECT_GROUP] = GROUP_COUNT,
	};
	return tick_init(&s->tick, subjects);
}

static void
open_clock(struct sampler *s)
{
	s->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	s->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (s->timer == -1 || s->epoll == -1 ||
	    watch_fd(s->epoll, EPOLL_CTL_ADD, s->timer, EPOLLIN) == -1 ||
	    watch_fd(s->epoll, EPOLL_CTL_ADD, s->orders, EPOLLIN | EPOLLET) == -1)
		fatal("no timer");
}

/* Better service than others get, where it is to be had. A tick takes well under a
 * millisecond, so real-time priority keeps nobody from anything; without it, a tick waits
 * for the time slices of the workers that the ramp keeps busy (sched(7)). */
static void
take_precedence(void)
{
	const struct sched_param lowest = {
		.sched_priority = sched_get_priority_min(SCHED_FIFO),
	};

	mlockall(MCL_CURRENT | MCL_FUTURE);
	prctl(PR_SET_TIMERSLACK, 1);
	if (sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &lowest) == -1)
		setpriority(PRIO_PROCESS, 0, NICENESS);
}

static struct sampler *
sampler_new(const struct worker_context *context)
{
	struct sampler *s = calloc(1, sizeof(*s));

	if (s == NULL)
		fatal("no memory");
	s->plan = context->plan;
	s->ledger = context->ledger;
	s->orders = context->orders;
	if (take_memory(s) == -1)
		fatal("no memory");
	groups_init(&s->groups, s->ledger);
	static_assert(sizeof(*s->recovery) <= LEDGER_SAMPLER_STATE,
		      "the ledger has room for it");
	s->recovery = (void *)s->ledger->sampler_state;
	if (s->recovery->count == 0)
		recovery_init(s->recovery);
	process_reader_init(&s->reader, s->text, sizeof(s->text));
	system_open(&s->system);
	cgroups_init(&s->cgroups, s->ledger);
	users_init(&s->users, s->ledger);
	find_positions(s);
	open_clock(s);
	clocks_read(&s->clocks);
	take_precedence();
	settings_record(s->ledger);
	ceilings_of_host(s->ledger);
	return s;
}

static void
sampler_free(struct sampler *s)
{
	system_close(&s->system);
	cgroups_close(&s->cgroups);
	listeners_close(&s->listeners);
	if (s->target != NULL)
		target_watch_close(s->target);
	free(s->target);
	process_set_free(&s->process_set);
	gauges_close(&s->gauges);
	tick_free(&s->tick);
	free(s->queue_said);
	close(s->timer);
	close(s->epoll);
	free(s);
}

/* Until the first acceptor is there, and then at a few ticks. */
static void
look_at_cgroups(struct sampler *s, bool all)
{
	if (!all && cgroups_count(&s->cgroups) > 0)
		return;
	cgroups_look(&s->cgroups, s->text, sizeof(s->text));
	ceilings_of_cgroups(&s->cgroups);
}

static void
read_cgroups(struct sampler *s)
{
	for (size_t i = 0; i < cgroups_count(&s->cgroups); i++) {
		const readings_by_kind readings = {
			[SUBJECT_CGROUP] =
			    tick_subject(&s->tick, SUBJECT_CGROUP, (uint32_t)i),
		};

		cgroup_read(&s->cgroups.cgroup[i], s->text, sizeof(s->text), readings);
	}
}

static void
read_listeners(struct sampler *s, struct seen *seen)
{
	seen->queue = seen->queue_limit = 0;
	for (int32_t i = 0; i < s->listeners.count; i++) {
		int64_t *readings = tick_subject(&s->tick, SUBJECT_LISTENER, (uint32_t)i);

		if (s->target != NULL)
			target_watch_read(s->target, readings);
		else
			listener_read(&s->listeners, i, readings);
		int64_t queue = readings[s->listeners.queue];
		int64_t backlog = readings[s->listeners.backlog];
		if (backlog == READING_NONE)
			continue;
		if (seen->queue_limit == 0 || queue > seen->queue) {
			seen->queue = queue;
			seen->queue_limit = backlog + 1;
		}
		if (!s->queue_said[i])
			ceilings_of_listener(s->ledger, (uint32_t)i, backlog);
		s->queue_said[i] = true;
	}
}

/* A process may lower its limits just after it was forked: its first tick is too early.
 * Those of an acceptor may be changed by others at any time. */
static void
record_process_ceilings(const struct sampler *s)
{
	for (size_t i = 0; i < s->process_set.count; i++) {
		struct member *member = &s->process_set.members[i];
		bool acceptor =
		    member->role == ROLE_ACCEPTOR || member->role == ROLE_TARGET;

		if (member->readings == NULL ||
		    (acceptor ? member->ticks % SELDOM : member->ticks) != 2)
			continue;
		ceilings_of_process(s->ledger, member->index, member->pid, member->said);
		if (acceptor && member->slot == 0) {
			ceilings_of_user(s->ledger, member->pid);
			settings_record_worker(s->ledger, member->pid);
		}
	}
}

static void
read_everything(struct sampler *s, bool all, struct seen *seen)
{
	struct workers_sums sums;

	memset(seen, 0, sizeof(*seen));
	s->reader.before_load =
	    atomic_load_explicit(&s->ledger->ramp_us, memory_order_relaxed) == 0;
	seen->readings[SUBJECT_HOST] = tick_subject(&s->tick, SUBJECT_HOST, 0);
	seen->readings[SUBJECT_NETNS] = tick_subject(&s->tick, SUBJECT_NETNS, 0);
	system_read(&s->system, s->text, sizeof(s->text), seen->readings);
	read_cgroups(s);
	users_read(&s->users, all, seen->readings[SUBJECT_HOST]);
	read_listeners(s, seen);
	workers_read(&s->workers, &s->tick, &sums);
	process_set_read(&s->process_set, &s->reader, all, &s->tick);
	groups_read(&s->groups, &s->process_set, &sums, &s->tick);
}

/* A sum over all workers, READING_NONE where it is not known of all. */
static int64_t
over_workers(const struct sampler *s, size_t position)
{
	int64_t sum = 0;

	for (int g = 0; g < GROUP_COUNT; g++) {
		if (g == GROUP_OBSERVERS)
			continue;
		if (s->groups.readings[g] == NULL)
			continue;
		if (s->groups.readings[g][position] == READING_NONE)
			return READING_NONE;
		sum += s->groups.readings[g][position];
	}
	return sum;
}

static void
show(_Atomic int64_t *place, int64_t value)
{
	if (value != READING_NONE)
		atomic_store_explicit(place, value, memory_order_relaxed);
}

static void
publish(struct sampler *s, const struct seen *seen)
{
	struct board *board = &s->ledger->board;
	const int64_t *netns = seen->readings[SUBJECT_NETNS];
	int64_t t_us = s->tick.record->t_us;
	bool recovered = recovery_tick(
	    s->recovery, t_us,
	    atomic_load_explicit(&s->ledger->ramp_us, memory_order_relaxed),
	    atomic_load_explicit(&s->ledger->release_us, memory_order_relaxed), netns,
	    s->groups.readings);

	show(&board->available_bytes, seen->readings[SUBJECT_HOST][s->available]);
	show(&board->time_wait, netns[s->time_wait]);
	show(&board->fds, over_workers(s, s->fds));
	show(&board->rss_bytes, over_workers(s, s->rss));
	show(&board->queue, seen->queue);
	show(&board->queue_limit, seen->queue_limit);
	show(&board->recovered, recovered);
	/* Release: who sees the time sees what belongs to it. */
	atomic_store_explicit(&board->tick_us, t_us, memory_order_release);
}

/* What is seen now happened since the tick before. */
static void
watch_clocks(struct sampler *s)
{
	struct clocks_change change;
	struct clocks now;

	clocks_read(&now);
	if (clocks_compare(&s->clocks, &now, &change))
		clocks_report(&change, s->next, ledger_now_us(s->ledger),
			      s->ledger->ticks);
	s->clocks = now;
}

/* Ticks that were due since the last one, by whichever sampler. Their event is numbered by
 * the tick that follows them. */
static void
report_hole(const struct sampler *s)
{
	int64_t last_us =
	    atomic_load_explicit(&s->ledger->board.tick_us, memory_order_relaxed);
	int64_t now_us = ledger_now_us(s->ledger);
	int64_t missed = (now_us - last_us) / s->plan->interval_us - 1;
	struct event_record event = { .seq = HOLE_SEQ + s->next,
				      .t_us = now_us,
				      .level = EVENT_WARNING,
				      .kind = "gap",
				      .subject = "sampler" };

	if (last_us == 0 || missed < HOLE_LEAST)
		return;
	snprintf(event.text, sizeof(event.text),
		 "there is no sample from %.1f s to %.1f s: %lld are missing",
		 (double)last_us / 1e6, (double)now_us / 1e6, (long long)missed);
	ring_push(s->ledger->ticks, RECORD_EVENT, &event, sizeof(event));
}

static void
take_tick(struct sampler *s)
{
	struct ring *ring = s->ledger->ticks;
	struct tick_record *record = s->tick.record;
	bool all = s->next % SELDOM == 0;
	struct seen seen;

	tick_begin(&s->tick, s->next, s->next * s->plan->interval_us,
		   ledger_now_us(s->ledger));
	report_hole(s);
	watch_clocks(s);
	look_at_cgroups(s, all);
	if (s->target != NULL)
		target_watch_look(s->target, all);
	process_set_update(&s->process_set);
	read_everything(s, all, &seen);
	record->took_us = ledger_now_us(s->ledger) - record->t_us;
	ring_push(ring, RECORD_TICK, record, (uint32_t)s->tick.bytes);
	publish(s, &seen);
	record_process_ceilings(s);
	if (all)
		gauges_read(&s->gauges, record->tick, record->t_us, ring, s->text,
			    sizeof(s->text));
}

/* The first tick that is not due yet; those due before it are missed. */
static void
schedule(struct sampler *s)
{
	int64_t due = ledger_now_us(s->ledger) / s->plan->interval_us;
	struct itimerspec when = { 0 };

	s->next = (s->next > due ? s->next : due) + 1;
	when.it_value =
	    clock_timespec(s->ledger->started_us + s->next * s->plan->interval_us);
	if (timerfd_settime(s->timer, TFD_TIMER_ABSTIME, &when, NULL) == -1)
		fatal("timerfd_settime");
}

static bool
is_told_to_quit(struct sampler *s)
{
	const struct order *order;

	while ((order = control_next(s->ledger, &s->orders_seen)) != NULL)
		if (order->kind == ORDER_QUIT_SAMPLER)
			return true;
	return control_orphaned(s->orders);
}

/* True when the tick is due, false where it is time to go. */
static bool
wait_for_tick(struct sampler *s)
{
	struct epoll_event events[2];

	for (;;) {
		int n = watch_wait(s->epoll, events, 2, -1);
		bool due = false;

		if (n == -1 && errno != EINTR)
			fatal("epoll_wait");
		for (int i = 0; i < n; i++)
			due |= events[i].data.fd == s->timer;
		if (is_told_to_quit(s))
			return false;
		if (due)
			return true;
	}
}

int
sampler_main(const struct worker_context *context)
{
	struct sampler *s;

	if (sysconf(_SC_PAGESIZE) != RESOURCE_PAGE_BYTES)
		fatalx("pages of %ld bytes: brink counts in pages of %d",
		       sysconf(_SC_PAGESIZE), RESOURCE_PAGE_BYTES);
	s = sampler_new(context);
	for (schedule(s); wait_for_tick(s); schedule(s))
		take_tick(s);
	take_tick(s);
	sampler_free(s);
	return 0;
}
