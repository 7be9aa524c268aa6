#include "analyse/cycle.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/limit.h"
#include "analyse/rows.h"
#include "analyse/stats.h"
#include "base/clock.h"
#include "base/units.h"

/* Tracked resources that a run answers for, with what one step of them is. Ports in
 * TIME_WAIT come back by themselves: they are a matter of their own. What the kernel is
 * done with it returns when it pleases. */
#define OF_THE_RUN                                                          \
	" JOIN resource r ON r.kind = v.kind AND r.name = v.resource"       \
	" WHERE v.run_id = ?1 AND v.kind IN ('netns', 'cgroup', 'group')"   \
	" AND v.subject NOT IN ('observers', 'forkers') AND v.resource <> " \
	"'tcp_time_wait' AND v.resource NOT IN ('kernel_memory_bytes',"     \
	" 'socket_memory_bytes')"

/* What was taken, by how much of it is left. The canary's connection comes and goes. Of memory
 * the private part where it is known: shared pages are no connection's. */
static const char left_sql[] =
    "SELECT v.resource, v.subject, v.residual, v.recovered, v.settled_s, r.unit, v.kept,"
    " (SELECT max(o.peak - o.base) FROM recovery AS o WHERE o.run_id = v.run_id AND"
    " o.cycle = v.cycle AND o.kind = v.kind AND o.subject = v.subject AND"
    " o.resource = 'fds')"
    " FROM v_recovery v" OF_THE_RUN
    " AND v.cycle = %lld AND v.peak - v.base > 3 * r.resolution"
    " AND NOT (v.resource = 'rss_bytes' AND EXISTS (SELECT 1 FROM recovery AS o"
    " WHERE o.run_id = v.run_id AND o.cycle = v.cycle AND o.kind = v.kind AND"
    " o.subject = v.subject AND o.resource = 'private_bytes'))"
    " ORDER BY v.residual / (v.peak - v.base) DESC, v.kind, v.subject, v.resource";

struct left {
	char resource[FACTS_NAME], subject[FACTS_NAME];
	double residual, recovered;
	double settled_s; /* -1: it did not */
	enum unit unit;
	bool is_kept; /* no more than an allocator keeps */
	int64_t connections;
};

static void
fill_left(struct db_statement *s, void *row)
{
	struct left *left = row;

	db_text_copy(s, 0, left->resource, sizeof(left->resource));
	db_text_copy(s, 1, left->subject, sizeof(left->subject));
	left->residual = db_real(s, 2);
	left->recovered = db_real(s, 3);
	left->settled_s = db_is_null(s, 4) ? -1 : db_real(s, 4);
	left->unit = strcmp(db_text(s, 5), "bytes") == 0 ? UNIT_BYTES : UNIT_COUNT;
	left->is_kept = !db_is_null(s, 6) && db_int(s, 6) != 0;
	left->connections = db_is_null(s, 7) ? 0 : db_int(s, 7);
}

struct back {
	const char *word; /* full, partial, none; NULL: nothing was taken */
	int64_t settled_us;
	double kept; /* bytes that an allocator may have kept */
	int64_t connections;
	char left[512];
};

static void
add_left(struct back *back, const char *text)
{
	if (back->left[0] != '\0')
		strlcat(back->left, ", ", sizeof(back->left));
	strlcat(back->left, text, sizeof(back->left));
}

static void
list_left(struct back *back, const struct left *left)
{
	char amount[UNITS_TEXT_SIZE], text[192];

	snprintf(text, sizeof(text), "%s of %s: %s", display_name_of(left->resource),
		 left->subject,
		 units_format(left->unit, (int64_t)left->residual, amount));
	add_left(back, text);
}

/* Less than before is nothing left over: a process has gone. */
static bool
is_back(const struct left *left)
{
	return left->settled_s >= 0 || left->residual < 0 || left->is_kept;
}

static void
look_at(struct back *back, const struct left *left)
{
	int64_t settled_us = llround(left->settled_s * (double)US_PER_S);

	if (left->settled_s >= 0 && settled_us > back->settled_us)
		back->settled_us = settled_us;
	if (!is_back(left))
		list_left(back, left);
	else if (left->settled_s < 0 && left->residual > 0) {
		back->kept += left->residual;
		if (left->connections > back->connections)
			back->connections = left->connections;
	}
}

/* "memory kept by the allocator: 316.0 KiB (16 B per connection)" */
static void
list_kept(struct back *back)
{
	char amount[UNITS_TEXT_SIZE], each[UNITS_TEXT_SIZE], part[64] = "", text[192];

	if (back->connections > 0)
		snprintf(part, sizeof(part), " (%s per connection)",
			 units_format(UNIT_BYTES,
				      llround(back->kept / (double)back->connections),
				      each));
	snprintf(text, sizeof(text), "memory kept by the allocator: %s%s",
		 units_format(UNIT_BYTES, llround(back->kept), amount), part);
	add_left(back, text);
}

