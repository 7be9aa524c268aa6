#include "analyse/growth.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/limit.h"
#include "analyse/rows.h"
#include "analyse/series.h"
#include "base/clock.h"

#define TEXT 512

/* Processes one by one are for the tables: their groups stand for them, as all memory does
 * for the private part of it. */
#define REPORTED                                                         \
	" kind IN ('netns', 'cgroup', 'group') AND subject <> 'forkers'" \
	" AND resource NOT IN ('private_bytes', 'kernel_memory_bytes',"  \
	" 'socket_memory_bytes')"

/* The last cycle, of those up to ?2, in which what a row of leak is of stood still for long
 * enough to say whether it grows with time: one that broke may have ended before. */
#define LAST_TOLD                                                            \
	"(SELECT max(o.cycle) FROM leak AS o WHERE o.run_id = leak.run_id"   \
	" AND o.kind = leak.kind AND o.subject = leak.subject"               \
	" AND o.resource = leak.resource AND o.cycle <= CAST(?2 AS INTEGER)" \
	" AND o.class <> 'inconclusive')"

struct growth {
	char resource[FACTS_NAME], subject[FACTS_NAME];
	double rate, low, high;
	int64_t cycles;
	double per_connection; /* what each connection costs besides; 0: none is known */
	int64_t cycle;         /* that it was seen in */
	/* Of what a connection costs besides: whether an interval is known, and which; and one
	 * step of the resource. */
	bool has_cost;
	double cost_low, cost_high, resolution;
};

static void
fill_growth(struct db_statement *s, void *row)
{
	struct growth *g = row;

	db_text_copy(s, 0, g->resource, sizeof(g->resource));
	db_text_copy(s, 1, g->subject, sizeof(g->subject));
	g->rate = db_real(s, 2);
	g->low = db_real(s, 3);
	g->high = db_real(s, 4);
	g->cycles = db_int(s, 5);
	g->per_connection = db_real(s, 6);
	g->cycle = db_int(s, 7);
	g->has_cost = !db_is_null(s, 8);
	g->cost_low = g->has_cost ? db_real(s, 8) : 0;
	g->cost_high = g->has_cost ? db_real(s, 9) : 0;
	g->resolution = db_real(s, 10);
}

/* "4.5 KiB", "1.25" */
static char *
amount(const struct growth *g, double value, char *buf)
{
	if (display_name_unit(g->resource) == UNIT_COUNT && fabs(value) < 1000)
		snprintf(buf, UNITS_TEXT_SIZE, "%.2f", value);
	else
		units_format(display_name_unit(g->resource), llround(value), buf);
	return buf;
}

static const char *
side_of(const char *subject)
{
	if (strcmp(subject, "clients") == 0)
		return "client";
	return strcmp(subject, "netns") == 0 ? "kernel" : "server";
}

static int
report(struct finding_writer *w, const struct growth *g, const char *kind,
       const char *text)
{
	struct finding finding = { .kind = kind,
				   .subject = g->subject,
				   .side = side_of(g->subject),
				   .t_us = -1,
				   .text = text };

	return finding_add(w, &finding);
}

/* Recommends what follows from the finding that was added last. */
static int
advise(struct finding_writer *w, const char *subject, const char *text)
{
	struct finding finding = { .kind = "recommendation",
				   .subject = subject,
				   .side = side_of(subject),
				   .t_us = -1,
				   .rests_on = finding_last(w),
				   .text = text };

	return finding_add(w, &finding);
}

/* What memory that grows would fill: a limit of it, or all that the host has. */
struct memory_limit {
	char kind[16], resource[FACTS_NAME], name[FACTS_NAME];
	int64_t subject, value;
	bool is_floor; /* of what is left, not of what is used */
};

