/* Evidence about cgroups: which of the workers' own and those around it gave way. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/evidence.h"
#include "analyse/proof.h"
#include "analyse/rows.h"
#include "analyse/series.h"
#include "base/clock.h"
#include "sample/settings.h"

/* A cgroup, and its own limit of what a rule is about: INT64_MAX where it has none. */
struct cgroup_level {
	int64_t subject, limit;
	char name[FACTS_NAME]; /* "cgroup", "cgroup /a/b" */
	char source[FACTS_NAME];
};

static const char levels_sql[] =
    "SELECT s.subject, s.name, coalesce(l.value, 9223372036854775807),"
    " coalesce(l.source, '') FROM subject AS s LEFT JOIN resource_limit AS l"
    " ON l.run_id = s.run_id AND l.kind = s.kind AND l.subject = s.subject"
    " AND l.resource = ?2 WHERE s.run_id = ?1 AND s.kind = 'cgroup' ORDER BY s.subject";

static void
fill_level(struct db_statement *s, void *row)
{
	struct cgroup_level *level = row;

	level->subject = db_int(s, 0);
	strlcpy(level->name, db_text(s, 1), sizeof(level->name));
	level->limit = db_int(s, 2);
	strlcpy(level->source, db_text(s, 3), sizeof(level->source));
}

static void
levels_load(struct rows *levels, const struct facts *f, const char *resource)
{
	*levels = (struct rows){ 0 };
	(void)rows_load(levels, sizeof(struct cgroup_level), f->db, levels_sql, f->run_id,
			resource, fill_level);
}

/* -1: not read. */
static int64_t
growth_of(const struct facts *f, const struct cgroup_level *level, const char *counter,
	  int64_t from_us, int64_t to_us)
{
	struct series series;
	int64_t growth = -1;

	if (series_load(&series, f, "cgroup", level->subject, counter) == 0 &&
	    series.count > 0)
		growth = (int64_t)(series_at(&series, to_us, series.points[0].value) -
				   series_at(&series, from_us, series.points[0].value));
	series_free(&series);
	return growth;
}

/* The most that the counter of one of them grew; -1: no such counter was read. */
static int64_t
most_growth(const struct facts *f, const struct rows *levels, const char *counter,
	    int64_t from_us, int64_t to_us, const struct cgroup_level **which)
{
	const struct cgroup_level *level = levels->data;
	int64_t most = -1;

	for (size_t i = 0; i < levels->count; i++) {
		int64_t growth = growth_of(f, &level[i], counter, from_us, to_us);

		if (growth <= most)
			continue;
		most = growth;
		*which = &level[i];
	}
	return most;
}

static void
prove_growth(struct candidate *s, const char *counter, int64_t growth,
	     const struct cgroup_level *of)
{
	if (growth > 0)
		candidate_prove(s, s->t_us, growth, -1, "%s of %s grew", counter,
				of->name);
}

/* What it used of its limit at most, 0 where either is not known. */
static double
part_used(const struct facts *f, const struct cgroup_level *level, const char *resource,
	  int64_t from_us, int64_t to_us)
{
	int64_t usage = proof_peak(f, "cgroup", level->subject, resource, from_us, to_us);

	if (level->limit == INT64_MAX || level->limit <= 0 || usage < 0)
		return 0;
	return (double)usage / (double)level->limit;
}

static const struct cgroup_level *
nearest_level(const struct facts *f, const struct rows *levels, const char *resource,
	      int64_t from_us, int64_t to_us)
{
	const struct cgroup_level *level = levels->data, *nearest = NULL;
	double most = 0;

	for (size_t i = 0; i < levels->count; i++) {
		double part = part_used(f, &level[i], resource, from_us, to_us);

		if (part <= most)
			continue;
		most = part;
		nearest = &level[i];
	}
	return nearest;
}

#define PATH_SHOWN 100

/* " /system.slice/a.service": where the cgroup of a level is, for what a rule is about; "" where that
 * is not known, or it was the run's own and is gone. */