static void
judge(struct back *back, const struct left *left, size_t n)
{
	size_t settled = 0, things = 0, gone = 0;

	for (size_t i = 0; i < n; i++) {
		bool is_thing = left[i].unit == UNIT_COUNT;

		things += is_thing;
		gone += is_thing && left[i].recovered < 0.01;
		settled += is_back(&left[i]);
		look_at(back, &left[i]);
	}
	if (n == 0)
		return;
	back->word = settled == n                   ? "full"
		     : things > 0 && gone == things ? "none"
						    : "partial";
	if (settled < n)
		back->settled_us = -1;
	if (back->kept > 0)
		list_kept(back);
}

static int
find_back(const struct facts *f, struct back *back)
{
	struct rows rows = { 0 };
	char sql[sizeof(left_sql) + 32];
	int error;

	*back = (struct back){ .settled_us = -1 };
	snprintf(sql, sizeof(sql), left_sql, (long long)f->cycle);
	error =
	    rows_load(&rows, sizeof(struct left), f->db, sql, f->run_id, NULL, fill_left);
	if (error == 0)
		judge(back, rows.data, rows.count);
	free(rows.data);
	return error;
}

/* The first tick after the release that shows a visit of the canary's that was served
 * since, less the release; -1: none. */
static int64_t
time_to_service(const struct facts *f)
{
	char sql[768];

	snprintf(
	    sql, sizeof(sql),
	    "SELECT min(t.t_us) - %lld FROM tick t JOIN subject s ON s.run_id = t.run_id"
	    " AND s.kind = 'worker' AND s.name = 'canary'"
	    " JOIN worker_sample w ON w.run_id = t.run_id AND w.tick = t.tick"
	    " AND w.subject = s.subject WHERE t.run_id = ?1 AND t.t_us BETWEEN %lld AND "
	    "%lld"
	    " AND w.served_total > (SELECT b.served_total FROM worker_sample b JOIN tick"
	    " USING (run_id, tick) WHERE b.run_id = ?1 AND b.subject = s.subject"
	    " AND tick.t_us <= %lld ORDER BY tick.tick DESC LIMIT 1)",
	    (long long)f->release_us, (long long)f->release_us,
	    (long long)f->phases_end_us, (long long)f->release_us);
	return db_query_int(f->db, sql, f->run_id, -1);
}

/* All is not back while newcomers have no service, where that was tried. */
static void
judge_service(const struct facts *f, struct back *back, int64_t service_us)
{
	if (back->word == NULL || service_us >= 0 ||
	    facts_subject(f, "worker", "canary") == -1)
		return;
	if (strcmp(back->word, "full") == 0)
		back->word = "partial";
	back->settled_us = -1;
}

struct second {
	int64_t t_us, p50_us;
};

static void
fill_second(struct db_statement *s, void *row)
{
	struct second *second = row;

	second->t_us = db_int(s, 0);
	second->p50_us = db_int(s, 1);
}

/* Since the release, until the canary's visits are as fast as before the run's load; -1:
 * not. */
static int64_t
time_to_latency(const struct facts *f, const struct second *seconds, size_t n)
{
	double *before = rows_alloc(n, sizeof(*before)), usual;
	int64_t first_ramp_us = db_query_int(
	    f->db, "SELECT min(from_us) FROM phase WHERE run_id = ?1 AND name = 'ramp'",
	    f->run_id, 0);
	size_t count = 0;

	for (size_t i = 0; i < n && seconds[i].t_us <= first_ramp_us; i++)
		before[count++] = (double)seconds[i].p50_us;
	usual = count > 0 ? stats_median(before, count) : 0;
	free(before);
	for (size_t i = 0; i < n && count > 0; i++)
		if (seconds[i].t_us > f->release_us &&
		    seconds[i].t_us <= f->phases_end_us &&
		    (double)seconds[i].p50_us <= 2 * usual)
			return seconds[i].t_us - f->release_us;
	return -1;
}

static int
find_latency(const struct facts *f, int64_t *us)
{
	struct rows rows = { 0 };
	int error = rows_load(&rows, sizeof(struct second), f->db,
			      "SELECT t_us, p50_us FROM latency WHERE run_id = ?1"
			      " AND kind = 'canary' ORDER BY t_us",
			      f->run_id, NULL, fill_second);

	*us = error == 0 ? time_to_latency(f, rows.data, rows.count) : -1;
	free(rows.data);
	return error;
}

