#include "plan/plan_resolve.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "plan/limit_check.h"

#define ACCEPTORS_MIN 4
#define FORKERS_MIN   2
/* Of the descriptors of the acceptors, how much "auto" plans to use: they fill unevenly. */
#define ACCEPTOR_FILL_NUM 7
#define ACCEPTOR_FILL_DEN 8
#define INFLIGHT_MIN      1000
#define INFLIGHT_UNPACED  1024
#define GUARD_SHARE_MIN   (INT64_C(512) << 20)
/* The part of a small host's memory that may be less than that. */
#define GUARD_SMALL_PART 8
/* What "auto" allows a run beyond the time that its plan takes. */
#define DURATION_SPARE_US (5 * 60 * US_PER_S)

/* Room for a number in a message. */
typedef char number_text[UNITS_TEXT_SIZE];

static int64_t
at_least(int64_t value, int64_t min)
{
	return value > min ? value : min;
}

static int64_t
at_most(int64_t value, int64_t max)
{
	return value < max ? value : max;
}

static const char *
count(int64_t value, number_text text)
{
	return units_format(UNIT_COUNT, value, text);
}

/* One sentence on err; always -1. */
static int __attribute__((format(printf, 2, 3))) refuse(FILE *err, const char *fmt, ...)
{
	va_list ap;

	fputs("brink run: ", err);
	va_start(ap, fmt);
	vfprintf(err, fmt, ap);
	va_end(ap);
	fputc('\n', err);
	return -1;
}

/* What only an acceptor of brink's own could be held to. */
static const enum limit_name built_in_limits[] = { LIMIT_NOFILE_ACCEPTOR, LIMIT_BACKLOG };
/* What is set on a process as it is started. */
static const enum limit_name started_limits[] = { LIMIT_NOFILE_TARGET, LIMIT_PIDS,
						  LIMIT_MEMORY, LIMIT_NPROC,
						  LIMIT_ADDRESS_SPACE };

static int
refuse_limit(const struct plan *plan, enum limit_name name, const char *why, FILE *err)
{
	const struct limit_spec *spec = limit_spec(name);
	number_text value;

	return refuse(err, "--limit %s=%s %s", spec->name,
		      units_format_exact(spec->unit, plan->limit[name], value), why);
}

static int
check_target_limits(const struct plan *plan, FILE *err)
{
	for (size_t i = 0; i < sizeof(built_in_limits) / sizeof(built_in_limits[0]); i++)
		if (plan_is_external(plan) && plan->limit[built_in_limits[i]] >= 0)
			return refuse_limit(plan, built_in_limits[i],
					    "is for brink's own acceptors, not for a "
					    "--target",
					    err);
	for (size_t i = 0; i < sizeof(started_limits) / sizeof(started_limits[0]); i++)
		if (plan_is_external(plan) && plan->command == NULL &&
		    plan->limit[started_limits[i]] >= 0)
			return refuse_limit(plan, started_limits[i],
					    "needs a target that brink starts: give its "
					    "command after --",
					    err);
	if (!plan_is_external(plan) && plan->limit[LIMIT_NOFILE_TARGET] >= 0)
		return refuse_limit(plan, LIMIT_NOFILE_TARGET, "needs a --target", err);
	return 0;
}

/* Where the target is, by number: a name is looked up once. */
static int
resolve_address(struct plan *plan, FILE *err)
{
	char why[256], text[ENDPOINT_TEXT];
	struct endpoint endpoint;

	if (endpoint_parse(&endpoint, plan->target, why, sizeof(why)) == -1)
		return refuse(err, "--target %s: %s", plan->target, why);
	if (!endpoint_is_local(&endpoint))
		return refuse(err,
			      "--target %s: not an address of this host; load goes to "
			      "this host alone",
			      plan->target);
	if (endpoint.at.any.sa_family == AF_INET && endpoint.at.v4.sin_addr.s_addr == 0)
		return refuse(err,
			      "--target %s: 0.0.0.0 is no address to connect to; give "
			      "127.0.0.1 or :PORT",
			      plan->target);
	endpoint_format(&endpoint, text);
	if (strcmp(text, plan->target) == 0)
		return 0;
	free(plan->target);
	plan->target = strdup(text);
	return plan->target != NULL ? 0 : refuse(err, "no memory is left");
}

