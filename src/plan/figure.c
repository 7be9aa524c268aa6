#include "plan/figure.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"

static bool
units_value_parse(enum unit unit, const char *text, double *value)
{
	int64_t whole;

	if (units_parse(unit, text, &whole))
		return false;
	*value = (double)whole;
	return true;
}

/* A number, which may be broken here, or one with a suffix as options have it. */
static bool
count_parse(const char *text, double *value)
{
	size_t whole = strspn(text, "0123456789"), length = whole;

	if (text[length] == '.')
		length += 1 + strspn(text + length + 1, "0123456789");
	/* As many digits as a double holds. */
	if (whole == 0 || length == whole + 1 || length > 15)
		return false;
	if (text[length] != '\0')
		return units_value_parse(UNIT_COUNT, text, value);
	*value = strtod(text, NULL);
	return true;
}

static bool
bytes_parse(const char *text, double *value)
{
	return units_value_parse(UNIT_BYTES, text, value);
}

static bool
time_parse(const char *text, double *value)
{
	return units_value_parse(UNIT_US, text, value);
}

/* What is before the ending, if text ends so. */
static bool
ending_parse(const char *text, const char *ending,
	     bool (*parse)(const char *text, double *value), double *value)
{
	char begin[32];
	size_t length = strlen(text), tail = strlen(ending);

	if (length <= tail || length - tail >= sizeof(begin) ||
	    strcmp(text + length - tail, ending) != 0)
		return false;
	memcpy(begin, text, length - tail);
	begin[length - tail] = '\0';
	return parse(begin, value);
}

static bool
plain_parse(const char *text, double *value)
{
	return text[strspn(text, "0123456789.")] == '\0' && count_parse(text, value);
}

static bool
share_parse(const char *text, double *value)
{
	if (!ending_parse(text, "%", plain_parse, value))
		return false;
	*value /= 100;
	return true;
}

static bool
count_per_s_parse(const char *text, double *value)
{
	return ending_parse(text, "/s", count_parse, value);
}

static bool
bytes_per_s_parse(const char *text, double *value)
{
	return ending_parse(text, "/s", bytes_parse, value);
}

/* With as many decimals as say something. */
static void
number_write(double value, char *buf)
{
	size_t length;

	if (fabs(value - round(value)) < 0.00005 || fabs(value) >= 1000) {
		units_format(UNIT_COUNT, (int64_t)llround(value), buf);
		return;
	}
	snprintf(buf, FIGURE_TEXT_SIZE, "%.4f", value);
	length = strlen(buf);
	while (buf[length - 1] == '0')
		buf[--length] = '\0';
}

static void
share_write(double value, char *buf)
{
	number_write(round(10000 * value) / 100, buf);
	strlcat(buf, " %", FIGURE_TEXT_SIZE);
}

static void
bytes_write(double value, char *buf)
{
	units_format(UNIT_BYTES, (int64_t)llround(value), buf);
}

static void
time_write(double value, char *buf)
{
	units_format(UNIT_US, (int64_t)llround(value), buf);
}

static void
count_per_s_write(double value, char *buf)
{
	number_write(value, buf);
	strlcat(buf, "/s", FIGURE_TEXT_SIZE);
}

static void
bytes_per_s_write(double value, char *buf)
{
	bytes_write(value, buf);
	strlcat(buf, "/s", FIGURE_TEXT_SIZE);
}

static const struct {
	const char *name;
	bool (*parse)(const char *text, double *value);
	void (*write)(double value, char *buf);
	const char *allowed;
} units[FIGURE_UNIT_COUNT] = {
	[FIGURE_COUNT] = { "count", count_parse, number_write,
			   "a number such as 15000, 15k or 1.01" },
	[FIGURE_SHARE] = { "share", share_parse, share_write, "a share such as 99%" },
	[FIGURE_BYTES] = { "bytes", bytes_parse, bytes_write,
			   "a size such as 64, 64k (1000) or 64Ki (1024)" },
	[FIGURE_TIME] = { "time", time_parse, time_write,
			  "a time such as 250us, 100ms or 5s" },
	[FIGURE_COUNT_PER_S] = { "count/s", count_per_s_parse, count_per_s_write,
				 "a number a second such as 0.1/s" },
	[FIGURE_BYTES_PER_S] = { "bytes/s", bytes_per_s_parse, bytes_per_s_write,
				 "a size a second such as 64Ki/s" },
};