/* Since the release, until the last port was out of TIME_WAIT; -1: not. */
static int64_t
time_to_ports(const struct facts *f)
{
	char sql[192];

	snprintf(sql, sizeof(sql),
		 "SELECT settled_us FROM recovery WHERE run_id = ?1 AND cycle = %lld"
		 " AND resource = 'tcp_time_wait' AND recovered IS NOT NULL",
		 (long long)f->cycle);
	return db_query_int(f->db, sql, f->run_id, -1);
}

static void
bind_known(struct db_statement *s, int parameter, int64_t value)
{
	if (value >= 0 && value != FACTS_NEVER)
		db_bind_int(s, parameter, value);
}

int
cycle_store(const struct facts *f)
{
	const struct counts_at *m = &f->total;
	const int64_t counts[] = { m->attempted, m->established, m->accepted,
				   m->served,    m->failed,      m->missed,
				   m->transient, m->lost,        m->released };
	struct db_statement *s;
	int64_t latency_us = -1, service_us = -1;
	struct back back = { 0 };
	int error;

	if (f->attempt_us == FACTS_NEVER)
		return 0;
	if (f->release_us != FACTS_NEVER &&
	    (find_back(f, &back) == -1 || find_latency(f, &latency_us) == -1))
		return -1;
	if (f->release_us != FACTS_NEVER) {
		service_us = time_to_service(f);
		judge_service(f, &back, service_us);
	}
	s = db_prepare(
	    f->db, "INSERT INTO cycle (run_id, cycle, from_us, release_us, to_us,"
		   " recovered, remains, settled_us, service_us, latency_us, ports_us,"
		   " attempted, established, accepted, served, failed, missed, transient,"
		   " lost, released)"
		   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,"
		   " ?15, ?16, ?17, ?18, ?19, ?20)");
	if (s == NULL)
		return -1;
	db_bind_int(s, 1, f->run_id);
	db_bind_int(s, 2, f->cycle);
	db_bind_int(s, 3, f->attempt_us);
	bind_known(s, 4, f->release_us);
	bind_known(s, 5, f->phases_end_us);
	if (f->release_us != FACTS_NEVER) {
		db_bind_text(s, 6, back.word);
		db_bind_text(s, 7, back.left[0] != '\0' ? back.left : NULL);
		bind_known(s, 8, back.settled_us);
		bind_known(s, 9, service_us);
		bind_known(s, 10, latency_us);
		bind_known(s, 11, time_to_ports(f));
	}
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		db_bind_int(s, 12 + (int)i, counts[i]);
	error = db_run(s);
	db_finish(s);
	return error;
}

/* Of one resource after one cycle. */
struct rest {
	char kind[16], resource[FACTS_NAME], subject[FACTS_NAME];
	double residual, taken, resolution;
};

/* What a cycle left in which memory met a cap is less than it would have left. */
static const char rests_sql[] =
    "SELECT v.kind, v.resource, v.subject, v.residual, v.peak - v.base, r.resolution"
    " FROM recovery v" OF_THE_RUN " AND NOT (v.subject = 'acceptors' AND r.unit = 'bytes'"
    " AND EXISTS (SELECT 1 FROM failure x WHERE x.run_id = v.run_id AND x.cycle = v.cycle"
    " AND x.role = 'acceptor' AND x.error = 'ENOMEM'))"
    " ORDER BY v.kind, v.subject, v.resource, v.cycle";

static void
fill_rest(struct db_statement *s, void *row)
{
	struct rest *rest = row;

	db_text_copy(s, 0, rest->kind, sizeof(rest->kind));
	db_text_copy(s, 1, rest->resource, sizeof(rest->resource));
	db_text_copy(s, 2, rest->subject, sizeof(rest->subject));
	rest->residual = db_real(s, 3);
	rest->taken = db_real(s, 4);
	rest->resolution = db_real(s, 5);
}

static bool
is_same(const struct rest *a, const struct rest *b)
{
	return strcmp(a->kind, b->kind) == 0 && strcmp(a->resource, b->resource) == 0 &&
	       strcmp(a->subject, b->subject) == 0;
}

/* More than what a step or a hundredth of what was taken may make. */
static bool
is_kept(const struct rest *rest)
{
	double hundredth = 0.01 * rest->taken;

	return rest->residual >
	       (hundredth > 3 * rest->resolution ? hundredth : 3 * rest->resolution);
}

static const char *
classify(const struct rest *rests, size_t n)
{
	size_t later = 0;

	for (size_t i = 1; i < n; i++)
		later += is_kept(&rests[i]);
	if (later == 0)
		return is_kept(&rests[0]) ? "high-water" : "none";
	return later == n - 1 && n > 2 ? "leak" : "inconclusive";
}