/* Memory of the host can be used up whether or not a guard leaves some of it. */
static const char memory_limits_sql[] =
    "SELECT l.kind, l.resource, s.name, l.subject, min(l.value) FROM resource_limit AS l"
    " JOIN subject AS s USING (run_id, kind, subject) WHERE l.run_id = ?1 AND"
    " ((l.kind = 'cgroup' AND l.resource = 'memory_bytes')"
    " OR (l.kind = 'process' AND l.resource = 'vm_bytes' AND s.role IN ('acceptor', "
    "'target')))"
    " GROUP BY l.kind, l.subject, l.resource HAVING min(l.value) < 9223372036854775807"
    " UNION ALL SELECT 'host', 'available_bytes', 'host', 0, coalesce((SELECT"
    " min(l.value) FROM resource_limit AS l WHERE l.run_id = ?1 AND l.kind = 'host'"
    " AND l.resource = 'available_bytes'), 0)";

static void
fill_memory_limit(struct db_statement *s, void *row)
{
	struct memory_limit *limit = row;

	db_text_copy(s, 0, limit->kind, sizeof(limit->kind));
	db_text_copy(s, 1, limit->resource, sizeof(limit->resource));
	db_text_copy(s, 2, limit->name, sizeof(limit->name));
	limit->subject = db_int(s, 3);
	limit->value = db_int(s, 4);
	limit->is_floor = strcmp(limit->kind, "host") == 0;
}

/* How long after the load began the limit is met at the rate, in seconds; -1: never known. */
static double
lasts_s(const struct facts *f, const struct growth *g, const struct memory_limit *limit)
{
	bool is_process = strcmp(limit->kind, "process") == 0;
	int64_t end = facts_load_end(f), at = end;
	double rate = g->rate, room = -1, used;
	struct series usage;

	if (is_process && strcmp(g->subject, "acceptors") != 0)
		return -1;
	if (is_process && f->acceptor_count > 0)
		rate /= (double)f->acceptor_count;
	if (series_load(&usage, f, limit->kind, limit->subject, limit->resource) == 0) {
		/* Where it was met, what was used is given back already. */
		used = limit->is_floor ? series_at(&usage, end, -1)
				       : series_peak(&usage, f->from_us, end, -1, &at);
		if (used >= 0)
			room = limit->is_floor ? used - (double)limit->value
					       : (double)limit->value - used;
	}
	series_free(&usage);
	return room < 0 ? -1
			: room / rate + (double)(at - f->attempt_us) / (double)US_PER_S;
}

/* "about 10 s", "3.3 hours" */
static void
print_duration(double seconds, char *text, size_t size)
{
	char exact[UNITS_TEXT_SIZE];

	if (seconds >= 3600)
		snprintf(text, size, "%.1f hours", seconds / 3600);
	else
		snprintf(text, size, "about %s",
			 units_format(UNIT_US, llround(seconds) * US_PER_S, exact));
}

/* "; at this rate memory charged of cgroup (60.0 MiB) lasts about 10 s from the start of the
 * load", of the limit that is met first; "" where none is known. */
static int
print_end(const struct facts *f, const struct growth *g, char *text, size_t size)
{
	struct rows rows = { 0 };
	const struct memory_limit *limits, *first = NULL;
	char duration[UNITS_TEXT_SIZE + 16], what[3 * FACTS_NAME], value[UNITS_TEXT_SIZE];
	double earliest = -1;
	int error;

	text[0] = '\0';
	if (display_name_unit(g->resource) != UNIT_BYTES || g->rate <= 0)
		return 0;
	error = rows_load(&rows, sizeof(*limits), f->db, memory_limits_sql, f->run_id,
			  NULL, fill_memory_limit);
	limits = rows.data;
	for (size_t i = 0; i < rows.count && error == 0; i++) {
		double lasts = lasts_s(f, g, &limits[i]);

		if (lasts < 0 || (earliest >= 0 && lasts >= earliest))
			continue;
		earliest = lasts;
		first = &limits[i];
	}
	if (first != NULL && first->is_floor)
		snprintf(what, sizeof(what), "the host's memory");
	else if (first != NULL)
		snprintf(what, sizeof(what), "%s of %s (%s)",
			 display_name_of(first->resource), first->name,
			 units_format(UNIT_BYTES, first->value, value));
	if (first != NULL) {
		print_duration(earliest, duration, sizeof(duration));
		snprintf(text, size,
			 "; at this rate %s lasts %s from the start of the load", what,
			 duration);
	}
	free(rows.data);
	return error;
}

