#include "plan/ceiling.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In a SO_REUSEPORT group the kernel hashes connections over the acceptors, so that they
 * fill unevenly: a share of n varies by about sqrt(n). The first is full while the mean is
 * at least this many deviations lower. */
#define GROUP_DEVIATIONS 4.0

struct ceilings {
	const struct plan *plan;
	const struct host *host;
	struct ceiling *list;
	size_t count;
};

static const char *
number(int64_t value, char *buf)
{
	return units_format(UNIT_COUNT, value, buf);
}

/* Adds a ceiling, with the arithmetic. */
static void __attribute__((format(printf, 3, 4)))
add(struct ceilings *c, struct ceiling ceiling, const char *fmt, ...)
{
	va_list ap;

	if (ceiling.low < 0)
		ceiling.low = 0;
	if (ceiling.high < ceiling.low)
		ceiling.high = ceiling.low;
	va_start(ap, fmt);
	vsnprintf(ceiling.sum, sizeof(ceiling.sum), fmt, ap);
	va_end(ap);
	c->list[c->count++] = ceiling;
}

static int64_t
share(const struct ceilings *c, int64_t parts)
{
	return (plan_target(c->plan) + parts - 1) / parts;
}

/* The mean n at which n + deviations * sqrt(n) is the room, and the other way round. */
static int64_t
group_mean(int64_t room)
{
	double root = sqrt((double)room + GROUP_DEVIATIONS * GROUP_DEVIATIONS / 4) -
		      GROUP_DEVIATIONS / 2;

	return (int64_t)(root * root);
}

static int64_t
group_room(int64_t mean)
{
	return mean + (int64_t)ceil(GROUP_DEVIATIONS * sqrt((double)mean));
}

/* Open files of an acceptor, which may have a limit of its own: --limit nofile.acceptor.K. */
static int64_t
acceptor_files(const struct ceilings *c, int64_t slot)
{
	int64_t files = plan_acceptor_nofile(c->plan, slot);

	return files >= 0 ? files : c->host->nofile;
}

/* Connections that all acceptors have room for, and the one that has the least. */
struct room {
	int64_t all, least;
	bool same; /* in each of them */
};

static struct room
acceptor_room(const struct ceilings *c)
{
	struct room room = { .least = INT64_MAX, .same = true };

	for (int64_t i = 0; i < c->plan->acceptors; i++) {
		int64_t one = acceptor_files(c, i) - CEILING_ACCEPTOR_FDS;

		one = one > 0 ? one : 0;
		room.same &= i == 0 || one == room.least;
		room.all += one;
		room.least = one < room.least ? one : room.least;
	}
	return room;
}

/* In a group the one with the least room is full first, whatever the others have: by chance
 * earlier or later than by its even share. */
static void
of_group(struct ceiling *ceiling, const struct ceilings *c, const struct room *room)
{
	int64_t acceptors = c->plan->acceptors;
	int64_t late = acceptors * group_room(room->least);

	ceiling->needed = group_room(share(c, acceptors)) + CEILING_ACCEPTOR_FDS;
	ceiling->low = acceptors * group_mean(room->least);
	ceiling->high = late < room->all ? late : room->all;
}

/* What a target has open of its own is not known before it runs. */
static void
add_target_files(struct ceilings *c)
{
	int64_t files = c->plan->limit[LIMIT_NOFILE_TARGET];
	char text[UNITS_TEXT_SIZE];

	if (files >= 0)
		add(c,
		    (struct ceiling){ .id = "target-nofile",
				      .name = "open files of the target",
				      .of = { 0, files },
				      .needed = plan_target(c->plan),
				      .low = files },
		    "%s less what it has open of its own", number(files, text));
}

