#include "plan/limit_check.h"

#include <stdarg.h>
#include <unistd.h>

#define PORT_FIRST 20000 /* of the range, where it fits there */
#define PORT_MIN   1024  /* ports below are privileged: ip_unprivileged_port_start */
#define PORT_MAX   65535

typedef char number_text[UNITS_TEXT_SIZE];

/* "brink run: --limit NAME=VALUE" and the sentence; always -1. */
static int __attribute__((format(printf, 4, 5)))
refuse(FILE *err, const struct plan *plan, enum limit_name name, const char *fmt, ...)
{
	const struct limit_spec *spec = limit_spec((enum limit_name)name);
	number_text value;
	va_list ap;

	fprintf(err, "brink run: --limit %s=%s", spec->name,
		units_format_exact(spec->unit, plan->limit[name], value));
	va_start(ap, fmt);
	vfprintf(err, fmt, ap);
	va_end(ap);
	fputc('\n', err);
	return -1;
}

static int
check_scope(const struct plan *plan, const struct host *host, FILE *err)
{
	(void)host;
	for (int i = 0; i < LIMIT_COUNT && !plan->isolate; i++) {
		if (plan->limit[i] >= 0 && limit_spec((enum limit_name)i)->scope)
			return refuse(err, plan, (enum limit_name)i,
				      " needs --isolate: %s",
				      limit_spec((enum limit_name)i)->scope);
	}
	return 0;
}

static int
refuse_nofile(const char *name, int64_t files, const struct host *host, FILE *err)
{
	number_text hard;

	fprintf(err,
		"brink run: --limit %s=%lld: the hard RLIMIT_NOFILE is %s; give less, "
		"or raise it (ulimit -Hn)\n",
		name, (long long)files, units_format(UNIT_COUNT, host->nofile, hard));
	return -1;
}

static int
check_nofile(const struct plan *plan, const struct host *host, FILE *err)
{
	static const int nofile[] = { LIMIT_NOFILE_ACCEPTOR, LIMIT_NOFILE_CLIENT,
				      LIMIT_NOFILE_TARGET };
	char name[32];

	for (size_t i = 0; i < sizeof(nofile) / sizeof(nofile[0]); i++) {
		if (plan->limit[nofile[i]] > host->nofile)
			return refuse_nofile(limit_spec((enum limit_name)nofile[i])->name,
					     plan->limit[nofile[i]], host, err);
	}
	for (int64_t k = 0; k < PLAN_ACCEPTORS_MAX; k++) {
		int64_t files = plan->acceptor_nofile[k];

		if (files < 0)
			continue;
		snprintf(name, sizeof(name), "nofile.acceptor.%lld", (long long)k);
		if (files > host->nofile)
			return refuse_nofile(name, files, host, err);
		if (k < plan->acceptors)
			continue;
		fprintf(err,
			"brink run: --limit %s=%lld: there are %lld acceptors; give a "
			"number from 0 to %lld, or more --acceptors\n",
			name, (long long)files, (long long)plan->acceptors,
			(long long)plan->acceptors - 1);
		return -1;
	}
	return 0;
}

static int
check_ports(const struct plan *plan, const struct host *host, FILE *err)
{
	int low, high;

	(void)host;
	if (plan->limit[LIMIT_PORTS] < 0 ||
	    limit_port_range(plan->limit[LIMIT_PORTS], plan->port, &low, &high) == 0)
		return 0;
	return refuse(err, plan, LIMIT_PORTS,
		      ": every range of so many ports from 1024 on has --port %lld in "
		      "it; give less",
		      (long long)plan->port);
}

static int
check_user(const struct plan *plan, const struct host *host, FILE *err)
{
	if (plan->uid >= 0 && host->uid != 0) {
		fprintf(err,
			"brink run: --user %lld: only root may run workers as another "
			"user, and this is user %lld\n",
			(long long)plan->uid, (long long)host->uid);
		return -1;
	}
	if (plan->uid >= 0 && plan->port < 1024 && plan->listener == LISTENER_GROUP) {
		fprintf(err,
			"brink run: --user %lld: with --listener group each acceptor "
			"binds --port %lld itself, and below 1024 only root may\n",
			(long long)plan->uid, (long long)plan->port);
		return -1;
	}
	if (plan->limit[LIMIT_NPROC] >= 0 && plan->uid < 0 && host->uid == 0)
		return refuse(err, plan, LIMIT_NPROC,
			      " needs --user: the kernel does not hold root to it");
	return 0;
}

/* Acceptors, forkers and a client at least must find a place. */
static int
check_places(const struct plan *plan, const struct host *host, FILE *err)
{
	static const enum limit_name names[] = { LIMIT_PIDS, LIMIT_NPROC };
	const int64_t used[] = { 0, host->processes[HOST_NPROC].used };
	int64_t min = plan_processes_min(plan);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		number_text in_use;

		if (plan->limit[names[i]] < 0 || plan->limit[names[i]] - used[i] >= min)
			continue;
		return refuse(err, plan, names[i],
			      ": brink itself needs %lld processes (%lld acceptors, "
			      "%lld forkers and what serves one connection), and %s are "
			      "in use; give more, or fewer --acceptors and --forkers",
			      (long long)min, (long long)plan->acceptors,
			      (long long)plan->forkers,
			      units_format(UNIT_COUNT, used[i], in_use));
	}
	return 0;
}

static int
check_memory(const struct plan *plan, const struct host *host, FILE *err)
{
	int64_t limit = plan->limit[LIMIT_MEMORY];
	int64_t min = plan_processes_min(plan) * LIMIT_WORKER_BYTES;
	int64_t spare = host->available_bytes - plan->guard_bytes;
	number_text text[2];

	if (limit < 0)
		return 0;
	if (limit < min)
		return refuse(err, plan, LIMIT_MEMORY,
			      ": brink's %lld workers alone need %s; give more, or fewer "
			      "--acceptors and --forkers",
			      (long long)plan_processes_min(plan),
			      units_format(UNIT_BYTES, min, text[0]));
	if (limit > spare)
		return refuse(err, plan, LIMIT_MEMORY,
			      ": it would never be met, as %s of the host's memory are "
			      "available and the guard keeps %s of them; give less",
			      units_format(UNIT_BYTES, host->available_bytes, text[0]),
			      units_format(UNIT_BYTES, plan->guard_bytes, text[1]));
	return 0;
}

int
limit_check(const struct plan *plan, const struct host *host, FILE *err)
{
	static int (*const checks[])(const struct plan *, const struct host *, FILE *) = {
		check_scope, check_nofile, check_ports,
		check_user,  check_places, check_memory,
	};

	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		if (checks[i](plan, host, err) == -1)
			return -1;
	}
	return 0;
}

int
limit_port_range(int64_t ports, int64_t port, int *low, int *high)
{
	/* Where the range may begin: as wished, else as high as it fits, else just above
	 * or just below the port. */
	const int64_t starts[] = { PORT_FIRST, PORT_MAX + 1 - ports, port + 1,
				   port - ports };

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		int64_t first = starts[i], last = first + ports - 1;

		if (ports < 1 || first < PORT_MIN || last > PORT_MAX ||
		    (port >= first && port <= last))
			continue;
		*low = (int)first;
		*high = (int)last;
		return 0;
	}
	return -1;
}
