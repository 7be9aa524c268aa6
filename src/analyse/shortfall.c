#include "analyse/shortfall.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "analyse/proof.h"
#include "analyse/rows.h"
#include "base/clock.h"
#include "base/units.h"

/* A hold that ends within this of its plan lasted as long as planned: the supervisor looks
 * ten times a second. */
#define HOLD_SLACK_US (2 * US_PER_S / 10)

/* A failure that was seen this shortly before the end of the load went on to it. */
#define GOES_ON_US US_PER_S

static void say(struct shortfall *s, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Adds to the sentence. */
static void
say(struct shortfall *s, const char *fmt, ...)
{
	size_t used = strlen(s->text);
	va_list args;

	va_start(args, fmt);
	vsnprintf(s->text + used, sizeof(s->text) - used, fmt, args);
	va_end(args);
}

const char *
shortfall_end(const struct death *d, char *buf, size_t size)
{
	const char *name = sigabbrev_np((int)d->code);

	if (strcmp(d->end, "oom") == 0)
		snprintf(buf, size, "was killed by the kernel for want of memory");
	else if (strcmp(d->end, "signal") == 0)
		snprintf(buf, size, "was killed by signal %lld (SIG%s)",
			 (long long)d->code, name != NULL ? name : "?");
	else
		snprintf(buf, size, "exited with status %lld", (long long)d->code);
	return buf;
}

/* Counters only grow, so that the last tick has what was so at the end of the load: what is
 * let go then is not lost. Where nothing is let go, all are lost with their processes. */
static struct counts_at
counts_of_load(const struct facts *f)
{
	struct counts_at all = f->total;

	if (f->release_us == FACTS_NEVER)
		all.lost = facts_at(f, facts_load_end(f)).lost;
	return all;
}

static bool
is_in(const char *const *names, const char *name)
{
	for (; *names != NULL; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

static bool
has_role(const enum role *roles, enum role role)
{
	for (; *roles != ROLE_NONE; roles++)
		if (*roles == role)
			return true;
	return false;
}

/* Ends of processes of these roles under load: the first, and how many. */
static const struct death *
find_deaths(const struct facts *f, const enum role *roles, int64_t *count)
{
	const struct death *first = NULL;

	*count = 0;
	for (size_t i = 0; i < f->death_count; i++) {
		const struct death *d = &f->deaths[i];
		/* A handler is done when its client is gone. */
		bool regular = d->role == ROLE_HANDLER && strcmp(d->end, "exit") == 0 &&
			       d->code == 0;

		if (regular || d->t_us > facts_load_end(f) || !has_role(roles, d->role))
			continue;
		if (first == NULL)
			first = d;
		++*count;
	}
	return first;
}

static bool
say_deaths(const struct facts *f, const enum role *roles, struct shortfall *s)
{
	char end[64], at[UNITS_TEXT_SIZE], lost[UNITS_TEXT_SIZE], more[UNITS_TEXT_SIZE];
	struct counts_at all = counts_of_load(f);
	int64_t count;
	const struct death *first = find_deaths(f, roles, &count);

	if (first == NULL)
		return false;
	s->t_us = first->t_us;
	strlcpy(s->subject, first->name, sizeof(s->subject));
	say(s, "%s %s at %s", first->name, shortfall_end(first, end, sizeof(end)),
	    units_format(UNIT_US, first->t_us, at));
	if (count > 1)
		say(s, " and %s other process%s of brink ended",
		    units_format(UNIT_COUNT, count - 1, more), count == 2 ? "" : "es");
	if (all.lost > 0)
		say(s, "; %s of %s connections were lost",
		    units_format(UNIT_COUNT, all.lost, lost),
		    units_format(UNIT_COUNT, all.established, more));
	return true;
}

/* The canary tells whether newcomers are served: without it nobody looked. */
static bool
load_was_killed(const struct facts *f, struct shortfall *s)
{
	static const enum role roles[] = { ROLE_FORKER, ROLE_CLIENT, ROLE_CANARY,
					   ROLE_NONE };

	return say_deaths(f, roles, s);
}

/* What a stopped client has lost it does not see. */
static bool
is_of_load(enum role role)
{
	return role == ROLE_CLIENT || role == ROLE_FORKER || role == ROLE_CANARY;
}

static bool
goes_on(const struct facts *f, const struct event *stop)
{
	const struct event *end = f->events + f->event_count;

	for (const struct event *h = stop + 1; h < end; h++)
		if (strcmp(h->kind, "worker-continued") == 0 &&
		    strcmp(h->subject, stop->subject) == 0)
			return h->t_us <= facts_load_end(f);
	return false;
}

static bool
load_was_stopped(const struct facts *f, struct shortfall *s)
{
	for (size_t i = 0; i < f->event_count; i++) {
		const struct event *h = &f->events[i];

		if (strcmp(h->kind, "worker-stopped") != 0 || !is_of_load(h->role) ||
		    h->t_us > facts_load_end(f) || goes_on(f, h))
			continue;
		s->t_us = h->t_us;
		strlcpy(s->subject, h->subject, sizeof(s->subject));
		say(s, "%s, to the end of the load", h->text);
		return true;
	}
	return false;
}

const char *
shortfall_halt_text(const struct halt *halt, char *buf, size_t size)
{
	char from[UNITS_TEXT_SIZE], to[UNITS_TEXT_SIZE];

	snprintf(buf, size, "%s %s (state %c) from %s to %s", halt->name,
		 halt->state == 't' ? "was stopped by a debugger"
				    : "was frozen, or waited for a device",
		 halt->state, units_format(UNIT_US, halt->from_us, from),
		 units_format(UNIT_US, halt->to_us, to));
	return buf;
}

static bool
load_was_halted(const struct facts *f, struct shortfall *s)
{
	for (size_t i = 0; i < f->halt_count; i++) {
		const struct halt *h = &f->halts[i];
		char text[160];

		if (!is_of_load(h->role) || h->from_us > facts_load_end(f) ||
		    h->to_us + 3 * f->plan.interval_us < facts_load_end(f))
			continue;
		s->t_us = h->from_us;
		strlcpy(s->subject, h->name, sizeof(s->subject));
		say(s, "%s", shortfall_halt_text(h, text, sizeof(text)));
		return true;
	}
	return false;
}

/* Slots of the schedule that were not used, and nothing else is missing: the server had no
 * part in it. */
static bool
slots_were_missed(const struct facts *f, struct shortfall *s)
{
	struct counts_at all = counts_of_load(f);
	const struct counts_at *m = &all;
	char missed[UNITS_TEXT_SIZE], slots[UNITS_TEXT_SIZE];

	if (m->missed == 0 || m->failed > 0 || m->lost > 0 ||
	    m->established >= f->plan.clients)
		return false;
	s->t_us = facts_load_end(f);
	strlcpy(s->subject, "clients", sizeof(s->subject));
	say(s, "the client side missed %s of %s schedule slots",
	    units_format(UNIT_COUNT, m->missed, missed),
	    units_format(UNIT_COUNT, m->attempted + m->missed, slots));
	return true;
}

static bool
has_hold(const struct facts *f, int64_t *held_us)
{
	for (size_t i = 0; i < f->phase_span_count; i++) {
		const struct phase_span *phase_span = &f->phase_spans[i];
		int64_t to =
		    phase_span->to_us < f->end_us ? phase_span->to_us : f->end_us;

		if (strcmp(phase_span->name, "hold") != 0)
			continue;
		*held_us = to - phase_span->from_us;
		return true;
	}
	return false;
}

static void
say_why_cut(const struct facts *f, struct shortfall *s)
{
	static const char *const kinds[] = {
		"duration", "interrupted-by-user", "guard",
		"aborted",  "disk-full",           "gave-up"
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const struct event *h = facts_event(f, kinds[i]);

		if (h != NULL)
			say(s, ": %s", h->text);
	}
}

/* Unlimited clients climb until something gives way or the time is up: either is what
 * their plan calls for. */
static bool
phases_were_cut(const struct facts *f, struct shortfall *s)
{
	char held[UNITS_TEXT_SIZE], planned[UNITS_TEXT_SIZE];
	int64_t held_us = 0;
	struct counts_at all;

	if (f->plan.clients == 0 || f->phase_span_count == 0)
		return false;
	s->t_us = facts_load_end(f);
	strlcpy(s->subject, "run", sizeof(s->subject));
	all = counts_of_load(f);
	units_format(UNIT_COUNT, all.established - all.lost, held);
	if (!has_hold(f, &held_us))
		say(s, "the run ended in its %s with %s of %s connections",
		    f->release_us != FACTS_NEVER && f->phase_span_count > 1
			? f->phase_spans[f->phase_span_count - 2].name
			: f->phase_spans[f->phase_span_count - 1].name,
		    held, units_format(UNIT_COUNT, f->plan.clients, planned));
	else if (held_us + HOLD_SLACK_US < f->plan.hold_us)
		say(s, "the hold lasted %s of %s", units_format(UNIT_US, held_us, held),
		    units_format(UNIT_US, f->plan.hold_us, planned));
	else if (f->cycles > 0 && f->cycles < f->plan.cycles)
		say(s, "%lld of %lld cycles were run", (long long)f->cycles,
		    (long long)f->plan.cycles);
	else
		return false;
	say_why_cut(f, s);
	return true;
}

static bool
data_are_partial(const struct facts *f, struct shortfall *s)
{
	char missed[UNITS_TEXT_SIZE], due[UNITS_TEXT_SIZE];

	if (!facts_are_partial(f))
		return false;
	s->t_us = f->hole_from_us;
	strlcpy(s->subject, "sampler", sizeof(s->subject));
	say(s, "%s of %s samples are missing",
	    units_format(UNIT_COUNT, f->ticks_missed, missed),
	    units_format(UNIT_COUNT, f->ticks_due, due));
	if (f->hole_to_us > 0)
		say(s, ", the most at once from %s to %s",
		    units_format(UNIT_US, f->hole_from_us, missed),
		    units_format(UNIT_US, f->hole_to_us, due));
	say(s, ": what happened then is not known");
	return true;
}

/* Clients are read before acceptors, so that nobody is served whom this run did not accept. */
static bool
others_served(const struct facts *f, struct shortfall *s)
{
	struct counts_at all = counts_of_load(f);
	char some[UNITS_TEXT_SIZE], served[UNITS_TEXT_SIZE];

	if (all.served <= all.accepted)
		return false;
	s->t_us = facts_load_end(f);
	strlcpy(s->subject, "run", sizeof(s->subject));
	say(s,
	    "%s of %s connections were served by another process, which listens on the "
	    "port: the server measured is not this run's alone",
	    units_format(UNIT_COUNT, all.served - all.accepted, some),
	    units_format(UNIT_COUNT, all.served, served));
	return true;
}

static bool
handlers_were_killed(const struct facts *f, struct shortfall *s)
{
	static const enum role roles[] = { ROLE_HANDLER, ROLE_NONE };

	return say_deaths(f, roles, s);
}

int64_t
shortfall_waiting(const struct facts *f, const struct counts_at *at)
{
	return at->established - at->lost -
	       (f->plan.messages > 0 ? at->served : at->accepted);
}

/* The first tick at which some had failed or were lost, else the end of the load. */
static int64_t
first_missing(const struct facts *f)
{
	for (size_t i = 0; i < f->counts_count; i++)
		if (f->counts[i].failed > 0 || f->counts[i].lost > 0)
			return f->counts[i].t_us;
	return facts_load_end(f);
}

/* The clients' call that failed most often, or NULL. */
static const struct failure *
commonest_of(const struct facts *f, const char *const *calls)
{
	const struct failure *commonest = NULL;

	for (size_t i = 0; i < f->failure_count; i++) {
		const struct failure *m = &f->failures[i];

		if (m->role == ROLE_CLIENT && is_in(calls, m->call) &&
		    (commonest == NULL || m->count > commonest->count))
			commonest = m;
	}
	return commonest;
}

/* Adds " (connect() → ETIMEDOUT)" */
static void
say_commonest(const struct facts *f, const char *const *calls, struct shortfall *s)
{
	const struct failure *commonest = commonest_of(f, calls);

	if (commonest != NULL)
		say(s, " (%s() → %s)", commonest->call, commonest->error);
}

static bool
connections_are_missing(const struct facts *f, struct shortfall *s)
{
	static const char *const opening[] = { "socket", "bind", "connect", NULL };
	static const char *const talking[] = { "send", "recv", NULL };
	static const enum role clients[] = { ROLE_FORKER, ROLE_CLIENT, ROLE_NONE };
	struct counts_at all = counts_of_load(f);
	const struct counts_at *m = &all;
	int64_t held_us, waiting = shortfall_waiting(f, m), wanted = f->plan.clients;
	int64_t held = m->established - m->lost, died;
	char text[2][UNITS_TEXT_SIZE];

	/* Where the climb was not ended, what was under way is nobody's failure. */
	if (wanted == 0 || !has_hold(f, &held_us)) {
		wanted = m->established + m->failed;
		waiting = 0;
	}
	if (held >= wanted && m->failed == 0 && m->lost == 0 && waiting <= 0)
		return false;
	s->t_us = first_missing(f);
	strlcpy(s->subject, "run", sizeof(s->subject));
	say(s, "%s of %s connections were held", units_format(UNIT_COUNT, held, text[0]),
	    units_format(UNIT_COUNT, wanted, text[1]));
	if (m->failed > 0) {
		say(s, ", %s failed", units_format(UNIT_COUNT, m->failed, text[0]));
		say_commonest(f, opening, s);
	}
	if (m->lost > 0 && find_deaths(f, clients, &died) != NULL)
		say(s, ", %s were lost, with clients that ended or by the other side",
		    units_format(UNIT_COUNT, m->lost, text[0]));
	else if (m->lost > 0) {
		/* Of an end-of-file it is known who ended it, of an error not. */
		say(s, ", %s were %s", units_format(UNIT_COUNT, m->lost, text[0]),
		    commonest_of(f, talking) != NULL ? "lost"
						     : "ended by the other side");
		say_commonest(f, talking, s);
	}
	if (m->missed > 0)
		say(s, ", %s were never begun",
		    units_format(UNIT_COUNT, m->missed, text[0]));
	if (waiting > 0)
		say(s, ", %s were never %s", units_format(UNIT_COUNT, waiting, text[0]),
		    f->plan.messages > 0 ? "served" : "accepted");
	return true;
}

/* A visit for less is under way, not waiting. */
#define WAITS_US (US_PER_S / 2)

struct canary_view
shortfall_canary(const struct facts *f, int64_t until_us)
{
	struct counts_at end = facts_at(f, until_us);
	struct counts_at before = facts_at(f, until_us - WAITS_US), served = end;
	struct canary_view view = { 0 };

	if (end.visits == 0)
		return view;
	for (size_t i = f->counts_count; i-- > 0;)
		if (f->counts[i].t_us <= end.t_us &&
		    f->counts[i].visits_served == end.visits_served)
			served = f->counts[i];
	view.served_us = served.t_us;
	view.visits = end.visits - served.visits;
	view.failed = end.visits_failed - served.visits_failed;
	view.waits = end.visits > end.visits_served + end.visits_failed &&
		     end.visits == before.visits;
	return view;
}

static bool
goes_on_to_end(const struct facts *f, const struct failure *m)
{
	return m->first_us <= facts_load_end(f) &&
	       m->last_us + GOES_ON_US >= facts_load_end(f);
}

/* True where the acceptor takes connections to the end of the load. */
static bool
accepts_to_end(const struct facts *f, const struct acceptor *a)
{
	for (size_t i = 0; i < f->failure_count; i++)
		if (f->failures[i].role == ROLE_ACCEPTOR &&
		    f->failures[i].slot == a->slot &&
		    strcmp(f->failures[i].call, "accept4") == 0 &&
		    goes_on_to_end(f, &f->failures[i]))
			return false;
	return a->to_us == FACTS_NEVER || a->to_us > facts_load_end(f);
}

/* What one acceptor of a shared listener does not accept another takes over, if one can. In a
 * group each has a queue of its own: who comes to that one waits. */
static bool
others_take_over(const struct facts *f, const struct failure *m)
{
	if (strcmp(m->call, "accept4") != 0 ||
	    (f->shared && shortfall_canary(f, facts_load_end(f)).served_us > m->last_us))
		return true;
	for (size_t i = 0; f->shared && i < f->acceptor_count; i++)
		if (accepts_to_end(f, &f->acceptors[i]))
			return true;
	return false;
}

/* What an acceptor cannot take or fork for another may have taken, or it did so later: then no
 * connection is missing. A client's failure is a connection that is. What is left is made up
 * for only if it comes to an end. */
static bool
failures_go_on(const struct facts *f, struct shortfall *s)
{
	static const char *const counted[] = { "accept4", "fork",      "socket", "bind",
					       "connect", "epoll_ctl", NULL };
	char count[UNITS_TEXT_SIZE];

	for (size_t i = 0; i < f->failure_count; i++) {
		const struct failure *m = &f->failures[i];

		if (m->role == ROLE_CANARY || !goes_on_to_end(f, m) ||
		    (is_in(counted, m->call) && others_take_over(f, m)))
			continue;
		s->t_us = m->first_us;
		strlcpy(s->subject, m->worker, sizeof(s->subject));
		say(s, "%s() → %s of %s went on to the end of the load, %s times",
		    m->call, m->error, m->worker,
		    units_format(UNIT_COUNT, m->count, count));
		return true;
	}
	return false;
}

/* The visit that failed last by the end of the load, or after it where it goes on. */
static const struct failure *
canary_failure(const struct facts *f, const struct canary_view *end)
{
	const struct failure *found = NULL;

	for (size_t i = 0; i < f->failure_count; i++) {
		const struct failure *m = &f->failures[i];
		bool later = m->last_us > facts_load_end(f);

		/* Of what went on after the release only the last is noted. */
		if (m->role == ROLE_CANARY && m->last_us > end->served_us &&
		    (!later || (m->first_us <= facts_load_end(f) && end->failed > 0)))
			found = m;
	}
	return found;
}

const struct failure *
shortfall_canary_failure(const struct facts *f)
{
	struct canary_view end = shortfall_canary(f, facts_load_end(f));

	return canary_failure(f, &end);
}

/* A visit that failed is made up for by a later one that was served. */
static bool
canary_was_not_served(const struct facts *f, struct shortfall *s)
{
	struct canary_view end = shortfall_canary(f, facts_load_end(f));
	const struct failure *m = canary_failure(f, &end);
	char at[UNITS_TEXT_SIZE];

	if (m == NULL && !end.waits)
		return false;
	s->t_us =
	    m == NULL || m->last_us > facts_load_end(f) ? facts_load_end(f) : m->last_us;
	strlcpy(s->subject, "canary", sizeof(s->subject));
	say(s, "the canary was not served any more at the end of the load");
	if (m != NULL)
		say(s, ": %s() → %s at %s", m->call, m->error,
		    units_format(UNIT_US, m->last_us, at));
	else
		say(s, ": its last visit was without an answer for half a second");
	return true;
}

bool
shortfall_queue_is_left(const struct facts *f, int64_t listener, int64_t until_us)
{
	return proof_least(f, "listener", listener, "queue", until_us - US_PER_S,
			   until_us) > 0;
}

/* In a group each listener has a queue of its own: the canary, which comes to one of them by
 * chance, may be served while another takes nobody. */
static bool
queue_was_left(const struct facts *f, struct shortfall *s)
{
	int64_t end_us = facts_load_end(f);

	for (size_t i = 0; !f->shared && i < f->acceptor_count; i++) {
		int64_t listener = f->acceptors[i].slot;

		if (!shortfall_queue_is_left(f, listener, end_us))
			continue;
		s->t_us = end_us - US_PER_S;
		snprintf(s->subject, sizeof(s->subject), "listener %lld",
			 (long long)listener);
		say(s,
		    "connections waited in the queue of listener %lld to the end of the "
		    "load",
		    (long long)listener);
		return true;
	}
	return false;
}

/* What must be so of a run that survived, in the order in which it is looked at. */
static const struct condition {
	enum shortfall_kind kind;
	bool (*is_short)(const struct facts *f, struct shortfall *s);
} conditions[] = {
	{ SHORTFALL_LOAD, load_was_killed },
	{ SHORTFALL_LOAD, load_was_stopped },
	{ SHORTFALL_LOAD, load_was_halted },
	{ SHORTFALL_SCHEDULE, slots_were_missed },
	{ SHORTFALL_PHASES, phases_were_cut },
	{ SHORTFALL_DATA, data_are_partial },
	{ SHORTFALL_SERVICE, handlers_were_killed },
	{ SHORTFALL_SERVICE, connections_are_missing },
	{ SHORTFALL_SERVICE, failures_go_on },
	{ SHORTFALL_SERVICE, canary_was_not_served },
	{ SHORTFALL_SERVICE, queue_was_left },
	{ SHORTFALL_DATA, others_served },
};

static bool
fails(const struct condition *condition, const struct facts *f, struct shortfall *s)
{
	*s = (struct shortfall){ .kind = condition->kind };
	return condition->is_short(f, s);
}

bool
shortfall_find(const struct facts *f, struct shortfall *s)
{
	for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++)
		if (fails(&conditions[i], f, s))
			return true;
	return false;
}

bool
shortfall_find_kind(const struct facts *f, enum shortfall_kind kind, struct shortfall *s)
{
	for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++)
		if (conditions[i].kind == kind && fails(&conditions[i], f, s))
			return true;
	return false;
}