static int64_t
most_held(const struct facts *f)
{
	int64_t most = 0;

	for (size_t i = 0; i < f->counts_count; i++)
		most = f->counts[i].held > most ? f->counts[i].held : most;
	return most;
}

/* No cost is ever known closer than three steps, of all connections together. */
#define NO_COST_STEPS 6

/* What connections cost beside a leak: so much, nothing, or what this run cannot tell. */
static void
print_beside(const struct facts *f, const struct growth *g, char *text, size_t size)
{
	char cost[UNITS_TEXT_SIZE], low[UNITS_TEXT_SIZE], high[UNITS_TEXT_SIZE];

	if (g->per_connection > 0)
		snprintf(text, size, "beside the %s that each connection costs",
			 amount(g, g->per_connection, cost));
	else if (!g->has_cost)
		strlcpy(text, "whether connections cost any is not known", size);
	else if (g->cost_high * (double)most_held(f) <= NO_COST_STEPS * g->resolution)
		strlcpy(text, "no cost of connections", size);
	else
		snprintf(
		    text, size,
		    "no cost of connections that this run can tell from 0 (%s .. %s)",
		    amount(g, g->cost_low, low), amount(g, g->cost_high, high));
}

static int
store_over_time(struct finding_writer *w, const struct facts *f, const struct growth *g)
{
	char text[2 * TEXT], rate[UNITS_TEXT_SIZE], low[UNITS_TEXT_SIZE],
	    high[UNITS_TEXT_SIZE], end[TEXT], earlier[48] = "",
					      beside[2 * UNITS_TEXT_SIZE + 80];

	print_beside(f, g, beside, sizeof(beside));
	if (g->cycle != f->cycle)
		snprintf(earlier, sizeof(earlier), ", as cycle %lld shows",
			 (long long)g->cycle + 1);
	snprintf(text, sizeof(text),
		 "%s of %s grows by %s/s (%s .. %s) while the connections stand still: a"
		 " leak over time, %s%s",
		 display_name_of(g->resource), g->subject, amount(g, g->rate, rate),
		 amount(g, g->low, low), amount(g, g->high, high), beside, earlier);
	if (report(w, g, "leak", text) == -1)
		return -1;
	/* How long it lasts is counted from the start of the cycle that it was seen in. */
	if (g->cycle != f->cycle)
		end[0] = '\0';
	else if (print_end(f, g, end, sizeof(end)) == -1)
		return -1;
	snprintf(text, sizeof(text),
		 "find what keeps %s in %s: run it under heaptrack, or compare two copies"
		 " of /proc/PID/smaps taken a minute apart%s",
		 display_name_of(g->resource), g->subject, end);
	return advise(w, g->subject, text);
}

static int
store_over_cycles(struct finding_writer *w, const struct facts *f, const struct growth *g)
{
	char text[TEXT], rate[UNITS_TEXT_SIZE], low[UNITS_TEXT_SIZE],
	    high[UNITS_TEXT_SIZE], range[2 * UNITS_TEXT_SIZE + 16] = "";

	(void)f;
	if (strcmp(amount(g, g->low, low), amount(g, g->high, high)) != 0)
		snprintf(range, sizeof(range), " (%s .. %s)", low, high);
	snprintf(text, sizeof(text),
		 "%s of %s is %s more after each of %lld cycles%s: a leak, no high-water"
		 " mark",
		 display_name_of(g->resource), g->subject, amount(g, g->rate, rate),
		 (long long)g->cycles, range);
	if (report(w, g, "leak", text) == -1)
		return -1;
	snprintf(text, sizeof(text),
		 "find what is kept in %s of connections that are closed: %s of %s stays "
		 "for each"
		 " time that the load comes and goes",
		 g->subject, amount(g, g->rate, rate), display_name_of(g->resource));
	return advise(w, g->subject, text);
}

