#include "analyse/forecast.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/rows.h"
#include "analyse/slopes.h"
#include "base/clock.h"
#include "model/limit.h"
#include "model/resource.h"
#include "plan/ceiling.h"
#include "sample/settings.h"

/* What is everybody's, and of which resource of brink's groups the sum is its part. */
static const struct {
	const char *kind, *resource, *own;
} shared[] = {
	{ "host", "files", "fds" },
	{ "host", "threads", "processes" },
	{ "host", "user_threads", "processes" },
	{ "host", "process_ids", "processes" },
	{ "cgroup", "pids", "processes" },
};

/* Observers stay as many. */
static const char *const groups[] = { "acceptors", "handlers", "forkers", "clients",
				      "target" };

static double
resolution_of(const char *kind, const char *resource)
{
	for (size_t i = 0; i < resource_count; i++)
		if (strcmp(resources[i].name, resource) == 0 &&
		    strcmp(subject_kind_name(resources[i].subject), kind) == 0 &&
		    resources[i].resolution > 0)
			return (double)resources[i].resolution;
	return 1;
}

static const char *
own_of(const char *kind, const char *resource)
{
	for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++)
		if (strcmp(shared[i].kind, kind) == 0 &&
		    strcmp(shared[i].resource, resource) == 0)
			return shared[i].own;
	return NULL;
}

/* Adds what another series had at each point. */
static void
add_series(struct series *sum, const struct series *other)
{
	double value = 0;
	size_t k = 0;

	for (size_t i = 0; i < sum->count; i++) {
		for (; k < other->count && other->points[k].t_us <= sum->points[i].t_us;
		     k++)
			value = other->points[k].value;
		sum->points[i].value += value;
	}
}

/* The sum over brink's groups, at the ticks of the first of them. */
static void
load_groups(struct series *sum, const struct facts *f, const char *resource)
{
	*sum = (struct series){ 0 };
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		struct series one;

		if (series_load(&one, f, "group", facts_subject(f, "group", groups[i]),
				resource) == 0 &&
		    sum->count == 0) {
			series_free(sum);
			*sum = one;
			continue;
		}
		add_series(sum, &one);
		series_free(&one);
	}
	series_take_side(sum, f, SIDE_BOTH);
}

/* What others had: the median of the last second before until_us, or the last value. */
static double
others_at(const struct series *all, const struct series *own, const struct facts *f,
	  int64_t until_us)
{
	int64_t end = until_us < facts_load_end(f) ? until_us : facts_load_end(f);
	double *left = rows_alloc(all->count + 1, sizeof(*left)), others = 0;
	size_t n = 0;

	for (size_t i = 0; i < all->count && all->points[i].t_us <= end; i++) {
		const struct point *p = &all->points[i];

		others = p->value - series_at(own, p->t_us, 0);
		if (p->t_us > end - US_PER_S)
			left[n++] = others;
	}
	if (n > 0)
		others = stats_median(left, n);
	free(left);
	return others;
}

/* What grew with time since the load began, against what the connections took: beside less
 * than a tenth of it the connections still say when a limit is met. */
#define OF_TIME 10

static double
moved_by_time(const struct slopes *s, const struct facts *f, int64_t until_us)
{
	int64_t end = until_us < facts_load_end(f) ? until_us : facts_load_end(f);
	double grown = s->taken_out * (double)(end - f->attempt_us) / (double)US_PER_S;
	double cost = s->has_per_connection ? fmax(s->per_connection.value, 0) : 0;

	return grown * OF_TIME > cost * s->held ? s->taken_out : 0;
}

static bool
fit(struct forecast_line *line, const struct facts *f, const struct series *s,
    double resolution, int64_t until_us)
{
	struct slopes slopes;

	if (s->count == 0)
		return false;
	slopes_find(&slopes, f, s, resolution, until_us);
	line->per_second = fmax(moved_by_time(&slopes, f, until_us), 0);
	line->base = slopes.intercept;
	line->cost = slopes.per_connection.value;
	line->low = slopes.per_connection.low;
	line->high = slopes.per_connection.high;
	return slopes.has_per_connection && line->low > 0 && line->per_second == 0;
}