static int
check_target(const struct plan *plan, FILE *err)
{
	if (plan->release == RELEASE_KILL_ACCEPTORS)
		return refuse(err, "--release kill-acceptors is for brink's own "
				   "acceptors, not for a --target");
	if (plan->isolate && plan->command == NULL)
		return refuse(err,
			      "--isolate: the target %s is not in a network namespace "
			      "of the run's own; give its command after --",
			      plan->target);
	return 0;
}

static int
check_target_pids(const struct plan *plan, FILE *err)
{
	for (size_t i = 0; i < plan->target_pids.count; i++) {
		int64_t pid = plan->target_pids.all[i];

		if (!plan_is_external(plan))
			return refuse(err, "--target-pid %lld needs a --target",
				      (long long)pid);
		if (kill((pid_t)pid, 0) == -1 && errno == ESRCH)
			return refuse(err, "--target-pid %lld: there is no such process",
				      (long long)pid);
	}
	return 0;
}

static int
resolve_target(struct plan *plan, const struct host *host, FILE *err)
{
	(void)host;
	if (check_target_limits(plan, err) == -1 || check_target_pids(plan, err) == -1)
		return -1;
	if (!plan_is_external(plan) && plan->command != NULL)
		return refuse(err,
			      "-- %s: a command is how a --target is started; give its "
			      "address",
			      plan->command[0]);
	if (!plan_is_external(plan))
		return 0;
	if (check_target(plan, err) == -1 || resolve_address(plan, err) == -1)
		return -1;
	/* The target counts as one: who accepts in it is its own affair. */
	plan->acceptors = 1;
	plan->listener = LISTENER_SHARED;
	plan->handler = HANDLER_EVENT;
	return 0;
}

/* A protocol in which nothing is said has no messages. */
static int
resolve_protocol(struct plan *plan, const struct host *host, FILE *err)
{
	(void)host;
	if (plan_name_protocol(plan) == -1)
		return refuse(err, "no memory is left");
	if (plan_says_nothing(plan))
		plan->messages = 0;
	return 0;
}

/* Acceptors that have room for every connection; with an injected limit, a process a
 * connection or no target, what they cannot hold is what the run is to find. */
static int64_t
acceptors_to_hold(const struct plan *plan, const struct host *host)
{
	int64_t room =
	    (host->nofile - PLAN_ACCEPTOR_FDS) * ACCEPTOR_FILL_NUM / ACCEPTOR_FILL_DEN;

	if (plan->limit[LIMIT_NOFILE_ACCEPTOR] >= 0 || plan->handler == HANDLER_FORK ||
	    plan->clients == 0)
		return 0;
	return plan_groups(plan->clients, at_least(room, 1));
}

static int
resolve_workers(struct plan *plan, const struct host *host, FILE *err)
{
	int64_t to_hold = acceptors_to_hold(plan, host);
	number_text text[2];

	if (plan->acceptors == 0 && to_hold > PLAN_ACCEPTORS_MAX)
		return refuse(err,
			      "%s connections need %s acceptors of RLIMIT_NOFILE %lld "
			      "filled to %d/%d, but %d are the most; raise it (ulimit "
			      "-Hn), or give fewer --clients or the --acceptors",
			      count(plan->clients, text[0]), count(to_hold, text[1]),
			      (long long)host->nofile, ACCEPTOR_FILL_NUM,
			      ACCEPTOR_FILL_DEN, PLAN_ACCEPTORS_MAX);
	if (plan->acceptors == 0)
		plan->acceptors =
		    at_most(at_least(at_least(host->cpus, ACCEPTORS_MIN), to_hold),
			    PLAN_ACCEPTORS_MAX);
	if (plan->forkers == 0)
		plan->forkers =
		    at_most(at_least(host->cpus, FORKERS_MIN), PLAN_FORKERS_MAX);
	return 0;
}

/* The limit stands for the option: of two values that are asked for none can be right. */
static int
resolve_limits(struct plan *plan, const struct host *host, FILE *err)
{
	const struct option_spec *backlog = option_find(&plan_options, "backlog", 7);
	int64_t limit = plan->limit[LIMIT_BACKLOG];

	(void)host;
	if (limit < 0)
		return 0;
	if (plan->backlog != limit && plan->backlog != strtoll(backlog->def, NULL, 10))
		return refuse(err,
			      "--backlog %lld and --limit backlog=%lld contradict each "
			      "other; give one",
			      (long long)plan->backlog, (long long)limit);
	plan->backlog = limit;
	return 0;
}

static int
check_limits(struct plan *plan, const struct host *host, FILE *err)
{
	return limit_check(plan, host, err);
}