const char *
figure_unit_name(enum figure_unit unit)
{
	return units[unit].name;
}

const char *
figure_parse(enum figure_unit unit, const char *text, double *value)
{
	return units[unit].parse(text, value) ? NULL : units[unit].allowed;
}

char *
figure_format(enum figure_unit unit, double value, char *buf)
{
	units[unit].write(value, buf);
	return buf;
}

/* Of v_funnel, over all cycles. */
#define FUNNEL(column) "SELECT sum(" column ") FROM v_funnel WHERE run_id = ?1"

/* At the breaking point; where nothing gave way, what was reached: it is not below that. */
#define BREAKING(column, reached)                                                    \
	"SELECT coalesce((SELECT " column " FROM v_breaking_point WHERE run_id = ?1" \
	" ORDER BY cycle LIMIT 1), (" reached "))"

/* A column of v_leak_rate with its interval. */
/* The group that serves: brink's own, or the target. */
#define SERVER "acceptors', 'target"

#define LEAK(column, resource_, subject_)                                              \
	"SELECT " column ", " column "_low, " column "_high FROM v_leak_rate"          \
	" WHERE run_id = ?1 AND resource = '" resource_ "' AND subject IN ('" subject_ \
	"')"                                                                           \
	" ORDER BY cycle LIMIT 1"

#define COST(side_)                                                      \
	"SELECT bytes, bytes_low, bytes_high FROM v_cost_per_connection" \
	" WHERE run_id = ?1 AND side = '" side_ "' ORDER BY cycle LIMIT 1"

/* Over the groups of processes and the namespace, and where it is named the host; not process
 * by process. */
#define RECOVERY(value, condition) \
	"SELECT " value            \
	" FROM v_recovery WHERE run_id = ?1 AND kind <> 'process' AND " condition

/* Not brink's own. */
#define OF_THE_LOAD " AND subject NOT IN ('observers', 'forkers')"

/* The time until all had come back that the verdict on the recovery is about: no ports in TIME_WAIT,
 * shared pages, or what an allocator keeps. Not known where something had not. */
#define RECOVERY_TIME(column)                                                    \
	RECOVERY("CASE WHEN count(*) = count(" column ") THEN 1e6 * max(" column \
		 ") END",                                                        \
		 "recovered IS NOT NULL AND kind IN ('netns', 'group')"          \
		 " AND resource NOT IN ('tcp_time_wait', 'rss_bytes')"           \
		 " AND coalesce(kept, 0) = 0" OF_THE_LOAD)

/* Of a run that was analysed it is known; the view looks at each tick, of every run. */
#define HEALTH(column)                                         \
	"SELECT coalesce((SELECT " column                      \
	" FROM run_health WHERE run_id = ?1), (SELECT " column \
	" FROM v_run_health WHERE run_id = ?1))"

#define GAUGE_EXTREME(extreme, column, table) \
	"SELECT " extreme "(" column ") FROM " table " WHERE run_id = ?1"

/* The four quantiles of a kind of latency. */
#define LATENCY(kind, what)                                                      \
	{ .name = kind ".p50",                                                   \
	  .unit = FIGURE_TIME,                                                   \
	  .better = BETTER_LESS,                                                 \
	  .latency = kind,                                                       \
	  .quantile = 0.5,                                                       \
	  .help = "median " what },                                              \
	    { .name = kind ".p99",                                               \
	      .unit = FIGURE_TIME,                                               \
	      .better = BETTER_LESS,                                             \
	      .latency = kind,                                                   \
	      .quantile = 0.99,                                                  \
	      .help = "99th percentile of the " what },                          \
	    { .name = kind ".p999",                                              \
	      .unit = FIGURE_TIME,                                               \
	      .better = BETTER_LESS,                                             \
	      .latency = kind,                                                   \
	      .quantile = 0.999,                                                 \
	      .help = "99.9th percentile of the " what },                        \
	{                                                                        \
		.name = kind ".max", .unit = FIGURE_TIME, .better = BETTER_LESS, \
		.latency = kind, .quantile = 1, .help = "longest " what          \
	}