/* own is brink's part of the usage; it is freed. */
static bool
fit_shared(struct forecast_line *line, const struct facts *f, struct series *own,
	   const struct series *usage, int64_t until_us)
{
	bool known = usage->count > 0 && fit(line, f, own, 1, until_us);

	if (known)
		line->base += others_at(usage, own, f, until_us);
	series_free(own);
	return known;
}

static double
largest_step(const struct series *s, int64_t from_us, int64_t until_us)
{
	double step = 0;

	for (size_t i = 1; i < s->count; i++)
		if (s->points[i].t_us > from_us && s->points[i].t_us <= until_us)
			step = fmax(step, s->points[i].value - s->points[i - 1].value);
	return step;
}

/* As moved_by_time(), of what was filled, by what resident memory shows of it. */
static double
resident_by_time(const struct facts *f, int64_t subject, const struct series *filled,
		 int64_t until_us)
{
	double resident = slopes_of_resident(f, "process", subject, until_us);
	int64_t end = until_us < facts_load_end(f) ? until_us : facts_load_end(f);
	double grown = resident * (double)(end - f->attempt_us) / (double)US_PER_S;
	double taken = series_at(filled, end, 0) - series_base(filled, f, NULL);

	return resident > 0 && grown * OF_TIME > taken ? resident : 0;
}

/* Address space is mapped ahead, in steps, and filled as it is needed: what a connection
 * costs is what was filled for it. */
static bool
fit_mapped(struct forecast_line *line, const struct facts *f, int64_t subject,
	   const struct series *usage, int64_t until_us)
{
	struct series filled;
	bool known;

	if (series_load(&filled, f, "process", subject, "private_bytes") == -1 ||
	    usage->count == 0) {
		series_free(&filled);
		return false;
	}
	known = fit(line, f, &filled, RESOURCE_PAGE_BYTES, until_us);
	if (known && line->per_second == 0)
		line->per_second = resident_by_time(f, subject, &filled, until_us);
	known &= line->per_second == 0;
	if (known) {
		line->base = series_base(usage, f, NULL) +
			     fmax(0, line->base - series_base(&filled, f, NULL));
		line->step = largest_step(usage, f->attempt_us, until_us);
	}
	series_free(&filled);
	return known;
}

bool
forecast_line(struct forecast_line *line, const struct facts *f, const char *kind,
	      int64_t subject, const char *resource, const struct series *usage,
	      int64_t until_us)
{
	const char *part = own_of(kind, resource);
	struct series own;

	*line = (struct forecast_line){ 0 };
	if (part != NULL) {
		load_groups(&own, f, part);
		return fit_shared(line, f, &own, usage, until_us);
	}
	if (strcmp(kind, "process") == 0 && strcmp(resource, "vm_bytes") == 0)
		return fit_mapped(line, f, subject, usage, until_us);
	return fit(line, f, usage, resolution_of(kind, resource), until_us);
}

/* The line through the private memory of all processes of the run. It is read at every tenth
 * tick only: whether it grows with time all resident
 * memory tells sooner. */
static bool
memory_line(struct forecast_line *line, const struct facts *f, int64_t until_us)
{
	struct forecast_line resident = { 0 };
	struct series own;
	bool known;

	*line = (struct forecast_line){ 0 };
	load_groups(&own, f, "private_bytes");
	known = fit(line, f, &own, RESOURCE_PAGE_BYTES, until_us);
	series_free(&own);
	load_groups(&own, f, "rss_bytes");
	(void)fit(&resident, f, &own, RESOURCE_PAGE_BYTES, until_us);
	series_free(&own);
	line->per_second = fmax(line->per_second, resident.per_second);
	return known && line->per_second == 0;
}

struct ceiling_row {
	char kind[16], resource[FACTS_NAME], name[FACTS_NAME];
	enum role role;
	int64_t subject, value;
};

struct prediction {
	int64_t made_at_us, made_at_held;
	double load;   /* connections of the side that has the ceiling */
	double others; /* of those, what is not the run's: it takes room from the run's */
	const struct ceiling_row *ceiling;
	double at, low, high;
};