/* An injected nofile.client is left out of account: whoever sets it wants to see it hit. */
static int
resolve_per_client(struct plan *plan, const struct host *host, FILE *err)
{
	int64_t room = host->nofile - PLAN_CLIENT_FDS;
	number_text given, hard;

	if (room < 1)
		return refuse(err,
			      "the hard RLIMIT_NOFILE is %lld, but a client needs %d "
			      "open files beside its connections; raise it (ulimit -Hn)",
			      (long long)host->nofile, PLAN_CLIENT_FDS);
	if (plan->per_client == 0) {
		plan->per_client =
		    at_most(plan_groups(plan_target(plan), plan->forkers), room);
		return 0;
	}
	if (plan->limit[LIMIT_NOFILE_CLIENT] < 0 && plan->per_client > room)
		return refuse(err,
			      "--per-client %lld: %s connections and %d other open files "
			      "are more than the hard RLIMIT_NOFILE of %s; give at most "
			      "%lld, or raise it (ulimit -Hn)",
			      (long long)plan->per_client, count(plan->per_client, given),
			      PLAN_CLIENT_FDS, count(host->nofile, hard),
			      (long long)room);
	return 0;
}

/* Half of the range: beyond, connect(2) searches long for a free port. */
static int
resolve_sources(struct plan *plan, const struct host *host, FILE *err)
{
	int64_t ports = plan_ports(plan, host), half = at_least(ports / 2, 1);
	number_text text[3];

	if (!plan_has_sources(plan) && plan->sources > 1)
		return refuse(err,
			      "--sources %lld: other source addresses reach the IPv4 "
			      "loopback network alone, and --target is %s",
			      (long long)plan->sources, plan->target);
	if (!plan_has_sources(plan))
		plan->sources = 1;
	if (plan->sources > 0)
		return 0;
	if (plan->limit[LIMIT_PORTS] < 0 && plan->clients > PLAN_SOURCES_MAX * ports)
		return refuse(
		    err,
		    "%s connections need %s source addresses of %s ephemeral "
		    "ports, but %d are the most; widen "
		    "net.ipv4.ip_local_port_range, or give fewer --clients or "
		    "the --sources",
		    count(plan->clients, text[0]),
		    count(plan_groups(plan->clients, at_least(ports, 1)), text[1]),
		    count(ports, text[2]), PLAN_SOURCES_MAX);
	plan->sources = 1;
	if (plan->limit[LIMIT_PORTS] < 0)
		plan->sources =
		    at_most(plan_groups(plan_target(plan), half), PLAN_SOURCES_MAX);
	return 0;
}

/* What is due within the connect timeout may all be under way, and a second's more. */
static int
resolve_inflight(struct plan *plan, const struct host *host, FILE *err)
{
	(void)host;
	(void)err;
	if (plan->inflight == 0 && plan->rate == 0)
		plan->inflight = INFLIGHT_UNPACED;
	if (plan->inflight == 0)
		plan->inflight = at_least(
		    plan->rate * plan->connect_timeout_us / US_PER_S + plan->rate,
		    INFLIGHT_MIN);
	return 0;
}

static int
resolve_guard(struct plan *plan, const struct host *host, FILE *err)
{
	int64_t least = at_most(GUARD_SHARE_MIN, host->memory_bytes / GUARD_SMALL_PART);

	(void)err;
	if (plan->no_guard)
		plan->guard_bytes = 0;
	if (plan->guard_bytes < 0)
		plan->guard_bytes =
		    at_least(-plan->guard_bytes * host->memory_bytes / 100, least);
	return 0;
}

/* A handler takes its memory along when it ends: nothing would be retained. */
static int
check_retain(struct plan *plan, const struct host *host, FILE *err)
{
	(void)host;
	if (plan->retain[RETAIN_MESSAGE] > 0 && plan->handler == HANDLER_FORK)
		return refuse(
		    err,
		    "--retain %lld/msg needs --handler event: with --handler fork "
		    "the acceptors see no message",
		    (long long)plan->retain[RETAIN_MESSAGE]);
	return 0;
}

/* The time that the plan takes in any case: of a ramp without a rate nobody can know. Without
 * a target there is no end to reach. */
static int64_t
planned_us(const struct plan *plan)
{
	int64_t schedule_us = plan_schedule_us(plan);

	if (plan->clients == 0)
		return 0;
	return schedule_us >= 0 ? schedule_us
				: plan->steps * plan->plateau_us + plan->hold_us;
}