static const char *
path_of(const struct facts *f, const struct cgroup_level *level,
	const struct limit_rule *rule, char path[PATH_SHOWN])
{
	bool is_pids = strcmp(rule->resource, "pids") == 0;

	path[0] = '\0';
	if (strcmp(level->name, "cgroup") != 0)
		strlcpy(path, level->name + strlen("cgroup"), PATH_SHOWN);
	else if (!f->plan.isolate) {
		path[0] = ' ';
		if ((!facts_setting(f,
				    is_pids ? SETTING_CGROUP " of pids"
					    : SETTING_CGROUP " of memory",
				    path + 1, PATH_SHOWN - 1) &&
		     !facts_setting(f, SETTING_CGROUP, path + 1, PATH_SHOWN - 1)) ||
		    strcmp(path + 1, "/") == 0)
			path[0] = '\0';
	}
	return path;
}

/* The usage, the limit and the path of the cgroup that has it. */
static void
blame_level(const struct facts *f, const struct limit_rule *rule, struct candidate *s,
	    const struct cgroup_level *level, int64_t from_us, int64_t to_us)
{
	char path[PATH_SHOWN];
	int64_t usage =
	    proof_peak(f, "cgroup", level->subject, rule->resource, from_us, to_us);

	strlcpy(s->subject, level->name, sizeof(s->subject));
	proof_use(s, usage, level->limit, level->source);
	candidate_prove(s, s->t_us, usage, level->limit, "%s%s", rule->display_name,
			path_of(f, level, rule, path));
}

/* Kernels before 6.11 count a refusal in the cgroup of the process, later ones in the one
 * whose limit it was: one of them must have counted it. */
void
evidence_cgroup(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	int64_t from = s->t_us - US_PER_S, to = s->t_us + US_PER_S, grew;
	const struct cgroup_level *nearest, *counted = NULL;
	struct rows levels;
	char path[PATH_SHOWN];

	levels_load(&levels, f, rule->resource);
	nearest = nearest_level(f, &levels, rule->resource, from, to);
	grew = most_growth(f, &levels, rule->counter, from, to, &counted);
	s->moved = grew > 0;
	s->at_limit = grew != 0 && nearest != NULL &&
		      part_used(f, nearest, rule->resource, from, to) >= LIMIT_MET;
	if (s->at_limit) {
		blame_level(f, rule, s, nearest, from, to);
		snprintf(s->text, sizeof(s->text), "%s%s: %lld of %lld (%s)",
			 rule->display_name, path_of(f, nearest, rule, path),
			 (long long)s->usage, (long long)s->limit, s->source);
	} else if (s->moved)
		snprintf(s->text, sizeof(s->text),
			 "a limit on %s was met: of a cgroup around it, which cannot be "
			 "read from here",
			 rule->display_name);
	prove_growth(s, rule->counter, grew, counted);
	free(levels.data);
}

/* Between two samples memory goes on growing as it did up to the last. */
static bool
is_about_full(const struct facts *f, const struct cgroup_level *level, int64_t t_us)
{
	int64_t last = proof_peak(f, "cgroup", level->subject, "memory_bytes",
				  t_us - 2 * f->plan.interval_us, t_us);
	int64_t before = proof_peak(f, "cgroup", level->subject, "memory_bytes", 0,
				    t_us - 2 * f->plan.interval_us);

	return before >= 0 && last > before &&
	       proof_is_at(2 * last - before, level->limit);
}

/*
 * The kills that a cgroup counts are of any killer, the host's too. It gave way only where
 * it has a limit, and either the kernel says that it was met or, where that is not read, it
 * was full. NULL: none did.
 */
static const struct cgroup_level *
level_without_memory(const struct facts *f, const struct rows *levels, int64_t t_us)
{
	int64_t from = t_us - US_PER_S, to = t_us + US_PER_S;
	const struct cgroup_level *level = levels->data, *found = NULL;
	double most = 0;

	for (size_t i = 0; i < levels->count; i++) {
		double part = part_used(f, &level[i], "memory_bytes", from, to);
		int64_t refused =
		    growth_of(f, &level[i], "memory_refused_total", from, to);
		bool full = part >= LIMIT_MET || is_about_full(f, &level[i], t_us);

		if (level[i].limit == INT64_MAX || refused == 0 ||
		    (refused < 0 && !full) || part <= most)
			continue;
		most = part;
		found = &level[i];
	}
	return found;
}

/* The kernel killed for want of memory, and the host had enough of it: so it was a cgroup that
 * had none left, whichever. */