/* One row a resource and subject: of several sources the lowest counts. */
static const char ceilings_sql[] =
    "SELECT l.kind, l.resource, s.name, l.subject, min(l.value), s.role FROM "
    "resource_limit l"
    " JOIN subject s ON s.run_id = l.run_id AND s.kind = l.kind AND s.subject = l.subject"
    " LEFT JOIN process p ON l.kind = 'process' AND p.run_id = l.run_id"
    " AND p.process_id = l.subject"
    " WHERE l.run_id = ?1 AND (l.kind IN ('host', 'netns', 'cgroup', 'group')"
    " OR (p.role = 'client' AND p.slot = 0 AND l.resource = 'fds')"
    " OR (p.role IN ('acceptor', 'target') AND p.from_us <= %lld AND coalesce(p.to_us, "
    "%lld) >= %lld))"
    " GROUP BY l.kind, l.subject, l.resource HAVING min(l.value) < 9223372036854775807"
    " ORDER BY l.kind, l.subject, l.resource";

/* All acceptors together: of a shared listener any of them may take a connection. */
static const char together_sql[] =
    "SELECT 'group', 'fds', g.name, g.subject, sum(a.value), g.role FROM subject g JOIN"
    " (SELECT min(l.value) AS value FROM resource_limit l JOIN process p"
    " ON p.run_id = l.run_id AND p.process_id = l.subject AND p.role = 'acceptor'"
    " WHERE l.run_id = ?1 AND l.kind = 'process' AND l.resource = 'fds'"
    " AND p.from_us <= %lld AND coalesce(p.to_us, %lld) >= %lld GROUP BY l.subject) a"
    " WHERE g.run_id = ?1 AND g.kind = 'group' AND g.name = 'acceptors'"
    " HAVING count(*) > 1";

static void
fill_ceiling(struct db_statement *s, void *row)
{
	struct ceiling_row *ceiling = row;

	db_text_copy(s, 0, ceiling->kind, sizeof(ceiling->kind));
	db_text_copy(s, 1, ceiling->resource, sizeof(ceiling->resource));
	db_text_copy(s, 2, ceiling->name, sizeof(ceiling->name));
	ceiling->subject = db_int(s, 3);
	ceiling->value = db_int(s, 4);
	ceiling->role = db_is_null(s, 5) ? ROLE_NONE : role_find(db_text(s, 5));
}

/* A ramp ends one where the run broke in it. */
static bool
ends_a_forecast(const struct facts *f, const struct phase_span *s, int64_t broke_us)
{
	if (strcmp(s->name, "ramp") == 0)
		return s->from_us < broke_us && broke_us <= s->to_us;
	return phase_span_is_still(s) && s->to_us <= f->end_us && s->to_us > s->from_us &&
	       s->from_us < broke_us;
}

/* Every connection takes one port: the ceiling is the forecast, but for what is bound, which
 * is so for each source address. */
static bool
predict_ports(struct prediction *p, const struct facts *f)
{
	int64_t bound = facts_setting_int(f, SETTING_PORTS_BOUND, 0);

	if (strcmp(p->ceiling->kind, "group") != 0 ||
	    strcmp(p->ceiling->resource, "held") != 0)
		return false;
	p->at = (double)(p->ceiling->value - bound * f->plan.sources);
	p->at = p->low = p->high = fmax(p->at, 0);
	return true;
}

static bool
predict(struct prediction *p, const struct facts *f, const struct series *s,
	int64_t until_us)
{
	const struct ceiling_row *ceiling = p->ceiling;
	struct forecast_line line;
	double room;

	if (!forecast_line(&line, f, ceiling->kind, ceiling->subject, ceiling->resource,
			   s, until_us))
		return false;
	room = (double)ceiling->value - line.base;
	if (room < 0)
		return false;
	p->at = room / line.cost;
	p->low = line.step < room ? (room - line.step) / line.high : 0;
	/* There are so many, and it is not met. */
	if (p->low < p->load && line.step > 0)
		p->low = p->load;
	p->high = room / line.low;
	return true;
}

/* Of what the host has left the guard lets the run have all but its own. The kernel's part
 * of a connection, which is charged to no process, is as the plan takes it to be, and the
 * processes' part is measured. */
static bool
predict_memory(struct prediction *p, const struct facts *f, const struct series *left)
{
	struct forecast_line own;
	double held = p->load, room, cost = (double)CEILING_PAIR_BYTES;

	if (memory_line(&own, f, p->made_at_us))
		cost += fmax(own.cost, 0);
	if (own.per_second > 0 || left->count == 0)
		return false;
	room = series_at(left, p->made_at_us, 0) - (double)p->ceiling->value;
	if (room <= 0)
		return false;
	p->at = held + room / cost;
	p->low = held + room / (2 * cost);
	p->high = held + 2 * room / cost;
	return true;
}