static int
resolve_duration(struct plan *plan, const struct host *host, FILE *err)
{
	(void)host;
	(void)err;
	if (plan->duration_us == 0)
		plan->duration_us = planned_us(plan) + DURATION_SPARE_US;
	return 0;
}

/* A night's hold that ends after minutes helps nobody. */
static int
check_duration(struct plan *plan, const struct host *host, FILE *err)
{
	number_text text[3];

	(void)host;
	if (plan->duration_us >= planned_us(plan))
		return 0;
	return refuse(
	    err,
	    "--duration %s would end the run before its plan does: the ramps, "
	    "plateaus and the hold of %s take %s; give --duration auto, or less "
	    "to do",
	    units_format(UNIT_US, plan->duration_us, text[0]),
	    units_format(UNIT_US, plan->hold_us, text[1]),
	    units_format(UNIT_US, planned_us(plan), text[2]));
}

static int
check_cycles(struct plan *plan, const struct host *host, FILE *err)
{
	(void)host;
	if (plan->cycles > 1 && plan->release == RELEASE_NONE)
		return refuse(
		    err,
		    "--cycles %lld needs connections to be let go between them; "
		    "--release none never does",
		    (long long)plan->cycles);
	return 0;
}

/* What there will be at once: a limit of the run's own cgroup is met before any other. */
static int64_t
processes_at_most(const struct plan *plan)
{
	int64_t needed = plan_processes(plan), pids = plan->limit[LIMIT_PIDS];

	return pids < 0 ? needed : at_most(needed, pids + PLAN_OWN_PROCESSES);
}

/* Every process must find a place. Not so with unlimited clients and a process for each
 * connection: there the place that is missing is what the run is to find. */
static int
check_processes(struct plan *plan, const struct host *host, FILE *err)
{
	int64_t needed = plan_processes(plan), clients = plan_client_processes(plan);
	number_text text[5];

	for (int i = 0; i < HOST_PROCESS_LIMITS; i++) {
		const struct host_ceiling *ceiling = &host->processes[i];

		if (processes_at_most(plan) <= ceiling->max - ceiling->used)
			continue;
		return refuse(err,
			      "%s processes are needed (%lld acceptors, %lld forkers, "
			      "%s clients, %s handlers, %d of brink's own), but of the "
			      "%s that %s allows %s are in use",
			      count(needed, text[0]), (long long)plan->acceptors,
			      (long long)plan->forkers, count(clients, text[1]),
			      count(needed - clients - plan->acceptors - plan->forkers -
					PLAN_OWN_PROCESSES,
				    text[2]),
			      PLAN_OWN_PROCESSES, count(ceiling->max, text[3]),
			      host_process_limit_name(i), count(ceiling->used, text[4]));
	}
	return 0;
}

typedef int plan_step(struct plan *plan, const struct host *host, FILE *err);

/* In order: each rests on what those before it have settled. */
static plan_step *const settling[] = {
	resolve_target,   resolve_protocol,   resolve_workers,
	resolve_limits,   resolve_per_client, resolve_sources,
	resolve_inflight, resolve_guard,      resolve_duration,
};

static plan_step *const checks[] = { check_limits, check_retain, check_cycles,
				     check_duration, check_processes };

static int
take_steps(plan_step *const *steps, size_t count, struct plan *plan,
	   const struct host *host, FILE *err)
{
	for (size_t i = 0; i < count; i++) {
		if (steps[i](plan, host, err) == -1)
			return -1;
	}
	return 0;
}

int
plan_settle(struct plan *plan, const struct host *host, FILE *err)
{
	return take_steps(settling, sizeof(settling) / sizeof(settling[0]), plan, host,
			  err);
}

int
plan_check(struct plan *plan, const struct host *host, FILE *err)
{
	return take_steps(checks, sizeof(checks) / sizeof(checks[0]), plan, host, err);
}

int
plan_resolve_on(struct plan *plan, const struct host *host, FILE *err)
{
	if (plan_settle(plan, host, err) == -1)
		return -1;
	return plan_check(plan, host, err);
}

int
plan_resolve(struct plan *plan, FILE *err)
{
	struct host host;

	if (access("/proc/self/stat", R_OK) == -1)
		return refuse(err,
			      "/proc is not mounted here: what there is, and what it "
			      "does, is read from there");
	host_read(&host, plan->uid);
	return plan_resolve_on(plan, &host, err);
}
