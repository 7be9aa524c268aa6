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

/* Adds a ceiling met between low and high, with the arithmetic. */
static void __attribute__((format(printf, 6, 7)))
add(struct ceilings *c, const char *name, bool host, int64_t low, int64_t high,
    const char *fmt, ...)
{
	struct ceiling *ceiling = &c->list[c->count++];
	va_list ap;

	*ceiling = (struct ceiling){
		.name = name,
		.host = host,
		.low = low > 0 ? low : 0,
		.high = high > 0 ? high : 0,
	};
	va_start(ap, fmt);
	vsnprintf(ceiling->sum, sizeof(ceiling->sum), fmt, ap);
	va_end(ap);
}

static int64_t
nofile(const struct ceilings *c, enum limit_name limit)
{
	return c->plan->limit[limit] >= 0 ? c->plan->limit[limit] : c->host->nofile;
}

static void
add_acceptor_files(struct ceilings *c)
{
	int64_t acceptors = c->plan->acceptors, files = nofile(c, LIMIT_NOFILE_ACCEPTOR);
	int64_t room = files - CEILING_OWN_FDS, first = room;
	char text[UNITS_TEXT_SIZE];

	/* A forking acceptor keeps no connection for itself. */
	if (c->plan->handler == HANDLER_FORK)
		return;
	if (c->plan->listener == LISTENER_GROUP && acceptors > 1) {
		/* The mean n at which n + deviations * sqrt(n) is the room. */
		double root =
		    sqrt((double)room + GROUP_DEVIATIONS * GROUP_DEVIATIONS / 4) -
		    GROUP_DEVIATIONS / 2;

		first = (int64_t)(root * root);
	}
	add(c, "open files of the acceptors", false, acceptors * first, acceptors * room,
	    "%lld x (%s - %d)", (long long)acceptors, number(files, text),
	    CEILING_OWN_FDS);
}

static void
add_client_files(struct ceilings *c)
{
	int64_t files = nofile(c, LIMIT_NOFILE_CLIENT), room = files - CEILING_OWN_FDS;
	int64_t clients = plan_client_processes(c->plan);
	char text[2][UNITS_TEXT_SIZE];

	/* A forker's clients fill one after the other: the first of each is full first. */
	if (c->plan->per_client > room)
		clients = c->plan->forkers;
	add(c, "open files of the clients", false, clients * room, clients * room,
	    "%s x (%s - %d)", number(clients, text[0]), number(files, text[1]),
	    CEILING_OWN_FDS);
}

static void
add_ports(struct ceilings *c)
{
	int64_t ports = plan_ports(c->plan, c->host), met = ports * c->plan->sources;
	char text[UNITS_TEXT_SIZE];

	add(c, "ephemeral ports", false, met, met, "%s x %lld sources",
	    number(ports, text), (long long)c->plan->sources);
}

static void
add_processes(struct ceilings *c)
{
	int64_t clients = plan_client_processes(c->plan);
	int64_t others = c->plan->acceptors + c->plan->forkers + PLAN_OWN_PROCESSES;
	int64_t each = c->plan->per_client;
	char text[4][UNITS_TEXT_SIZE];

	if (c->plan->handler == HANDLER_FORK) {
		others += clients;
		each = 1;
	}
	for (int i = 0; i < HOST_PROCESS_LIMITS; i++) {
		const struct host_ceiling *limit = &c->host->processes[i];
		int64_t met;

		if (limit->max == INT64_MAX)
			continue;
		met = (limit->max - limit->used - others) * each;
		add(c, host_process_limit_name(i),
		    i == HOST_PID_MAX || i == HOST_THREADS_MAX, met, met,
		    "(%s - %s in use - %s) x %s", number(limit->max, text[0]),
		    number(limit->used, text[1]), number(others, text[2]),
		    number(each, text[3]));
	}
}

static void
add_host(struct ceilings *c)
{
	const struct host_ceiling *files = &c->host->files;
	int64_t available = c->host->available_bytes - c->plan->guard_bytes;
	int64_t pairs = (files->max - files->used) / 2,
		held = available / CEILING_PAIR_BYTES;
	char text[2][UNITS_TEXT_SIZE];

	if (files->max < INT64_MAX)
		add(c, "open files of the host", true, pairs, pairs,
		    "(%s - %s in use) / 2", number(files->max, text[0]),
		    number(files->used, text[1]));
	if (c->host->available_bytes > 0)
		add(c, c->plan->guard_bytes > 0 ? "memory guard" : "memory of the host",
		    true, held, held, "%s at about %s a connection",
		    units_format(UNIT_BYTES, available, text[0]),
		    units_format(UNIT_BYTES, CEILING_PAIR_BYTES, text[1]));
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

	add_acceptor_files(&c);
	add_client_files(&c);
	add_ports(&c);
	add_processes(&c);
	add_host(&c);
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