static bool
is_clients(const struct ceiling_row *ceiling)
{
	return strcmp(ceiling->kind, "process") == 0 && ceiling->role == ROLE_CLIENT;
}

/* The end of the last plateau or hold up to until_us; 0: there was none. */
static int64_t
last_still(const struct facts *f, int64_t until_us)
{
	int64_t end_us = 0;

	for (size_t i = 0; i < f->phase_span_count; i++) {
		const struct phase_span *s = &f->phase_spans[i];

		if (phase_span_is_still(s) && s->from_us < until_us)
			end_us = s->to_us < until_us ? s->to_us : until_us;
	}
	return end_us;
}

/* A forker's clients fill one after the other: the first of each is full first, or has its
 * share before it can be. */
static bool
predict_client(struct prediction *p, const struct facts *f, const struct series *s)
{
	int64_t per_client = f->plan.per_client;
	int64_t forkers = f->plan.forkers, has, own;
	int64_t still_us = last_still(f, p->made_at_us);
	const struct point *last = series_last(s, still_us);
	bool exact = last != NULL;

	if (!exact)
		last = series_last(s, p->made_at_us);
	if (last == NULL || per_client == 0)
		return false;
	has = (int64_t)last->held / forkers;
	has = has < per_client ? has : per_client;
	own = (int64_t)last->value - has;
	if (own < 0 || per_client <= p->ceiling->value - own)
		return false;
	p->at = p->low = p->high = (double)((p->ceiling->value - own) * forkers);
	/* On a ramp one client may be ahead of another. */
	p->low -= exact ? 0 : (double)forkers;
	p->high += exact ? 0 : (double)forkers;
	return true;
}

static bool
is_one_acceptors(const struct ceiling_row *ceiling)
{
	return strcmp(ceiling->kind, "process") == 0 && !is_clients(ceiling) &&
	       strcmp(ceiling->resource, "fds") == 0;
}

/*
 * In a group the kernel spreads connections by a hash: an acceptor's share of them is
 * binomial, and no trend. Of so many acceptors the first counts, which is farther out than
 * one of them alone: the maximum of normal deviates grows with the root of 2 ln n.
 */
static double
deviate(const struct facts *f)
{
	return sqrt(STATS_Z95 * STATS_Z95 + 2 * log((double)f->acceptor_count));
}

/* The share of one acceptor: an even one, unless what it has says otherwise. */
static double
share_of(const struct facts *f, double has, double held)
{
	double even = 1 / (double)f->acceptor_count;
	double spread = sqrt(held * even * (1 - even));

	return held > 0 && fabs(has - held * even) > 4 * spread + 1 ? has / held : even;
}

/* How many more must come until it has as many more as there is room for: the number of
 * trials of a negative binomial distribution. */
static void
predict_share(struct prediction *p, const struct facts *f, const struct series *s)
{
	double held = (double)p->made_at_held, base = series_base(s, f, NULL);
	double has = series_at(s, p->made_at_us, base) - base;
	double room = (double)p->ceiling->value - base - has;
	double share = share_of(f, has, held), spread;

	if (room < 0 || share <= 0)
		return;
	spread = deviate(f) * sqrt(room * (1 - share)) / share;
	p->at = held + room / share;
	p->low = fmax(p->at - spread, held);
	p->high = p->at + spread;
}

/* What else an acceptor has goes with its share too. */
static void
widen_by_share(struct prediction *p, const struct facts *f)
{
	double share = 1 / (double)f->acceptor_count;
	double known = share * p->load / (1 - share);
	double by = known > 0 ? deviate(f) / sqrt(known) : 1;

	if (p->low <= 0)
		return;
	p->low = p->at / (1 + hypot(by, p->at / p->low - 1));
	p->high = p->at * (1 + hypot(by, p->high / p->at - 1));
}

/* One of several acceptors, which do not take connections in turn. */
static bool
is_random(const struct facts *f, const struct ceiling_row *ceiling)
{
	return f->acceptor_count > 1 && strcmp(ceiling->kind, "process") == 0 &&
	       !is_clients(ceiling);
}