static void
blame_unseen(const struct facts *f, const struct limit_rule *rule, struct candidate *s,
	     int64_t kills)
{
	if (kills <= 0 || strcmp(s->death->end, "oom") != 0 ||
	    !evidence_host_has_memory(f, s->t_us))
		return;
	s->moved = true;
	/* What the load has no more of says nothing of the server. */
	if (s->death->role == ROLE_CLIENT || s->death->role == ROLE_FORKER ||
	    s->death->role == ROLE_CANARY)
		s->side = "client";
	candidate_prove(
	    s, s->t_us, kills, -1,
	    "processes killed for want of memory, of which the host had enough");
	snprintf(s->text, sizeof(s->text),
		 "%s ran out, which cannot be read from here: the kernel killed %s",
		 rule->display_name, s->death->name);
}

void
evidence_killed(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	int64_t from = s->t_us - US_PER_S, to = s->t_us + US_PER_S, grew;
	const struct cgroup_level *level, *counted = NULL;
	struct rows levels;
	char path[PATH_SHOWN];

	levels_load(&levels, f, rule->resource);
	level = level_without_memory(f, &levels, s->t_us);
	grew = most_growth(f, &levels, rule->counter, from, to, &counted);
	/* Version 1 counts it in the cgroup of the process alone, which need not be read. */
	if (grew <= 0)
		grew = proof_growth(f, "host", rule->counter, from, to);
	s->at_limit = s->moved = level != NULL && grew > 0;
	if (!s->moved)
		blame_unseen(f, rule, s, grew);
	else {
		blame_level(f, rule, s, level, from, to);
		if (counted != NULL)
			prove_growth(s, rule->counter, grew, counted);
		candidate_prove(s, s->t_us, -1, -1, "%s was killed", s->death->name);
		snprintf(s->text, sizeof(s->text), "%s%s ran out: the kernel killed %s",
			 rule->display_name, path_of(f, level, rule, path),
			 s->death->name);
	}
	free(levels.data);
}

bool
evidence_cgroup_killed(const struct facts *f, int64_t t_us)
{
	struct rows levels;
	bool killed;

	levels_load(&levels, f, "memory_bytes");
	killed = level_without_memory(f, &levels, t_us) != NULL;
	free(levels.data);
	return killed;
}

int64_t
evidence_held_back(const struct facts *f, const char *counter, int64_t from_us,
		   int64_t to_us, char *name)
{
	const struct cgroup_level *which = NULL;
	struct rows levels;
	int64_t most;

	levels_load(&levels, f, "");
	most = most_growth(f, &levels, counter, from_us, to_us, &which);
	if (name != NULL)
		strlcpy(name, which != NULL ? which->name : "cgroup", FACTS_NAME);
	free(levels.data);
	return most > 0 ? most : 0;
}

/* The kernel's own unless it is set otherwise (Documentation/scheduler/sched-bwc.rst). */
#define QUOTA_PERIOD_US INT64_C(100000)

static int64_t
period_of(const struct facts *f, const struct cgroup_level *level)
{
	struct db_statement *s =
	    db_prepare(f->db, "SELECT CAST(value AS INTEGER) FROM setting WHERE"
			      " run_id = ?1 AND subject = ?2 AND name = ?3");
	int64_t period_us = 0;

	if (s == NULL)
		return QUOTA_PERIOD_US;
	db_bind_int(s, 1, f->run_id);
	db_bind_text(s, 2, level->name);
	db_bind_text(s, 3, SETTING_QUOTA_PERIOD);
	if (db_step(s) == 1)
		period_us = db_int(s, 0);
	db_finish(s);
	return period_us > 0 ? period_us : QUOTA_PERIOD_US;
}

struct throttling
evidence_throttling(const struct facts *f, int64_t from_us, int64_t to_us)
{
	struct throttling most = { .periods = 1 };
	const struct cgroup_level *level;
	struct rows levels;

	levels_load(&levels, f, "");
	level = levels.data;
	for (size_t i = 0; i < levels.count; i++) {
		int64_t grew =
		    growth_of(f, &level[i], "throttled_periods_total", from_us, to_us);
		int64_t periods = (to_us - from_us) / period_of(f, &level[i]);

		periods = periods > 0 ? periods : 1;
		if (grew <= 0 || grew * most.periods <= most.throttled * periods)
			continue;
		most = (struct throttling){ .throttled = grew, .periods = periods };
		strlcpy(most.name, level[i].name, sizeof(most.name));
	}
	free(levels.data);
	return most;
}