static void
add_acceptor_files(struct ceilings *c)
{
	int64_t acceptors = c->plan->acceptors;
	bool group = c->plan->listener == LISTENER_GROUP && acceptors > 1;
	struct room room = acceptor_room(c);
	struct ceiling ceiling = { .id = "acceptor-nofile",
				   .name = "open files of the acceptors",
				   .of = { CEILING_ACCEPTOR_FDS,
					   room.least + CEILING_ACCEPTOR_FDS },
				   .needed = share(c, acceptors) + CEILING_ACCEPTOR_FDS,
				   .low = room.all,
				   .high = room.all };
	char text[2][UNITS_TEXT_SIZE];

	/* A forking acceptor keeps no connection for itself. */
	if (c->plan->handler == HANDLER_FORK)
		return;
	if (group)
		of_group(&ceiling, c, &room);
	if (room.same)
		add(c, ceiling, "%lld x (%s - %d)", (long long)acceptors,
		    number(ceiling.of.max, text[0]), CEILING_ACCEPTOR_FDS);
	else
		add(c, ceiling, "%s in %lld acceptors, of which one has %s",
		    number(room.all, text[0]), (long long)acceptors,
		    number(room.least, text[1]));
}

static void
add_client_files(struct ceilings *c)
{
	int64_t injected = c->plan->limit[LIMIT_NOFILE_CLIENT];
	int64_t files = injected >= 0 ? injected : c->host->nofile;
	int64_t room = files - CEILING_CLIENT_FDS;
	int64_t clients = c->plan->forkers, needed = c->plan->per_client;
	char text[2][UNITS_TEXT_SIZE];

	/* A forker's clients fill one after the other: the first of each is full first, unless
	 * it has its share before. */
	if (c->plan->per_client <= room)
		return;
	add(c,
	    (struct ceiling){ .id = "client-nofile",
			      .name = "open files of the clients",
			      .of = { CEILING_CLIENT_FDS, files },
			      .needed = needed + CEILING_CLIENT_FDS,
			      .low = clients * room },
	    "%s x (%s - %d)", number(clients, text[0]), number(files, text[1]),
	    CEILING_CLIENT_FDS);
}

/* In a namespace of the run's own nobody else has bound any. */
static int64_t
bound_ports(const struct ceilings *c)
{
	return c->plan->isolate || c->plan->limit[LIMIT_PORTS] >= 0
		   ? 0
		   : c->host->ports_bound;
}

static void
add_ports(struct ceilings *c)
{
	int64_t ports = plan_ports(c->plan, c->host), bound = bound_ports(c);
	bool hidden = plan_hides_ports(c->plan, c->host);
	char text[2][UNITS_TEXT_SIZE], others[64] = "";

	if (bound > 0)
		snprintf(others, sizeof(others), " - %s bound",
			 units_format(UNIT_COUNT, bound, text[0]));
	add(c,
	    (struct ceiling){ .id = "ephemeral-ports",
			      .name = "ephemeral ports",
			      .of = { bound, ports },
			      .needed = share(c, c->plan->sources) + bound,
			      .low = (ports - bound) * c->plan->sources },
	    "%s%s%s%s x %lld sources%s%s", bound > 0 ? "(" : "", number(ports, text[0]),
	    others, bound > 0 ? ")" : "", (long long)c->plan->sources,
	    hidden ? " in a namespace of the run's own; this host's range has " : "",
	    hidden ? number(c->host->ports, text[1]) : "");
}

/* Of max processes used are taken, and others are the run's beside those that serve
 * connections. */
static void
add_processes(struct ceilings *c, const char *id, const char *name, bool host,
	      const struct host_ceiling *of, int64_t others)
{
	int64_t each = c->plan->per_client;
	char text[4][UNITS_TEXT_SIZE];

	if (c->plan->handler == HANDLER_FORK) {
		others += plan_client_processes(c->plan);
		each = 1;
	}
	add(c,
	    (struct ceiling){ .id = id,
			      .name = name,
			      .host = host,
			      .of = *of,
			      .needed = of->used + others + share(c, each),
			      .low = (of->max - of->used - others) * each },
	    "(%s - %s in use - %s) x %s", number(of->max, text[0]),
	    number(of->used, text[1]), number(others, text[2]), number(each, text[3]));
}

