#include "analyse/pace.h"

#include <stdio.h>
#include <string.h>

#include "analyse/evidence.h"
#include "analyse/proof.h"
#include "analyse/shortfall.h"
#include "base/clock.h"
#include "base/units.h"
#include "sample/settings.h"

/* Of a core each, and of all cores: no more is to be had. */
#define BUSY 0.9
/* Of the processors that the run may use: interrupts can have had the rest. */
#define PERHAPS_BUSY    0.5
#define PROCESSORS_TEXT 128
/* A ramp is over when the supervisor sees it, which looks ten times a second: of a shorter
 * one it is not known how long connections were made. */
#define SHORTEST_US (US_PER_S / 2)

/* Fills in what v_ramp has of the ramps of this cycle that ended by until_us. True where
 * they were behind their schedule. */
static bool
load_ramps(struct pace_schedule *schedule, const struct facts *f, int64_t until_us)
{
	/* is_behind is that of the row with the greatest from_s. */
	struct db_statement *s = db_prepare(
	    f->db, "SELECT max(from_s) IS NOT NULL, coalesce(rate_asked, 0),"
		   " coalesce(sum(steps) / sum(took_s), 0),"
		   " coalesce(1e6 * sum(behind_s), 0), coalesce(is_behind, 0) FROM v_ramp"
		   " WHERE run_id = ?1 AND cycle = ?2 AND last_s * 1e6 <= ?3");
	bool is_behind = false;

	if (s == NULL)
		return false;
	db_bind_int(s, 1, f->run_id);
	db_bind_int(s, 2, f->cycle);
	db_bind_int(s, 3, until_us);
	if (db_step(s) == 1 && db_int(s, 0) != 0) {
		schedule->asked = db_real(s, 1);
		schedule->had = db_real(s, 2);
		schedule->behind_us = (int64_t)db_real(s, 3);
		is_behind = db_int(s, 4) != 0;
	}
	db_finish(s);
	return is_behind;
}

struct pace_schedule
pace_schedule(const struct facts *f, int64_t until_us)
{
	struct counts_at at = facts_at(f, until_us);
	struct pace_schedule schedule = { .slots = at.attempted + at.missed,
					  .missed = at.missed };
	bool is_behind = load_ramps(&schedule, f, until_us);

	/* Of slots that were missed nothing was begun. */
	if (schedule.slots > 0)
		schedule.had *= (double)at.attempted / (double)schedule.slots;
	schedule.is_missed =
	    at.missed * PACE_MISSED > schedule.slots ||
	    (schedule.behind_us > PACE_BEHIND_US &&
	     schedule.had * PACE_BEHIND < schedule.asked * (PACE_BEHIND - 1));
	schedule.is_kept = !is_behind && at.missed * PACE_MISSED <= schedule.slots;
	return schedule;
}

/* Over all ramps that are long enough. */
struct pace {
	int64_t us, made;
	int64_t acceptor_us, client_us, other_us, idle_us; /* CPU time */
	/* Processors of the host, and those of them that the run may use. */
	int64_t online, allowed;
	/* Of the CPU quota of a cgroup, and those in which it ran out. */
	int64_t periods, throttled;
	bool is_external;
	bool is_load_short; /* of processes */
};

static int64_t
group_cpu_us(const struct facts *f, const char *group, int64_t from_us, int64_t to_us)
{
	return proof_growth_of(f, "group", group, "cpu_user_us_total", from_us, to_us) +
	       proof_growth_of(f, "group", group, "cpu_system_us_total", from_us, to_us);
}

static void
add_ramp(struct pace *pace, const struct facts *f, const struct phase_span *ramp)
{
	int64_t from = ramp->from_us, to = ramp->to_us;
	struct throttling throttling;

	if (to > facts_load_end(f))
		to = facts_load_end(f);
	if (to - from < SHORTEST_US)
		return;
	pace->us += to - from;
	pace->made += facts_at(f, to).established - facts_at(f, from).established;
	pace->acceptor_us += group_cpu_us(f, "acceptors", from, to) +
			     group_cpu_us(f, "handlers", from, to) +
			     group_cpu_us(f, "target", from, to);
	pace->client_us += group_cpu_us(f, "clients", from, to);
	pace->other_us +=
	    group_cpu_us(f, "forkers", from, to) + group_cpu_us(f, "observers", from, to);
	pace->idle_us += proof_growth(f, "host", "cpu_idle_us_total", from, to);
	throttling = evidence_throttling(f, from, to);
	pace->throttled += throttling.throttled;
	pace->periods += throttling.periods;
}