static int
store_inconclusive(struct finding_writer *w, const struct facts *f,
		   const struct growth *g)
{
	bool is_whole = f->plan.hold_us % US_PER_S == 0;
	char text[TEXT], rate[UNITS_TEXT_SIZE];

	snprintf(text, sizeof(text),
		 "%s of %s may grow by %s/s: the connections stood still for too short a"
		 " time to tell",
		 display_name_of(g->resource), g->subject, amount(g, g->rate, rate));
	if (report(w, g, "note", text) == -1)
		return -1;
	/* high: the seconds that are needed, which begin to count after the first. */
	snprintf(
	    text, sizeof(text),
	    "hold the connections for longer, so that it can be told whether %s of %s"
	    " leaks: --hold %llds instead of %lld%s",
	    display_name_of(g->resource), g->subject, (long long)ceil(g->high) + 1,
	    (long long)(f->plan.hold_us / (is_whole ? US_PER_S : US_PER_MS)),
	    is_whole ? "s" : "ms");
	return advise(w, g->subject, text);
}

/* What is reported of each row of a query. */
static const struct {
	const char *sql; /* columns as fill_growth() reads them; ?2: the cycle */
	int (*store)(struct finding_writer *w, const struct facts *f,
		     const struct growth *g);
} queries[] = {
	{ "SELECT resource, subject, over_time, over_time_low, over_time_high, 1,"
	  " iif(class = 'both' OR per_connection_low > 0, per_connection, 0), cycle,"
	  " per_connection_low, per_connection_high, (SELECT r.resolution FROM resource r"
	  " WHERE r.kind = leak.kind AND r.name = leak.resource)"
	  " FROM leak WHERE run_id = ?1 AND cycle = " LAST_TOLD
	  " AND class IN ('per-time', 'both') AND" REPORTED
	  " ORDER BY kind, subject, resource",
	  store_over_time },
	{ "SELECT resource, subject, per_cycle, per_cycle_low, per_cycle_high, cycles,"
	  " 0, 0, NULL, NULL, 0 FROM cycle_trend WHERE run_id = ?1 AND ?2 IS NOT NULL "
	  "AND class = "
	  "'leak' "
	  "AND" REPORTED " ORDER BY kind, subject, resource",
	  store_over_cycles },
	{ "SELECT resource, subject, over_time, 0, max(needed_s), 1, 0, cycle, NULL, "
	  "NULL, 0"
	  " FROM leak"
	  " WHERE run_id = ?1 AND cycle = CAST(?2 AS INTEGER) AND class = 'inconclusive'"
	  " AND NOT EXISTS (SELECT 1 FROM leak AS t WHERE t.run_id = leak.run_id AND"
	  " t.kind = leak.kind AND t.subject = leak.subject AND t.resource ="
	  " leak.resource AND t.cycle = " LAST_TOLD
	  " AND t.class IN ('per-time', 'both'))"
	  " AND over_time > 0 AND" REPORTED " HAVING count(*) > 0",
	  store_inconclusive },
};

static int
store_query(struct finding_writer *w, const struct facts *f, size_t i)
{
	struct rows rows = { 0 };
	const struct growth *growth;
	char cycle[32];
	int error;

	snprintf(cycle, sizeof(cycle), "%lld", (long long)f->cycle);
	error = rows_load(&rows, sizeof(*growth), f->db, queries[i].sql, f->run_id, cycle,
			  fill_growth);
	growth = rows.data;
	for (size_t k = 0; k < rows.count && error == 0; k++)
		error = queries[i].store(w, f, &growth[k]);
	free(rows.data);
	return error;
}