static int
store_trend(struct db_statement *s, const struct facts *f, const struct rest *named,
	    const struct slope *slope, size_t n, const char *class)
{
	db_bind_int(s, 1, f->run_id);
	db_bind_text(s, 2, named->kind);
	db_bind_text(s, 3, named->resource);
	db_bind_text(s, 4, named->subject);
	db_bind_int(s, 5, (int64_t)n);
	if (slope->n > 0) {
		db_bind_real(s, 6, slope->value);
		db_bind_real(s, 7, slope->low);
		db_bind_real(s, 8, slope->high);
	}
	db_bind_text(s, 9, class);
	return db_run(s);
}

/* The mean of what the cycles left, the least and the most of it. The first counts too, but
 * where it left more than any other: that is what memory keeps for the next time. */
static struct slope
mean_rest(const struct rest *rests, size_t n)
{
	double most = rests[1].residual, sum = 0;
	struct slope mean;
	size_t first;

	for (size_t i = 2; i < n; i++)
		most = fmax(most, rests[i].residual);
	first = rests[0].residual - most > 3 * rests[0].resolution;
	mean.low = mean.high = rests[first].residual;
	for (size_t i = first; i < n; i++) {
		sum += rests[i].residual;
		mean.low = fmin(mean.low, rests[i].residual);
		mean.high = fmax(mean.high, rests[i].residual);
	}
	mean.value = sum / (double)(n - first);
	mean.n = n - first;
	return mean;
}

/* What is left after each cycle adds up. */
static int
store_rests(struct db_statement *s, const struct facts *f, const struct rest *rests,
	    size_t n)
{
	struct slope mean = mean_rest(rests, n);

	return store_trend(s, f, rests, &mean, n, classify(rests, n));
}

/* Of the run as a whole: where it broke, and how long it took to recover. */
static const struct {
	struct rest named;
	const char *sql;
} of_run[] = {
	{ { .kind = "run", .resource = "broke_held", .subject = "run" },
	  "SELECT cycle, held FROM breaking_point WHERE run_id = ?1 ORDER BY cycle" },
	{ { .kind = "run", .resource = "settled_us", .subject = "run" },
	  "SELECT cycle, settled_us FROM cycle WHERE run_id = ?1"
	  " AND settled_us IS NOT NULL"
	  " ORDER BY cycle" },
};

struct of_cycle {
	double cycle, value;
};

static void
fill_figure(struct db_statement *s, void *row)
{
	struct of_cycle *figure = row;

	figure->cycle = db_real(s, 0);
	figure->value = db_real(s, 1);
}

/* Against the number of the cycle: a figure need not be known of each. */
static int
store_figure(struct db_statement *s, const struct facts *f, const struct rest *named,
	     const struct of_cycle *figure, size_t n)
{
	double *x = rows_alloc(2 * n, sizeof(*x)), *y = x + n;
	struct slope slope = { 0 };

	for (size_t i = 0; i < n; i++) {
		x[i] = figure[i].cycle;
		y[i] = figure[i].value;
	}
	(void)stats_theil_sen(x, y, n, STATS_Z95, &slope);
	free(x);
	return store_trend(s, f, named, &slope, n,
			   n < 3            ? "inconclusive"
			   : slope.low > 0  ? "rising"
			   : slope.high < 0 ? "falling"
					    : "none");
}

static int
store_figures(struct db_statement *s, const struct facts *f)
{
	int error = 0;

	for (size_t i = 0; i < sizeof(of_run) / sizeof(of_run[0]) && error == 0; i++) {
		struct rows rows = { 0 };

		error = rows_load(&rows, sizeof(struct of_cycle), f->db, of_run[i].sql,
				  f->run_id, NULL, fill_figure);
		if (error == 0 && rows.count > 1)
			error =
			    store_figure(s, f, &of_run[i].named, rows.data, rows.count);
		free(rows.data);
	}
	return error;
}

int
cycle_trends_store(const struct facts *f)
{
	struct db_statement *s;
	struct rows rows = { 0 };
	int error;

	if (f->cycles < 2)
		return 0;
	s = db_prepare(f->db, "INSERT INTO cycle_trend (run_id, kind, resource, subject,"
			      " cycles, per_cycle, per_cycle_low, per_cycle_high, class)"
			      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
	if (s == NULL)
		return -1;
	error = rows_load(&rows, sizeof(struct rest), f->db, rests_sql, f->run_id, NULL,
			  fill_rest);
	for (size_t i = 0, next; i < rows.count && error == 0; i = next) {
		const struct rest *rests = rows.data;

		for (next = i + 1; next < rows.count && is_same(&rests[i], &rests[next]);
		     next++)
			;
		if (next - i > 1)
			error = store_rests(s, f, &rests[i], next - i);
	}
	if (error == 0)
		error = store_figures(s, f);
	free(rows.data);
	db_finish(s);
	return error;
}