static void
read_processors(struct pace *pace, const struct facts *f)
{
	pace->online = db_query_int(
	    f->db, "SELECT cpus FROM host JOIN run USING (host_id) WHERE run_id = ?1",
	    f->run_id, 1);
	pace->allowed = facts_setting_int(f, SETTING_PROCESSORS, pace->online);
}

/* CPU time as a part of what so many processors have. */
static double
part(const struct pace *pace, int64_t cpu_us, int64_t processors)
{
	return (double)cpu_us / (double)pace->us / (double)processors;
}

/* What other programs of the host do with theirs is no concern of a run that is kept to a
 * few processors. */
static bool
is_confined(const struct pace *pace)
{
	return pace->allowed < pace->online;
}

/* The part of the processors' time that was used: of those that a confined run may use, by
 * the run; else of the host's, by anybody. */
static double
busy_part(const struct pace *pace)
{
	return is_confined(pace)
		   ? part(pace, pace->acceptor_us + pace->client_us + pace->other_us,
			  pace->allowed)
		   : 1 - part(pace, pace->idle_us, pace->online);
}

static const char *
setter(const struct pace *pace, double acceptor, double client, double busy)
{
	if (pace->is_load_short)
		return "processes of the load were gone or stood still, and so set the "
		       "pace";
	if (acceptor >= BUSY)
		return pace->is_external
			   ? "the target had no CPU time left and set the pace"
			   : "the acceptors had no CPU time left and set the pace";
	if (client >= BUSY)
		return "the clients had no CPU time left and set the pace";
	if (pace->throttled * 2 >= pace->periods)
		return "the CPU quota of the cgroup ran out and set the pace";
	if (busy >= BUSY)
		return is_confined(pace)
			   ? "they had no time left and set the pace"
			   : "the host's processors had no time left and set the pace";
	if (is_confined(pace) && busy >= PERHAPS_BUSY)
		return "it is not told what interrupts took of the rest, nor who set the"
		       " pace";
	return "neither side was short of CPU time: the clients waited";
}

static void
say_processors(const struct pace *pace, double busy, char *text, size_t size)
{
	if (is_confined(pace))
		snprintf(text, size,
			 "the run %.0f %% of the %lld of %lld processors it may use",
			 100 * busy, (long long)pace->allowed, (long long)pace->online);
	else
		snprintf(text, size, "the host was %.0f %% idle", 100 * (1 - busy));
}

bool
pace_describe(const struct facts *f, char *text, size_t size)
{
	struct pace pace = { 0 };
	struct counts_at end = facts_at(f, facts_load_end(f));
	int64_t clients = proof_peak(f, "group", facts_subject(f, "group", "clients"),
				     "processes", 0, facts_load_end(f));
	int64_t servers = f->acceptor_count;
	char rate[UNITS_TEXT_SIZE], processors[PROCESSORS_TEXT];
	struct shortfall shortfall;

	if (plan_is_external(&f->plan))
		servers = proof_peak(f, "group", facts_subject(f, "group", "target"),
				     "processes", 0, facts_load_end(f));
	if (servers <= 0 || clients <= 0 ||
	    (f->plan.rate > 0 && end.missed == 0 &&
	     pace_schedule(f, facts_load_end(f)).is_kept))
		return false;
	for (size_t i = 0; i < f->phase_span_count; i++)
		if (strcmp(f->phase_spans[i].name, "ramp") == 0)
			add_ramp(&pace, f, &f->phase_spans[i]);
	if (pace.us == 0)
		return false;
	read_processors(&pace, f);
	pace.is_external = plan_is_external(&f->plan);
	pace.is_load_short = shortfall_find_kind(f, SHORTFALL_LOAD, &shortfall);

	double acceptor = part(&pace, pace.acceptor_us, servers);
	double client = part(&pace, pace.client_us, clients);
	double busy = busy_part(&pace);

	say_processors(&pace, busy, processors, sizeof(processors));
	snprintf(text, size,
		 "%s connections a second were made; %s used %.0f %% of a core"
		 " each, clients %.0f %%, %s: %s",
		 units_format(UNIT_COUNT, pace.made * US_PER_S / pace.us, rate),
		 pace.is_external ? "processes of the target" : "acceptors",
		 100 * acceptor, 100 * client, processors,
		 setter(&pace, acceptor, client, busy));
	return true;
}