const struct figure figures[] = {
	{ .name = "held",
	  .unit = FIGURE_COUNT,
	  .better = BETTER_MORE,
	  .live = LIVE_HELD,
	  .sql = "SELECT held_peak FROM v_run WHERE run_id = ?1",
	  .help = "connections held: now, and at the end the most at any tick" },
	{ .name = "attempted",
	  .unit = FIGURE_COUNT,
	  .live = LIVE_ATTEMPTED,
	  .sql = FUNNEL("attempted"),
	  .help = "connects begun" },
	{ .name = "established",
	  .unit = FIGURE_COUNT,
	  .better = BETTER_MORE,
	  .live = LIVE_ESTABLISHED,
	  .sql = FUNNEL("established"),
	  .help = "handshakes done as the clients see it" },
	{ .name = "accepted",
	  .unit = FIGURE_COUNT,
	  .better = BETTER_MORE,
	  .live = LIVE_ACCEPTED,
	  .sql = FUNNEL("accepted"),
	  .help = "connections that the server took" },
	{ .name = "served",
	  .unit = FIGURE_COUNT,
	  .better = BETTER_MORE,
	  .live = LIVE_SERVED,
	  .sql = FUNNEL("served"),
	  .help = "connections whose first message was echoed" },
	{ .name = "failed",
	  .unit = FIGURE_COUNT,
	  .better = BETTER_LESS,
	  .live = LIVE_FAILED,
	  .sql = FUNNEL("failed"),
	  .help = "attempts that failed" },
	{ .name = "missed",
	  .unit = FIGURE_COUNT,
	  .better = BETTER_LESS,
	  .live = LIVE_MISSED,
	  .sql = FUNNEL("missed"),
	  .help = "slots of the schedule that could not be started" },
	{ .name = "lost",
	  .unit = FIGURE_COUNT,
	  .better = BETTER_LESS,
	  .live = LIVE_LOST,
	  .sql = FUNNEL("lost"),
	  .help = "held connections that the other side ended" },
	{ .name = "canary.failed",
	  .unit = FIGURE_COUNT,
	  .better = BETTER_LESS,
	  .live = LIVE_CANARY_FAILED,
	  .sql = "SELECT sum(failed) FROM worker_total WHERE run_id = ?1"
		 " AND worker = 'canary'",
	  .help = "newcomers that got no service" },

	{ .name = "breaking_point.held",
	  .unit = FIGURE_COUNT,
	  .better = BETTER_MORE,
	  .sql = BREAKING("held", "SELECT held_peak FROM v_run WHERE run_id = ?1"),
	  .help = "connections held as something gave way; the most that were held where "
		  "nothing did" },
	{ .name = "breaking_point.established",
	  .unit = FIGURE_COUNT,
	  .better = BETTER_MORE,
	  .sql = BREAKING("established", FUNNEL("established")),
	  .help = "established as something gave way; all of them where nothing did" },
	{ .name = "breaking_point.accepted",
	  .unit = FIGURE_COUNT,
	  .better = BETTER_MORE,
	  .sql = BREAKING("accepted", FUNNEL("accepted")),
	  .help = "accepted as something gave way; all of them where nothing did" },
	{ .name = "breaking_point.served",
	  .unit = FIGURE_COUNT,
	  .better = BETTER_MORE,
	  .sql = BREAKING("served", FUNNEL("served")),
	  .help = "served as something gave way; all of them where nothing did" },
	{ .name = "breaking_point.time",
	  .unit = FIGURE_TIME,
	  .better = BETTER_MORE,
	  .sql = "SELECT since_attempt_us FROM breaking_point WHERE run_id = ?1"
		 " ORDER BY cycle LIMIT 1",
	  .help = "time from the first attempt until something gave way; not known where "
		  "nothing did" },

	{ .name = "fds_per_connection",
	  .unit = FIGURE_COUNT,
	  .better = BETTER_LESS,
	  .sql = LEAK("per_connection", "fds", SERVER),
	  .help = "open files of the server for each connection" },
	{ .name = "client_fds_per_connection",
	  .unit = FIGURE_COUNT,
	  .better = BETTER_LESS,
	  .sql = LEAK("per_connection", "fds", "clients"),
	  .help = "open files of the clients for each connection" },
	{ .name = "processes_per_connection",
	  .unit = FIGURE_COUNT,
	  .better = BETTER_LESS,
	  .sql = LEAK("per_connection", "processes", "handlers"),
	  .help = "handlers for each connection" },
	{ .name = "memory_per_connection",
	  .unit = FIGURE_BYTES,
	  .better = BETTER_LESS,
	  .sql = COST("total"),
	  .help = "memory of all sides for each connection" },
	{ .name = "server_memory_per_connection",
	  .unit = FIGURE_BYTES,
	  .better = BETTER_LESS,
	  .sql = COST("server"),
	  .help = "memory of the server for each connection" },
	{ .name = "client_memory_per_connection",
	  .unit = FIGURE_BYTES,
	  .better = BETTER_LESS,
	  .sql = COST("client"),
	  .help = "memory of the clients for each connection" },
	{ .name = "kernel_memory_per_connection",
	  .unit = FIGURE_BYTES,
	  .better = BETTER_LESS,
	  .sql = COST("kernel"),
	  .help = "memory of the kernel for each connection" },

	{ .name = "growth.fds",
	  .unit = FIGURE_COUNT_PER_S,
	  .better = BETTER_LESS,
	  .sql = LEAK("over_time", "fds", SERVER),
	  .help = "open files that the server gains with the connections held still" },
	{ .name = "growth.memory",
	  .unit = FIGURE_BYTES_PER_S,
	  .better = BETTER_LESS,
	  /* Memory comes in pages: less than three of them over the hold is no growth. Of a
	   * short one all resident memory tells, which is read ten times as often. */
	  .sql = "SELECT over_time, over_time_low - 3 * 4096 / still_s,"
		 " over_time_high + 3 * 4096 / still_s FROM leak WHERE run_id = ?1"
		 " AND kind = 'group' AND resource IN ('private_bytes', 'rss_bytes')"
		 " AND subject IN ('" SERVER "') AND over_time IS NOT NULL"
		 " ORDER BY cycle, resource = 'rss_bytes' LIMIT 1",
	  .help = "memory that the server gains with the connections held still" },
	/* The host's: another program may have taken it, so it says nothing about runs. */
	{ .name = "growth.slab",
	  .unit = FIGURE_BYTES_PER_S,
	  .sql = LEAK("over_time", "slab_unreclaimable_bytes", "host"),
	  .help = "kernel memory that the host gains with the connections held still" },

	{ .name = "recovered.fds",
	  .unit = FIGURE_SHARE,
	  .better = BETTER_MORE,
	  .sql = RECOVERY("min(recovered)", "resource = 'fds'" OF_THE_LOAD),
	  .help = "share of the open files that came back after the release" },
	{ .name = "recovered.memory",
	  .unit = FIGURE_SHARE,
	  .better = BETTER_MORE,
	  .sql = RECOVERY(
	      "min(CASE WHEN kept = 1 THEN 1.0 ELSE recovered END)",
	      "resource = 'private_bytes' AND recovered IS NOT NULL" OF_THE_LOAD),
	  .help = "share of the processes' memory that came back, but for what an"
		  " allocator keeps; the least of any group" },
	{ .name = "recovered.processes",
	  .unit = FIGURE_SHARE,
	  .better = BETTER_MORE,
	  .sql = RECOVERY("min(recovered)", "resource = 'processes'"),
	  .help = "share of the processes that ended; the least of any group" },
	{ .name = "recovered.slab", /* as growth.slab */
	  .unit = FIGURE_SHARE,
	  .sql = RECOVERY("min(recovered)", "resource = 'slab_unreclaimable_bytes'"),
	  .help = "share of the kernel's memory that came back" },
	{ .name = "recovered.sockets",
	  .unit = FIGURE_SHARE,
	  .better = BETTER_MORE,
	  .sql = RECOVERY("min(recovered)", "resource = 'sockets'"),
	  .help = "share of the namespace's sockets that came back" },
	{ .name = "residual.fds",
	  .unit = FIGURE_COUNT,
	  .better = BETTER_LESS,
	  .sql = RECOVERY("max(residual)", "resource = 'fds'" OF_THE_LOAD),
	  .help = "open files still taken after the recovery; the most of any group" },
	{ .name = "residual.memory",
	  .unit = FIGURE_BYTES,
	  .better = BETTER_LESS,
	  .sql = RECOVERY("max(residual)", "resource = 'private_bytes'" OF_THE_LOAD),
	  .help = "memory still taken after the recovery; the most of any group" },
	{ .name = "recovery.t50",
	  .unit = FIGURE_TIME,
	  .better = BETTER_LESS,
	  .sql = RECOVERY_TIME("t50_s"),
	  .help = "time from the release until half of everything was back" },
	{ .name = "recovery.t99",
	  .unit = FIGURE_TIME,
	  .better = BETTER_LESS,
	  .sql = RECOVERY_TIME("t99_s"),
	  .help = "time from the release until 99 % of everything was back; not known "
		  "where that was not seen" },

	LATENCY("connect", "connect, from when it was due"),
	LATENCY("echo", "echo of a message"),
	LATENCY("canary", "service of a newcomer"),

	{ .name = "available_memory",
	  .unit = FIGURE_BYTES,
	  .better = BETTER_MORE,
	  .live = LIVE_AVAILABLE_MEMORY,
	  .sql = GAUGE_EXTREME("min", "available_bytes", "host_sample"),
	  .help = "memory that the host had to give: now, and at the end the least" },
	{ .name = "fds",
	  .unit = FIGURE_COUNT,
	  .live = LIVE_FDS,
	  .sql = GAUGE_EXTREME("max", "fds", "v_progress"),
	  .help = "open files of acceptors, handlers, forkers and clients: now, or the "
		  "most" },
	{ .name = "memory",
	  .unit = FIGURE_BYTES,
	  .live = LIVE_MEMORY,
	  .sql = GAUGE_EXTREME("max", "rss_bytes", "v_progress"),
	  .help = "resident memory of the same: now, or the most" },
	{ .name = "queue",
	  .unit = FIGURE_COUNT,
	  .live = LIVE_QUEUE,
	  .sql = GAUGE_EXTREME("max", "queue", "listener_sample"),
	  .help = "connections waiting at the fullest listener: now, or the most" },
	{ .name = "time_wait",
	  .unit = FIGURE_COUNT,
	  .live = LIVE_TIME_WAIT,
	  .sql = GAUGE_EXTREME("max", "tcp_time_wait", "netns_sample"),
	  .help = "connections in TIME_WAIT: now, or the most" },
	{ .name = "duration",
	  .unit = FIGURE_TIME,
	  .live = LIVE_DURATION,
	  .sql = "SELECT ended_us FROM run WHERE run_id = ?1",
	  .help = "time since the run's start, or of the whole run" },

	/* Of the measurement and its host: they say nothing of the server. */
	{ .name = "ticks.missed",
	  .unit = FIGURE_COUNT,
	  .sql = HEALTH("missed_ticks"),
	  .help = "samples that are missing" },
	{ .name = "ticks.late",
	  .unit = FIGURE_TIME,
	  .sql = HEALTH("late_max_us"),
	  .help = "most that a sample was late" },
	{ .name = "slots.missed",
	  .unit = FIGURE_SHARE,
	  .better = BETTER_LESS,
	  .sql = "SELECT 1.0 * sum(missed) / nullif(sum(attempted) + sum(missed), 0)"
		 " FROM worker_total WHERE run_id = ?1 AND role = 'forker'",
	  .help = "share of the schedule's slots that could not be started" },
};

const size_t figure_count = sizeof(figures) / sizeof(figures[0]);

const struct figure *
figure_find(const char *name, size_t length)
{
	for (size_t i = 0; i < figure_count; i++) {
		if (strncmp(figures[i].name, name, length) == 0 &&
		    figures[i].name[length] == '\0')
			return &figures[i];
	}
	return NULL;
}