static bool
is_memory(const struct ceiling_row *ceiling)
{
	return strcmp(ceiling->resource, "available_bytes") == 0;
}

/* On a ramp alone connections and time grow together: memory that leaks is not told there from
 * what connections cost. */
static bool
is_told_from_time(const struct facts *f, const struct ceiling_row *ceiling,
		  int64_t until_us)
{
	int64_t from_us, to_us;

	return display_name_unit(ceiling->resource) != UNIT_BYTES ||
	       facts_still(f, until_us, &from_us, &to_us);
}

/* By what is known of the resource, which depends on what it is. */
static bool
predict_any(struct prediction *p, const struct facts *f, const struct series *s)
{
	const struct ceiling_row *ceiling = p->ceiling;

	if (is_clients(ceiling))
		return predict_client(p, f, s);
	if (is_memory(ceiling))
		return predict_memory(p, f, s);
	if (predict_ports(p, f))
		return true;
	if (!predict(p, f, s, p->made_at_us))
		return false;
	if (is_random(f, ceiling) && is_one_acceptors(ceiling))
		predict_share(p, f, s);
	else if (is_random(f, ceiling))
		widen_by_share(p, f);
	return true;
}

/* Connections of the side that has the ceiling, and how many of them are not the run's. */
static void
count_load(struct prediction *p, const struct counts_at *counts, enum side side)
{
	int64_t load = side_load(side, counts);
	bool strangers = counts->strangers > 0 && side != SIDE_CLIENT;

	p->made_at_held = counts->held;
	p->load = (double)load;
	if (strangers && load > counts->held)
		p->others = (double)(load - counts->held);
}

/* What strangers have is theirs: the run's own connections meet the ceiling earlier. */
static void
leave_out_others(struct prediction *p)
{
	p->at = fmax(p->at - p->others, 0);
	p->low = fmax(p->low - p->others, 0);
	p->high = fmax(p->high - p->others, 0);
}

/* The counts then: at a break connections may be lost already that were there a tick before. */
static struct counts_at
most_at(const struct facts *f, int64_t t_us)
{
	struct counts_at last = facts_at(f, t_us),
			 before = facts_at(f, t_us - f->plan.interval_us);

	return before.held > last.held ? before : last;
}

/* What was known of one ceiling at each plateau. */
static int
predict_ceiling(const struct facts *f, const struct ceiling_row *ceiling,
		int64_t broke_us, struct rows *predictions)
{
	bool ports = strcmp(ceiling->resource, "held") == 0;
	struct series series = { 0 };

	if (!ports && series_load(&series, f, ceiling->kind, ceiling->subject,
				  ceiling->resource) == -1) {
		series_free(&series);
		return -1;
	}
	for (size_t i = 0; i < f->phase_span_count; i++) {
		const struct phase_span *s = &f->phase_spans[i];
		struct prediction p = { .ceiling = ceiling };
		struct counts_at counts;

		if (!ends_a_forecast(f, s, broke_us))
			continue;
		p.made_at_us = s->to_us < broke_us ? s->to_us : broke_us;
		counts = most_at(f, p.made_at_us);
		count_load(&p, &counts, series.side);
		if (!phase_span_is_still(s) &&
		    !is_told_from_time(f, ceiling, p.made_at_us))
			continue;
		if (!predict_any(&p, f, &series))
			continue;
		leave_out_others(&p);
		*(struct prediction *)rows_add(predictions, sizeof(p)) = p;
	}
	series_free(&series);
	return 0;
}

static int
compare_predictions(const void *a, const void *b)
{
	const struct prediction *x = a, *y = b;

	if (x->made_at_us != y->made_at_us)
		return x->made_at_us < y->made_at_us ? -1 : 1;
	if (x->at < y->at || x->at > y->at)
		return x->at < y->at ? -1 : 1;
	return x->ceiling < y->ceiling ? -1 : x->ceiling > y->ceiling;
}

