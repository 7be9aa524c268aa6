#include "plan/checkup.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a limit that is not among the ceilings is: not met by connections that are held, or
 * none at all. */
struct other {
	const char *id, *name;
	enum unit unit;
	/* Fills in .of, and .low where held connections do meet it; writes how it counts. */
	void (*read)(const struct plan *plan, const struct host *host,
		     const struct host_net *net, struct ceiling *row);
};

static void __attribute__((format(printf, 2, 3)))
say(struct ceiling *row, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(row->sum, sizeof(row->sum), fmt, ap);
	va_end(ap);
}

static void
read_nothing(const struct plan *plan, const struct host *host, const struct host_net *net,
	     struct ceiling *row)
{
	(void)plan;
	(void)host;
	(void)net;
	row->of = (struct host_ceiling){ 0, INT64_MAX };
	say(row, "none here");
}

static void
read_nproc(const struct plan *plan, const struct host *host, const struct host_net *net,
	   struct ceiling *row)
{
	read_nothing(plan, host, net, row);
	if (host->uid == 0 && plan->uid < 0)
		say(row, "root is not held to it");
}

static void
read_files(const struct plan *plan, const struct host *host, const struct host_net *net,
	   struct ceiling *row)
{
	read_nothing(plan, host, net, row);
	if (host_is_exempt(plan->uid))
		say(row, "CAP_SYS_ADMIN, as root has it, is not held to fs.file-max");
}

static void
read_client_files(const struct plan *plan, const struct host *host,
		  const struct host_net *net, struct ceiling *row)
{
	int64_t injected = plan->limit[LIMIT_NOFILE_CLIENT];

	(void)net;
	row->of.max = injected >= 0 ? injected : host->nofile;
	row->of.used = CEILING_CLIENT_FDS;
	say(row, "each client has no more than --per-client %lld",
	    (long long)plan->per_client);
}

static void
read_address_space(const struct plan *plan, const struct host *host,
		   const struct host_net *net, struct ceiling *row)
{
	int64_t injected = plan->limit[LIMIT_ADDRESS_SPACE];

	(void)net;
	row->of.max = injected >= 0 ? injected : host->address_space;
	say(row, "of each acceptor, in which a connection takes some bytes");
}

static void
read_commit(const struct plan *plan, const struct host *host, const struct host_net *net,
	    struct ceiling *row)
{
	read_nothing(plan, host, net, row);
	row->of = host_commit();
	say(row, "promised to all processes; a limit where vm.overcommit_memory is 2");
}

static void
read_search(const struct plan *plan, const struct host *host, const struct host_net *net,
	    struct ceiling *row)
{
	int64_t half = plan_ports(plan, host) / 2;

	(void)net;
	row->of.max = half;
	row->needed = plan_target(plan) / plan->sources;
	row->low = row->high = half * plan->sources;
	say(row, "no ceiling: from there on each connect takes longer");
}

static void
read_reserved(const struct plan *plan, const struct host *host,
	      const struct host_net *net, struct ceiling *row)
{
	int64_t reserved =
	    plan->isolate || plan->limit[LIMIT_PORTS] >= 0 ? 0 : net->reserved_ports;

	row->of = (struct host_ceiling){ reserved, plan_ports(plan, host) + reserved };
	say(row, "taken out of the range of ephemeral ports");
}

/* The kernel cuts what listen(2) is given. */
static int64_t
backlog_of(const struct plan *plan, const struct host_net *net)
{
	return plan->backlog < net->somaxconn ? plan->backlog : net->somaxconn;
}

static void
read_queue(const struct plan *plan, const struct host *host, const struct host_net *net,
	   struct ceiling *row)
{
	(void)host;
	row->of.max = backlog_of(plan, net) + 1;
	row->cap = net->somaxconn;
	say(row, "connections that wait for accept at once: backlog + 1");
}

static void
read_somaxconn(const struct plan *plan, const struct host *host,
	       const struct host_net *net, struct ceiling *row)
{
	(void)host;
	row->of = (struct host_ceiling){ plan->backlog, net->somaxconn };
	say(row, "the largest backlog, of which --backlog asks %lld",
	    (long long)plan->backlog);
}

static void
read_syn_queue(const struct plan *plan, const struct host *host,
	       const struct host_net *net, struct ceiling *row)
{
	int64_t backlog = backlog_of(plan, net);

	(void)host;
	/* inet_csk_reqsk_queue_is_full() of the kernel holds it against the backlog too. */
	row->of.max = backlog < net->syn_backlog ? backlog : net->syn_backlog;
	say(row,
	    "handshakes under way at a listener: its backlog, or tcp_max_syn_backlog "
	    "where less");
}

static void
read_time_wait(const struct plan *plan, const struct host *host,
	       const struct host_net *net, struct ceiling *row)
{
	(void)plan;
	(void)host;
	row->of = net->time_wait;
	say(row, "connections in the minute after they were closed");
}