static void
add_process_limits(struct ceilings *c)
{
	static const char *const ids[HOST_PROCESS_LIMITS] = {
		[HOST_PID_MAX] = "pid-max",
		[HOST_THREADS_MAX] = "threads-max",
		[HOST_NPROC] = "nproc",
		[HOST_CGROUP_PIDS] = "pids-cgroup",
	};
	int64_t workers = c->plan->acceptors + c->plan->forkers;

	for (int i = 0; i < HOST_PROCESS_LIMITS; i++) {
		const struct host_ceiling *limit = &c->host->processes[i];

		if (limit->max < INT64_MAX)
			add_processes(c, ids[i], host_process_limit_name(i),
				      i == HOST_PID_MAX || i == HOST_THREADS_MAX, limit,
				      workers + PLAN_OWN_PROCESSES);
	}
	if (c->plan->limit[LIMIT_PIDS] >= 0)
		add_processes(c, "pids-cgroup", "pids.max of the run's cgroup", false,
			      &(struct host_ceiling){ 0, c->plan->limit[LIMIT_PIDS] },
			      workers);
	if (c->plan->limit[LIMIT_NPROC] >= 0)
		add_processes(c, "nproc", "RLIMIT_NPROC of the workers' user", false,
			      &(struct host_ceiling){ c->host->processes[HOST_NPROC].used,
						      c->plan->limit[LIMIT_NPROC] },
			      workers);
}

static void
add_host_files(struct ceilings *c)
{
	const struct host_ceiling *files = &c->host->files;
	char text[2][UNITS_TEXT_SIZE];

	if (files->max == INT64_MAX)
		return;
	add(c,
	    (struct ceiling){ .id = "system-files",
			      .name = "open files of the host",
			      .host = true,
			      .of = *files,
			      .needed = files->used + 2 * plan_target(c->plan),
			      .low = (files->max - files->used) / 2 },
	    "(%s - %s in use) / 2", number(files->max, text[0]),
	    number(files->used, text[1]));
}

/* kept: bytes that are not to be used. */
static void
add_memory(struct ceilings *c, const char *id, const char *name, bool host,
	   const struct host_ceiling *of, int64_t kept)
{
	int64_t room = of->max - of->used - kept;
	char text[2][UNITS_TEXT_SIZE];

	add(c,
	    (struct ceiling){ .id = id,
			      .name = name,
			      .host = host,
			      .unit = UNIT_BYTES,
			      .of = *of,
			      .needed = of->used + kept +
					plan_target(c->plan) * CEILING_PAIR_BYTES,
			      .low = room / CEILING_PAIR_BYTES },
	    "%s at about %s per connection", units_format(UNIT_BYTES, room, text[0]),
	    units_format(UNIT_BYTES, CEILING_PAIR_BYTES, text[1]));
}

static void
add_memory_limits(struct ceilings *c)
{
	const struct host *host = c->host;
	int64_t own = c->plan->limit[LIMIT_MEMORY];

	if (host->available_bytes > 0)
		add_memory(
		    c, "memory-host",
		    c->plan->guard_bytes > 0 ? "memory guard" : "memory of the host",
		    true,
		    &(struct host_ceiling){ host->memory_bytes - host->available_bytes,
					    host->memory_bytes },
		    c->plan->guard_bytes);
	if (host->cgroup_memory.of.max > 0 && host->cgroup_memory.of.max < INT64_MAX)
		add_memory(c, "memory-cgroup", "memory of this cgroup", false,
			   &host->cgroup_memory.of, 0);
	if (own >= 0)
		add_memory(c, "memory-cgroup", "memory of the run's cgroup", false,
			   &(struct host_ceiling){ 0, own }, 0);
}

static int
by_low(const void *a, const void *b)
{
	const struct ceiling *x = a, *y = b;

	if (x->low != y->low)
		return x->low < y->low ? -1 : 1;
	return strcmp(x->name, y->name);
}

size_t
ceiling_list(const struct plan *plan, const struct host *host,
	     struct ceiling list[CEILING_MAX])
{
	struct ceilings c = { .plan = plan, .host = host, .list = list };

	if (plan_is_external(plan))
		add_target_files(&c);
	else
		add_acceptor_files(&c);
	add_client_files(&c);
	add_ports(&c);
	add_process_limits(&c);
	add_host_files(&c);
	add_memory_limits(&c);
	qsort(list, c.count, sizeof(*list), by_low);
	return c.count;
}

int64_t
ceiling_reach(const struct plan *plan, const struct host *host)
{
	struct ceiling list[CEILING_MAX];
	size_t count = ceiling_list(plan, host, list);
	int64_t reach = plan_target(plan);

	for (size_t i = 0; i < count; i++) {
		if (!list[i].host && list[i].high < reach)
			reach = list[i].high;
	}
	return reach;
}