static int
store(const struct facts *f, const struct prediction *p, size_t n)
{
	struct db_statement *s =
	    db_prepare(f->db, "INSERT INTO forecast (run_id, made_at_us, made_at_held, "
			      "rank, resource, subject,"
			      " limit_value, at_connections, low, high)"
			      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
	int64_t rank = 0;
	int error = 0;

	if (s == NULL)
		return -1;
	for (size_t i = 0; i < n && error == 0; i++) {
		rank = i > 0 && p[i].made_at_us == p[i - 1].made_at_us ? rank + 1 : 0;
		db_bind_int(s, 1, f->run_id);
		db_bind_int(s, 2, p[i].made_at_us);
		db_bind_int(s, 3, p[i].made_at_held);
		db_bind_int(s, 4, rank);
		db_bind_text(s, 5, p[i].ceiling->resource);
		db_bind_text(s, 6, p[i].ceiling->name);
		db_bind_int(s, 7, p[i].ceiling->value);
		db_bind_real(s, 8, p[i].at);
		db_bind_real(s, 9, p[i].low);
		db_bind_real(s, 10, p[i].high);
		error = db_run(s);
	}
	db_finish(s);
	return error;
}

/* Of processes, those that met the load; the sum over acceptors first. */
static int
load_ceilings(const struct facts *f, struct rows *ceilings, size_t *sums)
{
	long long from_us = f->from_us, load_end_us = facts_load_end(f);
	char together[sizeof(together_sql) + 64], each[sizeof(ceilings_sql) + 64];

	snprintf(together, sizeof(together), together_sql, load_end_us, load_end_us,
		 from_us);
	snprintf(each, sizeof(each), ceilings_sql, load_end_us, load_end_us, from_us);
	if (rows_load(ceilings, sizeof(struct ceiling_row), f->db, together, f->run_id,
		      NULL, fill_ceiling) == -1)
		return -1;
	*sums = ceilings->count;
	return rows_load(ceilings, sizeof(struct ceiling_row), f->db, each, f->run_id,
			 NULL, fill_ceiling);
}

int
forecast_store(const struct facts *f, int64_t broke_us)
{
	struct rows ceilings = { 0 }, predictions = { 0 };
	const struct ceiling_row *ceiling;
	size_t sums = 0;
	int error;

	error = load_ceilings(f, &ceilings, &sums);
	ceiling = ceilings.data;
	for (size_t i = 0; i < ceilings.count && error == 0; i++)
		if (sums == 0 || !f->shared || !is_one_acceptors(&ceiling[i]))
			error = predict_ceiling(f, &ceiling[i], broke_us, &predictions);
	if (error == 0 && predictions.count > 0) {
		qsort(predictions.data, predictions.count, sizeof(struct prediction),
		      compare_predictions);
		error = store(f, predictions.data, predictions.count);
	}
	free(predictions.data);
	free(ceilings.data);
	return error;
}

bool
forecast_is_of(const struct forecast_ceiling *ceiling, const struct limit_rule *rule,
	       const char *subject)
{
	if (rule->resource == NULL || strcmp(rule->resource, ceiling->resource) != 0)
		return false;
	if (rule->kind != NULL && strcmp(rule->kind, "cgroup") == 0)
		return strcmp(subject, ceiling->subject) == 0;
	return rule->role == ROLE_NONE || ceiling->role == ROLE_NONE ||
	       rule->role == ceiling->role;
}

bool
forecast_next(struct forecast_ceiling *next, const struct facts *f,
	      const struct limit_rule *rule, const char *subject, int64_t beyond)
{
	struct db_statement *s = db_prepare(
	    f->db,
	    "SELECT resource, subject, at_connections, (SELECT s.role FROM subject AS s"
	    " WHERE s.run_id = ?1 AND s.name = f.subject) FROM forecast AS f"
	    " WHERE run_id = ?1 AND made_at_us = (SELECT max(made_at_us) FROM forecast"
	    " WHERE run_id = ?1) AND at_connections > ?2 ORDER BY rank");
	bool found = false;

	if (s == NULL)
		return false;
	db_bind_int(s, 1, f->run_id);
	db_bind_int(s, 2, beyond);
	while (!found && db_step(s) == 1) {
		db_text_copy(s, 0, next->resource, sizeof(next->resource));
		db_text_copy(s, 1, next->subject, sizeof(next->subject));
		next->at = db_real(s, 2);
		next->role = db_is_null(s, 3) ? ROLE_NONE : role_find(db_text(s, 3));
		found = !forecast_is_of(next, rule, subject);
	}
	db_finish(s);
	return found;
}
