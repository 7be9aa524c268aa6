#include "analyse/pace.h"

#include <stdio.h>
#include <string.h>

#include "analyse/proof.h"
#include "base/clock.h"
#include "base/units.h"

/* Of a core each, and of all cores: no more is to be had. */
#define BUSY 0.9
/* Shorter ramps, together, say nothing. */
#define SHORTEST_US (US_PER_S / 5)

/* Over all ramps. */
struct pace {
	int64_t us, made;
	int64_t acceptor_us, client_us, idle_us; /* CPU time */
};

static int64_t
group_cpu_us(const struct facts *f, const char *group, int64_t from_us, int64_t to_us)
{
	return proof_growth_of(f, "group", group, "cpu_user_us_total", from_us, to_us) +
	       proof_growth_of(f, "group", group, "cpu_system_us_total", from_us, to_us);
}

static void
add_ramp(struct pace *pace, const struct facts *f, const struct stretch *ramp)
{
	int64_t from = ramp->from_us, to = ramp->to_us;

	if (to > facts_load_end(f))
		to = facts_load_end(f);
	if (to <= from)
		return;
	pace->us += to - from;
	pace->made += facts_at(f, to).established - facts_at(f, from).established;
	pace->acceptor_us += group_cpu_us(f, "acceptors", from, to) +
			     group_cpu_us(f, "handlers", from, to);
	pace->client_us += group_cpu_us(f, "clients", from, to);
	pace->idle_us += proof_growth(f, "host", "cpu_idle_us_total", from, to);
}

static const char *
setter(double acceptors, double clients, double idle)
{
	if (acceptors >= BUSY)
		return "the acceptors had no CPU time left and set the pace";
	if (clients >= BUSY)
		return "the clients had no CPU time left and set the pace";
	if (idle <= 1 - BUSY)
		return "the host's processors had no time left and set the pace";
	return "neither side was short of CPU time: the clients waited";
}

bool
pace_describe(const struct facts *f, char *text, size_t size)
{
	struct pace pace = { 0 };
	struct moment end = facts_at(f, facts_load_end(f));
	int64_t clients = proof_peak(f, "group", facts_subject(f, "group", "clients"),
				     "processes", 0, facts_load_end(f));
	int64_t cpus = db_query_int(
	    f->db, "SELECT cpus FROM host JOIN run USING (host_id) WHERE run_id = ?1",
	    f->run_id, 1);
	double acceptors, client, idle;
	char rate[UNITS_TEXT_SIZE];

	for (size_t i = 0; i < f->stretch_count; i++)
		if (strcmp(f->stretches[i].name, "ramp") == 0)
			add_ramp(&pace, f, &f->stretches[i]);
	if ((f->rate > 0 && end.missed == 0) || pace.us < SHORTEST_US ||
	    f->acceptor_count == 0 || clients <= 0)
		return false;
	acceptors =
	    (double)pace.acceptor_us / (double)pace.us / (double)f->acceptor_count;
	client = (double)pace.client_us / (double)pace.us / (double)clients;
	idle = (double)pace.idle_us / (double)pace.us / (double)cpus;
	snprintf(
	    text, size,
	    "%s connections a second were made; acceptors used %.0f %% of a core each,"
	    " clients %.0f %%, the host was %.0f %% idle: %s",
	    units_format(UNIT_COUNT, pace.made * US_PER_S / pace.us, rate),
	    100 * acceptors, 100 * client, 100 * idle, setter(acceptors, client, idle));
	return true;
}