static void
read_tcp_memory(const struct plan *plan, const struct host *host,
		const struct host_net *net, struct ceiling *row)
{
	(void)plan;
	(void)host;
	row->of = net->tcp_bytes;
	row->host = true;
	say(row, "what waits in socket buffers: nothing while connections idle");
}

/* Only a rule that uses it makes the kernel track connections. */
static void
read_conntrack(const struct plan *plan, const struct host *host,
	       const struct host_net *net, struct ceiling *row)
{
	(void)host;
	row->of = net->conntrack;
	if (plan->isolate || net->conntrack.used == 0) {
		say(row, "no rule of this namespace has connections tracked");
		return;
	}
	row->needed = net->conntrack.used + plan_target(plan);
	row->low = row->high = net->conntrack.max - net->conntrack.used;
	say(row, "one entry per connection");
}

static const struct other others[] = {
	{ "system-files", "open files of the host", UNIT_COUNT, read_files },
	{ "nproc", "RLIMIT_NPROC", UNIT_COUNT, read_nproc },
	{ "pid-max", "kernel.pid_max", UNIT_COUNT, read_nothing },
	{ "threads-max", "kernel.threads-max", UNIT_COUNT, read_nothing },
	{ "pids-cgroup", "processes of this cgroup", UNIT_COUNT, read_nothing },
	{ "memory-cgroup", "memory of this cgroup", UNIT_BYTES, read_nothing },
	{ "memory-host", "memory of the host", UNIT_BYTES, read_nothing },
	{ "acceptor-nofile", "open files of the acceptors", UNIT_COUNT, read_nothing },
	{ "client-nofile", "open files of the clients", UNIT_COUNT, read_client_files },
	{ "address-space", "address space", UNIT_BYTES, read_address_space },
	{ "commit-limit", "committed memory", UNIT_BYTES, read_commit },
	{ "port-search", "half of the ephemeral ports", UNIT_COUNT, read_search },
	{ "reserved-ports", "reserved ports", UNIT_COUNT, read_reserved },
	{ "accept-queue", "accept queue", UNIT_COUNT, read_queue },
	{ "somaxconn", "net.core.somaxconn", UNIT_COUNT, read_somaxconn },
	{ "syn-queue", "SYN queue", UNIT_COUNT, read_syn_queue },
	{ "time-wait", "TIME_WAIT", UNIT_COUNT, read_time_wait },
	{ "tcp-memory", "memory of TCP", UNIT_BYTES, read_tcp_memory },
	{ "conntrack", "tracked connections", UNIT_COUNT, read_conntrack },
};

static bool
has(const struct checkup *checkup, const char *id)
{
	for (size_t i = 0; i < checkup->count; i++)
		if (strcmp(checkup->list[i].id, id) == 0)
			return true;
	return false;
}

/* Those that are met by connections first, the earliest at the top. */
static int
by_connections(const void *a, const void *b)
{
	const struct ceiling *x = a, *y = b;
	uint64_t left = (uint64_t)x->low, right = (uint64_t)y->low;

	/* -1 is the largest of them. */
	if (left != right)
		return left < right ? -1 : 1;
	return strcmp(x->id, y->id);
}

void
checkup_make(const struct plan *plan, const struct host *host, const struct host_net *net,
	     const struct host_ceiling *disk, struct checkup *checkup)
{
	struct ceiling results = { .id = "disk-results",
				   .name = "disk of the results",
				   .unit = UNIT_BYTES,
				   .of = *disk,
				   .low = -1,
				   .high = -1 };

	checkup->count = ceiling_list(plan, host, checkup->list);
	say(&results, "what is stored: brink run --dry-run estimates it");
	checkup->list[checkup->count++] = results;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct ceiling row = { .id = others[i].id,
				       .name = others[i].name,
				       .unit = others[i].unit,
				       .low = -1,
				       .high = -1 };

		if (has(checkup, others[i].id))
			continue;
		others[i].read(plan, host, net, &row);
		checkup->list[checkup->count++] = row;
	}
	qsort(checkup->list, checkup->count, sizeof(checkup->list[0]), by_connections);
}

const struct ceiling *
checkup_first(const struct ceiling *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].low >= 0 && strcmp(list[i].id, "port-search") != 0)
			return &list[i];
	return NULL;
}

int64_t
checkup_raise_to(const struct plan *plan, const struct ceiling *row)
{
	if (row->low >= 0 && row->low < plan_target(plan))
		return row->needed;
	return row->of.max < INT64_MAX / 2 ? 2 * row->of.max : INT64_MAX;
}

void
checkup_first_line(const struct plan *plan, const struct ceiling *first, char *buf,
		   size_t size)
{
	char met[UNITS_TEXT_SIZE], target[UNITS_TEXT_SIZE];

	units_format(UNIT_COUNT, plan_target(plan), target);
	if (first == NULL) {
		snprintf(buf, size, "no limit that is known would be met");
		return;
	}
	snprintf(buf, size, "first would be met: %s (%s), at %s connections; %s %s",
		 first->name, first->id, units_format(UNIT_COUNT, first->low, met),
		 first->low < plan_target(plan) ? "before the target of"
						: "beyond the target of",
		 target);
}