/* Memory that is at a cap has not stopped to leak. Where RLIMIT_AS is set, that is it. */
static int
store_cap(struct finding_writer *w, const struct facts *f)
{
	const struct failure *m = facts_out_of_memory(f, NULL);
	struct growth at = { 0 };
	const struct acceptor *a = NULL;
	char text[TEXT], when[UNITS_TEXT_SIZE], cap[UNITS_TEXT_SIZE + 64] = "a limit";
	char value[UNITS_TEXT_SIZE];
	int64_t limit;

	if (m == NULL)
		return 0;
	strlcpy(at.subject, m->worker, sizeof(at.subject));
	for (size_t i = 0; i < f->acceptor_count && a == NULL; i++)
		if (f->acceptors[i].slot == m->slot)
			a = &f->acceptors[i];
	if (a != NULL &&
	    facts_limit(f, "process", a->process_id, "vm_bytes", NULL, &limit, NULL) &&
	    limit < INT64_MAX)
		snprintf(cap, sizeof(cap), "its address space (RLIMIT_AS) of %s",
			 units_format(UNIT_BYTES, limit, value));
	snprintf(
	    text, sizeof(text),
	    "memory of %s grows no more from %s on: %s() → %s, %s keeps it from that;"
	    " its cost and its leak are estimated from the time before",
	    m->worker, units_format(UNIT_US, m->first_us, when), m->call, m->error, cap);
	return report(w, &at, "note", text);
}

struct comeback_row {
	char recovered[16], remains[256];
	double settled_s, service_s, ports_s; /* -1: not */
};

static void
fill_comeback(struct db_statement *s, void *row)
{
	struct comeback_row *c = row;

	db_text_copy(s, 0, c->recovered, sizeof(c->recovered));
	db_text_copy(s, 1, c->remains, sizeof(c->remains));
	c->settled_s = db_is_null(s, 2) ? -1 : db_real(s, 2);
	c->service_s = db_is_null(s, 3) ? -1 : db_real(s, 3);
	c->ports_s = db_is_null(s, 4) ? -1 : db_real(s, 4);
}

/* Newcomers are known of where there was a canary. */
static void
print_recovery(const struct comeback_row *c, bool once, bool has_canary, char *text,
	       size_t size)
{
	bool full = strcmp(c->recovered, "full") == 0;
	char part[96];

	snprintf(text, size, "recovery %s", c->recovered);
	if (c->settled_s >= 0) {
		snprintf(part, sizeof(part), ", all back in %.1f s", c->settled_s);
		strlcat(text, part, size);
	}
	if (c->remains[0] != '\0') {
		strlcat(text, full ? "; " : "; left over: ", size);
		strlcat(text, c->remains, size);
	}
	if (full && once && c->remains[0] != '\0')
		strlcat(text, "; --cycles 3 tells it apart from a leak", size);
	if (c->service_s >= 0)
		snprintf(part, sizeof(part), "; newcomers had service after %.1f s",
			 c->service_s);
	else
		snprintf(part, sizeof(part), "%s",
			 has_canary ? "; newcomers had no service any more" : "");
	strlcat(text, part, size);
	if (c->ports_s >= 0) {
		snprintf(part, sizeof(part), "; the last port was free after %.1f s",
			 c->ports_s);
		strlcat(text, part, size);
	}
}

static int
store_recovery(struct finding_writer *w, const struct facts *f)
{
	static const struct growth server = { .subject = "server" };
	struct rows rows = { 0 };
	struct comeback_row *c;
	char sql[192], text[TEXT];
	int error;

	snprintf(sql, sizeof(sql),
		 "SELECT recovered, remains, settled_s, service_s, ports_s FROM v_cycle"
		 " WHERE run_id = ?1 AND cycle = %lld AND recovered IS NOT NULL",
		 (long long)f->cycle);
	error = rows_load(&rows, sizeof(*c), f->db, sql, f->run_id, NULL, fill_comeback);
	c = rows.data;
	if (error == 0 && rows.count > 0) {
		print_recovery(c, f->cycles == 1,
			       facts_subject(f, "worker", "canary") != -1, text,
			       sizeof(text));
		error = report(w, &server, "recovery", text);
	}
	if (error == 0 && rows.count > 0 && f->cycles == 1 &&
	    strcmp(c->recovered, "full") != 0)
		error = advise(w, "server",
			       "load and release three times, to tell memory that is kept"
			       " for the next time apart from a leak: --cycles 3");
	free(rows.data);
	return error;
}

int
growth_store(struct finding_writer *w, const struct facts *f)
{
	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++)
		if (store_query(w, f, i) == -1)
			return -1;
	return store_cap(w, f) == -1 ? -1 : store_recovery(w, f);
}
